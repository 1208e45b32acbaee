"""What tools wrap around an article on its way: Confluent's framing, and the JSON form of a CloudEvent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

BOM = b"\xef\xbb\xbf"
_FRAME_BYTES = 5  # a zero, and the number of a schema in four bytes
_VERSION = re.compile(r"1\.\d+|0\.3", re.ASCII)
_REQUIRED = ("specversion", "type", "source", "id")
_KEPT = ("id", "source", "type", "time", "subject")


def without_framing(value: bytes) -> bytes:
    r"""The JSON in a record that a serializer of Confluent's has framed, or that begins with a byte order mark.

    >>> without_framing(bytes(4) + b"\x07" + b'{"text": "Two died."}')
    b'{"text": "Two died."}'
    """
    if value[:1] == b"\x00" and value[_FRAME_BYTES:].lstrip()[:1] == b"{":
        value = value[_FRAME_BYTES:]
    return value.removeprefix(BOM)


def is_cloud_event(record: Mapping[str, Any]) -> bool:
    """Whether this is a CloudEvent in structured mode: its four attributes and its data; an article has `text` itself.

    >>> is_cloud_event({"text": "Two died.", "data": {}, "id": "a", "source": "b"})
    False
    """
    return (
        "text" not in record
        and ("data" in record or "data_base64" in record)
        and all(isinstance(record.get(name), str) for name in _REQUIRED)
        and _VERSION.fullmatch(record["specversion"]) is not None
    )


def attributes(event: Mapping[str, Any]) -> dict[str, str]:
    """What a CloudEvent says of itself, under the names that its headers have: `ce_id`, `ce_source` and so on."""
    return {f"ce_{name}": event[name] for name in _KEPT if isinstance(event.get(name), str)}
