"""Bytes to events and back; every check of what a producer sent lives here.

Times come out as RFC 3339 in UTC, whatever common form they had (`times`); what a producer's tools wrapped around an
article is taken off (`envelope`). Ids derive from content, so a redelivered record becomes an identical event.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson

from stream_app.core.events import Article, takes_back
from stream_app.core.poison import PoisonError
from stream_app.core.wire.envelope import attributes, is_cloud_event, without_framing
from stream_app.core.wire.times import read_time

MAX_ID = 512
MAX_DEPTH = 64
_KNOWN = ("id", "text", "title", "url", "source", "published_at", "language", "metadata")
LONGEST = {"title": 10_000, "url": 4096, "source": 512, "language": 100}
"""Characters of each string beside the text: what is said of an article is repeated in much that is made of it."""
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
"""A string goes on to the end when nothing closes it: no byte is looked at twice."""
_QUOTE = ord('"')
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a raw record may be at most: `article_bytes` of it."""

    article_bytes: int = 1_000_000


LIMITS = Limits()


def decode_article(value: bytes | None, limits: Limits = LIMITS) -> Article:
    """The article in a raw record.

    An absent id is derived from the url, else from the content; unknown fields move into `metadata`. What its
    source takes back (`metadata.withdrawn`) needs no text.

    Raises:
        PoisonError: the bytes are no article; `reason` says why.

    >>> decode_article(b'{"id": "a", "text": "Two died.", "published_at": "2022-02-28T19:00:00+02:00"}').published_at
    '2022-02-28T17:00:00Z'
    >>> decode_article(b'{"id": "a"}')
    Traceback (most recent call last):
    stream_app.core.poison.PoisonError: no_text: the field `text` is missing
    """
    record = _parse(value, limits)
    metadata = _metadata(record)
    text = "" if takes_back(metadata) and not record.get("text") else _text(record)
    strings = {name: _string(record, name) for name in LONGEST}
    published_at = read_time(record.get("published_at"))
    identity = _id(record.get("id"), strings["url"], strings["title"], text)
    return Article(identity, text, strings["title"], strings["url"], strings["source"], published_at,
                   strings["language"], metadata)  # fmt: skip


def taken_back(key: bytes, source: str | None) -> Article:
    """The article that a record without a value takes back: the one with this id, if it is of this source.

    Raises:
        PoisonError: the key is no id.

    >>> taken_back(b"a", "post.example").is_withdrawn
    True
    """
    try:
        identity = _id(key.decode(), None, None, "")
    except UnicodeDecodeError:
        raise PoisonError("bad_id", "a record without a value, whose key is no id") from None
    return Article(identity, "", source=source, metadata={"withdrawn": True})


def _parse(value: bytes | None, limits: Limits) -> dict[str, Any]:
    if not value:
        raise PoisonError("empty", "the record has no value")
    if len(value) > limits.article_bytes:
        raise PoisonError("too_large", f"{len(value)} bytes, at most {limits.article_bytes} are read")
    record = _object(without_framing(value))
    return _of_cloud_event(record) if is_cloud_event(record) else record


def _object(value: bytes) -> dict[str, Any]:
    try:
        record = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise _parse_error(value, error) from None
    if not isinstance(record, dict):
        raise PoisonError("not_object", f"a JSON {_json_type(record)}, not an object")
    if _too_deep(record, MAX_DEPTH):
        raise PoisonError("too_deep", f"nested deeper than {MAX_DEPTH} levels")
    return record


def _of_cloud_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """The article that an event carries; what the event says of itself goes into the metadata."""
    data = event.get("data")
    if isinstance(data, str):
        data = _object(data.encode())
    elif isinstance(event.get("data_base64"), str):
        data = _object(without_framing(_from_base64(event["data_base64"])))
    if not isinstance(data, dict):
        raise PoisonError("not_object", f"the data of a CloudEvent is a JSON {_json_type(data)}, not an object")
    return {**attributes(event), **data}


def _from_base64(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise PoisonError("not_json", "`data_base64` is not base64") from None


def _parse_error(value: bytes, error: orjson.JSONDecodeError) -> PoisonError:
    """Why orjson refused the bytes: their encoding, a lone surrogate, their depth, or their grammar."""
    try:
        value.decode()
    except UnicodeDecodeError as undecodable:
        return PoisonError("not_utf8", f"byte {undecodable.start} is not UTF-8")
    message = str(error)
    if "surrogate" in message or (_LONE_SURROGATE.search(value) and "escape" in message):
        return PoisonError("lone_surrogate", "an escaped surrogate without its other half")
    if _bracket_depth(value) > MAX_DEPTH:
        return PoisonError("too_deep", f"nested deeper than {MAX_DEPTH} levels")
    return PoisonError("not_json", message)


def _bracket_depth(value: bytes) -> int:
    """How deep brackets nest outside of strings, in bytes that orjson would not read."""
    depth = deepest = 0
    for found in _STRING_OR_BRACKET.finditer(value):
        sign = value[found.start()]
        if sign == _QUOTE:
            continue
        depth += 1 if sign in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _too_deep(value: Any, levels: int) -> bool:
    """Whether containers nest beyond `levels`; walks breadth first, so that no input exhausts the stack."""
    layer = [value]
    for _ in range(levels):
        layer = [
            inner
            for item in layer
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, (dict, list))
        ]
        if not layer:
            return False
    return True


def _json_type(value: Any) -> str:
    return {list: "array", str: "string", int: "number", float: "number", bool: "boolean"}.get(type(value), "null")


def _text(record: Mapping[str, Any]) -> str:
    text = record.get("text")
    if text is None:
        raise PoisonError("no_text", "the field `text` is missing")
    if not isinstance(text, str):
        raise PoisonError("wrong_type", f"`text` is a JSON {_json_type(text)}, not a string")
    if not text.strip():
        raise PoisonError("no_text", "the field `text` is blank")
    return text


def _string(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise PoisonError("wrong_type", f"`{name}` is not a string")
    if value and len(value) > LONGEST[name]:
        raise PoisonError("too_long", f"`{name}` has {len(value)} characters, at most {LONGEST[name]} are read")
    return value or None


def _metadata(record: Mapping[str, Any]) -> dict[str, Any]:
    """The producer's own object, and beside it every field that the contract does not know."""
    metadata = record.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise PoisonError("wrong_type", "`metadata` is not an object")
    unknown = {name: value for name, value in record.items() if name not in _KNOWN}
    return {**unknown, **(metadata or {})}


def _id(value: Any, url: str | None, title: str | None, text: str) -> str:
    if value is None:
        return f"url-{digest(url)}" if url else f"text-{digest(title or '', text)}"
    if not isinstance(value, str):
        raise PoisonError("wrong_type", "`id` is not a string")
    if not 1 <= len(value) <= MAX_ID:
        raise PoisonError("bad_id", f"{len(value)} characters, 1 to {MAX_ID} are allowed")
    return value


def digest(*parts: str) -> str:
    """A 128-bit name for these strings, in this order, as 32 hexadecimal digits.

    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    state = blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.hexdigest()


def encode(value: Any) -> bytes:
    """JSON of plain values and of our frozen dataclasses."""
    return orjson.dumps(value)


def decode_record(value: bytes | None, *fields: str) -> dict[str, Any]:
    """A record of one of our own internal topics.

    Raises:
        PoisonError: it is not a JSON object with these fields, so something else wrote to the topic.
    """
    try:
        record = orjson.loads(value or b"")
    except orjson.JSONDecodeError as error:
        raise PoisonError("bad_record", str(error)) from None
    if not isinstance(record, dict) or any(name not in record for name in fields):
        raise PoisonError("bad_record", f"not an object with {', '.join(fields)}")
    return record


def article_of(record: Any) -> Article:
    """The article inside an internal record.

    Raises:
        PoisonError: its fields are not an article's.
    """
    try:
        return Article(**record)
    except TypeError as error:
        raise PoisonError("bad_record", str(error)) from None
