"""One, two and four workers on eight partitions, in turns: the CPU they need in all, and how evenly it is shared.

    python -m benchmarks.run --only wide

All stand ready from the begin and take turns of the same articles, as in bench_pipeline. What counts is CPU time, which
is measured as well where workers, broker and generator share two cores; by the clock nothing can be said there.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from benchmarks import articles, brokers, harness
from benchmarks.bench_pipeline import PARTITIONS, Workers, turn

COUNTS = (1, 2, 4)


def run(broker: brokers.Broker, form: str) -> dict[str, Any]:
    """Every number of workers in turn, as many rounds as the form asks for."""
    warm_up, count, rounds = (3_000, 1_200, 3) if form == "short" else (5_000, 5_000, 7)
    batch = articles.keyed(list(articles.stream(warm_up + rounds * count)))
    runs: dict[int, list[dict[str, float]]] = {number: [] for number in COUNTS}
    with ExitStack() as stack:
        groups = {number: stack.enter_context(Workers(broker, f"wide{number}.", number)) for number in COUNTS}
        for group in groups.values():
            turn(broker, group, batch[:warm_up], 0)
        for start in range(warm_up, warm_up + rounds * count, count):
            for number, group in groups.items():
                runs[number].append(turn(broker, group, batch[start : start + count], start))
    result = {
        "broker": broker.kind, "partitions": PARTITIONS, "articles": count, "rounds": rounds,
        "workers": {str(number): _summary(found, runs[1], number) for number, found in runs.items()},
    }  # fmt: skip
    return harness.write("wide", result, form)


def _summary(found: list[dict[str, float]], by_one: list[dict[str, float]], number: int) -> dict[str, Any]:
    """Their CPU to that of one, round by round, and the busiest one's to a fair share."""
    pairs = list(zip(found, by_one, strict=True))
    return {
        "cpu_us": harness.of_runs([run["cpu_us"] for run in found]),
        "cpu_to_one": harness.of_runs([run["cpu_us"] / one["cpu_us"] for run, one in pairs], 3),
        "busiest_to_fair_share": harness.of_runs([run["busiest_cpu_us"] * number / run["cpu_us"] for run in found], 3),
        "speedup": harness.of_runs([one["cpu_us"] / run["busiest_cpu_us"] for run, one in pairs], 2),
    }
