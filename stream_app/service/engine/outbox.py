# mypy: allow-subclassing-any
"""Whole batches to the producer: one future for each partition that a batch of records goes to, not one a record.

The partition of a key is the one that Kafka's default partitioner chooses (murmur2), so that what other producers write
under the same key meets it. Batches are closed when they are handed over, and leave without lingering.
"""

from __future__ import annotations

import struct
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatch

from stream_app.service.headers import Headers

_MASK = 0xFFFFFFFF
_SEED, _MIX = 0x9747B28C, 0x5BD1E995
_OVERHEAD_BYTES = 128
_CODECS = {
    "none": 0,
    "gzip": DefaultRecordBatch.CODEC_GZIP,
    "snappy": DefaultRecordBatch.CODEC_SNAPPY,
    "lz4": DefaultRecordBatch.CODEC_LZ4,
    "zstd": DefaultRecordBatch.CODEC_ZSTD,
}


class Outgoing(NamedTuple):
    """A record for the producer; `partition` None: where its key belongs."""

    topic: str
    key: bytes | None
    value: bytes | None
    timestamp_ms: int | None
    headers: Headers | None
    partition: int | None = None


@lru_cache(maxsize=16_384)  # an article's key comes by at each hop
def murmur2(data: bytes) -> int:
    """Kafka's hash of a key, 32 bits.

    >>> murmur2(b"stream-app")
    3020008676
    """
    whole = len(data) & ~3
    state = _SEED ^ len(data)
    for word in struct.unpack_from(f"<{whole // 4}I", data):
        mixed = word * _MIX & _MASK
        state = (state * _MIX & _MASK) ^ ((mixed ^ mixed >> 24) * _MIX & _MASK)
    if whole < len(data):
        state = (state ^ int.from_bytes(data[whole:], "little")) * _MIX & _MASK
    state = (state ^ state >> 13) * _MIX & _MASK
    return state ^ state >> 15


async def send_all(producer: Any, records: Sequence[Outgoing]) -> list[Awaitable[Any]]:
    """Hand records over, in order; each awaitable ends with the broker's answer for some of them, or raises.

    Raises:
        MessageSizeTooLargeError: a record is larger than the producer may send.
    """
    if isinstance(producer, BatchProducer):
        return await producer.send_all(records)
    return [await _send_one(producer, record) for record in records]


async def _send_one(producer: Any, record: Outgoing) -> Awaitable[Any]:
    """To a producer that is Faust's own."""
    topic, key, value, timestamp_ms, headers, partition = record
    timestamp_s = None if timestamp_ms is None else (timestamp_ms + 0.5) / 1000  # Faust cuts to whole milliseconds
    answer: Awaitable[Any] = await producer.send(topic, key, value, partition, timestamp_s, headers)
    return answer


def batch_in(producer: AIOKafkaProducer, codec: str) -> BatchBuilder:
    """An empty batch of this producer that will be compressed in another way than its others."""
    in_transactions = producer._txn_manager is not None and producer._txn_manager.transactional_id is not None  # noqa: SLF001 - the producer asks it as well
    size = producer._message_accumulator._batch_size  # noqa: SLF001 - the one place that knows
    return BatchBuilder(size, _CODECS[codec], is_transactional=in_transactions)


class BatchProducer:
    """What a Faust producer needs to send by the batch; put it before Faust's own class."""

    def new_batch(self, producer: AIOKafkaProducer, topic: str) -> Any:  # noqa: ARG002 - for those who tell topics apart
        """An empty batch for a topic."""
        return producer.create_batch()

    async def send_all(self: Any, records: Sequence[Outgoing]) -> list[Awaitable[Any]]:
        """Hand over these records, in order within each partition; each awaitable answers for some of them.

        Raises:
            MessageSizeTooLargeError: a record is larger than the producer may send.
        """
        producer: AIOKafkaProducer = self._ensure_producer()
        answers: list[Awaitable[Any]] = []
        for (topic, partition), batch in (await self._by_partition(producer, records)).items():
            answers.extend(await _send(producer, topic, partition, batch, partial(self.new_batch, producer, topic)))
        return answers

    async def _by_partition(
        self: Any, producer: AIOKafkaProducer, records: Sequence[Outgoing]
    ) -> dict[tuple[str, int], list[Outgoing]]:
        known: dict[str, list[int]] = {}
        sorted_out: dict[tuple[str, int], list[Outgoing]] = {}
        for record in records:
            partitions = known.get(record.topic)
            if partitions is None:
                partitions = known[record.topic] = sorted(await producer.partitions_for(record.topic))
            partition = record.partition
            if partition is None:
                partition = self._partition_of(record, partitions)
            sorted_out.setdefault((record.topic, partition), []).append(record)
        return sorted_out

    def _partition_of(self: Any, record: Outgoing, partitions: list[int]) -> int:
        """Where the key belongs; a record without one goes where Faust's partitioner says."""
        if record.key is None:
            chosen: int = self.partitioner(None, partitions, partitions)
            return chosen
        return partitions[(murmur2(record.key) & 0x7FFFFFFF) % len(partitions)]


async def _send(
    producer: AIOKafkaProducer, topic: str, partition: int, records: list[Outgoing], new_batch: Callable[[], Any]
) -> list[Awaitable[Any]]:
    """As few batches as hold these records, in order."""
    answers: list[Awaitable[Any]] = []
    batch = new_batch()
    for record in records:
        _check_size(record, producer._max_request_size)  # noqa: SLF001 - `send` checks it, `send_batch` does not
        while not _append(batch, record):
            answers.append(await producer.send_batch(batch, topic, partition=partition))
            batch = new_batch()
    batch.close()
    answers.append(await producer.send_batch(batch, topic, partition=partition))
    return answers


def _append(batch: Any, record: Outgoing) -> bool:
    _, key, value, timestamp_ms, headers, _ = record
    return batch.append(timestamp=timestamp_ms, key=key, value=value, headers=headers) is not None


def _check_size(record: Outgoing, limit: int) -> None:
    size = len(record.key or b"") + len(record.value or b"") + _OVERHEAD_BYTES
    if size > limit:
        raise MessageSizeTooLargeError(f"a record for {record.topic} is about {size} bytes, at most {limit} are sent")
