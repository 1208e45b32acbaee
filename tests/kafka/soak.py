"""A long run under a steady stream of articles with a fault every twenty seconds: nothing lost, nothing growing."""

from __future__ import annotations

import itertools
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from stream_app.core import hops
from tests.kafka.cluster import Cluster
from tests.kafka.faults import FAULTS
from tests.kafka.stage import SHARED, Stage, Worker, articles

RATE_PER_S = 200.0
FAULT_EVERY_S = 20.0
#: Faults that end by themselves within seconds and leave the cluster as it was.
STRIKES = ("kill-all", "sigterm", "cut", "resets", "slow")


@dataclass(frozen=True)
class Soak:
    """What the soak showed; memory in MiB and open file handles, each a median per worker, early and late."""

    seconds: float
    articles: int
    faults: int
    lost: int
    memory_early_mib: float
    memory_late_mib: float
    handles_early: float
    handles_late: float
    rows: int

    @property
    def ok(self) -> bool:
        """Nothing lost, no handle leaked, and no more memory than the table's own rows explain (2 KiB each)."""
        growth = self.memory_late_mib - self.memory_early_mib
        return not self.lost and self.handles_late <= self.handles_early + 20 and growth < 80 + self.rows / 512

    def markdown(self) -> list[str]:
        """The section of docs/reliability.md."""
        what = (
            f"{self.seconds / 60:.0f} minutes at {RATE_PER_S:.0f} articles/s, a fault every {FAULT_EVERY_S:.0f} s "
            f"({self.faults} in all: {', '.join(STRIKES)}): {self.articles} articles sent, {self.lost} lost; memory of "
            f"a worker {self.memory_early_mib:.0f} MiB early, {self.memory_late_mib:.0f} MiB late, with {self.rows} "
            f"rows in its tables; file handles {self.handles_early:.0f} early, {self.handles_late:.0f} late."
        )
        return ["## Soak", "", what, ""]


def soak(cluster: Cluster, folder: Path, seconds: float) -> Soak:
    """Run it; articles are made from one seed a minute, so none repeats another's id."""
    faults = {fault.name: fault for fault in FAULTS}
    strikes = itertools.cycle(STRIKES)
    records = articles(int(seconds * RATE_PER_S), poison_every=100)
    samples: list[tuple[float, float]] = []
    count = 0
    with Stage(cluster, "soak", folder, SHARED) as stage:
        stage.start_all()
        start = time.monotonic()
        stage.publish_in_background(records, RATE_PER_S)
        while time.monotonic() - start < seconds:
            time.sleep(FAULT_EVERY_S)
            samples += [usage(worker) for worker in stage.workers if worker.process.alive]
            faults[next(strikes)].inject(stage, 1.0)
            stage.revive()
            count += 1
        stage.published_all()
        stage.settle(600)
        samples += [usage(worker) for worker in stage.workers]
        told = {name: {event.event_id for event in stage.read(name)} for name in (hops.SIGNED, hops.DEAD_LETTER)}
        done = {name: {event.event_id for event in stage.read(name)} for name in (hops.UNIQUE, hops.DUPLICATES)}
    early, late = samples[: max(2, len(samples) // 4)], samples[-max(2, len(samples) // 4) :]
    read, judged = sum(map(len, told.values())), sum(map(len, done.values()))
    return Soak(
        seconds=seconds, articles=len(records), faults=count, lost=len(records) - read + len(told[hops.SIGNED]) - judged,
        memory_early_mib=statistics.median(s[0] for s in early), memory_late_mib=statistics.median(s[0] for s in late),
        handles_early=statistics.median(s[1] for s in early), handles_late=statistics.median(s[1] for s in late),
        rows=len(told[hops.SIGNED]),
    )  # fmt: skip


def usage(worker: Worker) -> tuple[float, float]:
    """Resident memory in MiB and open file handles of a worker."""
    root = Path(f"/proc/{worker.process.popen.pid}")
    try:
        status = (root / "status").read_text()
        handles = len(list((root / "fd").iterdir()))
    except OSError:
        return 0.0, 0.0
    lines = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return (int(lines[0].split()[1]) / 1024 if lines else 0.0), float(handles)
