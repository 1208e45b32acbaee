"""Words that say little about which event a text is about: function words, everyday English, the register of news.

A word that is not among them is taken to be rare, and two texts that share several rare words are likely to be about
the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

#: An ending and what the plain word may end in: "involving" is "involve", "replied" is "reply".
_ENDINGS = (
    ("ies", ("y",)),
    ("ied", ("y",)),
    ("ing", ("", "e")),
    ("ed", ("", "e")),
    ("er", ("", "e")),
    ("ers", ("", "e")),
    ("es", ("", "e")),
    ("ly", ("",)),
    ("s", ("",)),
)


def _read(file: str) -> frozenset[str]:
    lines = Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


USUAL_WORDS = _read("usual_words.txt")
GIVEN_NAMES = _read("given_names.txt")


def is_usual(word: str) -> bool:
    """Whether a word in lower case, or the plain word that it is a form of, says little; a compound if its parts do.

    >>> is_usual("involving"), is_usual("stopped"), is_usual("non-critical"), is_usual("gherald")
    (True, True, True, False)
    """
    if word in USUAL_WORDS or any(plain in USUAL_WORDS for plain in _plain_forms(word)):
        return True
    return "-" in word and all(is_usual(part) for part in word.split("-"))


def _plain_forms(word: str) -> Iterator[str]:
    for ending, plain_endings in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            yield from (stem + plain for plain in plain_endings)
            if stem[-1] == stem[-2]:
                yield stem[:-1]
