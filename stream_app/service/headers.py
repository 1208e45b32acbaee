"""Record headers: CloudEvents in binary mode, and why a dead letter died."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from stream_app import __version__
from stream_app.core.hops import Output
from stream_app.core.poison import PoisonError

Headers = list[tuple[str, bytes]]

_SOURCE = b"/stream-app"
_FIXED: Headers = [("ce_specversion", b"1.0"), ("ce_source", _SOURCE), ("content-type", b"application/json")]


def cloud_event(output: Output, timestamp_ms: int) -> Headers:
    """The CloudEvents headers of a record: its time is that of the raw article, so redelivery repeats every byte."""
    return [
        ("ce_id", output.event_id.encode()),
        ("ce_type", output.schema.encode()),
        ("ce_time", rfc3339(timestamp_ms)),
        *_FIXED,
        *_gone(output),
    ]


def _gone(output: Output) -> Headers:
    """Why a toll has a tombstone: `expired`, `withdrawn`, or `merged` and into which incident."""
    why: Headers = [] if output.gone is None else [("tombstone", output.gone.encode())]
    return why if output.merged_into is None else [*why, ("merged-into", output.merged_into.encode())]


def rfc3339(timestamp_ms: int) -> bytes:
    """A record's timestamp as RFC 3339 in UTC, to the millisecond.

    >>> rfc3339(1646067600123)
    b'2022-02-28T17:00:00.123Z'
    """
    second, millisecond = divmod(timestamp_ms, 1000)
    return b"%b.%03dZ" % (_second(second), millisecond)


@lru_cache(maxsize=1024)  # records of one second come together
def _second(timestamp_s: int) -> bytes:
    return datetime.fromtimestamp(timestamp_s, UTC).strftime("%Y-%m-%dT%H:%M:%S").encode()


def dead_letter(hop: str, topic: str, partition: int, offset: int, error: PoisonError) -> Headers:
    """Why a record died, in the names of Kafka Streams' KIP-1034, our `hop`, closed `reason` and version beside them.

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
        ("stream-app-version", __version__.encode()),
    ]
