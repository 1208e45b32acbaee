"""`stream-app batch` over a folder: one process against as many as there are cores, by the clock."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import articles, harness


def run(form: str) -> dict[str, Any]:
    """Each in turn, several times; the start of the processes is part of it."""
    count, rounds = (2_500, 2) if form == "short" else (20_000, 5)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "archive")
        archive.mkdir()
        (archive / "a.jsonl").write_bytes(b"\n".join(articles.stream(count)) + b"\n")
        runs = [(_seconds(archive, 1), _seconds(archive, cores)) for _ in range(rounds)]
    result: dict[str, Any] = {
        "articles": count,
        "cores": cores,
        "one_process_per_s": harness.of_runs([count / one for one, _ in runs]),
        "all_cores_per_s": harness.of_runs([count / every for _, every in runs]),
    }
    speedup = result["all_cores_per_s"]["median"] / result["one_process_per_s"]["median"]
    result["speedup"] = round(speedup, 3)
    result["share_of_ideal"] = round(speedup / cores, 3)
    return harness.write("batch", result, form)


def _seconds(archive: Path, jobs: int) -> float:
    with tempfile.TemporaryDirectory() as output:
        started = time.perf_counter()
        command = [sys.executable, "-m", "stream_app", "batch", "--input", str(archive), "--output", output]
        subprocess.run([*command, "--jobs", str(jobs)], cwd=harness.ROOT, check=True, capture_output=True)
        return time.perf_counter() - started
