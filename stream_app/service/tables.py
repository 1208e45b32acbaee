"""Faust tables whose rows live in the core's own states: one state a partition, one changelog row an article or report.

Faust keeps a table in a dict and copies each change of a row to the changelog. Here the state (a `Matcher`, a
`Counter`) is the table: it is told each row of the changelog during recovery, and what it wants stored is sent to the
changelog in the order it was decided. Nothing is held twice, and the index over the rows is derived memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import faust
from faust.stores.memory import Store
from faust.tables.manager import TableManager
from faust.types import TP, EventT

from stream_app.core.hops import Hop, State
from stream_app.service.outbox import Outgoing


class RowStore(Store):  # type: ignore[misc]  # Faust ships no types
    """The states of the partitions that this worker holds, active or standby, and how far each has read its changelog.

    A state is dropped when its partition is neither: what another worker writes meanwhile would be missing from it.
    Kept and told the changelog from `persisted_offset` on, it is complete again.
    """

    def __init__(self, *args: Any, new_state: Callable[[], Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._new_state = new_state
        self._offsets: dict[int, int] = {}
        self.states: dict[int, State] = {}
        self.restored_total = 0

    def state(self, partition: int) -> State:
        """The state of `partition`, empty when nothing is known of it yet."""
        if partition not in self.states:
            self.states[partition] = self._new_state()
        return self.states[partition]

    def apply_changelog_batch(
        self,
        batch: Iterable[EventT],
        to_key: Callable[[Any], Any],  # noqa: ARG002  # Faust's codecs; our rows are bytes
        to_value: Callable[[Any], Any],  # noqa: ARG002
    ) -> None:
        """Tell the states what the changelog says, in its order."""
        for event in batch:
            message = event.message
            state = self.state(message.partition)
            if message.value is None:
                state.forget(message.key.decode())
            else:
                state.restore(message.key.decode(), message.value)
            self.set_persisted_offset(message.tp, message.offset)
            self.restored_total += 1

    def persisted_offset(self, tp: TP) -> int | None:
        """The last changelog record that the partition's state holds, so that recovery reads on from there."""
        return self._offsets.get(tp.partition)

    def set_persisted_offset(self, tp: TP, offset: int) -> None:
        """Note that the state holds the changelog up to `offset`."""
        self._offsets[tp.partition] = max(offset, self._offsets.get(tp.partition, -1))

    async def on_recovery_completed(self, active_tps: set[TP], standby_tps: set[TP]) -> None:
        """Drop the states of partitions that this worker no longer follows."""
        followed = {tp.partition for tp in active_tps | standby_tps}
        for partition in self.states.keys() - followed:
            del self.states[partition]
            self._offsets.pop(partition, None)

    def reset_state(self) -> None:
        """Forget everything; recovery starts from the beginning of the changelog."""
        self.states.clear()
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

    def __init__(self, *args: Any, hop: Hop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hop = hop

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
