"""The wheel alone, with locked dependencies in an empty environment, is a whole program: the steps of the image."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from stream_app import __version__
from stream_app.core.places import Gazetteer
from stream_app.gazetteer import default_path
from tests.ops.promql import ROOT

pytestmark = pytest.mark.skipif(
    os.environ.get("CI") != "true" and os.environ.get("OPS_CHECK") != "1",
    reason="builds two environments: make ops-check and CI run it",
)
TEXT = "A blast at a market in Mosul killed at least 14 people on Thursday and wounded 40, hospital officials said."


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env={**environ, **more}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def environment(folder: Path, lock: str) -> Path:
    """A new virtual environment with what a lock file names; its folder of programs."""
    run(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    run(
        folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--require-hashes", "--requirement", ROOT / "requirements" / lock, cwd=folder.parent,
    )  # fmt: skip
    return folder / "bin"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wheel")


@pytest.fixture(scope="module")
def wheel(folder: Path) -> Path:
    builder = environment(folder / "build", "build.lock")
    run(builder / "python", "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", cwd=ROOT)
    (found,) = (folder / "dist").glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(folder: Path, wheel: Path) -> Path:
    programs = environment(folder / "run", "image.lock")
    run(programs / "python", "-m", "pip", "install", "--quiet", "--no-deps", wheel, cwd=folder)
    return programs


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"stream_app", f"stream_app-{__version__}.dist-info"}
    assert "stream_app/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_what_is_installed_agrees_with_itself(installed: Path, folder: Path) -> None:
    run(installed / "python", "-m", "pip", "check", cwd=folder)


def test_the_command_tells_its_version(installed: Path, folder: Path) -> None:
    assert run(installed / "stream-app", "--version", cwd=folder).strip() == f"stream-app {__version__}"


def test_the_command_tags_a_text(installed: Path, folder: Path, gazetteer: Gazetteer) -> None:
    (folder / "article.txt").write_text(TEXT, encoding="utf-8")
    printed = run(
        installed / "stream-app", "tag", "--input", "article.txt", "--output", "-",
        cwd=folder, STREAM_APP_GAZETTEER=str(default_path()),
    )  # fmt: skip
    event = json.loads(printed)
    assert event["toll"]["killed"] == {"low": 14, "high": None}
    assert [place["name"] for place in event["places"]] == ["Mosul"]
    assert event["pipeline"]["version"] == __version__
    assert gazetteer.version == event["pipeline"]["gazetteer"]


def test_every_command_can_be_asked_for_help(installed: Path, folder: Path) -> None:
    assert "worker" in run(installed / "stream-app", "--help", cwd=folder)
    assert "--hops" in run(installed / "stream-app", "worker", "--help", cwd=folder)


def test_a_worker_without_a_broker_says_so_in_one_line(installed: Path, folder: Path) -> None:
    done = subprocess.run(
        [str(installed / "stream-app"), "worker", "--brokers", "127.0.0.1:1", "--hops", "read"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("stream-app worker: ")
    assert "Traceback" not in done.stderr
