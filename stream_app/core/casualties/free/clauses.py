"""Clauses that go on from people: what stands between commas behind "who", or behind an article in some languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from stream_app.core.casualties.free.words import Words

_COMMAS: Final = frozenset(",،")
_STRONG: Final = frozenset(";:.؛")
_LEAST_RELATIVE: Final = 3
_LONGEST_RELATIVE: Final = 14


def relatives(words: Words) -> Iterator[tuple[int, int]]:
    """Where commas part off a relative clause: "the pilot of the plane, which had left Poznań, died"."""
    for k in words.at("relative"):
        if not (k and (words.texts[k - 1] in _COMMAS or words.texts[k - 2] in _COMMAS)):
            continue
        opens = k - 1 if words.texts[k - 1] in _COMMAS else k - 2
        closes = next((j for j in range(k, words.size) if words.texts[j] in _COMMAS), None)
        if opens > 0 and closes is not None:
            yield opens, closes


def relatives_by_article(words: Words) -> Iterator[tuple[int, int]]:
    """The same where articles open such a clause and a verb ends it: "der Fahrer, der zwei Kinder hat, starb"."""
    if not words.pack.capitals:
        return
    commas = [k for k, text in enumerate(words.texts) if text == ","]
    for opens, closes in pairwise(commas):
        if opens and words.has(opens + 1, "the") and closes - opens > _LEAST_RELATIVE and _is_verb(words, closes - 1):
            yield opens, closes


def is_relative_article(words: Words, gap: Sequence[int]) -> bool:
    """As in "the driver, der zwei Kinder hat": an article behind a comma, and a number."""
    return len(gap) > 1 and words.texts[gap[-2]] in _COMMAS and words.has(gap[-1], "the")


def without_relative(words: Words, gap: Sequence[int]) -> Sequence[int]:
    """The words between two groups without a clause that goes on from the first: "a driver, who ..., and two guests".

    Where no commas stand around one ("السائق الذي ... و"), up to the joiner.
    """
    if len(gap) < _LEAST_RELATIVE or gap[-1] - gap[0] > _LONGEST_RELATIVE:
        return gap
    opened = words.texts[gap[0]] in _COMMAS
    head = gap[1:3] if opened else gap[:1]
    plain = any(words.has(k, "relative") for k in head)
    article = opened and words.pack.capitals and any(words.has(k, "determiner") for k in head)
    if not (plain or article) or (not opened and words.pack.order != "verb_first"):
        return gap
    ends = _COMMAS if opened else frozenset[str]()
    closes = [k for k in gap[2:] if words.texts[k] in ends or (not opened and words.has(k, "and"))]
    if not closes or any(words.cues(k)[0] or words.texts[k] in _STRONG for k in gap):
        return gap
    if article and not plain and not _is_verb(words, closes[-1] - 1):
        return gap
    return [k for k in gap if k >= closes[-1]]


def _is_verb(words: Words, k: int) -> bool:
    """Whether a word has no capital, in a language whose nouns have one."""
    return words.is_word(k) and words.written(k)[0].islower()
