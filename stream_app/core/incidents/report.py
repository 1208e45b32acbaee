"""A report: what one article says of one incident, kept as one table row."""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import takewhile
from operator import attrgetter
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import orjson

from stream_app.core.incidents.sketch import AGE, KIND_BITS, NAME, hashed, words_told
from stream_app.core.language.calendar import day_number
from stream_app.core.wire import encode

if TYPE_CHECKING:
    from stream_app.core.incidents.told import Told

DAY_S = 86_400
VAGUE = {"P": 0, "D": 1, "A": 2, "C": 4, "": 4}
_DISTRICTS = frozenset({"ADM2", "ADM3", "ADM4", "ADM5"})
POINTS = frozenset({"P", "D"})
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
    "report_id", "article_id", "cluster_id", "story_id", "outlet", "wire", "own", "verdict", "source", "language",
    "toll", "cause", "causes", "corrects", "follows", "sure_day",
)  # fmt: skip
_SPOT_FIELDS = ("lat", "lon", "country_code", "admin1", "feature_class", "feature_code")


def _packed(terms: Iterable[int]) -> str:
    return b64encode(array("I", sorted(terms)).tobytes()).decode()


class Seen(Protocol):
    """What the stream knows when a report comes."""

    def __call__(
        self,
        clock_s: float,
        terms: AbstractSet[int],
        spot: tuple[Any, Any],
        country: str | None,
        causes: Sequence[str],
        /,
    ) -> tuple[AbstractSet[int], int, int]:
        """Which terms are usual; how many incidents the spot has had, and how many with the cause the country."""


def _nothing(
    _clock_s: float, _terms: AbstractSet[int], _spot: object, _country: object, _causes: object, /
) -> tuple[AbstractSet[int], int, int]:
    return frozenset(), 0, 0


def row_of(record: Mapping[str, Any], received_s: float, seen: Seen = _nothing, number: int = 0) -> bytes:
    """The table row of a record of `incidents.reports`; `report_of` reads it.

    The report's clock is its time of publication; where that is missing or ahead of the broker's clock, it is the time
    at which the record was received. What `seen` says is kept: terms that are usual,
    and what `Report` calls `busy` and `busy_country`; so is its `number`.
    """
    meta = {name: record[name] for name in _META_FIELDS}
    meta["reliability"] = record.get("reliability", "F")  # both are of reports of before they were told
    meta["targets"] = record.get("targets") or []
    meta["before"] = _counts_before(record)
    meta["version"] = record.get("version") or int(record["verdict"] == "revision")
    meta["clock_s"] = _clock_s(record["published_at"], received_s)
    meta["number"] = number
    meta["heard_s"] = max(meta["clock_s"], received_s)
    meta["first"] = day_number(record["event_time"]["first"])
    meta["last"] = day_number(record["event_time"]["last"])
    meta["precision"] = record["event_time"]["precision"]
    meta["place"] = record["place"] and [record["place"][name] for name in PLACE_FIELDS]
    meta["ancestors"] = record["place"] and record["place"].get("ancestors")
    meta["places"] = [[place[name] for name in _SPOT_FIELDS] for place in record["places"]]
    terms = {hashed(term) for term in record["terms"]}
    place = record["place"] or {"lat": None, "lon": None, "country_code": None}
    spot = place["lat"], place["lon"]
    usual, meta["busy"], meta["busy_country"] = seen(
        meta["clock_s"], terms, spot, place["country_code"], record["causes"]
    )
    meta["terms"], meta["usual"] = _packed(terms - usual), _packed(terms & usual)
    meta["figures"] = [[figure[name] for name in Figure._fields] for figure in record["figures"]]
    return encode(meta)


def _counts_before(record: Mapping[str, Any]) -> list[int]:
    """The numbers of dead that were told before, as the report says, or as follows: 9 after 2 of the wounded died."""
    killed = _low(record["toll"], "killed")
    if not killed or not (record["follows"] or record["corrects"]):
        return []
    parts = [figure["low"] for figure in record["figures"] if (figure["role"], figure["kind"]) == ("part", "killed")]
    before = [*(record.get("counts_before") or ()), *(killed - part for part in parts)]
    return [count for count in dict.fromkeys(before) if 0 < count != killed]


def _clock_s(published_at: str | None, received_s: float) -> float:
    if published_at is None:
        return received_s
    published_s = datetime.fromisoformat(published_at).timestamp()
    return published_s if published_s <= received_s + _FUTURE_S else received_s


class Spot(NamedTuple):
    """A point that a report names; `feature`: "P" settlement, "D" district, "A" province, "C" country, "" unknown."""

    lat: float | None
    lon: float | None
    country: str | None
    admin1: str | None
    feature: str


@dataclass(slots=True, eq=False)
class Report:
    """One complete report, compact in memory: what links it to others, and what it adds to a toll.

    `busy`, `busy_country`: how many incidents its place had, and how many with its cause its country, when it came.
    `corrects`: it says that an earlier count was too high; `follows`: that it tells of the aftermath; `sure_day`:
    its day stands beside its figures; `targets`: what was hit, as kinds; `before`: the dead that were told before;
    `reliability`: the grade of its outlet. `earlier` are the last reports before
    this one that may tell of the same event, each with the strength of the link, and `later` those that are so
    linked to this one. `founder` is the first report of those that it was joined with; a founder has its `group`,
    in order, and `ties` to founders of what is one incident with its own, each with the number of reports that tie
    them; `joins` are those that this report ties; `tellers`, at the founder of a crowd, how many reports each
    article has.
    `number`: how manieth it came, of those that were open then and later; rows of before that was kept have 0.
    `heard_s`: when it came, or its clock where that is later; `group_heard_s`, at a founder, the latest of its group.
    `tag`: the number by which indexes find it while it is open, packed.
    `packed_terms` are the hashed terms, 4 bytes each, without those that were usual in the stream; `names` and `ages`
    say how many of each are among them; `details` is JSON, unpacked only when a toll is told. `told` and, at a
    founder, `toll` follow from the rest, and are kept where an incident has many reports.
    """

    id: str
    clock_s: float
    heard_s: float
    article_id: str
    cluster_id: str
    story_id: str
    outlet: str | None
    wire: str | None
    language: str | None
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
    packed_usual: bytes
    told_words: float
    names: int
    ages: int
    details: bytes
    cause: str | None = None
    causes: tuple[str, ...] = ()
    others: tuple[Spot, ...] = ()
    busy: int = 0
    busy_country: int = 0
    corrects: bool = False
    follows: bool = False
    sure_day: bool = False
    targets: tuple[str, ...] = ()
    before: tuple[int, ...] = ()
    reliability: str = "F"
    version: int = 0
    number: int = 0
    earlier: tuple[Link, ...] = ()
    later: tuple[Report, ...] = ()
    founder: Report | None = None
    joins: tuple[Report, ...] = ()
    group: list[Report] | None = None
    ties: dict[Report, int] | None = None
    clues: array[int] | None = None
    tag: bytes = b""
    tellers: dict[str, int] | None = None
    group_heard_s: float = 0.0
    told: Told | None = None
    toll: dict[str, Any] | None = None
    order: Order = field(init=False)
    latitudes: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Work out the order and where its settlements lie, which is asked for all the time."""
        spots: tuple[Report | Spot, ...] = (self, *self.others)
        self.latitudes = tuple([spot.lat for spot in spots if spot.feature == "P" and spot.lat is not None])
        self.order = self.clock_s, self.version, self._vagueness, -self.told_words, self.article_id, self.id

    @property
    def _vagueness(self) -> int:
        """0 for a report that sets victims in a town: of those of one moment it comes first."""
        return VAGUE[self.feature] + (not self.killed and not self.injured)

    @property
    def voice(self) -> str:
        """Who speaks: the outlet, else the story itself; an agency that a text names has not spoken for that."""
        return self.outlet or self.story_id

    @property
    def members(self) -> Sequence[Report]:
        """The reports that this one was joined by, itself among them, in order; none when it founded nothing."""
        return self.group or ()

    @property
    def terms(self) -> memoryview[int]:
        """The hashed terms, in order of their hash."""
        return memoryview(self.packed_terms).cast("I")

    @property
    def usual_terms(self) -> memoryview[int]:
        """Those that were usual in the stream when the report came."""
        return memoryview(self.packed_usual).cast("I")


Order = tuple[float, int, int, float, str, str]
"""Sorts reports by clock, then the versions of a story, each after those before it, then by what they tell."""
Link = tuple[Report, float]

as_stored = attrgetter(*takewhile("earlier".__ne__, (field.name for field in fields(Report))))
"""All that a row says of a report, to compare two rows by; its links come after, and follow from other rows."""


def unlinked(report: Report) -> Report:
    """The report as its row has it."""
    return Report(*as_stored(report))


def report_of(row: bytes) -> Report:
    """The report that a row holds."""
    meta = orjson.loads(row)
    article_id = meta["article_id"]
    cluster_id = article_id if meta["cluster_id"] == article_id else meta["cluster_id"]
    place = dict(zip(PLACE_FIELDS, meta["place"] or [None] * len(PLACE_FIELDS), strict=True))
    return Report(
        id=meta["report_id"],
        clock_s=meta["clock_s"],
        heard_s=meta.get("heard_s", meta["clock_s"]),
        article_id=article_id,
        cluster_id=cluster_id,
        story_id=cluster_id if meta["story_id"] == cluster_id else meta["story_id"],
        language=meta["language"] and intern(meta["language"]),
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
        packed_terms=(packed := b64decode(meta["terms"])),
        packed_usual=b64decode(meta["usual"]),
        told_words=words_told(kinds := [term & KIND_BITS for term in memoryview(packed).cast("I")]),
        names=kinds.count(NAME),
        ages=kinds.count(AGE),
        details=_details(meta),
        causes=tuple(map(intern, meta["causes"])),
        others=tuple(_spot(*place) for place in meta["places"]),
        busy=meta["busy"],
        corrects=meta["corrects"],
        follows=meta["follows"],
        sure_day=meta["sure_day"],
        targets=tuple(map(intern, meta.get("targets", ()))),
        before=tuple(meta.get("before", ())),
        reliability=meta.get("reliability", "F"),
        version=meta.get("version", int(meta["verdict"] == "revision")),
        number=meta.get("number", 0),
        outlet=meta["outlet"] and intern(meta["outlet"]),
        wire=meta["wire"] and intern(meta["wire"]),
        cause=meta["cause"] and intern(meta["cause"]),
        busy_country=meta["busy_country"],
    )


def _details(meta: Mapping[str, Any]) -> bytes:
    """Source, language, place, its ancestors, toll and the figures that a toll or its context is told from."""
    told = [figure for figure in meta["figures"] if figure[0] != "part"]
    details = [meta["source"], meta["language"], meta["place"], meta.get("ancestors"), meta["toll"], told]
    return bytes(memoryview(encode(details)))  # a copy: the encoder leaves room at the end of what it returns


def _spot(
    lat: float, lon: float, country: str | None, admin1: str | None, feature_class: str | None, code: str | None
) -> Spot:
    return Spot(lat, lon, country and intern(country), admin1 and intern(admin1), _fineness(feature_class, code or ""))


def _feature(place: Mapping[str, Any]) -> str:
    """How fine a place is: "P" settlement or point, "D" district, "A" province, "C" country, "" nothing known."""
    return "" if place["lat"] is None else _fineness(place["feature_class"], place["feature_code"] or "")


def _fineness(feature_class: str | None, code: str) -> str:
    if feature_class != "A":
        return "P"
    return "C" if code.startswith("PCL") else "D" if code in _DISTRICTS else "A"


def _low(toll: Mapping[str, Mapping[str, int]], kind: str) -> int:
    return toll[kind]["low"] if kind in toll else 0
