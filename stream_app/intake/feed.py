"""RSS and Atom: an entry is an article."""

from __future__ import annotations

import calendar
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from stream_app.intake.markup import text_of
from stream_app.intake.raw import Raw, Refuse, Refused, article
from stream_app.intake.stream import Stream

# A document that defines entities of its own can grow without bound; no feed needs to.
_DEFINES = re.compile(rb"<!ENTITY|<!DOCTYPE[^>\[]{0,1000}\[", re.IGNORECASE)


def read(stream: Stream, refuse: Refuse) -> Iterator[Raw]:
    """Every entry, oldest first; one without any text is refused.

    Raises:
        Refused: it is no feed, or it defines entities.
    """
    import feedparser  # noqa: PLC0415  # takes a tenth of a second to import

    data = stream.whole()
    if _DEFINES.search(data[:65536]):
        raise Refused(stream.name, "XML that defines entities; not read, for it may grow without bound")
    feed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not feed.entries:
        fault = feed.get("bozo_exception")
        raise Refused(stream.name, f"a feed without entries{f': {fault}' if fault else ''}")
    if feed.get("bozo") and not data.rstrip().endswith((b"</rss>", b"</feed>", b"RDF>")):
        refuse(Refused(stream.name, f"a feed that is cut off: {feed.get('bozo_exception')}; what came before was read"))
    for number, entry in _oldest_first(list(enumerate(feed.entries, 1))):
        origin = f"{stream.name} (entry {number})"
        fields = _fields(entry, feed.feed)
        if fields["text"]:
            yield Raw(article(fields), origin)
        else:
            refuse(Refused(origin, "an entry without a text"))


def _oldest_first(entries: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """Entries in the order of their times, as a stream has them; in that of the feed where one has no time."""
    times = [entry.get("published_parsed") or entry.get("updated_parsed") for _, entry in entries]
    return (
        entries
        if None in times
        else [entry for _, entry in sorted(zip(times, entries, strict=True), key=itemgetter(0))]
    )


def _fields(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> dict[str, Any]:
    """An entry's content, or its summary where that is all; a title alone is a text, too, as tickers have them."""
    contents = [_readable(content) for content in entry.get("content", ())]
    summary = _readable(entry.get("summary_detail") or {"value": entry.get("summary", "")})
    title = text_of(entry.get("title", "")).replace("\n\n", " ")
    origin = entry.get("source")
    link = entry.get("link") or ""
    link = link if link.startswith(("http://", "https://")) else None
    return {
        "id": None if link else entry.get("id"),
        "title": title,
        "url": link,
        "source": (origin.get("title") if origin else None) or feed.get("title"),
        "published_at": _time(entry.get("published_parsed") or entry.get("updated_parsed")),
        "language": entry.get("language") or feed.get("language"),
        "text": max([*contents, summary], key=len) or title,
    }


def _readable(content: Mapping[str, Any]) -> str:
    value = content.get("value") or ""
    return value.strip() if content.get("type") == "text/plain" and "<" not in value else text_of(value)


def _time(parsed: Any) -> str | None:
    if parsed is None:
        return None
    moment = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    return moment.isoformat().replace("+00:00", "Z")
