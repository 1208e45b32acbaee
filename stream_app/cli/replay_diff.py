"""`stream-app replay-diff`: what changes in recorded events when rules, gazetteer or convention change."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import orjson

from stream_app.cli import common, progress, render
from stream_app.core.evaluation.replay import Event, FigureChange, Summary, tally
from stream_app.core.language.printable import escaped, escaped_json
from stream_app.intake.reading import Reading

EXAMPLE = """example:
  stream-app replay-diff --events out/articles.enriched.jsonl --convention acled
  stream-app replay-diff --events before.jsonl --against after.jsonl --json

Events are enriched events as `tag`, `batch` or `tail --json` write them. Without --against, their articles are tagged
again under the present rules and the options given.
"""


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "replay-diff",
        help="what changes in recorded events under other rules",
        description="Compare recorded enriched events with the same articles tagged again, figure by figure.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--events", required=True, metavar="PATH", help="enriched events, JSONL")
    parser.add_argument("--against", metavar="PATH", help="other enriched events to compare with, by article id")
    parser.add_argument("--json", action="store_true", help="one JSON object a change, then one for the summary")
    common.add_quiet_option(parser)
    common.add_tagging_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print every change, then how many by rule."""
    reading = common.reading_of_paths([args.events])
    pairs = _recorded(args, reading) if args.against else _tagged_again(args, reading)
    summary = Summary()
    for change in tally(progress.track(pairs, "compared", read=reading, quiet=args.quiet), summary):
        print(escaped_json(orjson.dumps(asdict(change)).decode()) if args.json else escaped(_line(change)))
    _summarise(summary, as_json=args.json)
    return 0


def _recorded(args: argparse.Namespace, reading: Reading) -> Iterator[tuple[Event, Event]]:
    after = {event["article_id"]: event for event in common.events_of(common.reading_of_paths([args.against]))}
    for event in common.events_of(reading):
        if event["article_id"] in after:
            yield event, after[event["article_id"]]


def _tagged_again(args: argparse.Namespace, reading: Reading) -> Iterator[tuple[Event, Event]]:
    from stream_app.core.events import Article  # noqa: PLC0415
    from stream_app.core.tagging import tag  # noqa: PLC0415
    from stream_app.hops import build_tag  # noqa: PLC0415  # loads the taggers

    hop = build_tag(common.settings_of(args))
    for event in common.events_of(reading):
        names = ("text", "title", "url", "source", "published_at", "language", "metadata")
        article = Article(id=event["article_id"], **{name: event[name] for name in names})
        enriched = hop.enriched(article, event["duplicate"], tag(article, hop.taggers), event.get("withdrawn"))
        yield event, render.plain(enriched)


def _line(change: FigureChange) -> str:
    old = "-" if change.old is None else render.bounds(change.old)
    new = "-" if change.new is None else render.bounds(change.new)
    return f"{change.change:8} {change.article_id}  {change.kind} {old} -> {new}  {change.text!r}  [rule {change.rule}]"


def _summarise(summary: Summary, *, as_json: bool) -> None:
    by_rule = {f"{change} by {rule}": count for (change, rule), count in summary.figures.most_common()}
    heads = {
        "articles": summary.articles,
        "articles changed": summary.articles_changed,
        "tolls changed": summary.tolls_changed,
        "places changed": summary.places_changed,
    }
    if as_json:
        print(orjson.dumps({"summary": {**heads, "figures": by_rule}}).decode())
        return
    for name, count in {**heads, **by_rule}.items():
        print(f"{count:8}  {name}")
