"""Candidate toponyms: every span that the gazetteer or its form says may name a place, with what speaks for it.

Each candidate carries slots, one class a slot ("left": the class of the word before it, ...). The scorer knows the
slots and never the words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from stream_app.core.places import place_words
from stream_app.core.places.beside import after, before, gap_class, left_of_mark, right_of_mark
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
from stream_app.core.places.scorer import Form, Scorer, Slots
from stream_app.core.remembered import Remembered

LISTED, LISTED_FACILITY = 1.5, 3.0
"""Log-odds of `_prior`; governments' seats are rarely annotated, so the corpora teach against them."""

OPENING_WORD = -2.0
"""Log-odds of an English word that opens a sentence: it is hardly ever a place."""

LONGEST = 48
"""Names longer than this are not looked for, in characters."""

_LONGEST_PAIR = 100
"""Two words of more characters come once, and are not remembered."""

PARENTS = frozenset({"country", "adm1", "abbrev", "postal", "acronym"})
_NO_PLACE_AFTER = place_words.words_of("word is prep and verb adv Common")
_LISTED = SUPPLEMENT | POSTAL | ACRONYM | DEMONYM | COMMON_WORD
_INNER_MARKS = frozenset("-.&,/")
_REMEMBERED = 100_000
UNKNOWN_AFTER = place_words.words_of(
    "the of and comma comma_place to in at from near between move live settlement compass for mark"
)
"""What stands before a capitalised row that may be a place unknown to the gazetteer; elsewhere it hardly is one."""


_new = tuple.__new__
"""Makes a named tuple of a tuple, several times as fast as its own constructor."""

NameKey = tuple[int | None, str, str]
"""The gazetteer's key, the class of the generic noun and, where the key alone does not say it, the folded text."""


class KnownName:
    """What the gazetteer says of a name: the class of its best known entry, and whether it is but an alternate name.

    `prior` speaks for it whatever stands around it, in log-odds; `forms` are those of the word by itself.
    """

    __slots__ = ("alternate", "forms", "kind", "prior")

    def __init__(self, kind: str, alternate: str, prior: float) -> None:
        self.kind, self.alternate, self.prior = kind, alternate, prior
        self.forms: dict[tuple[str, str, str], Form] = {}


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
    name: KnownName | None = None


@dataclass(slots=True)
class Spotted:
    """A span that may be a toponym, with the scorer's log-odds that it is; mentions with one `key` are one name.

    `left` to `run` are the classes of what stands around it, "" where the scorer has not looked, as it has where there
    is a `form`.
    """

    start: int
    end: int
    text: str
    folded: str
    kind: str
    key: NameKey
    draft: Draft
    score: float = 0.0
    left: str = ""
    left2: str = ""
    right: str = ""
    right2: str = ""
    run: str = ""
    form: Form | None = None

    @property
    def slots(self) -> Slots:
        """All that the scorer knows of it, for training."""
        assert self.form is not None, "the scorer has not looked"
        return self.form.slots(self.left, self.left2, self.right, self.right2, self.run)


class Spotter:
    """Finds candidates with one gazetteer; remembers the kinds of names it has met."""

    def __init__(self, gazetteer: Gazetteer, scorer: Scorer) -> None:
        self._gazetteer = gazetteer
        self._scorer = scorer
        self._names: dict[int, KnownName] = {}
        self._pairs: dict[str, bool] = {}
        self._listed = Remembered(self._key_of)

    def spot(self, page: Page, persons: set[str], floor: float) -> list[Spotted]:
        """Every candidate of the page that scores more than `floor`; spans may overlap."""
        drafts = self._drafts(page)
        around = _Surroundings(page, drafts)
        drafts += self._unknown(page, drafts, around)
        form_of, score_of, left_of, right_of = self._form, self._scorer.score, around.left, around.right
        found = []
        for draft in drafts:
            first, last, dot, _, _, _, name = draft
            left, left2 = left_of(first)
            right, right2 = right_of(last, dot)
            run = _RUNS[left in _OPEN_LEFT, right in _OPEN_RIGHT]
            form = form_of(page, draft, persons)
            score = score_of(form, left, left2, right, right2, run)
            if name is not None:
                if name.prior:
                    score += name.prior
                elif left == "start" and form.is_word and right in _NO_PLACE_AFTER:
                    score += OPENING_WORD
            if score > floor:
                spotted = _spotted(page, draft, score)
                spotted.left, spotted.left2, spotted.right, spotted.right2 = left, left2, right, right2
                spotted.run, spotted.form = run, form
                found.append(spotted)
        return found

    def _unknown(self, page: Page, drafts: list[Draft], around: _Surroundings) -> list[Draft]:
        """Rows of capitals that are no other draft, where a place unknown to the gazetteer may stand."""
        known = {draft[:2] for draft in drafts if draft[0] != draft[1]}
        gaps, left_of = page.gaps, around.left
        found = []
        for first, last in _runs(page):
            if first != last and (first, last) in known:
                continue
            if left_of(first)[0] not in UNKNOWN_AFTER and (
                "," not in gaps[last + 1] or around.right(last, False)[0] != "comma_parent"
            ):
                continue
            found.append(_new(Draft, (first, last, False, self._parted(page, first, last), "unknown", "", None)))
        return found

    def _parted(self, page: Page, first: int, last: int) -> int | None:
        """The key of the name after a point of the compass, of which the row is a part: "South Venezuela"."""
        if last == first or page.words[first].folded not in place_words.COMPASS:
            return None
        if last == first + 1:
            return page.words[last].key
        return self._listed[fold(page.raw[page.starts[first + 1] : page.ends[last]])]

    def _key_of(self, folded: str) -> int | None:
        """The key of a name that any entry bears."""
        key = self._gazetteer.trie.get(folded)
        return key if key is not None and self._gazetteer.size(key) > 0 else None

    def _form(self, page: Page, draft: Draft, persons: set[str]) -> Form:
        """The candidate by itself, as the scorer knows it."""
        first, last, _, _, kind, _, name = draft
        alternate = "" if name is None else name.alternate
        if first != last:
            looks = "shouted" if page.shouted else shape(page.raw[page.starts[first] : page.ends[last]])
            return self._scorer.form(kind, alternate, "phrase", looks, "", "", _size(page, first, last))
        word = page.words[first]
        traits = (
            "shouted" if page.shouted else word.shape,
            "lower" if word.classes[0] == "c" and page.writes(word.folded) else "",
            "person" if word.folded in persons else "",
        )
        if name is None:
            return self._scorer.form(kind, alternate, word.classes, *traits, "1")
        known = name.forms.get(traits)
        if known is None:
            known = name.forms[traits] = self._scorer.form(kind, alternate, word.classes, *traits, "1")
        return known

    def name(self, key: int) -> KnownName:
        """What is known of a name, remembered."""
        known = self._names.get(key)
        if known is None:
            if len(self._names) > _REMEMBERED:
                self._names.clear()
            kind, alternate = _kind(self._gazetteer, key)
            known = self._names[key] = KnownName(kind, alternate, _prior(self._gazetteer.flags[key], kind))
        return known

    def _drafts(self, page: Page) -> list[Draft]:
        """Every span that the gazetteer knows or that its form makes a name, each once."""
        singles: list[Draft] = []
        others: dict[tuple[int, int, bool], Draft] = {}
        words, gaps, names = page.words, page.gaps, self._names
        for number in page.capitals:
            word = words[number]
            if word.key is not None:
                name = names.get(word.key) or self.name(word.key)
                singles.append(_new(Draft, (number, number, False, word.key, name.kind, "", name)))
            if word.marks and self._goes_on(page, number):
                others.update((draft[:3], draft) for draft in self._longer(page, number))
            if gaps[number] == "-" and number and words[number - 1].folded in place_words.ARTICLES:
                others.update((draft[:3], draft) for draft in self._longer(page, number - 1))
            if word.forms:
                for draft in self._formed(page, number):
                    others.setdefault(draft[:3], draft)
        return [*singles, *others.values()]

    def _formed(self, page: Page, number: int) -> Iterator[Draft]:
        """Spans that their form makes a name: a generic noun at the end, or a numbered road."""
        if page.words[number].generic:
            yield from self._extended(page, number)
        if page.words[number].folded in place_words.ROADS:
            yield from _road(page, number)

    def _goes_on(self, page: Page, number: int) -> bool:
        """Whether a name of several words may begin here: the gazetteer knows one with these two, or a mark follows."""
        gap, word = page.gaps[number + 1], page.words[number]
        if word.tail:
            return "'" in word.marks
        if gap == " ":
            return number + 1 < len(page.words) and self._begins(f"{word.folded} {page.words[number + 1].folded}")
        if gap[:1] == " ":
            link = gap[1 : gap.find(" ", 1)]
            return link in place_words.LINKS and self._begins(f"{word.folded} {link}")
        return gap[:1] in _INNER_MARKS and (" " if gap[0] == "-" else gap[0]) in word.marks

    def _begins(self, pair: str) -> bool:
        """Whether a name begins with these two words, remembered."""
        known = self._pairs.get(pair)
        if known is None:
            if len(self._pairs) > _REMEMBERED:
                self._pairs.clear()
            known = self._gazetteer.has_prefix(pair)
            if len(pair) <= _LONGEST_PAIR:
                self._pairs[pair] = known
        return known

    def _longer(self, page: Page, first: int) -> Iterator[Draft]:
        """Names of the gazetteer that begin with word `first` and go on after it."""
        start, raw = page.starts[first], page.raw
        last, ends = first, page.ends
        shortest = len(page.words[first].text)
        for name, key in self._gazetteer.prefixes(fold(raw[start : start + LONGEST])):
            if len(name) <= shortest:
                continue
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
                known = self.name(key)
                yield Draft(first, last, dot, key, known.kind, "", known)

    def _extended(self, page: Page, last: int) -> Iterator[Draft]:
        """Spans that end in the generic noun at `last`: "Orange County"; from any of three words before it."""
        kind = page.words[last].generic
        folded = ""
        for first in range(last - 1, max(-1, last - 4), -1):
            if first + 1 not in page.joined:
                return
            folded = page.words[first].folded + page.gaps[first + 1] * bool(folded) + folded
            key = self._listed[folded]
            dot = page.gaps[last + 1][:1] == "." and page.words[last].folded in place_words.ABBREVIATED
            yield Draft(first, last, dot, key, f"ext_{kind}" if key is None else f"ext_{kind}+", kind)


def _kind(gazetteer: Gazetteer, key: int) -> tuple[str, str]:
    postings = gazetteer.postings(key, 8)
    index, alternate = max(postings, key=lambda item: gazetteer.population(item[0]) * (0.05 if item[1] else 1.0))
    own = "alternate" if alternate else ""
    flags = gazetteer.flags[key]
    if flags & POSTAL:
        return ("postal" if flags & ACRONYM else "abbrev"), ""
    if flags & DEMONYM and any(gazetteer.entry(other).feature_class in "AL" for other, _ in postings):
        return "demonym", ""
    if flags & ACRONYM:
        return "acronym", own
    best = gazetteer.entry(index)
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


def _runs(page: Page) -> list[tuple[int, int]]:
    """Unbroken rows of one to four capitalised words, no single names of the gazetteer: names that it may not know."""
    found, first, joined, words = [], 0, page.joined, page.words
    for number in page.capitals:
        if number not in joined:
            first = number
        if number + 1 in joined:
            continue
        if first == number:
            word = words[number]
            if word.key is None and word.folded not in place_words.NEVER:
                found.append((first, number))
        elif number - first <= _LONGEST_ROW:
            found.append((first, number))
    return found


_LONGEST_ROW = 3
"""Words after the first."""


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
        self._begin = {draft[0]: draft[4] for draft in drafts if draft[3] is not None}
        self._finish = {draft[1] for draft in drafts if draft[3] is not None}

    def left(self, first: int) -> tuple[str, str]:
        """The class of what stands before word `first`, and of the word before that."""
        gap = self._gaps[first]
        side = None if len(gap) < _WORDY else before(gap)
        if side is not None:
            near, far, _ = side
            return near, self._word_left(first - 1) if far is None else far
        if not first:
            return "start", ""
        previous = self._words[first - 1]
        if gap != " ":
            return self._left_of_mark(first, gap_class(gap)), ""
        if previous.tail:
            return "possessive", previous.before
        return previous.before, self._second_left(first - 1)

    def _left_of_mark(self, first: int, mark: str) -> str:
        left = left_of_mark(self._words[first - 1].before, mark)
        return left + "_place" if left in _PLACED_LEFT and first - 1 in self._finish else left

    def _second_left(self, second: int) -> str:
        """The class of what stands before word `second`, which stands next to the candidate."""
        gap = self._gaps[second]
        if gap == " ":
            return self._word_left(second - 1)
        side = before(gap)
        if side is None:
            return "mark" if second else ""
        return "mark" if not side.plain else (side.far or "") if side.near == "possessive" else side.near

    def _word_left(self, number: int) -> str:
        if number < 0:
            return ""
        return "place" if number in self._finish else self._words[number].before

    def right(self, last: int, dot: bool) -> tuple[str, str]:  # noqa: FBT001  # called for every candidate; a keyword costs
        """The class of what follows word `last` (and its dot), and of the word after that."""
        gap = self._gaps[last + 1][dot:]
        side = None if len(gap) < _WORDY else after(gap)
        if side is not None:
            near, far, plain = side
            if self._words[last].tail:
                return "possessive", near if plain else "mark"
            return near, self._word_right(last + 1) if far is None else far
        if last + 1 == len(self._words):
            return "end", ""
        following = self._words[last + 1]
        if self._words[last].tail:
            return "possessive", following.after if gap == " " else "mark"
        if gap == " ":
            return following.after, self._second_right(last + 2)
        return self._right_of_mark(last + 1, gap_class(gap), gap), ""

    def _right_of_mark(self, following: int, mark: str, gap: str) -> str:
        word = self._words[following]
        if mark == "comma":
            kind = self._begin.get(following)
            return "comma" if kind is None else "comma_parent" if kind in PARENTS else "comma_place"
        if mark == "open":
            return "dateline" if "(" in gap and word.capital else "open"
        return right_of_mark(word.after, mark)

    def _second_right(self, beyond: int) -> str:
        """The class of what follows the word before gap `beyond`, which follows the candidate."""
        gap = self._gaps[beyond]
        if gap == " ":
            return self._word_right(beyond)
        side = after(gap)
        if side is None:
            return "mark" if beyond < len(self._words) else "end"
        return side.near if side.plain else "mark"

    def _word_right(self, number: int) -> str:
        if number == len(self._words):
            return "end"
        return "place" if number in self._begin else self._words[number].after


_WORDY = 3
"""Shorter gaps hold no word between their marks, in characters."""

_PLACED_LEFT = frozenset({"start", "comma"})


_OPEN_LEFT = frozenset({"Generic", "Organisation", "First", "Capital", "title", "initial", "hyphen"})
_OPEN_RIGHT = frozenset(
    {"Adm", "Water", "Land", "Street", "Facility", "Organisation", "Sports", "Surname", "First", "Capital"}
)


def _size(page: Page, first: int, last: int) -> str:
    """How many words the span has, four or more being the same."""
    if last == first + 1 and page.gaps[last] == " ":
        return "2"
    return str(min(page.count(first, last), 4))


def _prior(flags: int, kind: str) -> float:
    """What we know and the corpora are too small to teach: names of our own tables are places."""
    listed = flags & _LISTED
    if listed & SUPPLEMENT and kind == "facility":
        return LISTED_FACILITY
    return LISTED if listed == SUPPLEMENT else 0.0


_RUNS = {(left, right): f"{left:d}{right:d}" for left in (False, True) for right in (False, True)}


def _spotted(page: Page, draft: Draft, score: float) -> Spotted:
    first, last, dot, key, kind, generic, _ = draft
    word, start = page.words[first], page.starts[first]
    if first == last and not dot:
        end, text, folded = start + len(word.text), word.text, word.folded
    else:
        end = page.ends[last] - page.words[last].tail + dot
        text = page.raw[start:end]
        folded = fold(text)
    name = folded if generic or key is None else ""
    return Spotted(start, end, text, folded, kind, (key, generic, name), draft, score)
