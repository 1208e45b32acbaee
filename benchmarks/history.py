"""What each run of a benchmark found, one line a run, so that figures can be followed from commit to commit.

`results/history.jsonl` grows by a line with each result that is written; docs/performance-history.md is made from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple


class Figure(NamedTuple):
    """A figure to follow: whose it is, what it is called, and where in the result it stands."""

    benchmark: str
    what: str
    path: tuple[str, ...]


FIGURES: tuple[Figure, ...] = (
    Figure("pipeline", "whole pipeline, articles/s a core", ("pipeline_articles_per_s_core",)),
    Figure("pipeline", "against the hand-written loop", ("pipeline_vs_raw_loop",)),
    Figure("pipeline", "two workers against one", ("speedup_two_workers",)),
    Figure("pipeline", "CPU of two workers to that of one", ("two_workers_cpu_to_one",)),
    Figure("wide", "CPU of two workers to one's", ("workers", "2", "cpu_to_one")),
    Figure("wide", "CPU of four workers to one's", ("workers", "4", "cpu_to_one")),
    Figure("wide", "busiest of four to its share", ("workers", "4", "busiest_to_fair_share")),
    Figure("takeover", "silence with a standby (s)", ("with_standby",)),
    Figure("catchup", "pace after an outage, times the live rate", ("times_live_rate",)),
    Figure("core", "core, us an article", ("us_an_article", "all")),
    Figure("core", "read", ("us_an_article", "read")),
    Figure("core", "match", ("us_an_article", "match")),
    Figure("core", "tag", ("us_an_article", "tag")),
    Figure("core", "count", ("us_an_article", "count")),
    Figure("mixes", "general mix, us an article", ("mixes", "general", "us_an_article")),
    Figure("mixes", "general mix, controls an article", ("mixes", "general", "controls_an_article")),
    Figure("mixes", "casualty mix, us an article", ("mixes", "casualty", "us_an_article")),
    Figure("mixes", "casualty mix, controls an article", ("mixes", "casualty", "controls_an_article")),
    Figure("mixes", "growth over 100,000 articles", ("growth", "growth", "all")),
    Figure("mixes", "general mix, bytes out to bytes in", ("mixes", "general", "published_times_raw")),
    Figure("mixes", "casualty mix, bytes out to bytes in", ("mixes", "casualty", "published_times_raw")),
    Figure("engine", "engine, us a hop", ("peers", "stream-app", "overhead_us")),
    Figure("latency", "p50 at 200 articles/s (ms)", ("latency_ms", "p50")),
    Figure("latency", "p99 at 200 articles/s (ms)", ("latency_ms", "p99")),
    Figure("duplicates", "duplicate search, articles/s", ("ours", "articles_per_s")),
    Figure("incidents", "tolls, reports/s", ("reports_per_s",)),
    Figure("batch", "backfill, one process, articles/s", ("one_process_per_s",)),
    Figure("start", "start to ready (s)", ("ready_s",)),
)
_KEPT = ("benchmark", "form", "at", "commit", "uncommitted_changes", "control_us", "load_before")


def line(document: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a result: when, on which commit and interpreter, the control, and the figures to follow."""
    interpreter = document.get("interpreter", {})
    figures = {
        figure.what: value
        for figure in FIGURES
        if figure.benchmark == document["benchmark"] and (value := _found(document, figure.path)) is not None
    }
    return {
        **{name: document[name] for name in _KEPT if name in document},
        "python": document["versions"]["python"],
        "build": interpreter.get("build", "not noted"),
        "figures": figures,
    }


def _found(document: Any, path: tuple[str, ...]) -> float | None:
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    found = document.get("median") if isinstance(document, dict) else document
    return None if found is None else float(found)


def note(path: Path, document: Mapping[str, Any]) -> None:
    """Add a result to the history."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line(document)) + "\n")


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Every run, in the order in which they were."""
    if path.exists():
        yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())
