"""`stream-app demo` as a stranger runs it: it ends by itself, shows everything, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.integration.workers import environment

pytestmark = pytest.mark.broker

COMMAND = [sys.executable, "-m", "stream_app", "demo"]


def descendants(marker: str) -> list[str]:
    """Command lines of running processes whose environment holds `marker`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
            if state != "Z" and marker.encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def gone(marker: str) -> bool:
    for _ in range(50):
        if not descendants(marker):
            return True
        time.sleep(0.1)
    return False


def test_the_demo_shows_everything_and_leaves_no_process() -> None:
    marker = f"demo-{os.getpid()}-whole"
    ran = subprocess.run(
        COMMAND, env={**environment(), "MARKER": marker}, capture_output=True, text=True, timeout=90, check=False
    )
    assert ran.returncode == 0, ran.stderr
    for shown in ("Enriched events", "Copies, and why", "Tolls as they stand", "Revisions of tolls", "Dead letters"):
        assert shown in ran.stdout
    for said in (
        "exact copy of founding",
        "near copy of founding",
        "[revision of founding]",
        "lone_surrogate",
        "not_utf8",
    ):
        assert said in ran.stdout
    assert gone(marker), descendants(marker)


@pytest.mark.parametrize("after_s", [0.3, 1.5, 4.0])
def test_ctrl_c_at_any_moment_leaves_no_process(after_s: float) -> None:
    marker = f"demo-{os.getpid()}-{after_s}"
    process = subprocess.Popen(
        COMMAND, env={**environment(), "MARKER": marker}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    process.wait(20)
    assert gone(marker), descendants(marker)


def test_even_a_killed_demo_leaves_no_process() -> None:
    marker = f"demo-{os.getpid()}-killed"
    process = subprocess.Popen(
        COMMAND, env={**environment(), "MARKER": marker}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(2.0)
    process.kill()
    process.wait()
    assert gone(marker), descendants(marker)
