"""A broker for the length of a benchmark: Apache Kafka where Java is, else the embedded one; and topics to fill."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.partitioner import murmur2

from tests.kafka.cluster import KAFKA_VERSION, Cluster, KafkaUnavailableError


@dataclass(frozen=True)
class Broker:
    """Where a running broker listens, and what it is."""

    address: str
    kind: str
    idempotence: bool

    def environment(self, prefix: str = "", **settings: object) -> dict[str, str]:
        """Settings of a worker on this broker."""
        given = {
            "brokers": self.address, "prefix": prefix, "replication": 1, "min_insync": 1, "standby_replicas": 0,
            "idempotence": str(self.idempotence).lower(), "web_port": 0, "log_level": "warning", **settings,
        }  # fmt: skip
        return {f"STREAM_APP_{name.upper()}": str(value) for name, value in given.items()}

    def create(self, partitions: int, *topics: str) -> None:
        """Make topics that are not there yet, and wait until they can be written."""
        asyncio.run(_create(self.address, [NewTopic(topic, partitions, 1) for topic in topics]))

    def ends(self, *topics: str) -> int:
        """How many records these topics were given, all partitions together."""
        return asyncio.run(_ends(self.address, topics))

    def fill(self, topic: str, partitions: int, records: Sequence[tuple[bytes, bytes]]) -> None:
        """Put keyed records into a topic, as fast as it goes."""
        asyncio.run(_fill(self.address, topic, partitions, records))


@contextlib.contextmanager
def running() -> Iterator[Broker]:
    """A broker with nothing in it."""
    try:
        cluster = Cluster(1)
    except KafkaUnavailableError:
        with _embedded() as broker:
            yield broker
        return
    with cluster:
        yield Broker(cluster.direct, f"Apache Kafka {KAFKA_VERSION}, one node", idempotence=True)


@contextlib.contextmanager
def _embedded() -> Iterator[Broker]:
    from stream_app.service.embedded import EmbeddedBroker  # noqa: PLC0415 - an optional extra

    with EmbeddedBroker() as embedded:
        yield Broker(embedded.address, "embedded broker", idempotence=False)


async def _create(address: str, topics: list[NewTopic]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        await admin.create_topics(topics)
    finally:
        await admin.close()
    async with AIOKafkaConsumer(bootstrap_servers=address) as consumer:
        # Asks the leader of each partition, again and again until it knows that it is.
        await consumer.end_offsets([TopicPartition(t.name, n) for t in topics for n in range(t.num_partitions)])


async def _ends(address: str, topics: Sequence[str]) -> int:
    async with AIOKafkaConsumer(*topics, bootstrap_servers=address) as consumer:
        partitions = [TopicPartition(name, n) for name in topics for n in consumer.partitions_for_topic(name) or ()]
        return sum((await consumer.end_offsets(partitions)).values())


async def _fill(address: str, topic: str, partitions: int, records: Sequence[tuple[bytes, bytes]]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=address, acks=1, max_batch_size=1 << 19) as producer:
        builders = {}
        for key, value in records:
            number = (murmur2(key) & 0x7FFFFFFF) % partitions
            builder = builders.setdefault(number, None) or producer.create_batch()
            builders[number] = builder
            if builder.append(timestamp=None, key=key, value=value) is None:
                await producer.send_batch(builder, topic, partition=number)
                builders[number] = producer.create_batch()
                builders[number].append(timestamp=None, key=key, value=value)
        for number, builder in builders.items():
            await producer.send_batch(builder, topic, partition=number)
        await producer.flush()
