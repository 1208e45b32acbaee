"""A small sketch of how an event is described: terms of a few kinds, each with its weight.

What the terms of a text are, its language says (`wording.Wording`); here is what any language may tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from zlib import crc32

MAX_TERMS = 48
MAX_COMMON_TERMS = 48

#: Kinds of term, the least telling first, words of the register last; the three low bits of a hashed term are its kind.
COMMON, AGE, GIVEN, PLACE, WORD, NUMBER, NAME, EVENT = range(8)
KIND_BITS = 7
#: What a shared term of each kind counts for; places count by themselves.
_TERM_WEIGHTS = {EVENT: 0.3, COMMON: 0.5, AGE: 0.7, GIVEN: 1.0, WORD: 1.5, NUMBER: 0.7, NAME: 2.0}
WEIGHT_OF_KIND = tuple(_TERM_WEIGHTS.get(kind, 0.0) for kind in range(KIND_BITS + 1))
PREFIX = {EVENT: "of:", COMMON: "is:", AGE: "age:", GIVEN: "given:", PLACE: "at:", NUMBER: "no:", NAME: "name:"}
_KIND_OF_PREFIX = {prefix.removesuffix(":"): kind for kind, prefix in PREFIX.items()}


def place_term(name: str) -> str:
    """The term of a place that an article names.

    >>> place_term("West Bank")
    'at:west bank'
    """
    return PREFIX[PLACE] + name.lower()


@lru_cache(maxsize=1 << 15)
def hashed(term: str) -> int:
    """A term in 32 bits; its low bits say which kind it is.

    >>> hashed("age:28") & KIND_BITS == AGE, hashed("gherald") & KIND_BITS == WORD
    (True, True)
    """
    prefix, colon, _ = term.partition(":")
    return crc32(term.encode()) & ~KIND_BITS | (_KIND_OF_PREFIX[prefix] if colon else WORD)


def words_told(kinds: Iterable[int]) -> float:
    """How much terms of these kinds weigh altogether."""
    return sum([WEIGHT_OF_KIND[kind] for kind in kinds])
