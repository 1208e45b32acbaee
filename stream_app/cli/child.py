"""Commands of our own beside the embedded broker, for as long as a command runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from stream_app.cli import CommandError
from stream_app.service.embedded import die_with_parent
from stream_app.settings import PREFIX, Settings

STARTING_S = 60.0
PAGE = Path(__file__).parents[1] / "serve" / "static" / "index.html"
NO_PAGE = "the page is not built: it needs Node (in a checkout: make web)"


def can_serve() -> bool:
    """Whether what `serve` needs is installed (the extra of that name)."""
    return all(find_spec(name) for name in ("fastapi", "sqlalchemy", "uvicorn"))


@dataclass(frozen=True, slots=True)
class Child:
    """A running command and the file that it logs to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Do nothing while it runs; raise CommandError with its last words when it has ended."""
        if self.process.poll() is not None:
            raise CommandError(f"the {self.name} ended (exit {self.process.returncode}): {self.last_lines()}")

    def wait_for(self, url: str) -> None:
        """Wait until it answers there; CommandError when it ends before, or after a minute."""
        deadline = time.monotonic() + STARTING_S
        while time.monotonic() < deadline:
            self.check()
            try:
                with urllib.request.urlopen(url, timeout=2):  # noqa: S310  # our own page
                    return
            except OSError:  # not listening yet, or not ready
                time.sleep(0.2)
        raise CommandError(f"the {self.name} is not ready after {STARTING_S:.0f} s: {self.last_lines()}")

    def last_lines(self) -> str:
        """The end of its log, in one line."""
        return " | ".join(self.log.read_text(errors="replace").splitlines()[-5:])


@contextmanager
def running(command: str, settings: Settings, fixed: Mapping[str, str], log: Path) -> Iterator[Child]:
    """A command of ours for as long as the block lasts; it dies with this process, however that ends (on Linux)."""
    environ = {**os.environ, **{PREFIX + name.upper(): value for name, value in fixed.items()}}
    with log.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603  # our own command
            [sys.executable, "-m", "stream_app", command],
            env=environ, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )  # fmt: skip
    try:
        yield Child(command, process, log)
    finally:
        process.terminate()
        try:
            process.wait(settings.shutdown_s + 2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def as_interrupt(*_: object) -> None:
    """SIGTERM ends a command as Ctrl-C does, so that its `with` blocks clean up."""
    raise KeyboardInterrupt
