"""The rows of the window in memory: packed bytes by slot, found by article id or by key, dropped by age."""

from __future__ import annotations

import zlib
from array import array
from bisect import insort
from typing import Final

import numpy as np
import numpy.typing as npt

from stream_app.core.dedup.index import KeyIndex
from stream_app.core.dedup.rows import Outline, Row
from stream_app.core.dedup.signature import KEYS, Body
from stream_app.core.dedup.words import U32

Packed = bytes
"""A row as it is stored."""

HOUR_S: Final = 3600.0
_ROW_OVERHEAD: Final = 33 + 15 + 8 + 4
"""Bytes beside a row's own: the object, what the allocator adds, the pointer, its place among those of its hour."""


class Store:
    """Rows by slot. A slot that was freed is used again only after the indexes were rebuilt without it."""

    def __init__(self) -> None:
        self._rows: list[Packed | None] = []
        self._free: list[int] = []
        self._freed: list[int] = []
        self._by_id = KeyIndex(1)
        self._by_key = KeyIndex(KEYS)
        self._hours: dict[int, array[int]] = {}
        self._due: list[tuple[float, int, int]] = []
        self._due_hour: int | None = None
        self._size = 0
        self._bytes = 0
        self._stale = False

    def __len__(self) -> int:
        return self._size

    @property
    def bytes(self) -> int:
        """Memory held, an estimate from the sizes of what is held."""
        return self._bytes + self._size * _ROW_OVERHEAD + self._by_id.bytes + self._by_key.bytes

    def slot_of(self, article_id: str) -> int | None:
        """Where the row of an article is."""
        wanted = article_id.encode()
        for slot in self._by_id.find(zlib.crc32(wanted), -1):
            if Row.id_of(self._packed(slot)) == wanted:
                return slot
        return None

    def row(self, slot: int) -> Row:
        """The row in a slot."""
        return Row.from_bytes(self._packed(slot))

    def wording(self, slot: int) -> tuple[int, Body]:
        """The exact hash and the words of the row in a slot."""
        return Row.wording_of(self._packed(slot))

    def stamp(self, slot: int) -> tuple[int, float]:
        """Place in the stream and event time of the row in a slot."""
        return Row.stamp_of(self._packed(slot))

    def with_keys(self, keys: U32, limit: int) -> list[list[int]]:
        """For each key that some row has: the slots of these rows, newest first, at most `limit`."""
        return self._by_key.find_each(keys, limit)

    def put(self, packed: Packed, outline: Outline) -> None:
        """Keep a row whose article has none, newer than all others. The indexes must be fresh."""
        slot = self._take(outline, packed)
        self._by_key.add(slot, outline.keys)

    def load(self, packed: Packed) -> Outline:
        """Keep a row whose article has none, in any order; its keys are indexed by the next `refresh`."""
        outline = Row.outline_of(packed)
        slot = self._take(outline, packed)
        self._by_key.load(slot, outline.keys)
        self._stale = True
        return outline

    def drop(self, slot: int) -> Packed:
        """Let go of a row; it is given back without its keys."""
        packed = self._packed(slot)
        self._bytes -= len(packed)
        self._rows[slot] = None
        self._size -= 1
        self._freed.append(slot)
        self._by_id.remove(slot)
        self._by_key.remove(slot)
        return packed

    def expired(self, limit_s: float) -> list[int]:
        """The slots of the hours that lie wholly before a time, oldest hour first; they are no longer by hour."""
        hours = sorted(hour for hour in self._hours if (hour + 1) * HOUR_S <= limit_s)
        return [slot for hour in hours for slot in self._of_hour(hour)]

    def oldest(self) -> int:
        """The slot of the row with the smallest event time, the first judged of several."""
        while True:
            hour = min(self._hours)
            if self._due_hour != hour or not self._due:
                self._line_up(hour)
            while self._due:
                event_s, order, slot = self._due.pop()
                if self._rows[slot] is not None and self.stamp(slot) == (order, event_s):
                    return slot

    def _line_up(self, hour: int) -> None:
        """Sort the rows of an hour once, the oldest last; forget the hour when it has none."""
        slots = self._of_hour(hour)
        stamped = ((slot, *self.stamp(slot)) for slot in slots)
        self._due = sorted(((event_s, order, slot) for slot, order, event_s in stamped), reverse=True)
        self._due_hour = hour
        if slots:
            self._hours[hour] = array("I", slots)

    def _of_hour(self, hour: int) -> list[int]:
        """Take out the slots of an hour: those whose rows are still of that hour, each once."""
        slots = self._hours.pop(hour)
        return [s for s in dict.fromkeys(slots) if self._rows[s] is not None and self.stamp(s)[1] // HOUR_S == hour]

    def _enter(self, slot: int, event_s: float, order: int) -> None:
        """Note a row among those of its hour, and in the line of those that go next if it is older than the last."""
        hour = int(event_s // HOUR_S)
        self._hours.setdefault(hour, array("I")).append(slot)
        if hour == self._due_hour and self._due and (event_s, order, slot) < self._due[0]:
            insort(self._due, (event_s, order, slot), key=lambda due: (-due[0], -due[1]))

    def _packed(self, slot: int) -> Packed:
        packed = self._rows[slot]
        assert packed is not None
        return packed

    def _take(self, outline: Outline, packed: Packed) -> int:
        """Put the row into a slot, to be found by its article id."""
        if self._by_id.needs_rebuild:
            self._by_id.rebuild(self._in_order())
        slot = self._free.pop() if self._free else self._new_slot()
        # The index holds the keys: the row in memory does without.
        self._rows[slot] = kept = packed[: len(packed) - 4 * len(outline.keys)]
        self._enter(slot, outline.event_s, outline.order)
        self._size += 1
        self._bytes += len(kept)
        self._by_id.add(slot, [zlib.crc32(outline.article_id)])
        return slot

    def _new_slot(self) -> int:
        self._rows.append(None)
        return len(self._rows) - 1

    def refresh(self) -> None:
        """Rebuild the indexes when rows were loaded or too much was removed."""
        if not (self._stale or self._by_key.needs_rebuild):
            return
        slots = self._in_order()
        self._by_id.rebuild(slots)
        self._by_key.rebuild(slots)
        self._free.extend(self._freed)
        self._freed.clear()
        self._stale = False

    def _in_order(self) -> npt.NDArray[np.int64]:
        """The slots that hold a row, first judged first."""
        slots = np.fromiter((slot for slot, row in enumerate(self._rows) if row is not None), np.int64, self._size)
        orders = np.fromiter((Row.stamp_of(row)[0] for row in self._rows if row is not None), np.uint64, self._size)
        return slots[np.argsort(orders, kind="stable")]
