"""The toll of an incident as it stands: what its reports say, each origin once, and what contradicts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from stream_app.core.incidents.grouping import CROWDED, members_of, newest_of, oldest_of, size_of, tellers_of
from stream_app.core.incidents.report import Figure, Report
from stream_app.core.incidents.standing import Standing, independent, standing_of
from stream_app.core.incidents.told import MANY, Claim, Told, tell
from stream_app.core.language.calendar import day_name
from stream_app.core.wire.times import rfc3339

SCHEMA = "incidents.tolls/1"
_MAX_CONTEXT = 12
MOST_ARTICLES = 100
"""So many articles of the first, and of the newest, are named in a toll; `incidents.members` names all."""
MOST_HEARD = 64
"""A toll is told from so many reports, the last ones, whatever a crowd has said before."""
MOST_LOOKED_AT = 8 * MOST_HEARD  # of its last reports, among which later versions stand for earlier ones
_MOST_NAMES = 20
_MOST_CONFLICTS = 20

Value = dict[str, Any]


def toll_of(founder: Report) -> Value | None:
    """The value of `incidents.tolls` for the incident whose first founder this is; None when nobody counts victims.

    Of each story only the last version is counted, and of a crowd the last `MOST_HEARD` reports. The toll of an
    incident with many reports is kept at its founder until something changes.
    """
    if founder.toll is not None:
        return founder.toll
    toll = _toll_of(founder)
    if size_of(founder) >= MANY:
        founder.toll = toll
    return toll


def _toll_of(founder: Report) -> Value | None:
    newest = newest_of(founder, MOST_LOOKED_AT)
    told = tell(_heard(newest))
    claims = sorted((claim for one in told for claim in one.claims), key=attrgetter("kind"))
    if not claims:
        return None
    kinds = {kind: list(group) for kind, group in groupby(claims, attrgetter("kind"))}
    standings = {kind: standing_of(group) for kind, group in kinds.items()}
    articles, articles_total = _articles(founder)
    return {
        "schema": SCHEMA,
        "incident_id": incident_id(founder),
        "place": _place(told),
        "cause": _cause(told),
        "happened": _happened([one.report for one in told]),
        "first_reported": rfc3339(oldest_of(founder, 1)[0].clock_s),
        "last_reported": rfc3339(newest[-1].clock_s),
        "languages": sorted({one.language for one in told if one.language}),
        "articles": articles,
        "articles_total": articles_total,
        "origins": independent(one.report for one in told),
        "toll": {kind: _entry(standing) for kind, standing in standings.items()},
        "conflicts": [conflict for standing in standings.values() for conflict in _conflicts(standing)],
        "context": _context(told),
    }


def _articles(founder: Report) -> tuple[list[str], int]:
    """The articles to be named, and how many there are; of a crowd only the first and last reports are looked at."""
    if size_of(founder) <= CROWDED:
        every = list(dict.fromkeys(report.article_id for report in members_of(founder)))
        return first_and_newest(every, MOST_ARTICLES), len(every)
    first = dict.fromkeys(report.article_id for report in oldest_of(founder, CROWDED // 2))
    last = dict.fromkeys(report.article_id for report in reversed(newest_of(founder, CROWDED // 2)))
    named = [*islice(first, MOST_ARTICLES), *list(islice(last, MOST_ARTICLES))[::-1]]
    return list(dict.fromkeys(named)), tellers_of(founder)


def _heard(members: Sequence[Report]) -> list[Report]:
    """The last reports that a toll is told from, in order; of each story of an outlet the last version."""
    heard: list[Report] = []
    newer: dict[str, Report] = {}
    for report in reversed(members):
        version = newer.setdefault(report.story_id, report)
        if (version.article_id, version.clock_s, version.version) == (
            report.article_id,
            report.clock_s,
            report.version,
        ):
            heard.append(report)
            if len(heard) == MOST_HEARD:
                break
    return heard[::-1]


def counts_victims(founder: Report) -> bool:
    """Whether the incident whose first founder this is has a toll, found without telling it."""
    standing = _heard(newest_of(founder, MOST_LOOKED_AT))
    return any(report.killed or report.injured for report in standing) or any(one.claims for one in tell(standing))


def incident_id(founder: Report) -> str:
    """The id of the incident that a report founded."""
    return f"inc-{founder.id}"


def _entry(standing: Standing) -> Value:
    """The standing figure of one kind with those who say so."""
    best, agreeing = standing.claim, standing.agreeing
    return {
        "low": best.low,
        "high": best.high,
        "grade": standing.grade,
        "contested": standing.contested,
        "origins": independent(claim.report for claim in agreeing),
        "articles": first_and_newest([claim.report.article_id for claim in agreeing], _MOST_NAMES // 2),
        "sources": _distinct(claim.source for claim in agreeing),
        "said_by": _distinct(name for claim in agreeing for name in claim.said_by),
        "by_class": {name: {"low": low, "high": high} for name, (low, high) in sorted(best.classes.items())},
    }


def _conflicts(standing: Standing) -> list[Value]:
    """The rivals of one kind, each value once as it was last told, the newest ones where there are too many."""
    told: dict[tuple[int, int | None], list[Claim]] = {}
    for claim in standing.opposed:
        told.setdefault((claim.low, claim.high), []).append(claim)
    newest = sorted(told.values(), key=lambda claims: claims[-1].report.order)[-_MOST_CONFLICTS:]
    return [_conflict(claims, standing) for claims in newest]


def _conflict(claims: Sequence[Claim], standing: Standing) -> Value:
    """A rival value as it was last told, and how many tell it."""
    last = claims[-1]
    return {
        "kind": last.kind,
        "low": last.low,
        "high": last.high,
        "grade": standing.grade_of(last),
        "origins": independent(claim.report for claim in claims),
        "article_id": last.report.article_id,
        "source": last.source,
        "said_by": list(last.said_by),
        "reported": rfc3339(last.report.clock_s),
    }


def _cause(told: Sequence[Told]) -> str | None:
    """What happened, as most reports say; the earlier of two."""
    causes = Counter(one.report.cause for one in told if one.report.cause)
    return causes.most_common(1)[0][0] if causes else None


def _distinct(names: Iterable[str | None]) -> list[str]:
    return list(islice((name for name in dict.fromkeys(names) if name), _MOST_NAMES))


def first_and_newest(items: Sequence[str], most: int) -> list[str]:
    """The first and the last of the items, `most` of each, all where there are no more.

    >>> first_and_newest(["a", "b", "c", "d", "e"], 2), first_and_newest(["a", "b", "c"], 2)
    (['a', 'b', 'd', 'e'], ['a', 'b', 'c'])
    """
    return list(items) if len(items) <= 2 * most else [*items[:most], *items[-most:]]


def _place(told: Sequence[Told]) -> Value | None:
    """The place of most reports, a finer one before a wider one, the earlier of two; with how precise it is."""
    rank = {"P": 3, "D": 2, "A": 1, "C": 0, "": -1}
    placed = [one for one in told if one.place is not None]
    if not placed:
        return None
    if len(placed) == 1:
        return _with_precision(placed[0].place)
    finest = max(rank[one.report.feature] for one in placed)
    fine = {one.place_key: one for one in reversed(placed) if rank[one.report.feature] == finest}
    named = Counter(one.place_key for one in placed if one.place_key in fine)
    chosen = fine[named.most_common(1)[0][0]]
    return _with_precision(chosen.place)


def _with_precision(place: Mapping[str, Any] | None) -> Value:
    return {**(place or {}), "precision": _precision(place or {})}


def _precision(place: Mapping[str, Any]) -> str:
    """How fine a place is: "town" (a settlement or a point in it), "district", "province" or "country"."""
    if place["feature_class"] != "A":
        return "town"
    code = place["feature_code"] or ""
    return "country" if code.startswith("PCL") else "province" if code == "ADM1" else "district"


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
