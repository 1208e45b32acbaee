"""Words of a sentence with their offsets, split the way the casualty grammar needs them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"\d+(?:st|nd|rd|th)\b"
    r"|\d+[-\s]?(?:year|month|week|day|yr)s?-olds?\b"
    r"|\d+-(?=[^\W\d_]{4})[^\W\d_]+(?:-[^\W\d_]+)*"
    r"|\d{1,3}(?:[,.'’ \u00a0\u202f]\d{3})+(?!\d)"
    r"|\d+(?:[.,:]\d+)*"
    r"|['’](?:s|S|t|T|re|RE|ve|VE|ll|LL|d|D|m|M)\b"
    r"|[^\W\d_](?:\.[^\W\d_])+\b"
    r"|[^\W\d_]+(?:[-'’](?!(?:s|S|t|T|re|ve|ll|d|m)\b)[^\W\d_]+)*(?:-\d+[A-Za-z]*)?"
    r"|-{2,}|[^\w\s]|\d|_"
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """One sentence: words in lower case, words as written, and offsets into the field."""

    words: Sequence[str]
    raw: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    cased: bool


def tokenise(text: str, offset: int = 0) -> Tokens:
    """The tokens of `text`; `offset` is where it begins in its field.

    Groups of thousands stay one token, "37people" becomes two, a possessive or contracted ending is a token.

    >>> tokenise("37people, 1 200 men's").words
    ['37', 'people', ',', '1 200', 'men', "'s"]
    """
    matches = list(_TOKEN.finditer(text))
    raw = [match.group() for match in matches]
    starts = [offset + match.start() for match in matches]
    ends = [offset + match.end() for match in matches]
    words = [word.lower().replace("’", "'") for word in raw]
    cased = _is_cased(raw)
    if cased and "US" in raw:
        words = ["u.s" if word == "US" else words[k] for k, word in enumerate(raw)]
    return Tokens(words, raw, starts, ends, cased)


def _is_cased(raw: Sequence[str]) -> bool:
    """True when capitals tell names from words: not in upper-case copy and not in a title-case headline."""
    alphabetic = [word for word in raw if word[0].isalpha() and len(word) > 3]
    small = sum(word[0].islower() for word in alphabetic)
    return small > 1 and small * 4 > len(alphabetic)
