"""What a hop is: a function from a record and its partition's state to records and table rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, TypeVar, runtime_checkable

from stream_app.core.poison import PoisonError

RAW = "articles.raw"
SIGNED = "articles.signed"
UNIQUE = "articles.unique"
ENRICHED = "articles.enriched"
DUPLICATES = "articles.duplicates"
FIGURES = "casualties.figures"
REPORTS = "incidents.reports"
TOLLS = "incidents.tolls"
MEMBERS = "incidents.members"
REVISIONS = "incidents.revisions"
DEAD_LETTER = "articles.dead-letter"
PUBLISHED = (SIGNED, UNIQUE, ENRICHED, DUPLICATES, FIGURES, REPORTS, TOLLS, MEMBERS, REVISIONS)  # what hops publish
COMPACTED = frozenset({TOLLS, MEMBERS})  # of their records only the last of each key is true
TABLES = {"match": "match", "count": "reports"}  # the table of each stateful hop; its changelog bears the name


SIGNED_SCHEMA = "articles.signed/1"
UNIQUE_SCHEMA = "articles.unique/1"
ENRICHED_SCHEMA = "articles.enriched/1"
DUPLICATES_SCHEMA = "articles.duplicates/1"
FIGURES_SCHEMA = "casualties.figures/1"
REPORTS_SCHEMA = "incidents.reports/1"
TOLLS_SCHEMA = "incidents.tolls/1"
MEMBERS_SCHEMA = "incidents.members/1"
REVISIONS_SCHEMA = "incidents.revisions/1"


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it came: `timestamp_ms` is that of the raw article, handed on from hop to hop.

    `source` is who sends a record without a value, as its headers say: what takes an article back has no other place.
    """

    key: bytes | None
    value: bytes | None
    timestamp_ms: int
    source: str | None = None


Gone = Literal["expired", "merged", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Output:
    """A record to publish on the logical topic `topic`; `value` None is a tombstone.

    `gone` is why a toll or a membership has a tombstone: `expired` only frees space, the last value stays true;
    `merged`: the incident goes on as `merged_into`; `withdrawn`: nobody counts victims any more.
    """

    topic: str
    key: bytes
    value: bytes | None
    event_id: str
    schema: str
    gone: Gone | None = None
    merged_into: str | None = None


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


Decision = Effects | PoisonError
"""What became of one record: what it asks for, or why it can never succeed."""


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


STRETCH: Final = 16
"""Records that go through the steps of a hop together: half as many gain a third less, twice as many nothing more."""
STRETCH_BYTES: Final = 100_000
"""After so many bytes no more of them: what is done at a stretch has its bounds."""
T = TypeVar("T")


@runtime_checkable
class Stepwise(Protocol):
    """A hop without a state that takes several records through each of its steps before the next.

    Its decisions are those that it makes one by one. They cost up to a fifth less, for each step fills the processor's
    caches with code and tables of its own.
    """

    def each(self, records: Sequence[Record], /) -> Sequence[Decision]:
        """What becomes of each record, in their order."""


def only(decisions: Sequence[Decision]) -> Effects:
    """The one decision there is; raises PoisonError when that is what it was."""
    (decision,) = decisions
    if isinstance(decision, PoisonError):
        raise decision
    return decision


def stretches(
    items: Iterable[T], size: Callable[[T], int], most: int = STRETCH, most_bytes: int = STRETCH_BYTES
) -> Iterator[list[T]]:
    """The items in their order, up to `most` at a time, and no more once they have `most_bytes` together.

    >>> list(stretches([b"a", b"bc", b"d"], len, 2, 3)), list(stretches([b"abc", b"d"], len, 2, 3))
    ([[b'a', b'bc'], [b'd']], [[b'abc'], [b'd']])
    """
    stretch: list[T] = []
    total = 0
    for item in items:
        stretch.append(item)
        total += size(item)
        if len(stretch) == most or total >= most_bytes:
            yield stretch
            stretch, total = [], 0
    if stretch:
        yield stretch
