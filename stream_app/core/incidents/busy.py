"""What is usual in the stream: a place that has such events daily, or a term of many reports, says little."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from stream_app.core.incidents.report import DAY_S, Report

Key = tuple[Any, ...]

_SLOTS = 1 << 16
USUAL_REPORTS, USUAL_SHARE = 10, 0.05  # a term of so many open reports, and of such a share of them, tells nothing


class Usual:
    """Terms that many open reports have: the wording of communiques, the furniture of pages.

    Counted in slots, one for some terms, so that a term may be taken for usual that shares its slot with one that is.
    """

    def __init__(self) -> None:
        self._counts = array("I", bytes(4 * _SLOTS))
        self._reports = 0

    def among(self, terms: Iterable[int]) -> set[int]:
        """Those of the terms that are usual."""
        least = max(USUAL_REPORTS, USUAL_SHARE * self._reports)
        counts = self._counts
        return {term for term in terms if counts[term % _SLOTS] >= least}

    def note(self, report: Report, change: int) -> None:
        """Count the terms of a report, 1 when it comes, -1 when it goes."""
        self._reports += change
        counts = self._counts
        for term in chain(report.terms, report.usual_terms):
            counts[term % _SLOTS] += change


class Busy:
    """Of each place and each country, with a cause, the groups of reports set there, by the day of their first.

    `window_s`: how far from a report a group may lie that makes its place busy: an archive keeps years open.
    """

    def __init__(self, window_s: float) -> None:
        self._days = int(window_s // DAY_S)
        self._groups: dict[Key, dict[int, dict[Report, int]]] = {}

    def of(self, clock_s: float, spot: tuple[Any, Any], country: str | None, causes: Sequence[str]) -> tuple[int, int]:
        """How many groups a spot has had, and how many with the first of the causes a country."""
        return self._count(spot, clock_s), self._count((country, tuple(causes[:1])), clock_s)

    def _count(self, key: Key, clock_s: float) -> int:
        by_day = self._groups.get(key)
        if by_day is None:
            return 0
        day = int(clock_s // DAY_S)
        return sum(len(by_day.get(near, ())) for near in range(day - self._days, day + self._days + 1))

    def move(self, report: Report, was: Report | None, to: Report | None) -> None:
        """Note that a report went from the group of one founder to that of another."""
        for key in _keys(report):
            if was is not None:
                self._add(key, was, -1)
            if to is not None:
                self._add(key, to, 1)

    def _add(self, key: Key, founder: Report, change: int) -> None:
        day = int(founder.clock_s // DAY_S)
        by_day = self._groups.setdefault(key, {})
        groups = by_day.setdefault(day, {})
        groups[founder] = groups.get(founder, 0) + change
        if not groups[founder]:
            del groups[founder]
        if not groups:
            del by_day[day]
        if not by_day:
            del self._groups[key]


def _keys(report: Report) -> tuple[Key, Key]:
    cause = report.causes[:1]
    return (report.lat, report.lon), (report.country, cause)
