"""FastStream: a batch subscriber that publishes batches and acknowledges by hand after the broker's answer."""

from __future__ import annotations

import logging

import uvloop
from aiokafka import ConsumerRecord
from faststream import AckPolicy, FastStream
from faststream.kafka import KafkaBroker, KafkaMessage, KafkaResponse

from benchmarks.peers.common import BATCH, LINGER_MS, Job, answer, job_of_arguments
from benchmarks.work import Window

NAME = "FastStream batch"


async def run(job: Job) -> Window:
    window = job.window()
    broker = KafkaBroker(
        job.brokers, acks="all", enable_idempotence=job.idempotence, linger_ms=LINGER_MS, max_batch_size=1_000_000,
        apply_types=False, log_level=logging.ERROR,
    )  # fmt: skip
    app = FastStream(broker, logger=None)

    async def keep(message: KafkaMessage) -> list[ConsumerRecord]:
        return list(message.raw_message)

    @broker.subscriber(
        job.source, group_id=job.group, batch=True, max_records=BATCH, auto_offset_reset="earliest",
        ack_policy=AckPolicy.NACK_ON_ERROR, decoder=keep,
    )  # fmt: skip
    async def handle(records: list[ConsumerRecord]) -> None:
        out = []
        for record in records:
            window.work()
            out.append(KafkaResponse(record.value, key=record.key))
        await broker.publish_batch(*out, topic=job.sink)
        if window.complete:
            app.exit()

    await app.run()
    return window


if __name__ == "__main__":
    answer(uvloop.run(run(job_of_arguments())))
