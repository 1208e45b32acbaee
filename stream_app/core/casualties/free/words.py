"""One sentence as the engine reads it: words with what the pack says of them, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from stream_app.core.casualties.free.pack import COUNTING, Cue, Pack, phrase_end

TOKEN: Final = re.compile(
    r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+|[\u064b-\u0655\u0670]+[^\W\d_]*)*"
    r"|\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+(?!\d)(?:-[^\W\d_]+)?"
    r"|\d+(?:-[^\W\d_]+|[.,:]\d+)*"
    r"|[^\w\s]"
)
"""Groups of thousands stay together, and so does an ending written after digits: "13-ти"."""
STRONG: Final = frozenset(";:().!?؛؟")
"""Marks that part clauses."""
_TIMES: Final = frozenset({"past_time", "anniversary", "ago", "aside", "background", "since", "last"})
_NUMBERING: Final = frozenset("№#")
_NOTHING: Final[frozenset[str]] = frozenset()
_BESIDE: Final = [_NOTHING] * 32
"""What is said before the first word and behind the last."""


class Words:
    """The words of a sentence: `texts` folded, `entries` by the pack; `start` and `end` are offsets into the field.

    `says` holds for each word the names of the tables that it, or a phrase from it on, stands in; nothing for
    the places of `_BESIDE` before the first and behind the last. What stands inside a phrase says nothing by itself.
    """

    def __init__(self, pack: Pack, text: str, offset: int, folded: str) -> None:
        self.pack = pack
        self.raw = text
        self._offset = offset
        self._split(folded)
        texts = self.texts
        self.size = len(texts)
        self.entries = entries = list(map(pack.tokens.__getitem__, texts))
        marked = [i for i, entry in enumerate(entries) if entry.marked]
        self.digits = [i for i in marked if entries[i].digits]
        """Where words begin with a digit."""
        self.says = [entry.says for entry in entries]
        self.tells = [entry.tells for entry in entries]
        """Whether something may begin at a word: a number, people, what happened."""
        self.covered = [False] * self.size
        self._phrases: dict[int, list[tuple[str, Any, int]]] = {}
        self.in_phrases: list[int] = []
        """Where words say something as part of a phrase, or nothing by themselves."""
        if marked:
            self._mark(marked)
        if pack.capitals:
            self._drop_small_people()
        self.said: frozenset[str] = _NOTHING.union(*self.says)
        """All that any of the words says: what stands nowhere need not be looked for."""
        self.says += _BESIDE
        self._partings: list[int] | None = None
        self._times: list[int] | None = None

    def _split(self, folded: str) -> None:
        if self.pack.clitics:
            self._split_joined(folded)
            return
        found = list(TOKEN.finditer(folded))
        texts = list(map(re.Match.group, found))
        if "." in texts and not self.pack.abbreviations.isdisjoint(texts):
            found = self._without_dots(found)
            texts = list(map(re.Match.group, found))
        self.texts = texts
        self.starts = list(map(re.Match.start, found))
        self.ends = list(map(re.Match.end, found))

    def _without_dots(self, found: Sequence[re.Match[str]]) -> list[re.Match[str]]:
        """Without the dots of abbreviations."""
        kept: list[re.Match[str]] = []
        for one in found:
            if not (one[0] == "." and kept and kept[-1][0] in self.pack.abbreviations):
                kept.append(one)
        return kept

    def _split_joined(self, folded: str) -> None:
        """The same with words parted from the particles that are joined before them."""
        abbreviations, pieces = self.pack.abbreviations, self.pack.pieces
        self.texts, self.starts, self.ends = [], [], []
        texts, starts, ends = self.texts, self.starts, self.ends
        for one in TOKEN.finditer(folded):
            written, start = one[0], one.start()
            if written == "." and texts and texts[-1] in abbreviations:
                continue
            for text, first, end in pieces[written]:
                texts.append(text)
                starts.append(start + first)
                ends.append(start + end)

    def _mark(self, opening: Sequence[int]) -> None:
        """Finds the phrases of the pack that open at these words; none begins inside another."""
        texts, covered, joined = self.texts, self.covered, ""
        for i in opening:
            entry = self.entries[i]
            second = texts[i + 1] if i + 1 < self.size else ""
            phrases = entry.seconds.get(second, entry.loose)
            if not phrases or covered[i]:
                continue
            joined = joined or " ".join(texts)
            for phrase in phrases:
                if phrase.needs not in joined or (end := phrase_end(phrase, texts, i)) is None:
                    continue
                self._phrases.setdefault(i, []).append((phrase.table, phrase.value, end))
                if not phrase.open:
                    covered[i:end] = [True] * (end - i)
        if not self._phrases:
            return
        inside = [i for i, is_covered in enumerate(covered) if is_covered]
        for i in inside:
            self.says[i] = _NOTHING
            self.tells[i] = self.entries[i].digits
        self.in_phrases = [*inside, *self._phrases]
        for i, found in self._phrases.items():
            self.says[i] = self.says[i].union([name for name, _, _ in found])
            self.tells[i] = True

    def _drop_small_people(self) -> None:
        """Where nouns have capitals, a word without one is no noun: "deutsche"."""
        for i, entry in enumerate(self.entries):
            if entry.people is not None and "people" in self.says[i] and self.raw[self.starts[i]].islower():
                self.says[i] -= {"people"}

    def at(self, name: str) -> Sequence[int]:
        """Where the words or phrases of a table stand."""
        return [i for i, says in enumerate(self.says) if name in says] if name in self.said else ()

    @property
    def partings(self) -> Sequence[int]:
        """The places of what parts clauses: strong marks, words that open one."""
        if self._partings is None:
            clause = "clause" in self.said
            self._partings = [
                k for k, text in enumerate(self.texts) if text in STRONG or (clause and "clause" in self.says[k])
            ]
        return self._partings

    @property
    def times(self) -> Sequence[int]:
        """The places of digits, and of what may set a sentence in another time."""
        if self._times is None:
            others = not self.said.isdisjoint(_TIMES)
            self._times = (
                [k for k, entry in enumerate(self.entries) if entry.digits or not self.says[k].isdisjoint(_TIMES)]
                if others
                else self.digits
            )
        return self._times

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
        return not self.says[i].isdisjoint(COUNTING) or (i < self.size and self.entries[i].digits)

    def is_glued(self, i: int) -> bool:
        """Whether digits at `i` are a name: "flat no. 41", "A4", "19th"; no letters where particles are joined."""
        if not self.entries[i].digits:
            return False
        if "numbering" in self.says[i - 1]:
            return True
        if self.pack.joins:
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
