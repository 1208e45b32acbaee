"""Frozen values that are built fast are the same as those built by their class."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from stream_app.core.events import Attribution, Tagged
from stream_app.core.frozen import changed, maker


def test_a_value_built_fast_equals_the_one_built_by_its_class() -> None:
    built = maker(Attribution)("police", 0, end=6)
    assert built == Attribution("police", 0, 6)
    assert hash(built) == hash(Attribution("police", 0, 6))


def test_a_value_built_fast_is_frozen() -> None:
    built = maker(Attribution)("police", 0, 6)
    with pytest.raises(FrozenInstanceError):
        built.end = 7  # type: ignore[misc]


def test_a_value_built_fast_has_the_defaults_of_its_class() -> None:
    first, second = maker(Tagged)(), maker(Tagged)()
    assert (first.casualties, first.toll) == ((), {})
    assert first.toll is not second.toll


def test_a_value_changed_fast_equals_the_one_replaced_and_leaves_the_given_one() -> None:
    given = Attribution("police", 0, 6)
    assert changed(given, end=9) == replace(given, end=9)
    assert given == Attribution("police", 0, 6)
    with pytest.raises(FrozenInstanceError):
        changed(given).end = 7  # type: ignore[misc]
