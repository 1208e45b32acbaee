# mypy: allow-subclassing-any
"""What a worker must be allowed to do at the broker, no more; and a look at its rights before it starts.

aiokafka and Faust meet a missing right late, each in its own way: a consumer retries in silence, a producer fails with
the first record. Asked beforehand, the broker names every missing right at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    GroupCoordinatorNotAvailableError,
    TopicAuthorizationFailedError,
)
from aiokafka.protocol.admin import DescribeGroupsRequest_v3, DescribeGroupsResponse_v3
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

from stream_app.core import hops
from stream_app.service.connection import client_options
from stream_app.settings import Settings

Operation = Literal["Read", "Write", "Create"]
Resource = Literal["Topic", "Group", "TransactionalId"]

#: Kafka's numbers for operations; the broker answers with one bit for each that is allowed.
CODES: Mapping[Operation, int] = {"Read": 3, "Write": 4, "Create": 5}
_UNTOLD = -(2**31)  # the broker has no authorizer
_NAME = String("utf-8")
_ATTEMPTS = 20

READS = {"read": hops.RAW, "match": hops.SIGNED, "tag": hops.UNIQUE, "count": hops.REPORTS}
WRITES = {
    "read": (hops.SIGNED, hops.DEAD_LETTER),
    "match": (hops.UNIQUE, hops.DUPLICATES, hops.DEAD_LETTER),
    "tag": (hops.ENRICHED, hops.FIGURES, hops.REPORTS, hops.DEAD_LETTER),
    "count": (hops.TOLLS, hops.MEMBERS, hops.REVISIONS, hops.DEAD_LETTER),
}


class RightsError(RuntimeError):
    """The broker does not let the worker do what it must; the message names each right that is missing."""


@dataclass(frozen=True, order=True, slots=True)
class Right:
    """One operation on one resource; Read and Write include Describe. `prefixed`: on all whose names begin so."""

    resource: Resource
    name: str
    operation: Operation
    prefixed: bool = False

    def __str__(self) -> str:
        return f"{self.operation} on {self.resource} {self.name}{'*' if self.prefixed else ''}"


def needed(settings: Settings) -> list[Right]:
    """Every right that a worker with these settings needs, in order.

    >>> for right in needed(Settings(hops=("count",), group="news")): print(right)
    Read on Group news-count
    Write on Topic articles.dead-letter
    Write on Topic incidents.members
    Read on Topic incidents.reports
    Write on Topic incidents.revisions
    Write on Topic incidents.tolls
    Create on Topic news-count-reports-changelog
    Read on Topic news-count-reports-changelog
    Write on Topic news-count-reports-changelog
    """
    group = settings.consumer_group
    rights = {Right("Group", group, "Read")}
    for hop in settings.hops:
        rights.add(Right("Topic", settings.topic(READS[hop]), "Read"))
        rights.update(Right("Topic", settings.topic(name), "Write") for name in WRITES[hop])
        if hop in hops.TABLES:
            changelog = f"{group}-{hops.TABLES[hop]}-changelog"
            rights.update(Right("Topic", changelog, operation) for operation in CODES)
    if settings.delivery == "exactly_once":
        rights.add(Right("TransactionalId", f"{group}-", "Write", prefixed=True))
    return sorted(rights)


async def check(settings: Settings) -> None:
    """Ask the broker, where there is a login, whether the worker has the rights on topics and group that it needs.

    Topics that do not exist are left out: whether they may be created is told when they are. The right on transactional
    ids cannot be asked for.

    Raises:
        RightsError: naming what is missing.
    """
    if settings.security_protocol == "PLAINTEXT":
        return
    admin = AIOKafkaAdminClient(**client_options(settings))
    try:
        await admin.start()
        missing = await _missing(admin, needed(settings))
    finally:
        await admin.close()
    if missing:
        listed = ", ".join(map(str, missing))
        raise RightsError(f"the broker does not allow {settings.sasl_username or 'this client'}: {listed}")


async def _missing(admin: AIOKafkaAdminClient, rights: Sequence[Right]) -> list[Right]:
    topics = await _topic_bits(admin, {right.name for right in rights if right.resource == "Topic"})
    groups = {right.name: await _group_bits(admin, right.name) for right in rights if right.resource == "Group"}
    allowed: dict[str, Mapping[str, int | None]] = {"Topic": topics, "Group": groups, "TransactionalId": {}}
    return [right for right in rights if not _allows(allowed[right.resource].get(right.name), right.operation)]


def _allows(bits: int | None, operation: Operation) -> bool:
    """Whether the bits hold the operation; where the broker tells none, nothing is known to be missing."""
    return bits is None or bits == _UNTOLD or bool(bits & (1 << CODES[operation]))


async def _topic_bits(admin: AIOKafkaAdminClient, names: Iterable[str]) -> dict[str, int]:
    response = await admin._send_request(_RightsOnTopics(sorted(names)))  # noqa: SLF001 - aiokafka has no such request
    found = {}
    for code, name, _internal, _partitions, bits in response.topics:
        if code == TopicAuthorizationFailedError.errno:
            found[name] = 0
        elif code == 0:
            found[name] = bits
    return found


async def _group_bits(admin: AIOKafkaAdminClient, name: str) -> int | None:
    for _ in range(_ATTEMPTS):
        try:
            node = await admin.find_coordinator(name)
            break
        except GroupAuthorizationFailedError:
            return 0
        except GroupCoordinatorNotAvailableError:  # a new cluster makes the topic of the groups when first asked
            await asyncio.sleep(0.5)
    else:
        return None
    response = await admin._send_request(_RightsOnGroup(name), node)  # noqa: SLF001 - aiokafka's own drops the answer
    group = response.groups[0]
    return 0 if group[0] == GroupAuthorizationFailedError.errno else int(group[-1])


class _RightsOnGroupRequest(RequestStruct):
    """DescribeGroups, version 3; aiokafka reads its response as version 2, which has no rights."""

    API_KEY = 15
    API_VERSION = 3
    RESPONSE_TYPE = DescribeGroupsResponse_v3
    SCHEMA = DescribeGroupsRequest_v3.SCHEMA


class _RightsOnGroup(Request[_RightsOnGroupRequest]):
    """Builds the request."""

    API_KEY = 15

    def __init__(self, group: str) -> None:
        self._group = group

    def build(self, request_struct_class: type[_RightsOnGroupRequest]) -> _RightsOnGroupRequest:
        """Make the request as it goes over the wire."""
        return request_struct_class([self._group], True)


class _RightsOnTopicsResponse(Response):
    """Metadata, version 8, of which the rights are read."""

    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("brokers", Array(("node_id", Int32), ("host", _NAME), ("port", Int32), ("rack", _NAME))),
        ("cluster_id", _NAME),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", _NAME),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("cluster_authorized_operations", Int32),
    )


class _RightsOnTopicsRequest(RequestStruct):
    """Metadata, version 8: the first to tell what the client may do."""

    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = _RightsOnTopicsResponse
    SCHEMA = Schema(
        ("topics", Array(_NAME)),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class _RightsOnTopics(Request[_RightsOnTopicsRequest]):
    """Builds the request; a broker before Kafka 2.3 does not speak it."""

    API_KEY = 3

    def __init__(self, topics: Sequence[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[_RightsOnTopicsRequest]) -> _RightsOnTopicsRequest:
        """Make the request as it goes over the wire."""
        return request_struct_class(list(self._topics), False, False, True)
