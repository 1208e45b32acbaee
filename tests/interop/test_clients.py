"""Six Kafka clients send articles with every codec, and read every topic to the same record, on a real Kafka."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stream_app.core import hops
from tests.interop.conftest import HERE, ran
from tests.kafka.broker import consume
from tests.kafka.cluster import Cluster
from tests.kafka.stage import Layout, Stage
from tests.kafka.test_codecs import java, kcat

pytestmark = [pytest.mark.contract, pytest.mark.kafka]

ALONE = Layout(partitions=1, workers=("read,match,tag,count",))
PLACES = ("Kharkiv", "Mosul", "Dhaka", "Nairobi", "Bogota", "Manila", "Lima", "Ankara", "Oslo", "Quito", "Tunis", "Cairo",
          "Accra", "Baghdad", "Kabul", "Lagos", "Hanoi", "Jakarta", "Sofia", "Vienna")  # fmt: skip
YEARS_AGO_MS = 1_646_114_400_000
READ = (hops.ENRICHED, hops.FIGURES, hops.TOLLS, hops.REVISIONS, hops.MEMBERS, hops.DEAD_LETTER)
Record = tuple[bytes | None, bytes | None, dict[str, bytes | None]]


@dataclass(frozen=True)
class Client:
    """A program that speaks `produce|commit|abort|consume BROKERS TOPIC LAST`, records as JSON lines in base64."""

    command: Sequence[str | Path]
    codecs: Sequence[str] = ("none", "gzip", "snappy", "lz4", "zstd")
    transactions: bool = True

    def send(self, how: str, kafka: Cluster, topic: str, codec: str, records: Sequence[dict[str, Any]]) -> None:
        lines = "".join(json.dumps(record) + "\n" for record in records)
        ran(*self.command, how, kafka.direct, topic, codec, stdin=lines)

    def read(self, kafka: Cluster, topic: str, count: int) -> list[Record]:
        printed = ran(*self.command, "consume", kafka.direct, topic, str(count)).splitlines()
        return [_record(json.loads(line)) for line in printed]


def _record(found: dict[str, Any]) -> Record:
    return _raw(found["key"]), _raw(found["value"]), {name: _raw(value) for name, value in found["headers"]}


def _raw(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text)


def shown(value: bytes | None) -> str | None:
    return None if value is None else b64encode(value).decode()


@pytest.fixture(scope="module")
def clients(python: Path, node: str, go: Callable[[Path], Path]) -> dict[str, Client]:
    return {
        "confluent-kafka": Client([python, HERE / "clients" / "with_confluent.py"]),
        "kafka-python": Client([python, HERE / "clients" / "with_kafka_python.py"]),
        "kafkajs": Client([node, HERE / "js" / "client.mjs"], codecs=("none", "gzip")),
        "franz-go": Client([go(HERE / "go")]),
    }


@dataclass
class Articles:
    """Articles that tell of one event each, their ids and the letters that should come of bad ones."""

    ids: list[str] = field(default_factory=list)
    letters: set[tuple[bytes | None, bytes, bytes]] = field(default_factory=set)

    def good(self, name: str) -> dict[str, Any]:
        place = PLACES[len(self.ids) % len(PLACES)]
        text = f"A blast in {place} on Tuesday killed {10 + len(self.ids)} people, police said. Nothing is known of {name}."
        value = json.dumps({"id": name, "source": f"{name}.example", "text": text}).encode()
        self.ids.append(name)
        headers = [["traceparent", shown(b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01")], ["mine", shown(b"kept")]]
        return {"key": None, "value": shown(value), "headers": headers, "timestamp": YEARS_AGO_MS}

    def bad(self, name: str) -> dict[str, Any]:
        value = b"no json of " + name.encode()
        self.letters.add((b"k", value, name.encode()))
        return {
            "key": shown(b"k"),
            "value": shown(value),
            "headers": [["ce_id", shown(name.encode())]],
            "timestamp": None,
        }


def test_every_client_is_read_and_reads_the_same(
    kafka: Cluster, clients: dict[str, Client], needing: Callable[[Sequence[str]], None], tmp_path: Path
) -> None:
    needing(["kcat", "java"])
    told = Articles()
    with Stage(kafka, "interop", tmp_path, ALONE) as stage:
        raw = stage.prefix + hops.RAW
        stage.start_all()
        for name, client in clients.items():
            for codec in client.codecs:
                client.send("produce", kafka, raw, codec, [told.good(f"{name}-{codec}")])
            client.send("commit", kafka, raw, "none", [told.good(f"{name}-committed"), told.bad(name)])
            client.send("abort", kafka, raw, "none", [Articles().good(f"{name}-aborted")])
        kcat("-b", kafka.direct, "-t", raw, "-P", "-H", "a=b", stdin=b64decode(str(told.good("kcat")["value"])))
        line = b64decode(str(told.good("java")["value"])) + b"\n"
        java(kafka, "ConsoleProducer", "--bootstrap-server", kafka.direct, "--topic", raw, stdin=line)
        stage.settle()
        assert not stage.deaths
        topics = {topic: [_seen(record) for record in consume(kafka, stage.prefix + topic)] for topic in READ}
        enriched = [json.loads(value or b"")["article_id"] for _, value, _ in topics[hops.ENRICHED]]
        assert sorted(enriched) == sorted(told.ids)
        letters = {(key, value, headers.get("ce_id")) for key, value, headers in topics[hops.DEAD_LETTER]}
        assert letters == told.letters
        for topic, records in topics.items():
            assert records, topic
            for name, client in clients.items():
                assert client.read(kafka, stage.prefix + topic, len(records)) == records, (name, topic)
            assert by_kcat(kafka, stage.prefix + topic) == [(key, value) for key, value, _ in records], topic
            where = ("--bootstrap-server", kafka.direct, "--topic", stage.prefix + topic, "--from-beginning")
            printed = java(kafka, "consumer.ConsoleConsumer", *where, "--max-messages", str(len(records)))
            assert printed.splitlines() == [value or b"null" for _, value, _ in records], topic


def _seen(record: Any) -> Record:
    return record.key, record.value, dict(record.headers)


def by_kcat(kafka: Cluster, topic: str) -> list[tuple[bytes | None, bytes | None]]:
    """Key and value of each record, as kcat prints them; -1 is the length of what is not there."""
    read = ("-C", "-e", "-q", "-X", "isolation.level=read_committed", "-X", "check.crcs=true")
    printed = kcat("-b", kafka.direct, "-t", topic, *read, "-f", "%K %S\\n%k%s\\n")
    found: list[tuple[bytes | None, bytes | None]] = []
    while printed:
        sizes, _, printed = printed.partition(b"\n")
        key, value = map(int, sizes.split())
        rest = printed[max(key, 0) :]
        found.append((None if key < 0 else printed[:key], None if value < 0 else rest[:value]))
        printed = rest[max(value, 0) + 1 :]
    return found
