"""What was found out about words, kept for a time: a text is made of words that were met before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

V = TypeVar("V")
_MOST: Final = 60_000
_LONGEST: Final = 40


class Memo(dict[str, V]):
    """Asks `find` once for each word: `memo[word]`.

    It holds at most `_MOST` words, none longer than `_LONGEST`, and begins anew when it is full.

    >>> sizes = Memo(len)
    >>> sizes["word"], sizes["w" * 50], list(sizes)
    (4, 50, ['word'])
    """

    __slots__ = ("_find",)

    def __init__(self, find: Callable[[str], V]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, word: str) -> V:
        found = self._find(word)
        if len(word) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[word] = found
        return found
