"""`stream-app batch`: the whole pipeline without a broker."""

from __future__ import annotations

import argparse
import base64
import dataclasses
import os
import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

import orjson

from stream_app import __version__, collector
from stream_app.cli import FAILED, WRONG_USE, CommandError, common, parallel, progress
from stream_app.cli.resume import Journaled, Run
from stream_app.core.flow.stream import Clock, DeadLetter, topic_of
from stream_app.core.hops import DEAD_LETTER as DEAD
from stream_app.core.hops import DUPLICATES, ENRICHED, FIGURES, MEMBERS, REVISIONS, TOLLS, Hop, Output
from stream_app.core.wire import digest
from stream_app.intake.raw import Raw
from stream_app.intake.reading import Reading
from stream_app.settings import Settings

EXAMPLE = """example:
  stream-app batch --input archive/ --output out/

The output folder holds one JSONL per topic. An incident that was merged or withdrawn gets a line
{"incident_id", "deleted": true, "ended", "merged_into"}; one that only expired keeps its last toll, with a tombstone on
the topic alone. A dead letter is a line {"key", "value" or "value_base64", "reason", "message", "hop"}. One with the
reason internal_error, and a "trace", is a fault of ours: it is named on stderr, the rest is processed, and the command
ends with 1.
A run that was killed goes on from its last checkpoint when it is started again in the same words. A folder that holds a
finished run, one of other input, or files of somebody else is refused without --fresh.
"""
SMALL = 500  # articles: fewer are done before other processes have started
STATEFUL = ("match", "count")
PUBLISHED = (ENRICHED, DUPLICATES, FIGURES, TOLLS, MEMBERS, REVISIONS, DEAD)


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "batch",
        help="the whole pipeline without a broker",
        description="Articles in, one JSONL per output topic out: the records that the service would publish.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    common.add_input_options(parser)
    parser.add_argument("--output", required=True, metavar="DIR", help="made when it is missing")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes (default: cores)")
    parser.add_argument(
        "--checkpoint", type=int, default=2000, metavar="N", help="articles between two (default: 2000)"
    )
    parser.add_argument("--fresh", action="store_true", help="begin anew, whatever the folder holds")
    common.add_tagging_options(parser)


def run(args: argparse.Namespace) -> int:
    """Run the flow. Dead letters are output like any other; only those that we failed on make it end with 1."""
    if args.output == "-":
        raise CommandError(
            "batch writes a folder with a file a topic, not stdout: name one with --output DIR", WRONG_USE
        )
    settings = common.settings_of(args, hops="read,match,tag,count")
    reading = common.reading_of(args)
    origins: deque[str] = deque()
    values = _noting(reading, origins)
    head = list(islice(values, SMALL))
    jobs = args.jobs if len(head) == SMALL else 1
    if jobs > 1:
        parallel.warm_up()
    from stream_app.hops import build_hops  # noqa: PLC0415  # loads the taggers

    parts = settings if jobs == 1 else dataclasses.replace(settings, hops=("match", "count"))
    hops = build_hops(parts, once=True)
    collector.look_rarely()
    run = Run(Path(args.output), PUBLISHED, STATEFUL, _identity(settings, reading), fresh=args.fresh)
    try:
        if run.done:
            print(f"going on after {run.done} articles", file=sys.stderr)
        left = islice(chain(head, values), run.done, None)
        published = _published(run, settings, hops, left, jobs)
        shown = progress.track(published, "articles", read=reading, quiet=args.quiet)
        told = islice(_taken(origins), run.done, None)
        _publish(run, shown, told, 0 if reading.state() is None else args.checkpoint)
    finally:
        run.close()
    run.finish()
    reasons = _tell(Path(args.output), reading.refused)
    return FAILED if reasons["internal_error"] or reading.refused else 0


def _tell(folder: Path, refused: int) -> Counter[str]:
    """Say what a finished run has written, and what died of what; the dead letters by reason."""
    print(f"wrote {folder}:", file=sys.stderr)
    for topic in PUBLISHED:
        with (folder / f"{topic}.jsonl").open("rb") as file:
            reasons = Counter(orjson.loads(line)["reason"] if topic == DEAD else "" for line in file)
        died = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()) if reason)
        print(f"{reasons.total():8,}  {topic}{f' ({died})' if died else ''}", file=sys.stderr)
    if refused:
        print(f"{refused:8,}  not read, named above", file=sys.stderr)
    return reasons


def _noting(found: Iterable[Raw], origins: deque[str]) -> Iterator[bytes]:
    for raw in found:
        origins.append(raw.origin)
        yield raw.value


def _taken(origins: deque[str]) -> Iterator[str]:
    while origins:
        yield origins.popleft()


def _published(
    run: Run, settings: Settings, hops: dict[str, Hop], values: Iterator[bytes], jobs: int
) -> Iterator[tuple[int, parallel.Published]]:
    """What each article becomes, and when it counts as received."""
    clock = Clock(run.received_ms)
    stateful = {name: Journaled(hops[name], run.journals[name]) for name in STATEFUL}
    if jobs == 1:
        yield from parallel.alone({**hops, **stateful}, values, clock, settings.record_tries)
    else:
        yield from parallel.together(settings, stateful["match"], stateful["count"], values, clock, jobs)


def _publish(
    run: Run, published: Iterator[tuple[int, parallel.Published]], origins: Iterator[str], checkpoint: int
) -> None:
    """Write everything. No checkpoints where the input cannot be read again."""
    aside = common.SetAside()
    for number, (received_ms, records) in enumerate(published, run.done + 1):
        origin = next(origins)
        for record in records:
            if topic_of(record) in run.outputs:
                _write(run.outputs[topic_of(record)], record)
            if isinstance(record, DeadLetter):
                aside.note(origin, record.error)
        if checkpoint and number % checkpoint == 0:
            run.checkpoint(number, received_ms)


def _identity(settings: Settings, reading: Reading) -> str:
    """Names input and settings; empty, and so never gone on with, where the input cannot be read twice."""
    state = reading.state()
    return "" if state is None else digest(__version__, repr(settings), state)


def _write(file: IO[bytes], published: Output | DeadLetter) -> None:
    if isinstance(published, DeadLetter):
        common.write_line(file, _dead_letter(published))
    elif published.gone == "expired" or (published.topic == MEMBERS and published.value is None):
        return
    elif published.value is None:
        common.write_line(file, _ended(published))
    else:
        file.write(published.value + b"\n")


def _ended(toll: Output) -> dict[str, Any]:
    ended = {"incident_id": toll.key.decode(), "deleted": True, "ended": toll.gone, "merged_into": toll.merged_into}
    return {**ended, "articles": [], "toll": {}}


def _dead_letter(letter: DeadLetter) -> dict[str, Any]:
    line = {"reason": letter.error.reason, "message": str(letter.error), "hop": letter.hop}
    if letter.error.trace:
        line["trace"] = letter.error.trace
    value = letter.value or b""
    try:
        return {"key": None, "value": value.decode(), **line}
    except UnicodeDecodeError:
        return {"key": None, "value_base64": base64.b64encode(value).decode(), **line}
