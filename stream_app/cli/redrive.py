"""`stream-app redrive`: send dead letters back to articles.raw."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from typing import Any

from stream_app.cli import brokers, common
from stream_app.core.hops import DEAD_LETTER, RAW
from stream_app.core.poison import REASONS
from stream_app.core.printable import escaped
from stream_app.settings import Settings

EXAMPLE = """example:
  stream-app redrive                                     # dry run: what is there, by reason
  stream-app redrive --reason too_large --yes            # send them back, with their original key and bytes

Sent back are the letters of articles.raw only; each keeps a header `redriven` with the offset of its dead letter.
A letter that dies again comes back as a new dead letter.
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "redrive",
        help="send dead letters back to articles.raw",
        description="Count the dead letters by reason, or send them back. Without --yes nothing is sent.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_broker_options(parser)
    parser.add_argument("--reason", choices=REASONS, action="append", help="which letters (repeatable; default: all)")
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many")
    parser.add_argument("--yes", action="store_true", help="really send")


def run(args: argparse.Namespace) -> int:
    """Dry run or send."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    from stream_app.service.producer import Sender, read_all  # noqa: PLC0415  # needs aiokafka

    settings = await brokers.settings_for(args, [DEAD_LETTER, RAW])
    letters = [letter for letter in await read_all(settings, DEAD_LETTER) if _wanted(letter, settings, args.reason)]
    letters = letters[: args.limit]
    for reason, count in sorted(Counter(_header(letter, "reason") for letter in letters).items()):
        print(f"{count:8}  {escaped(reason)}")
    if not args.yes:
        print(f"dry run: {len(letters)} would be sent back to {settings.topic(RAW)}; add --yes to send them")
        return 0
    async with Sender(settings) as sender:
        for letter in letters:
            origin = f"{letter.partition}:{letter.offset}".encode()
            await sender.send(RAW, letter.key, letter.value, [("redriven", origin)])
    print(f"sent {len(letters)} back to {settings.topic(RAW)}")
    return 0


def _wanted(letter: Any, settings: Settings, reasons: list[str] | None) -> bool:
    """Letters of other topics are our own records: their articles would be counted as new ones."""
    from_raw = _header(letter, "__streams.errors.topic") == settings.topic(RAW)
    return from_raw and (not reasons or _header(letter, "reason") in reasons)


def _header(letter: Any, name: str) -> str:
    return next((value.decode() for key, value in letter.headers if key == name), "")
