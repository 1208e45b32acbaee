"""`stream-app dedup`: find copies without a broker."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stream_app import collector
from stream_app.cli import common, progress
from stream_app.cli.resume import Journal
from stream_app.core.dedup.signature import sign
from stream_app.core.events import Article, Duplicate
from stream_app.core.flow.pipeline import Match
from stream_app.core.flow.stream import Clock
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
    match = Match(settings.window_h * 3600, settings.max_resident, load_sources(settings), once=True)
    aside = common.SetAside()
    reading = common.reading_of(args)
    with TemporaryDirectory(prefix="stream-app-") as folder, common.output(args.output) as file:
        judge = _Judge(match, Journal(Path(folder) / "rows"))
        verdicts = common.each_article(reading, settings, match.name, judge, aside, judge.mend)
        for article_id, duplicate in progress.track(verdicts, "judged", read=reading, quiet=common.unseen(args)):
            common.write_line(file, _line(article_id, duplicate, why=args.why))
    return aside.tell(reading.refused)


class _Judge:
    """Judges articles one after the other; keeps a journal of its rows, to begin again where it failed half-way."""

    def __init__(self, match: Match, journal: Journal) -> None:
        self._match, self._journal = match, journal
        self._matcher = match.new_state()
        self._clock = Clock()

    def __call__(self, article: Article) -> tuple[str, Duplicate]:
        clock = replace(self._clock)
        received_s = clock.received_ms(article.published_at) / 1000
        judgement = self._matcher.judge(article, sign(article), received_s)
        self._journal.add([(key.encode(), row) for key, row in judgement.rows])
        self._clock = clock
        return article.id, judgement.duplicate

    def mend(self, _: Exception) -> None:
        """Make the matcher anew, as it was after the last article that went well."""
        self._matcher = self._match.new_state()
        self._journal.restore(self._matcher)


def _line(article_id: str, duplicate: Duplicate, *, why: bool) -> dict[str, Any]:
    line = {
        "id": article_id,
        "verdict": duplicate.verdict,
        "of": duplicate.of,
        "cluster_id": duplicate.cluster_id,
        "similarity": duplicate.similarity,
    }
    return {**line, "why": duplicate.why, "changes": duplicate.changes} if why else line
