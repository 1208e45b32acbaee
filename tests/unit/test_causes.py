"""What happened, case by case; a figure has a cause of its own where its sentence tells of something else."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from stream_app.core.causes.cause_words import load_causes
from stream_app.core.causes.forms import load_forms
from stream_app.core.events import Article, Cause, CauseKind, LanguageFound, Tagged
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import PACKS, casualty_tagger, cause_readers, cause_tagger, pack_reader
from tests import builders

DOCS = Path(__file__).parents[2] / "docs" / "causes.md"
TAGGERS = (casualty_tagger(), cause_tagger())


def tagged(text: str, title: str | None = None, language: str = "en") -> Tagged:
    document = Document(Article(id="case", text=text, title=title))
    said = Tagged(language_found=LanguageFound(language, 1.0))
    for tagger in TAGGERS if language == "en" else (pack_reader(language), cause_readers()):
        said = tagger(document, said)
    return said


def cause_of(text: str, title: str | None = None) -> Cause:
    cause = tagged(text, title).cause
    assert cause is not None
    return cause


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for _, case in builders.cases("causes")])
def test_the_cause_is_that_of_the_case(case: dict[str, Any]) -> None:
    cause = tagged(case["text"], case["title"], case.get("language", "en")).cause
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


@pytest.mark.parametrize("language", PACKS)
def test_a_language_with_a_pack_has_words_for_every_cause(language: str) -> None:
    assert {meaning.kind for meaning in load_forms(language)[0].phrases.values()} - {None} == set(get_args(CauseKind))


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("ru", "При землетрясениях погибли двое.", "землетрясениях"),
        ("ar", "وقتل شخصان بالزلزال.", "بالزلزال"),
        ("fr", "L'incendie a tué deux hommes.", "L'incendie"),
        ("tr", "Depremlerde iki kişi öldü.", "Depremlerde"),
    ],
)
def test_words_for_causes_are_found_in_their_other_forms(language: str, text: str, words: str) -> None:
    cause = tagged(text, language=language).cause
    assert cause is not None
    assert text[cause.start : cause.end] == cause.text == words


def test_a_plan_against_floods_has_no_cause() -> None:
    plan = "El plan contra las inundaciones evitará muertes. El año pasado murieron nueve personas en una riada."
    assert tagged(plan, "Plan contra las inundaciones", "es").cause is None


def test_every_cause_has_words_and_a_line_in_the_docs() -> None:
    named = {meaning.kind for meaning in load_causes("en").phrases.values()} - {None}
    documented = DOCS.read_text(encoding="utf-8")
    assert named == set(get_args(CauseKind))
    assert [kind for kind in get_args(CauseKind) if f"| `{kind}` |" not in documented] == []
