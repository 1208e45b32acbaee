"""`stream-app tag --explain` says of each figure whether it is in the toll, and if not, why."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.integration.workers import environment

TEXT = (
    "A blast at a market in Mosul killed at least 14 people on Thursday and wounded 40, hospital officials said. "
    "Officials had put the dead at nine before: nine people were killed, they said. "
    "In 2014 a blast in the same street killed 110 people. No soldiers were killed."
)


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("explain") / "story.jsonl"
    path.write_text(json.dumps({"text": TEXT, "published_at": "2022-03-03T10:00:00Z"}), encoding="utf-8")
    command = [sys.executable, "-m", "stream_app", "tag", str(path), "--explain"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("figure", "why"),
    [
        ("at least 14 people", "[in the toll]"),
        ("nine people", '[not in the toll: killed >=14 stands, by "at least 14 people"]'),
        ("110 people", "[not in the toll: historical]"),
        ("No soldiers", "[not in the toll: negated]"),
    ],
)
def test_each_figure_says_whether_it_counts_and_why_not(explained: list[str], figure: str, why: str) -> None:
    (line,) = [line for line in explained if f'"{figure}"' in line.partition("  [rule ")[0] and "[rule " in line]
    assert line.endswith(why)
