"""Raw to enriched, tolls included: one worker, two workers, and a hand-written loop over the same core functions.

2.5 KB articles, 30 % copies, 8 partitions, a worker as users start it. All stand ready from the begin and take turns of
the same articles. Before what is measured come other articles of the same kind: the first hundreds of a process cost
several times more, for it meets every word and name the first time. Articles/s per core are articles by the CPU seconds
of the worker process. Two workers: each would need as long as the busier of the two computes, when it has a core of its
own, which a machine of two cores with the broker on them does not give; the wall clock is told as well.
"""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Protocol, Self

from benchmarks import articles, brokers, harness
from benchmarks.workers import Worker, cpu_s, until_counted
from stream_app.core.hops import DUPLICATES, ENRICHED, RAW
from stream_app.service.topics import TOPICS
from stream_app.settings import Settings

PARTITIONS = 8
PATIENCE_S = 900
Records = list[tuple[bytes, bytes]]


class Contender(Protocol):
    """Processes that read what is put into their raw topic."""

    prefix: str

    def until_done(self, records: int) -> None:
        """Wait until so many are handled, all told."""

    def cpu_s(self) -> list[float]:
        """The CPU that each process has used."""


def run(broker: brokers.Broker, form: str) -> dict[str, Any]:
    """Every contender in turn, as many rounds as the form asks for."""
    warm_up, count, rounds = (1_500, 800, 5) if form == "short" else (5_000, 10_000, 7)
    total = warm_up + rounds * count
    batch = articles.keyed(list(articles.stream(total)))
    turns = [batch[at : at + count] for at in range(warm_up, total, count)]
    with ExitStack() as stack:
        one = stack.enter_context(Workers(broker, "one.", 1))
        contenders: dict[str, Contender] = {
            "one_worker": one,
            "raw_loop": stack.enter_context(Loop(broker, "loop.", total)),
            "two_workers": stack.enter_context(Workers(broker, "two.", 2)),
        }
        for contender in contenders.values():
            turn(broker, contender, batch[:warm_up], 0)
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in contenders}
        for number, records in enumerate(turns):
            for name, contender in contenders.items():
                runs[name].append(turn(broker, contender, records, warm_up + number * count))
        peak_mb = [worker.memory_mb() for worker in one.workers]
    result: dict[str, Any] = {
        "broker": broker.kind, "warm_up": warm_up, "articles": count, "rounds": rounds,
        **{name: _summary(found) for name, found in runs.items()},
    }  # fmt: skip
    result["one_worker"]["peak_mb"] = harness.of_runs(peak_mb)
    result["pipeline_articles_per_s_core"] = round(1e6 / result["one_worker"]["cpu_us"]["median"], 1)
    ratios = {
        "two_workers_cpu_to_one": ("two_workers", "one_worker", "cpu_us"),
        "pipeline_vs_raw_loop": ("raw_loop", "one_worker", "cpu_us"),
        "speedup_two_workers": ("one_worker", "two_workers", "busiest_cpu_us"),
        "speedup_two_workers_wall": ("two_workers", "one_worker", "articles_per_s_wall"),
    }
    for name, (above, below, what) in ratios.items():
        # Round by round, for from one to the next the machine's own pace changes more than what is compared.
        rounds_of_both = zip(runs[above], runs[below], strict=True)
        found = harness.of_runs([run[what] / other[what] for run, other in rounds_of_both], 3)
        result[name], result[f"{name}_by_round"] = found["median"], found
    return harness.write("pipeline", result, form)


def prepare(broker: brokers.Broker, prefix: str) -> None:
    """The topics of the contract, under a prefix of their own."""
    settings = Settings(partitions=PARTITIONS)
    for spec in TOPICS:
        broker.create(spec.partitions(settings), prefix + spec.name)


class Workers:
    """So many workers of one group, for the length of a block."""

    def __init__(self, broker: brokers.Broker, prefix: str, count: int) -> None:
        prepare(broker, prefix)
        self._broker = broker
        self.prefix = prefix
        environ = broker.environment(prefix, partitions=PARTITIONS)
        self.workers = [Worker(environ) for _ in range(count)]

    def __enter__(self) -> Self:
        for worker in self.workers:
            worker.until_ready()
        if len(self.workers) > 1:
            time.sleep(5.0)  # the last one's rebalance
            for worker in self.workers:
                worker.until_ready()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        for worker in self.workers:
            worker.__exit__(kind, error, tb)

    def until_done(self, records: int) -> None:
        """Wait until so many articles are handled, and all that came of them.

        The broker is asked, and the workers only once that has them all: an answer costs a worker an article's time.
        """
        topics = (self.prefix + ENRICHED, self.prefix + DUPLICATES)
        deadline = time.monotonic() + PATIENCE_S
        while self._broker.ends(*topics) < records:
            if time.monotonic() > deadline:
                raise RuntimeError(f"not done after {PATIENCE_S} s")
            time.sleep(0.3)
        until_counted(self.workers, records)

    def cpu_s(self) -> list[float]:
        """The CPU of each worker."""
        return [worker.cpu_s() for worker in self.workers]


class Loop:
    """The hand-written loop, for the length of a block."""

    def __init__(self, broker: brokers.Broker, prefix: str, records: int) -> None:
        prepare(broker, prefix)
        self.prefix = prefix
        arguments = {
            "brokers": broker.address, "source": prefix + RAW, "sink": prefix, "group": f"loop-{time.time_ns()}",
            "records": records, "partitions": PARTITIONS, "idempotence": int(broker.idempotence),
        }  # fmt: skip
        options = [text for name, value in arguments.items() for text in (f"--{name}", str(value))]
        command = [sys.executable, "-m", "benchmarks.peers.raw_pipeline", *options]
        self.process = subprocess.Popen(command, cwd=harness.ROOT, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.process.kill()
        self.process.communicate()

    def until_done(self, records: int) -> None:
        """Wait until it has said that so many are handled."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if int(line) >= records:
                return
        raise RuntimeError("the hand-written loop ended before its time")

    def cpu_s(self) -> list[float]:
        """Its CPU."""
        return [cpu_s(self.process.pid)]


def turn(broker: brokers.Broker, contender: Contender, records: Records, before: int) -> dict[str, float]:
    """Hand these to a contender that has handled `before`; what they took it."""
    used, started = contender.cpu_s(), time.monotonic()
    broker.fill(contender.prefix + RAW, PARTITIONS, records)
    contender.until_done(before + len(records))
    wall_s = time.monotonic() - started
    spent = [now - was for now, was in zip(contender.cpu_s(), used, strict=True)]
    return {
        "cpu_us": sum(spent) / len(records) * 1e6,
        "busiest_cpu_us": max(spent) / len(records) * 1e6,
        "articles_per_s_wall": len(records) / wall_s,
    }


def _summary(runs: list[dict[str, float]]) -> dict[str, Any]:
    return {name: harness.of_runs([run[name] for run in runs]) for name in runs[0]}
