"""Every metric, as data: name, kind, labels and their values, help; and the calls by which the worker feeds them.

Series are plain numbers in dicts, rendered when Prometheus asks: a record costs about a microsecond. Labels are closed
lists, so that the number of series has a ceiling, and each series starts at 0, so that its first increment is seen.
"""

from __future__ import annotations

import logging
import platform
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate, product
from typing import Literal, get_args

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from stream_app import __version__
from stream_app.core import hops
from stream_app.core.events import KINDS, Assertion, RejectReason
from stream_app.core.hops import Effects, Fact
from stream_app.core.poison import REASONS
from stream_app.settings import HOPS

logger = logging.getLogger(__name__)

NAMESPACE = "stream_app"
OTHER = "other"  # a label value that its list does not know: counted all the same, under one series

Kind = Literal["counter", "gauge", "histogram"]
Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A label and every value that it can have, but for `other`."""

    name: str
    values: Values


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One metric by Prometheus' naming rules: units ride in the name.

    `hop` names the hop that feeds it, and without which it is not exposed; None: every worker has it.
    """

    name: str
    kind: Kind
    help: str
    labels: tuple[Label, ...] = ()
    buckets: tuple[float, ...] = ()
    hop: str | None = None

    @property
    def full_name(self) -> str:
        """The name as Prometheus has it."""
        return f"{NAMESPACE}_{self.name}"

    @property
    def counted(self) -> str:
        """What a counter counts, the first word of a fact: its name without `_total`."""
        return self.name.removesuffix("_total")

    def series(self, running: Sequence[str] = HOPS) -> Iterator[Values]:
        """The label values of every series that a worker running these hops can expose, but for `other`."""
        if self.hop is None or self.hop in running:
            yield from product(*(running if label is HOP else label.values for label in self.labels))


HOP = Label("hop", HOPS)
TOPIC = Label("topic", (*hops.PUBLISHED, hops.DEAD_LETTER))
REASON = Label("reason", REASONS)
OUTCOME = Label("outcome", ("unique", "revision", "duplicate", "dead_letter"))
COPY = Label("kind", ("exact", "near"))
KIND = Label("kind", KINDS)
ASSERTION = Label("assertion", get_args(Assertion))
REJECTED = Label("reason", get_args(RejectReason))
RESOLUTION = Label("outcome", ("resolved", "ambiguous", "unknown"))
AVOIDED = Label("how", ("copy", "same_incident"))
WHY = Label(
    "why", ("new_report", "raised", "lowered", "ceiling", "withdrawn", "merged", "split", "contradicted")
)  # fmt: skip
VERSION = Label("version", (__version__,))
PYTHON = Label("python", (platform.python_version(),))

_OF_ARTICLES = ("read", "match")  # a dead letter of theirs is an article's only outcome
_BATCH_S = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_AGE_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0, 86400.0)
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

METRICS: tuple[MetricSpec, ...] = (
    # content: what the stream says; a record that is delivered twice counts twice
    MetricSpec(
        "articles_total", "counter",
        "Raw articles by what became of them, as match judges, or read and match refuse.", (OUTCOME,),
    ),
    MetricSpec("duplicates_total", "counter", "Articles that repeat an earlier one, by how.", (COPY,), hop="match"),
    MetricSpec(
        "figures_total", "counter", "Casualty figures found, by kind and assertion.", (KIND, ASSERTION), hop="tag"
    ),
    MetricSpec(
        "figures_vague_total", "counter", 'Figures whose bounds come from a convention ("dozens").', hop="tag"
    ),
    MetricSpec("figures_unattributed_total", "counter", "Figures that nobody is said to have stated.", hop="tag"),
    MetricSpec(
        "figures_rejected_total", "counter", "Numbers that looked like figures and are not, by reason.", (REJECTED,),
        hop="tag",
    ),
    MetricSpec(
        "places_total", "counter", "Toponyms found: resolved, or left open as ambiguous or unknown.", (RESOLUTION,),
        hop="tag",
    ),
    MetricSpec(
        "double_counts_avoided_total", "counter",
        "Times that a toll was not added again: an article was a copy, or its report belonged to a standing incident.",
        (AVOIDED,),
    ),
    MetricSpec("revisions_total", "counter", "Changes of tolls published, by why.", (WHY,), hop="count"),
    MetricSpec(
        "contradictions_total", "counter", "Reports that stand against the toll of the others, by kind.", (KIND,),
        hop="count",
    ),
    MetricSpec("late_reports_total", "counter", "Reports of incidents that were closed before.", hop="count"),
    MetricSpec("incidents_open", "gauge", "Incidents that reports are still joined to.", hop="count"),
    # flow: what the hops do
    MetricSpec("records_total", "counter", "Records handled, dead letters included, by hop.", (HOP,)),
    MetricSpec("published_total", "counter", "Records published, by topic.", (TOPIC,)),
    MetricSpec(
        "dead_letters_total", "counter",
        "Records set aside, by hop and reason: they could never succeed, or (internal_error) we failed on them.",
        (HOP, REASON),
    ),
    MetricSpec("record_faults_total", "counter", "Times that a hop failed on a record, each try counted.", (HOP,)),
    MetricSpec(
        "age_seconds", "histogram",
        "From the raw article's timestamp to this hop's decision: at tag and count, end to end.", (HOP,), _AGE_S,
    ),
    MetricSpec(
        "batch_seconds", "histogram", "One stage: from taking a batch to the broker's last answer, by hop.", (HOP,),
        _BATCH_S,
    ),
    MetricSpec("batch_records", "histogram", "Records in one batch, by hop.", (HOP,), _SIZES),
    MetricSpec(
        "consumer_lag_records", "gauge", "Records on this worker's partitions that are not yet handled, by hop.", (HOP,)
    ),
    MetricSpec(
        "consumer_lag_seconds", "gauge",
        "Age of the oldest record not yet handled, by hop; 0 when none waits. As seen since this worker was assigned.",
        (HOP,),
    ),
    MetricSpec(
        "input_lost_records_total", "counter",
        "Records that the broker deleted, by retention, before the hop had read them.", (HOP,),
    ),
    MetricSpec("undecodable_batches_total", "counter", "Batches met that no codec can decode, by hop.", (HOP,)),
    MetricSpec(
        "blocked_partitions", "gauge", "Partitions that stand still at a batch that cannot be decoded, by hop.", (HOP,)
    ),
    MetricSpec(
        "undecodable_records_passed_total", "counter",
        "Offsets of undecodable batches that an operator has had passed, by hop.", (HOP,),
    ),
    MetricSpec("paused", "gauge", "1 while a hop waits for an operator after a run of dead letters.", (HOP,)),
    # state and membership
    MetricSpec("assigned_partitions", "gauge", "Partitions of the hop's topic that this worker has.", (HOP,)),
    MetricSpec("rebalances_total", "counter", "Times that partitions were assigned to this worker."),
    MetricSpec("state_rows", "gauge", "Table rows in memory, standby copies included, by hop.", (HOP,)),
    MetricSpec(
        "state_bytes", "gauge", "Memory of the matcher's rows and index, standby copies included.", hop="match"
    ),
    MetricSpec(
        "state_evicted_rows_total", "counter", "Articles that the matcher forgot inside its window, for want of room.",
        hop="match",
    ),
    MetricSpec(
        "late_articles_total", "counter",
        "Articles older than the window behind the newest: nobody looks for their copies.", hop="match",
    ),
    MetricSpec("memory_limit_bytes", "gauge", "What the process may use: its container's limit, or all there is."),
    MetricSpec("recovering", "gauge", "1 while tables are rebuilt from their changelogs."),
    MetricSpec(
        "recovery_remaining_rows", "gauge", "Changelog records that recovery has yet to read, by hop.", (HOP,)
    ),
    MetricSpec("recovery_restored_rows_total", "counter", "Changelog records taken into tables, by hop.", (HOP,)),
    MetricSpec("ready", "gauge", "1 while the worker is assigned, recovered and running."),
    MetricSpec("log_lines_suppressed_total", "counter", "Fault lines that the log's rate limit left out."),
    MetricSpec("build_info", "gauge", "1, with the versions as labels.", (VERSION, PYTHON)),
)  # fmt: skip


class Numbers(dict[Fact, float]):
    """Every series of counters and gauges, under what is counted and its label values; all are there from the start."""

    def __init__(self, running: Sequence[str]) -> None:
        self._labels = {spec.counted: spec.labels for spec in METRICS if spec.kind != "histogram"}
        super().__init__(
            {(s.counted, *values): 0.0 for s in METRICS if s.kind != "histogram" for values in s.series(running)}
        )

    def __missing__(self, fact: Fact) -> float:
        """0 for a series that is not there from the start, such as `other`; KeyError for no metric of ours."""
        if fact != self.known(fact):
            raise KeyError(fact)
        return 0.0

    def count(self, facts: Iterable[Fact]) -> None:
        """Increase a series for each fact."""
        for fact in facts:
            try:
                self[fact] += 1
            except KeyError:  # costs nothing unless it is raised, and this is called for each record
                self[self.known(fact)] += 1

    def known(self, fact: Fact) -> Fact:
        """The series that a fact belongs to: a value that its label does not list becomes `other`."""
        name, *values = fact
        listed = zip(values, self._labels[name], strict=True)
        return (name, *(value if value in label.values else OTHER for value, label in listed))


class Distribution:
    """One series of a histogram: observations by bucket, and their sum."""

    __slots__ = ("_bounds", "_counts", "_sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        """Count one observation."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def cumulative(self) -> tuple[list[tuple[str, float]], float]:
        """Buckets as Prometheus counts them, each with all below it, and the sum."""
        names = [*(str(float(bound)) for bound in self._bounds), "+Inf"]
        return list(zip(names, map(float, accumulate(self._counts)), strict=True)), self._sum


class Metrics:
    """The metrics of one worker that runs the hops `running`; used from one thread, the event loop's."""

    def __init__(self, running: Sequence[str] = HOPS) -> None:
        self.registry = CollectorRegistry()
        self._numbers = Numbers(running)
        self._distributions = {
            s.name: {values: Distribution(s.buckets) for values in s.series(running)}
            for s in METRICS if s.kind == "histogram"
        }  # fmt: skip
        self._probes: list[Callable[[], None]] = []
        self.set("build_info", 1, __version__, platform.python_version())
        self.registry.register(self)
        ProcessCollector(registry=self.registry)

    def add(self, *fact: str) -> None:
        """Count a fact: the counter's name without `_total`, then its label values."""
        self._numbers.count([fact])

    def set(self, name: str, value: float, *values: str) -> None:
        """Set a gauge, or a counter that is kept elsewhere."""
        self._numbers[self._numbers.known((name, *values))] = value

    def value(self, *fact: str) -> float:
        """What a counter or gauge stands at."""
        return self._numbers[fact]

    def observe(self, name: str, value: float, *values: str) -> None:
        """Count one observation of a histogram whose labels are known; others are left out."""
        if (distribution := self._distributions[name].get(values)) is not None:
            distribution.observe(value)

    def decided(self, hop: str, effects: Effects, timestamp_ms: int) -> None:
        """One record became `effects`."""
        self.observe("age_seconds", max(0.0, time.time() - timestamp_ms / 1000), hop)
        published = [("published", output.topic) for output in effects.outputs]
        self._numbers.count([("records", hop), *published, *effects.facts])

    def poisoned(self, hop: str, reason: str) -> None:
        """One record became a dead letter."""
        self.add("records", hop)
        self.add("dead_letters", hop, reason)
        self.add("published", hops.DEAD_LETTER)
        if hop in _OF_ARTICLES:
            self.add("articles", "dead_letter")

    def paused(self, hop: str) -> None:
        """A hop waits for an operator."""
        self.set("paused", 1, hop)

    @contextmanager
    def timed(self, hop: str, records: int) -> Iterator[None]:
        """Observe how long a batch of `records` takes."""
        started = time.perf_counter()
        yield
        self.observe("batch_seconds", time.perf_counter() - started, hop)
        self.observe("batch_records", records, hop)

    def before_exposition(self, probe: Callable[[], None]) -> None:
        """Have `probe` set gauges each time that Prometheus asks."""
        self._probes.append(probe)

    def exposition(self) -> bytes:
        """Everything in Prometheus' text format."""
        for probe in self._probes:
            try:
                probe()
            except Exception:  # a gauge that cannot be read must not hide the others
                logger.exception("a probe failed; its gauges are as they were")
        return generate_latest(self.registry)

    def collect(self) -> Iterable[Metric]:
        """What prometheus_client wants of a collector: a family for each row of `METRICS`."""
        by_name: dict[str, list[tuple[Values, float]]] = {}
        for fact, number in self._numbers.items():
            by_name.setdefault(fact[0], []).append((fact[1:], number))
        for spec in METRICS:
            names = [label.name for label in spec.labels]
            if spec.kind == "histogram":
                yield self._histogram(spec, names)
            else:
                family = CounterMetricFamily if spec.kind == "counter" else GaugeMetricFamily
                rendered = family(spec.full_name, spec.help, labels=names)
                for values, number in by_name.get(spec.counted, ()):
                    rendered.add_metric(values, number)
                yield rendered

    def _histogram(self, spec: MetricSpec, names: list[str]) -> Metric:
        family = HistogramMetricFamily(spec.full_name, spec.help, labels=names)
        for values, distribution in self._distributions[spec.name].items():
            buckets, total = distribution.cumulative()
            family.add_metric(values, buckets=buckets, sum_value=total)
        return family
