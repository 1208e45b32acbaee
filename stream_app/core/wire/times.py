"""What producers write for a time, as RFC 3339 in UTC: the common forms of it, and of numbers that count from 1970.

A form is read where it can mean one moment only. A day without a clock is its first moment, and a clock without a zone
is taken as UTC. What could be two days (03/04/2024) is refused, and so is a year that no article is of.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from stream_app.core.poison import PoisonError

YEARS = range(1600, 3000)
MAX_LENGTH = 100  # of what is looked at: no time is longer
_EPOCH = (datetime(1980, 1, 1, tzinfo=UTC).timestamp(), datetime(2200, 1, 1, tzinfo=UTC).timestamp())
_UNITS = (1, 1_000, 1_000_000, 1_000_000_000)  # a second, and how many of each finer unit it has

_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII)
_NUMBER = re.compile(r"\d{8,19}(?:\.\d{1,9})?", re.ASCII)
_COMMENT = re.compile(r"\s*\([^()]*\)$")

_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:\s*hrs\b)?"
)
_ZONE = r"(?P<zone>z|(?:gmt|utc|ut)?[+-]\d\d?(?::?\d\d)?|[a-z]{2,5})"
_AFTER = rf"(?:(?:t|,?\s+(?:at\s+|[-|–—·]\s*)?){_CLOCK})?(?:\s*,?\s*{_ZONE})?"
_DIGITS = r"(?:[t ]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s+)?"
_MONTH = r"(?P<name>[a-z]{3,9})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_FORMS = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        rf"(?P<year>\d{{4}})(?P<between>[-/.])(?P<month>\d\d?)(?P=between)(?P<day>\d\d?){_AFTER}",
        rf"(?P<year>\d{{4}})(?P<month>\d\d)(?P<day>\d\d){_DIGITS}{_ZONE}?",
        rf"{_WEEKDAY}{_DAY}(?:\s+of\s+|\s+|-){_MONTH}\.?,?(?:\s+|-)(?P<year>\d{{4}}|\d\d){_AFTER}",
        rf"{_WEEKDAY}{_MONTH}\.?\s+{_DAY},?\s+(?P<year>\d{{4}}){_AFTER}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_CLOCK}(?:\s+{_ZONE})?\s+(?P<year>\d{{4}})",
        rf"{_CLOCK}(?:\s+{_ZONE})?,?\s+(?:on\s+)?{_WEEKDAY}{_DAY}\s+{_MONTH}\.?,?\s+(?P<year>\d{{4}})",
        rf"(?P<first>\d\d?)(?P<between>[-/.])(?P<second_number>\d\d?)(?P=between)(?P<year>\d{{4}}){_AFTER}",
    )
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1)
    for name in names.split()
}  # fmt: skip
# Names of zones that mean one offset wherever they are written; BST, IST and others mean several.
_ZONES = {
    "": 0, "z": 0, "gmt": 0, "utc": 0, "ut": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
    "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8, "jst": 9, "aedt": 11,
    "aest": 10, "nzst": 12, "nzdt": 13,
}  # fmt: skip
_OFFSET = re.compile(r"(?:gmt|utc|ut)?([+-])(\d\d?)(?::?(\d\d))?", re.ASCII)


def read_time(value: Any) -> str | None:
    """RFC 3339 in UTC, to the second or as fine as it was given; None where nothing is given.

    Read are RFC 3339 and its looser kin (`+0000`, a blank, no seconds, a date alone, digits alone), RFC 822 and 2822,
    dates with an English month, numeric dates that can be one day only, and counts since 1970 in seconds, milliseconds,
    microseconds or nanoseconds, as a number or as digits.

    Raises:
        PoisonError: it is none of these (`bad_time`), or neither a string nor a number (`wrong_type`).

    >>> read_time("Fri, 01 Mar 2024 10:00:00 +0100"), read_time("March 1, 2024"), read_time(1709287200000)
    ('2024-03-01T09:00:00Z', '2024-03-01T00:00:00Z', '2024-03-01T10:00:00Z')
    >>> read_time("03/04/2024")
    Traceback (most recent call last):
    stream_app.core.poison.PoisonError: bad_time: '03/04/2024' may be two days: write 2024-04-03 or 2024-03-04
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise PoisonError("wrong_type", "`published_at` is neither a string nor a number")
    text = value.strip() if isinstance(value, str) else str(value)
    if not text:
        return None
    moment = None if len(text) > MAX_LENGTH else _moment(text)
    return _written(moment, value)


@lru_cache(maxsize=1 << 12)
def rfc3339(clock_s: float) -> str:
    """A clock in seconds since 1970 as RFC 3339 in UTC.

    >>> rfc3339(0.0)
    '1970-01-01T00:00:00Z'
    """
    return datetime.fromtimestamp(clock_s, UTC).isoformat().replace("+00:00", "Z")


def _written(moment: datetime | None, value: Any) -> str:
    try:
        in_utc = moment.astimezone(UTC) if moment else None
    except OverflowError:
        in_utc = None
    if in_utc is None or in_utc.year not in YEARS:
        raise PoisonError("bad_time", f"{repr(value)[:66]} is no time that is read (2022-02-28T17:00:00Z)")
    return in_utc.isoformat().replace("+00:00", "Z")


def _moment(text: str) -> datetime | None:
    if _RFC3339.fullmatch(text):  # what nearly all are
        try:
            return datetime.fromisoformat(text.upper().replace(" ", "T"))
        except ValueError:
            pass  # a leap second, or a day that is not
    if _NUMBER.fullmatch(text):
        return _since_1970(float(text) if "." in text else int(text)) or _formed(text)
    return _formed(" ".join(_COMMENT.sub("", text).split()))


def _formed(text: str) -> datetime | None:
    found = next(filter(None, (form.fullmatch(text) for form in _FORMS)), None)
    return _of_parts(found.groupdict(), text) if found else None


def _of_parts(parts: dict[str, str | None], text: str) -> datetime | None:
    """The moment that a form's parts name; None where a calendar has none such."""
    day = _day(parts, text)
    clock = _clock(parts)
    zone = _zone(parts.get("zone"))
    if day is None or clock is None or zone is None:
        return None
    try:
        return datetime(*day, tzinfo=zone) + clock
    except (ValueError, OverflowError):
        return None


def _day(parts: dict[str, str | None], text: str) -> tuple[int, int, int] | None:
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:  # RFC 2822, 4.3
        year += 2000 if year < 50 else 1900
    if parts.get("first"):
        return _numeric(year, int(parts["first"] or 0), int(parts["second_number"] or 0), parts["between"], text)
    name = parts.get("name")
    month = _MONTHS.get(name.lower()) if name else int(parts["month"] or 0)
    return (year, month, int(parts["day"] or 0)) if month else None


def _numeric(year: int, first: int, second: int, between: str | None, text: str) -> tuple[int, int, int]:
    """A day in figures with its year last; with points the day comes first, else only where it can be no month."""
    if between == "." or first > 12 or first == second:
        return year, second, first
    if second > 12:
        return year, first, second
    raise PoisonError(
        "bad_time", f"{text!r} may be two days: write {year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}"
    )


def _clock(parts: dict[str, str | None]) -> timedelta | None:
    """The time since midnight; None for 25:00, and for an hour that is written as if it were something else."""
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    half = (parts.get("half") or "").lower()
    if parts.get("hour") and not (parts.get("minute") or half):
        return None
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or second > 60:  # 60: a leap second
        return None
    fraction = (parts.get("fraction") or "0")[:6].ljust(6, "0")
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=int(fraction))


def _zone(name: str | None) -> timezone | None:
    """The zone of an offset or a name; None for a name that means none, or several."""
    name = (name or "").lower()
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    found = _OFFSET.fullmatch(name)
    if found is None:
        return None
    hours, minutes = int(found[2]), int(found[3] or 0)
    if hours > 15 or minutes > 59:
        return None
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if found[1] == "-" else 1))


def _since_1970(number: float) -> datetime | None:
    """A count of seconds, or of a finer unit where seconds lie far off; a day's digits (20240301) lie too near."""
    for unit in _UNITS:
        if _EPOCH[0] <= number / unit < _EPOCH[1]:
            micros = number * 1_000_000 // unit if isinstance(number, int) else round(number / unit * 1_000_000)
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    return None
