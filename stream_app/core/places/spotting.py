"""Candidate toponyms: every span that the gazetteer or its form says may name a place, with what speaks for it.

Each candidate carries slots, one class a slot ("left": the class of the word before it, ...). The scorer knows the
slots and never the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from stream_app.core.places import lexicon
from stream_app.core.places.gazetteer import (
    ACRONYM,
    COMMON_WORD,
    DEMONYM,
    FIRST_NAME,
    POSTAL,
    SURNAME,
    Gazetteer,
)
from stream_app.core.places.page import Page, Word

LONGEST = 48
"""Names longer than this are not looked for, in characters."""

_ROAD = re.compile(
    r"(?<![\w.])(?:(?:U\.?S\.?|State|County|Old|[A-Z][a-z]+|[A-Z]{2}) )?"
    r"(?:Interstate|Highway|Hwy\.?|Route|Rt\.?|Road|I|US|U\.S\.|FM|SR|CR|M|A|[A-Z]{2})[ -]\d{1,4}(?: [NSEW])?\b"
)
_LIST_LIKE = re.compile(r"[,;]")
PARENTS = frozenset({"country", "adm1", "abbrev", "postal", "acronym"})


class Slots(NamedTuple):
    """What is known of a candidate, as classes."""

    kind: str
    alternate: str
    word: str
    left: str
    left2: str
    right: str
    right2: str
    shape: str
    run: str
    lower: str
    person: str
    size: str


@dataclass(slots=True)
class Spotted:
    """A span that may be a toponym. `key` is what the gazetteer is asked for, None for names it does not know.

    `generic` is the class of the common noun in the span ("adm" in "Orange County"), else "".
    """

    start: int
    end: int
    text: str
    key: int | None
    kind: str
    generic: str
    slots: Slots
    score: float = 0.0


class Spotter:
    """Finds candidates with one gazetteer; remembers the kinds of names it has met."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._kinds: dict[int, tuple[str, str]] = {}

    def spot(self, page: Page, persons: set[str]) -> list[Spotted]:
        """Every candidate of the page, in reading order; spans may overlap."""
        return _Scan(self._gazetteer, self, page, persons).run()

    def kind(self, key: int, flags: int) -> tuple[str, str]:
        """The class of the most prominent entry of a name, and whether the name is its own or an alternate one."""
        known = self._kinds.get(key)
        if known is None:
            if len(self._kinds) > 100_000:
                self._kinds.clear()
            known = self._kinds[key] = _kind(self._gazetteer, key, flags)
        return known


def _kind(gazetteer: Gazetteer, key: int, flags: int) -> tuple[str, str]:
    postings = gazetteer.postings(key, 8)
    best, alternate = max(
        ((gazetteer.entry(index), alternate) for index, alternate in postings),
        key=lambda item: item[0].population * (0.05 if item[1] else 1.0),
    )
    own = "alternate" if alternate else "own"
    if flags & POSTAL:
        return ("postal" if flags & ACRONYM else "abbrev"), own
    if flags & DEMONYM and any(gazetteer.entry(index).feature_class in "AL" for index, _ in postings):
        return "demonym", own
    if flags & ACRONYM:
        return "acronym", own
    if best.type != "place" or best.feature_class in "HT":
        return ("water" if best.feature_class == "H" else "land" if best.feature_class == "T" else best.type), own
    if best.feature_code.startswith("PCL"):
        return "country", own
    if best.feature_class == "A":
        return best.feature_code.lower(), own
    return ("capital" if best.feature_code == "PPLC" else _size_class(best.population)), own


def _size_class(population: int) -> str:
    for bound, name in ((1_000_000, "city6"), (200_000, "city5"), (50_000, "city4"), (10_000, "city3"), (2_000, "city2")):
        if population >= bound:
            return name
    return "city1"


class _Scan:
    """One pass over one page."""

    def __init__(self, gazetteer: Gazetteer, spotter: Spotter, page: Page, persons: set[str]) -> None:
        self.gazetteer = gazetteer
        self.spotter = spotter
        self.page = page
        self.persons = persons
        self.kinds_at: dict[int, str] = {}
        self.place_ends: set[int] = set()
        self.rights: dict[int, tuple[str, str]] = {}
        self.lefts: dict[int, tuple[str, str]] = {}

    def run(self) -> list[Spotted]:
        drafts = list(self._drafts())
        for start, end, key, kind, _ in drafts:
            if key is not None:
                self.kinds_at[start] = kind
                self.place_ends.add(end)
        return [self._spotted(draft) for draft in drafts]

    def _drafts(self) -> Iterator[tuple[int, int, int | None, str, str]]:
        """(start, end, key, kind, generic) of every candidate."""
        words = self.page.words
        seen: set[tuple[int, int]] = set()
        for number, word in enumerate(words):
            for draft in (*self._names(word), *self._extended(number)):
                if draft[:2] not in seen:
                    seen.add(draft[:2])
                    yield draft
        for draft in (*self._runs(), *self._roads()):
            if draft[:2] not in seen:
                seen.add(draft[:2])
                yield draft

    def _names(self, word: Word) -> Iterator[tuple[int, int, int | None, str, str]]:
        """Names of the gazetteer that start at the word."""
        raw, start = self.page.raw, word.start
        for name, key in self.gazetteer.prefixes(self.page.folded[start : start + LONGEST]):
            end = start + len(name)
            if not _ends_well(raw, end) or self.gazetteer.size(key) == 0:
                continue
            flags = self.gazetteer.flags[key]
            if not _written_as_name(raw[start:end], flags):
                continue
            kind, own = self.spotter.kind(key, flags)
            yield start, end, key, kind if own == "own" or kind in {"demonym", "postal", "abbrev"} else f"{kind}~", ""

    def _extended(self, number: int) -> Iterator[tuple[int, int, int | None, str, str]]:
        """Spans that end in a generic noun: "Orange County", "Hyland Road"; from any earlier word of the run."""
        words = self.page.words
        last = words[number]
        generic = _generic(last.key)
        if not generic:
            return
        end = last.end + (self.page.raw[last.end : last.end + 1] == "." and f"{last.key}." in lexicon.STREETS)
        for first in range(number - 1, max(-1, number - 4), -1):
            if words[first].run != last.run:
                return
            base = self.page.folded[words[first].start : words[number - 1].end]
            key = self.gazetteer.trie.get(base)
            known = key is not None and self.gazetteer.size(key) > 0
            yield words[first].start, end, key if known else None, f"ext_{generic}" + ("+" if known else ""), generic

    def _runs(self) -> Iterator[tuple[int, int, int | None, str, str]]:
        """Unbroken rows of capitalised words, whole: names that the gazetteer may not know."""
        words = self.page.words
        first = 0
        for number, word in enumerate(words):
            if number + 1 == len(words) or words[number + 1].run != word.run:
                if number - first < 4:
                    yield words[first].start, word.end, None, "unknown", ""
                first = number + 1

    def _roads(self) -> Iterator[tuple[int, int, int | None, str, str]]:
        for match in _ROAD.finditer(self.page.raw):
            yield match.start(), match.end(), None, "road", "street"

    def _spotted(self, draft: tuple[int, int, int | None, str, str]) -> Spotted:
        start, end, key, kind, generic = draft
        text = self.page.raw[start:end]
        return Spotted(start, end, text, key, kind, generic, self._slots(start, end, text, kind))

    def _slots(self, start: int, end: int, text: str, kind: str) -> Slots:
        folded = self.page.folded[start:end]
        left, left2 = self._left(start)
        right, right2 = self._right(end)
        single = " " not in folded
        return Slots(
            kind=kind.rstrip("~"),
            alternate="~" if kind.endswith("~") else "",
            word=_word_class(self.gazetteer.flags_of(folded)) if single else "phrase",
            left=left,
            left2=left2,
            right=right,
            right2=right2,
            shape=_shape(text, shouted=self.page.shouted),
            run=f"{left in _OPEN_LEFT:d}{right in _OPEN_RIGHT:d}",
            lower="lower" if single and f" {folded} " in self.page.raw else "",
            person="person" if folded in self.persons else "",
            size=str(min(folded.count(" ") + 1, 4)),
        )

    def _left(self, start: int) -> tuple[str, str]:
        known = self.lefts.get(start)
        if known is None:
            known = self.lefts[start] = self._read_left(start)
        return known

    def _right(self, end: int) -> tuple[str, str]:
        known = self.rights.get(end)
        if known is None:
            known = self.rights[end] = self._read_right(end)
        return known

    def _read_left(self, start: int) -> tuple[str, str]:
        """The class of what stands before, and of the word before that."""
        raw = self.page.raw
        position = start
        while position and raw[position - 1] in "\"'“‘(":
            position -= 1
        gap = raw[position - 1 : position]
        if not gap or gap == "\n":
            return "start", ""
        if gap in "-‑":
            return "hyphen", ""
        if gap != " ":
            return ("dash" if gap in "—–/" else "joined"), ""
        mark = raw[position - 2 : position - 1]
        if mark.isalnum():
            word = self.page.word_before(position - 1)
            return self._left_word(word), self._left_second(position - 1 - len(word))
        return self._left_mark(mark, position), ""

    def _left_word(self, word: str) -> str:
        lowered = word.lower()
        if word[:1].isdigit():
            return "number"
        if lowered in lexicon.TITLES:
            return "title"
        if not word[:1].isupper():
            return lexicon.BEFORE.get(lowered, "word")
        if lowered in lexicon.BEFORE_NAME:
            return "Generic"
        if lowered in lexicon.BEFORE:
            return "C" + lexicon.BEFORE[lowered]
        if lowered in lexicon.ORGANISATIONS:
            return "Organisation"
        return "First" if self.gazetteer.flags_of(lowered) & FIRST_NAME else "Capital"

    def _left_second(self, position: int) -> str:
        if position < 2 or self.page.raw[position - 1] != " ":
            return ""
        word = self.page.word_before(position - 1)
        if not word:
            return "mark"
        lowered = word.lower()
        if lowered in lexicon.TITLES:
            return "title"
        return lexicon.BEFORE.get(lowered, "Capital" if word[0].isupper() else "word")

    def _left_mark(self, mark: str, position: int) -> str:
        if mark == ",":
            return "comma_place" if position - 2 in self.place_ends else "comma"
        if mark == ".":
            word = self.page.word_before(position - 2).lower().rstrip(".")
            if word in lexicon.TITLES:
                return "title"
            if position - 1 in self.place_ends or position - 2 in self.place_ends:
                return "start_place"
            return "initial" if len(word) == 1 else "start"
        return "start" if mark in "!?:;\n" else "dash" if mark in "—–-/�" else "mark"

    def _read_right(self, end: int) -> tuple[str, str]:
        """The class of what follows, and of the word after that."""
        raw = self.page.raw
        mark = raw[end : end + 1]
        if not mark or mark == "\n":
            return "end", ""
        if mark in "'’":
            return "possessive", self._right_word(end + 3)
        if mark in "-‑":
            return "hyphen_" + lexicon.AFTER.get(self.page.word_after(end + 1).lower(), "word"), ""
        if mark == ",":
            kind = self.kinds_at.get(end + 2, "")
            return ("comma_parent" if kind.rstrip("~") in PARENTS else "comma_place" if kind else "comma"), ""
        if mark == " ":
            return self._right_word(end + 1), self._right_second(end + 1)
        return ("end" if mark in ".!?;:" else "close" if mark in ")]\"”" else "dash" if mark in "—–/" else "mark"), ""

    def _right_word(self, position: int) -> str:
        raw = self.page.raw
        word = self.page.word_after(position)
        if not word:
            mark = raw[position : position + 1]
            return "dateline" if mark == "(" and raw[position + 1 : position + 2].isupper() else "mark" + mark.strip()[:1]
        lowered = word.lower().rstrip(".")
        if word[0].isdigit():
            return "number"
        if not word[0].isupper():
            return lexicon.AFTER.get(lowered, "word")
        return _generic_or_name(lowered, self.gazetteer.flags_of(lowered))

    def _right_second(self, position: int) -> str:
        word = self.page.word_after(position)
        if not word:
            return ""
        after = self.page.word_after(position + len(word) + 1)
        if not after:
            return "mark"
        if after[0].isupper():
            return "Organisation" if after.lower() in lexicon.ORGANISATIONS else "Capital"
        return lexicon.AFTER.get(after.lower().rstrip("."), "word")


_OPEN_LEFT = frozenset({"Generic", "Organisation", "First", "Capital", "title", "initial", "hyphen", "joined"})
_OPEN_RIGHT = frozenset(
    {"Admin", "Water", "Land", "Street", "Facility", "Organisation", "Sports", "Surname", "First", "Capital"}
)


def _generic(key: str) -> str:
    for words, name in (
        (lexicon.ADMIN, "adm"),
        (lexicon.WATER, "water"),
        (lexicon.LAND, "land"),
        (lexicon.STREETS, "street"),
        (lexicon.FACILITIES, "facility"),
    ):
        if key in words:
            return name
    return ""


def _generic_or_name(lowered: str, flags: int) -> str:
    generic = _generic(lowered)
    if lowered in lexicon.ORGANISATIONS:
        return "Organisation"
    if generic:
        return {"adm": "Admin"}.get(generic, generic.capitalize())
    if lowered in lexicon.SPORTS:
        return "Sports"
    if flags & COMMON_WORD:
        return "Common"
    return "First" if flags & FIRST_NAME else "Surname" if flags & SURNAME else "Capital"


def _ends_well(raw: str, end: int) -> bool:
    """Whether a name may end here: not inside a word, nor before an apostrophe that goes on with one."""
    mark = raw[end : end + 1]
    if mark.isalnum() or mark == "_":
        return False
    if mark in {"'", "’"} and raw[end + 1 : end + 2].isalnum():
        return raw[end + 1 : end + 2] in "sS" and not raw[end + 2 : end + 3].isalnum()
    return True


def _written_as_name(text: str, flags: int) -> bool:
    """Whether the case fits: codes in capitals, names with a capital on the last word."""
    if flags & ACRONYM:
        return text.isupper()
    last = text[max(text.rfind(" "), text.rfind("-")) + 1 :]
    return not last[:1].islower() or last.startswith(("al", "el"))


def _word_class(flags: int) -> str:
    return "".join(
        letter
        for bit, letter in ((COMMON_WORD, "c"), (FIRST_NAME, "f"), (SURNAME, "s"))
        if flags & bit
    ) or "-"  # fmt: skip


def _shape(text: str, *, shouted: bool) -> str:
    if shouted:
        return "shouted"
    if len(text) > 1 and text.isupper():
        return "dotted" if "." in text else "short_upper" if len(text) < 5 else "upper"
    return "plain" if text.isascii() else "accented"
