"""What a PromQL query asks for: metric names, labels and label values, to be compared with the registry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from stream_app.service.metrics import METRICS, MetricSpec

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus" / "rules" / "stream-app.yml"
DASHBOARDS = sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))

#: Metrics of others that we ask for: prometheus_client's of the process, and kafka-exporter's.
FOREIGN = {
    "process_resident_memory_bytes", "process_cpu_seconds_total", "kafka_consumergroup_lag", "ALERTS",
}  # fmt: skip
#: Labels that Prometheus or kafka-exporter add.
ADDED = {"job", "instance", "le", "consumergroup", "alertname", "alertstate"}

_NAME = re.compile(r"\b(?:(?:stream_app|process|kafka)_[a-z_]+|ALERTS)\b")
_MATCHER = re.compile(r'([a-z_]+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"')
_SELECTOR = re.compile(r"\b(stream_app_[a-z_]+)(?:\{([^}]*)\})?")


def specs() -> dict[str, MetricSpec]:
    """Every name that Prometheus can be asked for, with the row that it comes of."""
    found = {}
    for spec in METRICS:
        suffixes = ("_bucket", "_sum", "_count") if spec.kind == "histogram" else ("",)
        found.update({spec.full_name + suffix: spec for suffix in suffixes})
    return found


def names(expr: str) -> set[str]:
    return set(_NAME.findall(expr))


def selectors(expr: str) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Each selector of a metric of ours: its name, and its matchers as (label, operator, value)."""
    for name, matchers in _SELECTOR.findall(expr):
        yield name, _MATCHER.findall(matchers)


def grouping_labels(expr: str) -> set[str]:
    """Labels that a query groups or joins by."""
    lists = re.findall(r"\b(?:by|on|without|ignoring|group_left|group_right)\s*\(([^)]*)\)", expr)
    return {label.strip() for found in lists for label in found.split(",") if label.strip()}


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panel_queries() -> list[tuple[str, str]]:
    """(dashboard / panel, query) of every target of every dashboard."""
    found: list[tuple[str, str]] = []
    for path in DASHBOARDS:
        board = json.loads(path.read_text(encoding="utf-8"))
        for panel in board["panels"]:
            name = f"{path.stem}/{panel['title']}"
            found.extend((f"{name}/{target['refId']}", target["expr"]) for target in panel.get("targets", []))
    return found
