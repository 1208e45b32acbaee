# mypy: allow-subclassing-any
"""Exactly once: what a batch publishes, the table rows it changes and its offsets, in one transaction of the worker.

Faust's own `exactly_once` opens a transaction for each *destination* partition, while offsets belong to the source's,
so that one record's outputs commit apart from each other and from its offset. Here a worker has one transactional
producer. Batches of all hops write into its open transaction; a commit waits until no batch is under way, adds the
offsets of everything acked, under the group generation that read it, and ends the transaction. A worker that cannot
commit stops and leaves the transaction to be aborted: its memory is ahead of its tables, and only a restart mends that.
"""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, ClassVar

import faust
from aiokafka import AIOKafkaProducer
from aiokafka.structs import OffsetAndMetadata, TopicPartition
from faust.types import TP

from stream_app.service.engine import transport
from stream_app.service.engine.protocol import FencedError, FencedProducer, Membership, membership
from stream_app.settings import Settings

TRANSACTION_TIMEOUT_MS = 10_000  # Kafka Streams' value: how long a dead worker can hold up read_committed consumers


class Transaction:
    """The open transaction of a worker: batches share it, a commit has it alone."""

    def __init__(self) -> None:
        self.producer: AIOKafkaProducer | None = None
        self.member: Membership | None = None
        self.is_open = False
        self.broken = False
        self._gate = asyncio.Lock()
        self._idle = asyncio.Event()
        self._idle.set()
        self._batches = 0

    @contextlib.asynccontextmanager
    async def share(self) -> AsyncIterator[None]:
        """Write into the transaction, which is begun when need be; a batch that fails spoils it for good."""
        async with self._gate:
            if not self.is_open:
                assert self.producer is not None
                await self.producer.begin_transaction()
                self.is_open = True
            self._batches += 1
            self._idle.clear()
        try:
            yield
        except BaseException:
            self.broken = True
            raise
        finally:
            self._batches -= 1
            if not self._batches:
                self._idle.set()

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Hold back new batches and wait for those under way."""
        async with self._gate:
            await self._idle.wait()
            yield

    async def commit(self, positions: Mapping[TP, int], group: str, held: Callable[[TopicPartition], str]) -> None:
        """Make everything written visible together with the positions, and what tables hold; call it inside `alone()`.

        Raises:
            FencedError: a batch failed, or the broker says that the partitions are another's by now.
        """
        if self.broken or self.producer is None:
            raise FencedError("a batch failed: its transaction cannot be committed")
        offsets = {
            (partition := TopicPartition(tp.topic, tp.partition)): OffsetAndMetadata(offset, held(partition))
            for tp, offset in positions.items()
        }
        if offsets:
            await self.producer.send_offsets_to_transaction(offsets, group)
        await self.producer.commit_transaction()
        self.is_open = False

    async def abort(self) -> None:
        """Take back what is not committed, as far as the broker still listens."""
        if self.is_open and self.producer is not None:
            self.is_open = False
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self.producer.abort_transaction(), 2.0)

    def current_member(self) -> Membership:
        """Tell the membership under which the records of this generation were read."""
        if self.member is None or self.member.generation < 0:
            raise FencedError("no group membership: nothing can be committed")
        return self.member


class Consumer(transport.Consumer):
    """Commits positions through the transaction."""

    async def force_commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:  # noqa: ARG002, FBT001, FBT002
        """End the transaction with every position in it, once no batch is under way."""
        transaction: Transaction = self.transport.transaction
        async with transaction.alone():
            positions = dict(self._positions)
            if not transaction.is_open or transaction.broken:
                return False
            try:
                await transaction.commit(positions, self.app.conf.id, self.changelog_held)
            except Exception as error:
                transaction.broken = True
                await self.app.crash(error)
                raise
            self._forget(positions)
        return True

    async def settle(self) -> None:
        """End the transaction: the offset of a note must not pass what is not visible yet."""
        await self.force_commit()

    async def on_partitions_assigned(self, assigned: set[TP], generation_id: int = 0) -> None:
        """Begin a generation; what the last one left open can no longer be committed by anyone."""
        transaction: Transaction = self.transport.transaction
        if transaction.is_open:
            transaction.broken = True
            await self.app.crash(FencedError("a rebalance came before the transaction could be committed"))
        transaction.member = membership(self._thread._consumer)  # noqa: SLF001 - it waits for this call
        await super().on_partitions_assigned(assigned, generation_id)


class Producer(transport.Producer):
    """One transactional producer for the worker, fenced by its group membership."""

    def _new_producer(self, transactional_id: str | None = None) -> AIOKafkaProducer:
        transaction: Transaction = self.transport.transaction
        options = {**self._settings_default(), **self._settings_auth(), **self._settings_extra()}
        name = transactional_id or f"{self.app.conf.id}-{uuid.uuid4()}"
        producer = FencedProducer(
            member=transaction.current_member,
            transactional_id=name,
            transaction_timeout_ms=TRANSACTION_TIMEOUT_MS,
            **options,
        )
        transaction.producer = producer
        return producer

    async def on_stop(self) -> None:
        """Abort what is open, so that nobody waits for it, and stop."""
        await self.transport.transaction.abort()
        await super().on_stop()


class Transport(transport.Transport):
    """Exactly-once: set STREAM_APP_DELIVERY=exactly_once."""

    Consumer: ClassVar[type[Consumer]] = Consumer
    Producer: ClassVar[type[Producer]] = Producer

    def __init__(self, app: faust.App, settings: Settings) -> None:
        super().__init__(app, settings)
        self.transaction = Transaction()

    def batch(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Enclose the handling of a batch: all of it belongs to one transaction."""
        return self.transaction.share()

    def alone(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Enclose a commit that goes beside the transaction's: no batch is under way, and no offset on its way."""
        return self.transaction.alone()
