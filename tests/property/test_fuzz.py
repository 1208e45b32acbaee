"""A short run of the fuzzer; `python scripts/fuzz.py` throws a million inputs."""

from __future__ import annotations

from scripts.fuzz import fuzz


def test_hostile_input_ends_as_an_article_or_as_a_dead_letter_with_a_reason() -> None:
    outcomes, _ = fuzz(inputs=4000, seed=7, tag_every=20)
    assert outcomes["article"] > 400
    assert len(outcomes) > 6, "the harm must reach many reasons"
