"""What a report says of victims, unpacked from its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import orjson

from stream_app.core.incidents.report import PLACE_FIELDS, Figure, Report

_OWN_ROLES = frozenset({"toll", "other"})
MANY = 8  # reports of one incident that make it worth keeping what was worked out


@dataclass(slots=True)
class Claim:
    """One source's word on one kind: `low` to `high` persons (None: no ceiling), and who is said to have said so.

    `ceiling` is `high` as a number; `vague`: said in words like dozens or several.
    """

    kind: str
    low: int
    high: int | None
    ceiling: float
    vague: bool
    report: Report
    source: str | None
    said_by: Sequence[str]
    classes: Mapping[str, tuple[int, int | None]]

    @property
    def exact(self) -> bool:
        """Whether one number is claimed."""
        return self.low == self.high

    def admits(self, other: Claim) -> bool:
        """Whether both claims can be true at once."""
        return other.low <= self.ceiling and self.low <= other.ceiling


@dataclass(frozen=True, slots=True)
class Told:
    """A report with its details unpacked: `context` are the figures that never enter a toll."""

    report: Report
    source: str | None
    language: str | None
    place: Mapping[str, Any] | None
    place_key: tuple[Any, ...]
    claims: Sequence[Claim]
    context: Sequence[Figure]


def tell(reports: Sequence[Report]) -> list[Told]:
    """What each of an incident's reports says. Where there are many they are kept unpacked, for the next change."""
    keep = len(reports) >= MANY
    return [_told(report, keep=keep) for report in reports]


def _told(report: Report, *, keep: bool) -> Told:
    told = report.told or _unpack(report)
    report.told = told if keep else None
    return told


def _unpack(report: Report) -> Told:
    source, language, place, ancestors, toll, packed = orjson.loads(report.details)
    figures = list(map(Figure._make, packed))
    return Told(
        report,
        source,
        language,
        place and dict(zip(PLACE_FIELDS, place, strict=True)) | ({} if ancestors is None else {"ancestors": ancestors}),
        tuple(place or ()),
        list(_claims(report, source, toll, figures)),
        [figure for figure in figures if figure.role not in _OWN_ROLES],
    )


def _claims(
    report: Report, source: str | None, toll: Mapping[str, Mapping[str, Any]], figures: Sequence[Figure]
) -> Iterator[Claim]:
    for kind, bounds in toll.items():
        if bounds["low"] > 0 or bounds["high"] is None:
            own = [f for f in figures if f.kind == kind and f.role in _OWN_ROLES]
            said_by = list(dict.fromkeys(f.said_by for f in own if f.said_by))
            high = bounds["high"]
            ceiling = inf if high is None else high
            vague = bool(own) and all(f.qualifier == "vague" for f in own)
            yield Claim(kind, bounds["low"], high, ceiling, vague, report, source, said_by, _classes(own))


def _classes(figures: Iterable[Figure]) -> dict[str, tuple[int, int | None]]:
    """Per victim class that is known, the highest figure."""
    found: dict[str, tuple[int, int | None]] = {}
    for figure in figures:
        name = figure.victim_class
        if name != "unknown" and figure.low > found.get(name, (-1, None))[0]:
            found[name] = (figure.low, figure.high)
    return found
