"""One field of an article, cut at its capitalised words: what recognition looks at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stream_app.core.events import FieldName
from stream_app.core.places.folding import fold

_UPPER = "A-Z" + "".join(chr(c) for c in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)) if chr(c).isupper())
_CAPITALISED = re.compile(
    rf"(?<!\w)(?:(?:[Aa]l|[Ee]l|as|ash|ad|an|ar|at|az|ed|en|er|es|esh|et|ez|as|d|l)[-'’‑])?"
    rf"(?:(?:[A-Z]\.){{2,}}|[{_UPPER}](?:&[A-Z]\b)?\w*(?:['’][{_UPPER}a-z]\w+)*)"
)
_WORD_BEFORE = re.compile(r"([^\W_][\w.'’]*)$")
_WORD_AFTER = re.compile(r"[^\W_][\w'’]*\.?")


@dataclass(frozen=True, slots=True)
class Word:
    """A capitalised word: `key` is its folded spelling; `run` numbers the unbroken row of such words it stands in."""

    start: int
    end: int
    text: str
    key: str
    run: int


class Page:
    """A field with its folded text and its capitalised words, in order."""

    def __init__(self, name: FieldName, raw: str) -> None:
        self.name = name
        self.raw = raw
        self.folded = fold(raw)
        self.words = _capitalised(raw, self.folded)
        self.shouted = sum(character.isupper() for character in raw[:2000]) * 2 > sum(map(str.isalpha, raw[:2000]))

    def word_before(self, position: int) -> str:
        """The word that ends right before `position`, as written; empty when something else does."""
        match = _WORD_BEFORE.search(self.raw, max(0, position - 30), position)
        return match.group() if match else ""

    def word_after(self, position: int) -> str:
        """The word that starts at `position`, as written; empty when something else does."""
        match = _WORD_AFTER.match(self.raw, position)
        return match.group() if match else ""


def _capitalised(raw: str, folded: str) -> list[Word]:
    words: list[Word] = []
    run = 0
    for match in _CAPITALISED.finditer(raw):
        start, end = match.span()
        if words and not _joined(raw, words[-1], start):
            run += 1
        words.append(Word(start, end, match.group(), folded[start:end], run))
    return words


def _joined(raw: str, previous: Word, start: int) -> bool:
    """Whether only a blank or a hyphen, or the dot of an initial or abbreviation, lies between two words."""
    gap = raw[previous.end : start]
    return gap in {" ", "-", "\n"} or (gap == ". " and len(previous.text) <= 4)

