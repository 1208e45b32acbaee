"""The faults, one function each: what happens to a running stage, and for how long. Data for the suite and the tests."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from stream_app.core import hops
from stream_app.settings import HOPS
from tests.kafka.broker import consume, publish, set_config
from tests.kafka.stage import BASE_MS, FOREIGN, SESSION_S, SHARED, SPLIT, Layout, Raw, Stage

Inject = Callable[[Stage, float], None]

BETWEEN = (hops.SIGNED, hops.UNIQUE, hops.FIGURES)
BROKEN = (b"\xff\xfe", b"[]", b'{"article": 1}', b"null")


@dataclass(frozen=True)
class Fault:
    """One row of the table in docs/reliability.md.

    `inject(stage, scale)` does the harm and, where it can be undone, undoes it before it returns; `scale` stretches
    the durations of the full suite. `nodes` is the size of the cluster that it needs. `extra_input` comes on top of the
    common articles, in every run that this one is compared with; `also` checks what no comparison shows.
    """

    name: str
    what: str
    inject: Inject
    layout: Layout = SHARED
    nodes: int = 1
    settings: Mapping[str, str] = field(default_factory=dict)
    extra_input: tuple[Raw, ...] = ()
    recovering: bool = True
    also: Callable[[Stage], None] = lambda _: None


# Workers


def kill_hop(name: str) -> Inject:
    """SIGKILL the worker that runs one hop; the supervisor starts it again."""

    def inject(stage: Stage, scale: float) -> None:
        worker = next(worker for worker in stage.workers if worker.hops == name)
        worker.process.restart()

    return inject


def kill_all(stage: Stage, scale: float) -> None:
    """SIGKILL every worker in the same moment."""
    for worker in stage.workers:
        worker.process.popen.kill()
    stage.revive()


def terminate(stage: Stage, scale: float) -> None:
    """SIGTERM: drains, commits, exits 0 within 10 s."""
    worker = stage.workers[0]
    was_ready = worker.ready
    code, took_s = worker.process.terminate()
    assert took_s < 10, f"SIGTERM took {took_s:.1f} s"
    assert code == 0 or not was_ready, f"SIGTERM ended with {code}: {worker.process.output()[-500:]}"
    worker.process.restart()


def freeze(stage: Stage, scale: float) -> None:
    """SIGSTOP beyond the session, then SIGCONT: a zombie whose partitions are another's by now."""
    worker = stage.workers[0]
    worker.process.pause()
    time.sleep(max(SESSION_S + 4, 30 * (scale - 1)))
    worker.process.resume()
    time.sleep(2)


def storm(stage: Stage, scale: float) -> None:
    """A third worker joins and leaves every five seconds."""
    for round_ in range(int(3 * scale)):
        worker = stage.start(stage.layout.workers[0])
        time.sleep(5)
        if round_ % 2:
            worker.process.popen.terminate()
            worker.process.popen.wait(15)
        stage.drop(worker)


def clock_jump(stage: Stage, scale: float) -> None:
    """One worker restarts with its clock an hour ahead."""
    worker = stage.workers[0]
    shim = Path(stage.folder) / "clock"
    shim.mkdir(exist_ok=True)
    (shim / "sitecustomize.py").write_text("import time\n_now = time.time\ntime.time = lambda: _now() + 3600.0\n")
    worker.process.environ["PYTHONPATH"] = f"{shim}{os.pathsep}{worker.process.environ.get('PYTHONPATH', '')}"
    worker.process.restart()


# Brokers


def bounce(stage: Stage, scale: float) -> None:
    """The only broker is killed, stays away and comes back."""
    cluster = stage.cluster
    cluster.kill(cluster.nodes[0])
    time.sleep(15 * scale)
    cluster.restart(cluster.nodes[0])


def kill_leader(stage: Stage, scale: float) -> None:
    """The leader of articles.raw is killed and restarted."""
    leader = stage.cluster.leader(stage.prefix + hops.RAW)
    stage.cluster.kill(leader)
    time.sleep(10 * scale)
    stage.cluster.restart(leader)


def move_coordinator(stage: Stage, scale: float) -> None:
    """The node that coordinates the workers' group is stopped in order, and comes back."""
    node = stage.cluster.coordinator(next(iter(stage.groups())))
    stage.cluster.stop(node)
    time.sleep(8 * scale)
    stage.cluster.restart(node)


def all_down(stage: Stage, scale: float) -> None:
    """Every broker is killed in the same moment; they come back after a while."""
    for node in stage.cluster.nodes:
        stage.cluster.kill(node)
    time.sleep(20 * scale)
    stage.cluster.start()


def gone(stage: Stage, scale: float) -> None:
    """The brokers stay away for long: workers neither spin nor fill their logs, and still end on SIGTERM."""
    before = stage.log_lines()
    for node in stage.cluster.nodes:
        stage.cluster.kill(node)
    away_s = 25.0 if scale == 1 else 600.0
    time.sleep(away_s)
    lines = stage.log_lines() - before
    assert lines < 100 + 4 * away_s, f"{lines} log lines in {away_s:.0f} s without a broker"
    _, took_s = stage.workers[0].process.terminate()
    assert took_s < 10, f"SIGTERM took {took_s:.1f} s without a broker"
    stage.cluster.start()
    stage.revive()


# The network


def _each_proxy(stage: Stage, act: str, *args: float) -> None:
    for node in stage.cluster.nodes:
        assert node.proxy is not None
        getattr(node.proxy, act)(*args)


def cut(stage: Stage, scale: float) -> None:
    """Every connection is cut, and new ones are refused for a while."""
    _each_proxy(stage, "cut")
    time.sleep(5 * scale)
    _each_proxy(stage, "heal")


def resets(stage: Stage, scale: float) -> None:
    """Every connection is reset again and again."""
    for _ in range(int(8 * scale)):
        _each_proxy(stage, "reset")
        time.sleep(0.7)


def blackhole(stage: Stage, scale: float) -> None:
    """Connections stay open and pass nothing, past the session and the producer's patience."""
    _each_proxy(stage, "blackhole")
    time.sleep(max(SESSION_S + 6, 60 * (scale - 1)))
    _each_proxy(stage, "heal")


def slow(stage: Stage, scale: float) -> None:
    """Every chunk takes a fifth of a second."""
    _each_proxy(stage, "slow", 0.2)
    time.sleep(10 * scale)
    _each_proxy(stage, "heal")


# What comes in


def nothing(stage: Stage, scale: float) -> None:
    """The harm is in the input."""


def schema_break(stage: Stage, scale: float) -> None:
    """Records between the hops that no hop of ours wrote."""
    for name in BETWEEN:
        publish(stage.cluster, stage.prefix + name, [(FOREIGN, value) for value in BROKEN], timestamp_ms=BASE_MS)


def all_buried(stage: Stage) -> None:
    """Each foreign record ended as a dead letter, whichever hop it met."""
    found = [record for record in consume(stage.cluster, stage.prefix + hops.DEAD_LETTER) if record.key == FOREIGN]
    where = {(dict(record.headers)["__streams.errors.topic"], record.value) for record in found}
    wanted = {((stage.prefix + name).encode(), value) for name in BETWEEN for value in BROKEN}
    assert where == wanted, f"{len(where)} of {len(wanted)} foreign records buried"


def refuse_dead_letters(stage: Stage, scale: float) -> None:
    """The dead-letter topic refuses everything for a while: workers must neither go on without it nor lose it."""
    topic = stage.prefix + hops.DEAD_LETTER
    set_config(stage.cluster, topic, {"max.message.bytes": "10", "retention.ms": "-1"})
    time.sleep(6 * scale)
    set_config(stage.cluster, topic, {"max.message.bytes": "4000000", "retention.ms": "-1"})


def _poison(count: int) -> tuple[Raw, ...]:
    kinds = (b"not json", b"[1]", b"{}", b'{"text": ""}', b'{"text": "a", "published_at": "soon"}', b"\xff\xfe", b"")
    cycle = itertools.islice(itertools.cycle(kinds), count)
    return tuple(Raw(b"poison", value, BASE_MS + 5_000_000 + number) for number, value in enumerate(cycle))


def _large() -> tuple[Raw, ...]:
    sizes = (900_000, 1_100_000, 3_000_000)
    return tuple(
        Raw(b"large", orjson.dumps({"id": f"large-{size}", "text": "x " * (size // 2)}), BASE_MS + 6_000_000)
        for size in sizes
    )


FAULTS: tuple[Fault, ...] = (
    *(Fault(f"kill-{name}", f"SIGKILL of the worker of hop {name}", kill_hop(name), SPLIT) for name in HOPS),
    Fault("kill-all", "SIGKILL of every worker at once", kill_all),
    Fault("sigterm", "SIGTERM: drains, commits, exits 0 within 10 s", terminate),
    Fault("zombie", "SIGSTOP beyond the session, then SIGCONT", freeze, recovering=False),
    Fault("storm", "a worker joins and leaves every 5 s", storm, recovering=False),
    Fault("clock", "a worker's clock is an hour ahead", clock_jump, recovering=False),
    Fault("broker", "the only broker killed and restarted", bounce),
    Fault("gone", "the broker away for long; SIGTERM meanwhile", gone, recovering=False),
    Fault("cut", "all connections cut and refused", cut),
    Fault("resets", "all connections reset again and again", resets),
    Fault("blackhole", "connections open but silent, beyond the session", blackhole),
    Fault("slow", "every packet 200 ms late", slow),
    Fault("poison", "a burst of 300 records that nobody can read", nothing, extra_input=_poison(300), recovering=False),
    Fault("large", "records near, over and far over the limits", nothing, extra_input=_large(), recovering=False),
    Fault("schema", "foreign records between the hops", schema_break, recovering=False, also=all_buried),
    Fault("refusal", "the dead-letter topic refuses for a while", refuse_dead_letters, recovering=False),
    Fault("leader", "the leader of articles.raw killed and restarted", kill_leader, nodes=3),
    Fault("coordinator", "the group's coordinator moves", move_coordinator, nodes=3),
    Fault("all-down", "all three brokers killed, back after a while", all_down, nodes=3),
)
