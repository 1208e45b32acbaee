"""An HTML page as one article: its main text, and what its head says of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson
from lxml import html

from stream_app.core.language.printable import escaped
from stream_app.core.poison import PoisonError, caught
from stream_app.core.wire.times import read_time
from stream_app.intake.markup import blocks_of, parsed
from stream_app.intake.raw import MIB, Raw, Refused, article
from stream_app.intake.stream import Stream

PAGE_BYTES = 16 * MIB  # pictures written into a page included; the extractor needs seconds a megabyte
LEAST_SIGNS = 20  # of a text: less is the rest of a page that a script would have filled
_ARTICLES = re.compile(r"(?:\w*Article|\w*BlogPosting|Report|LiveBlogPosting|WebPage|VideoObject)$")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})|<\?xml[^>]{0,100}encoding=[\"']([\w-]{2,30})", re.IGNORECASE
)
_TITLES = ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title")
_SITES = ("og:site_name", "application-name", "article:publisher", "dc.publisher", "twitter:site")
_DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "date", "pubdate",
    "publishdate", "publish-date", "publish_date", "publication_date", "dc.date.issued", "dc.date", "dcterms.issued",
    "dcterms.created", "dcterms.date", "dc.date.created", "parsely-pub-date", "sailthru.date", "article.published",
    "cxenseparse:recs:publishtime", "bt:pubdate", "citation_publication_date",
)  # fmt: skip
_PRUNED = (
    "//nav", "//footer", "//aside", "//form", "//*[@role='navigation' or @role='complementary' or @role='contentinfo']",
    "//*[@hidden or @aria-hidden='true']",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' menu ') or @id='menu']",
)  # fmt: skip


def read(stream: Stream, key: str) -> Iterator[Raw]:
    """The one article of the page; its id comes of its address where it has one, else it is `key`.

    Raises:
        Refused: no text is found in it, or its encoding is unknown.
    """
    yield Raw(article_of(stream.whole(PAGE_BYTES), stream.name, key), stream.name)


def article_of(
    page: bytes, origin: str, key: str | None, *, url: str | None = None, encoding: str | None = None
) -> bytes:
    """A raw article of a page's bytes.

    `url` is where the page was fetched from, if that is known, and `encoding` what it was fetched with.
    """
    text = decoded(page, origin, encoding)
    tree = parsed(text)
    if tree is None:
        raise Refused(origin, "a page that cannot be read as HTML: nothing in it, or nested without end")
    meta = _Head(tree, url)
    body = _main_text(text, tree, meta.title)
    if len(body) < LEAST_SIGNS:
        raise Refused(origin, "a page without an article's text (one that scripts fill, or a list of links)")
    fields = {
        "title": meta.title, "url": meta.url, "source": meta.site, "published_at": meta.published_at,
        "language": meta.language, "text": body,
    }  # fmt: skip
    return article({"id": key if meta.url is None else None, **fields})


def decoded(page: bytes, origin: str, encoding: str | None = None) -> str:
    """A page's bytes as text: UTF-8, else what the page or its server declares."""
    try:
        return page.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        declared = _CHARSET.search(page[:4096])
        named = (declared[1] or declared[2]).decode() if declared else encoding
        line, byte = page.count(b"\n", 0, error.start) + 1, page[error.start]
    try:
        # Browsers read ISO-8859-1 as its extension, and so do those who write such pages.
        return page.decode("cp1252" if (named or "").lower() in {"iso-8859-1", "latin-1", "ascii"} else named or "")
    except (LookupError, UnicodeDecodeError):
        said = f"says that it is {escaped(named)}, and is not" if named else f"not UTF-8 (byte 0x{byte:02x})"
        raise Refused(f"{origin}:{line}", f"{said}; name what it is, such as --encoding cp1252") from None


def _main_text(page: str, tree: html.HtmlElement, title: str | None) -> str:
    """The article's own paragraphs, a blank line between them."""
    trafilatura = _extractor()

    found = trafilatura.bare_extraction(
        page, with_metadata=False, include_comments=False, include_tables=False, prune_xpath=list(_PRUNED)
    )
    text = (found.text if found is not None else None) or ""
    blocks = [block.strip() for block in text.split("\n") if block.strip()]
    if blocks and title and _same(blocks[0], title):
        blocks = blocks[1:]
    if sum(map(len, blocks)) >= LEAST_SIGNS:
        return "\n\n".join(blocks)
    inner = tree.xpath("//article | //main | //*[@itemprop='articleBody']")
    return blocks_of(inner[0]) if inner else ""


@cache
def _extractor() -> Any:
    import trafilatura  # noqa: PLC0415  # takes half a second to import

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it finds nothing in is refused by name
    return trafilatura


def _day_of(tree: html.HtmlElement, url: str | None) -> str | None:
    """The day that the address or the markup gives; no day is guessed from the text."""
    from htmldate import find_date  # noqa: PLC0415

    try:
        found: str | None = find_date(tree, extensive_search=False, original_date=True, url=url)
    except (ValueError, TypeError):
        return None
    return read_time(found)


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


class _Head:
    """What a page says of itself: JSON-LD first, then OpenGraph and its like, then plain HTML."""

    def __init__(self, tree: html.HtmlElement, fetched: str | None) -> None:
        self._tree, self._fetched = tree, fetched
        self._metas = self._read_metas()
        self._linked = _linked_data(tree)

    @property
    def title(self) -> str | None:
        """The headline; the window's title only where there is no other."""
        headings = self._tree.xpath("//h1")
        window = self._tree.findtext(".//title")
        one_heading = headings[0].text_content() if len(headings) == 1 else None
        return _first(self._linked.get("headline"), *map(self._metas.get, _TITLES), one_heading, window)

    @property
    def url(self) -> str | None:
        """The page's own address: the canonical one, unless it names a whole site."""
        links = self._tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href")
        entity = self._linked.get("mainEntityOfPage")
        entity = entity.get("@id") if isinstance(entity, Mapping) else entity
        for found in (*links[:1], self._metas.get("og:url"), self._linked.get("url"), entity, self._fetched):
            if isinstance(found, str) and (address := _address(found, self._fetched)):
                return address
        return None

    @property
    def site(self) -> str | None:
        """Who publishes it; the host where nothing says so."""
        publisher = self._linked.get("publisher")
        publisher = publisher[0] if isinstance(publisher, list) and publisher else publisher
        named = publisher.get("name") if isinstance(publisher, Mapping) else publisher
        metas = (self._metas.get(name) for name in _SITES)
        found = _first(self._metas.get("og:site_name"), named, *(site for site in metas if site and "/" not in site))
        return found or (urlsplit(self.url).hostname if self.url else None)

    @property
    def published_at(self) -> str | None:
        """The first time given that can be read; of the article, not of its last change."""
        timed = self._tree.xpath("//time[@itemprop='datePublished' or @pubdate]/@datetime")
        items = self._tree.xpath("//*[@itemprop='datePublished']/@content")
        inner = self._tree.xpath("//article//time[1]/@datetime") or self._tree.xpath("//time/@datetime")
        candidates = (self._linked.get("datePublished"), *map(self._metas.get, _DATES), *items, *timed, *inner[:1])
        for candidate in candidates:
            found = caught(read_time, candidate) if isinstance(candidate, str) else None
            if found and not isinstance(found, PoisonError):
                return found
        return _day_of(self._tree, self.url)

    @property
    def language(self) -> str | None:
        """BCP 47, as the page declares it."""
        declared = (self._tree.get("lang"), self._linked.get("inLanguage"), self._metas.get("og:locale"))
        found = next((one for one in declared if isinstance(one, str) and _LANGUAGE.fullmatch(one.strip())), None)
        return found.strip().replace("_", "-") if found else None

    def _read_metas(self) -> dict[str, str]:
        metas: dict[str, str] = {}
        for element in self._tree.iter("meta"):
            name = element.get("property") or element.get("name") or element.get("itemprop")
            content = element.get("content")
            if name and content and content.strip():
                metas.setdefault(name.strip().lower(), content.strip())
        return metas


def _first(*values: object) -> str | None:
    """The first of these that is a text with something in it, in one line."""
    texts = (" ".join(value.split()) for value in values if isinstance(value, str))
    return next(filter(None, texts), None)


def _address(found: str, base: str | None) -> str | None:
    try:
        address = urljoin(base, found.strip()) if base else found.strip()
        parts = urlsplit(address)
    except ValueError:
        return None
    whole_site = parts.path in {"", "/"} and not parts.query
    return address if parts.scheme in {"http", "https"} and parts.hostname and not whole_site else None


def _linked_data(tree: html.HtmlElement) -> Mapping[str, Any]:
    """The article among the JSON-LD of a page; of several the first, a plain page only where there is no other."""
    found: list[Mapping[str, Any]] = []
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            found += _things(orjson.loads((script.text or "").strip()))
        except orjson.JSONDecodeError:
            continue
    articles = [thing for thing in found if _ARTICLES.match(_type(thing))]
    return min(articles, key=lambda thing: _type(thing) in {"WebPage", "VideoObject"}, default={})


def _things(value: Any) -> Iterator[Mapping[str, Any]]:
    """Objects at the top of a JSON-LD document, lists and graphs opened; what they contain is something else."""
    for thing in value if isinstance(value, list) else [value]:
        if isinstance(thing, Mapping):
            graph = thing.get("@graph")
            yield from (inner for inner in graph if isinstance(inner, Mapping)) if isinstance(graph, list) else [thing]


def _type(thing: Mapping[str, Any]) -> str:
    kind = thing.get("@type")
    kind = kind[0] if isinstance(kind, list) and kind else kind
    return kind if isinstance(kind, str) else ""
