"""Every case in tests/cases/casualties, read by the tagger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stream_app.core.events import Article, CasualtyFigure, Tagged
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import PACKS, casualty_tagger
from tests import builders

TAGGER = casualty_tagger()


def cases(expects: str | None, *, failing: bool = False) -> list[Any]:
    """The cases of every file that say what is expected of them; without that they are traps.

    Classes are tested apart, and so are other languages.
    """
    return [
        pytest.param(case, id=case["id"])
        for file, case in builders.cases("casualties")
        if "class" not in case
        and file not in PACKS
        and file.endswith("known_failures") == failing
        and next((name for name in ("figures", "toll") if name in case), None) == expects
    ]


def tagged(text: str) -> Tagged:
    return TAGGER(Document(Article(id="case", text=text, published_at="2022-03-01T00:00:00Z")), Tagged())


def holds(figure: CasualtyFigure, expected: dict[str, Any]) -> bool:
    return all(getattr(figure, name) == value for name, value in expected.items())


@pytest.mark.parametrize("case", cases("figures"))
def test_figures_are_those_of_the_case_and_no_others(case: dict[str, Any]) -> None:
    found = tagged(case["text"]).casualties
    assert [e for e in case["figures"] if not any(holds(f, e) for f in found)] == []
    assert len(found) == len(case["figures"])


@pytest.mark.parametrize("case", cases(None))
def test_a_trap_gives_no_figure_that_is_told_as_a_fact(case: dict[str, Any]) -> None:
    assert [f.text for f in tagged(case["text"]).casualties if f.assertion in {"actual", "historical"}] == []


@pytest.mark.parametrize("case", cases("toll"))
def test_the_toll_is_that_of_the_case(case: dict[str, Any]) -> None:
    toll = tagged(case["text"]).toll
    assert {kind: [bounds.low, bounds.high] for kind, bounds in toll.items()} == case["toll"]


@pytest.mark.parametrize("case", cases("figures", failing=True))
@pytest.mark.xfail(strict=True, reason="known failure; move the case to wild.jsonl when it passes")
def test_known_failures_still_fail(case: dict[str, Any]) -> None:
    found = tagged(case["text"]).casualties
    assert all(any(holds(f, e) for f in found) for e in case["figures"])


def test_every_case_is_read_by_one_of_these_tests() -> None:
    read = [*cases("figures"), *cases("toll"), *cases(None), *cases("figures", failing=True)]
    assert len(read) == len(
        [case for file, case in builders.cases("casualties") if "class" not in case and file not in PACKS]
    )


def test_every_rule_that_fires_in_a_case_is_documented() -> None:
    documented = (Path(__file__).parents[3] / "docs" / "casualties.md").read_text(encoding="utf-8")
    texts = [param.values[0]["text"] for expects in ("figures", "toll", None) for param in cases(expects)]
    rules = {figure.rule for text in texts for figure in tagged(text).casualties}
    assert sorted(rule for rule in rules if f"`{rule}`" not in documented) == []
