"""JSONL: every line a record, passed on as it stands, readable or not."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from stream_app.intake.raw import Options, Raw, Refuse
from stream_app.intake.rows import renamed
from stream_app.intake.stream import Stream, too_long


def read(stream: Stream, options: Options, refuse: Refuse) -> Iterator[Raw]:
    """Every line that is not blank; one without end is refused."""
    for number, line in stream.lines():
        origin = f"{stream.name}:{number}"
        if line is None:
            refuse(too_long(origin))
        elif line and not line.isspace():
            yield Raw(mapped(line, options), origin)


def mapped(value: bytes, options: Options) -> bytes:
    """A JSON object with its keys named as the user says; anything else as it stands."""
    if not options.columns:
        return value
    try:
        record = orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
    return orjson.dumps(renamed(record, options.columns)) if isinstance(record, dict) else value
