"""Every command of the quickstart runs as written, under a terminal, in one shell after the other."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

import pytest

from stream_app.service.embedded import free_port
from tests.integration import terminal
from tests.integration.workers import environment

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
PORTS = ("9092", "6066", "6067")


def taken(port: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) == 0


@pytest.mark.broker
def test_every_command_of_the_quickstart_runs_as_written(tmp_path: Path) -> None:
    page = (ROOT / "docs/quickstart.md").read_text(encoding="utf-8")
    for port in PORTS:  # what this machine happens to have there already must not fail the page
        page = page.replace(port, str(free_port())) if taken(port) else page
    script = tmp_path / "quickstart.sh"
    script.write_text(f"set -e\ncd {ROOT}\n{''.join(BLOCK.findall(page))}echo at the end\n", encoding="utf-8")
    environ = {**environment(), "TMPDIR": str(tmp_path), "PATH": os.environ["PATH"]}
    code, shown = terminal.run(["bash", str(script)], environ, timeout_s=240)
    assert code == 0, shown
    for said in ("Tolls as they stand", "toll      killed 9, injured 14", "published 3 records", "Mosul", "at the end"):
        assert said in shown, shown
    assert "Traceback" not in shown


def test_the_quickstart_is_one_screen() -> None:
    assert len((ROOT / "docs/quickstart.md").read_text(encoding="utf-8").splitlines()) <= 60
