"""The table row of an article: its signature and the verdicts it was given, self-contained."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from stream_app.core.dedup.signature import KEYS, Body, Signature
from stream_app.core.events import Change, Duplicate

_HEAD = struct.Struct("<BQdHI")
_VERSION: Final = 2
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_VERSIONS_KEPT: Final = 8
UNIQUE_WHY: Final = "no earlier article of this wording"


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict, and the content (hash) that it was given for."""

    content: int
    duplicate: Duplicate


class Outline(NamedTuple):
    """What a row is indexed by: `lines` are hashes of lines that may be footers, counted for unique articles."""

    article_id: bytes
    order: int
    event_s: float
    keys: list[int]
    lines: list[int]
    unique: bool


@dataclass(frozen=True, slots=True)
class Row:
    """What the table keeps of one article.

    Attributes:
        article_id: the key of the row.
        order: in which place it was judged: orders rows whatever order they are restored in.
        event_s: event time, seconds since 1970.
        signature: of the present content, known footers left out.
        given: verdicts, that of the present content last; at most 8 versions are kept.
    """

    article_id: str
    order: int
    event_s: float
    signature: Signature
    given: tuple[Given, ...]

    @property
    def duplicate(self) -> Duplicate:
        """The verdict of the present content."""
        return self.given[-1].duplicate

    def verdict_for(self, content: int) -> Duplicate | None:
        """The verdict that was given for this content, None when it was never seen."""
        return next((given.duplicate for given in self.given if given.content == content), None)

    @property
    def outline(self) -> Outline:
        """What the row is indexed by: `outline_of` its packed form."""
        keys = memoryview(self.signature.keys)[: 4 * KEYS].cast("I").tolist()
        lines = self.signature.line_hashes()
        unique = self.duplicate.verdict == "unique"
        return Outline(self.article_id.encode(), self.order, self.event_s, keys, lines, unique)

    @staticmethod
    def outline_of(packed: bytes) -> Outline:
        """What a packed row is indexed by; raises ValueError for another version."""
        version, order, event_s, id_size, tail_size = _HEAD.unpack_from(packed)
        _check(version)
        at = _HEAD.size + id_size
        keys, lines = Signature.keys_of(packed, at + tail_size), Signature.lines_of(packed, at + tail_size)
        return Outline(packed[_HEAD.size : at], order, event_s, keys, lines, Row.is_unique(packed))

    @staticmethod
    def is_unique(packed: bytes) -> bool:
        """Whether the verdict in a packed row is that the article is unique."""
        _, _, _, id_size, tail_size = _HEAD.unpack_from(packed)
        at = _HEAD.size + id_size
        return not tail_size or json.loads(packed[at : at + tail_size])[-1][1] == "unique"

    @staticmethod
    def lines_of(packed: bytes) -> list[int]:
        """The line hashes in a packed row."""
        _, _, _, id_size, tail_size = _HEAD.unpack_from(packed)
        return Signature.lines_of(packed, _HEAD.size + id_size + tail_size)

    @staticmethod
    def stamp_of(packed: bytes) -> tuple[int, float]:
        """The place in the stream and the event time in a packed row."""
        _, order, event_s, _, _ = _HEAD.unpack_from(packed)
        return order, event_s

    @staticmethod
    def id_of(packed: bytes) -> bytes:
        """The article id of a packed row."""
        size = _HEAD.unpack_from(packed)[3]
        return packed[_HEAD.size : _HEAD.size + size]

    @staticmethod
    def wording_of(packed: bytes) -> tuple[int, Body]:
        """The exact hash and the words in a packed row."""
        _, _, _, id_size, tail_size = _HEAD.unpack_from(packed)
        return Signature.wording_of(packed, _HEAD.size + id_size + tail_size)

    def to_bytes(self) -> bytes:
        """The row, packed; `from_bytes` is its inverse. A plain unique article has no verdict spelled out."""
        article_id = self.article_id.encode()
        plain = len(self.given) == 1 and self.duplicate.verdict == "unique"
        spelled = [] if plain else [_to_list(given) for given in self.given[-_VERSIONS_KEPT:]]
        tail = _JSON.encode(spelled).encode() if spelled else b""
        head = _HEAD.pack(_VERSION, self.order, self.event_s, len(article_id), len(tail))
        return b"".join((head, article_id, tail, self.signature.to_bytes(KEYS)))

    @classmethod
    def from_bytes(cls, packed: bytes) -> Row:
        """Unpack what `to_bytes` made, with its keys or without; raises ValueError for another version."""
        version, order, event_s, id_size, tail_size = _HEAD.unpack_from(packed)
        _check(version)
        at = _HEAD.size + id_size
        article_id = packed[_HEAD.size : at].decode()
        signature = Signature.from_bytes(packed[at + tail_size :])
        if tail_size:
            given = tuple(map(_from_list, json.loads(packed[at : at + tail_size])))
        else:
            given = (Given(signature.content, unique(article_id)),)
        return cls(article_id, order, event_s, signature, given)


def _check(version: int) -> None:
    if version != _VERSION:
        raise ValueError(f"row version {version}, expected {_VERSION}")


def unique(article_id: str) -> Duplicate:
    """The verdict of an article that heads a cluster of its own."""
    return Duplicate("unique", None, cluster_id_of(article_id), 0.0, (), UNIQUE_WHY)


def cluster_id_of(head_id: str) -> str:
    """The id of the cluster that an article heads: the same on every machine.

    >>> cluster_id_of("a")
    'c-ca978112ca1bbdca'
    """
    return "c-" + hashlib.sha256(head_id.encode("utf-8", "replace")).hexdigest()[:16]


def _to_list(given: Given) -> list[Any]:
    d = given.duplicate
    return [given.content, d.verdict, d.of, d.cluster_id, d.similarity, [[c.old, c.new] for c in d.changes], d.why]


def _from_list(packed: Sequence[Any]) -> Given:
    content, verdict, of, cluster_id, similarity, changes, why = packed
    kept = tuple(Change(old, new) for old, new in changes)
    return Given(content, Duplicate(verdict, of, cluster_id, similarity, kept, why))
