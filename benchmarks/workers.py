"""A worker as users start it, seen from outside: when it is ready, what it has done, the CPU and memory it took."""

from __future__ import annotations

import collections
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.harness import ROOT
from stream_app.service.embedded import free_port

_COUNT = re.compile(r'^stream_app_(?:records|published)_total\{(?:hop|topic)="([^"]+)"\} (\S+)$', re.MULTILINE)
_LAG = re.compile(r'^stream_app_consumer_lag_records\{hop="([^"]+)"\} (\S+)$', re.MULTILINE)
_TICKS = os.sysconf("SC_CLK_TCK")


class Worker:
    """`stream-app worker` for the length of a block; `core` pins it to one core."""

    def __init__(self, environ: Mapping[str, str], core: int | None = None) -> None:
        self.port = free_port()
        self.started = time.monotonic()
        self.log = Path(tempfile.mkstemp(prefix="stream-app-bench-", suffix=".log")[1])
        with self.log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "stream_app", "worker"], cwd=ROOT, stdout=file, stderr=file,
                env={**os.environ, **environ, "STREAM_APP_WEB_PORT": str(self.port)},
            )  # fmt: skip
        if core is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self.process.pid, {core})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.unlink()

    def until_ready(self, timeout_s: float = 90) -> float:
        """Seconds from the start of the process to its readiness."""
        self._until(lambda: self._answers("/ready"), timeout_s, "not ready")
        return time.monotonic() - self.started

    def counts(self) -> dict[str, int]:
        """What /metrics says now: records handled by hop, records published by topic."""
        return {name: int(float(value)) for name, value in _COUNT.findall(self._metrics())}

    def lag(self) -> dict[str, int]:
        """What /metrics says of records that wait, by hop."""
        return {name: int(float(value)) for name, value in _LAG.findall(self._metrics())}

    def _metrics(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30) as answer:
            told: str = answer.read().decode()
        return told

    def cpu_s(self) -> float:
        """CPU that the process has used, all threads, kernel included."""
        return cpu_s(self.process.pid)

    def memory_mb(self, what: str = "VmHWM") -> float:
        """Resident memory: VmRSS now, VmHWM at most."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what + ":"))

    def _answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _until(self, done: Callable[[], bool], timeout_s: float, otherwise: str) -> None:
        deadline = time.monotonic() + timeout_s
        while not done():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the worker is {otherwise}:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)


def cpu_s(pid: int) -> float:
    """CPU that a process has used, all threads, kernel included."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


_NEAR = 150
"""Articles left to judge that take less than half a second."""


def until_counted(workers: list[Worker], articles: int, timeout_s: float = 600) -> None:
    """Wait until every article is judged, tagged where it is no copy, and every figure of it is counted.

    Asks seldom until the end is near: each answer costs a worker the time of an article, which Prometheus takes four
    times a minute.
    """
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        total = sum((collections.Counter(worker.counts()) for worker in workers), collections.Counter())
        passed = total["tag"] >= total["articles.unique"] and total["count"] >= total["incidents.reports"]
        if total["match"] >= articles and passed:
            return
        time.sleep(0.2 if articles - total["match"] < _NEAR else 0.6)
    raise RuntimeError(f"not done after {timeout_s:.0f} s: {total}")
