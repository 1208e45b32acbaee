"""Figures that go on with what an article opens with: what happened long ago, a story, a year to come."""

from __future__ import annotations

import pytest

from stream_app.core.events import Article, Tagged
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import casualty_tagger

TAGGER = casualty_tagger()


def told(text: str, title: str | None = None) -> list[tuple[str, int, str]]:
    article = Article(id="1", title=title, text=text, published_at="2025-05-07T18:00:00Z")
    found = TAGGER(Document(article), Tagged()).casualties
    return [(figure.assertion, figure.low, figure.cue or "") for figure in found]


@pytest.mark.parametrize(
    ("text", "assertions"),
    [
        ("A fire killed 22 people in 2016. All 22 deaths could have been avoided.", ["historical", "historical"]),
        ("A fire killed 22 people in 2016. On Monday a blast killed five.", ["historical", "actual"]),
        ("A fire killed 22 people in 2016. A judge spoke on Monday. Five men were shot dead.", ["historical", "actual"]),
        ("It was ten years since the fire. Of 90 guests 31 died and 74 were hurt.", ["historical", "historical"]),
        ("In 2031 the heat killed 400 people. The south had 900 dead.", ["forecast", "forecast"]),
        ("A blast killed five people. In 2016 one killed 22. Three men died of burns.", ["actual", "historical", "actual"]),
    ],
)  # fmt: skip
def test_figures_go_on_as_the_article_opened_until_something_is_of_now(text: str, assertions: list[str]) -> None:
    assert [assertion for assertion, *_ in told(text) if assertion != "negated"] == assertions


def test_a_figure_that_goes_on_has_the_cue_of_the_first() -> None:
    assert [cue for *_, cue in told("A fire killed 22 people in 2016. All 22 deaths were needless.")] == [
        "2016",
        "2016",
    ]


def test_a_number_of_now_stays_what_it_is_when_an_older_event_had_the_same() -> None:
    text = "Rescuers found the last of ten bodies at dawn on Monday. In 2021 another collapse there killed 10 as well."
    assert [(assertion, low) for assertion, low, _ in told(text, "Collapse kills 10")] == [
        ("actual", 10),
        ("actual", 10),
        ("historical", 10),
    ]
