"""Ctrl-C reaches every process of a terminal; whoever pressed it reads one line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from benchmarks import articles
from tests.integration.workers import environment

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "stream_app"]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_batch_ends_in_one_line(tmp_path: Path, jobs: str) -> None:
    archive, output = tmp_path / "a.jsonl", tmp_path / "out"
    archive.write_bytes(b"\n".join(articles.stream(6000, characters=800)) + b"\n")
    process = subprocess.Popen(
        [*COMMAND, "batch", "--input", str(archive), "--output", str(output), "--jobs", jobs, "--checkpoint", "50"],
        env=environment(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # a run in the background ignores it
    )  # fmt: skip
    while not (output / ".resume" / "checkpoint.json").exists():
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert said == "stream-app batch: stopped\n"
    assert process.returncode == 130
