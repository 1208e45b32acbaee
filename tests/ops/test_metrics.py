"""Metrics keep Prometheus' rules, have a ceiling on their series, and count what the flow decides."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from stream_app.core.flow.stream import Clock
from stream_app.core.hops import ENRICHED, PUBLISHED, Effects, Output, Record
from stream_app.core.places import Gazetteer
from stream_app.core.poison import PoisonError
from stream_app.hops import build_hops
from stream_app.service.metrics import METRICS, OTHER, Metrics, MetricSpec
from stream_app.service.topics import TOPICS
from stream_app.settings import HOPS, Settings

ROOT = Path(__file__).parents[2]
MOST_SERIES = 650  # of one worker with all hops: what a fleet of 50 costs Prometheus stays below 40,000 series
UNITS = ("seconds", "bytes", "records", "rows", "partitions", "ratio")


def samples(metrics: Metrics) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def output(topic: str) -> Output:
    return Output(topic, b"k", b"{}", "id", "schema/1")


@pytest.mark.parametrize("spec", METRICS, ids=lambda spec: spec.name)
def test_names_follow_prometheus_rules(spec: MetricSpec) -> None:
    assert re.fullmatch(r"stream_app_[a-z_]+[a-z]", spec.full_name)
    assert spec.name.endswith("_total") == (spec.kind == "counter")
    assert not spec.name.endswith(("_count", "_sum", "_bucket", "_milliseconds", "_ms", "_kb"))
    assert spec.help.endswith(".")
    assert spec.help[0].isupper() or spec.help[0].isdigit()
    assert bool(spec.buckets) == (spec.kind == "histogram")
    assert list(spec.buckets) == sorted(set(spec.buckets))


@pytest.mark.parametrize("spec", [s for s in METRICS if s.kind == "histogram"], ids=lambda spec: spec.name)
def test_histograms_carry_their_unit(spec: MetricSpec) -> None:
    assert spec.name.endswith(UNITS)


def test_promtool_finds_nothing_to_say_of_the_exposition(promtool: str) -> None:
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=Metrics().exposition(), capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")


def test_every_series_is_there_from_the_start_at_zero() -> None:
    found = samples(Metrics())
    for spec in (s for s in METRICS if s.kind == "counter"):
        for values in spec.series():
            labels = frozenset(zip((label.name for label in spec.labels), values, strict=True))
            assert found[spec.full_name, labels] == 0


def test_the_number_of_series_has_a_ceiling_that_no_input_lifts() -> None:
    metrics = Metrics()
    for number in range(2000):
        garbage = f"value-{number}"
        metrics.poisoned(garbage, garbage)
        facts = [("figures", garbage, garbage), ("places", garbage), ("revisions", garbage), ("articles", garbage)]
        metrics.decided(garbage, Effects([output(garbage)], facts=facts), 0)
        with metrics.timed(garbage, 1):
            pass
    found = [name for name, _ in samples(metrics) if name.startswith("stream_app_")]
    assert len(found) <= MOST_SERIES
    assert metrics.value("places", OTHER) == 2000


def test_no_label_can_name_an_article_a_source_or_a_partition() -> None:
    names = {label.name for spec in METRICS for label in spec.labels}
    assert names <= {"hop", "topic", "reason", "outcome", "kind", "assertion", "how", "why", "version", "python"}
    assert all(label.values for spec in METRICS for label in spec.labels)


def test_every_topic_that_the_service_writes_has_its_series() -> None:
    metrics = Metrics()
    for topic in (spec.name for spec in TOPICS if spec.name != "articles.raw"):
        metrics.decided("read", Effects([output(topic)]), 0)
        assert metrics.value("published", topic) == 1
    assert {spec.name for spec in TOPICS} >= set(PUBLISHED)


@pytest.mark.parametrize("running", [("read", "tag"), ("match",), ("count",)], ids=",".join)
def test_a_worker_shows_only_the_metrics_of_its_hops(running: tuple[str, ...]) -> None:
    names = {name.removesuffix("_total") for name, _ in samples(Metrics(running))}
    for spec in (s for s in METRICS if s.hop is not None):
        assert (spec.full_name.removesuffix("_total") in names) == (spec.hop in running)


def test_a_probe_that_fails_hides_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    metrics = Metrics()
    metrics.before_exposition(lambda: 1 / 0)  # type: ignore[arg-type]
    metrics.before_exposition(lambda: metrics.set("ready", 1))
    assert samples(metrics)["stream_app_ready", frozenset()] == 1
    assert "a probe failed" in caplog.text


def test_an_unknown_fact_is_our_bug_and_raises() -> None:
    with pytest.raises(KeyError):
        Metrics().decided("read", Effects(facts=[("nonsense",)]), 0)


def test_a_record_is_counted_once_for_its_hop_and_for_each_output() -> None:
    metrics = Metrics()
    metrics.decided("tag", Effects([output(ENRICHED)] * 2, facts=[("figures", "killed", "actual")] * 3), 0)
    assert metrics.value("records", "tag") == 1
    assert metrics.value("published", ENRICHED) == 2
    assert metrics.value("figures", "killed", "actual") == 3


def test_only_a_dead_letter_of_an_article_is_an_outcome_of_an_article() -> None:
    metrics = Metrics()
    for hop in HOPS:
        metrics.poisoned(hop, "not_json")
    assert metrics.value("articles", "dead_letter") == 2


@given(st.lists(st.floats(0, 1e6), max_size=50))
def test_a_histogram_counts_each_observation_in_its_bucket_and_all_above(values: list[float]) -> None:
    metrics = Metrics()
    for value in values:
        metrics.observe("batch_seconds", value, "read")
    found = samples(metrics)
    for bound in (0.001, 0.5, 60.0):
        labels = frozenset({("hop", "read"), ("le", str(bound))})
        assert found["stream_app_batch_seconds_bucket", labels] == sum(value <= bound for value in values)
    assert found["stream_app_batch_seconds_count", frozenset({("hop", "read")})] == len(values)


@pytest.fixture(scope="module")
def counted(gazetteer: Gazetteer) -> Metrics:
    """What the seeds come to, hop after hop."""
    settings, metrics, clock = Settings(), Metrics(), Clock()
    lines = (ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines()
    hops = build_hops(settings)
    queue = [(hops["read"].source, Record(None, line, clock.received_ms(None))) for line in lines]
    states = {name: hop.new_state() for name, hop in hops.items()}
    by_source = {hop.source: hop for hop in hops.values()}
    while queue:
        topic, record = queue.pop(0)
        if (hop := by_source.get(topic)) is None:
            continue
        try:
            effects = hop(record, states[hop.name])
        except PoisonError as error:
            metrics.poisoned(hop.name, error.reason)
            continue
        metrics.decided(hop.name, effects, record.timestamp_ms)
        queue.extend((out.topic, Record(out.key, out.value, record.timestamp_ms)) for out in effects.outputs)
    return metrics


def test_every_fact_of_the_flow_has_a_series_of_its_own(counted: Metrics) -> None:
    assert not [labels for _, labels in samples(counted) if any(value == OTHER for _, value in labels)]


def test_every_article_has_exactly_one_outcome(counted: Metrics) -> None:
    outcomes = [counted.value("articles", outcome) for outcome in ("unique", "revision", "duplicate", "dead_letter")]
    assert sum(outcomes) == counted.value("records", "read")
    assert all(outcomes)


def test_figures_and_places_are_counted_as_published(counted: Metrics) -> None:
    found = samples(counted)
    figures = sum(value for (name, _), value in found.items() if name == "stream_app_figures_total")
    assert figures > 0
    assert counted.value("figures_unattributed") <= figures
    assert counted.value("places", "resolved") > 0
    assert counted.value("double_counts_avoided", "copy") == counted.value("articles", "duplicate") > 0


def test_the_docs_are_made_from_the_rows() -> None:
    import sys

    made = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_docs.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
