"""Paths to raw articles: what is there is found, told apart and read, and what cannot be read is named."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from stream_app.core.language.printable import escaped
from stream_app.intake import archive, feed, kinds, lines, page, table, values
from stream_app.intake.raw import Options, Raw, Refused, article
from stream_app.intake.stream import Counted, Stream

STDIN = "-"


class Source(NamedTuple):
    """One input: how it is called, where it is, and the id of the article that it is, if it is one."""

    name: str
    path: Path | None
    key: str
    named: bool


class Reading:
    """Every raw article under some paths, in order; "-" is stdin. Iterate once.

    While it goes, `bytes_done` of `bytes_total` are read (None where a size is unknown), and what could not be read is
    counted in `refused`, after `say` was told in one line what and why.

    Raises:
        Refused: a path does not exist, at once.
    """

    def __init__(
        self, paths: Sequence[str], options: Options | None = None, say: Callable[[str], None] | None = None
    ) -> None:
        self._options = options or Options()
        self._say = say or (lambda line: print(line, file=sys.stderr))  # noqa: T201
        self.sources = [source for path in paths for source in _sources(path)]
        self.refused = 0
        self.bytes_done = 0
        self.bytes_total = _size(self.sources)

    def __iter__(self) -> Iterator[Raw]:
        for source in self.sources:
            try:
                yield from self._of_source(source)
            except Refused as error:
                self._refuse(error)
            except OSError as error:
                self._refuse(Refused(source.name, error.strerror or str(error)))

    def state(self) -> str | None:
        """What stands for the input: the same as long as no file and no option is another; None for a pipe or stdin."""
        if self.bytes_total is None:
            return None
        stats = [(source.name, source.path.stat()) for source in self.sources if source.path is not None]
        return repr(([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats], self._options))

    def _of_source(self, source: Source) -> Iterator[Raw]:
        if source.path is None:
            yield from self._of_file(source, sys.stdin.buffer)
            return
        with source.path.open("rb") as file:
            yield from self._of_file(source, file)

    def _of_file(self, source: Source, file: IO[bytes]) -> Iterator[Raw]:
        counted = Counted(file, self._count)
        stream = Stream(counted, source.name, self._options.encoding, patient=source.path is not None)
        kind = kinds.kind_of(stream, str(source.path or ""), self._options, named=source.named)
        if kind in {"record", "prose"}:
            value = stream.whole() if kind == "record" else article({"id": source.key, "text": stream.text()})
            return iter([Raw(value, source.name)])
        readers: dict[str, Callable[[], Iterator[Raw]]] = {
            "lines": lambda: lines.read(stream, self._options, self._refuse),
            "values": lambda: values.read(stream, self._options),
            "table": lambda: table.read(stream, self._options, self._refuse),
            "page": lambda: page.read(stream, source.key),
            "feed": lambda: feed.read(stream, self._refuse),
            "archive": lambda: archive.read(stream, self._refuse),
        }
        return readers[kind]()

    def _count(self, size: int) -> None:
        self.bytes_done += size

    def _refuse(self, error: Refused) -> None:
        self.refused += 1
        self._say(escaped(str(error)))


def _sources(path: str) -> Iterator[Source]:
    """The files of a path, in the order of their names; hidden ones are left out."""
    if path == STDIN:
        yield Source("stdin", None, "stdin", named=True)
        return
    root = Path(path)
    if not root.exists():
        raise Refused(escaped(path), "no such file or folder", wrong_use=True)
    if not root.is_dir():
        yield Source(escaped(path), root, _key(root.name), named=True)
        return
    closed: list[OSError] = []
    for folder, inner, files in os.walk(root, onerror=closed.append):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(files):
            file = Path(folder, name)
            if not name.startswith(".") and (file.is_file() or not file.exists()):
                yield Source(escaped(str(file)), file, _key(file.relative_to(root).as_posix()), named=False)
    for error in closed:  # named when its turn comes, and cannot be opened then
        yield Source(escaped(error.filename), Path(error.filename), "", named=False)


def _key(name: str) -> str:
    """The id of an article that is a file: its name, with the folders below the one that was given."""
    return escaped(kinds.stem_of(name))[-512:]


def _size(sources: Sequence[Source]) -> int | None:
    """Bytes of all files; None where one has no size: a pipe, a device, stdin."""
    if not all(source.path is not None and source.path.is_file() for source in sources):
        return None
    return sum(source.path.stat().st_size for source in sources if source.path is not None)
