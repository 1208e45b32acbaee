"""Reports grouped into incidents: the same groups for the same set of reports, in whatever order they came.

Every report is settled in the order of its clock: it joins the incident of the earlier report to which it is most
strongly linked, or founds an incident. What a report does depends on earlier reports only, so the report that is last
by its clock is settled in one step, and for one that comes late only the later reports that hang on it are settled
again. A report keeps its links to the `MOST_LINKS` last reports before it, so that a report of an event that everybody
tells costs what any other does.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import chain
from math import inf
from operator import attrgetter
from typing import Protocol
from zlib import crc32

from stream_app.core.incidents.report import DAY_S, Link, Report
from stream_app.core.incidents.similarity import OVERWHELMING, SAME_STORY, plainly_apart, strength
from stream_app.core.incidents.sketch import KIND_BITS, PLACE

MOST_LINKS = 64
LOOK_BACK = 128  # reports of one key that are looked at in one go
_LEAST_SLOTS = 64
_SHRINK = 8  # an index that has lost all but so many a part of its keys is made anew: quiet countries keep old reports
_BUCKET_S = 4 * DAY_S  # of a fortnight's window; more buckets are more places to look, larger ones hold more to skip


class Touch(Protocol):
    """Told of each change just before it happens."""

    def __call__(self, report: Report | None, /, *founders: Report | None) -> None:
        """The incidents of these founders change, `report` (if any) moving between them."""


_in_order = attrgetter("order")


class Index:
    """Reports by key, in a table of slots: 8 bytes a key where a dictionary takes 100.

    A slot holds None, one report, or several in their order; keys may share a slot, so an answer may hold strangers.
    """

    def __init__(self, keys_of: Callable[[Report], list[int]], slots: int = _LEAST_SLOTS) -> None:
        self._keys_of = keys_of
        self._slots: list[Report | tuple[Report, ...] | None] = [None] * slots
        self._keys = self._most = 0

    def __bool__(self) -> bool:
        """Whether it holds any key."""
        return self._keys > 0

    @property
    def slots(self) -> int:
        """How large the table has grown."""
        return len(self._slots)

    def get(self, key: int) -> tuple[Report, ...]:
        """Every report that has the key, and maybe others, the earliest first."""
        found = self._slots[key % len(self._slots)]
        return () if found is None else found if isinstance(found, tuple) else (found,)

    def under_two(self, keys: list[int]) -> Iterator[Report]:
        """Every report that has two of the keys, and maybe others, the latest first.

        Looks at the last reports of each key before the ones before them, so a caller who has enough may stop early.
        """
        slots, size = self._slots, len(self._slots)
        listed = [found for found in [slots[key % size] for key in keys] if found is not None]
        listed.sort(key=_length)
        given: set[Report] = set()
        depth = LOOK_BACK
        while True:
            cut = [found[-depth].order for found in listed if isinstance(found, tuple) and len(found) > depth]
            ready = _in_two(listed, depth) - given
            if cut:
                frontier = max(cut)
                ready = {report for report in ready if report.order >= frontier}
            yield from sorted(ready, key=_in_order, reverse=True)
            if not cut:
                return
            given |= ready
            depth *= 4

    def add(self, report: Report) -> None:
        """Put the report under each of its keys."""
        keys = self._keys_of(report)
        self._keys += len(keys)
        self._most = max(self._most, self._keys)
        if self._keys > len(self._slots):
            self._resize()
        for key in keys:
            self._put(key, report)

    def remove(self, report: Report) -> None:
        """Take the report out again."""
        for key in self._keys_of(report):
            self._keys -= 1
            kept = tuple(other for other in self.get(key) if other is not report)
            self._slots[key % len(self._slots)] = kept if len(kept) > 1 else kept[0] if kept else None
        if self._keys < self._most // _SHRINK:
            self._resize()

    def _put(self, key: int, report: Report) -> None:
        slot = key % len(self._slots)
        found = self._slots[slot]
        if found is None:
            self._slots[slot] = report
        elif report is not found and not (isinstance(found, tuple) and report in found):
            self._slots[slot] = _with(found if isinstance(found, tuple) else (found,), report)

    def _resize(self) -> None:
        reports = sorted({report for slot in range(len(self._slots)) for report in self.get(slot)}, key=_in_order)
        self._most = self._keys
        self._slots = [None] * max(_LEAST_SLOTS, 2 * self._keys)
        for report in reports:
            for key in self._keys_of(report):
                self._put(key, report)


def _with(found: tuple[Report, ...], report: Report) -> tuple[Report, ...]:
    if found[-1].clock_s < report.clock_s:
        return (*found, report)
    at = bisect_left(found, report.order, key=_in_order)
    return (*found[:at], report, *found[at:])


def _length(found: Report | tuple[Report, ...]) -> int:
    return len(found) if isinstance(found, tuple) else 1


def _in_two(listed: Sequence[Report | tuple[Report, ...]], depth: int) -> set[Report]:
    """The reports that stand in two of the lists, the longest last, whose last `depth` entries are looked at."""
    once: set[Report] = set()
    twice: set[Report] = set()
    for found in listed[:-1]:
        if isinstance(found, tuple):
            tail = found[-depth:]
            twice.update(once.intersection(tail))
            once.update(tail)
        else:
            (twice if found in once else once).add(found)
    for found in listed[-1:]:
        twice.update(once.intersection(found[-depth:] if isinstance(found, tuple) else (found,)))
    return twice


def _clue_keys(report: Report) -> list[int]:
    """The keys under which a report is found: its telling terms, and place and day together."""
    keys = [term for term in report.terms if term & KIND_BITS >= PLACE]
    if report.dated and report.feature == "P":
        keys.append(crc32(f"{report.lat} {report.lon} {report.first}".encode()))
    return keys


def _story_keys(report: Report) -> list[int]:
    return [crc32(report.story_id.encode())]


class Grouping:
    """All reports that are open, linked and settled into incidents. `window_s`: how far apart linked reports may be."""

    def __init__(self, window_s: float) -> None:
        self.reports: dict[str, Report] = {}
        self._window_s = window_s
        self._by_clue: dict[int, Index] = {}
        self._by_story = Index(_story_keys)

    def versions(self, report: Report) -> list[Report]:
        """The reports of the same story, the report itself among them when it is open."""
        (key,) = _story_keys(report)
        return [other for other in self._by_story.get(key) if other.story_id == report.story_id]

    def add(self, report: Report, touch: Touch) -> None:
        """Take in a report; `touch` is called with the founder of each incident just before it changes."""
        unsettled = [report, *self._link(report)]
        self.reports[report.id] = report
        self._clues_of(_bucket(report.clock_s)).add(report)
        self._by_story.add(report)
        _mark_superseded(self.versions(report))
        self._settle(unsettled, touch)

    def _clues_of(self, bucket: int) -> Index:
        """The index of a bucket; a new one is as large as the last has grown, for growing stops everything else."""
        index = self._by_clue.get(bucket)
        if index is None:
            last = self._by_clue.get(bucket - 1)
            index = self._by_clue[bucket] = Index(_clue_keys) if last is None else Index(_clue_keys, last.slots)
        return index

    def remove(self, report: Report, touch: Touch) -> None:
        """Drop a report, and settle again what hung on it."""
        del self.reports[report.id]
        self._forget_clues(report)
        self._by_story.remove(report)
        for earlier, _ in report.earlier:
            earlier.later = _without(earlier.later, report)
        report.earlier, report.told = (), None
        bereft = [later for later, _ in report.later]
        report.later = ()
        for later in bereft:
            had_room = len(later.earlier) < MOST_LINKS
            later.earlier = _without(later.earlier, report)
            if not had_room:
                self._link_to_earlier(later)
        _mark_superseded(self.versions(report))
        _move(report, None, touch)
        self._settle(bereft, touch)

    def _forget_clues(self, report: Report) -> None:
        """Take a report out of its bucket, and the bucket's index away with its last key."""
        bucket = _bucket(report.clock_s)
        if (index := self._by_clue.get(bucket)) is not None:
            index.remove(report)
            if not index:
                del self._by_clue[bucket]

    def _link(self, report: Report) -> list[Report]:
        """Link a new report with those before and after it; the later ones that lost a link for it."""
        order, terms = report.order, frozenset(report.terms)
        losers: list[Report] = []
        links: list[Link] = []
        for other in self._candidates(report):
            if other.order > order:
                score = (
                    None
                    if _has_better(other.earlier, other, report)
                    else strength(report, terms, other, self._window_s)
                )
                if score is not None and _link_pair(other, report, score):
                    losers.append(other)
                continue
            if len(links) >= MOST_LINKS:
                links = _strongest(links)
                if _has_better(links, report, other):
                    break
            if (score := strength(report, terms, other, self._window_s)) is not None:
                links.append((other, score))
        report.earlier = tuple(_strongest(links))
        for other, score in report.earlier:
            other.later += ((report, score),)
        return losers

    def _link_to_earlier(self, report: Report) -> None:
        """Fill up the links of a report that lost one."""
        order, terms = report.order, frozenset(report.terms)
        linked = {other for other, _ in report.earlier}
        for other in self._candidates(report):
            if other.order < order and other not in linked:
                if _has_better(report.earlier, report, other):
                    break
                if (score := strength(report, terms, other, self._window_s)) is not None:
                    _link_pair(report, other, score)

    def _candidates(self, report: Report) -> Iterator[Report]:
        """Reports of the same story, then those that share two clues within the window, the latest first."""
        versions = self.versions(report)
        yield from reversed(versions)
        keys = _clue_keys(report)
        first, last = _bucket(report.clock_s - self._window_s), _bucket(report.clock_s + self._window_s)
        buckets = [self._by_clue[bucket] for bucket in range(last, first - 1, -1) if bucket in self._by_clue]
        for other in chain.from_iterable(index.under_two(keys) for index in buckets):
            if other not in versions:
                yield other

    def _settle(self, pending: list[Report], touch: Touch) -> None:
        """Let each report choose its incident, the earliest first, and again when a choice that it heeds changes."""
        heap = [(report.order, report) for report in pending]
        heapify(heap)
        while heap:
            _, report = heappop(heap)
            report.strongest, chosen = _choice(report)
            if chosen is not report.founder:
                _move(report, chosen, touch)
                for later, score in report.later:
                    if score >= later.strongest:
                        heappush(heap, (later.order, later))


def _strongest(links: list[Link]) -> list[Link]:
    """The links that stay, the weakest first: those to the same story, then those to the last reports."""
    return sorted(links, key=_rank)[-MOST_LINKS:]


def _link_pair(later: Report, earlier: Report, score: float) -> bool:
    """Link two reports that speak of one event. True when `later` lost another link for it.

    The links that stay are those to the same story, then those to the last reports.
    """
    links = [*later.earlier]
    insort(links, (earlier, score), key=_rank)
    later.earlier = tuple(links[-MOST_LINKS:])
    earlier.later += ((later, score),)
    if len(links) <= MOST_LINKS:
        return False
    dropped, _ = links[0]
    dropped.later = _without(dropped.later, later)
    return dropped is not earlier


def _bucket(clock_s: float) -> int:
    return int(clock_s // _BUCKET_S)


def _mark_superseded(versions: Sequence[Report]) -> None:
    """Say of each report of one story whether it is of the last version, which may be told in several reports."""
    if not versions:
        return
    newest = _version(max(versions, key=_in_order))
    for report in versions:
        report.superseded = _version(report) != newest
        if report.founder is not None:
            report.founder.toll = None


def _version(report: Report) -> tuple[str, float, bool]:
    return report.article_id, report.clock_s, report.revised


def _has_better(links: Sequence[Link], report: Report, other: Report) -> bool:
    """Whether the `links` of `report`, the weakest first, are enough, and all better than one to `other` can be.

    One to another version of its own story may be better than any.
    """
    full = len(links) == MOST_LINKS
    return full and other.cluster_id != report.cluster_id and _rank(links[0]) > (False, other.order)


def _rank(link: Link) -> tuple[bool, tuple[float, bool, str]]:
    other, score = link
    return score >= SAME_STORY, other.order


def _without(links: tuple[Link, ...], report: Report) -> tuple[Link, ...]:
    return tuple(link for link in links if link[0] is not report)


def _choice(report: Report) -> tuple[float, Report]:
    """The founder of the incident that a report belongs to, given where the earlier reports are: itself if to none.

    With it comes how strongly: only a link as strong as that can change the choice.
    """
    strongest, chosen = -inf, report
    for other, score in report.earlier:
        founder = other.founder
        if founder is None or score < strongest:
            continue
        if score < OVERWHELMING and plainly_apart(report, founder):
            continue
        if score > strongest or founder.order < chosen.order:
            strongest, chosen = score, founder
    return strongest, chosen


def _move(report: Report, to: Report | None, touch: Touch) -> None:
    """Change the incident of a report; None takes it out of all."""
    touch(report, report.founder, to)
    if report.founder is not None:
        report.founder.toll = None
        report.founder.followers = tuple(other for other in report.founder.followers if other is not report)
    if to is not None:
        to.toll = None
        to.followers += () if to is report else (report,)
    report.founder = to
