"""What a hop is: a function from a record and its partition's state to records and table rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

RAW = "articles.raw"
SIGNED = "articles.signed"
UNIQUE = "articles.unique"
ENRICHED = "articles.enriched"
DUPLICATES = "articles.duplicates"
FIGURES = "casualties.figures"
TOLLS = "incidents.tolls"
REVISIONS = "incidents.revisions"
DEAD_LETTER = "articles.dead-letter"
PUBLISHED = (SIGNED, UNIQUE, ENRICHED, DUPLICATES, FIGURES, TOLLS, REVISIONS)  # what hops publish

SIGNED_SCHEMA = "articles.signed/1"
UNIQUE_SCHEMA = "articles.unique/1"
ENRICHED_SCHEMA = "articles.enriched/1"
DUPLICATES_SCHEMA = "articles.duplicates/1"
FIGURES_SCHEMA = "casualties.figures/1"
TOLLS_SCHEMA = "incidents.tolls/1"
REVISIONS_SCHEMA = "incidents.revisions/1"


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it came: `timestamp_ms` is that of the raw article, handed on from hop to hop."""

    key: bytes | None
    value: bytes | None
    timestamp_ms: int


@dataclass(frozen=True, slots=True)
class Output:
    """A record to publish on the logical topic `topic`; `value` None is a tombstone.

    A tombstone with `expired` only frees space: the last value stays true. Without it, the last value is withdrawn.
    """

    topic: str
    key: bytes
    value: bytes | None
    event_id: str
    schema: str
    expired: bool = False


#: Something to be counted once: what it is, then its labels, e.g. ("figures", "killed", "actual").
Fact = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Effects:
    """What one record asks for: records to publish, and table rows to set (or, when None, to delete).

    `facts` say what the decision was made of, for those who count; nothing is decided by them.
    """

    outputs: Sequence[Output] = ()
    rows: Sequence[tuple[bytes, bytes | None]] = ()
    facts: Sequence[Fact] = ()


class State(Protocol):
    """The state of one partition, rebuilt from its rows in any order."""

    def restore(self, row_id: str, row: bytes, /) -> None:
        """Take in one row as a changelog holds it."""

    def forget(self, row_id: str, /) -> None:
        """Drop one row: its tombstone was read."""

    def __len__(self) -> int: ...


class Hop(Protocol):
    """One stage of the flow: reads `source`, keeps a state per partition where `stateful`."""

    @property
    def name(self) -> str:
        """Its name, as operators choose it and metrics label it."""

    @property
    def source(self) -> str:
        """The logical topic that it reads."""

    @property
    def stateful(self) -> bool:
        """Whether it keeps a table."""

    def new_state(self) -> State | None:
        """The state of a partition of which nothing is known."""

    def __call__(self, record: Record, state: Any, /) -> Effects:
        """What one record asks for; raises PoisonError when the record can never succeed."""
