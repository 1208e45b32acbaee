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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from stream_app.core import hops
from tests.builders import lexicon
from tests.kafka.broker import bytes_id, keys_and_ids
from tests.kafka.cluster import Cluster
from tests.kafka.faults import FAULTS, NothingStruckError
from tests.kafka.stage import EVERY, POISON, SHARED, Raw, Stage, Worker, articles, towns

RATE_PER_S = 200.0
FAULT_EVERY_S = 20.0
SAMPLE_EVERY_S = 2.0
MIB = 1 << 20
#: Articles are five seconds of event time apart, so that at 200 a second a day passes in a minute and a half: incidents
#: close by the day, and tables are full after three minutes. The window of the duplicate search is two days, for it must
#: be longer than a worker is away: whatever is delivered again after it has left the window is judged anew.
APART_MS = 5000
SETTINGS = {"window_h": "48", "incident_window_h": "1", "commit_interval_s": "1.0", "session_timeout_s": "10"}
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
    wrong: int
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
        """Nothing lost or wrong, the survivor survived, and it holds no more than before but for an allocator's slack."""
        flat = self.memory_late_mib < 1.15 * self.memory_early_mib + 10 and self.handles_late <= self.handles_early + 10
        return not (self.lost or self.wrong or self.survivor_restarts) and flat


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


def soak(
    cluster: Cluster, folder: Path, seconds: float, rate_per_s: float = RATE_PER_S, fault_every_s: float = FAULT_EVERY_S
) -> Soak:
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
            _watch(stage, start + number * fault_every_s, samples)
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
        lost, wrong, repeats = audit(stage, records)
        fifth = len(samples) // 5
        early, late = samples[fifth : 2 * fifth], samples[-fifth:]
        return Soak(
            seconds=seconds, rate_per_s=rate_per_s, articles=len(records), faults=struck, lost=lost, wrong=wrong,
            repeats=repeats, restarts=len(stage.deaths), survivor_restarts=int(survivor.process.popen.pid != first),
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


def audit(stage: Stage, sent: Sequence[Raw]) -> tuple[int, int, int]:
    """Articles that are missing somewhere, those of which two different things are said, and events that came again.

    Each article is signed or a dead letter; what is signed is passed on or a copy; what is passed on is enriched.
    """
    ids: dict[str, dict[str, set[str]]] = {}
    repeats = 0
    for topic in EVERY:
        found = ids[topic] = {}
        for key, event_id in keys_and_ids(stage.cluster, stage.prefix + topic):
            known = found.setdefault(key, set())
            repeats += event_id in known
            known.add(event_id)
    poison = {bytes_id(raw.value) for raw in sent if raw.key == POISON}
    dead = set().union(*ids[hops.DEAD_LETTER].values())
    read = {orjson.loads(raw.value)["id"] for raw in sent if raw.key != POISON}
    signed, unique, copies, enriched = (
        ids[topic].keys() for topic in (hops.SIGNED, hops.UNIQUE, hops.DUPLICATES, hops.ENRICHED)
    )
    lost = [*(poison - dead), *(read - signed), *(signed - unique - copies), *(unique - enriched)]
    twice = {key for topic in EVERY if topic != hops.DEAD_LETTER for key, known in ids[topic].items() if len(known) > 1}
    wrong = [*(dead - poison), *(unique & copies), *twice]
    for what, which in (("lost", lost), ("wrong", wrong)):
        if which:
            print(f"{len(which)} {what}: {sorted(map(str, which))[:20]}", flush=True)
    return len(lost), len(wrong), repeats


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
            f"with all hops, a fault every {FAULT_EVERY_S:.0f} s ({struck}); one worker, the survivor, is never killed. "
            "Articles are five seconds of event time apart, so that a day of news passes in a minute and a half: tables are "
            "full after three minutes. Every article is looked for by its id: signed or a dead letter, passed on or a copy, "
            "enriched; **wrong** are those of which two different things are said."
        ),
        "",
        (
            "| articles sent | lost | wrong | repeats | restarts of the others | memory of the survivor, early and late (MiB) "
            "| its file handles, early and late | seconds behind at the end |"
        ),
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        (
            f"| {section['articles']} | {section['lost']} | {section['wrong']} | {section['repeats']} | {section['restarts']} "
            f"| {section['memory_early_mib']:.0f}, {section['memory_late_mib']:.0f} "
            f"| {section['handles_early']:.0f}, {section['handles_late']:.0f} | {section['behind_s']} |"
        ),
        "",
        *([] if section["ok"] else ["This soak failed.", ""]),
    ]
