"""Batches that an operator has passed: the committed offsets of a group that nobody joins.

A committed offset can be set while workers run, survives them, is seen by Kafka's own tools, and needs no topic. The
group's name does not depend on the hops of a worker.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata
from faust.types import TP

from stream_app.service.connection import client_options
from stream_app.settings import Settings

_READ_S = 5.0


class SkipError(RuntimeError):
    """Nothing was passed, and why."""


def group_of(settings: Settings) -> str:
    """The group whose offsets say what is passed.

    >>> group_of(Settings(prefix="prod.", group="news", hops=("read",)))
    'prod.news-skip'
    """
    return f"{settings.prefix}{settings.group}-skip"


async def passed(settings: Settings, partitions: Iterable[TP]) -> dict[TP, int]:
    """Up to where each partition may be passed; empty while nobody can be asked."""
    admin = AIOKafkaAdminClient(**client_options(settings))
    wanted = [TopicPartition(*tp) for tp in partitions]
    try:
        await admin.start()
        found = await admin.list_consumer_group_offsets(group_of(settings), partitions=wanted)
    except (KafkaError, OSError):
        return {}
    finally:
        with contextlib.suppress(Exception):
            await admin.close()
    return {TP(tp.topic, tp.partition): at.offset for tp, at in found.items() if at.offset > 0}


async def skip(settings: Settings, topic: str, partition: int, offset: int) -> None:
    """Have the workers pass what they cannot decode of a partition, up to and with `offset`.

    Raises:
        SkipError: the offset is not there, or what lies there can be read.
    """
    tp = TopicPartition(topic, partition)
    async with AIOKafkaConsumer(
        group_id=group_of(settings), enable_auto_commit=False, auto_offset_reset="none", **client_options(settings)
    ) as consumer:
        consumer.assign([tp])
        begin, end = (await consumer.beginning_offsets([tp]))[tp], (await consumer.end_offsets([tp]))[tp]
        if not begin <= offset < end:
            raise SkipError(f"{tp.topic} {tp.partition} has offsets {begin} to {end - 1}, not {offset}")
        consumer.seek(tp, offset)
        if await _readable(consumer, tp):
            raise SkipError(f"offset {offset} of {tp.topic} {tp.partition} can be read: nothing is passed")
        await consumer.commit({tp: OffsetAndMetadata(offset + 1, "")})


async def _readable(consumer: AIOKafkaConsumer, tp: TopicPartition) -> bool:
    try:
        return bool(await consumer.getmany(tp, timeout_ms=int(_READ_S * 1000)))
    except Exception:  # noqa: BLE001 - each codec has its own
        return False
