"""`stream-app dev`: an embedded broker, its topics, a worker and the page to play with, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
import signal
import socket
import sys
import tempfile
import time
import webbrowser
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from stream_app.cli import CommandError, child, common
from stream_app.settings import MAX_PORT, PREFIX, Settings

EXAMPLE = """example:
  stream-app dev                          # then, in another shell: stream-app publish story.txt
  stream-app dev --port 19092 --web-port 16066 --page-port 16067
  stream-app dev --no-worker              # broker and topics alone, for a worker of your own

Everything is held in memory and gone when it ends.
"""
PORT = 9092


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "dev",
        help="an embedded broker and a worker to play with, until Ctrl-C",
        description="Start a broker in memory, make the topics, run worker and page, say how to use them.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--port", type=_port, default=PORT, metavar="PORT", help=f"the broker's, on 127.0.0.1 (default: {PORT})"
    )
    parser.add_argument("--web-port", metavar="PORT", help=f"the worker's, overrides {PREFIX}WEB_PORT")
    parser.add_argument(
        "--page-port", dest="serve_port", metavar="PORT", help=f"the page's, overrides {PREFIX}SERVE_PORT"
    )
    parser.add_argument("--no-page", action="store_true", help="without page and API")
    parser.add_argument("--no-worker", action="store_true", help="only the broker and the topics")


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port <= MAX_PORT:
        raise ValueError(text)
    return port


def run(args: argparse.Namespace) -> int:
    """Stay until Ctrl-C or SIGTERM; raises CommandError when a part of it ends before."""
    from stream_app.service import topics  # noqa: PLC0415  # needs aiokafka
    from stream_app.service.embedded import EmbeddedBroker  # noqa: PLC0415

    signal.signal(signal.SIGTERM, child.as_interrupt)
    fixed = {"brokers": f"127.0.0.1:{args.port}", "profile": "embedded"}
    settings = common.settings_of(args, **fixed)
    if not (args.no_worker or args.no_page):
        _check_page_port(settings)
    with ExitStack() as stack:
        stack.enter_context(EmbeddedBroker(args.port))
        asyncio.run(topics.ensure(settings))
        if args.no_worker:
            print("\n".join(_lines(settings, [])), flush=True)
            while True:
                time.sleep(3600)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stream-app-dev-")))
        children = _start(stack, settings, fixed, folder, with_page=not args.no_page)
        print("\n".join(_lines(settings, children)), flush=True)
        if len(children) > 1 and child.PAGE.is_file():
            _show(_page(settings))
        while True:
            for one in children:
                one.check()
            time.sleep(0.5)


def _check_page_port(settings: Settings) -> None:
    """Say that the page's port is taken before anything starts: `serve` would name its own option, which is another.

    Raises:
        CommandError: something listens there.
    """
    try:
        socket.create_server((settings.serve_host, settings.serve_port)).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(
                f"port {settings.serve_port} is taken: choose another for the page with --page-port or "
                f"{PREFIX}SERVE_PORT"
            ) from error


def _start(
    stack: ExitStack, settings: Settings, fixed: Mapping[str, str], folder: Path, *, with_page: bool
) -> list[child.Child]:
    """The worker, and `serve` beside it where that is wanted and can be had; both answer when this returns."""
    given = {**fixed, "web_port": str(settings.web_port), "web_host": settings.web_host}
    children = [stack.enter_context(child.running("worker", settings, given, folder / "worker.log"))]
    if with_page and child.can_serve():
        given |= {
            "serve_port": str(settings.serve_port),
            "serve_host": settings.serve_host,
            "store": f"sqlite:///{folder / 'store.db'}",
        }
        children.append(stack.enter_context(child.running("serve", settings, given, folder / "serve.log")))
    for one, url in zip(children, (f"{_pages(settings)}readyz", f"{_page(settings)}api/v1/status"), strict=False):
        one.wait_for(url)
    return children


def _show(url: str) -> None:
    """Open the page where somebody sits before a desktop."""
    desktop = sys.platform in ("darwin", "win32") or any(os.environ.get(it) for it in ("DISPLAY", "WAYLAND_DISPLAY"))
    if desktop and sys.stdout.isatty():
        webbrowser.open(url)


def _pages(settings: Settings) -> str:
    return f"http://{settings.web_host}:{settings.web_port}/"


def _page(settings: Settings) -> str:
    return f"http://{settings.serve_host}:{settings.serve_port}/"


def _lines(settings: Settings, children: Sequence[child.Child]) -> list[str]:
    """Where everything is, and what to paste."""
    lines = [f"broker   {settings.brokers[0]}  (in memory; everything is gone when it ends)"]
    pages, page = _pages(settings), _page(settings)
    for one in children:
        if one.name == "serve":
            shown = [f"page     {page}"] if child.PAGE.is_file() else [f"page     none: {child.NO_PAGE}"]
            lines += [*shown, f"api      {page}api/v1/incidents  {page}api/v1/openapi.json"]
        else:
            lines += [f"metrics  {pages}metrics", f"health   {pages}healthz  {pages}readyz"]
        lines.append(f"log      {one.log}")
    exports = {
        "BROKERS": settings.brokers[0],
        **({"PREFIX": settings.prefix} if settings.prefix else {}),
        "WEB_PORT": "0",
    }
    return [
        *lines,
        "",
        "In another shell:",
        *(f"  export {PREFIX}{name}={value}" for name, value in exports.items()),
        "  stream-app publish story.txt",
        "  stream-app tail articles.enriched --from-beginning",
        "",
        "Ctrl-C ends it.",
    ]
