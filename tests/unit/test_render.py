"""Lines of the ledger as people read them."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from stream_app.cli import render

BASE = {"when": "2022-03-01T12:30:00Z", "incident_id": "inc-1", "article_id": "a", "source": None}


def printed(event: dict[str, Any]) -> str:
    out = io.StringIO()
    render.revision(Console(file=out, width=200, highlight=False), {**BASE, **event})
    return out.getvalue()


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"kind": "killed", "old": None, "new": {"low": 3, "high": 3}, "why": "new_report"}, "- -> 3"),
        (
            {"kind": "killed", "old": {"low": 3, "high": 5}, "new": {"low": 4, "high": None}, "why": "raised"},
            "3-5 -> >=4",
        ),
        ({"kind": None, "old": {"killed": {"low": 3, "high": 3}}, "new": None, "why": "merged"}, "(killed 3) -> -"),
    ],
)
def test_a_revision_tells_old_new_and_why(event: dict[str, Any], said: str) -> None:
    line = printed(event)
    assert said in " ".join(line.split())
    assert event["why"] in line


@pytest.mark.parametrize("value", [b"[1, 2]", b"\xff\xfe", b'{"text": "cut', b"3", b'{"id": 7, "text": null}'])
def test_tail_shows_whatever_strangers_have_sent(value: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    render.record("articles.raw", SimpleNamespace(value=value, key=None, headers=[]), as_json=False)
    assert capsys.readouterr().out.strip()
