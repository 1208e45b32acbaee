"""`stream-app explain-incident`: why its reports are one incident, and why its toll stands."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from operator import itemgetter
from typing import Any

import orjson

from stream_app.cli import FAILED, CommandError, common, progress
from stream_app.core.flow.stream import Clock
from stream_app.core.incidents.explain import Weighed
from stream_app.core.incidents.history import History
from stream_app.core.incidents.ledger import in_words
from stream_app.core.incidents.rebuilt import reports_of_event
from stream_app.core.incidents.report import Report
from stream_app.core.language.printable import escaped, escaped_json
from stream_app.core.wire.times import rfc3339
from stream_app.intake.reading import Reading

EXAMPLE = """example:
  stream-app batch --input archive/ --output out/
  stream-app explain-incident --events out/articles.enriched.jsonl --article a-17
  stream-app explain-incident --events out/articles.enriched.jsonl --incident inc-93b1f0 --json

Events are enriched events as `tag`, `batch` or `tail --json` write them, in the order of the stream; they are counted
again. For each report of the incident: what it was weighed against when it came, or when it moved last, with each piece
of evidence and its weight; then how the toll came to stand. An incident is named by its id, or by one of its articles.
"""


@dataclass(slots=True)
class Account:
    """What is told of one incident: its reports with what each was weighed against, its last toll, and its ledger."""

    incident_id: str
    reports: dict[str, tuple[Report, list[Weighed]]] = field(default_factory=dict)
    toll: Mapping[str, Any] | None = None
    ledger: Sequence[Mapping[str, Any]] = ()


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "explain-incident",
        help="why its reports are one incident, and why its toll stands",
        description="Count recorded enriched events again and tell, of one incident, why each report belongs to it.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--events", required=True, metavar="PATH", help="enriched events, JSONL")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--incident", metavar="ID", help="its id, as on incidents.tolls")
    which.add_argument("--article", metavar="ID", help="an article that tells of it")
    parser.add_argument("--json", action="store_true", help="one JSON object an incident")
    common.add_quiet_option(parser)
    common.add_tagging_options(parser)


def run(args: argparse.Namespace) -> int:
    """Tell of each incident that is asked for; 1 when there is none."""
    window_s = common.settings_of(args).incident_window_h * 3600
    reading = common.reading_of_paths([args.events])
    records = list(progress.track(_reports(reading), "counted", read=reading, quiet=args.quiet))
    accounts = accounts_of(records, window_s, incident=args.incident, article=args.article)
    if not accounts:
        raise CommandError(f"{args.events}: no incident {args.incident or f'of an article {args.article}'}", FAILED)
    for account in accounts:
        print(escaped_json(orjson.dumps(_plain(account)).decode()) if args.json else _told(account))
    return 0


Received = tuple[dict[str, Any], float]


def _reports(reading: Reading) -> Iterator[Received]:
    """The reports of the events, each with the time at which it counts as received."""
    from stream_app.core.languages.readers import incident_wordings  # noqa: PLC0415  # loads the words

    wordings = incident_wordings()
    for event, received_ms in Clock().stamped(common.events_of(reading), itemgetter("published_at")):
        for report in reports_of_event(event, rfc3339(received_ms / 1000), wordings):
            yield report, received_ms / 1000


def accounts_of(
    records: Sequence[Received], window_s: float, *, incident: str | None, article: str | None
) -> list[Account]:
    """What is to be told of the incidents that are named by id or by article, in the order of their first reports.

    The stream is counted twice: where a report ends is known behind the last one, why it went there when it comes.
    """
    whole, again = History(window_s), History(window_s)
    for record, received_s in records:
        whole.count(record, received_s)
    wanted = [id_ for id_, report in whole.reports.items() if article in (None, report.article_id)]
    accounts = {whole.belongs[id_]: Account(whole.belongs[id_]) for id_ in wanted}
    if incident is not None:
        accounts = {name: account for name, account in accounts.items() if name == incident}
    for record, received_s in records:
        for report_id, member in again.count(record, received_s).members:
            name = whole.belongs.get(report_id)
            if member is not None and name in accounts and member["incident_id"] == name:
                accounts[name].reports[report_id] = again.reports[report_id], again.counter.weighed(report_id)
    for name, account in accounts.items():
        account.toll, account.ledger = whole.tolls.get(name), whole.ledger.get(name, ())
    return list(accounts.values())


def _told(account: Account) -> str:
    lines = [f"{account.incident_id}: {len(account.reports)} reports"]
    for report, weighed in account.reports.values():
        lines.append(f"\n{report.article_id}{f' ({report.outlet})' if report.outlet else ''}")
        lines += [f"  {one.words}" for one in weighed] or ["  founded it: nothing before it shared enough with it"]
    if account.toll is None:
        lines.append("\nno toll: nobody counts victims")
    else:
        lines.append("\ntoll")
        lines += [f"  {_standing(kind, entry)}" for kind, entry in account.toll["toll"].items()]
        lines += [f"  against it: {_rival(conflict)}" for conflict in account.toll["conflicts"]]
        lines += [
            "\nhow it came to stand",
            *(f"  {line['when']} {line['why']}: {line['text']}" for line in account.ledger),
        ]
    return "\n".join(map(escaped, "\n".join(lines).split("\n")))


def _standing(kind: str, entry: Mapping[str, Any]) -> str:
    contested = ", contested" if entry["contested"] else ""
    told = ", ".join(entry["sources"]) or ", ".join(entry["articles"])
    return (
        f"{in_words(entry)} {kind}, grade {entry['grade']}{contested}: {entry['origins']} independent, told by {told}"
    )


def _rival(conflict: Mapping[str, Any]) -> str:
    who = conflict["source"] or conflict["article_id"]
    return f"{in_words(conflict)} {conflict['kind']}, grade {conflict['grade']}, told by {who}"


def _plain(account: Account) -> dict[str, Any]:
    reports = [
        {
            "report_id": id_,
            "article_id": report.article_id,
            "outlet": report.outlet,
            "weighed": [asdict(one) for one in weighed],
        }
        for id_, (report, weighed) in account.reports.items()
    ]
    return {
        "incident_id": account.incident_id, "reports": reports, "toll": account.toll, "ledger": account.ledger,
    }  # fmt: skip
