"""Every codec that Kafka has, from the clients that producers and consumers use: in, on our own topics, and out."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from confluent_kafka import Consumer, Producer

from stream_app.core import hops
from stream_app.service.changelogs import internal
from stream_app.settings import Settings
from tests.kafka.broker import consume
from tests.kafka.cluster import Cluster
from tests.kafka.stage import Layout, Stage

pytestmark = pytest.mark.kafka

CODECS = ("gzip", "snappy", "lz4", "zstd")
ALONE = Layout(partitions=1, workers=("read,match,tag,count",))
COPIES = 20  # of each article's text, so that a batch is worth compressing


def java(kafka: Cluster, tool: str, *arguments: str, stdin: bytes = b"", timeout_s: int = 60) -> bytes:
    """What one of Kafka's own command-line tools prints."""
    command = [*kafka._java("-Xmx128m"), f"org.apache.kafka.tools.{tool}", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=True, timeout=timeout_s).stdout


def kcat(*arguments: str, stdin: bytes = b"") -> bytes:
    return subprocess.run(["kcat", *arguments], input=stdin, capture_output=True, check=True, timeout=60).stdout


def by_kcat(kafka: Cluster, topic: str, codec: str, value: bytes) -> None:
    kcat("-b", kafka.direct, "-t", topic, "-P", "-z", codec, stdin=value)


def by_confluent(kafka: Cluster, topic: str, codec: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": kafka.direct, "compression.type": codec})
    producer.produce(topic, value)
    assert producer.flush(30) == 0


def by_java(kafka: Cluster, topic: str, codec: str, value: bytes) -> None:
    where = ("--bootstrap-server", kafka.direct, "--topic", topic)
    java(kafka, "ConsoleProducer", *where, "--compression-codec", codec, stdin=value + b"\n")


def to_kcat(kafka: Cluster, topic: str, count: int) -> list[bytes]:
    return kcat("-b", kafka.direct, "-t", topic, "-C", "-e", "-q", "-X", "check.crcs=true").splitlines()


def to_confluent(kafka: Cluster, topic: str, count: int) -> list[bytes]:
    consumer = Consumer(
        {"bootstrap.servers": kafka.direct, "group.id": topic, "auto.offset.reset": "earliest", "check.crcs": True}
    )
    consumer.subscribe([topic])
    try:
        return [message.value() or b"" for message in consumer.consume(count, timeout=30)]
    finally:
        consumer.close()


def to_java(kafka: Cluster, topic: str, count: int) -> list[bytes]:
    where = ("--bootstrap-server", kafka.direct, "--topic", topic)
    return java(
        kafka, "consumer.ConsoleConsumer", *where, "--from-beginning", "--max-messages", str(count)
    ).splitlines()


PRODUCERS: dict[str, Callable[[Cluster, str, str, bytes], None]] = {
    "kcat": by_kcat, "confluent": by_confluent, "java": by_java
}  # fmt: skip
CONSUMERS: dict[str, Callable[[Cluster, str, int], list[bytes]]] = {
    "kcat": to_kcat, "confluent": to_confluent, "java": to_java
}  # fmt: skip


@pytest.fixture(autouse=True)
def _kcat_is_there(skipping: Callable[[str], None]) -> None:
    if shutil.which("kcat") is None:
        skipping("kcat is missing: scripts/ops_check.py --install, or Debian's package kcat")


def article(name: str, place: str) -> bytes:
    text = (
        f"A blast in {place} on Wednesday killed 12 people, police said. "
        + f"Nothing else is known of {name}. " * COPIES
    )
    return orjson.dumps({"id": name, "source": f"{name}.example", "text": text})


@pytest.mark.parametrize("codec", CODECS)
def test_every_codec_comes_in_and_goes_out(kafka: Cluster, tmp_path: Path, codec: str) -> None:
    both = {"compression": codec, "internal_compression": codec}
    with Stage(kafka, f"codec-{codec}", tmp_path, ALONE, both) as stage:
        stage.start_all()
        for (name, publish), place in zip(PRODUCERS.items(), ("Kharkiv", "Mosul", "Dhaka"), strict=True):
            publish(kafka, stage.prefix + hops.RAW, codec, article(name, place))
        stage.settle()
        enriched = stage.prefix + hops.ENRICHED
        assert {record.key.decode() for record in consume(kafka, enriched)} == set(PRODUCERS)
        for name, read in CONSUMERS.items():
            ids = sorted(orjson.loads(line)["article_id"] for line in read(kafka, enriched, len(PRODUCERS)))
            assert ids == sorted(PRODUCERS), name
        assert not stage.deaths
        assert codec in dumped(kafka, enriched)
        assert codec in dumped(kafka, stage.prefix + hops.UNIQUE)


def test_what_only_workers_read_is_in_zstd_and_what_others_read_is_as_it_was(kafka: Cluster, tmp_path: Path) -> None:
    with Stage(kafka, "codec-default", tmp_path, ALONE) as stage:
        stage.start_all()
        by_confluent(kafka, stage.prefix + hops.RAW, "none", article("one", "Kharkiv"))
        stage.settle()
        settings = Settings.from_env(stage.environ("read,match,tag,count", 0))
        for topic in internal(settings):
            assert "compresscodec: zstd" in dumped(kafka, topic), topic
        for topic in (hops.ENRICHED, hops.FIGURES, hops.TOLLS):
            assert "compresscodec: none" in dumped(kafka, stage.prefix + topic), topic


def dumped(kafka: Cluster, topic: str) -> str:
    """What the broker's own tool says of the batches of a topic's only partition."""
    log = kafka.nodes[0].folder / "data" / f"{topic}-0" / "00000000000000000000.log"
    return java(kafka, "DumpLogSegments", "--files", str(log)).decode()
