"""One Faust agent per hop: take what has arrived, decide, publish, wait for the broker, then ack in order.

At least once: a crash between the broker's answer and the commit repeats records, and the repeats are byte-identical.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import faust
from faust.types import EventT, StreamT

from stream_app.core.hops import DEAD_LETTER, Effects, Hop, Record
from stream_app.core.poison import PoisonError
from stream_app.service import headers
from stream_app.service.live import Live
from stream_app.service.metrics import Metrics
from stream_app.service.tables import RowTable
from stream_app.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Runner:
    """Runs one hop over the batches of its topic; `scope` encloses each batch, as the delivery guarantee wants."""

    app: faust.App
    hop: Hop
    table: RowTable | None
    settings: Settings
    metrics: Metrics
    live: Live
    scope: Callable[[], contextlib.AbstractAsyncContextManager[None]] = contextlib.nullcontext
    poisoned_in_a_row: int = 0
    stream: StreamT | None = None
    in_hand: Sequence[EventT] = ()

    def waiting(self) -> int:
        """How many records were fetched and are not acked yet."""
        queued: int = 0 if self.stream is None else self.stream.channel.queue.qsize()
        return len(self.in_hand) + queued

    def oldest_waiting_s(self) -> float | None:
        """The timestamp of the first of them, in seconds since 1970; None when there is none."""
        queued = () if self.stream is None else self.stream.channel.queue._queue  # noqa: SLF001  # only looked at
        first: EventT | None = next(iter(self.in_hand), None) or next(iter(queued), None)
        return None if first is None else float(first.message.timestamp)

    async def run(self, stream: StreamT) -> None:
        """Handle batches until the stream ends; our own faults stop the worker with their offsets uncommitted."""
        self.stream = stream
        async for batch in batches(self.app, stream, self.settings.batch_max):
            try:
                await self.handle(batch)
            except Exception as error:
                await self.stop_worker(batch[0], error)
                raise

    async def handle(self, batch: list[EventT]) -> None:
        """Publish everything that the batch asks for, wait for the broker's answers, ack in order."""
        self.in_hand = batch
        async with self.scope():
            with self.metrics.timed(self.hop.name, len(batch)):
                answers: list[Awaitable[Any]] = []
                for event in batch:
                    answers.extend(await self.publish(event, self.decide(event)))
                await asyncio.gather(*answers)
            for event in batch:
                event.ack()
        self.in_hand = ()
        await self.pause_when_poisoned()

    def decide(self, event: EventT) -> Effects | PoisonError:
        """What the hop makes of one record."""
        message = event.message
        record = Record(message.key, message.value, timestamp_ms(event))
        state = None if self.table is None else self.table.data.state(message.partition)
        try:
            effects = self.hop(record, state)
        except PoisonError as error:
            self.poisoned_in_a_row += 1
            self.metrics.poisoned(self.hop.name, error.reason)
            return error
        self.poisoned_in_a_row = 0
        self.metrics.decided(self.hop.name, effects, record.timestamp_ms)
        return effects

    async def publish(self, event: EventT, decision: Effects | PoisonError) -> list[Awaitable[Any]]:
        """Hand a decision to the producer: rows first, so that no output tells what a recovered table has forgotten."""
        if isinstance(decision, PoisonError):
            return [await self.bury(event, decision)]
        answers = [await self.send_row(event, key, row) for key, row in decision.rows]
        for output in decision.outputs:
            self.live.note(output)
            why = headers.cloud_event(output, timestamp_ms(event))
            answers.append(await self.send(output.topic, output.key, output.value, event, why))
        return answers

    async def send(
        self, topic: str, key: bytes | None, value: bytes | None, event: EventT, why: headers.Headers
    ) -> Awaitable[Any]:
        """Hand one record to the producer under the timestamp of the record that it came of."""
        timestamp_s = (timestamp_ms(event) + 0.5) / 1000  # Faust cuts to whole milliseconds
        name = self.settings.topic(topic)
        answer: Awaitable[Any] = await self.app.producer.send(name, key, value, None, timestamp_s, why)
        return answer

    async def send_row(self, event: EventT, key: bytes, row: bytes | None) -> Awaitable[Any]:
        """Hand one table row to the producer, on the changelog partition of the record's own."""
        assert self.table is not None
        return await self.table.send_row(event.message.partition, key, row)

    async def bury(self, event: EventT, error: PoisonError) -> Awaitable[Any]:
        """Send a record that can never succeed to the dead letters: original key and bytes, headers that say why."""
        message = event.message
        logger.warning(
            "dead letter: %s", error.reason,
            extra={"topic": message.topic, "partition": message.partition, "offset": message.offset},
        )  # fmt: skip
        why = headers.dead_letter(message.topic, message.partition, message.offset, error.reason, error)
        return await self.send(DEAD_LETTER, message.key, message.value, event, why)

    async def stop_worker(self, event: EventT, error: Exception) -> None:
        """Our fault or the broker's: say where, and bring the worker down before anything after it is committed."""
        message = event.message
        logger.critical(
            "%s stops the worker: %s: %s", self.hop.name, type(error).__name__, error,
            extra={"topic": message.topic, "partition": message.partition, "offset": message.offset},
            exc_info=error,
        )  # fmt: skip
        await self.app.crash(error)

    async def pause_when_poisoned(self) -> None:
        """After a run of nothing but poison, wait for an operator: a bad deploy must not bury the topic."""
        limit = self.settings.poison_pause
        if limit and self.poisoned_in_a_row >= limit:
            self.metrics.paused(self.hop.name)
            logger.error(
                "%s pauses: %d dead letters in a row; fix the cause and restart", self.hop.name, self.poisoned_in_a_row
            )
            while not self.app.should_stop:
                await asyncio.sleep(0.2)


def timestamp_ms(event: EventT) -> int:
    """The record's timestamp in whole milliseconds, as the broker has it."""
    return round(event.message.timestamp * 1000)


async def batches(app: faust.App, stream: StreamT, limit: int) -> AsyncIterator[list[EventT]]:
    """What has arrived, up to `limit` records at a time: at rest one record at once, under load full batches.

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
        while len(batch) < limit and not queue.empty():
            batch.append(queue.get_nowait())
        generation = app.consumer_generation_id
        current = [event for event in batch if event.message.generation_id == generation]
        if current and app.flow_control.is_active():
            for event in current:
                app.consumer.track_message(event.message)
            yield current
