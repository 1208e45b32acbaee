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
_HOST: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/@?#\\]*@)?([^/:?#@\\\s]+)", re.IGNORECASE)
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
_GATHERED: Final = frozenset({
    "msn.com", "yahoo.com", "yahoo.co.jp", "aol.com", "newsbreak.com", "apple.news", "flipboard.com", "smartnews.com",
    "feedly.com", "inoreader.com", "ground.news", "pressreader.com", "dailyhunt.in", "newsnow.co.uk", "headtopics.com",
    "news.google.com",
})  # fmt: skip
"""Domains, or hosts, with the articles of many outlets: each page is a source of its own."""
_ACCOUNTS: Final = frozenset({
    "twitter.com", "x.com", "facebook.com", "instagram.com", "threads.net", "t.me", "telegram.me", "youtube.com",
    "tiktok.com", "reddit.com", "medium.com", "vk.com", "ok.ru", "weibo.com", "linkedin.com", "quora.com", "bsky.app",
    "pastebin.com", "telegra.ph", "dzen.ru", "rumble.com", "odysee.com", "dailymotion.com", "vimeo.com",
})  # fmt: skip
"""Domains where everybody may publish: the account is the source, or the page where the address names none."""
_NO_ACCOUNT: Final = frozenset({
    "", "watch", "shorts", "embed", "video", "videos", "posts", "post", "p", "reel", "status", "i", "web", "r",
    "groups", "group", "events", "permalink.php", "story.php", "share", "share.php", "photo", "photo.php", "pages",
    "hashtag", "search", "feed", "news", "pulse", "media", "a", "id", "embed.php", "c", "user", "channel", "profile",
})  # fmt: skip
_MOST_OF_A_PAGE: Final = 300
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

    Where many publish at one domain, it is the account's or the page's address there.

    Source: the public suffix list (publicsuffix.org).

    >>> domain_of("https://www.bbc.co.uk/news/1"), domain_of("edition.cnn.com"), domain_of("The Daily Planet")
    ('bbc.co.uk', 'cnn.com', '')
    >>> domain_of("https://web.archive.org/web/2022/http://www.dawn.com/news/1"), domain_of("https://perma.cc/AB12-CD34")
    ('dawn.com', '')
    >>> domain_of("https://t.me/s/somebody/12"), domain_of("https://www.msn.com/en-us/news/a-12"), domain_of("msn.com")
    ('t.me/somebody', 'msn.com/en-us/news/a-12', '')
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
        return _shared(address, host, domain)
    inside = _held(address)
    if inside and depth < _DEEPEST:
        return _domain_of(inside, depth + 1)
    return "" if domain in _ARCHIVES or host in _ARCHIVES else _shared(address, host, domain)


def _shared(address: str, host: str, domain: str) -> str:
    """The domain, or, where many publish there, the account or the page that the address names, "" without one."""
    gathered = domain in _GATHERED or host in _GATHERED
    if not gathered and domain not in _ACCOUNTS:
        return domain
    path = address.split("#", 1)[0].split("//", 1)[-1].partition("/")[2].strip("/")
    parts = path.split("?", 1)[0].split("/")
    account = (parts[1] if parts[0] == "s" and len(parts) > 1 else parts[0]).removeprefix("@").lower()
    if not gathered and account not in _NO_ACCOUNT:
        return f"{domain}/{account}"[:_MOST_OF_A_PAGE]
    return f"{domain}/{path}"[:_MOST_OF_A_PAGE] if path else ""


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
