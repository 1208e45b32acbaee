"""Reports grouped into incidents: the same groups for the same set of reports, in whatever order they came.

Every report is settled in the order of its clock: it joins the incident of the earlier report to which it is most
strongly linked, or founds an incident. What a report does depends on earlier reports only, so the report that is last
by its clock is settled in one step, and for one that comes late only the later reports that hang on it are settled
again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from zlib import crc32

from stream_app.core.incidents.report import DAY_S, Report
from stream_app.core.incidents.similarity import OVERWHELMING, plainly_apart, strength
from stream_app.core.incidents.sketch import KIND_BITS, PLACE

_BUCKET_S = 4 * DAY_S  # of a fortnight's window; more buckets are more places to look, larger ones hold more to skip

Touch = Callable[[Report], None]


class Index:
    """Reports by key, in a table of slots: 8 bytes a key where a dictionary takes 100.

    A slot holds None, one report, or several; keys may share a slot, so an answer may hold strangers.
    """

    def __init__(self, keys_of: Callable[[Report], list[int]]) -> None:
        self._keys_of = keys_of
        self._slots: list[Report | tuple[Report, ...] | None] = [None] * 64
        self._keys = 0

    def get(self, key: int) -> tuple[Report, ...]:
        """Every report that has the key, and maybe others."""
        found = self._slots[key % len(self._slots)]
        return () if found is None else found if isinstance(found, tuple) else (found,)

    def under_two(self, keys: list[int]) -> set[Report]:
        """Every report that has two of the keys, and maybe others."""
        once: set[Report] = set()
        twice: set[Report] = set()
        slots, size = self._slots, len(self._slots)
        for found in [slots[key % size] for key in keys]:
            if isinstance(found, tuple):
                twice.update(once.intersection(found))
                once.update(found)
            elif found is not None:
                (twice if found in once else once).add(found)
        return twice

    def add(self, report: Report) -> None:
        """Put the report under each of its keys."""
        keys = self._keys_of(report)
        self._keys += len(keys)
        if self._keys > len(self._slots):
            self._grow()
        for key in keys:
            self._put(key, report)

    def remove(self, report: Report) -> None:
        """Take the report out again."""
        for key in self._keys_of(report):
            self._keys -= 1
            kept = tuple(other for other in self.get(key) if other is not report)
            self._slots[key % len(self._slots)] = kept if len(kept) > 1 else kept[0] if kept else None

    def _put(self, key: int, report: Report) -> None:
        slot = key % len(self._slots)
        found = self.get(key)
        if report not in found:
            self._slots[slot] = (*found, report) if found else report

    def _grow(self) -> None:
        reports = {report for slot in range(len(self._slots)) for report in self.get(slot)}
        self._slots = [None] * (2 * self._keys)
        for report in reports:
            for key in self._keys_of(report):
                self._put(key, report)


def _clue_keys(report: Report) -> list[int]:
    """The keys under which a report is found: its telling terms, and place and day together."""
    country = crc32(report.country.encode())
    keys = [term ^ country for term in report.terms if term & KIND_BITS >= PLACE]
    if report.dated and report.feature == "P":
        keys.append(crc32(f"{report.lat} {report.lon} {report.first}".encode()))
    return keys


def _story_keys(report: Report) -> list[int]:
    return [crc32(f"{report.country} {report.cluster_id}".encode())]


class Grouping:
    """All reports that are open, linked and settled into incidents. `window_s`: how far apart linked reports may be."""

    def __init__(self, window_s: float) -> None:
        self.reports: dict[str, Report] = {}
        self._window_s = window_s
        self._by_clue: dict[int, Index] = {}
        self._by_story = Index(_story_keys)

    def versions(self, report: Report) -> list[Report]:
        """The reports of the same story and country, the report itself among them when it is open."""
        (key,) = _story_keys(report)
        return [
            other
            for other in self._by_story.get(key)
            if other.cluster_id == report.cluster_id and other.country == report.country
        ]

    def add(self, report: Report, touch: Touch) -> None:
        """Take in a report; `touch` is called with the founder of each incident just before it changes."""
        for other in self._candidates(report):
            score = strength(report, other, self._window_s)
            if score is not None:
                report.links += ((other, score),)
                other.links += ((report, score),)
        self.reports[report.id] = report
        self._by_clue.setdefault(_bucket(report.clock_s), Index(_clue_keys)).add(report)
        self._by_story.add(report)
        self._settle([report], touch)

    def remove(self, report: Report, touch: Touch) -> None:
        """Drop a report, and settle again what hung on it."""
        del self.reports[report.id]
        self._by_clue[_bucket(report.clock_s)].remove(report)
        self._by_story.remove(report)
        later = _later_neighbours(report)
        for other, _ in report.links:
            other.links = tuple(link for link in other.links if link[0] is not report)
        report.links = ()
        _move(report, None, touch)
        self._settle(later, touch)

    def _candidates(self, report: Report) -> Iterator[Report]:
        """Reports of the same story, and those that share two clues within the window."""
        versions = self.versions(report)
        yield from versions
        keys = _clue_keys(report)
        first, last = _bucket(report.clock_s - self._window_s), _bucket(report.clock_s + self._window_s)
        for bucket in range(first, last + 1):
            index = self._by_clue.get(bucket)
            if index is not None:
                for other in index.under_two(keys):
                    if other.country == report.country and other not in versions:
                        yield other

    def _settle(self, pending: list[Report], touch: Touch) -> None:
        """Let each report choose its incident, the earliest first, and again whenever an earlier choice changes."""
        heap = [(report.order, report) for report in pending]
        heapify(heap)
        while heap:
            _, report = heappop(heap)
            chosen = _choice(report)
            if chosen is not report.founder:
                _move(report, chosen, touch)
                for later in _later_neighbours(report):
                    heappush(heap, (later.order, later))


def _bucket(clock_s: float) -> int:
    return int(clock_s // _BUCKET_S)


def _later_neighbours(report: Report) -> list[Report]:
    order = report.order
    return [other for other, _ in report.links if other.order > order]


def _choice(report: Report) -> Report:
    """The founder of the incident that a report belongs to, given where the earlier reports are: itself if to none."""
    best: tuple[float, Report] | None = None
    for other, score in report.links:
        founder = other.founder
        if other.order > report.order or founder is None:
            continue
        if score < OVERWHELMING and plainly_apart(report, founder):
            continue
        if best is None or score > best[0] or (score == best[0] and founder.order < best[1].order):
            best = score, founder
    return report if best is None else best[1]


def _move(report: Report, to: Report | None, touch: Touch) -> None:
    """Change the incident of a report; None takes it out of all."""
    if report.founder is not None:
        touch(report.founder)
        report.founder.followers = tuple(other for other in report.founder.followers if other is not report)
    if to is not None:
        touch(to)
        to.followers += () if to is report else (report,)
    report.founder = to
