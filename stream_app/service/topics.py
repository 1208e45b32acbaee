"""Every topic: what it holds, its partitions, how long it is kept; and how they are made and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import InvalidReplicationFactorError, TopicAlreadyExistsError

from stream_app.core import hops
from stream_app.service.connection import client_options
from stream_app.settings import Settings

_DAY_MS = 86_400_000
_HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """One topic of the contract; `retention_days` None leaves the broker's default.

    `fixed`: it has so many partitions whatever the settings say, because all its records must meet.

    `ours`: only hops write it, and its records bear the broker's time, so that retention counts from when they were
    written (ADR 13). The other one's bear what its producers say, at most an hour ahead.

    `internal`: it lies between two hops, and only workers read it.
    """

    name: str
    key: str
    value: str
    single: bool = False
    fixed: int | None = None
    compacted: bool = False
    retention_days: int | None = None
    ours: bool = True
    internal: bool = False

    def partitions(self, settings: Settings) -> int:
        """How many partitions the settings ask for."""
        if self.fixed is not None:
            return self.fixed
        return settings.signed_partitions if self.single else settings.partitions

    def config(self, settings: Settings) -> dict[str, str]:
        """The topic's configuration on the broker."""
        config = {"min.insync.replicas": str(settings.min_insync), "max.message.bytes": str(settings.max_record_bytes)}
        config["cleanup.policy"] = "compact" if self.compacted else "delete"
        return config | self.kept_config | self.time_config

    @property
    def kept_config(self) -> dict[str, str]:
        """What the topic's configuration says of retention."""
        return {} if self.retention_days is None else {"retention.ms": str(self.retention_days * _DAY_MS)}

    @property
    def time_config(self) -> dict[str, str]:
        """What the topic's configuration says of timestamps."""
        if self.ours:
            return {"message.timestamp.type": "LogAppendTime"}
        return {"message.timestamp.after.max.ms": str(_HOUR_MS)}


TOPICS: tuple[TopicSpec, ...] = (
    TopicSpec(hops.RAW, "any (article id or URL)", "an article", ours=False),
    TopicSpec(hops.SIGNED, "article id", "an article with its signature", single=True, retention_days=3, internal=True),
    TopicSpec(hops.UNIQUE, "article id", "an article that is no copy", retention_days=3, internal=True),
    TopicSpec(hops.ENRICHED, "article id", "the enriched event", retention_days=7),
    TopicSpec(hops.DUPLICATES, "article id", "what it repeats, and how", retention_days=7),
    TopicSpec(hops.FIGURES, "country of the figure's place, or XX", "one casualty figure", retention_days=7),
    TopicSpec(
        hops.REPORTS, "article id", "what an article reports of one incident", fixed=1, retention_days=3, internal=True
    ),
    TopicSpec(hops.TOLLS, "incident id", "the toll as it stands", compacted=True),
    TopicSpec(hops.MEMBERS, "report id", "the incident that a report belongs to", compacted=True),
    TopicSpec(hops.REVISIONS, "incident id", "one change of a toll", retention_days=30),
    TopicSpec(hops.DEAD_LETTER, "the original key", "the original bytes", retention_days=30),
)


class TopicsError(RuntimeError):
    """The topics on the broker are not those that the settings ask for; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class TopicState:
    """What the broker has of one topic: its partition count, or None where it does not exist."""

    spec: TopicSpec
    name: str
    wanted: int
    found: int | None

    @property
    def fits(self) -> bool:
        """Whether hops can work on it: what they read of others may have any number of partitions."""
        return self.found in (None, self.wanted) or not self.spec.ours


async def inspect(settings: Settings) -> list[TopicState]:
    """What the broker has of each topic of the contract."""
    admin = AIOKafkaAdminClient(**client_options(settings))
    try:
        await admin.start()
        return await _inspect(admin, settings)
    finally:
        await admin.close()


async def _inspect(admin: AIOKafkaAdminClient, settings: Settings) -> list[TopicState]:
    existing = set(await admin.list_topics())
    names = [settings.topic(spec.name) for spec in TOPICS]
    described = await admin.describe_topics([name for name in names if name in existing])
    found = {row["topic"]: len(row["partitions"]) for row in described}
    return [
        TopicState(spec, name, spec.partitions(settings), found.get(name))
        for spec, name in zip(TOPICS, names, strict=True)
    ]


async def misconfigured(settings: Settings, states: Sequence[TopicState]) -> dict[str, dict[str, str]]:
    """Of topics that exist, what their configuration should say of timestamps and does not, by the topic's name.

    Nothing of a topic whose configuration the broker does not show.
    """
    specs = {state.name: state.spec for state in states if state.found is not None}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in specs]
    admin = AIOKafkaAdminClient(**client_options(settings))
    await admin.start()
    try:
        answers = await admin.describe_configs(resources) if resources else []
    finally:
        await admin.close()
    found: dict[str, dict[str, str]] = {}
    for code, _message, _type, name, entries in (row for answer in answers for row in answer.resources):
        has = {entry[0]: entry[1] for entry in entries}
        wrong = {key: value for key, value in specs[name].time_config.items() if has.get(key) != value}
        if code == 0 and wrong:
            found[name] = wrong
    return found


async def ensure(settings: Settings) -> list[TopicState]:
    """Create the topics that are missing; what is there already is checked, never changed.

    Returns:
        The topics as they were found before.

    Raises:
        TopicsError: a topic has another number of partitions than the settings ask for.
    """
    admin = AIOKafkaAdminClient(**client_options(settings))
    try:
        await admin.start()
        states = await _inspect(admin, settings)
        check(states)
        missing = [_new(state, settings) for state in states if state.found is None]
        if missing:
            await _create(admin, missing)
        return states
    finally:
        await admin.close()


def check(states: Sequence[TopicState]) -> None:
    """Refuse a topic with a wrong number of partitions: keys would meet in other workers than their state.

    Raises:
        TopicsError: naming each such topic.
    """
    wrong = [state for state in states if not state.fits]
    if wrong:
        listed = "; ".join(f"{state.name} has {state.found}, the settings ask for {state.wanted}" for state in wrong)
        raise TopicsError(
            f"wrong partition count: {listed}. Set STREAM_APP_PARTITIONS to what is there, or move to new topics with "
            "another STREAM_APP_PREFIX."
        )


def _new(state: TopicState, settings: Settings) -> NewTopic:
    return NewTopic(state.name, state.wanted, settings.replication, topic_configs=state.spec.config(settings))


async def _create(admin: AIOKafkaAdminClient, missing: list[NewTopic]) -> None:
    """Create the topics; a worker that starts at the same time may have been first."""
    response = await admin.create_topics(missing)
    for topic, code, *_ in response.topic_errors:
        if code == InvalidReplicationFactorError.errno:
            raise TopicsError(
                f"the broker would not create {topic} with {missing[0].replication_factor} replicas: the cluster has "
                "fewer brokers. Where one broker has to do, set STREAM_APP_REPLICATION=1 and STREAM_APP_MIN_INSYNC=1"
            )
        if code not in (0, TopicAlreadyExistsError.errno):
            raise TopicsError(f"the broker would not create {topic}: error {code} ({_error_name(code)})")


def _error_name(code: int) -> str:
    from aiokafka.errors import for_code  # noqa: PLC0415  # only for the message

    error: Any = for_code(code)
    return str(error.__name__)
