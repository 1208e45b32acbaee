"""A run of the fuzzer: 20,000 inputs in four parts, so that two cores share them; `scripts/fuzz.py` throws a million."""

from __future__ import annotations

from math import inf

import pytest

from scripts.fuzz import fuzz


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7, 8, 9, 10])
def test_hostile_input_ends_as_outputs_that_keep_every_promise_or_as_a_dead_letter_with_a_reason(seed: int) -> None:
    found = fuzz(inputs=5_000, seed=seed, every=40, longest_s=inf)
    assert found.outcomes["unique"] + found.outcomes["revision"] > 1250
    assert found.figures > 2_500
    assert len(found.outcomes) > 10, "the harm must reach many reasons"
