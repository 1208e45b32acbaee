"""When an event happened, in whole days since 1970-01-01, as far as its words and the day of publication say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, Literal

from stream_app.core.language.tables import USUAL, table

Precision = Literal["day", "published", "unknown"]

_EPOCH = date(1970, 1, 1).toordinal()
_OLDEST_DAYS = 30  # a date further back than this is history, not the news of the day
_REPORTED_WITHIN_DAYS = 3  # what is news today happened in the last days
_TOLD_WITHIN_DAYS = 8  # "a week ago" is still of the event that everybody tells
_DEGREES_AN_HOUR = 15
_STEM = 3  # letters that tell a month
_BEFORE = 60  # characters before a day that may say what it is the day of
_SHORT = 4  # letters of months that may have a dot, though they are whole: "June."


@dataclass(frozen=True, slots=True)
class When:
    """The event happened on one of the days `first..last` (days since 1970-01-01, both ends included).

    `precision`: "day" when the text names the day; "published" when only the day of publication bounds it; "unknown"
    when not even that is known (then both ends are None).
    """

    first: int | None
    last: int | None
    precision: Precision


def published_day(published_at: str | None, lon: float | None = None) -> int | None:
    """The day number of an RFC 3339 time, in UTC, or by the sun where a longitude is given.

    Midnight is what a source writes that knows the day only: it is that day everywhere.

    >>> published_day("1970-01-02T23:00:00Z"), published_day("1970-01-02T23:00:00Z", 96.1)
    (1, 2)
    """
    if published_at is None:
        return None
    when = datetime.fromisoformat(published_at).astimezone(UTC)
    if lon is not None and (when.hour, when.minute, when.second) != (0, 0, 0):
        when += timedelta(hours=round(lon / _DEGREES_AN_HOUR))
    return when.toordinal() - _EPOCH


@lru_cache(maxsize=1 << 12)
def day_name(day: int) -> str:
    """The ISO date of a day number.

    >>> day_name(1)
    '1970-01-02'
    """
    return date.fromordinal(day + _EPOCH).isoformat()


def day_number(name: str | None) -> int | None:
    """The day number of an ISO date, the inverse of `day_name`.

    >>> day_number("1970-01-02")
    1
    """
    return None if name is None else date.fromisoformat(name).toordinal() - _EPOCH


def event_time(sentences: Iterable[str], published: int | None, today: int | None = None) -> When:
    """When the event that `sentences` tell of happened: the first expression of time that names a recent day.

    Weekdays are read as the last such day up to the day of publication. `sentences` come most telling first. `today`
    is the day of publication where it happened: "today" is that day, and a weekday may be, where it begins earlier.

    >>> monday = published_day("2022-02-28T17:00:00Z")
    >>> day_name(event_time(["Shells fell on Sunday."], monday).first)
    '2022-02-27'
    >>> event_time(["Shells fell."], None)
    When(first=None, last=None, precision='unknown')
    """
    for sentence in sentences:
        for first, last in _CALENDAR.days(sentence, published, today):
            return When(first, last, "day")
    if published is None:
        return When(None, None, "unknown")
    return When(published - _REPORTED_WITHIN_DAYS, published, "published")


def days_in(sentence: str, published: int | None) -> Iterator[tuple[int, int]]:
    """The first and last day of each recent day that a sentence names as that of an event, in reading order.

    >>> monday = published_day("2022-02-28T17:00:00Z")
    >>> [day_name(first) for first, _ in days_in("Shells fell on Sunday, police said on Monday.", monday)]
    ['2022-02-27']
    """
    return _CALENDAR.days(sentence, published)


def is_gone(sentence: str, at: int, published: int | None) -> bool:
    """Whether what stands at `at` in a sentence is dated more than a week before the day of publication.

    Its date is the first that follows, else the last before it.

    >>> april = published_day("2025-04-02T08:00:00Z")
    >>> is_gone("The club where 23 died on March 16 stays shut.", 15, april)
    True
    >>> is_gone("Two were shot on Monday by a man freed on March 16.", 0, april), is_gone("23 died.", 0, april)
    (False, False)
    """
    if published is None:
        return False
    named = list(_CALENDAR.named(sentence, published))
    behind = (last for start, _, last in named if start >= at)
    day = next(behind, named[-1][2] if named else published)
    return day < published - _TOLD_WITHIN_DAYS


class Calendar:
    """How a language names days: the expressions for them, made of its table `calendar`."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._months = [name[:_STEM] for name in words["months"].split()]
        self._weekdays = words["weekdays"].split()
        self._relative: Mapping[str, Sequence[int]] = words["relative_days"]
        self._hints = (*words["hints"], *self._months)
        self._expression = self._expressions(words)
        said, by_day = rf"{_any(words['not_of_the_event'])}|{words['told']} \w+", _any(words["before_a_day"])
        moved = rf"(?:{_any(words['moved'])})\b[^.;]{{0,24}}"  # the toll rose to 2 on Sunday
        self._not_of_the_event = re.compile(
            rf"\b(?:(?:{said})[:,]?|{moved}(?= (?:{by_day})))(?: (?:{by_day}))* $", re.IGNORECASE
        )

    def _expressions(self, words: Mapping[str, Any]) -> re.Pattern[str]:
        """Dates ("June 3rd, 2022", "3 June"), weekdays, and days told from that of publication ("last night")."""
        short = [name for name in words["months"].split() if len(name) == _SHORT] + words["months_short"].split()
        month = rf"(?:{'|'.join(words['months'].split())}|(?:{'|'.join(short)})\.?)"
        ordinal, year = rf"(?:{_any(words['ordinals'])})?", r"(?:19|20)\d\d"
        begins = "".join(sorted({name[0] for name in (*self._months, *self._weekdays, *self._relative)}))
        return re.compile(
            rf"""\b(?=[\d{begins}])  # how all of them begin: to look first takes an eighth of the time
            (?:
                (?P<month>{month})[ ](?P<day>[0-3]?\d){ordinal}\b(?:,?[ ](?P<year>{year}))?  # June 3rd, 2022
              | (?P<day2>[0-3]?\d){ordinal}[ ](?P<month2>{month})\b(?:,?[ ](?P<year2>{year}))?  # 3 June 2022
              | (?P<weekday>{"|".join(self._weekdays)})\b
                (?!,?[ ](?:{_any(words["up_to"])}|{"|".join(self._months)}|(?:{_any(words["said_then"])})\b)|[ ]\d)
                    # no span, no date, and not when it was said: "officials on Friday lowered"
              | (?P<relative>{"|".join(self._relative).replace(" ", "[ ]")})\b  # last night
            )""",
            re.IGNORECASE | re.VERBOSE,
        )

    def days(self, sentence: str, published: int | None, today: int | None = None) -> Iterator[tuple[int, int]]:
        """The first and last day of each expression of time that names a recent day, in reading order."""
        for _, first, last in self.named(sentence, published, today):
            if published is None or (published - _OLDEST_DAYS <= first and last <= published + 1):
                yield first, last

    def named(self, sentence: str, published: int | None, today: int | None = None) -> Iterator[tuple[int, int, int]]:
        """Where each expression of time stands, and its first and last day, however long ago, in reading order."""
        lower = sentence.lower()
        if not any(map(lower.__contains__, self._hints)):
            return
        for match in self._expression.finditer(sentence):
            if self._not_of_the_event.search(sentence, max(0, match.start() - _BEFORE), match.start()):
                continue
            days = self._resolve(match, published, today)
            if days is not None:
                yield match.start(), *days

    def _resolve(self, match: re.Match[str], published: int | None, today: int | None = None) -> tuple[int, int] | None:
        if match["month"] or match["month2"]:
            return self._date(match, published)
        if published is None:
            return None
        if match["relative"]:
            back_first, back_last = self._relative.get(match["relative"].lower(), (0, 0))
            local = published if today is None else today
            return local - back_first, local - back_last
        return self._last_weekday(match["weekday"], published if today is None else max(published, today))

    def _last_weekday(self, name: str, published: int) -> tuple[int, int]:
        weekday = self._weekdays.index(name.lower())
        back = (date.fromordinal(published + _EPOCH).weekday() - weekday) % 7
        return published - back, published - back

    def _date(self, match: re.Match[str], published: int | None) -> tuple[int, int] | None:
        """A named date; without a year it is the last such date up to the day of publication."""
        month = self._months.index((match["month"] or match["month2"])[:_STEM].lower()) + 1
        number = int(match["day"] or match["day2"])
        year = match["year"] or match["year2"]
        if year:
            day = _day_number(int(year), month, number)
        elif published is None:
            return None
        else:
            this_year = date.fromordinal(published + _EPOCH).year
            day = _day_number(this_year, month, number)
            if day is not None and day > published + 1:
                day = _day_number(this_year - 1, month, number)
        return None if day is None else (day, day)


def _any(words: str) -> str:
    return "|".join(words.split())


def _day_number(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None


_CALENDAR: Final = Calendar(table(USUAL, "calendar"))
"""Texts in every language are read by it: for others nobody has written one."""
