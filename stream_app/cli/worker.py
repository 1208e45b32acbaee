"""`stream-app worker`: the service against a real cluster."""

from __future__ import annotations

import argparse
import logging
from typing import Any

from stream_app import collector
from stream_app.cli import CommandError, brokers, common
from stream_app.settings import HOPS, Settings

EXAMPLE = """example:
  STREAM_APP_BROKERS=kafka-1:9092,kafka-2:9092 stream-app worker
  stream-app worker --hops read,tag          # a group of its own: only workers with the same hops share the work

All settings are in docs/settings.md. SIGTERM drains, commits and exits 0; a fault exits 1 with its offsets uncommitted.
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "worker",
        help="the service against a real cluster",
        description="Run the hops until SIGTERM. Settings come from the environment (STREAM_APP_*).",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_broker_options(parser)
    common.add_tagging_options(parser)
    parser.add_argument("--hops", metavar="LIST", help=f"which of {','.join(HOPS)} (default: all)")
    parser.add_argument("--web-port", metavar="PORT", help="overrides STREAM_APP_WEB_PORT")
    parser.add_argument("--no-create", action="store_true", help="check the topics, but never create one")


def run(args: argparse.Namespace) -> int:
    """Run until stopped; 0 after SIGTERM, 1 after a fault."""
    common.loop_runner()(_serve(args))
    return 0


async def _serve(args: argparse.Namespace) -> None:
    from stream_app.app import build_app  # noqa: PLC0415  # needs the event loop's policy
    from stream_app.service import changelogs, logs, registry, rights, topics, worker  # noqa: PLC0415

    settings = await brokers.settings_for(args)
    limit = logs.configure(settings)
    await rights.check(settings)
    if not args.no_create:
        await topics.ensure(settings)
    else:
        states = await topics.inspect(settings)
        topics.check(states)
        missing = [state.name for state in states if state.found is None]
        if missing:
            raise CommandError(f"missing topics: {', '.join(missing)}; run: stream-app topics --create")
    service = build_app(settings, await changelogs.check(settings), await registry.frames(settings))
    collector.look_rarely()
    service.metrics.before_exposition(lambda: service.metrics.set("log_lines_suppressed", limit.suppressed_total))
    try:
        await worker.run(service.app, service.metrics, settings, _announce(settings))
    finally:
        if service.tracing is not None:
            service.tracing.stop()


def _announce(settings: Settings) -> Any:
    def announce(port: int) -> None:
        logging.getLogger(__name__).info(
            "hops %s of group %s; pages on http://%s:%d/ready", ",".join(settings.hops), settings.group,
            settings.web_host, port,
        )  # fmt: skip

    return announce
