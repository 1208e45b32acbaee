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
_GAP: Final = 20
_DRIFT: Final = 6
_EDGE: Final = 6


class Wording:
    """A signature unpacked for comparing; the words of known footers are masked out."""

    def __init__(self, signature: Signature, masked: tuple[tuple[int, int], ...] = ()) -> None:
        self.signature = signature
        self.body: U8 = np.frombuffer(signature.body, np.uint8)
        self.masked = masked
        self.size = len(self.body) - sum(end - start for start, end in masked)

    def __len__(self) -> int:
        """How many words count."""
        return self.size

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
    def slots(self) -> I32:
        """A place in a table of 2**20 for each run of three."""
        return (self.triples * np.int32(-1640531535)) >> np.int32(32 - _BITS) & np.int32((1 << _BITS) - 1)

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
    def harm_numbers(self) -> Bools:
        """The words that are numbers near words of harm."""
        numbers = np.zeros(len(self.body), bool)
        numbers[self.places[self.harm]] = True
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
    """Lays wordings side by side. Holds scratch tables of 3 MB, so one serves a whole matcher."""

    def __init__(self) -> None:
        self._places = np.zeros(1 << _BITS, np.uint16)
        self._marks = np.zeros(1 << _BITS, bool)
        self._marked: I32 = np.zeros(0, np.int32)

    def focus(self, wording: Wording) -> None:
        """Let `common` count against this wording."""
        self._marks[self._marked] = False
        self._marked = wording.slots
        self._marks[self._marked] = True

    def common(self, other: Wording) -> int:
        """How many runs of three of another wording the focused one has; one in 2,000 too many."""
        return int(np.count_nonzero(self._marks[other.slots]))

    def align(self, a: Wording, b: Wording) -> Alignment | None:
        """Where the words of `a` stand in `b`; None when they have no run of three in common."""
        if len(a.body) < 3 or len(b.body) < 3:
            return None
        found = self._found(a, b)
        hits = found >= 0
        return _spread(a, b, found, hits) if hits.any() else None

    def _found(self, a: Wording, b: Wording) -> I32:
        """For each run of three in `a` the first place of the same run in `b`, else -1."""
        self._places[b.slots[::-1]] = np.arange(len(b.slots), 0, -1, dtype=np.uint16)
        found = self._places[a.slots].astype(np.int32) - 1
        self._places[b.slots] = 0
        same = (found >= 0) & (a.triples >= 0) & (b.triples[found] == a.triples)
        found[~same] = _NOWHERE
        return found


def _spread(a: Wording, b: Wording, found: I32, hits: Bools) -> Alignment:
    """Extend common runs to the words between and beside them."""
    size, last = len(a.body), len(b.body) - 1
    covered = np.zeros(size, bool)
    covered[:-2] = hits
    covered[1:-1] |= hits
    covered[2:] |= hits
    at = np.flatnonzero(hits)
    offset = found[at].astype(np.int64) - at
    where = np.arange(size)
    following = np.searchsorted(at, where)
    left, right = np.maximum(following - 1, 0), np.minimum(following, len(at) - 1)
    before = np.minimum(np.maximum(where + offset[left], 0), last)
    after = np.minimum(np.maximum(where + offset[right], 0), last)
    matched = covered | ((a.body == b.body[before]) | (a.body == b.body[after])) & a.kept
    near = (at[right] - at[left] <= _GAP + 3) & (np.abs(offset[right] - offset[left]) <= _DRIFT)
    near &= (following > 0) & (following < len(at))
    near |= (following == 0) & (where >= at[0] - _EDGE) & (after > 0)
    near |= (following == len(at)) & (where <= at[-1] + 2 + _EDGE) & (before < last)
    return Alignment(hits, matched, before, after, near & a.kept)


class Pair:
    """A new article beside an old one; alignments are made when first asked for."""

    def __init__(self, new: Wording, old: Wording, aligner: Aligner) -> None:
        self.new, self.old = new, old
        self._aligner = aligner

    @cached_property
    def forth(self) -> Alignment | None:
        """The new article's words in the old one."""
        return self._aligner.align(self.new, self.old)

    @cached_property
    def back(self) -> Alignment | None:
        """The old article's words in the new one."""
        return self._aligner.align(self.old, self.new)


def stretches(marked: Bools) -> Ints:
    """The lengths of the unbroken stretches of marked words.

    >>> stretches(np.array([True, True, False, True])).tolist()
    [2, 1]
    """
    padded = np.zeros(len(marked) + 2, np.int8)
    padded[1:-1] = marked
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return edges[1::2] - edges[::2]


def own_words(wording: Wording, alignment: Alignment | None, run: int) -> int:
    """How many words stand in stretches of at least `run` words that the other article does not have."""
    if alignment is None:
        return len(wording)
    lengths = stretches(~alignment.matched & wording.kept)
    return int(lengths[lengths >= run].sum())
