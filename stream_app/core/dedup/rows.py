"""The table row of an article: its signature and the verdicts it was given, self-contained."""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from stream_app.core.dedup.signature import KEYS, Body, Signature
from stream_app.core.events import Change, Duplicate
from stream_app.core.sources import Source

_HEAD = struct.Struct("<BHIQdQId")
_VERSION: Final = 3
_HEAD_VERSION_2: Final = 2
_HEAD_OF_2 = struct.Struct("<BQdHI")
YEAR_S: Final = 365.25 * 86_400
_LEAP_S: Final = 86_400
NOBODY: Final = 0
"""The owner of an article that names no source."""
ANYBODY: Final = (1 << 64) - 1
"""The owner of a row of before sources were kept (version 2, of releases before 0.2)."""
_VERSION_MARK: Final = "\x1f"
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
VERSIONS_KEPT: Final = 8
_PLAIN: Final = 7
UNIQUE_WHY: Final = "no earlier article of this wording"
WITHDRAWN_WHY: Final = "withdrawn by its source"


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict, and the content (hash) that it was given for.

    `withdrawn_s`: for a withdrawal, when what it takes back was told, or when it was itself if it says a later time.
    """

    content: int
    duplicate: Duplicate
    withdrawn_s: float | None = None


class Stamp(NamedTuple):
    """When an article came: its place in the stream, its own time (NaN when it has none) and its arrival, seconds."""

    order: int
    event_s: float
    received_s: float

    @property
    def is_undated(self) -> bool:
        """Whether it has no time of its own."""
        return math.isnan(self.event_s)

    def is_near(self, event_s: float, received_s: float, window_s: float) -> bool:
        """Whether an article of these times may be a copy: by their own times, or by arrival where one has none."""
        apart = self.event_s - event_s
        return abs(self.received_s - received_s if apart != apart else apart) <= window_s  # noqa: PLR0124  # NaN

    def is_years_off(self, event_s: float, window_s: float) -> bool:
        """Whether its own time and another differ by whole years, but for the window: one of the two may be mistyped.

        >>> Stamp(0, 0.0, 0.0).is_years_off(10 * YEAR_S + 3600, 7200), Stamp(0, 0.0, 0.0).is_years_off(3600, 7200)
        (True, False)
        """
        apart = abs(self.event_s - event_s)
        if apart != apart:  # noqa: PLR0124  # NaN
            return False
        years = round(apart / YEAR_S)
        return years > 0 and abs(apart - years * YEAR_S) <= window_s + _LEAP_S


class Teller(NamedTuple):
    """Who tells, as rows keep it: hashes of the outlet and of the agency that the text names, 0 where unknown."""

    owner: int
    wire: int

    @classmethod
    def of(cls, source: Source) -> Teller:
        """The hashes of a source."""
        return cls(_named(source.outlet), _named(source.wire) & 0xFFFFFFFF)

    def is_same(self, other: Teller) -> bool:
        """Whether both are one outlet; who is unknown is nobody else's."""
        if ANYBODY in (self.owner, other.owner):
            return True
        return self.owner != NOBODY and self.owner == other.owner


def _named(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest()) if name else NOBODY


class Head(NamedTuple):
    """The fixed part of a packed row; `start` is where the article id begins."""

    start: int
    id_size: int
    tail_size: int
    stamp: Stamp
    teller: Teller

    @property
    def tail(self) -> int:
        """Where the verdicts begin."""
        return self.start + self.id_size

    @property
    def signature(self) -> int:
        """Where the signature begins."""
        return self.tail + self.tail_size


def head_of(packed: bytes) -> Head:
    """The fixed part of a packed row; raises ValueError for a version that is not read."""
    if packed[0] == _VERSION:
        _, id_size, tail_size, order, event_s, owner, wire, received_s = _HEAD.unpack_from(packed)
        return Head(_HEAD.size, id_size, tail_size, Stamp(order, event_s, received_s), Teller(owner, wire))
    if packed[0] == _HEAD_VERSION_2:
        _, order, event_s, id_size, tail_size = _HEAD_OF_2.unpack_from(packed)
        return Head(_HEAD_OF_2.size, id_size, tail_size, Stamp(order, event_s, event_s), Teller(ANYBODY, NOBODY))
    raise ValueError(f"row version {packed[0]}, expected {_VERSION}")


class Outline(NamedTuple):
    """What a row is indexed by: `lines` are hashes of lines that may be footers, counted where it heads a cluster."""

    row_id: bytes
    stamp: Stamp
    keys: list[int]
    lines: list[int]
    heads: bool


@dataclass(frozen=True, slots=True)
class Row:
    """What the table keeps of one article, or of one earlier version of it.

    Attributes:
        row_id: the key of the row: the article id, or that of a version.
        stamp: when it came; `order` puts rows in line whatever order they are restored in.
        teller: who tells it.
        signature: of the present content, known footers left out.
        given: verdicts, that of the present content last; at most 8 versions are kept.
    """

    row_id: str
    stamp: Stamp
    teller: Teller
    signature: Signature
    given: tuple[Given, ...]

    @property
    def article_id(self) -> str:
        """The id of the article."""
        return self.row_id.partition(_VERSION_MARK)[0]

    @property
    def duplicate(self) -> Duplicate:
        """The verdict of the present content."""
        return self.given[-1].duplicate

    @property
    def is_withdrawn(self) -> bool:
        """Whether its source has taken it back."""
        return self.given[-1].withdrawn_s is not None

    @property
    def told_s(self) -> float:
        """When its present content was told: by its own time, or by its arrival where it has none."""
        return self.stamp.received_s if math.isnan(self.stamp.event_s) else self.stamp.event_s

    def given_for(self, content: int) -> Given | None:
        """The verdict that was given for this content, None when it was never seen."""
        return next((given for given in self.given if given.content == content), None)

    def verdict_for(self, content: int) -> Duplicate | None:
        """The verdict alone of `given_for`."""
        return None if (given := self.given_for(content)) is None else given.duplicate

    @property
    def outline(self) -> Outline:
        """What the row is indexed by: `outline_of` its packed form."""
        keys = memoryview(self.signature.keys)[: 4 * KEYS].cast("I").tolist()
        return Outline(self.row_id.encode(), self.stamp, keys, self.signature.line_hashes(), self.heads)

    @property
    def heads(self) -> bool:
        """Whether it is an article that no other one has in its wording."""
        return self.duplicate.verdict == "unique" and self.duplicate.alters is None

    @staticmethod
    def outline_of(packed: bytes) -> Outline:
        """What a packed row is indexed by; raises ValueError for another version."""
        head = head_of(packed)
        keys, lines = Signature.keys_of(packed, head.signature), Signature.lines_of(packed, head.signature)
        return Outline(packed[head.start : head.tail], head.stamp, keys, lines, Row.heads_in(packed))

    @staticmethod
    def heads_in(packed: bytes) -> bool:
        """Whether the article of a packed row heads a cluster: `heads` of it."""
        head = head_of(packed)
        if not head.tail_size:
            return True
        last = json.loads(packed[head.tail : head.signature])[-1]
        return last[1] == "unique" and len(last) == _PLAIN

    @staticmethod
    def lines_of(packed: bytes) -> list[int]:
        """The line hashes in a packed row."""
        return Signature.lines_of(packed, head_of(packed).signature)

    @staticmethod
    def stamp_of(packed: bytes) -> Stamp:
        """When the article of a packed row came."""
        return head_of(packed).stamp

    @staticmethod
    def id_of(packed: bytes) -> bytes:
        """The key of a packed row."""
        head = head_of(packed)
        return packed[head.start : head.tail]

    @staticmethod
    def wording_of(packed: bytes) -> tuple[int, Body]:
        """The exact hash and the words in a packed row."""
        return Signature.wording_of(packed, head_of(packed).signature)

    def to_bytes(self) -> bytes:
        """The row, packed; `from_bytes` is its inverse. A plain unique article has no verdict spelled out."""
        row_id = self.row_id.encode()
        plain = len(self.given) == 1 and self.given[0].duplicate == unique(self.row_id)
        spelled = [] if plain else [_to_list(given) for given in self.given[-VERSIONS_KEPT:]]
        tail = _JSON.encode(spelled).encode() if spelled else b""
        order, event_s, received_s = self.stamp
        head = _HEAD.pack(_VERSION, len(row_id), len(tail), order, event_s, *self.teller, received_s)
        return b"".join((head, row_id, tail, self.signature.to_bytes(KEYS)))

    @classmethod
    def from_bytes(cls, packed: bytes) -> Row:
        """Unpack what `to_bytes` made, with its keys or without; raises ValueError for another version."""
        head = head_of(packed)
        row_id = packed[head.start : head.tail].decode()
        signature = Signature.from_bytes(packed[head.signature :])
        if head.tail_size:
            given = tuple(map(_from_list, json.loads(packed[head.tail : head.signature])))
        else:
            given = (Given(signature.content, unique(row_id)),)
        return cls(row_id, head.stamp, head.teller, signature, given)


def version_id(article_id: str, number: int) -> str:
    """The key of an earlier version of an article: no article id has that mark in it."""
    return f"{article_id}{_VERSION_MARK}{number}"


def is_plain(article_id: str) -> bool:
    """Whether an article id may stand as it is, and is no key of a version."""
    return _VERSION_MARK not in article_id


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
    """The verdict as a list; at its end as much as is there of what it alters, its story, version and withdrawal."""
    d = given.duplicate
    changes = [[c.old, c.new] for c in d.changes]
    spelled = [given.content, d.verdict, d.of, d.cluster_id, d.similarity, changes, d.why]
    more = [d.alters, d.story_id, d.version, given.withdrawn_s]
    told = 4 if given.withdrawn_s is not None else 3 if d.version else 2 if d.story_id else 0
    return [*spelled, *more[:told]]


def _from_list(packed: Sequence[Any]) -> Given:
    content, verdict, of, cluster_id, similarity, changes, why, *more = packed
    kept = tuple(Change(old, new) for old, new in changes)
    withdrawn_s = more[3] if len(more) > 3 else None
    return Given(content, Duplicate(verdict, of, cluster_id, similarity, kept, why, *more[:3]), withdrawn_s)
