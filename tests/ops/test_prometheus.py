"""A real Prometheus scrapes a real worker, and every question of the dashboards and alerts has an answer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from stream_app.service.embedded import EmbeddedBroker, die_with_parent, free_port
from stream_app.settings import PREFIX
from tests.ops import promql
from tests.ops.promql import ROOT, RULES

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("gazetteer")]

DEADLINE_S = 90.0
#: Questions without an answer here: of kafka-exporter, and of what is not there (they end in "> 0").
SILENT = ("kafka_", "> 0")
WINDOWS = {"$__rate_interval": "20s", "$job": ".*"}


class Server:
    """A Prometheus that runs; asked over its HTTP interface."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}/api/v1"

    def get(self, path: str, **parameters: str) -> Any:
        query = urllib.parse.urlencode(parameters)
        with urllib.request.urlopen(f"{self._base}/{path}?{query}", timeout=10) as answer:
            body = json.load(answer)
        assert body["status"] == "success"
        return body["data"]

    def ask(self, expr: str) -> list[Any]:
        found: list[Any] = self.get("query", query=expr)["result"]
        return found

    def number(self, expr: str) -> float:
        """The value of a query with one answer; NaN while there is none."""
        return next((float(sample["value"][1]) for sample in self.ask(expr)), float("nan"))


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except (OSError, urllib.error.URLError):
            pass
        time.sleep(0.5)
    pytest.fail(f"not within {DEADLINE_S:.0f} s: {what}")


def started(command: list[str], log: Path, **more: str) -> subprocess.Popen[bytes]:
    with log.open("wb") as file:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
            env={**os.environ, **{PREFIX + name.upper(): value for name, value in more.items()}}, cwd=ROOT,
        )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prometheus")


@pytest.fixture(scope="module")
def environment(broker: EmbeddedBroker) -> dict[str, str]:
    return {
        "brokers": broker.address, "prefix": "metrics.", "partitions": "1", "replication": "1", "min_insync": "1",
        "standby_replicas": "0", "session_timeout_s": "6", "max_article_bytes": "20000", "idempotence": "false",
        "web_port": str(free_port()),
    }  # fmt: skip


@pytest.fixture(scope="module")
def server(prometheus: str, environment: dict[str, str], folder: Path) -> Iterator[Server]:
    """A Prometheus that scrapes a worker each second, through which the seeds have gone."""
    port = free_port()
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(RULES)],
        "scrape_configs": [
            {"job_name": "stream-app", "static_configs": [{"targets": [f"127.0.0.1:{environment['web_port']}"]}]}
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    stream_app = [sys.executable, "-m", "stream_app"]
    worker = started([*stream_app, "worker"], folder / "worker.log", **environment)
    watcher = started(
        [prometheus, f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'tsdb'}",
         f"--web.listen-address=127.0.0.1:{port}"],
        folder / "prometheus.log",
    )  # fmt: skip
    try:
        found = Server(port)
        until(lambda: found.number("stream_app_ready") == 1, "the worker is ready and scraped")
        publish = started(
            [*stream_app, "publish", "seeds/stream.jsonl", "seeds/bad"], folder / "publish.log", **environment
        )
        assert publish.wait(60) == 0
        until(
            lambda: (
                found.number('stream_app_records_total{hop="read"}') > 0
                and found.number("max(stream_app_consumer_lag_records)") == 0
                and found.number('stream_app_records_total{hop="count"}')
                == found.number('stream_app_published_total{topic="incidents.reports"}')
                > 0
            ),
            "every record is handled",
        )
        yield found
    finally:
        for process in (worker, watcher):
            process.terminate()
        for process in (worker, watcher):
            process.wait(20)


def filled_in(expr: str) -> str:
    for placeholder, value in WINDOWS.items():
        expr = expr.replace(placeholder, value)
    return expr


def test_the_worker_is_scraped_without_a_fault(server: Server) -> None:
    (target,) = server.get("targets")["activeTargets"]
    assert (target["health"], target["lastError"]) == ("up", "")


def test_every_question_of_the_dashboards_has_an_answer(server: Server) -> None:
    unanswered = [
        name
        for name, expr in promql.panel_queries()
        if not server.ask(filled_in(expr)) and not any(word in expr for word in SILENT)
    ]
    assert unanswered == []


def test_no_answer_of_the_dashboards_is_nan_for_want_of_a_guard(server: Server) -> None:
    nan = [
        name
        for name, expr in promql.panel_queries()
        if "quantile" not in expr and any(sample["value"][1] == "NaN" for sample in server.ask(filled_in(expr)))
    ]
    assert nan == []


def test_prometheus_evaluates_every_alert(server: Server) -> None:
    groups = server.get("rules")["groups"]
    rules = {rule["name"]: rule for group in groups for rule in group["rules"]}
    assert rules.keys() == {alert["alert"] for alert in promql.alerts()}
    until(
        lambda: all(rule["health"] == "ok" for group in server.get("rules")["groups"] for rule in group["rules"]),
        "each rule was evaluated",
    )


def test_no_alert_for_now_fires_on_a_worker_that_did_its_work(server: Server) -> None:
    assert server.ask('ALERTS{alertstate="firing", severity="page"}') == []


def test_every_article_has_one_outcome_as_prometheus_sees_it(server: Server) -> None:
    assert server.number("sum(stream_app_articles_total)") == server.number('stream_app_records_total{hop="read"}')
    assert server.number('stream_app_articles_total{outcome="dead_letter"}') == server.number(
        'sum(stream_app_dead_letters_total{hop="read"})'
    )


def test_the_tables_are_seen(server: Server) -> None:
    assert server.number('stream_app_state_rows{hop="match"}') > 0
    assert server.number("stream_app_state_bytes") > 0
    assert server.number("stream_app_incidents_open") > 0
    assert server.number("sum(stream_app_assigned_partitions)") == 4
    assert server.number("stream_app_rebalances_total") >= 1
