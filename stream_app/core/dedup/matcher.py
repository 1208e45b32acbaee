"""The matcher: a state machine that says of each article whether it was seen before. No clock, no Kafka."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from stream_app.core.dedup.compare import Likeness, changed_numbers, compare
from stream_app.core.dedup.rows import Given, Row
from stream_app.core.events import Article, Duplicate
from stream_app.core.fingerprint import Signature


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, and what it does to the table.

    `row` is to be stored under the article id, None when nothing changed (a redelivery, a late article); `expired`
    are the ids whose rows are to be deleted.
    """

    duplicate: Duplicate
    row: bytes | None
    expired: tuple[str, ...] = ()


class Matcher:
    """Finds the copies and revisions of articles within a window of event time."""

    def __init__(self, window_s: float = 72 * 3600, max_rows: int = 3_000_000) -> None:
        self._window_s = window_s
        self._max_rows = max_rows
        self._rows: dict[str, Row] = {}
        self._by_key: dict[int, dict[str, None]] = defaultdict(dict)
        self._order = 0
        self._watermark_s = float("-inf")
        self.evicted_total = 0
        self.late_total = 0

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def bytes(self) -> int:
        """Memory held, an estimate."""
        return 2_000 * len(self._rows)

    def judge(self, article: Article, signature: Signature, received_s: float) -> Judgement:
        """Say whether the article was seen before, and remember it."""
        known = self._rows.get(article.id)
        if known is not None and (given := known.verdict_for(signature.content)) is not None:
            return Judgement(given, None)
        event_s = event_time_s(article, received_s)
        duplicate = self._revised(article.id, known, signature) if known else self._search(article, signature, event_s)
        row = Row(
            known.order if known else self._order,
            event_s,
            signature,
            (*(known.given if known else ()), Given(signature.content, duplicate)),
        )
        self._order += 1
        self._watermark_s = max(self._watermark_s, event_s)
        self._put(article.id, row)
        return Judgement(duplicate, row.to_bytes(), self._expire())

    def restore(self, article_id: str, row: bytes) -> None:
        """Take back a row of the table, in any order."""
        read = Row.from_bytes(row)
        self._put(article_id, read)
        self._order = max(self._order, read.order + 1)
        self._watermark_s = max(self._watermark_s, read.event_s)

    def forget(self, article_id: str) -> None:
        """Drop a row, as if it had expired."""
        row = self._rows.pop(article_id, None)
        if row is None:
            return
        for key in _keys(row.signature):
            self._by_key[key].pop(article_id, None)
            if not self._by_key[key]:
                del self._by_key[key]

    def _put(self, article_id: str, row: Row) -> None:
        self.forget(article_id)
        self._rows[article_id] = row
        for key in _keys(row.signature):
            self._by_key[key][article_id] = None

    def _revised(self, article_id: str, known: Row, signature: Signature) -> Duplicate:
        likeness = compare(signature, known.signature)
        changes = changed_numbers(signature, known.signature)
        return Duplicate("revision", article_id, known.duplicate.cluster_id, likeness.containment, changes, "same id")

    def _search(self, article: Article, signature: Signature, event_s: float) -> Duplicate:
        best: tuple[tuple[float, int], str, Likeness] | None = None
        for other_id in {i: None for key in _keys(signature) for i in self._by_key.get(key, ())}:
            other = self._rows[other_id]
            if abs(other.event_s - event_s) > self._window_s:
                continue
            likeness = compare(signature, other.signature)
            if not likeness.is_copy:
                continue
            rank = (likeness.containment, -other.order)
            if best is None or rank > best[0]:
                best = (rank, other_id, likeness)
        if best is None:
            return Duplicate("unique", None, cluster_id_of(article.id), 0.0, (), "no earlier article of this wording")
        return self._linked(signature, best[1], best[2])

    def _linked(self, signature: Signature, other_id: str, likeness: Likeness) -> Duplicate:
        other = self._rows[other_id]
        of = other.duplicate.of if other.duplicate.verdict in ("exact", "near") else other_id
        cluster_id = other.duplicate.cluster_id
        if signature.exact == other.signature.exact:
            return Duplicate("exact", of, cluster_id, 1.0, (), "the same words")
        changes = changed_numbers(signature, other.signature)
        if changes:
            return Duplicate("revision", of, cluster_id, likeness.containment, changes, "another number")
        return Duplicate("near", of, cluster_id, likeness.containment, (), str(likeness))

    def _expire(self) -> tuple[str, ...]:
        limit = self._watermark_s - self._window_s
        expired = tuple(i for i, row in self._rows.items() if row.event_s < limit) if self._order % 100 == 0 else ()
        for article_id in expired:
            self.forget(article_id)
        return expired


def event_time_s(article: Article, received_s: float) -> float:
    """Seconds since 1970 at which the article was published, or received when it does not say."""
    if article.published_at is None:
        return received_s
    return datetime.fromisoformat(article.published_at).timestamp()


def cluster_id_of(head_id: str) -> str:
    """The id of the cluster that an article heads: the same on every machine.

    >>> cluster_id_of("a")
    'c-ca978112ca1bbdca'
    """
    return "c-" + hashlib.sha256(head_id.encode("utf-8", "replace")).hexdigest()[:16]


def _keys(signature: Signature) -> list[int]:
    keys: list[int] = np.frombuffer(signature.keys, "<u4").tolist()
    return keys
