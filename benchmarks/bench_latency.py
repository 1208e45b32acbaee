"""From raw to enriched at 200 and 50 articles/s: the clock when an event is read, less the raw record's timestamp."""

from __future__ import annotations

import asyncio
import time
from itertools import islice
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks import articles, brokers, harness
from benchmarks.bench_pipeline import PARTITIONS, prepare
from benchmarks.workers import Worker, until_counted
from stream_app.core.hops import ENRICHED, RAW

WARM_UP, WARM_UP_S = 1_500, 2.0
"""Articles that the worker has behind it, and seconds at the rate that is measured, before what counts."""
RATES = (200, 50)
PREFIX = "latency."


def run(broker: brokers.Broker, form: str) -> dict[str, Any]:
    """Several runs at each rate; at a rate that one worker cannot keep up with, what is measured is its queue."""
    seconds, rounds = (6, 2) if form == "short" else (60, 5)
    lasting = int(max(RATES) * (seconds + WARM_UP_S))
    news = articles.stream(WARM_UP + rounds * len(RATES) * lasting, seed=2)
    prepare(broker, PREFIX)
    runs: dict[int, list[dict[str, float]]] = {rate: [] for rate in RATES}
    with Worker(broker.environment(PREFIX)) as worker:
        worker.until_ready()
        broker.fill(PREFIX + RAW, PARTITIONS, articles.keyed(list(islice(news, WARM_UP))))
        sent = WARM_UP
        for rate in RATES * rounds:
            until_counted([worker], sent)
            batch = articles.keyed(list(islice(news, int(rate * (seconds + WARM_UP_S)))))
            runs[rate].append(_percentiles(asyncio.run(_paced(broker.address, batch, rate))))
            sent += len(batch)
    at = {
        str(rate): {name: harness.of_runs([run[name] for run in found]) for name in found[0]}
        for rate, found in runs.items()
    }
    result = {"broker": broker.kind, "seconds": seconds, "at_articles_per_s": at}
    result["latency_ms"] = {name: at[str(RATES[0])][name]["median"] for name in ("p50", "p99")}
    return harness.write("latency", result, form)


def _percentiles(delays: list[float]) -> dict[str, float]:
    """Of one run, in milliseconds."""
    delays.sort()
    return {
        "p50": delays[len(delays) // 2],
        "p99": delays[int(len(delays) * 0.99)],
        "worst": delays[-1],
        "events": len(delays),
    }


async def _paced(address: str, batch: list[tuple[bytes, bytes]], rate: float) -> list[float]:
    """Publish at a steady rate while reading what comes out; the delays in milliseconds, without the first seconds."""
    consumer = AIOKafkaConsumer(PREFIX + ENRICHED, bootstrap_servers=address, auto_offset_reset="latest",
                                fetch_max_wait_ms=100)  # fmt: skip
    producer = AIOKafkaProducer(bootstrap_servers=address, acks=1)
    await consumer.start()
    await producer.start()
    delays: list[float] = []
    reading = asyncio.ensure_future(_read(consumer, delays, time.time() + WARM_UP_S))
    try:
        await _publish(producer, PREFIX + RAW, batch, rate)
        await asyncio.sleep(2.0)
    finally:
        reading.cancel()
        await producer.stop()
        await consumer.stop()
    return delays


async def _read(consumer: AIOKafkaConsumer, delays: list[float], since: float) -> None:
    async for record in consumer:
        if record.timestamp / 1000 >= since:
            delays.append(  # noqa: PERF401 - cancelled in the end, with what came until then kept
                time.time() * 1000 - record.timestamp
            )


async def _publish(producer: AIOKafkaProducer, topic: str, batch: list[tuple[bytes, bytes]], rate: float) -> None:
    started = time.monotonic()
    for number, (key, value) in enumerate(batch):
        await asyncio.sleep(max(0.0, started + number / rate - time.monotonic()))
        await producer.send(topic, value, key)
