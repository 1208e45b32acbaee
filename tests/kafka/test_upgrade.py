"""From the release before, with all that stands in its topics and tables, to this one: none lost, none twice; and back.

The release before is a commit, run from an export of its tree; a clone without its history cannot run this.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import orjson
import pytest

from stream_app.core import hops
from tests.kafka.broker import REPOSITORY, Process, consume, lag, wait_until
from tests.kafka.checker import last_values
from tests.kafka.cluster import Cluster, admin, free_port, run_async
from tests.kafka.stage import Layout, Raw, Stage, Worker, articles

pytestmark = pytest.mark.kafka

BEFORE = "7b2b566"
WHOLE = "read,match,tag,count"
ALONE = Layout(partitions=1, workers=(WHOLE,))
READ_BEFORE = (hops.RAW, hops.SIGNED, hops.UNIQUE, hops.FIGURES)
ARTICLES = articles(120, poison_every=0)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, skipping: Callable[[str], None]) -> Path:
    """The tree of the release before."""
    folder = tmp_path_factory.mktemp("before")
    archive = subprocess.run(["git", "archive", BEFORE], cwd=REPOSITORY, capture_output=True, check=False)
    if archive.returncode:
        skipping(f"commit {BEFORE} is not here: a whole clone is needed")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tree:
        tree.extractall(folder, filter="data")
    return folder


class Upgrade(Stage):
    """A stage whose topics are made by the workers, first by those of the release before."""

    def work_before(self, tree: Path, records: Sequence[Raw]) -> None:
        """The release before handles these, all of them, and stops in order."""
        port = free_port()
        environ = {
            **self.environ(WHOLE, port), "PYTHONPATH": str(tree), "XDG_CACHE_HOME": str(tree / "cache"),
        }  # fmt: skip
        log = self.folder / f"{self.name}-before.log"
        worker = Worker(Process(["stream_app", "worker"], log, environ, tree), port, WHOLE, log.with_suffix(".clock"))
        self.workers.append(worker)
        wait_until(lambda: worker.ready, "the release before is ready", 240)
        self.publish(records)
        self.at_rest(READ_BEFORE)
        code, _ = worker.process.terminate()
        assert code == 0, worker.process.output()[-2000:]
        self.workers.remove(worker)

    def work_now(self, records: Sequence[Raw]) -> None:
        """This release handles these, all of them, and stops in order."""
        worker = self.start(WHOLE)
        wait_until(lambda: worker.ready, "this release is ready", 120)
        self.publish(records)
        self.at_rest((hops.RAW, hops.SIGNED, hops.UNIQUE, hops.REPORTS))
        code, _ = worker.process.terminate()
        assert code == 0, worker.process.output()[-2000:]
        self.workers.remove(worker)

    def at_rest(self, topics: Sequence[str]) -> None:
        group = f"{self.prefix}stream-app"

        def done() -> bool:
            assert all(worker.process.alive for worker in self.workers), self.workers[0].process.output()[-2000:]
            return lag(self.cluster, group, [self.prefix + topic for topic in topics]) == 0

        for _ in range(2):  # a hop's last output may just be on its way
            wait_until(done, f"{self.name}: nothing is left", 180)

    def cut_over(self) -> None:
        """What docs/deployment.md says between the two releases."""
        self.command("topics", "--create")
        self.command("cut-over", "--yes")

    def way_back(self) -> None:
        """And between this one and the release before: its rows of `match` are older, and it reads its source again."""

        async def delete() -> None:
            async with admin(self.cluster.direct) as client:
                await client.delete_topics([f"{self.prefix}stream-app-match-changelog"])

        run_async(delete)
        self.command("topics", "--rebuild", "match")

    def command(self, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "stream_app", *arguments], cwd=REPOSITORY,
            env={**os.environ, **self.environ(WHOLE, 0)}, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
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
    return {orjson.loads(record.value)["id"] for record in records}


def told_by(tolls: Sequence[Mapping[str, object]]) -> Counter[str]:
    """In how many standing tolls each article is."""
    return Counter(article for toll in tolls for article in toll["articles"])  # type: ignore[attr-defined]


@pytest.fixture
def stage(kafka: Cluster, tmp_path: Path) -> Iterator[Upgrade]:
    stage = Upgrade(kafka, f"upgrade-{tmp_path.name[-12:]}", tmp_path, ALONE)
    yield stage
    stage.__exit__()


def test_the_upgrade_loses_nothing_and_counts_nothing_twice(stage: Upgrade, before: Path) -> None:
    stage.work_before(before, ARTICLES[:60])
    assert set(stage.outcomes()) == ids(ARTICLES[:60])
    stood = stage.standing()
    assert stood
    stage.cut_over()
    stage.work_now(ARTICLES[60:90])
    assert stage.outcomes() == Counter(ids(ARTICLES[:90])), "each article once"
    tolls = stage.standing()
    assert not [article for article, count in told_by(tolls).items() if count > 1], "in two tolls"
    assert set(told_by(stood)) <= set(told_by(tolls)), "what was told before is told"


def test_the_way_back_loses_nothing(stage: Upgrade, before: Path) -> None:
    stage.work_before(before, ARTICLES[:40])
    stage.cut_over()
    stage.work_now(ARTICLES[40:60])
    stage.way_back()
    stage.work_before(before, ARTICLES[60:90])
    assert set(stage.outcomes()) == ids(ARTICLES[:90])
    buried = consume(stage.cluster, stage.prefix + hops.DEAD_LETTER)
    figures = (stage.prefix + hops.FIGURES).encode()
    assert {dict(letter.headers)["__streams.errors.topic"] for letter in buried} <= {figures}, (
        "this release's figures alone: their articles were tagged again"
    )
