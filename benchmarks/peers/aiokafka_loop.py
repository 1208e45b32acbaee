"""A hand-written loop on aiokafka: whole batches in, whole batches out."""

from __future__ import annotations

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks.peers.common import BATCH, LINGER_MS, Batches, Job, answer, job_of_arguments
from benchmarks.work import Window

NAME = "aiokafka loop"


async def run(job: Job) -> Window:
    window = job.window()
    consumer = AIOKafkaConsumer(
        job.source,
        bootstrap_servers=job.brokers,
        group_id=job.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=job.brokers,
        acks="all",
        enable_idempotence=job.idempotence,
        linger_ms=LINGER_MS,
        max_batch_size=1 << 19,
    )
    await consumer.start()
    await producer.start()
    try:
        while not window.complete:
            fetched = await consumer.getmany(timeout_ms=500, max_records=BATCH)
            await send(producer, job, window, [record for records in fetched.values() for record in records])
            if fetched:
                await consumer.commit()
    finally:
        await producer.stop()
        await consumer.stop()
    return window


async def send(producer: AIOKafkaProducer, job: Job, window: Window, records: list) -> None:
    """One batch a partition, and the broker's answers for all of them."""
    batches = Batches(producer, job.partitions)
    for record in records:
        window.work()
        batches.add(job.sink, record.timestamp, record.key, record.value)
    await batches.send()


if __name__ == "__main__":
    answer(uvloop.run(run(job_of_arguments())))
