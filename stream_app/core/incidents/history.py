"""A whole stream counted, with what the count hop forgets of it: for evaluation and explanation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stream_app.core.incidents.counter import UNTIMED_OPEN, Counted, Counter
from stream_app.core.incidents.report import Report

Value = dict[str, Any]


class History:
    """Counts reports like the count hop, and keeps what that forgets.

    `belongs`: the last incident of each report; `reports`: every report that was open, by id; `tolls`: the last toll of
    each incident that was neither merged nor withdrawn; `ledger`: the lines of each.
    """

    def __init__(self, window_s: float) -> None:
        self.counter = Counter(window_s, UNTIMED_OPEN, timed=False)
        self.belongs: dict[str, str] = {}
        self.reports: dict[str, Report] = {}
        self.tolls: dict[str, Value] = {}
        self.ledger: dict[str, list[Value]] = {}

    def count(self, record: Mapping[str, Any], received_s: float) -> Counted:
        """Count one record of `incidents.reports`; its time of reception stands in for that of publication."""
        counted = self.counter.count(record, received_s)
        report = self.counter.report(record["report_id"])
        if report is not None:
            self.reports[report.id] = report
        for report_id, member in counted.members:
            if member is not None:
                self.belongs[report_id] = member["incident_id"]
        self.tolls.update(counted.tolls)
        for incident_id, why, _ in counted.gone:
            if why != "expired":
                self.tolls.pop(incident_id, None)
        for incident_id, line in counted.revisions:
            self.ledger.setdefault(incident_id, []).append(line)
        return counted
