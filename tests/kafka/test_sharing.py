"""Workers that join get their share, also of what the first of them held: each table a worker of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kafka.broker import wait_until
from tests.kafka.cluster import Cluster
from tests.kafka.stage import Layout, Stage, articles, undisturbed

pytestmark = pytest.mark.kafka

WHOLE = "read,match,tag,count"
FOUR = Layout(partitions=4, workers=(WHOLE,))


def owners(stage: Stage, hop: str) -> list[int]:
    """Which workers have partitions of a hop, by their numbers."""
    series = f'stream_app_assigned_partitions{{hop="{hop}"}}'
    return [number for number, worker in enumerate(stage.workers) if worker.metric(series)]


def test_a_table_moves_to_who_stands_by_for_it_and_nothing_is_counted_twice(kafka: Cluster, tmp_path: Path) -> None:
    """One worker holds both tables; three join at once, who hold no rows, and one of them has a table after a while."""
    records = articles(160)
    expected = undisturbed(kafka, "calm-sharing", tmp_path, records, FOUR)
    settings = {"standby_replicas": "1", "rebalance_probe_s": "5"}
    with Stage(kafka, "sharing", tmp_path, FOUR, settings) as stage:
        stage.start_all()
        stage.publish(records[:80])
        stage.settle()
        for _ in range(3):
            stage.start(WHOLE)
        stage.wait_ready()
        stage.publish_in_background(records[80:], 8.0)
        wait_until(lambda: owners(stage, "match") != owners(stage, "count"), "each table has a worker of its own", 60)
        assert len(owners(stage, "match")) == len(owners(stage, "count")) == 1
        stage.published_all()
        stage.settle()
        for verdict in stage.judge(expected):
            assert verdict.ok, verdict
        assert sum(worker.metric("stream_app_rebalances_total") for worker in stage.workers) <= 12
        assert not stage.deaths
