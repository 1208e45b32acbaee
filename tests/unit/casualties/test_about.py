"""Articles of no event of now, of many kinds, and events of now that come near them; by who made the rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from stream_app.core.events import Article, Tagged
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import pack_reader
from tests import builders

CASES = [pytest.param(case, id=case["id"]) for file, case in builders.cases("languages") if file.startswith("about-")]


@pytest.mark.parametrize("case", CASES)
def test_an_article_tells_of_the_dead_of_now_and_of_no_others(case: Mapping[str, Any]) -> None:
    article = Article(id="case", title=case["title"], text=case["text"], published_at=case["published_at"])
    toll = pack_reader(case["language"])(Document(article), Tagged()).toll
    found = [toll["killed"].low, toll["killed"].high] if "killed" in toll else None
    assert found == case["toll"].get("killed")
