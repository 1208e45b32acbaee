# mypy: allow-subclassing-any
"""What aiokafka's fetcher ends on or passes over in silence, told: docs/adr/0014 says why.

A batch that nobody can decode (a checksum that is wrong, a codec that does not exist, a payload that is no payload)
stops its partition and no other: it is named, and waits until it can be read after all or an operator passes it.
Records that retention deleted before they were read are found: aiokafka begins at what is left, with a line at level
info.
"""

from __future__ import annotations

import logging
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.consumer.fetcher import Fetcher, FetchResult, PartitionRecords
from faust.types import TP

logger = logging.getLogger(__name__)

TELL_EVERY = 6  # tries of a batch between two lines about it


@dataclass(slots=True)
class Undecodable:
    """A batch that stops its partition: its first offset not read, its last, why, and how often it was tried."""

    first: int
    last: int
    why: str
    tries: int = 1

    def __str__(self) -> str:
        return f"offsets {self.first} to {self.last}: {self.why}"


@dataclass(slots=True)
class Troubles:
    """What a worker's consumer has met that no hop hears of; counts are by topic."""

    lost: Counter[str] = field(default_factory=Counter)
    undecodable: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    held: dict[TP, Undecodable] = field(default_factory=dict)
    _lost_to: dict[TP, int] = field(default_factory=dict)

    def note_lost(self, tp: TP, first: int, begins: int) -> None:
        """Records from `first` up to where the partition begins now are gone unread; told once."""
        first = max(first, self._lost_to.get(tp, 0))
        if first >= begins:  # before the commit behind it, each seek to the committed offset finds it gone
            return
        self._lost_to[tp] = begins
        self.lost[tp.topic] += begins - first
        logger.critical(
            "%s %d: %d records, offsets %d to %d, were deleted by the broker before they were read",
            tp.topic, tp.partition, begins - first, first, begins - 1,
        )  # fmt: skip

    def note_undecodable(self, tp: TP, first: int, last: int, error: Exception) -> None:
        """Nothing more of the partition can be read before this batch can, or is passed."""
        before = self.held.get(tp)
        if before is not None and before.first == first:
            before.tries += 1
            if before.tries % TELL_EVERY:
                return
        else:
            self.undecodable[tp.topic] += 1
            before = self.held[tp] = Undecodable(first, last, f"{type(error).__name__}: {error}")
        logger.critical(
            "%s %d stands still at a batch that cannot be decoded, %s. It is tried again; to pass it for good: "
            "stream-app topics --skip %s:%d:%d",
            tp.topic, tp.partition, before, tp.topic, tp.partition, before.last,
        )  # fmt: skip

    def note_passed(self, tp: TP, to: int) -> None:
        """An operator has passed the batch."""
        batch = self.held.pop(tp)
        self.passed[tp.topic] += to - batch.first
        logger.error("%s %d: passed as told: %s; reading goes on at %d", tp.topic, tp.partition, batch, to)


class _Batches:
    """The batches of a fetch, and which one is being read."""

    def __init__(self, records: Any) -> None:
        self._records = records
        self.batch: Any = None

    def has_next(self) -> bool:
        return bool(self._records.has_next())

    def next_batch(self) -> Any:
        self.batch = None
        self.batch = self._records.next_batch()
        return self.batch

    def last_offset(self, first: int) -> int:
        """The last offset of the batch as its header has it, which no codec touches; at least `first`."""
        try:
            last: int = self.batch.next_offset - 1
        except (AttributeError, ValueError, struct.error):  # no header, or none to believe
            return first
        return max(first, last)


class _Records(PartitionRecords):
    """Records of one partition that end before the first batch that cannot be decoded, and hold the partition there."""

    troubles: Troubles
    state: Any

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except StopIteration:
            raise
        except Exception as error:  # noqa: BLE001 - each codec has its own
            first = self.next_fetch_offset
            self.state.pause()
            self.troubles.note_undecodable(TP(*self._tp), first, self._records.last_offset(first), error)
            raise StopIteration from None


class _Fetcher(Fetcher):
    """aiokafka's fetcher, watched."""

    troubles: Troubles
    on_gap: Callable[[TP, int, int], None]
    _left_at: dict[TopicPartition, int]

    async def _proc_fetch_request(self, assignment: Any, node_id: int, request: Any) -> Any:
        wakes = await super()._proc_fetch_request(assignment, node_id, request)
        if not assignment.active:
            return wakes
        for topic, partitions in request.topics:
            for partition, offset, _ in partitions:
                tp = TopicPartition(topic, partition)
                self._watch(tp, assignment.state_value(tp))
                if assignment.state_value(tp).awaiting_reset:  # what was asked for is not there, or a seek came
                    self._left_at[tp] = offset
        return wakes

    def _watch(self, tp: TopicPartition, state: Any) -> None:
        found = self._records.get(tp)
        if type(found) is FetchResult and type(found._partition_records) is PartitionRecords:  # noqa: SLF001
            records = found._partition_records  # noqa: SLF001 - nobody has begun to read it
            records.__class__ = _Records
            records.troubles, records.state = self.troubles, state
            records._records = _Batches(records._records)  # noqa: SLF001

    async def _update_fetch_positions(self, assignment: Any, node_id: int, tps: Any) -> Any:
        wakes = await super()._update_fetch_positions(assignment, node_id, tps)
        for tp in tps:
            state = assignment.state_value(tp)
            if tp in self._left_at and state.has_valid_position:
                left_at = self._left_at.pop(tp)
                if state.position > left_at:
                    self.on_gap(TP(*tp), left_at, state.position)
        return wakes


def watch(consumer: AIOKafkaConsumer, troubles: Troubles, on_gap: Callable[[TP, int, int], None]) -> None:
    """Have a started consumer note its troubles, and go on with what has none; call it before subscribing.

    `on_gap` is told the first offset that was to be read, and where the partition begins now.
    """
    fetcher = consumer._fetcher  # noqa: SLF001 - same state, three methods replaced
    fetcher.__class__ = _Fetcher
    fetcher.troubles, fetcher.on_gap, fetcher._left_at = troubles, on_gap, {}  # noqa: SLF001
