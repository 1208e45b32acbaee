"""Particles that are written in one word with the next: "وبالمدينة", "l'homme"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

VOWEL_SIGNS: Final = frozenset(map(chr, (*range(0x64B, 0x656), 0x670)))
_MOST: Final = 3
_STEM: Final = 2

Pieces = tuple[tuple[str, int, int], ...]


class Clitics:
    """Parts words from the particles before them; `is_known` says whether a word (folded) is one of the language."""

    def __init__(self, particles: Sequence[str], is_known: Callable[[str], bool]) -> None:
        self._particles, self._is_known = particles, is_known

    def pieces(self, written: str) -> Pieces:
        """The particles and the rest of a word without its vowel signs, each with where it begins and ends in it."""
        if not written[0].isalpha():
            return ((written, 0, len(written)),)
        places = [k for k, letter in enumerate(written) if letter not in VOWEL_SIGNS]
        word = "".join([written[k] for k in places])
        at, pieces = 0, []
        for size in self._joined(word):
            pieces.append((word[at : at + size], places[at], places[at] + size))
            at += size
        return (*pieces, (word[at:], places[at], len(written)))

    def _joined(self, word: str) -> list[int]:
        """The lengths of the particles that are joined before a word: none before one that is known."""
        sizes: list[int] = []
        while len(sizes) < _MOST and not self._is_known(word):
            size = self._length(word)
            if not size:
                return [] if not self._is_known(word) else sizes
            sizes.append(size)
            word = word[size:]
        return sizes if self._is_known(word) else []

    def _length(self, word: str) -> int:
        """The length of the particle before a word: the longest behind which a known word stands, else the longest."""
        sizes = [len(one) for one in self._particles if word.startswith(one) and len(word) - len(one) >= _least(one)]
        return next((size for size in sizes if self._is_known(word[size:])), max(sizes, default=0))


def _least(particle: str) -> int:
    """The letters that a word must have behind a particle: one behind an apostrophe ("n'a")."""
    return 1 if particle[-1] == "'" else _STEM
