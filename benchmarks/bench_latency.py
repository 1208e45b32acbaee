"""From raw to enriched at 200 and 50 articles/s: the clock when an event is read, less the raw record's timestamp."""

from __future__ import annotations

import asyncio
import time
from itertools import cycle
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks import articles, brokers, harness
from benchmarks.bench_pipeline import PARTITIONS, prepare
from benchmarks.workers import Worker, until_counted

WARM_UP, WARM_UP_S = 1_500, 2.0
"""Articles that a worker has behind it, and seconds at the rate that is measured, before what counts."""
RATES = (200, 50)


def run(broker: brokers.Broker, form: str) -> dict[str, Any]:
    """Several runs at each rate; at a rate that one worker cannot keep up with, what is measured is its queue."""
    seconds, rounds = (8, 2) if form == "short" else (60, 5)
    at: dict[str, Any] = {}
    for rate in RATES:
        runs = [measure(broker, f"latency{rate}-{number}.", rate, seconds) for number in range(rounds)]
        at[str(rate)] = {name: harness.of_runs([run[name] for run in runs]) for name in runs[0]}
    result = {"broker": broker.kind, "seconds": seconds, "at_articles_per_s": at}
    result["latency_ms"] = {name: at[str(RATES[0])][name]["median"] for name in ("p50", "p99")}
    return harness.write("latency", result, form)


def measure(broker: brokers.Broker, prefix: str, rate: float, seconds: float) -> dict[str, float]:
    """Percentiles of one run in milliseconds, the warm-up left out."""
    prepare(broker, prefix)
    environ = broker.environment(prefix)
    with Worker(environ) as worker:
        worker.until_ready()
        broker.fill(prefix + "articles.raw", PARTITIONS, articles.keyed(list(articles.stream(WARM_UP, seed=2))))
        until_counted([worker], WARM_UP)
        delays = asyncio.run(_paced(broker.address, prefix, rate, seconds))
    delays.sort()
    return {
        "p50": delays[len(delays) // 2],
        "p99": delays[int(len(delays) * 0.99)],
        "worst": delays[-1],
        "events": len(delays),
    }


async def _paced(address: str, prefix: str, rate: float, seconds: float) -> list[float]:
    """Publish at a steady rate while reading what comes out; the delays in milliseconds."""
    batch = articles.keyed(list(articles.stream(int(rate * (seconds + WARM_UP_S)))))
    consumer = AIOKafkaConsumer(prefix + "articles.enriched", bootstrap_servers=address, auto_offset_reset="latest",
                                fetch_max_wait_ms=100)  # fmt: skip
    producer = AIOKafkaProducer(bootstrap_servers=address, acks=1)
    await consumer.start()
    await producer.start()
    delays: list[float] = []
    reading = asyncio.ensure_future(_read(consumer, delays, time.time() + WARM_UP_S))
    try:
        await _publish(producer, prefix + "articles.raw", batch, rate)
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
    for number, (key, value) in zip(range(len(batch)), cycle(batch), strict=False):
        await asyncio.sleep(max(0.0, started + number / rate - time.monotonic()))
        await producer.send(topic, value, key)
