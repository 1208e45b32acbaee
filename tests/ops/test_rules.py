"""Every alert can fire, names a metric that exists, says how severe it is, and leads to a section of the runbook."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
import yaml

from tests.ops import promql
from tests.ops.promql import ROOT, RULES

pytestmark = pytest.mark.tools

TESTS = sorted((ROOT / "deploy" / "prometheus" / "tests").glob("*.yml"))


def run(*command: str) -> None:
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def anchors() -> set[str]:
    """The sections of the runbook, as Markdown viewers name them."""
    titles = re.findall(r"^#+ (.+)$", (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_promtool_accepts_the_rules(promtool: str) -> None:
    run(promtool, "check", "rules", "--lint-fatal", str(RULES))


def test_promtool_accepts_the_configuration(promtool: str) -> None:
    run(promtool, "check", "config", str(ROOT / "deploy" / "prometheus" / "prometheus.yml"))


def test_alerts_fire_when_they_should_and_only_then(promtool: str) -> None:
    run(promtool, "test", "rules", *map(str, TESTS))


@pytest.mark.parametrize("alert", promql.alerts(), ids=lambda alert: alert["alert"])
def test_an_alert_says_how_severe_it_is_and_what_to_do(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert alert["annotations"]["summary"].endswith(".")
    assert alert["annotations"]["description"].endswith(".")
    page, _, anchor = alert["annotations"]["runbook_url"].partition("#")
    assert page == "docs/runbook.md"
    assert anchor in anchors()


@pytest.mark.parametrize("alert", promql.alerts(), ids=lambda alert: alert["alert"])
def test_a_test_makes_the_alert_fire(alert: dict[str, Any]) -> None:
    expected = [
        sample["labels"]
        for path in TESTS
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]
        for query in test["promql_expr_test"]
        for sample in query["exp_samples"]
    ]
    assert any(f'alertname="{alert["alert"]}"' in labels for labels in expected)


def test_alert_names_are_unique() -> None:
    names = [alert["alert"] for alert in promql.alerts()]
    assert len(names) == len(set(names))
