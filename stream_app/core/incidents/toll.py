"""The toll of an incident as it stands: what its reports say, each origin once, and what contradicts it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby, islice
from math import inf
from operator import attrgetter
from typing import Any

from stream_app.core.incidents.report import Figure, Report
from stream_app.core.incidents.told import MANY, Claim, Told, tell
from stream_app.core.language.calendar import day_name

SCHEMA = "incidents.tolls/1"
_MAX_CONTEXT = 12
MOST_ARTICLES = 100
"""So many articles of the first, and of the newest, are named in a toll; `incidents.members` names all."""
_MOST_NAMES = 20
_MOST_CONFLICTS = 20

Value = dict[str, Any]


def toll_of(founder: Report) -> Value | None:
    """The value of `incidents.tolls` for the incident that `founder` founded; None when nobody counts victims.

    Of each story only the last version is counted. The toll of an incident with many reports is kept at its founder
    until something changes.
    """
    if founder.toll is not None:
        return founder.toll
    members = sorted(founder.members, key=attrgetter("order"))
    toll = _toll_of(founder, members)
    if len(members) >= MANY:
        founder.toll = toll
    return toll


def _toll_of(founder: Report, members: Sequence[Report]) -> Value | None:
    told = tell([report for report in members if not report.superseded])
    claims = sorted((claim for one in told for claim in one.claims), key=attrgetter("kind"))
    if not claims:
        return None
    kinds = {kind: list(group) for kind, group in groupby(claims, attrgetter("kind"))}
    stories = {one.report.cluster_id for one in told}
    reports = [report for report in members if report.cluster_id in stories]
    articles = list(dict.fromkeys(report.article_id for report in reports))
    best = {kind: standing_claim(group) for kind, group in kinds.items()}
    sides = {kind: _sides(best[kind], group) for kind, group in kinds.items()}
    return {
        "schema": SCHEMA,
        "incident_id": incident_id(founder),
        "place": _place(told),
        "happened": _happened([one.report for one in told]),
        "first_reported": rfc3339(reports[0].clock_s),
        "last_reported": rfc3339(reports[-1].clock_s),
        "languages": sorted({one.language for one in told if one.language}),
        "articles": first_and_newest(articles, MOST_ARTICLES),
        "articles_total": len(articles),
        "origins": len(stories),
        "toll": {kind: _entry(best[kind], claims) for kind, (claims, _) in sides.items()},
        "conflicts": [conflict for _, opposed in sides.values() for conflict in _conflicts(opposed)],
        "context": _context(told),
    }


def counts_victims(founder: Report) -> bool:
    """Whether the incident that `founder` founded has a toll, found without telling it."""
    standing = [report for report in founder.members if not report.superseded]
    return any(report.killed or report.injured for report in standing) or any(one.claims for one in tell(standing))


def incident_id(founder: Report) -> str:
    """The id of the incident that a report founded."""
    return f"inc-{founder.id}"


def standing_claim(claims: Sequence[Claim]) -> Claim:
    """The claim that stands for one kind: the one that most origins bear out; among several, the last one told.

    `claims` come oldest first. A claim is borne out by those that can be true at the same time, and by earlier ones
    that are lower, for tolls rise while victims are found. For the same reason a lower count that is told later does
    not replace a higher one until another origin bears it out: "two of the injured died" does not make two injured.
    """
    if len(claims) == 1:
        return claims[0]
    best, most = claims[0], 0
    for claim, support in zip(claims, _borne_out_by(claims), strict=True):
        falls = claim.low < best.low and claim.report.clock_s > best.report.clock_s
        if support > most or (support == most and not falls):
            best, most = claim, support
    return best


def _borne_out_by(claims: Sequence[Claim]) -> Iterator[int]:
    """For each claim, oldest first, how many bear it out.

    Counted in sorted bounds, and once for all claims alike, for an incident may have thousands of them.
    """
    bounds = [(claim.low, claim.ceiling) for claim in claims]
    lows = sorted([low for low, _ in bounds])
    ceilings = sorted([ceiling for _, ceiling in bounds])
    admitted = {  # not those that begin above it, nor those that end below it
        (low, ceiling): bisect_right(lows, ceiling) - bisect_left(ceilings, low) for low, ceiling in set(bounds)
    }
    earlier: list[float] = []
    told = 0
    clock_s = -inf
    for number, claim in enumerate(claims):
        if claim.report.clock_s > clock_s:
            clock_s = claim.report.clock_s
            for _, ceiling in bounds[told:number]:
                insort(earlier, ceiling)
            told = number
        yield admitted[bounds[number]] + bisect_left(earlier, claim.low)


def _sides(best: Claim, claims: Iterable[Claim]) -> tuple[list[Claim], list[Claim]]:
    """The claims that agree with the one that stands, and those that do not."""
    agreeing: list[Claim] = []
    opposed: list[Claim] = []
    for claim in claims:
        (agreeing if claim.admits(best) else opposed).append(claim)
    return agreeing, opposed


def _entry(best: Claim, agreeing: Sequence[Claim]) -> Value:
    """The standing figure of one kind with those who say so."""
    return {
        "low": best.low,
        "high": best.high,
        "origins": len({claim.report.cluster_id for claim in agreeing}),
        "articles": first_and_newest([claim.report.article_id for claim in agreeing], _MOST_NAMES // 2),
        "sources": _distinct(claim.source for claim in agreeing),
        "said_by": _distinct(name for claim in agreeing for name in claim.said_by),
        "by_class": {name: {"low": low, "high": high} for name, (low, high) in sorted(best.classes.items())},
    }


def _conflicts(opposed: Sequence[Claim]) -> list[Mapping[str, Any]]:
    """The rivals of one kind, each value once as it was last told, the newest ones where there are too many."""
    last = {(claim.low, claim.high): claim for claim in opposed}
    return [_conflict(claim) for claim in list(last.values())[-_MOST_CONFLICTS:]]


def _conflict(claim: Claim) -> Mapping[str, Any]:
    """How a toll lists a claim that it stands against; made once, for a crowded incident lists hundreds."""
    if claim.conflict is None:
        claim.conflict = {
            "kind": claim.kind,
            "low": claim.low,
            "high": claim.high,
            "article_id": claim.report.article_id,
            "source": claim.source,
            "said_by": list(claim.said_by),
            "reported": rfc3339(claim.report.clock_s),
        }
    return claim.conflict


def _distinct(names: Iterable[str | None]) -> list[str]:
    return list(islice((name for name in dict.fromkeys(names) if name), _MOST_NAMES))


def first_and_newest(items: Sequence[str], most: int) -> list[str]:
    """The first and the last of the items, `most` of each, all where there are no more.

    >>> first_and_newest(["a", "b", "c", "d", "e"], 2), first_and_newest(["a", "b", "c"], 2)
    (['a', 'b', 'd', 'e'], ['a', 'b', 'c'])
    """
    return list(items) if len(items) <= 2 * most else [*items[:most], *items[-most:]]


def _place(told: Sequence[Told]) -> Mapping[str, Any] | None:
    """The place of most reports, a finer one before a wider one, the earlier of two."""
    rank = {"P": 2, "A": 1, "C": 0, "": -1}
    placed = [one for one in told if one.place is not None]
    if not placed:
        return None
    finest = max(rank[one.report.feature] for one in placed)
    fine = {one.place_key: one.place for one in reversed(placed) if rank[one.report.feature] == finest}
    named = Counter(one.place_key for one in placed if one.place_key in fine)
    return fine[named.most_common(1)[0][0]]


def _happened(reports: Sequence[Report]) -> Value:
    """When the event happened: the days on which those who name one agree, as the first of them tells it."""
    teller = next((report for report in reports if report.dated), reports[0])
    first, last = teller.first, teller.last
    return {
        "first": None if first is None else day_name(first),
        "last": None if last is None else day_name(last),
        "precision": "day" if teller.dated else "published" if first is not None else "unknown",
    }


def _context(told: Sequence[Told]) -> list[Value]:
    """Figures that stand beside the toll and never enter it, the newest first."""
    context: dict[tuple[Any, ...], Value] = {}
    for one in reversed(told):
        for figure in one.context:
            context.setdefault(figure[:4], _context_entry(figure, one.report))
    return list(context.values())[:_MAX_CONTEXT]


def _context_entry(figure: Figure, report: Report) -> Value:
    return {
        "role": figure.role,
        "kind": figure.kind,
        "low": figure.low,
        "high": figure.high,
        "phrase": figure.phrase,
        "article_id": report.article_id,
    }


@lru_cache(maxsize=1 << 12)
def rfc3339(clock_s: float) -> str:
    """A clock in seconds since 1970 as RFC 3339 in UTC.

    >>> rfc3339(0.0)
    '1970-01-01T00:00:00Z'
    """
    return datetime.fromtimestamp(clock_s, UTC).isoformat().replace("+00:00", "Z")
