"""Candidate toponyms: every span that the gazetteer or its form says may name a place, with what speaks for it.

Each candidate carries slots, one class a slot ("left": the class of the word before it, ...). The scorer knows the
slots and never the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from stream_app.core.places import lexicon
from stream_app.core.places.folding import fold
from stream_app.core.places.gazetteer import (
    ACRONYM,
    COMMON_WORD,
    DEMONYM,
    POSTAL,
    SUPPLEMENT,
    Gazetteer,
)
from stream_app.core.places.page import Page, shape

LISTED, LISTED_FACILITY, OPENING_WORD = 1.5, 3.0, -2.0
"""Log-odds of `Spotter._prior`; governments' seats are rarely annotated, so the corpora teach against them."""

LONGEST = 48
"""Names longer than this are not looked for, in characters."""

PARENTS = frozenset({"country", "adm1", "abbrev", "postal", "acronym"})
_NO_PLACE_AFTER = lexicon.words_of("word is prep and verb adv Common")
_LISTED = SUPPLEMENT | POSTAL | ACRONYM | DEMONYM | COMMON_WORD
_INNER_MARKS = frozenset("-.&,/")
_REMEMBERED = 100_000
ARTICLES = lexicon.words_of("al el as ash ad an ar at az ed en er es esh et ez")
UNKNOWN_AFTER = lexicon.words_of(
    "the of and comma comma_place to in at from near between move live settlement compass for mark"
)
"""What stands before a capitalised row that may be a place unknown to the gazetteer; elsewhere it hardly is one."""


NameKey = tuple[int | None, str, str]
"""The gazetteer's key, the class of the generic noun and, where the key alone does not say it, the folded text."""


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


class Draft(NamedTuple):
    """A span by its words (`last` is inclusive; `dot` when the dot after it belongs to it) and what it may be.

    `key` is what the gazetteer is asked for, None for names that it does not know; `generic` is the class of the common
    noun in the span ("adm" in "Orange County"), else "".
    """

    first: int
    last: int
    dot: bool
    key: int | None
    kind: str
    generic: str = ""
    alternate: str = ""


@dataclass(slots=True)
class Spotted:
    """A span that may be a toponym, with the scorer's log-odds that it is; mentions with one `key` are one name."""

    start: int
    end: int
    text: str
    folded: str
    kind: str
    key: NameKey
    draft: Draft
    slots: Slots
    score: float = 0.0


class Spotter:
    """Finds candidates with one gazetteer; remembers the kinds of names it has met."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._kinds: dict[int, tuple[str, str]] = {}
        self._pairs: dict[str, bool] = {}

    def spot(self, page: Page, persons: set[str], scorer: Callable[[Slots], float], floor: float) -> list[Spotted]:
        """Every candidate of the page that scores more than `floor`; spans may overlap."""
        drafts = self._drafts(page)
        around = _Surroundings(page, drafts)
        found = []
        for draft in drafts:
            left = around.left(draft.first)
            uncertain = draft.kind == "unknown" and left[0] not in UNKNOWN_AFTER
            if uncertain and "," not in page.gaps[draft.last + 1]:
                continue  # spares reading the other side of most of them
            right = around.right(draft.last, dot=draft.dot)
            if uncertain and right[0] != "comma_parent":
                continue
            slots = _slots(page, draft, left, right, persons)
            score = scorer(slots) + self._prior(draft, slots)
            if score > floor:
                found.append(_spotted(page, draft, slots, score))
        return found

    def _prior(self, draft: Draft, slots: Slots) -> float:
        """What we know and the corpora are too small to teach, in log-odds.

        Names of our own tables are places; an English word that opens a sentence is hardly ever one.
        """
        if draft.key is None or draft.generic:
            return 0.0
        listed = self._gazetteer.flags[draft.key] & _LISTED
        if listed & SUPPLEMENT and draft.kind == "facility":
            return LISTED_FACILITY
        if listed == SUPPLEMENT:
            return LISTED
        if slots.left == "start" and slots.word[:1] == "c" and slots.right in _NO_PLACE_AFTER:
            return OPENING_WORD
        return 0.0

    def kind(self, key: int) -> tuple[str, str]:
        """The class of the most prominent entry of a name, and "alternate" when the name is but an alternate of it."""
        known = self._kinds.get(key)
        if known is None:
            if len(self._kinds) > _REMEMBERED:
                self._kinds.clear()
            known = self._kinds[key] = _kind(self._gazetteer, key)
        return known

    def _drafts(self, page: Page) -> list[Draft]:
        """Every candidate span, each once."""
        found: dict[tuple[int, int, bool], Draft] = {}
        words, gaps, kinds = page.words, page.gaps, self._kinds
        for number in page.capitals:
            word = words[number]
            if word.key is not None:
                kind, alternate = kinds.get(word.key) or self.kind(word.key)
                found[number, number, False] = Draft(number, number, False, word.key, kind, "", alternate)
            if word.marks and self._goes_on(page, number):
                found.update((draft[:3], draft) for draft in self._longer(page, number))
            if gaps[number] == "-" and number and words[number - 1].folded in ARTICLES:
                found.update((draft[:3], draft) for draft in self._longer(page, number - 1))
            if word.forms:
                for draft in self._formed(page, number):
                    found.setdefault(draft[:3], draft)
        for first, last in _runs(page):
            if (first, last, False) not in found:
                found[first, last, False] = Draft(first, last, False, None, "unknown")
        return list(found.values())

    def _formed(self, page: Page, number: int) -> Iterator[Draft]:
        """Spans that their form makes a name: a generic noun at the end, or a numbered road."""
        if page.words[number].generic:
            yield from self._extended(page, number)
        if page.words[number].folded in lexicon.ROADS:
            yield from _road(page, number)

    def _goes_on(self, page: Page, number: int) -> bool:
        """Whether a name of several words may begin here: the gazetteer knows one with these two, or a mark follows."""
        gap, word = page.gaps[number + 1], page.words[number]
        if word.tail:
            return "'" in word.marks
        if gap != " ":
            return gap[:1] in _INNER_MARKS and (" " if gap[0] == "-" else gap[0]) in word.marks
        if number + 1 == len(page.words) or not page.words[number + 1].links:
            return False
        return self._begins(f"{word.folded} {page.words[number + 1].folded}")

    def _begins(self, pair: str) -> bool:
        """Whether a name begins with these two words, remembered."""
        known = self._pairs.get(pair)
        if known is None:
            if len(self._pairs) > _REMEMBERED:
                self._pairs.clear()
            known = self._pairs[pair] = self._gazetteer.has_prefix(pair)
        return known

    def _longer(self, page: Page, first: int) -> Iterator[Draft]:
        """Names of the gazetteer that begin with word `first` and go on after it."""
        start, raw = page.starts[first], page.raw
        last, ends = first, page.ends
        for name, key in self._gazetteer.prefixes(fold(raw[start : start + LONGEST])):
            end = start + len(name)
            while last + 1 < len(ends) and page.starts[last + 1] < end:
                last += 1
            finish = ends[last] - page.words[last].tail
            dot = end == finish + 1 and raw[end - 1] == "."
            if (last == first and not dot) or not (dot or end == finish) or not self._gazetteer.size(key):
                continue
            if self._gazetteer.flags[key] & ACRONYM and not raw[start:end].isupper():
                continue
            if page.words[last].capital or page.words[last].text[0].isdigit():
                kind, alternate = self.kind(key)
                yield Draft(first, last, dot, key, kind, "", alternate)

    def _extended(self, page: Page, last: int) -> Iterator[Draft]:
        """Spans that end in the generic noun at `last`: "Orange County"; from any of three words before it."""
        kind = page.words[last].generic
        folded = ""
        for first in range(last - 1, max(-1, last - 4), -1):
            if first + 1 not in page.joined:
                return
            folded = page.words[first].folded + page.gaps[first + 1] * bool(folded) + folded
            key = self._gazetteer.trie.get(folded)
            known = key is not None and self._gazetteer.size(key) > 0
            dot = page.gaps[last + 1][:1] == "." and page.words[last].folded in lexicon.ABBREVIATED
            yield Draft(first, last, dot, key if known else None, f"ext_{kind}" + "+" * known, kind)


def _kind(gazetteer: Gazetteer, key: int) -> tuple[str, str]:
    postings = [(gazetteer.entry(index), alternate) for index, alternate in gazetteer.postings(key, 8)]
    best, alternate = max(postings, key=lambda item: item[0].population * (0.05 if item[1] else 1.0))
    own = "alternate" if alternate else ""
    flags = gazetteer.flags[key]
    if flags & POSTAL:
        return ("postal" if flags & ACRONYM else "abbrev"), ""
    if flags & DEMONYM and any(entry.feature_class in "AL" for entry, _ in postings):
        return "demonym", ""
    if flags & ACRONYM:
        return "acronym", own
    if best.type != "place" or best.feature_class in "HT":
        return {"H": "water", "T": "land"}.get(best.feature_class, best.type), own
    if best.feature_class == "A":
        return ("country" if best.feature_code.startswith("PCL") else best.feature_code.lower()), own
    return ("capital" if best.feature_code == "PPLC" else _size_class(best.population)), own


def _size_class(population: int) -> str:
    for bound, name in (
        (1_000_000, "city6"),
        (200_000, "city5"),
        (50_000, "city4"),
        (10_000, "city3"),
        (2_000, "city2"),
    ):
        if population >= bound:
            return name
    return "city1"


def _runs(page: Page) -> Iterator[tuple[int, int]]:
    """Unbroken rows of one to four capitalised words: names that the gazetteer may not know."""
    first, joined = 0, page.joined
    for number in page.capitals:
        if number not in joined:
            first = number
        if number + 1 in joined or number - first > 3:
            continue
        if number > first or page.words[first].folded not in lexicon.NEVER:
            yield first, number


def _road(page: Page, number: int) -> Iterator[Draft]:
    """The numbered road whose common noun is word `number`, alone and with the word before it: "State Route 16"."""
    if (
        number + 1 == len(page.words)
        or not page.words[number + 1].text[0].isdigit()
        or page.gaps[number + 1] not in " -"
    ):
        return
    for first in (number, number - 1):
        if first == number or number in page.joined:
            yield Draft(first, number + 1, False, None, "road", "street")


class _Surroundings:
    """What stands left and right of candidates.

    Not remembered: spans seldom share a side, and asking a table costs as much as reading again.
    """

    def __init__(self, page: Page, drafts: list[Draft]) -> None:
        self._words, self._gaps = page.words, page.gaps
        self._begin = {draft.first: draft.kind for draft in drafts if draft.key is not None}
        self._finish = {draft.last for draft in drafts if draft.key is not None}

    def left(self, first: int) -> tuple[str, str]:
        """The class of what stands before word `first`, and of the word before that."""
        if not first:
            return "start", ""
        previous, gap = self._words[first - 1], self._gaps[first]
        if gap != " ":
            return self._left_of_mark(first, gap_class(gap)), ""
        if previous.tail:
            return "possessive", previous.before
        return previous.before, self._second_left(first)

    def _left_of_mark(self, first: int, mark: str) -> str:
        before = self._words[first - 1].before
        if mark == "stop":
            return before if before in {"title", "initial"} else "start_place" if first - 1 in self._finish else "start"
        if mark == "comma":
            return "comma_place" if first - 1 in self._finish else "comma"
        return before + "_open" if mark == "open" else mark

    def _second_left(self, first: int) -> str:
        if first < 2:
            return ""
        if self._gaps[first - 1] != " ":
            return "mark"
        return "place" if first - 2 in self._finish else self._words[first - 2].before

    def right(self, last: int, *, dot: bool) -> tuple[str, str]:
        """The class of what follows word `last` (and its dot), and of the word after that."""
        words = self._words
        if last + 1 == len(words):
            return "end", ""
        following, gap = words[last + 1], self._gaps[last + 1][dot:]
        if words[last].tail:
            return "possessive", following.after if gap == " " else "mark"
        if gap == " ":
            return following.after, self._second_right(last + 1)
        return self._right_of_mark(last + 1, gap_class(gap), gap), ""

    def _right_of_mark(self, following: int, mark: str, gap: str) -> str:
        word = self._words[following]
        if mark == "comma":
            kind = self._begin.get(following)
            return "comma" if kind is None else "comma_parent" if kind in PARENTS else "comma_place"
        if mark == "hyphen":
            return "hyphen_" + word.after
        if mark == "open":
            return "dateline" if "(" in gap and word.capital else "open"
        return "end" if mark == "stop" else mark

    def _second_right(self, following: int) -> str:
        words, gaps = self._words, self._gaps
        if following + 1 >= len(words):
            return "end"
        if gaps[following + 1] != " ":
            return "mark"
        return "place" if following + 1 in self._begin else words[following + 1].after


_GAPS: dict[str, str] = {}


def gap_class(gap: str) -> str:
    r"""The class of what stands between two words.

    >>> [gap_class(gap) for gap in (", ", ". ", " (", "-", "\n\n")]
    ['comma', 'stop', 'open', 'hyphen', 'start']
    """
    known = _GAPS.get(gap)
    if known is None:
        known = _read_gap(gap)
        if len(_GAPS) < 10_000:
            _GAPS[gap] = known
    return known


def _read_gap(gap: str) -> str:
    if "\n" in gap and gap.strip(" ") != "\n":
        return "start"
    bare = gap.strip()
    if not bare:
        return "space"
    if bare[0] in ".!?":
        return "stop"
    for name, marks in (
        ("comma", ","),
        ("hyphen", "-‑"),
        ("dash", "—–/�"),
        ("stop", ";:"),
        ("close", ")]”"),
        ("open", "([“‘\"'"),
    ):
        if bare[0] in marks:
            return name
    return "mark"


_OPEN_LEFT = frozenset({"Generic", "Organisation", "First", "Capital", "title", "initial", "hyphen"})
_OPEN_RIGHT = frozenset(
    {"Adm", "Water", "Land", "Street", "Facility", "Organisation", "Sports", "Surname", "First", "Capital"}
)


def _slots(page: Page, draft: Draft, before: tuple[str, str], after: tuple[str, str], persons: set[str]) -> Slots:
    first, last, _, _, kind, _, alternate = draft
    word = page.words[first]
    (left, left2), (right, right2) = before, after
    run = _RUNS[left in _OPEN_LEFT, right in _OPEN_RIGHT]
    if first != last:
        shape = _shape(page.raw[page.starts[first] : page.ends[last]], shouted=page.shouted)
        return Slots(
            kind, alternate, "phrase", left, left2, right, right2, shape, run, "", "", str(min(last - first + 1, 4))
        )
    return Slots(
        kind, alternate, word.classes, left, left2, right, right2,
        "shouted" if page.shouted else word.shape, run, "lower" if word.folded in page.texts else "",
        "person" if word.folded in persons else "", "1",
    )  # fmt: skip


_RUNS = {(left, right): f"{left:d}{right:d}" for left in (False, True) for right in (False, True)}


def _spotted(page: Page, draft: Draft, slots: Slots, score: float) -> Spotted:
    start, end = page.starts[draft.first], page.ends[draft.last] - page.words[draft.last].tail + draft.dot
    text = page.raw[start:end]
    folded = page.words[draft.first].folded if draft.first == draft.last and not draft.dot else fold(text)
    name = folded if draft.generic or draft.key is None else ""
    return Spotted(start, end, text, folded, draft.kind, (draft.key, draft.generic, name), draft, slots, score)


def _shape(text: str, *, shouted: bool) -> str:
    return "shouted" if shouted else shape(text)
