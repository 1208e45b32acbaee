"""How long nothing is told after a worker is killed: `python -m benchmarks.run --only takeover`.

Two workers at the default settings, articles at a steady rate. The one that has matched most is killed; what counts
is the longest pause between two enriched events after that, by the clock of who reads them. Once with a standby, once
without.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from itertools import islice, pairwise
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from benchmarks import articles, brokers, harness
from benchmarks.bench_pipeline import PARTITIONS, prepare
from benchmarks.workers import Worker, until_counted
from stream_app.core.hops import ENRICHED, RAW

RATE = 40
BEFORE_S, AFTER_S = 6.0, 25.0
RESIDENT = 5_000
"""Articles that the workers have behind them: rows that the survivor must have, or read."""


def run(broker: brokers.Broker, form: str) -> dict[str, Any]:
    """Seconds of silence, with and without a standby."""
    pauses: dict[str, list[float]] = {"with_standby": [], "without": []}
    for number in range(1 if form == "short" else 5):
        for name, replicas in (("with_standby", 1), ("without", 0)):
            pauses[name].append(measure(broker, f"takeover-{name}-{number}.", replicas))
    runs = {name: harness.of_runs(found, 2) for name, found in pauses.items()}
    return harness.write("takeover", {"broker": broker.kind, **runs}, form)


def measure(broker: brokers.Broker, prefix: str, standby_replicas: int) -> float:
    """The longest pause after one kill."""
    prepare(broker, prefix)
    environ = broker.environment(prefix, partitions=PARTITIONS, standby_replicas=standby_replicas)
    news = articles.stream(RESIDENT + int(RATE * (BEFORE_S + AFTER_S)), seed=5)
    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(Worker(environ)) for _ in range(2)]
        for worker in workers:
            worker.until_ready()
        broker.fill(prefix + RAW, PARTITIONS, articles.keyed(list(islice(news, RESIDENT))))
        until_counted(workers, RESIDENT)
        return asyncio.run(_told(broker.address, prefix, articles.keyed(list(news)), workers))


async def _told(address: str, prefix: str, batch: list[tuple[bytes, bytes]], workers: list[Worker]) -> float:
    consumer = AIOKafkaConsumer(
        prefix + ENRICHED, bootstrap_servers=address, auto_offset_reset="latest", fetch_max_wait_ms=100
    )
    producer = AIOKafkaProducer(bootstrap_servers=address, acks=1)
    await consumer.start()
    await producer.start()
    told: list[float] = []
    reading = asyncio.ensure_future(_read(consumer, told))
    try:
        started = time.monotonic()
        killed = None
        for number, (key, value) in enumerate(batch):
            await asyncio.sleep(max(0.0, started + number / RATE - time.monotonic()))
            if killed is None and number >= RATE * BEFORE_S:
                max(workers, key=lambda worker: worker.counts().get("match", 0)).process.kill()
                killed = time.monotonic()
            await producer.send(prefix + RAW, value, key)
        await asyncio.sleep(1.0)
    finally:
        reading.cancel()
        await producer.stop()
        await consumer.stop()
    assert killed is not None
    after = [killed, *(at for at in told if at > killed)]
    return max(later - earlier for earlier, later in pairwise(after))


async def _read(consumer: AIOKafkaConsumer, told: list[float]) -> None:
    async for _ in consumer:
        told.append(time.monotonic())  # noqa: PERF401 - cancelled in the end, with what came until then kept
