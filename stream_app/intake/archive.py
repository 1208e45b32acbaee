"""WARC: every page that was fetched whole, and every text that was made of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from stream_app.intake import page
from stream_app.intake.raw import MIB, Raw, Refuse, Refused, article
from stream_app.intake.stream import Stream, as_file

_PAGES = ("text/html", "application/xhtml+xml")
_OTHERS = {"warcinfo", "request", "metadata", "revisit", "continuation"}  # they hold no page


def read(stream: Stream, refuse: Refuse) -> Iterator[Raw]:
    """Every page and text of the archive; pages that hold no article are refused, each by its address.

    Raises:
        Refused: the archive is broken, or holds no page at all.
    """
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    passed: Counter[str] = Counter()
    given = 0
    try:
        for number, record in enumerate(ArchiveIterator(as_file(stream)), 1):
            origin = f"{stream.name} (record {number})"
            try:
                value = _article(record, origin, passed)
            except Refused as error:
                refuse(error)
                given += 1
                continue
            if value is not None:
                given += 1
                yield Raw(value, origin)
    except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
        raise Refused(stream.name, f"a broken WARC after {given} pages: {error}") from None
    if not given:
        held = ", ".join(f"{count} {kind}" for kind, count in passed.most_common(5))
        raise Refused(stream.name, f"a WARC without a page or text{f'; it holds {held}' if held else ''}")


def _article(record: Any, origin: str, passed: Counter[str]) -> bytes | None:
    """The article of one record; None where it can hold none."""
    url = record.rec_headers.get_header("WARC-Target-URI")
    where = f"{origin}, {url}" if url else origin
    if record.rec_type == "conversion":
        text = _content(record, where).decode("utf-8", "replace").strip()
        return article({"text": text, "url": url, "published_at": None}) if text else None
    headers = record.http_headers
    kind = (headers.get_header("Content-Type") if headers else record.content_type) or ""
    status = headers.get_statuscode() if headers and record.rec_type == "response" else "200"
    if record.rec_type not in {"response", "resource"} or not kind.startswith(_PAGES) or status != "200":
        passed[record.rec_type if record.rec_type in _OTHERS else kind.partition(";")[0] or "response"] += 1
        return None
    charset = kind.lower().partition("charset=")[2].strip("\"' ;") or None
    return page.article_of(_content(record, where), where, url, url=url, encoding=charset)


def _content(record: Any, where: str) -> bytes:
    content: bytes = record.content_stream().read(page.PAGE_BYTES + 1)
    if len(content) > page.PAGE_BYTES:
        raise Refused(where, f"a page of more than {page.PAGE_BYTES // MIB} MiB")
    return content
