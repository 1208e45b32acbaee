"""Whole articles in tests/cases/languages, each read by the reader of its language; nobody who built it wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from stream_app.core.events import Article, Tagged
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import PACKS, SWITCHED_OFF, language_tagger, pack_reader
from tests import builders

FLOOR = 0.8
"""The share of articles whose dead must be told exactly for a language to be switched on."""

ARTICLES: Mapping[str, list[Any]] = {
    language: [case for file, case in builders.cases("languages") if file == f"articles-{language}"]
    for language in PACKS
}


def toll(case: Mapping[str, Any]) -> Mapping[str, list[int | None]]:
    article = Article(id="case", title=case["title"], text=case["text"], published_at=case.get("published_at"))
    tagged = pack_reader(case["language"])(Document(article), Tagged())
    return {kind: [bounds.low, bounds.high] for kind, bounds in tagged.toll.items()}


def of_each(language: str) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return [(case["toll"], toll(case)) for case in ARTICLES[language]]


@pytest.mark.parametrize("language", [language for language in PACKS if language not in SWITCHED_OFF])
def test_a_language_that_is_switched_on_tells_the_dead_of_whole_articles(language: str) -> None:
    pairs = of_each(language)
    right = sum(gold.get("killed") == found.get("killed") for gold, found in pairs)
    assert right >= FLOOR * len(pairs) > 0


@pytest.mark.parametrize("language", PACKS)
def test_no_dead_are_invented_in_an_article_without_any(language: str) -> None:
    assert [found for gold, found in of_each(language) if "killed" not in gold and "killed" in found] == []


@pytest.mark.parametrize("language", PACKS)
def test_the_language_of_whole_articles_is_found(language: str) -> None:
    tell = language_tagger()
    for case in ARTICLES[language]:
        found = tell(Document(Article(id="case", title=case["title"], text=case["text"])), Tagged()).language_found
        assert found is not None
        assert found.language == language
