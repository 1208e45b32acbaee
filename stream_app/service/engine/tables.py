"""Faust tables whose rows live in the core's own states: one state a partition, one changelog row an article or report.

Faust keeps a table in a dict and copies each change of a row to the changelog. Here the state (a `Matcher`, a
`Counter`) is the table: it is told the rows of the changelog during recovery, and what it wants stored is sent to the
changelog in the order it was decided. Nothing is held twice, and the index over the rows is derived memory.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import faust
from faust.stores.memory import Store
from faust.tables.manager import TableManager
from faust.types import TP, EventT

from stream_app.core.hops import Hop, State
from stream_app.service.engine.drain import Fetched
from stream_app.service.engine.outbox import Outgoing
from stream_app.service.engine.transport import changelog_records

logger = logging.getLogger(__name__)

_MOST_UNREAD = 50_000
_MOST_BEHIND = 1_000
"""So many of its last rows a standby has yet to read: most are soon replaced, and a takeover waits for no more."""
_SLICE = 500
_SLICE_S = 0.03
"""How long rows are read at a stretch: a report is compared with others, which takes a millisecond or two."""


class RowStore(Store):  # type: ignore[misc]  # Faust ships no types
    """The states of the partitions that this worker holds, active or standby, and how far each has read its changelog.

    A state is dropped when its partition is neither: what another worker writes meanwhile would be missing from it.
    Kept and told the changelog from `persisted_offset` on, it is complete again.

    Most rows of a changelog are soon replaced or deleted, and a state would index them all for nothing. So the last row
    of each key, up to 50,000 a partition, waits unread until the recovery ends or somebody asks for the state. A
    standby reads on, but for the last thousand.
    """

    def __init__(self, *args: Any, new_state: Callable[[], Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._new_state = new_state
        self._offsets: dict[int, int] = {}
        self._unread: dict[int, dict[bytes, bytes | None]] = {}
        self._standby: set[int] = set()
        self.states: dict[int, State] = {}
        self.restored_total = 0

    def state_of(self, partition: int) -> State:
        """The state of `partition`, empty when nothing is known of it yet."""
        while self._unread.get(partition):
            self._read_some(partition)
        return self._state(partition)

    @property
    def rows(self) -> int:
        """How many rows are held, those included that no state has read yet."""
        unread = sum(row is not None for rows in self._unread.values() for row in rows.values())
        return unread + sum(map(len, self.states.values()))

    def holds(self, partition: int) -> bool:
        """Whether a row of the partition is here, read or not."""
        return bool(self._unread.get(partition) or len(self.states.get(partition, ())))

    @property
    def unread(self) -> int:
        """How many rows and tombstones the states have yet to read."""
        return sum(map(len, self._unread.values()))

    def apply_changelog_batch(
        self,
        batch: Iterable[EventT],
        to_key: Callable[[Any], Any],  # noqa: ARG002  # Faust's codecs; our rows are bytes
        to_value: Callable[[Any], Any],  # noqa: ARG002
    ) -> None:
        """Take in what the changelog says, in its order."""
        for event in batch:
            message = event.message
            unread = self._unread.setdefault(message.partition, {})
            unread.pop(message.key, None)  # its place is that of its last word: out of order, `count` begins anew
            unread[message.key] = message.value
            self.set_persisted_offset(message.tp, message.offset)
            self.restored_total += 1
            if len(unread) > _MOST_UNREAD:
                self._read_some(message.partition)

    def _read_some(self, partition: int) -> None:
        """Tell a partition's state some of the rows that it has not read."""
        unread, state = self._unread[partition], self._state(partition)
        until = time.perf_counter() + _SLICE_S
        for key in list(islice(unread, _SLICE)):
            row = unread[key]
            if row is None:
                state.forget(key.decode())
            else:
                state.restore(key.decode(), row)
            del unread[key]
            if time.perf_counter() > until:
                break

    @Store.task  # type: ignore[untyped-decorator]  # Faust ships no types
    async def _follow(self) -> None:
        while not self.should_stop:
            await self.sleep(1.0)
            await self.read_on()

    async def read_on(self) -> None:
        """Have standby states read what they are behind with, half of the time at most.

        A row that cannot be read, as of a version to come, waits for whoever takes over, and all behind it.
        """
        for partition in list(self._unread):
            while partition in self._standby and len(self._unread.get(partition, ())) > _MOST_BEHIND:
                try:
                    self._read_some(partition)
                except Exception:
                    logger.exception("%s: a standby cannot read a row of partition %d", self.table_name, partition)
                    self._standby.discard(partition)
                await asyncio.sleep(_SLICE_S)

    def _state(self, partition: int) -> State:
        if partition not in self.states:
            self.states[partition] = self._new_state()
        return self.states[partition]

    def persisted_offset(self, tp: TP) -> int | None:
        """The last changelog record that the partition's state holds, so that recovery reads on from there."""
        return self._offsets.get(tp.partition)

    def set_persisted_offset(self, tp: TP, offset: int) -> None:
        """Note that the state holds the changelog up to `offset`."""
        self._offsets[tp.partition] = max(offset, self._offsets.get(tp.partition, -1))

    def drop(self, partition: int) -> None:
        """Forget what is known of a partition."""
        self.states.pop(partition, None)
        self._unread.pop(partition, None)
        self._offsets.pop(partition, None)

    async def read_all(self, partition: int) -> None:
        """Tell a partition's state every row that waits, and let others run meanwhile."""
        while self._unread.get(partition):
            self._read_some(partition)
            await asyncio.sleep(0)

    async def on_recovery_completed(self, active_tps: set[TP], standby_tps: set[TP]) -> None:
        """Drop the states of partitions that this worker no longer follows, and make those ready that it works on.

        A row that cannot be read stops the worker: Faust would go on without it.
        """
        followed = {tp.partition for tp in active_tps | standby_tps}
        self._standby = {tp.partition for tp in standby_tps - active_tps}
        lost = (self.states.keys() | self._unread.keys()) - followed
        for partition in lost:
            self.drop(partition)
        if lost:
            gc.collect()  # reports refer to each other, and by itself the collector looks rarely
        try:
            for partition in {tp.partition for tp in active_tps}:
                await self.read_all(partition)
        except Exception as error:
            await self.app.crash(error)
            raise

    def reset_state(self) -> None:
        """Forget everything; recovery starts from the beginning of the changelog."""
        self.states.clear()
        self._unread.clear()
        self._offsets.clear()

    def _clear(self) -> None:
        self.reset_state()


class Tables(TableManager):  # type: ignore[misc]  # Faust ships no types
    """Faust's table manager without the second that it sleeps for tables to be declared: ours are, before it starts."""

    async def on_start(self) -> None:
        """Declare the changelogs and begin to recover."""
        await self._update_channels()
        await self.recovery.start()


class RowTable(faust.Table):  # type: ignore[misc]  # Faust ships no types
    """A table of bytes under bytes, whose store is a `RowStore`; rows are sent, not assigned."""

    def __init__(self, *args: Any, hop: Hop, source: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hop = hop
        self.source = source

    def _new_store(self) -> RowStore:
        return RowStore(
            "memory://",
            self.app,
            self,
            table_name=self.name,
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
            loop=self.loop,
            new_state=self._hop.new_state,
        )

    async def reload(self, partition: int) -> None:
        """Make the state of a partition anew from its changelog: a hop failed on it half-way through a change.

        Everything that was decided before must be answered for; it is committed first, where rows wait for that.
        """
        await self.app.consumer.force_commit()
        self.data.drop(partition)
        tp = TP(self.changelog_topic_name, partition)
        async for records in changelog_records(self.app.transport.settings, tp):
            self.data.apply_changelog_batch([Fetched(None, record, tp, 0) for record in records], bytes, bytes)
            await asyncio.sleep(0)
        await self.data.read_all(partition)

    def note_stored(self, answers: Iterable[Any]) -> None:
        """Note how far the changelog holds what the states hold, by the broker's answers for rows sent.

        So a partition that a worker keeps through a rebalance is not read again. An answer names the first row of its
        batch, which is far enough: at most one batch is read twice.
        """
        for answer in answers:
            self.data.set_persisted_offset(TP(self.changelog_topic_name, answer.partition), answer.offset)

    def changelog_record(self, partition: int, key: bytes, row: bytes | None) -> Outgoing:
        """One row as the changelog has it, on the partition of the record that it came of.

        Faust's own `send_changelog` queues in the background, where a failure is only logged.
        """
        return Outgoing(self.changelog_topic_name, key, row, None, None, partition)
