"""Sentences of our own, as data: what must be found and resolved, what must not, and what is known to fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stream_app.core.events import Article, Place, Tagged
from stream_app.core.language.document import Document
from stream_app.core.places import Gazetteer, PlaceTagger
from stream_app.core.places.geometry import distance_km

CASES = Path(__file__).parents[2] / "cases" / "places"
CONTEXTS = (
    "At least 12 people were killed in {} on Monday, officials said.",
    "Fighting broke out near {} after shelling overnight.",
    "Residents fled {} as troops advanced.",
)
RIGHT_KM = 161.0


@pytest.fixture(scope="module")
def tagger(gazetteer: Gazetteer) -> PlaceTagger:
    return PlaceTagger(gazetteer)


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


def places(tagger: PlaceTagger, text: str) -> list[Place]:
    return list(tagger(Document(Article(id="case", text=text)), Tagged()).places)


def parameters() -> list[Any]:
    known = pytest.mark.xfail(reason="needs knowledge that a linear scorer lacks", strict=True)
    return [
        pytest.param(row, id=row["text"][:50], marks=[known] if row["kind"] == "known_failure" else [])
        for row in rows("sentences.jsonl")
    ]


@pytest.mark.parametrize("case", parameters())
def test_sentence(tagger: PlaceTagger, case: dict[str, Any]) -> None:
    found = {place.text: place for place in places(tagger, case["text"])}
    for wanted in case["places"]:
        place = found[wanted["text"]]
        assert wanted.get("geonames_id", place.geonames_id) == place.geonames_id
        assert wanted.get("country", place.country_code) == place.country_code
        assert wanted.get("type", place.type) == place.type
    assert not set(case.get("absent", ())) & set(found)


def spoken(
    name: str, kinds: tuple[str, ...] = ("Sea", "Gulf", "Strait", "Middle", "Horn", "Balkans", "Caucasus")
) -> str:
    """The name as a sentence has it: seas and regions take the article."""
    takes_article = any(kind in name for kind in kinds) or name in {"Sahel", "Donbas", "Donbass", "West Bank"}
    return f"the {name}" if takes_article else name


def is_right(tagger: PlaceTagger, row: dict[str, Any], context: str) -> bool:
    base = row["name"].removesuffix(" region").removesuffix(" province").removesuffix(" camp").removesuffix(" crossing")
    wanted = {row["name"], base, base.split(",")[0]}
    return any(
        place.text in wanted
        and place.lat is not None
        and place.lon is not None
        and distance_km(place.lat, place.lon, row["lat"], row["lon"]) <= RIGHT_KM
        for place in places(tagger, context.format(spoken(row["name"])))
    )


def test_names_of_conflict_reporting_are_97_percent_right(tagger: PlaceTagger) -> None:
    names = rows("conflict_names.jsonl")
    wrong = [(row["name"], context) for row in names for context in CONTEXTS if not is_right(tagger, row, context)]
    assert len(names) >= 150
    assert len(wrong) <= 0.03 * len(names) * len(CONTEXTS), wrong
