"""`stream-app dev`: an embedded broker, its topics and a worker to play with, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import signal
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from stream_app.cli import CommandError, child, common
from stream_app.settings import MAX_PORT, PREFIX, Settings

EXAMPLE = """example:
  stream-app dev                          # then, in another shell: stream-app publish story.txt
  stream-app dev --port 19092 --web-port 16066
  stream-app dev --no-worker              # broker and topics alone, for a worker of your own

Everything is held in memory and gone when it ends.
"""
PORT = 9092
STARTING_S = 60.0


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "dev",
        help="an embedded broker and a worker to play with, until Ctrl-C",
        description="Start a broker in memory on a fixed port, make the topics, run a worker, say how to use them.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--port", type=_port, default=PORT, metavar="PORT", help=f"the broker's, on 127.0.0.1 (default: {PORT})"
    )
    parser.add_argument("--web-port", metavar="PORT", help=f"the pages', overrides {PREFIX}WEB_PORT")
    parser.add_argument("--no-worker", action="store_true", help="only the broker and the topics")


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port <= MAX_PORT:
        raise ValueError(text)
    return port


def run(args: argparse.Namespace) -> int:
    """Stay until Ctrl-C or SIGTERM; raises CommandError when the worker ends before."""
    from stream_app.service import topics  # noqa: PLC0415  # needs aiokafka
    from stream_app.service.embedded import EmbeddedBroker  # noqa: PLC0415

    signal.signal(signal.SIGTERM, child.as_interrupt)
    fixed = {"brokers": f"127.0.0.1:{args.port}", "profile": "embedded"}
    settings = common.settings_of(args, **fixed)
    with ExitStack() as stack:
        stack.enter_context(EmbeddedBroker(args.port))
        asyncio.run(topics.ensure(settings))
        if args.no_worker:
            _say(settings, None)
            while True:
                time.sleep(3600)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stream-app-dev-")))
        given = {**fixed, "web_port": str(settings.web_port), "web_host": settings.web_host}
        worker = stack.enter_context(child.worker(settings, given, folder / "worker.log"))
        _until_ready(settings, worker)
        _say(settings, worker)
        while True:
            worker.check()
            time.sleep(0.5)


def _until_ready(settings: Settings, worker: child.Child) -> None:
    deadline = time.monotonic() + STARTING_S
    while time.monotonic() < deadline:
        worker.check()
        try:
            with urllib.request.urlopen(f"{_pages(settings)}readyz", timeout=2):  # noqa: S310  # our own page
                return
        except OSError:  # not listening yet, or not ready
            time.sleep(0.2)
    raise CommandError(f"the worker is not ready after {STARTING_S:.0f} s: {worker.last_lines()}")


def _pages(settings: Settings) -> str:
    return f"http://{settings.web_host}:{settings.web_port}/"


def _say(settings: Settings, worker: child.Child | None) -> None:
    """Where everything is, and what to paste."""
    lines = [f"broker   {settings.brokers[0]}  (in memory; everything is gone when it ends)"]
    if worker is not None:
        pages = _pages(settings)
        lines += [
            f"page     {pages}",
            f"metrics  {pages}metrics",
            f"health   {pages}healthz  {pages}readyz",
            f"log      {worker.log}",
        ]
    exports = {
        "BROKERS": settings.brokers[0],
        **({"PREFIX": settings.prefix} if settings.prefix else {}),
        "WEB_PORT": "0",
    }
    lines += [
        "",
        "In another shell:",
        *(f"  export {PREFIX}{name}={value}" for name, value in exports.items()),
        "  stream-app publish story.txt",
        "  stream-app tail articles.enriched --from-beginning",
        "",
        "Ctrl-C ends it.",
    ]
    print("\n".join(lines), flush=True)
