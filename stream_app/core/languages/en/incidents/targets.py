"""What was hit, or where people were when it happened: plain English words for a closed list of targets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from stream_app.core.language.any_case import AnyCase, by_letter
from stream_app.core.language.tables import table

MOST_TARGETS = 4
_NOUNS: Mapping[str, str] = table("en", "targets")
"""The nouns for each kind of target."""
_BEFORE = (
    "on|at|in|into|inside|outside|near|hit|hits|struck|strikes|through|against|under|targeted|targeting|shelled|bombed"
    "|attacked|attacks|raided|stormed|destroyed|gutted|rocks?|past|of|beside|behind|around"
)
_TARGET = AnyCase(
    rf"\b(?:{by_letter([_BEFORE])}) (?:an? |the |its |his |her |their |two |three |several )?(?:[\w-]+ ){{0,2}}?"
    rf"(?:{'|'.join(_NOUNS.values())})\b"
    r"(?! (?:official|source|worker|spokes|chief|staff|director|doctor|said|records?|authorit))"
)
_NAMED = [(name, re.compile(nouns, re.IGNORECASE)) for name, nouns in _NOUNS.items()]
_TREATED = re.compile(r"\b(?:at|in|of|to|into|inside) ", re.IGNORECASE)


def targets(opening: str) -> list[str]:
    """The kinds of target that an opening names, in reading order; a clinic only where it was hit.

    >>> targets("A drone struck a row of shops in Nikopol on Monday."), targets("A bomb went off near a school yard.")
    (['market'], ['school'])
    >>> targets("Two were treated at a hospital, a hospital official said."), targets("Shells hit a maternity ward.")
    ([], ['clinic'])
    """
    found: dict[str, None] = {}
    for words in _TARGET.found(opening):
        name = _kind_of(words)
        if name is not None:
            found[name] = None
    return list(found)[:MOST_TARGETS]


@lru_cache(maxsize=4_096)
def _kind_of(words: str) -> str | None:
    """The kind that these words are for, which end in its noun."""
    parts = words.split(" ")
    for at in range(len(parts)):
        noun = " ".join(parts[at:])
        for name, pattern in _NAMED:
            if pattern.fullmatch(noun):
                return None if name == "clinic" and _TREATED.match(words) else name
    return None
