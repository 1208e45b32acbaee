"""Articles by classes of telling: victims told one by one, in hospital later, found safe, without a verb of dying."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from stream_app.core.events import Article, Tagged
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import pack_reader
from tests import builders

CASES = [pytest.param(case, id=case["id"]) for file, case in builders.cases("languages") if file.startswith("told-")]


@pytest.mark.parametrize("case", CASES)
def test_the_toll_is_what_an_article_tells_in_other_words(case: Mapping[str, Any]) -> None:
    article = Article(id="case", title=case["title"], text=case["text"], published_at=case["published_at"])
    tagged = pack_reader(case["language"])(Document(article), Tagged())
    toll = tagged.toll
    found = {kind: [toll[kind].low, toll[kind].high] if kind in toll else None for kind in case["toll"]}
    assert {kind: None if bounds == [0, 0] else bounds for kind, bounds in found.items()} == case["toll"]
    if "attribution" in case:
        assert {figure.attribution and figure.attribution.text for figure in tagged.casualties} == {case["attribution"]}
