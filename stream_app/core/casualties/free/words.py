"""One sentence as the engine reads it: words with what the pack says of them, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Final

from stream_app.core.casualties.free.pack import COUNTING, Cue, Pack, phrase_end
from stream_app.core.casualties.free.patterns import GAPS

TOKEN: Final = re.compile(
    r"\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?!\d)(?:-[^\W\d_]+)?"
    r"|\d+(?:-[^\W\d_]+|[.,:]\d+)*"
    r"|[^\W\d_]+(?:['’ʼ-][^\W\d_]+|[\u064b-\u0655\u0670]+[^\W\d_]*)*"
    r"|[^\w\s]"
)
"""Groups of thousands stay together, and so does an ending written after digits: "13-ти"."""
STRONG: Final = frozenset(";:().!?؛؟")
"""Marks that part clauses."""
_VOWEL_SIGNS: Final = frozenset(map(chr, (*range(0x64B, 0x656), 0x670)))
_MOST_CLITICS: Final = 3
_STEM: Final = 2
_MARGIN: Final = 32
_NUMBERING: Final = frozenset("№#")
_NOTHING: Final[frozenset[str]] = frozenset()


class Words:
    """The words of a sentence: `texts` folded, `entries` by the pack; `start` and `end` are offsets into the field.

    `says` holds for each word the names of the tables that it, or a phrase from it on, stands in; nothing for
    the places up to `_MARGIN` before the first and behind the last. What stands inside a phrase says nothing by itself.
    """

    def __init__(self, pack: Pack, text: str, offset: int) -> None:
        self.pack = pack
        self.raw = text
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._offset = offset
        self._split(pack.folded(text))
        self.entries = [pack.entry(_said(word)) for word in self.texts]
        self.size = len(self.texts)
        self._phrases: dict[int, list[tuple[str, Any, int]]] = {}
        self.covered = [False] * self.size
        self._mark()
        self.says = [
            _NOTHING if inside else entry.says for entry, inside in zip(self.entries, self.covered, strict=True)
        ]
        for i, found in self._phrases.items():
            self.says[i] = self.says[i].union(name for name, _, _ in found)
        if pack.capitals:
            self._drop_small_people()
        digits = [text[0].isdigit() for text in self.texts]
        self.tells = [
            (entry.tells and not inside) or digit
            for entry, inside, digit in zip(self.entries, self.covered, digits, strict=True)
        ]
        """Whether something may begin at a word: a number, people, what happened."""
        for i in self._phrases:
            self.tells[i] = True
        self.has_digits = True in digits
        self.said: frozenset[str] = _NOTHING.union(*self.says)
        """All that any of the words says: what stands nowhere need not be looked for."""
        self.says.extend([_NOTHING] * _MARGIN)

    def _split(self, folded: str) -> None:
        clitics, texts = self.pack.clitics, self.texts
        for found in TOKEN.finditer(folded):
            word = found.group()
            if word == "." and texts and texts[-1] in self.pack.abbreviations:
                continue
            if clitics and word[0].isalpha():
                self._add_split(word, found.start())
            else:
                texts.append(word)
                self.starts.append(found.start())
                self.ends.append(found.end())

    def _add_split(self, written: str, start: int) -> None:
        """Adds a word and the particles joined before it, without its vowel signs."""
        pieces = self.pack.splits.get(written)
        if pieces is None:
            pieces = self.pack.remember_split(written, self._pieces(written))
        for text, first, end in pieces:
            self.texts.append(text)
            self.starts.append(start + first)
            self.ends.append(start + end)

    def _pieces(self, written: str) -> tuple[tuple[str, int, int], ...]:
        """The particles and the rest of a word, each with where it begins and ends in it."""
        places = [k for k, letter in enumerate(written) if letter not in _VOWEL_SIGNS]
        word = "".join([written[k] for k in places])
        at, pieces = 0, []
        for size in self._joined(word):
            pieces.append((word[at : at + size], places[at], places[at] + size))
            at += size
        return (*pieces, (word[at:], places[at], len(written)))

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
        """The length of the particle before a word: the longest behind which a known word stands, else the longest."""
        sizes = [len(c) for c in self.pack.clitics if word.startswith(c) and len(word) - len(c) >= _least(c)]
        return next((size for size in sizes if self._is_known(word[size:])), max(sizes, default=0))

    def _is_known(self, word: str) -> bool:
        entry = self.pack.entry(word)
        return bool(entry.says or entry.cues or entry.starts)

    def _mark(self) -> None:
        """Finds the phrases of the pack; none begins inside another."""
        for i, entry in enumerate(self.entries):
            if not entry.starts or self.covered[i]:
                continue
            second = self.texts[i + 1] if i + 1 < self.size else ""
            for phrase in entry.seconds.get(second, entry.loose):
                end = phrase_end(phrase, self.texts, i)
                if end is None:
                    continue
                self._phrases.setdefault(i, []).append((phrase.table, phrase.value, end))
                if GAPS.keys().isdisjoint(phrase.parts):  # people may stand in a gap
                    self.covered[i:end] = [True] * (end - i)

    def _drop_small_people(self) -> None:
        """Where nouns have capitals, a word without one is no noun: "deutsche"."""
        for i, entry in enumerate(self.entries):
            if entry.people is not None and "people" in self.says[i] and self.written(i)[0].islower():
                self.says[i] -= {"people"}

    @cached_property
    def partings(self) -> Sequence[int]:
        """The places of what parts clauses: strong marks, words that open one."""
        return [k for k, text in enumerate(self.texts) if text in STRONG or "clause" in self.says[k]]

    def look(self, i: int, table: str) -> tuple[Any, int] | None:
        """What the word or phrase at `i` is in a table of the pack, and where it ends; None when it is not there."""
        if table not in self.says[i]:
            return None
        for name, value, end in self._phrases.get(i, ()):
            if name == table:
                return value, end
        return self.entries[i].tables[table], i + 1

    def has(self, i: int, name: str) -> bool:
        """Whether the word or phrase at `i` is in the table of that name."""
        return name in self.says[i]

    def cues(self, i: int) -> tuple[tuple[Cue, ...], int]:
        """What the word or phrase at `i` says happened, and where it ends."""
        if i in self._phrases:
            found = [(value, end) for name, value, end in self._phrases[i] if name == "cues"]
            if found:
                return tuple(value for value, end in found if end == found[0][1]), found[0][1]
        return ((), i + 1) if i >= self.size or self.covered[i] else (self.entries[i].cues, i + 1)

    def may_count(self, i: int) -> bool:
        """Whether a quantity can begin at `i`."""
        return not self.says[i].isdisjoint(COUNTING) or (i < self.size and self.texts[i][0].isdigit())

    def is_glued(self, i: int) -> bool:
        """Whether digits at `i` stand in one word with letters, as in "A4", "19th"; not where particles are joined."""
        if any(clitic[-1] != "'" for clitic in self.pack.clitics) or not self.texts[i][0].isdigit():
            return False
        before, after = self.raw[self.starts[i] - 1 : self.starts[i]], self.raw[self.ends[i] : self.ends[i] + 1]
        return before.isalpha() or before in _NUMBERING or (after.isalpha() and "scale" not in self.says[i + 1])

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


def _said(word: str) -> str:
    """What is looked up in the pack: of "14-year-old" what stands behind the digits."""
    return word.partition("-")[2] if word[0].isdigit() and "-" in word else word


def _least(clitic: str) -> int:
    """The letters that a word must have behind a particle: one behind an apostrophe ("n'a")."""
    return 1 if clitic[-1] == "'" else _STEM
