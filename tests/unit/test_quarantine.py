"""The net without a broker: what the flow, `batch`, `tag` and `dedup` make of a record that a hop fails on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from stream_app import cli
from stream_app.core.dedup import matcher
from stream_app.core.flow.pipeline import Match, Read, Tag
from stream_app.core.flow.quarantine import OF_LAST, Quarantine, TooManyFaultsError
from stream_app.core.flow.stream import DeadLetter, Flow
from stream_app.core.hops import SIGNED, UNIQUE, Decision, Output, Record
from tests import builders


class Faulty(Read):
    """A hop that fails on each record that holds the word "pill"."""

    def each(self, records: Sequence[Record]) -> list[Decision]:
        if any(b"pill" in (record.value or b"") for record in records):
            raise ZeroDivisionError("a pill")
        return super().each(records)


def test_the_flow_sets_a_record_aside_and_the_next_passes() -> None:
    flow = Flow({"read": Faulty(), "match": Match()}, tries=3)
    (letter,) = flow.feed(builders.record(b"a pill"))
    assert isinstance(letter, DeadLetter)
    assert (letter.hop, letter.error.reason, letter.error.exception) == ("read", "internal_error", "ZeroDivisionError")
    assert "in each" in letter.error.trace
    found = flow.feed(builders.record(builders.raw()))
    assert [output.topic for output in found if isinstance(output, Output)] == [SIGNED, UNIQUE]


def test_without_tries_the_flow_lets_a_fault_out() -> None:
    with pytest.raises(ZeroDivisionError):
        list(Flow({"read": Faulty()}).feed(builders.record(b"a pill")))


def test_faults_far_apart_are_forgotten() -> None:
    quarantine = Quarantine()
    for position in range(0, 100 * OF_LAST, OF_LAST // 40):
        quarantine.set_aside(position)


def test_a_row_of_faults_goes_on_over_a_restart() -> None:
    quarantine = Quarantine(in_a_row=18)
    quarantine.set_aside(0)
    with pytest.raises(TooManyFaultsError):
        quarantine.set_aside(1)


def test_a_good_record_ends_a_row_of_faults() -> None:
    quarantine = Quarantine(in_a_row=18)
    quarantine.set_aside(1)
    assert quarantine.in_a_row == 1


LINES = [
    builders.raw(id="one", text="Four people were killed in Lyon on Monday."),
    b"{",
    builders.raw(id="two", text="A pill of a text, on which we fail."),
    builders.raw(id="three", text="Seven people were hurt in Osaka on Friday, when a bridge gave way."),
]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join(LINES) + b"\n")
    return path


def ids(path: Path, name: str = "article_id") -> list[Any]:
    return [orjson.loads(line)[name] for line in path.read_bytes().splitlines()]


def failing(function: Any, on: str = "two") -> Any:
    """The function, which fails on an article."""

    def fails(self: Any, article: Any, *more: Any) -> Any:
        if article.id == on:
            raise ZeroDivisionError("a pill")
        return function(self, article, *more)

    return fails


def failing_on_row(function: Any) -> Any:
    """The method, which fails on the row of an article once that is half stored."""

    def fails(self: Any, row: Any) -> None:
        function(self, row)
        if row.row_id == b"two":
            raise ZeroDivisionError("a pill")

    return fails


def test_batch_names_the_line_does_the_rest_and_ends_with_1(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(matcher.Matcher, "consider", failing(matcher.Matcher.consider))
    assert cli.run(["batch", "--input", str(archive), "--output", str(tmp_path / "out"), "--jobs", "1"]) == 1
    said = capsys.readouterr().err
    assert f"{archive}:3: internal_error: match failed: ZeroDivisionError: a pill" in said
    assert "2  articles.dead-letter (internal_error 1, not_json 1)" in said
    assert ids(tmp_path / "out" / "articles.enriched.jsonl") == ["one", "three"]
    letters = (tmp_path / "out" / "articles.dead-letter.jsonl").read_bytes().splitlines()
    assert [orjson.loads(letter)["reason"] for letter in letters] == ["not_json", "internal_error"]
    assert "consider" in orjson.loads(letters[1])["trace"]


def test_batch_ends_with_0_where_all_that_is_set_aside_is_bad_input(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["batch", "--input", str(archive), "--output", str(tmp_path / "out"), "--jobs", "1"]) == 0
    assert "1  articles.dead-letter (not_json 1)" in capsys.readouterr().err


def test_dedup_names_the_line_does_the_rest_and_ends_with_1(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(matcher.Matcher, "consider", failing(matcher.Matcher.consider))
    out = tmp_path / "verdicts.jsonl"
    assert cli.run(["dedup", "--input", str(archive), "--output", str(out)]) == 1
    assert ids(out, "id") == ["one", "three"]
    said = capsys.readouterr().err
    assert f"{archive}:2: not_json" in said
    assert f"{archive}:3: internal_error: match failed" in said


def test_dedup_begins_again_where_it_failed_half_way(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [builders.raw(id=name, text=builders.prose(random.Random(7))) for name in ("long", "copy")]
    archive.write_bytes(b"\n".join([told[0], *LINES, told[1]]))
    monkeypatch.setattr(matcher.Matcher, "_note", failing_on_row(matcher.Matcher._note))
    out = tmp_path / "verdicts.jsonl"
    assert cli.run(["dedup", "--input", str(archive), "--output", str(out)]) == 1
    verdicts = [(line["id"], line["of"]) for line in map(orjson.loads, out.read_bytes().splitlines())]
    assert verdicts == [("long", None), ("one", None), ("three", None), ("copy", "long")]
    assert f"{archive}:4: internal_error: match failed" in capsys.readouterr().err


def test_tag_ends_with_0_and_says_how_many_lines_are_no_articles(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "enriched.jsonl"
    assert cli.run(["tag", "--input", str(archive), "--output", str(out)]) == 0
    assert ids(out) == ["one", "two", "three"]
    assert "1 set aside: not_json 1" in capsys.readouterr().err


def test_tag_names_the_line_that_we_fail_on_and_ends_with_1(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Failing(Tag):
        enriched = failing(Tag.enriched)

    monkeypatch.setattr("stream_app.hops.Tag", Failing)
    out = tmp_path / "enriched.jsonl"
    assert cli.run(["tag", "--input", str(archive), "--output", str(out)]) == 1
    assert ids(out) == ["one", "three"]
    assert f"{archive}:3: internal_error: tag failed" in capsys.readouterr().err
