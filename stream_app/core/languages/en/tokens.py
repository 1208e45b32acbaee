"""Words of a sentence with their offsets, split the way the casualty grammar needs them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_MARGIN: Final = 16
_SHORT: Final = 8
_SMALL_IN_TITLES: Final = frozenset(
    {"from", "with", "over", "into", "after", "near", "upon", "amid", "that", "than", "this", "when", "while", "during",
     "against", "between", "under", "their", "before", "since", "without", "outside", "inside", "through", "where"}
)  # fmt: skip
"""Words of more than three letters that a title-case headline may leave small."""
_LETTERS: Final = r"[^\W\d_]+(?:[-'’](?!(?:s|S|t|T|re|ve|ll|d|m)\b)[^\W\d_]+)*(?:-\d+[A-Za-z]*)?"
_TOKEN: Final = re.compile(
    r"\s*("
    r"[A-Za-z]{2,}+(?![\w'’-])(?<![JS]r)"  # what most tokens are comes first, and is told without asking any further
    r"|(?:Jr|Sr)\.(?=[,\s])"
    r"|[,.;:()\"“”]"
    rf"|(?=[^\W\d_](?!\.)){_LETTERS}"
    r"|\d+(?:st|nd|rd|th)\b"
    r"|\d+[-\s]?(?:year|month|week|day|yr)s?-olds?\b"
    r"|\d+-(?=[^\W\d_]{4})[^\W\d_]+(?:-[^\W\d_]+)*"
    r"|\d{1,3}(?:[,.'’ \u00a0\u202f]\d{3})+(?!\d)"
    r"|0[xX][0-9A-Fa-f]+\b"
    r"|\d+(?:[.,]\d+)?(?:[kKmM]|mn|bn)\b"
    r"|\d+(?:[.,:]\d+)*"
    r"|['’](?:s|S|t|T|re|RE|ve|VE|ll|LL|d|D|m|M)\b"
    r"|[^\W\d_](?:\.[^\W\d_])+\b"
    rf"|{_LETTERS}"
    r"|-{2,}|[^\w\s]|\d|_)"
)


_DASH: Final = re.compile(r"[‐‑‒−]|(?<=ty)–(?=(?:one|two|three|four|five|six|seven|eight|nine)\b)")
"""Hyphens and minus signs of all kinds; a dash only within "thirty–five"."""


class Tokens:
    """One sentence: words in lower case, words as written, and their offsets into the field.

    `word(k)` is the word of token `k`, empty for the few tokens after the last one that a reader may look ahead to.
    """

    def __init__(self, words: Sequence[str], raw: Sequence[str], text: str, offset: int, *, cased: bool) -> None:
        self.words = words
        self.raw = raw
        self.cased = cased
        self.word = [*words, *[""] * _MARGIN].__getitem__
        self._text = text
        self._offset = offset
        self._starts: list[int] = []

    def start(self, k: int) -> int:
        """Where token `k` begins; found on demand, since most sentences turn out to have no figure."""
        if k >= len(self._starts):
            self._find(k)
        return self._starts[k]

    def end(self, k: int) -> int:
        """Where token `k` ends."""
        return self.start(k) + len(self.raw[k])

    def slice(self, first: int, last: int) -> str:
        """The text from token `first` to token `last`, as written."""
        return self._text[self.start(first) - self._offset : self.end(last) - self._offset]

    def _find(self, k: int) -> None:
        """Finds where the tokens up to `k` begin, from the last one found."""
        known = len(self._starts)
        at = self.end(known - 1) - self._offset if known else 0
        for token in self.raw[known : k + 1]:
            at = self._text.index(token, at)
            self._starts.append(self._offset + at)
            at += len(token)


def tokenise(text: str, offset: int = 0) -> Tokens:
    """The tokens of `text`; `offset` is where it begins in its field.

    Groups of thousands stay one token, "37people" becomes two, a possessive or contracted ending is a token.

    >>> tokenise("37people, 1 200 men's").words
    ['37', 'people', ',', '1 200', 'men', "'s"]
    """
    if text.isascii() or _DASH.search(text) is None:
        raw: list[str] = _TOKEN.findall(text)
        words = [*map(str.lower, raw)]
    else:  # one sign for one: offsets stay
        folded = _DASH.sub("-", text)
        spans = [match.span(1) for match in _TOKEN.finditer(folded)]
        raw, words = [text[a:b] for a, b in spans], [folded[a:b].lower() for a, b in spans]
    if "’" in text:
        words = [word.replace("’", "'") if "’" in word else word for word in words]
    cased = _is_cased(raw)
    if cased and "US" in raw:
        words = ["u.s" if written == "US" else word for word, written in zip(words, raw, strict=True)]
    return Tokens(words, raw, text, offset, cased=cased)


def _is_cased(raw: Sequence[str]) -> bool:
    """True when capitals tell names from words: not in upper-case copy and not in a title-case headline."""
    initials = [word[0] for word in raw if len(word) > 3]
    small = [*map(str.islower, initials)].count(True)
    if small > 1 and small * 4 > len(initials):  # most sentences, however many of these are letters
        return True
    letters = [*map(str.isalpha, initials)].count(True)
    if small > 1 and small * 4 > letters:
        return True
    return (
        small > 0 and letters <= _SHORT and any(len(w) > 3 and w.islower() and w not in _SMALL_IN_TITLES for w in raw)
    )
