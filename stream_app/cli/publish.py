"""`stream-app publish`: send articles to articles.raw."""

from __future__ import annotations

import argparse
import asyncio
import sys
from functools import partial
from typing import Any

from stream_app.cli import brokers, common, progress
from stream_app.core.hops import RAW
from stream_app.core.poison import PoisonError
from stream_app.core.wire import decode_article
from stream_app.intake.reading import Reading
from stream_app.settings import Settings

EXAMPLE = """example:
  stream-app publish --brokers 127.0.0.1:9092 articles.jsonl pages/ story.txt
  stream-app publish archive.jsonl.gz feed.xml crawl.warc.gz
  stream-app publish news.csv --map text=body,title=headline
  curl https://news.example/feed | stream-app publish -

Lines of JSON are sent as they stand, readable or not: what is unreadable becomes a dead letter with its reason. What is
no article at all (an image, a broken archive), or larger than the broker takes, is named on stderr; the rest is sent,
and the exit code is 1.
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "publish",
        help="send articles to articles.raw",
        description="Articles (JSON, CSV, HTML, RSS, WARC, text) to articles.raw, acknowledged by the broker.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_input_options(parser, paths="+")
    common.add_broker_options(parser)


def run(args: argparse.Namespace) -> int:
    """Publish everything and say how much; fails when the broker did not take a record."""
    reading = common.reading_of(args)
    sent, too_large = asyncio.run(_run(args, reading))
    print(f"published {sent} records to {common.settings_of(args).topic(RAW)}", file=sys.stderr)
    if too_large:
        print(f"{too_large} larger than the broker takes, named above", file=sys.stderr)
    return 1 if reading.refused or too_large else 0


async def _run(args: argparse.Namespace, reading: Reading) -> tuple[int, int]:
    return await publish(await brokers.settings_for(args, [RAW]), reading, quiet=args.quiet)


async def publish(settings: Settings, reading: Reading, *, quiet: bool = False) -> tuple[int, int]:
    """Send every raw article of a reading, and wait for the broker's answer to each.

    Returns:
        How many were sent, and how many the broker did not take because they are too large; those are named on stderr.
    """
    from stream_app.service.producer import Sender  # noqa: PLC0415  # needs aiokafka

    sent = too_large = 0

    def refused(origin: str, size: int) -> None:
        nonlocal too_large
        too_large += 1
        print(f"{origin}: {size} bytes, more than the broker takes (max.message.bytes)", file=sys.stderr)

    async with Sender(settings) as sender:
        for raw in progress.track(reading, "published", read=reading, quiet=quiet):
            size = len(raw.value)
            await sender.send(RAW, _key(raw.value), raw.value, refused=partial(refused, raw.origin, size))
            sent += 1
    return sent - too_large, too_large


def _key(value: bytes) -> bytes | None:
    """The article's id where it can be read, so that an article's versions keep their order."""
    try:
        return decode_article(value).id.encode()
    except PoisonError:
        return None
