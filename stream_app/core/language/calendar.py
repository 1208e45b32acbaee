"""When an event happened, in whole days since 1970-01-01, as far as its words and the day of publication say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal

Precision = Literal["day", "published", "unknown"]

_EPOCH = date(1970, 1, 1).toordinal()
_OLDEST_DAYS = 30  # a date further back than this is history, not the news of the day
_REPORTED_WITHIN_DAYS = 3  # what is news today happened in the last days
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_BEGIN = r"\b(?=[\djfmasondtwyl])"
"""How all of them begin: to look first takes an eighth of the time."""
_EXPRESSION = re.compile(
    rf"{_BEGIN}(?:{_MONTH} (?P<day>[0-3]?\d)(?:st|nd|rd|th)?\b(?:,? (?P<year>(?:19|20)\d\d))?"
    rf"|(?P<day2>[0-3]?\d)(?:st|nd|rd|th)? {_MONTH.replace('month', 'month2')}\b(?:,? (?P<year2>(?:19|20)\d\d))?"
    r"|(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
    r"(?!,? (?:to|through|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)| \d)"
    r"|(?P<relative>today|tonight|this (?:morning|afternoon|evening)|yesterday|last night|overnight)\b)",
    re.IGNORECASE,
)
_HINTS = ("day", "night", "this ", *_MONTHS)
"""One of them stands in every expression of time, in lower case: to look for them takes a quarter of the time."""
#: What stands before a day on which something was said, or on which something else is due.
_NOT_OF_THE_EVENT = re.compile(
    r"\b(?:said|says|saying|told \w+|announced|confirmed|reported|statement|updated?|posted|published"
    r"|next|every|each|until|by|since)[:,]?(?: on| late| early)* $",
    re.IGNORECASE,
)
_RELATIVE_DAYS = {"yesterday": (1, 1), "last night": (1, 1), "overnight": (1, 0)}


@dataclass(frozen=True, slots=True)
class When:
    """The event happened on one of the days `first..last` (days since 1970-01-01, both ends included).

    `precision`: "day" when the text names the day; "published" when only the day of publication bounds it; "unknown"
    when not even that is known (then both ends are None).
    """

    first: int | None
    last: int | None
    precision: Precision


def published_day(published_at: str | None) -> int | None:
    """The day number of an RFC 3339 time, in UTC.

    >>> published_day("1970-01-02T23:00:00Z")
    1
    """
    if published_at is None:
        return None
    return datetime.fromisoformat(published_at).astimezone(UTC).toordinal() - _EPOCH


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


def event_time(sentences: Iterable[str], published: int | None) -> When:
    """When the event that `sentences` tell of happened: the first expression of time that names a recent day.

    Weekdays are read as the last such day up to the day of publication. `sentences` come most telling first.

    >>> monday = published_day("2022-02-28T17:00:00Z")
    >>> day_name(event_time(["Shells fell on Sunday."], monday).first)
    '2022-02-27'
    >>> event_time(["Shells fell."], None)
    When(first=None, last=None, precision='unknown')
    """
    for sentence in sentences:
        for first, last in _days_named(sentence, published):
            return When(first, last, "day")
    if published is None:
        return When(None, None, "unknown")
    return When(published - _REPORTED_WITHIN_DAYS, published, "published")


def _days_named(sentence: str, published: int | None) -> Iterator[tuple[int, int]]:
    lower = sentence.lower()
    if not any(hint in lower for hint in _HINTS):
        return
    for match in _EXPRESSION.finditer(sentence):
        if _NOT_OF_THE_EVENT.search(sentence, max(0, match.start() - 30), match.start()):
            continue
        named = _resolve(match, published)
        if named is None:
            continue
        if published is None or (published - _OLDEST_DAYS <= named[0] and named[1] <= published + 1):
            yield named


def _resolve(match: re.Match[str], published: int | None) -> tuple[int, int] | None:
    if match["month"] or match["month2"]:
        return _calendar_date(match, published)
    if published is None:
        return None
    if match["relative"]:
        back_first, back_last = _RELATIVE_DAYS.get(match["relative"].lower(), (0, 0))
        return published - back_first, published - back_last
    return _last_weekday(match["weekday"], published)


def _last_weekday(name: str, published: int) -> tuple[int, int]:
    weekday = _WEEKDAYS.index(name.lower())
    back = (date.fromordinal(published + _EPOCH).weekday() - weekday) % 7
    return published - back, published - back


def _calendar_date(match: re.Match[str], published: int | None) -> tuple[int, int] | None:
    """A named date; without a year it is the last such date up to the day of publication."""
    month = _MONTHS.index((match["month"] or match["month2"])[:3].lower()) + 1
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


def _day_number(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None
