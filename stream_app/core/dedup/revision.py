"""What a revision changes: figures that stand in the same place with another number, and wording added or cut."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from stream_app.core.dedup.wording import Alignment, Pair, Wording, own_words
from stream_app.core.events import Change
from stream_app.core.words import canonical

_AROUND: Final = np.array([-3, -2, -1, 1, 2, 3])
_OUTSIDE: Final = 256
MIN_RUN: Final = 5
"""Fewer new words in a row are rewording, not an addition."""


def changes(pair: Pair) -> tuple[Change, ...]:
    """The figures that both articles have in the same context and that differ, in reading order.

    A figure that stands where the other article has none is a change too: `old` or `new` is empty then.
    """
    new, old, forth, back = pair.new, pair.old, pair.align(), pair.align(back=True)
    if forth is None or back is None:
        return ()
    exchanged = _exchanged(new, old, forth)
    told = {change.new for change in exchanged}
    appeared = [change for change in _appeared(new, old, forth) if change.new not in told]
    return (*exchanged, *appeared, *_vanished(new, old, back))


def added_words(pair: Pair) -> int:
    """Words of the new article, in runs of five and more, that the old one does not have."""
    return own_words(pair.new, pair.align(), MIN_RUN)


def cut_words(pair: Pair) -> int:
    """Words of the old article, in runs of five and more, that the new one does not have."""
    return own_words(pair.old, pair.align(back=True), MIN_RUN)


def _exchanged(new: Wording, old: Wording, forth: Alignment) -> list[Change]:
    """Numbers whose best counterpart in the old article is another number."""
    if not len(new.places) or not len(old.places):
        return []
    agreement = (_contexts(new)[:, None, :] == _contexts(old)[None, :, :]).sum(axis=2, dtype=np.int16)
    distance = np.minimum(
        np.abs(old.places[None, :] - forth.before[new.places][:, None]),
        np.abs(old.places[None, :] - forth.after[new.places][:, None]),
    )
    aligned = distance <= 3
    values_new, values_old = [canonical(t) for t in new.texts], [canonical(t) for t in old.texts]
    same = np.array(values_new)[:, None] == np.array(values_old)[None, :]
    rank = 4 * (agreement + 2 * aligned) + 2 * same
    best = rank.argmax(axis=1)
    rows = np.arange(len(best))
    differs = ~same[rows, best] & ((agreement[rows, best] >= 4) | (aligned[rows, best] & (agreement[rows, best] >= 3)))
    differs &= new.kept[new.places] & old.kept[old.places[best]]
    return [Change(old.texts[best[i]], new.texts[i]) for i in np.flatnonzero(differs).tolist()]


def _contexts(wording: Wording) -> npt.NDArray[np.int16]:
    """The three words on either side of each number; words outside the text agree with none."""
    at = wording.places[:, None] + _AROUND
    inside = (at >= 0) & (at < len(wording.body))
    words = wording.body[np.minimum(np.maximum(at, 0), len(wording.body) - 1)].astype(np.int16)
    return np.where(inside, words, _OUTSIDE + np.arange(len(words), dtype=np.int16)[:, None] % 2**14)


def _appeared(new: Wording, old: Wording, forth: Alignment) -> list[Change]:
    """Numbers that stand where the old article has another word, and nowhere else in it."""
    replacing = [Change("", text) for text, _ in _unmatched(new, old, forth, neighbours=1)]
    return replacing or [Change("", text) for text in _new_harm(new, old, forth)]


def _new_harm(new: Wording, old: Wording, forth: Alignment) -> list[str]:
    """Numbers of people harmed in wording that the old article does not have, and that it nowhere gives."""
    given = {canonical(text) for text, harm in zip(old.texts, old.harm.tolist(), strict=True) if harm}
    added = new.harm & ~forth.matched[new.places] & new.kept[new.places]
    return [new.texts[i] for i in np.flatnonzero(added).tolist() if canonical(new.texts[i]) not in given]


def _vanished(new: Wording, old: Wording, back: Alignment) -> list[Change]:
    """The old article's numbers of people harmed that gave way to another word, and are nowhere else in the new one."""
    return [Change(text, "") for text, harm in _unmatched(old, new, back, neighbours=2) if harm]


def _unmatched(a: Wording, b: Wording, alignment: Alignment, neighbours: int) -> list[tuple[str, bool]]:
    """Numbers of `a` among matching words whose counterpart in `b` is no number, and whether they tell of harm."""
    values = {canonical(t) for t in b.texts}
    matched = np.concatenate(([False], alignment.matched, [False])).astype(np.int8)
    beside = matched[:-2] + matched[2:]
    alone = alignment.local & ~alignment.matched & (beside >= neighbours)
    alone &= ~b.numbers[alignment.before] & ~b.numbers[alignment.after]
    numbers = zip(a.texts, a.places.tolist(), a.harm.tolist(), strict=True)
    return [(text, harm) for text, at, harm in numbers if alone[at] and canonical(text) not in values]
