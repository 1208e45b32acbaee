"""Headlines all in lower case: words that only names can be get their capital back, and the rest is read as ever."""

from __future__ import annotations

import re
from typing import Final

from stream_app.core.places import place_words
from stream_app.core.places.folding import fold
from stream_app.core.places.gazetteer import COMMON_WORD, Gazetteer

_WORD: Final = re.compile(r"(?<![\w'’])[^\W\d_]{3,}")
_LONGEST: Final = 400
"""Characters of a headline; what is longer is no headline."""


def is_lowered(title: str) -> bool:
    """Whether a headline is all in lower case.

    >>> is_lowered("kanpur fire kills two"), is_lowered("Kanpur fire kills two")
    (True, False)
    """
    return len(title) <= _LONGEST and title.islower()


def capitalised(title: str, gazetteer: Gazetteer) -> str:
    """A headline in lower case, with capitals where a listed name stands that is no English word."""

    def written(found: re.Match[str]) -> str:
        word = found.group()
        key = None if fold(word) in place_words.NEVER else gazetteer.trie.get(fold(word))
        is_name = key is not None and gazetteer.size(key) > 0 and not gazetteer.flags[key] & COMMON_WORD
        first = word[0].upper() if is_name else word[0]
        return first + word[1:] if len(first) == 1 else word

    return _WORD.sub(written, title)
