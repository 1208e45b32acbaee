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
  stream-app topics --skip articles.raw:3:151            # pass a batch that cannot be decoded, up to this offset
  stream-app topics --rebuild match                      # after its changelog was lost, with its workers stopped
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
    act = parser.add_mutually_exclusive_group()
    act.add_argument("--create", action="store_true", help="create what is missing")
    act.add_argument(
        "--skip", metavar="TOPIC:PARTITION:OFFSET", type=_place,
        help="have workers pass what cannot be decoded there, up to this offset; the topic's name with its prefix",
    )  # fmt: skip
    act.add_argument(
        "--rebuild", metavar="HOP", choices=("match", "count"),
        help="have match or count read its source from the beginning into a new table; its workers must be stopped",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Print one line a topic; 0 when all are there and right."""
    if args.skip is not None:
        return asyncio.run(_skip(args, *args.skip))
    if args.rebuild is not None:
        return asyncio.run(_rebuild(args, args.rebuild))
    return asyncio.run(_run(args, create=args.create))


def _place(text: str) -> tuple[str, int, int]:
    topic, partition, offset = text.rsplit(":", 2)
    return topic, int(partition), int(offset)


async def _skip(args: argparse.Namespace, topic: str, partition: int, offset: int) -> int:
    from stream_app.service import skips  # noqa: PLC0415  # needs aiokafka

    await skips.skip(await brokers.settings_for(args), topic, partition, offset)
    print(f"{topic} {partition}: workers pass what cannot be decoded, up to offset {offset}, within seconds")
    return 0


async def _rebuild(args: argparse.Namespace, hop: str) -> int:
    from stream_app.service import changelogs  # noqa: PLC0415  # needs aiokafka

    for tp, begin in (await changelogs.rebuild(await brokers.settings_for(args), hop)).items():
        print(f"{tp.topic} {tp.partition}: {hop} reads again from offset {begin} when its workers start")
    return 0


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
