"""A long run under a steady stream of articles with a fault every twenty seconds: nothing lost, nothing growing.

One worker, the survivor, is never killed: what it holds after minutes and after half an hour tells whether it leaks.
The others are killed, ended, frozen and started again; connections fail for all of them. The broker stays: its death may
end a worker, on purpose.
"""

from __future__ import annotations

import contextlib
import itertools
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stream_app.core import hops
from tests.builders import lexicon
from tests.kafka.broker import event_ids
from tests.kafka.cluster import Cluster
from tests.kafka.faults import FAULTS, NothingStruckError
from tests.kafka.stage import SHARED, Stage, Worker, articles, towns

RATE_PER_S = 200.0
FAULT_EVERY_S = 20.0
SAMPLE_EVERY_S = 2.0
MIB = 1 << 20
#: Articles are five seconds of event time apart, so that at 200 a second a day passes in a minute and a half. The
#: windows are an hour, and incidents close by the day: tables are full after three minutes.
APART_MS = 5000
SETTINGS = {"window_h": "1", "incident_window_h": "1", "commit_interval_s": "1.0", "session_timeout_s": "10"}
FROZEN_S = 13.0
#: Small segments, so that the broker compacts the changelogs as it would in days. By size alone: `log.roll.ms` goes by
#: the records' timestamps, where a day passes in a minute and a half, and the broker runs out of files.
BROKER = {
    "log.segment.bytes": str(8 * MIB), "log.cleaner.backoff.ms": "5000", "log.cleaner.min.cleanable.ratio": "0.2",
}  # fmt: skip


@dataclass(frozen=True)
class Soak:
    """What the soak showed: memory in MiB and open file handles of the survivor, a median of its second and last fifth.

    `behind_s` is how long it took to finish after the last article was sent.
    """

    seconds: float
    rate_per_s: float
    articles: int
    faults: dict[str, int]
    lost: int
    repeats: int
    restarts: int
    survivor_restarts: int
    memory_early_mib: float
    memory_late_mib: float
    handles_early: float
    handles_late: float
    behind_s: float

    @property
    def ok(self) -> bool:
        """Nothing lost, the survivor survived, and it holds no more than before but for some allocator's slack."""
        flat = self.memory_late_mib < 1.15 * self.memory_early_mib + 10 and self.handles_late <= self.handles_early + 10
        return not self.lost and not self.survivor_restarts and flat


def kill(stage: Stage) -> None:
    """SIGKILL of every worker but the survivor."""
    for worker in stage.workers[1:]:
        worker.process.kill()
    stage.revive()


def terminate(stage: Stage) -> None:
    """SIGTERM to every worker but the survivor."""
    for worker in stage.workers[1:]:
        if worker.process.alive:
            worker.process.terminate()
        worker.process.restart()


def freeze(stage: Stage) -> None:
    """SIGSTOP beyond the session for every worker but the survivor."""
    for worker in stage.workers[1:]:
        worker.process.pause()
    stage.wait(FROZEN_S)
    for worker in stage.workers[1:]:
        worker.process.resume()


def _of_the_suite(name: str) -> Callable[[Stage], None]:
    fault = next(fault for fault in FAULTS if fault.name == name)

    def inject(stage: Stage) -> None:
        fault.inject(stage, "short")

    return inject


STRIKES: Mapping[str, Callable[[Stage], None]] = {
    "kill": kill, "cut": _of_the_suite("cut"), "sigterm": terminate, "resets": _of_the_suite("resets"),
    "zombie": freeze, "slow": _of_the_suite("slow"),
}  # fmt: skip


def soak(cluster: Cluster, folder: Path, seconds: float, rate_per_s: float = RATE_PER_S) -> Soak:
    """Run it."""
    records = articles(int(seconds * rate_per_s), poison_every=100, places=towns(), words=lexicon(), apart_ms=APART_MS)
    struck: dict[str, int] = dict.fromkeys(STRIKES, 0)
    samples: list[tuple[float, float]] = []
    with Stage(cluster, "soak", folder, SHARED, SETTINGS) as stage:
        stage.start_all()
        survivor, first = stage.workers[0], stage.workers[0].process.popen.pid
        stage.publish_in_background(records, rate_per_s)
        start = time.monotonic()
        for number, name in zip(itertools.count(1), itertools.cycle(STRIKES)):
            _watch(stage, start + number * FAULT_EVERY_S, samples)
            if time.monotonic() - start > seconds:
                break
            with contextlib.suppress(NothingStruckError):  # not counted
                STRIKES[name](stage)
                struck[name] += 1
            print(
                f"{time.monotonic() - start:6.0f} {name:8} {samples[-1]} sent {stage.sent} {stage.deaths[-2:]}",
                flush=True,
            )
        stage.published_all()
        behind_s = stage.settle()
        lost, repeats = audit(stage, len(records))
        fifth = len(samples) // 5
        early, late = samples[fifth : 2 * fifth], samples[-fifth:]
        return Soak(
            seconds=seconds, rate_per_s=rate_per_s, articles=len(records), faults=struck, lost=lost, repeats=repeats,
            restarts=len(stage.deaths), survivor_restarts=int(survivor.process.popen.pid != first),
            memory_early_mib=round(statistics.median(s[0] for s in early), 1),
            memory_late_mib=round(statistics.median(s[0] for s in late), 1),
            handles_early=statistics.median(s[1] for s in early), handles_late=statistics.median(s[1] for s in late),
            behind_s=round(behind_s, 1),
        )  # fmt: skip


def _watch(stage: Stage, until_s: float, samples: list[tuple[float, float]]) -> None:
    """Sample the survivor until then, with the supervisor at work."""
    while True:
        samples.append(usage(stage.workers[0]))
        if time.monotonic() >= until_s:
            return
        stage.wait(min(SAMPLE_EVERY_S, max(0.0, until_s - time.monotonic())))


def audit(stage: Stage, sent: int) -> tuple[int, int]:
    """Events that are missing, and events that came again: each article was read, judged, and tagged unless a copy."""
    counts = {}
    repeats = 0
    ids: dict[str, set[str]] = {}
    for name in (hops.SIGNED, hops.DEAD_LETTER, hops.UNIQUE, hops.DUPLICATES, hops.ENRICHED):
        found = event_ids(stage.cluster, stage.prefix + name, dead_letters=name == hops.DEAD_LETTER)
        ids[name] = set(found)
        counts[name] = len(ids[name])
        repeats += len(found) - counts[name]
    unread = sent - counts[hops.SIGNED] - counts[hops.DEAD_LETTER]
    unjudged = counts[hops.SIGNED] - counts[hops.UNIQUE] - counts[hops.DUPLICATES]
    return abs(unread) + abs(unjudged) + abs(counts[hops.UNIQUE] - counts[hops.ENRICHED]), repeats


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


def markdown(section: Mapping[str, Any]) -> list[str]:
    """The section of docs/reliability.md."""
    struck = ", ".join(f"{name} {count}" for name, count in section["faults"].items())
    return [
        "## Soak",
        "",
        (
            f"{section['date']}. {section['seconds'] / 60:.0f} minutes at {section['rate_per_s']:.0f} articles/s, two workers "
            f"with all hops, a fault every {FAULT_EVERY_S:.0f} s ({struck}); one worker, the survivor, is never killed."
        ),
        "",
        (
            "| articles sent | lost | repeats | restarts of the others | memory of the survivor, early and late (MiB) "
            "| its file handles, early and late | seconds behind at the end |"
        ),
        "| --- | --- | --- | --- | --- | --- | --- |",
        (
            f"| {section['articles']} | {section['lost']} | {section['repeats']} | {section['restarts']} "
            f"| {section['memory_early_mib']:.0f}, {section['memory_late_mib']:.0f} "
            f"| {section['handles_early']:.0f}, {section['handles_late']:.0f} | {section['behind_s']} |"
        ),
        "",
        *([] if section["ok"] else ["This soak failed.", ""]),
    ]
