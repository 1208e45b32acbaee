"""From the fetcher to the agents: what reaches a queue, and what must not."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP
from mode.utils.queues import FlowControlEvent, ThrowableQueue

from stream_app.service.engine.drain import BatchDrain

PLACE = TP("articles.raw", 0)


class Consumer(BatchDrain):
    """As much of Faust's consumer as the drain touches."""

    def __init__(self, *, room: int = 100) -> None:
        control = FlowControlEvent(initially_suspended=False)
        self.queue: Any = ThrowableQueue(room, flow_control=control, clear_on_resume=True)
        self.app: Any = SimpleNamespace(
            consumer_generation_id=7,
            flow_control=control,
            topics=SimpleNamespace(_tp_index={PLACE: [SimpleNamespace(queue=self.queue)]}),
            monitor=SimpleNamespace(track_tp_end_offset=lambda tp, offset: None, stream_inbound_time={}),
        )
        self.flow_active, self.suspend_flow = True, asyncio.Event()
        self.paused: list[TP] = []
        self._read_offset: dict[TP, int | None] = defaultdict(lambda: None)
        self._n_acked, self._commit_every, self._pressure = 0, 1000, {}
        self.acked: list[int] = []

    def highwater(self, _tp: TP) -> int:
        return 100

    def on_buffer_full(self, tp: TP) -> None:
        self.paused.append(tp)

    def on_buffer_drop(self, tp: TP) -> None:
        self.paused.remove(tp)

    def ack(self, message: Any) -> bool:
        self.acked.append(message.offset)
        return True

    async def wait_first(self, *waiting: Any) -> None:
        tasks = [asyncio.ensure_future(one) for one in waiting]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        for task in done:
            task.result()  # as Faust's services do

    def arrived(self) -> list[int]:
        return [event.offset for event in self.queue._queue]


def records(*offsets: int) -> list[Any]:
    return [SimpleNamespace(offset=at, timestamp=1500, key=b"k", value=b"v", headers=()) for at in offsets]


async def test_records_arrive_in_order_with_all_that_a_hop_reads() -> None:
    consumer = Consumer()
    await consumer._deliver({PLACE: records(4, 5)})
    assert consumer.arrived() == [4, 5]
    message = consumer.queue.get_nowait().message
    assert (message.topic, message.partition, message.key, message.value) == ("articles.raw", 0, b"k", b"v")
    assert (message.timestamp, message.generation_id) == (1.5, 7)


async def test_what_lies_before_the_read_offset_is_left_out() -> None:
    consumer = Consumer()
    consumer._read_offset[PLACE] = 5
    await consumer._deliver({PLACE: records(3, 4, 5, 6)})
    assert consumer.arrived() == [5, 6]
    assert consumer._read_offset[PLACE] == 6


async def test_nothing_arrives_once_the_flow_has_stopped() -> None:
    consumer = Consumer()
    consumer.flow_active = False
    await consumer._deliver({PLACE: records(1)})
    assert not consumer.arrived()
    assert consumer._read_offset[PLACE] is None


async def test_what_is_withheld_counts_as_unread() -> None:
    class Withholding(Consumer):
        def withheld(self, tp: TP) -> bool:
            return bool(tp == PLACE)

    consumer = Withholding()
    await consumer._deliver({PLACE: records(1)})
    assert not consumer.arrived()
    assert consumer._read_offset[PLACE] is None


async def test_a_partition_pauses_while_its_agent_lags_and_goes_on_when_it_has_caught_up() -> None:
    consumer = Consumer(room=10)
    await consumer._deliver({PLACE: records(*range(9))})
    assert consumer.paused == [PLACE]
    for _ in range(8):
        consumer.queue.get_nowait()
    assert not consumer.paused


async def test_a_full_queue_is_waited_for() -> None:
    consumer = Consumer(room=2)
    delivering = asyncio.ensure_future(consumer._deliver({PLACE: records(1, 2, 3)}))
    await asyncio.sleep(0)
    assert consumer.arrived() == [1, 2]
    consumer.queue.get_nowait()
    await delivering
    assert consumer.arrived() == [2, 3]


async def test_a_rebalance_that_empties_a_full_queue_ends_the_delivery_and_not_the_fetcher() -> None:
    consumer = Consumer(room=2)
    delivering = asyncio.ensure_future(consumer._deliver({PLACE: records(1, 2, 3)}))
    await asyncio.sleep(0.01)
    consumer.flow_active = False
    consumer.suspend_flow.set()
    consumer.app.flow_control.clear()
    await delivering
    assert not consumer.arrived()


async def test_a_fetcher_that_is_stopped_while_it_waits_for_room_stops() -> None:
    consumer = Consumer(room=2)
    delivering = asyncio.ensure_future(consumer._deliver({PLACE: records(1, 2, 3)}))
    await asyncio.sleep(0.01)
    consumer.flow_active = False
    delivering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivering


async def test_an_ack_goes_to_the_consumer() -> None:
    consumer = Consumer()
    await consumer._deliver({PLACE: records(4)})
    assert consumer.queue.get_nowait().ack()
    assert consumer.acked == [4]
