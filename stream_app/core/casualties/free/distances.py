"""How far a word sets apart what stands on both its sides: a mark far, a small word hardly."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

_WORD: Final = 0.3
_SMALL_WORD: Final = 0.15
_PUNCTUATION: Final = {",": 1.5, ";": 6.0, ":": 2.0, "(": 3.0, ")": 3.0, "-": 2.0, "–": 2.0, "—": 2.0, ".": 8.0,
                       "!": 8.0, "?": 8.0, "؛": 6.0, "،": 1.5, "؟": 8.0}  # fmt: skip
_FLAGS: Final = (("clause", 5.5), ("relative", 2.0), ("and", 1.0), ("or", 0.5), ("saying", 1.5), ("that", 1.5),
                 ("subset", 2.0), ("spared", 3.0))  # fmt: skip
_WEIGHED: Final = frozenset(flag for flag, _ in _FLAGS)
_OWN_RELATIVE: Final = 0.5


def distance(text: str, says: AbstractSet[str], *, inside: bool = False, behind_comma: bool = False) -> float:
    """The distance over a word that says these tables of a pack; `inside` a phrase it may say nothing by itself.

    >>> distance(";", frozenset()), distance("i", frozenset({"and", "function"}))
    (6.0, 1.0)
    """
    if text in _PUNCTUATION:
        return _PUNCTUATION[text]
    for flag, far in () if says.isdisjoint(_WEIGHED) else _FLAGS:
        if flag in says:
            return _OWN_RELATIVE if flag == "relative" and behind_comma else far
    return _SMALL_WORD if inside or "function" in says else _WORD
