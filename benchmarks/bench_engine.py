"""What the engine adds to a fixed job of 100 us: this service beside what else one would write or pick.

Each runs in a process of its own over the same filled topic of 8 partitions, in turn, several rounds. Counted is the
CPU of the whole process (all threads, kernel included) from a fifth of the records on, less what the job itself took.
"""

from __future__ import annotations

import time
from typing import Any

from benchmarks import articles, brokers, harness

PARTITIONS = 8
SOURCE, SINK = "engine.articles.unique", "engine.articles.enriched"
PEERS: dict[str, tuple[str, ...]] = {
    "stream-app": ("stream_app_hop",),
    "stream-app, a table row each": ("stream_app_hop", "--rows", "1"),
    "stream-app, exactly once": ("stream_app_hop", "--delivery", "exactly_once"),
    "stream-app on Faust's own transport": ("stream_app_hop", "--delivery", "stock"),
    "aiokafka loop": ("aiokafka_loop",),
    "confluent-kafka loop": ("confluent_loop",),
    "Quix Streams": ("quix",),
    "Bytewax": ("bytewax_flow",),
    "FastStream batch": ("faststream_batch",),
}


def run(broker: brokers.Broker, form: str) -> dict[str, Any]:
    """Every peer in turn, as many rounds as the form asks for."""
    records, rounds = (4_000, 5) if form == "short" else (50_000, 7)
    broker.create(PARTITIONS, SOURCE, SINK)
    few = list(articles.stream(1000))
    broker.fill(SOURCE, PARTITIONS, articles.keyed([few[number % len(few)] for number in range(records)]))
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in PEERS}
    failed: dict[str, str] = {}
    for _ in range(rounds):
        for name, (module, *options) in PEERS.items():
            if name not in failed:
                try:
                    runs[name].append(_one(broker, records, module, options))
                except Exception as error:  # noqa: BLE001 - a peer that cannot run here is a result too
                    failed[name] = str(error)
    peers = {name: _summary(found) for name, found in runs.items() if found}
    result = {"broker": broker.kind, "records": records, "rounds": rounds, "peers": peers, "failed": failed}
    return harness.write("engine", result, form)


def _one(broker: brokers.Broker, records: int, module: str, options: list[str]) -> dict[str, Any]:
    return harness.run_module(
        f"benchmarks.peers.{module}", "--brokers", broker.address, "--source", SOURCE, "--sink", SINK,
        "--group", f"engine-{module}-{time.time_ns()}", "--records", records, "--partitions", PARTITIONS,
        "--idempotence", int(broker.idempotence), *options,
    )  # fmt: skip


def _summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: harness.of_runs([run[name] for run in runs]) for name in runs[0] if name != "records"}
