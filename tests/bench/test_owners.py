"""Many owners of duplicate search, played by one process: they say what one says, and notice what would differ."""

from __future__ import annotations

import pytest

from benchmarks.bench_owners import Many, by_many, by_one, simulate, stream

GIVEN = stream(160, None, seed=3)
MOST = 100  # rows: so many that the first ones have to go


def test_many_owners_judge_as_one_also_when_others_go_on_from_their_rows() -> None:
    expected, _ = by_one(GIVEN, MOST)
    assert {one if isinstance(one, str) else one.duplicate.verdict for one in expected} >= {
        "unique",
        "near",
        "revision",
    }
    told, spent = by_many(GIVEN, (3, 2), MOST, 40)
    assert told == expected
    assert spent.articles == len(GIVEN)
    assert spent.again > 0


def test_without_settling_they_would_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Many, "_is_changed", lambda _self, _reads: False)
    told, _ = by_many(GIVEN, (3, 3), MOST, 40)
    assert told != by_one(GIVEN, MOST)[0]


def test_the_simulation_says_what_each_number_of_owners_could_carry() -> None:
    found = simulate(GIVEN, [2], engine_us=50.0, size=40)
    assert found["same_after_a_move"]
    assert found["owners"]["2"]["same"]
    assert found["owners"]["2"]["articles_per_s"] > 0
