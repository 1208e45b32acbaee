"""What a revision changes: figures that stand in the same place with another number, and wording added or cut."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from stream_app.core.dedup.signature import HARM_REACH
from stream_app.core.dedup.wording import Alignment, Pair, Wording, either, own_words
from stream_app.core.dedup.words import HARM_KINDS, Bools, Ints, canonical
from stream_app.core.events import Change

_AROUND: Final = np.array([-3, -2, -1, 1, 2, 3])
MOST_CHANGES: Final = 50
"""A revision names so many of its changes, the first ones: each is kept for every version, and told in each event."""
MIN_RUN: Final = 5
"""Fewer new words in a row are rewording, not an addition."""
_DOUBT_REACH: Final = 3
"""So near, one word of doubt stands for another."""
REWORDED: Final = 0.06
"""With this share of words exchanged, whoever or whatever did it has spared the figures no more than the rest."""


def changes(pair: Pair) -> tuple[Change, ...]:
    """The figures that both articles have in the same context and that differ, in reading order, the first 50.

    A figure that stands where the other article has none is a change too: `old` or `new` is empty then.
    """
    new, old, forth = pair.new, pair.old, pair.align()
    if forth is None:
        return ()
    exchanged = _exchanged(new, old, forth)
    told = {change.new for change in exchanged}
    appeared = [change for change in _appeared(new, old, forth) if change.new not in told]
    return (*exchanged, *appeared, *_vanished(pair))[:MOST_CHANGES]


def harm_reworded(pair: Pair, replaced: float) -> bool:
    """Whether the wording differs so that the new article may tell of people harmed whom the old one does not have.

    A word of harm in the place of another word is enough, one in the place of another kind of harm ("killed" for
    "hurt", not "slain" for "killed"), and one in a passage that the old article does not have. So is, in an article
    that was reworded throughout (`replaced`, the share of exchanged words, is 6 % or more), any exchange near a word
    of harm.
    """
    forth = pair.align()
    harm = pair.new.harm_words
    if forth is None or not len(harm):
        return False
    if (pair.new.kept.take(harm) & ~(forth.matched.take(harm) | forth.local.take(harm))).any():
        return True
    exchanged = (forth.local & ~forth.matched).nonzero()[0]
    distance = np.abs(exchanged[:, None] - harm).min(axis=1)
    old_harm = np.zeros(len(pair.old.body), bool)
    old_harm[pair.old.harm_words] = True
    was_harm = either(old_harm, forth.before.take(exchanged), forth.after.take(exchanged))
    if replaced >= REWORDED and (was_harm | (distance <= HARM_REACH)).any():
        return True
    return bool(((distance == 0) & ~was_harm).any()) or _other_kind(pair, forth, old_harm)


def _other_kind(pair: Pair, forth: Alignment, old_harm: Bools) -> bool:
    """Whether a word of harm stands where the old article has one of another kind, and none of its own."""
    at = pair.new.harm_words
    at = at[forth.local.take(at) & ~forth.matched.take(at)]
    told = HARM_KINDS.take(pair.new.body.take(at))
    kinds = HARM_KINDS.take(pair.old.body) * old_harm
    one, two = (kinds.take(where.take(at), mode="clip") for where in (forth.before, forth.after))
    return bool(((told > 0) & (one != told) & (two != told) & ((one | two) > 0)).any())


def doubted(pair: Pair) -> bool:
    """Whether one of the two doubts or denies what the other states of harm: "may have killed" for "killed".

    A word of doubt that stands where the other article has none is enough; one in the place of another is none.
    """
    forth = pair.align()
    if forth is None or not (len(pair.new.doubt_words) or len(pair.old.doubt_words)):
        return False
    if _doubts(pair.new, pair.old, forth):
        return True
    if not pair.gone.take(pair.old.doubt_words).any() or (back := pair.align(back=True)) is None:
        return False
    return _doubts(pair.old, pair.new, back)


def _doubts(a: Wording, b: Wording, alignment: Alignment) -> bool:
    """Whether `a` has a word of doubt among matching words that `b` has neither there nor another for it."""
    at = a.doubt_words[a.doubt_words < len(a.body)]
    at = at[alignment.local.take(at) & ~alignment.matched.take(at)]
    doubt = np.zeros(len(b.body), bool)
    doubt[b.doubt_words] = True
    near = doubt.copy()
    for shift in range(1, _DOUBT_REACH + 1):
        near[shift:] |= doubt[:-shift]
        near[:-shift] |= doubt[shift:]
    return bool((~either(near, alignment.before.take(at), alignment.after.take(at))).any())


def added_words(pair: Pair) -> int:
    """Words of the new article, in runs of five and more, that the old one does not have."""
    return own_words(pair.new, pair.align(), MIN_RUN)


def cut_words(pair: Pair) -> int:
    """Words of the old article, in runs of five and more, that the new one does not have."""
    # Seen from the new article it costs next to nothing to know that there are none.
    return own_words(pair.old, pair.align(back=True), MIN_RUN) if np.count_nonzero(pair.gone) >= MIN_RUN else 0


def _exchanged(new: Wording, old: Wording, forth: Alignment) -> list[Change]:
    """Numbers whose best counterpart in the old article is another number."""
    which = _unlike(new, old, forth)
    if not which or not len(old.places):
        return []
    at = new.places.take(which)
    contexts = _contexts(new, at, -1)[:, None, :] == _contexts(old, old.places, -2)[None, :, :]
    agreement = contexts.sum(axis=2, dtype=np.int16)
    distance = np.minimum(
        np.abs(old.places[None, :] - forth.before.take(at)[:, None]),
        np.abs(old.places[None, :] - forth.after.take(at)[:, None]),
    )
    aligned = distance <= 3
    old_texts, new_texts = old.texts, new.texts
    values_old = np.array([canonical(t) for t in old_texts])
    same = np.array([canonical(new_texts[i]) for i in which])[:, None] == values_old[None, :]
    rank = 4 * (agreement + 2 * aligned) + 2 * same
    best = rank.argmax(axis=1)
    rows = np.arange(len(best))
    differs = ~same[rows, best] & ((agreement[rows, best] >= 4) | (aligned[rows, best] & (agreement[rows, best] >= 3)))
    differs &= old.kept.take(old.places.take(best))
    return [Change(old_texts[best[i]], new_texts[which[i]]) for i in differs.nonzero()[0].tolist()]


def _unlike(new: Wording, old: Wording, forth: Alignment) -> list[int]:
    """Which of the new article's numbers do not stand as they are at the place where they should be in the old one."""
    # By their texts: words are compared by one byte, and two numbers may have the same.
    texts = dict(zip(old.places.tolist(), old.texts, strict=True))
    before, after = forth.before.take(new.places).tolist(), forth.after.take(new.places).tolist()
    places = enumerate(zip(new.texts, before, after, new.kept.take(new.places).tolist(), strict=True))
    return [i for i, (text, one, two, kept) in places if kept and text not in (texts.get(one), texts.get(two))]


def _contexts(wording: Wording, places: Ints, beyond: int) -> npt.NDArray[np.int16]:
    """The three words on either side of each of these words, `beyond` where the text has none."""
    at = places[:, None] + _AROUND
    words: npt.NDArray[np.int16] = wording.body.take(at, mode="clip").astype(np.int16)
    words[(at < 0) | (at >= len(wording.body))] = beyond
    return words


def _appeared(new: Wording, old: Wording, forth: Alignment) -> list[Change]:
    """Numbers that stand where the old article has another word, and nowhere else in it."""
    replacing = [Change("", text) for text, _ in _unmatched(new, old, forth, neighbours=1)]
    return replacing or [Change("", text) for text in _new_harm(new, old, forth)]


def _new_harm(new: Wording, old: Wording, forth: Alignment) -> list[str]:
    """Numbers of people harmed in wording that the old article does not have, and that it nowhere gives."""
    given = {canonical(text) for text, harm in zip(old.texts, old.harm.tolist(), strict=True) if harm}
    added = new.harm & ~forth.matched[new.places] & new.kept[new.places]
    texts = new.texts
    return [texts[i] for i in np.flatnonzero(added).tolist() if canonical(texts[i]) not in given]


def _vanished(pair: Pair) -> list[Change]:
    """The old article's numbers of people harmed that gave way to another word, and are nowhere else in the new one."""
    new, old = pair.new, pair.old
    if not pair.gone.take(old.places[old.harm]).any() or (back := pair.align(back=True)) is None:
        return []
    return [Change(text, "") for text, harm in _unmatched(old, new, back, neighbours=2) if harm]


def _unmatched(a: Wording, b: Wording, alignment: Alignment, neighbours: int) -> list[tuple[str, bool]]:
    """Numbers of `a` among matching words whose counterpart in `b` is no number, and whether they tell of harm."""
    values = {canonical(t) for t in b.texts}
    matched = np.concatenate(([False], alignment.matched, [False])).astype(np.int8)
    beside = matched[:-2] + matched[2:]
    alone = alignment.local & ~alignment.matched & (beside >= neighbours)
    alone &= ~either(b.numbers, alignment.before, alignment.after)
    numbers = zip(a.texts, a.places.tolist(), a.harm.tolist(), strict=True)
    return [(text, harm) for text, at, harm in numbers if alone[at] and canonical(text) not in values]
