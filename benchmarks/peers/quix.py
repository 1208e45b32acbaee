"""Quix Streams: a streaming data frame over bytes, at-least-once, changelogs and state off."""

from __future__ import annotations

import logging

from quixstreams import Application
from quixstreams.models import BytesDeserializer, BytesSerializer

from benchmarks.peers.common import LINGER_MS, Job, answer, job_of_arguments
from benchmarks.work import Window

NAME = "Quix Streams"


def run(job: Job) -> Window:
    logging.disable(logging.WARNING)
    window = job.window()
    app = Application(
        broker_address=job.brokers,
        consumer_group=job.group,
        auto_offset_reset="earliest",
        auto_create_topics=False,
        commit_interval=1.0,
        loglevel=None,
        producer_extra_config={"acks": "all", "enable.idempotence": job.idempotence, "linger.ms": LINGER_MS},
    )
    source = app.topic(job.source, value_deserializer=BytesDeserializer(), key_deserializer="bytes")
    sink = app.topic(job.sink, value_serializer=BytesSerializer(), key_serializer="bytes")

    def handle(value: bytes) -> bytes:
        window.work()
        return value

    frame = app.dataframe(source).apply(handle).to_topic(sink)
    app.run(frame, count=job.records)
    return window


if __name__ == "__main__":
    answer(run(job_of_arguments()))
