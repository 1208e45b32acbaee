# mypy: allow-subclassing-any
"""What aiokafka lacks for exactly-once: offset commits that a zombie cannot make, and offset reads that wait (KIP-447).

aiokafka 0.14 sends TxnOffsetCommit version 0, which names no generation: a worker that slept through a rebalance could
still commit offsets of partitions that are another's by now. And it sends OffsetFetch version 3, which answers at
once, even while a transaction over the same offsets is still open. Both holes double events; both are closed here by
the later versions of the two requests, and nothing else of aiokafka is changed.
"""

from __future__ import annotations

import asyncio
import collections
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.client import CoordinationType
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import (
    BrokerResponseError,
    GroupAuthorizationFailedError,
    KafkaError,
    UnknownTopicOrPartitionError,
    for_code,
)
from aiokafka.producer.sender import Sender, TxnOffsetCommitHandler
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Int64,
    Schema,
    TaggedFields,
)
from aiokafka.structs import OffsetAndMetadata, TopicPartition

UNSTABLE_OFFSET_COMMIT = 88
_METADATA_TRIES, _METADATA_PAUSE_S = 30, 0.2
_NO_TAGS: dict[int, bytes] = {}
_NAME = CompactString("utf-8")


@dataclass(frozen=True, slots=True)
class Membership:
    """Which member of which generation of its group a consumer is: what the broker fences zombies by."""

    generation: int
    member_id: str
    instance_id: str | None


def membership(consumer: AIOKafkaConsumer) -> Membership:
    """Tell the membership of a started consumer as of now."""
    coordinator = consumer._coordinator  # noqa: SLF001 - aiokafka has no group_metadata() yet
    return Membership(coordinator.generation, coordinator.member_id, coordinator._group_instance_id)  # noqa: SLF001


class FencedError(KafkaError):
    """The broker says that this worker no longer owns its partitions: its transaction must be aborted."""


class UnstableOffsetError(BrokerResponseError):
    """A transaction over these offsets is still open: ask again."""

    errno = UNSTABLE_OFFSET_COMMIT
    retriable = True


# TxnOffsetCommit, version 3: the first with a generation


class TxnOffsetCommitResponse_v3(Response):  # noqa: N801 - named as aiokafka names them
    """Per partition, whether its offset is part of the transaction now."""

    API_KEY = 28
    API_VERSION = 3
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "errors",
            CompactArray(
                ("topic", _NAME),
                ("partitions", CompactArray(("partition", Int32), ("error_code", Int16), ("tags", TaggedFields))),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class TxnOffsetCommitRequest_v3(RequestStruct):  # noqa: N801
    """Offsets for a transaction, with the membership of the consumer that read up to them."""

    FLEXIBLE_VERSION = True
    API_KEY = 28
    API_VERSION = 3
    RESPONSE_TYPE = TxnOffsetCommitResponse_v3
    SCHEMA = Schema(
        ("transactional_id", _NAME),
        ("group_id", _NAME),
        ("producer_id", Int64),
        ("producer_epoch", Int16),
        ("generation_id", Int32),
        ("member_id", _NAME),
        ("group_instance_id", _NAME),
        (
            "topics",
            CompactArray(
                ("topic", _NAME),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("offset", Int64),
                        ("leader_epoch", Int32),
                        ("metadata", _NAME),
                        ("tags", TaggedFields),
                    ),
                ),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class FencedOffsetCommit(Request[TxnOffsetCommitRequest_v3]):
    """Builds the request; aiokafka picks the version that the broker speaks (Kafka 2.5 and later)."""

    API_KEY = 28

    def __init__(self, *fields: Any) -> None:
        self._fields = fields

    def build(self, request_struct_class: type[TxnOffsetCommitRequest_v3]) -> TxnOffsetCommitRequest_v3:
        """Make the request as it goes over the wire."""
        return request_struct_class(*self._fields, _NO_TAGS)


class _FencedHandler(TxnOffsetCommitHandler):
    """Sends the offsets with the membership; a fenced worker gets an abortable error instead of a dead sender."""

    def __init__(self, sender: _FencedSender, offsets: Mapping[TopicPartition, Any], group: str) -> None:
        super().__init__(sender, offsets, group)
        self._member = sender.member()

    def create_request(self) -> FencedOffsetCommit:
        txn = self._sender._txn_manager  # noqa: SLF001
        by_topic: dict[str, list[tuple[Any, ...]]] = collections.defaultdict(list)
        for tp, offset in sorted(self._offsets.items()):
            by_topic[tp.topic].append((tp.partition, offset.offset, -1, offset.metadata, _NO_TAGS))
        topics = [(topic, partitions, _NO_TAGS) for topic, partitions in by_topic.items()]
        member = self._member
        return FencedOffsetCommit(
            txn.transactional_id, self._group_id, txn.producer_id, txn.producer_epoch,
            member.generation, member.member_id, member.instance_id, topics,
        )  # fmt: skip

    def handle_response(self, resp: Any) -> float | None:
        plain = [(topic, [(number, code) for number, code, _ in parts]) for topic, parts, _ in resp.errors]
        fencing = {22, 25, 82}  # illegal generation, unknown member, fenced instance
        codes = {code for _, parts in plain for _, code in parts}
        if codes & fencing:
            error = FencedError(f"offsets refused: {for_code(min(codes & fencing)).__name__}")
            self._sender._txn_manager.error_transaction(error)  # noqa: SLF001
            return None
        backoff: float | None = super().handle_response(_Plain(plain))
        return backoff


@dataclass(frozen=True, slots=True)
class _Plain:
    """The response in the shape of version 0, for the handler that aiokafka has."""

    errors: list[tuple[str, list[tuple[int, int]]]]


class _FencedSender(Sender):
    """aiokafka's sender, but for one request."""

    member: Callable[[], Membership]

    async def _do_txn_offset_commit(self, offsets: Mapping[TopicPartition, Any], group_id: str) -> Any:
        if not offsets:
            return None
        try:
            node = await self._find_coordinator(CoordinationType.GROUP, group_id)
        except GroupAuthorizationFailedError as error:
            self._txn_manager.error_transaction(error)
            return None
        return await _FencedHandler(self, offsets, group_id).do(node)


class FencedProducer(AIOKafkaProducer):
    """A transactional producer whose offset commits the broker checks against the consumer's group generation.

    `member` is asked at each commit, so that it answers for the generation whose records are being committed.
    """

    def __init__(self, *, member: Callable[[], Membership], **options: Any) -> None:
        super().__init__(**options)
        self._sender.__class__ = _FencedSender  # same state, one method replaced: aiokafka offers no factory for it
        self._sender.member = member


# OffsetFetch, version 7: the first that can wait for open transactions


class OffsetFetchResponse_v7(Response):  # noqa: N801
    """Per partition, the committed offset, or that a transaction over it is still open."""

    API_KEY = 9
    API_VERSION = 7
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "topics",
            CompactArray(
                ("topic", _NAME),
                (
                    "partitions",
                    CompactArray(
                        ("partition", Int32),
                        ("offset", Int64),
                        ("leader_epoch", Int32),
                        ("metadata", _NAME),
                        ("error_code", Int16),
                        ("tags", TaggedFields),
                    ),
                ),
                ("tags", TaggedFields),
            ),
        ),
        ("error_code", Int16),
        ("tags", TaggedFields),
    )


class OffsetFetchRequest_v7(RequestStruct):  # noqa: N801
    """The offsets of a group, only if stable."""

    FLEXIBLE_VERSION = True
    API_KEY = 9
    API_VERSION = 7
    RESPONSE_TYPE = OffsetFetchResponse_v7
    SCHEMA = Schema(
        ("group_id", _NAME),
        (
            "topics",
            CompactArray(("topic", _NAME), ("partitions", CompactArray(Int32)), ("tags", TaggedFields)),
        ),
        ("require_stable", Boolean),
        ("tags", TaggedFields),
    )


class StableOffsetFetch(Request[OffsetFetchRequest_v7]):
    """Builds the request with `require_stable` set."""

    API_KEY = 9

    def __init__(self, group: str, topics: Mapping[str, list[int]]) -> None:
        self._group = group
        self._topics = [(topic, partitions, _NO_TAGS) for topic, partitions in topics.items()]

    def build(self, request_struct_class: type[OffsetFetchRequest_v7]) -> OffsetFetchRequest_v7:
        """Make the request as it goes over the wire."""
        return request_struct_class(self._group, self._topics, True, _NO_TAGS)


class _StableCoordinator(GroupCoordinator):
    """aiokafka's coordinator, but it reads offsets only when no transaction over them is open, and assigns every topic.

    A leader whose connections were just cut knows no topics. Faust's assignor leaves out those that it does not know,
    so that all members get nothing, call themselves ready, and stay so: nobody rebalances again.
    """

    async def _perform_assignment(self, response: Any) -> Any:
        """As leader, assign once the metadata has every topic of the group.

        Raises:
            UnknownTopicOrPartitionError: it never did; the worker stops.
        """
        for _ in range(_METADATA_TRIES):
            if not self._unknown_topics():
                return await super()._perform_assignment(response)
            await self._client.force_metadata_update()
            await asyncio.sleep(_METADATA_PAUSE_S)
        raise UnknownTopicOrPartitionError(f"not in the metadata: {', '.join(sorted(self._unknown_topics()))}")

    def _unknown_topics(self) -> set[str]:
        """The topics of this member, which are those of all, that its metadata has no partitions of."""
        return {topic for topic in self._subscription.topics if not self._cluster.partitions_for_topic(topic)}

    async def _do_fetch_commit_offsets(
        self, partitions: list[TopicPartition]
    ) -> dict[TopicPartition, OffsetAndMetadata]:
        topics: dict[str, list[int]] = collections.defaultdict(list)
        for tp in partitions:
            topics[tp.topic].append(tp.partition)
        response = await self._send_req(StableOffsetFetch(self.group_id, topics))
        self._raise_for(response.error_code)
        found = {}
        for topic, rows, _ in response.topics:
            for partition, offset, _epoch, metadata, code, _tags in rows:
                self._raise_for(code)
                if offset >= 0:
                    found[TopicPartition(topic, partition)] = OffsetAndMetadata(offset, metadata or "")
        return found

    def _raise_for(self, code: int) -> None:
        if code == UNSTABLE_OFFSET_COMMIT:
            raise UnstableOffsetError
        if code:
            error = for_code(code)
            if error.__name__ in {"NotCoordinatorForGroupError", "NotCoordinatorError"}:
                self.coordinator_dead()
            raise error


def require_stable(consumer: AIOKafkaConsumer) -> None:
    """Make a started consumer wait for open transactions when it asks where to begin; call it before subscribing."""
    consumer._coordinator.__class__ = _StableCoordinator  # noqa: SLF001 - same state, one method replaced
