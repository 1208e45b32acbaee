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
from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from itertools import chain, islice
from math import inf
from operator import attrgetter
from typing import Protocol
from zlib import crc32

from stream_app.core.incidents.busy import Busy, Usual
from stream_app.core.incidents.report import DAY_S, Link, Report
from stream_app.core.incidents.similarity import LINK, SAME_STORY, strength
from stream_app.core.incidents.sketch import EVENT, KIND_BITS, PLACE

MOST_LINKS = 32
LOOK_BACK = 128  # reports of one key that are looked at in one go
MOST_COMPARED = 128
MOST_HEEDED = 8  # members of an incident, the last ones before a report, over which its links are averaged
MOST_TIES = 4
JOIN = 1.0  # half the best link and half the mean must reach this
TIE = 2.5  # and this, for a second incident to be one with the first ...
NO_VETO = -2.0  # ... unless their founders speak so plainly of two events
NEVER = -inf
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

    def __init__(self, keys_of: Callable[[Report], Sequence[int]], slots: int = _LEAST_SLOTS) -> None:
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

    def under_two(self, keys: Sequence[int]) -> Iterator[Report]:
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


def _clue_keys(report: Report) -> Sequence[int]:
    """The keys that find a report, kept with it: 4 bytes each."""
    if report.clues is None:
        report.clues = array("I", sorted(set(_clues_of(report))))
    return report.clues


def _clues_of(report: Report) -> list[int]:
    """Telling terms, the place with each cause and with the day, the country with the cause, and with the day, too."""
    keys = [term for term in report.terms if PLACE <= term & KIND_BITS < EVENT]
    if report.feature == "P":
        spot = f"{report.lat:.2f} {report.lon:.2f}"
        keys += [crc32(f"{spot} {cause}".encode()) for cause in report.causes]
        keys.append(crc32(f"{spot} {report.first if report.dated else ''}".encode()))
    if report.country:
        keys += [crc32(f"{report.country} {cause}".encode()) for cause in report.causes[:1]]
        keys += [crc32(f"{report.country} {cause} {report.last}".encode()) for cause in report.causes[:1]]
    return keys


def _story_keys(report: Report) -> Sequence[int]:
    return [crc32(report.story_id.encode())]


class Grouping:
    """All reports that are open, linked and settled into incidents. `window_s`: how far apart linked reports may be."""

    def __init__(self, window_s: float) -> None:
        self.reports: dict[str, Report] = {}
        self._window_s = window_s
        self._by_clue: dict[int, Index] = {}
        self._by_story = Index(_story_keys)
        self.busy = Busy()
        self.usual = Usual()

    def versions(self, report: Report) -> list[Report]:
        """The reports of the same story, the report itself among them when it is open."""
        (key,) = _story_keys(report)
        return [other for other in self._by_story.get(key) if other.story_id == report.story_id]

    def add(self, report: Report, touch: Touch) -> None:
        """Take in a report; `touch` is called with the founder of each incident just before it changes."""
        unsettled = [report, *self._link(report)]
        self.reports[report.id] = report
        self.usual.note(report, 1)
        self._clues_of(_bucket(report.clock_s)).add(report)
        self._by_story.add(report)
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
        self.usual.note(report, -1)
        self._forget_clues(report)
        self._by_story.remove(report)
        for earlier, _ in report.earlier:
            earlier.later = _but(earlier.later, report)
        bereft = list(report.later)
        report.later = ()
        for later in bereft:
            had_room = len(later.earlier) < MOST_LINKS
            later.earlier = tuple(link for link in later.earlier if link[0] is not report)
            if not had_room:
                self._link_to_earlier(later)
        affected = _heeding(report.founder, report)
        self._move(report, None, (), touch)
        report.earlier, report.told = (), None
        self._settle([*bereft, *affected], touch)

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
        for other in self._candidates(report):
            if other.order > order:
                if not _has_better(other.earlier, other, report):
                    score = strength(report, other, self._window_s)
                    if score is not None and score >= LINK:
                        _link_pair(other, report, score)
                        changed.append(other)
                continue
            if len(links) >= MOST_LINKS:
                links = _strongest(links)
                if _has_better(links, report, other):
                    break
            score = strength(report, other, self._window_s)
            if score is not None and score >= LINK:
                links.append((other, score))
        report.earlier = tuple(_strongest(links))
        for other, _ in report.earlier:
            other.later += (report,)
        return changed

    def _link_to_earlier(self, report: Report) -> None:
        """Fill up the links of a report that lost one."""
        order = report.order
        linked = {other for other, _ in report.earlier}
        for other in self._candidates(report):
            if other.order < order and other not in linked:
                if _has_better(report.earlier, report, other):
                    break
                score = strength(report, other, self._window_s)
                if score is not None and score >= LINK:
                    _link_pair(report, other, score)

    def _candidates(self, report: Report) -> Iterator[Report]:
        """Reports of the same story, then those that share two clues within the window, the latest first.

        After `MOST_COMPARED` no more of them: where hundreds look alike, the last ones decide.
        """
        versions = self.versions(report)
        yield from reversed(versions)
        keys = _clue_keys(report)
        first, last = _bucket(report.clock_s - self._window_s), _bucket(report.clock_s + self._window_s)
        buckets = [self._by_clue[bucket] for bucket in range(last, first - 1, -1) if bucket in self._by_clue]
        found = chain.from_iterable(index.under_two(keys) for index in buckets)
        known = frozenset(keys)
        sharing = (other for other in found if len(known.intersection(_clue_keys(other))) > 1 and other not in versions)
        yield from islice(sharing, MOST_COMPARED)

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
        scores = [(score, founder) for founder, score in self._scores(report).items() if score >= JOIN]
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
        score = strength(one, other, 2 * self._window_s)
        return score is not None and score >= NO_VETO

    def _scores(self, report: Report) -> dict[Report, float]:
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
        scores = []
        for member in last:
            score = known.get(member)
            if score is None:
                score = strength(report, member, inf)
            if score is None:  # another report of its own article
                return NEVER
            scores.append(min(score, best))
        return (best + sum(scores) / len(scores)) / 2 if scores else best


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


def _has_better(links: Sequence[Link], report: Report, other: Report) -> bool:
    """Whether the `links` of `report`, the weakest first, are enough, and all better than one to `other` can be.

    One to another version of its own story may be better than any.
    """
    full = len(links) == MOST_LINKS
    return full and other.story_id != report.story_id and _rank(links[0]) > (False, other.order)


def _rank(link: Link) -> tuple[bool, tuple[float, bool, str]]:
    other, score = link
    return score >= SAME_STORY, other.order


def _but(reports: tuple[Report, ...], report: Report) -> tuple[Report, ...]:
    return tuple(other for other in reports if other is not report)


def _forget_toll(founder: Report) -> None:
    for group in groups_of(founder):
        group.toll = None


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
            if not group:
                report.founder.group = None
    if to is not None:
        if to is not report.founder:
            if to.group is None:
                to.group = []
            insort(to.group, report, key=_in_order)
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
