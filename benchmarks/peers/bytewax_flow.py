"""Bytewax: a dataflow between its own Kafka connectors, with its recovery store (it commits no offsets to Kafka)."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from bytewax import operators as op
from bytewax.connectors.kafka import KafkaSinkMessage, KafkaSourceMessage
from bytewax.connectors.kafka import operators as kop
from bytewax.dataflow import Dataflow
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import cluster_main

from benchmarks.peers.common import BATCH, LINGER_MS, Job, answer, job_of_arguments
from benchmarks.work import Window

NAME = "Bytewax"


def run(job: Job) -> Window:
    window = job.window()
    producing = {"acks": "all", "enable.idempotence": str(job.idempotence).lower(), "linger.ms": str(LINGER_MS),
                 "partitioner": "murmur2"}  # fmt: skip

    def handle(message: KafkaSourceMessage) -> KafkaSinkMessage:
        window.work()
        return KafkaSinkMessage(message.key, message.value)

    flow = Dataflow("peer")
    source = kop.input("in", flow, brokers=[job.brokers], topics=[job.source], tail=False, batch_size=BATCH)
    kop.output("out", op.map("work", source.oks, handle), brokers=[job.brokers], topic=job.sink, add_config=producing)
    with tempfile.TemporaryDirectory() as folder:
        init_db_dir(Path(folder), 1)
        cluster_main(flow, [], 0, epoch_interval=timedelta(seconds=1), recovery_config=RecoveryConfig(folder))
    return window


if __name__ == "__main__":
    answer(run(job_of_arguments()))
