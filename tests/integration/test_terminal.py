"""Commands under a pseudo-terminal: what people see first is not what a pipe sees."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.integration import terminal
from tests.integration.workers import environment

SEEDS = Path(__file__).parents[2] / "seeds" / "stream.jsonl"


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "stream_app", *words]


@pytest.mark.broker
def test_the_demo_ends_well_on_a_terminal() -> None:
    code, shown = terminal.run(command("demo"), environment())
    assert code == 0, shown
    assert "Tolls as they stand" in shown


@pytest.mark.parametrize("columns", [40, 200])
@pytest.mark.parametrize("kind", ["xterm-256color", "dumb"])
def test_batch_shows_its_progress_on_any_terminal(tmp_path: Path, columns: int, kind: str) -> None:
    words = command("batch", "--input", str(SEEDS), "--output", str(tmp_path / "out"))
    code, shown = terminal.run(words, {**environment(), "TERM": kind}, columns)
    assert code == 0, shown
    assert "articles" in shown
