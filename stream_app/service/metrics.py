"""Every metric, as data: name, kind, labels, help; and the calls by which the hops feed them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from stream_app import __version__
from stream_app.core import hops
from stream_app.core.hops import Effects

NAMESPACE = "stream_app"
_LATENCY_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One metric by Prometheus' naming rules; units ride in the name."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


METRICS: tuple[MetricSpec, ...] = (
    MetricSpec("records_total", "counter", "Records handled, by hop.", ("hop",)),
    MetricSpec(
        "dead_letters_total", "counter", "Records that could never succeed, by hop and reason.", ("hop", "reason")
    ),
    MetricSpec("published_total", "counter", "Records published, by topic.", ("topic",)),
    MetricSpec("batch_records", "histogram", "Records in one batch, by hop.", ("hop",), _SIZES),
    MetricSpec(
        "batch_seconds", "histogram", "From taking a batch to the broker's last answer, by hop.", ("hop",), _LATENCY_S
    ),
    MetricSpec(
        "age_seconds", "histogram", "From the raw record's timestamp to this hop's decision.", ("hop",), _LATENCY_S
    ),
    MetricSpec("state_rows", "gauge", "Rows in the worker's table, by hop.", ("hop",)),
    MetricSpec("paused", "gauge", "1 while a hop waits for an operator after a run of poison.", ("hop",)),
    MetricSpec("ready", "gauge", "1 while the worker is assigned, recovered and running."),
    MetricSpec("build_info", "gauge", "1, with the version as a label.", ("version",)),
)

_KINDS: dict[str, Any] = {"counter": Counter, "gauge": Gauge, "histogram": Histogram}


class Metrics:
    """The registry of one worker, made from `METRICS`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._by_name = {spec.name: self._register(spec) for spec in METRICS}
        self._by_name["build_info"].labels(version=__version__).set(1)

    def _register(self, spec: MetricSpec) -> Any:
        options = {"buckets": spec.buckets} if spec.kind == "histogram" else {}
        return _KINDS[spec.kind](
            spec.name, spec.help, spec.labels, namespace=NAMESPACE, registry=self.registry, **options
        )

    def __getitem__(self, name: str) -> Any:
        return self._by_name[name]

    def decided(self, hop: str, effects: Effects, timestamp_ms: int) -> None:
        """One record became `effects`."""
        self["records_total"].labels(hop).inc()
        self["age_seconds"].labels(hop).observe(max(0.0, time.time() - timestamp_ms / 1000))
        for output in effects.outputs:
            self["published_total"].labels(output.topic).inc()

    def poisoned(self, hop: str, reason: str) -> None:
        """One record became a dead letter."""
        self["records_total"].labels(hop).inc()
        self["dead_letters_total"].labels(hop, reason).inc()
        self["published_total"].labels(hops.DEAD_LETTER).inc()

    def paused(self, hop: str) -> None:
        """A hop waits for an operator."""
        self["paused"].labels(hop).set(1)

    @contextmanager
    def timed(self, hop: str, records: int) -> Iterator[None]:
        """Observe how long a batch of `records` takes."""
        started = time.perf_counter()
        yield
        self["batch_seconds"].labels(hop).observe(time.perf_counter() - started)
        self["batch_records"].labels(hop).observe(records)

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)
