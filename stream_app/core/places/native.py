"""Toponyms in texts of languages beside English: names in any case, weighed by what stands beside them.

Rules, not learned: a name gains by a locative word or a type word beside it ("w", "miasto"), by being well known, by
another place in a row with it; it loses by a title or another capitalised word beside it, which make it a person or a
firm, and where it opens a sentence. All weights are log-odds set by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, compress
from operator import attrgetter
from typing import NamedTuple

from stream_app.core.events import FieldName
from stream_app.core.places.gazetteer import COMMON_WORD, FIRST_NAME, Gazetteer
from stream_app.core.places.listed import Listed, Listing
from stream_app.core.places.spotting import Draft, Spotted
from stream_app.core.places.tongue import Tongue

_WORD = r"[^\W_]+"
_WORDS = re.compile(f"({_WORD})")
_WORDS_WITH_APOSTROPHES = re.compile(rf"({_WORD}(?:['’ʼ]{_WORD})*)")
_REMEMBERED = 100_000
_LONGEST_KEPT = 50
_MOST_WORDS = 60_000
"""Words of a field that are read; of a longer one the rest is not."""
_MOST_JOINED, _MOST_BEGUN, _MOST_LINKS = 6, 40, 3
"""Words of a name, beginnings of names that are followed at once, words like "de la" inside one."""
_APOSTROPHES = frozenset({"'", "’", "ʼ"})
_JOINTS = {" ": " ", "-": " ", "‑": " ", ". ": ". ", ".": ".", **dict.fromkeys(_APOSTROPHES, "'")}
_AFTER_A_WORD = (" ", "'", ".")
_ENDS = frozenset(".!?…\n:;•؟")
_OPENING, _CLOSING = frozenset('«„“"‚‘'), frozenset('»“”"’')
_STOPS = _ENDS | _OPENING | frozenset("–—")
_BETWEEN = frozenset({", ", "، ", " - ", " – ", " — ", "/", " / "})

(
    LOCATIVE,
    SOURCE,
    ARTICLE,
    TYPE,
    TYPE_AFTER,
    PART_BEFORE,
    PART_AFTER,
    TITLE,
    NEVER,
    FIRST,
    TYPE_SHORT,
    COMPOUND,
    OTHERWISE,
) = (1 << bit for bit in range(13))
_OTHERWISE = COMMON_WORD | FIRST_NAME
_LINK = LOCATIVE | SOURCE | ARTICLE
_NO_NAME = _LINK | TITLE | TYPE

_KNOWN = {
    "country": 3.0, "region": 2.5, "sea": 2.5, "facility": 1.5, "capital": 2.0, "water": 2.0, "land": 2.0, "place": 1.5,
    "adm1": 1.0, "adm2": -0.6,
}  # fmt: skip
_BY_PEOPLE = ((1_000_000, 1.5), (200_000, 0.8), (50_000, 0.2), (10_000, -0.4), (2_000, -0.8), (0, -1.2))
_WELL_KNOWN, _GREAT = 200_000, 500_000
_ALSO_OTHERWISE = -1.0
_AREA, _OWN, _INFLECTED, _ALTERNATE, _SEVERAL, _PART = 0.5, 0.5, -0.3, -0.7, 1.0, 1.0
_NOUN, _BARE, _BARE_WELL_KNOWN, _JOINED = -0.9, -2.0, -0.5, -1.0
_LOCATED, _TYPED, _FROM, _FARTHER = 2.0, 3.5, 0.6, 1.2
_OPENS, _DATELINE, _BESIDE, _TITLED, _HYPHENED, _QUOTED = -1.3, 2.5, -2.0, -3.0, -2.5, -2.5
_IN_ROW, _IN_BRACKETS, _BEFORE_AREA = 1.5, 1.5, 2.0
_UNKNOWN, _UNKNOWN_TYPED, _UNKNOWN_PLAIN, _UNKNOWN_PART = -1.2, -1.5, -1.4, 1.0
_LOOKS_LIKE_ONE, _WITH_ARTICLE, _OF_A_NAME = 1.6, -1.5, -1.0
_NO_PLACE, _LEAST_IN_ROW = -9.0, -3.0
_SHORTEST_ROW, _LONGEST_UNKNOWN, _SHORTEST_UNKNOWN, _LONGEST_ACRONYM = 3, 3, 3, 5


class _Form(NamedTuple):
    """A form that a written word may have in the gazetteer: `cut` characters before it are a joined preposition."""

    base: str
    cut: int
    changed: bool


class _Word(NamedTuple):
    """A word as written, the forms that it may have, those of them that name places, whether a name may go on with it.

    `acronym` says that it is short and in capitals, `looked_at` that a name may begin at it.
    """

    text: str
    folded: str
    capital: bool
    classes: int
    forms: tuple[_Form, ...]
    alone: tuple[_Form, ...]
    begins: bool
    acronym: bool
    looked_at: bool


_LOOKED_AT = attrgetter("looked_at")


@dataclass(slots=True)
class Passage:
    """A field of an article."""

    name: FieldName
    raw: str


class _Match(NamedTuple):
    """Words `first` to `last` as a name, whose base form is `name`; `listed` is None for one that nobody lists.

    `part` says that a common noun belongs to the name, `cut` how many characters of the first word do not.
    """

    first: int
    last: int
    name: str
    listed: Listed | None
    changed: bool = False
    cut: int = 0
    part: bool = False


class _Words(dict[str, _Word]):
    """What is known of the words met so far; bounded."""

    def __init__(self, gazetteer: Gazetteer, tongue: Tongue, listing: Listing) -> None:
        super().__init__()
        self.tongue, self.listing, self._gazetteer = tongue, listing, gazetteer
        self._classes: dict[str, int] = {}
        for bit, words in (
            (LOCATIVE, tongue.locative), (SOURCE, tongue.source), (ARTICLE, tongue.articles), (TYPE, tongue.types),
            (TYPE_AFTER, tongue.types_after), (PART_BEFORE, tongue.part_before), (PART_AFTER, tongue.part_after),
            (TITLE, tongue.titles), (NEVER, tongue.never), (TYPE_SHORT, tongue.types_short),
            (COMPOUND, tongue.compound),
        ):  # fmt: skip
            for word in words:
                self._classes[word] = self._classes.get(word, 0) | bit
        self._only_listed = tongue.nouns and not tongue.part_after

    def of(self, texts: list[str]) -> list[_Word]:
        """What is known of each word, in order."""
        if len(self) > _REMEMBERED:
            self.clear()
        return list(map(self.__getitem__, texts))

    def __missing__(self, text: str) -> _Word:
        word = self._read(text)
        if len(text) <= _LONGEST_KEPT:
            self[text] = word
        return word

    def _read(self, text: str) -> _Word:
        tongue = self.tongue
        folded = tongue.fold(text)
        capital = text[0].isupper() or (tongue.bare and text[0].isalpha())
        classes = self._classes.get(folded, 0)
        if tongue.joined and not classes and text[0] in tongue.joined:
            classes = self._classes.get(folded[1:], 0) & ~NEVER
        small = not capital and folded in tongue.names
        if not (capital or small or classes & PART_BEFORE) or len(text) > _LONGEST_KEPT:
            return _Word(text, folded, capital, classes, (), (), begins=False, acronym=False, looked_at=False)
        if tongue.script == "latin" and capital:
            flags = self._gazetteer.flags_of(folded)
            classes |= FIRST * bool(flags & FIRST_NAME) | OTHERWISE * bool(flags & _OTHERWISE)
        acronym = not tongue.bare and len(text) > 1 and text.isupper() and len(text) <= _LONGEST_ACRONYM
        forms = tuple(self._forms(text, folded, classes))
        alone = tuple(form for form in forms if self._stands_alone(form, text, acronym=acronym))
        begins = any(self.listing.goes_on(form.base + joint) for form in forms for joint in _AFTER_A_WORD)
        looked_at = bool(alone or classes & PART_BEFORE) or begins or (capital and not self._only_listed)
        return _Word(text, folded, capital, classes, forms, alone, begins, acronym, looked_at)

    def _stands_alone(self, form: _Form, text: str, *, acronym: bool) -> bool:
        """Whether a form by itself names a place when it is written like this."""
        found = self.listing.find(form.base)
        if found is None:
            return False
        if not text[0].isupper() and not self.tongue.bare:
            return found.own and found.kind == "country" and not form.changed and len(text) < _SHORTEST_UNKNOWN
        if form.cut and form.base in self.tongue.never:
            return False
        if form.changed and self.tongue.nouns and not found.own and found.people < _WELL_KNOWN:
            return False
        if acronym:
            return found.own or found.capitals or len(text) == _LONGEST_ACRONYM
        return not found.capitals

    def _forms(self, text: str, folded: str, classes: int) -> Iterator[_Form]:
        tongue = self.tongue
        if text.isdigit() or not folded:
            return
        for base in tongue.bases(folded):
            yield _Form(base, 0, base != folded and base != tongue.forms.get(folded))
        if not tongue.joined or classes & (_LINK | TYPE):
            return
        for cut in (1, 2):
            rest = text[cut:]
            if len(rest) < _SHORTEST_UNKNOWN or any(letter not in tongue.joined for letter in text[:cut]):
                return
            yield _Form(tongue.fold(rest), cut, changed=False)
            if text[cut - 1] == rest[0]:  # the article lost its first letter behind the preposition that is its second
                yield _Form(tongue.fold("ا" + rest), cut, changed=False)


class NativeRecogniser:
    """Finds the toponyms of texts in one language."""

    def __init__(self, gazetteer: Gazetteer, tongue: Tongue, listing: Listing) -> None:
        self.tongue, self.listing = tongue, listing
        self.pattern = _WORDS_WITH_APOSTROPHES if tongue.apostrophe else _WORDS
        self.words = _Words(gazetteer, tongue, listing)

    def __call__(self, passages: Sequence[Passage]) -> list[list[Spotted]]:
        """For each passage its toponyms: disjoint, in reading order, `score` the log-odds that each is one."""
        return [_Reading(self, passage.raw).spotted() for passage in passages]


class _Reading:
    """One text as it is read: its words, what may be names, which of them are."""

    def __init__(self, recogniser: NativeRecogniser, raw: str) -> None:
        self._tongue, self._listing, self._raw = recogniser.tongue, recogniser.listing, raw
        parts = recogniser.pattern.split(raw, maxsplit=_MOST_WORDS)
        offsets = list(accumulate(map(len, parts)))
        self._gaps, self._starts, self._ends = parts[::2], offsets[::2], offsets[1::2]
        self._words = recogniser.words.of(parts[1::2])
        self._taken: set[int] = set()

    def spotted(self) -> list[Spotted]:
        """The toponyms of the text."""
        found: list[tuple[_Match, float]] = []
        doubtful: list[tuple[_Match, float]] = []
        after = 0
        for at in compress(range(len(self._words)), map(_LOOKED_AT, self._words)):
            best = self._best(at) if at >= after else None
            if best is None:
                continue
            if best[1] > 0:
                found.append(best)
                self._take(best[0])
                after = best[0].last + 1
            elif best[1] > _NO_PLACE:
                doubtful.append(best)
        if doubtful:
            found += self._in_rows(doubtful, {match.first for match, _ in found})
        found.sort(key=lambda item: item[0].first)
        return [self._made(match, score) for match, score in found]

    def _take(self, match: _Match) -> None:
        self._taken.update(range(match.first, match.last + 1))

    def _best(self, at: int) -> tuple[_Match, float] | None:
        """The best name that begins at a word: the longest of those that are one, else the likeliest."""
        scored = [(match, self._score(match)) for match in self._matches(at)]
        if not scored:
            return None
        return max(scored, key=lambda item: (item[1] > 0, item[0].last if item[1] > 0 else 0, item[1]))

    def _matches(self, at: int) -> Iterator[_Match]:
        """What may be a name that begins at a word."""
        word = self._words[at]
        whole = self._phrase(at) if word.begins else None
        if whole is not None:
            yield whole
        if word.classes & PART_BEFORE and (part := self._with_part_before(at)) is not None:
            yield part
        if word.alone:
            yield self._single(at)
        if not word.capital:
            return
        if (part := self._with_part_after(at)) is not None:
            yield part
        if whole is None:
            yield from self._unlisted(at, alone=not word.alone)

    def _single(self, at: int) -> _Match:
        form = max(self._words[at].alone, key=lambda form: self._prior(form.base, changed=form.changed) - form.cut)
        return _Match(at, at, form.base, self._listing.find(form.base), form.changed, form.cut)

    def _phrase(self, at: int) -> _Match | None:
        """The longest name of several words that begins here, the best known of several."""
        begun = [(form.cut, form.base) for form in self._words[at].forms]
        best: _Match | None = None
        for last in range(at + 1, min(at + _MOST_JOINED, len(self._words))):
            joint = _JOINTS.get(self._gaps[last])
            if joint is None:
                break
            bases = self._bases(last)
            longer = [
                (cut, held + joint + base)
                for cut, held in begun
                if self._listing.goes_on(held + joint)
                for base in bases
            ]
            best = self._better(at, last, longer) or best
            begun = [item for item in longer if self._goes_on(item[1])][:_MOST_BEGUN]
            if not begun:
                break
        if best is None or best.listed is None or best.listed.own:
            return best
        typed = self._words[at].classes & TYPE and (self._tongue.bare or self._tongue.endings)
        return best if self._words[at].capital and not typed else None

    def _bases(self, number: int) -> list[str]:
        folded = self._words[number].folded
        bases = self._tongue.bases(folded)
        return [*bases, self._tongue.short[folded]] if folded in self._tongue.short else bases

    def _better(self, at: int, last: int, names: Sequence[tuple[int, str]]) -> _Match | None:
        """The best known of the names with words `at` to `last`; None if it is none."""
        word = self._words[last]
        best: _Match | None = None
        for cut, name in names:
            listed = self._listing.find(name)
            if (
                listed is None
                or word.classes & TYPE_AFTER
                or not (word.capital or listed.own or word.classes & PART_AFTER)
            ):
                continue
            if best is None or best.listed is None or listed.people > best.listed.people:
                best = _Match(at, last, name, listed, cut=cut)
        return best

    def _goes_on(self, name: str) -> bool:
        return any(self._listing.goes_on(name + joint) for joint in _AFTER_A_WORD)

    def _with_part_before(self, at: int) -> _Match | None:
        """A name with the common noun that begins it: "isla de Java"; listed or not."""
        words, gaps, follow = self._words, self._gaps, at + 1
        while (
            follow < len(words)
            and words[follow].classes & _LINK
            and follow - at < _MOST_LINKS
            and not words[follow].capital
        ):
            follow += 1
        if follow >= len(words) or gaps[at + 1] != " " or gaps[follow] not in _JOINTS or not words[follow].capital:
            return None
        if words[follow].classes & (_LINK | TYPE) or words[follow].text.isdigit():
            return None
        inner = self._phrase(follow) if words[follow].begins else None
        if inner is None:
            inner = self._single(follow) if words[follow].alone else _Match(follow, self._row_end(follow), "", None)
        written = words[at].text
        cut = int(bool(self._tongue.joined) and self._tongue.fold(written) not in self._tongue.part_before)
        return _Match(at, inner.last, inner.name, inner.listed, cut=cut, part=True)

    def _with_part_after(self, at: int) -> _Match | None:
        """A name with the common noun that ends it, in a form that nobody lists: "Sumy oblast"."""
        words, end = self._words, at + 1
        if not self._tongue.part_after or not self._is_area(at):
            return None
        if words[end].capital and not self._tongue.types_after:
            return None
        if self._gaps[end + 1] == "-" and end + 1 < len(words):  # an abbreviation with a hyphen and an ending
            end += 1
        return _Match(at, end, "", None, part=True)

    def _row_end(self, at: int) -> int:
        """The last word of the row of capitalised words that begins here; a name with its common noun is none of it."""
        words, gaps, last = self._words, self._gaps, at
        if self._tongue.bare:
            return self._compound_end(at)
        while last + 1 < min(len(words), at + _MOST_JOINED) and gaps[last + 1] in {" ", "-"}:
            following = words[last + 1]
            if not following.capital and not (gaps[last + 1] == "-" and gaps[last + 2] == "-"):
                break
            if following.classes & PART_AFTER or (gaps[last + 1] == " " and self._is_area(last + 1)):
                break
            last += 1
        return last

    def _compound_end(self, at: int) -> int:
        """The last word of a name that begins like those of two words do: "Bani X", or a word before a definite one."""
        words, gaps = self._words, self._gaps
        if at + 1 >= len(words) or gaps[at + 1] != " ":
            return at
        article = self._tongue.definite
        following = words[at + 1]
        definite = following.text.startswith(article) and not words[at].text.startswith(article)
        if following.folded.endswith(self._tongue.adjectives):
            return at
        return at + 1 if words[at].classes & COMPOUND or (definite and bool(article) and not words[at].alone) else at

    def _is_area(self, number: int) -> bool:
        """Whether a name with a common noun begins here: "Sumy oblast"."""
        return (
            number + 1 < len(self._words)
            and self._gaps[number + 1] == " "
            and bool(self._words[number + 1].classes & PART_AFTER)
        )

    def _unlisted(self, at: int, *, alone: bool) -> Iterator[_Match]:
        """A row of capitalised words that nobody lists; one that begins with a listed word if a type word ends it."""
        if not self._may_be_unlisted(at):
            return
        last = self._row_end(at)
        following = self._words[last + 1].classes if last + 1 < len(self._words) else 0
        if alone or (last > at and following & TYPE_AFTER):
            yield _Match(at, last, "", None)

    def _may_be_unlisted(self, at: int) -> bool:
        """Whether a name that nobody lists may begin at a word."""
        word, tongue = self._words[at], self._tongue
        if word.acronym or word.classes & (_NO_NAME | NEVER) or len(word.text) < _SHORTEST_UNKNOWN:
            return len(word.text) == _SHORTEST_UNKNOWN - 1 and self._gaps[at + 1] == "-"
        if tongue.nouns or any(letter.isdigit() for letter in word.text):
            return False
        before = self._words[at - 1].classes if at and self._gaps[at] in {" ", "-"} else 0
        if tongue.bare:
            return bool(before & TYPE)
        inside = at and self._gaps[at] in {" ", "-"} and self._words[at - 1].capital and at - 1 not in self._taken
        return not inside or bool(before & (LOCATIVE | SOURCE | TYPE))

    def _prior(self, name: str, *, changed: bool) -> float:
        """What speaks for a name whatever stands around it."""
        listed = self._listing.find(name)
        if listed is None:
            return _BY_PEOPLE[-1][1]
        score = _KNOWN.get(listed.kind, 0.0)
        if listed.kind in {"city", "adm1", "adm2"}:
            known = next(weight for people, weight in _BY_PEOPLE if listed.people >= people)
            score = known if listed.kind == "city" else max(score, known - _AREA)
        if listed.alternate and listed.people < _WELL_KNOWN and not listed.own:
            score += _ALTERNATE
        return score + _OWN * listed.own + _INFLECTED * changed

    def _score(self, match: _Match) -> float:
        """The log-odds that a match is a toponym here."""
        before, typed = self._left(match)
        after = self._right(match)
        if match.listed is None:
            return self._unlisted_score(match, before, after, typed=typed) + before + after
        listed, several = match.listed, match.last > match.first
        if not several and not typed and after < _TYPED and self._words[match.first].classes & (NEVER | _LINK):
            return _NO_PLACE
        score = self._prior(match.name, changed=match.changed) + _SEVERAL * several
        if not listed.own and not several:
            if self._tongue.nouns:
                score += _NOUN
            if self._words[match.first].classes & OTHERWISE and listed.people < _GREAT and before <= 0 >= after:
                score += _ALSO_OTHERWISE
            if self._tongue.bare:
                score += (_BARE_WELL_KNOWN if listed.people >= _WELL_KNOWN else _BARE) + _JOINED * bool(match.cut)
        if match.part:
            score = max(score, _PART)
        return score + before + after

    def _unlisted_score(self, match: _Match, before: float, after: float, *, typed: bool) -> float:
        """What speaks for a name that nobody lists, besides its sides."""
        if match.part:
            return _UNKNOWN_PART
        size = match.last - match.first
        if typed or after >= _TYPED:
            return _UNKNOWN_TYPED
        word = self._words[match.first]
        score = _UNKNOWN_PLAIN - size
        if self._tongue.unknown and before >= _LOCATED and size < _LONGEST_UNKNOWN:
            score = _UNKNOWN
        if size == 0 and word.folded.endswith(self._tongue.adjectives):
            return _NO_PLACE
        if size == 0 and word.folded.endswith(self._tongue.typical):
            score += _LOOKS_LIKE_ONE
        if match.first and self._words[match.first - 1].classes & ARTICLE:
            score += _WITH_ARTICLE
        return score

    def _left(self, match: _Match) -> tuple[float, bool]:
        """What the words before a match weigh, and whether a type word is among them."""
        gap = self._gaps[match.first]
        if match.cut:
            joined = self._words[match.first].text[: match.cut]
            return (_LOCATED if any(letter in self._tongue.joined_locative for letter in joined) else _FROM), False
        if "(" in gap:
            return _IN_BRACKETS, False
        if not match.first or not _STOPS.isdisjoint(gap):
            return self._left_of_mark(match, gap)
        if gap == " " or gap in _APOSTROPHES:
            return self._left_words(match)
        return (_HYPHENED if gap in {"-", "‑"} else 0.0), False

    def _left_of_mark(self, match: _Match, gap: str) -> tuple[float, bool]:
        """What the mark before a match weighs: the dot of a type word, a quotation, the start of a sentence."""
        if match.first and gap == ". " and self._words[match.first - 1].classes & TYPE_SHORT:
            return _TYPED, True
        quoted = not _OPENING.isdisjoint(gap[-1:])
        own = match.listed is not None and match.listed.own
        return (0.0 if quoted or own or match.last > match.first else _OPENS), False

    def _left_words(self, match: _Match) -> tuple[float, bool]:
        words, near = self._words, match.first - 1
        if near in self._taken:
            return 0.0, False
        if words[near].classes & (ARTICLE | LOCATIVE) == ARTICLE and near and self._is_joined(near):
            near -= 1
        classes = words[near].classes
        if classes & (TYPE | LOCATIVE):
            return (_TYPED if classes & TYPE else _LOCATED), bool(classes & TYPE)
        if classes & SOURCE:
            return self._of(match, near)
        return self._left_word(match, near), False

    def _left_word(self, match: _Match, near: int) -> float:
        """What a word before a name weighs that says nothing of places."""
        word = self._words[near]
        if self._tongue.nouns:
            return self._farther(near)
        if word.classes & TITLE or (word.classes & FIRST and word.capital):
            return _TITLED if not match.changed else _TITLED / 3
        if word.capital and not self._tongue.bare and not word.classes & NEVER:
            opens = not near or not _STOPS.isdisjoint(self._gaps[near])
            if opens and match.listed is not None:
                return 0.0 if match.listed.own else _BESIDE / 2 if self._tongue.endings else _BESIDE
            return _BESIDE
        return self._farther(near)

    def _is_joined(self, number: int) -> bool:
        return self._gaps[number] == " " or self._gaps[number] in _APOSTROPHES

    def _farther(self, near: int) -> float:
        """What a locative word weighs before the adjective that stands before the name."""
        if near and self._gaps[near] == " " and self._words[near].folded.endswith(self._tongue.agreeing):
            return _FARTHER if self._words[near - 1].classes & (LOCATIVE | TYPE) else 0.0
        return 0.0

    def _of(self, match: _Match, near: int) -> tuple[float, bool]:
        """What "of" before a name weighs: a type word before it says that a place follows."""
        for number in range(near - 1, max(-1, near - 1 - _MOST_LINKS), -1):
            if not self._is_joined(number + 1):
                break
            if self._words[number].classes & TYPE and not self._words[number].capital:
                return _TYPED, True
        named = near and self._words[near - 1].capital and not self._tongue.bare and match.listed is None
        return (_OF_A_NAME if named else _FROM), False

    def _right(self, match: _Match) -> float:
        """What stands behind a match weighs."""
        words, last = self._words, match.last
        gap = self._gaps[last + 1]
        if last + 1 == len(words):
            return self._quoted(match, gap)
        if gap in _APOSTROPHES and self._tongue.types_after:
            typed = last + 2 < len(words) and self._gaps[last + 2] == " " and words[last + 2].classes & TYPE_AFTER
            return _TYPED if typed else _FARTHER
        if gap == " ":
            return self._right_word(match)
        if gap in {"-", "‑"} or (gap == "–" and words[last + 1].capital):
            return _HYPHENED
        return _DATELINE if self._is_dateline(match, gap) else self._quoted(match, gap)

    def _is_dateline(self, match: _Match, gap: str) -> bool:
        """Whether a name opens a sentence and a mark that opens a report follows: "Kabul - ", "Iraq: "."""
        return self._opens(match.first) and (gap.lstrip()[:1] in {":", "–", "—", "/"} or gap.startswith((" -", " (")))

    def _right_word(self, match: _Match) -> float:
        word = self._words[match.last + 1]
        if word.classes & TYPE_AFTER:
            return _TYPED
        if not word.capital or self._tongue.bare or self._tongue.nouns or word.classes & _LINK:
            return 0.0
        if self._is_area(match.last + 1):
            return _BEFORE_AREA
        known = match.listed is not None and match.listed.people >= _WELL_KNOWN and not match.listed.alternate
        if known and not self._tongue.unknown:
            return 0.0
        return _BESIDE if not word.alone else _BESIDE / 2

    def _opens(self, number: int) -> bool:
        """Whether a sentence begins with word `number`."""
        return not number or not _ENDS.isdisjoint(self._gaps[number])

    def _quoted(self, match: _Match, gap: str) -> float:
        """What quotation marks right before and behind a name weigh: it is a ship, a paper or a battalion."""
        return _QUOTED if self._gaps[match.first][-1:] in _OPENING and gap[:1] in _CLOSING else 0.0

    def _in_rows(self, doubtful: Sequence[tuple[_Match, float]], found: set[int]) -> list[tuple[_Match, float]]:
        """Of the names in doubt those that stand in a row with a place, or in a row of three that someone lists."""
        added: list[tuple[_Match, float]] = []
        for run in self._rows(doubtful, found):
            listed = [match for match, _ in run if match.listed is not None]
            for match, score in run:
                joined = any(self._neighbour(match, step) in self._taken for step in (-1, 1))
                if (joined and score + _IN_ROW > 0) or (
                    listed and len(run) >= _SHORTEST_ROW and score > _LEAST_IN_ROW and match.first == match.last
                ):
                    added.append((match, max(score + _IN_ROW, _FROM)))
        for match, _ in added:
            self._take(match)
        return [item for item in added if not found & set(range(item[0].first, item[0].last + 1))]

    def _rows(self, doubtful: Sequence[tuple[_Match, float]], found: set[int]) -> Iterator[list[tuple[_Match, float]]]:
        """The names in doubt, those together that stand in a row."""
        row: list[tuple[_Match, float]] = []
        for match, score in doubtful:
            if any(number in self._taken for number in range(match.first, match.last + 1)) or match.first in found:
                continue
            if row and self._neighbour(match, -1) != row[-1][0].last:
                yield row
                row = []
            row.append((match, score))
        if row:
            yield row

    def _neighbour(self, match: _Match, step: int) -> int:
        """The word of which a match stands in a row, behind it or before: over a comma, or over "and"; -1 for none."""
        gap = match.first if step < 0 else match.last + 1
        number = gap - 1 if step < 0 else gap
        if not 0 <= number < len(self._words):
            return -1
        if self._gaps[gap] in _BETWEEN:
            return number
        word = self._words[number]
        if self._gaps[gap] == " " and word.folded in self._tongue.conjunctions:
            beyond = number + step
            return beyond if 0 <= beyond < len(self._words) else -1
        return -1

    def _made(self, match: _Match, score: float) -> Spotted:
        start, end = self._starts[match.first] + match.cut, self._ends[match.last]
        text = self._raw[start:end]
        kind = match.listed.kind if match.listed else "unknown"
        name = match.name or self._tongue.fold(text)
        generic = "adm" if match.part and kind.startswith("adm") else ""
        draft = Draft(match.first, match.last, False, None, kind, generic)
        return Spotted(start, end, text, name, kind, (None, generic, name), draft, score)
