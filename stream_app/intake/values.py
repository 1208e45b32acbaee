"""JSON whose values run over lines: arrays, objects one after another, and objects that hold a list of articles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from stream_app.intake import lines
from stream_app.intake.markup import text_of
from stream_app.intake.raw import LINE_BYTES, MIB, Options, Raw, Refused, article
from stream_app.intake.rows import columns_of, renamed
from stream_app.intake.stream import Stream

# A string as a whole, or as much of it as is there; or a bracket.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?P<open>\\?\Z)?"?|[\[\]{}]', re.DOTALL)
_BETWEEN = b" \t\r\n,"
_LISTS = ("articles", "items", "results", "documents", "docs", "hits", "data", "entries", "response")


def read(stream: Stream, options: Options) -> Iterator[Raw]:
    """Every value, and every element of an array, as it stands; the articles of an object that is none itself.

    Raises:
        Refused: the input ends within a value.
    """
    for number, value in split(stream):
        origin = f"{stream.name}:{number}"
        inner = _listed(value) if value[:1] == b"{" else None
        if inner is None:
            yield Raw(lines.mapped(value, options), origin)
            continue
        for place, record in enumerate(inner, 1):
            yield Raw(_known(record, options), f"{origin} (item {place})")


def split(stream: Stream) -> Iterator[tuple[int, bytes]]:
    """Each value with the number of the line that it begins in: objects, and the elements of arrays."""
    splitter = Splitter(stream.name)
    for piece in stream.pieces():
        yield from splitter.feed(piece)
    yield from splitter.end()


class Splitter:
    """Finds the ends of values in pieces of JSON, whatever is between the brackets; keeps no more than one value."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._line = 1  # in which the buffer begins
        self._buffer = b""
        self._at = 0  # so much of the buffer has been looked at
        self._begin: int | None = None  # of the value under way
        self._depth = 0
        self._outer = 0  # 1 within an array whose elements are wanted
        self._wait = 0  # bytes, before it is worth looking again for the end of a long string

    def feed(self, piece: bytes) -> Iterator[tuple[int, bytes]]:
        """The values that end in this piece."""
        self._buffer += piece
        if len(self._buffer) < self._wait:
            return
        waits = False
        done = 0  # up to here the buffer has been given away
        for token in _TOKEN.finditer(self._buffer, self._at):
            if token["open"] is not None:
                self._at = token.start()
                waits = True
                break
            self._at = token.end()
            sign = token[0]
            if sign in b"[{":
                opens_array = self._depth == 0 and sign == b"["
                if opens_array or self._depth == self._outer:
                    yield from self._scalars(done, token.start())
                    done = token.end() if opens_array else token.start()
                    self._outer = 1 if opens_array else self._outer
                self._depth += 1
            elif sign in b"]}":
                self._depth -= 1
                if self._depth < 0:
                    raise Refused(self._here(token.start()), f"a {sign.decode()} that closes nothing")
                if self._depth == 0 and self._outer:
                    yield from self._scalars(done, token.start())
                    self._outer, done = 0, token.end()
                elif self._depth == self._outer:
                    yield self._number(done), self._buffer[done : token.end()]
                    done = token.end()
        else:
            self._at = len(self._buffer)
        self._cut(done)
        self._wait = 2 * len(self._buffer) if waits else 0

    def end(self) -> Iterator[tuple[int, bytes]]:
        """What is left.

        Raises:
            Refused: a value has not ended.
        """
        if self._wait:
            self._wait = 0
            yield from self.feed(b"")
        if self._depth or self._wait:
            raise Refused(self._here(0), "JSON that has no end: what begins in this line is not read")
        yield from self._scalars(0, len(self._buffer))

    def _scalars(self, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        """What stands between values where only commas should: no article, but not to be lost silently."""
        between = self._buffer[start:end]
        if between.strip(_BETWEEN):
            lead = len(between) - len(between.lstrip(_BETWEEN))
            yield self._number(start + lead), between.strip(_BETWEEN)

    def _cut(self, done: int) -> None:
        self._line += self._buffer.count(b"\n", 0, done)
        self._buffer = self._buffer[done:]
        self._at -= done
        if len(self._buffer) > LINE_BYTES:
            raise Refused(self._here(0), f"a value of more than {LINE_BYTES // MIB} MiB; what follows is not read")

    def _number(self, at: int) -> int:
        return self._line + self._buffer.count(b"\n", 0, at)

    def _here(self, at: int) -> str:
        lead = len(self._buffer) - len(self._buffer.lstrip(_BETWEEN)) if at == 0 else 0
        return f"{self._name}:{self._number(at + lead)}"


def _listed(value: bytes) -> list[Any] | None:
    """The articles that an object lists (the answer of a news API, a JSON feed); None where it is an article itself."""
    try:
        record = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    if "text" in record or "specversion" in record:
        return None
    for _ in range(2):  # {"response": {"docs": [...]}}, {"hits": {"hits": [...]}}
        inner = next((record[name] for name in _LISTS if isinstance(record.get(name), (list, dict))), None)
        if isinstance(inner, list):
            return inner if inner and all(isinstance(item, dict) for item in inner) else None
        if inner is None:
            return None
        record = inner
    return None


def _known(record: dict[str, Any], options: Options) -> bytes:
    """An item of a list with its fields under an article's names."""
    if isinstance(record.get("_source"), dict):
        record = record["_source"]
    fields = renamed(record, columns_of(record, options.columns))
    if not fields.get("text") and isinstance(record.get("content_html"), str):
        fields["text"] = text_of(record["content_html"])
    source = fields.get("source")
    if isinstance(source, dict):
        fields["source"] = source.get("name") or source.get("title") or source.get("id")
    return article(fields)
