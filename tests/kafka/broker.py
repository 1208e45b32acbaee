"""What a test asks of a cluster: topics made, records published and consumed, workers as processes."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import TopicAlreadyExistsError, for_code
from faust.types import TP

from stream_app.service.embedded import die_with_parent
from stream_app.service.engine.transport import changelog_ends
from stream_app.settings import Settings
from tests.kafka.checker import Seen
from tests.kafka.cluster import Cluster, T, admin, run_async

REPOSITORY = Path(__file__).resolve().parents[2]

Pair = tuple[bytes | None, bytes | None]


def create_topics(cluster: Cluster, topics: Mapping[str, int], config: Mapping[str, str] | None = None) -> None:
    """Create topics with so many partitions each, replicated over the whole cluster; those that exist stay."""
    replicas = min(3, len(cluster.nodes))
    wanted = [NewTopic(name, count, replicas, topic_configs=dict(config or {})) for name, count in topics.items()]

    async def make() -> None:
        async with admin(cluster.direct) as client:
            response = await client.create_topics(wanted)
        for _, code, *_ in response.topic_errors:
            if code not in {0, TopicAlreadyExistsError.errno}:
                raise for_code(code)

    run_async(make)


def set_config(cluster: Cluster, topic: str, config: Mapping[str, str]) -> None:
    """Change a topic's configuration while it is in use."""

    async def change() -> None:
        async with admin(cluster.direct) as client:
            await client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, dict(config))])

    run_async(change)


def publish(
    cluster: Cluster,
    topic: str,
    records: Sequence[Pair],
    *,
    partition: int | None = None,
    timestamp_ms: int | None = None,
) -> None:
    """Publish records through the side door, in order, and return when the cluster has them all."""

    async def send() -> None:
        async with AIOKafkaProducer(
            bootstrap_servers=cluster.direct, enable_idempotence=True, linger_ms=5, max_request_size=8_000_000
        ) as producer:
            where = {"partition": partition, "timestamp_ms": timestamp_ms}
            pending = [await producer.send(topic, value, key=key, **where) for key, value in records]
            await asyncio.gather(*pending)

    run_async(send)


def consume(cluster: Cluster, topic: str) -> list[Any]:
    """Every record of a topic that a `read_committed` consumer can see now, each partition in order."""
    found = read_all(cluster, topic, lambda record: record)
    return sorted(found, key=lambda record: (record.partition, record.offset))


def read_all(cluster: Cluster, topic: str, take: Callable[[Any], T]) -> list[T]:
    """What `take` takes of every record there is now."""

    async def read() -> list[T]:
        async with AIOKafkaConsumer(
            bootstrap_servers=cluster.direct, isolation_level="read_committed", auto_offset_reset="earliest"
        ) as consumer:
            partitions = await _partitions(consumer, topic)
            consumer.assign(partitions)
            ends = await consumer.end_offsets(partitions)
            return await _read_to(consumer, ends, take)

    return run_async(read)


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
    await consumer._client.force_metadata_update()
    metadata = await consumer._client.fetch_all_metadata()
    return [TopicPartition(topic, number) for number in sorted(metadata.partitions_for_topic(topic) or ())]


async def _read_to(consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int], take: Callable[[Any], T]) -> list[T]:
    """Read until every position has reached its end; control records count for the position, so this does end."""
    found: list[T] = []
    while True:
        positions = [await consumer.position(tp) >= end for tp, end in ends.items()]
        if all(positions):
            return found
        for batch in (await consumer.getmany(timeout_ms=200)).values():
            found += map(take, batch)


def seen(records: Sequence[Any], header: str = "ce_id") -> list[Seen]:
    """Records in the checker's form, their event id from a header; without one, from key and value themselves."""
    found = []
    for record in records:
        headers = dict(record.headers)
        event_id = headers[header].decode() if header in headers else repr((record.key, record.value))
        found.append(Seen(record.key, record.value, event_id))
    return found


def bytes_id(value: bytes) -> str:
    """A short name for bytes that have no id."""
    return hashlib.sha256(value).hexdigest()[:32]


def keys_and_ids(cluster: Cluster, topic: str) -> list[tuple[str, str]]:
    """Key and event id of every record that a `read_committed` consumer can see.

    Of a dead letter, which has no id, the `bytes_id` of its original. Keeps nothing else, so that a topic of any
    length can be read.
    """

    def name(record: Any) -> tuple[str, str]:
        given = dict(record.headers).get("ce_id")
        return record.key.decode(), bytes_id(record.value) if given is None else given.decode()

    return read_all(cluster, topic, name)


def in_open_transactions(cluster: Cluster, topics: Sequence[str]) -> int:
    """How many records lie behind the begin of a transaction that is neither committed nor aborted: nobody sees them."""
    stable, last = (ends(cluster, topics, level) for level in ("read_committed", "read_uncommitted"))
    return sum(last[tp] - stable[tp] for tp in last)


def ends(cluster: Cluster, topics: Sequence[str], isolation: str = "read_committed") -> dict[tuple[str, int], int]:
    """Where every partition of these topics ends: at its last stable offset, or at its last."""

    async def ask() -> dict[tuple[str, int], int]:
        async with AIOKafkaConsumer(bootstrap_servers=cluster.direct, isolation_level=isolation) as consumer:
            partitions = [tp for topic in topics for tp in await _partitions(consumer, topic)]
            found = await consumer.end_offsets(partitions)
        return {(tp.topic, tp.partition): offset for tp, offset in found.items()}

    return run_async(ask)


def begins(cluster: Cluster, topic: str) -> dict[int, int]:
    """The first offset that is left of each partition of a topic."""

    async def ask() -> dict[int, int]:
        async with AIOKafkaConsumer(bootstrap_servers=cluster.direct) as consumer:
            found = await consumer.beginning_offsets(await _partitions(consumer, topic))
        return {tp.partition: offset for tp, offset in found.items()}

    return run_async(ask)


def grow(cluster: Cluster, topic: str, count: int) -> None:
    """Add partitions to a topic until it has so many."""

    async def add() -> None:
        async with admin(cluster.direct) as client:
            await client.create_partitions({topic: NewPartitions(total_count=count)})

    run_async(add)


def delete_topic(cluster: Cluster, topic: str) -> None:
    """Take a topic away, with all that is in it; raises a KafkaError where there is none."""

    async def delete() -> None:
        async with admin(cluster.direct) as client:
            response = await client.delete_topics([topic])
        for _, code, *_ in response.topic_error_codes:
            if code:
                raise for_code(code)

    run_async(delete)


def committed(cluster: Cluster, group: str) -> dict[tuple[str, int], int]:
    """The committed offsets of a group."""

    async def ask() -> dict[tuple[str, int], int]:
        async with admin(cluster.direct) as client:
            offsets = await client.list_consumer_group_offsets(group)
        return {(tp.topic, tp.partition): meta.offset for tp, meta in offsets.items()}

    return run_async(ask)


def lag(cluster: Cluster, group: str, topics: Sequence[str]) -> int:
    """How many records the group has still to commit over these topics; transaction markers are no records."""
    done = committed(cluster, group)
    settings = Settings(brokers=tuple(cluster.direct.split(",")))

    async def ask() -> dict[TP, int]:
        partitions = [TP(*tp) for tp in ends_of]
        return await changelog_ends(settings, partitions)

    ends_of = ends(cluster, topics)
    return sum(max(0, end - done.get((tp.topic, tp.partition), 0)) for tp, end in run_async(ask).items())


def wait_until(done: Callable[[], bool], what: str, timeout_s: float = 60.0, every_s: float = 0.5) -> float:
    """Seconds until `done()`; errors of a cluster in trouble count as not yet.

    Raises:
        TimeoutError: naming what was waited for.
    """
    start = time.monotonic()
    trouble: Exception | None = None
    while time.monotonic() - start < timeout_s:
        try:
            if done():
                return time.monotonic() - start
            trouble = None
        except Exception as error:  # noqa: BLE001 - told in the end, when it does not pass
            trouble = error
        time.sleep(every_s)
    raise TimeoutError(f"not within {timeout_s:.0f} s: {what} (last error: {trouble!r})")


class Process:
    """A worker under test: a process of its own, its output in a file, ended at the latest with the block."""

    def __init__(
        self, arguments: Sequence[str], log: Path, environ: Mapping[str, str] | None = None, cwd: Path = REPOSITORY
    ) -> None:
        self.log = log
        self._cwd = cwd
        self._command = [sys.executable, "-m", *arguments]
        self.environ = {**os.environ, **(environ or {})}
        self.popen = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self._command, cwd=self._cwd, env=self.environ, stdout=log, stderr=log, preexec_fn=die_with_parent
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def alive(self) -> bool:
        return self.popen.poll() is None

    def kill(self) -> None:
        """End at once (SIGKILL), also when stopped."""
        if self.alive:
            self.popen.kill()
        self.popen.wait()

    def terminate(self, timeout_s: float = 30.0) -> tuple[int, float]:
        """Ask to end (SIGTERM); the exit code and the seconds it took.

        Raises:
            subprocess.TimeoutExpired: it hangs.
        """
        start = time.monotonic()
        self.popen.terminate()
        code = self.popen.wait(timeout_s)
        return code, time.monotonic() - start

    def pause(self) -> None:
        self.popen.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.popen.send_signal(signal.SIGCONT)

    def restart(self) -> None:
        """Kill it if it lives, and start it again with the same arguments."""
        self.kill()
        self.popen = self._start()

    def output(self) -> str:
        return self.log.read_text(errors="replace")
