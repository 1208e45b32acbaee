"""A small sketch of how an event is described: the words that tell it from other events like it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from zlib import crc32

from stream_app.core.incidents.lexicon import USUAL_WORDS

MAX_TERMS = 48

#: Kinds of term, least telling first; the two low bits of a hashed term are its index here.
AGE, WORD, NUMBER, NAME = range(4)
_PREFIX = {AGE: "age:", NUMBER: "no:", NAME: "name:"}

_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d[\d,.]*")
_AGE = re.compile(
    r"\b(\d{1,2})(?:[- ]years?[- ]old|[- ]year[- ]olds)\b|, (?:aged? )?(\d{1,2})(?=,|\.|;| of\b| and\b|\))"
)
_FULL_NAME = re.compile(
    r"\b([A-ZÀ-Þ][a-zß-ÿ'’]+)(?: [A-Z]\.)?(?: [A-ZÀ-Þ][a-zß-ÿ'’]+)?? ([A-ZÀ-Þ][a-zß-ÿ'’]+(?:-[A-Z]\w+)?)\b"
)
_CALL_SIGN = re.compile(r"[WK][A-Z]{2,3}$")
_YEARS = range(1900, 2100)


def terms(text: str, ignored: Collection[str] = ()) -> list[str]:
    """The telling terms of `text`, line by line, each once, at most `MAX_TERMS`.

    Rare words, numbers of three digits and more ("the 1400 block"), full names and ages. Words in `ignored` (places,
    which count by themselves, and the outlet's own name) are left out.

    >>> terms("Terry Robinson, 28, was shot in the 1400 block of Gherald Street.")
    ['name:terry robinson', 'age:28', 'terry', 'robinson', 'no:1400', 'gherald']
    """
    found: dict[str, None] = {}
    for kind, term in _candidates(text, ignored):
        found.setdefault(_PREFIX.get(kind, "") + term)
        if len(found) == MAX_TERMS:
            break
    return list(found)


def hashed(term: str) -> int:
    """A term in 32 bits; its two low bits say which kind it is.

    >>> hashed("age:28") & 3 == AGE, hashed("gherald") & 3 == WORD
    (True, True)
    """
    kind = next((kind for kind, prefix in _PREFIX.items() if term.startswith(prefix)), WORD)
    return crc32(term.encode()) & 0xFFFFFFFC | kind


def _candidates(text: str, ignored: Collection[str]) -> Iterator[tuple[int, str]]:
    """Terms sentence-wise in an order that puts the most telling kinds first, so that the limit cuts the others."""
    for line in text.split("\n"):
        yield from _names(line, ignored)
        yield from _ages(line)
        yield from _words(line, ignored)


def _names(line: str, ignored: Collection[str]) -> Iterator[tuple[int, str]]:
    for match in _FULL_NAME.finditer(line):
        first, last = match[1].lower(), match[2].lower()
        if first not in USUAL_WORDS and last not in USUAL_WORDS and first not in ignored and last not in ignored:
            yield NAME, f"{first} {last}"


def _ages(line: str) -> Iterator[tuple[int, str]]:
    for match in _AGE.finditer(line):
        yield AGE, match[1] or match[2]


def _words(line: str, ignored: Collection[str]) -> Iterator[tuple[int, str]]:
    for match in _TOKEN.finditer(line):
        token = match[0]
        if token[0].isdigit():
            if _is_telling_number(token):
                yield NUMBER, token.rstrip(".,")
        elif _is_rare(token, ignored):
            yield WORD, _stem(token)


def _is_telling_number(token: str) -> bool:
    digits = token.rstrip(".,")
    return digits.isdigit() and len(digits) >= 3 and int(digits) not in _YEARS


def _is_rare(token: str, ignored: Collection[str]) -> bool:
    stem = _stem(token)
    if len(stem) < 3 or _CALL_SIGN.match(token):
        return False
    return stem not in USUAL_WORDS and token.lower() not in USUAL_WORDS and stem not in ignored


def _stem(token: str) -> str:
    """The word in lower case without the possessive and the plural s.

    >>> _stem("Griego's"), _stem("rockets"), _stem("Harris"), _stem("boss")
    ('griego', 'rocket', 'harri', 'boss')
    """
    word = token.lower().replace("’", "'")
    word = word.removesuffix("'s").removesuffix("'")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
