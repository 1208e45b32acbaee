"""`stream-app evaluate`: accuracy against gold."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

import orjson
from rich.table import Table

from stream_app.cli import WRONG_USE, CommandError, common, progress, render
from stream_app.core.dedup.signature import sign
from stream_app.core.evaluation import casualties, duplicates, incidents, places
from stream_app.core.evaluation.measures import Row
from stream_app.core.poison import PoisonError

EXAMPLE = """example:
  stream-app evaluate casualties --gold sentences.jsonl
  stream-app evaluate places --gold a.jsonl b.jsonl --outlet-prior false
  stream-app evaluate duplicates --gold articles.jsonl --pairs pairs.jsonl
  stream-app evaluate incidents --gold articles.jsonl --json

Gold rows are articles (id, text, ...) with what they should come out as; docs/evaluation.md has the formats.
"""
FORMATS = "docs/evaluation.md has the formats"


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "evaluate",
        help="accuracy against gold",
        description="Run the pipeline over gold articles and print how well it does, as a table or as JSON.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=sorted(QUESTIONS))
    parser.add_argument("--gold", required=True, nargs="+", metavar="PATH", help="JSONL with gold")
    parser.add_argument("--pairs", metavar="PATH", help="labelled pairs, for duplicates")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    common.add_quiet_option(parser)
    common.add_tagging_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print the figures of the question."""
    gold = [row for path in args.gold for row in _rows(path, ("id", "text", *_fields(args)))]
    if not gold:
        raise CommandError(f"no gold rows in {', '.join(args.gold)}", WRONG_USE)
    try:
        figures = QUESTIONS[args.what](gold, args)
    except (KeyError, TypeError, AttributeError) as error:
        missing = f"{error} is missing" if isinstance(error, KeyError) else "a field is of another type"
        raise CommandError(f"gold is not of the form that {args.what} has: {missing}; {FORMATS}", WRONG_USE) from error
    if args.json:
        print(orjson.dumps(figures).decode())
    else:
        _print(args.what, figures)
    return 0


def _fields(args: argparse.Namespace) -> tuple[str, ...]:
    """What gold of this question has beside the article; "a/b" is one of both."""
    if args.pairs:
        return ()
    return {
        "casualties": ("mentions/gold",),
        "places": ("toponyms",),
        "duplicates": ("cluster", "type"),
        "incidents": ("incident", "gold"),
    }[str(args.what)]


def _rows(path: str, fields: Sequence[str]) -> list[Any]:
    """The rows of a JSONL file, each with these fields."""
    rows = []
    for number, line in enumerate(Path(path).read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise CommandError(f"{path}:{number}: not JSON: {error}", WRONG_USE) from None
        if not isinstance(row, dict):
            raise CommandError(f"{path}:{number}: not an object; {FORMATS}", WRONG_USE)
        missing = [field for field in fields if not any(name in row for name in field.split("/"))]
        if missing:
            named = ", ".join(field.replace("/", " or ") for field in missing)
            raise CommandError(f"{path}:{number}: gold lacks {named}; {FORMATS}", WRONG_USE)
        rows.append(row)
    return rows


def _tagged(gold: Sequence[Row], args: argparse.Namespace) -> dict[str, Row]:
    """The enriched event of each gold article."""
    from stream_app.core.tagging import tag  # noqa: PLC0415
    from stream_app.hops import build_tag  # noqa: PLC0415  # loads the taggers

    hop = build_tag(common.settings_of(args))
    events = {}
    for article in progress.track(_articles(gold), "tagged", len(gold), quiet=args.quiet):
        events[article.id] = render.plain(hop.enriched(article, hop.alone(article), tag(article, hop.taggers)))
    return events


def _articles(gold: Sequence[Row]) -> Iterator[Any]:
    from stream_app.core.wire import Limits, decode_article  # noqa: PLC0415

    for row in gold:
        try:
            yield decode_article(orjson.dumps(row), Limits(100_000_000))
        except PoisonError as error:
            raise CommandError(f"gold row {row['id']!r} is no article: {error}", WRONG_USE) from None


def _casualties(gold: Sequence[Row], args: argparse.Namespace) -> dict[str, Any]:
    return casualties.evaluate(gold, _tagged(gold, args))


def _places(gold: Sequence[Row], args: argparse.Namespace) -> dict[str, Any]:
    return places.evaluate(gold, _tagged(gold, args))


def _duplicates(gold: Sequence[Row], args: argparse.Namespace) -> dict[str, Any]:
    from stream_app.core.flow.pipeline import Match  # noqa: PLC0415
    from stream_app.core.flow.stream import Clock  # noqa: PLC0415
    from stream_app.sources import load_sources  # noqa: PLC0415

    settings = common.settings_of(args)
    matcher = Match(settings.window_h * 3600, settings.max_resident, load_sources(settings)).new_state()
    verdicts = {}
    articles = progress.track(_articles(gold), "judged", len(gold), quiet=args.quiet)
    for article, received_ms in Clock().stamped(articles, attrgetter("published_at")):
        verdicts[article.id] = render.plain(matcher.judge(article, sign(article), received_ms / 1000).duplicate)
    copies = duplicates.copies_in(verdicts)
    compared = {*copies, *copies.values()}
    tagged = _tagged([row for row in gold if row["id"] in compared], args)
    found = (
        duplicates.evaluate_pairs(_rows(args.pairs, ("a", "b", "label", "weight")), verdicts)
        if args.pairs
        else duplicates.evaluate_clusters(gold, verdicts)
    )
    return {**found, "figures_of_copies": duplicates.evaluate_copies(tagged, verdicts)}


def _incidents(gold: Sequence[Row], args: argparse.Namespace) -> dict[str, Any]:
    from stream_app.core.flow.stream import Clock, Flow  # noqa: PLC0415
    from stream_app.core.hops import DUPLICATES, REPORTS, Output, Record  # noqa: PLC0415
    from stream_app.core.incidents.history import History  # noqa: PLC0415
    from stream_app.hops import build_hops  # noqa: PLC0415

    settings = common.settings_of(args, hops="read,match,tag")
    flow, history = Flow(build_hops(settings)), History(settings.incident_window_h * 3600)
    rows = progress.track(gold, "articles", len(gold), quiet=args.quiet)
    copies = {}
    for row, received_ms in Clock().stamped(rows, lambda row: row.get("published_at")):
        for output in flow.feed(Record(None, orjson.dumps(row), received_ms)):
            if not isinstance(output, Output) or output.value is None:
                continue
            if output.topic == REPORTS:
                history.count(orjson.loads(output.value), received_ms / 1000)
            elif output.topic == DUPLICATES:
                copies[row["id"]] = orjson.loads(output.value)["of"]
    told = [(report, history.belongs[id_]) for id_, report in history.reports.items() if report.own]
    return incidents.evaluate(gold, list(history.tolls.values()), told, settings.incident_window_h * 3600, copies)


QUESTIONS = {"casualties": _casualties, "places": _places, "duplicates": _duplicates, "incidents": _incidents}


def _print(what: str, figures: Mapping[str, Any]) -> None:
    table = Table("figure", "value", title=what, title_justify="left")
    for name, value in _flat(figures):
        table.add_row(name, str(value))
    render.console().print(table)


def _flat(figures: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in figures.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name} ")
        elif isinstance(value, list):
            yield from ((prefix + name, one) for one in value or ["none"])
        else:
            yield prefix + name, value
