"""`stream-app topics`: create or check the topics."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from stream_app.cli import brokers, common

EXAMPLE = """example:
  stream-app topics --brokers 127.0.0.1:9092             # check: exit 1 when one is missing or wrong
  stream-app topics --brokers 127.0.0.1:9092 --create
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "topics",
        help="create or check the topics",
        description="Compare the broker's topics with what the settings ask for; a wrong partition count is refused.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_broker_options(parser)
    parser.add_argument("--create", action="store_true", help="create what is missing")


def run(args: argparse.Namespace) -> int:
    """Print one line a topic; 0 when all are there and right."""
    return asyncio.run(_run(args, create=args.create))


async def _run(args: argparse.Namespace, *, create: bool) -> int:
    from stream_app.service import topics  # noqa: PLC0415  # needs aiokafka

    settings = await brokers.settings_for(args)
    states = await (topics.ensure(settings) if create else topics.inspect(settings))
    for state in states:
        print(f"{state.name:28} {_verdict(state.found, state.wanted, create=create)}")
    topics.check(states)
    missing = [state for state in states if state.found is None]
    return 1 if missing and not create else 0


def _verdict(found: int | None, wanted: int, *, create: bool) -> str:
    if found is None:
        return f"created, {wanted} partitions" if create else f"missing (wanted: {wanted} partitions)"
    return f"ok, {found} partitions" if found == wanted else f"WRONG: {found} partitions, wanted {wanted}"
