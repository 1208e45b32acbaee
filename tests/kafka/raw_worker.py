"""Consume, process, produce with aiokafka alone, in three forms: what Kafka itself can do, without Faust in between.

A process of its own, so that a test can kill it: `python -m tests.kafka.raw_worker BROKERS FORM NAME`. Each record of
`FORM.in` becomes two records of `FORM.out`, and the offset moves with them or after them, by the form.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from stream_app.service.engine.protocol import FencedProducer, membership, require_stable

SOURCE, SINK = "in", "out"
FORMS = ("at_least_once", "stock_transactions", "fenced_transactions")
BATCH = 200


async def work(brokers: str, form: str, name: str) -> None:
    """Run until killed; a worker that is fenced ends with an exception, as a real one must."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=brokers, group_id=form, enable_auto_commit=False, auto_offset_reset="earliest",
        isolation_level="read_committed", session_timeout_ms=6000, heartbeat_interval_ms=500,
    )  # fmt: skip
    await consumer.start()
    producer = make_producer(consumer, brokers, form, name)
    if form == "fenced_transactions":
        require_stable(consumer)
    consumer.subscribe([f"{form}.{SOURCE}"])
    await producer.start()
    sink = f"{form}.{SINK}"
    step = commit_after if form == "at_least_once" else commit_within
    while True:
        batches = await consumer.getmany(timeout_ms=500, max_records=BATCH)
        records = [record for batch in batches.values() for record in batch]
        if records:
            offsets = {tp: batch[-1].offset + 1 for tp, batch in batches.items()}
            await step(consumer, producer, sink, records, offsets)


def make_producer(consumer: AIOKafkaConsumer, brokers: str, form: str, name: str) -> AIOKafkaProducer:
    """The producer of a form; transactions time out before the group's session does."""
    options: dict[str, Any] = {"bootstrap_servers": brokers, "acks": "all", "linger_ms": 5}
    if form == "at_least_once":
        return AIOKafkaProducer(**options)
    options |= {"transactional_id": f"{form}-{name}", "transaction_timeout_ms": 5000}
    if form == "stock_transactions":
        return AIOKafkaProducer(**options)
    return FencedProducer(member=lambda: membership(consumer), **options)


async def commit_after(
    consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, sink: str, records: Sequence[Any], offsets: dict[Any, int]
) -> None:
    """At least once: the offsets move when the broker has every record."""
    await send(producer, sink, records)
    await consumer.commit(offsets)


async def commit_within(
    consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, sink: str, records: Sequence[Any], offsets: dict[Any, int]
) -> None:
    """Exactly once: records and offsets become visible together or never."""
    async with producer.transaction():
        await send(producer, sink, records)
        await producer.send_offsets_to_transaction(offsets, consumer._group_id)


async def send(producer: AIOKafkaProducer, sink: str, records: Sequence[Any]) -> None:
    parts = [(record.key, record.value + part) for record in records for part in (b"/a", b"/b")]
    pending = [await producer.send(sink, value, key=key) for key, value in parts]
    await asyncio.gather(*pending)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(work(*sys.argv[1:4]))
