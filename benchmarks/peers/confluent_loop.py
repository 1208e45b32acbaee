"""A hand-written loop on confluent-kafka: librdkafka's threads do the network."""

from __future__ import annotations

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

from benchmarks.peers.common import BATCH, LINGER_MS, Job, answer, job_of_arguments
from benchmarks.work import Window

NAME = "confluent-kafka loop"


def run(job: Job) -> Window:
    window = job.window()
    consumer = Consumer(
        {
            "bootstrap.servers": job.brokers,
            "group.id": job.group,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
        }
    )
    producer = Producer(
        {
            "bootstrap.servers": job.brokers,
            "acks": "all",
            "enable.idempotence": job.idempotence,
            "linger.ms": LINGER_MS,
            "partitioner": "murmur2",
        }
    )
    consumer.subscribe([job.source])
    while not window.complete:
        records = consumer.consume(BATCH, timeout=0.5)
        send(producer, job, window, records)
        if records:
            consumer.commit(asynchronous=False)
    consumer.close()
    return window


def send(producer: Producer, job: Job, window: Window, records: list) -> None:
    """Send all, then wait until the broker has answered for each."""
    failed: list[KafkaError] = []

    def delivered(error: KafkaError | None, _: object) -> None:
        if error is not None:
            failed.append(error)

    for record in records:
        if record.error():
            raise KafkaException(record.error())
        window.work()
        producer.produce(job.sink, record.value(), record.key(), timestamp=record.timestamp()[1], on_delivery=delivered)
    producer.flush()
    if failed:
        raise KafkaException(failed[0])


if __name__ == "__main__":
    answer(run(job_of_arguments()))
