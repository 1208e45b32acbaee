"""An article's words as arrays: found, hashed and flagged all at once, without an object or a look-up a word."""

from __future__ import annotations

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
HARM: Final = 32
"""The word speaks of people killed, hurt, missing, taken or driven out, in one of ten languages or so."""

_SIGN = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_SIGNS = re.compile(f"[{_SIGN}]")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_STOPS: Final = '.!?:;\n"\u201c\u201d\u2026\u3002'
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
_HARM_STEMS: Final = (
    "kill|dead|death|die[ds]?$|dying|injur|wound|hurt|casualt|missing|body$|bodies$|victim|fatal|toll$|slain|massacr|"
    "murder|shot|stabb|displac|fled$|flee|evacu|homeless|abduct|kidnap|hostage|captur|surviv|"
    "muert|herid|fallec|desaparec|mort|bless|disparu|tu\u00e9s|feriu|ferid|verletz|tote|vermisst|ucci|ferit|"
    "\u043f\u043e\u0433\u0438\u0431|\u0440\u0430\u043d\u0435\u043d|\u0443\u0431\u0438\u0442|"
    "\u0437\u0430\u0433\u0438\u043d|\u043f\u043e\u0440\u0430\u043d|\u0642\u062a\u0644|\u062c\u0631\u062d"
)
_HARM = re.compile(_HARM_STEMS)

# What a character is, in one byte: the kind of token it belongs to in the top two bits (letters above digits above
# nothing, so that a step up starts a token), then what else it does. The two lowest bits are the word's flags.
_LETTER: Final = 3 << 6
_DIGIT: Final = 2 << 6
_SIGN_BIT: Final = 32
_STOP: Final = 8
_JOINER: Final = 4
_TABLE: Final = 1 << 17
"""Characters beyond the second plane are taken for its last one, as a letter."""
_WORD_MASK: Final = (1 << 64) - 1
_BASE: Final = 0x9E6C63D0876A9A4B
_USUAL: Final = 1 << 14
_ODD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in reading order: 64-bit hashes, flags, and how each number is written.

    `opens` is True for a word that comes first after a stop or line end; `lines` has the index of each line's first
    word; `texts` has an entry for each flagged number.
    """

    hashes: U64
    flags: U8
    lines: Ints
    opens: Bools
    texts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.hashes)

    def first_line(self) -> tuple[Words, Words]:
        """The words of the first line, and those of the others."""
        at = int(self.lines[1]) if len(self.lines) > 1 else len(self)
        texts = int(np.count_nonzero(self.flags[:at] & NUMBER))
        first = Words(self.hashes[:at], self.flags[:at], self.lines[:1], self.opens[:at], self.texts[:texts])
        others = self.lines[1:] - at
        return first, Words(self.hashes[at:], self.flags[at:], others, self.opens[at:], self.texts[texts:])


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
    """The words of a text: runs of letters with a number after them, and numbers with their inner commas and dots.

    Scripts written without spaces give one word a sign. Upper and lower case are the same word, and so are "three" and
    "3". A word's hash is a polynomial of its characters: differences of one running sum over the text give them all.

    >>> words = read("Three men, 1,200 cars.")
    >>> len(words), words.texts
    (4, ('Three', '1,200'))
    >>> bool(words.hashes[0] == read("3").hashes[0])
    True
    """
    text = f" {text}   "
    characters, classes = _classified(text)
    if not text.isascii() and (classes & _SIGN_BIT).any():
        text = _SIGNS.sub(r" \g<0> ", text)
        characters, classes = _classified(text)
    _join(classes)
    starts, ends = _bounds(classes)
    powers, inverses = _powers(len(characters))
    sums = (_LOWER.take(characters, mode="clip") * powers).cumsum()
    before, unshift = sums[starts - 1], inverses[starts]
    hashes = mix((sums[ends - 1] - before) * unshift)
    flags: U8 = classes[starts] & np.uint8(NUMBER | CAPITAL) | (ends - starts >= 6) * np.uint8(LONG)
    _flag_harm(text, starts, ends, flags, (sums[starts + 2] - before) * unshift)
    _equate_numbers(hashes, flags)
    opens, lines = _stops(characters, classes, starts)
    return Words(hashes, flags, lines, opens, _numbers(text, starts, ends, hashes, flags))


def _classified(text: str) -> tuple[U32, U8]:
    """The characters, and what each is."""
    characters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return characters, _CLASSES.take(characters, mode="clip")


def _join(classes: U8) -> None:
    """Make a dot or comma between digits part of the number."""
    joiners = (classes & _JOINER).nonzero()[0]
    # Kinds are 0, 2 and 3: only those of two digits add up to 4.
    inside = (classes[joiners - 1] >> np.uint8(6)) + (classes[joiners + 1] >> np.uint8(6)) == 4
    classes[joiners[inside]] = _DIGIT


def _bounds(classes: U8) -> tuple[Ints, Ints]:
    """First character of each token, and the one after its last: where the kind changes, but from letters to digits."""
    kinds = (classes >> np.uint8(6)).view(np.int8)
    steps = kinds[1:] - kinds[:-1]
    # Nothing 0, digits 2, letters 3: up is a start; down is an end save by 1; from digits to letters is both.
    starts = (steps > 0).nonzero()[0] + 1
    ends = ((steps < -1) | (steps == 1)).nonzero()[0] + 1
    return starts, ends


def _flag_harm(text: str, starts: Ints, ends: Ints, flags: U8, beginnings: U64) -> None:
    """Flag words of harm: the few whose first three letters (unmixed hash) begin one are looked at as text."""
    for at in _HARM_BEGINS[beginnings * _ODD >> np.uint64(48)].nonzero()[0].tolist():
        if _HARM.match(text[starts[at] : ends[at]].lower()):
            flags[at] |= HARM


def _equate_numbers(hashes: U64, flags: U8) -> None:
    """Flag number words, and give those with a value the hash of their digits."""
    for at in _MAY_BE_NUMBER[hashes >> np.uint64(48)].nonzero()[0].tolist():
        if (value := _NUMBER_WORDS.get(int(hashes[at]))) is not None:
            hashes[at] = value
            flags[at] |= NUMBER


def _stops(characters: U32, classes: U8, starts: Ints) -> tuple[Bools, Ints]:
    """Which words come first after a stop, and the first word of each line."""
    stops = (classes & _STOP).nonzero()[0]
    following = starts.searchsorted(stops)
    opens = np.zeros(len(starts) + 1, bool)
    opens[0] = True
    opens[following] = True
    return opens[:-1], np.concatenate((_FIRST, following[characters[stops] == _NEWLINE]))


def _numbers(text: str, starts: Ints, ends: Ints, hashes: U64, flags: U8) -> tuple[str, ...]:
    """The numbers as written; those with commas get the hash that they have without."""
    at = (flags & NUMBER).nonzero()[0]
    texts = tuple(text[start:end] for start, end in zip(starts[at].tolist(), ends[at].tolist(), strict=True))
    for index, number in zip(at.tolist(), texts, strict=True):
        if "," in number:
            hashes[index] = _hash(canonical(number))
    return texts


def mix(x: U64) -> U64:
    """Spread every bit of `x` over the 64 (the finaliser of MurmurHash3)."""
    x = x ^ (x >> np.uint64(33))
    x = x * np.uint64(0xFF51AFD7ED558CCD)
    x = x ^ (x >> np.uint64(33))
    x = x * np.uint64(0xC4CEB9FE1A85EC53)
    return x ^ (x >> np.uint64(33))


def _hash(word: str) -> int:
    """The hash that `read` gives a word of lower case."""
    value = sum(ord(letter) * pow(_BASE, at, 1 << 64) for at, letter in enumerate(word))
    return int(mix(np.array([value & _WORD_MASK], np.uint64))[0])


def _begin(stem: str) -> int:
    """Where the first three letters of a word are in the table of beginnings."""
    value = sum(ord(letter) * pow(_BASE, at, 1 << 64) for at, letter in enumerate(stem[:3]))
    return (value * int(_ODD) & _WORD_MASK) >> 48


def _powers(size: int) -> tuple[U64, U64]:
    """The powers of the base and of its inverse, as many as there are characters."""
    return (_POWERS[:size], _INVERSES[:size]) if size <= _USUAL else (_power(_BASE, size), _power(_INVERSE, size))


def _power(base: int, size: int) -> U64:
    """Powers of an odd number modulo 2**64, from the zeroth on."""
    factors = np.full(size, base, np.uint64)
    factors[0] = 1
    return factors.cumprod()


def _characters() -> tuple[U8, U64]:
    """What each character is, and the character that it is in lower case."""
    every = "".join(map(chr, range(_TABLE)))
    classes = np.zeros(_TABLE, np.uint8)
    lower = np.frombuffer(every.replace("\u0130", "I").lower().encode("utf-32-le", "surrogatepass"), "<u4")
    for pattern, kind in ((_LETTERS, _LETTER), (_DIGITS, _DIGIT | NUMBER)):
        for found in pattern.finditer(every):
            classes[found.start() : found.end()] = kind
    classes[(lower != np.arange(_TABLE)) & (classes == _LETTER)] |= CAPITAL
    classes[[ord(sign) for sign in every if _SIGNS.match(sign)]] |= _SIGN_BIT
    classes[[ord(stop) for stop in _STOPS]] |= _STOP
    classes[[ord("."), ord(",")]] |= _JOINER
    classes[-1] = _LETTER
    return classes, lower.astype(np.uint64)


def _marked(places: list[int]) -> Bools:
    """A table of 2**16 entries, these of them True."""
    table = np.zeros(1 << 16, bool)
    table[places] = True
    return table


_CLASSES, _LOWER = _characters()
_INVERSE: Final = pow(_BASE, -1, 1 << 64)
_POWERS, _INVERSES = _power(_BASE, _USUAL), _power(_INVERSE, _USUAL)
_HARM_BEGINS = _marked([_begin(stem) for stem in _HARM_STEMS.split("|")])
_NUMBER_WORDS: Final = {_hash(word): _hash(_CANONICAL.get(word, word)) for word in (*_CANONICAL, *_VAGUE)}
_MAY_BE_NUMBER = _marked([value >> 48 for value in _NUMBER_WORDS])
_FIRST: Ints = np.zeros(1, np.int64)
_NEWLINE: Final = 10
