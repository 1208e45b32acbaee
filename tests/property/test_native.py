"""The native core makes the bytes of the reference, or leaves the text to it."""

from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stream_app.core.dedup import native
from stream_app.core.dedup.signature import _fields, _sealed, _words, sign
from stream_app.core.events import Article
from tests.builders import prose

pytestmark = pytest.mark.skipif(not native.is_there(), reason="stream-app-native is not installed: make native")

PIECES = st.sampled_from((
    "killed", "Killed", "KILLED", "reportedly", "three", "Dozens", "nobody", "1,200", "3.5", "12th", "b12", "1,2,3", ",", ".",
    "Lae", "Anna", "the", "men", "İzmir", "ßen", "Straße", "загинули", "троє", "قُتل", "١٢", "地震", "三人死亡", "ไทย", "\u0301",
    "\U0001f600", "\U00020000", "\U0001d7d9", "’", "…", "!", ":", "\n", "\n\n", " ", "\t", "-", "_", "²", "x" * 40, "9" * 40,
    "1," * 20 + "1", "may have", "wounded", "q",
))  # fmt: skip
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from((" ", " ", "", "\n", ". "))), max_size=120).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)


def same(title: str | None, text: str) -> None:
    article = Article(id="1", title=title, text=text)
    own_title, own_text = _fields(article)
    assert sign(article) == _sealed(article, own_text, _words(own_title, own_text))


@settings(max_examples=400)
@given(st.none() | TEXTS, TEXTS)
@example("Two dead", "\ud800 and two men died there")
@example(None, "")
@example("Only a title", "two words")
def test_signatures_are_those_of_the_reference(title: str | None, text: str) -> None:
    same(title, text)


@given(st.text(max_size=60), st.text(max_size=400))
def test_any_text_has_the_signature_of_the_reference(title: str, text: str) -> None:
    same(title, text)


@pytest.mark.parametrize("words", [99, 100, 103, 8191, 8192, 8193, 9000, 20_000])
def test_long_texts_are_cut_where_the_reference_cuts(words: int) -> None:
    drawn = prose(random.Random(words), words).split()
    for at in range(0, len(drawn), 9):
        drawn[at] = random.Random(at).choice(("12", "killed", "Lae", "four.", "\n", "reportedly"))
    same("Two killed", " ".join(drawn))


def test_the_wheel_is_used() -> None:
    assert native.seal("Two killed", "Two men were killed in Lae.") is not None
