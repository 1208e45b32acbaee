"""The head of a noun phrase: whether it is people, and where the phrase ends."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from stream_app.core.events import Kind, RejectReason
from stream_app.core.languages.en.lexicon import Lexicon, PersonNoun, Role
from stream_app.core.languages.en.numerals import is_numeric, read_quantity
from stream_app.core.languages.en.phrases import Remembered
from stream_app.core.languages.en.tokens import Tokens

AGE: Final = re.compile(r"(?:\d+|[a-z-]+)[-\s]?(?:year|month|week|day|yr)s?-olds?")
LONGEST_PHRASE: Final = 9
ARTICLES: Final = frozenset({"a", "an"})
"""Behind them no verb stands: "a bomb technician"."""
CAPTIVES: Final = frozenset({"hostage", "hostages", "captive", "captives"})
LEADERS: Final[Mapping[str, str]] = {"head": "leader", "heads": "leaders"}
"""Who leads people, behind the word for those: "the village head"."""
_FATES: Final = frozenset({"deaths", "killings", "injuries"})
"""Events that are counted like people: "ten insurgent deaths"."""
_CHILDREN: Final = frozenset({"young", "small", "little", "grown", "adult", "teenage", "children", "kids"})
_SUFFERERS: Final = frozenset({"victim", "victims", "patient", "patients", "survivor", "survivors"})
_SPELT_INSIDE: Final = frozenset({"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
                                  "twelve", "dozens", "scores", "several", "hundreds", "thousands"})  # fmt: skip
_INSIDE: Final = frozenset({"only", "other", "united", "so-called", "left"})


@dataclass(slots=True)
class Head:
    """What stands at the head of a phrase: a person noun, a cue that is a noun, or a reason why not."""

    noun: PersonNoun | None
    at: int
    end: int
    made: Mapping[Role, Kind]
    reason: RejectReason | None


class Heads:
    """Finds the heads of noun phrases, by the words of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lex = lexicon
        self._stopping = Remembered(self._stops)
        self._counts = frozenset(word for word, roles in lexicon.cues.items() if set(roles) == {"count"})
        self.person = Remembered(lexicon.person).__getitem__
        """The noun for people that a word is, None if it is none."""

    def stops(self, word: str) -> bool:
        """Whether no noun phrase goes on over the word, whatever follows."""
        return self._stopping[word]

    def _stops(self, word: str) -> bool:
        """Whether no noun phrase goes on over the word, whatever follows: see `_inside`."""
        closed = self._lex.closed.get(word)
        if not word[0].isalnum():
            return word != ","
        may_go_on = closed == "adverb" or word in _INSIDE or word.endswith(("ed", "ing")) or self._is_adjective(word)
        return not may_go_on and (closed is not None or word in self._lex.sets["nobody"])

    def head(self, tokens: Tokens, at: int) -> Head:
        """The head noun at or after `at`: the last person noun before anything that ends a noun phrase."""
        noun: PersonNoun | None = None
        head, end = -1, at
        made: Mapping[Role, Kind] = {}
        k = at
        for k in range(at, min(len(tokens.words), at + LONGEST_PHRASE)):
            word = tokens.words[k]
            person = self.person(word) if word not in LEADERS else self._leader(tokens, k)
            if person is not None and not (person.demonym and self._is_modifier_only(tokens, k, person)):
                if noun is not None and not self._may_compound(tokens, k - 1):
                    break
                noun, head, end = person, k, k + 1
                continue
            roles = self._lex.cues.get(word)
            article = k == at and roles is None and self._is_noun_behind_article(tokens, k)
            if article or (roles is None and not self._stopping[word] and self._goes_on(tokens, k, noun)):
                continue
            if roles is None or noun is not None:
                break
            if self._modifies(tokens, k, roles):
                made = roles
            elif not ("ing" in roles and self.person(tokens.word(k + 1)) is not None) and (
                "past" in roles or tokens.word(k + 1) not in _SUFFERERS  # "three of the burn victims"
            ):
                if "count" in roles and not ("past" in roles and self._takes_object(tokens, k)):
                    if self._lex.units.get(tokens.word(k + 1)) == "animal":  # "two injured lambs"
                        return Head(None, -1, k + 2, {}, "animal")
                    return Head(None, k, k + 1, {"count": roles["count"]}, None)
                break
        else:
            k = min(len(tokens.words), at + LONGEST_PHRASE)
        return self._no_person(tokens, at, k) if noun is None else self._checked(tokens, noun, head, end, made)

    def _leader(self, tokens: Tokens, k: int) -> PersonNoun | None:
        """As in "the village head", "two ward heads": who leads people; none in "head wounds"."""
        return self.person(LEADERS[tokens.words[k]]) if tokens.word(k - 1) in self._lex.sets["headed"] else None

    def _is_noun_behind_article(self, tokens: Tokens, k: int) -> bool:
        """As in "a bomb technician", "a night watchman": a verb or a time elsewhere, before a person."""
        elsewhere = self._lex.closed.get(tokens.words[k]) in {"verb", "day"}
        return elsewhere and tokens.word(k - 1) in ARTICLES and self.person(tokens.word(k + 1)) is not None

    def _fate_noun(self, tokens: Tokens, k: int) -> Kind | None:
        """The kind of a noun that is nothing but a casualty ("refugees", "hostages"), at `k`."""
        word = tokens.word(k)
        fates = word in self._counts or word in CAPTIVES or word in _FATES
        return self._lex.cues[word].get("count") if fates else None

    def _goes_on(self, tokens: Tokens, k: int, noun: PersonNoun | None) -> bool:
        """Whether the phrase goes on over the token at `k`, which is neither a person nor a cue."""
        if not self._inside(tokens, k, after_person=noun is not None):
            return False
        return noun is None or self._continues(tokens, k)

    def _checked(self, tokens: Tokens, noun: PersonNoun, head: int, end: int, made: Mapping[Role, Kind]) -> Head:
        """A person noun is no head when another noun follows it: "two police helicopters", "100 Rohingya refugees"."""
        words = tokens.words
        if words[head] in self._lex.sets["parent"]:
            end = _past_children(words, end)
        if not noun.plural and (fate := self._fate_noun(tokens, end)) is not None:
            return Head(None, end, end + 1, {"count": fate}, None)
        if end < len(words) and not noun.plural and self._is_noun_after(tokens, end):
            reason = self._lex.units.get(words[end], "not_people")
            return Head(None, -1, end + 1, {}, reason)
        if end < len(words) and noun.plural and words[end] in self._lex.units and words[head] in {"police", "people"}:
            return Head(None, -1, end + 1, {}, self._lex.units[words[end]])
        if end + 1 < len(words) and words[end] == "'s":
            return self._possessed(tokens, end + 1, noun, head, end, made)
        return Head(noun, head, end, made, None)

    def _possessed(
        self, tokens: Tokens, at: int, noun: PersonNoun, head: int, end: int, made: Mapping[Role, Kind]
    ) -> Head:
        """As in "the girl's mother" is the mother; "the man's death" stays with the man."""
        inner = self.head(tokens, at) if at < len(tokens.words) else Head(None, -1, end, {}, None)
        if inner.noun is not None:
            return inner
        del made
        return Head(noun, head, end, {}, None)

    def _no_person(self, tokens: Tokens, at: int, end: int) -> Head:
        """What stands where a person noun should: an unknown noun, a thing, or nothing at all."""
        words = tokens.words
        if end == at:
            return Head(None, -1, at, {}, None)
        for k in range(at, end):
            reason = self._lex.units.get(words[k])
            if reason is not None:
                return Head(None, -1, k + 1, {}, reason)
        return Head(None, -1, end, {}, None)

    def _is_modifier_only(self, tokens: Tokens, k: int, person: PersonNoun) -> bool:
        """A demonym before another noun is an adjective: "Iraqi guardsmen", "two Chinese fishing boats"."""
        if person.plural:
            return False
        following = k + 1
        return following < len(tokens.words) and self._inside(tokens, following, after_person=False)

    def _may_compound(self, tokens: Tokens, k: int) -> bool:
        """Whether the token at `k` may stand before another person noun: "police officers", "farm workers"."""
        return self._lex.closed.get(tokens.words[k]) is None

    def _continues(self, tokens: Tokens, k: int) -> bool:
        """After a person noun a word goes on only when another person noun follows at once: "union local members"."""
        words = tokens.words
        if tokens.cased and tokens.raw[k][0].isupper():
            return False
        return k + 1 < len(words) and self.person(words[k + 1]) is not None and words[k][0].isalpha()

    def _is_noun_after(self, tokens: Tokens, k: int) -> bool:
        """True for a word after a singular person noun that makes it a modifier: "a police helicopter"."""
        word = tokens.words[k]
        if word in self._lex.closed or word in self._lex.cues or self.person(word) is not None:
            return False
        if not word[0].isalpha() or is_verb_like(word, self._lex):
            return False
        if word in self._lex.units:
            return True
        return tokens.cased and tokens.raw[k][0].islower() and not word.endswith("ly")

    def _inside(self, tokens: Tokens, k: int, *, after_person: bool) -> bool:
        """Whether the token may stand inside a noun phrase, between its number and its head."""
        word = tokens.words[k]
        if not word[0].isalnum():
            return word == "," and not after_person and self._lists_adjectives(tokens, k)
        if word[0].isdigit():
            return AGE.fullmatch(word) is not None or "-" in word
        if word in _SPELT_INSIDE or (word == "one" and self._counts_anew(tokens, k)):
            return False
        if word.endswith(("ed", "ing")) and not after_person and self.is_people_noun(tokens.word(k + 1)):
            return True
        if word in self._lex.closed or word in self._lex.sets["nobody"]:
            return self._is_closed_inside(tokens, k, after_person=after_person)
        return not is_verb_like(word, self._lex) or (not after_person and self._is_adjective(word))

    def _counts_anew(self, tokens: Tokens, k: int) -> bool:
        """As in "in an attack on a tea shop one resident died"; not "the number one suspect", "her loved one"."""
        return self.person(tokens.word(k + 1)) is not None and tokens.word(k - 1) not in {"number", "no"}

    def _is_closed_inside(self, tokens: Tokens, k: int, *, after_person: bool) -> bool:
        """The few words of closed classes that can stand before a noun: "other", "newly", "left" as in leftist."""
        word = tokens.words[k]
        if word == "left":
            return not after_person and self.person(tokens.word(k + 1)) is not None
        if word in _INSIDE or self._is_adjective(word):
            return True
        return word in self._lex.closed and self._is_adverb_before_cue(tokens, k)

    def is_people_noun(self, word: str) -> bool:
        """A noun for people or for what became of them ("bodies", "refugees")."""
        return self.person(word) is not None or word in self._counts

    def _is_adverb_before_cue(self, tokens: Tokens, k: int) -> bool:
        """As in "newly displaced people": an adverb that belongs to a participle before the noun."""
        roles = self._lex.cues.get(tokens.word(k + 1))
        return (
            self._lex.closed[tokens.words[k]] == "adverb"
            and roles is not None
            and "past" in roles
            and self._modifies(tokens, k + 1, roles)
        )

    def _is_adjective(self, word: str) -> bool:
        return word in self._lex.sets["adjective_ed"] or word in self._lex.sets["adjective_ing"]

    def _lists_adjectives(self, tokens: Tokens, k: int) -> bool:
        """As in "two young, unarmed men": a comma inside the phrase, a person noun within two words."""
        following = tokens.word(k + 1)
        return (
            self.person(tokens.word(k + 2)) is not None
            and self.person(following) is None
            and not is_numeric(following)
            and self._inside(tokens, k + 1, after_person=False)
        )

    def _modifies(self, tokens: Tokens, k: int, roles: Mapping[Role, Kind]) -> bool:
        """A participle or "dead" right before the noun it belongs to: "two kidnapped journalists"."""
        if not ("past" in roles or "state" in roles or "count" in roles) or tokens.words[k] in self._lex.sets["body"]:
            return False
        if tokens.words[k] in {"shot", "hurt", "killed", "dead"} and not self.person(tokens.word(k + 1)):
            return False
        for j in range(k + 1, min(k + 4, len(tokens.words))):
            if self.person(tokens.words[j]) is not None:
                return True
            if not self._inside(tokens, j, after_person=False) or tokens.words[j] in self._lex.units:
                return False
        return False

    def _takes_object(self, tokens: Tokens, k: int) -> bool:
        """As in "2 injured 5": the cue has an object of its own."""
        following = tokens.word(k + 1)
        return bool(following) and (is_numeric(following) or following in {"a", "an", "his", "her", "their"})


def _past_children(words: Sequence[str], end: int) -> int:
    """Past the number of somebody's children, who are no victims: "a mother of 12", "father of two young girls".

    >>> _past_children("mother of 12 killed".split(), 1), _past_children("mother of two of the dead".split(), 1)
    (3, 1)
    """
    if words[end : end + 1] != ["of"] or (count := read_quantity(words, end + 1)) is None:
        return end
    at = count.end
    if words[at : at + 1] == ["of"]:
        return end
    while words[at : at + 1] and words[at] in _CHILDREN:
        at += 1
    return at


def is_verb_like(word: str, lexicon: Lexicon) -> bool:
    """A guess by ending for words that no list knows: participles end a noun phrase, listed adjectives do not."""
    if not word.endswith(("ed", "ing")) or len(word) < 5 or "-" in word:
        return False
    return word not in lexicon.sets["adjective_ed"] and word not in lexicon.sets["adjective_ing"]
