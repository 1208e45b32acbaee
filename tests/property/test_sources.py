"""What looks ahead at the end of a text never loses a credit that stands there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stream_app.core.sources.outlets import CREDITED, may_be_credited

PIECES = (
    "©", "(c)", "Copyright", "ſource", "Source", ":", "AGENCY", "agencies", " ", "\n", "AP", "Reuters", "(", ")", "[",
    "]", "—", "–", "-", ".", ",", "all rights", "2014", "x" * 30, "x" * 31, "\u212a", "é", "He left.",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_an_end_with_a_credit_is_looked_at(closing: str) -> None:
    assert CREDITED.search(closing) is None or may_be_credited(closing)
