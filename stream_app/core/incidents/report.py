"""A report: what one article says of one incident, kept as one table row."""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from stream_app.core.incidents.sketch import hashed
from stream_app.core.language.calendar import day_number
from stream_app.core.wire import encode

if TYPE_CHECKING:
    from stream_app.core.incidents.told import Told

DAY_S = 86_400
_FUTURE_S = DAY_S  # a clock this far ahead of the broker's is wrong, and must not close every open incident


class Figure(NamedTuple):
    """What is kept of each figure, in this order; the rest is in the published record."""

    role: str
    kind: str
    low: int
    high: int | None
    qualifier: str
    phrase: str
    victim_class: str
    said_by: str | None


#: What is kept of a place, in this order.
PLACE_FIELDS = ("name", "geonames_id", "lat", "lon", "country_code", "admin1", "feature_class", "feature_code")
_META_FIELDS = (
    "report_id",
    "article_id",
    "cluster_id",
    "story_id",
    "outlet",
    "wire",
    "alters",
    "own",
    "verdict",
    "source",
    "language",
    "toll",
)


def row_of(record: Mapping[str, Any], received_s: float) -> bytes:
    """The table row of a record of `incidents.reports`; `report_of` reads it.

    The report's clock is its time of publication; where that is missing or ahead of the broker's clock, it is the time
    at which the record was received.
    """
    meta = {name: record[name] for name in _META_FIELDS}
    meta["clock_s"] = _clock_s(record["published_at"], received_s)
    meta["first"] = day_number(record["event_time"]["first"])
    meta["last"] = day_number(record["event_time"]["last"])
    meta["precision"] = record["event_time"]["precision"]
    meta["place"] = record["place"] and [record["place"][name] for name in PLACE_FIELDS]
    meta["terms"] = b64encode(array("I", sorted({hashed(term) for term in record["terms"]})).tobytes()).decode()
    meta["figures"] = [[figure[name] for name in Figure._fields] for figure in record["figures"]]
    return encode(meta)


def _clock_s(published_at: str | None, received_s: float) -> float:
    if published_at is None:
        return received_s
    published_s = datetime.fromisoformat(published_at).timestamp()
    return published_s if published_s <= received_s + _FUTURE_S else received_s


@dataclass(slots=True, eq=False)
class Report:
    """One complete report, compact in memory: what links it to others, and what it adds to a toll.

    `earlier` are the last reports before this one that tell of the same event, each with the strength of the link, and
    `later` those that are so linked to this one; `strongest` is the link by which the report joined its incident.
    `founder` is the first report of this incident, and `followers` of a founder are the others. `superseded`: the story
    has a later version. `packed_terms` are the hashed terms, 4 bytes each; `details` is JSON, unpacked only when a toll
    is told. `told` and, at the founder, `toll` follow from the rest, and are kept where an incident has many reports.
    """

    id: str
    clock_s: float
    revised: bool
    article_id: str
    cluster_id: str
    story_id: str
    own: bool
    first: int | None
    last: int | None
    dated: bool
    lat: float | None
    lon: float | None
    country: str | None
    admin1: str | None
    feature: str
    killed: int
    injured: int
    packed_terms: bytes
    details: bytes
    earlier: tuple[Link, ...] = ()
    later: tuple[Link, ...] = ()
    strongest: float = -inf
    founder: Report | None = None
    followers: tuple[Report, ...] = ()
    superseded: bool = False
    told: Told | None = None
    toll: dict[str, Any] | None = None

    @property
    def order(self) -> tuple[float, bool, str]:
        """Sorts reports by clock, then a first version before its revisions."""
        return self.clock_s, self.revised, self.id

    @property
    def members(self) -> tuple[Report, ...]:
        """The reports of the incident that this report founded; empty when it founded none."""
        return (self, *self.followers) if self.founder is self else self.followers

    @property
    def terms(self) -> memoryview[int]:
        """The hashed terms, in order of their hash."""
        return memoryview(self.packed_terms).cast("I")


Link = tuple[Report, float]


def report_of(row: bytes) -> Report:
    """The report that a row holds."""
    meta = orjson.loads(row)
    article_id = meta["article_id"]
    cluster_id = article_id if meta["cluster_id"] == article_id else meta["cluster_id"]
    place = dict(zip(PLACE_FIELDS, meta["place"] or [None] * len(PLACE_FIELDS), strict=True))
    return Report(
        id=meta["report_id"],
        clock_s=meta["clock_s"],
        revised=meta["verdict"] == "revision",
        article_id=article_id,
        cluster_id=cluster_id,
        story_id=cluster_id if meta["story_id"] == cluster_id else meta["story_id"],
        own=meta["own"],
        first=meta["first"],
        last=meta["first"] if meta["last"] == meta["first"] else meta["last"],
        dated=meta["precision"] == "day",
        lat=place["lat"],
        lon=place["lon"],
        country=place["country_code"] and intern(place["country_code"]),
        admin1=place["admin1"] and intern(place["admin1"]),
        feature=_feature(place),
        killed=_low(meta["toll"], "killed"),
        injured=_low(meta["toll"], "injured"),
        packed_terms=b64decode(meta["terms"]),
        details=_details(meta),
    )


def _details(meta: Mapping[str, Any]) -> bytes:
    """Source, language, place, toll and the figures that a toll or its context is told from."""
    told = [figure for figure in meta["figures"] if figure[0] != "part"]
    details = [meta["source"], meta["language"], meta["place"], meta["toll"], told]
    return bytes(memoryview(encode(details)))  # a copy: the encoder leaves room at the end of what it returns


def _feature(place: Mapping[str, Any]) -> str:
    """How fine a place is: "P" settlement or point, "A" province, "C" country, "" nothing known."""
    if place["lat"] is None:
        return ""
    if place["feature_class"] != "A":
        return "P"
    return "C" if (place["feature_code"] or "").startswith("PCL") else "A"


def _low(toll: Mapping[str, Mapping[str, int]], kind: str) -> int:
    return toll[kind]["low"] if kind in toll else 0
