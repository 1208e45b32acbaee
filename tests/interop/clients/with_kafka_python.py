"""kafka-python: `produce|commit|abort BROKERS TOPIC CODEC` or `consume BROKERS TOPIC COUNT`."""

import base64
import json
import sys
import uuid
from itertools import islice

from kafka import KafkaConsumer, KafkaProducer


def raw(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


def shown(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()


def produce(how: str, brokers: str, topic: str, codec: str) -> None:
    settings = {"bootstrap_servers": brokers, "compression_type": None if codec == "none" else codec}
    if how != "produce":
        settings["transactional_id"] = str(uuid.uuid4())
    producer = KafkaProducer(**settings)
    if how != "produce":
        producer.init_transactions()
        producer.begin_transaction()
    for line in sys.stdin:
        record = json.loads(line)
        headers = [(name, raw(value)) for name, value in record["headers"]]
        producer.send(topic, raw(record["value"]), raw(record["key"]), headers, timestamp_ms=record["timestamp"])
    producer.flush(30)
    if how != "produce":
        (producer.commit_transaction if how == "commit" else producer.abort_transaction)()
    producer.close()


def consume(brokers: str, topic: str, count: str) -> None:
    consumer = KafkaConsumer(
        topic, bootstrap_servers=brokers, auto_offset_reset="earliest", group_id=None, isolation_level="read_committed",
        check_crcs=True,
    )  # fmt: skip
    for message in islice(consumer, int(count)):
        headers = [[name, shown(value)] for name, value in message.headers or []]
        print(json.dumps({"key": shown(message.key), "value": shown(message.value), "headers": headers}))
    consumer.close()


if __name__ == "__main__":
    if sys.argv[1] == "consume":
        consume(*sys.argv[2:])
    else:
        produce(*sys.argv[1:])
