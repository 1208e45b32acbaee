"""The rows in memory: packed bytes by slot, found by id or by key, dropped in the order they came."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from stream_app.core.dedup.index import KeyIndex
from stream_app.core.dedup.rows import Outline, Row, Stamp
from stream_app.core.dedup.signature import KEYS, Body
from stream_app.core.dedup.words import U32

Packed = bytes
"""A row as it is stored."""

_ROW_OVERHEAD: Final = 33 + 15 + 8 + 12
"""Bytes beside a row's own: the object, what the allocator adds, the pointer, its place in the line."""
_MIN_GONE: Final = 4096


def _key_of(row_id: bytes) -> int:
    """The key of an id, by the hash of dictionaries: secret to each process, so nobody can choose ids that collide.

    It orders nothing, and is not kept: which slot an id has does not depend on it.
    """
    return hash(row_id) & 0xFFFFFFFF


class Store:
    """Rows by slot. A slot that was freed is used again only after the indexes were rebuilt without it."""

    def __init__(self) -> None:
        self._rows: list[Packed | None] = []
        self._free: list[int] = []
        self._freed: list[int] = []
        self._by_id = KeyIndex(1)
        self._by_key = KeyIndex(KEYS)
        self._line = array("I")
        self._orders = array("Q")
        self._first = 0
        self._size = 0
        self._bytes = 0
        self._stale = False

    def __len__(self) -> int:
        return self._size

    @property
    def bytes(self) -> int:
        """Memory held, an estimate from the sizes of what is held."""
        return self._bytes + self._size * _ROW_OVERHEAD + self._by_id.bytes + self._by_key.bytes

    def slot_of(self, row_id: str) -> int | None:
        """Where a row is."""
        wanted = row_id.encode()
        for slot in self._by_id.find(_key_of(wanted), -1):
            if Row.id_of(self._packed(slot)) == wanted:
                return slot
        return None

    def row(self, slot: int) -> Row:
        """The row in a slot."""
        return Row.from_bytes(self._packed(slot))

    def take(self, slot: int) -> tuple[Row, Packed]:
        """Let go of a row, to put it back under another key: the row with its keys, and as it is packed without."""
        row = self.row(slot)
        whole = replace(row, signature=replace(row.signature, keys=self._by_key.keys_of(slot)))
        return whole, self.drop(slot)

    def wording(self, slot: int) -> tuple[int, Body]:
        """The exact hash and the words of the row in a slot."""
        return Row.wording_of(self._packed(slot))

    def stamp(self, slot: int) -> Stamp:
        """When the article of a slot came."""
        return Row.stamp_of(self._packed(slot))

    def with_keys(self, keys: U32, limit: int) -> list[list[int]]:
        """For each key that some row has: the slots of these rows, newest first, at most `limit`."""
        return self._by_key.find_each(keys, limit)

    def put(self, packed: Packed, outline: Outline) -> None:
        """Keep a row whose article has none, newer than all others. The indexes must be fresh."""
        slot = self._take(outline, packed)
        self._by_key.add(slot, outline.keys)
        self._line_up(slot, outline.stamp.order)

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

    def oldest(self) -> int:
        """The slot of the row that came first."""
        while True:
            slot, order = self._line[self._first], self._orders[self._first]
            row = self._rows[slot]
            if row is not None and Row.stamp_of(row).order == order:
                return slot
            self._first += 1

    def _line_up(self, slot: int, order: int) -> None:
        """Note a row behind all others, and forget the gone ones before them now and then."""
        if self._first > _MIN_GONE and 2 * self._first > len(self._line):
            del self._line[: self._first]
            del self._orders[: self._first]
            self._first = 0
        self._line.append(slot)
        self._orders.append(order)

    def _packed(self, slot: int) -> Packed:
        packed = self._rows[slot]
        assert packed is not None
        return packed

    def _take(self, outline: Outline, packed: Packed) -> int:
        """Put the row into a slot, to be found by its article id."""
        if self._by_id.needs_rebuild:
            self._by_id.rebuild(self._in_order()[0])
        slot = self._free.pop() if self._free else self._new_slot()
        # The index holds the keys: the row in memory does without.
        self._rows[slot] = kept = packed[: len(packed) - 4 * len(outline.keys)]
        self._size += 1
        self._bytes += len(kept)
        self._by_id.add(slot, [_key_of(outline.row_id)])
        return slot

    def _new_slot(self) -> int:
        self._rows.append(None)
        return len(self._rows) - 1

    def refresh(self) -> None:
        """Rebuild the indexes when rows were loaded or too much was removed."""
        if not (self._stale or self._by_key.needs_rebuild):
            return
        slots, orders = self._in_order()
        self._by_id.rebuild(slots)
        self._by_key.rebuild(slots)
        self._line = array("I", slots.astype(np.uint32).tobytes())
        self._orders = array("Q", orders.tobytes())
        self._first = 0
        self._free.extend(self._freed)
        self._freed.clear()
        self._stale = False

    def _in_order(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
        """The slots that hold a row, first judged first, and their places in the stream."""
        slots = np.fromiter((slot for slot, row in enumerate(self._rows) if row is not None), np.int64, self._size)
        orders = np.fromiter((Row.stamp_of(row).order for row in self._rows if row is not None), np.uint64, self._size)
        line = np.argsort(orders, kind="stable")
        return slots[line], orders[line]
