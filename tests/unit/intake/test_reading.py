"""Paths to articles: folders, ids, order, sizes, and that nothing large is held."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import pytest

from stream_app.intake import raw, stream
from stream_app.intake.raw import Options, Refused
from stream_app.intake.reading import Reading
from stream_app.intake.stream import Counted, Stream
from tests.unit.intake.inputs import LINES, PAGE, Read, packed


def test_a_folder_is_read_in_the_order_of_its_names_with_ids_of_its_paths(tmp_path: Path) -> None:
    for name in ("b/story.txt", "a/story.txt", "story.txt", ".hidden/x.txt", ".DS_Store", "a/script.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Two died in Lyon.", encoding="utf-8")
    said: list[str] = []
    reading = Reading([str(tmp_path)], say=said.append)
    assert [json.loads(found.value)["id"] for found in reading] == ["story", "a/story", "b/story"]
    assert len(said) == reading.refused == 1
    assert "script.py" in said[0]


def test_a_path_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        Reading([str(tmp_path / "nothing")])
    assert refused.value.wrong_use


def test_one_bad_file_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    (tmp_path / "1.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "2.jsonl").write_text(LINES, encoding="utf-8")
    reading = Reading([str(tmp_path)], say=lambda _: None)
    assert (len(list(reading)), reading.refused) == (3, 1)


def test_bytes_are_counted_as_they_lie_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(packed(LINES))
    (tmp_path / "b.jsonl").write_text(LINES, encoding="utf-8")
    reading = Reading([str(tmp_path)])
    assert len(list(reading)) == 6
    assert reading.bytes_done == reading.bytes_total == len(packed(LINES)) + len(LINES)


def test_a_state_changes_with_the_input_and_stdin_has_none(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(LINES, encoding="utf-8")
    before = Reading([str(path)]).state()
    assert Reading([str(path)]).state() == before
    assert Reading([str(path)], Options({"text": "body"})).state() != before
    path.write_text(LINES + LINES, encoding="utf-8")
    assert Reading([str(path)]).state() != before
    assert Reading(["-"]).state() is None


@pytest.mark.parametrize("content", [LINES.encode(), packed(LINES), LINES.encode("utf-16")])
def test_stdin_is_any_kind(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BufferedReader(io.BytesIO(content))))
    found = list(Reading(["-"]))
    assert [one.origin for one in found] == ["stdin:1", "stdin:2", "stdin:3"]


def test_a_pipe_is_not_waited_for_beyond_its_first_line() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.pieces = [b"", b'{"text": "later"}\n', b'{"text": "now"}\n']

        def read1(self, _: int) -> bytes:
            return self.pieces.pop()

    pipe = Pipe()
    lines = Stream(Counted(pipe, lambda _: None), "pipe", patient=False).lines()  # type: ignore[arg-type]
    assert next(lines) == (1, b'{"text": "now"}')
    assert len(pipe.pieces) == 2


def test_a_line_without_end_is_refused_and_the_next_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw, "LINE_BYTES", 100_000)
    content = '{"text": "' + "a" * 200_000 + '"}\n' + LINES
    (tmp_path / "a.jsonl").write_text(content, encoding="utf-8")
    with (tmp_path / "a.jsonl").open("rb") as file:
        lines = list(Stream(Counted(file, lambda _: None), "a").lines(100_000))
    assert [number for number, line in lines if line is None] == [1]
    assert len(lines) == 4


def test_a_cut_archive_gives_what_came_before_and_names_the_line(tmp_path: Path) -> None:
    many = "".join(json.dumps({"id": str(number), "text": f"{number * 7919} died"}) + "\n" for number in range(20_000))
    read = Read(tmp_path, "a.jsonl.gz", packed(many)[:-5000])
    assert 1000 < len(read.articles) < 20_000
    assert [article["id"] for article in read.articles[:3]] == ["0", "1", "2"]
    assert read.said[0].startswith("a.jsonl.gz:")
    assert "has no end" in read.said[0]


def test_what_unpacks_without_bound_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "_BOMB_BYTES", 1_000_000)
    read = Read(tmp_path, "a.jsonl.gz", gzip.compress(LINES.encode() + b"\n" * 20_000_000))
    assert len(read.values) == 3
    assert "times its size" in read.said[0]


@pytest.mark.parametrize("form", ["lines", "array", "table"])
def test_a_large_file_is_not_held_in_memory(tmp_path: Path, form: str) -> None:
    text = "Two people died in Lyon. " * 40
    rows = [json.dumps({"id": str(number), "text": text}) for number in range(20_000)]
    content = {
        "lines": "\n".join(rows), "array": f"[{','.join(rows)}]", "table": "id,text\n" + f"1,{text}\n" * 20_000
    }[form]  # fmt: skip
    path = tmp_path / "a"
    path.write_text(content, encoding="utf-8")
    del rows, content
    tracemalloc.start()
    count = sum(1 for _ in Reading([str(path)]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < path.stat().st_size / 4


def test_a_named_encoding_is_taken(tmp_path: Path) -> None:
    read = Read(tmp_path, "a.txt", "Deux morts à Orléans".encode("cp1252"), Options(encoding="cp1252"))
    assert read.articles[0]["text"] == "Deux morts à Orléans"


def test_keys_are_named_as_the_user_says(tmp_path: Path) -> None:
    options = Options({"text": "body", "title": "kop"})
    read = Read(tmp_path, "a.jsonl", '{"body": "Two died.", "kop": "Fire", "desk": 3}\nbroken\n', options)
    assert json.loads(read.values[0]) == {"text": "Two died.", "title": "Fire", "desk": 3}
    assert read.values[1] == b"broken"


def test_a_name_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    read = Read(tmp_path, "a\x1b[31m.pdf", b"%PDF-1.7")
    assert "\x1b" not in read.said[0]


def test_a_saved_page_beside_its_text_has_an_id_of_its_own(tmp_path: Path) -> None:
    read = Read(tmp_path, "a.html", PAGE)
    assert "id" not in read.articles[0]  # it is derived from the address
