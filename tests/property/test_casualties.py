"""Laws of the casualty tagger that hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stream_app.core.events import Article, CasualtyFigure, Rejected, Tagged
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import casualty_tagger

TAGGER = casualty_tagger()
WORDS = st.sampled_from(
    [
        "12",
        "1,200",
        "at",
        "least",
        "dozens",
        "of",
        "people",
        "soldiers",
        "were",
        "killed",
        "and",
        "wounded",
        ",",
        ".",
        "the",
        "a",
        "man",
        "died",
        "in",
        "Mosul",
        "-",
        "(",
        ")",
        "“",
        "”",
        "who",
        "had",
        "no",
        "one",
        "injured",
        "or",
        "missing",
        "17-year-old",
        "girl",
        "shot",
        "dead",
        "hundreds",
        "thousand",
        "up",
        "to",
        "between",
        "3",
        "4.8",
        "lakh",
        "fled",
        "their",
        "homes",
        "bodies",
        "found",
        "toll",
        "rose",
        "from",
        "hostage",
        "said",
        "police",
        "%",
        "km",
        "\n",
        "'s",
        "including",
        "to",
        "kill",
        "may",
        "have",
        "been",
        "of",
        "them",
        "both",
    ]
)
TEXTS = st.one_of(st.lists(WORDS, min_size=1, max_size=60).map(" ".join), st.text(min_size=1, max_size=200))
UNRELATED = "The museum opens its garden in spring."


def tag(text: str, title: str | None = None) -> Tagged:
    return TAGGER(Document(Article(id="a", title=title, text=text)), Tagged())


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.none() | TEXTS)
def test_spans_slice_the_plain_text(text: str, title: str | None) -> None:
    tagged = tag(text, title)
    raw = dict(Document(Article(id="a", title=title, text=text)).fields())
    spans: list[CasualtyFigure | Rejected] = [*tagged.casualties, *tagged.rejected]
    for found in spans:
        assert raw[found.field][found.start : found.end] == found.text != ""
    for figure in tagged.casualties:
        if figure.attribution is not None:
            source = figure.attribution
            assert raw[figure.field][source.start : source.end] == source.text


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_bounds_are_in_order_and_negated_figures_are_nobody(text: str) -> None:
    tagged = tag(text)
    for figure in tagged.casualties:
        assert figure.low >= 0
        assert figure.high is None or figure.low <= figure.high
        assert (figure.assertion == "negated") <= (figure.low == figure.high == 0)
    for bounds in tagged.toll.values():
        assert bounds.high is None or 0 <= bounds.low <= bounds.high


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_the_same_text_gives_the_same_event(text: str) -> None:
    assert tag(text) == tag(text)


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS.filter(lambda word: word != "\n"), min_size=1, max_size=40).map(" ".join))
def test_an_appended_unrelated_sentence_changes_nothing_before_it(text: str) -> None:
    assert tag(f"{text}.\n\n{UNRELATED}").casualties == tag(f"{text}.").casualties


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_the_toll_is_made_of_actual_figures(text: str) -> None:
    tagged = tag(text)
    for figure in tagged.casualties:
        assert not figure.in_toll or (figure.assertion == "actual" and figure.kind in tagged.toll)


@pytest.mark.parametrize("piece", ["killed ", "at least ", "a 17-year-old ", "(", "1,", "\n", "x", "two-", "the "])
def test_an_adversarial_megabyte_is_read_to_its_end(piece: str) -> None:
    """A reader that looked back without limit would not come back from these."""
    text = "Ten people died " + piece * (1_000_000 // len(piece)) + " and four were hurt."
    assert [figure.kind for figure in tag(text).casualties][:1] == ["killed"]
