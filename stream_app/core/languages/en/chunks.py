"""Chunks of a sentence: noun phrases for people, what happened to them, and the small words between.

What a chunk is, its tag says (`lexicon.Tag`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from stream_app.core.events import Kind
from stream_app.core.language.numerals import Quantity
from stream_app.core.languages.en.amounts import (
    GROUPED,
    SHARE_WORDS,
    SHARES,
    Share,
    past_owner,
    read_group,
    read_part,
    read_share,
)
from stream_app.core.languages.en.dates import Dates
from stream_app.core.languages.en.lexicon import Lexicon, Role, Tag
from stream_app.core.languages.en.numerals import (
    QUALIFIER_HALVES,
    QUALIFIER_SECONDS,
    QUALIFIER_STARTS,
    is_numeric,
    read_quantity,
)
from stream_app.core.languages.en.people import (
    AGE,
    ARTICLES,
    CAPTIVES,
    LEADERS,
    LONGEST_PHRASE,
    Head,
    Heads,
    is_verb_like,
)
from stream_app.core.languages.en.phrases import Chunk, Form, People, Remembered
from stream_app.core.languages.en.tokens import Tokens

_LONGEST_LEAD: Final = 3
_OPENS_WITH: Final = 3
_OUTCOMES: Final = frozenset({"killed", "wounded", "injured", "died", "hurt", "hospitalised", "hospitalized"})
_RUNNING: Final = frozenset({"ran", "run", "runs", "running", "drove", "driven", "driving", "rolled", "rode"})
_AGES_AND_SEXES: Final = frozenset({"men", "women", "children", "boys", "girls", "babies", "infants", "wives"})
_PART_STARTS: Final = frozenset({"a", "all", "half", "one", "two", "three"}) | SHARE_WORDS
_SETS: Final = {
    "parents": 2,
    "grandparents": 2,
    "couple": 2,
    "twins": 2,
    "triplets": 3,
    "quadruplets": 4,
    "duo": 2,
    "trio": 3,
}
_AS_ONE: Final = frozenset({"couple", "duo", "trio"})
"""Several people told as one."""
_OLD: Final = ("old", "olds")
_FRACTIONS: Final = frozenset({"third", "fifth", "tenth", "but"})
_DEATH_REACH: Final = 10
_DEAD: Final = ("dead",)
_DOWN: Final = ("down",)
_ALIVE: Final = ("alive",)
_ENDINGS: Final[Mapping[str, Sequence[str]]] = {
    "shot": _DEAD, "shoot": _DEAD, "shoots": _DEAD, "shooting": _DEAD, "struck": _DEAD,
    "gunned": _DOWN, "gunning": _DOWN, "mowed": _DOWN, "mowing": _DOWN, "mown": _DOWN,
    "burnt": _ALIVE, "burned": _ALIVE, "burning": _ALIVE, "burn": _ALIVE, "roasted": _ALIVE,
}  # fmt: skip
"""Verbs that kill with a word behind their object, each with the word."""
_DEATHS: Final = frozenset({*_DEAD, *_DOWN, *_ALIVE, "death", "deaths", "ashes", "recognition"})
"""The words one of which stands behind a verb that ends in death."""
_END_REACH: Final = 6
_NO_OBJECT: Final = frozenset({",", "and", "but", "in", "at", "after", "while", "who", "was", "were", "left", "found"})
_SAME_REACH: Final = 8
_WHOLE: Final = frozenset({"them", "whom", "which"})
_LOOSE: Final = frozenset({"various", "multiple", "numerous", "many", "several", "few", "both", "countless"})
_BEFORE_NUMBER: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "all",
        "another",
        "other",
        "these",
        "those",
        "his",
        "her",
        "their",
        "its",
        "our",
        "my",
        "this",
        "additional",
        "further",
    ]
)
_FINITE: Final = frozenset({"be", "have", "modal"})
_LEADS: Final = QUALIFIER_STARTS | _BEFORE_NUMBER
_HALVES: Final = QUALIFIER_HALVES - _BEFORE_NUMBER
_PUNCTUATION: Final[Mapping[str, Tag]] = {
    "–": "-",
    "—": "-",
    "“": '"',
    "”": '"',
    "'": '"',
    "‘": '"',
    "’": '"',
    "[": "(",
    "]": ")",
    "!": ".",
    "?": ".",
    "…": ".",
}


_Reader = Callable[[Tokens, int, list[Chunk]], Chunk | None]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a word by itself decides, whatever stands around it.

    `alone` is the chunk that it is when no reader knows better, `named` the one that it is as a name of one word,
    `readers` those of what it may begin, by the `kind` of the word that follows. `known` says that a capital makes no
    name of it, `heads` that it may be the head of a phrase for people, and `stops` that no phrase goes on over it.
    """

    alone: Chunk
    named: Chunk
    readers: Sequence[Sequence[_Reader]]
    kind: int
    known: bool
    heads: bool
    stops: bool


_OTHER: Final = 0
_PERSON: Final = 1
_QUANTITY: Final = 2
_FIXED: Final = 4
_SECOND: Final = 8
_KINDS: Final = range(16)  # a word may be all of them
_FIXED_SECONDS: Final = frozenset({"equal", "same", "many", "well", "all", "total", "told"})
"""Second words of what `Chunker._fixed` reads: "an equal number", "as well as"."""
_SUMMED: Final = frozenset({("in", "all"), ("in", "total"), ("all", "told")})
_NONE: Final[Sequence[Sequence[_Reader]]] = [()] * len(_KINDS)
_NOTHING: Final = Chunk("", 0)
_END: Final = _Entry(_NOTHING, _NOTHING, (), _OTHER, known=True, heads=False, stops=True)


class Chunker:
    """Cuts the tokens of one sentence into chunks, left to right, in one pass."""

    def __init__(self, lexicon: Lexicon, convention: str) -> None:
        self._lex = lexicon
        self._convention = convention
        self._heads = Heads(lexicon)
        self._dates = Dates(lexicon, self._heads)
        self._head_words = lexicon.people.keys() | lexicon.cues.keys() | LEADERS.keys()
        self._rows: dict[Sequence[_Reader], Sequence[_Reader]] = {}
        self._by_kind: dict[tuple[tuple[_Reader, int], ...], Sequence[Sequence[_Reader]]] = {}
        self._entries = Remembered(self._look_up)
        determiners = {word for word, tag in lexicon.closed.items() if tag == "determiner"}
        self._ordinals = lexicon.sets["ordinal"]
        self._openers = determiners | self._ordinals | {"then"}
        self._person = self._heads.person

    def __call__(self, tokens: Tokens) -> list[Chunk]:
        """Every token falls into exactly one chunk, in order."""
        chunks: list[Chunk] = []
        words, raw = tokens.words, tokens.raw
        entries = [*map(self._entries.__getitem__, words), _END]
        at, count = 0, len(words)
        while at < count:
            entry = entries[at]
            readers = entry.readers[entries[at + 1].kind]
            if readers or not (entry.known or raw[at] == words[at]):
                chunk = self._next(tokens, at, entries, readers, chunks)
            else:
                chunk = entry.alone  # most words are nothing else
            chunks.append(chunk)
            at += chunk.size
        return chunks

    def _next(
        self, tokens: Tokens, at: int, entries: Sequence[_Entry], readers: Sequence[_Reader], before: list[Chunk]
    ) -> Chunk:
        """The chunk that begins at token `at`: that of the first reader that knows it."""
        for read in readers:
            chunk = read(tokens, at, before)
            if chunk is not None:
                if not chunk.word:
                    chunk.word = tokens.words[at + chunk.size - 1]
                return chunk
        entry = entries[at]
        if not entry.known and tokens.raw[at][0].isupper() and tokens.cased:
            return self._name(tokens, at, entries)
        return entry.alone

    def _look_up(self, word: str) -> _Entry:
        closed = self._lex.closed.get(word)
        known = closed is not None or not word[0].isalnum()
        tag = closed or (_mark(word) if known else self._open_class(word))
        rows = tuple([(read, needed) for read, needed, may_begin in self._readers(word, closed) if may_begin])
        readers = (self._by_kind.get(rows) or self._of_each_kind(rows)) if rows else _NONE
        heads = "-" in word or word in self._head_words
        alone = Chunk(tag, 1, word=word)
        named = Chunk("name", 1, word=word)
        return _Entry(alone, named, readers, self._kind(word), known, heads, self._heads.stops(word))

    def _of_each_kind(self, rows: tuple[tuple[_Reader, int], ...]) -> Sequence[Sequence[_Reader]]:
        """The readers of a word by the kind of the next one; found once for all words with the same readers."""
        found = [self._at_hand([read for read, of in rows if of & kind == of]) for kind in _KINDS]
        self._by_kind[rows] = found
        return found

    def _at_hand(self, readers: Iterable[_Reader]) -> Sequence[_Reader]:
        """One object for the same readers: they are looked at for most words, and so stay at hand."""
        row = tuple(readers)
        return self._rows.setdefault(row, row)

    def _kind(self, word: str) -> int:
        """What a word is to the one before it: a noun for a person, part of a quantity."""
        counts = word in _LEADS or word in QUALIFIER_SECONDS or is_numeric(word) or word in _FRACTIONS
        return (
            (_PERSON if self._person(word) is not None else _OTHER)
            | (_QUANTITY if counts else _OTHER)
            | (_FIXED if word in _FIXED_SECONDS else _OTHER)
            | (_SECOND if word in QUALIFIER_SECONDS else _OTHER)
        )

    def _readers(self, word: str, closed: Tag | None) -> Iterable[tuple[_Reader, int, bool]]:
        """Every reader, in the order in which they are asked; what it wants after `word`; if `word` may begin it."""
        sets = self._lex.sets
        numeric, person = is_numeric(word) or word in SHARE_WORDS, self._person(word) is not None
        return (
            (self._part_of_whole, _OTHER, word in _PART_STARTS),
            (self._counted, _OTHER, numeric),
            (self._counted, _SECOND, word in _HALVES and not numeric),  # "at least 12", not "at 12"
            (self._counted, _QUANTITY, word in _LEADS - _HALVES and not numeric),  # "his more than 30 dogs"
            (self._fixed, _FIXED, word in {"as", "an", "the", "in", "all"}),
            (self._fixed, _OTHER, word == "cross"),
            (self._month, _OTHER, word == "may"),
            (self._rank, _OTHER, word in self._lex.sets["rank"]),
            (self._family, _OTHER, closed == "determiner"),
            (
                self._determined,
                _OTHER,
                (closed == "determiner" and word != "no") or word in sets["ordinal"] or _is_age(word),
            ),
            (self._nobody, _OTHER, word == "no" or word in sets["nobody"]),
            (self._cue, _OTHER, word in self._lex.cues or word in self._lex.particles or word in self._lex.deadly),
            (self._bare, _OTHER, closed is None and person),
            (self._bare, _PERSON, closed is None and not person and word[0].isalpha()),  # "Bronx teen"
        )

    def _open_class(self, word: str) -> Tag:
        """The tag of a word that no list knows: a verb by its ending, an adverb, or any other."""
        if is_verb_like(word, self._lex):
            return "verb"
        return "adverb" if word.endswith("ly") and word not in self._lex.sets["not_ly"] else "word"

    def _nobody(self, tokens: Tokens, at: int, before: list[Chunk]) -> Chunk | None:
        """As in "no one", "nobody", "no deaths"."""
        del before
        word = tokens.words[at]
        if word in self._lex.sets["nobody"]:
            return Chunk("people", 1, People(at, at + 1, "nobody", None, None, -1), word=word)
        if word != "no":
            return None
        if tokens.word(at + 1) == "one":
            return Chunk("people", 2, People(at, at + 2, "nobody", None, None, -1), word="no one")
        return self._none(tokens, at)

    def _as_many(self, tokens: Tokens, at: int, before: list[Chunk], end: int | None = None) -> Chunk | None:
        """As in "nine rebels and as many soldiers": the number met last."""
        met = (chunk.people.quantity for chunk in reversed(before[-_SAME_REACH:]) if chunk.people is not None)
        same = next((quantity for quantity in met if quantity is not None), None)
        if same is None:
            return None
        twice = 2 if at and tokens.words[at - 1] == "twice" else 1
        high = None if same.high is None else same.high * twice
        quantity = Quantity(same.low * twice, high, same.qualifier, at, end or at + 2)
        return self._counted_noun(tokens, at, quantity)

    def _fixed(self, tokens: Tokens, at: int, before: list[Chunk]) -> Chunk | None:
        """As in "as well as", "Red Cross", "as many": words that mean something else together."""
        word = tokens.words[at]
        if word in {"an", "the"} and tokens.words[at + 1 : at + 3] in (["equal", "number"], ["same", "number"]):
            of = tokens.word(at + 3) == "of"
            return self._as_many(tokens, at, before, at + 3 + of)
        if word == "as" and tokens.word(at + 1) == "many" and tokens.word(at + 2) != "as":
            return self._as_many(tokens, at, before)
        if word == "as" and tokens.words[at + 1 : at + 3] == ["well", "as"]:
            return Chunk("and", 3, word="and")
        if word == "cross" and before and before[-1].word == "red":
            return Chunk("word", 1, word=word)
        if (word, tokens.word(at + 1)) in _SUMMED and not tokens.word(at + 2)[:1].isalnum():
            return Chunk("adverb", 2, word=word)  # "killed 15 in all, 14 in Ecuador", not "in all districts"
        return None

    def _month(self, tokens: Tokens, at: int, before: list[Chunk]) -> Chunk | None:
        """As in "on 5 May": a day, no verb."""
        del before
        return Chunk("day", 1, word=tokens.words[at]) if self._dates.is_may(tokens, at) else None

    def _rank(self, tokens: Tokens, at: int, before: list[Chunk]) -> Chunk | None:
        """As in "Sgt. Ann Roe": the dot is the rank's."""
        del before
        named = tokens.word(at + 1) == "." and any(word.istitle() for word in tokens.raw[at + 2 : at + 3])
        return Chunk("word", 2, word=tokens.words[at]) if named else None

    # --- numbers -------------------------------------------------------------------------------------------------

    def _counted(self, tokens: Tokens, at: int, before: list[Chunk]) -> Chunk | None:
        """A quantity and what it counts; None when no quantity begins here."""
        start = number_at = at
        words = tokens.words
        if at and words[at - 1] == "how" and words[at] in {"many", "few"}:
            return Chunk(
                "number", self._heads.head(tokens, self._partitive(tokens, at + 1)[0]).end - at, word="how many"
            )
        if not SHARES.isdisjoint(words[at : at + 3]) and (share := read_share(words, at, self._convention)) is not None:
            return self._shared(tokens, at, share)
        quantity = read_quantity(words, at, self._convention)
        while quantity is None and number_at - at < _LONGEST_LEAD and tokens.word(number_at) in _BEFORE_NUMBER:
            number_at += 1
            quantity = read_quantity(words, number_at, self._convention)
        if quantity is not None and tokens.word(quantity.end) == "(":
            quantity = _past_repeated(words, quantity)
        reciprocal = words[at] == "one" and tokens.word(at + 1) == "another"
        below = words[at] == "over" and at > 0 and words[at - 1] in _RUNNING  # "ran over three street sweepers"
        if quantity is None or reciprocal or below or self._dates.is_date(tokens, quantity):
            return None
        label = self._dates.is_label(tokens, quantity)
        if label or self._dates.is_stated_age(tokens, quantity, before):
            return Chunk("number", quantity.end - start, word="label" if label else "age")
        reason, end = self._dates.unit(tokens, quantity)
        if reason is None and words[quantity.end - 1][-1] in {"m", "k", "n"} and words[quantity.end - 1][0].isdigit():
            told = self._heads.head(tokens, quantity.end).noun is not None or self._is_fate(tokens, quantity)
            reason = None if told else "measure"  # "a 12m wave", but "5k left homeless"
        if reason is not None:
            return Chunk("number", end - start, word=words[end - 1])
        return self._counted_noun(tokens, start, quantity)

    def _part_of_whole(self, tokens: Tokens, at: int, before: list[Chunk]) -> Chunk | None:
        """As in "Of the 36 pilgrims on the bus, a third were killed": a share of those whom the sentence opens with."""
        if len(before) < _OPENS_WITH or before[0].tag != "of" or before[-1].tag != ",":
            return None
        whole = before[1].people.quantity if before[1].people is not None else None
        part = read_part(tokens.words, at, whole) if whole is not None and whole.low > 1 else None
        following = tokens.word(part.end) if part is not None else ""
        if part is None or (self._lex.closed.get(following) not in _FINITE and following != "did"):
            return None
        return Chunk("people", part.end - at, People(at, part.end, "elided", part, None, -1))

    def _is_fate(self, tokens: Tokens, quantity: Quantity) -> bool:
        """Whether what became of people follows a number with a "k": "5k displaced", "5k left homeless"."""
        at = quantity.end + (tokens.word(quantity.end) in {"left", "feared", "reported"})
        roles = self._lex.cues.get(tokens.word(at), {})
        return tokens.words[quantity.end - 1].endswith("k") and not {"past", "state"}.isdisjoint(roles)

    def _shared(self, tokens: Tokens, start: int, share: Share) -> Chunk:
        """As in "a third of the 30 hostages"; of people without a number, a share is no number."""
        head = self._heads.head(tokens, share.noun_at)
        if share.quantity is None or head.reason is not None:
            return Chunk("number", max(head.end, share.noun_at, start + 1) - start, word="share")
        if head.noun is None and head.made:  # "half of the 13 fatalities": there were 13
            made = People(start, head.end, "elided", share.quantity, None, head.at, head.made, inner=share.whole)
            return Chunk("people", head.end - start, made)
        end = max(head.end, share.noun_at)
        form: Form = "counted" if head.noun is not None else "elided"
        stop = end if head.noun is not None else share.noun_at
        people = People(start, stop, form, share.quantity, head.noun, head.at, inner=share.whole)
        return Chunk("people", people.end - start, people)

    def _counted_noun(self, tokens: Tokens, start: int, quantity: Quantity) -> Chunk:
        """The people that a quantity counts: "12 union members", "six of his grandchildren", or none named."""
        at, nested = self._partitive(tokens, quantity.end)
        if tokens.word(at - 1) in _WHOLE:
            return Chunk("people", at - start, People(start, at, "elided", quantity, None, -1), word="them")
        head = self._heads.head(tokens, at)
        if head.reason is not None:
            return Chunk("number", head.end - start, word=tokens.words[head.end - 1])
        if head.noun is not None:
            end = self._past_others(tokens, head, opens=not start or not tokens.words[start - 1].isalnum())
            people = People(start, end, "counted", quantity, head.noun, head.at, head.made, inner=nested)
        elif head.made:
            word = tokens.words[head.at]
            if at > quantity.end and nested is None and word not in CAPTIVES and "past" in self._lex.cues[word]:
                return Chunk("people", head.end - start, People(start, head.end, "elided", quantity, None, -1))
            is_noun = word in CAPTIVES or {"past", "state"}.isdisjoint(self._lex.cues[word])
            end = head.end if is_noun else head.at
            people = People(start, end, "elided", quantity, None, head.at, head.made, inner=nested)
            return Chunk("people", head.end - start, people)
        elif head.end > at:
            if tokens.words[quantity.start] in _LOOSE:
                return Chunk("word", head.end - start, word=tokens.words[head.end - 1])
            people = People(start, head.end, "unknown", quantity, None, head.end - 1)
        else:
            people = People(start, self._others(tokens, quantity.end), "elided", quantity, None, -1)
        return Chunk("people", people.end - start, people)

    def _past_others(self, tokens: Tokens, head: Head, *, opens: bool) -> int:
        """As in "27 women and children", "14 men, women and children": the number is of them all."""
        words, end = tokens.words, head.end
        if words[head.at] not in _AGES_AND_SEXES or tokens.word(end) not in {"and", ","}:
            return head.end
        while words[end : end + 1] == [","] and tokens.word(end + 1) in _AGES_AND_SEXES:
            end += 2
        ends = tokens.word(end) == "and" and tokens.word(end + 1) in _AGES_AND_SEXES
        ends = ends and (opens or self._lex.closed.get(tokens.word(end + 2)) not in _FINITE)
        return end + 2 if ends else head.end

    def _partitive(self, tokens: Tokens, at: int) -> tuple[int, Quantity | None]:
        """Where the noun begins after "of", and the number inside: "one of five Palestinians", "two of them"."""
        if tokens.word(at) == "out" and tokens.word(at + 1) == "of":
            at += 1
        if tokens.word(at) != "of":
            return at, None
        inner = past_owner(tokens.words, at + 1)
        while tokens.word(inner) in _BEFORE_NUMBER or tokens.word(inner) in _WHOLE:
            inner += 1
        nested = read_quantity(tokens.words, inner, self._convention) if inner < len(tokens.words) else None
        return (nested.end if nested is not None else inner), nested

    def _others(self, tokens: Tokens, end: int) -> int:
        """Past "others", "more" and the like after a bare number."""
        while tokens.word(end) in {"others", "other", "more", "additional", "further"}:
            end += 1
        return end

    # --- phrases without a number --------------------------------------------------------------------------------

    def _determined(self, tokens: Tokens, at: int, before: list[Chunk]) -> Chunk | None:
        """As in "a 17-year-old girl", "his wife", "the fourth victim": people after a determiner, ordinal or age."""
        del before
        words = tokens.words
        k = at
        ordinal = False
        if words[at] in {"that", "this"} and self._opens_clause(tokens.word(at + 1)):
            return None
        limit = min(len(words), at + LONGEST_PHRASE)
        while k < limit and (word := words[k]) in self._openers:
            if k > at and word in {"that", "this", "those", "these", "no", "some"}:
                return None
            ordinal = ordinal or word in self._ordinals
            k += 1
        other = self._is_the_other(words, at)
        another = words[at] == "another" and self._stands_alone(tokens, at)
        if other or another or (ordinal and self._is_one_more(tokens, at, k)):
            end = at + 1 if another else at + 2 if other else k
            return Chunk("people", end - at, People(at, end, "single", None, None, -1, ordinal=ordinal or other))
        if not self._may_have_head(words, k):
            return self._the_pair(tokens, at, k)
        head = self._heads.head(tokens, k)
        if head.noun is None:
            return self._unnamed(tokens, at, k, head)
        form: Form = "plural" if head.noun.plural else "single"
        if words[at] in {"a", "an", "one", "another", "every", "each"} and head.noun.plural:
            form = "plural"
        definite = words[at] in {"the", "these", "those", "this", "that"}
        end, quantity = head.end, _pair(words, at, head.at, head.end)
        if form == "single" and self._is_joined(tokens, end):
            quantity, end = Quantity(2, 2, "exact", at, at + 1), end + 2
        people = People(at, end, form, quantity, head.noun, head.at, head.made, definite, ordinal)
        return Chunk("people", end - at, people)

    def _is_the_other(self, words: Sequence[str], at: int) -> bool:
        """As in "one was killed and the other wounded", "the other is in a critical condition": one of two."""
        if words[at : at + 2] != ["the", "other"]:
            return False
        k = at + 2
        k += self._lex.closed.get("".join(words[k : k + 1])) in _FINITE
        ill = words[k : k + 1] == ["in"] and "condition" in words[k : k + 5]
        return ill or not _OUTCOMES.isdisjoint(words[k : k + 1])

    def _the_pair(self, tokens: Tokens, at: int, k: int) -> Chunk | None:
        """As in "the pair were found dead"; not "the pair of shoes"."""
        finite = self._lex.closed.get(tokens.word(k + 1)) in _FINITE
        if tokens.word(k) != "pair" or tokens.words[at] != "the" or not finite:
            return None
        pair = Quantity(2, 2, "exact", at, k + 1)
        return Chunk("people", k + 1 - at, People(at, k + 1, "elided", pair, None, -1, definite=True))

    def _opens_clause(self, following: str) -> bool:
        """As in "that the", "this only": no determiner of people."""
        return self._lex.closed.get(following) == "determiner" or following == "only" or is_numeric(following)

    def _family(self, tokens: Tokens, at: int, before: list[Chunk]) -> Chunk | None:
        """As in "a family of six": see `read_group`."""
        del before
        if tokens.word(at + 1) not in GROUPED and tokens.word(at + 2) not in GROUPED:
            return None
        group = read_group(tokens.words, at, self._convention)
        return self._grouped(tokens, at, group) if group is not None else None

    def _grouped(self, tokens: Tokens, at: int, quantity: Quantity) -> Chunk:
        """As in "a family of six", "a group of 12 pilgrims"; not "a convoy of 30 lorries"."""
        reason, end = self._dates.unit(tokens, quantity)
        if reason is not None:
            return Chunk("number", end - at, word=tokens.words[end - 1])
        head = self._heads.head(tokens, quantity.end)
        if head.reason is not None:
            return Chunk("number", head.end - at, word=tokens.words[head.end - 1])
        end = head.end if head.noun is not None else quantity.end
        people = People(at, end, "counted", quantity, head.noun, head.at if head.noun is not None else -1)
        return Chunk("people", end - at, people)

    def _unnamed(self, tokens: Tokens, at: int, k: int, head: Head) -> Chunk | None:
        """As in "a 17-year-old", "the first casualty": one person whom no noun for people names."""
        words = tokens.words
        if k < len(words) and AGE.fullmatch(words[k]) and not self._noun_follows(tokens, k + 1):
            return Chunk("people", k + 1 - at, People(at, k + 1, "single", None, self._person("teen"), k))
        counts_one = "count" in head.made and words[head.at] in self._lex.sets["single_count"]
        if counts_one and not self._noun_follows(tokens, head.end):
            return Chunk("people", head.end - at, People(at, head.end, "single", None, None, head.at, head.made))
        return None

    def _stands_alone(self, tokens: Tokens, at: int) -> bool:
        """As in "wounding another", "another was hurt", "another wounded in"; not "one another", "another plane"."""
        following = tokens.word(at + 1)
        roles = self._lex.cues.get(following, {})
        ends = not following[:1].isalnum() or following in self._lex.closed
        outcome = "died" in roles or ("past" in roles and not self._noun_follows(tokens, at + 2))
        alone = (ends and following != "one") or outcome
        return alone and not (at and tokens.words[at - 1] == "one")

    def _is_one_more(self, tokens: Tokens, at: int, end: int) -> bool:
        """As in "a third is in hospital", "the fifth had died": an ordinal before a finite verb."""
        beside = end == at + 2 and tokens.words[at] in {"a", "the"}
        following = tokens.word(end)
        dies = "died" in self._lex.cues.get(following, {})  # "a third died in hospital"
        closed = self._lex.closed.get(following, "")
        return beside and (dies or following in {"did", "lost"} or closed in _FINITE or closed == "suffer")

    def _may_have_head(self, words: Sequence[str], at: int) -> bool:
        """Whether people, a cue or an age can be reached from `at`: cheap, and most determiners stand before none."""
        for k, word in enumerate(words[at : at + LONGEST_PHRASE]):
            entry = self._entries[word]
            if entry.heads:
                return True
            if entry.stops and (k or words[at - 1] not in ARTICLES):
                return False
        return False

    def _is_joined(self, tokens: Tokens, k: int) -> bool:
        """As in "the aunt and uncle": a second singular noun under the same determiner."""
        second = self._person(tokens.word(k + 1))
        return (
            tokens.word(k) == "and"
            and second is not None
            and not second.plural
            and not second.demonym
            and not self._noun_follows(tokens, k + 2)
            and self._person(tokens.word(k + 2)) is None
        )

    def _noun_follows(self, tokens: Tokens, k: int) -> bool:
        word = tokens.word(k)
        return (
            bool(word)
            and word[0].isalpha()
            and word not in self._lex.closed
            and word not in self._lex.cues
            and (not tokens.cased or tokens.raw[k][0].islower())
        )

    def _none(self, tokens: Tokens, at: int) -> Chunk:
        """As in "no deaths", "no civilians", "no other injuries": nobody of a kind."""
        head = self._heads.head(tokens, at + 1)
        if head.noun is not None or head.made:
            people = People(at, head.end, "nobody", None, head.noun, head.at, head.made)
            return Chunk("people", head.end - at, people, word="no")
        cue_at = at + 1
        while cue_at < len(tokens.words) and cue_at < at + 4:
            roles = self._lex.cues.get(tokens.words[cue_at])
            if roles is not None and ("event" in roles or "count" in roles):
                made: dict[Role, Kind] = {"count": roles.get("count") or roles["event"]}
                return Chunk(
                    "people", cue_at + 1 - at, People(at, cue_at + 1, "nobody", None, None, cue_at, made), word="no"
                )
            if tokens.words[cue_at] in self._lex.closed:
                break
            cue_at += 1
        return Chunk("not", 1, word="no")

    def _bare(self, tokens: Tokens, at: int, before: list[Chunk]) -> Chunk | None:
        """People without a determiner: "civilians", "Bronx teen", "Officer Sean Bolton"."""
        del before
        if tokens.word(at + 1) == "of" and (group := read_group(tokens.words, at, self._convention)) is not None:
            return self._grouped(tokens, at, group)
        head = self._heads.head(tokens, at)
        if head.noun is None:
            return None
        form: Form = "plural" if head.noun.plural else "single"
        pairs = form == "plural" or tokens.words[head.at] in _AS_ONE
        twins = _pair(tokens.words, at, head.at, head.end) if pairs and head.at < at + 3 else None
        if twins is not None and tokens.words[head.at] in {"parents", "grandparents"}:
            twins = None
        people = People(at, head.end, form, twins, head.noun, head.at, head.made)
        return Chunk("people", head.end - at, people)

    # --- cues and other words ------------------------------------------------------------------------------------

    def _cue(self, tokens: Tokens, at: int, before: list[Chunk]) -> Chunk | None:
        """A cue word with its particle ("shot dead", "gunned down") or adverb ("fatally shot")."""
        word = tokens.words[at]
        particles = self._lex.particles.get(word)
        following = tokens.word(at + 1)
        if particles is not None and following in particles:
            return Chunk("cue", 2, roles=self._lex.cues[f"{word}_{following}"], word=f"{word} {following}")
        roles = self._lex.cues.get(word)
        deadly = self._lex.deadly.get(word)
        may_die = not _DEATHS.isdisjoint(tokens.words[at + 1 : at + _DEATH_REACH + 2])
        if may_die and (roles is not None or deadly is not None) and (size := _to_death(tokens, at)):
            return Chunk("cue", size, roles=deadly or _fatal(roles or {}), word=word)
        if deadly is not None and before and before[-1].word in {"fatally", "mortally"}:
            return Chunk("cue", 1, roles=deadly, word=word)
        if roles is None or self._is_shot_noun(tokens, at):
            return None
        if before and before[-1].word in {"fatally", "mortally"}:
            roles = _fatal(roles)
        return Chunk("cue", 1, roles=roles, word=word)

    def _is_shot_noun(self, tokens: Tokens, at: int) -> bool:
        """As in "a shot", "shot down a plane", "hurt" by costs, "a burn": no cue for a victim."""
        word = tokens.words[at]
        previous = tokens.words[at - 1] if at else ""
        following = tokens.word(at + 1)
        if word in {"shot", "burn", "shoot", "hurt"} and previous in {
            "a",
            "the",
            "single",
            "first",
            "his",
            "her",
            "warning",
            "every",
            "each",
            "one",
            "mug",
        }:
            return True
        return word in {"shot", "shoot", "shooting", "shoots"} and following in {
            "down",
            "through",
            "into",
            "guard",
            "clock",
            "put",
            "up",
            "out",
        }

    def _name(self, tokens: Tokens, at: int, entries: Sequence[_Entry]) -> Chunk:
        """As in "Sean Bolton": somebody's name when it has two parts, else a word with a capital."""
        words, raw, cues = tokens.words, tokens.raw, self._lex.cues
        end = at + 1
        while not entries[end].known and raw[end][0].isupper() and words[end] not in cues:
            end += 1
        if end == at + 1:
            return entries[at].named
        if self._lex.sets["not_a_name"].isdisjoint(words[at:end]):
            return Chunk("people", end - at, People(at, end, "named", None, None, end - 1), word=words[at])
        return Chunk("name", end - at, word=words[at])


def _fatal(roles: Mapping[Role, Kind]) -> Mapping[Role, Kind]:
    """The same roles with death as the outcome: "fatally shot", "stabbed to death"."""
    return dict.fromkeys(roles, "killed")


def _to_death(tokens: Tokens, at: int) -> int:
    """The tokens of the verb at `at` when it ends in death: 3 in "stabbed to death", 1 where people stand between.

    0 when nobody dies of it.
    """
    words = tokens.words
    for k in range(at + 1, min(at + _DEATH_REACH, len(words))):
        if words[k] in {".", ";", ":"}:
            return 0
        if words[k] in _ENDINGS.get(words[at], ()) and k > at + 1:  # "shot her dead", "gunned three men down"
            return int(k - at < _END_REACH and _NO_OBJECT.isdisjoint(words[at + 1 : k]))
        if k + 1 == len(words):
            return 0
        ended = words[k + 1] in ({"death", "deaths", "ashes"} if words[k] == "to" else {"recognition"})
        if ended and words[k] in {"to", "beyond"}:  # "burnt beyond recognition"
            return 3 if k == at + 1 else 1
        if (
            words[k] == "to"
            and words[k + 1] in {"his", "her", "their"}
            and words[k + 2 : k + 3] in (["death"], ["deaths"])
        ):
            return 4 if k == at + 1 else 1
    return 0


def _is_age(word: str) -> bool:
    """As in "17-year-old"."""
    return word.endswith(_OLD) and not word.isalpha() and AGE.fullmatch(word) is not None


def _mark(word: str) -> Tag:
    """The tag of a punctuation mark; a possessive or a contracted "not" is one too."""
    if word in {"'s", "'t"}:
        return "possessive" if word == "'s" else "not"
    return "-" if word[0] == "-" else _PUNCTUATION.get(word, cast("Tag", word))  # any other sign is its own


def _pair(words: Sequence[str], start: int, head: int, end: int) -> Quantity | None:
    """As in "his parents", "the couple", "twin sisters", "triplets": so many without a number."""
    count = _SETS.get(words[head]) or (2 if head > start and words[head - 1] == "twin" else None)
    return Quantity(count, count, "exact", start, end) if count else None


def _past_repeated(words: Sequence[str], quantity: Quantity) -> Quantity:
    """As in "five (5) persons": the number with the same one behind it.

    >>> q = read_quantity(["five", "(", "5", ")", "persons"], 0)
    >>> q is not None and _past_repeated(["five", "(", "5", ")", "persons"], q).end
    4
    """
    again = read_quantity(words, quantity.end + 1)
    if again is None or again.low != quantity.low or words[again.end : again.end + 1] != [")"]:
        return quantity
    return quantity._replace(end=again.end + 1)
