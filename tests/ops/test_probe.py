"""Lag, partitions, tables and recovery as a worker sees them: on fakes, and on workers that pause and come back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP
from prometheus_client.parser import text_string_to_metric_families

from stream_app.gazetteer import default_path
from stream_app.service.embedded import EmbeddedBroker, die_with_parent, free_port
from stream_app.service.metrics import Metrics
from stream_app.service.probe import EndSightings, Probe, memory_limit_bytes
from stream_app.settings import PREFIX, Settings
from tests.ops.promql import ROOT

RAW = TP("articles.raw", 0)


class App:
    """As much of a Faust app as the probe looks at."""

    started = True

    def __init__(self, position: int | None, highwater: int | None) -> None:
        state = SimpleNamespace(has_valid_position=position is not None, position=position, highwater=highwater)
        self.assignment = SimpleNamespace(state_value=lambda tp: state)
        subscription = SimpleNamespace(subscription=SimpleNamespace(assignment=self.assignment))
        inner = SimpleNamespace(_subscription=subscription)
        self.consumer = SimpleNamespace(
            started=True, assignment=lambda: {RAW, TP("elsewhere", 1)}, _thread=SimpleNamespace(_consumer=inner)
        )
        recovery = SimpleNamespace(in_recovery=False, active_remaining=Counter)
        self.tables = SimpleNamespace(recovery=recovery)
        self.state = state
        self.connected: list[Callable[..., Any]] = []
        self.on_partitions_assigned = SimpleNamespace(connect=self.connected.append)


def runner(waiting: int = 0, oldest_s: float | None = None) -> Any:
    return SimpleNamespace(
        hop=SimpleNamespace(name="read", source="articles.raw"), settings=Settings(), table=None,
        waiting=lambda: waiting, oldest_waiting_s=lambda: oldest_s,
    )  # fmt: skip


def probed(app: Any, found: Any, now_s: float = 1000.0) -> Metrics:
    metrics = Metrics()
    Probe(app, [found], metrics, clock=lambda: now_s)()
    return metrics


def test_lag_is_what_the_broker_holds_and_what_is_fetched_but_not_acked() -> None:
    metrics = probed(App(position=40, highwater=50), runner(waiting=7))
    assert metrics.value("consumer_lag_records", "read") == 17
    assert metrics.value("assigned_partitions", "read") == 1


def test_a_fetched_record_tells_its_age() -> None:
    metrics = probed(App(position=50, highwater=50), runner(waiting=1, oldest_s=940.0), now_s=1000.0)
    assert metrics.value("consumer_lag_seconds", "read") == 60


def test_nothing_waits_at_the_end_of_the_partition() -> None:
    metrics = probed(App(position=50, highwater=50), runner())
    assert metrics.value("consumer_lag_records", "read") == 0
    assert metrics.value("consumer_lag_seconds", "read") == 0


@pytest.mark.parametrize(("position", "highwater"), [(None, 5), (5, None)])
def test_a_partition_of_which_nothing_is_known_yet_has_no_lag(position: int | None, highwater: int | None) -> None:
    assert probed(App(position, highwater), runner()).value("consumer_lag_records", "read") == 0


def test_a_worker_that_has_not_started_has_no_partitions() -> None:
    app = App(1, 5)
    app.started = False
    assert probed(app, runner()).value("assigned_partitions", "read") == 0


async def test_rebalances_are_counted() -> None:
    app, metrics = App(1, 5), Metrics()
    any_app: Any = app
    Probe(any_app, [runner()], metrics).install()
    for _ in range(2):
        await app.connected[0](app, {RAW})
    assert metrics.value("rebalances") == 2


def test_an_idle_partition_does_not_make_the_next_record_old() -> None:
    ends = EndSightings()
    assert ends.waiting_s(5, 5, now_s=0.0) == 0
    assert ends.waiting_s(5, 6, now_s=7200.0) == 0
    assert ends.waiting_s(5, 6, now_s=7215.0) == 15


def test_the_age_is_that_of_the_oldest_waiting_record_not_of_the_last() -> None:
    ends = EndSightings()
    for now_s, end in ((0.0, 10), (15.0, 20), (30.0, 30)):
        ends.waiting_s(5, end, now_s)
    assert ends.waiting_s(5, 30, 40.0) == 40
    assert ends.waiting_s(12, 30, 40.0) == 25
    assert ends.waiting_s(30, 30, 40.0) == 0


def test_the_container_s_limit_is_told_before_the_machine_s_memory(tmp_path: Path) -> None:
    limit, unlimited = tmp_path / "memory.max", tmp_path / "unlimited"
    limit.write_text("1048576\n")
    unlimited.write_text("max\n")
    assert memory_limit_bytes([limit]) == 1048576
    assert memory_limit_bytes([unlimited, tmp_path / "none"]) > 1048576


def told(port: int) -> dict[tuple[str, str], float]:
    """Every sample of a worker by name, and hop or topic."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        families = text_string_to_metric_families(answer.read().decode())
        samples = (sample for family in families for sample in family.samples)
        return {(s.name, s.labels.get("hop") or s.labels.get("topic", "")): s.value for s in samples}


def until(port: int, condition: Callable[[dict[tuple[str, str], float]], bool]) -> dict[tuple[str, str], float]:
    deadline = time.monotonic() + 60
    found: dict[tuple[str, str], float] = {}
    while time.monotonic() < deadline:
        try:
            found = told(port)
        except OSError:
            found = {}
        if found and condition(found):
            return found
        time.sleep(0.3)
    pytest.fail(f"not within a minute; last seen: { {k: v for k, v in found.items() if v and k[1]} }")


def environment(broker: EmbeddedBroker, **more: str) -> dict[str, str]:
    settings = {
        "brokers": broker.address, "partitions": "1", "replication": "1", "min_insync": "1", "standby_replicas": "0",
        "session_timeout_s": "6", "max_article_bytes": "20000", "idempotence": "false", **more,
    }  # fmt: skip
    return {**os.environ, **{PREFIX + name.upper(): value for name, value in settings.items()}}


@contextmanager
def worker(environ: dict[str, str], log: Path, cwd: Path = ROOT) -> Iterator[int]:
    """A worker for as long as the block lasts; gives the port of its pages."""
    port = free_port()
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "stream_app", "worker", "--web-port", str(port)], env=environ, cwd=cwd,
            stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
        )  # fmt: skip
    try:
        yield port
    finally:
        process.terminate()
        process.wait(20)


def publish(environ: dict[str, str], *paths: str) -> None:
    command = [sys.executable, "-m", "stream_app", "publish", *paths]
    subprocess.run(command, env=environ, cwd=ROOT, check=True, capture_output=True, timeout=60)


@pytest.mark.broker
@pytest.mark.usefixtures("gazetteer")
def test_a_worker_writes_no_file(broker: EmbeddedBroker, tmp_path: Path) -> None:
    """So that it runs where the root file system is read-only, as the image and the chart ask."""
    folders = {name: tmp_path / name for name in ("HOME", "TMPDIR", "cwd")}
    for folder in folders.values():
        folder.mkdir()
    environ = environment(broker, prefix="quiet.", gazetteer=str(default_path()))
    environ |= {name: str(folders[name]) for name in ("HOME", "TMPDIR")}
    environ |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    with worker(environ, tmp_path / "worker.log", cwd=folders["cwd"]) as port:
        until(port, lambda found: found["stream_app_ready", ""] == 1)
        publish({**environ, "HOME": os.environ["HOME"]}, "seeds/founding.txt")
        until(port, lambda found: found["stream_app_published_total", "articles.enriched"] == 1)
        assert [path for folder in folders.values() for path in folder.iterdir()] == []


@pytest.mark.broker
def test_a_paused_hop_shows_what_waits_and_for_how_long(broker: EmbeddedBroker, tmp_path: Path) -> None:
    environ = environment(broker, prefix="paused.", hops="read", poison_pause="2")
    poison, good = tmp_path / "poison.jsonl", tmp_path / "good.jsonl"
    poison.write_text("no json\nnor this\n")
    good.write_text("".join(f'{{"id": "a-{n}", "text": "Two people died."}}\n' for n in range(5)))
    with worker(environ, tmp_path / "worker.log") as port:
        until(port, lambda found: found["stream_app_ready", ""] == 1)
        publish(environ, str(poison))
        until(port, lambda found: found["stream_app_paused", "read"] == 1)
        publish(environ, str(good))
        first = until(port, lambda found: found["stream_app_consumer_lag_records", "read"] == 5)
        later = until(
            port,
            lambda found: (
                found["stream_app_consumer_lag_seconds", "read"] > first["stream_app_consumer_lag_seconds", "read"]
            ),
        )
    assert later["stream_app_records_total", "read"] == 2


def all_handled(found: dict[tuple[str, str], float]) -> bool:
    """Whether each hop has handled what the hop before it published."""
    sources = {"match": "articles.signed", "tag": "articles.unique", "count": "incidents.reports"}
    records, published = "stream_app_records_total", "stream_app_published_total"
    return all(found[records, hop] == found[published, topic] for hop, topic in sources.items())


@pytest.mark.broker
@pytest.mark.usefixtures("gazetteer")
def test_a_worker_that_comes_back_tells_of_its_recovery(broker: EmbeddedBroker, tmp_path: Path) -> None:
    environ = environment(broker, prefix="back.")
    with worker(environ, tmp_path / "first.log") as port:
        until(port, lambda found: found["stream_app_ready", ""] == 1)
        publish(environ, "seeds/stream.jsonl")
        sent = len((ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines())
        before = until(port, lambda found: found["stream_app_records_total", "read"] == sent and all_handled(found))
    with worker(environ, tmp_path / "second.log") as port:
        after = until(port, lambda found: found["stream_app_ready", ""] == 1)
    assert before["stream_app_recovery_restored_rows_total", "match"] == 0
    assert after["stream_app_recovery_restored_rows_total", "match"] > 0
    assert after["stream_app_recovery_remaining_rows", "match"] == 0
    for name in ("stream_app_state_rows", "stream_app_incidents_open"):
        for hop in ("match", "count", ""):
            assert after.get((name, hop)) == before.get((name, hop)), name
    # The first worker counted the lines of a row that was replaced; the second one never read that row
    assert 0 < after["stream_app_state_bytes", ""] <= before["stream_app_state_bytes", ""]
