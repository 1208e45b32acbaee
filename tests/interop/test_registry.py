"""A worker with a schema registry on real Kafka: Confluent's own serializer writes articles, and its own reads events."""

from __future__ import annotations

import json
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stream_app.core.wire.envelope import without_framing
from stream_app.service import registry
from tests.integration.workers import Worker
from tests.interop.conftest import HERE, ran
from tests.kafka.broker import consume, wait_until
from tests.kafka.cluster import Cluster

pytestmark = [pytest.mark.contract, pytest.mark.kafka]

PREFIX = "framed."
ARTICLES = [
    {
        "id": "a-1",
        "source": "lake-post.example",
        "published_at": "2022-03-02T08:00:00Z",
        "title": "Ferry sinks",
        "text": "A ferry sank near Dhaka on Wednesday. At least 26 people were killed and 12 injured, police said.",
    },
    {
        "id": "a-2",
        "source": "harbour-news.example",
        "published_at": "2022-03-02T11:00:00Z",
        "title": "Ferry toll rises",
        "text": "The toll of the ferry that sank near Dhaka on Wednesday rose to 34 killed, the coast guard said.",
    },
]
WRITE = """
import json, sys
from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.json_schema import JSONSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

url, brokers, topic, schema = sys.argv[1:]
write = JSONSerializer(open(schema).read(), SchemaRegistryClient({"url": url}))
producer = Producer({"bootstrap.servers": brokers})
for line in sys.stdin:
    article = json.loads(line)
    value = write(article, SerializationContext(topic, MessageField.VALUE))
    assert value[:1] == bytes(1)
    producer.produce(topic, value, article["id"], headers={"ce_id": "theirs-" + article["id"]})
assert producer.flush(30) == 0
"""
READ = """
import json, sys
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.json_schema import JSONDeserializer
from confluent_kafka.serialization import MessageField, SerializationContext

read = JSONDeserializer(None, schema_registry_client=SchemaRegistryClient({"url": sys.argv[1]}))
for line in sys.stdin:
    topic, value = json.loads(line)
    print(json.dumps(read(bytes.fromhex(value), SerializationContext(topic, MessageField.VALUE))))
"""


@pytest.fixture
def url(go: Callable[[Path], Path]) -> Iterator[str]:
    """A registry of this test's own."""
    with subprocess.Popen([go(HERE / "registry")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        yield server.stdout.readline().strip()
        server.stdin.close()


def test_confluents_serializers_write_what_we_read_and_read_what_we_write(
    kafka: Cluster, python: Path, url: str, tmp_path: Path
) -> None:
    schema = tmp_path / "raw.json"
    schema.write_text(json.dumps(registry.schema_of("articles.raw")))
    settings = {"brokers": kafka.direct, "prefix": PREFIX, "partitions": "1", "schema_registry": url}
    found: dict[str, list[Any]] = defaultdict(list)

    def is_told() -> bool:
        for name in registry.FRAMED:
            found[name] = [record for record in consume(kafka, PREFIX + name) if record.value is not None]
        tolls = [json.loads(without_framing(record.value)) for record in found["incidents.tolls"]]
        return any(toll["toll"].get("killed", {}).get("low") == 34 for toll in tolls)

    with Worker(tmp_path / "worker.log", **settings) as worker:
        worker.wait_until_ready()
        lines = "\n".join(map(json.dumps, ARTICLES))
        ran(python, "-c", WRITE, url, kafka.direct, f"{PREFIX}articles.raw", schema, stdin=lines)
        wait_until(is_told, "the toll is told", 90, 0.5)
        worker.stop()

    is_told()
    told = [(name, record) for name, records in found.items() for record in records]
    assert {name for name, _ in told} >= {
        "articles.enriched",
        "casualties.figures",
        "incidents.tolls",
        "incidents.members",
    }
    asked = "\n".join(json.dumps((PREFIX + name, record.value.hex())) for name, record in told)
    read = list(map(json.loads, ran(python, "-c", READ, url, stdin=asked).splitlines()))
    assert read == [json.loads(without_framing(record.value)) for _, record in told]
    assert {event["schema"] for event in read} == {f"{name}/1" for name, _ in told}
    theirs = {dict(record.headers)["producer-ce_id"] for record in found["articles.enriched"]}
    assert theirs == {b"theirs-a-1", b"theirs-a-2"}
