"""Where an outlet's readers live: local papers write "Paris" for the Paris next door."""

from __future__ import annotations

import re
from typing import NamedTuple

from stream_app.core.events import Article
from stream_app.core.places import place_words
from stream_app.core.places.gazetteer import Entry, Gazetteer

_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/@]*@)?([^/:?#]+)")
_ARCHIVED = re.compile(r"(?<=[/=])https?://")
"""Where the address of the page begins in that of an archive's copy of it."""
_LONGEST_HOST, _LONGEST_LABEL = 253, 63
"""Characters that a name server would take."""
_PAPER = "|".join(place_words.PAPER)
_OF_THE_TRADE = re.compile(rf"^(?:{_PAPER})|(?:{_PAPER})$")
_GENERIC_TLDS = place_words.words_of("com org net info tv me co io fm biz eu int edu gov mil news online site app dev")
_COUNTRY_OF_TLD = {"uk": "GB", "gov": "US", "mil": "US", "edu": "US"}


class Home(NamedTuple):
    """Where an outlet's readers live: a country, and the point of its town (degrees) when it is a local one."""

    country_code: str
    lat: float | None = None
    lon: float | None = None


class Outlets:
    """Homes of outlets: from the gazetteer's table, else guessed from the host name; bounded memory."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._known: dict[str, Home | None] = {}

    def home(self, article: Article) -> Home | None:
        """The home of the outlet that `source` or `url` names; None when nothing is known of it."""
        for source in (article.source, article.url):
            host = host_of(source)
            if not host:
                continue
            if host not in self._known:
                if len(self._known) > 10_000:
                    self._known.clear()
                self._known[host] = self._listed(host) or self._guessed(host)
            if self._known[host] is not None:
                return self._known[host]
        return None

    def _listed(self, host: str) -> Home | None:
        """The home in our table, of the host or of a domain it belongs to."""
        labels = host.split(".")
        for start in range(len(labels)):
            found = self._gazetteer.outlets.get(".".join(labels[start:]))
            if found is not None:
                return Home(*found)
        return None

    def _guessed(self, host: str) -> Home | None:
        """A home from the names in the host, "kansascity.com", and its country domain."""
        *labels, top = host.split(".")
        country = _COUNTRY_OF_TLD.get(top) or (top.upper() if len(top) == 2 and top not in _GENERIC_TLDS else "")
        for label in labels:
            named = self._named(label, country)
            if named is not None and named.feature_code.startswith("PCL"):
                return Home(named.country_code)
            if named is not None:
                return Home(named.country_code, named.lat, named.lon)
        return Home(country) if country else None

    def _named(self, label: str, country: str) -> Entry | None:
        """The most prominent place that a host label is named for, with the words of the trade taken off."""
        for name in _stripped(label.replace("-", "")):
            written, meant = place_words.SAINT
            saint = (f"{meant} {name[len(written) :]}",) if name.startswith(written) else ()
            for spelling in (name, *saint, *(f"{name[:i]} {name[i:]}" for i in range(2, len(name) - 1))):
                found = [
                    entry
                    for entry in self._gazetteer.lookup(spelling)[:10]
                    if entry.feature_class in "PA"
                    and (entry.country_code == country if country else entry.population >= 20_000)
                ]
                if found:
                    return next((entry for entry in found if entry.feature_class == "P"), found[0])
        return None


def host_of(source: str | None) -> str:
    """The host that a URL or a bare host names, without "www."; "" for anything else. An archive's copy is the page's.

    >>> host_of("https://www.kharkivtoday.example/a?b"), host_of("kansascity.com"), host_of("Daily News")
    ('kharkivtoday.example', 'kansascity.com', '')
    >>> host_of("http://web.archive.org/web/20160223/http://www.wmctv.com:80/a.html")
    'wmctv.com'
    """
    if not source:
        return ""
    text = source.strip().lower()
    archived = [found.start() for found in _ARCHIVED.finditer(text)]
    match = _HOST.match(text, archived[-1] if archived else 0)
    host = match.group(1) if match else text
    host = host.removeprefix("www.")
    if len(host) > _LONGEST_HOST or max(map(len, host.split("."))) > _LONGEST_LABEL:
        return ""
    return host if "." in host and " " not in host and "/" not in host else ""


def _stripped(label: str) -> list[str]:
    """The label with words of the trade taken off either end, longest remainder first; nothing under four letters.

    >>> _stripped("thekansascitytimes")
    ['thekansascitytimes', 'kansascitytimes', 'kansascity']
    """
    found = [label]
    remainder = label
    while True:
        shorter = _OF_THE_TRADE.sub("", remainder, count=1)
        if shorter == remainder or len(shorter) < 4:
            break
        remainder = shorter
        found.append(remainder)
    return found
