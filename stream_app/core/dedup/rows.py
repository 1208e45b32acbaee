"""The table row of an article: its signature and the verdicts it was given, self-contained."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from stream_app.core.events import Change, Duplicate
from stream_app.core.fingerprint import Signature

_HEAD = struct.Struct("<QdH")


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict that was given, and the content (hash) it was given for."""

    content: int
    duplicate: Duplicate


@dataclass(frozen=True, slots=True)
class Row:
    """What the table keeps of one article.

    `order` is the place in which it was first judged, `event_s` its event time; `given` has the verdict of the present
    content last, those of earlier contents of the same id before it.
    """

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
        return next((g.duplicate for g in self.given if g.content == content), None)

    def to_bytes(self) -> bytes:
        """The row, packed; `from_bytes` is its inverse."""
        tail = json.dumps([_given_to_list(g) for g in self.given], ensure_ascii=False, separators=(",", ":")).encode()
        return _HEAD.pack(self.order, self.event_s, len(tail)) + tail + self.signature.to_bytes()

    @classmethod
    def from_bytes(cls, packed: bytes) -> Row:
        """Unpack what `to_bytes` made."""
        order, event_s, size = _HEAD.unpack_from(packed)
        tail = packed[_HEAD.size : _HEAD.size + size]
        given = tuple(map(_given_from_list, json.loads(tail)))
        return cls(order, event_s, Signature.from_bytes(packed[_HEAD.size + size :]), given)


def _given_to_list(given: Given) -> list[object]:
    d = given.duplicate
    return [given.content, d.verdict, d.of, d.cluster_id, d.similarity, [[c.old, c.new] for c in d.changes], d.why]


def _given_from_list(packed: Sequence[object]) -> Given:
    content, verdict, of, cluster_id, similarity, changes, why = packed
    kept = tuple(Change(old, new) for old, new in changes)  # type: ignore[attr-defined]
    return Given(content, Duplicate(verdict, of, cluster_id, similarity, kept, why))  # type: ignore[arg-type]
