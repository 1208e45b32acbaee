"""What a producer does with the records behind one that the broker refuses, on a real broker."""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.producer.sender import Sender

from stream_app.service.engine.transport import OrderedSender, Pulse
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
