"""The flow without a broker: every hop in turn, each topic a list. What `batch` runs, and tests compare with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from stream_app.core.hops import DEAD_LETTER, RAW, Hop, Output, Record
from stream_app.core.poison import PoisonError


@dataclass(slots=True)
class Clock:
    """Stands in for the broker's timestamps: an article is received when it says it was published.

    One that does not say counts as received with the one before it, so that a file gives the same result any day.
    """

    now_ms: int = 0

    def received_ms(self, published_at: str | None) -> int:
        """Milliseconds since 1970; never runs backwards."""
        if published_at is not None:
            moment = datetime.fromisoformat(published_at)
            self.now_ms = max(self.now_ms, int(moment.timestamp() * 1000))
        return self.now_ms


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that could never succeed: its original key and bytes, the hop that refused it, and why."""

    key: bytes | None
    value: bytes | None
    hop: str
    error: PoisonError


@dataclass(slots=True)
class Flow:
    """Runs records through the hops, depth first, in one partition.

    Depth first gives each topic the same records in the same order as hop after hop does: every hop reads its topic
    in order, whether the others wait for it or not.
    """

    hops: Mapping[str, Hop]
    _states: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._states = {name: hop.new_state() for name, hop in self.hops.items()}

    def feed(self, record: Record, topic: str = RAW) -> Iterator[Output | DeadLetter]:
        """Everything published because of one record, dead letters included."""
        hop = next((hop for hop in self.hops.values() if hop.source == topic), None)
        if hop is None:
            return
        try:
            effects = hop(record, self._states[hop.name])
        except PoisonError as error:
            yield DeadLetter(record.key, record.value, hop.name, error)
            return
        for output in effects.outputs:
            yield output
            yield from self.feed(Record(output.key, output.value, record.timestamp_ms), output.topic)


def topic_of(published: Output | DeadLetter) -> str:
    """The logical topic that a record of the flow goes to."""
    return DEAD_LETTER if isinstance(published, DeadLetter) else published.topic
