"""What stands around a name says what it is: cases as data, both what must and what must not be read as a place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stream_app.core.events import Article, Tagged
from stream_app.core.language.document import Document
from stream_app.core.places import Gazetteer, PlaceTagger

CASES = Path(__file__).parents[2] / "cases" / "where" / "places.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def tagger(gazetteer: Gazetteer) -> PlaceTagger:
    return PlaceTagger(gazetteer)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, marks=[pytest.mark.xfail(reason=row["known"], strict=True)] if "known" in row else [])
        for row in ROWS
    ],
    ids=lambda row: f"{row['class']}: {(row.get('title') or row['text'])[:40]}",
)
def test_names_are_places_where_they_stand_as_places(tagger: PlaceTagger, row: dict[str, Any]) -> None:
    document = Document(Article(id="a", text=row["text"], title=row.get("title")))
    found = {place.text: place.country_code for place in tagger(document, Tagged()).places}
    assert {name: found.get(name) for name in row.get("places", {})} == row.get("places", {})
    assert not set(row.get("absent", ())) & set(found)
    assert row.get("whole", "") in {"", *found}


@pytest.mark.parametrize(
    "ending", [", ", ",", " of ", " and ", "-", " - ", "'s ", " (", ": ", ", and ", ". ", ", 24", ", 24,"]
)
def test_a_text_may_end_behind_any_name(tagger: PlaceTagger, ending: str) -> None:
    for name in ("Reading", "Mission", "Rivers", "Paris", "New York", "Zamfara", "Iraq", "Chief", "St. Louis", "US"):
        for text, title in ((name + ending, None), ("Two died.", name + ending)):
            tagger(Document(Article(id="a", text=text, title=title)), Tagged())
