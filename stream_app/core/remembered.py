"""What is known of short strings, looked up once: words come again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

_MOST: Final = 1 << 15
_LONGEST: Final = 64
"""What has more characters comes once, and is not remembered."""
_Found = TypeVar("_Found")


class Remembered(dict[str, _Found]):
    """What `look_up` says of each string met so far; all is forgotten when there are too many.

    >>> sizes = Remembered(len)
    >>> sizes["Lae"], list(map(sizes.__getitem__, "in Lae".split()))
    (3, [2, 3])
    """

    def __init__(self, look_up: Callable[[str], _Found], most: int = _MOST) -> None:
        super().__init__()
        self._look_up, self._most = look_up, most

    def __missing__(self, text: str) -> _Found:
        if len(self) >= self._most:
            self.clear()
        found = self._look_up(text)
        if len(text) <= _LONGEST:
            self[text] = found
        return found
