"""Reads the output topics into the store, from where the store's own offsets stand, and says how far it is behind."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord

from stream_app.serve.hub import Hub
from stream_app.serve.records import TOPICS, Consumed
from stream_app.serve.store import Store
from stream_app.service.connection import client_options
from stream_app.settings import Settings

logger = logging.getLogger(__name__)

_AT_ONCE = 500
_WAIT_MS = 500
_LOOK_S = 5.0  # between two looks at lag and partitions
_AGAIN_S = 2.0  # after a broker that cannot be reached


class Feed:
    """Keeps the store up with the topics until cancelled."""

    def __init__(self, settings: Settings, store: Store, hub: Hub) -> None:
        self._settings = settings
        self._store = store
        self._hub = hub
        self._names = {settings.topic(name): name for name in TOPICS}
        self._looked = 0.0
        self._told = store.last_seq()
        #: Records still to be read by topic; None before the first look, and while the brokers are away.
        self.lag: dict[str, int] | None = None
        self.trouble: str | None = "not connected yet"
        self.read_total = 0

    async def run(self) -> None:
        """Read and store; a broker that goes away is asked again, a database that refuses ends the program."""
        while True:
            consumer = AIOKafkaConsumer(
                enable_auto_commit=False,
                isolation_level="read_committed",
                auto_offset_reset="earliest",
                **client_options(self._settings),
            )
            try:
                await consumer.start()
                await self._follow(consumer)
            except (KafkaError, OSError) as error:
                self.lag, self.trouble = None, f"{type(error).__name__}: {error}"
                logger.warning("the brokers are away: %s", self.trouble)
            finally:
                await consumer.stop()
            await asyncio.sleep(_AGAIN_S)

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        self._looked = 0.0
        while True:
            if time.monotonic() - self._looked > _LOOK_S:
                await self._look(consumer)
            if not consumer.assignment():
                await asyncio.sleep(_WAIT_MS / 1000)
                continue
            found = await consumer.getmany(timeout_ms=_WAIT_MS, max_records=_AT_ONCE)
            records = [self._consumed(record) for batch in found.values() for record in batch]
            if records:
                await self.take(records)

    async def take(self, records: list[Consumed]) -> None:
        """Store records, and tell listeners what is new."""
        await asyncio.to_thread(self._store.apply, records)
        self.read_total += len(records)
        await self._tell()

    async def _tell(self) -> None:
        """Tell listeners what is new in the ledger, whichever copy of this program has put it there."""
        while found := await asyncio.to_thread(self._store.revisions, after=self._told, limit=_AT_ONCE):
            self._told = found[-1]["seq"]
            self._hub.tell(found)

    async def _look(self, consumer: AIOKafkaConsumer) -> None:
        """Take up partitions that are new, and see how much is left to be read."""
        partitions = await self._partitions(consumer)
        if partitions - consumer.assignment():
            await self._begin(consumer, partitions)
        ends = await consumer.end_offsets(list(partitions)) if partitions else {}
        lag = dict.fromkeys(TOPICS, 0)
        for partition, end in ends.items():
            lag[self._names[partition.topic]] += max(0, end - await consumer.position(partition))
        self.lag, self.trouble, self._looked = lag, None, time.monotonic()
        await self._tell()

    async def _partitions(self, consumer: AIOKafkaConsumer) -> set[TopicPartition]:
        await consumer._client.force_metadata_update()  # noqa: SLF001  # aiokafka offers no public refresh
        consumer._client.set_topics(list(self._names))  # noqa: SLF001
        return {
            TopicPartition(topic, number)
            for topic in self._names
            for number in consumer.partitions_for_topic(topic) or ()
        }

    async def _begin(self, consumer: AIOKafkaConsumer, partitions: Iterable[TopicPartition]) -> None:
        """Read on where the store stands; a topic that is shorter than that was made anew, and all is read again."""
        consumer.assign(list(partitions))
        stored = await asyncio.to_thread(self._store.offsets)
        ends = await consumer.end_offsets(list(partitions))
        begun = {part: stored.get((self._names[part.topic], part.partition), 0) for part in partitions}
        if any(begun[part] > ends[part] for part in begun):
            logger.warning("topics were made anew: the store is emptied and filled from their beginning")
            await asyncio.to_thread(self._store.forget)
            self._told = 0
            begun = dict.fromkeys(begun, 0)
        starts = await consumer.beginning_offsets(list(partitions))
        for part, offset in begun.items():
            consumer.seek(part, max(offset, starts[part]))

    def _consumed(self, record: ConsumerRecord[Any, Any]) -> Consumed:
        return Consumed(
            self._names[record.topic],
            record.partition,
            record.offset,
            record.timestamp,
            record.key,
            record.value,
            tuple(record.headers),
        )
