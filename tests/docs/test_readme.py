"""The README is one screen; docs/demo.md shows the true output of the demo."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.workers import environment

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"<!-- demo -->\n```\n(.*?)```\n<!-- /demo -->", re.DOTALL)


@pytest.mark.broker
def test_the_page_of_the_demo_shows_what_it_prints() -> None:
    match = SHOWN.search((ROOT / "docs" / "demo.md").read_text(encoding="utf-8"))
    assert match
    shown = [line.rstrip() for line in match[1].splitlines() if line.strip() not in ("", "...")]
    ran = subprocess.run(
        [sys.executable, "-m", "stream_app", "demo"], capture_output=True, text=True, check=True, env=environment()
    )
    printed = {line.rstrip() for line in ran.stdout.splitlines()}
    assert shown
    assert [line for line in shown if line not in printed] == []


def test_the_readme_is_one_screen() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 80
