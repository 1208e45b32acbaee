"""The flow over all cores: stateless hops in a pool of processes, stateful hops here, everything in the order of input.

What `read` and `tag` decide depends on the record alone, so it may be decided anywhere and ahead of its turn. The flow
itself is the one that runs in a single process, its hops replaced by what was decided for them: the same records come
out in the same order.
"""

from __future__ import annotations

import dataclasses
import multiprocessing
import multiprocessing.context
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import forkserver
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple, TypeVar

from stream_app import collector
from stream_app.cli.resume import Journal, Journaled
from stream_app.core.flow.quarantine import Trying, tried_together
from stream_app.core.flow.stream import Clock, DeadLetter, Flow
from stream_app.core.hops import (
    RAW,
    SIGNED,
    UNIQUE,
    Decision,
    Effects,
    Hop,
    Output,
    Record,
    State,
    Stepwise,
    stretches,
)
from stream_app.core.poison import PoisonError, PoisonReason
from stream_app.core.wire import decode_article
from stream_app.settings import Settings

CHUNK = 128  # articles that one process decides at a stretch: more are cheaper, for its caches stay warm ...
CHUNK_BYTES = 1_000_000  # ... but of long ones fewer, so that what is under way has its bounds
_CHUNKS_AHEAD = 4  # a process
_FIELDS = attrgetter(*(field.name for field in dataclasses.fields(Output)))
S = TypeVar("S")
T = TypeVar("T")


class Poisoned(NamedTuple):
    """What a PoisonError says; the error itself does not travel between processes."""

    reason: PoisonReason
    detail: str
    exception: str
    trace: str


Packed = list[Any] | Poisoned
Dated = tuple[Packed, str | None]
"""What `read` made of an article, and when that says it was published."""
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
        if isinstance(decision, PoisonError):
            raise decision
        if self._journal is not None:
            self._journal.add(decision.rows)
        return decision


def alone(
    hops: Mapping[str, Hop], values: Iterable[bytes], clock: Clock, tries: int
) -> Iterator[tuple[int, Published]]:
    """What each raw article becomes, one process deciding all; and when it was received, in milliseconds since 1970."""
    flow = Flow(hops, tries)
    dated = ((value, published_at(value)) for value in values)
    for (value, _), received_ms in clock.stamped(dated, itemgetter(1)):
        yield received_ms, list(flow.feed(Record(None, value, received_ms)))


def published_at(value: bytes) -> str | None:
    """When the article says it was published, if it can be read at all; `read` says why it cannot."""
    try:
        return decode_article(value).published_at
    except Exception:  # noqa: BLE001 - a fault of ours on it is tried again, and told, there
        return None


def together(
    settings: Settings, match: Journaled, count: Journaled, values: Iterable[bytes], clock: Clock, jobs: int
) -> Iterator[tuple[int, Published]]:
    """The same, with `jobs` processes deciding what is stateless."""
    with ProcessPoolExecutor(jobs, _processes(), _begin, (settings,)) as pool, _cancelled_with(pool):
        chunks = stretches(values, len, CHUNK, CHUNK_BYTES)
        reading = _ahead(((chunk, pool.submit(_read, chunk)) for chunk in chunks), jobs * _CHUNKS_AHEAD)
        relay = Relay(match, count, settings.record_tries)
        tagging = _ahead((relay.match(pool, *chunk) for chunk in _timed(reading, clock)), jobs * _CHUNKS_AHEAD)
        for matched, tagged in tagging:
            yield from relay.publish(matched, tagged)


@contextmanager
def _cancelled_with(pool: ProcessPoolExecutor) -> Iterator[None]:
    """Leave what is under way undone when the block is left early, by Ctrl-C or an error."""
    try:
        yield
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def warm_up() -> None:
    """Let the server that processes begin from import the taggers, while this process does so itself."""
    if _processes().get_start_method() == "forkserver":
        forkserver.ensure_running()


def _processes() -> multiprocessing.context.BaseContext:
    """How processes begin: from a server that has imported the taggers once, else each by itself.

    A plain fork would copy whatever locks the threads of a progress bar hold.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["stream_app.hops"])
    return context


class Matched(NamedTuple):
    """A chunk on its way: when its articles were received, and the raw values themselves."""

    values: list[bytes]
    received_ms: list[int]


class Relay:
    """Between the two halves of the pool: matches chunk by chunk, and lets the flow publish what was decided."""

    def __init__(self, match: Journaled, count: Journaled, tries: int) -> None:
        self._journaled = match
        self._read, self._tag = Decided("read", RAW), Decided("tag", UNIQUE)
        self._judged = Decided("match", SIGNED, match.journal)
        self._match = Trying(match.hop, tries, self._judged_so_far)
        self._match.state = match.new_state()
        self._flow = Flow({"read": self._read, "match": self._judged, "tag": self._tag, "count": count}, tries)

    def _judged_so_far(self) -> State:
        """The matcher's state anew: what the journal holds, then what was judged ahead of it."""
        state = self._journaled.new_state()
        assert state is not None
        for decision in self._judged.ahead:
            for key, row in () if isinstance(decision, PoisonError) else decision.rows:
                if row is None:
                    state.forget(key.decode())
                else:
                    state.restore(key.decode(), row)
        return state

    def match(
        self, pool: ProcessPoolExecutor, values: list[bytes], read: list[Dated], received: list[int]
    ) -> tuple[Matched, Future[list[Packed]]]:
        """Match what was read, in order, and have the pool tag what is no copy."""
        unique: list[Record] = []
        for (packed, _), received_ms in zip(read, received, strict=True):
            decision = unpacked(packed)
            self._read.ahead.append(decision)
            for signed in _records(decision, SIGNED, received_ms):
                judged = self._match(signed)
                self._judged.ahead.append(judged)
                unique.extend(_records(judged, UNIQUE, received_ms))
        return Matched(values, received), pool.submit(_tag, [(one.key, one.value, one.timestamp_ms) for one in unique])

    def publish(self, chunk: Matched, tagged: list[Packed]) -> Iterator[tuple[int, Published]]:
        """Let the flow go over a chunk, in the order of the chunks."""
        self._tag.ahead.extend(map(unpacked, tagged))
        for value, received_ms in zip(chunk.values, chunk.received_ms, strict=True):
            yield received_ms, list(self._flow.feed(Record(None, value, received_ms)))


def packed(decision: Decision) -> Packed:
    """The outputs of a stateless hop as plain tuples, which travel between processes several times faster."""
    if isinstance(decision, PoisonError):
        return Poisoned(decision.reason, decision.detail, decision.exception, decision.trace)
    return [_FIELDS(output) for output in decision.outputs]


def unpacked(packed: Packed) -> Decision:
    """The decision again; its facts stayed behind, for nobody counts them here."""
    if isinstance(packed, Poisoned):
        return PoisonError(*packed)
    return Effects([Output(*fields) for fields in packed])


def _timed(
    chunks: Iterable[tuple[list[bytes], list[Dated]]], clock: Clock
) -> Iterator[tuple[list[bytes], list[Dated], list[int]]]:
    """Each chunk with when its articles were received; the clock may look into those behind it."""
    seen: deque[tuple[list[bytes], list[Dated]]] = deque()

    def articles() -> Iterator[Dated]:
        for chunk in chunks:
            seen.append(chunk)
            yield from chunk[1]

    received = (received_ms for _, received_ms in clock.stamped(articles(), itemgetter(1)))
    for first in received:
        values, read = seen.popleft()
        yield values, read, [first, *islice(received, len(read) - 1)]


def _records(decision: Decision, topic: str, received_ms: int) -> list[Record]:
    """The records that a decision puts on a topic."""
    outputs: Sequence[Output] = () if isinstance(decision, PoisonError) else decision.outputs
    return [Record(output.key, output.value, received_ms) for output in outputs if output.topic == topic]


def _ahead(futures: Iterator[tuple[S, Future[T]]], count: int) -> Iterator[tuple[S, T]]:
    """What was asked and what came of it, in order, with at most `count` of them under way."""
    waiting: deque[tuple[S, Future[T]]] = deque()
    for pair in futures:
        waiting.append(pair)
        if len(waiting) >= count:
            yield _done(*waiting.popleft())
    while waiting:
        yield _done(*waiting.popleft())


def _done(asked: S, future: Future[T]) -> tuple[S, T]:
    return asked, future.result()


# In a process of the pool

_hops: dict[str, tuple[Stepwise, Trying]] = {}


def _begin(settings: Settings) -> None:
    from stream_app.hops import build_hops  # noqa: PLC0415  # loads the taggers

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; one ends the others
    hops = build_hops(dataclasses.replace(settings, hops=("read", "tag")))
    tries = settings.record_tries
    _hops.update({name: (hop, Trying(hop, tries)) for name, hop in hops.items() if isinstance(hop, Stepwise)})
    collector.look_rarely()


def _read(values: list[bytes]) -> list[Dated]:
    """What `read` made of each, and when each says it was published."""
    read = _decisions("read", [Record(None, value, 0) for value in values])
    return list(zip(map(packed, read), map(published_at, values), strict=True))


def _tag(records: list[tuple[bytes | None, bytes | None, int]]) -> list[Packed]:
    """What `tag` made of each."""
    return list(map(packed, _decisions("tag", [Record(*fields) for fields in records])))


def _decisions(name: str, records: list[Record]) -> Iterator[Decision]:
    hop, one = _hops[name]
    return tried_together(hop, records, one)
