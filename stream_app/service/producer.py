"""A producer and a reader for the commands: acknowledged sends, and everything that a topic holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from types import TracebackType
from typing import Any, NamedTuple, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.structs import ConsumerRecord

from stream_app.service.connection import client_options
from stream_app.settings import Settings

_IN_FLIGHT = 1000


class _Sending(NamedTuple):
    """A record on its way: the broker's answer, how to send it once more, and whom to tell that it is too large."""

    answer: asyncio.Future[Any]
    again: Callable[[], Awaitable[asyncio.Future[Any]]]
    refused: Callable[[], None] | None


class Sender:
    """Sends records and raises, at the latest when the block ends, if the broker did not acknowledge one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._producer = AIOKafkaProducer(
            acks="all",
            linger_ms=settings.linger_ms,
            compression_type=None if settings.compression == "none" else settings.compression,
            max_request_size=max(1_048_576, 4 * settings.max_article_bytes),
            **client_options(settings),
        )
        self._sent: list[_Sending] = []

    async def __aenter__(self) -> Self:
        try:
            await self._producer.start()
        except BaseException:
            await self._producer.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._settle()
        finally:
            await self._producer.stop()

    async def send(
        self,
        topic: str,
        key: bytes | None,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes | None]] = (),
        partition: int | None = None,
        refused: Callable[[], None] | None = None,
    ) -> None:
        """Hand one record to the producer; waits when a thousand are on their way.

        With `refused`, that is called for a record that is larger than the broker takes, and nothing is raised.
        """
        name = self._settings.topic(topic)
        again = partial(self._producer.send, name, value, key, partition, headers=list(headers))
        try:
            self._sent.append(_Sending(await again(), again, refused))
        except MessageSizeTooLargeError:  # larger than the producer itself takes
            if refused is None:
                raise
            refused()
        if len(self._sent) >= _IN_FLIGHT:
            await self._settle()

    async def _settle(self) -> None:
        sent, self._sent = self._sent, []
        answers = await asyncio.gather(*(one.answer for one in sent), return_exceptions=True)
        for answer, one in zip(answers, sent, strict=True):
            if isinstance(answer, MessageSizeTooLargeError) and one.refused is not None:
                await _send_alone(one)
            elif isinstance(answer, BaseException):
                raise answer


async def _send_alone(one: _Sending) -> None:
    """Send a record once more, by itself: it may have been refused only for those beside it in its batch."""
    try:
        await (await one.again())
    except MessageSizeTooLargeError:
        assert one.refused is not None
        one.refused()


async def read_all(settings: Settings, *topics: str) -> list[ConsumerRecord]:
    """Every record that these topics hold now, partition by partition in offset order."""
    return [record async for record in follow(settings, topics, from_beginning=True, until_end=True)]


async def follow(
    settings: Settings, topics: Sequence[str], *, from_beginning: bool, until_end: bool = False
) -> AsyncIterator[ConsumerRecord]:
    """Records of these topics as they come; with `until_end`, those that are there now and no more."""
    consumer = AIOKafkaConsumer(
        auto_offset_reset="earliest" if from_beginning else "latest",
        enable_auto_commit=False,
        isolation_level="read_committed",
        **client_options(settings),
    )
    try:
        await consumer.start()
        partitions = await _partitions(consumer, [settings.topic(topic) for topic in topics])
        consumer.assign(partitions)
        ends = await consumer.end_offsets(partitions) if until_end else {}
        if from_beginning:
            await consumer.seek_to_beginning(*partitions)
        while not until_end or await _remaining(consumer, ends):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                for record in records:
                    yield record
    finally:
        await consumer.stop()


async def _partitions(consumer: AIOKafkaConsumer, topics: Sequence[str]) -> list[TopicPartition]:
    """Every partition of the topics; a topic that is not there yet is waited for, a few seconds."""
    for _ in range(20):
        await consumer._client.force_metadata_update()  # noqa: SLF001  # aiokafka offers no public refresh
        found = {topic: consumer.partitions_for_topic(topic) for topic in topics}
        if all(found.values()):
            break
        consumer._client.set_topics(topics)  # noqa: SLF001
        await asyncio.sleep(0.2)
    return [TopicPartition(topic, number) for topic, numbers in found.items() for number in sorted(numbers or ())]


async def _remaining(consumer: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> bool:
    for partition, end in ends.items():
        if await consumer.position(partition) < end:
            return True
    return False
