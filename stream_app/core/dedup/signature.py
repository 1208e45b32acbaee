"""A signature of an article's wording: what duplicate search needs of it, in about a byte and a half a word.

Nothing in it depends on the process: the same article gives the same signature on every machine.
"""

from __future__ import annotations

import base64
import hashlib
import struct
import zlib
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from stream_app.core.dedup import native
from stream_app.core.dedup.captions import captions, dates
from stream_app.core.dedup.furniture import is_cut, story
from stream_app.core.dedup.scripts import spelled_out
from stream_app.core.dedup.words import (
    CAPITAL,
    HARM_KINDS,
    LIVES,
    LOST,
    NUMBER,
    U32,
    U64,
    Bools,
    Words,
    count_words,
    read,
)
from stream_app.core.events import Article
from stream_app.core.frozen import maker
from stream_app.core.language.plain import plain

LEAD_KEYS: Final = 3
WHOLE_KEYS: Final = 7
KEYS: Final = LEAD_KEYS + WHOLE_KEYS
"""An article is found by the smallest shingle hashes of its first 100 words, which excerpts keep, and of the whole."""
QUERY_KEYS: Final = 32
"""More of the smallest are looked up: an excerpt of a long article has few of that article's own keys."""
_LEAD_WORDS: Final = 100
_LONG: Final = 6
"""Letters of a word that stands in for a name where capitals tell nothing."""
MAX_WORDS: Final = 8192
"""Words beyond this are not compared: a signature stays bounded whatever a producer sends."""
MAX_NUMBERS: Final = 400
_LONGEST_NUMBER: Final = 32
"""What a number of more characters begins with tells it from others."""
NEAR_HARM: Final = 0x8000
HARM_REACH: Final = 8
"""Words so near a word of harm belong to its statement."""
_LOST_REACH: Final = 7
"""So near, lives are lost, taken or claimed."""
_WIRE_VERSION: Final = 3
_OLD_VERSION: Final = 2
"""It has words of doubt at its end, or none."""
DOUBT: Final = 0x8000
_HEAD = struct.Struct("<BBQQHBHHBBBI")
_CUT: Final = 1
_TITLE_HARM: Final = 2
_ONE_CASE: Final = 4
LINE = np.dtype([("hash", "<u4"), ("start", "<u2"), ("words", "<u2")])
_LINE = struct.Struct("<IHH")
_LINE_END: Final = "\n"
CAPTION: Final = 0xCA9710AA
"""Stands for the hash of a line where a caption is meant, wherever in the text it stands."""
_MOST_CAPTIONS: Final = 60
_FIRST_LINES: Final = 2
_LAST_LINES: Final = 5
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_BRONZE = np.uint64(0x2545F4914F6CDD1D)
_SILVER = np.uint64(0xC2B2AE3D27D4EB4F)


_KILLED: Final = 1

Edges = dict[int, tuple[int, int, int]]
"""Lines by their place: hash, first word, and the word after the last."""
Body = bytes
"""The words of a text in order, one byte each."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of an article's wording, packed.

    Attributes:
        content: tells versions of one article id apart (title and text as sent).
        exact: equal for texts of the same words.
        cut: the text breaks off ("... [Read more]").
        one_case: capitals do not show the names: long words stand in for them.
        title_harm: the title speaks of people harmed, so another number in it is an update.
        keys: shingle hashes to look up, 32 bits each; the first 10 are those that the article is found by.
        body: one byte a word, in order; words of one kind of harm are one word.
        names: one bit a word: it may be a name.
        lines: hash, first word and number of words of the first 2 and last 5 lines; then, under the hash `CAPTION`, of
            each caption of a picture.
        title: 16-bit hashes of the title's words, sorted; `title_numbers` those of its numbers.
        places: word index of each number in the body (16 bits each; the top bit says that words of harm are near).
        harm: word index of each word of harm in the body, and, with the top bit, of each word of doubt near one.
        texts: the numbers as written, joined by U+001F.
    """

    content: int
    exact: int
    cut: bool
    title_harm: bool
    one_case: bool
    keys: bytes
    body: bytes
    names: bytes
    lines: bytes
    title: bytes
    title_numbers: bytes
    places: bytes
    harm: bytes
    texts: str

    def query_keys(self) -> U32:
        """The keys to look up."""
        return np.frombuffer(self.keys, "<u4")

    def line_hashes(self) -> list[int]:
        """The hashes of the lines at the two ends."""
        return _line_hashes(memoryview(self.lines))

    def to_bytes(self, keys: int = QUERY_KEYS, version: int = _WIRE_VERSION) -> bytes:
        """The signature, packed; `from_bytes` is its inverse. A row keeps only the first `KEYS` keys."""
        kept, texts = self.keys[: 4 * keys], self.texts.encode("utf-8", "replace")
        head = _HEAD.pack(
            version,
            _CUT * self.cut | _TITLE_HARM * self.title_harm | _ONE_CASE * self.one_case,
            self.content,
            self.exact,
            len(self.body),
            len(kept) // 4,
            len(self.places) // 2,
            len(self.harm) // 2,
            len(self.lines) // LINE.itemsize,
            len(self.title) // 2,
            len(self.title_numbers) // 2,
            len(texts),
        )
        parts = (head, self.body, self.names, self.lines, self.title, self.title_numbers, self.places, self.harm)
        return b"".join((*parts, texts, kept))

    @staticmethod
    def from_bytes(packed: bytes) -> Signature:
        """Unpack what `to_bytes` made; raises ValueError for another version, or bytes that are no signature.

        `packed` may end before the keys, which come last: then there are none.
        """
        try:
            version, flags, content, exact, words, *counts = _HEAD.unpack_from(packed)
        except struct.error as error:
            raise ValueError(f"no signature: {error}") from None
        if version not in (_OLD_VERSION, _WIRE_VERSION):
            raise ValueError(f"signature version {version}, expected {_WIRE_VERSION}")
        n_keys, n_numbers, n_harm, n_lines, n_title, n_marks, n_texts = counts
        shorts = (2 * count for count in (n_title, n_marks, n_numbers, n_harm))
        at = _HEAD.size
        parts = []
        for size in (words, (words + 7) // 8, n_lines * LINE.itemsize, *shorts, n_texts, n_keys * 4):
            parts.append(packed[at : at + size])
            at += size
        body, names, lines, title, marks, places, harm, texts, keys = parts
        if version == _OLD_VERSION:
            harm += packed[at:]
        cut, title_harm, one_case = (bool(flags & flag) for flag in (_CUT, _TITLE_HARM, _ONE_CASE))
        return _signature(
            content, exact, cut, title_harm, one_case, keys, body, names, lines, title, marks, places, harm,
            texts.decode(),
        )  # fmt: skip

    @staticmethod
    def wording_of(packed: bytes, at: int) -> tuple[int, Body]:
        """The exact hash and the body of a signature that starts at byte `at`, without unpacking the rest."""
        _, _, _, exact, words, *_ = _HEAD.unpack_from(packed, at)
        at += _HEAD.size
        return exact, packed[at : at + words]

    @staticmethod
    def lines_of(packed: bytes, at: int) -> list[int]:
        """The line hashes of a signature that starts at byte `at`, without unpacking the rest."""
        _, _, _, _, words, _, _, _, n_lines, *_ = _HEAD.unpack_from(packed, at)
        at += _HEAD.size + words + (words + 7) // 8
        return _line_hashes(memoryview(packed)[at : at + n_lines * LINE.itemsize])

    @staticmethod
    def keys_of(packed: bytes, at: int) -> list[int]:
        """The keys of a signature that starts at byte `at` and ends `packed`."""
        size = 4 * _HEAD.unpack_from(packed, at)[5]
        return memoryview(packed)[len(packed) - size :].cast("I").tolist()

    def to_wire(self) -> str:
        """The signature as text, to travel in JSON beside the article.

        Words of doubt follow at the end of one of version 2, where release 0.1 does not look.
        """
        told = np.frombuffer(self.harm, "<u2")
        plain, doubts = told[told < DOUBT].tobytes(), told[told >= DOUBT].tobytes()
        packed = replace(self, harm=plain).to_bytes(version=_OLD_VERSION)
        return base64.b64encode(packed + doubts).decode("ascii")

    @classmethod
    def from_wire(cls, text: str) -> Signature:
        """Read what `to_wire` wrote; raises ValueError when it is something else."""
        return cls.from_bytes(base64.b64decode(text, validate=True))


_signature = maker(Signature)


def sign(article: Article, leave_out: frozenset[int] = frozenset()) -> Signature:
    """The signature of the article's text, page furniture apart.

    Args:
        article: the title serves only to tell apart what the text leaves open.
        leave_out: hashes of known footer lines; their words are not part of the wording.

    >>> a, b = (sign(Article(id="1", text=t)) for t in ("Two were killed in Lae.", "<p>TWO were  killed in Lae</p>"))
    >>> a.exact == b.exact, a.content == b.content
    (True, False)
    """
    title, text = _fields(article)
    if not leave_out and (parts := native.seal(title, text)) is not None:
        return _joined(article, text, parts)
    return _sealed(article, text, _words(title, text), leave_out)


def sign_all(articles: Sequence[Article]) -> list[Signature]:
    """The signatures of several articles, made step by step: that takes a sixth less than one after the other."""
    if native.is_there():
        return list(map(sign, articles))
    titles, texts = zip(*map(_fields, articles), strict=True) if articles else ((), ())
    return list(map(_sealed, articles, texts, list(map(_words, titles, texts))))


def _fields(article: Article) -> tuple[str, str]:
    """The title of an article in one line, and its text without page furniture, both plain."""
    title = plain(article.title or "").text.replace(_LINE_END, " ")
    return spelled_out(title), spelled_out(story(plain(article.text).text, title))


def _words(title: str, text: str) -> tuple[Words, Words]:
    """The words of an article's title, and those of its text."""
    return read(f"{title}\n{text}").first_line()


def _joined(article: Article, text: str, parts: native.Parts) -> Signature:
    """The signature of what the wheel has made of an article."""
    hashes, one_case, title_harm, *others, texts = parts
    keys, body, names, lines, title, title_numbers, places, harm = others
    body, places, harm = _told(np.frombuffer(hashes, "<u8"), body, places, harm)
    pictures, uncounted = _captions(text, len(body))
    return _signature(
        _content_hash(article), _digest(hashes), is_cut(text), title_harm, one_case, keys, body, names,
        lines + pictures, title, title_numbers, _uncount(places, uncounted), harm, texts,
    )  # fmt: skip


def _sealed(
    article: Article, text: str, found: tuple[Words, Words], leave_out: frozenset[int] = frozenset()
) -> Signature:
    title, words = found
    edges = _edges(words)
    if leave_out:
        text, words, edges = _without(text, words, edges, leave_out)
    body = words.hashes[:MAX_WORDS]
    one_case = _one_case(words)
    numbers = words.numbers[: bisect_left(words.numbers, MAX_WORDS)][:MAX_NUMBERS]
    harm = words.harm[: bisect_left(words.harm, MAX_WORDS)]
    doubt = [at for at in words.doubt[: bisect_left(words.doubt, MAX_WORDS)] if harm and _is_near(harm, at)]
    titled = title.hashes.tolist()
    pictures, uncounted = _captions(text, len(body))
    kinds, places, told = _told(
        words.hashes,
        body.tobytes()[7::8],
        _shorts([at | NEAR_HARM * _is_near(harm, at) for at in numbers] if harm else numbers),
        _shorts(harm[:MAX_NUMBERS] + [at | DOUBT for at in doubt[:MAX_NUMBERS]]),
    )
    return _signature(
        content=_content_hash(article),
        exact=_fold(words.hashes),
        cut=is_cut(text),
        title_harm=bool(title.harm),
        one_case=one_case,
        keys=_keys(_shingles(body)),
        body=kinds,
        names=np.packbits(_names(words, one_case)[:MAX_WORDS]).tobytes(),
        lines=_line_table(edges) + pictures,
        title=_short(titled),
        title_numbers=_short([titled[at] for at in title.numbers]),
        places=_uncount(places, uncounted),
        harm=told,
        texts="\x1f".join([text[:_LONGEST_NUMBER] for text in words.texts[: len(numbers)]]),
    )


def _line_hashes(table: memoryview) -> list[int]:
    """The first field of each row of a table of lines, captions apart."""
    return [line for line in table.cast("I").tolist()[:: LINE.itemsize // 4] if line != CAPTION]


def _edges(words: Words) -> Edges:
    """The lines that may be headers or footers: the first 2 and last 5 of several, as far as they have words."""
    bounds = [*words.lines, len(words)]
    count = len(bounds) - 1
    if count < 2:
        return {}
    places = (*range(min(_FIRST_LINES, count)), *range(max(_FIRST_LINES, count - _LAST_LINES), count))
    spans = ((at, bounds[at], bounds[at + 1]) for at in places)
    return {at: (zlib.crc32(words.hashes[start:end].data), start, end) for at, start, end in spans if start < end}


def _without(text: str, words: Words, edges: Edges, leave_out: frozenset[int]) -> tuple[str, Words, Edges]:
    """The text, its words and its edges without these lines, of which the hashes stay; as it is if no word is left."""
    kept = np.ones(len(words), bool)
    footers = {at for at, (line, _, _) in edges.items() if line in leave_out}
    for at in footers:
        _, start, end = edges[at]
        kept[start:end] = False
    if not kept.any():
        return text, words, {at: (line, 0, 0) for at, (line, _, _) in edges.items()}
    text = "\n".join(line for at, line in enumerate(text.split("\n")) if at not in footers)
    before = np.concatenate(([0], kept.cumsum())).tolist()
    moved = {at: (line, before[start], before[end]) for at, (line, start, end) in edges.items()}
    return text, words.only(kept), moved


def _line_table(edges: Edges) -> bytes:
    """Hash, first word and number of words of each edge line; no words where it was left out."""
    clipped = ((line, min(start, MAX_WORDS), min(end, MAX_WORDS)) for line, start, end in edges.values())
    return b"".join(_LINE.pack(line, start, end - start) for line, start, end in clipped)


def _told(hashes: U64, body: Body, places: bytes, harm: bytes) -> tuple[Body, bytes, bytes]:
    """The words, numbers and words of harm and doubt, with all words of one kind of harm as one word.

    Lives are harm where they are lost, taken or claimed, and such a claim is no doubt.
    """
    if not harm:
        return body, places, harm
    told = [at for (at,) in struct.iter_unpack("<H", harm)]
    same = bytearray(body)
    kept, lost = [], set[int]()
    for at in told:
        word = int(hashes[at & ~DOUBT])
        kind = 0 if at & DOUBT else HARM_KINDS.get(word, 0)
        if word in LIVES and not at & DOUBT:
            first = max(0, at - _LOST_REACH)
            near = [by for by, other in enumerate(hashes[first : at + _LOST_REACH].tolist(), first) if other in LOST]
            if not near:
                continue
            lost.update(near)
            kind = _KILLED
        if kind:
            same[at] = kind
        kept.append(at)
    if len(kept) == len(told) and not lost:
        return bytes(same), places, harm
    harmed = [at for at in kept if not at & DOUBT]
    doubts = (at for at in kept if at & DOUBT and at & ~DOUBT not in lost and _is_near(harmed, at & ~DOUBT))
    numbers = (at & ~NEAR_HARM for (at,) in struct.iter_unpack("<H", places))
    near_harm = _shorts([at | NEAR_HARM * _is_near(harmed, at) for at in numbers])
    return bytes(same), near_harm, _shorts([*harmed, *doubts])


def _captions(text: str, size: int) -> tuple[bytes, frozenset[int]]:
    """The captions in a text of so many words, as a table of lines, and the words in them that count nobody.

    Those are of a date or an age, or not near a word of harm of the caption's own.
    """
    spans = captions(text)[:_MOST_CAPTIONS]
    table, uncounted, words, at = [], set[int](), 0, 0
    for start, end in spans:
        words += count_words(text[at:start]) if start > at else 0
        caption = text[start:end]
        told = read(caption)
        count = len(told)
        uncounted.update(words + number for number in told.numbers if not (told.harm and _is_near(told.harm, number)))
        for first, last in dates(caption):
            before = words + count_words(caption[:first])
            uncounted.update(range(before, before + count_words(caption[first:last])))
        if words + count < size:
            table.append(_LINE.pack(CAPTION, words, count))
        words, at = words + count, end
    return b"".join(table), frozenset(uncounted)


def _uncount(places: bytes, words: frozenset[int]) -> bytes:
    """The places of numbers, those among these words not near harm."""
    if not words:
        return places
    return _shorts([at & ~NEAR_HARM if at & ~NEAR_HARM in words else at for (at,) in struct.iter_unpack("<H", places)])


def _shingles(hashes: U64) -> U64:
    """One hash for each run of three words; a shorter text is one shingle."""
    if len(hashes) < 3:
        return np.array([_fold(hashes)], np.uint64)
    a, b, c = hashes[:-2], hashes[1:-1], hashes[2:]
    # The words' hashes are mixed: so is any odd combination of them.
    shingles: U64 = a * _BRONZE + b * _GOLDEN + c * _SILVER
    return shingles


def _fold(hashes: U64) -> int:
    """One 64-bit hash of the words in their order."""
    return _digest(hashes.tobytes())


def _digest(data: bytes) -> int:
    """64 bits of them."""
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest())


def _keys(shingles: U64) -> bytes:
    """The keys to be found by, then those only to look up: all distinct, the low halves of the smallest hashes."""
    lead = [*dict.fromkeys(_smallest(shingles[:_LEAD_WORDS], 2 * LEAD_KEYS))][:LEAD_KEYS]
    whole = _smallest(shingles, 2 * (QUERY_KEYS + LEAD_KEYS))
    keys = [*dict.fromkeys((*lead, *whole))][:QUERY_KEYS]
    return struct.pack(f"<{len(keys)}I", *keys)


def _smallest(shingles: U64, count: int) -> list[int]:
    """The low halves of the smallest hashes, smallest first; the same shingle may come more than once."""
    ordered = shingles.copy()
    ordered.sort()
    few: list[int] = ordered[:count].astype(np.uint32).tolist()
    return few


def _short(hashes: list[int]) -> bytes:
    """Up to 60 distinct 16-bit hashes, sorted."""
    return _shorts(sorted({value >> 16 & 0xFFFF for value in hashes})[:60])


def _shorts(values: list[int]) -> bytes:
    """The values in 16 bits each."""
    return struct.pack(f"<{len(values)}H", *values)


def _content_hash(article: Article) -> int:
    """64 bits of title and text as sent."""
    raw = f"{article.title or ''}\x00{article.text}".encode("utf-8", "surrogatepass")
    return _digest(raw)


def _one_case(words: Words) -> bool:
    """Whether hardly any word has a capital, or most have."""
    share = np.count_nonzero(words.flags >= CAPITAL) / max(1, len(words))
    return bool(share < 0.015 or share > 0.6)


def _names(words: Words, one_case: bool) -> Bools:  # noqa: FBT001
    """The words that may be names: capitals inside a sentence, or before another capital; long words in one case."""
    if one_case:
        long: Bools = (words.lengths >= _LONG) & (words.flags & NUMBER == 0)
        return long
    marked: Bools = words.flags == CAPITAL
    inside: Bools = marked > words.opens
    inside[:-1] |= marked[:-1] & inside[1:]
    return inside


def _is_near(harm: list[int], at: int) -> bool:
    """Whether a word of harm stands within 8 words of this place."""
    first = bisect_left(harm, at - HARM_REACH)
    return first < len(harm) and harm[first] <= at + HARM_REACH
