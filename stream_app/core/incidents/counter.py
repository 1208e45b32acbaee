"""The state of the count hop: reports in; tolls, members, revisions and table rows out."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, NamedTuple

from stream_app.core.hops import Gone
from stream_app.core.incidents.explain import Weighed, weighed
from stream_app.core.incidents.grouping import Grouping, Touch, groups_of, heard_of, incident_of, members_of, size_of
from stream_app.core.incidents.ledger import Cause, Change, revisions_of
from stream_app.core.incidents.report import DAY_S, Report, as_stored, report_of, row_of, unlinked
from stream_app.core.incidents.toll import Value, counts_victims, incident_id, toll_of
from stream_app.core.poison import PoisonError
from stream_app.core.wire.times import rfc3339

DEFAULT_WINDOW_S = 7.0 * DAY_S
MEMBERS_SCHEMA = "incidents.members/1"
DEFAULT_MOST_OPEN = 1_000_000
UNTIMED_OPEN = 20_000
"""Open reports where nobody knows when they came: they are as many as there is room for, and more cost time."""
WITNESSES = 5
"""So many reports must have come of a day before it counts as the stream's newest: no single wrong date closes all."""
MOST_MOVED = 256
"""Of an incident that goes into another so many newest members are told anew; its tombstone speaks for the rest."""


@dataclass(slots=True)
class Counted:
    """What one report asks for, in the order in which to publish it.

    `tolls`: (incident id, value). `gone`: (incident id, why, the incident that it went into), for incidents whose toll
    needs a tombstone; one that expired stays true. `members`: (report id, value, or None when its incident expired).
    `revisions`: (incident id, value). `rows`: (row id, row, or None to delete it). `late`: the report came after
    all that is open; what it tells is published and closed at once.
    """

    tolls: list[tuple[str, Value]] = field(default_factory=list)
    gone: list[tuple[str, Gone, str | None]] = field(default_factory=list)
    members: list[tuple[str, Value | None]] = field(default_factory=list)
    revisions: list[tuple[str, Value]] = field(default_factory=list)
    rows: list[tuple[str, bytes | None]] = field(default_factory=list)
    late: bool = False


class Counter:
    """The incidents of one partition: a state machine without a clock.

    An incident stays open while reports of it come: it is closed when the last came `window_s` seconds before the
    stream's newest day, which is that of the fifth newest report. A report comes when it is received, or published
    where that is later: neither an archive in no order nor a wrong date closes anything. Of more than `most_open`
    reports those incidents are closed that were told of least lately, until a tenth is free. Not `timed`, incidents are
    closed for that alone: nobody knows when the reports came, and those of one incident may be anywhere among them.
    Where more than twenty reports are alike, standing tolls depend on the order in which they came (ADR 26). Rows keep
    it, so that the state follows from them, in whatever order they are read. A report that was counted before asks for
    nothing, so rows must be stored after the broker has the outputs.
    """

    def __init__(
        self, window_s: float = DEFAULT_WINDOW_S, most_open: int = DEFAULT_MOST_OPEN, *, timed: bool = True
    ) -> None:
        self._window_s = window_s
        self._most_open = most_open
        self._timed = timed
        self._known = Grouping(window_s)
        self._latest = 0
        self._mixed = False
        self._newest_s: list[float] = []
        self._by_day: dict[int, list[Report]] = {}

    def __len__(self) -> int:
        """The number of open reports."""
        return len(self._known.reports)

    @property
    def _grouping(self) -> Grouping:
        """The open reports, compared in the order in which they came, also where their rows were read in another."""
        if self._mixed:
            reports = sorted(self._known.reports.values(), key=lambda report: report.number)
            self._known, self._mixed = Grouping(self._window_s), False
            self._by_day.clear()
            self._newest_s.clear()
            for report in reports:
                self._insert(unlinked(report), _untouched)
        return self._known

    @property
    def open_incidents(self) -> int:
        """The number of incidents that reports are still joined to, whether or not anybody counts victims."""
        return len(self.incidents())

    def restore(self, row_id: str, row: bytes) -> None:
        """Take in one table row; all rows that were stored, in any order, give the state that stored them.

        A row that is known already changes nothing: a worker that keeps its partition reads its last rows once more,
        and a report that went and came again would be compared with others than when it was counted.
        """
        report, known = report_of(row), self._known.reports.get(row_id)
        if known is not None and as_stored(known) == as_stored(report):
            return
        self.forget(row_id)
        self._mixed = self._mixed or report.number < self._latest
        self._insert(report, _untouched)

    def forget(self, row_id: str) -> None:
        """Drop one row that was restored: its tombstone was read."""
        report = self._known.reports.get(row_id)
        if report is not None:
            self._known.remove(report, _untouched)

    def count(self, record: Mapping[str, Any], received_s: float) -> Counted:
        """Count one record of `incidents.reports`.

        `received_s` (seconds since 1970) is the record's own timestamp; it stands in for a missing time of publication.

        Raises:
            PoisonError: the record is not one that `telling.told_by` made.
        """
        counted = Counted()
        try:
            if record["report_id"] in self._grouping.reports:
                return counted
            report = report_of(row := row_of(record, received_s, self._grouping.seen, self._latest + 1))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise PoisonError("bad_record", f"not a report: {error!r}") from error
        counted.rows.append((report.id, row))
        self._count(report, record["source"], counted)
        return counted

    def _count(self, report: Report, source: str | None, counted: Counted) -> None:
        before = _Before()
        self._insert(report, before)
        cause = Cause(report.id, report.article_id, source, rfc3339(report.clock_s))
        moves = before.moves()
        counted.members.extend((move.report.id, _membership(move.report, move.to)) for move in moves)
        for change in before.changes(moves):
            if change.after is None and change.before is not None:
                into = change.merged_into
                counted.gone.append((change.incident_id, "merged" if into else "withdrawn", into))
            elif change.after is not None and change.before != change.after:
                counted.tolls.append((change.incident_id, change.after))
            counted.revisions.extend((change.incident_id, line) for line in revisions_of(change, cause))
        for founder in self._closed(before):
            self._close(founder, counted)
        counted.late = report.id not in self._grouping.reports

    def _insert(self, report: Report, touch: Touch) -> None:
        for version in self._known.versions(report):
            touch(None, version.founder)
        self._known.add(report, touch)
        self._latest = max(self._latest, report.number)
        if self._timed:
            self._by_day.setdefault(_day(report), []).append(report)
        insort(self._newest_s, report.heard_s)
        del self._newest_s[:-WITNESSES]

    def _closed(self, before: _Before) -> list[Report]:
        """The first founders of the incidents that are closed now, the oldest first."""
        if not self._timed:
            return sorted(self._in_excess(), key=lambda founder: founder.order)
        horizon = self._horizon()
        aged = [old for day in sorted(self._by_day) if day < horizon for old in self._by_day.pop(day)]
        founders = {_incident(old) for old in aged if self._grouping.reports.get(old.id) is old}
        founders.update(incident_of(group) for group in before.roots if group.members)
        closed = {founder for founder in founders if heard_of(founder) // DAY_S < horizon}
        return sorted(closed | self._in_excess(), key=lambda founder: founder.order)

    def _in_excess(self) -> set[Report]:
        """Of too many open reports the incidents that were told of least lately, so many that a tenth is free again."""
        excess = len(self) - self._most_open
        if excess <= 0:
            return set()
        founders = {_incident(report) for report in self._grouping.reports.values()}
        least_lately = sorted(founders, key=lambda founder: (heard_of(founder), founder.order))
        sizes = accumulate(map(size_of, least_lately), initial=0)
        return {
            founder for founder, before in zip(least_lately, sizes, strict=False) if before < excess + len(self) // 10
        }

    def _horizon(self) -> int:
        """The first day whose incidents are open; without enough witnesses all are."""
        newest_s = self._newest_s[0] if len(self._newest_s) == WITNESSES else 0.0
        return int((newest_s // DAY_S * DAY_S - self._window_s) // DAY_S)

    def _close(self, founder: Report, counted: Counted) -> None:
        """Forget an incident: its toll if it stood, and the row of each report."""
        if counts_victims(founder):
            counted.gone.append((incident_id(founder), "expired", None))
        members = list(members_of(founder))
        self._grouping.close(members)
        for member in reversed(members):
            counted.members.append((member.id, None))
            counted.rows.append((member.id, None))

    def report(self, report_id: str) -> Report | None:
        """An open report."""
        return self._grouping.reports.get(report_id)

    def weighed(self, report_id: str) -> list[Weighed]:
        """What an open report was weighed against, with the reasons; nothing when it is not open."""
        report = self.report(report_id)
        return [] if report is None else weighed(self._grouping, report)

    def standing(self) -> dict[str, Value]:
        """Every standing toll by incident id."""
        roots = (report for report in self._grouping.reports.values() if report.members and _incident(report) is report)
        tolls = {incident_id(root): toll_of(root) for root in roots}
        return {name: toll for name, toll in tolls.items() if toll is not None}

    def memberships(self) -> dict[str, str]:
        """The incident of every open report."""
        return {report.id: incident_id(_incident(report)) for report in self._grouping.reports.values()}

    def incidents(self) -> list[Sequence[Report]]:
        """The reports of every open incident, in order."""
        roots = (report for report in self._grouping.reports.values() if report.members and _incident(report) is report)
        return [members_of(root) for root in roots]


class _Move(NamedTuple):
    """A report that belongs to another incident than before; None where it was or is in none."""

    report: Report
    was: Report | None
    to: Report


class _Before:
    """What the incidents that a change touches were like before it, and which reports it moves.

    `roots`: of each group touched, the founder of its incident; `tolls`: of each of those, its toll.
    """

    def __init__(self) -> None:
        self.roots: dict[Report, Report] = {}
        self.tolls: dict[Report, Value | None] = {}
        self.moved: dict[Report, Report | None] = {}

    def __call__(self, report: Report | None, /, *founders: Report | None) -> None:
        """Called just before the incidents of `founders` change and `report` moves."""
        for founder in founders:
            if founder is not None and founder not in self.roots:
                root = incident_of(founder)
                self.roots.update((group, root) for group in groups_of(founder) if group not in self.roots)
                if root not in self.tolls:
                    self.tolls[root] = toll_of(root) if root.members else None
        if report is not None:
            self.moved.setdefault(report, report.founder and self.roots[report.founder])

    def moves(self) -> list[_Move]:
        """The reports that belong to another incident than before, in order."""
        moved = dict(self.moved)
        for group, root in self.roots.items():
            if group.members and incident_of(group) is not root:
                for member in group.members[-MOST_MOVED:]:
                    moved.setdefault(member, root)
        found = [_Move(report, was, _incident(report)) for report, was in moved.items() if report.founder is not None]
        return sorted((move for move in found if move.was is not move.to), key=lambda move: move.report.order)

    def changes(self, moves: Sequence[_Move]) -> list[Change]:
        """What became of each incident, the oldest first."""
        now = {incident_of(group) for group in self.roots if group.members}
        after = {root: toll_of(root) for root in now}
        return [self._change(root, after, moves) for root in sorted({*self.tolls, *now}, key=lambda root: root.order)]

    def _change(self, root: Report, after: Mapping[Report, Value | None], moves: Sequence[_Move]) -> Change:
        before, now = self.tolls.get(root), after.get(root)
        went = {move.to for move in moves if move.was is root and after.get(move.to) is not None}
        came = {move.was for move in moves if move.to is root and move.was is not None}
        stood = [other for other in came if other is not None and self.tolls.get(other) is not None]
        return Change(
            incident_id(root),
            before,
            now,
            merged_into=_first_id(went) if before is not None and now is None else None,
            split_from=_first_id(f for f in stood if after.get(f) is not None) if before is None and now else None,
            took_over=_first_id(f for f in stood if after.get(f) is None),
        )


def _membership(report: Report, root: Report) -> Value:
    return {
        "schema": MEMBERS_SCHEMA,
        "report_id": report.id,
        "article_id": report.article_id,
        "incident_id": incident_id(root),
    }


def _first_id(founders: Iterable[Report]) -> str | None:
    first = min(founders, key=lambda founder: founder.order, default=None)
    return None if first is None else incident_id(first)


def _incident(report: Report) -> Report:
    """The first founder of the incident that an open report belongs to."""
    assert report.founder is not None, "a report that is open is settled"
    return incident_of(report.founder)


def _day(report: Report) -> int:
    return int(report.heard_s // DAY_S)


def _untouched(_report: Report | None, /, *_founders: Report | None) -> None:
    """Nobody wants to know what changes."""
