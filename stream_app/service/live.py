"""The live page: the last records that this worker published, for people; nothing is kept beyond them."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from importlib.resources import files

import orjson

from stream_app.core.hops import DUPLICATES, ENRICHED, REVISIONS, TOLLS, Output

_SHOWN = 30
_TOPICS = (ENRICHED, DUPLICATES, TOLLS, REVISIONS)
MOST_OF_RECORD = 65_536
MOST_OF_TOPIC = 500_000
"""Bytes: a longer record is left out of the page, and more of a topic than that is not shown."""
_FRESH_S = 1.0


class Live:
    """The last thirty records of each topic that people look at, or fewer where they are long."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._last: dict[str, deque[bytes]] = {topic: deque(maxlen=_SHOWN) for topic in _TOPICS}
        self._clock = clock
        self._snapshot = b""
        self._made_s = -_FRESH_S

    def note(self, output: Output) -> None:
        """Remember a record for the page; a tombstone has nothing to show."""
        value = output.value
        if value is not None and output.topic in self._last and len(value) <= MOST_OF_RECORD:
            self._last[output.topic].append(value)

    def snapshot(self) -> bytes:
        """JSON of the last records by topic, newest first; the same bytes for all who ask within a second."""
        if self._clock() - self._made_s >= _FRESH_S:
            rows = {topic: [orjson.Fragment(value) for value in _newest(kept)] for topic, kept in self._last.items()}
            self._snapshot, self._made_s = orjson.dumps(rows), self._clock()
        return self._snapshot


def _newest(values: deque[bytes]) -> Iterator[bytes]:
    """The last first, as many as are short enough together."""
    left = MOST_OF_TOPIC
    for value in reversed(values):
        left -= len(value)
        if left < 0:
            return
        yield value


def page() -> str:
    """The page itself: it asks for `live.json` every two seconds."""
    return (files("stream_app.service") / "live.html").read_text(encoding="utf-8")
