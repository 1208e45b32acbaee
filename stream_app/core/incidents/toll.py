"""The toll of an incident as it stands: what its reports say, each origin once, and what contradicts it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from stream_app.core.incidents.report import FIGURE_FIELDS, PLACE_FIELDS, Report
from stream_app.core.incidents.when import day_name

SCHEMA = "incidents.tolls/1"
_MAX_CONTEXT = 12
_OWN_ROLES = frozenset({"toll", "other"})

Value = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """One origin's word on one kind: `low` to `high` persons (None: no ceiling), and who is said to have said so."""

    kind: str
    low: int
    high: int | None
    report: Report
    source: str | None
    said_by: Sequence[str]
    classes: Mapping[str, tuple[int, int | None]]

    def admits(self, other: Claim) -> bool:
        """Whether both claims can be true at once."""
        return (self.high is None or other.low <= self.high) and (other.high is None or self.low <= other.high)


@dataclass(frozen=True, slots=True)
class _Told:
    """A report with its details unpacked."""

    report: Report
    source: str | None
    place: Value | None
    toll: Mapping[str, Mapping[str, Any]]
    figures: Sequence[Mapping[str, Any]]


def toll_of(founder: Report, members: Iterable[Report], standing: Iterable[Report]) -> Value | None:
    """The value of `incidents.tolls` for the incident that `founder` founded; None when nobody counts victims.

    Args:
        founder: the incident's first report, which gives it its id.
        members: every report of the incident.
        standing: those of them that are the last version of their story: only they are counted.
    """
    told = [_unpack(report) for report in sorted(standing, key=lambda report: report.order)]
    claims = [claim for one in told for claim in _claims(one)]
    if not claims:
        return None
    kinds = {kind: list(group) for kind, group in groupby(sorted(claims, key=lambda c: c.kind), lambda c: c.kind)}
    stories = {one.report.cluster_id for one in told}
    reports = sorted((r for r in members if r.cluster_id in stories), key=lambda report: report.order)
    best = {kind: standing_claim(group) for kind, group in kinds.items()}
    return {
        "schema": SCHEMA,
        "incident_id": incident_id(founder),
        "place": _place(told),
        "happened": _happened(told),
        "first_reported": rfc3339(reports[0].clock_s),
        "last_reported": rfc3339(reports[-1].clock_s),
        "articles": list(dict.fromkeys(report.article_id for report in reports)),
        "origins": len(stories),
        "toll": {kind: _entry(best[kind], group) for kind, group in kinds.items()},
        "conflicts": [
            _conflict(claim) for kind, group in kinds.items() for claim in group if not claim.admits(best[kind])
        ],
        "context": _context(told),
    }


def incident_id(founder: Report) -> str:
    """The id of the incident that a report founded."""
    return f"inc-{founder.id}"


def standing_claim(claims: Sequence[Claim]) -> Claim:
    """The claim that stands for one kind: the one that most origins bear out; among several, the last one told.

    `claims` come oldest first. A claim is borne out by those that can be true at the same time, and by earlier ones
    that are lower, for tolls rise while victims are found. For the same reason a lower count that is told later does
    not replace a higher one until another origin bears it out: "two of the injured died" does not make two injured.
    """
    best, most = claims[0], 0
    for claim in claims:
        support = sum(_bears_out(other, claim) for other in claims)
        falls = claim.low < best.low and claim.report.clock_s > best.report.clock_s
        if support > most or (support == most and not falls):
            best, most = claim, support
    return best


def _bears_out(other: Claim, claim: Claim) -> bool:
    return claim.admits(other) or (other.low < claim.low and other.report.clock_s < claim.report.clock_s)


def _unpack(report: Report) -> _Told:
    source, place, toll, figures = json.loads(report.details)
    return _Told(
        report,
        source,
        place and dict(zip(PLACE_FIELDS, place, strict=True)),
        toll,
        [dict(zip(FIGURE_FIELDS, figure, strict=True)) for figure in figures],
    )


def _claims(told: _Told) -> Iterable[Claim]:
    for kind, bounds in told.toll.items():
        if bounds["low"] > 0 or bounds["high"] is None:
            own = [f for f in told.figures if f["kind"] == kind and f["role"] in _OWN_ROLES]
            said_by = list(dict.fromkeys(f["said_by"] for f in own if f["said_by"]))
            yield Claim(kind, bounds["low"], bounds["high"], told.report, told.source, said_by, _classes(own))


def _classes(figures: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, int | None]]:
    """Per victim class that is known, the highest figure."""
    found: dict[str, tuple[int, int | None]] = {}
    for figure in figures:
        name = figure["victim_class"]
        if name != "unknown" and figure["low"] > found.get(name, (-1, None))[0]:
            found[name] = (figure["low"], figure["high"])
    return found


def _entry(best: Claim, claims: Sequence[Claim]) -> Value:
    """The standing figure of one kind with those who say so."""
    agreeing = [claim for claim in claims if claim.admits(best)]
    return {
        "low": best.low,
        "high": best.high,
        "origins": len({claim.report.cluster_id for claim in agreeing}),
        "articles": [claim.report.article_id for claim in agreeing],
        "sources": _distinct(claim.source for claim in agreeing),
        "said_by": _distinct(name for claim in agreeing for name in claim.said_by),
        "by_class": {name: {"low": low, "high": high} for name, (low, high) in sorted(best.classes.items())},
    }


def _conflict(claim: Claim) -> Value:
    return {
        "kind": claim.kind,
        "low": claim.low,
        "high": claim.high,
        "article_id": claim.report.article_id,
        "source": claim.source,
        "said_by": list(claim.said_by),
        "reported": rfc3339(claim.report.clock_s),
    }


def _distinct(names: Iterable[str | None]) -> list[str]:
    return [name for name in dict.fromkeys(names) if name]


def _place(told: Sequence[_Told]) -> Value | None:
    """The place of most reports, a finer one before a wider one, the earlier of two."""
    rank = {"P": 2, "A": 1, "C": 0, "": -1}
    places = [(one.place, one.report) for one in told if one.place is not None]
    if not places:
        return None
    finest = max(rank[report.feature] for _, report in places)
    fine = [place for place, report in places if rank[report.feature] == finest]
    return max(fine, key=fine.count)


def _happened(told: Sequence[_Told]) -> Value:
    """When the event happened: the days on which those who name one agree, as the first of them tells it."""
    dated = [one.report for one in told if one.report.dated] or [one.report for one in told]
    first, last = dated[0].first, dated[0].last
    return {
        "first": None if first is None else day_name(first),
        "last": None if last is None else day_name(last),
        "precision": "day" if dated[0].dated else "published" if first is not None else "unknown",
    }


def _context(told: Sequence[_Told]) -> list[Value]:
    """Figures that stand beside the toll and never enter it, the newest first."""
    context: dict[tuple[Any, ...], Value] = {}
    for one in reversed(told):
        for figure in one.figures:
            if figure["role"] not in _OWN_ROLES:
                key = (figure["role"], figure["kind"], figure["low"], figure["high"])
                context.setdefault(key, _context_entry(figure, one.report))
    return list(context.values())[:_MAX_CONTEXT]


def _context_entry(figure: Mapping[str, Any], report: Report) -> Value:
    return {
        "role": figure["role"],
        "kind": figure["kind"],
        "low": figure["low"],
        "high": figure["high"],
        "phrase": figure["phrase"],
        "article_id": report.article_id,
    }


def rfc3339(clock_s: float) -> str:
    """A clock in seconds since 1970 as RFC 3339 in UTC.

    >>> rfc3339(0.0)
    '1970-01-01T00:00:00Z'
    """
    return datetime.fromtimestamp(clock_s, UTC).isoformat().replace("+00:00", "Z")
