"""Worker processes against a broker, as an operator runs them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

from stream_app.service.embedded import die_with_parent, free_port
from stream_app.settings import PREFIX

EMBEDDED = {
    "replication": "1", "min_insync": "1", "session_timeout_s": "6", "idempotence": "false", "commit_interval_s": "0.5",
}  # fmt: skip


def environment(**settings: str) -> dict[str, str]:
    """The environment of a command with these settings."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**clean, **{PREFIX + name.upper(): value for name, value in settings.items()}}


class Worker:
    """`stream-app worker` for as long as the `with` block lasts."""

    def __init__(self, log: Path, **settings: str) -> None:
        self.port = free_port()
        self.log = log
        self._environment = environment(**{**EMBEDDED, **settings, "web_port": str(self.port)})
        self.process: subprocess.Popen[bytes] | None = None
        self.revivals = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Start it, or start it again after a kill."""
        with self.log.open("ab") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "stream_app", "worker"],
                env=self._environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                preexec_fn=die_with_parent if sys.platform == "linux" else None,
            )  # fmt: skip

    def revive(self) -> None:
        """Start it again if it gave up, as a supervisor does; more than twice is a fault."""
        assert self.process is not None
        if self.process.poll() is not None:
            assert self.revivals < 2, self.log.read_text(errors="replace")[-3000:]
            self.revivals += 1
            self.start()

    def kill(self) -> None:
        """SIGKILL: no drain, no commit."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self, timeout_s: float = 15.0) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout_s)

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of one of its pages; status 0 where it does not listen."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_until_ready(self, timeout_s: float = 60.0) -> None:
        """Return once it handles records."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            self.revive()
            if self.get("/ready")[0] == 200:
                return
            time.sleep(0.1)
        raise AssertionError(f"not ready: {self.get('/ready')}\n{self.log.read_text(errors='replace')[-3000:]}")
