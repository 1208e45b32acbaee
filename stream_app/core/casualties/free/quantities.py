"""Numbers in a sentence: digits, words, scales, vague words, ranges, and what stands before and after them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, cast

from stream_app.core.casualties.free.words import Words
from stream_app.core.events import Qualifier
from stream_app.core.language.numerals import MAX_PERSONS, digits_value

_SCALE_OF: Final = {"tens": 10, "dozens": 12, "hundreds": 100, "thousands": 1000, "millions": 1_000_000}
_DASHES: Final = frozenset("-–—")
_LONGEST: Final = 8
_MOST_BEFORE: Final = 3
_TO_CHANGE: Final = 4
"""Words between a verb of change and the number that it leads to."""
_PLAINLY_MANY: Final = 1000
_YEARS: Final = range(1800, 2100)
_BEFORE: Final = frozenset({"qualifier", "more"})
_PIECES: Final = frozenset({"cardinal", "of_people", "group", "scale", "vague"})
_ALONE: Final = frozenset({"digits", "cardinal", "of_people"})
"""Parts that are most often the whole number."""
_GOING_ON: Final = _PIECES | {"joint"}


class Quantity(NamedTuple):
    """A number of something in words `[start, end)`; `of_people` marks number words that count nobody else.

    `number_at` is where the number itself begins, behind its qualifier; `one` that it is a word for one.
    """

    low: int
    high: int | None
    qualifier: Qualifier
    start: int
    end: int
    number_at: int
    of_people: bool = False
    one: bool = False


class _Number(NamedTuple):
    low: float
    high: float | None
    end: int
    form: str = "exact"
    of_people: bool = False


class Numbers:
    """Reads the quantity that begins at a word; `convention` says what vague words mean."""

    def __init__(self, convention: Mapping[str, int]) -> None:
        self._convention = convention

    def __call__(self, words: Words, start: int) -> Quantity | None:
        """The quantity that begins at `start`, with its qualifier, or None."""
        at, qualifier = (start, None) if words.says[start].isdisjoint(_BEFORE) else self._before(words, start)
        if (found := words.look(at, "range_from")) is not None and (pair := self._range(words, start, found[1])):
            return pair
        number = self.number(words, at)
        if number is None:
            return None
        if (second := self._second(words, number)) is not None:
            low = _scaled_like(words, at, number, second)
            if number.low % 1 and low == int(number.low):
                return None  # "by 1.5 to 2 degrees"
            return Quantity(low, int(second.low), "range", start, second.end, at, number.of_people)
        if (last := self._risen(words, number)) is not None:
            return Quantity(int(last.low), int(last.low), "exact", start, last.end, number.end, last.of_people)
        if qualifier == "at_most" and any(words.has(k, "change") for k in range(max(0, start - _TO_CHANGE), start)):
            qualifier = None  # "rose thereby to 12 dead": a language may have one word for "to" and "up to"
        return self._qualified(words, start, at, number, qualifier)

    def _risen(self, words: Words, first: _Number) -> _Number | None:
        """The second of two numbers whose endings say "from" and "to", where a verb of change stands."""
        if words.pack.order != "object_first" or first.form != "exact" or "change" not in words.said:
            return None
        second = self.number(words, first.end)
        return second if second is not None and second.form == "exact" else None

    @staticmethod
    def _before(words: Words, at: int) -> tuple[int, Qualifier | None]:
        """Past small words and qualifiers in front of a number."""
        qualifier: Qualifier | None = None
        for _ in range(_MOST_BEFORE):
            if (found := words.look(at, "qualifier")) is not None:
                qualifier, at = qualifier or found[0], found[1]
            elif (found := words.look(at, "more")) is not None and not words.texts[at][0].isdigit():
                at = found[1]
            elif qualifier is not None and words.has(at, "determiner") and not words.has(at, "cardinal"):
                at += 1
            else:
                break
        return at, qualifier

    def _range(self, words: Words, start: int, at: int) -> Quantity | None:
        """As in "between 10 and 15"."""
        first = self.number(words, at)
        if first is None:
            return None
        to = words.look(first.end, "range_to")
        joined = words.has(first.end, "and") or words.has(first.end, "change")
        joint = to[1] if to is not None else first.end + 1 if joined else None
        if joint is None:
            return None
        joint, qualifier = self._before(words, joint)
        second = self.number(words, joint)
        if second is None or second.low == first.low:
            return None
        if second.low < first.low or ("change" in words.said and self._is_change(words, start, first.end)):
            low = int(second.low)
            return Quantity(low, low, "exact", start, second.end, joint, second.of_people)
        high = None if qualifier == "at_least" else int(second.low)
        return Quantity(_scaled_like(words, at, first, second), high, "range", start, second.end, at, first.of_people)

    @staticmethod
    def _is_change(words: Words, start: int, to: int) -> bool:
        """As in "rose from three to five", where a word before or between says that it is no range."""
        return words.has(to, "change") or any(words.has(k, "change") for k in range(max(0, start - 2), start))

    def _second(self, words: Words, first: _Number) -> _Number | None:
        """The second number of a range: "10-15", "10 bis 15", "five or six"."""
        if first.form != "exact" or first.end >= words.size:
            return None
        to = words.look(first.end, "range_to")
        if to is None and words.texts[first.end] not in _DASHES and not words.has(first.end, "or"):
            return None
        after = to[1] if to is not None else first.end + 1
        second = self.number(words, after)
        if second is None or second.form != "exact" or second.low <= first.low:
            return None
        years = words.has(first.end, "and") and all(_is_year(words, k) for k in (first.end - 1, second.end - 1))
        return None if years else second

    def _qualified(
        self, words: Words, start: int, at: int, number: _Number, qualifier: Qualifier | None
    ) -> Quantity | None:
        low, end = round(number.low), number.end
        if not 0 <= low <= MAX_PERSONS or (number.low % 1 and number.low < _PLAINLY_MANY):
            return None
        if (after := words.look(end, "qualifier_after")) is not None:
            qualifier, end = after
        one = low == 1 and number.form == "exact" and words.is_word(at)
        if number.form == "vague":
            return Quantity(low, None, "vague", start, end, at, number.of_people)
        if number.form == "bounded":
            return Quantity(low, round(cast("float", number.high)), "range", start, end, at, number.of_people)
        floor = min(1, low) if qualifier == "at_most" else low
        ceiling = None if qualifier == "at_least" else low
        told = qualifier or ("about" if number.form == "group" else "exact")
        return Quantity(floor, ceiling, told, start, end, at, number.of_people, one)

    def number(self, words: Words, at: int) -> _Number | None:
        """The bare number that begins at a word, or None."""
        if not 0 <= at < words.size:
            return None
        says = words.says[at]
        if "vague" in says and (vague := self._vague(words, at)) is not None:
            return vague
        if "bounded" in says and (bounded := self._bounded(words, at)) is not None:
            return bounded
        return self._exact(words, at)

    def _vague(self, words: Words, at: int) -> _Number | None:
        """As in "dozens", "several hundred", "hundreds of thousands"."""
        found = words.look(at, "vague")
        if found is None:
            return None
        name, end = found
        low = float(self._convention[name])
        if (more := self._multiplier(words, end)) is not None:
            factor, end = more
            low *= factor
        elif (words.has(end, "and") or words.has(end, "or")) and words.look(
            end + 1, "vague"
        ) is not None:  # "tens and hundreds of"
            end = words.look(end + 1, "vague")[1]  # type: ignore[index]
        return _Number(low, None, end, "vague")

    @staticmethod
    def _multiplier(words: Words, at: int) -> tuple[int, int] | None:
        """The thousand in "tens of thousands"."""
        while words.has(at, "of") or words.has(at, "determiner"):
            at += 1
        if (scale := words.look(at, "scale")) is not None:
            return scale
        vague = words.look(at, "vague")
        return (_SCALE_OF[vague[0]], vague[1]) if vague is not None and vague[0] in _SCALE_OF else None

    @staticmethod
    def _bounded(words: Words, at: int) -> _Number | None:
        found = words.look(at, "bounded")
        if found is None:
            return None
        (low, high), end = found
        if (scale := words.look(end, "scale")) is not None:
            return _Number(low * scale[0], high * scale[0], scale[1], "bounded")
        return _Number(low, high, end, "bounded")

    def _exact(self, words: Words, at: int) -> _Number | None:
        """Digits or number words with their scales: "1 mn 577 thousand", "two hundred and five"."""
        first = self._piece(words, at)
        if first is None:
            return None
        what, value, end = first
        if what in _ALONE and not self._goes_on(words, end):
            return _Number(value, None, end, "exact", what == "of_people")
        total = current = 0.0
        scale_at, form, of_people, end, before = float("inf"), "exact", False, at, ""
        for _ in range(_LONGEST):
            joined = end > at and words.look(end, "joint") is not None
            after_joint = end + joined
            if joined and words.has(after_joint, "determiner"):  # "the eight and the twenty"
                after_joint += 1
            piece = self._piece(words, after_joint)
            if piece is None:
                break
            what, value, after = piece
            if value >= scale_at or not _is_next(before, what, current, value, joined=joined):
                break
            if what == "scale":
                total, current, scale_at = total + (current or 1) * value, 0.0, value
            else:
                current = current * value if what == "group" and current else current + value
                form = "group" if what == "group" else form
                of_people = of_people or what == "of_people"
            end, before = after, what
        if before == "group" and current % 1 and (more := self._multiplier(words, end)) is not None:
            return _Number(current * more[0], None, more[1])  # "one and a half hundred"
        return None if end == at else _Number(total + current, None, end, form, of_people)

    @staticmethod
    def _goes_on(words: Words, at: int) -> bool:
        """Whether a word may be part of the number before it."""
        return not words.says[at].isdisjoint(_GOING_ON) or (at < words.size and words.entries[at].digits)

    @staticmethod
    def _piece(words: Words, at: int) -> tuple[str, float, int] | None:
        """One part of a number, what it is, and where it ends."""
        if at >= words.size:
            return None
        if words.entries[at].digits:
            value = _digits(words, at)
            return None if value is None else ("digits", value, at + 1)
        if words.says[at].isdisjoint(_PIECES):
            return None
        for table in ("cardinal", "of_people", "group", "scale"):
            if (found := words.look(at, table)) is not None:
                return table, float(found[0]), found[1]
        if (found := words.look(at, "vague")) is not None and found[0] in _SCALE_OF:  # behind a number: "duas centenas"
            return "group", float(_SCALE_OF[found[0]]), found[1]
        return None


def _is_year(words: Words, k: int) -> bool:
    """As in "born in 1961 and 1984": four digits together."""
    return words.texts[k].isdecimal() and int(words.texts[k]) in _YEARS


def _digits(words: Words, at: int) -> float | None:
    """The value of digits, with an ending that numbers may have ("5-ти")."""
    digits, _, ending = words.texts[at].partition("-")
    return None if ending and ending not in words.pack.endings else digits_value(digits)


def _scaled_like(words: Words, at: int, first: _Number, second: _Number) -> int:
    """The lower bound of "2 to 3 million", which is in millions, too."""
    if any(words.has(k, "scale") for k in range(at, first.end)):
        return int(first.low)
    scale = 1
    for k in range(first.end, second.end):
        if (found := words.look(k, "scale")) is not None:
            scale *= found[0]
    return int(first.low * scale) if first.low * scale < second.low else int(first.low)


def _is_next(before: str, what: str, number: float, value: float, *, joined: bool) -> bool:
    """Whether a part of this value may follow the parts that make `number` since the last scale."""
    if what == "scale":
        return not joined
    if what == "group" and number:  # "une vingtaine", "zwei Dutzend"
        return before == "cardinal" and not joined
    return not number or ("digits" not in {what, before} and _goes_on(number, value, joined=joined))


def _goes_on(number: float, value: float, *, joined: bool) -> bool:
    """Whether a number word goes on with a number: "twenty" "three"; with a joint also "three" and "twenty"."""
    place = next((p for p in (1, 10, 100) if number % (10 * p)), 1000)
    return 1 <= value < place or (joined and 0 < number % 100 < 10 and value % 10 == 0 and 20 <= value < 100)
