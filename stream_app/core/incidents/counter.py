"""The state of the count hop: figure records in; tolls, revisions and table rows out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from stream_app.core.incidents.grouping import Grouping, Touch
from stream_app.core.incidents.ledger import Cause, Change, revisions_of
from stream_app.core.incidents.report import DAY_S, Draft, Report, report_of
from stream_app.core.incidents.toll import Value, counts_victims, incident_id, rfc3339, toll_of
from stream_app.core.poison import PoisonError

DEFAULT_WINDOW_S = 7.0 * DAY_S


@dataclass(slots=True)
class Counted:
    """What one record asks for, in the order in which to publish it.

    `tolls`: (incident id, value, or None when the incident is no more). `revisions`: (incident id, value).
    `closed`: ids of incidents that no report is joined to any more: their toll needs a tombstone, but its last value
    stays true. `rows`: (row id, row, or None to delete it). `late`: the record came after its incident was closed and
    changed nothing.
    """

    tolls: list[tuple[str, Value | None]] = field(default_factory=list)
    revisions: list[tuple[str, Value]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    rows: list[tuple[str, bytes | None]] = field(default_factory=list)
    late: bool = False


class Counter:
    """The incidents of one partition: a state machine without a clock.

    An incident stays open while reports of it come: it is closed when its last report is `window_s` seconds older than
    the newest report of its country. Standing tolls depend on the set of open reports only, not on their order.
    A record that was counted before asks for nothing, so rows must be stored after the broker has the outputs.
    """

    def __init__(self, window_s: float = DEFAULT_WINDOW_S) -> None:
        self._window_s = window_s
        self._grouping = Grouping(window_s)
        self._drafts: dict[str, Draft] = {}
        self._newest_s: dict[str, float] = {}
        self._by_day: dict[str, dict[int, list[Report]]] = {}

    def __len__(self) -> int:
        """The number of open reports, incomplete ones included."""
        return len(self._grouping.reports) + len(self._drafts)

    @property
    def open_incidents(self) -> int:
        """The number of incidents that reports are still joined to, whether or not anybody counts victims."""
        return sum(bool(report.members) for report in self._grouping.reports.values())

    def restore(self, row_id: str, row: bytes) -> None:
        """Take in one table row; any order of rows gives the same state."""
        self.forget(row_id)
        draft = Draft.read(row)
        if draft.complete:
            self._insert(report_of(draft), _untouched)
        else:
            self._drafts[row_id] = draft

    def forget(self, row_id: str) -> None:
        """Drop one row that was restored: its tombstone was read."""
        self._drafts.pop(row_id, None)
        report = self._grouping.reports.get(row_id)
        if report is not None:
            self._grouping.remove(report, _untouched)

    def count(self, record: Mapping[str, Any], received_s: float) -> Counted:
        """Count one figure record.

        `received_s` (seconds since 1970) is the record's own timestamp; it stands in for a missing time of publication.

        Raises:
            PoisonError: the record is not one that `reports.figures_of` made.
        """
        counted = Counted()
        try:
            draft = self._take_in(record, received_s)
            report = report_of(draft) if draft is not None and draft.complete else None
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise PoisonError("bad_record", f"not a figure record: {error!r}") from error
        if draft is None:
            return counted
        report_id = draft.meta["report_id"]
        counted.rows.append((report_id, draft.row()))
        if report is None:
            self._drafts[report_id] = draft
        else:
            self._drafts.pop(report_id, None)
            self._count_report(report, draft.meta["source"], counted)
        return counted

    def _take_in(self, record: Mapping[str, Any], received_s: float) -> Draft | None:
        """The draft of the record's report with the record in it; None when it was there before."""
        report_id = record["report_id"]
        if report_id in self._grouping.reports:
            return None
        draft = self._drafts.get(report_id) or Draft.of(record, received_s)
        return draft if draft.add(record) else None

    def _count_report(self, report: Report, source: str | None, counted: Counted) -> None:
        before = _Before()
        self._insert(report, before)
        cause = Cause(report.id, report.article_id, source, rfc3339(report.clock_s))
        for change in before.changes():
            if change.before != change.after:
                counted.tolls.append((change.incident_id, change.after))
            counted.revisions.extend((change.incident_id, line) for line in revisions_of(change, cause))
        for founder in self._closed(report, before):
            self._close(founder, counted)
        counted.late = report.id not in self._grouping.reports

    def _insert(self, report: Report, touch: Touch) -> None:
        for version in self._grouping.versions(report):
            touch(_founder(version))
        self._grouping.add(report, touch)
        self._by_day.setdefault(report.country, {}).setdefault(_day(report), []).append(report)
        self._newest_s[report.country] = max(report.clock_s, self._newest_s.get(report.country, report.clock_s))

    def _closed(self, report: Report, before: _Before) -> list[Report]:
        """The founders of the incidents that are closed now that `report` has come, the oldest first."""
        horizon = self._horizon(report.country)
        days = self._by_day[report.country]
        aged = [old for day in sorted(days) if day < horizon for old in days.pop(day)]
        founders = {_founder(old) for old in aged if self._grouping.reports.get(old.id) is old}
        founders.update(founder for founder in before.touched if founder.members)
        return sorted((f for f in founders if max(map(_day, f.members)) < horizon), key=lambda f: f.order)

    def _horizon(self, country: str) -> int:
        """The first day whose incidents are open."""
        newest_day_s = self._newest_s[country] // DAY_S * DAY_S
        return int((newest_day_s - self._window_s) // DAY_S)

    def _close(self, founder: Report, counted: Counted) -> None:
        """Forget an incident: its toll if it stood, and the row of each report."""
        members = sorted(founder.members, key=lambda member: member.order, reverse=True)
        if counts_victims(founder):
            counted.closed.append(incident_id(founder))
        for member in members:
            self._grouping.remove(member, _untouched)
            counted.rows.append((member.id, None))

    def standing(self) -> dict[str, Value]:
        """Every standing toll by incident id."""
        tolls = {incident_id(r): toll_of(r) for r in self._grouping.reports.values() if r.members}
        return {name: toll for name, toll in tolls.items() if toll is not None}


class _Before:
    """What the incidents that a change touches were like before it."""

    def __init__(self) -> None:
        self.touched: dict[Report, tuple[Value | None, tuple[Report, ...]]] = {}

    def __call__(self, founder: Report) -> None:
        """Called just before the incident of `founder` changes."""
        if founder not in self.touched:
            self.touched[founder] = toll_of(founder), founder.members

    def changes(self) -> list[Change]:
        """What became of each, the oldest first."""
        founders = sorted(self.touched, key=lambda founder: founder.order)
        after = {founder: toll_of(founder) for founder in founders}
        return [self._change(founder, after) for founder in founders]

    def _change(self, founder: Report, after: Mapping[Report, Value | None]) -> Change:
        before, members = self.touched[founder]
        went = [r.founder for r in members if r.founder not in (founder, None) and after.get(r.founder) is not None]
        came = [f for f, (toll, old) in self.touched.items() if f is not founder and toll and _shares(old, founder)]
        vanished = before is not None and after[founder] is None
        appeared = before is None and after[founder] is not None
        return Change(
            incident_id(founder),
            before,
            after[founder],
            merged_into=_first_id(went) if vanished else None,
            split_from=_first_id([f for f in came if after[f] is not None]) if appeared else None,
            took_over=_first_id([f for f in came if after[f] is None]),
        )


def _shares(members: Iterable[Report], founder: Report) -> bool:
    return any(member.founder is founder for member in members)


def _first_id(founders: Iterable[Report | None]) -> str | None:
    known = [founder for founder in founders if founder is not None]
    return incident_id(min(known, key=lambda founder: founder.order)) if known else None


def _founder(report: Report) -> Report:
    assert report.founder is not None, "a report that is open is settled"
    return report.founder


def _day(report: Report) -> int:
    return int(report.clock_s // DAY_S)


def _untouched(founder: Report) -> None:
    """Nobody wants to know what changes."""
