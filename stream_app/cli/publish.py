"""`stream-app publish`: send articles to articles.raw."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Any

from stream_app.cli import brokers, common, progress
from stream_app.core.hops import RAW
from stream_app.core.poison import PoisonError
from stream_app.core.wire import decode_article
from stream_app.settings import Settings

EXAMPLE = """example:
  stream-app publish --brokers 127.0.0.1:9092 articles.jsonl pages/ story.txt
  zcat archive.jsonl.gz | stream-app publish -

Lines are sent as they stand, readable or not: what is unreadable becomes a dead letter with its reason.
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "publish",
        help="send articles to articles.raw",
        description="Files, folders or stdin (JSONL, plain text, HTML) to articles.raw, acknowledged by the broker.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a file or folder; - is JSONL on stdin")
    common.add_broker_options(parser)


def run(args: argparse.Namespace) -> int:
    """Publish everything and say how much; fails when the broker did not take a record."""
    sent = asyncio.run(_run(args))
    print(f"published {sent} records to {common.settings_of(args).topic(RAW)}", file=sys.stderr)
    return 0


async def _run(args: argparse.Namespace) -> int:
    return await publish(await brokers.settings_for(args, [RAW]), args.paths)


async def publish(settings: Settings, paths: list[str]) -> int:
    """Send every raw article under `paths`, and wait for the broker's answer to each; how many were sent."""
    from stream_app.service.producer import Sender  # noqa: PLC0415  # needs aiokafka

    sent = 0
    async with Sender(settings) as sender:
        for raw in progress.track(common.read_raw(paths), "published"):
            await sender.send(RAW, _key(raw.value), raw.value)
            sent += 1
    return sent


def _key(value: bytes) -> bytes | None:
    """The article's id where it can be read, so that an article's versions keep their order."""
    try:
        return decode_article(value).id.encode()
    except PoisonError:
        return None
