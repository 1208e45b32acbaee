"""The state of the count hop: reports in; tolls, members, revisions and table rows out."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stream_app.core.hops import Gone
from stream_app.core.incidents.grouping import Grouping, Touch
from stream_app.core.incidents.ledger import Cause, Change, revisions_of
from stream_app.core.incidents.report import DAY_S, Report, report_of, row_of
from stream_app.core.incidents.toll import Value, counts_victims, incident_id, rfc3339, toll_of
from stream_app.core.poison import PoisonError

DEFAULT_WINDOW_S = 7.0 * DAY_S
MEMBERS_SCHEMA = "incidents.members/1"
WITNESSES = 5
"""So many reports must have come of a day before it counts as the stream's newest: no single wrong date closes all."""


@dataclass(slots=True)
class Counted:
    """What one report asks for, in the order in which to publish it.

    `tolls`: (incident id, value). `gone`: (incident id, why, the incident that it went into), for incidents whose toll
    needs a tombstone; one that expired stays true. `members`: (report id, value, or None when its incident expired).
    `revisions`: (incident id, value). `rows`: (row id, row, or None to delete it). `late`: the report came after its
    incident was closed and changed nothing.
    """

    tolls: list[tuple[str, Value]] = field(default_factory=list)
    gone: list[tuple[str, Gone, str | None]] = field(default_factory=list)
    members: list[tuple[str, Value | None]] = field(default_factory=list)
    revisions: list[tuple[str, Value]] = field(default_factory=list)
    rows: list[tuple[str, bytes | None]] = field(default_factory=list)
    late: bool = False


class Counter:
    """The incidents of one partition: a state machine without a clock.

    An incident stays open while reports of it come: it is closed when its last report is `window_s` seconds older than
    the stream's newest day, which is that of the fifth newest report: no single date that is wrong closes anything.
    Standing tolls depend on the set of open reports only, not on their order. A report that was counted before asks
    for nothing, so rows must be stored after the broker has the outputs.
    """

    def __init__(self, window_s: float = DEFAULT_WINDOW_S) -> None:
        self._window_s = window_s
        self._grouping = Grouping(window_s)
        self._newest_s: list[float] = []
        self._by_day: dict[int, list[Report]] = {}

    def __len__(self) -> int:
        """The number of open reports."""
        return len(self._grouping.reports)

    @property
    def open_incidents(self) -> int:
        """The number of incidents that reports are still joined to, whether or not anybody counts victims."""
        return sum(bool(report.members) for report in self._grouping.reports.values())

    def restore(self, row_id: str, row: bytes) -> None:
        """Take in one table row; any order of rows gives the same state."""
        self.forget(row_id)
        self._insert(report_of(row), _untouched)

    def forget(self, row_id: str) -> None:
        """Drop one row that was restored: its tombstone was read."""
        report = self._grouping.reports.get(row_id)
        if report is not None:
            self._grouping.remove(report, _untouched)

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
            row = row_of(record, received_s)
            report = report_of(row)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise PoisonError("bad_record", f"not a report: {error!r}") from error
        counted.rows.append((report.id, row))
        self._count(report, record["source"], counted)
        return counted

    def _count(self, report: Report, source: str | None, counted: Counted) -> None:
        before = _Before()
        self._insert(report, before)
        cause = Cause(report.id, report.article_id, source, rfc3339(report.clock_s))
        counted.members.extend(before.memberships())
        for change in before.changes():
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
        for version in self._grouping.versions(report):
            touch(None, _founder(version))
        self._grouping.add(report, touch)
        self._by_day.setdefault(_day(report), []).append(report)
        insort(self._newest_s, report.clock_s)
        del self._newest_s[:-WITNESSES]

    def _closed(self, before: _Before) -> list[Report]:
        """The founders of the incidents that are closed now, the oldest first."""
        horizon = self._horizon()
        aged = [old for day in sorted(self._by_day) if day < horizon for old in self._by_day.pop(day)]
        founders = {_founder(old) for old in aged if self._grouping.reports.get(old.id) is old}
        founders.update(founder for founder in before.touched if founder.members)
        return sorted((f for f in founders if max(map(_day, f.members)) < horizon), key=lambda f: f.order)

    def _horizon(self) -> int:
        """The first day whose incidents are open; without enough witnesses all are."""
        newest_s = self._newest_s[0] if len(self._newest_s) == WITNESSES else 0.0
        return int((newest_s // DAY_S * DAY_S - self._window_s) // DAY_S)

    def _close(self, founder: Report, counted: Counted) -> None:
        """Forget an incident: its toll if it stood, and the row of each report."""
        members = sorted(founder.members, key=lambda member: member.order, reverse=True)
        if counts_victims(founder):
            counted.gone.append((incident_id(founder), "expired", None))
        for member in members:
            self._grouping.remove(member, _untouched)
            counted.members.append((member.id, None))
            counted.rows.append((member.id, None))

    def standing(self) -> dict[str, Value]:
        """Every standing toll by incident id."""
        tolls = {incident_id(r): toll_of(r) for r in self._grouping.reports.values() if r.members}
        return {name: toll for name, toll in tolls.items() if toll is not None}

    def memberships(self) -> dict[str, str]:
        """The incident of every open report."""
        return {report.id: incident_id(_founder(report)) for report in self._grouping.reports.values()}


class _Before:
    """What the incidents that a change touches were like before it, and which reports it moves."""

    def __init__(self) -> None:
        self.touched: dict[Report, Value | None] = {}
        self.moved: dict[Report, Report | None] = {}

    def __call__(self, report: Report | None, /, *founders: Report | None) -> None:
        """Called just before the incidents of `founders` change and `report` moves."""
        for founder in founders:
            if founder is not None and founder not in self.touched:
                self.touched[founder] = toll_of(founder)
        if report is not None:
            self.moved.setdefault(report, report.founder)

    def memberships(self) -> list[tuple[str, Value]]:
        """The reports that belong to another incident than before, in order."""
        moved = [report for report, founder in self.moved.items() if report.founder not in (founder, None)]
        return [(report.id, _membership(report)) for report in sorted(moved, key=lambda report: report.order)]

    def changes(self) -> list[Change]:
        """What became of each incident, the oldest first."""
        founders = sorted(self.touched, key=lambda founder: founder.order)
        after = {founder: toll_of(founder) for founder in founders}
        return [self._change(founder, after) for founder in founders]

    def _change(self, founder: Report, after: Mapping[Report, Value | None]) -> Change:
        before = self.touched[founder]
        went = [r.founder for r, was in self.moved.items() if was is founder and r.founder is not founder]
        came = [was for r, was in self.moved.items() if r.founder is founder and was not in (founder, None)]
        went = [other for other in went if other is not None and after.get(other) is not None]
        stood = [other for other in came if other is not None and self.touched.get(other) is not None]
        vanished = before is not None and after[founder] is None
        appeared = before is None and after[founder] is not None
        return Change(
            incident_id(founder),
            before,
            after[founder],
            merged_into=_first_id(went) if vanished else None,
            split_from=_first_id([f for f in stood if after[f] is not None]) if appeared else None,
            took_over=_first_id([f for f in stood if after[f] is None]),
        )


def _membership(report: Report) -> Value:
    return {
        "schema": MEMBERS_SCHEMA,
        "report_id": report.id,
        "article_id": report.article_id,
        "incident_id": incident_id(_founder(report)),
    }


def _first_id(founders: Iterable[Report | None]) -> str | None:
    known = [founder for founder in founders if founder is not None]
    return incident_id(min(known, key=lambda founder: founder.order)) if known else None


def _founder(report: Report) -> Report:
    assert report.founder is not None, "a report that is open is settled"
    return report.founder


def _day(report: Report) -> int:
    return int(report.clock_s // DAY_S)


def _untouched(_report: Report | None, /, *_founders: Report | None) -> None:
    """Nobody wants to know what changes."""
