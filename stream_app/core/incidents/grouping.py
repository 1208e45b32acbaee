"""Reports grouped into incidents: the same groups for the same set of reports, in whatever order they came.

Every report is settled in the order of its clock: it joins the group of earlier reports that suits it best, by half of
its best link and half of the mean over the group's last members, or founds one. Where a second group suits it nearly
as well, and nothing speaks plainly against it, the report ties the two: they are one incident. What a report does
depends on earlier reports only, so the report that is last by its clock is settled in one step, and for one that comes
late only the later reports that heed it are settled again. A report keeps its links to the `MOST_LINKS` last reports
before it, so that a report of an event that everybody tells costs what any other does.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, insort
from collections import _count_elements as count_each  # type: ignore[attr-defined]
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from heapq import heapify, heappop, heappush
from itertools import accumulate, chain, islice
from math import inf
from operator import attrgetter
from sys import byteorder
from typing import Any, Final, Protocol
from zlib import crc32

import numpy as np

from stream_app.core.incidents.busy import Busy, Usual
from stream_app.core.incidents.report import DAY_S, POINTS, Link, Order, Report
from stream_app.core.incidents.similarity import LINK, SAME_STORY, Shared, is_ruled_out, shared_with, strength
from stream_app.core.incidents.sketch import AGE, COMMON, EVENT, KIND_BITS, PLACE

MOST_LINKS = 20
MOST_KEPT = 32  # reports of one key and bucket that are found by it, the last ones
MOST_COMPARED = 20
MOST_COMMON = 12  # everyday words of a report by which it is found; which ones is decided by their hash, in all alike
MOST_HEEDED = 8  # members of an incident, the last ones before a report, over which its links are averaged
MOST_TIES = 4
CROWDED = 512  # reports of one group from which on its articles are counted as they come, not when a toll is told
JOIN = 0.9  # half the best link and half the mean must reach this
TIE = 2.3  # and this, for a second incident to be one with the first ...
NO_VETO = -2.0  # ... unless their founders speak so plainly of two events
NEVER = -inf
_TAG: Final = 4  # bytes of a report's number
_MOST_NUMBER: Final = (1 << 8 * _TAG) - 1
_LEAST_SLOTS = 64
_MOST_IN_ONE = 8192  # slots of a table, above which an index has as many tables as this:
_TABLES = 32
_BUCKET_S = 4 * DAY_S  # of a fortnight's window; more buckets are more places to look, larger ones hold more to skip


class Touch(Protocol):
    """Told of each change just before it happens."""

    def __call__(self, report: Report | None, /, *founders: Report | None) -> None:
        """The incidents of these founders change, `report` (if any) moving between them."""


_in_order = attrgetter("order")


class Index:
    """Reports by key, in tables of slots: 8 bytes a key where a dictionary takes 100. Keys are 32 bits, evenly spread.

    A slot holds the numbers of reports, packed, in the order of the reports, the last `MOST_KEPT`: many are joined and
    counted at once, and no report is looked at for it. Keys may share a slot, so an answer may hold strangers. A report
    that is closed stays in its slots until half of what the table held is.

    A large index is 32 tables, each for the keys of one range. They grow one after the other: one table of the keys of
    50,000 reports stopped everything for three seconds of a core whenever it grew, and on a busy machine the worker
    that stood still for so long ended itself.
    """

    def __init__(
        self,
        keys_of: Callable[[Report], Sequence[int]],
        numbered: Mapping[int, Report],
        slots: int = _LEAST_SLOTS,
    ) -> None:
        """`keys_of`: the keys of a report, in their order; `numbered`: who is open; `slots`: how many to begin with."""
        self._keys_of = keys_of
        self._numbered = numbered
        self._held = self._removed = 0
        self._closed: dict[int, Report] = {}
        self._newest: Order | None = None
        tables = _TABLES if slots > _MOST_IN_ONE else 1
        self._lay_out(tables, slots // tables)

    def _lay_out(self, count: int, slots: int) -> None:
        """So many empty tables of so many slots."""
        self._shift = 32 - (count - 1).bit_length()
        self._tables: list[list[bytes]] = [[b""] * slots for _ in range(count)]
        self._keys, self._stale = [0] * count, [0] * count
        self._swept = [self._removed] * count

    def __bool__(self) -> bool:
        """Whether it holds any key of an open report."""
        return self._held > 0

    @property
    def slots(self) -> int:
        """How large the tables have grown."""
        return sum(map(len, self._tables))

    def get(self, key: int) -> list[Report]:
        """The last open reports that have the key, and maybe others, the earliest first."""
        found = map(self._numbered.get, _numbers(self.packed((key,))[0]))
        return [report for report in found if report is not None]

    def packed(self, keys: Sequence[int]) -> list[bytes]:
        """For each of the keys the numbers of the last reports that have it, and maybe of strangers and closed ones."""
        tables, shift = self._tables, self._shift
        if len(tables) == 1:
            (table,) = tables
            slots = len(table)
            return [table[key % slots] for key in keys]
        return [table[key % len(table)] for key in keys for table in (tables[key >> shift],)]

    def add(self, report: Report) -> None:
        """Put the report under each of its keys."""
        keys = self._keys_of(report)
        self._held += len(keys)
        if len(self._tables) == 1 and 2 * self._held > _MOST_IN_ONE:
            self._split()
        for number in self._counted(keys, 1):
            if self._keys[number] + self._stale[number] > len(self._tables[number]):
                self._resize(number)
        newest = self._newest is None or self._newest < report.order
        if newest:
            self._newest = report.order
        self._put(keys, report, newest=newest)

    def remove(self, report: Report) -> None:
        """Forget the report, which is closed, though its slots may hold it for a while."""
        keys = self._keys_of(report)
        self._held -= len(keys)
        self._removed += 1
        self._closed[_number(report)] = report
        for number, gone in self._counted(keys, -1).items():
            self._stale[number] += gone
            if self._stale[number] > max(self._keys[number], _LEAST_SLOTS):
                self._resize(number)

    def _counted(self, keys: Sequence[int], more: int) -> Mapping[int, int]:
        """Count these keys, of a report that comes (1) or goes (-1), in their tables; how many are of each of these."""
        if len(self._tables) == 1:
            self._keys[0] += more * len(keys)
            return {0: len(keys)}
        counts: dict[int, int] = {}
        count_each(counts, [key >> self._shift for key in keys])
        for number, count in counts.items():
            self._keys[number] += more * count
        return counts

    def _put(self, keys: Sequence[int], report: Report, *, newest: bool) -> None:
        """Put the report into the slot of each key, at the end where it is later than any."""
        tables, shift, tag = self._tables, self._shift, report.tag
        for key in keys:
            table = tables[key >> shift]
            slot = key % len(table)
            found = table[slot]
            if not found:
                table[slot] = tag
            elif newest:
                if found[-_TAG:] != tag:
                    table[slot] = found[-_TAG * (MOST_KEPT - 1) :] + tag
            else:
                table[slot] = self._with(found, report)

    def _with(self, found: bytes, report: Report) -> bytes:
        """What a slot holds, and the report in its place among them."""
        numbers = _numbers(found)
        if _number(report) in numbers:
            return found
        at = _TAG * bisect_left(numbers, report.order, key=self._order)
        return (found[:at] + report.tag + found[at:])[-_TAG * MOST_KEPT :]

    def _order(self, number: int) -> Order:
        return (self._numbered.get(number) or self._closed[number]).order

    def _open_in(self, table: Iterable[bytes]) -> list[Report]:
        """The open reports that a table holds, the earliest first."""
        found = map(self._numbered.get, set(_numbers(b"".join(table))))
        return sorted((report for report in found if report is not None), key=_in_order)

    def _resize(self, number: int) -> None:
        """Make a table as large as its keys want; what is closed is left out."""
        every = self._open_in(self._tables[number])
        self._stale[number] = 0
        self._tables[number] = [b""] * max(_LEAST_SLOTS, 2 * self._keys[number])
        first = number << self._shift
        for report in every:
            keys = self._keys_of(report)
            last = bisect_left(keys, first + (1 << self._shift))
            self._put(keys[bisect_left(keys, first) : last], report, newest=True)
        self._swept[number] = self._removed
        self._let_go()

    def _let_go(self) -> None:
        """Forget the closed reports that no slot holds any more: each table was made anew since."""
        kept = self._removed - min(self._swept)
        for number in list(islice(self._closed, len(self._closed) - kept)):
            del self._closed[number]

    def _split(self) -> None:
        """Make many tables of the only one."""
        every = self._open_in(self._tables[0])
        self._lay_out(_TABLES, _MOST_IN_ONE // _TABLES)
        self._closed.clear()
        for report in every:
            keys = self._keys_of(report)
            self._counted(keys, 1)
            self._put(keys, report, newest=True)


def _number(report: Report) -> int:
    return int.from_bytes(report.tag, byteorder)


def _numbers(packed: bytes) -> memoryview[int]:
    return memoryview(packed).cast("I")


def _clue_keys(report: Report) -> array[int]:
    """The keys that find a report, kept with it: 4 bytes each."""
    if report.clues is None:
        report.clues = array("I", sorted(set(_clues_of(report))))
    return report.clues


def _clues_of(report: Report) -> list[int]:
    """What two reports of one event share: telling terms; places, causes, days, ages, everyday words, two by two."""
    by_kind: list[list[int]] = [[] for _ in range(KIND_BITS + 1)]
    for term in report.terms:
        by_kind[term & KIND_BITS].append(term)
    cause = report.causes[0] if report.causes else ""
    day = str(report.first) if report.dated else ""
    pairs: list[tuple[str, str, object]] = [("age", cause, term) for term in by_kind[AGE]]
    pairs += [("word", cause, term) for term in by_kind[COMMON][:MOST_COMMON]]
    if report.country:
        pairs += [("country", report.country, cause)]
    if report.admin1:
        pairs += [("province", f"{report.country} {report.admin1}", what) for what in (day, *report.causes)]
    if report.feature in POINTS:
        spot = f"{report.lat:.2f} {report.lon:.2f}"
        pairs += [("spot", spot, what) for what in (day, "place", *report.causes)]
    pairs += [
        ("spot", f"{other.lat:.2f} {other.lon:.2f}", "place") for other in report.others if other.feature in POINTS
    ]
    if report.killed:
        pairs += [("dead", f"{cause} {report.killed}", _day(report.clock_s) + late) for late in (0, 1)]
    telling = chain.from_iterable(by_kind[PLACE:EVENT])
    return [*telling, *(crc32("{} {} {}".format(*pair).encode()) for pair in pairs)]


def _story_keys(report: Report) -> Sequence[int]:
    return [crc32(report.story_id.encode())]


def _cluster_keys(report: Report) -> Sequence[int]:
    return [crc32(report.cluster_id.encode())]


class Grouping:
    """All reports that are open, linked and settled into incidents. `window_s`: how far apart linked reports may be."""

    def __init__(self, window_s: float) -> None:
        self.reports: dict[str, Report] = {}
        self.window_s = window_s
        self._by_clue: dict[int, Index] = {}
        self._numbered: dict[int, Report] = {}
        self._numbers = 0
        self._by_story = Index(_story_keys, self._numbered)
        self._by_cluster = Index(_cluster_keys, self._numbered)
        self.busy = Busy(window_s)
        self.usual = Usual()

    def seen(
        self,
        clock_s: float,
        terms: AbstractSet[int],
        spot: tuple[Any, Any],
        country: str | None,
        causes: Sequence[str],
        /,
    ) -> tuple[AbstractSet[int], int, int]:
        """What is usual and how busy place and country are, as a report comes: see `report.Seen`."""
        return self.usual.among(terms), *self.busy.of(clock_s, spot, country, causes)

    def versions(self, report: Report) -> list[Report]:
        """The reports of the same story, the report itself among them when it is open."""
        (key,) = _story_keys(report)
        return [other for other in self._by_story.get(key) if other.story_id == report.story_id]

    def _retold(self, report: Report) -> list[Report]:
        """What other sources told in the same wording, the clocks beyond the window: one has no date, or a wrong."""
        (key,) = _cluster_keys(report)
        return [
            other
            for other in self._by_cluster.get(key)
            if other.cluster_id == report.cluster_id
            and other.story_id != report.story_id
            and abs(other.clock_s - report.clock_s) > self.window_s
        ]

    def add(self, report: Report, touch: Touch) -> None:
        """Take in a report; `touch` is called with the founder of each incident just before it changes."""
        unsettled = [report, *self._link(report)]
        self.reports[report.id] = report
        self._give_number(report)
        self.usual.note(report, 1)
        self._clues_of(_bucket(report.clock_s)).add(report)
        self._by_story.add(report)
        self._by_cluster.add(report)
        self._settle(unsettled, touch)

    def _give_number(self, report: Report) -> None:
        """Number a report, so that indexes find it; after four thousand million numbers from the first that is free."""
        while self._numbers in self._numbered:
            self._numbers = (self._numbers + 1) & _MOST_NUMBER
        report.tag = self._numbers.to_bytes(_TAG, byteorder)
        self._numbered[self._numbers] = report
        self._numbers = (self._numbers + 1) & _MOST_NUMBER

    def _clues_of(self, bucket: int) -> Index:
        """The index of a bucket; a new one is as large as the last has grown, for growing stops everything else."""
        index = self._by_clue.get(bucket)
        if index is None:
            last = self._by_clue.get(bucket - 1)
            index = Index(_clue_keys, self._numbered, _LEAST_SLOTS if last is None else last.slots)
            self._by_clue[bucket] = index
        return index

    def remove(self, report: Report, touch: Touch) -> None:
        """Drop a report, and settle again what hung on it."""
        bereft = self._detach([report])
        affected = _heeding(report.founder, report)
        self._move(report, None, (), touch)
        self._settle([*bereft, *affected], touch)

    def close(self, members: Sequence[Report]) -> None:
        """Drop all reports of an incident; what was linked to them without belonging to it settles again."""
        bereft = self._detach(members)
        for report in members:
            self.busy.move(report, report.founder, None)
        for report in members:
            report.founder = report.group = report.ties = report.toll = report.tellers = None
            report.joins = ()
            report.group_heard_s = 0.0
        self._settle(bereft, _nobody)

    def _detach(self, reports: Sequence[Report]) -> list[Report]:
        """Forget reports but for the groups that they are in; the other reports that lost a link, which link anew."""
        gone = set(reports)
        bereft: dict[Report, None] = {}
        for report in reports:
            del self.reports[report.id]
            del self._numbered[_number(report)]
            self.usual.note(report, -1)
            self._forget_clues(report)
            self._by_story.remove(report)
            self._by_cluster.remove(report)
            for earlier, _ in report.earlier:
                if earlier not in gone:
                    earlier.later = _but(earlier.later, report)
            bereft.update((later, None) for later in report.later if later not in gone)
            report.later, report.earlier, report.told = (), (), None
        for later in bereft:
            had_room = len(later.earlier) < MOST_LINKS
            later.earlier = tuple(link for link in later.earlier if link[0] not in gone)
            if not had_room:
                self._link_to_earlier(later)
        return list(bereft)

    def _forget_clues(self, report: Report) -> None:
        """Take a report out of its bucket, and the bucket's index away with its last key."""
        bucket = _bucket(report.clock_s)
        if (index := self._by_clue.get(bucket)) is not None:
            index.remove(report)
            if not index:
                del self._by_clue[bucket]

    def _link(self, report: Report) -> list[Report]:
        """Link a new report with those before and after it; the later ones that gained or lost a link."""
        order = report.order
        changed: list[Report] = []
        links: list[Link] = []
        candidates = self.candidates(report)
        for other, shared in zip(candidates, shared_with(report, candidates), strict=True):
            if other.order > order:
                if not _has_better(other.earlier, other, report):
                    score = self._linked_by(report, other, shared)
                    if score is not None:
                        _link_pair(other, report, score)
                        changed.append(other)
                continue
            if len(links) >= MOST_LINKS:
                links = _strongest(links)
                if _has_better(links, report, other):
                    break
            score = self._linked_by(report, other, shared)
            if score is not None:
                links.append((other, score))
        report.earlier = tuple(_strongest(links))
        for other, _ in report.earlier:
            other.later += (report,)
        return changed

    def _linked_by(self, report: Report, other: Report, shared: Shared) -> float | None:
        """The strength of the link between two reports that share so many terms of each kind; None without one."""
        if is_ruled_out(report, other, shared):
            return None
        score = strength(report, other, self.window_s, shared)
        return None if score is None or score < LINK else score

    def _link_to_earlier(self, report: Report) -> None:
        """Fill up the links of a report that lost one."""
        order = report.order
        linked = {other for other, _ in report.earlier}
        candidates = self.candidates(report)
        for other, shared in zip(candidates, shared_with(report, candidates), strict=True):
            if other.order < order and other not in linked:
                if _has_better(report.earlier, report, other):
                    break
                score = self._linked_by(report, other, shared)
                if score is not None:
                    _link_pair(report, other, score)

    def candidates(self, report: Report) -> list[Report]:
        """Reports of the same story and wording, then those within the window that share two clues, the latest first.

        Of more than `MOST_COMPARED` those that share most, the latest first.
        """
        versions = self.versions(report)
        keys = _clue_keys(report)
        first, last = _bucket(report.clock_s - self.window_s), _bucket(report.clock_s + self.window_s)
        indexes = [self._by_clue[bucket] for bucket in range(first, last + 1) if bucket in self._by_clue]
        every = keys.tolist()
        found = b"".join(chain.from_iterable([index.packed(every) for index in indexes]))
        likely = [one for one in self._likeliest(_more_than_once(found)) if one[-1] not in versions]
        sure = zip(_in_common(keys, [other for _, _, other in likely]), likely, strict=True)
        best = sorted([(n, order, other) for n, (_, order, other) in sure if n > 1])[-MOST_COMPARED:]
        versions += self._retold(report)
        return [*reversed(versions), *sorted([other for _, _, other in best], key=_in_order, reverse=True)]

    def _likeliest(self, counts: Mapping[int, int]) -> list[tuple[int, Order, Report]]:
        """Of the open reports that are counted the `2 * MOST_COMPARED` that have most clues, of equals the last.

        How many clues those have is found first, in numbers alone: most of thousands of reports are never looked at.
        """
        most = 2 * MOST_COMPARED
        reports_with: dict[int, int] = {}
        count_each(reports_with, counts.values())
        steps = sorted(reports_with, reverse=True)
        enough = bisect_left(list(accumulate(map(reports_with.__getitem__, steps))), most)
        likely: list[tuple[int, Order, Report]] = []
        for least in [*steps[enough:-1], *steps[-1:]]:
            found = [(n, self._numbered.get(number)) for number, n in counts.items() if n >= least]
            likely = [(n, other.order, other) for n, other in found if other is not None]
            if len(likely) >= most:  # else some of them were closed
                break
        return sorted(likely)[-most:] if len(likely) > most else likely

    def _settle(self, pending: list[Report], touch: Touch) -> None:
        """Let each report choose its incident, the earliest first, and again when a choice that it heeds changes."""
        heap = [(report.order, report) for report in pending]
        heapify(heap)
        last: Report | None = None
        while heap:
            _, report = heappop(heap)
            if report is last or report.id not in self.reports:
                continue
            last = report
            chosen, ties = self._choice(report)
            if chosen is report.founder and ties == report.joins:
                continue
            if chosen is not report.founder:
                for later in {*report.later, *_heeding(report.founder, report), *_heeding(chosen, report)}:
                    heappush(heap, (later.order, later))
            self._move(report, chosen, ties, touch)

    def _move(self, report: Report, to: Report | None, ties: tuple[Report, ...], touch: Touch) -> None:
        touch(report, report.founder, to, *report.joins, *ties)
        self.busy.move(report, report.founder, to)
        _move(report, to, ties)

    def _choice(self, report: Report) -> tuple[Report, tuple[Report, ...]]:
        """The founder of the incident that a report belongs to, itself if to none, and of those that it ties to it."""
        scores = [(score, founder) for founder, score in self.scores(report).items() if score >= JOIN]
        if not scores:
            return report, ()
        scores.sort(key=lambda scored: (-scored[0], scored[1].order))
        chosen = scores[0][1]
        ties = [
            founder for score, founder in scores[1 : 1 + MOST_TIES] if score >= TIE and self._may_tie(chosen, founder)
        ]
        return chosen, tuple(ties)

    def _may_tie(self, one: Report, other: Report) -> bool:
        """Whether nothing speaks plainly against one event in what the first reports of both say."""
        score = strength(one, other, 2 * self.window_s)
        return score is not None and score >= NO_VETO

    def scores(self, report: Report) -> dict[Report, float]:
        """How well each group of an earlier report suits: half the best link, half the mean over its last members."""
        best: dict[Report, float] = {}
        known: dict[Report, float] = {}
        for other, score in report.earlier:
            if other.founder is not None:
                known[other] = score
                best[other.founder] = max(score, best.get(other.founder, score))
        return {founder: self._suits(report, founder, top, known) for founder, top in best.items()}

    def _suits(self, report: Report, founder: Report, best: float, known: Mapping[Report, float]) -> float:
        if best >= SAME_STORY:
            return best
        members = founder.members
        end = bisect_left(members, report.order, key=_in_order)
        last = members[max(0, end - MOST_HEEDED) : end]
        unknown = [member for member in last if member not in known]
        shared = dict(zip(unknown, shared_with(report, unknown), strict=True)) if unknown else {}
        scores = []
        for member in last:
            score = known[member] if member in known else strength(report, member, inf, shared[member])
            if score is None:  # another report of its own article
                return NEVER
            scores.append(min(score, best))
        return (best + sum(scores) / len(scores)) / 2 if scores else best


def _more_than_once(packed: bytes) -> dict[int, int]:
    """The numbers that are packed twice and more, each with how often beyond the first time."""
    numbers = np.sort(np.frombuffer(packed, np.uint32))
    again = numbers[1:]
    counts: dict[int, int] = {}
    count_each(counts, again[again == numbers[:-1]].tolist())
    return counts


def _in_common(keys: array[int], others: Sequence[Report]) -> list[int]:
    """How many of the keys each of the others has, of which each has one at least."""
    if not others:
        return []
    clues = [_clue_keys(other) for other in others]
    own, theirs = np.frombuffer(keys, np.uint32), np.frombuffer(b"".join(clues), np.uint32)
    starts = list(accumulate(map(len, clues[:-1]), initial=0))
    found = own.take(own.searchsorted(theirs), mode="clip") == theirs
    common: list[int] = np.add.reduceat(found, starts, dtype=np.intp).tolist()
    return common


def _heeding(founder: Report | None, report: Report) -> list[Report]:
    """The later reports that look at the group of `founder` around the place of `report` in it."""
    if founder is None:
        return []
    members = founder.members
    at = bisect_left(members, report.order, key=_in_order)
    end = members[at + MOST_HEEDED].order if at + MOST_HEEDED < len(members) else None
    near = members[max(0, at - MOST_HEEDED) : at + MOST_HEEDED]
    heeding = {later for member in near for later in member.later}
    return [one for one in heeding if one.order > report.order and (end is None or one.order <= end)]


def incident_of(founder: Report) -> Report:
    """The first founder of the incident that the group of a founder belongs to; its id is the incident's."""
    return min(groups_of(founder), key=_in_order)


def groups_of(founder: Report) -> list[Report]:
    """The founders of all groups that are one incident with that of `founder`, itself among them."""
    if not founder.ties:
        return [founder]
    found, todo = {founder}, [founder]
    while todo:
        for other in todo.pop().ties or ():
            if other not in found:
                found.add(other)
                todo.append(other)
    return sorted(found, key=_in_order)


def members_of(founder: Report) -> Sequence[Report]:
    """Every report of the incident of a founder, in order."""
    if not founder.ties:
        return founder.members
    return sorted((member for group in groups_of(founder) for member in group.members), key=_in_order)


def oldest_of(founder: Report, most: int) -> Sequence[Report]:
    """The first reports of the incident of a founder, at most so many, in order."""
    if not founder.ties:
        return founder.members[:most]
    return sorted((member for group in groups_of(founder) for member in group.members[:most]), key=_in_order)[:most]


def newest_of(founder: Report, most: int) -> Sequence[Report]:
    """The last reports of the incident of a founder, at most so many, in order."""
    if not founder.ties:
        return founder.members[-most:]
    return sorted((member for group in groups_of(founder) for member in group.members[-most:]), key=_in_order)[-most:]


def heard_of(founder: Report) -> float:
    """When the incident of a founder was last told of."""
    return max(group.group_heard_s for group in groups_of(founder))


def size_of(founder: Report) -> int:
    """How many reports the incident of a founder has."""
    return sum(len(group.members) for group in groups_of(founder))


def tellers_of(founder: Report) -> int:
    """How many articles a crowded incident has; one that reports to two groups of it, and is crowded, counts twice."""
    return sum(
        len({member.article_id for member in group.members} if group.tellers is None else group.tellers)
        for group in groups_of(founder)
    )


def _tell_more(founder: Report, article_id: str) -> None:
    """Count one more report of an article in a group, once that is crowded."""
    if founder.tellers is not None:
        founder.tellers[article_id] = founder.tellers.get(article_id, 0) + 1
    elif len(founder.members) > CROWDED:
        founder.tellers = {}
        count_each(founder.tellers, [member.article_id for member in founder.members])


def _tell_less(founder: Report, article_id: str) -> None:
    if founder.tellers is not None:
        founder.tellers[article_id] -= 1
        if not founder.tellers[article_id]:
            del founder.tellers[article_id]


def _strongest(links: list[Link]) -> list[Link]:
    """The links that stay, the weakest first: those to the same story, then those to the last reports."""
    return sorted(links, key=_rank)[-MOST_LINKS:]


def _link_pair(later: Report, earlier: Report, score: float) -> None:
    """Link two reports that may speak of one event; of too many links those to the same story and the last stay."""
    links = [*later.earlier]
    insort(links, (earlier, score), key=_rank)
    later.earlier = tuple(links[-MOST_LINKS:])
    earlier.later += (later,)
    if len(links) > MOST_LINKS:
        dropped, _ = links[0]
        dropped.later = _but(dropped.later, later)


def _bucket(clock_s: float) -> int:
    return int(clock_s // _BUCKET_S)


def _day(clock_s: float) -> int:
    return int(clock_s // DAY_S)


def _has_better(links: Sequence[Link], report: Report, other: Report) -> bool:
    """Whether the `links` of `report`, the weakest first, are enough, and all better than one to `other` can be.

    One to another version of its own story may be better than any.
    """
    full = len(links) == MOST_LINKS
    return full and other.story_id != report.story_id and _rank(links[0]) > (False, other.order)


def _rank(link: Link) -> tuple[bool, Order]:
    other, score = link
    return score >= SAME_STORY, other.order


def _but(reports: tuple[Report, ...], report: Report) -> tuple[Report, ...]:
    return tuple(other for other in reports if other is not report)


def _forget_toll(founder: Report) -> None:
    for group in groups_of(founder):
        group.toll = None


def _nobody(_report: Report | None, /, *_founders: Report | None) -> None:
    """Nobody wants to know what changes."""


def _move(report: Report, to: Report | None, ties: tuple[Report, ...]) -> None:
    """Change the group of a report, and what it ties to it; None takes it out of all."""
    if report.founder is not None:
        _forget_toll(report.founder)
        for other in report.joins:
            _tie(report.founder, other, -1)
        if to is not report.founder:
            group = report.founder.group
            assert group is not None
            del group[bisect_left(group, report.order, key=_in_order)]
            _tell_less(report.founder, report.article_id)
            if report.heard_s == report.founder.group_heard_s:
                report.founder.group_heard_s = max((member.heard_s for member in group), default=0.0)
            if not group:
                report.founder.group = None
    if to is not None:
        if to is not report.founder:
            if to.group is None:
                to.group = []
            insort(to.group, report, key=_in_order)
            to.group_heard_s = max(to.group_heard_s, report.heard_s)
            _tell_more(to, report.article_id)
        for other in ties:
            _tie(to, other, 1)
        _forget_toll(to)
    report.founder, report.joins = to, ties


def _tie(one: Report, other: Report, change: int) -> None:
    """Count a report more or less that ties two groups."""
    for here, there in ((one, other), (other, one)):
        ties = {} if here.ties is None else here.ties
        ties[there] = ties.get(there, 0) + change
        if not ties[there]:
            del ties[there]
        here.ties = ties or None
