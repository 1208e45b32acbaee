"""People that are no others than those beside them: a number that is put right, and one noun in two genders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from stream_app.core.casualties.free.groups import Group
from stream_app.core.casualties.free.words import Words

_BEFORE: Final = 2
_TO_RIGHT_ONE: Final = 4
_SHORTEST_STEM: Final = 3
_ENDING: Final = 5
_NUMBERS: Final = frozenset({"counted", "unknown", "elided"})
_SMALL: Final = frozenset({"of", "determiner", "function"})
_FEWEST: Final = 2


def corrected(words: Words, groups: Sequence[Group]) -> Iterator[tuple[Group, int, int]]:
    """The numbers that are said not to be so, beside the right one: "14 died, not 17", "not 17 but 14 died".

    Each with the words of its denial, up to the right number where that follows.
    """
    if "negation" not in words.said or len(groups) < _FEWEST:
        return
    behind = words.pack.order == "object_first"
    for at, one in enumerate(groups):
        if not _is_number(one):
            continue
        others = (*groups[max(0, at - 1) : at], *groups[at + 1 : at + 2])
        if not any(_is_number(other) or other.form == "single" for other in others):
            continue
        denial = _denial_behind(words, one) if behind else _denial_before(words, one)
        if denial is None:
            continue
        follows = groups[at + 1].start if at + 1 < len(groups) else one.end
        near = 0 < follows - one.end <= _TO_RIGHT_ONE
        yield one, min(denial, one.start), (follows if near else max(one.end, denial + 1)) - 1


def _is_number(group: Group) -> bool:
    return group.form in _NUMBERS and group.quantity is not None and not group.quantity.one


def _denial_before(words: Words, one: Group) -> int | None:
    """Where "not" stands before a number and nothing but small words between: "and not 17", "et non de 17"."""
    for k in range(one.start - 1, max(-1, one.start - 1 - _BEFORE), -1):
        if words.has(k, "negation"):
            return k
        if words.says[k].isdisjoint(_SMALL):
            return None
    return None


def _denial_behind(words: Words, one: Group) -> int | None:
    """Where "not" stands right behind a number, and another number behind that: "17 değil 14"."""
    return one.end if words.has(one.end, "negation") and words.may_count(one.end + 1) else None


def doublets(words: Words, groups: Sequence[Group]) -> set[int]:
    """The second nouns of people who are told of in both genders: "40 Schülerinnen und Schüler"."""
    return {id(again) for one, again in pairwise(groups) if _is_doublet(words, one, again)}


def _is_doublet(words: Words, one: Group, again: Group) -> bool:
    if one.form != "counted" or again.form != "single" or again.start != again.noun or one.noun < 0:
        return False
    if again.start != one.end + 1 or not words.has(one.end, "and") or not _is_number(one):
        return False
    first, second = words.texts[one.noun], words.texts[again.noun]
    size = max(_SHORTEST_STEM, min(len(first), len(second)) - _ENDING)
    return first[:size] == second[:size]
