"""This service, its tagging replaced by the fixed job: the same agents, tables, transports and headers as the worker.

`--rows 1` lets the hop keep a table, with one changelog row a record. `--delivery exactly_once` uses
transactions, `stock` Faust's own consumer and producer, a record at a time.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass

import faust
import uvloop

from benchmarks.peers.common import Job, answer, job_of_arguments
from benchmarks.work import Window
from stream_app import app as service_app
from stream_app.core.hops import ENRICHED, ENRICHED_SCHEMA, UNIQUE, Effects, Output, Record
from stream_app.service.agents import Runner
from stream_app.service.engine import exactly_once, transport
from stream_app.service.engine.tables import RowTable
from stream_app.service.metrics import Metrics
from stream_app.settings import Settings

NAME = "stream-app"
Scope = Callable[[], contextlib.AbstractAsyncContextManager[None]]


class Rows:
    """A state that only counts its rows."""

    def __init__(self) -> None:
        self.count = 0

    def restore(self, _row_id: str, _row: bytes) -> None:
        self.count += 1

    def forget(self, _row_id: str) -> None:
        self.count -= 1

    def __len__(self) -> int:
        return self.count


@dataclass
class FixedHop:
    """A hop that does the fixed job and passes the record on."""

    window: Window
    stateful: bool
    source: str = UNIQUE
    name: str = "tag"

    def new_state(self) -> Rows:
        return Rows()

    def __call__(self, record: Record, _state: object = None) -> Effects:
        self.window.work()
        key = record.key or b""
        rows = [(key, b"row")] if self.stateful else []
        return Effects([Output(ENRICHED, key, record.value, "0123456789abcdef", ENRICHED_SCHEMA)], rows)


def build(job: Job, window: Window, delivery: str, *, rows: bool) -> faust.App:
    settings = Settings(
        brokers=(job.brokers,), group=job.group, prefix=job.source.removesuffix(UNIQUE), partitions=job.partitions,
        replication=1, min_insync=1, standby_replicas=0, idempotence=job.idempotence,
    )  # fmt: skip
    app = faust.App(job.group, **service_app._faust_options(settings))  # noqa: SLF001 - what the service itself passes
    scope: Scope = contextlib.nullcontext
    if delivery != "stock":
        link = (exactly_once if delivery == "exactly_once" else transport).Transport(app, settings)
        transport.install(app, link)
        scope = link.batch
    hop = FixedHop(window, rows)
    source = app.topic(
        settings.topic(hop.source),
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
        internal=False,
    )
    table = _table(app, job, hop) if rows else None
    runner = Runner(app, hop, table, settings, Metrics(), scope)
    app.agent(source, name="fixed", concurrency=1)(service_app._agent(runner))  # noqa: SLF001
    return app


def _table(app: faust.App, job: Job, hop: FixedHop) -> RowTable:
    table = RowTable(
        app,
        name="fixed",
        key_type=bytes,
        value_type=bytes,
        partitions=job.partitions,
        recovery_buffer_size=1000,
        hop=hop,
        source=job.source,
    )
    app.tables.add(table)
    return table


async def run(job: Job, delivery: str, *, rows: bool) -> Window:
    window = job.window()
    app = build(job, window, delivery, rows=rows)
    app.finalize()
    starting = asyncio.ensure_future(app.start())
    while not window.complete or app.consumer.unacked:
        await asyncio.sleep(0.01)
        if app.crashed:
            raise app.crash_reason
    await app.consumer.commit()
    answer(window)
    starting.cancel()
    await app.stop()
    return window


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    own = argparse.ArgumentParser(add_help=False)
    own.add_argument("--rows", type=int, default=0)
    own.add_argument("--delivery", default="at_least_once")
    options, sys.argv[1:] = own.parse_known_args()
    uvloop.run(run(job_of_arguments(), options.delivery, rows=bool(options.rows)))
