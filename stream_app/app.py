"""Puts the parts together: settings in, a Faust app with its hops, tables and pages out; nothing happens at import."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import faust
from faust.types import TP

from stream_app import __version__
from stream_app.core import casualties
from stream_app.core.flow.pipeline import Count, Match, Pipeline, Read, Tag
from stream_app.core.hops import TABLES, Hop
from stream_app.core.incidents.counter import UNTIMED_OPEN
from stream_app.core.language.by_language import ByLanguage
from stream_app.core.languages.readers import (
    casualty_readers,
    cause_readers,
    incident_wordings,
    language_tagger,
    place_readers,
)
from stream_app.core.places import Gazetteer
from stream_app.core.places.gazetteer import GazetteerError
from stream_app.core.tagging import Tagger
from stream_app.core.wire import Limits
from stream_app.gazetteer import ensure, existing
from stream_app.gazetteer.showing import building
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
from stream_app.settings import PREFIX, Settings, SettingsError
from stream_app.sources import load_sources

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """A worker's parts: the Faust app, what it tells of itself, and the tables it keeps."""

    app: faust.App
    metrics: Metrics
    tables: dict[str, RowTable]
    tracing: tracing.Tracing | None


def open_gazetteer(settings: Settings) -> Gazetteer:
    """The gazetteer that the settings name, else the wheel's, else one in the user's cache, built when missing.

    Raises:
        SettingsError: the settings name one that is not there.
    """
    if settings.gazetteer is None:
        with building() as on_step:
            path = ensure(None, lambda path: logger.info("building the gazetteer: %s", path), on_step)
        return Gazetteer.open(path)
    try:
        return Gazetteer.open(existing(settings.gazetteer))
    except GazetteerError as error:
        raise SettingsError(f"{PREFIX}GAZETTEER={error}") from error


def build_taggers(settings: Settings, gazetteer: Gazetteer) -> Sequence[Tagger]:
    """The taggers in the order they run: each finds what those before it have said of the document."""
    options: dict[str, Any] = {} if settings.min_confidence is None else {"min_confidence": settings.min_confidence}
    places = place_readers(gazetteer, outlet_prior=settings.outlet_prior, **options)
    return (language_tagger(), places, casualty_readers(settings.convention), cause_readers())


def build_tag(settings: Settings) -> Tag:
    """The tag hop alone, as the commands without a broker use it."""
    gazetteer = open_gazetteer(settings)
    identity = Pipeline(__version__, gazetteer.version, casualties.RULES_VERSION, settings.convention)
    return Tag(build_taggers(settings, gazetteer), identity, load_sources(settings), incident_wordings())


def build_hops(settings: Settings, *, once: bool = False) -> dict[str, Hop]:
    """Every hop by name, made as the settings ask; the gazetteer is opened only for a worker that tags.

    `once`: for input that no broker delivers, neither again (`Matcher`) nor at any known time (`Counter`).
    """
    hops: dict[str, Hop] = {}
    if "read" in settings.hops:
        hops["read"] = Read(Limits(settings.max_article_bytes))
    if "match" in settings.hops:
        hops["match"] = Match(settings.window_h * 3600, settings.max_resident, load_sources(settings), once=once)
    if "tag" in settings.hops:
        hops["tag"] = build_tag(settings)
    if "count" in settings.hops:
        most_open = min(settings.max_open_reports, UNTIMED_OPEN) if once else settings.max_open_reports
        hops["count"] = Count(settings.incident_window_h * 3600, most_open, timed=not once)
    return hops


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
