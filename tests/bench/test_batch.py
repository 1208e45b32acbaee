"""`stream-app batch`: more processes and a kill in the middle change not one byte of what comes out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import articles
from stream_app import cli
from stream_app.cli import batch, parallel
from stream_app.core.dedup import Matcher
from stream_app.core.hops import DEAD_LETTER, stretches

pytestmark = pytest.mark.slow

ARTICLES = 90


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two files with copies among the articles and a line that is none."""
    monkeypatch.setattr(batch, "SMALL", 10)
    monkeypatch.setattr(parallel, "CHUNK", 32)
    folder = tmp_path / "archive"
    folder.mkdir()
    lines = [*articles.stream(ARTICLES, characters=500), b'{"text": ']
    (folder / "a.jsonl").write_bytes(b"\n".join(lines[:50]) + b"\n")
    (folder / "b.jsonl").write_bytes(b"\n".join(lines[50:]) + b"\n")
    return folder


def run(archive: Path, output: Path, *options: str) -> dict[str, bytes]:
    assert cli.run(["batch", "--input", str(archive), "--output", str(output), *options]) == 0
    return {path.name: path.read_bytes() for path in output.iterdir()}


def run_cut_short(archive: Path, output: Path, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that ends, as by Ctrl-C, behind so many articles; a checkpoint each twenty."""
    whole = parallel.alone

    def alone(*args: Any) -> Iterator[Any]:
        for number, published in enumerate(whole(*args)):
            if number == after:
                raise KeyboardInterrupt
            yield published

    with monkeypatch.context() as patch:
        patch.setattr(parallel, "alone", alone)
        command = ["batch", "--input", str(archive), "--output", str(output), "--jobs", "1", "--checkpoint", "20"]
        assert cli.run(command) != 0


def test_two_processes_write_what_one_does(archive: Path, tmp_path: Path) -> None:
    one, two = run(archive, tmp_path / "one", "--jobs", "1"), run(archive, tmp_path / "two", "--jobs", "2")
    assert one == two
    assert all(one[f"{topic}.jsonl"] for topic in batch.PUBLISHED)


def test_a_killed_run_goes_on_and_ends_as_if_nothing_had_been(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = run(archive, tmp_path / "whole", "--jobs", "1")
    run_cut_short(archive, tmp_path / "killed", 57, monkeypatch)
    assert not list((tmp_path / "killed").glob("*.jsonl"))
    assert run(archive, tmp_path / "killed", "--jobs", "1", "--checkpoint", "20") == whole
    assert "going on after 40 articles" in capsys.readouterr().err


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(archive: Path, output: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What is said of an output folder that is not written to."""
    before = contents(output)
    capsys.readouterr()
    assert cli.run(["batch", "--input", str(archive), "--output", str(output), "--jobs", "1"]) == 2
    assert contents(output) == before
    return capsys.readouterr().err


def test_a_run_of_other_input_is_not_written_over_unless_asked(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_cut_short(archive, tmp_path / "out", 57, monkeypatch)
    (archive / "b.jsonl").write_bytes(next(articles.stream(1)) + b"\n")
    assert "holds an unfinished run of other input or settings; --fresh" in refused(archive, tmp_path / "out", capsys)
    run(archive, tmp_path / "out", "--jobs", "1", "--fresh")
    assert "going on" not in capsys.readouterr().err


def test_a_finished_run_is_not_written_over_unless_asked(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run(archive, tmp_path / "out", "--jobs", "1")
    assert "holds a finished run; --fresh" in refused(archive, tmp_path / "out", capsys)
    assert run(archive, tmp_path / "out", "--jobs", "1", "--fresh") == first


def test_a_folder_of_somebody_else_is_not_written_to_unless_asked(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    assert "holds files that are not of a run; --fresh" in refused(archive, tmp_path / "out", capsys)
    assert run(archive, tmp_path / "out", "--jobs", "1", "--fresh")["notes.txt"] == b"mine"


def test_a_run_says_what_it_wrote_and_what_died_of_what_whether_it_was_killed_or_not(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(archive, tmp_path / "whole", "--jobs", "1")
    whole = capsys.readouterr().err.splitlines()
    assert whole[0] == f"wrote {tmp_path / 'whole'}:"
    assert "       1  articles.dead-letter (not_json 1)" in whole
    run_cut_short(archive, tmp_path / "killed", 57, monkeypatch)
    run(archive, tmp_path / "killed", "--jobs", "1", "--checkpoint", "20")
    assert capsys.readouterr().err.splitlines()[-len(whole) + 1 :] == whole[1:]


def test_long_articles_are_decided_few_at_a_time() -> None:
    short, long = [b"a"] * 300, [b"b" * 600_000] * 3
    chunks = list(stretches([*short, *long], len, parallel.CHUNK, parallel.CHUNK_BYTES))
    assert [len(chunk) for chunk in chunks] == [128, 128, 46, 1]
    assert [value for chunk in chunks for value in chunk] == [*short, *long]


def halfway(remember: Any, failed: list[Any]) -> Any:
    """Remembering, which fails on every fortieth article after it has changed the state."""

    def fails(self: Matcher, considered: Any) -> Any:
        done = remember(self, considered)
        if considered.arrival is not None and len(self) % 40 == 30:
            failed.append(considered)
            raise ZeroDivisionError
        return done

    return fails


def test_two_processes_set_aside_what_one_does_and_know_nothing_of_it(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[Any] = []
    monkeypatch.setattr(Matcher, "remember", halfway(Matcher.remember, failed))
    found = []
    for jobs in ("1", "2"):
        output = tmp_path / jobs
        assert cli.run(["batch", "--input", str(archive), "--output", str(output), "--jobs", jobs]) == 1
        found.append({path.name: path.read_bytes() for path in output.iterdir() if path.stem != DEAD_LETTER})
    assert found[0] == found[1]
    assert failed
