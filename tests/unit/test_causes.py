"""What happened, case by case; a figure has a cause of its own where its sentence tells of something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from stream_app.core.causes.lexicon import load_causes
from stream_app.core.events import Article, Cause, CauseKind, Tagged
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import casualty_tagger, cause_tagger
from tests import builders

DOCS = Path(__file__).parents[2] / "docs" / "causes.md"
TAGGERS = (casualty_tagger(), cause_tagger())


def tagged(text: str, title: str | None = None) -> Tagged:
    document, said = Document(Article(id="case", text=text, title=title)), Tagged()
    for tagger in TAGGERS:
        said = tagger(document, said)
    return said


def cause_of(text: str, title: str | None = None) -> Cause:
    cause = tagged(text, title).cause
    assert cause is not None
    return cause


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for _, case in builders.cases("causes")])
def test_the_cause_is_that_of_the_case(case: dict[str, Any]) -> None:
    cause = tagged(case["text"], case["title"]).cause
    assert (cause.kind if cause else None) == case["cause"]


def test_a_cause_is_the_words_it_points_at() -> None:
    text = "Rain fell for a week. Floods killed nine people in Tripura and swept away a bridge."
    cause = cause_of(text)
    assert text[cause.start : cause.end] == cause.text == "Floods"


def test_a_bus_that_is_bombed_is_no_road_accident() -> None:
    assert cause_of("A roadside bomb tore through a bus on the highway near Kandahar, killing 11.").kind == "bombing"


def test_a_figure_of_another_incident_has_its_own_cause() -> None:
    text = (
        "A ferry capsized off Mindoro on Sunday and nine people drowned. The ferry sank within minutes. "
        "Last month an earthquake killed 12 people on the same island."
    )
    said = tagged(text, "Ferry sinks off Mindoro")
    assert said.cause is not None
    assert said.cause.kind == "sea"
    assert [f.cause for f in said.casualties if f.low == 12] == ["earthquake"]
    assert all(f.cause is None for f in said.casualties if f.in_toll)


def test_every_cause_has_words_and_a_line_in_the_docs() -> None:
    named = {meaning.kind for meaning in load_causes("en").phrases.values()} - {None}
    documented = DOCS.read_text(encoding="utf-8")
    assert named == set(get_args(CauseKind))
    assert [kind for kind in get_args(CauseKind) if f"| `{kind}` |" not in documented] == []
