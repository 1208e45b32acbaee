"""confluent-kafka (librdkafka): `produce|commit|abort BROKERS TOPIC CODEC` or `consume BROKERS TOPIC COUNT`."""

import base64
import json
import sys
import uuid

from confluent_kafka import Consumer, Producer


def raw(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


def shown(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()


def produce(how: str, brokers: str, topic: str, codec: str) -> None:
    settings = {"bootstrap.servers": brokers, "compression.type": codec}
    if how != "produce":
        settings["transactional.id"] = str(uuid.uuid4())
    producer = Producer(settings)
    if how != "produce":
        producer.init_transactions(30)
        producer.begin_transaction()
    for line in sys.stdin:
        record = json.loads(line)
        headers = [(name, raw(value)) for name, value in record["headers"]]
        when = {"timestamp": record["timestamp"]} if record["timestamp"] is not None else {}
        producer.produce(topic, raw(record["value"]), raw(record["key"]), headers=headers, **when)
    producer.flush(30)
    if how != "produce":
        (producer.commit_transaction if how == "commit" else producer.abort_transaction)(30)


def consume(brokers: str, topic: str, count: str) -> None:
    consumer = Consumer({
        "bootstrap.servers": brokers, "group.id": str(uuid.uuid4()), "auto.offset.reset": "earliest",
        "isolation.level": "read_committed", "check.crcs": True,
    })  # fmt: skip
    consumer.subscribe([topic])
    left = int(count)
    while left:
        for message in consumer.consume(left, 1):
            headers = [[name, shown(value)] for name, value in message.headers() or []]
            print(json.dumps({"key": shown(message.key()), "value": shown(message.value()), "headers": headers}))
            left -= 1
    consumer.close()


if __name__ == "__main__":
    if sys.argv[1] == "consume":
        consume(*sys.argv[2:])
    else:
        produce(*sys.argv[1:])
