"""Builders for records of `incidents.reports`, made by the tag hop's own code from small articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from stream_app.core.events import Article, Bounds, CasualtyFigure, Kind, Place, Tagged
from stream_app.core.incidents.report import Report, report_of, row_of
from stream_app.core.incidents.telling import FlatFigure, Pairs, told_by
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import incident_wordings

KHARKIV = Place(
    field="text",
    start=0,
    end=7,
    text="Kharkiv",
    geonames_id=706483,
    name="Kharkiv",
    lat=49.98,
    lon=36.25,
    country_code="UA",
    admin1="07",
    admin2=None,
    feature_class="P",
    feature_code="PPLA",
    type="place",
    confidence=0.99,
    rule="gazetteer",
)
CHUHUIV = replace(KHARKIV, text="Chuhuiv", geonames_id=709161, name="Chuhuiv", lat=49.84, lon=36.68, feature_code="PPL")
KYIV = replace(
    KHARKIV, text="Kyiv", geonames_id=703448, name="Kyiv", lat=50.45, lon=30.52, admin1="12", feature_code="PPLC"
)
UKRAINE = replace(
    KHARKIV, text="Ukraine", geonames_id=690791, name="Ukraine", lat=49.0, lon=32.0, admin1=None, admin2=None,
    feature_class="A", feature_code="PCLI",
)  # fmt: skip
WARSAW = replace(KYIV, text="Warsaw", geonames_id=756135, name="Warsaw", lat=52.23, lon=21.01, country_code="PL")

FAR_FUTURE_S = 4e9
WORDINGS = incident_wordings()


def figure(kind: Kind, low: int, high: int | None = None, **changes: Any) -> CasualtyFigure:
    """A figure of the article's own toll, at its first place unless told otherwise."""
    plain = CasualtyFigure(
        field="text",
        start=0,
        end=4,
        text="word",
        kind=kind,
        low=low,
        high=low if high is None else high,
        qualifier="exact",
        phrase=str(low),
        convention="literal",
        victims="people",
        victim_class="unknown",
        assertion="actual",
        cue=None,
        attribution=None,
        place=0,
        in_toll=True,
        rule="test",
    )
    return replace(plain, **changes)


def article(name: str, published_at: str | None, text: str, **changes: Any) -> Article:
    """An article of the source "src-<name>"."""
    return replace(Article(id=name, text=text, source=f"src-{name}", published_at=published_at), **changes)


def unique(cluster: str) -> dict[str, Any]:
    """What the match hop says of the first article of a story."""
    return {"verdict": "unique", "cluster_id": cluster, "revision_of": None, "similarity": None, "changes": []}


def revision(cluster: str, of: str) -> dict[str, Any]:
    """What the match hop says of a later version of a story."""
    return {"verdict": "revision", "cluster_id": cluster, "revision_of": of, "similarity": 0.9, "changes": []}


def records(
    told: Article,
    toll: Mapping[Kind, int],
    duplicate: dict[str, Any] | None = None,
    place: Place | None = KHARKIV,
    extra: tuple[CasualtyFigure, ...] = (),
) -> list[dict[str, Any]]:
    """The reports of one article that reports `toll` (and `extra` figures beside it) at `place`."""
    start = -1 if place is None else told.text.find(place.text)
    if place is not None and start >= 0:
        place = replace(place, start=start, end=start + len(place.text))
    elif place is not None:
        place = replace(place, field="title")
    figures = tuple(figure(kind, low, place=None if place is None else 0) for kind, low in toll.items())
    tagged = Tagged(
        casualties=figures + extra,
        places=() if place is None else (place,),
        toll={kind: Bounds(low, low) for kind, low in toll.items()},
    )
    _, reports = told_in_english(Document(told), duplicate or unique(f"story-{told.id}"), tagged, f"event-{told.id}")
    return reports


def told_in_english(
    document: Document, duplicate: Mapping[str, Any], tagged: Tagged, event_id: str
) -> tuple[Pairs, list[FlatFigure]]:
    """What an article in English tells."""
    return told_by(document, duplicate, tagged, event_id, WORDINGS)


def received_s(record: Mapping[str, Any]) -> float:
    """When a record is received that comes as soon as it is published."""
    return datetime.fromisoformat(record["published_at"]).timestamp()


def report_from(told: list[dict[str, Any]]) -> Report:
    """The report that the only record in a list makes."""
    (record,) = told
    return report_of(row_of(record, FAR_FUTURE_S))
