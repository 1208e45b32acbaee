"""`stream-app batch`: the whole pipeline without a broker."""

from __future__ import annotations

import argparse
import base64
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from stream_app.cli import common, progress
from stream_app.core.hops import DEAD_LETTER as DEAD
from stream_app.core.hops import DUPLICATES, ENRICHED, FIGURES, REVISIONS, TOLLS, Output, Record
from stream_app.core.stream import Clock, DeadLetter, Flow, topic_of

EXAMPLE = """example:
  stream-app batch --input archive/ --output out/

The output folder holds one JSONL per topic. An incident that was merged or withdrawn gets a line
{"incident_id", "deleted": true}; one that only expired keeps its last toll, and a tombstone on the topic alone. A dead
letter is a line {"key", "value" or "value_base64", "reason", "message", "hop"}.
"""
PUBLISHED = (ENRICHED, DUPLICATES, FIGURES, TOLLS, REVISIONS, DEAD)


def add_parser(subparsers: Any) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "batch",
        help="the whole pipeline without a broker",
        description="Articles in, one JSONL per output topic out: the records that the service would publish.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--input", required=True, metavar="PATH", help="a file or folder; - is JSONL on stdin")
    parser.add_argument("--output", required=True, metavar="DIR", help="made when it is missing")
    common.add_tagging_options(parser)


def run(args: argparse.Namespace) -> int:
    """Run the flow; dead letters are output like any other, so they do not fail the command."""
    from stream_app import app  # noqa: PLC0415  # loads the taggers

    flow = Flow(app.build_hops(common.settings_of(args, hops="read,match,tag,count")))
    folder = Path(args.output)
    folder.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    with ExitStack() as stack:
        files = {topic: stack.enter_context(common.output(str(folder / f"{topic}.jsonl"))) for topic in PUBLISHED}
        for raw in progress.track(common.read_raw([args.input]), "articles"):
            received_ms = clock.received_ms(_published_at(raw.value))
            for published in flow.feed(Record(None, raw.value, received_ms)):
                if topic_of(published) in files:
                    _write(files[topic_of(published)], published)
    return 0


def _published_at(value: bytes) -> str | None:
    """When the article says it was published, if it can be read at all."""
    from stream_app.core.poison import PoisonError  # noqa: PLC0415
    from stream_app.core.wire import decode_article  # noqa: PLC0415

    try:
        return decode_article(value).published_at
    except PoisonError:
        return None


def _write(file: IO[bytes], published: Output | DeadLetter) -> None:
    if isinstance(published, DeadLetter):
        common.write_line(file, _dead_letter(published))
    elif published.expired:
        return
    elif published.value is None:
        common.write_line(file, {"incident_id": published.key.decode(), "deleted": True, "articles": [], "toll": {}})
    else:
        file.write(published.value + b"\n")


def _dead_letter(letter: DeadLetter) -> dict[str, Any]:
    line = {"reason": letter.error.reason, "message": str(letter.error), "hop": letter.hop}
    value = letter.value or b""
    try:
        return {"key": None, "value": value.decode(), **line}
    except UnicodeDecodeError:
        return {"key": None, "value_base64": base64.b64encode(value).decode(), **line}
