"""What a revision changes: figures that stand in the same place with another number, and wording added or cut."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from stream_app.core.dedup.signature import HARM_REACH
from stream_app.core.dedup.wording import Alignment, Pair, Wording, either, own_words
from stream_app.core.dedup.words import KINDS_OF_HARM, U8, Bools, Ints, canonical
from stream_app.core.events import Change

_AROUND: Final = np.array([-3, -2, -1, 1, 2, 3])
MOST_CHANGES: Final = 50
"""A revision names so many of its changes, the first ones: each is kept for every version, and told in each event."""
MIN_RUN: Final = 5
"""Fewer new words in a row are rewording, not an addition."""
_DOUBT_REACH: Final = 3
"""So near, one word of doubt stands for another."""
ANY_HARM: Final = len(KINDS_OF_HARM) + 1
_LIKE_REACH: Final = 6
"""So far from its place may stand the word of harm that another one is for: "claiming the lives of 12 people"."""
_BESIDE: Final = 2
_BY_FIGURE: Final = 6
_FEW: Final = 2
_TOUCHED: Final = 0.02
"""With no more words exchanged, or no larger share of them, each exchange was meant."""
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

    A word of harm in a passage that the old article does not have is enough, and one in the place of other words, or of
    another kind of harm ("killed" for "hurt", not "slain" for "killed", nor "lost their lives"). So is a word of harm
    that gave way to another word where else next to nothing was exchanged, and, in an article that was reworded
    throughout (`replaced`, the share of exchanged words, is 6 % or more), any exchange near a word of harm, unless both
    give the same figures for the same kinds of harm, and no name there gave way to another: 12 died in another town.
    """
    forth = pair.align()
    if forth is None:
        return False
    harm = pair.new.harm_words
    own = harm[~forth.matched.take(harm) & pair.new.kept.take(harm) & ~pair.new.optional.take(harm)]
    if (~forth.local.take(own)).any() or _unlike_harm(pair, forth, own):
        return True
    if _harm_gone(pair):
        return True
    return (
        bool(len(harm))
        and replaced >= REWORDED
        and _near_exchanges(pair, forth)
        and (_figures(pair.new) != _figures(pair.old) or _another_name(pair, forth))
    )


def _unlike_harm(pair: Pair, forth: Alignment, own: Ints) -> bool:
    """Whether one of these words of harm stands where the old article has none of its kind that gave way to it."""
    kinds, gave_way = _kinds(pair.new), _kinds(pair.old) * pair.gone
    for at in own.tolist():
        first, last = sorted((int(forth.before[at]), int(forth.after[at])))
        facing = {int(gave_way[place]) for place in (first, last) if 0 <= place < len(gave_way)}
        if kinds[at] not in facing and any(kinds[at] != ANY_HARM > kind > 0 for kind in facing):
            return True
        there = gave_way[max(0, first - _LIKE_REACH) : max(0, last + _LIKE_REACH + 1)]
        there = there[there > 0]
        like = ANY_HARM in (kinds[at], *there.tolist()) or kinds[at] in there
        if not (len(there) and like) and not _tells_how(kinds, at):
            return True
    return False


def _tells_how(kinds: U8, at: int) -> bool:
    """Whether a word of harm of no kind only says more of one beside it: "shot dead"."""
    beside = kinds[max(0, at - _BESIDE) : at + _BESIDE + 1]
    return bool(kinds[at] == ANY_HARM and ((beside > 0) & (beside < ANY_HARM)).any())


def _harm_gone(pair: Pair) -> bool:
    """Whether a word of harm beside a figure gave way to a word that is none, and next to nothing else changed."""
    old, new = pair.old, pair.new
    harm = old.harm_words
    harm = harm[pair.gone.take(harm) & ~old.optional.take(harm)]
    if new.signature.cut or not len(harm) or (back := pair.align(back=True)) is None or (forth := pair.align()) is None:
        return False
    own = forth.local & ~forth.matched
    if np.count_nonzero(own) > max(_FEW, _TOUCHED * len(new)):
        return False
    told, kinds = (_kinds(new) > 0) & ~forth.matched, _kinds(old)
    for at in harm[back.local.take(harm)].tolist():
        first, last = sorted((int(back.before[at]), int(back.after[at])))
        place = slice(max(0, first - 1), max(0, last + 2))
        near = slice(max(0, first - _LIKE_REACH), max(0, last + _LIKE_REACH + 1))
        figure = old.harm_numbers[max(0, at - _BY_FIGURE) : at + _BY_FIGURE + 1].any()
        if figure and own[place].any() and not told[near].any() and not _tells_how(kinds, at):
            return True
    return False


def _near_exchanges(pair: Pair, forth: Alignment) -> bool:
    """Whether words were exchanged near a word of harm, or for one."""
    exchanged = (forth.local & ~forth.matched & ~pair.new.optional).nonzero()[0]
    distance = np.abs(exchanged[:, None] - pair.new.harm_words).min(axis=1)
    was_harm = either(_kinds(pair.old) > 0, forth.before.take(exchanged), forth.after.take(exchanged))
    return bool((was_harm | (distance <= HARM_REACH)).any())


def _another_name(pair: Pair, forth: Alignment) -> bool:
    """Whether a name near a word of harm stands for another name."""
    at = (forth.local & ~forth.matched & pair.new.names & ~pair.new.optional).nonzero()[0]
    if not len(at):
        return False
    near = np.abs(at[:, None] - pair.new.harm_words).min(axis=1) <= _BY_FIGURE
    return bool((near & either(pair.old.names, forth.before.take(at), forth.after.take(at))).any())


def _figures(wording: Wording) -> tuple[list[str], list[int]]:
    """The numbers near harm and the kinds of harm that an article has, in order."""
    numbers = [canonical(text) for text, harm in zip(wording.texts, wording.harm.tolist(), strict=True) if harm]
    return sorted(numbers), sorted(_kinds(wording).take(wording.harm_words).tolist())


def _kinds(wording: Wording) -> U8:
    """For each word the kind of harm that it tells of: 0 for none, and `ANY_HARM` where its kind is not sure."""
    kinds = np.zeros(len(wording.body), np.uint8)
    told = wording.body.take(wording.harm_words)
    kinds[wording.harm_words] = np.where((told > 0) & (told < ANY_HARM), told, ANY_HARM)
    return kinds


def doubted(pair: Pair) -> bool:
    """Whether one of the two doubts or denies what the other states of harm: "may have killed" for "killed".

    A word of doubt that stands where the other article has none is enough; one in the place of another is none.
    """
    forth = pair.align()
    if forth is None or not (len(pair.new.doubt_words) or len(pair.old.doubt_words)):
        return False
    if _doubts(pair.new, pair.old, forth, added=True):
        return True
    if not pair.gone.take(pair.old.doubt_words).any() or (back := pair.align(back=True)) is None:
        return False
    return _doubts(pair.old, pair.new, back, added=False)


def _doubts(a: Wording, b: Wording, alignment: Alignment, *, added: bool) -> bool:
    """Whether `a` has a word of doubt among matching words that `b` has neither there nor another for it.

    `added`: one in a passage that `b` does not have counts, too, beside a word of harm that both have.
    """
    at = a.doubt_words[a.doubt_words < len(a.body)]
    at = at[~a.optional.take(at) & ~alignment.matched.take(at)]
    at = at[alignment.local.take(at) | (added and _beside_harm(a, alignment, at))]
    doubt = np.zeros(len(b.body), bool)
    doubt[b.doubt_words] = True
    near = doubt.copy()
    for shift in range(1, _DOUBT_REACH + 1):
        near[shift:] |= doubt[:-shift]
        near[:-shift] |= doubt[shift:]
    return bool((~either(near, alignment.before.take(at), alignment.after.take(at))).any())


def _beside_harm(wording: Wording, alignment: Alignment, places: Ints) -> Bools:
    """Which of these places are near a word of harm that the other article has as well."""
    harm = wording.harm_words[alignment.matched.take(wording.harm_words)]
    near: Bools = (np.abs(places[:, None] - harm) <= HARM_REACH).any(axis=1)
    return near


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
