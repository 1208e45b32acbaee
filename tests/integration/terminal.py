"""A command as a person runs it: under a pseudo-terminal, so that it draws what it draws for people."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence


def run(
    command: Sequence[str],
    env: Mapping[str, str],
    columns: int = 100,
    timeout_s: float = 90,
    interrupt_at: str | None = None,
) -> tuple[int, str]:
    """The exit code of `command`, and all that it wrote to its terminal; interrupted once it has written some words."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        command, env={"TERM": "xterm-256color", **env}, stdin=follower, stdout=follower, stderr=follower, close_fds=True
    )
    os.close(follower)
    shown = bytearray()
    ends = time.monotonic() + timeout_s
    try:
        while piece := _read(leader):
            shown += piece
            if time.monotonic() > ends:
                process.kill()
            if interrupt_at is not None and interrupt_at.encode() in shown:
                process.send_signal(signal.SIGINT)
                interrupt_at = None
    finally:
        os.close(leader)
    return process.wait(10), shown.decode(errors="replace")


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65536)
    except OSError:  # Linux says so when the last program at the other end is gone
        return b""
