"""A worker of our own beside the embedded broker, for as long as a command runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stream_app.cli import CommandError
from stream_app.service.embedded import die_with_parent
from stream_app.settings import PREFIX, Settings


@dataclass(frozen=True, slots=True)
class Child:
    """A running worker and the file that it logs to."""

    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Do nothing while it runs; raise CommandError with its last words when it has ended."""
        if self.process.poll() is not None:
            raise CommandError(f"the worker ended (exit {self.process.returncode}): {self.last_lines()}")

    def last_lines(self) -> str:
        """The end of its log, in one line."""
        return " | ".join(self.log.read_text(errors="replace").splitlines()[-5:])


@contextmanager
def worker(settings: Settings, fixed: Mapping[str, str], log: Path) -> Iterator[Child]:
    """A worker process for as long as the block lasts; it dies with this process, however that ends (on Linux)."""
    environ = {**os.environ, **{PREFIX + name.upper(): value for name, value in fixed.items()}}
    with log.open("wb") as file:
        process = subprocess.Popen(  # our own command
            [sys.executable, "-m", "stream_app", "worker"],
            env=environ, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )  # fmt: skip
    try:
        yield Child(process, log)
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
