"""Who listens to the feed: each has a queue with an end. Whoever does not keep up is let go and may come back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

_WAITING = 500
"""Entries that may wait for a slow listener: more, and the connection is closed; the client asks again from there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger as it is sent: made once, however many listen."""

    seq: int
    sent: bytes

    @classmethod
    def of(cls, revision: Mapping[str, Any]) -> Entry:
        r"""A revision as a server-sent event.

        >>> Entry.of({"seq": 7}).sent
        b'id: 7\nevent: revision\ndata: {"seq":7}\n\n'
        """
        seq = revision["seq"]
        return cls(seq, b"id: %d\nevent: revision\ndata: %s\n\n" % (seq, orjson.dumps(revision)))


class Hub:
    """Hands every new entry of the ledger to all who listen; belongs to one event loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._queues: set[asyncio.Queue[Entry | None]] = set()

    @property
    def listening(self) -> int:
        """How many listen now."""
        return len(self._queues)

    @property
    def full(self) -> bool:
        """Whether nobody more may listen."""
        return len(self._queues) >= self._most

    @contextmanager
    def listener(self) -> Any:
        """A queue of entries as they come; None is its end."""
        queue: asyncio.Queue[Entry | None] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def tell(self, revisions: Iterable[Mapping[str, Any]]) -> None:
        """Hand entries to all, and let go of who is too far behind."""
        for entry in map(Entry.of, revisions):
            for queue in list(self._queues):
                if queue.qsize() >= _WAITING:
                    self._queues.discard(queue)
                    queue.put_nowait(None)
                else:
                    queue.put_nowait(entry)

    def end(self) -> None:
        """Close every queue: the program stops."""
        for queue in self._queues:
            queue.put_nowait(None)
        self._queues.clear()
