# mypy: allow-subclassing-any
"""Faust's Kafka transport with its known faults worked around, here and nowhere else; docs/adr/0004 names each.

What differs from Faust 0.15.3: offsets are tracked as a position a partition, which works because our agents ack in
order; a failed commit is not taken for done; acked offsets outlive the start of a rebalance; recovery knows where a
changelog's data ends, also behind transaction markers, aborted or deleted records; reading is `read_committed`;
producing is idempotent; nothing is sent past a batch that was refused; and a process that was frozen past its session
stops instead of writing what is stale.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import faust
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError
from aiokafka.producer.message_accumulator import MessageBatch
from aiokafka.producer.sender import Sender
from aiokafka.structs import ConsumerRecord, OffsetAndMetadata
from faust.transport.consumer import notify
from faust.transport.drivers import aiokafka as driver
from faust.types import TP
from faust.types.tuples import ack_lock
from mode import Service
from mode.utils.futures import maybe_async

from stream_app.service.changelogs import held, internal, with_held, without_held
from stream_app.service.connection import client_options
from stream_app.service.doubt import CLEAN
from stream_app.service.engine.drain import BatchDrain
from stream_app.service.engine.fetching import Troubles, watch
from stream_app.service.engine.gaps import Gaps
from stream_app.service.engine.outbox import BatchProducer, batch_in
from stream_app.service.engine.protocol import require_stable
from stream_app.service.skips import passed
from stream_app.service.topics import TOPICS
from stream_app.settings import Settings

READ_COMMITTED, READ_UNCOMMITTED = "read_committed", "read_uncommitted"
_TAIL_RECORDS = 64
FETCH_WAIT_MS = 200
_TICK_S = 0.25
_LET_GO_S = 2.0
_GAP_LOOK_S = 0.5  # between two looks whether what was in hand before a gap is committed
_LOOK_S = 2.0  # between two looks at partitions that came later or stand still ...
_LOOKS_A_TRY = 5  # ... of which each fifth tries a batch again that could not be decoded
_LOOKS_UNTIL_GIVEN = 5  # after so many the leader has long seen new partitions: its metadata is read every five seconds


class PartitionsAddedError(RuntimeError):
    """A topic whose records feed a table was given more partitions while workers run."""


class FrozenError(RuntimeError):
    """The process stood still for so long that its partitions may be another's: nothing more may be written."""


class Pulse:
    """Tells whether the process stood still: a task ticks, and a gap in the ticks is a freeze.

    A worker that was stopped and goes on (SIGSTOP, a suspended machine) has records in its buffers that its successor
    has sent already, with newer ones behind them. Sent now, they would be the last word.

    The first look begins it: how long a slow machine took to come so far is no freeze, for nothing was held yet.
    """

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self._last: float | None = None

    async def run(self) -> None:
        """Tick until cancelled; a freeze that is found is never forgotten."""
        while True:
            self.check()
            await asyncio.sleep(_TICK_S)

    def check(self) -> None:
        """Note that the process lives.

        Raises:
            FrozenError: it stood still for longer than the limit, now or before.
        """
        now = time.monotonic()
        if self._last is not None and now - self._last > self.limit_s:
            raise FrozenError(f"this process stood still for {now - self._last:.1f} s; its session may be over")
        self._last = now


class RefusedError(RuntimeError):
    """The broker refused a batch for good: what was handed over after it would overtake it."""


class OrderedSender(Sender):
    """aiokafka's sender, but it asks the pulse before every request, and sends nothing after a batch that was refused.

    aiokafka tells those who wait for the batch and goes on with the next one of the partition. The worker that hears of
    the refusal stops and decides both again, so the later one would stand before the earlier one and behind it.
    """

    pulse: Pulse

    async def _send_produce_req(self, node_id: int, batches: Mapping[TopicPartition, MessageBatch]) -> None:
        self.pulse.check()
        await super()._send_produce_req(node_id, batches)
        for tp, batch in batches.items():
            future = batch.future
            if future.done() and not future.cancelled() and (refusal := future.exception()):
                raise RefusedError(f"{tp.topic} {tp.partition}: {refusal}")


class LoopTask:
    """What Faust starts in place of a thread: a task of the loop that runs already."""

    def __init__(self, service: ConsumerThread) -> None:
        self._service = service
        self._serving: asyncio.Future[None] | None = None

    def start(self) -> None:
        """Begin to serve; the service itself tells when it has started, or why it could not."""
        self._serving = asyncio.ensure_future(self._serve())

    async def _serve(self) -> None:
        try:
            await self._service._serve()  # noqa: SLF001 - what Faust's thread would run
        except Exception:  # noqa: BLE001 - the service has logged it and crashed the app
            self._service.set_shutdown()

    def stop(self) -> None:
        """Nothing to join: a service is stopped when it has shut down."""


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """Creates the aiokafka consumer that Faust would, but in our loop, reading what is committed, from stable offsets.

    Faust gives the consumer a thread, so that a long computation does not keep it from its heartbeats. Ours yield every
    few hundredths of a second, and each wake-up of a second thread waits until the interpreter hands over its lock: for
    both threads, several times a fetch. Besides, a loop that stands still tells the broker so by its silence.
    """

    Worker: ClassVar[type[LoopTask]] = LoopTask

    async def call_thread(self, fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """The result of the function, or of what it has to wait for."""
        return await maybe_async(fun(*args, **kwargs))

    async def _gather_remaining_tasks(self) -> None:
        """Leave alone what else runs in the loop; in a thread of its own it would all be the consumer's."""

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        consumer._isolation_level = READ_COMMITTED  # noqa: SLF001 - Faust has no setting; read when it starts
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS  # noqa: SLF001 - Faust's 1500 hold up the offset requests behind it
        return consumer

    async def on_start(self) -> None:
        """Start the consumer; its subscription comes later, so its first look at offsets is a stable one."""
        await super().on_start()
        require_stable(self._consumer)
        watch(self._consumer, self.transport.troubles, self.consumer.note_gap)
        self._consumer.__class__ = _Committing
        self._consumer.held = self.consumer.changelog_held


class _Committing(AIOKafkaConsumer):
    """aiokafka's consumer, but it says with each offset how far the table of the partition's hop was stored."""

    held: Callable[[TopicPartition], str]

    async def commit(self, offsets: Mapping[TopicPartition, OffsetAndMetadata]) -> None:
        """Commit; what is said beside an offset already goes before."""
        await super().commit(
            {tp: OffsetAndMetadata(at.offset, with_held(at.metadata, self.held(tp))) for tp, at in offsets.items()}
        )


class Consumer(BatchDrain, driver.Consumer):
    """Faust's consumer with positions in place of ack lists, and changelog ends that recovery can reach."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._positions: dict[TP, int] = {}
        self._noted: dict[TP, tuple[int, str]] = {}
        self._done: dict[TP, int] = {}
        self._gaps = Gaps(self.transport.troubles.note_lost)
        self._committing = asyncio.Lock()
        self._seeking = asyncio.Lock()
        self._between_generations = False
        self._held = False
        self._must_seek = False
        self._counts: Mapping[str, int] = {}
        self._assign_anew_at: float | None = None

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, thread_loop=self.loop, beacon=self.beacon)

    def ack(self, message: Any) -> bool:
        """Note that every record of the partition up to this one has its answers."""
        with ack_lock:
            if message.acked:
                return False
            message.acked = True
            self._unacked_messages.discard(message)
            counts = bool(self.app.topics.acks_enabled_for(message.topic))
            if counts:
                self._positions[message.tp] = max(message.offset + 1, self._positions.get(message.tp, 0))
                self._n_acked += 1
            notify(self._waiting_for_ack)
            return counts

    async def force_commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:  # noqa: ARG002, FBT001, FBT002
        """Commit every position; what could not be committed stays to be."""
        async with self._committing:
            positions = dict(self._positions)
            if not positions or not await self._commit(positions):
                return False
            self._forget(positions)
        return True

    async def committed(self, tps: Sequence[TP]) -> dict[TP, tuple[int, str]]:
        """The committed offset of each partition, and what the commit says; the beginning, clean, without a commit."""
        asked = [TopicPartition(tp.topic, tp.partition) for tp in tps]
        found = await self._thread._consumer._coordinator.fetch_committed_offsets(asked)  # noqa: SLF001 - no such method
        begun = {TP(tp.topic, tp.partition): (said.offset, without_held(said.metadata)) for tp, said in found.items()}
        fresh = [tp for tp in tps if tp not in begun]
        starts = await self.earliest_offsets(*fresh) if fresh else {}
        return {**begun, **{TP(tp.topic, tp.partition): (offset, CLEAN) for tp, offset in starts.items()}}

    async def settle(self) -> None:
        """Nothing: a note commits its offset, and all before it."""

    async def note(self, notes: Mapping[TP, tuple[int, str]]) -> None:
        """Commit offsets behind records that have their answers, and say something by it.

        When the generation has ended it says nothing: whoever has the partitions now reads these records again.
        """
        if notes:
            await self.say(notes)
            self._noted.update(notes)

    async def say(self, notes: Mapping[TP, tuple[int, str]]) -> None:
        """Commit these offsets, and say something by it; of a generation none goes back behind one before."""
        async with self._committing:
            ahead = {tp: (max(offset, self._done.get(tp, 0)), text) for tp, (offset, text) in notes.items()}
            said = {TopicPartition(*tp): OffsetAndMetadata(offset, text) for tp, (offset, text) in ahead.items()}
            try:
                await self._thread._consumer.commit(said)  # noqa: SLF001 - Faust's own commit has no metadata
            except (CommitFailedError, IllegalStateError) as error:
                self.log.warning("no note: %s", error)
            else:
                self._forget({tp: offset for tp, (offset, _) in ahead.items()})

    def note_gap(self, tp: TP, first: int, begins: int) -> None:
        """Records from `first` up to where the partition begins now are gone unread: they are told once."""
        if self._is_changelog_tp(tp):  # read for a table, and never committed
            self.transport.troubles.note_lost(tp, first, begins)
            return
        self._gaps.note(tp, first, begins)
        self.add_future(self._close_gap(tp))

    async def _close_gap(self, tp: TP) -> None:
        closed = False
        while not (closed or self.should_stop):
            async with self.transport.alone():
                closed = await self._gaps.close(tp, self)
            if not closed:
                await self.sleep(_GAP_LOOK_S)

    async def let_go(self) -> None:
        """Say of each partition that was worked on that nothing of it is in hand, unless the broker is away."""
        if self._noted and not (self._unacked_messages or self.app.crashed):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LET_GO_S):
                    committed = await self.committed([tp for tp in self._noted if tp in self.assignment()])
                    await self.note({tp: (offset, CLEAN) for tp, (offset, _) in committed.items()})

    def _forget(self, committed: Mapping[TP, int]) -> None:
        """Take positions off the list that are committed and have not moved since."""
        for tp, offset in committed.items():
            if self._positions.get(tp) == offset:
                del self._positions[tp]
        self._committed_offset.update(committed)
        self._done.update(committed)
        self._gaps.passed(committed)
        self.app.monitor.on_tp_commit(committed)

    async def wait_empty(self) -> None:
        """Wait until every record in hand has its answers, and commit.

        Faust collects garbage at each look, for messages of its own that nobody holds any more: ours are acked or in
        hand, and a full collection takes long where tables are large.
        """
        while not self.should_stop and self._unacked_messages:
            await self.commit()
            if self._unacked_messages:
                await self._wait_for_ack(timeout=1)
            self._clean_unacked_messages()
        await self.commit_and_end_transactions()

    async def commit_and_end_transactions(self) -> None:
        """Commit what is left, and let go; Faust would take another commit under way for this one."""
        await self.force_commit()
        await self.let_go()

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:
        """End a generation: batches under way are waited for and committed, then nothing flows until the next."""
        self._between_generations = True
        await super().on_partitions_revoked(revoked)

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Begin a generation: reading starts again at the committed offsets, so older positions mean nothing."""
        self._positions.clear()
        self._noted.clear()
        self._done.clear()
        self._gaps.forget()
        self.transport.troubles.held.clear()
        self._counts = self._partition_counts()
        self._between_generations = False
        assignor = self.app.assignor
        wait_s = self.transport.settings.rebalance_probe_s
        self._assign_anew_at = time.monotonic() + wait_s if assignor.may_be_evener else None
        assignor.may_be_evener = False
        await super().on_partitions_assigned(assigned, generation_id)

    def changelog_held(self, tp: TopicPartition) -> str:
        """What is committed beside the offset of a partition with a table: how far its changelog holds the rows."""
        table = next((t for t in self.app.tables.values() if t.source == tp.topic), None)
        return "" if table is None else self.transport.changelog_held(table, tp.partition)

    # Partitions that came later, and those that a batch holds up

    def _partition_counts(self) -> dict[str, int]:
        """How many partitions each topic of the group has, by the metadata as of now."""
        consumer = self._thread._consumer  # noqa: SLF001
        cluster = consumer._client.cluster  # noqa: SLF001 - read only
        return {topic: len(cluster.partitions_for_topic(topic) or ()) for topic in consumer.subscription()}

    def grown(self) -> list[str]:
        """Topics that have more partitions than were given out: they are, within seconds, by a rebalance."""
        now = self._partition_counts()
        return sorted(topic for topic, count in now.items() if count > self._counts.get(topic, count))

    @Service.task  # type: ignore[untyped-decorator]  # mode ships no types
    async def _look_after_partitions(self) -> None:
        """Stop where a table's topic has grown, see to partitions that stand still, and assign anew, every two seconds.

        Where the leader has given out new partitions before this worker knew of them, no rebalance follows.
        """
        looks = grown_for = 0
        while not self.should_stop:
            await self.sleep(_LOOK_S)
            looks += 1
            self._refuse_split_tables()
            grown_for = grown_for + 1 if self.grown() else 0
            if grown_for > _LOOKS_UNTIL_GIVEN:
                self._counts = self._partition_counts()
            if self.transport.troubles.held and self.flow_active:
                await self._ease(again=looks % _LOOKS_A_TRY == 0)
            if self._assign_anew_at is not None and time.monotonic() > self._assign_anew_at and self.flow_active:
                self._assign_anew_at = None
                self.log.info("asks for a rebalance: standbys have read what they stand by for")
                self._thread._consumer._coordinator.request_rejoin()  # noqa: SLF001 - no such method

    def _refuse_split_tables(self) -> None:
        counts = self._partition_counts()
        split = [topic for topic, wanted in self.transport.indivisible.items() if counts.get(topic, 0) > wanted]
        if split:
            raise PartitionsAddedError(
                f"partitions were added to {', '.join(split)}: keys would meet in other places than their state. "
                "Move to new topics with another STREAM_APP_PREFIX."
            )

    async def _ease(self, *, again: bool) -> None:
        """Go on behind batches that an operator has passed; `again`: try the others."""
        troubles, consumer = self.transport.troubles, self._thread._consumer  # noqa: SLF001
        told = await passed(self.transport.settings, troubles.held)
        for tp, batch in list(troubles.held.items()):
            if tp not in self.assignment() or (self._read_offset.get(tp) or 0) >= batch.first:
                del troubles.held[tp]  # another's, or read after all
            elif told.get(tp, 0) > batch.first:
                consumer.seek(driver.ensure_aiokafka_TP(tp), told[tp])
                troubles.note_passed(tp, told[tp])
                consumer.resume(driver.ensure_aiokafka_TP(tp))
            elif again:
                consumer.resume(driver.ensure_aiokafka_TP(tp))

    # From assignment to flow. Faust lets source records through as soon as it resumes their partitions, seeks to the
    # committed offsets beside that, and empties the agents' queues after that: what was let through in between is
    # gone from the queues, and on the read side it counts as read. Here source records wait for the end of all this.

    def resume_partitions(self, tps: Iterable[TP]) -> None:
        """Read these again; records of source topics are held back until the flow resumes."""
        wanted = set(tps)
        super().resume_partitions(wanted)
        if any(not self._is_changelog_tp(tp) for tp in wanted):
            self._held = True

    def resume_flow(self) -> None:
        """Let records flow, from the committed offsets on; not for a recovery whose generation has ended meanwhile."""
        if self._between_generations:
            return
        super().resume_flow()
        if self._held:
            self._held, self._must_seek = False, True

    async def before_fetch(self) -> None:
        """Begin the flow of a generation with the seek to its committed offsets."""
        if self._must_seek:
            with contextlib.suppress(IllegalStateError):  # another rebalance: its own flow begins with a seek as well
                await self.perform_seek()
                self._must_seek = False

    async def perform_seek(self) -> None:
        """Go back to the committed offsets, and to the beginning where nothing is committed yet.

        aiokafka leaves the latter where they are, so that what was fetched and dropped since would never be read again.
        Recovery and the start of the flow both ask for it, one after the other: a second reset of a partition would
        find the first under way.
        """
        async with self._seeking:
            await super().perform_seek()
            fresh = [tp for tp in self.assignment() if not self._read_offset.get(tp) and not self._is_changelog_tp(tp)]
            if fresh:
                await self._thread.seek_to_beginning(*map(driver.ensure_aiokafka_TP, fresh))

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Warn of a partition that stands still; Faust would crash on one that has no position yet."""
        with contextlib.suppress(AssertionError):  # aiokafka's: no position
            super().verify_event_path(now, tp)

    def withheld(self, tp: TP) -> bool:
        """Whether what was fetched of this partition came before the seek that begins its flow: it is read again."""
        return (self._held or self._must_seek) and not self._is_changelog_tp(tp)

    async def _add_gap(self, tp: TP, offset_from: int, offset_to: int) -> None:
        """Positions need no list of gaps; Faust's would grow with every transaction marker."""

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """Where the data of these changelog partitions ends: one past the last record that recovery will be given."""
        standbys = self.app.assignor.assigned_standbys()
        active = [tp for tp in partitions if tp not in standbys]
        return await changelog_ends(self.transport.settings, partitions, settled=active)


class Producer(BatchProducer, driver.Producer):
    """Faust's producer, idempotent, and silent after a freeze."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ticking: asyncio.Future[None] | None = None
        self._internal = internal(self.transport.settings)

    def new_batch(self, producer: AIOKafkaProducer, topic: str) -> Any:
        """An empty batch, compressed as the settings say: what only workers read has a codec of its own."""
        if topic not in self._internal:
            return super().new_batch(producer, topic)
        return batch_in(producer, self.transport.settings.internal_compression)

    async def on_start(self) -> None:
        """Start the producer, and the pulse that it asks."""
        await super().on_start()
        self._ticking = asyncio.ensure_future(self.transport.pulse.run())
        self._ticking.add_done_callback(self._on_pulse_end)

    def _on_pulse_end(self, ticking: asyncio.Future[None]) -> None:
        if not ticking.cancelled() and (error := ticking.exception()):
            asyncio.ensure_future(self.app.crash(error))  # noqa: RUF006 - the app keeps nothing that could cancel it

    async def on_stop(self) -> None:
        """Stop pulse and producer."""
        if self._ticking is not None:
            self._ticking.cancel()
        await super().on_stop()

    def _settings_extra(self) -> Mapping[str, Any]:
        return {"acks": "all", "enable_idempotence": self.transport.settings.idempotence}

    def _new_producer(self, transactional_id: str | None = None) -> AIOKafkaProducer:
        producer = super()._new_producer(transactional_id)
        producer._sender.__class__ = OrderedSender  # noqa: SLF001 - same state, one method more
        producer._sender.pulse = self.transport.pulse  # noqa: SLF001
        return producer


class Transport(driver.Transport):
    """At-least-once: what the worker uses unless it is told otherwise."""

    Consumer: ClassVar[type[Consumer]] = Consumer
    Producer: ClassVar[type[Producer]] = Producer

    def __init__(self, app: faust.App, settings: Settings) -> None:
        super().__init__(app.conf.broker_consumer, app)
        self.settings = settings
        self.pulse = Pulse(settings.session_timeout_s * 0.9)
        self.troubles = Troubles()
        self.indivisible = {
            settings.topic(spec.name): spec.partitions(settings) for spec in TOPICS if spec.single or spec.fixed
        }
        self.changelog_starts: Mapping[TP, int] = {}

    def changelog_held(self, table: Any, partition: int) -> str:
        """Where the changelog began when this worker started, and up to where it holds what the state holds."""
        changelog = TP(table.changelog_topic_name, partition)
        return held(self.changelog_starts.get(changelog, 0), table.data.persisted_offset(changelog))

    def batch(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Enclose the handling of a batch, from its first record sent to its last record acked."""
        return contextlib.nullcontext()

    def alone(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Enclose a commit that goes beside the positions."""
        return contextlib.nullcontext()


def install(app: faust.App, transport: Transport) -> None:
    """Make a Faust app use this transport for everything; before anything of it starts."""
    app.transport = transport
    app.producer_transport = transport


async def changelog_ends(settings: Settings, partitions: Iterable[TP], settled: Iterable[TP] = ()) -> dict[TP, int]:
    """One past the last committed record of each partition; its first offset where there is none.

    The broker's own end offset counts transaction markers, aborted and compacted records, for which recovery would
    wait for ever. For partitions in `settled`, open transactions are waited for: their former owner may be about to
    commit offsets together with rows that must not be missed.
    """
    tps = [TopicPartition(tp.topic, tp.partition) for tp in partitions]
    if not tps:
        return {}
    options = {**client_options(settings), "fetch_max_wait_ms": 20}  # an answer waits for the fetch sent before it
    async with (
        AIOKafkaConsumer(isolation_level=READ_COMMITTED, auto_offset_reset="earliest", **options) as committed,
        AIOKafkaConsumer(isolation_level=READ_UNCOMMITTED, **options) as everything,
    ):
        committed.assign(tps)
        everything.assign(tps)
        waiting = [TopicPartition(tp.topic, tp.partition) for tp in settled]
        while waiting:
            if await committed.end_offsets(waiting) == await everything.end_offsets(waiting):
                break
            await asyncio.sleep(0.1)
        starts = await committed.beginning_offsets(tps)
        ends = await committed.end_offsets(tps)
        found = {tp: await _data_end(committed, tp, starts[tp], ends[tp]) for tp in tps}
    return {TP(tp.topic, tp.partition): end for tp, end in found.items()}


async def changelog_records(settings: Settings, partition: TP) -> AsyncIterator[Sequence[ConsumerRecord]]:
    """Every committed record of a changelog partition, in order, some at a time."""
    tp = TopicPartition(partition.topic, partition.partition)
    options = {**client_options(settings), "fetch_max_wait_ms": 20}
    async with AIOKafkaConsumer(isolation_level=READ_COMMITTED, auto_offset_reset="earliest", **options) as consumer:
        consumer.assign([tp])
        end = (await consumer.end_offsets([tp]))[tp]
        await consumer.seek_to_beginning(tp)
        while await consumer.position(tp) < end:
            yield (await consumer.getmany(tp, timeout_ms=200, max_records=500)).get(tp, [])


async def _data_end(consumer: AIOKafkaConsumer, tp: TopicPartition, start: int, end: int) -> int:
    """Read the tail of a partition, ever more of it, until it holds a record."""
    reach = _TAIL_RECORDS
    while end > start:
        begin = max(start, end - reach)
        last = await _last_record(consumer, tp, begin, end)
        if last is not None:
            return last + 1
        if begin == start:
            break
        reach *= 8
    return start


async def _last_record(consumer: AIOKafkaConsumer, tp: TopicPartition, begin: int, end: int) -> int | None:
    consumer.seek(tp, begin)
    last = None
    while await consumer.position(tp) < end:
        for record in (await consumer.getmany(tp, timeout_ms=200)).get(tp, ()):
            last = record.offset  # also beyond `end`: the embedded broker's is that of its last batch's first record
    return last
