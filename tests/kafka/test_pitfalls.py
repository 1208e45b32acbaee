"""What is known of Faust 0.15.3, pinned: when one of these fails, Faust has changed and a workaround may go.

The workarounds are in `stream_app/service/engine/transport.py`; docs/adr/0004-faust-pitfalls.md says which belongs to which.
Each fault of Faust's stands beside what our own classes do instead.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import threading
import time
from collections import defaultdict
from types import SimpleNamespace
from typing import Any
from unittest.mock import AsyncMock, MagicMock

import faust
import pytest
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.consumer.subscription_state import TopicPartitionState
from aiokafka.protocol.admin import SaslAuthenticateRequest_v0
from faust.agents import Agent
from faust.tables.recovery import Recovery
from faust.transport.consumer import Consumer as FaustConsumer
from faust.transport.consumer import TransactionManager
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from mode.threads import WorkerThread

from stream_app.app import _faust_options
from stream_app.service import worker
from stream_app.service.engine import protocol, transport
from stream_app.service.engine.gaps import Gaps
from stream_app.service.logs import NoLogins
from stream_app.settings import Settings

SOURCE = TP("source", 0)


def stock_consumer(committed: int | None) -> Any:
    """Faust's consumer, without the parts that need a broker."""
    consumer = object.__new__(driver.Consumer)
    consumer._acked = defaultdict(list)
    consumer._acked_index = defaultdict(set)
    consumer._gap = defaultdict(list)
    consumer._read_offset = defaultdict(lambda: None)
    consumer._committed_offset = defaultdict(lambda: committed)
    consumer._active_partitions = set()
    consumer._paused_partitions = set()
    return consumer


def our_consumer() -> Any:
    consumer = object.__new__(transport.Consumer)
    consumer._positions, consumer._done, consumer._gaps = {}, {}, Gaps(MagicMock())
    consumer._committing = asyncio.Lock()
    consumer._committed_offset = {}
    consumer._unacked_messages = set()
    consumer._waiting_for_ack = None
    consumer._n_acked = 0
    consumer.app = MagicMock()
    return consumer


def message(offset: int) -> Any:
    return MagicMock(tp=SOURCE, topic=SOURCE.topic, offset=offset, acked=False)


def test_faust_commits_past_a_record_in_flight_when_acks_come_out_of_order() -> None:
    """faust-streaming #606: 2 is committed, so record 2 comes next; it is in flight while 3 and 4 are acked."""
    consumer = stock_consumer(committed=2)
    consumer._acked[SOURCE] = [3, 4]
    assert consumer._new_offset(SOURCE) == 5  # and record 2 is lost if the worker dies now


def test_our_agents_ack_in_order_and_the_position_follows() -> None:
    consumer = our_consumer()
    for offset in (2, 3, 4):
        consumer.ack(message(offset))
    assert consumer._positions == {SOURCE: 5}


async def test_faust_takes_a_failed_commit_for_done() -> None:
    """faust-streaming #316: the offset is noted as committed although `_commit` said no."""
    consumer = stock_consumer(committed=2)
    consumer.app = MagicMock()
    consumer.app.producer.flush = AsyncMock()
    consumer.in_transaction = False
    consumer.log = MagicMock()
    consumer.assignment = lambda: {SOURCE}
    consumer._commit = AsyncMock(return_value=False)
    assert await consumer._commit_offsets({SOURCE: 7}) is False
    assert consumer._committed_offset[SOURCE] == 7


async def test_ours_keeps_a_failed_commit_to_be_done() -> None:
    consumer = our_consumer()
    consumer.ack(message(6))
    consumer._commit = AsyncMock(return_value=False)
    assert await consumer.force_commit() is False
    assert consumer._positions == {SOURCE: 7}
    consumer._commit = AsyncMock(return_value=True)
    assert await consumer.force_commit() is True
    assert not consumer._positions


def test_faust_forgets_acked_offsets_before_it_commits_at_revoke() -> None:
    """faust-streaming #502: the lists are emptied first, the callback that commits comes after."""
    source = inspect.getsource(FaustConsumer.on_partitions_revoked)
    assert source.index("self._acked.pop(tp, None)") < source.index("self._on_partitions_revoked, partitions=revoked")


async def test_faust_splits_one_record_over_several_transactions() -> None:
    """faust-streaming #177, #323, #517: outputs go by the destination's partition, offsets by the source's."""
    manager = object.__new__(TransactionManager)
    sent: list[str] = []
    committed: list[str] = []

    async def send(*_: Any, transactional_id: str) -> None:
        sent.append(transactional_id)

    async def commit(by_id: Any, *_: Any, **__: Any) -> None:
        committed.extend(by_id)

    manager.app = SimpleNamespace(conf=SimpleNamespace(id="app"), assignor=SimpleNamespace(group_for_topic=lambda _: 0))
    manager.producer = SimpleNamespace(send=send, commit_transactions=commit)
    for partition in (1, 2):
        manager.consumer = SimpleNamespace(key_partition=lambda *_, partition=partition: partition)
        await manager.send("sink", b"k", b"v", None, None, None)
    await manager.commit({SOURCE: 1})
    assert sent == ["app-0-1", "app-0-2"]
    assert committed == ["app-0-0"]  # neither of the transactions that hold the outputs


def test_fausts_producer_is_idempotent_only_under_its_exactly_once() -> None:
    plain = object.__new__(driver.Producer)
    plain.app = SimpleNamespace(in_transaction=False)
    assert plain._settings_extra() == {}


def test_faust_reads_uncommitted_and_ours_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'isolation_level: str = "read_uncommitted"' in inspect.getsource(
        driver.AIOKafkaConsumerThread._create_worker_consumer
    )
    monkeypatch.setattr(driver.AIOKafkaConsumerThread, "_create_worker_consumer", lambda *_: SimpleNamespace())
    thread = object.__new__(transport.ConsumerThread)
    assert thread._create_worker_consumer(None)._isolation_level == "read_committed"


async def test_faust_gives_the_consumer_a_thread_and_ours_serves_in_the_loop_that_runs() -> None:
    assert driver.AIOKafkaConsumerThread.Worker is WorkerThread
    served: list[int] = []

    async def serve() -> None:
        served.append(threading.get_ident())
        raise ConnectionError("no broker")

    down: list[bool] = []
    service: Any = SimpleNamespace(_serve=serve, set_shutdown=lambda: down.append(True))
    transport.ConsumerThread.Worker(service).start()
    await asyncio.sleep(0.01)
    assert served == [threading.get_ident()]
    assert down == [True]  # nobody waits for a consumer that failed


def test_fausts_recovery_waits_for_the_offset_before_the_end_whatever_lies_there() -> None:
    """faust-streaming #176, #597, #651: a marker, an aborted or a deleted record there is never delivered."""
    recovery = object.__new__(Recovery)
    changelog = TP("changelog", 0)
    recovery.active_highwaters = {changelog: 9}  # the end offset less one: a transaction marker
    recovery.active_offsets = {changelog: 8}  # the last record there is
    assert recovery.need_recovery()


async def test_faust_empties_the_agents_queues_when_the_flow_resumes() -> None:
    """What was delivered between `resume_partitions` and the end of recovery is gone, and counts as read."""
    app = faust.App("pin", store="memory://", web_enabled=False)
    channel = app.channel()
    app.flow_control.resume()
    channel.queue.put_nowait(object())
    app.flow_control.suspend()
    app.flow_control.resume()
    assert channel.queue.empty()


def test_ours_holds_source_records_back_until_the_flow_begins_at_the_committed_offset() -> None:
    consumer = our_consumer()
    consumer._between_generations = consumer._held = consumer._must_seek = False
    consumer._active_partitions, consumer._paused_partitions = set(), {SOURCE}
    consumer._is_changelog_tp = lambda tp: tp.topic == "changelog"
    consumer.can_resume_flow, consumer.suspend_flow = asyncio.Event(), asyncio.Event()
    consumer.resume_partitions({SOURCE})
    assert consumer.withheld(SOURCE)
    assert not consumer.withheld(TP("changelog", 0))
    consumer.resume_flow()
    assert consumer.withheld(SOURCE), "not before the seek"
    assert consumer._must_seek


def test_ours_lets_nothing_flow_between_two_generations() -> None:
    consumer = our_consumer()
    consumer._between_generations, consumer.flow_active = True, False
    consumer.resume_flow()  # by the recovery of a generation that has ended meanwhile
    assert not consumer.flow_active


def test_faust_serves_tables_over_http_by_default_and_ours_serves_nothing() -> None:
    assert faust.App("pin-web", store="memory://").conf.web_enabled is True
    assert _faust_options(Settings())["web_enabled"] is False


def test_an_agent_that_dies_brings_the_worker_down() -> None:
    """faust-streaming #523, #175, #532: with the default supervisor it is restarted, or just stops, in silence."""
    assert _faust_options(Settings())["agent_supervisor"] == "mode.supervisors.CrashingSupervisor"


def test_a_process_that_stood_still_writes_no_more() -> None:
    pulse = transport.Pulse(limit_s=5.0)
    pulse.check()
    pulse._last = time.monotonic() - 6.0
    with pytest.raises(transport.FrozenError, match="stood still"):
        pulse.check()
    with pytest.raises(transport.FrozenError):
        pulse.check()


def test_a_start_that_took_long_is_no_freeze(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a worker took more than its session from its making to its first look, and ended, each time."""
    pulse = transport.Pulse(limit_s=5.0)
    late = time.monotonic() + 60.0
    monkeypatch.setattr("stream_app.service.engine.transport.time.monotonic", lambda: late)
    pulse.check()
    pulse.check()


async def test_a_leader_that_knows_no_topics_asks_again_before_it_assigns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faust's assignor leaves out what the metadata lacks: every member gets nothing, and nobody rebalances again."""
    known: set[str] = set()
    leader = object.__new__(protocol._StableCoordinator)
    leader._subscription = SimpleNamespace(topics={"source"})
    leader._cluster = SimpleNamespace(partitions_for_topic=lambda topic: {0} if topic in known else None)
    leader._client = SimpleNamespace(force_metadata_update=AsyncMock(side_effect=lambda: known.add("source")))
    assign = AsyncMock(return_value="assigned")
    monkeypatch.setattr(GroupCoordinator, "_perform_assignment", assign)
    assert await leader._perform_assignment(None) == "assigned"
    leader._client.force_metadata_update.assert_awaited_once()


async def test_an_exception_acks_its_event_and_a_sink_drops_the_key() -> None:
    message = MagicMock()
    event = faust.Event(MagicMock(), key=b"k", value=b"v", headers={}, message=message)
    with pytest.raises(ValueError, match="a bug"):
        async with event:
            raise ValueError("a bug")
    message.ack.assert_called_once()
    assert "key" not in inspect.getsource(Agent._delegate_to_sinks)


async def test_a_commit_that_meets_another_counts_as_done_with_faust_and_is_made_by_ours() -> None:
    under_way: asyncio.Future[None] = asyncio.Future()
    under_way.set_result(None)
    stock, ours = stock_consumer(committed=2), our_consumer()
    stock.app, stock._commit_fut, ours._commit_fut = SimpleNamespace(client_only=False), under_way, under_way
    stock.force_commit = AsyncMock()
    assert await stock.commit() is False
    stock.force_commit.assert_not_awaited()
    ours._commit, ours.let_go = AsyncMock(return_value=True), AsyncMock()
    ours.ack(message(6))
    await ours.commit_and_end_transactions()
    ours._commit.assert_awaited_once_with({SOURCE: 7})


async def test_a_partition_without_a_commit_is_read_from_its_beginning_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """aiokafka's `seek_to_committed` leaves it where it was read to, and what was dropped on the way is lost."""
    monkeypatch.setattr(FaustConsumer, "perform_seek", AsyncMock())
    consumer = our_consumer()
    other = TP("source", 1)
    consumer._seeking = asyncio.Lock()
    consumer._read_offset = {SOURCE: None, other: 7}
    consumer.assignment = lambda: {SOURCE, other}
    consumer._is_changelog_tp = lambda _: False
    consumer._thread = SimpleNamespace(seek_to_beginning=AsyncMock())
    await consumer.perform_seek()
    consumer._thread.seek_to_beginning.assert_awaited_once_with(driver.ensure_aiokafka_TP(SOURCE))


async def test_a_partition_without_a_position_yet_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError):
        _ = TopicPartitionState(MagicMock()).position
    monkeypatch.setattr(driver.Consumer, "verify_event_path", MagicMock(side_effect=AssertionError))
    our_consumer().verify_event_path(0.0, SOURCE)


def test_a_worker_that_cannot_drain_ends_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faust waits for the broker's answers without end; a broker that is gone gives none."""
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    worker._end_after(0.001).join(10)
    assert ended == [1]


def test_the_producer_gives_up_when_our_setting_says_so() -> None:
    assert faust.App("pin-patience", store="memory://").conf.producer_request_timeout == 1200
    assert _faust_options(Settings(send_timeout_s=7.0))["producer_request_timeout"] == 7.0


def test_a_login_leaves_no_password_in_the_log() -> None:
    """aiokafka logs each request at the level debug, with all that it holds."""
    request = SaslAuthenticateRequest_v0(b"\0user\0secret")
    record = logging.LogRecord("aiokafka.conn", logging.DEBUG, "", 0, "request %s", (request,), None)
    assert "secret" in record.getMessage()
    assert NoLogins().filter(record)
    assert "secret" not in record.getMessage()
