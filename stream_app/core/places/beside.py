"""What stands in a gap: the marks and words in lower case between two words that names are made of.

Only the two words at an end of a gap matter to the candidate there. They are cut off as text first, for the same few
thousand pairs come again and again and are remembered; whole gaps hardly ever come twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from stream_app.core.places import place_words
from stream_app.core.places.folding import fold
from stream_app.core.places.page import LOWER_BEFORE, POSSESSIVE, WORDS

_REMEMBERED = 50_000
_LONGEST_KEPT = 100
"""A gap of more characters comes once, and is not remembered."""


class Side(NamedTuple):
    """The words of a gap as seen from one end of it.

    `near` is the class of what stands next to the candidate, `far` that of the word behind it, None when the gap ends
    there and the word is the one beyond. `plain` says that the nearest word is a blank away.
    """

    near: str
    far: str | None
    plain: bool


class Sides(dict[str, Side | None]):
    """Ends of gaps met so far, and what is read in them; None when they hold no word. Bounded."""

    def __init__(self, read: Callable[[str], Side | None]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, end: str) -> Side | None:
        if len(self) > _REMEMBERED:
            self.clear()
        side = self._read(end)
        if len(end) <= _LONGEST_KEPT:
            self[end] = side
        return side


def before(gap: str) -> Side | None:
    """What stands before the candidate that follows the gap; None when the gap holds no word."""
    if len(gap) < _SHORT:
        return _BEFORE[gap]
    cut = gap.rfind(" ", 0, -1)
    if cut > 0:
        cut = gap.rfind(" ", 0, cut)
    return _BEFORE[gap] if cut <= 0 else _BEFORE[gap[cut:]] or _BEFORE[gap]


def after(gap: str) -> Side | None:
    """What stands after the candidate that the gap follows; None when the gap holds no word."""
    if len(gap) < _SHORT:
        return _AFTER[gap]
    cut = gap.find(" ", gap.find(" ", 1) + 1)
    return _AFTER[gap] if cut < 0 else _AFTER[gap[: cut + 1]] or _AFTER[gap]


_SHORT = 10
"""Gaps shorter than this come often enough as they are, in characters."""


def read_before(gap: str) -> Side | None:
    """The last two words of a gap, and the marks after them.

    >>> read_before(" was seen in "), read_before(" said, "), read_before(", ")
    (Side(near='in', far='word', plain=True), Side(near='comma', far='', plain=False), None)
    """
    *words, mark = WORDS.split(gap)
    if not words:
        return None
    word, tail = _bare(words[-1])
    near = LOWER_BEFORE.get(fold(word), "word")
    if mark != " ":
        return Side(left_of_mark(near, gap_class(mark)), "", plain=False)
    if tail:
        return Side("possessive", near, plain=True)
    if words[-2] != " ":
        return Side(near, "mark", plain=True)
    return Side(near, LOWER_BEFORE.get(fold(_bare(words[-3])[0]), "word") if len(words) > _PAIR else None, plain=True)


def read_after(gap: str) -> Side | None:
    """The first two words of a gap, and the marks before them.

    >>> read_after(" said that"), read_after(", who "), read_after("-based ")
    (Side(near='say', far='prep', plain=True), Side(near='comma', far='', plain=False), \
Side(near='hyphen_based', far='', plain=False))
    """
    mark, *words = WORDS.split(gap)
    if not words:
        return None
    near = place_words.AFTER.get(fold(_bare(words[0])[0]), "word")
    if mark != " ":
        return Side(right_of_mark(near, gap_class(mark)), "", plain=False)
    if words[1] != " ":
        return Side(near, "mark", plain=True)
    return Side(
        near, place_words.AFTER.get(fold(_bare(words[2])[0]), "word") if len(words) > _PAIR else None, plain=True
    )


_PAIR = 2
"""A word and the gap beside it."""


def _bare(word: str) -> tuple[str, str]:
    """The word without its possessive ending, and the ending."""
    return (word[:-2], word[-2:]) if word.endswith(POSSESSIVE) else (word, "")


def left_of_mark(before: str, mark: str) -> str:
    """What stands before a candidate whose sentence or clause begins after a mark; `before` is the word's class."""
    if mark == "stop":
        return before if before in {"title", "initial"} else "start"
    return before + "_open" if mark == "open" else mark


def right_of_mark(after: str, mark: str) -> str:
    """What stands after a candidate that a mark follows; `after` is the class of the word behind the mark."""
    if mark == "hyphen":
        return "hyphen_" + after
    return "end" if mark == "stop" else mark


_BEFORE, _AFTER = Sides(read_before), Sides(read_after)

_GAPS: dict[str, str] = {}


def gap_class(gap: str) -> str:
    r"""The class of what stands between two words.

    >>> [gap_class(gap) for gap in (", ", ". ", " (", "-", "\n\n")]
    ['comma', 'stop', 'open', 'hyphen', 'start']
    """
    known = _GAPS.get(gap)
    if known is None:
        known = _read_gap(gap)
        if len(_GAPS) < 10_000 and len(gap) <= _LONGEST_KEPT:
            _GAPS[gap] = known
    return known


def _read_gap(gap: str) -> str:
    if "\n" in gap and gap.strip(" ") != "\n":
        return "start"
    bare = gap.strip()
    if not bare:
        return "space"
    if bare[0] in ".!?":
        return "stop"
    for name, marks in (
        ("comma", ","),
        ("hyphen", "-‑"),
        ("dash", "—–/�"),
        ("stop", ";:"),
        ("close", ")]”"),
        ("open", "([“‘\"'"),
    ):
        if bare[0] in marks:
            return name
    return "mark"
