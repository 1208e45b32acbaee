"""Puts the parts together: settings in, a Faust app with its hops, tables and pages out; nothing happens at import."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import faust
from faust.types import TP

from stream_app.core.flow.pipeline import Tag
from stream_app.core.hops import TABLES, Hop
from stream_app.core.language.by_language import ByLanguage
from stream_app.hops import build_hops
from stream_app.service import tracing
from stream_app.service.agents import Runner, let_tolls_wait
from stream_app.service.connection import ssl_context
from stream_app.service.doubt import Doubts
from stream_app.service.engine import exactly_once, transport
from stream_app.service.engine.assignor import assignor_for
from stream_app.service.engine.tables import RowTable, Tables
from stream_app.service.metrics import Metrics
from stream_app.service.probe import Probe
from stream_app.service.topics import TOPICS
from stream_app.settings import Settings


@dataclass(frozen=True, slots=True)
class Service:
    """A worker's parts: the Faust app, what it tells of itself, and the tables it keeps."""

    app: faust.App
    metrics: Metrics
    tables: dict[str, RowTable]
    tracing: tracing.Tracing | None


def build_app(
    settings: Settings, changelog_starts: Mapping[TP, int] | None = None, frames: Mapping[str, bytes] | None = None
) -> Service:
    """A Faust app with one agent for each hop in the settings; starts nothing.

    `changelog_starts`: where each table's changelog partitions begin, as the check before the start has found them.
    `frames`: what goes before the values of each topic, where there is a schema registry.
    """
    app = faust.App(settings.consumer_group, **_faust_options(settings))
    app._create_directories = lambda: None  # noqa: SLF001  # nothing is kept on disk, which may be read-only
    link = (exactly_once if settings.delivery == "exactly_once" else transport).Transport(app, settings)
    link.changelog_starts = changelog_starts or {}
    transport.install(app, link)
    metrics = Metrics(settings.hops)
    tables: dict[str, RowTable] = {}
    runners: list[Runner] = []
    spans = tracing.start(settings)
    gate = asyncio.Lock()
    for name, hop in build_hops(settings).items():
        for tagger in hop.taggers if isinstance(hop, Tag) else ():
            if isinstance(tagger, ByLanguage):
                tagger.get_ready()  # else the first article in each language would wait
        source = app.topic(
            settings.topic(hop.source),
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
            internal=False,
            allow_empty=True,
        )
        table = _table(app, hop, settings) if hop.stateful else None
        if table is not None:
            tables[name] = table
        doubts = Doubts(lambda: app.consumer, settings.topic(hop.source), gate) if settings.record_tries else None
        runner = Runner(
            app, hop, table, settings, metrics, link.batch, tracing=spans, frames=frames or {}, doubts=doubts
        )
        runners.append(runner)
        app.agent(source, name=f"stream_app.{name}", concurrency=1)(_agent(runner))
    let_tolls_wait(runners)
    Probe(app, runners, metrics, link.troubles).install()
    return Service(app, metrics, tables, spans)


def _agent(runner: Runner):  # type: ignore[no-untyped-def]  # noqa: ANN202  # Faust decides by the function's kind
    async def hop(stream: faust.StreamT) -> None:
        await runner.run(stream)

    return hop


def _table(app: faust.App, hop: Hop, settings: Settings) -> RowTable:
    spec = next(spec for spec in TOPICS if spec.name == hop.source)
    table = RowTable(
        app,
        name=TABLES[hop.name],
        key_type=bytes,
        value_type=bytes,
        partitions=spec.partitions(settings),
        recovery_buffer_size=200,
        standby_buffer_size=1000,
        hop=hop,
        source=settings.topic(hop.source),
    )
    app.tables.add(table)
    return table


def _faust_options(settings: Settings) -> dict[str, object]:
    """Faust's own settings; each that differs from its default has its reason in docs/adr/0002-faust.md."""
    options: dict[str, object] = {
        "broker": [f"aiokafka://{broker}" for broker in settings.brokers],
        "store": "memory://",
        "TableManager": Tables,
        "PartitionAssignor": assignor_for(settings),
        "web_enabled": False,
        "topic_disable_leader": True,
        "topic_replication_factor": settings.replication,
        "topic_partitions": settings.partitions,
        "table_standby_replicas": settings.standby_replicas,
        "agent_supervisor": "mode.supervisors.CrashingSupervisor",
        "broker_commit_every": 10_000,
        "broker_commit_interval": settings.commit_interval_s,
        "broker_session_timeout": settings.session_timeout_s,
        "broker_heartbeat_interval": settings.session_timeout_s / 10,
        "broker_request_timeout": max(40.0, settings.session_timeout_s),
        "broker_max_poll_interval": 300.0,
        "consumer_auto_offset_reset": "earliest",
        "producer_acks": -1,
        "producer_request_timeout": settings.send_timeout_s,
        "producer_compression_type": None if settings.compression == "none" else settings.compression,
        "consumer_metadata_max_age_ms": 5_000,
        "producer_linger": settings.linger_ms / 1000,
        "producer_max_batch_size": 524_288,
        "broker_max_poll_records": 500,
        "producer_max_request_size": settings.max_record_bytes,
        "consumer_max_fetch_size": settings.max_record_bytes,
        "stream_buffer_maxsize": 1000,
        "stream_recovery_delay": 0.0,
    }
    options.update(_credentials(settings))
    return options


def _credentials(settings: Settings) -> dict[str, object]:
    """Faust's words for the settings' login and encryption."""
    protocol = settings.security_protocol
    context = ssl_context(settings) if protocol.endswith("SSL") else None
    if protocol.startswith("SASL"):
        sasl = faust.SASLCredentials(
            username=settings.sasl_username,
            password=settings.sasl_password,
            mechanism=settings.sasl_mechanism,
            ssl_context=context,
        )
        return {"broker_credentials": sasl}
    return {"broker_credentials": faust.SSLCredentials(context)} if context else {}
