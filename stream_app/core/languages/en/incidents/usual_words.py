"""Words that say little about which event a text is about.

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


def _read(file: str, section: str = "") -> frozenset[str]:
    """The words of a file, or of one section of it, which ends with an empty line."""
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    lines = (text[text.index(section) :].split("\n\n")[0] if section else text).splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


REGISTER_WORDS = _read("register_words.txt")
EVENT_WORDS = _read("register_words.txt", "# What any report of violence")
COMMON_WORDS = _read("common_words.txt")
GIVEN_NAMES = _read("given_names.txt")


def is_usual(word: str) -> bool:
    """Whether a word in lower case, or the plain word that it is a form of, says little; a compound if its parts do.

    >>> is_usual("involving"), is_usual("stopped"), is_usual("non-critical"), is_usual("gherald")
    (True, True, True, False)
    """
    if any(form in REGISTER_WORDS or form in COMMON_WORDS for form in _forms(word)):
        return True
    return "-" in word and all(is_usual(part) for part in word.split("-"))


def common_form(word: str) -> str | None:
    """The everyday word that a word in lower case is a form of; None for rare words and those of the register.

    >>> common_form("markets"), common_form("killed"), common_form("gherald")
    ('market', None, None)
    """
    forms = list(_forms(word))
    if any(form in REGISTER_WORDS for form in forms):
        return None
    return next((form for form in reversed(forms) if form in COMMON_WORDS), None)


def event_form(word: str) -> str | None:
    """The plain word that a word in lower case is a form of, if any report of violence or an accident may have it.

    >>> event_form("drivers"), event_form("said"), event_form("market")
    ('driver', None, None)
    """
    return next((form for form in reversed(list(_forms(word))) if form in EVENT_WORDS), None)


def _forms(word: str) -> Iterator[str]:
    """The word and the plain words that it may be a form of."""
    yield word
    yield from _plain_forms(word)


def _plain_forms(word: str) -> Iterator[str]:
    for ending, plain_endings in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            yield from (stem + plain for plain in plain_endings)
            if stem[-1] == stem[-2]:
                yield stem[:-1]
