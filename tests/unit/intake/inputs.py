"""Files of every kind, made small, and what is read from them."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from stream_app.intake.raw import Options
from stream_app.intake.reading import Reading

ARTICLES = [{"id": f"a{number}", "text": f"{number + 2} people died in Lyon."} for number in range(3)]
LINES = "".join(json.dumps(article) + "\n" for article in ARTICLES)
PAGE = """<!doctype html><html lang="en-GB"><head><title>Bus crash kills nine - Hill Post</title>
<meta property="og:site_name" content="Hill Post"><meta property="og:title" content="Bus crash kills nine">
<meta property="article:published_time" content="2024-03-01T10:00:00+02:00">
<link rel="canonical" href="https://hill.example/a/1"></head>
<body><nav><a href="/">Home</a> <a href="/w">World: 3 killed</a></nav>
<article><h1>Bus crash kills nine</h1><p>Nine people were killed when a bus left the road near Lima, police said.</p>
<p>Four others were hurt.</p></article>
<aside>Most read: 40 killed in flood</aside><footer>Copyright 2024 Hill Post</footer></body></html>"""
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Hill Post</title><language>en</language>
<item><title>Bus</title><link>https://hill.example/2</link><pubDate>Fri, 01 Mar 2024 10:00:00 +0100</pubDate>
<description>&lt;p&gt;Nine &lt;b&gt;died&lt;/b&gt;.&lt;/p&gt;&lt;p&gt;Two hurt.&lt;/p&gt;</description></item>
<item><title>Older</title><link>https://hill.example/1</link><pubDate>Thu, 29 Feb 2024 10:00:00 GMT</pubDate>
<description>One died.</description></item></channel></rss>"""
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Hill Post</title>
<entry><id>urn:hill:1</id><title>Quake</title><updated>2024-03-01T10:00:00Z</updated>
<content type="html">&lt;p&gt;Five died.&lt;/p&gt;</content></entry></feed>"""


def warc(*pages: tuple[str, str, bytes], status: str = "200 OK") -> bytes:
    """An archive of responses: address, type of content, content."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for url, kind, content in pages:
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        record = writer.create_warc_record(url, "response", payload=io.BytesIO(content), http_headers=headers)
        writer.write_record(record)
    return out.getvalue()


class Read:
    """What is read of a file with this name and content: articles, where they were, and what was refused."""

    def __init__(self, folder: Path, name: str, content: str | bytes, options: Options | None = None) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self.said: list[str] = []
        self.reading = Reading([str(path)], options, self.said.append)
        raws = list(self.reading)
        self.values = [raw.value for raw in raws]
        self.origins = [raw.origin.removeprefix(str(folder) + "/") for raw in raws]
        self.said = [line.replace(str(folder) + "/", "") for line in self.said]

    @property
    def articles(self) -> list[dict[str, Any]]:
        return [json.loads(value) for value in self.values]


def packed(content: str) -> bytes:
    return gzip.compress(content.encode(), mtime=0)
