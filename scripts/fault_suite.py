"""Run the fault suite on Apache Kafka and write docs/reliability.md and docs/reliability.json.

`python scripts/fault_suite.py --faults short` strikes with every fault once; `full` stretches the durations, strikes
in both phases under both delivery guarantees, and ends with a soak of 30 minutes.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.kafka import cost  # noqa: E402
from tests.kafka.cluster import KAFKA_VERSION, Cluster  # noqa: E402
from tests.kafka.faults import FAULTS, Fault  # noqa: E402
from tests.kafka.soak import Soak, soak  # noqa: E402
from tests.kafka.trial import Phase, Result, Trials  # noqa: E402

DELIVERIES = ("at_least_once", "exactly_once")
TABLE = (
    "fault",
    "phase",
    "delivery",
    "brokers",
    "articles",
    "lost",
    "wrong",
    "repeats",
    "seconds to recover",
    "restarts",
)
ABOUT = """\
Each row is one run of the worker processes on a broker of its own, struck by one fault while articles stream in
(busy) or while the workers come back from a SIGKILL with work waiting (recovering). What a `read_committed` consumer
saw is held against an undisturbed run of the same articles: **lost** counts missing events; **wrong** counts other
bytes under a known id, unexpected events, and keys whose order or last value differs; **repeats** are byte-identical
copies under one `ce_id`, which at-least-once allows and exactly-once does not. *Seconds to recover* run from the end
of the fault to the last commit, the work that waited included. *Restarts* counts workers that were killed or gave up
and were started again, as a supervisor does.
"""


def plan(faults: str, only: set[str]) -> Iterator[tuple[int, str, Fault, Phase]]:
    """Each trial: nodes, delivery, fault, phase; those on one cluster stand together."""
    chosen = [fault for fault in FAULTS if not only or fault.name in only]
    for nodes in (1, 3):
        for number, fault in enumerate(fault for fault in chosen if fault.nodes == nodes):
            both: tuple[Phase, ...] = ("busy", "recovering") if fault.recovering else ("busy",)
            if faults == "full":
                yield from ((nodes, delivery, fault, phase) for delivery in DELIVERIES for phase in both)
            else:
                yield nodes, "at_least_once", fault, both[number % len(both)]


def run(faults: str, only: set[str], soak_s: float) -> tuple[list[Result], list[str], list[cost.Cost], Soak | None]:
    """Every trial of the plan; what cannot be judged is an error, told by name."""
    results: list[Result] = []
    errors: list[str] = []
    scale = 2.0 if faults == "full" else 1.0
    trials = list(plan(faults, only))
    for nodes in (1, 3):
        mine = [trial for trial in trials if trial[0] == nodes]
        if not mine:
            continue
        with tempfile.TemporaryDirectory() as folder, Cluster(nodes, proxied=True) as cluster:
            runners = {name: Trials(cluster, Path(folder), scale=scale, delivery=name) for name in DELIVERIES}
            for _, delivery, fault, phase in mine:
                _try(runners[delivery], fault, phase, results, errors)
    costs = [] if only else _costs(errors)
    soaked = None
    if soak_s:
        with tempfile.TemporaryDirectory() as folder, Cluster(1, proxied=True) as cluster:
            soaked = soak(cluster, Path(folder), soak_s)
    return results, errors, costs, soaked


def _costs(errors: list[str]) -> list[cost.Cost]:
    """The delivery guarantees side by side, each on the same broker; one that is not done in time is an error."""
    measured = []
    with tempfile.TemporaryDirectory() as folder, Cluster(1) as cluster:
        for delivery, interval in (("at_least_once", 1.0), ("exactly_once", 1.0), ("exactly_once", 0.1)):
            try:
                measured.append(cost.measure(cluster, Path(folder), delivery, interval))
            except TimeoutError as error:
                errors.append(f"cost of {delivery}: {error}")
    return measured


def _try(trials: Trials, fault: Fault, phase: Phase, results: list[Result], errors: list[str]) -> None:
    start = time.monotonic()
    try:
        result = trials.run(fault, phase)
    except Exception as error:  # noqa: BLE001 - the suite goes on, and fails at its end
        errors.append(f"{fault.name} ({phase}, {trials.delivery}): {type(error).__name__}: {error}"[:500])
        print(f"ERROR {errors[-1]}", flush=True)
        return
    results.append(result)
    mark = "ok   " if result.ok else "FAIL "
    took_s = time.monotonic() - start
    counts = f"lost {result.lost} wrong {result.wrong} repeats {result.repeats} recovered in {result.recovery_s} s"
    print(f"{mark} {fault.name:12} {phase:10} {trials.delivery:13} {counts} ({took_s:.0f} s)", flush=True)
    for note in () if result.ok else result.notes:
        print(f"      {note}", flush=True)


def row(result: Result) -> list[str]:
    """One row of the table."""
    return [
        result.what, result.phase, result.delivery.replace("_", " "), str(result.nodes), str(result.articles),
        str(result.lost), str(result.wrong), str(result.repeats), str(result.recovery_s), str(result.restarts),
    ]  # fmt: skip


def markdown(results: list[Result], errors: list[str], costs: list[cost.Cost], soaked: Soak | None, faults: str) -> str:
    """The document: what was done, the table, what failed, the soak."""
    lines = [
        "# Reliability",
        "",
        f"Written by `make fault-suite` (`FAULTS={faults}`), {datetime.now(UTC):%Y-%m-%d}, Kafka {KAFKA_VERSION}.",
        "",
        ABOUT,
        "| " + " | ".join(TABLE) + " |",
        "|" + "---|" * len(TABLE),
        *("| " + " | ".join(row(result)) + " |" for result in results),
        "",
    ]
    bad = [result for result in results if not result.ok]
    failed = [f"- {result.fault}, {result.phase}, {result.delivery}: {'; '.join(result.notes[:3])}" for result in bad]
    if failed or errors:
        lines += ["## Failed", "", *failed, *(f"- {error}" for error in errors), ""]
    lines += cost.markdown(costs) if costs else []
    return "\n".join(lines + (soaked.markdown() if soaked else []))


def as_json(
    results: list[Result], errors: list[str], costs: list[cost.Cost], soaked: Soak | None, faults: str
) -> dict[str, Any]:
    """The same for machines."""
    return {
        "kafka": KAFKA_VERSION, "faults": faults, "cores": os.cpu_count(), "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "results": [dataclasses.asdict(result) | {"ok": result.ok} for result in results], "errors": errors,
        "costs": [dataclasses.asdict(row) for row in costs],
        "soak": dataclasses.asdict(soaked) if soaked else None,
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", choices=("short", "full"), default="short")
    parser.add_argument("--only", default="", help="names of faults, separated by commas")
    parser.add_argument("--soak-s", type=float, default=None, help="seconds of soak (default: full 1800, short 0)")
    parser.add_argument("--output", type=Path, default=ROOT / "docs", help="where the two files go")
    args = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a fault suite is full of refused connections
    soak_s = args.soak_s if args.soak_s is not None else (1800.0 if args.faults == "full" else 0.0)
    results, errors, costs, soaked = run(args.faults, set(filter(None, args.only.split(","))), soak_s)
    (args.output / "reliability.md").write_text(markdown(results, errors, costs, soaked, args.faults))
    document = json.dumps(as_json(results, errors, costs, soaked, args.faults), indent=1)
    (args.output / "reliability.json").write_text(document + "\n")
    good = all(result.ok for result in results) and not errors and (soaked is None or soaked.ok)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
