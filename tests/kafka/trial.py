"""One fault in one phase: the run, its verdict, and the row that it makes."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.kafka.checker import Seen, Verdict
from tests.kafka.cluster import Cluster
from tests.kafka.faults import Fault, Length, NothingStruckError, Phase
from tests.kafka.stage import Layout, Raw, Stage, articles, undisturbed

ARTICLES = 300
RATE_PER_S = 40.0
REBALANCING = "partitions and their tables"


class DoubledInputError(RuntimeError):
    """The suite's own publisher sent records twice, so that repeats of theirs cannot be told from the workers' own."""


@dataclass(frozen=True)
class Result:
    """What one trial showed; `recovery_s` counts from the end of the fault to the last commit.

    `state` is how the fault found the stage, and `met` what it did there. `sent_twice` is what the suite's own publisher
    repeated when its broker died before the answer; it comes out twice, and nobody can tell from what is read.
    """

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
    sent_twice: int
    state: str
    met: str
    took_s: float
    notes: tuple[str, ...]
    tells_again: bool = False

    @property
    def ok(self) -> bool:
        """At least once: nothing lost, nothing wrong. Exactly once: nothing twice either, unless an operator asked."""
        return not (self.lost or self.wrong or (self.once and self.repeats))

    @property
    def once(self) -> bool:
        """Whether nothing may come twice."""
        return self.delivery == "exactly_once" and not self.tells_again


class Calm:
    """The undisturbed runs with which trials are compared, each made once, on whichever cluster first needs it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._found: dict[tuple[Layout, tuple[Raw, ...], tuple[Raw, ...]], Mapping[str, Sequence[Seen]]] = {}
        self._lock = threading.Lock()

    def of(self, cluster: Cluster, fault: Fault) -> Mapping[str, Sequence[Seen]]:
        """What comes out of this fault's input in its layout when nothing goes wrong."""
        which = (fault.layout, fault.extra_input, fault.own_input)
        with self._lock:
            if which not in self._found:
                name = f"calm{len(self._found)}-{self.folder.name}"
                self._found[which] = undisturbed(cluster, name, self.folder, whole_input_of(fault), fault.layout)
            return self._found[which]


class Trials:
    """Runs trials on one cluster; logs of those that went wrong are kept in `evidence`."""

    def __init__(
        self,
        cluster: Cluster,
        folder: Path,
        *,
        calm: Calm | None = None,
        evidence: Path | None = None,
        length: Length = "short",
        delivery: str = "at_least_once",
    ) -> None:
        self.cluster = cluster
        self.folder = folder
        self.calm = calm or Calm(folder)
        self.evidence = evidence
        self.length = length
        self.delivery = delivery
        self._count = 0

    def run(self, fault: Fault, phase: Phase) -> Result:
        """One trial from start to end; leaves the cluster healed.

        Raises:
            NothingStruckError: the fault met nobody.
            TimeoutError: something stands still.
        """
        records = input_of(fault)
        expected = {} if fault.left else self.calm.of(self.cluster, fault)
        start = time.monotonic()
        self._count += 1
        settings = {"delivery": self.delivery, **fault.settings}
        name = f"t{self._count}-{fault.name}-{phase}-{self.delivery[0]}"
        with fault.stage(self.cluster, name, self.folder, fault.layout, settings) as stage:
            try:
                try:
                    strike = _course if fault.course else _busy if phase == "busy" else _recovering
                    state, met = strike(stage, fault, records, self.length)
                finally:
                    self.cluster.heal()
                recovery_s = 0.0 if fault.course else stage.settle()
                if fault.left is not None:
                    left = fault.left(stage, records)
                    expected = undisturbed(self.cluster, f"calm-{name}", self.folder, left, fault.layout)
                verdicts = fault.judge(stage, expected)
                sent_twice = stage.sent_twice()
                repeats = sum(verdict.repeats for verdict in verdicts)
                if not fault.tells_again:
                    self._must_be_judged(sent_twice, repeats)
                fault.also(stage)
            except Exception:
                self._keep(stage)
                raise
            result = Result(
                fault=fault.name, what=fault.what, phase=phase, delivery=self.delivery, nodes=len(self.cluster.nodes),
                articles=stage.published, lost=sum(len(verdict.lost) for verdict in verdicts),
                wrong=sum(len(verdict.wrong) for verdict in verdicts),
                repeats=repeats, sent_twice=sent_twice,
                recovery_s=round(recovery_s, 1),
                restarts=len(stage.deaths), state=state, met=met, took_s=round(time.monotonic() - start, 1),
                notes=self._notes(verdicts, stage), tells_again=fault.tells_again,
            )  # fmt: skip
            if not result.ok:
                self._keep(stage)
        return result

    def _must_be_judged(self, sent_twice: int, repeats: int) -> None:
        if self.delivery == "exactly_once" and sent_twice and repeats:
            raise DoubledInputError(f"{sent_twice} records sent twice by the suite itself, {repeats} repeats")

    def _keep(self, stage: Stage) -> None:
        if self.evidence is not None:
            stage.tell(self.evidence / stage.name)

    def _notes(self, verdicts: Sequence[Verdict], stage: Stage) -> tuple[str, ...]:
        notes = [f"{verdict.topic}: {note}" for verdict in verdicts for note in (*verdict.lost, *verdict.wrong)]
        if self.delivery == "exactly_once":
            notes += [f"{verdict.topic}: {verdict.repeats} repeats" for verdict in verdicts if verdict.repeats]
        return (*notes[:10], *stage.deaths[:5])


def input_of(fault: Fault) -> list[Raw]:
    """The common articles, with the fault's own records in their middle."""
    common = articles(ARTICLES)
    middle = len(common) // 2
    return [*common[:middle], *fault.extra_input, *common[middle:]]


def whole_input_of(fault: Fault) -> list[Raw]:
    """What an undisturbed run gets: the same, and what the fault publishes itself."""
    return [*input_of(fault), *fault.own_input]


def _course(stage: Stage, fault: Fault, records: Sequence[Raw], length: Length) -> tuple[str, str]:
    """A fault with a course of its own, which comes to rest by itself."""
    assert fault.course is not None
    return "at rest", fault.course(stage, records)


def _busy(stage: Stage, fault: Fault, records: Sequence[Raw], length: Length) -> tuple[str, str]:
    """The fault strikes while articles stream in; how it found the stage, and what it met."""
    stage.start_all()
    stage.publish_in_background(records, RATE_PER_S)
    time.sleep(len(records) / RATE_PER_S / 3)
    state = f"{stage.sent} of {len(records)} sent"
    if stage.sent == len(records):
        raise NothingStruckError("everything was sent before the fault")
    met = fault.inject(stage, length)
    stage.published_all()
    return state, met


def _recovering(stage: Stage, fault: Fault, records: Sequence[Raw], length: Length) -> tuple[str, str]:
    """The fault strikes while the workers come back from a crash, with half of the articles waiting.

    What a worker says it waits for tells when: it has come up, and its partitions or tables are on their way.
    """
    stage.start_all()
    half = len(records) // 2
    stage.publish(records[:half])
    time.sleep(1.0)
    for worker in stage.workers:
        worker.process.kill()
    stage.publish(records[half:])
    stage.wait_for(lambda: any(worker.why() == REBALANCING for worker in stage.workers), "a worker comes back")
    state = ", ".join(sorted(worker.why() for worker in stage.workers))
    return state, fault.inject(stage, length)
