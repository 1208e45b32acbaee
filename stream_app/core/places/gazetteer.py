"""The compiled gazetteer: names and the entries they may denote, read in place from one memory-mapped file.

Layout of the file: 8 bytes magic, 8 bytes length of a JSON header, the header, then sections at 8-byte boundaries that
the header names. Names live in a marisa trie under their folded spelling, those in Cyrillic and Arabic in a second one
that texts in Latin letters never ask; everything else is a flat array. Nothing is copied to open it, and the pages are
shared by every process that maps the file.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import marisa_trie

from stream_app.core.places.folding import fold

MAGIC = b"SAPLACE2"
ALTERNATE = 1
COMMON_WORD, FIRST_NAME, SURNAME, DEMONYM, ACRONYM, POSTAL, SUPPLEMENT = 1, 2, 4, 8, 16, 32, 64
"""Bits of what else is known of a name: an English word, a person's name, written in capitals only, ..."""


class GazetteerError(Exception):
    """The file is not a gazetteer of this version; the message says what to do."""


class Entry(NamedTuple):
    """One place: `geonames_id` is None for what only our supplement knows; coordinates in degrees (WGS 84).

    `population` is 0 when unknown. `adm1` and `adm2` are the indexes of the entries that contain it, or None.
    """

    index: int  # type: ignore[assignment]  # hides the method of tuples, which nobody needs
    geonames_id: int | None
    name: str
    lat: float
    lon: float
    population: int
    country_code: str
    feature_class: str
    feature_code: str
    type: str
    adm1: int | None
    adm2: int | None


class OtherNames:
    """Names in Cyrillic and Arabic under their spelling by `fold_other`, and the entries that bear them."""

    def __init__(self, trie: memoryview, first: memoryview, postings: memoryview) -> None:
        self._trie = marisa_trie.Trie()
        self._trie.map(trie)
        self._first, self._postings = first, postings

    def has_prefix(self, folded: str) -> bool:
        """Whether any name begins with these folded characters."""
        return next(self._trie.iterkeys(folded), None) is not None

    def indexes(self, folded: str, limit: int | None = None) -> list[int]:
        """The entries of this name, the most prominent first; none if no entry bears it."""
        key = self._trie.get(folded)
        if key is None:
            return []
        start, end = self._first[key], self._first[key + 1]
        return list(self._postings[start : end if limit is None else min(end, start + limit)])


class Gazetteer:
    """Names to entries, from a file that `stream_app.gazetteer.build` wrote. Open it with `Gazetteer.open`."""

    def __init__(self, buffer: memoryview) -> None:
        header, base = _read_header(buffer)
        self.version: str = header["version"]
        self.counts: dict[str, int] = header["counts"]
        self.outlets: dict[str, list[Any]] = header["outlets"]
        self._countries: list[str] = header["countries"]
        self._features: list[list[str]] = header["features"]
        self._types: list[str] = header["types"]
        self._buffer = buffer
        sections: dict[str, list[Any]] = header["sections"]

        def section(name: str, code: Literal["B", "I", "i"]) -> memoryview:
            offset, length = sections[name]
            return buffer[base + offset : base + offset + length].cast(code)

        self.trie = marisa_trie.Trie()
        self.trie.map(section("trie", "B"))
        self.flags = section("flags", "B")
        self._first = section("first", "I")
        self._postings = section("postings", "I")
        self._ids = section("ids", "I")
        self._lat = section("lat", "i")
        self._lon = section("lon", "i")
        self._population = section("population", "I")
        self._country = section("country", "B")
        self._feature = section("feature", "B")
        self._type = section("type", "B")
        self._adm1 = section("adm1", "I")
        self._adm2 = section("adm2", "I")
        self._name_first = section("name_first", "I")
        self._names = section("names", "B")
        self.others = OtherNames(
            section("other_trie", "B"), section("other_first", "I"), section("other_postings", "I")
        )

    @classmethod
    def open(cls, path: Path | str) -> Gazetteer:
        """Map the file at `path`; takes milliseconds and next to no memory until names are looked up.

        Raises:
            GazetteerError: the file is not a gazetteer of this version.
            FileNotFoundError: there is no file; `stream-app gazetteer build` makes one.
        """
        with Path(path).open("rb") as file:
            try:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise GazetteerError(f"{path} is empty; build it again with `stream-app gazetteer build`") from error
        return cls(memoryview(mapped))

    def has_prefix(self, folded: str) -> bool:
        """Whether any name begins with these folded characters."""
        return next(self.trie.iterkeys(folded), None) is not None

    def lookup(self, name: str) -> list[Entry]:
        """Every entry that may be called `name`, the most prominent first; case and diacritics do not matter."""
        key = self.trie.get(fold(name))
        return [] if key is None else [self.entry(index) for index, _ in self.postings(key)]

    def postings(self, key: int, limit: int | None = None) -> list[tuple[int, bool]]:
        """The entries under the trie's key, the most prominent first, and whether the name is but an alternate one."""
        start, end = self._first[key], self._first[key + 1]
        if limit is not None:
            end = min(end, start + limit)
        return [(value >> 1, bool(value & ALTERNATE)) for value in self._postings[start:end]]

    def size(self, key: int) -> int:
        """How many entries bear the name."""
        return int(self._first[key + 1] - self._first[key])

    def entry(self, index: int) -> Entry:
        """The entry at `index`."""
        feature_class, feature_code = self._features[self._feature[index]]
        adm1, adm2 = self._adm1[index], self._adm2[index]
        return Entry(
            index=index,
            geonames_id=self._ids[index] or None,
            name=str(self._names[self._name_first[index] : self._name_first[index + 1]], "utf-8"),
            lat=self._lat[index] / 1e5,
            lon=self._lon[index] / 1e5,
            population=self._population[index],
            country_code=self._countries[self._country[index]],
            feature_class=feature_class,
            feature_code=feature_code,
            type=self._types[self._type[index]],
            adm1=adm1 - 1 if adm1 else None,
            adm2=adm2 - 1 if adm2 else None,
        )

    def countries(self) -> dict[str, int]:
        """The entry of each country, by its ISO code."""
        codes = [code for code, (_, feature) in enumerate(self._features) if feature in {"PCLI", "PCLD"}]
        feature = bytes(self._feature)
        found: dict[str, int] = {}
        for code in codes:
            at = feature.find(code)
            while at >= 0:
                found.setdefault(self._countries[self._country[at]], at)
                at = feature.find(code, at + 1)
        return found

    def population(self, index: int) -> int:
        """The inhabitants of the entry at `index`, without the rest of it."""
        return int(self._population[index])

    def prefixes(self, folded: str) -> Iterator[tuple[str, int]]:
        """Every stored name that `folded` begins with, shortest first, and its key."""
        prefixes: Iterator[tuple[str, int]] = self.trie.iter_prefixes_with_ids(folded)
        return prefixes

    def flags_of(self, folded: str) -> int:
        """What else is known of a folded word: bits of this module; 0 when it is not stored."""
        key = self.trie.get(folded)
        return 0 if key is None else int(self.flags[key])


def _read_header(buffer: memoryview) -> tuple[dict[str, Any], int]:
    """The header and the offset at which sections start."""
    if bytes(buffer[:8]) != MAGIC:
        raise GazetteerError("not a gazetteer of this version; build it again with `stream-app gazetteer build`")
    length = int.from_bytes(buffer[8:16], "little")
    header: dict[str, Any] = json.loads(bytes(buffer[16 : 16 + length]))
    return header, -(-(16 + length) // 8) * 8
