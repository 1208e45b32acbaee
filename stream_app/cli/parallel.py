"""The flow over all cores: stateless hops in a pool of processes, stateful hops here, everything in the order of input.

What `read` and `tag` decide depends on the record alone, so it may be decided anywhere and ahead of its turn. The flow
itself is the one that runs in a single process, its hops replaced by what was decided for them: the same records come
out in the same order.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import multiprocessing.context
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from stream_app.cli.resume import Journal, Journaled
from stream_app.core.hops import RAW, SIGNED, UNIQUE, Effects, Hop, Output, Record
from stream_app.core.poison import PoisonError, PoisonReason
from stream_app.core.stream import Clock, DeadLetter, Flow
from stream_app.core.wire import decode_article
from stream_app.settings import Settings

CHUNK = 32
_CHUNKS_AHEAD = 4  # a process
T = TypeVar("T")


class Poisoned(NamedTuple):
    """What a PoisonError says; the error itself does not travel between processes."""

    reason: PoisonReason
    detail: str


Decision = Effects | Poisoned
Published = list[Output | DeadLetter]


class Decided:
    """A hop whose decisions were made ahead of their turn, first in first out."""

    stateful = False

    def __init__(self, name: str, source: str, journal: Journal | None = None) -> None:
        self.name, self.source, self._journal = name, source, journal
        self.ahead: deque[Decision] = deque()

    def new_state(self) -> None:
        """Nothing to keep: the state was with those who decided."""

    def __call__(self, record: Record, state: object = None) -> Effects:  # noqa: ARG002 - it has been seen
        """The decision whose turn it is; raises PoisonError when that is what it was."""
        decision = self.ahead.popleft()
        if isinstance(decision, Poisoned):
            raise PoisonError(decision.reason, decision.detail)
        if self._journal is not None:
            self._journal.add(decision.rows)
        return decision


def alone(hops: Mapping[str, Hop], values: Iterable[bytes], clock: Clock) -> Iterator[tuple[int, Published]]:
    """What each raw article becomes, one process deciding all; and when it was received, in milliseconds since 1970."""
    flow = Flow(hops)
    for value in values:
        received_ms = clock.received_ms(published_at(value))
        yield received_ms, list(flow.feed(Record(None, value, received_ms)))


def published_at(value: bytes) -> str | None:
    """When the article says it was published, if it can be read at all."""
    try:
        return decode_article(value).published_at
    except PoisonError:
        return None


def together(
    settings: Settings, match: Journaled, count: Journaled, values: Iterable[bytes], clock: Clock, jobs: int
) -> Iterator[tuple[int, Published]]:
    """The same, with `jobs` processes deciding what is stateless."""
    with ProcessPoolExecutor(jobs, _processes(), _begin, (settings,)) as pool:
        chunks = _chunks(values)
        reading = _ahead((pool.submit(_read, chunk) for chunk in chunks), jobs * _CHUNKS_AHEAD)
        relay = Relay(match, count, clock)
        tagging = _ahead((relay.match(pool, chunk) for chunk in reading), jobs * _CHUNKS_AHEAD)
        for tagged in tagging:
            yield from relay.publish(tagged)


def _processes() -> multiprocessing.context.BaseContext:
    """How processes begin: from a server that has imported the taggers once, else each by itself.

    A plain fork would copy whatever locks the threads of a progress bar hold.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["stream_app.app"])
    return context


class Matched(NamedTuple):
    """A chunk on its way: when its articles were received, and the raw values themselves."""

    values: list[bytes]
    received_ms: list[int]


class Relay:
    """Between the two halves of the pool: matches chunk by chunk, and lets the flow publish what was decided."""

    def __init__(self, match: Journaled, count: Journaled, clock: Clock) -> None:
        self._match, self._clock = match.hop, clock
        self._state = match.new_state()
        self._read, self._tag = Decided("read", RAW), Decided("tag", UNIQUE)
        self._judged = Decided("match", SIGNED, match.journal)
        self._flow = Flow({"read": self._read, "match": self._judged, "tag": self._tag, "count": count})
        self._chunks: deque[Matched] = deque()

    def match(self, pool: ProcessPoolExecutor, chunk: ReadChunk) -> Future[list[Decision]]:
        """Match what was read, in order, and have the pool tag what is no copy."""
        received = [self._clock.received_ms(moment) for moment in chunk.published_at]
        self._chunks.append(Matched(chunk.values, received))
        unique: list[Record] = []
        for decision, received_ms in zip(chunk.decisions, received, strict=True):
            self._read.ahead.append(decision)
            for signed in _records(decision, SIGNED, received_ms):
                judged = decide(self._match, signed, self._state)
                self._judged.ahead.append(judged)
                unique.extend(_records(judged, UNIQUE, received_ms))
        return pool.submit(_tag, unique)

    def publish(self, tagged: list[Decision]) -> Iterator[tuple[int, Published]]:
        """Let the flow go over the oldest chunk."""
        self._tag.ahead.extend(tagged)
        chunk = self._chunks.popleft()
        for value, received_ms in zip(chunk.values, chunk.received_ms, strict=True):
            yield received_ms, list(self._flow.feed(Record(None, value, received_ms)))


def decide(hop: Hop, record: Record, state: Any = None) -> Decision:
    """What a hop makes of a record, its refusal included."""
    try:
        return hop(record, state)
    except PoisonError as error:
        return Poisoned(error.reason, error.detail)


def _records(decision: Decision, topic: str, received_ms: int) -> list[Record]:
    """The records that a decision puts on a topic."""
    outputs: Sequence[Output] = () if isinstance(decision, Poisoned) else decision.outputs
    return [Record(output.key, output.value, received_ms) for output in outputs if output.topic == topic]


def _chunks(values: Iterable[bytes]) -> Iterator[list[bytes]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _ahead(futures: Iterator[Future[T]], count: int) -> Iterator[T]:
    """Results in order, with at most `count` of them under way."""
    waiting: deque[Future[T]] = deque()
    for future in futures:
        waiting.append(future)
        if len(waiting) >= count:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


# In a process of the pool

_hops: dict[str, Hop] = {}


class ReadChunk(NamedTuple):
    """Raw articles, what `read` made of each, and when each says it was published."""

    values: list[bytes]
    decisions: list[Decision]
    published_at: list[str | None]


def _begin(settings: Settings) -> None:
    from stream_app import app  # noqa: PLC0415  # loads the taggers

    _hops.update(app.build_hops(dataclasses.replace(settings, hops=("read", "tag"))))


def _read(values: list[bytes]) -> ReadChunk:
    decisions = [decide(_hops["read"], Record(None, value, 0)) for value in values]
    return ReadChunk(values, decisions, [published_at(value) for value in values])


def _tag(records: list[Record]) -> list[Decision]:
    return [decide(_hops["tag"], record) for record in records]
