"""One Faust agent per hop: take what has arrived, decide, publish, wait for the broker, then ack in order.

At least once: a crash between the broker's answer and the commit repeats records, and the repeats are byte-identical.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import faust
from faust.types import EventT, StreamT

from stream_app.core.flow.quarantine import Quarantine, TooManyFaultsError, UnchangedError, internal_error
from stream_app.core.hops import (
    COMPACTED,
    DEAD_LETTER,
    RAW,
    REPORTS,
    Decision,
    Effects,
    Hop,
    Record,
    Stepwise,
    stretches,
)
from stream_app.core.poison import PoisonError, caught
from stream_app.service import headers, logs
from stream_app.service.doubt import Doubts
from stream_app.service.engine.outbox import Outgoing, send_all
from stream_app.service.engine.tables import RowTable
from stream_app.service.metrics import Metrics
from stream_app.service.tracing import Tracing
from stream_app.settings import Settings

logger = logging.getLogger(__name__)

_SLICE_S = 0.03
"""How long one hop computes at a stretch: longer is cheaper, as each hop fills the processor's caches anew."""
_HAND_OVER_S = 0.05
"""How long what is decided waits for company: a batch costs much, and another record in it little."""
_PATIENCE_S = 0.2
"""How long a batch waits at most while hops that it gives way to have work ..."""
_LOOK_S = 0.01
"""... and how often it looks whether they still have."""
_ENVELOPE_BYTES = 65_536  # key (an id of ours), headers and Kafka's own framing, generously
_MOST_OF_KEY = 16_384  # bytes of a dead letter's key: what is longer names nothing
Rows = dict[tuple[int, bytes], Outgoing]
"""Table rows to store, by partition and key."""


@dataclass(slots=True)
class Runner:
    """Runs one hop over the batches of its topic; `scope` encloses each batch, as the delivery guarantee wants.

    A record that the hop fails on is tried again, then set aside as a dead letter; a fault of the broker's, or of ours
    on many records, stops the worker with their offsets uncommitted.
    While hops of `gives_way_to` have records, its own wait up to a fifth of a second for a batch to fill.
    """

    app: faust.App
    hop: Hop
    table: RowTable | None
    settings: Settings
    metrics: Metrics
    scope: Callable[[], contextlib.AbstractAsyncContextManager[None]] = contextlib.nullcontext
    poisoned_in_a_row: int = 0
    handled: int = 0
    quarantine: Quarantine = field(default_factory=Quarantine)
    stream: StreamT | None = None
    in_hand: Sequence[EventT] = ()
    deciding: EventT | None = None
    tracing: Tracing | None = None
    frames: Mapping[str, bytes] = field(default_factory=dict)
    doubts: Doubts | None = None
    gives_way_to: Sequence[Runner] = ()
    stepwise: Stepwise | None = field(init=False)
    compacted: frozenset[str] = field(init=False)
    largest_bytes: int = field(init=False)

    def __post_init__(self) -> None:  # once: to ask takes as long as the engine needs for some records
        self.stepwise = self.hop if isinstance(self.hop, Stepwise) and self.tracing is None else None
        self.largest_bytes = self.settings.max_record_bytes - _ENVELOPE_BYTES
        self.compacted = frozenset(map(self.settings.topic, COMPACTED))

    def waiting(self) -> int:
        """How many records were fetched and are not acked yet."""
        queued: int = 0 if self.stream is None else self.stream.channel.queue.qsize()
        return len(self.in_hand) + queued

    def oldest_waiting_s(self) -> float | None:
        """The record timestamp of the first of them, in seconds since 1970; None when there is none."""
        queued = () if self.stream is None else self.stream.channel.queue._queue  # noqa: SLF001  # only looked at
        first: EventT | None = next(iter(self.in_hand), None) or next(iter(queued), None)
        return None if first is None else float(first.message.timestamp)

    async def run(self, stream: StreamT) -> None:
        """Handle batches until the stream ends; our own faults stop the worker with their offsets uncommitted."""
        self.stream = stream
        async for batch in batches(self.app, stream, self.settings.batch_max, self.gives_way):
            try:
                await self.handle(batch)
            except Exception as error:
                await self.stop_worker(self.deciding or batch[0], error)
                raise

    def gives_way(self) -> bool:
        """Whether a hop has work that goes before its own."""
        return any(other.waiting() for other in self.gives_way_to)

    async def handle(self, batch: Sequence[EventT]) -> None:
        """Publish everything that the batch asks for, wait for the broker's answers, ack in order."""
        tries, failing = 0, None
        self.in_hand = batch
        await self.look_back()
        while self.in_hand:
            events = await self.undoubted(self.in_hand)
            if not events:
                continue
            done, fault = await self.go_through(events)
            self.handled += done
            self.in_hand = self.in_hand[done:]
            if fault is not None:
                tries = tries + 1 if events[done] is failing else 1
                failing = events[done]
                await self.failed(failing, fault, tries)
        await self.pause_when_poisoned()

    async def look_back(self) -> None:
        """With a new generation, see what the process before may have died of."""
        if self.doubts is not None:
            await self.doubts.begin(self.app.consumer_generation_id)
            if not self.handled:
                self.quarantine.in_a_row = self.doubts.row

    async def undoubted(self, events: Sequence[EventT]) -> Sequence[EventT]:
        """Those to go through next; none where the first was set aside, since a process died of it too often."""
        if self.doubts is None or not self.doubts.by_tp:
            return events
        if (deaths := self.doubts.deaths(events[0])) >= self.settings.record_tries:
            error = PoisonError("internal_error", f"{self.hop.name} died {deaths} times of it", "ProcessDied")
            await self.aside_or_stop(events[0], error)
            return ()
        return await self.doubts.part(events, self.quarantine.row_before(self.handled))

    async def go_through(self, events: Sequence[EventT]) -> tuple[int, Exception | None]:
        """Handle records up to the first that the hop fails on: how many, and the fault. These are acked by then."""
        async with self.scope():
            with self.metrics.timed(self.hop.name, len(events)):
                try:
                    rows, fault = await self.publish(events)
                finally:
                    if self.doubts is not None:
                        self.doubts.give_up()
                stored = await asyncio.gather(*await send_all(self.app.producer, rows))
            if self.table is not None:
                self.table.note_stored(stored)
            done = len(events) if fault is None else _place_of(self.deciding, events)
            for event in events[:done]:
                event.ack()
        self.deciding = None
        return done, fault

    async def failed(self, event: EventT, fault: Exception, tries: int) -> None:
        """Have the record tried again, on a state that knows nothing of it, or set it aside after the last try."""
        if self.table is not None and not isinstance(fault, UnchangedError):
            await self.table.reload(event.message.partition)
        if isinstance(fault, PoisonError):
            await self.set_aside(event, fault)
            return
        about = logs.bound(event.message, hop=self.hop.name)
        logger.error("%s failed on a record, try %d", self.hop.name, tries, extra=about, exc_info=fault)
        self.metrics.add("record_faults", self.hop.name)
        if tries >= self.settings.record_tries:
            await self.aside_or_stop(event, internal_error(self.hop.name, fault))

    async def aside_or_stop(self, event: EventT, error: PoisonError) -> None:
        """Send the record at hand to the dead letters, and go on behind it.

        Raises:
            TooManyFaultsError: it is one of too many; whoever comes next is told.
        """
        try:
            self.quarantine.set_aside(self.handled)
        except TooManyFaultsError:
            if self.doubts is not None:
                await self.doubts.leave(event, self.quarantine.in_a_row - 1)
            raise
        await self.set_aside(event, error)

    async def set_aside(self, event: EventT, error: PoisonError) -> None:
        """Send the record at hand to the dead letters, and go on behind it."""
        outputs: list[Outgoing] = []
        self.ask_for(event, error, {}, outputs)
        async with self.scope():
            await asyncio.gather(*await send_all(self.app.producer, outputs))
            event.ack()
        self.handled += 1
        self.in_hand = self.in_hand[1:]

    async def publish(self, batch: Sequence[EventT]) -> tuple[list[Outgoing], Exception | None]:
        """Decide record by record, publish what they ask for; the table rows to store once that is answered.

        Rows wait for the broker's answer to the outputs: a recovered table may know less than was published, which is
        then decided again in the same words, but never more, which nobody would ever be told. Between two slices of
        some hundredths of a second the other hops and the consumer run, and now and then what is decided is handed
        over: a long batch keeps nobody waiting. With a fault of ours it ends early, before the record being `deciding`.
        """
        answers: list[Awaitable[Any]] = []
        rows: Rows = {}
        outputs: list[Outgoing] = []
        fault: Exception | None = None
        noted = self.doubts is not None and self.doubts.noted
        if self.doubts is not None:
            await self.doubts.enter()
        handed_over = resumed = time.perf_counter()
        for events in self.stretches(batch):
            try:
                if len(events) == 1:
                    self.take(events[0], rows, outputs)
                else:
                    self.take_together(events, rows, outputs)
            except Exception as error:
                if not (self.settings.record_tries or isinstance(error, PoisonError)):
                    raise
                fault = error
                break
            now = time.perf_counter()
            if now - resumed > _SLICE_S:
                if now - handed_over > _HAND_OVER_S and not noted:
                    answers += await send_all(self.app.producer, coalesced(outputs, self.compacted))
                    outputs.clear()
                    handed_over = now
                await asyncio.sleep(0)
                if self.doubts is not None:
                    await self.doubts.turn()
                resumed = time.perf_counter()
        if self.doubts is not None and noted:
            await self.doubts.release()
        answers += await send_all(self.app.producer, coalesced(outputs, self.compacted))
        await asyncio.gather(*answers)
        return list(rows.values()), fault

    def stretches(self, batch: Sequence[EventT]) -> Iterable[Sequence[EventT]]:
        """The records in their order, as many at a time as the hop decides together: one, unless it has steps."""
        if self.stepwise is None:
            return zip(batch)
        return stretches(batch, _bytes_of)

    def take(self, event: EventT, rows: Rows, outputs: list[Outgoing]) -> None:
        """Decide one record and add what it asks for, within a span where traces are wanted."""
        if self.tracing is None:
            self.ask_for(event, self.decide(event), rows, outputs)
            return
        before = len(outputs)
        with self.tracing.handling(self.hop.name, event.message) as carried:
            self.ask_for(event, self.decide(event), rows, outputs)
        outputs[before:] = [out._replace(headers=[*(out.headers or ()), *carried]) for out in outputs[before:]]

    def take_together(self, events: Sequence[EventT], rows: Rows, outputs: list[Outgoing]) -> None:
        """Decide several records step by step and add what they ask for."""
        for event, decision in zip(events, self.decide_together(events), strict=True):
            self.deciding = event
            self.ask_for(event, decision, rows, outputs)

    def decide_together(self, events: Sequence[EventT]) -> Iterable[Decision]:
        """What a hop that has steps makes of these records; one by one when it fails, up to the one to blame."""
        assert self.stepwise is not None
        try:
            return self.stepwise.each(list(map(_record, events)))
        except Exception:
            logger.warning("%s failed on %d records together", self.hop.name, len(events), exc_info=True)
            return map(self.decide, events)

    def decide(self, event: EventT) -> Decision:
        """What the hop makes of one record."""
        self.deciding = event
        state = None if self.table is None else self.table.data.state_of(event.message.partition)
        return caught(self.hop, _record(event), state)

    def sized(self, effects: Effects) -> Decision:
        """The same, or a refusal when no topic of ours would take an output, as of a text that is all place names.

        Sent all the same, it would stop every worker that meets the record.
        """
        for output in effects.outputs:
            if output.value is not None and (size := len(output.value)) > self.largest_bytes:
                return PoisonError("output_too_large", f"an event of {size} bytes came of it")
        for _, row in effects.rows:
            if row is not None and (size := len(row)) > self.largest_bytes:
                return PoisonError("output_too_large", f"a row of {size} bytes came of it")
        return effects

    def ask_for(self, event: EventT, decision: Decision, rows: Rows, outputs: list[Outgoing]) -> None:
        """Add what a decision asks for, the raw article's timestamp in its headers, and count it.

        The records themselves bear the broker's time: retention counts from when they were written (ADR 13).

        Of the rows of one key the last is stored: a report whose figures come in one batch has one row, not one for
        each figure.
        """
        if isinstance(decision, Effects):
            decision = self.sized(decision)
            if self.table is not None and isinstance(decision, PoisonError):
                raise decision  # the state knows already what nobody will be told
        if isinstance(decision, PoisonError):
            self.poisoned_in_a_row += 1
            self.metrics.poisoned(self.hop.name, decision.reason)
            outputs.append(self.dead_letter(event, decision))
            return
        self.poisoned_in_a_row = 0
        moment: int = event.message.article_ms
        found: list[Outgoing] = []  # all or, with a fault of ours, nothing
        came_with = event.message.headers or ()
        trace = [] if self.tracing is not None else headers.trace_context(came_with)
        carried = headers.carried(came_with, raw=self.hop.source == RAW)
        for output in decision.outputs:
            name = self.settings.topic(output.topic)
            told = headers.cloud_event(output, moment) + trace
            if output.topic in headers.OF_ONE_ARTICLE:
                told += carried
            value = self.framed(name, output.value) if self.frames else output.value
            found.append(Outgoing(name, output.key, value, None, told))
        self.metrics.decided(self.hop.name, decision, moment)
        if self.table is not None:
            partition = event.message.partition
            for key, row in decision.rows:
                rows[partition, key] = self.table.changelog_record(partition, key, row)
        outputs += found

    def framed(self, topic: str, value: bytes | None) -> bytes | None:
        """A value as its readers expect it: behind the number of its schema where there is a registry."""
        frame = self.frames.get(topic)
        return value if frame is None or value is None else frame + value

    def dead_letter(self, event: EventT, error: PoisonError) -> Outgoing:
        """A record that is set aside, for the dead letters: original key and bytes, headers that say why, and its own.

        Of a record too large for our topics the beginning is kept, of its key as of its value: one such article must
        not stop the stream.
        """
        message = event.message
        about = logs.bound(message, hop=self.hop.name, reason=error.reason)
        level = logging.ERROR if error.reason == "internal_error" else logging.WARNING
        logger.log(level, "dead letter: %s", error.detail, extra=about)
        why = headers.dead_letter(
            self.hop.name, message.topic, message.partition, message.offset, error, article_ms(message)
        )
        key, value = message.key, message.value
        if key is not None and len(key) > _MOST_OF_KEY:
            why.append(("truncated-key-from-bytes", str(len(key)).encode()))
            key = key[:_MOST_OF_KEY]
        if value is not None and len(value) > 2 * self.settings.max_article_bytes:
            why.append(("truncated-from-bytes", str(len(value)).encode()))
            value = value[: self.settings.max_article_bytes]
        kept = headers.original(message.headers or (), raw=self.hop.source == RAW)
        return Outgoing(self.settings.topic(DEAD_LETTER), key, value, None, why + kept)

    async def stop_worker(self, event: EventT, error: Exception) -> None:
        """Our fault or the broker's: say where, and bring the worker down before anything after it is committed."""
        about = logs.bound(event.message, hop=self.hop.name)
        why = type(error).__name__, error
        logger.critical("%s stops the worker: %s: %s", self.hop.name, *why, extra=about, exc_info=error)
        await self.app.crash(error)

    async def pause_when_poisoned(self) -> None:
        """After a run of nothing but poison, wait for an operator: a bad deploy must not bury the topic."""
        limit = self.settings.poison_pause
        if limit and self.poisoned_in_a_row >= limit:
            self.metrics.paused(self.hop.name)
            logger.error(
                "%s pauses: %d dead letters in a row; fix the cause and restart", self.hop.name, self.poisoned_in_a_row
            )
            while not self.app.should_stop:  # noqa: ASYNC110  # Faust has no event for it
                await asyncio.sleep(0.2)


def coalesced(outputs: Sequence[Outgoing], compacted: frozenset[str]) -> list[Outgoing]:
    """The same without the records that a later one of their key replaces, on topics where only the last is true.

    An incident that a hundred reports of one batch tell of is published once, and once more if it expires in it. What
    stands after a batch is the same wherever it is cut, so that redelivery ends in the same values.
    """
    last = {(out.topic, out.key): number for number, out in enumerate(outputs)}
    stays = {(out.topic, out.key): number for number, out in enumerate(outputs) if not _only_frees(out)}
    return [
        out
        for number, out in enumerate(outputs)
        if out.topic not in compacted or number in (last[out.topic, out.key], stays.get((out.topic, out.key)))
    ]


def _only_frees(out: Outgoing) -> bool:
    """Whether it is a tombstone after which the value before it stays true: who keeps values must be told that."""
    return out.value is None and headers.EXPIRED in (out.headers or ())


def let_tolls_wait(runners: Sequence[Runner]) -> None:
    """Have the hop that counts give way to the others of the worker.

    Enriched articles wait for no toll then, and the reports of some articles are counted together, which costs less.
    """
    for runner in runners:
        if runner.hop.source == REPORTS:
            runner.gives_way_to = [other for other in runners if other is not runner]


def _place_of(wanted: EventT | None, events: Sequence[EventT]) -> int:
    return next(place for place, event in enumerate(events) if event is wanted)


def _bytes_of(event: EventT) -> int:
    return len(event.message.value or b"")


def _record(event: EventT) -> Record:
    """What a hop is given of a record; notes the raw article's timestamp on the message, for what comes of it."""
    message = event.message
    message.article_ms = article_ms(message)
    source = headers.source(message.headers or ()) if message.value is None else None
    return Record(message.key, message.value, message.article_ms, source)


def article_ms(message: Any) -> int:
    """The timestamp of the raw article in whole milliseconds: its record's own, or what the hops before handed on.

    What a producer puts into the headers of a raw article is not asked: the broker bounds timestamps, and nobody
    headers. Without the header, as in a record of a release before 0.2.0, the record's own is the raw article's.
    """
    if not message.topic.endswith(RAW):
        handed_on = headers.timestamp_ms(message.headers or ())
        if handed_on is not None:
            return handed_on
    timestamp_s: float = message.timestamp
    return round(timestamp_s * 1000)


async def batches(
    app: faust.App, stream: StreamT, limit: int, gives_way: Callable[[], bool]
) -> AsyncIterator[list[EventT]]:
    """What has arrived, up to `limit` records at a time: at rest one record at once, under load full batches.

    While it `gives_way`, it waits a little for more.

    Faust's `noack_take` waits out a timer for each batch and passes every event through a task of its own; here the
    events come straight from the agent's queue. As in Faust's own loop, records of an earlier generation are skipped,
    but never acked: the consumer reads them again from the committed offset.
    """
    await stream.maybe_start()
    queue = stream.channel.queue
    while not stream.should_stop:
        try:
            batch = [await queue.get()]
        except StopAsyncIteration:  # Faust's word for: the stream is stopped
            return
        waited_s = 0.0
        while waited_s < _PATIENCE_S and len(batch) + queue.qsize() < limit and gives_way():
            await asyncio.sleep(_LOOK_S)
            waited_s += _LOOK_S
        while len(batch) < limit and not queue.empty():
            batch.append(queue.get_nowait())
        generation = app.consumer_generation_id
        current = [event for event in batch if event.message.generation_id == generation]
        if current and app.flow_control.is_active():
            for event in current:
                app.consumer.track_message(event.message)
            yield current
