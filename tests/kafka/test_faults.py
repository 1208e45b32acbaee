"""The short fault suite: a few faults in both phases; `make fault-suite` runs them all and writes docs/reliability.md."""

from __future__ import annotations

import pytest

from tests.kafka.cluster import Cluster
from tests.kafka.faults import FAULTS, Phase
from tests.kafka.trial import Calm, Trials

pytestmark = pytest.mark.kafka

BY_NAME = {fault.name: fault for fault in FAULTS}


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Calm:
    """One for both guarantees, which are compared with the same undisturbed runs."""
    return Calm(tmp_path_factory.mktemp("calm"))


@pytest.fixture(scope="module")
def trials(kafka: Cluster, calm: Calm, tmp_path_factory: pytest.TempPathFactory) -> Trials:
    return Trials(kafka, tmp_path_factory.mktemp("faults"), calm=calm)


@pytest.fixture(scope="module")
def exact_trials(kafka: Cluster, calm: Calm, tmp_path_factory: pytest.TempPathFactory) -> Trials:
    return Trials(kafka, tmp_path_factory.mktemp("exact"), calm=calm, delivery="exactly_once")


@pytest.mark.parametrize(
    ("name", "phase"),
    [("kill-all", "recovering"), ("cut", "busy"), ("schema", "busy"), ("pill", "busy"), ("killer", "busy")],
)
def test_nothing_is_lost_and_repeats_are_identical(trials: Trials, name: str, phase: Phase) -> None:
    result = trials.run(BY_NAME[name], phase)
    assert result.ok, result.notes


@pytest.mark.parametrize("name", ["kill-all", "pill", "killer"])
def test_exactly_once_repeats_nothing(exact_trials: Trials, name: str) -> None:
    result = exact_trials.run(BY_NAME[name], "busy")
    assert result.ok, result.notes
    assert result.repeats == 0


def test_every_fault_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(FAULTS)
