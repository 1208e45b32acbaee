"""Patterns for words in any case, looked for in lower case: the engine is several times as fast at it.

An alternative that begins with a known letter is passed over by one comparison, which it does not do where it has to
ignore case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_UNLIKE: Final = re.compile("[\u0130\u0131\u017f\u212a]")
"""Letters that are equal to ASCII ones only where case is ignored (I with its dot, i without, long s, Kelvin)."""
_ALTERNATIVE: Final = re.compile(r"(?:[^|()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))+")
"""What stands between two strokes, up to three brackets deep."""


def by_letter(patterns: Iterable[str]) -> str:
    """The alternatives of the patterns, those with one first letter together: at most words one look tells all off.

    Each alternative begins with its own letter.

    >>> by_letter(["bus|cars?", "b(?:us|an)"])
    'b(?:us|(?:us|an))|c(?:ars?)'
    """
    beginning: dict[str, list[str]] = {}
    for alternative in _ALTERNATIVE.findall("|".join(patterns)):
        beginning.setdefault(alternative[0], []).append(alternative[1:])
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in beginning.items())


class AnyCase:
    r"""Finds what a pattern finds when case is ignored.

    `pattern` has its letters in lower case, and ASCII ones only; in a `verbose` one blanks and comments are none of it.

    >>> AnyCase(r"\bdied in \w+").search("He DIED in Lae").group()
    'died in lae'
    """

    def __init__(self, pattern: str, *, verbose: bool = False) -> None:
        flags = re.VERBOSE if verbose else re.NOFLAG
        self._lower = re.compile(pattern, flags)
        self._slow = re.compile(pattern, flags | re.IGNORECASE)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place where the pattern stands, its words in lower case as a rule."""
        if not text.isascii() and _UNLIKE.search(text) is not None:
            return self._slow.search(text)
        return self._lower.search(text.lower())

    def sub(self, by: str, text: str) -> str:
        """The text with every place where the pattern stands put otherwise; in lower case, unless there is none.

        >>> AnyCase(" died").sub("", "He DIED."), AnyCase("quake").sub("", "A Fire")
        ('he.', 'A Fire')
        """
        if self.search(text) is None:
            return text
        return self._lower.sub(by, text.lower()) if text.isascii() else self._slow.sub(by, text)

    def match(self, text: str) -> re.Match[str] | None:
        """The pattern where the text begins with it.

        >>> AnyCase("quake").match("Quake! QUAKE").span(), AnyCase("quake").match("A quake")
        ((0, 5), None)
        """
        if not text.isascii() and _UNLIKE.search(text) is not None:
            return self._slow.match(text)
        return self._lower.match(text.lower())

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Each place where the pattern stands, from left to right; its spans are those in the text.

        >>> [match.span() for match in AnyCase("quake").matches("Quake! QUAKE")]
        [(0, 5), (7, 12)]
        """
        if not text.isascii() and _UNLIKE.search(text) is not None:
            return self._slow.finditer(text)
        return self._lower.finditer(text.lower())

    def found(self, text: str) -> list[str]:
        """Each stretch of the text that is the pattern, from left to right, as `re.findall`; in lower case as a rule.

        >>> AnyCase("fl(?:ood|ee)s?").found("Floods: he FLEES")
        ['floods', 'flees']
        """
        if not text.isascii() and _UNLIKE.search(text) is not None:
            return [match.group() for match in self._slow.finditer(text)]
        return [match.group() for match in self._lower.finditer(text.lower())]

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Each place where the pattern stands, its words in lower case as a rule."""
        if not text.isascii() and _UNLIKE.search(text) is not None:
            return self._slow.finditer(text)
        return self._lower.finditer(text.lower())
