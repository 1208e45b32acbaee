"""Where an article's own incident is put: cases as data, and what holds without a gazetteer."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stream_app.core.events import Article, Bounds, Place, Tagged
from stream_app.core.incidents import where
from stream_app.core.incidents.where import incident_place
from stream_app.core.language.document import Document
from stream_app.core.languages.en.incidents import English
from stream_app.core.languages.readers import casualty_readers, cause_readers, language_tagger
from stream_app.core.places import Gazetteer, PlaceTagger
from stream_app.core.tagging import Tagger, tag
from tests.incident_builders import KHARKIV, UKRAINE, WARSAW, figure

CASES = Path(__file__).parents[2] / "cases" / "where"


def rows(name: str) -> list[Any]:
    """The cases of a file, those that are known to fail marked so."""
    found = [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]
    return [
        pytest.param(row, marks=[pytest.mark.xfail(reason=row["known"], strict=True)] if "known" in row else [])
        for row in found
    ]


def name_of(row: dict[str, Any]) -> str:
    return f"{row['class']}: {row['text'][:40]}"


@pytest.fixture(scope="module")
def taggers(gazetteer: Gazetteer) -> list[Tagger]:
    return [language_tagger(), PlaceTagger(gazetteer), casualty_readers(), cause_readers()]


def placed(article: Article, tagged: Tagged) -> Place | None:
    document = Document(article)
    return incident_place(document.plain, tagged, document.sentences, English())


@pytest.mark.parametrize("row", rows("incidents.jsonl"), ids=name_of)
def test_an_incident_is_put_where_it_happened(taggers: list[Tagger], row: dict[str, Any]) -> None:
    article = Article(id="a", text=row["text"], title=row.get("title"))
    place = placed(article, tag(article, taggers))
    assert place is not None
    assert place.text.casefold() == row["place"].casefold()


@pytest.mark.parametrize("row", rows("placed.jsonl"), ids=name_of)
def test_an_incident_has_the_entry_of_where_it_happened(taggers: list[Tagger], row: dict[str, Any]) -> None:
    article = Article(id="a", text=row["text"], title=row.get("title"))
    place = placed(article, tag(article, taggers))
    assert place is not None
    assert (place.name, place.country_code) == (row["name"], row["country"])
    assert place.geonames_id is not None


def test_links_to_other_stories_put_no_incident_anywhere(taggers: list[Tagger]) -> None:
    article = Article(id="a", text="Nine people died when a roof fell in.\nTop stories\nFire kills two in Leeds")
    assert placed(article, tag(article, taggers)) is None


def at(place: Place, text: str, told: str) -> Place:
    """The place where `text` stands in `told`."""
    start = told.index(text)
    return replace(place, text=text, start=start, end=start + len(text))


def test_the_country_that_the_article_is_about_outweighs_a_namesake_abroad() -> None:
    text = "Warsaw Street, Kharkiv. Kharkiv and Ukraine mourn."
    places = (at(WARSAW, "Warsaw", text), at(KHARKIV, "Kharkiv", text), at(UKRAINE, "Ukraine", text))
    tagged = Tagged((figure("killed", 1, place=0),), (), places, {"killed": Bounds(1, 1)})
    place = placed(Article(id="a", text=text), tagged)
    assert place is not None
    assert place.name == "Kharkiv"


def test_a_figure_in_a_country_happened_in_the_town_that_the_article_names_there() -> None:
    text = "One died in Ukraine, in Kharkiv."
    places = (at(UKRAINE, "Ukraine", text), at(KHARKIV, "Kharkiv", text))
    tagged = Tagged((figure("killed", 1, place=0),), (), places, {"killed": Bounds(1, 1)})
    place = placed(Article(id="a", text=text), tagged)
    assert place is not None
    assert place.name == "Kharkiv"


def test_an_article_without_places_happened_nowhere() -> None:
    assert placed(Article(id="a", text="Nine died."), Tagged()) is None


def test_a_line_of_joined_words_is_no_dateline() -> None:
    """Its words can be split in very many ways: each is tried once only, or this test does not end."""
    for line in ("br" + "’s" * 100, "Oslo." * 100, "a-" * 100, "Oslo, " * 100):
        assert where._STAMPED.match(line) is None
