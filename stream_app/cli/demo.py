"""`stream-app demo`: the main job on an embedded broker, start to end."""

from __future__ import annotations

import argparse
import asyncio
import signal
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.rule import Rule

from stream_app.cli import CommandError, child, common, render
from stream_app.core.hops import DEAD_LETTER, DUPLICATES, ENRICHED, REPORTS, REVISIONS, TOLLS
from stream_app.intake.reading import Reading
from stream_app.settings import Settings

EXAMPLE = """example:
  stream-app demo
  stream-app demo --keep          # stay up: the page, and a broker to publish your own articles to
"""
SEEDS = next(filter(Path.is_dir, (parent / "seeds" for parent in Path(__file__).parents[1:])), Path("seeds"))
TIMEOUT_S = 60.0
FIXED = {
    "profile": "embedded", "prefix": "", "partitions": "1", "signed_partitions": "1", "standby_replicas": "0",
    "max_article_bytes": "20000", "web_host": "127.0.0.1", "serve_host": "127.0.0.1",
}  # fmt: skip


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "demo",
        help="the main job on an embedded broker, start to end",
        description="Start a broker in memory, publish the seeds, run a worker, show what comes out, and end.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--keep", action="store_true", help="stay up with the page until Ctrl-C")
    common.add_quiet_option(parser)
    parser.add_argument("--seeds", metavar="DIR", default=str(SEEDS), help="another folder of articles")


def run(args: argparse.Namespace) -> int:
    """Run the demo; 0 when every seed came out."""
    from stream_app.service.embedded import EmbeddedBroker, free_port  # noqa: PLC0415

    signal.signal(signal.SIGTERM, child.as_interrupt)
    out = render.console()
    started = time.monotonic()
    seeds = _seed_paths(Path(args.seeds))
    with EmbeddedBroker() as broker, tempfile.TemporaryDirectory() as folder:
        fixed = {
            **FIXED, "brokers": broker.address, "web_port": str(free_port()), "serve_port": str(free_port()),
            "store": f"sqlite:///{Path(folder) / 'store.db'}",
        }  # fmt: skip
        settings = common.settings_of(args, **fixed)
        out.print(f"embedded broker on {broker.address}")
        with ExitStack() as stack:
            children = [
                stack.enter_context(child.running(command, settings, fixed, Path(folder) / f"{command}.log"))
                for command in ("worker", *(("serve",) if _has_page() else ()))
            ]
            asyncio.run(_main_job(out, settings, children[0], seeds, quiet=args.quiet))
            out.print(f"done in {time.monotonic() - started:.1f} s")
            for page in children[1:]:
                page.wait_for(f"http://127.0.0.1:{settings.serve_port}/")
            out.print(_where_to_look(settings, keep=args.keep))
            if args.keep:
                _keep(out, settings, children)
    return 0


def _has_page() -> bool:
    return child.PAGE.is_file() and child.can_serve()


def _where_to_look(settings: Settings, *, keep: bool) -> str:
    if not child.can_serve():
        return "no page: its packages are not installed (pip install 'stream-app[serve]')"
    if not _has_page():
        return f"no page: {child.NO_PAGE}"
    page = f"page: http://127.0.0.1:{settings.serve_port}/"
    return page if keep else f"{page} answered; it ends with the demo (stay with it: stream-app demo --keep)"


def _seed_paths(folder: Path) -> list[str]:
    """What to publish: the stream and the bad files; founding.txt is in the stream already."""
    if not folder.is_dir():
        raise CommandError(f"{folder}: no such folder; name one with articles: --seeds DIR", 2)
    return [str(path) for path in sorted(folder.iterdir()) if path.suffix == ".jsonl" or path.is_dir()]


async def _main_job(out: Console, settings: Settings, worker: child.Child, seeds: list[str], *, quiet: bool) -> None:
    from stream_app.cli.publish import publish  # noqa: PLC0415
    from stream_app.service import topics  # noqa: PLC0415

    await topics.ensure(settings)
    sent, _ = await publish(settings, Reading(seeds), quiet=quiet)
    out.print(f"published {sent} records to {settings.topic('articles.raw')}")
    published = await _until_done(settings, worker, sent)
    show(out, published)


async def _until_done(settings: Settings, worker: child.Child, sent: int) -> dict[str, list[Any]]:
    """Wait until every record has its outcome and every report is counted; the records of each topic.

    Raises:
        CommandError: the worker ended, or a minute has passed.
    """
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        worker.check()
        published = await _published(settings)
        outcomes = sum(len(published[topic]) for topic in (ENRICHED, DUPLICATES, DEAD_LETTER))
        if outcomes >= sent and _counted(settings) >= len(published[REPORTS]):
            return await _published(settings)
        await asyncio.sleep(0.3)
    raise CommandError(f"not done after {TIMEOUT_S:.0f} s: {worker.last_lines()}")


async def _published(settings: Settings) -> dict[str, list[Any]]:
    from stream_app.service.producer import read_all  # noqa: PLC0415

    topics = (ENRICHED, DUPLICATES, REPORTS, TOLLS, REVISIONS, DEAD_LETTER)
    found: dict[str, list[Any]] = {topic: [] for topic in topics}
    for record in await read_all(settings, *topics):
        found[record.topic.removeprefix(settings.prefix)].append(record)
    return found


def _counted(settings: Settings) -> float:
    """How many reports the worker's `count` hop has handled, as its metrics say."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.web_port}/metrics", timeout=2) as answer:
            lines = answer.read().decode().splitlines()
    except OSError:
        return 0.0
    wanted = 'stream_app_records_total{hop="count"} '
    return next((float(line.removeprefix(wanted)) for line in lines if line.startswith(wanted)), 0.0)


def show(out: Console, published: dict[str, list[Any]]) -> None:
    """Print what came out: enriched events, copies with why, standing tolls, their revisions, dead letters."""
    _section(out, "Enriched events", published[ENRICHED], lambda record: render.enriched(out, _value(record)))
    _section(out, "Copies, and why", published[DUPLICATES], lambda record: render.duplicate(out, _value(record)))
    standing = {record.key: record for record in published[TOLLS]}
    alive = [record for record in standing.values() if record.value is not None]
    _section(out, "Tolls as they stand", alive, lambda record: render.standing_toll(out, _value(record)))
    _section(out, "Revisions of tolls", published[REVISIONS], lambda record: render.revision(out, _value(record)))
    _section(out, "Dead letters", published[DEAD_LETTER], lambda record: _dead_letter(out, record))


def _section(out: Console, title: str, records: list[Any], print_one: Any) -> None:
    out.print()
    out.print(Rule(f"{title} ({len(records)})", align="left", characters="-"))
    for record in records:
        print_one(record)


def _value(record: Any) -> Any:
    return render.seen(orjson.loads(record.value))


def _dead_letter(out: Console, record: Any) -> None:
    render.dead_letter(out, record.value, render.seen(render.headers_of(record)))


def _keep(out: Console, settings: Settings, children: Sequence[child.Child]) -> None:
    """Stay up until Ctrl-C or the end of the worker or the page."""
    brokers = ",".join(settings.brokers)
    out.print(f"publish your own: stream-app publish --brokers {brokers} FILE...  (Ctrl-C ends it)")
    while True:
        for one in children:
            one.check()
        time.sleep(0.5)
