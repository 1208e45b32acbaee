"""What changed in a toll, as events: old, new, when, from which article, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stream_app.core.wire import digest

SCHEMA = "incidents.revisions/1"

Value = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cause:
    """The report that brought a change."""

    report_id: str
    article_id: str
    source: str | None
    when: str


@dataclass(frozen=True, slots=True)
class Change:
    """One incident before and after a report; None where it did not or no longer stands.

    `merged_into`: the incident that its reports now belong to, when it vanished. `split_from`: the incident that its
    reports belonged to, when it is new and that one still stands. `took_over`: an incident that vanished into it.
    """

    incident_id: str
    before: Value | None
    after: Value | None
    merged_into: str | None = None
    split_from: str | None = None
    took_over: str | None = None

    @property
    def other_incident(self) -> str | None:
        """The other incident of a merge or split."""
        return self.merged_into or self.split_from or self.took_over


def revisions_of(change: Change, cause: Cause) -> Iterator[Value]:
    """The ledger's lines for one change, at most one a kind and one for a merge or split."""
    if change.merged_into or change.split_from:
        why = "merged" if change.merged_into else "split"
        yield _line(change, cause, None, _plain(change.before), _plain(change.after), why)
        return
    old, new = _toll(change.before), _toll(change.after)
    for kind in sorted(old.keys() | new.keys()):
        before, after = _bounds(old.get(kind)), _bounds(new.get(kind))
        if before != after:
            yield _line(change, cause, kind, before, after, _why(change, before, after))
    yield from _contradictions(change, cause)


def _contradictions(change: Change, cause: Cause) -> Iterator[Value]:
    """A line for each kind on which the new report stands against the toll of the others."""
    if change.before is None or change.after is None:
        return
    for conflict in change.after["conflicts"]:
        if conflict["article_id"] == cause.article_id:
            standing = _bounds(change.after["toll"][conflict["kind"]])
            yield _line(change, cause, conflict["kind"], standing, _bounds(conflict), "contradicted")


def _why(change: Change, old: Value | None, new: Value | None) -> str:
    if old is None:
        return "merged" if change.before is None and change.took_over else "new_report"
    if new is None:
        return "withdrawn"
    if new["low"] != old["low"]:
        return "raised" if new["low"] > old["low"] else "lowered"
    return "ceiling"


def _toll(value: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return {} if value is None else value["toll"]


def _plain(value: Mapping[str, Any] | None) -> Value | None:
    """A toll without those who say so."""
    return None if value is None else {kind: _bounds(entry) for kind, entry in _toll(value).items()}


def _bounds(entry: Mapping[str, Any] | None) -> Value | None:
    return None if entry is None else {"low": entry["low"], "high": entry["high"]}


def _line(change: Change, cause: Cause, kind: str | None, old: Value | None, new: Value | None, why: str) -> Value:
    content = [change.incident_id, kind, old, new, why, change.other_incident, cause.report_id]
    return {
        "schema": SCHEMA,
        "revision_id": digest(json.dumps(content)),
        "incident_id": change.incident_id,
        "kind": kind,
        "old": old,
        "new": new,
        "when": cause.when,
        "article_id": cause.article_id,
        "source": cause.source,
        "why": why,
        "other_incident": change.other_incident,
        "text": _sentence(change, cause, kind, old, new, why),
    }


def _sentence(change: Change, cause: Cause, kind: str | None, old: Value | None, new: Value | None, why: str) -> str:
    """The line in words."""
    who = cause.source or cause.article_id
    if why == "merged":
        return f"one event with {change.other_incident}, as {who} shows"
    if why == "split":
        return f"another event than {change.other_incident}, as {who} shows"
    if why == "withdrawn":
        return f"{who} no longer reports {in_words(old)} {kind}"
    if why == "contradicted":
        return f"{who} reports {in_words(new)} {kind}, against {in_words(old)}"
    was = "" if old is None else f" (was {in_words(old)})"
    return f"{who} reports {in_words(new)} {kind}{was}"


def in_words(bounds: Mapping[str, Any] | None) -> str:
    """Bounds as a reader says them.

    >>> in_words({"low": 3, "high": 3}), in_words({"low": 3, "high": 5}), in_words({"low": 24, "high": None})
    ('3', '3 to 5', 'at least 24')
    """
    if bounds is None:
        return "none"
    low, high = bounds["low"], bounds["high"]
    return f"at least {low}" if high is None else str(low) if low == high else f"{low} to {high}"
