"""An article's words as arrays: found, hashed and flagged all at once, without an object or a look-up a word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from stream_app.core.frozen import maker
from stream_app.core.language.tables import every
from stream_app.core.remembered import Remembered

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NUMBER: Final = 1
CAPITAL: Final = 2

KINDS_OF_HARM: Final = ("killed", "hurt", "missing", "driven_out", "taken", "survived")
_SIGN = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
_SIGNS = re.compile(_SIGN)
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_STOPS: Final = '.!?:;\n"\u201c\u201d\u2026\u3002'
_TABLES: Final = every("copies")
"""What each language calls numbers, harm and doubt; all at once, for a text's language is not known yet."""


def _listed(name: str) -> list[str]:
    return [word for table in _TABLES.values() for word in table.get(name, "").split()]


def _expression(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the words, those that end in `*` with any ending, as are those too long to be looked at whole."""
    stems = (
        word[:-1] if word[-1] == "*" else word[:_LETTERS_READ]
        for word in words
        if len(word) > _LETTERS_READ or word[-1] == "*"
    )
    whole = (f"{word}$" for word in words if len(word) <= _LETTERS_READ and word[-1] != "*")
    return re.compile("|".join(dict.fromkeys((*stems, *whole))))


_CANONICAL: Final[dict[str, str]] = (
    dict.fromkeys(_listed("nothing"), "0")
    | {word: str(value) for table in _TABLES.values() for value, word in enumerate(table.get("numbers", "").split(), 1)}
    | {
        word: value
        for table in _TABLES.values()
        for value, forms in table.get("numerals", {}).items()
        for word in forms.split()
    }
)
_VAGUE: Final = frozenset(_listed("vague"))
_LETTERS_READ: Final = 12
"""Of a word that may be one of harm or doubt: what follows makes no difference."""
_OF_HARM: Final = [word for name in ("harm", "lives", *KINDS_OF_HARM) for word in _listed(name)]
_HARM = _expression(_OF_HARM)
_DOUBT = _expression(_listed("doubt"))
"""What makes a statement of harm another one: that it may be, is said to be, or is not."""
_IS_HARM: Final = 1
_IS_DOUBT: Final = 2

# What a character is, in one byte: the kind of token it belongs to in the top three bits, then what else it does. The
# two lowest bits are the word's flags. Letters are above digits above nothing, so that a step up starts a token; steps
# modulo 256 are positive as signed bytes just where a token ends: after a letter (-192 is 64), after a digit before
# nothing (-160 is 96), and from digits to letters (32), but not from letters to digits (-32).
_KIND: Final = np.uint8(7 << 5)
_LETTER: Final = 6 << 5
_DIGIT: Final = 5 << 5
_SIGN_BIT: Final = 16
_STOP: Final = 8
_JOINER: Final = np.uint8(4)
_INSIDE_NUMBER: Final = 2 * _DIGIT % 256 + int(_JOINER)
"""Sum of the kinds around a joiner, and its bit: no two kinds but digits add up to this."""
_FLAGS: Final = np.uint8(NUMBER | CAPITAL)
_TABLE: Final = 1 << 17
"""Characters beyond the second plane are taken for its last one, as a letter."""
_WORD_MASK: Final = (1 << 64) - 1
_BASE: Final = 0x9E6C63D0876A9A4B
_USUAL: Final = 1 << 14
_ODD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(33)
_TABLE_BITS: Final = 12
"""A table looked up by so many top bits of a hash stays in the processor's first cache."""
_FINE_BITS: Final = 16
"""Where what a table lets pass costs far more than the table: only half as many words do by so many bits."""
_FINE_TOP = np.uint64(64 - _FINE_BITS)
_FACTOR_1 = np.uint64(0xFF51AFD7ED558CCD)
_FACTOR_2 = np.uint64(0xC4CEB9FE1A85EC53)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in reading order: 64-bit hashes, flags, lengths, and how each number is written.

    `opens` is True for a word that comes first after a stop or line end. The rest are places of words: `lines` has each
    line's first word, `numbers` the flagged numbers with their `texts`, and `harm` the words that speak of people
    killed, hurt, missing, taken or driven out, in one of ten languages or so, and `doubt` those that say that something
    may be, is said to be, or is not.
    """

    hashes: U64
    flags: U8
    lengths: Ints
    opens: Bools
    lines: list[int]
    numbers: list[int]
    texts: list[str]
    harm: list[int]
    doubt: list[int]

    def __len__(self) -> int:
        return len(self.hashes)

    def first_line(self) -> tuple[Words, Words]:
        """The words of the first line, and those of the others."""
        at = self.lines[1] if len(self.lines) > 1 else len(self)
        numbers, harm = bisect_left(self.numbers, at), bisect_left(self.harm, at)
        doubt = bisect_left(self.doubt, at)
        first = _words(
            self.hashes[:at],
            self.flags[:at],
            self.lengths[:at],
            self.opens[:at],
            self.lines[:1],
            self.numbers[:numbers],
            self.texts[:numbers],
            self.harm[:harm],
            self.doubt[:doubt],
        )
        others = _words(
            self.hashes[at:],
            self.flags[at:],
            self.lengths[at:],
            self.opens[at:],
            [line - at for line in self.lines[1:]],
            [number - at for number in self.numbers[numbers:]],
            self.texts[numbers:],
            [word - at for word in self.harm[harm:]],
            [word - at for word in self.doubt[doubt:]],
        )
        return first, others

    def only(self, kept: Bools) -> Words:
        """The words for which `kept` is True; `lines` are left as they are."""
        places = (kept.cumsum() - 1).tolist()
        return _words(
            self.hashes[kept],
            self.flags[kept],
            self.lengths[kept],
            self.opens[kept],
            self.lines,
            [places[at] for at in self.numbers if kept[at]],
            [text for text, at in zip(self.texts, self.numbers, strict=True) if kept[at]],
            [places[at] for at in self.harm if kept[at]],
            [places[at] for at in self.doubt if kept[at]],
        )


_words = maker(Words)


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


def read(text: str) -> Words:
    """The words of a text: runs of letters with a number after them, and numbers with their inner commas and dots.

    Scripts written without spaces give one word a sign. Upper and lower case are the same word, and so are "three" and
    "3". A word's hash is a polynomial of its characters: differences of one running sum over the text give them all.

    >>> words = read("Three men, 1,200 cars.")
    >>> len(words), words.texts
    (4, ['Three', '1,200'])
    >>> bool(words.hashes[0] == read("3").hashes[0])
    True
    """
    text, lower, classes = _parted(text)
    before, last = _bounds(_kinds(classes))
    opens, lines = _stops(lower, classes, before)
    hashes, beginnings = _hashed(lower, before, last)
    flags: U8 = classes[1:][before] & _FLAGS
    _equate_numbers(hashes, flags)
    numbers, texts = _numbers(text, before, last, hashes, flags)
    harm, doubt = _telling(text, before, last, beginnings)
    return _words(hashes, flags, last - before, opens, lines, numbers, texts, harm, doubt)


def count_words(text: str) -> int:
    """How many words `read` finds in a text.

    >>> count_words("Three men, 1,200 cars.")
    4
    """
    _, _, classes = _parted(text)
    before, _ = _bounds(_kinds(classes))
    return len(before)


def _parted(text: str) -> tuple[str, U64, U8]:
    """The text with its signs as words, its characters in lower case, and what each is."""
    lower, classes = _classified(text)
    if not text.isascii() and np.bitwise_or.reduce(classes) & _SIGN_BIT:
        text = _SIGNS.sub(r" \g<0> ", text)
        lower, classes = _classified(text)
    return text, lower, classes


def _classified(text: str) -> tuple[U64, U8]:
    """The characters in lower case, and what each is; a blank before, and as many after as `_hashed` needs."""
    padded = f" {text}   "
    if text.isascii():
        encoded = bytearray(padded, "ascii")
        lower = np.frombuffer(encoded.lower(), np.uint8).astype(np.uint64)
        return lower, np.frombuffer(encoded.translate(_OF_BYTE), np.uint8)
    # As indices, which both tables take without converting them.
    characters = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int64)
    return _LOWER.take(characters, mode="clip"), _CLASSES.take(characters, mode="clip")


def _hashed(terms: U64, before: Ints, last: Ints) -> tuple[U64, U64]:
    """The hash of each word, and the unmixed one of its first three characters; `terms` is overwritten."""
    terms *= _powers(len(terms))
    sums = terms.cumsum()
    sums_before, unshift = sums[before], _inverses(len(sums))[before]
    beginnings = sums[3:][before]
    beginnings -= sums_before
    beginnings *= unshift
    hashes = sums[last]
    hashes -= sums_before
    hashes *= unshift
    return mix(hashes), beginnings


def _kinds(classes: U8) -> U8:
    """The kind of token that each character belongs to; a dot or comma between digits is made part of the number."""
    kinds = classes & _KIND
    around = kinds[:-2] + kinds[2:]
    around |= classes[1:-1] & _JOINER
    inside = (around == _INSIDE_NUMBER).nonzero()[0] + 1
    kinds[inside] = classes[inside] = _DIGIT
    return kinds


def _bounds(kinds: U8) -> tuple[Ints, Ints]:
    """The character before each token, and its last one: where the kind changes, but from letters to digits.

    With the one blank before the text they are the first character of each token in the text, and the one after it.
    """
    left, right = kinds[:-1], kinds[1:]
    return (right > left).nonzero()[0], ((right - left).view(np.int8) > 0).nonzero()[0]


def _telling(text: str, starts: Ints, ends: Ints, beginnings: U64) -> tuple[list[int], list[int]]:
    """The words of harm and of doubt: the few whose first three letters (unmixed hash) begin one are read as text."""
    beginnings *= _ODD
    beginnings >>= _FINE_TOP
    few = _HARM_BEGINS_FINE[beginnings.view(np.int64)].nonzero()[0]
    begin = starts[few]
    read_to = np.minimum(ends[few], begin + _LETTERS_READ)
    bounds = zip(few.tolist(), begin.tolist(), read_to.tolist(), strict=True)
    kinds = [(at, _TOLD[text[start:end]]) for at, start, end in bounds]
    return [at for at, kind in kinds if kind == _IS_HARM], [at for at, kind in kinds if kind == _IS_DOUBT]


def _told_by(word: str) -> int:
    """Whether a word is one of harm, or one of doubt; its first letters will do."""
    lower = word.lower()
    return _IS_HARM if _HARM.match(lower) else _IS_DOUBT if _DOUBT.match(lower) else 0


_TOLD: Final = Remembered(_told_by)


def _equate_numbers(hashes: U64, flags: U8) -> None:
    """Flag number words, and give those with a value the hash of their digits."""
    for at in _MAY_BE_NUMBER[(hashes >> _FINE_TOP).view(np.int64)].nonzero()[0].tolist():
        if (value := _NUMBER_WORDS.get(int(hashes[at]))) is not None:
            hashes[at] = value
            flags[at] |= NUMBER


def _stops(characters: U64, classes: U8, starts: Ints) -> tuple[Bools, list[int]]:
    """Which words come first after a stop, and the first word of each line."""
    # To find what is True takes a third of the time that it takes to find what is not zero.
    stops = ((classes & _STOP) != 0).nonzero()[0]
    following = starts.searchsorted(stops)
    opens = np.zeros(len(starts) + 1, bool)
    opens[0] = True
    opens[following] = True
    return opens[:-1], [0, *following[characters[stops] == _NEWLINE].tolist()]


def _numbers(text: str, starts: Ints, ends: Ints, hashes: U64, flags: U8) -> tuple[list[int], list[str]]:
    """The numbers' places, and each as written; those with commas get the hash that they have without."""
    few = (flags & NUMBER).nonzero()[0]
    places = few.tolist()
    texts = [text[start:end] for start, end in zip(starts[few].tolist(), ends[few].tolist(), strict=True)]
    for at, number in zip(places, texts, strict=True):
        if "," in number:
            hashes[at] = _hash(canonical(number))
    return places, texts


def tables() -> tuple[Any, ...]:
    """What `read` is made of, for whoever does the same in another language.

    They are the kinds of characters, their lower case, the base of a word's hash, how words of harm or doubt begin, the
    hashes of number words with those of their digits, and what says which a word is.
    """
    return _CLASSES.tobytes(), _LOWER.tolist(), _BASE, _HARM_BEGINS.tobytes(), _NUMBER_WORDS, _TOLD.__getitem__


def mix(x: U64) -> U64:
    """Spread every bit of `x`, which is overwritten, over the 64 (the finaliser of MurmurHash3)."""
    x ^= x >> _HALF
    x *= _FACTOR_1
    x ^= x >> _HALF
    x *= _FACTOR_2
    x ^= x >> _HALF
    return x


def _mix_one(x: int) -> int:
    """What `mix` gives for one number."""
    x = (x ^ x >> 33) * int(_FACTOR_1) & _WORD_MASK
    x = (x ^ x >> 33) * int(_FACTOR_2) & _WORD_MASK
    return x ^ x >> 33


def _hash(word: str) -> int:
    """The hash that `read` gives a word of lower case."""
    return _mix_one(_polynomial(word))


def _polynomial(letters: str) -> int:
    """The sum of the letters, each times the base to the power of its place, modulo 2**64."""
    value = 0
    for letter in reversed(letters):
        value = value * _BASE + ord(letter) & _WORD_MASK
    return value


def _begins(stems: Iterable[str]) -> Iterator[int]:
    """The hashes by which the first three letters of words are looked up; a short word's with what may follow it."""
    for stem in stems:
        for end in ("",) if len(stem) > 2 else _FOLLOWING:
            yield _polynomial((stem + end)[:3]) * int(_ODD) & _WORD_MASK


def _powers(size: int) -> U64:
    """The powers of the base, as many as there are characters."""
    return _POWERS[:size] if size <= _USUAL else _power(_BASE, size)


def _inverses(size: int) -> U64:
    """The powers of the base's inverse from the first on: for each character, what shifts the next to the front."""
    return _INVERSES if size <= _USUAL else _power(_INVERSE, size + 1)[1:]


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
    classes[[found.start() for found in _SIGNS.finditer(every)]] |= _SIGN_BIT
    classes[[ord(stop) for stop in _STOPS]] |= _STOP
    classes[[ord("."), ord(",")]] |= _JOINER
    classes[-1] = _LETTER
    return classes, lower.astype(np.uint64)


def _marked(hashes: Iterable[int], bits: int = _TABLE_BITS) -> Bools:
    """A table by the top bits of a hash: True for those of these hashes."""
    table = np.zeros(1 << bits, bool)
    table[[value >> 64 - bits for value in hashes]] = True
    return table


_CLASSES, _LOWER = _characters()
_OF_BYTE: Final = _CLASSES[:256].tobytes()
_INVERSE: Final = pow(_BASE, -1, 1 << 64)
_POWERS, _INVERSES = _power(_BASE, _USUAL), _power(_INVERSE, _USUAL + 1)[1:]
_FOLLOWING: Final = (" ", ",", ".", "\n", "\u060c")
_BEGINNINGS: Final = tuple(_begins((*_OF_HARM, *_listed("doubt"))))
_HARM_BEGINS, _HARM_BEGINS_FINE = _marked(_BEGINNINGS), _marked(_BEGINNINGS, _FINE_BITS)
_NUMBER_WORDS: Final = {_hash(word): _hash(_CANONICAL.get(word, word)) for word in (*_CANONICAL, *_VAGUE)}
_MAY_BE_NUMBER = _marked(_NUMBER_WORDS, _FINE_BITS)
_NEWLINE: Final = 10


def _harm_kinds() -> dict[int, int]:
    """The kind of harm, from 1, that each word of harm tells of, by its hash; none of a word that tells of several."""
    told: dict[int, set[int]] = {}
    for kind, name in enumerate(KINDS_OF_HARM, 1):
        for word in _listed(name):
            told.setdefault(_hash(word), set()).add(kind)
    return {word: kinds.pop() for word, kinds in told.items() if len(kinds) == 1}


HARM_KINDS: Final = _harm_kinds()
"""Killed, hurt, missing and so on, for each word of harm that tells of one of them, by its hash."""
LIVES: Final = frozenset(map(_hash, _listed("lives")))
"""Words that tell of harm where they are lost, taken or claimed, and else do not."""
LOST: Final = frozenset(map(_hash, _listed("lost")))
"""Being lost, taken or claimed."""
