"""`stream-app serve`: page and API over the output topics."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from stream_app.cli import brokers, common

EXAMPLE = """example:
  stream-app serve --brokers kafka-1:9092                        # http://127.0.0.1:6067/ over ./stream-app.db
  STREAM_APP_STORE=postgresql://news@db/news stream-app serve    # several may share one database

It reads the output topics from where its store stands; a store that is gone is filled anew from what the topics still
hold. There is no login: put a proxy before it that has one (docs/serving.md shows how).
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "serve",
        help="page and API over the output topics",
        description="Keep a store up with the output topics, and serve a page and an API from it, until Ctrl-C.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_broker_options(parser)
    parser.add_argument("--store", metavar="URL", help="overrides STREAM_APP_STORE")
    parser.add_argument("--host", dest="serve_host", metavar="ADDRESS", help="overrides STREAM_APP_SERVE_HOST")
    parser.add_argument("--port", dest="serve_port", metavar="PORT", help="overrides STREAM_APP_SERVE_PORT")


def run(args: argparse.Namespace) -> int:
    """Serve until stopped."""
    common.loop_runner()(_run(args))
    return 0


async def _run(args: argparse.Namespace) -> None:
    from stream_app.serve import server  # noqa: PLC0415  # needs what only this command does
    from stream_app.service import logs  # noqa: PLC0415

    settings = await brokers.settings_for(args)
    logs.configure(settings)
    host = f"[{settings.serve_host}]" if ":" in settings.serve_host else settings.serve_host
    await server.run(settings, lambda port: print(f"http://{host}:{port}/", file=sys.stderr, flush=True))
