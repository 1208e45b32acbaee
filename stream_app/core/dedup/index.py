"""Hash chains in flat arrays: 12 to 16 bytes a key and no object, so that tens of millions of keys fit."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

U32 = npt.NDArray[np.uint32]
Packed = bytes

_NONE: Final = 0xFFFFFFFF
_GONE: Final = 0
_MIN_DEAD: Final = 4096
_BLOCK: Final = 16_384


class KeyIndex:
    """Slots by key, newest first; each slot has up to `width` 32-bit keys, whose low bits are spread evenly.

    Postings are chained by bucket in the order of `add`. A removed slot leaves its postings behind, without their key,
    and must not be used again before `rebuild` has swept them out. Key 0 stands for that, so it is taken for key 1.
    Whoever walks over a removed posting takes it out of the chain, so that no key is slow for what it had before.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._live = 0
        self._dead = 0
        self._allocate(slots=256, buckets=1024)

    def _allocate(self, slots: int, buckets: int) -> None:
        nexts = np.full(slots * self._width, _NONE, np.uint32)
        keys = np.zeros(slots * self._width, np.uint32)
        self._nexts, self._keys = nexts.data, keys.data
        self._heads = np.full(buckets, _NONE, np.uint32).data

    @property
    def bytes(self) -> int:
        """Memory held."""
        return self._nexts.nbytes + self._keys.nbytes + self._heads.nbytes

    @property
    def needs_rebuild(self) -> bool:
        """Whether chains have grown long, or hold many removed postings."""
        crowded = self._live + self._dead > len(self._heads)
        return crowded or self._dead > max(_MIN_DEAD * self._width, self._live // 3)

    def add(self, slot: int, keys: Sequence[int]) -> None:
        """Let the slot be found by these keys. The slot must be new, or swept out since it was removed."""
        start = slot * self._width
        if start >= len(self._nexts):
            self._grow()
        heads, nexts, held = self._heads, self._nexts, self._keys
        mask = len(heads) - 1
        for posting, key in enumerate(keys, start):
            held[posting] = wanted = key or 1
            bucket = wanted & mask
            nexts[posting] = heads[bucket]
            heads[bucket] = posting
        self._live += len(keys)

    def _grow(self) -> None:
        """Make room for an eighth more slots."""
        more = np.full(len(self._nexts) // self._width // 8 * self._width, _NONE, np.uint32)
        self._nexts = np.concatenate((np.asarray(self._nexts), more)).data
        self._keys = np.concatenate((np.asarray(self._keys), np.zeros_like(more))).data

    def find(self, key: int, limit: int) -> list[int]:
        """The slots with this key, newest first, at most `limit`."""
        return self._follow(key or 1, limit)

    def find_each(self, keys: U32, limit: int) -> list[list[int]]:
        """The slots of those of the keys that have any, newest first, at most `limit` a key."""
        wanted = np.maximum(keys, 1)
        # All heads at once, so that the core waits for memory once and not 32 times.
        heads = np.asarray(self._heads).take(wanted & np.uint32(len(self._heads) - 1)).tolist()
        chains = zip(wanted.tolist(), heads, strict=True)
        return [slots for key, head in chains if head != _NONE and (slots := self._follow(key, limit))]

    def _follow(self, wanted: int, limit: int) -> list[int]:
        """The slots with a key among the postings of its bucket; those of removed slots are taken out on the way."""
        heads, nexts, held, width = self._heads, self._nexts, self._keys, self._width
        bucket = wanted & (len(heads) - 1)
        posting, last = heads[bucket], _NONE
        slots: list[int] = []
        while posting != _NONE:
            key, following = held[posting], nexts[posting]
            if key == _GONE:
                if last == _NONE:
                    heads[bucket] = following
                else:
                    nexts[last] = following
            else:
                last = posting
                if key == wanted:
                    slots.append(posting // width)
                    if len(slots) == limit:
                        break
            posting = following
        return slots

    def keys_of(self, slot: int) -> Packed:
        """The keys of a slot, 32 bits each."""
        held = self._keys[slot * self._width : (slot + 1) * self._width].tolist()
        return struct.pack(f"<{sum(key != _GONE for key in held)}I", *(key for key in held if key != _GONE))

    def remove(self, slot: int) -> None:
        """Let the slot be found no more."""
        for posting in range(slot * self._width, (slot + 1) * self._width):
            if self._keys[posting] != _GONE:
                self._keys[posting] = _GONE
                self._dead += 1
                self._live -= 1

    def rebuild(self, slots: npt.NDArray[np.int64]) -> None:
        """Chain the postings of these slots again, as if added in this order, into at least as many buckets."""
        keys = np.asarray(self._keys).reshape(-1, self._width)
        self._live = sum(int(np.count_nonzero(keys[part])) for part in _blocks(slots))
        self._dead = 0
        self._heads = np.full(1 << max(10, (2 * self._live).bit_length() - 1), _NONE, np.uint32).data
        for part in _blocks(slots):
            postings = (part[:, None] * self._width + np.arange(self._width)).ravel()
            held = keys[part].ravel()
            self._chain(postings[held != _GONE].astype(np.uint32), held[held != _GONE])

    def _chain(self, postings: U32, held: U32) -> None:
        """Put postings before those that their buckets have, the last one first."""
        buckets = held & np.uint32(len(self._heads) - 1)
        order = np.argsort(buckets, kind="stable")
        buckets, postings = buckets[order], postings[order]
        first = np.ones(len(buckets), bool)
        first[1:] = buckets[1:] != buckets[:-1]
        heads = np.asarray(self._heads)
        previous = np.empty(len(buckets), np.uint32)
        previous[1:] = postings[:-1]
        previous[first] = heads[buckets[first]]
        np.asarray(self._nexts)[postings] = previous
        last = np.append(first[1:], True)[: len(first)]
        heads[buckets[last]] = postings[last]

    def load(self, slot: int, keys: Sequence[int]) -> None:
        """Note the keys of a slot without chaining them: `rebuild` must follow before anything is found."""
        start = slot * self._width
        if start >= len(self._nexts):
            self._grow()
        for posting, key in enumerate(keys, start):
            self._keys[posting] = key or 1


def _blocks(slots: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
    """The slots in parts, so that what is made of a part stays small beside the index."""
    return [slots[at : at + _BLOCK] for at in range(0, len(slots), _BLOCK)]
