"""Two wordings laid side by side: which words of one stand in the other, and where."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from stream_app.core.fingerprint import NEAR_HARM, Signature
from stream_app.core.words import U8, Bools, Ints

I32 = npt.NDArray[np.int32]

_BITS: Final = 20
_NOWHERE: Final = -1


class Wording:
    """A signature unpacked for comparing; the words of known footers are masked out."""

    def __init__(self, signature: Signature, masked: tuple[tuple[int, int], ...] = ()) -> None:
        self.signature = signature
        self.body: U8 = np.frombuffer(signature.body, np.uint8)
        self.masked = masked

    def __len__(self) -> int:
        """How many words count."""
        return len(self.body) - sum(end - start for start, end in self.masked)

    @cached_property
    def kept(self) -> Bools:
        """The words that count."""
        kept = np.ones(len(self.body), bool)
        for start, end in self.masked:
            kept[start:end] = False
        return kept

    @cached_property
    def triples(self) -> I32:
        """Each run of three words as one number; -1 where one of them is masked."""
        words = self.body.astype(np.int32)
        triples = words[:-2] | words[1:-1] << 8 | words[2:] << 16
        for start, end in self.masked:
            triples[max(0, start - 2) : end] = _NOWHERE
        return triples

    @cached_property
    def names(self) -> Bools:
        """The words that may be names."""
        return np.unpackbits(np.frombuffer(self.signature.names, np.uint8), count=len(self.body)).view(bool)

    @cached_property
    def places(self) -> Ints:
        """The word index of each number."""
        return np.frombuffer(self.signature.places, "<u2").astype(np.int64) & (NEAR_HARM - 1)

    @cached_property
    def harm(self) -> Bools:
        """The numbers that stand near words of harm."""
        return np.frombuffer(self.signature.places, "<u2") >= NEAR_HARM

    @cached_property
    def texts(self) -> list[str]:
        """The numbers as written."""
        return self.signature.texts.split("\x1f") if len(self.places) else []

    @cached_property
    def numbers(self) -> Bools:
        """The words that are numbers."""
        numbers = np.zeros(len(self.body), bool)
        numbers[self.places] = True
        return numbers

    @cached_property
    def title(self) -> frozenset[int]:
        """Short hashes of the title's words."""
        return frozenset(np.frombuffer(self.signature.title, "<u2").tolist())

    @cached_property
    def title_numbers(self) -> frozenset[int]:
        """Short hashes of the title's numbers."""
        return frozenset(np.frombuffer(self.signature.title_numbers, "<u2").tolist())


@dataclass(frozen=True, slots=True)
class Alignment:
    """Where the words of one wording stand in another.

    `hits` are the runs of three that both have (by first word); `matched` the words that are in such a run or equal
    their counterpart; `before` and `after` are each word's counterpart as the nearest run on either side places it;
    `local` says that those two runs are near enough for the counterpart to mean something.
    """

    hits: Bools
    matched: Bools
    before: Ints
    after: Ints
    local: Bools


class Aligner:
    """Lays wordings side by side. Holds a scratch table of 2 MB, so one serves a whole matcher."""

    GAP: Final = 20
    DRIFT: Final = 6
    EDGE: Final = 6

    def __init__(self) -> None:
        self._scratch = np.zeros(1 << _BITS, np.uint16)

    def hits(self, a: Wording, b: Wording) -> I32:
        """For each run of three in `a` the place of the same run in `b`, else -1."""
        if len(a.body) < 3 or len(b.body) < 3:
            return np.full(max(0, len(a.body) - 2), _NOWHERE, np.int32)
        slots_b = _slots(b.triples)
        backwards = np.arange(len(slots_b), 0, -1, dtype=np.uint16)
        self._scratch[slots_b[::-1]] = backwards
        found = self._scratch[_slots(a.triples)].astype(np.int32) - 1
        self._scratch[slots_b] = 0
        same = (found >= 0) & (a.triples >= 0)
        same &= b.triples[found] == a.triples
        return np.where(same, found, _NOWHERE)

    def align(self, a: Wording, b: Wording, found: I32) -> Alignment:
        """The alignment of `a` on `b`, from what `hits` found (at least one run)."""
        hits = found >= 0
        size = len(a.body)
        covered = np.zeros(size, bool)
        covered[:-2] = hits
        covered[1:-1] |= hits
        covered[2:] |= hits
        at = np.flatnonzero(hits)
        offset = (found[at] - at).astype(np.int64)
        where = np.arange(size)
        next_run = np.searchsorted(at, where)
        left = np.maximum(next_run - 1, 0)
        right = np.minimum(next_run, len(at) - 1)
        last = len(b.body) - 1
        before = np.clip(where + offset[left], 0, last)
        after = np.clip(where + offset[right], 0, last)
        matched = covered | (((a.body == b.body[before]) | (a.body == b.body[after])) & a.kept)
        inner = (next_run > 0) & (next_run < len(at))
        near = (at[right] - at[left] - 3 <= self.GAP) & (np.abs(offset[right] - offset[left]) <= self.DRIFT)
        head = (next_run == 0) & (where >= at[0] - self.EDGE) & (after > 0)
        tail = (next_run == len(at)) & (where <= at[-1] + 2 + self.EDGE) & (before < last)
        return Alignment(hits, matched, before, after, ((inner & near) | head | tail) & a.kept)


def _slots(triples: I32) -> I32:
    """A place in the scratch table for each run of three."""
    return ((triples * np.int32(-1640531535)) >> np.int32(32 - _BITS)) & np.int32((1 << _BITS) - 1)


def stretches(marked: Bools) -> Ints:
    """The lengths of the unbroken stretches of marked words.

    >>> stretches(np.array([True, True, False, True])).tolist()
    [2, 1]
    """
    padded = np.zeros(len(marked) + 2, np.int8)
    padded[1:-1] = marked
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return edges[1::2] - edges[::2]
