"""What every tagger promises, whichever it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stream_app import app
from stream_app.core.events import Article, Tagged
from stream_app.core.language.document import Document
from stream_app.core.places import Gazetteer
from stream_app.core.tagging import Tagger
from stream_app.core.wire import decode_article
from stream_app.settings import Settings
from tests import builders

ROOT = Path(__file__).parents[2]
NAMES = ("language", "places", "casualties", "causes")
ODD = {
    "a single sign": "?",
    "no letters": "... 12 --- 30 %%%",
    "only blanks and a word": "  \n\n\t word \u2028",
    "right to left": "قتل 12 شخصا في حلب",
    "an astral plane": "😀 12 people died in 𝐊𝐡𝐚𝐫𝐤𝐢𝐯 😀",
    "combining signs": "Zu\u0308rich: 3 tote\u0301s",
    "one endless line": "12 people died in Mosul and " * 500,
    "upper case": "TWELVE PEOPLE WERE KILLED IN MOSUL, IRAQ.",
}


@pytest.fixture(scope="module")
def taggers(gazetteer: Gazetteer) -> dict[str, Tagger]:
    return {tagger.name: tagger for tagger in app.build_taggers(Settings(), gazetteer)}


def articles() -> Iterator[Article]:
    for line in (ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines():
        if b'"source"' in line:
            yield decode_article(line)
    for text in ODD.values():
        yield builders.article(text, title=text[:80])


def found_in(tagged: Tagged) -> list[Any]:
    return [*tagged.casualties, *tagged.rejected, *tagged.places]


def test_the_names_of_the_taggers_are_known(taggers: dict[str, Tagger]) -> None:
    assert tuple(taggers) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_annotation_slices_its_field_and_names_its_rule(taggers: dict[str, Tagger], name: str) -> None:
    for article in articles():
        document = Document(article)
        fields = dict(document.fields())
        for found in found_in(taggers[name](document, Tagged())):
            assert fields[found.field][found.start : found.end] == found.text
            assert found.rule


@pytest.mark.parametrize("name", NAMES)
def test_the_same_document_gives_the_same_annotations(taggers: dict[str, Tagger], name: str) -> None:
    for article in articles():
        first, second = (taggers[name](Document(article), Tagged()) for _ in range(2))
        assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_what_was_found_before_stays(taggers: dict[str, Tagger], name: str) -> None:
    article = next(articles())
    before = Tagged()
    for other in NAMES:
        if other != name:
            before = taggers[other](Document(article), before)
    after = taggers[name](Document(article), before)
    assert all(found in found_in(after) for found in found_in(before))


def test_the_place_of_a_figure_is_one_of_the_events_places(taggers: dict[str, Tagger]) -> None:
    for article in articles():
        document = Document(article)
        tagged = taggers["casualties"](document, taggers["places"](document, Tagged()))
        for figure in tagged.casualties:
            assert figure.place is None or 0 <= figure.place < len(tagged.places)
            assert figure.high is None or figure.low <= figure.high


def test_an_enriched_event_is_json_in_every_case(gazetteer: Gazetteer) -> None:
    hop = app.build_tag(Settings())
    for article in articles():
        document = Document(article)
        tagged = Tagged()
        for tagger in hop.taggers:
            tagged = tagger(document, tagged)
        from stream_app.core.wire import encode

        assert json.loads(encode(hop.enriched(article, hop.alone(article), tagged)))["article_id"] == article.id
