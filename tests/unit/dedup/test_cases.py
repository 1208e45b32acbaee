"""Pairs of articles and what the second one is: copies, revisions, template stories."""

from __future__ import annotations

from typing import Any

import pytest

from stream_app.core.dedup import Matcher
from stream_app.core.dedup.signature import sign
from stream_app.core.events import Article, Duplicate
from tests import builders


def verdict_on_the_later(case: dict[str, Any]) -> Duplicate:
    matcher = Matcher(max_rows=100)
    earlier = Article(id="earlier", source="post.example", text=case["earlier"], title=case.get("earlier_title"))
    later = Article(id="later", source="post.example", text=case["later"], title=case.get("later_title"))
    matcher.judge(earlier, sign(earlier), 1_000.0)
    return matcher.judge(later, sign(later), 2_000.0).duplicate


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{file}: {case['name']}") for file, case in builders.cases("duplicates")]
)
def test_later_article_is_what_the_case_says(case: dict[str, Any]) -> None:
    duplicate = verdict_on_the_later(case)
    assert duplicate.verdict == case["verdict"], duplicate.why
    assert duplicate.of == (None if case["verdict"] == "unique" else "earlier")
    if "changes" in case:
        assert [[change.old, change.new] for change in duplicate.changes] == case["changes"]
