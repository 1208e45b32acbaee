"""Raw to enriched, tolls included: one worker, two workers, and a hand-written loop over the same core functions.

2.5 KB articles, 30 % copies, 8 partitions, a worker as users start it, and before what is measured other articles of
the same kind: the first hundreds of a process cost several times more, for it meets every word and name the first time.
Articles/s per core are articles by the CPU seconds of the worker process. Two workers: each would need as long as the
busier of the two computes, when it has a core of its own, which a machine of two cores with the broker on them does not
give; the wall clock is told as well.
"""

from __future__ import annotations

import time
from typing import Any

from benchmarks import articles, brokers, harness
from benchmarks.workers import Worker, until_counted
from stream_app.service.topics import TOPICS
from stream_app.settings import Settings

PARTITIONS = 8
Records = list[tuple[bytes, bytes]]


def run(broker: brokers.Broker, form: str) -> dict[str, Any]:
    """Each kind of run several times, in turn."""
    warm_up, count, rounds = (1_500, 1_200, 5) if form == "short" else (5_000, 20_000, 7)
    batch = articles.keyed(list(articles.stream(warm_up + count)))
    before, batch = batch[:warm_up], batch[warm_up:]
    one, loop, two = [], [], []
    for number in range(rounds):
        one.append(workers_run(broker, f"one{number}.", before, batch, 1))
        loop.append(raw_loop(broker, f"loop{number}.", before, batch))
        if number < 3:
            two.append(workers_run(broker, f"two{number}.", before, batch, 2))
    result = {
        "broker": broker.kind, "warm_up": warm_up, "articles": count, "rounds": rounds,
        "one_worker": _summary(one), "raw_loop": _summary(loop), "two_workers": _summary(two),
    }  # fmt: skip
    cpu_one = result["one_worker"]["cpu_us"]["median"]
    result["pipeline_articles_per_s_core"] = round(1e6 / cpu_one, 1)
    result["pipeline_vs_raw_loop"] = round(result["raw_loop"]["cpu_us"]["median"] / cpu_one, 3)
    result["speedup_two_workers"] = round(cpu_one / result["two_workers"]["busiest_cpu_us"]["median"], 3)
    result["speedup_two_workers_wall"] = round(
        result["two_workers"]["articles_per_s_wall"]["median"] / result["one_worker"]["articles_per_s_wall"]["median"],
        3,
    )
    return harness.write("pipeline", result, form)


def prepare(broker: brokers.Broker, prefix: str) -> None:
    """The topics of the contract, under a prefix of their own."""
    settings = Settings(partitions=PARTITIONS)
    for spec in TOPICS:
        broker.create(spec.partitions(settings), prefix + spec.name)


def workers_run(
    broker: brokers.Broker, prefix: str, warm_up: Records, batch: Records, workers: int
) -> dict[str, float]:
    """Fill the raw topic before workers that stand ready and are warm; what it took them."""
    prepare(broker, prefix)
    environ = broker.environment(prefix, partitions=PARTITIONS)
    running = [Worker(environ) for _ in range(workers)]
    try:
        for worker in running:
            worker.until_ready()
        time.sleep(5.0 if workers > 1 else 0.2)  # the second one's rebalance
        for worker in running:
            worker.until_ready()
        broker.fill(prefix + "articles.raw", PARTITIONS, warm_up)
        until_counted(running, len(warm_up))
        before = [worker.cpu_s() for worker in running]
        started = time.monotonic()
        broker.fill(prefix + "articles.raw", PARTITIONS, batch)
        until_counted(running, len(warm_up) + len(batch))
        wall = time.monotonic() - started
        spent = [worker.cpu_s() - was for worker, was in zip(running, before, strict=True)]
        return {
            "cpu_us": sum(spent) / len(batch) * 1e6,
            "busiest_cpu_us": max(spent) / len(batch) * 1e6,
            "articles_per_s_wall": len(batch) / wall,
            "peak_mb": max(worker.memory_mb() for worker in running),
        }
    finally:
        for worker in running:
            worker.__exit__(None, None, None)


def raw_loop(broker: brokers.Broker, prefix: str, warm_up: Records, batch: Records) -> dict[str, float]:
    """The same articles through the hand-written loop."""
    prepare(broker, prefix)
    broker.fill(prefix + "articles.raw", PARTITIONS, [*warm_up, *batch])
    return harness.run_module(
        "benchmarks.peers.raw_pipeline", "--brokers", broker.address, "--source", prefix + "articles.raw",
        "--sink", prefix, "--group", f"loop-{time.time_ns()}", "--records", len(warm_up) + len(batch),
        "--warm-up", len(warm_up), "--partitions", PARTITIONS, "--idempotence", int(broker.idempotence),
    )  # fmt: skip


def _summary(runs: list[dict[str, float]]) -> dict[str, Any]:
    return {name: harness.of_runs([run[name] for run in runs]) for name in runs[0]}
