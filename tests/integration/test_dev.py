"""`stream-app dev` as a stranger uses it: what it prints is enough to work with it, and nothing is left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from stream_app.service.embedded import free_port
from tests.integration.test_demo import descendants, gone
from tests.integration.workers import environment

pytestmark = pytest.mark.broker

COMMAND = [sys.executable, "-m", "stream_app"]
SEEDS = Path(__file__).parents[2] / "seeds" / "stream.jsonl"
MARKER = f"dev-{os.getpid()}"


class Dev:
    """The command, up, and what it has printed."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "dev", "--port", str(free_port()), "--web-port", str(free_port()),
             "--page-port", str(free_port()), *options],
            env={**environment(), "MARKER": MARKER}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        lines = iter(self.process.stdout.readline, "")
        self.said = "".join(line for line in iter(lambda: next(lines, "Ctrl-C"), "Ctrl-C ends it.\n"))
        exports = re.findall(r"export (\w+)=(\S+)", self.said)
        self.environ = {**environment(), **dict(exports), "MARKER": MARKER}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *words], env=self.environ, capture_output=True, text=True, check=False, timeout=60
        )


@pytest.fixture
def dev() -> Iterator[Dev]:
    running = Dev()
    yield running
    running.process.kill()
    running.process.communicate()


def test_what_it_prints_is_enough_to_publish_and_to_read(dev: Dev) -> None:
    assert dev.run("publish", str(SEEDS)).returncode == 0
    deadline = time.monotonic() + 60
    ids: list[str] = []
    while len(ids) < 15 and time.monotonic() < deadline:
        read = dev.run("tail", "articles.enriched", "--until-end", "--json")
        assert read.returncode == 0, read.stderr
        ids = [json.loads(line)["value"]["article_id"] for line in read.stdout.splitlines()]
    assert "kidnap" in ids
    for url in re.findall(r"http://\S+", dev.said):
        with urllib.request.urlopen(url, timeout=5) as answer:
            assert answer.status == 200
    assert any(url.endswith("/api/v1/incidents") for url in re.findall(r"http://\S+", dev.said)), dev.said
    another = subprocess.Popen([*COMMAND, "worker"], env=dev.environ, stderr=subprocess.PIPE, text=True)
    assert another.stderr is not None
    heard = ""
    while "pages on" not in heard:  # it has found topics and tables, and listens
        heard = another.stderr.readline()
        assert heard, "the worker ended"
    another.kill()
    another.communicate()
    dev.process.send_signal(signal.SIGINT)
    _, said = dev.process.communicate(timeout=30)
    assert said == "stream-app dev: stopped\n"
    assert dev.process.returncode == 130
    assert gone(MARKER), descendants(MARKER)


def test_killed_it_leaves_no_process(dev: Dev) -> None:
    dev.process.kill()
    dev.process.wait()
    assert gone(MARKER), descendants(MARKER)


def test_without_a_worker_it_has_broker_and_topics() -> None:
    dev = Dev("--no-worker")
    assert "page" not in dev.said
    assert dev.run("topics").returncode == 0
    dev.process.send_signal(signal.SIGTERM)
    _, said = dev.process.communicate(timeout=30)
    assert said == "stream-app dev: stopped\n"
    assert gone(MARKER), descendants(MARKER)
