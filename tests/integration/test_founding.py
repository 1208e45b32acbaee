"""The founding document comes out as its readers expect it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stream_app.core.events import CasualtyFigure, Place, Tagged
from stream_app.core.places import Gazetteer
from stream_app.core.tagging import tag
from stream_app.hops import build_taggers
from stream_app.settings import Settings
from tests import builders

ROOT = Path(__file__).parents[2]
EXPECTED: dict[str, Any] = json.loads((ROOT / "tests" / "cases" / "founding.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tagged(gazetteer: Gazetteer) -> Tagged:
    text = (ROOT / "seeds" / "founding.txt").read_text(encoding="utf-8")
    return tag(builders.article(text), build_taggers(Settings(), gazetteer))


def overlapping(tagged: Tagged, wanted: dict[str, Any]) -> list[CasualtyFigure]:
    return [f for f in tagged.casualties if f.start < wanted["end"] and wanted["start"] < f.end]


def place_at(tagged: Tagged, wanted: dict[str, Any]) -> Place | None:
    return next((p for p in tagged.places if (p.start, p.end) == (wanted["start"], wanted["end"])), None)


@pytest.mark.parametrize("wanted", EXPECTED["casualties"], ids=lambda w: w["text"])
def test_every_casualty_is_found(tagged: Tagged, wanted: dict[str, Any]) -> None:
    (found,) = overlapping(tagged, wanted)
    for name in ("kind", "low", "high", "qualifier", "victims", "victim_class", "assertion"):
        assert getattr(found, name) == wanted[name], name
    assert (found.attribution.text if found.attribution else None) == wanted["attributed_to"]
    place = tagged.places[found.place].geonames_id if found.place is not None else None
    assert place == wanted["place"]


def test_nothing_is_found_that_is_not_there(tagged: Tagged) -> None:
    assert len(tagged.casualties) == len(EXPECTED["casualties"])


@pytest.mark.parametrize("wanted", EXPECTED["rejected"], ids=lambda w: w["text"])
def test_what_only_looks_like_a_figure_is_rejected_with_its_reason(tagged: Tagged, wanted: dict[str, Any]) -> None:
    reasons = {r.reason for r in tagged.rejected if r.start < wanted["end"] and wanted["start"] < r.end}
    assert wanted["reason"] in reasons


@pytest.mark.parametrize("wanted", EXPECTED["places"], ids=lambda w: f"{w['text']}@{w['start']}")
def test_every_place_is_found_and_resolved(tagged: Tagged, wanted: dict[str, Any]) -> None:
    place = place_at(tagged, wanted)
    assert place is not None
    assert place.geonames_id == wanted["geonames_id"]


def test_the_toll_is_that_of_the_article(tagged: Tagged) -> None:
    assert {kind: {"low": b.low, "high": b.high} for kind, b in tagged.toll.items()} == EXPECTED["toll"]


def test_spans_slice_the_text(tagged: Tagged) -> None:
    text = (ROOT / "seeds" / "founding.txt").read_text(encoding="utf-8")
    spans: list[Any] = [*tagged.casualties, *tagged.places, *tagged.rejected]
    for span in spans:
        assert text[span.start : span.end] == span.text
