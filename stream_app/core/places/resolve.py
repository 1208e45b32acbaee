"""Which entry each toponym denotes, decided for the article as a whole.

Every name of an article denotes one entry ("one sense per article"). Each candidate entry has a static score (its
prominence and class) and a score in context: the countries and divisions that the other names probably lie in, a
parent named after a comma, a class word beside the name, the outlet's home. Two rounds: the first gives the others'
probable countries, the second decides. All weights are in resolution.json, made by scripts/train_places.py.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import NamedTuple

from stream_app.core.places.gazetteer import Entry, Gazetteer
from stream_app.core.places.spotting import Spotted

LIMIT = 40
"""Namesakes considered, the most prominent first."""


class Home(NamedTuple):
    """Where an outlet's readers live: country, and the point of its town when it is a local one."""

    country_code: str
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate entry with its static score; `home` is the country and the divisions that hold it."""

    entry: Entry
    static: float
    country: str
    adm1: int | None
    adm2: int | None


@dataclass(slots=True)
class Name:
    """All mentions of one name in the article, and what was decided for them."""

    key: tuple[int | None, str, str]
    mentions: list[Spotted]
    options: Sequence[Option]
    parents: list[tuple[int | None, str, str]] = field(default_factory=list)
    hint: str = ""
    weights: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    @property
    def best(self) -> int:
        """The position of the most probable option."""
        return max(range(len(self.weights)), key=self.weights.__getitem__)


class Context:
    """How probably the other names of the article lie in a country or a division; each name's own part is left out."""

    def __init__(self, names: Iterable[Name]) -> None:
        self.total: dict[str | int, float] = {}
        self.own: dict[int, dict[str | int, float]] = {}
        self.count = 0
        for name in names:
            part = self.own[id(name)] = _areas(name)
            self.count += 1
            for area, weight in part.items():
                self.total[area] = self.total.get(area, 0.0) + weight

    def others(self, name: Name, area: str | int | None) -> float:
        """How many other names probably lie in the area."""
        if area is None or area == "":
            return 0.0
        return self.total.get(area, 0.0) - self.own[id(name)].get(area, 0.0)


def _areas(name: Name) -> dict[str | int, float]:
    found: dict[str | int, float] = {}
    for option, weight in zip(name.options, name.weights, strict=True):
        if weight < 0.02:
            continue
        for area in {option.country, option.adm1, option.adm2, option.entry.index}:
            if area is not None and area != "":
                found[area] = found.get(area, 0.0) + weight
    return found


class Resolver:
    """Decides for all names of an article at once."""

    def __init__(self, gazetteer: Gazetteer, weights: Mapping[str, float] | None = None) -> None:
        self._gazetteer = gazetteer
        self.weights = dict(weights) if weights is not None else load_weights()
        self._options: dict[tuple[int | None, str, str], tuple[Option, ...]] = {}

    def names(self, spotted: Sequence[Spotted], folded: Mapping[int, str]) -> list[Name]:
        """The article's names with their candidate entries, in order of first mention."""
        found: dict[tuple[int | None, str, str], Name] = {}
        for mention in spotted:
            key = (mention.key, mention.generic, folded[id(mention)] if mention.generic or mention.key is None else "")
            name = found.get(key)
            if name is None:
                name = found[key] = Name(key, [], self.options(key, mention.kind))
            name.mentions.append(mention)
        return list(found.values())

    def options(self, key: tuple[int | None, str, str], kind: str) -> tuple[Option, ...]:
        """The candidate entries of a name, the most prominent first."""
        known = self._options.get(key)
        if known is None:
            if len(self._options) > 50_000:
                self._options.clear()
            known = self._options[key] = tuple(self._read_options(key, kind))
        return known

    def _read_options(self, key: tuple[int | None, str, str], kind: str) -> list[Option]:
        trie_key, generic, folded = key
        entries: dict[int, bool] = {}
        if generic:
            whole = self._gazetteer.trie.get(folded)
            if whole is not None:
                entries.update(self._gazetteer.postings(whole, LIMIT))
        if trie_key is not None and (not generic or generic == "adm"):
            for index, alternate in self._gazetteer.postings(trie_key, LIMIT * (2 if generic else 1)):
                if not generic or self._gazetteer.entry(index).feature_class == "A":
                    entries.setdefault(index, alternate and not generic)
        read = [(self._gazetteer.entry(index), alternate) for index, alternate in entries.items()]
        if kind in {"demonym", "abbrev", "postal"}:
            read = [(entry, alternate) for entry, alternate in read if entry.feature_class in "AL"] or read
        return [self._option(entry, alternate, rank) for rank, (entry, alternate) in enumerate(read)]

    def _option(self, entry: Entry, alternate: bool, rank: int) -> Option:  # noqa: FBT001  # a posting's flag
        static = sum(self.weights.get(name, 0.0) * value for name, value in static_features(entry, alternate, rank))
        adm1 = entry.index if entry.feature_code == "ADM1" else entry.adm1
        adm2 = entry.index if entry.feature_code == "ADM2" else entry.adm2
        return Option(entry, static, entry.country_code, adm1, adm2)

    def resolve(self, names: Sequence[Name], home: Home | None) -> None:
        """Fill in each name's scores and weights (probabilities of its options)."""
        for name in names:
            name.scores = [option.static for option in name.options]
            name.weights = softmax(name.scores)
        for _ in range(2):
            context = Context(names)
            by_key = {name.key: name for name in names}
            for name in names:
                if name.options:
                    name.scores = [self._score(name, option, context, by_key, home) for option in name.options]
            for name in names:
                name.weights = softmax(name.scores)

    def _score(
        self,
        name: Name,
        option: Option,
        context: Context,
        by_key: Mapping[tuple[int | None, str, str], Name],
        home: Home | None,
    ) -> float:
        weights = self.weights
        return option.static + sum(
            [weights.get(feature, 0.0) * value for feature, value in context_features(name, option, context, by_key, home)]
        )


def static_features(entry: Entry, alternate: bool, rank: int) -> list[tuple[str, float]]:  # noqa: FBT001
    """What speaks for an entry whatever the article says: prominence, class, whether the name is its own."""
    kind = entry.feature_code if entry.feature_code in {"PPLC", "ADM1", "ADM2"} else entry.feature_class
    kind = "PCL" if entry.feature_code.startswith("PCL") else kind
    magnitude = math.log10(entry.population + 1)
    return [
        (f"class:{kind}", 1.0),
        (f"magnitude:{kind[0]}", magnitude),
        ("alternate", float(alternate)),
        ("alternate*magnitude", magnitude * alternate),
        ("first", float(rank == 0)),
        ("supplement", float(entry.geonames_id is None)),
    ]


def context_features(
    name: Name,
    option: Option,
    context: Context,
    by_key: Mapping[tuple[int | None, str, str], Name],
    home: Home | None,
) -> list[tuple[str, float]]:
    """What speaks for an option in this article."""
    country = context.others(name, option.country)
    adm1 = context.others(name, option.adm1)
    adm2 = context.others(name, option.adm2)
    features = [
        ("country:any", min(country, 1.0)),
        ("country:share", country / max(1, context.count - 1)),
        ("adm1:any", min(adm1, 1.0)),
        ("adm1:share", adm1 / max(1, context.count - 1)),
        ("adm2:any", min(adm2, 1.0)),
    ]
    if name.parents:
        inside = any(_within(option, by_key[parent]) for parent in name.parents if parent in by_key)
        features.append(("parent:inside" if inside else "parent:outside", 1.0))
    if name.hint:
        features.append((f"hint:{name.hint}:{option.entry.feature_class}", 1.0))
    if home is not None:
        features.extend(_home_features(option.entry, home))
    return features


def _within(option: Option, parent: Name) -> bool:
    """Whether the option lies in any entry that the parent's name may denote."""
    return any(
        (other.entry.index in (option.adm1, option.adm2) and other.entry.index != option.entry.index)
        or (other.entry.feature_code.startswith("PCL") and other.country == option.country)
        for other in parent.options
    )


def _home_features(entry: Entry, home: Home) -> list[tuple[str, float]]:
    features = [("home:country", float(entry.country_code == home.country_code))]
    if home.lat is not None and home.lon is not None:
        km = distance_km(entry.lat, entry.lon, home.lat, home.lon)
        features += [("home:near", math.exp(-km / 60)), ("home:region", math.exp(-km / 300))]
    return features


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres on a sphere of mean radius; within 0.6 % of the ellipsoid.

    >>> round(distance_km(50.45, 30.52, 49.98, 36.25))
    411
    """
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((phi2 - phi1) / 2) ** 2 + math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 12742.0176 * math.asin(min(1.0, math.sqrt(half)))


def softmax(scores: Sequence[float]) -> list[float]:
    """Probabilities in proportion to exp(score); empty for none.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    if not scores:
        return []
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def load_weights(file: str = "resolution.json") -> dict[str, float]:
    """The weights that ship with the package, by feature."""
    weights: dict[str, float] = json.loads(resources.files(__package__).joinpath(file).read_text(encoding="utf-8"))["weights"]
    return weights
