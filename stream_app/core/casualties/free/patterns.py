"""Patterns of words as packs have them: whole words, beginnings, ends, and gaps for words of any kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

GAP: Final = ".."
WIDE_GAP: Final = "..."
GAPS: Final = {GAP: 3, WIDE_GAP: 10}
"""How many words of any kind a gap may hold; a verb and what is parted from it have the wide one between them."""


@dataclass
class Matcher:
    """Patterns of single words with what they say: whole words, and words that begin or end so."""

    whole: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)
    heads: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)
    tails: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)
    longest: int = 0
    """The letters of the longest pattern, beyond which no beginning of a word need be looked up."""

    def add(self, pattern: str, table: str, value: Any) -> None:
        """One more pattern."""
        self.longest = max(self.longest, len(pattern))
        if pattern.endswith("*"):
            self.heads.setdefault(pattern[:-1], []).append((table, value))
        elif pattern.startswith("*"):
            self.tails.setdefault(pattern[1:], []).append((table, value))
        else:
            self.whole.setdefault(pattern, []).append((table, value))

    def found(self, word: str) -> Iterator[tuple[str, Any]]:
        """What a word says: as a whole first, then by the longest beginning or end of each table."""
        said = list(self.whole.get(word, ()))
        yield from said
        told = {table for table, _ in said}
        for rows in self._parts(word):
            yield from [row for row in rows if row[0] not in told]
            told.update([table for table, _ in rows])

    def every(self, word: str) -> Iterator[tuple[str, Any]]:
        """Everything under a pattern that fits the word, not the longest alone."""
        yield from self.whole.get(word, ())
        for rows in self._parts(word):
            yield from rows

    def _parts(self, word: str) -> Iterator[list[tuple[str, Any]]]:
        """What the beginnings and ends of a word say, those of one length together, the longest first."""
        heads, tails = self.heads, self.tails
        for size in range(min(len(word), self.longest), 0, -1):
            head, tail = heads.get(word[:size]), tails.get(word[-size:])
            if head or tail:
                yield [*(head or ()), *(tail or ())]


def fits(pattern: str, word: str) -> bool:
    """Whether the word is one that the pattern means.

    >>> fits("погиб*", "погибли"), fits("*helfer", "nothelfer"), fits("und", "rund")
    (True, True, False)
    """
    if pattern[-1] == "*":
        return word.startswith(pattern[:-1])
    return word.endswith(pattern[1:]) if pattern[0] == "*" else word == pattern


def needed(parts: Iterable[str]) -> str:
    """The longest letters without which a phrase of these parts stands nowhere, "" for none.

    >>> needed(("..", "ziviler", "opfer*"))
    'ziviler'
    """
    return max((part.strip("*") for part in parts if part not in GAPS), key=len, default="")


def is_whole(pattern: str) -> bool:
    """Whether a part of a phrase means one word and no other."""
    return pattern not in GAPS and not pattern.startswith("*") and not pattern.endswith("*")
