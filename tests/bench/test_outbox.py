"""Whole batches to the producer: every record in its place, in order, answered for."""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError
from aiokafka.partitioner import murmur2 as reference
from aiokafka.record.default_records import DefaultRecordBatch
from hypothesis import given
from hypothesis import strategies as st

from stream_app.service.engine.outbox import Outgoing, batch_in, murmur2
from tests.bench.clients import Accepting


@given(st.binary(max_size=80))
def test_a_key_hashes_as_it_does_for_every_other_producer(key: bytes) -> None:
    assert murmur2(key) == reference(key)


def outgoing(key: bytes | None, value: bytes = b"v", topic: str = "t", partition: int | None = None) -> Outgoing:
    return Outgoing(topic, key, value, 1, [], partition)


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=3), st.sampled_from(["a", "b"]))))
async def test_records_keep_their_order_within_a_partition_and_none_is_lost(pairs: list[tuple[bytes, str]]) -> None:
    producer = Accepting()
    records = [outgoing(key, str(number).encode(), topic) for number, (key, topic) in enumerate(pairs)]
    await producer.send_all(records)
    assert sorted(int(sent["value"]) for batch in producer.sent.values() for sent in batch) == list(range(len(pairs)))
    for (topic, partition), batch in producer.sent.items():
        assert [int(sent["value"]) for sent in batch] == sorted(int(sent["value"]) for sent in batch)
        assert {(reference(sent["key"]) & 0x7FFFFFFF) % producer.partitions for sent in batch} == {partition}
        assert all(records[int(sent["value"])].topic == topic for sent in batch)


async def test_a_row_goes_to_the_partition_it_names() -> None:
    producer = Accepting()
    await producer.send_all([outgoing(b"k", partition=5)])
    assert list(producer.sent) == [("t", 5)]


async def test_a_full_batch_is_followed_by_another_and_both_are_answered_for() -> None:
    producer = Accepting(room=3)
    answers = await producer.send_all([outgoing(b"k", str(number).encode()) for number in range(7)])
    (batch,) = producer.sent.values()
    assert [int(sent["value"]) for sent in batch] == list(range(7))
    assert len(answers) == 3


async def test_a_record_larger_than_may_be_sent_is_refused_before_anything_of_its_batch_goes() -> None:
    producer = Accepting()
    with pytest.raises(MessageSizeTooLargeError):
        await producer.send_all([outgoing(b"k"), outgoing(b"k", b"x" * producer.limit)])
    assert not producer.sent


@pytest.mark.parametrize(("codec", "number"), [("none", 0), ("gzip", 1), ("snappy", 2), ("lz4", 3), ("zstd", 4)])
@pytest.mark.parametrize("transactional_id", [None, "group-0"])
async def test_a_batch_has_the_codec_that_is_asked_for_whatever_the_producers_is(
    codec: str, number: int, transactional_id: str | None
) -> None:
    producer = AIOKafkaProducer(compression_type="snappy", transactional_id=transactional_id)
    batch = batch_in(producer, codec)
    batch.append(timestamp=1, key=b"k", value=b"v" * 2000)
    found = DefaultRecordBatch(bytes(batch._build()))
    assert found.compression_type == number
    assert found.is_transactional == (transactional_id is not None)
    assert [record.value for record in found] == [b"v" * 2000]
