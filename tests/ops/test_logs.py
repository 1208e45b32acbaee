"""One line a fault, bound to its record; many faults do not make many lines."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from stream_app.service import logs
from stream_app.service.logs import RateLimit
from stream_app.settings import Settings

logger = logging.getLogger("stream_app.tests")


@dataclass
class Message:
    topic: str = "articles.raw"
    partition: int = 3
    offset: int = 41
    value: bytes | None = b'{"id": "a-1", "text": 7}'


@pytest.fixture
def root() -> Iterator[None]:
    """Puts the root logger back as it was."""
    before, level = logging.root.handlers[:], logging.root.level
    yield
    logging.root.handlers[:] = before
    logging.root.setLevel(level)


def written(log_format: str, **settings: Any) -> io.StringIO:
    stream = io.StringIO()
    logs.configure(Settings(log_format=log_format, **settings), stream)
    return stream


def fail() -> None:
    raise ValueError("first line\nsecond line")


def test_a_fault_is_one_json_line_bound_to_its_record(root: None) -> None:
    stream = written("json")
    logger.warning("dead letter: %s", "no text", extra=logs.bound(Message(), hop="read", reason="no_text"))
    (line,) = stream.getvalue().splitlines()
    assert {**json.loads(line), "time": ""} == {
        "time": "", "level": "warning", "logger": "stream_app.tests", "message": "dead letter: no text", "hop": "read",
        "topic": "articles.raw", "partition": 3, "offset": 41, "article_id": "a-1", "reason": "no_text",
    }  # fmt: skip


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_an_exception_stays_in_its_line(root: None, log_format: str) -> None:
    stream = written(log_format)
    try:
        fail()
    except ValueError as error:
        logger.critical("stops: %s", error, exc_info=error, extra=logs.bound(Message()))
    (line,) = stream.getvalue().splitlines()
    assert "first line" in line
    assert "articles.raw" in line


def test_json_keeps_the_traceback(root: None) -> None:
    stream = written("json")
    try:
        fail()
    except ValueError:
        logger.exception("stops")
    line = json.loads(stream.getvalue())
    assert line["error"] == {"type": "ValueError", "message": "first line\nsecond line"}
    assert "in fail" in line["traceback"]


def test_a_text_line_tells_where_the_record_lies(root: None) -> None:
    stream = written("text")
    logger.warning("dead letter: %s", "no text", extra=logs.bound(Message()))
    assert stream.getvalue().endswith(
        "WARNING stream_app.tests dead letter: no text topic=articles.raw partition=3 offset=41 article_id=a-1\n"
    )


@pytest.mark.parametrize(
    "value", [None, b"", b"\xff\xfe", b"[1]", b'{"id": 7}', b'{"article": {"id": null}}', b'"' + b"x" * 300_000 + b'"']
)
def test_a_record_without_a_readable_id_is_logged_all_the_same(value: bytes | None) -> None:
    assert logs.article_id_of(value) is None


def test_an_id_cannot_fill_the_log() -> None:
    found = logs.article_id_of(json.dumps({"id": "x" * 5000}).encode())
    assert found is not None
    assert len(found) == 200


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def record(level: int = logging.WARNING, reason: str = "not_json") -> logging.LogRecord:
    made = logging.LogRecord("stream_app.x", level, "", 1, "dead letter: %s", ("detail",), None)
    made.reason = reason
    return made


def test_a_storm_of_faults_is_cut_to_a_few_lines_a_period() -> None:
    clock = Clock()
    limit = RateLimit(most=5, period_s=10, clock=clock)
    assert sum(limit.filter(record()) for _ in range(1000)) == 5
    assert limit.suppressed_total == 995


def test_the_next_period_says_how_many_were_left_out() -> None:
    clock = Clock()
    limit = RateLimit(most=5, period_s=10, clock=clock)
    for _ in range(12):
        limit.filter(record())
    clock.now_s += 10
    line = record()
    assert limit.filter(line)
    assert line.getMessage() == "dead letter: detail (7 lines like this were left out)"


def test_one_reason_does_not_silence_another() -> None:
    limit = RateLimit(most=1, period_s=10, clock=Clock())
    assert [limit.filter(record(reason=reason)) for reason in ("a", "a", "b")] == [True, False, True]


@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO, logging.CRITICAL])
def test_only_warnings_and_errors_are_limited(level: int) -> None:
    limit = RateLimit(most=1, period_s=10, clock=Clock())
    assert all(limit.filter(record(level)) for _ in range(50))
