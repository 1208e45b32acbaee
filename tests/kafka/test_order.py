"""What a producer does with the records behind one that the broker refuses, on a real broker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.sender import Sender

from stream_app.core.hops import RAW
from stream_app.service.engine.transport import OrderedSender, Pulse
from tests import builders
from tests.integration.workers import environment
from tests.kafka.broker import consume, create_topics
from tests.kafka.cluster import Cluster, run_async


@pytest.mark.kafka
@pytest.mark.parametrize(("sender", "arrived"), [(Sender, [b"later"]), (OrderedSender, [])])
def test_what_follows_a_refused_record_does_not_overtake_it(
    kafka: Cluster, sender: type[Sender], arrived: list[bytes]
) -> None:
    topic = f"refused-by-{sender.__name__}"
    create_topics(kafka, {topic: 1}, {"max.message.bytes": "500"})

    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=kafka.direct, enable_idempotence=True) as producer:
            producer._sender.__class__ = sender
            producer._sender.pulse = Pulse(60.0)
            answers = []
            for value in (b"too large" * 100, b"later"):
                batch = producer.create_batch()
                batch.append(key=b"key", value=value, timestamp=None)
                answers.append(await producer.send_batch(batch, topic, partition=0))
            with pytest.raises(KafkaError, match="MessageSizeTooLarge"):
                await answers[0]
            for answer in answers[1:] if arrived else []:
                await answer

    run_async(send)
    assert [record.value for record in consume(kafka, topic)] == arrived


@pytest.mark.kafka
def test_a_record_larger_than_the_broker_takes_is_named_and_the_others_arrive(kafka: Cluster, tmp_path: Path) -> None:
    create_topics(kafka, {f"large-{RAW}": 1}, {"max.message.bytes": "2000"})
    lines = [builders.raw(id=name, text=f"{name} " * size) for name, size in (("one", 9), ("huge", 5000), ("two", 9))]
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    words = [sys.executable, "-m", "stream_app", "publish", "--brokers", kafka.direct, "--prefix", "large-", str(path)]
    done = subprocess.run(words, env=environment(compression="none"), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{path}:2: {len(lines[1])} bytes, more than the broker takes" in done.stderr
    assert "published 2 records" in done.stderr
    assert [record.value for record in consume(kafka, f"large-{RAW}")] == [lines[0], lines[2]]
