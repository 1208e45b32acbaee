"""What several commands share: settings with overrides, article input, JSONL output."""

from __future__ import annotations

import argparse
import codecs
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import orjson

from stream_app.cli import WRONG_USE, CommandError
from stream_app.core.events import Article
from stream_app.core.flow.quarantine import attempted
from stream_app.core.language.printable import escaped, escaped_json
from stream_app.core.poison import PoisonError
from stream_app.core.wire import Limits, decode_article
from stream_app.intake.raw import FIELDS, Options, Raw, Refused
from stream_app.intake.reading import Reading
from stream_app.intake.rows import columns_of
from stream_app.settings import CONVENTIONS, PREFIX, Settings

T = TypeVar("T")

_OVERRIDDEN = (
    "brokers", "prefix", "convention", "gazetteer", "outlet_prior", "hops", "web_port", "store", "serve_host",
    "serve_port",
)  # fmt: skip
"""Settings that an option of some command overrides."""


def add_broker_options(parser: argparse.ArgumentParser) -> None:
    """Options that override what the environment says of the brokers."""
    parser.add_argument("--brokers", metavar="HOST:PORT", help=f"overrides {PREFIX}BROKERS")
    parser.add_argument("--prefix", metavar="TEXT", help=f"overrides {PREFIX}PREFIX")


def add_tagging_options(parser: argparse.ArgumentParser) -> None:
    """Options that override how articles are tagged."""
    parser.add_argument("--convention", choices=CONVENTIONS, help=f"overrides {PREFIX}CONVENTION")
    parser.add_argument("--gazetteer", metavar="PATH", help=f"overrides {PREFIX}GAZETTEER")
    parser.add_argument("--outlet-prior", choices=("true", "false"), help=f"overrides {PREFIX}OUTLET_PRIOR")


def settings_of(args: argparse.Namespace, **fixed: str) -> Settings:
    """The settings of the environment, overridden by options, overridden by what the command fixes."""
    environ = dict(os.environ)
    for name in (
        "brokers",
        "prefix",
        "convention",
        "gazetteer",
        "outlet_prior",
        "hops",
        "web_port",
        "store",
        "serve_host",
        "serve_port",
    ):
        value = getattr(args, name, None)
        if value is not None:
            environ[PREFIX + name.upper()] = str(value)
    environ.update({PREFIX + name.upper(): value for name, value in fixed.items()})
    return Settings.from_env(environ)


def add_input_options(parser: argparse.ArgumentParser, *, paths: str = "*") -> None:
    """Articles in, of any kind that is read."""
    parser.add_argument(
        "paths",
        nargs=paths,
        metavar="PATH",
        help="files and folders of any kind in docs/intake.md; - is stdin",
    )
    if paths == "*":
        parser.add_argument("--input", action="append", default=[], metavar="PATH", help="the same, as an option")
    parser.add_argument(
        "--map", action="append", default=[], metavar="FIELD=NAME",
        help="the column or key that holds a field, such as text=body,title=headline",
    )  # fmt: skip
    parser.add_argument("--encoding", metavar="NAME", help="of text that is not UTF-8, such as cp1252")
    add_quiet_option(parser)


def add_quiet_option(parser: argparse.ArgumentParser) -> None:
    """For commands that show how far they are."""
    parser.add_argument("--quiet", action="store_true", help="show no progress")


def add_file_options(parser: argparse.ArgumentParser) -> None:
    """Articles in, lines out."""
    add_input_options(parser)
    parser.add_argument("--output", default="-", metavar="PATH", help="- is stdout (default)")


def unseen(args: argparse.Namespace) -> bool:
    """Whether progress is not to be shown: it is not wanted, or the lines go to the same terminal."""
    return args.quiet or (args.output == "-" and sys.stdout.isatty())


class SetAside:
    """Counts what was set aside, by reason, and tells of it on stderr."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()

    def note(self, origin: str, error: PoisonError, *, named: bool = False, advice: str = "") -> None:
        """Count one; it is named at once when that is wanted, and always when the fault is ours."""
        self._count[error.reason] += 1
        if named or error.reason == "internal_error":
            print(f"{origin}: {escaped(str(error))}{advice}", file=sys.stderr)

    def tell(self, refused: int = 0) -> int:
        """Say how many there were. The exit code: 1 when we failed on any or an input was refused, else 0."""
        if self._count:
            reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(self._count.items()))
            print(f"{self._count.total()} set aside: {reasons}", file=sys.stderr)
        if refused:
            print(f"{refused} not read", file=sys.stderr)
        return 1 if self._count["internal_error"] or refused else 0


def each_article(
    reading: Reading,
    settings: Settings,
    hop: str,
    handle: Callable[[Article], T],
    aside: SetAside,
    mend: Callable[[Exception], None] = lambda _: None,
) -> Iterator[T]:
    """What `handle` makes of every article of a reading.

    What is no article, and what we fail on in so many tries as the settings allow, is named on stderr and left out;
    `mend` is called after each try that failed.
    """
    limits = Limits(settings.max_article_bytes)

    def handled(raw: Raw) -> T:
        return handle(decode_article(raw.value, limits))

    for raw in reading:
        outcome = attempted(partial(handled, raw), hop, settings.record_tries, mend)
        if isinstance(outcome, PoisonError):
            aside.note(raw.origin, outcome, named=True, advice=_advice(outcome, raw))
        else:
            yield outcome


def reading_of(args: argparse.Namespace) -> Reading:
    """What the command was told to read.

    Raises:
        CommandError: nothing was named, or something that does not exist, or an option makes no sense.
    """
    paths = [*args.paths, *getattr(args, "input", [])]
    if not paths:
        raise CommandError("no input: name files or folders, or - for stdin", 2)
    return reading_of_paths(paths, Options(_columns(args.map), _encoding(args.encoding)))


def reading_of_paths(paths: Sequence[str], options: Options | None = None) -> Reading:
    """The same of paths alone."""
    try:
        return Reading(paths, options)
    except Refused as error:
        raise CommandError(str(error), 2) from None


def _columns(options: Sequence[str]) -> dict[str, str]:
    columns = {}
    for pair in (pair for option in options for pair in option.split(",")):
        field, equals, name = pair.partition("=")
        if field.strip() not in FIELDS or not equals or not name.strip():
            raise CommandError(f"--map {pair}: want FIELD=NAME with a field of {', '.join(FIELDS)}", 2)
        columns[field.strip()] = name.strip()
    return columns


def _encoding(name: str | None) -> str | None:
    try:
        return codecs.lookup(name).name if name else None
    except LookupError:
        raise CommandError(f"--encoding {name}: no such encoding", 2) from None


def _advice(error: PoisonError, raw: Raw) -> str:
    """What to do about an object that has its text under another name."""
    if error.reason != "no_text" or b'"text"' in raw.value:
        return ""
    try:
        columns = columns_of(orjson.loads(raw.value))
    except (orjson.JSONDecodeError, TypeError):
        return ""
    return f"; say --map text={columns['text']}" if "text" in columns else ""


@contextmanager
def output(path: str) -> Iterator[IO[bytes]]:
    """A file to write lines to, or stdout for "-"; a file appears only when it is complete."""
    if path == "-":
        yield sys.stdout.buffer if not sys.stdout.isatty() else cast("IO[bytes]", Terminal())
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    if target.is_dir():
        raise CommandError(f"{target}: a folder; name a file to write to", 2)
    if not target.parent.is_dir():
        raise CommandError(f"{target.parent}: no such folder", 2)
    if target.exists() and not target.is_file():  # a pipe or a device
        with target.open("wb") as file:
            yield file
        return
    part = target.with_name(target.name + ".part")
    with part.open("wb") as file:
        yield file
    part.replace(target)


class Terminal:
    """Where lines of JSON go that a person looks at: of them the terminal obeys nothing."""

    def write(self, line: bytes) -> int:
        """Write whole characters."""
        return sys.stdout.buffer.write(escaped_json(line.decode()).encode())


def write_line(file: IO[bytes], value: Any) -> None:
    """One JSON value as a line."""
    file.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))


def events_of(reading: Reading) -> Iterator[Any]:
    """The enriched events of a reading, as `tag`, `batch` or `tail --json` wrote them."""
    for raw in reading:
        try:
            event = orjson.loads(raw.value)
        except orjson.JSONDecodeError as error:
            raise CommandError(f"{raw.origin}: not JSON: {error}", WRONG_USE) from None
        event = (
            event.get("value", event) if isinstance(event, dict) else event
        )  # a line of `tail --json` holds the event as its value
        if not isinstance(event, dict) or "casualties" not in event:
            raise CommandError(f"{raw.origin}: not an enriched event", WRONG_USE)
        yield event


def loop_runner() -> Any:
    """Uvloop's runner where there is one, else asyncio's."""
    try:
        import uvloop  # noqa: PLC0415  # not on every platform
    except ImportError:
        import asyncio  # noqa: PLC0415  # most commands have no loop

        return asyncio.run
    return uvloop.run
