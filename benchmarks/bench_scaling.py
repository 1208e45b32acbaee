"""Whether the cost of an article stays flat: in articles resident, in partitions, in the length of the article.

Core costs are CPU microseconds measured in this process; partitions are measured on the service's fixed hop.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from benchmarks import articles, brokers, harness
from benchmarks.bench_duplicates import fill
from benchmarks.bench_engine import PEERS
from stream_app.core.flow.pipeline import Match, Read
from stream_app.core.flow.stream import Clock, Flow
from stream_app.core.hops import RAW, Hop, Record
from stream_app.hops import build_hops
from stream_app.settings import Settings

LENGTHS = (500, 2_500, 10_000, 50_000)
PARTITIONS = (1, 8, 64)
PROBE, TURNS = 100, 15


def run(broker: brokers.Broker, form: str) -> dict[str, Any]:
    resident = (10_000, 50_000) if form == "short" else (10_000, 100_000, 1_000_000)
    result = {
        "match_us_by_resident": by_resident(resident),
        "pipeline_us_by_characters": by_length(20 if form == "short" else 300),
        "engine_us_by_partitions": by_partitions(broker, 5_000, 3 if form == "short" else 7),
    }
    return harness.write("scaling", result, form)


def by_resident(sizes: Sequence[int]) -> dict[str, Any]:
    """What judging one more article costs when so many are held: matchers of each size take turns at the same articles.

    They hold signatures of the usual size, which no article has anything in common with. The first turn does not count.
    """
    read, clock = Read(), Clock()
    match = Match(window_s=1e9, max_rows=2 * max(sizes))
    states = {size: match.new_state() for size in sizes}
    for size, state in states.items():
        fill(state, size)
    stream = articles.stream(PROBE * (TURNS + 1))
    runs: dict[int, list[float]] = {size: [] for size in sizes}
    for _ in range(TURNS + 1):
        signed = [_signed(read, clock, next(stream)) for _ in range(PROBE)]
        for size, state in states.items():
            started = time.process_time()
            for record in signed:
                match(record, state)
            runs[size].append((time.process_time() - started) / PROBE * 1e6)
    return {str(size): harness.of_runs(found[1:]) for size, found in runs.items()}


def _signed(read: Hop, clock: Clock, value: bytes) -> Record:
    received = clock.now_ms = clock.now_ms + 1000
    (output,) = read(Record(None, value, received), None).outputs
    return Record(output.key, output.value, received)


def by_length(count: int) -> dict[str, Any]:
    """The whole pipeline's core on articles of one length, per article and per thousand characters."""
    hops, costs = build_hops(Settings()), {}
    for length in LENGTHS:
        values = list(articles.stream(count, characters=length, copies=0.0))
        runs = [_flow_us(Flow(hops), values) for _ in range(5)]
        costs[str(length)] = {
            "an_article": harness.of_runs(runs),
            "a_thousand_characters": harness.of_runs([cost / length * 1000 for cost in runs]),
        }
    return costs


def _flow_us(flow: Flow, values: Sequence[bytes]) -> float:
    started = time.process_time()
    for number, value in enumerate(values):
        for _ in flow.feed(Record(None, value, 1_700_000_000_000 + number * 1000), RAW):
            pass
    return (time.process_time() - started) / len(values) * 1e6


def by_partitions(broker: brokers.Broker, records: int, rounds: int) -> dict[str, Any]:
    """The service's engine over a topic of one, eight and sixty-four partitions."""
    few, costs = list(articles.stream(500)), {}
    for partitions in PARTITIONS:
        source, sink = f"p{partitions}.articles.unique", f"p{partitions}.articles.enriched"
        broker.create(partitions, source, sink)
        broker.fill(source, partitions, articles.keyed([few[number % len(few)] for number in range(records)]))
        runs = [_engine(broker, source, sink, records, partitions) for _ in range(rounds)]
        costs[str(partitions)] = harness.of_runs(runs)
    return costs


def _engine(broker: brokers.Broker, source: str, sink: str, records: int, partitions: int) -> float:
    (module,) = PEERS["stream-app"]
    found = harness.run_module(
        f"benchmarks.peers.{module}", "--brokers", broker.address, "--source", source, "--sink", sink,
        "--group", f"scaling-{time.time_ns()}", "--records", records, "--partitions", partitions,
        "--idempotence", int(broker.idempotence),
    )  # fmt: skip
    return float(found["overhead_us"])
