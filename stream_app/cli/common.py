"""What several commands share: settings with overrides, article input, JSONL output."""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar

import orjson

from stream_app.cli import CommandError
from stream_app.core.events import Article
from stream_app.core.poison import PoisonError
from stream_app.core.quarantine import attempted
from stream_app.core.wire import Limits, decode_article
from stream_app.settings import CONVENTIONS, PREFIX, Settings

HTML = {".html", ".htm"}
LINES = {".jsonl", ".ndjson", ".json"}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Raw:
    """One raw article and where it was read: "a.jsonl:3"."""

    value: bytes
    origin: str


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
    for name in ("brokers", "prefix", "convention", "gazetteer", "outlet_prior", "hops", "web_port"):
        value = getattr(args, name, None)
        if value is not None:
            environ[PREFIX + name.upper()] = str(value)
    environ.update({PREFIX + name.upper(): value for name, value in fixed.items()})
    return Settings.from_env(environ)


def read_raw(paths: list[str]) -> Iterator[Raw]:
    """Every raw article in these files and folders, in order; "-" is JSONL on stdin.

    A line of a JSONL file is passed on as it stands, readable or not. A text file or an HTML page is one article.

    Raises:
        CommandError: a path does not exist.
    """
    for path in paths:
        if path == "-":
            yield from _lines(sys.stdin.buffer, "stdin")
        else:
            yield from _of_path(Path(path))


def add_file_options(parser: argparse.ArgumentParser) -> None:
    """Articles in, lines out."""
    parser.add_argument("--input", required=True, metavar="PATH", help="a file or folder; - is JSONL on stdin")
    parser.add_argument("--output", default="-", metavar="PATH", help="- is stdout (default)")


class SetAside:
    """Counts what was set aside, by reason, and tells of it on stderr."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()

    def note(self, origin: str, error: PoisonError, *, named: bool = False) -> None:
        """Count one; it is named at once when that is wanted, and always when the fault is ours."""
        self._count[error.reason] += 1
        if named or error.reason == "internal_error":
            print(f"{origin}: {error}", file=sys.stderr)

    def tell(self) -> int:
        """Say how many there were. The exit code: 1 when we failed on any, else 0."""
        if self._count:
            reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(self._count.items()))
            print(f"{self._count.total()} set aside: {reasons}", file=sys.stderr)
        return 1 if self._count["internal_error"] else 0


def each_article(
    path: str, settings: Settings, hop: str, handle: Callable[[Article], T], aside: SetAside
) -> Iterator[T]:
    """What `handle` makes of every article in a file or folder.

    What is no article, and what we fail on in so many tries as the settings allow, is named on stderr and left out.
    """
    limits = Limits(settings.max_article_bytes)

    def handled(raw: Raw) -> T:
        return handle(decode_article(raw.value, limits))

    for raw in read_raw([path]):
        outcome = attempted(partial(handled, raw), hop, settings.record_tries)
        if isinstance(outcome, PoisonError):
            aside.note(raw.origin, outcome, named=True)
        else:
            yield outcome


def _of_path(path: Path) -> Iterator[Raw]:
    if path.is_dir():
        for inner in sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith(".")):
            if inner.suffix in LINES | HTML | {".txt", ".bin"}:
                yield from _of_path(inner)
        return
    if not path.exists():
        raise CommandError(f"{path}: no such file or folder", 2)
    if path.suffix in LINES:
        with path.open("rb") as file:
            yield from _lines(file, str(path))
    elif path.suffix == ".bin":
        yield Raw(path.read_bytes(), str(path))
    else:
        yield Raw(_one_article(path), str(path))


def _lines(file: IO[bytes], name: str) -> Iterator[Raw]:
    for number, line in enumerate(file, 1):
        if line.strip():
            yield Raw(line.rstrip(b"\r\n"), f"{name}:{number}")


def _one_article(path: Path) -> bytes:
    """A text file or HTML page as an article whose id is the file's name."""
    data = path.read_bytes()
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data  # not UTF-8: let the service say so
    if path.suffix in HTML:
        title, text = _of_html(content)
        return orjson.dumps({"id": path.stem, "title": title, "text": text})
    return orjson.dumps({"id": path.stem, "text": content})


def _of_html(page: str) -> tuple[str | None, str]:
    """Title and readable text of a page, a blank line between blocks."""
    from bs4 import BeautifulSoup  # noqa: PLC0415  # only for HTML

    soup = BeautifulSoup(page, "html.parser")
    for unread in soup(["script", "style", "nav", "header", "footer", "aside", "form", "noscript"]):
        unread.decompose()
    title = soup.title.get_text(" ", strip=True) if soup.title else None
    blocks = (soup.find("article") or soup.body or soup).find_all(["h1", "h2", "h3", "p", "li", "blockquote"])
    text = "\n\n".join(filter(None, (block.get_text(" ", strip=True) for block in blocks)))
    return title, text or soup.get_text("\n", strip=True)


@contextmanager
def output(path: str) -> Iterator[IO[bytes]]:
    """A file to write lines to, or stdout for "-"; a file appears only when it is complete."""
    if path == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(path)
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


def write_line(file: IO[bytes], value: Any) -> None:
    """One JSON value as a line."""
    file.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE))
