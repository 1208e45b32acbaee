"""Record headers: CloudEvents in binary mode, when the producer published what it came of, why a dead letter died."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

from stream_app import __version__
from stream_app.core import hops
from stream_app.core.hops import Output
from stream_app.core.poison import PoisonError

Headers = list[tuple[str, bytes | None]]

TIMESTAMP = "stream-app-timestamp-ms"
"""The timestamp of the raw article's record in milliseconds since 1970: ours bear the broker's time (ADR 13)."""
EXPIRED = ("tombstone", b"expired")
"""On a tombstone after which the last value stays true."""
_MILLISECONDS = re.compile(rb"-?[0-9]{1,15}")
_FIRST_S, _LAST_S = -62_135_596_800, 253_402_300_799  # what RFC 3339 has words for: the years 1 to 9999
_SOURCE = b"/stream-app"
_STREAMS = "__streams.errors."
_REDRIVEN = "redriven"
_OF_DEAD_LETTERS = {
    "hop", "reason", "stream-app-version", TIMESTAMP, "truncated-from-bytes", "truncated-key-from-bytes",
}  # fmt: skip
_ROOM = 16_384  # bytes
_TRACE = frozenset({"traceparent", "tracestate"})
_ROOM_TRACE = 600  # bytes: W3C asks for 512 of a tracestate
PRODUCER = "producer-"
"""Before the name of each header that the producer of the raw article sent: none of ours begins with it."""
OF_ONE_ARTICLE = frozenset({hops.SIGNED, hops.UNIQUE, hops.ENRICHED, hops.DUPLICATES, hops.FIGURES})
"""Topics whose records come of one article alone, so that what its producer said is true of them."""
_ROOM_CARRIED = 1024  # bytes of names and values: an article may have dozens of figures, and each repeats them
_MOST_CARRIED = 16
_LONGEST_SOURCE = 1024  # bytes
_FIXED: Headers = [("ce_specversion", b"1.0"), ("ce_source", _SOURCE), ("content-type", b"application/json")]


def cloud_event(output: Output, timestamp_ms: int) -> Headers:
    """The CloudEvents headers of a record: its time is that of the raw article, so redelivery repeats every byte."""
    return [
        ("ce_id", output.event_id.encode()),
        ("ce_type", output.schema.encode()),
        ("ce_time", rfc3339(timestamp_ms)),
        (TIMESTAMP, b"%d" % timestamp_ms),
        *_FIXED,
        *_gone(output),
    ]


def _gone(output: Output) -> Headers:
    """Why a toll or a membership has a tombstone: `expired`, `withdrawn`, or `merged` and into which incident."""
    why: Headers = [] if output.gone is None else [("tombstone", output.gone.encode())]
    return why if output.merged_into is None else [*why, ("merged-into", output.merged_into.encode())]


def timestamp_ms(headers: Iterable[tuple[str, bytes | None]]) -> int | None:
    """The timestamp that a hop has handed on; None where none is told, as by releases before 0.2.0.

    >>> timestamp_ms([("ce_id", b"a"), ("stream-app-timestamp-ms", b"1646067600123")])
    1646067600123
    >>> timestamp_ms([("stream-app-timestamp-ms", b"soon")]) is None
    True
    """
    for name, value in headers:
        if name == TIMESTAMP and value is not None and _MILLISECONDS.fullmatch(value):
            return int(value)
    return None


def source(headers: Iterable[tuple[str, bytes | None]]) -> str | None:
    """Who sends a record without a value: its header `source`, or else `ce_source`.

    >>> source([("ce_source", b"//post.example"), ("source", b"Lake Post")])
    'Lake Post'
    """
    found = {name: value for name, value in headers if name in ("source", "ce_source") and value}
    told = found.get("source") or found.get("ce_source")
    return None if told is None else told[:_LONGEST_SOURCE].decode("utf-8", "replace")


def trace_context(headers: Iterable[tuple[str, bytes | None]]) -> Headers:
    """What a producer's tracing told, to be handed on.

    >>> trace_context([("mine", b"x"), ("traceparent", b"00-1-2-01"), ("traceparent", b"another")])
    [('traceparent', b'00-1-2-01')]
    """
    found: Headers = []
    for name, value in headers:  # a loop, for a record has few and most have none: no frame of its own
        if name in _TRACE and value is not None and len(value) < _ROOM_TRACE and all(name != has for has, _ in found):
            found.append((name, value))
    return found


def carried(headers: Iterable[tuple[str, bytes | None]], *, raw: bool) -> Headers:
    """What a producer's headers told of its article, for what comes of it: each behind `producer-`, in their order.

    Of a `raw` record all but trace context, of ours what an earlier hop has carried. What has no room is left out, the
    smaller ones behind it are not.

    >>> carried([("ce_id", b"a-77"), ("traceparent", b"00-1"), ("mark", None), ("big", b"x" * 2000)], raw=True)
    [('producer-ce_id', b'a-77'), ('producer-mark', None)]
    >>> carried([("ce_id", b"ours"), ("producer-ce_id", b"a-77")], raw=False)
    [('producer-ce_id', b'a-77')]
    """
    found: Headers = []
    room = _ROOM_CARRIED
    for name, value in headers:
        if raw:
            if name in _TRACE or name == _REDRIVEN:
                continue
            name = PRODUCER + name  # noqa: PLW2901  # the name that it has from here on
        elif not name.startswith(PRODUCER):
            continue
        size = len(name.encode()) + len(value or b"")
        if size <= room:
            room -= size
            found.append((name, value))
            if len(found) == _MOST_CARRIED:
                break
    return found


def rfc3339(timestamp_ms: int) -> bytes:
    """A record's timestamp as RFC 3339 in UTC, to the millisecond; beyond the years that it has, the nearest.

    >>> rfc3339(1646067600123)
    b'2022-02-28T17:00:00.123Z'
    >>> rfc3339(2**62)
    b'9999-12-31T23:59:59.904Z'
    """
    second, millisecond = divmod(timestamp_ms, 1000)
    return b"%b.%03dZ" % (_second(second), millisecond)


@lru_cache(maxsize=1024)  # records of one second come together
def _second(timestamp_s: int) -> bytes:
    return datetime.fromtimestamp(min(max(timestamp_s, _FIRST_S), _LAST_S), UTC).strftime("%Y-%m-%dT%H:%M:%S").encode()


def original(headers: Iterable[tuple[str, bytes | None]], *, raw: bool) -> Headers:
    """The headers that a record had of its own before it died, as far as they have room: a producer may send any.

    A `raw` record's that bear a name of ours stand behind `producer-`, until `redrive` gives them back. Other records
    have such names of us, and a letter has its own.

    >>> theirs = [("reason", b"mine"), ("traceparent", b"00-1"), ("mark", None), ("redriven", b"0:1")]
    >>> theirs.append(("big", b"x" * 20_000))
    >>> original(theirs, raw=True)
    [('producer-reason', b'mine'), ('traceparent', b'00-1'), ('mark', None)]
    >>> original(theirs, raw=False)
    [('traceparent', b'00-1'), ('mark', None)]
    """
    kept: Headers = []
    room = _ROOM
    for name, value in headers:
        ours = _is_of_letters(name)
        if name == _REDRIVEN or (ours and not raw):
            continue
        called = PRODUCER + name if raw and (ours or name.startswith(PRODUCER)) else name
        room -= len(called.encode()) + len(value or b"")
        if room < 0:
            break
        kept.append((called, value))
    return kept


def given_back(headers: Iterable[tuple[str, bytes | None]], origin: bytes) -> Headers:
    """The headers with which a raw record goes back to its topic: its producer's, and which letter it was.

    >>> letter = [("reason", b"no_text"), ("producer-reason", b"mine"), ("mark", None)]
    >>> given_back(letter, b"0:17")
    [('reason', b'mine'), ('mark', None), ('redriven', b'0:17')]
    """
    theirs = [(name, value) for name, value in headers if not _is_of_letters(name)]
    return [*((name.removeprefix(PRODUCER), value) for name, value in theirs), (_REDRIVEN, origin)]


def _is_of_letters(name: str) -> bool:
    return name in _OF_DEAD_LETTERS or name.startswith(_STREAMS)


def dead_letter(hop: str, topic: str, partition: int, offset: int, error: PoisonError, timestamp_ms: int) -> Headers:
    """Why a record died, in the names of Kafka Streams' KIP-1034, beside them our `hop`, `reason`, version and time.

    Where a fault of ours is the reason, exception and trace are those of the fault.
    """
    return [
        ("__streams.errors.exception", error.exception.encode()),
        ("__streams.errors.message", str(error).encode("utf-8", "replace")[:1024]),
        *([("__streams.errors.stacktrace", error.trace.encode("utf-8", "replace"))] if error.trace else []),
        ("__streams.errors.topic", topic.encode()),
        ("__streams.errors.partition", str(partition).encode()),
        ("__streams.errors.offset", str(offset).encode()),
        ("hop", hop.encode()),
        ("reason", error.reason.encode()),
        (TIMESTAMP, b"%d" % timestamp_ms),
        ("stream-app-version", __version__.encode()),
    ]
