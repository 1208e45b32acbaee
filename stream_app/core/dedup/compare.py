"""Two signatures side by side: how much wording they share, what tells them apart, which numbers changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stream_app.core.events import Change
from stream_app.core.fingerprint import Number, Signature


@dataclass(frozen=True, slots=True)
class Likeness:
    """`containment`: shared share of the smaller article's shingles. `guard`: share of its names and numbers not shared."""

    containment: float
    guard: float

    @property
    def is_copy(self) -> bool:
        """Whether one is a copy or revision of the other."""
        return self.containment >= 0.2 and self.guard <= 0.3


def compare(a: Signature, b: Signature) -> Likeness:
    """How alike two articles are."""
    if a.exact == b.exact:
        return Likeness(1.0, 0.0)
    ga, gb = np.frombuffer(a.guard, "<u2"), np.frombuffer(b.guard, "<u2")
    both = len(np.intersect1d(ga, gb, assume_unique=True))
    differ = min(len(ga), len(gb)) - both
    return Likeness(_containment(a.body, b.body), differ / max(1, min(len(ga), len(gb))))


def _trigrams(body: bytes) -> np.ndarray:
    x = np.frombuffer(body, np.uint8).astype(np.int32)
    return np.unique(x[:-2] | x[1:-1] << 8 | x[2:] << 16)


def _containment(a: bytes, b: bytes) -> float:
    if min(len(a), len(b)) < 3:
        return float(a == b)
    ta, tb = _trigrams(a), _trigrams(b)
    return len(np.intersect1d(ta, tb, assume_unique=True)) / min(len(ta), len(tb))


def changed_numbers(new: Signature, old: Signature) -> tuple[Change, ...]:
    """The numbers that stand in the same context in both articles and differ."""
    changes = []
    for a in new.numbers:
        scored = [(_context(new.body, a, old.body, b), a.text.lower() == b.text.lower(), b) for b in old.numbers]
        score, same, b = max(scored, key=lambda s: s[:2], default=(0, True, a))
        if score >= 4 and not same:
            changes.append(Change(b.text, a.text))
    return tuple(changes)


def _context(a: bytes, at: Number, b: bytes, bt: Number) -> int:
    """How many of the three words on either side of both numbers are the same."""
    shared = 0
    for d in (-3, -2, -1, 1, 2, 3):
        i, j = at.index + d, bt.index + d
        if 0 <= i < len(a) and 0 <= j < len(b):
            shared += a[i] == b[j]
    return shared
