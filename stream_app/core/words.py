"""An article's words as arrays: one regular expression finds them, a memo turns each into a hash and flags."""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NUMBER: Final = 1
CAPITAL: Final = 2
LONG: Final = 4
STOP: Final = 8
LINE: Final = 16
HARM: Final = 32
"""The word speaks of people killed, hurt, missing, taken or driven out, in one of ten languages or so."""
_MEMO_SIZE: Final = 150_000

_SIGN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_NUMBER_OR_STOP = r"\d+(?:[.,]\d+)*|[.!?:;\n\"\u201c\u201d\u2026\u3002]"
_TOKEN = re.compile(rf"[^\W\d_]+\d*|{_NUMBER_OR_STOP}")
_SPACELESS = re.compile(f"[{_SIGN}]")
_SPACELESS_TOKEN = re.compile(rf"[{_SIGN}]|{_TOKEN.pattern}")
_BLOCK_TAG = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote|section|article)\b[^<>]{0,300}>", re.IGNORECASE
)
_INLINE_TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|small|sup|sub|img|td|th)\b[^<>]{0,300}>", re.IGNORECASE)

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")

_UNITS: Final = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_CANONICAL: Final = {"zero": "0", "nil": "0"} | {word: str(value) for value, word in enumerate(_UNITS.split(), 1)}
_VAGUE: Final = frozenset(
    {"thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million", "billion"}
    | {"dozen", "dozens", "scores", "hundreds", "thousands", "several", "no"}
)
_HARM = re.compile(
    r"kill|dead|death|die[ds]?$|dying|injur|wound|hurt|casualt|missing|bod(?:y|ies)$|victim|fatal|toll$|slain|massacr|"
    r"murder|shot|stabb|displac|fled$|flee|evacu|homeless|abduct|kidnap|hostage|captur|surviv|"
    r"muert|herid|fallec|desaparec|mort|bless|disparu|tu\u00e9s|feriu|ferid|verletz|tote|vermisst|ucci|ferit|"
    r"\u043f\u043e\u0433\u0438\u0431|\u0440\u0430\u043d\u0435\u043d|\u0443\u0431\u0438\u0442|"
    r"\u0437\u0430\u0433\u0438\u043d|\u043f\u043e\u0440\u0430\u043d|\u0642\u062a\u0644|\u062c\u0631\u062d"
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in reading order: 56-bit hashes, flags, line numbers, and how each number is written.

    `opens` is True for a word that comes first after a stop or line end; `texts` has an entry for each flagged number.
    """

    hashes: U64
    flags: U8
    lines: Ints
    opens: Bools
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.hashes)


class _Memo(dict[str, bytes]):
    """What stands between two spaces -> 8 bytes a token: flags in the first, hash in the other seven.

    `numbers` has the numbers in it, for those that have any. Forgets everything when full: it is only a memo.
    """

    def __init__(self) -> None:
        super().__init__()
        self.numbers: dict[str, list[str]] = {}

    def __missing__(self, chunk: str) -> bytes:
        if len(self) >= _MEMO_SIZE:
            self.clear()
            self.numbers.clear()
        tokens = _tokens(chunk)
        if numbers := [token for token in tokens if is_number(token)]:
            self.numbers[chunk] = numbers
        self[chunk] = packed = b"".join(map(_hash_and_flags, tokens))
        return packed


_memo = _Memo()


def _tokens(text: str) -> list[str]:
    """Words, numbers, stops and line ends."""
    return (_SPACELESS_TOKEN if _SPACELESS.search(text) else _TOKEN).findall(text)


def _hash_and_flags(word: str) -> bytes:
    """The hash of a word is the same in upper and lower case, and for "three" and "3"."""
    if word == "\n":
        return bytes((STOP | LINE, 0, 0, 0, 0, 0, 0, 0))
    if not word[0].isalnum():
        return bytes((STOP, 0, 0, 0, 0, 0, 0, 0))
    spelled = canonical(word)
    flags = NUMBER if is_number(spelled) else 0
    flags |= (CAPITAL if word[0].isupper() else 0) | (LONG if len(word) >= 6 else 0)
    flags |= HARM if _HARM.match(spelled) else 0
    return bytes((flags,)) + hashlib.blake2b(spelled.encode("utf-8", "replace"), digest_size=7).digest()


def canonical(word: str) -> str:
    """One spelling for a number, however it is written.

    >>> canonical("Three"), canonical("1,200"), canonical("dozens")
    ('3', '1200', 'dozens')
    """
    lower = word.lower()
    return _CANONICAL.get(lower, lower.replace(",", ""))


def is_number(word: str) -> bool:
    """Whether a word is a number in digits or letters, or a vague one.

    >>> is_number("12th"), is_number("Dozens"), is_number("many")
    (True, True, False)
    """
    spelled = canonical(word)
    return spelled[:1].isdigit() or spelled in _VAGUE


def plain(raw: str) -> str:
    """The text without mark-up, in compatibility form; block tags end a line.

    >>> plain("<p>Two&nbsp;<b>men</b></p>").split()
    ['Two', 'men']
    """
    if "<" in raw:
        raw = _INLINE_TAG.sub("", _BLOCK_TAG.sub("\n", raw))
    if "&" in raw:
        raw = html.unescape(raw)
    if "\r" in raw:
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    if raw.isascii():
        return raw
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", raw))


def read(text: str) -> Words:
    """The words of a text: runs of letters, and numbers with their inner commas and dots.

    Scripts written without spaces give one word a sign.

    >>> words = read("Three men, 1,200 cars.")
    >>> len(words), words.texts
    (4, ('Three', '1,200'))
    >>> bool(words.hashes[0] == read("3").hashes[0])
    True
    """
    chunks = text.replace("\n", " \n ").split(" ")
    packed = np.frombuffer(b"".join(map(_memo.__getitem__, chunks)), "<u8")
    flags = packed.astype(np.uint8)
    at = (flags & STOP == 0).nonzero()[0]
    opens = np.ones(len(at), bool)
    opens[1:] = at[1:] != at[:-1] + 1
    lines = (flags == (STOP | LINE)).cumsum()[at] if "\n" in text else np.zeros(len(at), np.int64)
    numbers = _memo.numbers
    texts = tuple(number for chunk in chunks if chunk in numbers for number in numbers[chunk])
    return Words(packed[at] >> np.uint64(8), flags[at], lines, opens, texts)


def mix(x: U64) -> U64:
    """Spread every bit of `x` over the 64 (the finaliser of MurmurHash3)."""
    x = x ^ (x >> np.uint64(33))
    x = x * np.uint64(0xFF51AFD7ED558CCD)
    x = x ^ (x >> np.uint64(33))
    x = x * np.uint64(0xC4CEB9FE1A85EC53)
    return x ^ (x >> np.uint64(33))
