"""The faults, one function each: what happens to a running stage, and for how long. Data for the suite and the tests.

Each does its harm and, where it can be undone, undoes it before it returns, and tells what it met, as a line for the
record; one that met nothing raises `NothingStruckError`, since a trial that passed for that reason shows nothing. What a
fault takes is longer in the full suite.
"""

from __future__ import annotations

import contextlib
import itertools
import random
import resource
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

import orjson

from stream_app.core import hops
from stream_app.settings import HOPS
from tests.kafka import damage, upgrade
from tests.kafka.broker import (
    begins,
    committed,
    consume,
    delete_topic,
    grow,
    lag,
    publish,
    set_config,
    wait_until,
)
from tests.kafka.checker import Seen, Verdict
from tests.kafka.cluster import Node
from tests.kafka.stage import (
    BASE_MS,
    FOREIGN,
    POISON,
    SESSION_S,
    SHARED,
    SOURCES,
    SPLIT,
    Layout,
    Raw,
    Stage,
    Worker,
    articles,
)

Length = Literal["short", "full"]
Phase = Literal["busy", "recovering"]
Inject = Callable[[Stage, Length], str]

PHASES: tuple[Phase, ...] = ("busy", "recovering")

BETWEEN = (hops.SIGNED, hops.UNIQUE, hops.REPORTS)
BROKEN = (b"\xff\xfe", b"[]", b'{"article": 1}', b"null")
HOUR_S = 3600.0
STRIKES, STRIKE_S = 4, 60.0
DAY_MS = 86_400_000
AGED = 60
GROWN_S = 60.0
TABLES = {"match": "match", "count": "reports"}
"""The table of each hop that has one."""
CODECS = ("gzip", "snappy", "lz4", "zstd")
"""As Kafka numbers them, from 1."""
MOST_GROWN_MIB = 400
"""What a worker may grow by while articles come, whoever looks on."""
#: Bytes that a dead letter with its headers exceeds and a transaction's marker does not: one that the topic refused
#: would leave the transaction open for ever.
NO_DEAD_LETTER = "200"


class NothingStruckError(AssertionError):
    """The fault met nobody: the trial would pass without showing anything."""


@dataclass(frozen=True)
class Fault:
    """One row of the table in docs/reliability.md.

    `nodes` is the size of the cluster that it needs. `extra_input` comes on top of the common articles, in every run
    that this one is compared with; `also` checks what no comparison shows. A fault that is `long` is for the full suite
    alone, which strikes with it while busy. One that makes sense in one phase only names it.

    `own_input` is published by the fault itself, in its own way, and by the undisturbed run with the rest. `left` says
    what of the input a fault has left that takes some away: the undisturbed run that it is held against is of that.
    Where `tells_again`, an operator's way out tells again what was told, under the same ids, which exactly-once
    does not hinder.

    One that is no strike but a course of its own gives it as `course`, with the `stage` for it and how it is judged.
    """

    name: str
    what: str
    inject: Inject
    layout: Layout = SHARED
    nodes: int = 1
    settings: Mapping[str, str] = field(default_factory=dict)
    extra_input: tuple[Raw, ...] = ()
    also: Callable[[Stage], None] = lambda _: None
    long: bool = False
    phases: tuple[Phase, ...] = PHASES
    own_input: tuple[Raw, ...] = ()
    left: Callable[[Stage, Sequence[Raw]], list[Raw]] | None = None
    tells_again: bool = False
    course: Callable[[Stage, Sequence[Raw]], str] | None = None
    stage: type[Stage] = Stage
    judge: Callable[[Stage, Mapping[str, Sequence[Seen]]], list[Verdict]] = Stage.judge


# Workers


def kill_hop(name: str) -> Inject:
    """SIGKILL the worker that runs one hop; the supervisor starts it again."""

    def inject(stage: Stage, length: Length) -> str:
        worker = next(worker for worker in stage.workers if worker.hops == name)
        _must(worker.process.alive, f"the worker of {name} is dead already")
        worker.process.restart()
        return f"one worker killed, {_unready(stage)} of {len(stage.workers)} not ready"

    return inject


def kill_all(stage: Stage, length: Length) -> str:
    """SIGKILL every worker in the same moment."""
    alive = [worker for worker in stage.workers if worker.process.alive]
    _must(bool(alive), "every worker is dead already")
    for worker in alive:
        worker.process.popen.kill()
    for worker in alive:
        worker.process.popen.wait()
    stage.revive()
    return f"{len(alive)} workers killed"


def terminate(stage: Stage, length: Length) -> str:
    """SIGTERM: drains, commits, exits 0 within 10 s."""
    worker = stage.workers[0]
    was_ready = worker.ready
    code, took_s = worker.process.terminate()
    _must(took_s < 10, f"SIGTERM took {took_s:.1f} s")
    _must(code == 0 or not was_ready, f"SIGTERM ended with {code}: {worker.process.output()[-500:]}")
    worker.process.restart()
    return f"exit {code} after {took_s:.1f} s, {'ready' if was_ready else 'not ready'} before"


def freeze(stage: Stage, length: Length) -> str:
    """SIGSTOP beyond the session, then SIGCONT: a zombie whose partitions are another's by now."""
    worker = stage.workers[0]
    _must(worker.process.alive, "the worker is dead already")
    seconds = 30.0 if length == "full" else SESSION_S + 4
    worker.process.pause()
    stage.wait(seconds)
    worker.process.resume()
    stage.wait(2)
    return f"frozen for {seconds:.0f} s, {'alive' if worker.process.alive else 'gave up'} after"


def storm(stage: Stage, length: Length) -> str:
    """A third worker joins and leaves every five seconds, by SIGTERM and by SIGKILL."""
    rounds, joined = (24 if length == "full" else 3), 0
    for number in range(rounds):
        worker = stage.start(stage.layout.workers[0])
        took_s = stage.wait_for(partial(_up, worker), "one more worker comes up")
        stage.wait(max(0.0, 5 - took_s))
        joined += worker.ready
        if number % 2:
            worker.process.popen.terminate()
            worker.process.popen.wait(15)
        stage.drop(worker)
    return f"{rounds} came, {joined} of them were at work when they left"


def _up(worker: Worker) -> bool:
    return worker.get("/health") == 200


def clock_jump(stage: Stage, length: Length) -> str:
    """One worker's clock jumps ahead by an hour while it works, and back again by two."""
    worker = stage.workers[0]
    for offset_s in (HOUR_S, -HOUR_S):
        worker.move_clock(offset_s)
        stage.wait(3)
    _must(worker.process.alive, "the worker is dead")
    return "an hour ahead, then an hour behind"


def full_worker_disk(stage: Stage, length: Length) -> str:
    """No file of a worker can grow, its log included: it keeps nothing on disk, so nothing happens."""
    deaths = len(stage.deaths)
    for worker in stage.workers:
        _must(worker.process.alive, "a worker is dead already")
        resource.prlimit(worker.process.popen.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    stage.wait(8)
    _must(len(stage.deaths) == deaths, f"a worker gave up: {stage.deaths}")
    return f"{len(stage.workers)} workers"


# Brokers


def bounce(stage: Stage, length: Length) -> str:
    """The only broker is killed, stays away and comes back."""
    return _away(stage, stage.cluster.nodes[0], 30.0 if length == "full" else 12.0)


def _away(stage: Stage, node: Node, seconds: float) -> str:
    stage.cluster.kill(node)
    stage.wait(seconds)
    stage.cluster.restart(node)
    return f"node {node.node_id} away for {seconds:.0f} s"


def kill_leader(stage: Stage, length: Length) -> str:
    """The leader of articles.raw is killed and restarted."""
    return _away(stage, stage.cluster.leader(stage.prefix + hops.RAW), 20.0 if length == "full" else 10.0)


def move_coordinator(stage: Stage, length: Length) -> str:
    """The node that coordinates the workers' group is stopped in order, and comes back."""
    group = next(iter(stage.groups()))
    node = stage.cluster.coordinator(group)
    stage.cluster.stop(node)
    stage.wait(16 if length == "full" else 8)
    now = stage.cluster.coordinator(group)
    _must(now is not node, "the coordinator did not move")
    stage.cluster.restart(node)
    return f"from node {node.node_id} to node {now.node_id}"


def all_down(stage: Stage, length: Length) -> str:
    """Every broker is killed in the same moment; they come back after a while."""
    seconds = 60.0 if length == "full" else 20.0
    for node in stage.cluster.nodes:
        stage.cluster.kill(node)
    stage.wait(seconds)
    stage.cluster.start()
    return f"{len(stage.cluster.nodes)} nodes away for {seconds:.0f} s"


def gone(away_s: float) -> Inject:
    """The brokers stay away for long: workers neither spin nor fill their logs, and still end on SIGTERM."""

    def inject(stage: Stage, length: Length) -> str:
        lines, cpu_s = stage.log_lines(), stage.cpu_s()
        for node in stage.cluster.nodes:
            stage.cluster.kill(node)
        stage.wait(away_s)
        lines, cpu_s = stage.log_lines() - lines, max(0.0, stage.cpu_s() - cpu_s)
        count = len(stage.workers)
        _must(lines < count * (50 + 2 * away_s), f"{lines} log lines in {away_s:.0f} s without a broker")
        _must(cpu_s < count * (10 + away_s / 4), f"{cpu_s:.0f} s of processor in {away_s:.0f} s without a broker")
        code, took_s = stage.workers[0].process.terminate() if stage.workers[0].process.alive else (1, 0.0)
        _must(took_s < 10, f"SIGTERM took {took_s:.1f} s without a broker")
        stage.cluster.start()
        stage.revive()
        return f"{lines} log lines and {cpu_s:.0f} s of processor by {count} workers, exit {code} after {took_s:.1f} s"

    return inject


def full_disk(stage: Stage, length: Length) -> str:
    """The broker's disk, where the tables' changelogs are, is full: it ends itself, and comes back with room."""
    node = stage.cluster.nodes[0]
    stage.cluster.fill_disk(node)
    stage.wait_for(lambda: not node.alive, "the broker gives its disk up")
    stage.wait(20 if length == "full" else 8)
    stage.cluster.restart(node)
    return "the broker gave its log folder up and ended"


# The network


def _each_proxy(stage: Stage, act: str, *args: float) -> None:
    for node in stage.cluster.nodes:
        assert node.proxy is not None
        getattr(node.proxy, act)(*args)


def _harmed(stage: Stage) -> int:
    return sum(node.proxy.harmed for node in stage.cluster.nodes if node.proxy is not None)


def _for_a_while(stage: Stage, seconds: float, act: str, *args: float) -> str:
    before = _harmed(stage)
    _each_proxy(stage, act, *args)
    stage.wait(seconds)
    met = _harmed(stage) - before
    _each_proxy(stage, "heal")
    _must(met > 0, "no connection was open and none came")
    return f"{met} connections or packets in {seconds:.0f} s"


def cut(stage: Stage, length: Length) -> str:
    """Every connection is cut, and new ones are refused for a while."""
    return _for_a_while(stage, 15 if length == "full" else 5, "cut")


def resets(stage: Stage, length: Length) -> str:
    """Every connection is reset again and again."""
    before = _harmed(stage)
    for _ in range(24 if length == "full" else 8):
        _each_proxy(stage, "reset")
        stage.wait(0.7)
    met = _harmed(stage) - before
    _must(met > 0, "no connection was open")
    return f"{met} connections"


def blackhole(stage: Stage, length: Length) -> str:
    """Connections stay open and pass nothing, past the session."""
    return _for_a_while(stage, 60 if length == "full" else SESSION_S + 6, "blackhole")


def one_dark(stage: Stage, length: Length) -> str:
    """The leader of articles.raw stays up and in the metadata, and passes clients nothing."""
    node = stage.cluster.leader(stage.prefix + hops.RAW)
    assert node.proxy is not None
    before = node.proxy.harmed
    node.proxy.blackhole()
    seconds = 60 if length == "full" else SESSION_S + 6
    stage.wait(seconds)
    met = node.proxy.harmed - before
    node.proxy.heal()
    _must(met > 0, "no connection was open and none came")
    return f"node {node.node_id}: {met} connections or packets in {seconds:.0f} s"


def producer_timeout(stage: Stage, length: Length) -> str:
    """Connections stay open and pass nothing, past the producer's patience: workers give up rather than go on.

    A worker that has nothing in hand waits for better times and loses nothing: then the fault strikes again.
    """
    deaths = len(stage.deaths)
    for strike in range(1, STRIKES + 1):
        _each_proxy(stage, "blackhole")
        waited_s = 0.0
        while len(stage.deaths) == deaths and waited_s < STRIKE_S:
            stage.wait(1.0)
            waited_s += 1.0
        _each_proxy(stage, "heal")
        if len(stage.deaths) > deaths:
            return f"a worker gave up after {waited_s:.0f} s of strike {strike}"
        stage.wait(1.0)
    raise NothingStruckError(f"no worker had anything in hand at any of {STRIKES} strikes")


def slow(stage: Stage, length: Length) -> str:
    """Every chunk takes a fifth of a second."""
    return _for_a_while(stage, 20 if length == "full" else 10, "slow", 0.2)


# What comes in


def nothing(stage: Stage, length: Length) -> str:
    """The harm is in the input."""
    return "in the input"


def schema_break(stage: Stage, length: Length) -> str:
    """Records between the hops that no hop of ours wrote."""
    for name in BETWEEN:
        publish(stage.cluster, stage.prefix + name, [(FOREIGN, value) for value in BROKEN], timestamp_ms=BASE_MS)
    return f"{len(BETWEEN) * len(BROKEN)} records"


def all_buried(stage: Stage) -> None:
    """Each foreign record ended as a dead letter, whichever hop it met."""
    found = [record for record in consume(stage.cluster, stage.prefix + hops.DEAD_LETTER) if record.key == FOREIGN]
    where = {(dict(record.headers)["__streams.errors.topic"], record.value) for record in found}
    wanted = {((stage.prefix + name).encode(), value) for name in BETWEEN for value in BROKEN}
    _must(where == wanted, f"{len(where)} of {len(wanted)} foreign records buried")


def refuse_dead_letters(stage: Stage, length: Length) -> str:
    """The dead-letter topic refuses everything for a while: workers must neither go on without it nor lose it."""
    topic = stage.prefix + hops.DEAD_LETTER
    deaths = len(stage.deaths)
    set_config(stage.cluster, topic, {"max.message.bytes": NO_DEAD_LETTER, "retention.ms": "-1"})
    stage.wait_for(lambda: len(stage.deaths) > deaths, "a worker stops at the refusal")
    stage.wait(12 if length == "full" else 3)
    set_config(stage.cluster, topic, {"max.message.bytes": "4000000", "retention.ms": "-1"})
    return f"{len(stage.deaths) - deaths} workers gave up"


def swallow(*kinds: str) -> Inject:
    """Records that the shim makes a hop fail on, each time; they end as dead letters, and the rest goes on."""

    def inject(stage: Stage, length: Length) -> str:
        deaths, before = len(stage.deaths), len(_set_aside(stage))
        for kind in kinds:
            value = orjson.dumps({"id": FOREIGN.decode(), "text": f"Of {kind} nobody has told yet: shim-pill:{kind}"})
            publish(stage.cluster, stage.prefix + hops.RAW, [(FOREIGN, value)], timestamp_ms=BASE_MS)
        stage.wait_for(lambda: len(_set_aside(stage)) >= before + len(kinds), f"{', '.join(kinds)} set aside")
        return f"{len(kinds)} set aside after {len(stage.deaths) - deaths} deaths"

    return inject


def _set_aside(stage: Stage) -> list[bytes]:
    """The pills among the dead letters."""
    found = [record for record in consume(stage.cluster, stage.prefix + hops.DEAD_LETTER) if record.key == FOREIGN]
    return [record.value for record in found if dict(record.headers)["reason"] == b"internal_error"]


def readers(stage: Stage, length: Length) -> str:
    """Fifteen readers of each worker's metrics that do not read, and fifteen that never end their request."""
    stage.wait_for(lambda: all(map(_up, stage.workers)), "the pages answer")
    before = [_resident_mib(worker) for worker in stage.workers]
    with contextlib.ExitStack() as held:
        asked = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
        for worker, sent in itertools.product(stage.workers, (asked + b"\r\n", asked)):
            for _ in range(15):
                reader = held.enter_context(socket.create_connection(("127.0.0.1", worker.port), 5))
                reader.sendall(sent)
        stage.wait(20 if length == "full" else 5)
        stage.wait_for(lambda: all(map(_up, stage.workers)), "the pages answer others")
        grown = max(_resident_mib(worker) - mib for worker, mib in zip(stage.workers, before, strict=True))
        _must(grown < MOST_GROWN_MIB, f"a worker grew by {grown} MiB")
    return f"{30 * len(stage.workers)} connections, no worker grew by more than {max(grown, 0)} MiB"


def _resident_mib(worker: Worker) -> int:
    fields = Path(f"/proc/{worker.process.popen.pid}/statm").read_text().split()
    return int(fields[1]) * resource.getpagesize() // 2**20


# What is lost under it, and what grows


def lose_changelog(hop: str) -> Inject:
    """The topic that a table is kept in is deleted: workers refuse to start, and the runbook's way out is taken."""

    def inject(stage: Stage, length: Length) -> str:
        read = stage.prefix + SOURCES[hop]
        group = next(group for group, topics in stage.groups().items() if read in topics)
        stage.wait_for(lambda: _done(stage, group, read) > 0, "something of the table's is committed")
        _halt(stage)
        _must(_done(stage, group, read) > 0, "no offset stands: nothing is missed")
        delete_topic(stage.cluster, f"{stage.prefix}stream-app-{TABLES[hop]}-changelog")
        told = [len(worker.process.output()) for worker in stage.workers]
        for worker in stage.workers:
            worker.process.restart()
        for worker, begin in zip(stage.workers, told, strict=True):
            code = worker.process.popen.wait(60)
            last = worker.process.output()[begin:]
            _must(code == 1 and f"stream-app topics --rebuild {hop}" in last, f"exit {code}: {last[-500:]}")
        rebuilt = stage.command("topics", "--rebuild", hop)
        _must(rebuilt.returncode == 0, rebuilt.stderr)
        for worker in stage.workers:
            worker.process.restart()
        return f"{len(stage.workers)} workers refused to start; {rebuilt.stdout.strip().splitlines()[0]}"

    return inject


def _done(stage: Stage, group: str, topic: str) -> int:
    return sum(offset for (name, _), offset in committed(stage.cluster, group).items() if name == topic)


def expire(stage: Stage, length: Length) -> str:
    """Retention takes what waits in the raw topic while no worker reads; more comes, and they are started again.

    While busy alone: a worker that is killed may have published what it has not committed, and then nobody can say
    which of the records that are gone were read.
    """
    raw = stage.prefix + hops.RAW
    _halt(stage)
    group = next(group for group, topics in stage.groups().items() if raw in topics)
    set_config(stage.cluster, raw, {"retention.ms": "60000"})
    done = {partition: offset for (name, partition), offset in committed(stage.cluster, group).items() if name == raw}
    wait_until(lambda: any(first > done.get(n, 0) for n, first in begins(stage.cluster, raw).items()), "expiry", 60)
    set_config(stage.cluster, raw, {"retention.ms": "-1"})
    time.sleep(3.0)  # the broker's next look
    for partition, first in begins(stage.cluster, raw).items():
        stage.deleted[partition] = range(done.get(partition, 0), max(first, done.get(partition, 0)))
    for worker in stage.workers:
        worker.process.restart()
    stage.publish(APART)
    return f"{_gone(stage)} records deleted unread"


def _halt(stage: Stage) -> None:
    """Stop every worker in order, so that what was published is what is committed; a slow machine may take several."""
    for _ in range(STRIKES):
        for worker in stage.workers:
            worker.process.popen.terminate()
        codes = [worker.process.popen.wait(30) for worker in stage.workers]
        if not any(codes):
            return
        stage.wait_ready()
    raise NothingStruckError("the workers never stop in order")


def _gone(stage: Stage) -> int:
    return sum(map(len, stage.deleted.values()))


def _unexpired(stage: Stage, records: Sequence[Raw]) -> list[Raw]:
    """The input without what was deleted: found by its place in what was sent, whatever the workers say."""
    offsets, kept = Counter[int](), []
    for raw in records:
        partition = stage.partition_of(raw)
        if offsets[partition] not in stage.deleted.get(partition, ()):
            kept.append(raw)
        offsets[partition] += 1
    return [*kept, *APART]


def told_as_lost(stage: Stage) -> None:
    """The workers have counted what is gone, to the record."""
    counted = sum(worker.metric('stream_app_input_lost_records_total{hop="read"}') for worker in stage.workers)
    _must(counted == _gone(stage), f"{counted:.0f} counted as lost, {_gone(stage)} deleted")
    _must(counted > 0, "nothing was deleted")


def wait_in_between(stage: Stage, length: Length) -> str:
    """Records older than any retention wait between the hops, longer than the broker takes to look at their age."""
    down = [worker for worker in stage.workers if worker.hops in {"tag", "count"}]
    for worker in down:
        worker.process.kill()
    others = [worker for worker in stage.workers if worker not in down]

    def come() -> bool:
        for worker in others:
            worker.supervise()
        return sum(b'"aged-' in (record.value or b"") for record in consume(stage.cluster, unique)) >= AGED // 4

    unique = stage.prefix + hops.UNIQUE
    wait_until(come, f"{stage.name}: old articles wait for the hop tag", 120)
    time.sleep(30.0 if length == "full" else 6.0)  # the broker looks every two seconds
    (group,) = (group for group, topics in stage.groups().items() if unique in topics)
    waiting = lag(stage.cluster, group, [unique])
    _must(waiting > 0, "nothing waited")
    for worker in down:
        worker.process.restart()
    return f"{waiting} records waited for the hop tag"


def add_partitions(stage: Stage, length: Length) -> str:
    """The raw topic gets two partitions more, and articles on them: all read within a minute of the workers' readiness."""
    raw, own = stage.prefix + hops.RAW, APART
    grow(stage.cluster, raw, stage.layout.partitions + 2)
    for number in range(2):
        stage.publish(own[number::2], partition=stage.layout.partitions + number)
    ready_s = stage.wait_for(lambda: all(worker.ready for worker in stage.workers), "workers ready")
    wanted = {orjson.loads(raw.value)["id"].encode() for raw in own}

    def told() -> bool:
        return wanted <= {record.key for record in consume(stage.cluster, stage.prefix + hops.ENRICHED)}

    took_s = stage.wait_for(told, "what is on the new partitions is told")
    _must(took_s < GROWN_S, f"read after {took_s:.0f} s")
    return f"{len(own)} articles on 2 new partitions told {ready_s + took_s:.0f} s later"


def every_codec(stage: Stage, length: Length) -> str:
    """Batches compressed in each way that Kafka knows; our own topics are compressed as well."""
    own = APART
    for number, codec in enumerate(CODECS):
        stage.publish(own[number :: len(CODECS)], compression=codec)
    numbers = set(range(1, len(CODECS) + 1))
    _must(numbers <= damage.codecs(stage.cluster, stage.prefix + hops.RAW), "the broker holds them in other ways")
    return ", ".join(CODECS)


def _must(holds: object, otherwise: str) -> None:
    if not holds:
        raise NothingStruckError(otherwise)


def _unready(stage: Stage) -> int:
    return sum(not worker.ready for worker in stage.workers)


def _poison(count: int) -> tuple[Raw, ...]:
    kinds = (b"not json", b"[1]", b"{}", b'{"text": ""}', b'{"text": "a", "published_at": "soon"}', b"\xff\xfe", b"")
    cycle = itertools.islice(itertools.cycle(kinds), count)
    return tuple(Raw(POISON, value, BASE_MS + 5_000_000 + number) for number, value in enumerate(cycle))


def _large() -> tuple[Raw, ...]:
    sizes = (900_000, 1_100_000, 3_000_000)
    return tuple(
        Raw(b"large", orjson.dumps({"id": f"large-{size}", "text": "x " * (size // 2)}), BASE_MS + 6_000_000)
        for size in sizes
    )


def _keys() -> tuple[Raw, ...]:
    """Keys as large as the broker takes them, of articles and of what is none."""
    values = (orjson.dumps({"id": "large-key", "text": "Nothing was heard of it."}), b"{")
    return tuple(Raw(b"k" * 3_900_000, value, BASE_MS + 6_500_000) for value in values)


def _late() -> tuple[Raw, ...]:
    """A hundred articles in no order of time: some hours, some days, some weeks late, some ahead of their time."""
    generator = random.Random(5)
    delays_ms = (3_600_000, 86_400_000, 30 * 86_400_000, -7_200_000)
    mixed = articles(100, seed=9, poison_every=0)
    generator.shuffle(mixed)
    return tuple(
        Raw(
            b"late-" + raw.key,
            raw.value.replace(b'"id":"', b'"id":"late-'),
            raw.timestamp_ms - generator.choice(delays_ms),
        )
        for raw in mixed
    )


def _apart() -> tuple[Raw, ...]:
    told = articles(80, seed=29, poison_every=0)
    return _named("apart", [raw for raw in told if raw.value.startswith(b'{"id":"story-')])


def _aged() -> tuple[Raw, ...]:
    """Articles whose producer gave them a time that is sixty days old."""
    told = _named("aged", articles(AGED, seed=31, poison_every=0))
    return tuple(Raw(raw.key, raw.value, raw.timestamp_ms - 60 * DAY_MS) for raw in told)


def _named(name: str, records: Sequence[Raw]) -> tuple[Raw, ...]:
    lead = name.encode() + b"-"
    return tuple(
        Raw(lead + raw.key, raw.value.replace(b'"id":"', b'"id":"' + lead), raw.timestamp_ms) for raw in records
    )


APART: tuple[Raw, ...] = _apart()
"""Stories that have nothing to do with the common ones or each other, so that any of them may come first."""

FAULTS: tuple[Fault, ...] = (
    Fault("dark", "one of three brokers silent, its connections open", one_dark, nodes=3),
    *(Fault(f"kill-{name}", f"SIGKILL of the worker of hop {name}", kill_hop(name), SPLIT) for name in HOPS),
    Fault("kill-all", "SIGKILL of every worker at once", kill_all),
    Fault("sigterm", "SIGTERM: drains, commits, exits 0 within 10 s", terminate),
    Fault("zombie", "SIGSTOP beyond the session, then SIGCONT", freeze),
    Fault("storm", "a worker joins and leaves every 5 s", storm),
    Fault("clock", "a worker's clock jumps an hour ahead and two back", clock_jump),
    Fault("worker-disk", "no file of the workers can grow", full_worker_disk),
    Fault("broker", "the only broker killed and restarted", bounce),
    Fault("disk", "the broker's disk, where tables are kept, is full", full_disk),
    Fault("gone", "the broker away for 30 s; SIGTERM meanwhile", gone(30.0)),
    Fault("outage", "the broker away for 10 minutes; SIGTERM meanwhile", gone(600.0), long=True),
    Fault("cut", "all connections cut and refused", cut),
    Fault("resets", "all connections reset again and again", resets),
    Fault("blackhole", "connections open but silent, beyond the session", blackhole),
    Fault(
        "timeout", "no answer for longer than the producer waits", producer_timeout, settings={"send_timeout_s": "5"}
    ),
    Fault("slow", "every packet 200 ms late", slow),
    Fault("poison", "a burst of 300 records that nobody can read", nothing, extra_input=_poison(300)),
    Fault("large", "records near, over and far over the limits", nothing, extra_input=_large()),
    Fault("late", "articles out of order, hours to weeks late", nothing, extra_input=_late()),
    Fault("schema", "foreign records between the hops", schema_break, also=all_buried),
    Fault("key", "keys as large as the broker lets through", nothing, extra_input=_keys()),
    Fault(
        "pill", "records on which hops raise each time, before and after a change of state", swallow("raise", "halfway")
    ),
    Fault("killer", "a record that kills its process each time", swallow("kill")),
    Fault("held", "a record that holds Python's lock for good", swallow("hold"), long=True),
    Fault("readers", "slow readers of the worker's pages, and requests that never end", readers),
    Fault("refusal", "the dead-letter topic refuses for a while", refuse_dead_letters),
    Fault("leader", "the leader of articles.raw killed and restarted", kill_leader, nodes=3),
    Fault("coordinator", "the group's coordinator moves", move_coordinator, nodes=3),
    Fault("all-down", "all three brokers killed, back after a while", all_down, nodes=3),
    *(
        Fault(
            f"changelog-{name}",
            f"the changelog of {name} lost; workers refuse to start, and it is rebuilt",
            lose_changelog(name),
            tells_again=True,
        )
        for name in ("match", "count")
    ),
    Fault(
        "expired",
        "input deleted by retention before it was read: counted, the rest as if it had never been",
        expire,
        also=told_as_lost,
        phases=("busy",),
        own_input=APART,
        left=_unexpired,
        long=True,
    ),
    Fault(
        "aged", "articles sixty days old by their producer, and hops down", wait_in_between, SPLIT, extra_input=_aged()
    ),
    Fault("grown", "partitions added to articles.raw", add_partitions, own_input=APART),
    Fault(
        "codecs",
        "batches in gzip, snappy, lz4 and zstd; our own topics in zstd",
        every_codec,
        settings={"compression": "zstd"},
        own_input=APART,
    ),
    Fault(
        "upgrade",
        f"upgrade from {upgrade.BEFORE} with all that stands in its topics and tables",
        nothing,
        upgrade.ALONE,
        course=upgrade.there,
        stage=upgrade.Upgrade,
        judge=upgrade.none_twice,
        phases=("busy",),
        long=True,
    ),
    Fault(
        "way-back",
        f"upgrade from {upgrade.BEFORE}, and back to it",
        nothing,
        upgrade.ALONE,
        course=upgrade.there_and_back,
        stage=upgrade.Upgrade,
        judge=upgrade.none_lost,
        phases=("busy",),
        long=True,
    ),
)
