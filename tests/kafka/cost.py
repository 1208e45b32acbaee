"""What a delivery guarantee costs: articles a second with work waiting, and the way of one article when there is none."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from stream_app.core import hops
from tests.kafka.cluster import Cluster, run_async
from tests.kafka.stage import Layout, Raw, Stage, articles, towns

ONE = Layout(partitions=2, workers=("read,match,tag,count",))
WAITING, TRICKLE, TRICKLE_PER_S = 3000, 200, 20.0


@dataclass(frozen=True)
class Cost:
    """One delivery guarantee with one commit interval; delays are from publishing to a `read_committed` consumer."""

    delivery: str
    commit_interval_s: float
    articles_per_s: float
    delay_median_s: float
    delay_p95_s: float


def measure(cluster: Cluster, folder: Path, delivery: str, commit_interval_s: float) -> Cost:
    """One worker, all hops: first the waiting articles, then a trickle."""
    settings = {"delivery": delivery, "commit_interval_s": str(commit_interval_s)}
    name = f"cost-{delivery}-{commit_interval_s}".replace("_", "-")
    records = articles(WAITING + TRICKLE, poison_every=0, places=towns())
    with Stage(cluster, name, folder, ONE, settings) as stage:
        stage.start_all()
        start = time.monotonic()
        stage.publish(records[:WAITING])
        stage.settle()
        took_s = time.monotonic() - start - 1.0  # `settle` looks twice, a second apart
        delays = run_async(lambda: _delays(stage, records[WAITING:]))
    ordered = sorted(delays)
    return Cost(
        delivery, commit_interval_s, round(WAITING / took_s, 1), round(statistics.median(ordered), 3),
        round(ordered[int(len(ordered) * 0.95)], 3),
    )  # fmt: skip


async def _delays(stage: Stage, records: Sequence[Raw]) -> list[float]:
    """From publishing each article to the moment a consumer has what came of it."""
    sent: dict[str, float] = {}
    came: dict[str, float] = {}
    consumer = AIOKafkaConsumer(
        *(stage.prefix + name for name in (hops.ENRICHED, hops.DUPLICATES)),
        bootstrap_servers=stage.cluster.direct, isolation_level="read_committed", auto_offset_reset="latest",
    )  # fmt: skip
    async with consumer, AIOKafkaProducer(bootstrap_servers=stage.cluster.direct, linger_ms=0) as producer:
        for tp in consumer.assignment():
            await consumer.position(tp)
        reading = asyncio.ensure_future(_read(consumer, came, len(records)))
        for raw in records:
            article_id = orjson.loads(raw.value)["id"]
            sent[article_id] = time.monotonic()
            await producer.send_and_wait(stage.prefix + hops.RAW, raw.value, key=raw.key, timestamp_ms=raw.timestamp_ms)
            await asyncio.sleep(1 / TRICKLE_PER_S)
        await asyncio.wait_for(reading, 60)
    return [came[article_id] - sent[article_id] for article_id in sent]


async def _read(consumer: AIOKafkaConsumer, came: dict[str, float], count: int) -> None:
    while len(came) < count:
        for batch in (await consumer.getmany(timeout_ms=100)).values():
            now = time.monotonic()
            for record in batch:
                came.setdefault(record.key.decode(), now)


def markdown(section: Mapping[str, Any]) -> list[str]:
    """The section of docs/reliability.md."""
    return [
        "## What exactly-once costs",
        "",
        f"{section['date']}. One worker with all hops, one broker beside it. Articles a second: {WAITING} waiting, until",
        (
            f"the last commit; delay: from publishing to a `read_committed` consumer, {TRICKLE} articles, "
            f"{TRICKLE_PER_S:.0f} a second."
        ),
        "",
        "| delivery | commit interval (s) | articles/s | delay, median (ms) | delay, 95 % (ms) |",
        "| --- | --- | --- | --- | --- |",
        *(_row(row) for row in section["rows"]),
        "",
        *(f"- {error}" for error in section["errors"]),
    ]


def _row(row: Mapping[str, Any]) -> str:
    return (
        f"| {row['delivery'].replace('_', ' ')} | {row['commit_interval_s']} | {row['articles_per_s']:.0f} "
        f"| {row['delay_median_s'] * 1000:.0f} | {row['delay_p95_s'] * 1000:.0f} |"
    )
