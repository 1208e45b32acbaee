"""`stream-app tail`: follow a topic, readable."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from stream_app.cli import brokers, common, render

EXAMPLE = """example:
  stream-app tail articles.enriched --from-beginning
  stream-app tail incidents.revisions                    # a ledger of every change of a toll
  stream-app tail articles.dead-letter --from-beginning --until-end --json
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "tail",
        help="follow a topic, readable",
        description="Print the records of a topic as they come, spans coloured in the text.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("topic", help="its name without the prefix, e.g. articles.enriched")
    common.add_broker_options(parser)
    parser.add_argument("--from-beginning", action="store_true", help="start with what is there")
    parser.add_argument("--until-end", action="store_true", help="stop at what is there now")
    parser.add_argument("--max", type=int, metavar="N", help="stop after so many records")
    parser.add_argument("--json", action="store_true", help="one JSON object a record, headers included")


def run(args: argparse.Namespace) -> int:
    """Print until stopped."""
    asyncio.run(_run(args))
    return 0


async def _run(args: argparse.Namespace) -> None:
    from stream_app.service.producer import follow  # noqa: PLC0415  # needs aiokafka

    settings = await brokers.settings_for(args, [args.topic])
    shown = 0
    from_beginning = args.from_beginning or args.until_end
    async for record in follow(settings, [args.topic], from_beginning=from_beginning, until_end=args.until_end):
        render.record(args.topic, record, as_json=args.json)
        shown += 1
        if args.max and shown >= args.max:
            return
