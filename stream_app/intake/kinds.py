"""What an input is, by what it begins with; its name decides only where the content does not."""

from __future__ import annotations

import csv
import re
from pathlib import PurePath
from typing import Literal

import orjson

from stream_app.intake import table
from stream_app.intake.raw import Options, Refused
from stream_app.intake.rows import columns_of
from stream_app.intake.stream import Stream

Kind = Literal["lines", "values", "table", "page", "feed", "archive", "prose", "record"]

JSON_NAMES = {".json", ".jsonl", ".ndjson", ".geojson", ".jsonlines"}
_LISTS = {".jsonl", ".ndjson", ".jsonlines", ""}
TABLE_NAMES = {".csv", ".tsv", ".tab", ".psv"}
PAGE_NAMES = {".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".php", ".asp", ".aspx"}
PROSE_NAMES = {"", ".txt", ".text", ".md", ".markdown", ".rst", ".asc"}
PACKED_NAMES = {".gz", ".zst", ".zstd", ".bz2", ".xz", ".gzip"}

_OFFICE = ((b"word/", "a Word document"), (b"xl/", "an Excel workbook: save it as CSV"), (b"epub", "an e-book"))
_FOREIGN: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF", "a PDF document"), (0, b"\x89PNG", "a PNG image"), (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF8", "a GIF image"), (0, b"II*\x00", "a TIFF image"), (0, b"MM\x00*", "a TIFF image"),
    (0, b"BM", "a bitmap"),
    (8, b"WEBP", "a WebP image"), (4, b"ftyp", "a film or picture"), (0, b"ID3", "a sound"), (0, b"OggS", "a sound"),
    (0, b"RIFF", "a sound or film"), (0, b"\x1aE\xdf\xa3", "a film"), (0, b"wOF2", "a font"), (0, b"wOFF", "a font"),
    (0, b"7z\xbc\xaf", "a 7z archive: unpack it"), (0, b"Rar!", "a RAR archive: unpack it"),
    (257, b"ustar", "a tar archive: unpack it"), (0, b"\x04\x22\x4d\x18", "LZ4 data: unpack it"),
    (0, b"\xd0\xcf\x11\xe0", "a document of an old office program"), (0, b"{\\rtf", "an RTF document"),
    (0, b"%!PS", "a PostScript document"), (0, b"\x7fELF", "a program"), (0, b"MZ", "a program"),
    (0, b"PAR1", "a Parquet file: write it as JSONL"), (0, b"Obj\x01", "an Avro file: write it as JSONL"),
    (0, b"ORC", "an ORC file: write it as JSONL"), (0, b"ARROW1", "an Arrow file: write it as JSONL"),
    (0, b"SQLite format 3", "an SQLite database: write it as JSONL"), (0, b"\x80\x04\x95", "a pickle"),
)  # fmt: skip
_SURE = (b"%PDF", b"{\\rtf", b"%!PS")  # the others begin words, too, which no zeros follow
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|article|section|main|div|p|h[1-6]|ul|ol|table|br|span|blockquote)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(rb"<(?:[a-z!?/])", re.IGNORECASE)
_OBJECT = re.compile(rb'\{\s*(?:"|\}|$)')
_ARRAY = re.compile(rb"\[\s*(?:[\[{]|\]\s*$|$)")
_MAIL = re.compile(
    rb"(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version|From|Date|X-[\w-]+): ", re.IGNORECASE
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WRAPPED = re.compile(rb'"(?:articles|items|results|documents|docs|hits|data|entries|response)"\s*:\s*[\[{]')


def kind_of(stream: Stream, path: str, options: Options, *, named: bool) -> Kind:
    """What a stream is to be read as.

    Args:
        stream: the input, unpacked and in UTF-8.
        path: its name, or "" for one that has none.
        options: what the user says of it.
        named: it was named itself, rather than found in a folder, so that a text may have any name.

    Raises:
        Refused: it is none of these; why says what it is.
    """
    suffix = suffix_of(path)
    if suffix == ".bin":
        return "record"
    start = stream.head.lstrip(b" \t\r\n\f")
    if not start and suffix in _LISTS:  # a list without articles, or a pipe that brought none
        return "lines"
    if not start:
        raise Refused(stream.name, "nothing but blanks" if stream.head else "an empty file")
    found = _by_start(stream, start, suffix) or _by_lines(start, suffix, options)
    if found:
        return found
    if _MAIL.match(start) and re.search(rb"\nMIME-Version:", start, re.IGNORECASE):
        raise Refused(stream.name, "an e-mail; not read")
    if not named and suffix not in PROSE_NAMES:
        raise Refused(
            stream.name, "no article by its content, nor by its name: a text in a folder ends in .txt; not read"
        )
    return "prose"


def _by_start(stream: Stream, start: bytes, suffix: str) -> Kind | None:
    """What its first signs say that it is."""
    if start.startswith(b"WARC/"):
        return "archive"
    if foreign := _foreign(stream.head):
        raise Refused(stream.name, f"{foreign}; not read")
    if suffix in JSON_NAMES or _OBJECT.match(start[:4096]) or _ARRAY.match(start[:4096]):
        return _json(start)
    return _markup(stream, start, suffix) if start[:1] == b"<" else None


def _by_lines(head: bytes, suffix: str, options: Options) -> Kind | None:
    """What its first lines say that it is, or its name where they say nothing else."""
    if _any_object(head):
        return "lines"
    if suffix in TABLE_NAMES or options.columns or _is_table(head):
        return "table"
    return "page" if suffix in PAGE_NAMES and _MARKUP.search(head) else None


def suffix_of(path: str) -> str:
    """What a name ends in, packing apart.

    >>> suffix_of("archive/March.JSONL.gz"), suffix_of("README")
    ('.jsonl', '')
    """
    name = PurePath(path.lower())
    return PurePath(name.stem).suffix if name.suffix in PACKED_NAMES else name.suffix


def stem_of(path: str) -> str:
    """A name without what it ends in."""
    name = PurePath(path)
    name = name.with_suffix("") if name.suffix.lower() in PACKED_NAMES else name
    return str(name.with_suffix("") if name.suffix else name)


def _foreign(head: bytes) -> str | None:
    """What it is where it is none of ours."""
    if head.startswith(b"PK\x03\x04"):
        office = next((name for inner, name in _OFFICE if inner in head[:8192]), None)
        return office or ("an OpenDocument file" if b"opendocument" in head[:200] else "a zip archive: unpack it")
    for at, magic, name in _FOREIGN:
        if head.startswith(magic, at) and (magic in _SURE or not magic.isascii() or _CONTROL.search(head[:512])):
            return name
    if b"\x00" in head[:4096] or len(_CONTROL.findall(head[:4096])) * 20 > len(head[:4096]):
        return "binary data"
    return None


def _json(start: bytes) -> Kind:
    """JSONL where the first line is a value by itself, else values that run over lines."""
    first, ended, _ = start.partition(b"\n")
    value = _value(first)
    if isinstance(value, dict):
        return "values" if "text" not in value and _WRAPPED.search(first) else "lines"
    if start[:1] == b"[":
        return "values" if not (isinstance(value, list) and _any_object(start[len(first) :])) else "lines"
    if start[:1] == b"{" and ended and not _any_object(start) and _opens(first):
        return "values"
    return "lines"


def _opens(line: bytes) -> bool:
    """Whether an object that begins in this line may well go on in the next: after a bracket or a comma."""
    return line.rstrip()[-1:] in b"{[,"


def _any_object(head: bytes) -> bool:
    """Whether some line in here is a JSON object by itself."""
    return any(line[:1] == b"{" and isinstance(_value(line), dict) for line in head.splitlines()[:50])


def _value(line: bytes) -> object:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _markup(stream: Stream, start: bytes, suffix: str) -> Kind | None:
    html, feed = _HTML.search(start), _FEED.search(start[:8192])
    if feed and (html is None or feed.start() < html.start()):
        return "feed"
    if html or (suffix in PAGE_NAMES and _MARKUP.match(start)):
        return "page"
    if start.startswith((b"<?xml", b"<!DOCTYPE")) or suffix in {".xml", ".svg", ".rss", ".atom"}:
        raise Refused(stream.name, "XML that is neither RSS nor Atom nor XHTML; not read")
    return None


def _is_table(head: bytes) -> bool:
    """Whether the first line names columns, one of them a text's, and the next has as many."""
    first, ended, rest = head.partition(b"\n")
    try:
        names, delimiter = table.header_of(first.decode().rstrip("\r"))
    except (UnicodeDecodeError, csv.Error):
        return False
    if not ended or len(names) < 2 or columns_of(names).get("text") is None:
        return False
    second = rest.partition(b"\n")[0].decode("utf-8", "replace")
    return all(len(name) <= 40 for name in names) and (delimiter in second or second.startswith('"'))
