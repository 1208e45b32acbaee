"""One spelling for every spelling: the key under which a name is stored and a text is searched."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = {
    "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ı": "i", "ß": "s", "æ": "a",
    "Æ": "a", "œ": "o", "Œ": "o", "þ": "t", "Þ": "t", "ə": "a", "Ə": "a", "ħ": "h", "Ħ": "h",
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "ʿ": "'", "ʾ": "'", "´": "'", "`": "'", "′": "'",
    "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
}  # fmt: skip
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_ASCII = (("-", " "), ("\n", " "), ("\t", " "), ("`", "'"))


def _fold_character(character: str) -> str:
    """The one ASCII character that stands for `character`, or the character itself when none does."""
    if character in _SPECIAL:
        return _SPECIAL[character]
    base = unicodedata.normalize("NFKD", character)[0]
    if base.isascii():
        return base
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


class _Folds(dict[str, str]):
    """Folds of the characters met so far; there are a few hundred in practice."""

    def __missing__(self, character: str) -> str:
        folded = self[character] = _fold_character(character)
        return folded


_FOLDS = _Folds()


def fold(text: str) -> str:
    """`text` in lower case, without diacritics, hyphens as blanks: always as long as `text`, so offsets hold.

    >>> fold("Al-Fāshir, Côte d’Ivoire")
    "al fashir, cote d'ivoire"
    >>> len(fold("İstanbul")) == len("İstanbul")
    True
    """
    if not text.isascii():
        text = _NON_ASCII.sub(lambda match: _FOLDS[match.group()], text)
    for mark, folded in _ASCII:
        if mark in text:  # asking is several times as fast as `translate`
            text = text.replace(mark, folded)
    return text.lower()


_ALIKE = str.maketrans({
    "ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "-": " ", "‐": " ", "‑": " ", "\n": " ",
    "’": "'", "ʼ": "'", "ʹ": "'", "`": "'", "\u00a0": " ",
    **dict.fromkeys([chr(code) for code in (0x640, 0x670, *range(0x64B, 0x653), 0x200C, 0x200F)], ""),
})  # fmt: skip


def fold_other(text: str) -> str:
    """`text` in Cyrillic or Arabic as its names are stored: lower case, letters that writers exchange as one.

    Arabic vowel signs are left out, so offsets do not hold.

    >>> fold_other("Орёл"), fold_other("П’ятихатки"), fold_other("أربيل")
    ('орел', "п'ятихатки", 'اربيل')
    """
    return text.lower().translate(_ALIKE)
