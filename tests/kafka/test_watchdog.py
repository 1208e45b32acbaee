"""A worker that comes no further ends itself with exit code 1 and says where it stood; seen on a real broker."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from stream_app.service.watchdog import LoopAlarm, Watchdog
from stream_app.settings import Settings
from tests.kafka.cluster import Cluster
from tests.kafka.stage import Layout, Stage, articles

ONE = Layout(partitions=1, workers=("read,match,tag,count",))
HASTY = {"session_timeout_s": "3", "send_timeout_s": "2"}


@pytest.mark.kafka
@pytest.mark.parametrize(
    ("way", "said"), [("busy", "the event loop stood still"), ("waiting", "records in hand for 10 s without an answer")]
)
def test_a_hop_that_hangs_ends_the_worker_and_its_successor_loses_nothing(
    kafka: Cluster, tmp_path: Path, way: str, said: str
) -> None:
    with Stage(kafka, f"hang-{way}", tmp_path, ONE, HASTY) as stage:
        worker = stage.start(ONE.workers[0], {"SHIM_HANG": way})
        stage.wait_ready()
        stage.publish(articles(20))
        assert worker.process.popen.wait(120) == 1
        assert said in worker.process.output()
        if way == "busy":
            assert "in busy" in worker.process.output(), "the stack of the hop that hangs"
        del worker.process.environ["SHIM_HANG"]
        stage.settle()
        assert len({event.event_id for event in stage.read("articles.signed")}) == 20


def test_time_in_which_the_loop_ticks_does_not_count() -> None:
    ended: list[bool] = []
    alarm = LoopAlarm(limit_s=0.4, end=lambda: ended.append(True))
    alarm.tick()
    alarm.start()
    alarm.join(10)
    assert ended == [True]


def test_a_recovery_that_comes_no_further_ends_the_worker() -> None:
    """Faust waits for it without end."""
    recovery = SimpleNamespace(active_offsets={})
    app: Any = SimpleNamespace(
        started=True,
        tables=SimpleNamespace(values=list, recovery=recovery),
        consumer=SimpleNamespace(held_s=lambda: 0.0),
        consumer_generation_id=1,
    )
    watchdog = Watchdog(app, Settings(), lambda: "recovery")
    assert watchdog._stalled() is None
    watchdog._since -= 60.0
    assert "waiting for recovery" in (watchdog._stalled() or "")
    recovery.active_offsets = {TP("changelog", 0): 9}
    assert watchdog._stalled() is None, "it goes on"
