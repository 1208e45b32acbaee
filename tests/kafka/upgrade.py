"""The release before, with all that stands in its topics and tables, then this one; and back.

The release before is a commit, run from an export of its tree; a clone without its history cannot run this.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import orjson

from stream_app.core import hops
from tests.kafka.broker import REPOSITORY, Process, consume, delete_topic, lag, wait_until
from tests.kafka.checker import Seen, Verdict, last_values
from tests.kafka.cluster import free_port
from tests.kafka.stage import Layout, Raw, Stage, Worker

BEFORE = "7b2b566"
WHOLE = "read,match,tag,count"
ALONE = Layout(partitions=1, workers=(WHOLE,))
READ_BEFORE = (hops.RAW, hops.SIGNED, hops.UNIQUE, hops.FIGURES)
READ_NOW = (hops.RAW, hops.SIGNED, hops.UNIQUE, hops.REPORTS)


class NoHistoryError(RuntimeError):
    """The commit of the release before is not in this clone."""


def tree_before(folder: Path) -> Path:
    """The tree of the release before, in this folder: put there unless it is."""
    if not folder.exists():
        archive = subprocess.run(["git", "archive", BEFORE], cwd=REPOSITORY, capture_output=True, check=False)
        if archive.returncode:
            raise NoHistoryError(f"commit {BEFORE} is not here: a whole clone is needed")
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tree:
            tree.extractall(folder, filter="data")
    return folder


class Upgrade(Stage):
    """A stage whose topics are made by the workers, first by those of the release before."""

    def __enter__(self) -> Self:
        return self

    def work_before(self, tree: Path, records: Sequence[Raw]) -> None:
        """The release before handles these, all of them, and stops in order."""
        port = free_port()
        environ = {
            **self.environ(WHOLE, port), "PYTHONPATH": str(tree), "XDG_CACHE_HOME": str(tree / "cache"),
        }  # fmt: skip
        # It took the time in which it made its gazetteer for a freeze, where that took longer than its session.
        build = [sys.executable, "-m", "stream_app", "gazetteer", "build"]
        subprocess.run(build, cwd=tree, env={**os.environ, **environ}, capture_output=True, check=True)
        log = self.folder / f"{self.name}-before.log"
        worker = Worker(Process(["stream_app", "worker"], log, environ, tree), port, WHOLE, log.with_suffix(".clock"))
        self._work(worker, 240, records, READ_BEFORE)

    def work_now(self, records: Sequence[Raw]) -> None:
        """This release handles these, all of them, and stops in order."""
        self._work(self.start(WHOLE), 120, records, READ_NOW)

    def _work(self, worker: Worker, patience_s: float, records: Sequence[Raw], read: Sequence[str]) -> None:
        if worker not in self.workers:
            self.workers.append(worker)
        wait_until(lambda: worker.ready, f"{self.name}: the worker is ready", patience_s)
        self.publish(records)
        self.at_rest(read)
        code, _ = worker.process.terminate()
        assert code == 0, worker.process.output()[-2000:]
        self.workers.remove(worker)

    def at_rest(self, topics: Sequence[str]) -> None:
        """Return when all that these hold is committed."""
        group = f"{self.prefix}stream-app"

        def done() -> bool:
            assert all(worker.process.alive for worker in self.workers), self.workers[0].process.output()[-2000:]
            return lag(self.cluster, group, [self.prefix + topic for topic in topics]) == 0

        for _ in range(2):  # a hop's last output may just be on its way
            wait_until(done, f"{self.name}: nothing is left", 180)

    def cut_over(self) -> None:
        """What docs/deployment.md says between the two releases."""
        self.do("topics", "--create")
        self.do("cut-over", "--yes")

    def way_back(self) -> None:
        """And between this one and the release before: its rows of `match` are older, and it reads its source again."""
        delete_topic(self.cluster, f"{self.prefix}stream-app-match-changelog")
        self.do("topics", "--rebuild", "match")

    def do(self, *arguments: str) -> None:
        """A command that must succeed."""
        done = self.command(*arguments)
        assert done.returncode == 0, done.stderr

    def outcomes(self) -> Counter[str]:
        """How often each article was told, as an event of its own or as a copy; repeats under one id count once."""
        told = {
            (dict(record.headers)["ce_id"], record.key.decode())
            for topic in (hops.ENRICHED, hops.DUPLICATES)
            for record in consume(self.cluster, self.prefix + topic)
        }
        return Counter(article_id for _, article_id in told)

    def standing(self) -> list[Mapping[str, object]]:
        """The tolls as a consumer holds them that keeps the last value of each key."""
        return [orjson.loads(value) for value in last_values(self.read(hops.TOLLS)).values() if value is not None]


def ids(records: Sequence[Raw]) -> set[str]:
    """The ids of these articles."""
    return {orjson.loads(record.value)["id"] for record in records}


def told_by(tolls: Sequence[Mapping[str, object]]) -> Counter[str]:
    """In how many standing tolls each article is."""
    return Counter(article for toll in tolls for article in toll["articles"])  # type: ignore[attr-defined]


def there(stage: Stage, records: Sequence[Raw]) -> str:
    """Half of the records by the release before, half by this one."""
    assert isinstance(stage, Upgrade)
    tree, half = tree_before(stage.folder / "before"), len(records) // 2
    stage.work_before(tree, records[:half])
    stage.stood = told_by(stage.standing())
    stage.cut_over()
    stage.work_now(records[half:])
    return f"{len(stage.stood)} articles in standing tolls"


def there_and_back(stage: Stage, records: Sequence[Raw]) -> str:
    """A third by the release before, a third by this one, a third by the release before again."""
    assert isinstance(stage, Upgrade)
    tree, third = tree_before(stage.folder / "before"), len(records) // 3
    stage.work_before(tree, records[:third])
    stage.cut_over()
    stage.work_now(records[third : 2 * third])
    stage.way_back()
    stage.work_before(tree, records[2 * third :])
    return f"{third} articles by this release in between"


def none_twice(stage: Stage, expected: Mapping[str, Sequence[Seen]]) -> list[Verdict]:
    """Each article that an undisturbed run tells is told once, and stands in one toll, as what stood before still does."""
    assert isinstance(stage, Upgrade)
    told, now = stage.outcomes(), told_by(stage.standing())
    twice = [f"{article} told {count} times" for article, count in told.items() if count > 1]
    in_two = [f"{article} in {count} tolls" for article, count in now.items() if count > 1]
    gone = [f"{article} stands no more" for article in stage.stood if article not in now]
    return [_all_told(told, expected, twice), Verdict(hops.TOLLS, len(now), (), (*in_two, *gone), 0)]


def none_lost(stage: Stage, expected: Mapping[str, Sequence[Seen]]) -> list[Verdict]:
    """Each article that an undisturbed run tells is told; this release's figures alone are set aside."""
    assert isinstance(stage, Upgrade)
    figures = (stage.prefix + hops.FIGURES).encode()
    raw = (stage.prefix + hops.RAW).encode()
    letters = consume(stage.cluster, stage.prefix + hops.DEAD_LETTER)
    where = {dict(letter.headers)["__streams.errors.topic"] for letter in letters}
    wrong = [f"dead letters of {topic.decode()}" for topic in where - {figures, raw}]
    return [_all_told(stage.outcomes(), expected, wrong)]


def _all_told(told: Counter[str], expected: Mapping[str, Sequence[Seen]], wrong: Sequence[str]) -> Verdict:
    wanted = {(seen.key or b"").decode() for name in (hops.ENRICHED, hops.DUPLICATES) for seen in expected[name]}
    others = [f"{article} told by nobody else" for article in told if article not in wanted]
    return Verdict(hops.ENRICHED, len(wanted), tuple(sorted(wanted - told.keys())), (*wrong, *others), 0)
