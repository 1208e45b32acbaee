"""An input is told by its content: every kind under a wrong name, packed, in other encodings; and what is none is named."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.intake.inputs import ARTICLES, ATOM, LINES, PAGE, RSS, Read, warc

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TABLE = "title,text\nA,2 people died in Lyon.\n"
KINDS: dict[str, tuple[str, int]] = {
    "lines": (LINES, 3),
    "an array": (json.dumps(ARTICLES), 3),
    "an array over lines": (json.dumps(ARTICLES, indent=2), 3),
    "an object over lines": (json.dumps(ARTICLES[0], indent=4), 1),
    "objects over lines": ("\n".join(json.dumps(article, indent=1) for article in ARTICLES), 3),
    "an object in a line": (json.dumps(ARTICLES[0]), 1),
    "a table": (TABLE, 1),
    "a table with semicolons": (TABLE.replace(",", ";"), 1),
    "a table with tabs": (TABLE.replace(",", "\t"), 1),
    "a page": (PAGE, 1),
    "RSS": (RSS, 2),
    "Atom": (ATOM, 1),
    "a text": ("Two people died in Lyon, police said.\n", 1),
}
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "gzip in members": lambda data: gzip.compress(data[:40]) + gzip.compress(data[40:]),
    "zstd": zstd.compress,
    "zstd in frames": lambda data: zstd.compress(data[:40]) + zstd.compress(data[40:]),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "gzip twice": lambda data: gzip.compress(gzip.compress(data)),
}
ENCODINGS = {
    "a mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16, big end first": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "blank lines first": lambda text: f"\n\n{text}".encode(),
    "lines of Windows": lambda text: text.replace("\n", "\r\n").encode(),
}


@pytest.mark.parametrize("content", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize("name", ["input", "input.txt", "input.dat"])
def test_content_says_what_it_is_whatever_its_name(tmp_path: Path, content: tuple[str, int], name: str) -> None:
    read = Read(tmp_path, name, content[0])
    assert (len(read.articles), read.said) == (content[1], [])
    assert all("died" in article["text"] or "killed" in article["text"] for article in read.articles)


@pytest.mark.parametrize("content", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize("packing", PACKINGS.values(), ids=PACKINGS.keys())
def test_packed_it_is_the_same(tmp_path: Path, content: tuple[str, int], packing: Callable[[bytes], bytes]) -> None:
    read = Read(tmp_path, "input", packing(content[0].encode()))
    assert read.articles == Read(tmp_path, "input", content[0]).articles


@pytest.mark.parametrize("content", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize("encoded", ENCODINGS.values(), ids=ENCODINGS.keys())
def test_in_another_encoding_it_is_the_same(
    tmp_path: Path, content: tuple[str, int], encoded: Callable[[str], bytes]
) -> None:
    texts = [[" ".join(a["text"].split()) for a in Read(tmp_path, "input", data).articles]
             for data in (encoded(content[0]), content[0])]  # fmt: skip
    assert texts[0] == texts[1]


FOREIGN: dict[str, tuple[bytes, str]] = {
    "report.pdf": (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
    "pdf named.txt": (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
    "photo.jpg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG image"),
    "photo.png": (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG image"),
    "all.zip": (b"PK\x03\x04" + b"\x00" * 30, "a zip archive"),
    "table.xlsx": (b"PK\x03\x04" + b"\x00" * 26 + b"xl/workbook.xml", "an Excel workbook"),
    "text.docx": (b"PK\x03\x04" + b"\x00" * 26 + b"word/document.xml", "a Word document"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 30, "an old office program"),
    "all.tar": (b"a.txt" + b"\x00" * 252 + b"ustar\x0000" + b"\x00" * 300, "a tar archive"),
    "all.tar.gz": (gzip.compress(b"a.txt" + b"\x00" * 252 + b"ustar\x0000" + b"\x00" * 300), "a tar archive"),
    "rows.parquet": (b"PAR1\x15\x04\x15", "a Parquet file"),
    "text.rtf": (b"{\\rtf1\\ansi Two died.}", "an RTF document"),
    "random": (bytes(range(256)) * 4, "binary data"),
    "noise.jsonl": (os.urandom(3000).replace(b"\x1f\x8b", b"") + b"\x00" * 10, "binary data"),
    "empty.txt": (b"", "an empty file"),
    "empty.txt.gz": (gzip.compress(b""), "an empty file"),
    "blank.txt": (b" \n\n\t\n", "nothing but blanks"),
    "mark.txt": (b"\xef\xbb\xbf", "an empty file"),
    "map.xml": (b'<?xml version="1.0"?><urlset><url><loc>https://a.example</loc></url></urlset>', "neither RSS nor Atom"),
    "drawing.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><path d=""/></svg>', "neither RSS nor Atom"),
    "letter.eml": (b"From: a@b.example\nMIME-Version: 1.0\n\nTwo died.\n", "an e-mail"),
    "latin.txt": ("Un.\nDeux morts à Orléans.".encode("latin-1"), "latin.txt:2: not UTF-8 (byte 0xe0)"),
    "shell.html": (b"<html><head><title>App</title></head><body><div id=root></div><script>x</script></body></html>",
                   "without an article's text"),
    "bomb.xml": (b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel/></rss>',
                 "defines entities"),
    "cut.jsonl.gz": (gzip.compress(LINES.encode() * 9)[:30], "its gzip data has no end"),
    "cut.jsonl.zst": (zstd.compress(LINES.encode() * 9)[:-4], "its zstd data has no end"),
    "bad.gz": (b"\x1f\x8b\x08\x00" + b"\xff" * 50, "broken gzip data"),
    "nothing.warc": (warc(("https://a.example/i.png", "image/png", b"\x89PNG")), "a WARC without a page"),
    "broken.warc": (b"WARC/1.0\r\nContent-Length: 10\r\n\r\n", "broken.warc"),
    "half.json": (b'[{"text": "a died"},\n {"text": "b', "half.json:2: JSON that has no end"),
    "none.csv": (b"a,b\n1,2\n", "no column for the text among 'a', 'b'"),
    "open.csv": (b'title,text\nA,"Two died\nB,three died\n', "open.csv:2: not a row of a table: a quote that nothing"),
    "long.csv": (b"title,text\nA,Two died, police said\n", "long.csv:2: 3 cells for 2 columns"),
}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_article_is_refused_by_name(tmp_path: Path, name: str) -> None:
    content, why = FOREIGN[name]
    read = Read(tmp_path, name, content)
    assert read.reading.refused == len(read.said) == 1
    assert read.said[0].startswith(name)
    assert why in read.said[0]
    assert "\n" not in read.said[0]
    assert all("a died" in article["text"] for article in read.articles)


@pytest.mark.parametrize(
    ("name", "content", "values"),
    [
        ("a.jsonl", '{"id": "x", "text": "cut\n' + LINES, 4),
        ("a.txt", LINES + '{"id": "x", "text": "cut\n', 4),
        ("a", "# a comment\n" + LINES, 4),
        ("a.jsonl", "not JSON at all\nnor this\n", 2),
        ("a.json", "not JSON at all", 1),
        ("a.json", '[{"text": "a died"}, 3, {"text": oops}, {"text": "c died"}]', 4),
        ("a.jsonl", '{"text": "a died"}{"text": "b died"}\n' + LINES, 4),
        ("a.jsonl", "[1, 2]\n" + LINES, 4),
    ],
)  # fmt: skip
def test_a_broken_line_is_one_bad_record_and_no_text(tmp_path: Path, name: str, content: str, values: int) -> None:
    read = Read(tmp_path, name, content)
    assert len(read.values) == values
    assert read.said == []


@pytest.mark.parametrize(
    "text",
    [
        "[AFP] Two people died in Lyon.", "{sic} Two people died.", "Killed, wounded, missing\nTwo people died, one was hurt.\n",
        "1. Two people died.\n2. Three, police said, were hurt.\n", "<unconfirmed> Two people died.", "a < b & c > d. Two died.",
        "Text: two people died, four were hurt\nSource: police, Tuesday\n", "PK is a party. Two died.", "BM said two died.",
        "“Two died,” police said.", "RIFFA, Bahrain: two people died.", "MZ: two died.", "ORCHARD fire: two died.", "[1] Two died.",
    ],
)  # fmt: skip
def test_a_text_stays_a_text(tmp_path: Path, text: str) -> None:
    read = Read(tmp_path, "story.txt", text)
    assert [article["text"] for article in read.articles] == [text]
    assert read.articles[0]["id"] == "story"


@pytest.mark.parametrize("name", ["none.jsonl", "none.ndjson"])
def test_a_list_without_articles_is_one_of_none(tmp_path: Path, name: str) -> None:
    read = Read(tmp_path, name, b"")
    assert (read.articles, read.said) == ([], [])
