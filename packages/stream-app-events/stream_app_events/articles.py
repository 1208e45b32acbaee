"""Articles as the service reads them: what would become a dead letter is an error here, before it is sent."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

MOST_BYTES = 1_000_000
MOST_ID, MOST_DEPTH = 512, 62
LONGEST = {"title": 10_000, "url": 4096, "source": 512, "language": 100}
YEARS = range(1601, 2999)
_MOST_INTEGER = 2**63


class ArticleError(ValueError):
    """What the service would set aside; `reason` is the one that the dead letter would have."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


def article(
    text: str,
    *,
    id: str | None = None,  # noqa: A002  # the name of the field
    title: str | None = None,
    url: str | None = None,
    source: str | None = None,
    published_at: datetime | None = None,
    language: str | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> bytes:
    """The value of a record of `articles.raw`.

    Without `id` the service derives one from the url, else from the content: give one, or a url, if the article may
    come again in other words. `published_at` without a zone is UTC.

    Raises:
        ArticleError: the service would not read it.

    >>> article("Two people died.", id="a-1", source="post.example")
    b'{"id": "a-1", "text": "Two people died.", "source": "post.example"}'
    >>> article("  ")
    Traceback (most recent call last):
    stream_app_events.articles.ArticleError: no_text: the text is blank
    """
    if not isinstance(text, str):
        raise ArticleError("wrong_type", "the text is no string")
    if not text.strip():
        raise ArticleError("no_text", "the text is blank")
    strings = {"title": title, "url": url, "source": source, "language": language}
    fields: dict[str, Any] = {"id": _id(id), "text": text}
    fields |= {name: _short(name, value) for name, value in strings.items()}
    fields |= {"published_at": _time(published_at), "metadata": _metadata(metadata)}
    return _written({name: value for name, value in fields.items() if value is not None})


def withdrawal(id: str, source: str) -> tuple[bytes, None, list[tuple[str, bytes]]]:  # noqa: A002
    """Key, value and headers of a record by which a source takes its article back.

    Raises:
        ArticleError: no article can have this id.

    >>> withdrawal("a-1", "post.example")
    (b'a-1', None, [('source', b'post.example')])
    """
    name = _id(id)
    if name is None or not source:
        raise ArticleError("bad_id", "a withdrawal names an article and its source")
    return _encoded(name), None, [("source", _encoded(_short("source", source) or ""))]


def _id(value: str | None) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ArticleError("wrong_type", "the id is no string")
    if value is not None and not 1 <= len(value) <= MOST_ID:
        raise ArticleError("bad_id", f"an id has 1 to {MOST_ID} characters")
    return value


def _short(name: str, value: str | None) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ArticleError("wrong_type", f"the {name} is no string")
    if value is not None and len(value) > LONGEST[name]:
        raise ArticleError("too_long", f"the {name} has {len(value)} characters, at most {LONGEST[name]} are read")
    return value or None


def _time(value: datetime | None) -> str | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise ArticleError("wrong_type", "published_at is no datetime")
    if value.year not in YEARS:
        raise ArticleError("bad_time", f"no article is of the year {value.year}")
    moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return moment.isoformat().replace("+00:00", "Z")


def _metadata(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if value is None:
        return None
    _check(value, MOST_DEPTH)
    return dict(value)


def _check(value: Any, levels: int) -> None:
    """Refuse what JSON has no word for, and what nests too deep."""
    if levels < 0:
        raise ArticleError("too_deep", f"metadata nested deeper than {MOST_DEPTH} levels")
    if isinstance(value, Mapping):
        if not all(isinstance(name, str) for name in value):
            raise ArticleError("wrong_type", "a name in the metadata is no string")
        for inner in value.values():
            _check(inner, levels - 1)
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for inner in value:
            _check(inner, levels - 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ArticleError("not_json", "JSON has no infinite numbers and no NaN")
    elif isinstance(value, int) and not -_MOST_INTEGER <= value < _MOST_INTEGER:
        raise ArticleError("not_json", "a whole number of more than 64 bits")
    elif value is not None and not isinstance(value, str | int | float | bool):
        raise ArticleError("wrong_type", f"JSON has no {type(value).__name__}")


def _written(fields: Mapping[str, Any]) -> bytes:
    value = _encoded(json.dumps(fields, ensure_ascii=False, allow_nan=False, default=dict))
    if len(value) > MOST_BYTES:
        raise ArticleError("too_large", f"{len(value)} bytes, at most {MOST_BYTES} are read")
    return value


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ArticleError("lone_surrogate", "half of a character: an escaped surrogate without its other") from None
