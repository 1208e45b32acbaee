"""The service under test: worker processes on a cluster, an input of known outcome, and what came out of it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import orjson
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2

from stream_app.core import hops
from stream_app.core.flow.pipeline import Count
from stream_app.core.places import Gazetteer
from stream_app.core.poison import PoisonError, caught
from stream_app.gazetteer import ensure
from stream_app.service.headers import timestamp_ms
from stream_app.service.topics import TOPICS, TopicSpec
from stream_app.settings import HOPS, PREFIX, Settings
from tests.builders import PLACES, prose
from tests.kafka.broker import (
    REPOSITORY,
    Process,
    committed,
    consume,
    create_topics,
    ends,
    in_open_transactions,
    lag,
    seen,
    wait_until,
)
from tests.kafka.checker import Policy, Seen, Verdict, compare
from tests.kafka.cluster import Cluster, free_port, run_async

HOUR_MS = 3_600_000
#: Timestamps are part of the input, so that outputs repeat to the byte: they are counted from an hour that was three
#: hours ago when this began. Not longer ago, for a broker that comes back forgets the producers whose last records are
#: a day old by their timestamps, and then takes a retry for something new.
BASE_MS = (time.time_ns() // 1_000_000 // HOUR_MS - 3) * HOUR_MS
SESSION_S = 6.0
POISON = b"poison"  # the key of records that nobody can read
FOREIGN = b"foreign"  # the key of records that a fault puts between the hops: no part of the comparison
SOURCES = {"read": hops.RAW, "match": hops.SIGNED, "tag": hops.UNIQUE, "count": hops.REPORTS}

SHIM = Path(__file__).with_name("shim")
PATIENCE_S = 150.0  # without any progress: a stage that takes longer stands still; a slow machine moves on meanwhile
LIMIT_S = 900.0
LONGEST_BACKOFF_S = 10.0

#: Topics whose records each have one right form, and those where only the end of each key has: with more than one
#: partition the order in which reports meet is anybody's, and a toll's way depends on it; and of a batch only the last
#: toll is published, wherever the batch is cut.
EVERY = (hops.SIGNED, hops.UNIQUE, hops.ENRICHED, hops.DUPLICATES, hops.DEAD_LETTER)
COUNTED = (hops.FIGURES, hops.REPORTS, hops.TOLLS, hops.MEMBERS, hops.REVISIONS)


@dataclass(frozen=True)
class Layout:
    """How the work is laid out: partitions of each topic, and which hops each worker process runs."""

    partitions: int = 2
    workers: tuple[str, ...] = ("read,match,tag,count", "read,match,tag,count")

    def policy(self, topic: str) -> Policy:
        """How strictly a topic can be judged under this layout."""
        if topic in hops.COMPACTED:
            return "last"
        if topic in EVERY or self.partitions == 1:
            return "every"
        weaker: dict[str, Policy] = {hops.FIGURES: "any_order", hops.REPORTS: "any_order", hops.REVISIONS: "ids"}
        return weaker[topic]


SHARED = Layout()
SPLIT = Layout(partitions=1, workers=HOPS)


@dataclass(frozen=True)
class Raw:
    """One record for articles.raw: copies share their original's key, so that they stay behind it."""

    key: bytes
    value: bytes
    timestamp_ms: int


def articles(
    count: int,
    seed: int = 3,
    poison_every: int = 25,
    places: Sequence[str] = PLACES,
    words: Sequence[str] = (),
    apart_ms: int = 1000,
) -> list[Raw]:
    """`count` records: stories, copies and revisions of them, late ones, and now and then one that nobody can read.

    `words`: those that the stories are told in; made up for each where there are none. They end at `BASE_MS` plus two
    hours at the latest.
    """
    generator = random.Random(seed)
    start_ms = BASE_MS - max(0, count * apart_ms - 2 * HOUR_MS)
    found: list[Raw] = []
    stories: list[dict[str, Any]] = []
    while len(found) < count:
        number, moment_ms = len(found), start_ms + len(found) * apart_ms
        if poison_every and number % poison_every == poison_every - 1:
            found.append(Raw(POISON, b'{"text": %d' % number, moment_ms))
            continue
        late_ms = generator.choice((0, 0, 0, HOUR_MS))
        article = _article(generator, number, moment_ms, stories, places, words)
        found.append(Raw(article.pop("root").encode(), orjson.dumps(article), moment_ms - late_ms))
    return found


def towns(count: int = 2000) -> list[str]:
    """The names of the best known towns: with news from so many, few articles of a day tell of one event."""
    gazetteer = Gazetteer.open(ensure())
    entries = map(gazetteer.entry, range(gazetteer.counts["entries"]))
    known = (entry.name for entry in entries if entry.feature_class == "P" and entry.name.isascii())
    return list(itertools.islice(known, count))


def _article(
    generator: random.Random,
    number: int,
    moment_ms: int,
    stories: list[dict[str, Any]],
    places: Sequence[str],
    words: Sequence[str],
) -> dict[str, Any]:
    kind = generator.choice(("story", "story", "copy", "revision")) if stories else "story"
    if kind == "story":
        stories.append(_story(generator, number, moment_ms, places, words))
        del stories[:-_TOLD_AGAIN]
        return dict(stories[-1], text=_text(stories[-1]))
    story = generator.choice(stories)
    if kind == "revision":
        story["killed"] += generator.randint(1, 5)
    return dict(story, id=f"{kind}-{number}", source=f"{kind}-{number % 5}.example", text=_text(story))


_TOLD_AGAIN = 15
"""How many of the last stories are copied and revised."""


def _story(
    generator: random.Random, number: int, moment_ms: int, places: Sequence[str], words: Sequence[str]
) -> dict[str, Any]:
    return {
        "root": f"story-{number}", "id": f"story-{number}", "source": f"outlet-{number % 7}.example",
        "place": generator.choice(places), "killed": generator.randint(2, 60), "injured": generator.randint(2, 90),
        "prose": prose(generator, 90, words), "published_at": datetime.fromtimestamp(moment_ms / 1000, UTC).isoformat(),
    }  # fmt: skip


def _text(story: Mapping[str, Any]) -> str:
    return (
        f"A blast in {story['place']} on Wednesday killed {story['killed']} people and wounded {story['injured']} "
        f"others, police said. {story['prose']}"
    )


@dataclass
class Worker:
    """One `stream-app worker` process and its pages."""

    process: Process
    port: int
    hops: str
    clock: Path
    failures: int = 0
    not_before_s: float = 0.0

    def supervise(self) -> bool:
        """Start it again if it is dead, at once the first time and then with growing pauses; whether it was started."""
        now = time.monotonic()
        if self.process.alive or now < self.not_before_s:
            return False
        self.not_before_s = now + min(LONGEST_BACKOFF_S, 2.0**self.failures)
        self.failures += 1
        self.process.restart()
        return True

    def move_clock(self, offset_s: float) -> None:
        """Let its clock stand so many seconds off the true time."""
        self.clock.write_text(str(offset_s))
        self.process.popen.send_signal(signal.SIGUSR1)

    def cpu_s(self) -> float:
        """Seconds of processor that the living process has used."""
        try:
            fields = Path(f"/proc/{self.process.popen.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def get(self, path: str) -> int:
        """The status of a page; 0 where nobody listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return int(error.code)
        except OSError:
            return 0

    def metric(self, series: str) -> float:
        """What a series of its metrics stands at; 0 for one that is not there."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return float(next((line for line in lines if line.startswith(series)), "0").split()[-1])

    @property
    def ready(self) -> bool:
        return self.process.alive and self.get("/ready") == 200

    def why(self) -> str:
        """What it waits for, in its own words; `dead` or `silent` for one that says nothing."""
        if not self.process.alive:
            return "dead"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ready", timeout=2):
                return "ready"
        except urllib.error.HTTPError as error:
            return str(orjson.loads(error.read())["waiting_for"])
        except OSError:
            return "silent"


@dataclass
class Stage:
    """A named run: its own topics and groups on a shared cluster, its own workers; a context manager that ends them."""

    cluster: Cluster
    name: str
    folder: Path
    layout: Layout = SHARED
    settings: Mapping[str, str] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)
    published: int = 0
    deleted: dict[int, range] = field(default_factory=dict)
    """Offsets of each partition of the raw topic that a fault took away before they were read."""
    stood: Mapping[str, int] = field(default_factory=dict)
    """What stood before a change of release: in how many tolls each article was."""
    _started: int = 0
    sent: int = 0
    _failure: list[BaseException] = field(default_factory=list)
    _publishing: threading.Thread | None = None

    @property
    def prefix(self) -> str:
        return f"{self.name}."

    def __enter__(self) -> Self:
        asked = Settings(partitions=self.layout.partitions)
        for spec in TOPICS:
            create_topics(self.cluster, {self.prefix + spec.name: spec.partitions(asked)}, self._config(spec))
        return self

    def _config(self, spec: TopicSpec) -> dict[str, str]:
        """What the service would give the topic; but raw articles stay, for theirs are the only old timestamps.

        Compacted topics are not: the comparison wants every value.
        """
        kept = {"retention.ms": "-1"} if spec.name == hops.RAW else {}
        return {"max.message.bytes": "4000000", **spec.kept_config, **spec.time_config, **kept}

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.process.kill()
        if self._publishing is not None:
            self._publishing.join(30)

    # Workers

    def environ(self, which_hops: str, port: int) -> dict[str, str]:
        replicas = min(3, len(self.cluster.nodes))
        values = {
            "brokers": self.cluster.bootstrap, "prefix": self.prefix, "partitions": str(self.layout.partitions),
            "replication": str(replicas), "min_insync": str(max(1, replicas - 1)), "hops": which_hops,
            "session_timeout_s": str(SESSION_S), "commit_interval_s": "0.5", "web_port": str(port),
            "standby_replicas": "0", **self.settings,
        }  # fmt: skip
        return {PREFIX + name.upper(): value for name, value in values.items()}

    def start(self, which_hops: str, extra: Mapping[str, str] | None = None) -> Worker:
        """Start one more worker; returns at once."""
        port = free_port()
        self._started += 1
        log = self.folder / f"{self.name}-{self._started}.log"
        clock = log.with_suffix(".clock")
        path = os.pathsep.join(filter(None, (str(SHIM), str(REPOSITORY), os.environ.get("PYTHONPATH"))))
        environ = {**self.environ(which_hops, port), "PYTHONPATH": path, "SHIM_CLOCK": str(clock), "SHIM_PILLS": "1"}
        environ.update(extra or {})
        self.workers.append(Worker(Process(["stream_app", "worker"], log, environ), port, which_hops, clock))
        return self.workers[-1]

    def start_all(self) -> None:
        """Start every worker of the layout and wait until each handles records."""
        for which in self.layout.workers:
            self.start(which)
        self.wait_ready()

    def wait_ready(self, timeout_s: float = 180.0) -> float:
        """Seconds until every worker handles records; those that died are started again, as a supervisor would."""
        return wait_until(self._revived, f"{self.name}: workers ready", timeout_s, 0.2)

    def _revived(self) -> bool:
        self.revive()
        return all(worker.ready for worker in self.workers)

    def revive(self) -> None:
        """Start again what died: a worker that meets a fault it cannot heal exits, and its supervisor restarts it."""
        for worker in self.workers:
            popen = worker.process.popen
            if worker.supervise():
                last = worker.process.output().strip().splitlines()[-1:]
                self.deaths.append(f"{worker.hops} exited {popen.returncode}: {' '.join(last)[-200:]}")

    def wait(self, seconds: float) -> None:
        """Let time pass, with the supervisor at work."""
        deadline = time.monotonic() + seconds
        while (left_s := deadline - time.monotonic()) > 0:
            self.revive()
            time.sleep(min(0.5, left_s))

    def wait_for(self, done: Callable[[], bool], what: str) -> float:
        """Seconds until something has happened, with the supervisor at work."""

        def look() -> bool:
            self.revive()
            return done()

        return wait_until(look, f"{self.name}: {what}", PATIENCE_S, 0.2)

    def tell(self, folder: Path) -> None:
        """Keep the workers' logs, with the stack of every thread and task of those that live, and where topics stand."""
        for worker in self.workers:
            if worker.process.alive:
                worker.process.popen.send_signal(signal.SIGUSR2)
        time.sleep(2.0)
        folder.mkdir(parents=True, exist_ok=True)
        for log in self.folder.glob(f"{self.name}-*.log"):
            shutil.copy(log, folder)
        with contextlib.suppress(Exception):  # a cluster in trouble cannot say
            (folder / "offsets.txt").write_text("\n".join(self.offsets()) + "\n")

    def offsets(self) -> list[str]:
        """A line for each partition: what is committed, the end of what is stable, and the end."""
        topics = [self.prefix + name for name in (hops.RAW, *EVERY, *COUNTED)]
        stable, last = ends(self.cluster, topics), ends(self.cluster, topics, "read_uncommitted")
        done = {tp: offset for group in self.groups() for tp, offset in committed(self.cluster, group).items()}
        return [
            f"{tp[0]} {tp[1]}: committed {done.get(tp)}, stable {stable[tp]}, end {last[tp]}" for tp in sorted(last)
        ]

    def drop(self, worker: Worker) -> None:
        """Take a worker out of the run for good."""
        worker.process.kill()
        self.workers.remove(worker)

    # Input

    def publish(
        self,
        records: Sequence[Raw],
        per_s: float | None = None,
        *,
        partition: int | None = None,
        compression: str | None = None,
    ) -> None:
        """Publish through the side door, in order, at a rate or at once.

        Where no partition is named, a key's is that of the layout, whatever has been added to the topic meanwhile.
        """

        async def send() -> None:
            async with AIOKafkaProducer(
                bootstrap_servers=self.cluster.direct,
                enable_idempotence=True,
                linger_ms=5,
                compression_type=compression,
                max_request_size=4_000_000,
                request_timeout_ms=1_800_000,  # a fault may take its time
            ) as producer:
                start = time.monotonic()
                pending = []
                for number, raw in enumerate(records):
                    if per_s is not None:
                        await asyncio.sleep(max(0.0, start + number / per_s - time.monotonic()))
                    self.sent += 1
                    pending.append(
                        await producer.send(
                            self.prefix + hops.RAW,
                            raw.value,
                            key=raw.key,
                            timestamp_ms=raw.timestamp_ms,
                            partition=self.partition_of(raw) if partition is None else partition,
                        )
                    )
                await asyncio.gather(*pending)

        run_async(send)
        self.published += len(records)

    def partition_of(self, raw: Raw) -> int:
        """Where a record goes in the raw topic as it was made: what any client's partitioner says."""
        return int(murmur2(raw.key) & 0x7FFFFFFF) % self.layout.partitions

    def publish_in_background(self, records: Sequence[Raw], per_s: float) -> None:
        """Publish at a rate while the test does something else."""

        def target() -> None:
            try:
                self.publish(records, per_s)
            except BaseException as error:  # noqa: BLE001 - raised again in the test's thread
                self._failure.append(error)

        self._publishing = threading.Thread(target=target, daemon=True)
        self._publishing.start()

    def published_all(self) -> None:
        """Wait for the background publisher."""
        if self._publishing is not None:
            self._publishing.join(300)
            assert not self._publishing.is_alive(), "publishing hangs"
        if self._failure:
            raise self._failure[0]

    # Outcome

    def groups(self) -> dict[str, list[str]]:
        """Each consumer group of this layout with the topics it reads."""
        base = f"{self.prefix}stream-app"
        found: dict[str, list[str]] = {}
        for which in set(self.layout.workers):
            names = which.split(",")
            group = base if len(names) == len(HOPS) else f"{base}-{'-'.join(names)}"
            found[group] = [self.prefix + SOURCES[name] for name in names]
        return found

    def left(self) -> int | None:
        """How many records of all hops are not committed yet; None while workers are not ready or cannot be asked.

        A consumer that reads what is committed sees no further than the begin of the oldest open transaction, which a
        dead worker leaves behind until the broker aborts it: so long, what lies behind it is not there yet.
        """
        self.revive()
        if not all(worker.ready for worker in self.workers):
            return None
        try:
            left = sum(lag(self.cluster, group, topics) for group, topics in self.groups().items())
            return left or in_open_transactions(self.cluster, [self.prefix + name for name in (*EVERY, *COUNTED)])
        except Exception:  # noqa: BLE001 - a cluster in trouble: not yet
            return None

    def settle(self, patience_s: float = PATIENCE_S) -> float:
        """Seconds until nothing is left to do, seen twice in a row: a hop's last output may just be on its way.

        Raises:
            TimeoutError: nothing moved for `patience_s` seconds, or it goes on for ever.
        """
        start = moved = time.monotonic()
        before: tuple[int | None, int] = (None, 0)
        reached: float | None = None
        while True:
            left = self.left()
            now = time.monotonic()
            if left == 0:
                if reached is not None:
                    return reached - start
                reached = now
                time.sleep(1.0)
                continue
            reached = None
            if (left, len(self.deaths)) != before:
                before, moved = (left, len(self.deaths)), now
            if now - moved > patience_s or now - start > LIMIT_S:
                states = [worker.why() for worker in self.workers]
                raise TimeoutError(f"{self.name}: {left} records left, nothing moved for {now - moved:.0f} s; {states}")
            time.sleep(0.3)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the service with the settings of the workers."""
        environ = {**os.environ, **self.environ(self.layout.workers[0], 0)}
        return subprocess.run(
            [sys.executable, "-m", "stream_app", *arguments], cwd=REPOSITORY, env=environ, capture_output=True,
            text=True, timeout=120, check=False,
        )  # fmt: skip

    def cpu_s(self) -> float:
        return sum(worker.cpu_s() for worker in self.workers)

    def outcome(self) -> dict[str, list[Seen]]:
        """What a `read_committed` consumer sees of each output topic."""
        return {name: self.read(name) for name in (*EVERY, *COUNTED)}

    def read(self, topic: str) -> list[Seen]:
        records = [record for record in consume(self.cluster, self.prefix + topic) if record.key != FOREIGN]
        if topic == hops.DEAD_LETTER:
            return [Seen(record.key, record.value, _origin(record)) for record in records]
        return seen(records)

    def sent_twice(self) -> int:
        """How many records the raw topic holds beyond those that were published: a retry of the publisher's own."""
        return sum(ends(self.cluster, [self.prefix + hops.RAW]).values()) - self.published

    def judge(self, expected: Mapping[str, Sequence[Seen]]) -> list[Verdict]:
        """Every topic held against an undisturbed run, and what is counted against the count of the reports that came.

        With more partitions than one, reports come in another order each time, and what is usual is judged as they come
        (ADR 21): the tolls must be those of an undisturbed count of this order.
        """
        found = self.outcome()
        wanted = expected if self.layout.partitions == 1 else {**expected, **self.counted()}
        return [compare(name, wanted[name], found[name], self.layout.policy(name)) for name in expected]

    def counted(self) -> dict[str, list[Seen]]:
        """What an undisturbed count makes of the reports that came, in their order."""
        count = Count()
        state, made = count.new_state(), {topic: list[Seen]() for topic in hops.COMPACTED}
        for record in consume(self.cluster, self.prefix + hops.REPORTS):
            effects = caught(count, hops.Record(record.key, record.value, timestamp_ms(record.headers) or 0), state)
            if record.key != FOREIGN and not isinstance(effects, PoisonError):
                for output in effects.outputs:
                    made.get(output.topic, []).append(Seen(output.key, output.value, output.event_id))
        return made

    def log_lines(self) -> int:
        return sum(worker.process.output().count("\n") for worker in self.workers)


def _origin(record: Any) -> str:
    """The event id of a dead letter: what its original was, not where it lay, which a publisher's retry may shift."""
    return f"{timestamp_ms(record.headers)}/{record.key!r}/{record.value!r}"


def undisturbed(
    cluster: Cluster, name: str, folder: Path, records: Sequence[Raw], layout: Layout
) -> dict[str, list[Seen]]:
    """What comes out when nothing goes wrong: one worker for everything, from start to end."""
    calm = Layout(layout.partitions, ("read,match,tag,count",))
    with Stage(cluster, name, folder, calm) as stage:
        stage.start_all()
        stage.publish(records)
        stage.settle()
        found = stage.outcome()
        assert not stage.deaths, stage.deaths
    return found
