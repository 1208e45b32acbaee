"""One sentence as the engine reads it: words with what the pack says of them, and where they stand."""

from __future__ import annotations

import re
from typing import Any, Final

from stream_app.core.casualties.free.pack import FLAGS, Cue, Pack, phrase_end

TOKEN: Final = re.compile(
    r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?!\d)"
    r"|\d+(?:-[^\W\d_]+|[.,:]\d+)*"
    r"|[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*"
    r"|[^\w\s]"
)
"""Groups of thousands stay together, and so does an ending written after digits: "13-ти"."""
_MOST_CLITICS: Final = 3
_STEM: Final = 2


class Words:
    """The words of a sentence: `texts` folded, `entries` by the pack; `start` and `end` are offsets into the field.

    What stands inside a phrase of the pack says nothing by itself.
    """

    def __init__(self, pack: Pack, text: str, offset: int) -> None:
        self.pack = pack
        self.raw = text
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._offset = offset
        self._split(pack.folded(text))
        self.entries = [pack.entry(word) for word in self.texts]
        self.size = len(self.texts)
        self._phrases: dict[int, list[tuple[str, Any, int]]] = {}
        self.covered = [False] * self.size
        self._mark()

    def _split(self, folded: str) -> None:
        clitics = self.pack.clitics
        for found in TOKEN.finditer(folded):
            start = found.start()
            word = found.group()
            if word == "." and self.texts and self.texts[-1] in self.pack.abbreviations:
                continue
            if clitics and word[0].isalpha():
                for size in self._joined(word):
                    self._add(word[:size], start)
                    word, start = word[size:], start + size
            self._add(word, start)

    def _joined(self, word: str) -> list[int]:
        """The lengths of the particles that are joined before a word: none before one that the pack knows."""
        sizes: list[int] = []
        while len(sizes) < _MOST_CLITICS and not self._is_known(word):
            size = self._clitic(word)
            if not size:
                return [] if not self._is_known(word) else sizes
            sizes.append(size)
            word = word[size:]
        return sizes if self._is_known(word) else []

    def _clitic(self, word: str) -> int:
        return next((len(c) for c in self.pack.clitics if word.startswith(c) and len(word) - len(c) >= _STEM), 0)

    def _is_known(self, word: str) -> bool:
        entry = self.pack.entry(word)
        return bool(entry.flags or entry.cues or entry.people or entry.unit or entry.tables or entry.starts)

    def _add(self, word: str, start: int) -> None:
        self.texts.append(word)
        self.starts.append(start)
        self.ends.append(start + len(word))

    def _mark(self) -> None:
        """Finds the phrases of the pack; none begins inside another."""
        for i, entry in enumerate(self.entries):
            if self.covered[i]:
                continue
            for phrase in entry.starts:
                end = phrase_end(phrase, self.texts, i)
                if end is None:
                    continue
                self._phrases.setdefault(i, []).append((phrase.table, phrase.value, end))
                if len(phrase.parts) == end - i:
                    self.covered[i:end] = [True] * (end - i)

    def look(self, i: int, table: str) -> tuple[Any, int] | None:
        """What the word or phrase at `i` is in a table of the pack, and where it ends; None when it is not there."""
        if not 0 <= i < self.size:
            return None
        for name, value, end in self._phrases.get(i, ()):
            if name == table:
                return value, end
        if self.covered[i]:
            return None
        entry = self.entries[i]
        if table in FLAGS:
            return (table, i + 1) if table in entry.flags else None
        if table in entry.tables:
            return entry.tables[table], i + 1
        return None

    def has(self, i: int, flag: str) -> bool:
        """Whether the word or phrase at `i` is in the list of that name."""
        return self.look(i, flag) is not None

    def cues(self, i: int) -> tuple[tuple[Cue, ...], int]:
        """What the word or phrase at `i` says happened, and where it ends."""
        if i in self._phrases:
            found = [(value, end) for name, value, end in self._phrases[i] if name == "cues"]
            if found:
                return tuple(value for value, end in found if end == found[0][1]), found[0][1]
        return ((), i + 1) if self.covered[i] else (self.entries[i].cues, i + 1)

    def is_word(self, i: int) -> bool:
        """Whether letters stand at `i`."""
        return 0 <= i < self.size and self.texts[i][0].isalpha()

    def start(self, i: int) -> int:
        """Where word `i` begins in its field."""
        return self.starts[i] + self._offset

    def end(self, i: int) -> int:
        """Where word `i` ends in its field."""
        return self.ends[i] + self._offset

    def written(self, i: int) -> str:
        """Word `i` as written."""
        return self.raw[self.starts[i] : self.ends[i]]

    def between(self, first: int, last: int) -> str:
        """The text from word `first` to word `last`, as written."""
        return self.raw[self.starts[first] : self.ends[last]]
