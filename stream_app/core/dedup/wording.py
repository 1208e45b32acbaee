"""Two wordings laid side by side: which words of one stand in the other, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final

import numpy as np

from stream_app.core.dedup.signature import CAPTION, DOUBT, LINE, MAX_WORDS, NEAR_HARM, Body, Signature
from stream_app.core.dedup.words import U8, U32, Bools, Ints
from stream_app.core.frozen import maker

_BITS: Final = 15
_LONG_BITS: Final = 17
_LONG: Final = 2000
_SPREAD = np.uint32(0x9E3779B1)
_COUNT = np.arange(MAX_WORDS + 1, dtype=np.uint16)
_WHERE: Ints = np.arange(MAX_WORDS)
_NOWHERE: Final = -1
MASKED: Final = 0xFFFFFFFF
_THREE = np.uint32(0xFFFFFF)
_GAP: Final = 20
_DRIFT: Final = 6
_EDGE: Final = 6


def _runs(body: Body) -> U32:
    """Each run of three words as one number of 24 bits: four bytes from each word on, of which the last is masked."""
    fours: U32 = np.ndarray((max(0, len(body) - 2),), "<u4", body + b"\0", 0, (1,))
    return fours & _THREE


def _slots(triples: U32, bits: int) -> U32:
    """A place in a table of `2**bits` for each run of three."""
    slots: U32 = triples * _SPREAD >> np.uint32(32 - bits)
    return slots


class Wording:
    """A signature unpacked for comparing; the words of known footers are masked out.

    Attributes:
        body: one byte a word; `kept` says which words count, `size` how many.
        triples: each run of three words as one number, `MASKED` where one of them is.
        names: the words that may be names; `numbers` those that are numbers, `harm_numbers` those near words of harm.
        optional: the words of captions: that they are there or not says nothing.
        places: the word index of each number; `harm` says which of them stand near words of harm.
        title: short hashes of the title's words; `title_numbers` those of its numbers.
    """

    __slots__ = (
        "body", "doubt_words", "harm", "harm_numbers", "harm_words", "kept", "names", "numbers", "optional", "places",
        "signature", "size", "title", "title_numbers", "triples",
    )  # fmt: skip

    def __init__(self, signature: Signature, masked: tuple[tuple[int, int], ...] = ()) -> None:
        self.signature = signature
        self.body: U8 = np.frombuffer(signature.body, np.uint8)
        size = len(self.body)
        self.kept = np.ones(size, bool)
        self.triples = _runs(signature.body)
        for start, end in masked:
            self.kept[start:end] = False
            self.triples[max(0, start - 2) : end] = MASKED
        self.size = size - sum(end - start for start, end in masked)
        self.names = np.unpackbits(np.frombuffer(signature.names, np.uint8), count=size).view(bool)
        places = np.frombuffer(signature.places, "<u2")
        self.places: Ints = (places & np.uint16(NEAR_HARM - 1)).astype(np.int64)
        self.harm: Bools = places >= NEAR_HARM
        self.numbers = np.zeros(size, bool)
        self.numbers[self.places] = True
        self.harm_numbers = np.zeros(size, bool)
        self.harm_numbers[self.places] = self.harm
        told = np.frombuffer(signature.harm, "<u2").astype(np.int64)
        self.harm_words: Ints = told[told < DOUBT]
        self.doubt_words: Ints = told[told >= DOUBT] - DOUBT
        self.optional = np.zeros(size, bool)
        for line, start, words in np.frombuffer(signature.lines, LINE).tolist():
            if line == CAPTION:
                self.optional[start : start + words] = True
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


_alignment = maker(Alignment)


class Aligner:
    """Lays wordings side by side. Holds scratch tables; those for texts of usual length fit a core's first cache."""

    def __init__(self) -> None:
        self._places = np.zeros(1 << _LONG_BITS, np.uint16)
        self._marks = np.zeros(1 << _BITS, bool)

    def common(self, body: Body, others: Sequence[Body]) -> list[int]:
        """How many words of each other body stand in runs of three that the first one has; 1 % too many."""
        marked = _slots(_runs(body), _BITS)
        self._marks[marked] = True
        # All others in one pass; a run across the seam of two belongs to neither.
        found = self._marks.take(_slots(_runs(b"".join(others)), _BITS))
        self._marks[marked] = False
        covered = np.zeros(len(found) + 2, bool)
        covered[:-2] = found
        covered[1:-1] |= found
        covered[2:] |= found
        ends = accumulate(map(len, others))
        pairs = zip(others, ends, strict=True)
        return [int(np.count_nonzero(covered[end - len(other) : end])) for other, end in pairs]

    def align(self, a: Wording, b: Wording) -> Alignment | None:
        """Where the words of `a` stand in `b`; None when they have no run of three in common."""
        if len(a.body) < 3 or len(b.body) < 3:
            return None
        found = self._found(a, b)
        hits = found >= 0
        at = hits.nonzero()[0]
        return _spread(a, b, hits, at, found.take(at) - at) if len(at) else None

    def _found(self, a: Wording, b: Wording) -> Ints:
        """For each run of three in `a` the first place of the same run in `b`, else -1."""
        bits = _BITS if len(a.body) + len(b.body) < _LONG else _LONG_BITS
        slots = _slots(b.triples, bits)
        # Counted from 1, and written backwards, so that the first of several places stays.
        self._places[slots[::-1]] = _COUNT[len(slots) : 0 : -1]
        found = self._places.take(_slots(a.triples, bits)).astype(np.int64)
        self._places[slots] = 0
        found -= 1
        found[(b.triples.take(found, mode="clip") != a.triples) | (a.triples == MASKED)] = _NOWHERE
        return found


def _spread(a: Wording, b: Wording, hits: Bools, at: Ints, offset: Ints) -> Alignment:
    """Extend common runs, each `offset` away from its counterpart, to the words between and beside them."""
    size = len(a.body)
    following = np.empty(size, np.int64)
    following[0] = 0
    hits.cumsum(out=following[1:-1])
    following[-1] = len(at)
    where = _WHERE[:size]
    before = where + np.concatenate((offset[:1], offset)).take(following)
    after = where + np.concatenate((offset, offset[-1:])).take(following)
    matched = a.body == b.body.take(before, mode="clip")
    matched |= a.body == b.body.take(after, mode="clip")
    matched &= a.kept
    matched[:-2] |= hits
    matched[1:-1] |= hits
    matched[2:] |= hits
    local = _near(at, offset).take(following)
    local[: max(0, int(at[0]) - _EDGE, 1 - int(offset[0]))] = False
    local[min(int(at[-1]) + 3 + _EDGE, len(b.body) - 1 - int(offset[-1])) :] = False
    local &= a.kept
    return _alignment(hits, matched, before, after, local)


def _near(at: Ints, offset: Ints) -> Bools:
    """Before, between and after the runs: whether the runs on both sides are near enough to place a word."""
    near = np.ones(len(at) + 1, bool)
    near[1:-1] = (at[1:] - at[:-1] <= _GAP + 3) & (np.abs(offset[1:] - offset[:-1]) <= _DRIFT)
    return near


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

    @cached_property
    def gone(self) -> Bools:
        """The old article's words that no word of the new one was matched with."""
        gone = self.old.kept.copy()
        if (forth := self.align()) is not None:
            matched = forth.matched.nonzero()[0]
            words, last = self.new.body.take(matched), len(gone) - 1
            for counterpart in (forth.before.take(matched), forth.after.take(matched)):
                places = np.minimum(np.maximum(counterpart, 0), last)
                gone[places[self.old.body.take(places) == words]] = False
        return gone


def either(marked: Bools, before: Ints, after: Ints) -> Bools:
    """Whether one counterpart or the other of some words is marked."""
    return marked.take(before, mode="clip") | marked.take(after, mode="clip")


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
    """How many words, captions apart, are in stretches of at least `run` words that the other article does not have."""
    if alignment is None:
        return len(wording)
    lengths = stretches(~alignment.matched & wording.kept & ~wording.optional)
    return int(lengths[lengths >= run].sum())
