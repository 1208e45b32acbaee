"""What dashboards and alerts ask for is what the registry has: names, labels and label values."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from stream_app.service.metrics import METRICS
from tests.ops import promql
from tests.ops.promql import ADDED, DASHBOARDS, FOREIGN, ROOT

QUERIES = [*promql.panel_queries(), *((f"alert/{alert['alert']}", alert["expr"]) for alert in promql.alerts())]
SPECS = promql.specs()


@pytest.mark.parametrize("query", [expr for _, expr in QUERIES], ids=[name for name, _ in QUERIES])
def test_a_query_asks_for_metrics_labels_and_values_that_exist(query: str) -> None:
    asked = promql.names(query)
    assert asked
    assert asked <= SPECS.keys() | FOREIGN
    known = {label.name for name in asked & SPECS.keys() for label in SPECS[name].labels}
    foreign = {"topic"} if asked & FOREIGN else set()
    assert promql.grouping_labels(query) <= known | ADDED | foreign
    for name, matchers in promql.selectors(query):
        values = {label.name: label.values for label in SPECS[name].labels}
        for label, operator, value in matchers:
            assert label in values or label in ADDED
            for one in value.split("|") if operator in {"=~", "!~"} else [value]:
                assert label in ADDED or one in values[label], one


def test_every_metric_is_on_a_dashboard() -> None:
    asked = {name for _, query in promql.panel_queries() for name in promql.names(query)}
    shown = {SPECS[name].name for name in asked & SPECS.keys()}
    assert {spec.name for spec in METRICS} <= shown


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_every_panel_says_what_it_shows(path: Path) -> None:
    board = json.loads(path.read_text(encoding="utf-8"))
    assert re.fullmatch(r"stream-app-[a-z]+", board["uid"])
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    for panel in board["panels"]:
        assert panel["type"] == "row" or (panel["description"] and panel["targets"])


def test_the_dashboards_are_what_their_code_makes(ops_python: str) -> None:
    made = subprocess.run(
        [ops_python, str(ROOT / "scripts" / "make_dashboards.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
