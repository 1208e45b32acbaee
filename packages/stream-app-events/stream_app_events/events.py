"""A record of Kafka as an event: what its headers, key and value say."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, cast, get_args, get_type_hints

Headers = Iterable[tuple[str, bytes | None]]
T = TypeVar("T")
How = Literal["expired", "merged", "withdrawn"]
_FRAME = 5  # bytes that Confluent's serializers put before a value: a zero, and the number of a schema
_PRODUCER = "producer-"
_TOMBSTONES: dict[bytes, How] = {b"expired": "expired", b"merged": "merged", b"withdrawn": "withdrawn"}


class EventError(ValueError):
    """A record that is no event of this contract: something else wrote to the topic, or another major version."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Why a key has no value any more.

    `expired`: no more reports are joined to it, and its last value stays true. `merged`: it turned out to be one with
    the incident `into`. `withdrawn`: nobody reports it any more.
    """

    how: How
    into: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What a record says. Exactly one of `value` and `ended` is None.

    `id` is the same for every repeat of the event; `type` is the schema's name, such as "incidents.tolls/1"; `value`
    is a plain dict, its type the one that `stream_app_events.models` has for that name. `producer` has the headers of
    the raw article by their names, such as its own `ce_id`: of events of one article alone; nobody vouches for them.
    """

    id: str
    type: str
    key: str
    value: Any
    ended: Ended | None
    time: str | None = None
    producer: dict[str, str] = field(default_factory=dict)


def read(key: bytes | str | None, value: bytes | None, headers: Headers | None) -> Event:
    r"""The event in a record, as aiokafka, confluent-kafka and kafka-python give its parts.

    Raises:
        EventError: it is none.

    >>> headers = [("ce_id", b"1"), ("ce_type", b"incidents.tolls/1"), ("tombstone", b"merged"), ("merged-into", b"b")]
    >>> read(b"a", None, headers).ended
    Ended(how='merged', into='b')
    >>> headers = [("ce_id", b"3"), ("ce_type", b"articles.enriched/1"), ("producer-ce_id", b"a-77")]
    >>> read(b"r", b"{}", headers).producer
    {'ce_id': 'a-77'}
    >>> read(b"r", b'{"schema": "incidents.members/1"}', [("ce_id", b"2"), ("ce_type", b"incidents.members/1")]).value
    {'schema': 'incidents.members/1'}
    """
    found = {name: content for name, content in headers or () if content is not None}
    if "ce_id" not in found or "ce_type" not in found:
        raise EventError("no headers `ce_id` and `ce_type`: no event of stream-app")
    return Event(
        _text(found["ce_id"]),
        _text(found["ce_type"]),
        key if isinstance(key, str) else _text(key or b""),
        None if value is None else _object(value),
        _ended(found) if value is None else None,
        _text(found["ce_time"]) if "ce_time" in found else None,
        {name[len(_PRODUCER) :]: _text(told) for name, told in found.items() if name.startswith(_PRODUCER)},
    )


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _ended(headers: dict[str, bytes]) -> Ended:
    """An unknown way to end, or none told (as before 0.2.0), is taken for the one after which nothing is deleted."""
    how = _TOMBSTONES.get(headers.get("tombstone", b""), "expired")
    return Ended(how, _text(headers["merged-into"]) if how == "merged" and "merged-into" in headers else None)


def decode(value: bytes | str, model: type[T]) -> T:
    """The value of a record as a `TypedDict` of `stream_app_events.models`; fields that are new to it are there, too.

    Raises:
        EventError: not a JSON object, or one of another schema or major version.

    >>> from stream_app_events.models import IncidentMember
    >>> decode(b'{"schema": "incidents.tolls/1"}', IncidentMember)
    Traceback (most recent call last):
    stream_app_events.events.EventError: schema 'incidents.tolls/1', not 'incidents.members/1'
    """
    found = _object(value)
    schema = get_type_hints(model).get("schema")
    if schema is not None and found.get("schema") not in (wanted := get_args(schema)):
        raise EventError(f"schema {found.get('schema')!r}, not {wanted[0]!r}")
    return cast("T", found)


def without_framing(value: bytes) -> bytes:
    r"""The JSON of a value, without the five bytes that a serializer of Confluent's puts before it.

    >>> without_framing(b'\x00\x00\x00\x00\x07{"schema": "a"}')
    b'{"schema": "a"}'
    """
    return value[_FRAME:] if value[:1] == b"\x00" else value


def _object(value: bytes | str) -> dict[str, Any]:
    try:
        found = json.loads(without_framing(value) if isinstance(value, bytes) else value)
    except ValueError as error:
        raise EventError(f"not JSON: {error}") from None
    if not isinstance(found, dict):
        raise EventError("JSON, but no object")
    return found
