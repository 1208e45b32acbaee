"""What a place is to its sentence, by the words before it."""

from __future__ import annotations

from stream_app.core.places.roles import role_of_place


def test_a_capital_that_is_two_letters_when_small_moves_no_word() -> None:
    text = "Fifty were hurt when rockets hit İstanbul New York, Gaza."
    assert role_of_place(text, text.index("Gaza"), text.index("Gaza") + 4) == "scene"
