"""Whose page an address is: the registered domain of its host; that of an archive is whose page it keeps."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final
from urllib.parse import unquote

from publicsuffixlist import PublicSuffixList

LONGEST: Final = 2048
"""No address is longer: what is, is read to here."""
_DEEPEST: Final = 3
_HOST: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/@?#]*@)?([^/:?#@\\\s]+)", re.IGNORECASE)
_BARE: Final = re.compile(r"(?=[^/]*\.[^\W\d_])([\w-]+(?:\.[\w-]+)+)\.?(?::\d+)?(?:[/?#].*)?", re.DOTALL)
_LABELS: Final = re.compile(r"(?!.{254})[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_NUMBERED: Final = re.compile(r"[\d.]+")
_ARCHIVES: Final = frozenset({
    "archive.org", "archive.today", "archive.ph", "archive.is", "archive.li", "archive.vn", "archive.md", "archive.fo",
    "archive-it.org", "arquivo.pt", "perma.cc", "nationalarchives.gov.uk", "googleusercontent.com", "ghostarchive.org",
    "ampproject.org", "translate.goog", "12ft.io", "webcitation.org", "cachedview.nl", "bing.com", "freezepage.com",
    "swap.stanford.edu", "jina.ai", "megalodon.jp", "uni-trier.de", "loc.gov",
})  # fmt: skip
"""Domains that keep or pass on the pages of others: theirs is the page inside the address, or nobody's."""
_PASSING_ON: Final = re.compile(r"(?:^|\.)(?:google\.[a-z.]+|facebook\.com|t\.co|bit\.ly|yandex\.[a-z]+)$")
"""Hosts with pages of their own that pass on those of others, too."""
_INSIDE: Final = re.compile(
    r"https?:/{1,2}[^/\s]"  # .../web/2022/http://host/page, ...?u=https://host
    r"|(?<=/)\d{4,14}[a-z_]*/(?=[\w-]+\.[a-z])"  # .../web/2022id_/host/page
    r"|(?<=cache:)(?:[\w-]+:)?(?=[\w-]+\.)"  # ...?q=cache:ID:host/page
    r"|(?<=/amp/s/)|(?<=/amp/)(?!s/)|(?<=/c/s/)|(?<=/v/s/)|(?<=/c/)(?!s/)|(?<=/v/)(?!s/)",  # .../amp/s/host/page
    re.IGNORECASE,
)
_DASHED: Final = re.compile(r"([\w-]+)\.(?:cdn\.ampproject\.org|translate\.goog)$", re.IGNORECASE)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)


def domain_of(address: str | None) -> str:
    """The registered domain that an address or a bare host belongs to, "" where it is none or hides whose it is.

    Source: the public suffix list (publicsuffix.org).

    >>> domain_of("https://www.bbc.co.uk/news/1"), domain_of("edition.cnn.com"), domain_of("The Daily Planet")
    ('bbc.co.uk', 'cnn.com', '')
    >>> domain_of("https://web.archive.org/web/2022/http://www.dawn.com/news/1"), domain_of("https://perma.cc/AB12-CD34")
    ('dawn.com', '')
    """
    return _domain_of(address[:LONGEST].strip(), 0) if address else ""


@lru_cache(maxsize=10_000)
def _registered(host: str) -> str:
    try:
        ascii_host = host.encode("idna").decode()
    except UnicodeError:  # an empty label, or one that is too long
        return ""
    if _LABELS.fullmatch(ascii_host) is None:
        return ""
    if _NUMBERED.fullmatch(ascii_host):
        return ascii_host
    return _suffixes().privatesuffix(ascii_host) or ascii_host


def _domain_of(address: str, depth: int) -> str:
    host = _host(address)
    if not host:
        return ""
    dashed = _DASHED.fullmatch(host)
    if dashed is not None:
        return _registered(dashed[1].replace("--", "\0").replace("-", ".").replace("\0", "-"))
    domain = _registered(host)
    if domain not in _ARCHIVES and host not in _ARCHIVES and _PASSING_ON.search(host) is None:
        return domain
    inside = _held(address)
    if inside and depth < _DEEPEST:
        return _domain_of(inside, depth + 1)
    return "" if domain in _ARCHIVES or host in _ARCHIVES else domain


def _host(address: str) -> str:
    found = _HOST.match(address) or _BARE.fullmatch(address)
    return "" if found is None else found[1].rstrip(".").lower()


def _held(address: str) -> str:
    """The address inside that of an archive, "" where there is none."""
    path = unquote(address.split("//", 1)[-1])
    found = _INSIDE.search(path)
    if found is None:
        return ""
    if found[0].lower().startswith("http"):
        return path[found.start() :].replace(":/", "://", 1).replace(":///", "://", 1)
    return "//" + path[found.end() :]
