"""A run of the fuzzer: 20,000 inputs; `python scripts/fuzz.py` throws a million."""

from __future__ import annotations

from math import inf

from scripts.fuzz import fuzz


def test_hostile_input_ends_as_outputs_that_keep_every_promise_or_as_a_dead_letter_with_a_reason() -> None:
    found = fuzz(inputs=20_000, seed=7, every=40, longest_s=inf)
    assert found.outcomes["unique"] + found.outcomes["revision"] > 5000
    assert found.figures > 10_000
    assert len(found.outcomes) > 10, "the harm must reach many reasons"
