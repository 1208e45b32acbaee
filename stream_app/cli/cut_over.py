"""`stream-app cut-over`: let the incidents of version 0.1 go on in this one, nothing counted twice."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson

from stream_app.cli import common
from stream_app.core.hops import ENRICHED, REPORTS, TOLLS
from stream_app.settings import Settings

EXAMPLE = """example:
  stream-app topics --create       # incidents.reports and incidents.members
  stream-app cut-over              # dry run: how many reports and tolls
  stream-app cut-over --yes        # after the workers of 0.1 have stopped, before those of this version start

Version 0.1 counted the figures of casualties.figures; this one counts the reports of incidents.reports. Every enriched
event of the incident window is sent again as its reports, and each toll that 0.1 left standing gets a tombstone
(header tombstone: withdrawn); the count hop tells them anew. Sent twice, nothing is counted twice.
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "cut-over",
        help="take the open incidents of version 0.1 over",
        description="Send reports for the enriched events that are there, and withdraw the tolls of version 0.1.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_broker_options(parser)
    parser.add_argument("--yes", action="store_true", help="really send")


def run(args: argparse.Namespace) -> int:
    """Dry run or send."""
    return asyncio.run(_run(common.settings_of(args), really=args.yes))


async def _run(settings: Settings, *, really: bool) -> int:
    from stream_app.core.incidents.rebuilt import superseded  # noqa: PLC0415
    from stream_app.service.producer import Sender, read_all  # noqa: PLC0415  # needs aiokafka

    reports = _reports(await read_all(settings, ENRICHED), settings.incident_window_h)
    old = superseded(
        (toll.key.decode(), toll.value and orjson.loads(toll.value)) for toll in await read_all(settings, TOLLS)
    )
    print(f"{len(reports):8}  reports for {settings.topic(REPORTS)}")
    print(f"{len(old):8}  tolls of version 0.1 to withdraw from {settings.topic(TOLLS)}")
    if not really:
        print("dry run: stop the workers of version 0.1, then add --yes")
        return 0
    async with Sender(settings) as sender:
        for incident_id in old:
            await sender.send(TOLLS, incident_id.encode(), None, [("tombstone", b"withdrawn")])
        for report in reports:
            await sender.send(REPORTS, report["article_id"].encode(), orjson.dumps(report))
    print("done: start the workers of this version")
    return 0


def _reports(events: Iterable[Any], window_h: float) -> list[dict[str, Any]]:
    """The reports of the enriched events within the window before the newest, in the order of their timestamps."""
    from stream_app.core.incidents.rebuilt import reports_of_event  # noqa: PLC0415
    from stream_app.core.languages.readers import incident_wordings  # noqa: PLC0415

    wordings = incident_wordings()
    timed = sorted((_told_ms(event), event.partition, event.offset, event.value) for event in events)
    newest_ms = max((told_ms for told_ms, *_ in timed), default=0)
    recent = [(told_ms, value) for told_ms, *_, value in timed if told_ms >= newest_ms - window_h * 3_600_000]
    return [
        report
        for told_ms, value in recent
        for report in reports_of_event(orjson.loads(value), _rfc3339(told_ms), wordings)
    ]


def _told_ms(event: Any) -> int:
    """The raw article's timestamp: handed on in a header, or the record's own on topics of 0.1."""
    from stream_app.service.headers import timestamp_ms  # noqa: PLC0415

    handed_on = timestamp_ms(event.headers)
    return int(event.timestamp) if handed_on is None else handed_on


def _rfc3339(timestamp_ms: int) -> str:
    return datetime.fromtimestamp(timestamp_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
