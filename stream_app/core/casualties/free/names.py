"""Names of people beside what happened to them, where no noun says who they are: "Ana Ruiz, who died"."""

from __future__ import annotations

from typing import Final

from stream_app.core.casualties.free.words import Words

_TO_NAME: Final = 7
_SIDES_OF_AGE: Final = 2
_SMALL_BEFORE_NAME: Final = 2
_SHORTEST_NAME: Final = 2
_LONGEST_NAME: Final = 7
_COMMAS: Final = frozenset(",،")
_PASSED: Final = frozenset({"function", "relative", "been", "have", "determiner"})
_GOVERNING: Final = frozenset({"function", "of", "determiner", "by"})
_FREE: Final = frozenset({"more", "been"})


def name_beside(words: Words, start: int, end: int) -> range | None:
    """Where a name stands that is told of by a verb in `[start, end)`: right before it, or right behind; else None.

    A name is two or more words with a capital that the pack has not, behind no preposition and no article.
    """
    return _name_ahead(words, start) or _name_after(words, end)


def name_of(words: Words, start: int, end: int) -> range | None:
    """Where the name stands that a noun in `[start, end)` belongs to: "the body of Ana Ruiz", "Ana Ruiz'in cesedi"."""
    if words.pack.order == "object_first":
        return _name_to(words, start)
    first = end
    while first < words.size and (words.has(first, "of") or words.has(first, "determiner")):
        first += 1
    stop = first
    while stop < words.size and _is_of_name(words, stop):
        stop += 1
    return range(first, stop) if _SHORTEST_NAME <= stop - first <= _LONGEST_NAME else None


def _is_passed(words: Words, k: int) -> bool:
    """Whether a word may stand between a name and its verb: small words, an age."""
    return not words.says[k].isdisjoint(_PASSED) or words.texts[k][0].isdigit() or words.entries[k].unit == "age"


def _name_ahead(words: Words, at: int) -> range | None:
    """The name that ends in front of a verb, an age between commas or a relative word between left out."""
    if words.pack.order == "participle_last":
        return _name_before_participle(words, at)
    k, commas = at - 1, 0
    for _ in range(_TO_NAME):
        if k < 0 or _is_of_name(words, k):
            break
        if words.texts[k] in _COMMAS:
            commas += 1
        elif not _is_passed(words, k):
            return None
        k -= 1
    return _name_to(words, k + 1) if commas <= _SIDES_OF_AGE else None


def _name_before_participle(words: Words, at: int) -> range | None:
    """The nearest name in front of a participle, in one clause, an auxiliary right behind it."""
    for k in range(at - 1, max(0, at - _TO_NAME - 1), -1):
        if words.texts[k] in _COMMAS or not words.is_word(k):
            return None
        if words.has(k, "function") and _is_of_name(words, k - 1) and (name := _name_to(words, k)) is not None:
            return name
    return None


def _name_to(words: Words, stop: int) -> range | None:
    start = stop
    while start > 0 and _is_of_name(words, start - 1):
        start -= 1
    return _whole_name(words, start, stop)


def _name_after(words: Words, at: int) -> range | None:
    """The name that begins behind a verb, small words between."""
    start = at
    while start < at + _SMALL_BEFORE_NAME and words.has(start, "more"):
        start += 1
    stop = start
    while stop < words.size and _is_of_name(words, stop):
        stop += 1
    return _whole_name(words, start, stop)


def _whole_name(words: Words, start: int, stop: int) -> range | None:
    """The words as a name, when there are two of them, and neither a preposition nor an article stands before."""
    if not _SHORTEST_NAME <= stop - start <= _LONGEST_NAME:
        return None
    before = start - 1
    governed = any(words.has(before, flag) for flag in _GOVERNING) and not any(
        words.has(before, flag) for flag in _FREE
    )
    return None if before >= 0 and governed else range(start, stop)


def _is_of_name(words: Words, k: int) -> bool:
    """Whether a word may be one of a name: with one capital, and none of the pack."""
    written = words.written(k)
    return (
        len(written) > 1
        and written[0].isupper()
        and written[1:].replace("'", "").replace("’", "").islower()
        and not words.says[k]
        and not words.covered[k]
        and not words.cues(k)[0]
        and words.entries[k].people is None
    )
