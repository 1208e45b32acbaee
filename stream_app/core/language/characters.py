"""What each character stands for in plain text: tables for `plain.py`, made of Unicode's own.

Only what is equal in meaning is exchanged. Superscripts, fractions, circled digits and signs made of letters (™, №)
are not: "12²" is not "122".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

_WITH_FORMS: Final = ((0x80, 0x3400), (0xA640, 0xAC00), (0xF900, 0x12000), (0x16A00, 0x16C00), (0x1D100, 0x20000))
"""Where Unicode has marks and characters with plainer forms; ideographs and Korean syllables have none."""

_UNSEEN_RANGES: Final = (
    (0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x7F), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x640, 0x640),
    (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F),
    (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF0, 0xFFFC), (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Controls, marks of direction and joining, fillers, selectors of variants, and the stroke that lengthens Arabic."""

_MEANT: Final = {
    "\t": " ", "\x1c": " ", "\x1d": " ", "\x1e": " ", "\x1f": " ",
    "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n",
    "\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2012": "\u2013", "\u2015": "\u2014",
    "\u066a": "%", "\u066b": ".", "\u066c": ",",
}  # fmt: skip
"""Blanks, line ends, hyphens, dashes and marks in numbers that Unicode tells apart and readers do not."""

_KEPT: Final = frozenset({"<super>", "<sub>", "<fraction>", "<circle>", "<square>"})
"""Forms that say something: a footnote, a power, half a person, a number in a list."""

_BEYOND, _LAST = 0x10000, 0x10FFFF
"""A set with many characters between these is searched a hundred times as slowly: `one_of` takes all or none."""


def _characters() -> Iterator[str]:
    for first, end in _WITH_FORMS:
        yield from map(chr, range(first, end))


def _forms() -> Iterator[tuple[str, str]]:
    """Each character that has a plainer form, and that form."""
    for character in _characters():
        if (digit := unicodedata.decimal(character, None)) is not None:
            yield character, str(digit)
        elif (taken := unicodedata.decomposition(character)) and (form := _form(character, taken)):
            yield character, form
        elif unicodedata.category(character) == "Zs":
            yield character, " "
    for code in range(0x80, 0xA0):  # a page of Windows that was read as Latin-1
        yield chr(code), bytes([code]).decode("cp1252", "ignore")


def _form(character: str, taken: str) -> str:
    """The plainer form of a character that Unicode takes apart; empty when it has none of the same meaning."""
    kind = taken.partition(" ")[0]
    if kind in _KEPT:
        return ""
    if kind[0] != "<":
        form = unicodedata.normalize("NFC", character)
        return "" if form == character else form
    form = unicodedata.normalize("NFKC", character)
    return form if len(form) == 1 or (character.isalpha() and form.isalpha()) else ""


def one_of(characters: Iterable[str], *, beyond: bool = True) -> str:
    r"""A regular expression for one of the characters; with `beyond` any outside the basic plane, too.

    >>> one_of("cab-d", beyond=False)
    '[\\--\\-a-d]'
    """
    points = sorted(point for point in map(ord, characters) if point < _BEYOND or not beyond)
    rows = groupby(enumerate(points), lambda numbered: numbered[1] - numbered[0])
    ranges = [[point for _, point in row] for _, row in rows]
    if beyond:
        ranges.append([_BEYOND, _LAST])
    return "[" + "".join(f"{re.escape(chr(row[0]))}-{re.escape(chr(row[-1]))}" for row in ranges) + "]"


PLAINER: Final = {written: form for written, form in (*_forms(), *_MEANT.items()) if form}
UNSEEN: Final = frozenset(
    chr(code) for first, last in (*_UNSEEN_RANGES, (0x80, 0x9F)) for code in range(first, last + 1)
) - frozenset(PLAINER)
ALIKE: Final = {written: form for written, form in PLAINER.items() if len(form) == 1}
"""Characters that one other stands for."""
LONG: Final = {written: form for written, form in PLAINER.items() if len(form) > 1}
"""Characters that stand for several: ligatures."""
MARKS: Final = frozenset(c for c in _characters() if unicodedata.category(c)[0] == "M" or "\u1161" <= c <= "\u11ff")
"""What joins the letter before it: accents, vowel signs, the later parts of a Korean syllable."""
