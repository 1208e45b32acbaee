"""A worker whose result shows every slip: it adds numbers up, which no redelivery leaves unharmed.

The same `Runner`, tables and transports as the service, with two small hops in place of its four:
`split` sends each number as two halves, `add` keeps a running total per key and publishes it after each half.
Run as a process: `python -m tests.kafka.sum_worker`, settings from the environment like the real one; SUM_DELIVERY is
`stock` for Faust's own transport, else a value of STREAM_APP_DELIVERY.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from dataclasses import dataclass, field
from typing import Any

import faust

from stream_app import app as service_app
from stream_app.core.hops import Effects, Hop, Output, Record
from stream_app.service import worker
from stream_app.service.agents import Runner
from stream_app.service.engine import exactly_once, transport
from stream_app.service.engine.tables import RowTable
from stream_app.service.metrics import Metrics
from stream_app.settings import Settings

logger = logging.getLogger(__name__)

NUMBERS, HALVES, TOTALS = "sum.numbers", "sum.halves", "sum.totals"
PARTITIONS = 2


@dataclass(frozen=True)
class Split:
    """Each number as two halves."""

    name: str = "split"
    source: str = NUMBERS
    stateful: bool = False

    def new_state(self) -> None:
        """Nothing to keep."""

    def __call__(self, record: Record, state: object = None) -> Effects:
        key, number = record.key or b"", int(record.value or b"0")
        halves = (number // 2, number - number // 2)
        outputs = [
            Output(HALVES, key, str(half).encode(), f"{key!r}/{number}/{part}", "h/1")
            for part, half in enumerate(halves)
        ]
        return Effects(outputs)


@dataclass
class Totals:
    """The running total of each key of a partition."""

    totals: dict[str, int] = field(default_factory=dict)

    def restore(self, row_id: str, row: bytes) -> None:
        self.totals[row_id] = int(row)

    def forget(self, row_id: str) -> None:
        del self.totals[row_id]

    def __len__(self) -> int:
        return len(self.totals)


@dataclass(frozen=True)
class Add:
    """A running total for each key."""

    name: str = "add"
    source: str = HALVES
    stateful: bool = True

    def new_state(self) -> Totals:
        return Totals()

    def __call__(self, record: Record, state: Totals) -> Effects:
        assert record.key is not None
        key = record.key.decode()
        state.totals[key] = state.totals.get(key, 0) + int(record.value or b"0")
        value = str(state.totals[key]).encode()
        return Effects([Output(TOTALS, record.key, value, f"{key}/{value.decode()}", "t/1")], [(record.key, value)])


def build(settings: Settings, delivery: str) -> tuple[faust.App, Metrics]:
    """A Faust app like the service's, with other hops."""
    app = faust.App(settings.group, **service_app._faust_options(settings))
    metrics = Metrics()
    link: Any = None
    if delivery != "stock":
        link = (exactly_once if delivery == "exactly_once" else transport).Transport(app, settings)
        transport.install(app, link)
    hops: tuple[Hop, ...] = (Split(), Add())
    for hop in hops:
        source = app.topic(
            settings.topic(hop.source),
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
            internal=False,
        )
        table = _table(app, hop, settings.topic(hop.source)) if hop.stateful else None
        runner = Runner(app, hop, table, settings, metrics)
        if link is not None:
            runner.scope = link.batch
        app.agent(source, name=hop.name, concurrency=1)(service_app._agent(runner))
    return app, metrics


def _table(app: faust.App, hop: Hop, source: str) -> RowTable:
    table = RowTable(
        app,
        name=hop.name,
        key_type=bytes,
        value_type=bytes,
        partitions=PARTITIONS,
        recovery_buffer_size=1000,
        hop=hop,
        source=source,
    )
    app.tables.add(table)
    return table


async def main() -> None:
    settings = Settings.from_env({key: value for key, value in os.environ.items() if key.startswith("STREAM_APP_")})
    app, metrics = build(settings, os.environ.get("SUM_DELIVERY", "at_least_once"))
    await worker.run(app, metrics, settings, lambda port: logger.warning("pages on %d", port))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(name)s %(levelname)s %(message)s")
    try:
        asyncio.run(main())
    except worker.WorkerFailed as error:
        logger.critical("failed: %s", error)
        sys.exit(1)
