"""Nothing that an article says moves the cursor of a terminal, forges a line of a log or turns a line round."""

from __future__ import annotations

import io
import logging
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stream_app import cli
from stream_app.cli import render
from stream_app.core.hops import DEAD_LETTER, DUPLICATES, ENRICHED, FIGURES, RAW, REVISIONS, TOLLS
from stream_app.core.language.printable import escaped, escaped_json, visible
from stream_app.service.logs import JsonLines, TextLines

HARM = "\x1b[2J\x07\x08\x7f\x9b2J\r\u202e\u2066\u200f\u2028"
OBEYED = set(HARM) - set("[2J")


def assert_harmless(said: str) -> None:
    assert not OBEYED & set(said)


@given(st.text())
def test_offsets_stay_true(text: str) -> None:
    assert len(visible(text)) == len(text)


@given(st.text(alphabet=st.characters(max_codepoint=0xFFFF)))
def test_what_is_escaped_is_one_harmless_line(text: str) -> None:
    said = escaped(text)
    assert len(said.splitlines()) <= 1
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in said)
    said.encode()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_json_means_the_same_after_it_is_escaped(text: str) -> None:
    assert orjson.loads(escaped_json(orjson.dumps([text]).decode())) == [text]


PLACE = {"name": HARM, "country_code": "FR", "geonames_id": 1, "text": HARM, "unresolved": None, "precision": HARM}
TOLL = {"killed": {"low": 3, "high": 3}}
RECORDS: dict[str, Any] = {
    RAW: {"id": HARM, "title": HARM, "text": HARM},
    DUPLICATES: {"article_id": HARM, "verdict": "near", "of": HARM, "similarity": 0.9, "why": HARM},
    FIGURES: {"article_id": HARM, "kind": "killed", "low": 3, "high": 3, "text": HARM, "place": PLACE},
    REVISIONS: {
        "when": HARM, "incident_id": "i", "article_id": HARM, "source": HARM, "kind": "killed", "old": None,
        "new": TOLL["killed"], "why": HARM, "other_incident": None,
    },
    "another": {"said": HARM},
}  # fmt: skip


def record(topic: str, value: bytes | None) -> Any:
    headers = [("reason", HARM.encode()), ("__streams.errors.message", HARM.encode())]
    return SimpleNamespace(
        topic=topic, partition=0, offset=0, timestamp=0, key=HARM.encode(), headers=headers, value=value
    )


@pytest.mark.parametrize("topic", RECORDS)
@pytest.mark.parametrize("as_json", [True, False])
def test_tail_prints_no_record_that_a_terminal_obeys(
    capsys: pytest.CaptureFixture[str], topic: str, *, as_json: bool
) -> None:
    render.record(topic, record(topic, orjson.dumps(RECORDS[topic])), as_json=as_json)
    said = capsys.readouterr().out
    assert said
    assert_harmless(said)


@pytest.mark.parametrize("topic", [DEAD_LETTER, TOLLS])
def test_nor_a_dead_letter_or_a_tombstone(capsys: pytest.CaptureFixture[str], topic: str) -> None:
    render.record(topic, record(topic, HARM.encode() if topic == DEAD_LETTER else None), as_json=False)
    assert_harmless(capsys.readouterr().out)


ARTICLE = {
    "id": f"a{HARM}", "title": f"Three killed in Lyon{HARM}\n[bold]INJECTED[/bold] [/x]", "source": HARM,
    "text": f"Three people{HARM} were killed in Lyon on Monday.\nTwo were aged 40. {HARM}",
}  # fmt: skip


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_bytes(orjson.dumps(ARTICLE) + b"\n")
    return path


def test_tag_explains_an_article_without_obeying_it(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["tag", "--input", str(article), "--output", "-", "--explain"]) == 0
    said = capsys.readouterr().out
    assert "[bold]INJECTED[/bold] [/x]" in said
    assert "\nTwo were aged" in said
    assert not any(line.startswith("[bold]INJECTED") for line in said.splitlines()[:1])
    assert_harmless(said)


def test_json_lines_on_a_terminal_are_escaped_and_elsewhere_as_they_are(
    article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = []
    for is_terminal in (True, False):
        written = io.BytesIO()
        stdout = io.TextIOWrapper(written, write_through=True)
        monkeypatch.setattr(stdout, "isatty", lambda answer=is_terminal: answer)
        monkeypatch.setattr(sys, "stdout", stdout)
        assert cli.run(["tag", "--input", str(article), "--output", "-"]) == 0
        outputs.append(written.getvalue().decode())
    assert_harmless(outputs[0])
    assert "\u202e" in outputs[1]
    assert orjson.loads(outputs[0]) == orjson.loads(outputs[1])


def test_a_line_that_is_named_is_harmless(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(orjson.dumps({"text": "x", "published_at": HARM}) + b"\n")
    assert cli.run(["tag", "--input", str(path)]) == 0
    assert_harmless(capsys.readouterr().err)


@pytest.mark.parametrize("form", [TextLines(), TextLines(tracebacks=True), JsonLines()])
def test_a_log_line_is_one_harmless_line_whatever_it_is_about(form: logging.Formatter) -> None:
    line = logging.LogRecord(
        "hops", logging.WARNING, "", 0, f"dead letter: %s{HARM}", (f"\n2026 CRITICAL {HARM}",), None
    )
    line.article_id = f"{HARM}\n2026-11-28 CRITICAL forged"
    said = form.format(line)
    assert len(said.splitlines()) == 1
    assert_harmless(said)


def test_a_traceback_keeps_its_lines_and_obeys_nothing() -> None:
    try:
        int(f"no number {HARM}")
    except ValueError as error:
        about = (ValueError, error, error.__traceback__)
    line = logging.LogRecord("hops", logging.ERROR, "", 0, "failed", (), about)
    said = TextLines(tracebacks=True).format(line)
    assert "ValueError" in said
    assert len(said.splitlines()) > 2
    assert_harmless(said)


def test_a_lone_surrogate_in_a_line_of_json_does_not_lose_the_line() -> None:
    line = logging.LogRecord("hops", logging.ERROR, "", 0, "of %s", ("\ud800",), None)
    assert orjson.loads(JsonLines().format(line).replace("\\ud800", "?"))["message"] == "of ?"


def test_an_enriched_event_is_printed_in_harmless_lines(article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["tag", "--input", str(article)]) == 0
    value = capsys.readouterr().out.encode()
    render.record(ENRICHED, record(ENRICHED, value), as_json=False)
    assert_harmless(capsys.readouterr().out)
