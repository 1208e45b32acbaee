"""The flow without a broker: every hop in turn, each topic a list. What `batch` runs, and tests compare with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from stream_app.core.flow.quarantine import Trying
from stream_app.core.hops import DEAD_LETTER, RAW, Hop, Output, Record
from stream_app.core.poison import PoisonError

T = TypeVar("T")

_FAR_MS: Final = 2 * 366 * 86_400_000
_BELIEVED: Final = 3
_AROUND: Final = 3
_AGREE_MS: Final = 3 * 86_400_000
_UNDATED: Final = 1000
"""Items without a date that a file may begin with and still have that of the first which says one."""


@dataclass(slots=True)
class Clock:
    """Stands in for the broker's timestamps: an article is received when it says it was published.

    One that does not say counts as received with those before it, so that a file gives the same result any day: with
    the last three that do say, where these are within three days of each other, also in a file that tells the
    same weeks several times; else with the latest. The
    time of the stream is the second latest that its articles have told: no single one moves it. One that is two years
    ahead of it is not believed, and moves nothing, unless it is the third in a row. Where the articles behind it can be
    seen (`stamped`), all three are.
    """

    now_ms: int = 0
    latest_ms: int = 0
    ahead: int = 0
    recent: tuple[int, ...] = ()

    def received_ms(self, published_at: str | None) -> int:
        """Milliseconds since 1970.

        >>> clock = Clock()
        >>> told = "2022-03-01T00:00:00Z", "2202-03-01T00:00:00Z", None, "2022-03-02T00:00:00Z"
        >>> [clock.received_ms(time) // 86_400_000 for time in told]  # days since 1970
        [19052, 19052, 19052, 19053]
        """
        if published_at is None:
            return self._around_ms()
        told_ms = _milliseconds(published_at)
        if not self._is_far(told_ms) or self.ahead + 1 >= _BELIEVED:
            self.recent = (*self.recent, told_ms)[-_AROUND:]
        if not self.latest_ms:
            self.now_ms = self.latest_ms = told_ms
            return told_ms
        self.ahead = self.ahead + 1 if self._is_far(told_ms) else 0
        if 0 < self.ahead < _BELIEVED:
            return self.now_ms
        if self.now_ms == self.latest_ms:
            self.now_ms, self.latest_ms = min(told_ms, self.latest_ms), max(told_ms, self.latest_ms)
        else:
            _, self.now_ms, self.latest_ms = sorted((told_ms, self.now_ms, self.latest_ms))
        return max(self.now_ms, told_ms)

    def _around_ms(self) -> int:
        """The middle one of the last times where they agree, else that of the stream."""
        times = sorted(self.recent)
        agree = bool(times) and times[-1] - times[0] <= _AGREE_MS
        return times[(len(times) - 1) // 2] if agree else self.now_ms

    def _is_far(self, told_ms: int) -> bool:
        """Whether a time is so far ahead of the stream that one alone is not believed."""
        return bool(self.latest_ms) and told_ms > self.now_ms + _FAR_MS

    def stamped(self, items: Iterable[T], told: Callable[[T], str | None]) -> Iterator[tuple[T, int]]:
        """Each item with when it counts as received, by what it has `told`; looks ahead where one is far ahead.

        An archive may leave out years: what opens its next part belongs there, and not to the part before.

        >>> days = "2022-03-01", "2022-03-02", "2026-03-01", "2026-03-02", "2026-03-03"
        >>> [(day, ms // 86_400_000) for day, ms in Clock().stamped(days, "{}T00:00:00Z".format)][1:3]
        [('2022-03-02', 19053), ('2026-03-01', 20513)]
        """
        held: list[T] = []
        for item in items:
            held.append(item)
            published_at = told(item)
            if not self.recent and not self.now_ms:
                if published_at is None and len(held) < _UNDATED:
                    continue
                self.recent = () if published_at is None else (_milliseconds(published_at),)
            if published_at is not None and self._is_far(_milliseconds(published_at)):
                if len(held) < _BELIEVED:
                    continue
                self.ahead = _BELIEVED - 1
            yield from ((one, self.received_ms(told(one))) for one in held)
            held.clear()
        yield from ((one, self.received_ms(told(one))) for one in held)


def _milliseconds(time: str) -> int:
    return int(datetime.fromisoformat(time).timestamp() * 1000)


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

    With `tries`, a record that a hop fails on is tried so often, then set aside as `internal_error`. The state of a hop
    that failed half-way is made anew, so that `new_state` of such a hop must give back what it knew.
    """

    hops: Mapping[str, Hop]
    tries: int = 0
    _by_source: dict[str, Trying] = field(init=False)

    def __post_init__(self) -> None:
        self._by_source = {hop.source: Trying(hop, self.tries) for hop in self.hops.values()}

    def feed(self, record: Record, topic: str = RAW) -> Iterator[Output | DeadLetter]:
        """Everything published because of one record, dead letters included."""
        trying = self._by_source.get(topic)
        if trying is None:
            return
        decision = trying(record)
        if isinstance(decision, PoisonError):
            yield DeadLetter(record.key, record.value, trying.hop.name, decision)
            return
        for output in decision.outputs:
            yield output
            yield from self.feed(Record(output.key, output.value, record.timestamp_ms), output.topic)


def topic_of(published: Output | DeadLetter) -> str:
    """The logical topic that a record of the flow goes to."""
    return DEAD_LETTER if isinstance(published, DeadLetter) else published.topic
