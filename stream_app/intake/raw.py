"""What intake gives, how it is told to read, and how it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

MIB = 1 << 20
LINE_BYTES = 64 * MIB  # of one record: no article is near it, and so much fits into any memory
WHOLE_BYTES = 256 * MIB  # of what can only be read as a whole: a page, a text, a feed
FIELDS = ("id", "text", "title", "url", "source", "published_at", "language")


@dataclass(frozen=True, slots=True)
class Raw:
    """One raw article and where it was read: "a.jsonl:3"."""

    value: bytes
    origin: str


class Refused(Exception):  # noqa: N818 - it is not our error
    """Something that cannot be read as articles: where it is, and why not."""

    def __init__(self, origin: str, why: str, *, wrong_use: bool = False) -> None:
        super().__init__(f"{origin}: {why}")
        self.origin = origin
        self.why = why
        self.wrong_use = wrong_use


Refuse = Callable[[Refused], None]
"""Is told what cannot be read while the rest goes on."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a user says of the input.

    `columns`: which column or key holds a field (`text` -> "body"); `encoding`: of text that is not UTF-8.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None


def article(fields: Mapping[str, Any]) -> bytes:
    """A raw article of the fields that are given."""
    return orjson.dumps({name: value for name, value in fields.items() if value not in (None, "")})
