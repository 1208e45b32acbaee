"""What every peer is told, and how it answers: one JSON line."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass

from benchmarks.work import Window

BATCH = 200
LINGER_MS = 5


@dataclass(frozen=True)
class Job:
    """Read `records` from `source`, send each to `sink`."""

    brokers: str
    source: str
    sink: str
    group: str
    records: int
    partitions: int
    idempotence: bool

    def window(self) -> Window:
        return Window(self.records)


def job_of_arguments() -> Job:
    parser = argparse.ArgumentParser()
    for name in ("brokers", "source", "sink", "group"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--partitions", type=int, required=True)
    parser.add_argument("--idempotence", type=int, required=True)
    args = parser.parse_args()
    return Job(
        args.brokers, args.source, args.sink, args.group, args.records, args.partitions, bool(args.idempotence)
    )  # fmt: skip


def answer(window: Window) -> None:
    print(json.dumps(window.report()), flush=True)
