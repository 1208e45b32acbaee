"""One fault in one phase: the run, its verdict, and the row that it makes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.kafka.checker import Seen, Verdict
from tests.kafka.cluster import Cluster
from tests.kafka.faults import Fault
from tests.kafka.stage import Layout, Raw, Stage, articles, undisturbed

Phase = Literal["busy", "recovering"]
ARTICLES = 300
RATE_PER_S = 40.0


@dataclass(frozen=True)
class Result:
    """What one trial showed; `recovery_s` counts from the end of the fault to the last commit."""

    fault: str
    what: str
    phase: Phase
    delivery: str
    nodes: int
    articles: int
    lost: int
    wrong: int
    repeats: int
    recovery_s: float
    restarts: int
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """At least once: nothing lost, nothing wrong. Exactly once: nothing twice either."""
        return not (self.lost or self.wrong or (self.delivery == "exactly_once" and self.repeats))


class Trials:
    """Runs trials on one cluster, with the undisturbed runs that they are compared with, each made once."""

    def __init__(self, cluster: Cluster, folder: Path, *, scale: float = 1.0, delivery: str = "at_least_once") -> None:
        self.cluster = cluster
        self.folder = folder
        self.scale = scale
        self.delivery = delivery
        self._calm: dict[tuple[Layout, str], Mapping[str, Sequence[Seen]]] = {}
        self._count = 0

    def run(self, fault: Fault, phase: Phase) -> Result:
        """One trial from start to end; leaves the cluster healed."""
        records = self.input_of(fault)
        expected = self.calm(fault, records)
        self._count += 1
        settings = {"delivery": self.delivery, **fault.settings}
        name = f"t{self._count}-{fault.name}-{phase}"
        with Stage(self.cluster, name, self.folder, fault.layout, settings) as stage:
            try:
                (_busy if phase == "busy" else _recovering)(stage, fault, records, self.scale)
            finally:
                self.cluster.heal()
            recovery_s = stage.settle(180)
            verdicts = stage.judge(expected)
            fault.also(stage)
        return self.result(fault, phase, stage, verdicts, recovery_s)

    def input_of(self, fault: Fault) -> list[Raw]:
        """The common articles, with the fault's own records in their middle."""
        common = articles(ARTICLES)
        middle = len(common) // 2
        return [*common[:middle], *fault.extra_input, *common[middle:]]

    def calm(self, fault: Fault, records: Sequence[Raw]) -> Mapping[str, Sequence[Seen]]:
        """The undisturbed run of this input in this layout."""
        which = (fault.layout, fault.name if fault.extra_input else "")
        if which not in self._calm:
            name = f"calm{len(self._calm)}-{self.delivery[:1]}"
            self._calm[which] = undisturbed(self.cluster, name, self.folder, records, fault.layout)
        return self._calm[which]

    def result(
        self, fault: Fault, phase: Phase, stage: Stage, verdicts: Sequence[Verdict], recovery_s: float
    ) -> Result:
        notes = [f"{verdict.topic}: {note}" for verdict in verdicts for note in (*verdict.lost, *verdict.wrong)]
        if self.delivery == "exactly_once":
            notes += [f"{verdict.topic}: {verdict.repeats} repeats" for verdict in verdicts if verdict.repeats]
        return Result(
            fault=fault.name, what=fault.what, phase=phase, delivery=self.delivery, nodes=len(self.cluster.nodes),
            articles=stage.published, lost=sum(len(verdict.lost) for verdict in verdicts),
            wrong=sum(len(verdict.wrong) for verdict in verdicts), repeats=sum(verdict.repeats for verdict in verdicts),
            recovery_s=round(recovery_s, 1), restarts=len(stage.deaths), notes=tuple(notes[:10] + stage.deaths[:5]),
        )  # fmt: skip


def _busy(stage: Stage, fault: Fault, records: Sequence[Raw], scale: float) -> None:
    """The fault strikes while articles stream in."""
    stage.start_all()
    stage.publish_in_background(records, RATE_PER_S)
    time.sleep(len(records) / RATE_PER_S / 3)
    fault.inject(stage, scale)
    stage.published_all()


def _recovering(stage: Stage, fault: Fault, records: Sequence[Raw], scale: float) -> None:
    """The fault strikes while the workers come back from a crash, with work waiting."""
    stage.start_all()
    half = len(records) // 2
    stage.publish(records[:half])
    time.sleep(1.0)
    for worker in stage.workers:
        worker.process.popen.kill()
    stage.publish(records[half:])
    stage.revive()
    time.sleep(3.5)
    fault.inject(stage, scale)
