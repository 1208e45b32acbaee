"""Two wordings laid side by side: which words of one stand in the other, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from stream_app.core.fingerprint import NEAR_HARM, Signature
from stream_app.core.words import U8, U32, Bools, Ints

I32 = npt.NDArray[np.int32]

_BITS: Final = 17
_NOWHERE: Final = -1
MASKED: Final = 0xFFFFFFFF
_GAP: Final = 20
_DRIFT: Final = 6
_EDGE: Final = 6


def triples_of(body: U8) -> U32:
    """Each run of three words as one number of 24 bits."""
    words = body.astype(np.uint32)
    triples: U32 = words[:-2] | words[1:-1] << np.uint32(8) | words[2:] << np.uint32(16)
    return triples


def slots_of(triples: U32) -> U32:
    """A place in a table of 2**17 for each run of three."""
    slots: U32 = triples * np.uint32(0x9E3779B1) >> np.uint32(32 - _BITS)
    return slots


class Wording:
    """A signature unpacked for comparing; the words of known footers are masked out.

    Attributes:
        body: one byte a word; `kept` says which words count, `size` how many.
        triples: each run of three words as one number, `MASKED` where one of them is; `slots` their places in a table.
        names: the words that may be names; `numbers` those that are numbers, `harm_numbers` those near words of harm.
        places: the word index of each number; `harm` says which of them stand near words of harm.
        title: short hashes of the title's words; `title_numbers` those of its numbers.
    """

    __slots__ = (
        "body", "harm", "harm_numbers", "kept", "names", "numbers", "places", "signature", "size", "slots", "title",
        "title_numbers", "triples",
    )  # fmt: skip

    def __init__(self, signature: Signature, masked: tuple[tuple[int, int], ...] = ()) -> None:
        self.signature = signature
        self.body: U8 = np.frombuffer(signature.body, np.uint8)
        size = len(self.body)
        self.kept = np.ones(size, bool)
        self.triples = triples_of(self.body)
        for start, end in masked:
            self.kept[start:end] = False
            self.triples[max(0, start - 2) : end] = MASKED
        self.size = size - sum(end - start for start, end in masked)
        self.slots = slots_of(self.triples)
        self.names = np.unpackbits(np.frombuffer(signature.names, np.uint8), count=size).view(bool)
        places = np.frombuffer(signature.places, "<u2")
        self.places: Ints = (places & (NEAR_HARM - 1)).astype(np.int64)
        self.harm: Bools = places >= NEAR_HARM
        self.numbers = np.zeros(size, bool)
        self.numbers[self.places] = True
        self.harm_numbers = np.zeros(size, bool)
        self.harm_numbers[self.places[self.harm]] = True
        self.title = frozenset(np.frombuffer(signature.title, "<u2").tolist())
        self.title_numbers = frozenset(np.frombuffer(signature.title_numbers, "<u2").tolist())

    def __len__(self) -> int:
        """How many words count."""
        return self.size

    @property
    def texts(self) -> list[str]:
        """The numbers as written."""
        return self.signature.texts.split("\x1f") if len(self.places) else []


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
    """Lays wordings side by side. Holds scratch tables that fit a core's own cache."""

    def __init__(self) -> None:
        self._places = np.zeros(1 << _BITS, np.uint16)
        self._marks = np.zeros(1 << _BITS, bool)
        self._marked: U32 = np.zeros(0, np.uint32)

    def focus(self, wording: Wording) -> None:
        """Let `common` count against this wording."""
        self._marks[self._marked] = False
        self._marked = wording.slots
        self._marks[self._marked] = True

    def common(self, triples: U32) -> int:
        """How many of another wording's runs of three words the focused one has; one in 300 too many."""
        return int(np.count_nonzero(self._marks[slots_of(triples)]))

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
        same = (found >= 0) & (a.triples != MASKED) & (b.triples[found] == a.triples)
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
    following = np.zeros(size, np.int64)
    hits.cumsum(out=following[1:-1])
    following[-1] = len(at)
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
        self._made: dict[bool, Alignment | None] = {}

    def align(self, *, back: bool = False) -> Alignment | None:
        """The new article's words in the old one, or the old one's in the new; None when they have none in common."""
        if back not in self._made:
            a, b = (self.old, self.new) if back else (self.new, self.old)
            self._made[back] = self._aligner.align(a, b)
        return self._made[back]


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
