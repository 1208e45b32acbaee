"""A pattern looked for in lower case finds what it finds where case is ignored."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from stream_app.core.language.any_case import AnyCase
from stream_app.core.languages.en.incidents.causes import _WORDS

PATTERNS = (
    r"\b(?:sink|kiss|skis\w*|is)\b",
    r"\b(?:" + "|".join(_WORDS.values()) + r")\b",
    r"since (?:\w+ ){0,2}jan[a-z]*",
)
PIECES = st.sampled_from(
    ["sink", "KISS", "Skis", "is", " ", "since ", "Jan", "İ", "ı", "ſ", "\u212a", "ß", "’", "é", "s", "k"]
)
TEXTS = st.lists(PIECES | st.sampled_from(["rocket", "fire", "attacks", "coal", "mine", "shot"]), max_size=12).map(
    "".join
)


@given(TEXTS | st.text(max_size=40))
def test_finds_what_is_found_where_case_is_ignored(text: str) -> None:
    for pattern in PATTERNS:
        told = [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
        first, found = AnyCase(pattern).search(text), AnyCase(pattern).found(text)
        assert (first.span() if first else None) == (told[0] if told else None)
        assert [len(words) for words in found] == [end - start for start, end in told]
