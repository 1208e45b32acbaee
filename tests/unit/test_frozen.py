"""Frozen values built by way of their unfrozen twins."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from stream_app.core.events import Attribution, Tagged
from stream_app.core.frozen import twin


def completed() -> Any:
    draft = twin(Attribution)("police", 0, 0)
    draft.end = 6
    draft.__class__ = Attribution
    return draft


def test_a_completed_draft_equals_the_value_built_at_once() -> None:
    assert completed() == Attribution("police", 0, 6)
    assert hash(completed()) == hash(Attribution("police", 0, 6))


def test_a_completed_draft_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        completed().end = 7


def test_a_twin_has_the_defaults_of_its_class() -> None:
    first, second = twin(Tagged)(), twin(Tagged)()
    assert (first.casualties, first.toll) == ((), {})
    assert first.toll is not second.toll
