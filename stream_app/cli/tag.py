"""`stream-app tag`: enrich articles without a broker."""

from __future__ import annotations

import argparse
from typing import Any

from stream_app.cli import common, progress, render
from stream_app.core.events import Article
from stream_app.core.tagging import tag

EXAMPLE = """example:
  stream-app tag --input articles.jsonl --output enriched.jsonl
  stream-app tag story.txt page.html --explain
  stream-app tag news.csv --map text=body,title=headline > enriched.jsonl
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "tag",
        help="enrich articles without a broker",
        description="Articles in (JSON, CSV, HTML, RSS, WARC, text), enriched events out (JSONL), in the same order.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_file_options(parser)
    parser.add_argument("--explain", action="store_true", help="show figures, rules and rejected candidates in colour")
    common.add_tagging_options(parser)


def run(args: argparse.Namespace) -> int:
    """Tag; what cannot be is named on stderr, the rest is done. 1 when the fault was ours, for any."""
    from stream_app.hops import build_tag  # noqa: PLC0415  # loads the taggers

    settings = common.settings_of(args)
    hop = build_tag(settings)
    aside = common.SetAside()

    def tagged(article: Article) -> dict[str, Any]:
        return hop.enriched(article, hop.alone(article), tag(article, hop.taggers))

    reading = common.reading_of(args)
    events = common.each_article(reading, settings, "tag", tagged, aside)
    with common.output(args.output) as file:
        for event in progress.track(events, "tagged", read=reading, quiet=common.unseen(args)):
            if args.explain:
                render.explain(event)
            if not (args.explain and args.output == "-"):
                common.write_line(file, event)
    return aside.tell(reading.refused)
