"""A signature of an article's wording: what duplicate search needs of it, in about a byte and a half a word.

The text is read as an array of code points, so that words, their hashes, shingles and flags are a handful of array
operations. Nothing depends on the process: the same text gives the same signature on every machine.
"""

from __future__ import annotations

import base64
import html
import re
import struct
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from stream_app.core.events import Article

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

KEYS: Final = 8
"""Bottom-k: the k smallest shingle hashes are the keys an article is found by."""
MAX_WORDS: Final = 4096
"""Words beyond this are not compared: a signature must stay bounded whatever a producer sends."""
_WIRE_VERSION: Final = 1
_HEADER = struct.Struct("<BQQHBHHH")

_BLOCK_TAG = re.compile(r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|table|blockquote|section|article)\b[^<>]{0,300}>", re.I)
_INLINE_TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|font|small|sup|sub|img|td|th)\b[^<>]{0,300}>", re.I)

_WORD, _DIGIT, _UPPER, _LOWER, _ALONE, _STOP, _LINE = 1, 2, 4, 8, 16, 32, 64

_NUMBER_WORDS: Final = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()  # fmt: skip
_MORE_NUMBER_WORDS: Final = "thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen".split()


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text: its word index in the body, and how it is written."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of an article's wording.

    `content` tells versions of one article id apart (title and text as sent); `exact` is equal for texts of the same
    words; `keys` are the bottom-8 shingle hashes (32 bits each); `body` has one byte a word, in order; `guard` holds
    16-bit hashes of the names and numbers that tell one story from another; `lines` has a 32-bit hash and a word
    count for each line.
    """

    content: int
    exact: int
    keys: bytes
    body: bytes
    guard: bytes
    lines: bytes
    numbers: tuple[Number, ...]

    def to_bytes(self) -> bytes:
        """The signature, packed; `from_bytes` is its inverse."""
        positions = np.array([n.index for n in self.numbers], "<u2").tobytes()
        words = "\x1f".join(n.text for n in self.numbers).encode()
        head = _HEADER.pack(
            _WIRE_VERSION,
            self.content,
            self.exact,
            len(self.body),
            len(self.keys) // 4,
            len(self.guard) // 2,
            len(self.lines) // 6,
            len(self.numbers),
        )
        return b"".join((head, self.keys, self.body, self.guard, self.lines, positions, words))

    @classmethod
    def from_bytes(cls, packed: bytes) -> Signature:
        """Unpack what `to_bytes` made; raises ValueError for another version."""
        version, content, exact, body, keys, guard, lines, numbers = _HEADER.unpack_from(packed)
        if version != _WIRE_VERSION:
            raise ValueError(f"signature version {version}, expected {_WIRE_VERSION}")
        at = _HEADER.size
        parts = []
        for size in (keys * 4, body, guard * 2, lines * 6, numbers * 2):
            parts.append(packed[at : at + size])
            at += size
        positions = np.frombuffer(parts[4], "<u2").tolist()
        words = packed[at:].decode().split("\x1f")
        return cls(content, exact, parts[0], parts[1], parts[2], parts[3], tuple(map(Number, positions, words)))

    def to_wire(self) -> str:
        """The signature as text, to travel in JSON beside the article."""
        return base64.b85encode(self.to_bytes()).decode("ascii")

    @classmethod
    def from_wire(cls, text: str) -> Signature:
        """Read what `to_wire` wrote; raises ValueError when it is something else."""
        return cls.from_bytes(base64.b85decode(text))


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a text: where they start and end, their 64-bit hashes, and the code point classes."""

    text: str
    codes: U32
    classes: U8
    starts: Ints
    ends: Ints
    hashes: U64


def sign(article: Article, leave_out: frozenset[int] = frozenset()) -> Signature:
    """The signature of the article's text; lines whose 32-bit hash is in `leave_out` are not part of its wording.

    >>> a, b = (sign(Article(id="1", text=t)) for t in ("Two were killed in Lae.", "<p>TWO were  killed in Lae</p>"))
    >>> a.exact == b.exact, a.content == b.content
    (True, False)
    """
    words = _read(_plain(article.text))
    lines, line_of = _lines(words)
    if leave_out:
        words, lines, line_of = _without(words, lines, line_of, leave_out)
    numbers = _numbers(words)
    hashes = _canonical(words.hashes)[:MAX_WORDS]
    shingles = _shingles(hashes)
    return Signature(
        content=_content_hash(article),
        exact=int(_fold_hash(hashes)),
        keys=_bottom(shingles).tobytes(),
        body=(hashes >> np.uint64(56)).astype(np.uint8).tobytes(),
        guard=_guard(words, hashes).tobytes(),
        lines=lines.tobytes(),
        numbers=numbers,
    )


def _plain(raw: str) -> str:
    """The text without mark-up, in compatibility form; block tags end a line."""
    if "<" in raw:
        raw = _INLINE_TAG.sub("", _BLOCK_TAG.sub("\n", raw))
    if "&" in raw:
        raw = html.unescape(raw)
    return raw if raw.isascii() else unicodedata.normalize("NFKC", raw)


def _read(text: str) -> _Words:
    """Find the words: runs of letters and digits; a comma or dot inside a number belongs to it."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), "<u4")
    classes = _classes()[np.minimum(codes, 0xFFFF)]
    inside = (classes & _WORD) != 0
    digits = (classes & _DIGIT) != 0
    joins = _number_joins(codes, digits)
    inside |= joins
    alone = (classes & _ALONE) != 0
    before = np.empty_like(inside)
    before[:1] = False
    before[1:] = inside[:-1] & ~alone[:-1]
    starts = np.flatnonzero(inside & (~before | alone))
    after = np.empty_like(inside)
    after[-1:] = False
    after[:-1] = inside[1:] & ~alone[1:] & ~alone[:-1]
    ends = np.flatnonzero(inside & ~after) + 1
    return _Words(text, codes, classes, starts, ends, _word_hashes(codes, inside & (codes != 0x2C), starts))


def _number_joins(codes: U32, digits: Bools) -> Bools:
    """Commas and dots with a digit on either side."""
    joins = (codes == 0x2C) | (codes == 0x2E)
    joins[:1] = False
    joins[-1:] = False
    joins[1:-1] &= digits[:-2] & digits[2:]
    return joins


def _word_hashes(codes: U32, counted: Bools, starts: Ints) -> U64:
    """One 64-bit hash a word: its code points, case folded, weighed by their place in the word."""
    if not len(starts):
        return np.zeros(0, np.uint64)
    value = _code_hashes()[np.minimum(codes, 0xFFFF)]
    place = np.cumsum(counted)
    first = place[starts]
    lengths = np.diff(starts, append=len(codes))
    relative = place[starts[0] :] - np.repeat(first, lengths)
    value = value[starts[0] :] * _place_weights()[relative & 63] * counted[starts[0] :]
    return _mix(np.add.reduceat(value, starts - starts[0]))


def _mix(x: U64) -> U64:
    """Spread every bit of `x` over the 64 (the finaliser of MurmurHash3)."""
    x = x ^ (x >> np.uint64(33))
    x = x * np.uint64(0xFF51AFD7ED558CCD)
    x = x ^ (x >> np.uint64(33))
    x = x * np.uint64(0xC4CEB9FE1A85EC53)
    return x ^ (x >> np.uint64(33))


@cache
def _code_hashes() -> U64:
    """A 64-bit hash for each code point of the basic plane, equal for upper and lower case."""
    folded = np.array([ord(chr(c).lower()) if len(chr(c).lower()) == 1 else c for c in range(0x10000)], np.uint64)
    return _mix((folded + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15))


@cache
def _place_weights() -> U64:
    """64 odd weights, so that anagrams differ."""
    return _mix(np.arange(1, 65, dtype=np.uint64) * np.uint64(0xD1B54A32D192ED03)) | np.uint64(1)


@cache
def _classes() -> U8:
    """What each code point of the basic plane is: part of a word, digit, case, sentence end, line end."""
    table = np.zeros(0x10000, np.uint8)
    for code in range(0x10000):
        char = chr(code)
        if char.isalnum() or unicodedata.category(char) in ("Mn", "Mc"):
            table[code] = _WORD | _DIGIT * char.isdigit() | _UPPER * char.isupper() | _LOWER * char.islower()
            table[code] |= _ALONE * _stands_alone(code)
    for char in ".!?:;\u2026\"\u201c\u201d\u3002":
        table[ord(char)] = _STOP
    for char in "\n\r\u2028\u2029":
        table[ord(char)] = _STOP | _LINE
    return table


def _stands_alone(code: int) -> bool:
    """Scripts written without spaces: each sign is a word of its own."""
    return 0x3040 <= code <= 0x9FFF or 0x0E00 <= code <= 0x0EFF or 0x1000 <= code <= 0x109F or 0x1780 <= code <= 0x17FF


def _canonical(hashes: U64) -> U64:
    """Number words take the hash of their digits ("three" is "3")."""
    known, digits = _number_words()
    at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.where(known[at] == hashes, digits[at], hashes)


@cache
def _number_words() -> tuple[U64, U64]:
    """Hashes of the number words, sorted, and for each the hash that stands for it."""
    words = [*_NUMBER_WORDS, *_MORE_NUMBER_WORDS]
    digits = [*map(str, range(1, 21)), *_MORE_NUMBER_WORDS]
    known = _read(" ".join(words)).hashes
    order = np.argsort(known)
    return known[order], _read(" ".join(digits)).hashes[order]


def _shingles(hashes: U64) -> U64:
    """One hash for each run of three words; a shorter text is one shingle."""
    if len(hashes) < 3:
        return _fold_hash(hashes).reshape(1)
    a, b, c = hashes[:-2], hashes[1:-1], hashes[2:]
    return _mix(a * np.uint64(3) + b * np.uint64(0x9E3779B97F4A7C15) + c * np.uint64(0xC2B2AE3D27D4EB4F))


def _fold_hash(hashes: U64) -> U64:
    """One hash of the words in their order."""
    places = np.arange(1, len(hashes) + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return _mix(np.sum(_mix(hashes ^ places), dtype=np.uint64).reshape(1))[0]


def _bottom(shingles: U64) -> U32:
    """The low half of the 8 smallest distinct hashes, smallest first."""
    few = np.unique(np.partition(shingles, 4 * KEYS)[: 4 * KEYS] if len(shingles) > 4 * KEYS else shingles)
    return few[:KEYS].astype(np.uint32)


def _content_hash(article: Article) -> int:
    """64 bits of title and text as sent."""
    codes = np.frombuffer(f"{article.title or ''}\x00{article.text}".encode("utf-32-le", "replace"), "<u4")
    return int(_fold_hash(codes.astype(np.uint64)))


def _lines(words: _Words) -> tuple[npt.NDArray[np.void], Ints]:
    """A hash and a word count for each line that has words, and the line that each word is in."""
    breaks = np.cumsum((words.classes & _LINE) != 0)
    at = breaks[words.starts]
    firsts = np.flatnonzero(np.diff(at, prepend=-1))
    table = np.zeros(len(firsts), [("hash", "<u4"), ("words", "<u2")])
    counts = np.diff(firsts, append=len(at))
    if len(firsts):
        within = np.arange(len(at)) - np.repeat(firsts, counts)
        weighed = _mix(words.hashes ^ (within.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)))
        table["hash"] = _mix(np.add.reduceat(weighed, firsts)) >> np.uint64(32)
        table["words"] = np.minimum(counts, 0xFFFF)
    return table, np.repeat(np.arange(len(firsts)), counts)


def _without(
    words: _Words, lines: npt.NDArray[np.void], line_of: Ints, leave_out: frozenset[int]
) -> tuple[_Words, npt.NDArray[np.void], Ints]:
    """The words, lines and line numbers that are left when known lines are left out."""
    stays = ~np.isin(lines["hash"], np.fromiter(leave_out, np.uint32))
    kept = stays[line_of]
    left = _Words(
        words.text, words.codes, words.classes, words.starts[kept], words.ends[kept], words.hashes[kept]
    )
    return left, lines, line_of[kept]


def _numbers(words: _Words) -> tuple[Number, ...]:
    """Every number among the compared words, digits or number word."""
    first = words.classes[words.starts[:MAX_WORDS]]
    spelled = np.isin(words.hashes[:MAX_WORDS], _number_words()[0])
    found = np.flatnonzero(((first & _DIGIT) != 0) | spelled)
    starts, ends = words.starts[found].tolist(), words.ends[found].tolist()
    return tuple(Number(i, words.text[s:e]) for i, s, e in zip(found.tolist(), starts, ends, strict=True))


def _guard(words: _Words, hashes: U64) -> U16:
    """Hashes of the words that tell a story from one of the same wording: names and numbers.

    A text in one case shows no names: there, words of six letters and more stand in for them.
    """
    starts, ends = words.starts[:MAX_WORDS], words.ends[:MAX_WORDS]
    classes = words.classes
    first = classes[starts]
    upper = int(np.count_nonzero(classes & _UPPER))
    lower = int(np.count_nonzero(classes & _LOWER))
    if 50 * upper < lower or upper > lower:
        named = (ends - starts) >= 6
    else:
        named = ((first & _UPPER) != 0) & ~_opens_sentence(words)[:MAX_WORDS]
    chosen = hashes[named | ((first & _DIGIT) != 0) | np.isin(words.hashes[:MAX_WORDS], _number_words()[0])]
    return np.unique((chosen >> np.uint64(32)).astype(np.uint16))


def _opens_sentence(words: _Words) -> Bools:
    """Whether a word comes first after a full stop, a quote or a line end."""
    stops = np.cumsum((words.classes & _STOP) != 0)
    here = stops[words.starts]
    return np.diff(here, prepend=-1) > 0
