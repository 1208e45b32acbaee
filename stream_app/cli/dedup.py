"""`stream-app dedup`: find copies without a broker."""

from __future__ import annotations

import argparse
from typing import Any

from stream_app import collector
from stream_app.cli import common, progress
from stream_app.core.dedup.matcher import Considered
from stream_app.core.dedup.signature import sign
from stream_app.core.events import Article
from stream_app.core.pipeline import Match
from stream_app.core.stream import Clock
from stream_app.sources import load_sources

EXAMPLE = """example:
  stream-app dedup articles.jsonl --output verdicts.jsonl
  stream-app dedup archive/ feed.xml --why
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "dedup",
        help="find copies without a broker",
        description="Articles in stream order; one verdict a line: unique, exact, near or revision, and of which.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_file_options(parser)
    parser.add_argument("--why", action="store_true", help="also say why, and what a revision changes")


def run(args: argparse.Namespace) -> int:
    """Judge; what cannot be is named on stderr, the rest is done. 1 when the fault was ours, for any."""
    settings = common.settings_of(args)
    collector.look_rarely()
    matcher = Match(settings.window_h * 3600, settings.max_resident, load_sources(settings)).new_state()
    clock = Clock()
    aside = common.SetAside()

    def considered(article: Article) -> tuple[str, Considered]:
        received_s = clock.received_ms(article.published_at) / 1000
        return article.id, matcher.consider(article, sign(article), received_s)

    reading = common.reading_of(args)
    verdicts = common.each_article(reading, settings, "match", considered, aside)
    with common.output(args.output) as file:
        for article_id, verdict in progress.track(verdicts, "judged", read=reading, quiet=common.unseen(args)):
            matcher.remember(verdict)
            common.write_line(file, _line(article_id, verdict.duplicate, why=args.why))
    return aside.tell(reading.refused)


def _line(article_id: str, duplicate: Any, *, why: bool) -> dict[str, Any]:
    line = {
        "id": article_id,
        "verdict": duplicate.verdict,
        "of": duplicate.of,
        "cluster_id": duplicate.cluster_id,
        "similarity": duplicate.similarity,
    }
    return {**line, "why": duplicate.why, "changes": duplicate.changes} if why else line
