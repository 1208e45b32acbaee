"""What a broker does to input and tables is told: a batch that nobody can decode, retention, a changelog that is gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stream_app.core import hops
from tests import builders
from tests.kafka import damage
from tests.kafka.broker import consume, delete_topic, grow, publish, set_config, wait_until
from tests.kafka.cluster import Cluster, admin, run_async
from tests.kafka.stage import Layout, Raw, Stage, articles

pytestmark = pytest.mark.kafka

WHOLE = "read,match,tag,count"
ALONE = Layout(partitions=1, workers=(WHOLE,))


@pytest.fixture(scope="module")
def cluster(kafka_jars: str) -> Iterator[Cluster]:
    """A node of these tests' own: they stop it and change its files."""
    with Cluster(1) as cluster:
        yield cluster


def article(number: int) -> tuple[bytes, bytes]:
    return b"key", builders.raw(id=f"a-{number}", text=f"Story {number} of a kind of its own, word{number} for word.")


def enriched(stage: Stage) -> set[str]:
    return {record.key.decode() for record in consume(stage.cluster, stage.prefix + hops.ENRICHED)}


@pytest.mark.parametrize("harm", [damage.checksum, damage.unknown_codec, damage.payload])
def test_an_undecodable_batch_stops_its_partition_until_it_is_passed(
    cluster: Cluster, tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    with Stage(cluster, f"bad-{harm.__name__}", tmp_path, Layout(2, (WHOLE,))) as stage:
        raw = stage.prefix + hops.RAW
        publish(cluster, raw, [article(0)], partition=0)
        publish(cluster, raw, [article(n) for n in (1, 2, 3)], partition=0)  # a batch: offsets 1 to 3
        publish(cluster, raw, [article(4)], partition=0)
        damage.damage(cluster, raw, 0, batch=1, harm=harm)
        publish(cluster, raw, [article(5)], partition=1)
        stage.start_all()
        (worker,) = stage.workers
        wait_until(lambda: enriched(stage) == {"a-0", "a-5"}, "all but what is blocked", 60)
        assert worker.metric('stream_app_blocked_partitions{hop="read"}') == 1
        assert worker.metric('stream_app_undecodable_batches_total{hop="read"}') == 1
        assert f"stream-app topics --skip {raw}:0:3" in worker.process.output()
        refused = stage.command("topics", "--skip", f"{raw}:0:4")
        assert refused.returncode == 1
        assert "can be read" in refused.stderr
        assert enriched(stage) == {"a-0", "a-5"}, "nothing is passed over by itself"
        assert stage.command("topics", "--skip", f"{raw}:0:3").returncode == 0
        wait_until(lambda: enriched(stage) == {"a-0", "a-4", "a-5"}, "what lies behind the batch", 60)
        assert worker.metric('stream_app_undecodable_records_passed_total{hop="read"}') == 3
        assert worker.metric('stream_app_blocked_partitions{hop="read"}') == 0
        assert not stage.deaths


def test_input_that_retention_deleted_is_counted(cluster: Cluster, tmp_path: Path) -> None:
    with Stage(cluster, "retention", tmp_path, ALONE) as stage:
        raw = stage.prefix + hops.RAW
        stage.start_all()
        publish(cluster, raw, [article(0)])
        stage.settle()
        stage.workers[0].process.terminate()
        publish(cluster, raw, [article(n) for n in range(1, 8)], timestamp_ms=int(time.time() * 1000) - 3_600_000)
        set_config(cluster, raw, {"retention.ms": "60000"})
        wait_until(lambda: not consume(cluster, raw), "retention has deleted them", 60)
        publish(cluster, raw, [article(8)])
        stage.workers[0].process.restart()
        stage.wait_ready()
        wait_until(lambda: enriched(stage) == {"a-0", "a-8"}, "what came after", 60)
        assert stage.workers[0].metric('stream_app_input_lost_records_total{hop="read"}') == 7
        assert "7 records, offsets 1 to 7, were deleted by the broker" in stage.workers[0].process.output()


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
def test_what_retention_deleted_is_counted_once_whoever_owns_it_next(
    cluster: Cluster, tmp_path: Path, delivery: str
) -> None:
    """Two workers come up behind a gap, one after the other, and nothing behind it comes that they could commit."""
    with Stage(cluster, f"owners-{delivery}", tmp_path, Layout(2, (WHOLE,)), {"delivery": delivery}) as stage:
        raw = stage.prefix + hops.RAW
        stage.start_all()
        for partition in range(2):
            publish(cluster, raw, [article(partition)], partition=partition)
        stage.settle()
        stage.workers[0].process.terminate()
        old_ms = int(time.time() * 1000) - 3_600_000
        for partition in range(2):
            publish(cluster, raw, [article(n) for n in range(2, 8)], partition=partition, timestamp_ms=old_ms)
        set_config(cluster, raw, {"retention.ms": "60000"})
        wait_until(lambda: not consume(cluster, raw), "retention has deleted them", 60)
        stage.workers[0].process.popen.wait(30)
        stage.workers[0].process.restart()
        stage.wait_ready()
        wait_until(lambda: lost(stage) == 12, "both gaps are told", 30)
        stage.start(WHOLE)
        stage.wait_ready()
        time.sleep(3)  # the second has its partition, and its first fetch
        assert lost(stage) == 12
        for worker in stage.workers:
            worker.process.terminate()
            worker.process.popen.wait(30)
            worker.process.restart()
        stage.wait_ready()
        time.sleep(3)
        assert lost(stage) == 0, "nor by those that come after them"
        assert not stage.deaths


def lost(stage: Stage) -> float:
    return sum(worker.metric('stream_app_input_lost_records_total{hop="read"}') for worker in stage.workers)


def test_old_articles_that_wait_between_the_hops_are_not_deleted_by_their_age(cluster: Cluster, tmp_path: Path) -> None:
    layout = Layout(partitions=1, workers=("read", "match", "tag", "count"))
    year_ago_ms = int(time.time() * 1000) - 365 * 86_400_000
    with Stage(cluster, "aged", tmp_path, layout) as stage:
        for hop in ("read", "match"):
            stage.start(hop)
        stage.wait_ready()
        stage.publish([Raw(*article(n), year_ago_ms + n) for n in range(50)])
        unique = stage.prefix + hops.UNIQUE
        wait_until(lambda: len(consume(cluster, unique)) == 50, "read and match are done", 60)
        time.sleep(6)  # three looks of the broker's at what has expired
        for hop in ("tag", "count"):
            stage.start(hop)
        stage.wait_ready()
        stage.settle()
        assert len(enriched(stage)) == 50
        time.sleep(6)
        assert len(enriched(stage)) == 50, "and what came of them is kept for as long as its topic says"


@pytest.mark.parametrize("lost", ["deleted", "emptied"])
def test_a_worker_whose_changelog_is_gone_refuses_to_start(cluster: Cluster, tmp_path: Path, lost: str) -> None:
    with Stage(cluster, f"changelog-{lost}", tmp_path, ALONE) as stage:
        stage.start_all()
        stage.publish(articles(40))
        stage.settle()
        before = stage.outcome()
        stage.workers[0].process.terminate()
        changelog = f"{stage.prefix}stream-app-match-changelog"
        if lost == "emptied":
            run_async(lambda: _empty(cluster, changelog))
        else:
            delete_topic(cluster, changelog)
        refused = stage.command("worker", "--web-port", "0")
        assert refused.returncode == 1
        assert changelog in refused.stderr
        assert "stream-app topics --rebuild match" in refused.stderr
        if lost == "emptied":
            assert "Delete the topic first" in stage.command("topics", "--rebuild", "match").stderr
            delete_topic(cluster, changelog)
        rebuilt = stage.command("topics", "--rebuild", "match")
        assert rebuilt.returncode == 0, rebuilt.stderr
        stage.workers[0].process.restart()
        stage.wait_ready()
        stage.settle()
        assert not [verdict for verdict in stage.judge(before) if not verdict.ok], "told again, and counted once"
        stage.publish(articles(60)[40:])
        stage.settle()
        stage.workers[0].process.restart()
        stage.wait_ready()


async def _empty(cluster: Cluster, topic: str) -> None:
    from aiokafka import TopicPartition
    from aiokafka.admin import RecordsToDelete
    from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

    async with admin(cluster.direct) as client:
        # the broker deletes records of topics alone whose policy knows deletion
        policy = {"cleanup.policy": "compact,delete"}
        await client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, policy)])
        await client.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=-1)})


def test_partitions_added_to_the_raw_topic_are_read_within_a_minute(cluster: Cluster, tmp_path: Path) -> None:
    with Stage(cluster, "grown", tmp_path, Layout(1, (WHOLE, WHOLE))) as stage:
        raw = stage.prefix + hops.RAW
        stage.start_all()
        publish(cluster, raw, [article(0)])
        stage.settle()
        grow(cluster, raw, 4)
        for number in range(1, 4):
            publish(cluster, raw, [article(number)], partition=number)
        unready = wait_until(
            lambda: any(not w.ready for w in stage.workers), "not ready while they are given out", 30, 0.05
        )
        took_s = wait_until(lambda: enriched(stage) == {f"a-{n}" for n in range(4)}, "all four", 60)
        assert unready + took_s < 60
        stage.wait_ready()
        assert not stage.deaths
        assert stage.command("topics").returncode == 0


def test_partitions_added_under_a_table_stop_the_workers(cluster: Cluster, tmp_path: Path) -> None:
    with Stage(cluster, "split", tmp_path, ALONE) as stage:
        stage.start_all()
        grow(cluster, stage.prefix + hops.SIGNED, 2)
        wait_until(lambda: not stage.workers[0].process.alive, "the worker stops", 60)
        assert f"partitions were added to {stage.prefix}{hops.SIGNED}" in stage.workers[0].process.output()


def test_topics_of_before_are_named_with_the_command_that_alters_them(cluster: Cluster, tmp_path: Path) -> None:
    with Stage(cluster, "named", tmp_path, ALONE) as stage:
        assert "kafka-configs" not in stage.command("topics").stdout
        set_config(cluster, stage.prefix + hops.UNIQUE, {"message.timestamp.type": "CreateTime"})
        told = stage.command("topics").stdout
        assert f"--entity-name {stage.prefix}{hops.UNIQUE} --add-config message.timestamp.type=LogAppendTime" in told
