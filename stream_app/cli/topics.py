"""`stream-app topics`: create or check the topics."""

from __future__ import annotations

import argparse
import asyncio
from typing import TYPE_CHECKING, Any

from stream_app.cli import brokers, common

if TYPE_CHECKING:  # needs aiokafka, which is slow to import
    from stream_app.service.topics import TopicState

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
        print(f"{state.name:28} {_verdict(state, create=create)}")
    topics.check(states)
    for name, config in (await topics.misconfigured(settings, states)).items():
        wanted = ",".join(f"{key}={value}" for key, value in config.items())
        print(f"{name}: should have {wanted}; alter it with kafka-configs.sh, or retention may delete what is unread:")
        print(
            f"  kafka-configs.sh --bootstrap-server {settings.brokers[0]} --alter --entity-type topics "
            f"--entity-name {name} --add-config {wanted}"
        )
    missing = [state for state in states if state.found is None]
    return 1 if missing and not create else 0


def _verdict(state: TopicState, *, create: bool) -> str:
    if state.found is None:
        return f"created, {state.wanted} partitions" if create else f"missing (wanted: {state.wanted} partitions)"
    return f"ok, {state.found} partitions" if state.fits else f"WRONG: {state.found} partitions, wanted {state.wanted}"
