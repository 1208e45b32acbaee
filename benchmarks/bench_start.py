"""From starting the process to readiness with nothing to recover, and the memory of a worker that has just begun."""

from __future__ import annotations

from typing import Any

from benchmarks import brokers, harness
from benchmarks.bench_pipeline import prepare
from benchmarks.workers import Worker


def run(broker: brokers.Broker, form: str) -> dict[str, Any]:
    rounds = 5 if form == "short" else 9
    runs = [measure(broker, f"start{number}.") for number in range(rounds)]
    result = {"broker": broker.kind, **{name: harness.of_runs([run[name] for run in runs], 2) for name in runs[0]}}
    return harness.write("start", result, form)


def measure(broker: brokers.Broker, prefix: str) -> dict[str, float]:
    prepare(broker, prefix)
    with Worker(broker.environment(prefix)) as worker:
        ready_s = worker.until_ready()
        return {"ready_s": ready_s, "cpu_s": worker.cpu_s(), "resident_mb": worker.memory_mb("VmRSS")}
