"""Whether the tables' changelogs hold what they held: looked at before a worker starts.

A worker that finds its offsets and no rows would take every article for new and count every report again. So each
commit of a partition that feeds a table has a note: where the changelog began, and an offset that it held (ADR 14).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.structs import OffsetAndMetadata
from faust.types import TP

from stream_app.core import hops
from stream_app.service.connection import client_options
from stream_app.service.doubt import CLEAN
from stream_app.service.topics import TOPICS, TopicsError
from stream_app.settings import Settings

SOURCES = {"match": hops.SIGNED, "count": hops.REPORTS}
"""What feeds the table of each hop that has one."""
_NOTE = re.compile(r" ?changelog ([0-9]+):(-1|[0-9]+)$")
_NOTHING = -1
_TRIES, _PAUSE_S = 40, 0.5


def internal(settings: Settings) -> frozenset[str]:
    """The topics that only workers read: those between hops, and the tables' changelogs.

    >>> sorted(internal(Settings()))[0], len(internal(Settings()))
    ('articles.signed', 5)
    """
    between = {settings.topic(spec.name) for spec in TOPICS if spec.internal}
    return frozenset(between | {_changelog(settings, hop) for hop in hops.TABLES})


def held(begins: int, at: int | None) -> str:
    """What a commit says of the changelog: its first offset, and one up to which it holds the rows.

    >>> held(0, 17), held(3, None)
    ('changelog 0:17', 'changelog 3:-1')
    """
    return f"changelog {begins}:{_NOTHING if at is None else at}"


def with_held(said: str, held: str) -> str:
    """What a commit says (docs/adr/0012), and behind it what a changelog held.

    >>> with_held("clean", held(0, 17)), with_held("", held(0, 17)), with_held("clean", "")
    ('clean changelog 0:17', 'changelog 0:17', 'clean')
    """
    return f"{said} {held}".strip()


def without_held(said: str) -> str:
    """The same without that.

    >>> without_held("clean changelog 0:17"), without_held("changelog 0:-1"), without_held("clean")
    ('clean', '', 'clean')
    """
    return _NOTE.sub("", said)


@dataclass(frozen=True, slots=True)
class Standing:
    """One partition of a table: what the group has committed of its source, and where its changelog begins and ends.

    `begins` and `ends` are None where there is no changelog.
    """

    hop: str
    source: TP
    committed: int
    said: str
    begins: int | None
    ends: int | None

    def lacks(self) -> str | None:
        """What is missing; None when all is there, as far as can be told.

        >>> at = TP("articles.signed", 0)
        >>> Standing("match", at, 900, "changelog 0:850", 0, 900).lacks()
        >>> Standing("match", at, 900, "changelog 0:850", 0, 0).lacks()
        'it ends at 0 and held 850'
        >>> Standing("match", at, 900, "changelog 0:850", 900, 900).lacks()
        'it begins at 900 and began at 0'
        >>> Standing("match", at, 900, "", 0, 0).lacks()
        'it is empty'
        >>> Standing("match", at, 900, "changelog 0:-1", None, None).lacks()
        """
        if not self.committed:
            return None
        noted = _NOTE.search(self.said)
        if noted is None:  # by a release before 0.2.0
            if self.begins is None or self.ends is None:
                return "there is none"
            return f"it begins at {self.begins}" if self.begins else None if self.ends else "it is empty"
        began, at = int(noted[1]), int(noted[2])
        if self.begins is None or self.ends is None:
            return None if at == _NOTHING else "there is none"
        if self.begins > began:
            return f"it begins at {self.begins} and began at {began}"
        return None if self.ends > at else f"it ends at {self.ends} and held {at}"


async def check(settings: Settings) -> dict[TP, int]:
    """Where each changelog partition of these hops begins; those that do not exist yet are left out.

    Raises:
        TopicsError: offsets stand, and the rows that belong to them are gone.
    """
    found = await _standings(settings)
    lost = [(standing, lacks) for standing in found if (lacks := standing.lacks()) is not None]
    if lost:
        listed = "; ".join(f"{_changelog(settings, s.hop)} {s.source.partition}: {lacks}" for s, lacks in lost)
        names = ",".join(sorted({standing.hop for standing, _ in lost}))
        raise TopicsError(
            f"rows of a table are gone while offsets stand: {listed}. To start would count again what was counted. "
            f"Restore the changelog, or rebuild it from its source: stream-app topics --rebuild {names} "
            "(docs/runbook.md, A table lost its changelog)."
        )
    return {TP(_changelog(settings, s.hop), s.source.partition): s.begins for s in found if s.begins is not None}


async def rebuild(settings: Settings, hop: str) -> dict[TP, int]:
    """Have a hop read its source from the beginning, into a table without rows; where it begins, by partition.

    Raises:
        TopicsError: workers of the group still run, or the broker would not take the offsets.
    """
    tps = [TopicPartition(settings.topic(SOURCES[hop]), n) for n in range(_partitions(settings, hop))]
    changelog = [TopicPartition(_changelog(settings, hop), tp.partition) for tp in tps]
    async with AIOKafkaConsumer(**client_options(settings)) as asking:
        ends = {tp.partition: span[1] for tp, span in (await _spans(asking, changelog)).items()}
        begins = await asking.beginning_offsets(tps)
    if any(ends.values()):
        there = "; ".join(f"partition {number} ends at {end}" for number, end in ends.items() if end)
        raise TopicsError(
            f"{_changelog(settings, hop)} is not empty: {there}. Delete the topic first: what it still "
            "holds would be taken for all there is."
        )
    async with AIOKafkaConsumer(
        group_id=settings.consumer_group, enable_auto_commit=False, **client_options(settings)
    ) as consumer:
        consumer.assign(tps)
        try:
            await consumer.commit({tp: OffsetAndMetadata(begins[tp], with_held(CLEAN, held(0, None))) for tp in tps})
        except KafkaError as error:
            raise TopicsError(
                f"group {settings.consumer_group} would not take the offsets: stop every worker that runs {hop} first "
                f"({type(error).__name__})"
            ) from error
    return {TP(*tp): begins[tp] for tp in tps}


def _changelog(settings: Settings, hop: str) -> str:
    return f"{settings.consumer_group}-{hops.TABLES[hop]}-changelog"


def _partitions(settings: Settings, hop: str) -> int:
    return next(spec for spec in TOPICS if spec.name == SOURCES[hop]).partitions(settings)


async def _standings(settings: Settings) -> list[Standing]:
    """Every partition of the tables of these hops."""
    tables = list(_tables(settings))
    if not tables:
        return []
    admin = AIOKafkaAdminClient(**client_options(settings))
    await admin.start()
    try:
        committed = await _committed(admin, settings.consumer_group, [tp for _, tp in tables])
    finally:
        await admin.close()
    changelogs = [TopicPartition(_changelog(settings, hop), tp.partition) for hop, tp in tables]
    async with AIOKafkaConsumer(**client_options(settings)) as consumer:
        spans = await _spans(consumer, changelogs)
    return [
        _standing(hop, TP(*tp), committed.get(tp), spans.get(changelog))
        for (hop, tp), changelog in zip(tables, changelogs, strict=True)
    ]


async def _committed(
    admin: AIOKafkaAdminClient, group: str, tps: list[TopicPartition]
) -> Mapping[TopicPartition, OffsetAndMetadata]:
    """What the group has committed; its coordinator may take a moment, as on a new cluster."""
    for tries in count(1):
        try:
            found: Mapping[TopicPartition, OffsetAndMetadata] = await admin.list_consumer_group_offsets(
                group, partitions=tps
            )
        except KafkaError as error:
            if not error.retriable or tries == _TRIES:
                raise
            await asyncio.sleep(_PAUSE_S)
        else:
            return found
    raise AssertionError


def _standing(hop: str, source: TP, at: OffsetAndMetadata | None, span: tuple[int, int] | None) -> Standing:
    begins, ends = span or (None, None)
    if at is None or at.offset < 0:
        return Standing(hop, source, 0, "", begins, ends)
    return Standing(hop, source, at.offset, at.metadata or "", begins, ends)


def _tables(settings: Settings) -> Iterator[tuple[str, TopicPartition]]:
    for hop, source in SOURCES.items():
        if hop in settings.hops:
            for number in range(_partitions(settings, hop)):
                yield hop, TopicPartition(settings.topic(source), number)


async def _spans(consumer: AIOKafkaConsumer, tps: list[TopicPartition]) -> Mapping[TopicPartition, tuple[int, int]]:
    """First and end offset of each of these partitions that exists."""
    metadata = await consumer._client.fetch_all_metadata()  # noqa: SLF001  # aiokafka offers no public look
    there = [tp for tp in tps if tp.partition in (metadata.partitions_for_topic(tp.topic) or ())]
    if not there:
        return {}
    begins, ends = await consumer.beginning_offsets(there), await consumer.end_offsets(there)
    return {tp: (begins[tp], ends[tp]) for tp in there}
