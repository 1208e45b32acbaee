"""Results as JSON: what was measured, where and with what; the median of the runs, their spread, and every run."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import history

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
DEBIANS = Path("/usr/bin") / f"python{sys.version_info.major}.{sys.version_info.minor}"
PACKAGES = (
    "aiokafka", "bytewax", "confluent-kafka", "faust-streaming", "faststream", "orjson", "quixstreams", "uvloop",
)  # fmt: skip


def of_runs(values: Sequence[float], digits: int = 1) -> dict[str, Any]:
    """Median, spread (lowest to highest) and the runs themselves."""
    return {
        "median": round(statistics.median(values), digits),
        "lowest": round(min(values), digits),
        "highest": round(max(values), digits),
        "runs": [round(value, digits) for value in values],
    }


def write(name: str, result: dict[str, Any], form: str) -> dict[str, Any]:
    """Keep one benchmark's result in its file; returns it with its circumstances."""
    RESULTS.mkdir(exist_ok=True)
    document = {**result, "benchmark": name, "form": form, **circumstances()}
    (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    history.note(RESULTS / "history.jsonl", document)
    return document


def read(name: str) -> dict[str, Any] | None:
    """A benchmark's last result; None when it has never run."""
    path = RESULTS / f"{name}.json"
    found: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return found


def circumstances() -> dict[str, Any]:
    """When, on which commit, machine and versions."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _output("git", "rev-parse", "--short", "HEAD"),
        "uncommitted_changes": bool(_output("git", "status", "--porcelain", "--", "stream_app")),
        "load_before": [round(load, 2) for load in os.getloadavg()],
        "machine": {"cpu": _cpu(), "cores": os.cpu_count(), "system": platform.system(), "kernel": platform.release()},
        "versions": {"python": platform.python_version(), **_versions()},
        "interpreter": interpreter(),
        "control_us": round(control_us(), 1),
    }


def under_load(result: dict[str, Any]) -> bool:
    """Whether the machine had as much to do as it could when a result was measured, and more."""
    return "load_before" in result and bool(result["load_before"][0] > result["machine"]["cores"])


def control_us() -> float:
    """Microseconds of the fixed piece of work that figures are given in units of, on this machine as it is now."""
    from benchmarks.bench_incidents import control_s  # noqa: PLC0415 - it imports this module

    return statistics.median(control_s() for _ in range(5)) * 1e6


def optimised() -> dict[str, str] | None:
    """The environment for Debian's Python, if this one was built without profiles and that is here in the same version.

    It finds the packages of this one: both have the same binary interface. None where this one does.
    """
    if interpreter()["profile_guided"] or not DEBIANS.exists() or sys.prefix == sys.base_prefix:
        return None
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), sysconfig.get_path("purelib")))}


def interpreter() -> dict[str, Any]:
    """How the interpreter was built, on which a fifth of the speed depends; flags that name a folder are left out.

    Debian's is built with profiles, by its package's rules: its flags do not say so.
    """
    told = str(sysconfig.get_config_var("CONFIG_ARGS"))
    return {
        "build": "Debian's" if "/usr/share/python-wheels" in told else "other",
        "compiler": platform.python_compiler(),
        "profile_guided": "/usr/share/python-wheels" in told or "--enable-optimizations" in told,
        "link_time": "--with-lto" in told,
        "flags": [flag for flag in shlex.split(told) if "/" not in flag],
    }


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _cpu() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _versions() -> dict[str, str]:
    found = {}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def run_module(module: str, *arguments: object, timeout_s: float = 180, **environ: str) -> dict[str, Any]:
    """Run one of our modules by itself; the JSON of its last line.

    Raises:
        RuntimeError: it failed, with the end of what it said.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=timeout_s, check=False, env={**os.environ, **environ}
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise RuntimeError(f"{module} gave no result (exit {done.returncode}): {done.stderr[-1500:]}")
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def run_command(module: str, *arguments: str, timeout_s: float = 7200) -> None:
    """Run a benchmark that writes its own result.

    Raises:
        RuntimeError: it failed, with the end of what it said.
    """
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout_s, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} failed (exit {done.returncode}): {done.stderr[-1500:]}")
