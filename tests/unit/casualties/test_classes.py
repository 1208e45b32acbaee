"""Every class of wordings in tests/cases/casualties: what must be read and what must not, the class in each id."""

from __future__ import annotations

from typing import Any

import pytest

from stream_app.core.events import Article, Tagged
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import casualty_tagger
from tests import builders

TAGGER = casualty_tagger()


def cases(*, failing: bool = False) -> list[Any]:
    """The cases of every file that belong to a class of wordings."""
    return [
        pytest.param(case, id=case["id"])
        for file, case in builders.cases("casualties")
        if "class" in case and file.endswith("known_failures") == failing
    ]


def faults(case: dict[str, Any]) -> list[str]:
    """What the tagger makes of the case, where the case wants something else; each kind lists all that is right."""
    article = Article(id="case", text=case["text"], title=case.get("title"), published_at="2025-03-05T08:00:00Z")
    tagged = TAGGER(Document(article), Tagged())
    found = []
    for kind, right in case.get("toll", {}).items():
        bounds = tagged.toll.get(kind)
        got = [bounds.low, bounds.high] if bounds is not None and bounds.high != 0 else None
        if got not in right:
            found.append(f"{kind} {got}, not {right}")
    if "attribution" in case:
        sources = {figure.attribution.text if figure.attribution else None for figure in tagged.casualties}
        found += [f"said by {source}" for source in sources or {"no figure"} if source not in case["attribution"]]
    return found


@pytest.mark.parametrize("case", cases())
def test_a_wording_is_read_as_its_class_wants(case: dict[str, Any]) -> None:
    assert faults(case) == []


@pytest.mark.parametrize("case", cases(failing=True))
@pytest.mark.xfail(strict=True, reason="known failure; move the case to classes.jsonl when it passes")
def test_a_known_failure_of_a_class_still_fails(case: dict[str, Any]) -> None:
    assert faults(case) == []
