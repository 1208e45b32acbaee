"""Columns and keys by the names that people give them, as the fields of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

# Names in order of preference; a field's own name comes before all.
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "articleid", "docid", "documentid", "guid", "uuid"),
    "text": (
        "text", "body", "content", "articletext", "articlebody", "fulltext", "maintext", "bodytext", "contenttext",
        "article", "story", "storytext", "plaintext", "cleantext",
    ),
    "title": ("title", "headline", "heading", "head", "articletitle"),
    "url": ("url", "link", "href", "permalink", "articleurl", "weburl", "uri", "canonicalurl"),
    "source": (
        "source", "publisher", "outlet", "sourcename", "publication", "newspaper", "site", "sitename", "website",
        "domain", "agency",
    ),
    "published_at": (
        "publishedat", "published", "pubdate", "datepublished", "publicationdate", "publisheddate", "publishdate",
        "publishtime", "publishedtime", "articledate", "date", "datetime", "timestamp", "time", "createdat",
    ),
    "language": ("language", "lang", "languagecode", "locale"),
}  # fmt: skip
_NOT_LETTERS = re.compile(r"[^0-9a-z]")


def plain(name: str) -> str:
    """A name without what people write differently.

    >>> plain("pubDate") == plain("Pub_date ") == "pubdate"
    True
    """
    return _NOT_LETTERS.sub("", name.casefold())


def columns_of(names: Iterable[str], given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Which of these names holds which field; what the user gave comes first.

    >>> columns_of(["Headline", "Article Body", "pubDate", "desk"])
    {'text': 'Article Body', 'title': 'Headline', 'published_at': 'pubDate'}
    """
    found = dict(given or {})
    known = {plain(name): name for name in reversed(list(names)) if name not in found.values()}
    for field, aliases in NAMES.items():
        name = next((known[alias] for alias in aliases if alias in known), None)
        if field not in found and name is not None:
            found[field] = name
    return found


def renamed(record: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The record with its fields named as an article's; whatever else it has keeps its name.

    >>> renamed({"body": "Two died.", "desk": 3}, {"text": "body"})
    {'text': 'Two died.', 'desk': 3}
    """
    fields = {field: record[name] for field, name in columns.items() if name in record}
    others = {name: value for name, value in record.items() if name not in columns.values() and name not in fields}
    return {**fields, **others}
