"""CSV with a header: commas, semicolons, tabs or bars; a row is an article."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Self

from stream_app.intake.raw import LINE_BYTES, Options, Raw, Refuse, Refused, article
from stream_app.intake.rows import columns_of, renamed
from stream_app.intake.stream import Stream, not_utf8, too_long

_DELIMITERS = ",;\t|"


def read(stream: Stream, options: Options, refuse: Refuse) -> Iterator[Raw]:
    """Every row as an article; one that has more cells than there are columns is refused.

    Raises:
        Refused: no column holds a text, or the bytes are not UTF-8.
    """
    csv.field_size_limit(LINE_BYTES)
    lines = _Lines(stream)
    first = next(filter(str.strip, lines), "").rstrip("\r\n")
    if first.lower().startswith("sep="):  # Excel's
        first = next(filter(str.strip, lines), "").rstrip("\r\n")
    names, delimiter = header_of(first)
    columns = _columns(stream.name, names, options)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        origin = f"{stream.name}:{lines.number + 1}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            why = "a quote that nothing closes; what follows is not read" if "end of data" in str(error) else str(error)
            refuse(Refused(origin, f"not a row of a table: {why}"))
            continue
        if len(row) > len(names):
            refuse(
                Refused(origin, f"{len(row)} cells for {len(names)} columns: is a text with {delimiter!r} not quoted?")
            )
        elif any(map(str.strip, row)):
            cells = {name: cell for name, cell in zip(names, row, strict=False) if name and cell.strip()}
            yield Raw(article(renamed(cells, columns)), origin)


def header_of(line: str) -> tuple[list[str], str]:
    """The names of the columns, and what stands between them."""
    split = {delimiter: next(csv.reader([line], delimiter=delimiter), []) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda delimiter: (len(columns_of(split[delimiter])), len(split[delimiter])))
    return [name.strip() for name in split[best]], best


def _columns(name: str, names: list[str], options: Options) -> dict[str, str]:
    lacking = [column for column in options.columns.values() if column not in names]
    if lacking:
        raise Refused(f"{name}:1", f"no column {lacking[0]!r}; there are {', '.join(map(repr, names))}", wrong_use=True)
    columns = columns_of(names, options.columns)
    if "text" not in columns:
        raise Refused(
            f"{name}:1", f"no column for the text among {', '.join(map(repr, names))[:200]}: say --map text=COLUMN"
        )
    return columns


class _Lines:
    """The lines of a stream as text, with their ends, as the reader of rows wants them; `number` is the last one's."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._lines = stream, stream.lines()
        self.number = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        self.number, line = next(self._lines)
        if line is None:
            raise too_long(f"{self._stream.name}:{self.number}")
        try:
            return line.decode() + "\n"
        except UnicodeDecodeError as error:
            raise not_utf8(f"{self._stream.name}:{self.number}", line[error.start]) from None
