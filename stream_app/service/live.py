"""The live page: the last records that this worker published, for people; nothing is kept beyond them."""

from __future__ import annotations

from collections import deque
from importlib.resources import files
from typing import Any

import orjson

from stream_app.core.hops import DUPLICATES, ENRICHED, REVISIONS, TOLLS, Output

_SHOWN = 30
_TOPICS = (ENRICHED, DUPLICATES, TOLLS, REVISIONS)


class Live:
    """The last thirty records of each topic that people look at."""

    def __init__(self) -> None:
        self._last: dict[str, deque[bytes]] = {topic: deque(maxlen=_SHOWN) for topic in _TOPICS}

    def note(self, output: Output) -> None:
        """Remember a record for the page; a tombstone has nothing to show."""
        if output.value is not None and output.topic in self._last:
            self._last[output.topic].append(output.value)

    def snapshot(self) -> bytes:
        """JSON of the last records by topic, newest first."""
        rows: dict[str, Any] = {
            topic: [orjson.Fragment(value) for value in reversed(values)] for topic, values in self._last.items()
        }
        return orjson.dumps(rows)


def page() -> str:
    """The page itself: it asks for `live.json` every two seconds."""
    return (files("stream_app.service") / "live.html").read_text(encoding="utf-8")
