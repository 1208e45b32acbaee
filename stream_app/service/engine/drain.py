# mypy: allow-subclassing-any
"""From the fetcher to the agents a batch at a time: what Faust does for each record with two tasks and three objects.

Faust's loop hands every record to a coroutine per topic partition and races that with an event, then wraps record,
message and event around each other. Here a fetched batch becomes one light object a record, put straight into the
queue of its channel; flow control, read offsets, generations and back-pressure stay what they are in Faust.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from aiokafka.structs import ConsumerRecord
from faust.transport.consumer import ensure_TP
from faust.types import TP

_FETCH_WAIT_S = 1.0
_FETCH_WAIT_WHILE_FULL_S = 0.02
_IDLE_S = 0.02


class Fetched:
    """One record on its way to an agent: Faust's event and message in one, as far as anybody reads them."""

    __slots__ = (
        "__weakref__", "_consumer", "acked", "article_ms", "generation_id", "headers", "key", "offset", "partition",
        "taken_s", "timestamp", "topic", "tp", "value",
    )  # fmt: skip
    refcount = 1

    def __init__(self, consumer: Any, record: ConsumerRecord, tp: TP, generation_id: int) -> None:
        self._consumer = consumer
        self.topic, self.partition = tp
        self.offset: int = record.offset
        self.timestamp: float = record.timestamp / 1000.0
        self.key: bytes | None = record.key
        self.value: bytes | None = record.value
        self.headers = record.headers
        self.tp = tp
        self.generation_id = generation_id
        self.acked = False
        self.taken_s = 0.0
        self.article_ms = 0

    @property
    def message(self) -> Fetched:
        """The record itself, where Faust's event has it."""
        return self

    def ack(self) -> bool:
        """Tell the consumer that everything that came of this record has its answers."""
        acked: bool = self._consumer.ack(self)
        return acked


class BatchDrain:
    """What a Faust consumer needs to drain by the batch; put it before Faust's own class."""

    _pressure: dict[TP, tuple[Any, Any]]

    async def before_fetch(self) -> None:
        """Called ahead of each fetch, by what a subclass puts here."""

    def withheld(self, tp: TP) -> bool:  # noqa: ARG002 - for subclasses
        """Whether what was fetched of a partition must not reach the agents."""
        return False

    def track_message(self: Any, message: Any) -> None:
        """Note that an agent has begun with a record; what looks for stuck streams is told, other sensors are not."""
        message.taken_s = time.monotonic()
        self._unacked_messages.add(message)
        self.app.monitor.stream_inbound_time[message.tp] = message.taken_s

    def held_s(self: Any) -> float:
        """For how long the oldest of the records is in hand that an agent has begun with; 0 without any."""
        now = time.monotonic()
        return max((now - message.taken_s for message in self._unacked_messages), default=0.0)

    async def _drain_messages(self: Any, fetcher: Any) -> None:
        """Read until the consumer or its fetcher stops."""
        pressure: dict[TP, tuple[Any, Any]] = {}
        self._pressure = pressure
        try:
            while not (self.should_stop or fetcher.should_stop):
                records = await self._next_records()
                await asyncio.sleep(0)  # a fetch that finds records at once must not keep the loop for itself
                await self._deliver(records)
        except (asyncio.CancelledError, *self.consumer_stopped_errors):
            if not self.app.should_stop:
                raise

    async def _next_records(self: Any) -> Mapping[Any, Sequence[ConsumerRecord]]:
        """What has arrived, at most `broker_max_poll_records`; nothing when the flow stopped meanwhile."""
        if not self.flow_active:
            await self.wait(self.can_resume_flow)
        await self.before_fetch()
        active = self._get_active_partitions()
        if not active:
            await self.sleep(_IDLE_S)
            return {}
        wait_s = _FETCH_WAIT_WHILE_FULL_S if self._buffered_partitions else _FETCH_WAIT_S
        records: Mapping[Any, Sequence[ConsumerRecord]] = await self._getmany(active_partitions=active, timeout=wait_s)
        if not self.flow_active:
            await self._rewind()
            return {}
        return {tp: found for tp, found in records.items() if tp in active or tp in self._buffered_partitions}

    async def _rewind(self: Any) -> None:
        """Go back to the committed offsets: what was fetched while the flow stopped is to be read again."""
        try:
            await self.perform_seek()
        except Exception as error:  # noqa: BLE001 - Faust's own loop goes on as well: the next assignment seeks again
            self.log.warning("no seek while the flow is stopped: %r", error)

    async def _deliver(self: Any, records: Mapping[Any, Sequence[ConsumerRecord]]) -> None:
        generation = self.app.consumer_generation_id
        for found, batch in records.items():
            if not self.flow_active or self.app.consumer_generation_id != generation:
                return
            if not self.withheld(found):
                await self._deliver_partition(ensure_TP(found), batch, generation)
            if self._n_acked >= self._commit_every:
                self._n_acked = 0
                await self.commit()

    async def _deliver_partition(self: Any, tp: TP, batch: Sequence[ConsumerRecord], generation: int) -> None:
        """Put the records of one partition into the queues of the channels that listen to it."""
        if not self.app.flow_control.is_active():
            await self.wait_first(self.app.flow_control.acquire(), self.suspend_flow.wait())
        read = self._read_offset[tp] or 0
        events = [Fetched(self, record, tp, generation) for record in batch if record.offset >= read]
        for channel in self.app.topics._tp_index[tp]:  # noqa: SLF001 - the conductor's own index
            await self._put_all(channel.queue, tp, events)
        self.app.monitor.track_tp_end_offset(tp, self.highwater(tp))
        if events:
            self._read_offset[tp] = events[-1].offset

    async def _put_all(self: Any, queue: Any, tp: TP, events: Sequence[Fetched]) -> None:
        """Fill the queue; where it is full, wait for room or for the flow to stop."""
        high, drop = self._callbacks(tp)
        for event in events:
            if not queue.full():
                queue.put_nowait_enhanced(event, on_pressure_high=high, on_pressure_drop=drop)
            elif not await self._put(queue, event):
                return

    async def _put(self: Any, queue: Any, event: Fetched) -> bool:
        """Wait for room; False when the flow stopped meanwhile.

        A rebalance empties the queues, and that cancels whoever waits for room: it is no end of the fetcher.
        """
        try:
            await self.wait_first(queue.put(event), self.suspend_flow.wait())
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self.flow_active or (task is not None and task.cancelling()):
                raise
        return bool(self.flow_active)

    def _callbacks(self: Any, tp: TP) -> tuple[Any, Any]:
        """What pauses and resumes the fetching of a partition; the same pair each time, as the queue compares them."""
        found: tuple[Any, Any] | None = self._pressure.get(tp)
        if found is None:
            found = self._pressure[tp] = (partial(self.on_buffer_full, tp), partial(self.on_buffer_drop, tp))
        return found
