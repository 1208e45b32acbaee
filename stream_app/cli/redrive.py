"""`stream-app redrive`: send dead letters back to articles.raw."""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Any

from stream_app.cli import brokers, common
from stream_app.core.hops import DEAD_LETTER, RAW
from stream_app.core.language.printable import escaped
from stream_app.core.poison import REASONS
from stream_app.settings import Settings

EXAMPLE = """example:
  stream-app redrive                                     # dry run: what is there, by reason
  stream-app redrive --reason too_large --yes            # send them back, with their original key and bytes

Sent back are the letters of articles.raw only, with the headers that they came with and a header `redriven` that says
which letter it was. A record that dies again is a new letter beside the old one: of letters with the same key and bytes
the last one is sent, so that redriving twice sends nothing twice. A letter that kept only a part of a record too large
for it is not sent.
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
    from stream_app.service.headers import given_back  # noqa: PLC0415
    from stream_app.service.producer import Sender, read_all  # noqa: PLC0415  # needs aiokafka

    settings = await brokers.settings_for(args, [DEAD_LETTER, RAW])
    found = last_of_each(await read_all(settings, DEAD_LETTER))
    letters = [letter for letter in found if _wanted(letter, settings, args.reason)][: args.limit]
    for reason, count in sorted(Counter(_header(letter, "reason") for letter in letters).items()):
        print(f"{count:8}  {escaped(reason)}")
    if not args.yes:
        print(f"dry run: {len(letters)} would be sent back to {settings.topic(RAW)}; add --yes to send them")
        return 0
    async with Sender(settings) as sender:
        for letter in letters:
            origin = f"{letter.partition}:{letter.offset}".encode()
            await sender.send(RAW, letter.key, letter.value, given_back(letter.headers, origin))
    print(f"sent {len(letters)} back to {settings.topic(RAW)}")
    return 0


def last_of_each(letters: Iterable[Any]) -> list[Any]:
    """The last letter of each record that died, however often it was sent back and died again.

    Keys and bytes tell records apart, not what a header says: a producer may send any header.
    """
    last = {(letter.key, letter.value): letter for letter in sorted(letters, key=lambda letter: letter.timestamp)}
    return sorted(last.values(), key=lambda letter: (letter.partition, letter.offset))


def _wanted(letter: Any, settings: Settings, reasons: list[str] | None) -> bool:
    """Letters of other topics are our own records: their articles would be counted as new ones."""
    from_raw = _header(letter, "__streams.errors.topic") == settings.topic(RAW)
    whole = not any(name.startswith("truncated-") for name, _ in letter.headers)
    return from_raw and whole and (not reasons or _header(letter, "reason") in reasons)


def _header(letter: Any, name: str) -> str:
    return next((value.decode() for key, value in letter.headers if key == name and value is not None), "")
