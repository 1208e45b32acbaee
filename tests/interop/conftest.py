"""What the tests of the contract run: real Kafka, and the tools of other languages, which must be there in CI."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.kafka.conftest import kafka, kafka_jars, skipping

__all__ = ["kafka", "kafka_jars", "skipping"]

collect_ignore = ["clients"]  # programs in an environment of their own
ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


def ran(*command: str | Path, stdin: str = "", cwd: Path = ROOT, timeout_s: float = 120) -> str:
    """What a program prints.

    Raises:
        AssertionError: it failed; the message holds what it said.
    """
    done = subprocess.run(
        [str(word) for word in command],
        input=stdin,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-1000:]}{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="session")
def python(skipping: Callable[[str], None]) -> Path:
    """A Python with the clients of requirements/contract.lock."""
    path = ROOT / ".venv" / "contract" / "bin" / "python"
    if not path.exists():
        skipping("make contract-test installs requirements/contract.lock")
    return path


@pytest.fixture(scope="session")
def node(skipping: Callable[[str], None]) -> str:
    """Node, where the packages of the tests and of the example are installed."""
    found = shutil.which("node")
    folders = (HERE / "js" / "node_modules", ROOT / "examples" / "javascript" / "node_modules")
    if found is None or not all(folder.exists() for folder in folders):
        skipping("Node or its packages are missing: make contract-test installs them where npm is")
    return found or ""


@pytest.fixture(scope="session")
def go(skipping: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Builds the program of a folder."""
    if shutil.which("go") is None:
        skipping("Go is missing")

    def build(folder: Path) -> Path:
        target = tmp_path_factory.mktemp("go") / folder.name
        ran("go", "build", "-o", target, ".", cwd=folder, timeout_s=300)
        return target

    return build


@pytest.fixture(scope="session")
def needing(skipping: Callable[[str], None]) -> Callable[[Sequence[str]], None]:
    """Skips for want of a program."""

    def need(programs: Sequence[str]) -> None:
        for program in programs:
            if shutil.which(program) is None:
                skipping(f"{program} is missing")

    return need
