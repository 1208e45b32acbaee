"""The whole pipeline in a hand-written aiokafka loop: the same core functions, as many articles at a time as ours gets.

Says after each batch how many records are done, and ends with the last.
"""

from __future__ import annotations

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord

from benchmarks.hopwise import Hopwise
from benchmarks.peers.common import BATCH, LINGER_MS, Batches, Job, job_of_arguments
from stream_app.core.hops import DUPLICATES, ENRICHED, FIGURES, REVISIONS, TOLLS, Record
from stream_app.hops import build_hops
from stream_app.settings import Settings

PUBLISHED = {ENRICHED, DUPLICATES, FIGURES, TOLLS, REVISIONS}


async def run(job: Job) -> None:
    flow = Hopwise(build_hops(Settings()))
    consumer = AIOKafkaConsumer(
        job.source,
        bootstrap_servers=job.brokers,
        group_id=job.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
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
    done = 0
    try:
        while done < job.records:
            fetched = await consumer.getmany(timeout_ms=500, max_records=BATCH)
            records = [record for found in fetched.values() for record in found]
            await send(producer, job, flow, records)
            done += len(records)
            if records:
                await consumer.commit()
                print(done, flush=True)
    finally:
        await producer.stop()
        await consumer.stop()


async def send(producer: AIOKafkaProducer, job: Job, flow: Hopwise, records: list[ConsumerRecord]) -> None:
    """Everything that these records become, in batches by topic and partition, acknowledged."""
    batches = Batches(producer, job.partitions)
    for timestamp_ms, output in flow.feed([Record(record.key, record.value, record.timestamp) for record in records]):
        if output.topic in PUBLISHED:
            batches.add(job.sink + output.topic, timestamp_ms, output.key, output.value)
    await batches.send()


if __name__ == "__main__":
    uvloop.run(run(job_of_arguments()))
