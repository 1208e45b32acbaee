"""What every tagger promises, whichever it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stream_app.core.events import Article, Tagged
from stream_app.core.language.document import Document
from stream_app.core.places import Gazetteer
from stream_app.core.tagging import Tagger
from stream_app.core.wire import decode_article, encode
from stream_app.hops import build_tag, build_taggers
from stream_app.settings import Settings
from tests import builders
from tests.reference_tagger import ScoreTagger

ROOT = Path(__file__).parents[2]
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
    """Every registered tagger by its name, and the reference tagger of the docs."""
    registered = build_taggers(Settings(), gazetteer)
    named = {tagger.name: tagger for tagger in (*registered, ScoreTagger())}
    assert len(named) == len(registered) + 1
    return named


def articles() -> Iterator[Article]:
    for line in (ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines():
        if b'"source"' in line:
            yield decode_article(line)
    for text in ODD.values():
        yield builders.article(text, title=text[:80])


def cases() -> Iterator[Article]:
    """The text of every case, in whatever folder of tests/cases it is."""
    for folder in sorted(path.name for path in (ROOT / "tests" / "cases").iterdir() if path.is_dir()):
        for _, case in builders.cases(folder):
            if "text" in case:
                yield builders.article(case["text"], title=case.get("title"))


def found_in(tagged: Tagged) -> list[Any]:
    causes = [] if tagged.cause is None else [tagged.cause]
    return [*tagged.casualties, *tagged.rejected, *tagged.places, *causes]


def assert_sliced(document: Document, tagged: Tagged) -> None:
    fields = dict(document.fields())
    for found in found_in(tagged):
        assert fields[found.field][found.start : found.end] == found.text
        assert getattr(found, "rule", "a cause is its own rule")


def test_every_annotation_slices_its_field_and_names_its_rule(taggers: dict[str, Tagger]) -> None:
    for article in articles():
        document = Document(article)
        for tagger in taggers.values():
            assert_sliced(document, tagger(document, Tagged()))


def test_the_texts_of_all_cases_keep_the_promises_of_taggers(taggers: dict[str, Tagger]) -> None:
    for article in cases():
        document, tagged = Document(article), Tagged()
        for tagger in taggers.values():
            tagged = tagger(document, tagged)
        assert_sliced(document, tagged)


def test_the_same_document_gives_the_same_annotations(taggers: dict[str, Tagger]) -> None:
    for article in articles():
        for name, tagger in taggers.items():
            first, second = (tagger(Document(article), Tagged()) for _ in range(2))
            assert first == second, name


def test_what_was_found_before_stays(taggers: dict[str, Tagger]) -> None:
    article = next(articles())
    for name, tagger in taggers.items():
        before = Tagged()
        for other in taggers.values():
            if other is not tagger:
                before = other(Document(article), before)
        after = tagger(Document(article), before)
        assert [found for found in found_in(before) if found not in found_in(after)] == [], name


def test_the_reference_tagger_does_what_the_docs_say_of_it() -> None:
    document = Document(builders.article("The city mourns. Rovers won 2-1."))
    (row,) = ScoreTagger()(document, Tagged()).rejected
    assert (row.text, row.reason) == ("Rovers won 2-1.", "sport")


def test_the_place_of_a_figure_is_one_of_the_events_places(taggers: dict[str, Tagger]) -> None:
    for article in articles():
        document = Document(article)
        tagged = taggers["casualties"](document, taggers["places"](document, Tagged()))
        for figure in tagged.casualties:
            assert figure.place is None or 0 <= figure.place < len(tagged.places)
            assert figure.high is None or figure.low <= figure.high


def test_an_enriched_event_is_json_in_every_case(gazetteer: Gazetteer) -> None:
    hop = build_tag(Settings())
    for article in articles():
        document = Document(article)
        tagged = Tagged()
        for tagger in hop.taggers:
            tagged = tagger(document, tagged)
        assert json.loads(encode(hop.enriched(article, hop.alone(article), tagged)))["article_id"] == article.id
