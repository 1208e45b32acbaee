"""Gold that says less than all: what it does not say is not asked for."""

from __future__ import annotations

from typing import Any

from stream_app.core.evaluation.incidents import evaluate

ROWS = [{"id": "a", "incident": "one", "gold": {"killed": {"min": 3, "max": 3}}}]
TOLL: dict[str, Any] = {"incident_id": "i", "articles": ["a"], "toll": {"killed": {"low": 3}, "injured": {"low": 9}}}


def test_gold_that_says_nothing_of_the_injured_asks_for_the_dead_alone() -> None:
    assert evaluate(ROWS, [TOLL])["toll_exact"] == {"killed": 1.0}
    hurt = {**ROWS[0], "gold": {"injured": {"min": 9, "max": 9}}}
    assert evaluate([hurt], [TOLL])["toll_exact"] == {"injured": 1.0}
