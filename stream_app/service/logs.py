"""The worker's log: one line an event, as text or JSON, bound to the record that it is about, and rate-limited.

Data goes into fields, never into prose that somebody must parse; a traceback stays inside its line.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO, Any

import orjson

from stream_app.core.language.printable import escaped, escaped_json, visible
from stream_app.settings import Settings

#: What a line can be bound to, in the order in which it is written.
BOUND = ("hop", "topic", "partition", "offset", "article_id", "reason")
_LIBRARIES = ("aiokafka", "faust", "mode")  # each says the same several times a second while a broker is away
_MOST_OF_LIBRARIES = 2
_LONGEST_ID = 200  # characters; an id in a record that died may be anything
_LARGEST_PARSED = 200_000  # bytes; beyond, nobody looks for an id


def bound(message: Any, **more: Any) -> dict[str, Any]:
    """The `extra` of a log call about a record: where it lies on the broker, and the article that it is of."""
    return {
        "topic": message.topic,
        "partition": message.partition,
        "offset": message.offset,
        "article_id": article_id_of(message.value),
        **more,
    }


def article_id_of(value: bytes | None) -> str | None:
    """The id of the article that a record of ours is or is about, if it can be read.

    >>> article_id_of(b'{"id": "a-1", "text": ""}'), article_id_of(b'{"article": {"id": "a-2"}}')
    ('a-1', 'a-2')
    >>> article_id_of(b'{"article_id": "a-3", "low": 4}'), article_id_of(b"no JSON"), article_id_of(None)
    ('a-3', None, None)
    """
    if value is None or len(value) > _LARGEST_PARSED:
        return None
    try:
        record = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(record, dict):
        return None
    article = record.get("article")
    found = article.get("id") if isinstance(article, dict) else record.get("article_id", record.get("id"))
    return found[:_LONGEST_ID] if isinstance(found, str) else None


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON: time (RFC 3339, UTC), level, logger, message, record, error."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_bound_to(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            line["error"] = {"type": type(error).__qualname__, "message": str(error)}
            line["traceback"] = self.formatException(record.exc_info)
        return escaped_json(_as_json(line))


def _as_json(line: dict[str, Any]) -> str:
    try:
        return orjson.dumps(line, default=str).decode()
    except TypeError:  # a lone surrogate somewhere in it
        return json.dumps(line, default=str)


class TextLines(logging.Formatter):
    """Formats a record as one readable line; a traceback follows only where `tracebacks` are wanted."""

    def __init__(self, *, tracebacks: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._tracebacks = tracebacks

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        where = "".join(f" {name}={value}" for name, value in _bound_to(record).items())
        text = " ".join(record.getMessage().split("\n"))
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {escaped(text)}{escaped(where)}"
        if self._tracebacks and record.exc_info:
            return f"{line}\n{visible(self.formatException(record.exc_info), lines=True)}"
        return line


def _bound_to(record: logging.LogRecord) -> dict[str, Any]:
    values = ((name, getattr(record, name, None)) for name in BOUND)
    return {name: value for name, value in values if value is not None}


class RateLimit(logging.Filter):
    """Lets `most` lines of a kind through in each period, from warnings upwards; counts what it leaves out.

    Lines are of one kind when they come of the same call for the same reason. The first line of a kind in a new period
    says how many were left out before it. Errors of a level above ERROR always pass.
    """

    def __init__(self, most: int = 20, period_s: float = 10.0, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._most = most
        self._period_s = period_s
        self._clock = clock
        self._seen: dict[tuple[str, str, str], tuple[float, int]] = {}
        self.suppressed_total = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        if record.levelno < logging.WARNING or record.levelno > logging.ERROR:
            return True
        kind = (record.name, str(record.msg), str(getattr(record, "reason", "")))
        now = self._clock()
        most = min(self._most, _MOST_OF_LIBRARIES) if record.name.startswith(_LIBRARIES) else self._most
        began, count = self._seen.get(kind, (now, 0))
        if now - began >= self._period_s:
            if count > most:
                record.msg = f"{record.msg} ({count - most} lines like this were left out)"
            began, count = now, 0
        self._seen[kind] = (began, count + 1)
        if count >= most:
            self.suppressed_total += 1
            return False
        return True


class NoLogins(logging.Filter):
    """Leaves out what a login says: aiokafka logs every request at the level debug, passwords in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Put the name of the request in its place; the line is written."""
        if isinstance(record.args, tuple):
            record.args = tuple(_named(argument) for argument in record.args)
        return True


def _named(argument: object) -> object:
    name = type(argument).__name__
    return name if name.startswith("SaslAuthenticate") else argument


def configure(settings: Settings, stream: IO[str] | None = None) -> RateLimit:
    """Write everything that is logged to `stream` (standard error) as the settings ask, and nowhere else.

    Returns:
        The rate limit, which counts what it left out.
    """
    limit = RateLimit()
    handler = logging.StreamHandler(stream or sys.stderr)
    debugging = settings.log_level == "debug"
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines(tracebacks=debugging))
    handler.addFilter(NoLogins())
    handler.addFilter(limit)
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    return limit
