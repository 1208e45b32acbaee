"""What a record of an output topic means for the store: rows to be put in, as values alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Table

from stream_app.core.hops import DEAD_LETTER, DUPLICATES, ENRICHED, FIGURES, MEMBERS, REVISIONS, TOLLS
from stream_app.core.language.printable import escaped
from stream_app.serve import tables

TOPICS = (TOLLS, REVISIONS, MEMBERS, ENRICHED, FIGURES, DUPLICATES, DEAD_LETTER)
_EXCERPT_BYTES = 2000
_MESSAGE_CHARS = 1000

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Consumed:
    """A record as it was read: the topic's name without its prefix, where it stood, and what it holds."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()

    def header(self, name: str) -> str | None:
        """The last header of that name that has a value, as text."""
        found = [value for key, value in self.headers if key == name and value is not None]
        return found[-1].decode("utf-8", "replace") if found else None


def rows(record: Consumed) -> Iterator[tuple[Table, Values]]:
    """The rows that a record stands for; none where it says nothing that is kept.

    What cannot be read is passed over: topics of ours hold nothing of the kind, and a foreign record stops nobody.

    >>> letter = Consumed("articles.dead-letter", 0, 7, 0, None, b"{", (("reason", b"not_json"),))
    >>> [(table.name, values["reason"]) for table, values in rows(letter)]
    [('dead_letters', 'not_json')]
    """
    if record.topic == DEAD_LETTER:
        yield tables.dead_letters, _letter(record)
        return
    if record.value is None:
        yield from _tombstone(record)
        return
    try:
        value = orjson.loads(record.value)
        if isinstance(value, dict):
            yield from _READERS[record.topic](record, value)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return


def _toll(record: Consumed, value: Values) -> Iterator[tuple[Table, Values]]:
    place = value.get("place") or {}
    names = (place.get(name) for name in ("name", "admin2", "admin1", "country_code"))
    yield (
        tables.incidents,
        {
            "incident_id": value["incident_id"],
            "at": record.offset,
            "state": "standing",
            "merged_into": None,
            "first_s": seconds(value.get("first_reported")),
            "last_s": seconds(value.get("last_reported")),
            "lat": place.get("lat"),
            "lon": place.get("lon"),
            "country": place.get("country_code"),
            "cause": value.get("cause"),
            "words": " ".join(name for name in names if name).casefold(),
            "languages": f" {' '.join(value.get('languages') or ())} ",
            "value": _text(record),
        },
    )
    for kind, toll in value["toll"].items():
        yield (
            tables.tolls,
            {
                "incident_id": value["incident_id"],
                "kind": kind,
                "at": record.offset,
                "low": toll.get("low"),
                "high": toll.get("high"),
            },
        )


def _tombstone(record: Consumed) -> Iterator[tuple[Table, Values]]:
    """A toll's end, by the header that says which: an expired one stays true. A member's: it is known from the toll."""
    if record.topic == TOLLS and record.key is not None:
        yield (
            tables.incidents,
            {
                "incident_id": record.key.decode("utf-8", "replace"),
                "at": record.offset,
                "state": record.header("tombstone") or "expired",
                "merged_into": record.header("merged-into"),
            },
        )


def _revision(record: Consumed, value: Values) -> Iterator[tuple[Table, Values]]:
    yield (
        tables.revisions,
        {
            "revision_id": value["revision_id"],
            "incident_id": value["incident_id"],
            "when_s": seconds(value.get("when")),
            "value": _text(record),
        },
    )


def _member(record: Consumed, value: Values) -> Iterator[tuple[Table, Values]]:
    names = ("report_id", "article_id", "incident_id")
    yield tables.members, {"at": record.offset, **{name: value[name] for name in names}}


def _article(record: Consumed, value: Values) -> Iterator[tuple[Table, Values]]:
    yield (
        tables.articles,
        {
            "article_id": value["article_id"],
            "event_id": value["event_id"],
            "at": record.offset,
            "cluster_id": value["duplicate"]["cluster_id"],
            "published_s": seconds(value.get("published_at")),
            "title": _clean(value.get("title")),
            "source": _clean(value.get("source")),
            "value": _text(record),
        },
    )


def _duplicate(record: Consumed, value: Values) -> Iterator[tuple[Table, Values]]:
    names = ("event_id", "article_id", "cluster_id")
    yield tables.duplicates, {**{name: value[name] for name in names}, "value": _text(record)}


def _figure(record: Consumed, value: Values) -> Iterator[tuple[Table, Values]]:
    yield (
        tables.figures,
        {
            "figure_id": record.header("ce_id") or f"{record.partition}-{record.offset}",
            "article_id": value["article_id"],
            "country": (value.get("place") or {}).get("country_code"),
            "kind": value.get("kind"),
            "value": _text(record),
        },
    )


def _letter(record: Consumed) -> Values:
    held = (record.value or b"")[:_EXCERPT_BYTES].decode("utf-8", "replace")
    return {
        "letter_id": f"{record.partition}-{record.offset}",
        "reason": (record.header("reason") or "unknown")[:64],
        "hop": (record.header("hop") or "")[:32] or None,
        "at_ms": record.timestamp_ms,
        "message": _clean(escaped(record.header("__streams.errors.message") or ""))[:_MESSAGE_CHARS],
        "excerpt": _clean(escaped(held)),
    }


_READERS = {
    TOLLS: _toll,
    REVISIONS: _revision,
    MEMBERS: _member,
    ENRICHED: _article,
    DUPLICATES: _duplicate,
    FIGURES: _figure,
}


def _text(record: Consumed) -> str:
    assert record.value is not None
    return record.value.decode()


def _clean(text: str | None) -> str:
    """Text without the one character that PostgreSQL cannot hold; the value itself has it escaped."""
    return (text or "").replace("\0", "\ufffd")


def seconds(text: object) -> float | None:
    """A time of RFC 3339 in seconds since 1970, UTC where it says nothing else; None for what is none.

    >>> seconds("1970-01-01T00:01:00Z"), seconds("1970-01-02"), seconds("soon"), seconds(None)
    (60.0, 86400.0, None, None)
    """
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def by_table(records: Iterable[Consumed]) -> Mapping[Table, list[Values]]:
    """The rows of many records, those of a table together, in the order in which the records came."""
    found: dict[Table, list[Values]] = {}
    for record in records:
        for table, values in rows(record):
            found.setdefault(table, []).append(values)
    return found
