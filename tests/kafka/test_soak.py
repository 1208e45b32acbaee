"""The soak for less than a minute: what `make fault-suite FAULTS=full` does for half an hour."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kafka.cluster import Cluster
from tests.kafka.soak import soak


@pytest.mark.kafka
def test_under_a_steady_stream_and_faults_nothing_is_lost_and_the_survivor_survives(
    kafka: Cluster, tmp_path: Path
) -> None:
    found = soak(kafka, tmp_path, seconds=45.0, rate_per_s=50.0, fault_every_s=12.0)
    assert sum(found.faults.values()) >= 2
    assert (found.lost, found.wrong, found.survivor_restarts) == (0, 0, 0)
