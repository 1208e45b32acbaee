"""Which entry each toponym denotes, decided for the article as a whole.

Every name of an article denotes one entry ("one sense per article"). Each candidate entry has a static score (its
prominence and class) and a score in context: the countries and divisions that the other names probably lie in, a
parent named after a comma, a class word beside the name, the outlet's home. Two rounds: the first gives the others'
probable countries, the second decides. All weights are in resolution.json, made by scripts/train_places.py.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from operator import mul
from typing import Any, NamedTuple

from stream_app.core.places.gazetteer import Entry, Gazetteer
from stream_app.core.places.geometry import distance_km
from stream_app.core.places.outlet import Home
from stream_app.core.places.spotting import NameKey, Spotted

LIMIT = 40
"""Namesakes considered, the most prominent first."""

_AREAS_ONLY = frozenset({"demonym", "abbrev", "postal"})


class Option(NamedTuple):
    """A candidate entry with its static score and the areas it lies in."""

    entry: Entry
    static: float
    country: str
    adm1: int | None
    adm2: int | None
    areas: tuple[str | int, ...]


class Namesakes(NamedTuple):
    """The candidate entries of a name, whatever the article: how probable each is, and how probable each area.

    `indexes` are those of the entries, `nations` the codes of the countries among them.
    """

    options: tuple[Option, ...]
    weights: list[float]
    areas: dict[str | int, float]
    indexes: frozenset[int]
    nations: frozenset[str]


@dataclass(slots=True)
class Name:
    """All mentions of one name in the article, what stands beside them, and what was decided.

    `parents` are the names that follow after a comma; `hint` is the class that a word beside the name gives it.
    `lone`: the best option is a small place of a country that nothing else in the article lies in.
    `weights` are the probabilities of the options; at first those that they have by themselves, `alone`.
    """

    key: NameKey
    mentions: list[Spotted]
    alone: Namesakes
    options: Sequence[Option]
    weights: list[float]
    parents: list[Name] = field(default_factory=list)
    hint: str = ""
    best: int = 0
    lone: bool = False


CONTEXT = (
    "country:any", "country:share", "adm1:any", "adm1:share", "adm2:any", "home:country", "home:near", "home:region",
    "parent:inside", "parent:outside", "hint:adm:A", "hint:town:P", "hint:parent:A", "hint:adm:P", "hint:town:A",
    "hint:parent:P",
)  # fmt: skip
"""What may speak for an option in an article, in the order of `context_values`."""

HOPELESS = 12.0
"""Options whose static score lies this far below the best one's are dropped: no context makes up for it."""

SETTLED = 0.99
"""When every name has an option of at least this probability, another round would change nothing."""

SEAT, GREAT_CITY = 1.0, 1_000_000
"""Log-odds, less than words for the division weigh ("Albany, New York"), and inhabitants; the corpora contradict each
other here, for one of them takes every New York for the state."""

_NO_HOME = (0.0, 0.0, 0.0)
_NO_HINT = (0.0,) * 6
_HINT_VALUES = {
    tuple(feature.split(":")[1:]): tuple(float(feature == other) for other in CONTEXT[10:]) for feature in CONTEXT[10:]
}


class Resolver:
    """Decides for all names of an article at once."""

    def __init__(self, gazetteer: Gazetteer, weights: Mapping[str, float] | None = None) -> None:
        self._gazetteer = gazetteer
        self.weights = dict(weights if weights is not None else load_json("resolution.json")["weights"])
        self._context = tuple(self.weights.get(feature, 0.0) for feature in CONTEXT)
        self._hints: dict[str, dict[str, float]] = {}
        for hint, feature_class in _HINT_VALUES:
            self._hints.setdefault(hint, {})[feature_class] = self.weights.get(f"hint:{hint}:{feature_class}", 0.0)
        self._namesakes: dict[tuple[NameKey, bool], Namesakes] = {}
        self._homes: dict[Home, _Nearness] = {}

    def names(self, mentions: Sequence[Spotted]) -> dict[NameKey, Name]:
        """The article's names with their candidate entries, in order of first mention."""
        found: dict[NameKey, Name] = {}
        for mention in mentions:
            name = found.get(mention.key)
            if name is None:
                alone = self.namesakes(mention.key, mention.kind)
                name = found[mention.key] = Name(mention.key, [], alone, alone.options, alone.weights)
            name.mentions.append(mention)
        return found

    def namesakes(self, key: NameKey, kind: str) -> Namesakes:
        """The candidate entries of a name, the most prominent first; remembered."""
        areas_only = kind in _AREAS_ONLY
        known = self._namesakes.get((key, areas_only))
        if known is None:
            if len(self._namesakes) > 50_000:
                self._namesakes.clear()
            options = self._options(key, kind)
            known = self._namesakes[key, areas_only] = _namesakes(options)
        return known

    def _options(self, key: NameKey, kind: str) -> tuple[Option, ...]:
        """The entries that a name may denote, without the hopeless ones."""
        entries = self.entries(key, kind)
        read = _prefer_seats(
            [self._option(entry, alternate=flag, rank=rank) for rank, (entry, flag) in enumerate(entries)]
        )
        best = max((option.static for option in read), default=0.0)
        return tuple(option for option in read if option.static > best - HOPELESS)

    def entries(self, key: NameKey, kind: str) -> list[tuple[Entry, bool]]:
        """Entries and whether the name is but an alternate one; in a name with a generic noun, only of that class."""
        trie_key, generic, folded = key
        found: dict[int, bool] = {}
        if generic:
            whole = self._gazetteer.trie.get(folded)
            if whole is not None:
                found.update(self._gazetteer.postings(whole, LIMIT))
        if trie_key is not None and generic in {"", "adm"}:
            for index, alternate in self._gazetteer.postings(trie_key, LIMIT * (2 if generic else 1)):
                if not generic or self._gazetteer.entry(index).feature_class == "A":
                    found.setdefault(index, alternate and not generic)
        entries = [(self._gazetteer.entry(index), alternate) for index, alternate in found.items()]
        if kind in _AREAS_ONLY:
            entries = [item for item in entries if item[0].feature_class in "AL"] or entries
        return entries

    def _option(self, entry: Entry, *, alternate: bool, rank: int) -> Option:
        weights, static = self.weights, 0.0
        for feature, value in static_features(entry, alternate=alternate, rank=rank):
            if value:
                static += weights.get(feature, 0.0) * value
        adm1 = entry.index if entry.feature_code == "ADM1" else entry.adm1
        adm2 = entry.index if entry.feature_code == "ADM2" else entry.adm2
        areas = dict.fromkeys(area for area in (entry.country_code, adm1, adm2, entry.index) if area not in (None, ""))
        return Option(entry, static, entry.country_code, adm1, adm2, tuple(areas))

    def resolve(self, names: Sequence[Name], home: Home | None) -> None:
        """Fill in the weights of each name's options and its best one."""
        open_names = [name for name in names if len(name.options) > 1]
        for name in names:
            name.weights = name.alone.weights
        if not open_names:
            return
        fixed = [self.fixed_scores(name, home) for name in open_names]
        context = Context(names)
        for _ in range(2):
            fresh = [
                softmax(self.scores(name, context, scores)) for name, scores in zip(open_names, fixed, strict=True)
            ]
            for name, weights in zip(open_names, fresh, strict=True):
                name.weights = weights
            if min(map(max, fresh)) > SETTLED or context.count == 1:
                break
            context.renew(open_names)
        for name in open_names:
            name.best = name.weights.index(max(name.weights))
        if context.count >= FEW:
            context.renew(open_names)
            for name in names:
                name.lone = name.hint == "" and not name.parents and context.is_lone(name, home)

    def fixed_scores(self, name: Name, home: Home | None) -> list[float]:
        """What no other name of the article changes in the score of each option: its static one, home and hints."""
        scores = [option.static for option in name.options]
        if home is not None:
            near = self._nearness(home)
            scores = [score + near[option.entry.index] for score, option in zip(scores, name.options, strict=True)]
        if name.parents:
            inside, outside = self._context[8:10]
            scores = [
                score + (inside if any(within(option, parent) for parent in name.parents) else outside)
                for score, option in zip(scores, name.options, strict=True)
            ]
        if name.hint:
            hints = self._hints[name.hint]
            scores = [
                score + hints.get(option.entry.feature_class, 0.0)
                for score, option in zip(scores, name.options, strict=True)
            ]
        return scores

    def scores(self, name: Name, context: Context, fixed: Sequence[float]) -> list[float]:
        """The score of each option in context: its fixed one and its `context_values`, weighed.

        Runs for every option of every name, so values that are zero are not made and countries are weighed once.
        """
        total, own, share = context.total, context.own[id(name)], 1.0 / max(1, context.count - 1)
        country_any, country_share, first_any, first_share, second_any, *_ = self._context
        countries: dict[str, float] = {}
        scores = []
        for option, own_score in zip(name.options, fixed, strict=True):
            _, _, country, adm1, adm2, _ = option
            added = countries.get(country)
            if added is None:
                others = total.get(country, 0.0) - own.get(country, 0.0)
                added = countries[country] = min(others, 1.0) * country_any + others * share * country_share
            score = own_score + added
            if adm1 in total:
                others = total[adm1] - own.get(adm1, 0.0)
                score += min(others, 1.0) * first_any + others * share * first_share
            if adm2 in total:
                score += min(total[adm2] - own.get(adm2, 0.0), 1.0) * second_any
            scores.append(score)
        return scores

    def context_values(self, name: Name, context: Context, home: Home | None) -> list[tuple[float, ...]]:
        """For each option, the values of the features `CONTEXT`, for training; zeros at the end are left out."""
        total, own, share = context.total, context.own[id(name)], 1.0 / max(1, context.count - 1)
        beside = bool(name.parents or name.hint)
        values = []
        for option in name.options:
            country, adm1, adm2 = option.country, option.adm1, option.adm2
            countries = total.get(country, 0.0) - own.get(country, 0.0) if country else 0.0
            firsts = total.get(adm1, 0.0) - own.get(adm1, 0.0) if adm1 is not None else 0.0
            seconds = total.get(adm2, 0.0) - own.get(adm2, 0.0) if adm2 is not None else 0.0
            row: tuple[float, ...] = (
                min(countries, 1.0),
                countries * share,
                min(firsts, 1.0),
                firsts * share,
                min(seconds, 1.0),
            )
            if home is not None:
                row += home_values(option.entry, home)
            if beside:
                row = (*row, *(_NO_HOME if home is None else ()), *_beside_values(name, option))
            values.append(row)
        return values

    def _nearness(self, home: Home) -> _Nearness:
        known = self._homes.get(home)
        if known is None:
            if len(self._homes) > 1_000:
                self._homes.clear()
            known = self._homes[home] = _Nearness(self._gazetteer, home, self._context[5:8])
        return known


class _Nearness(dict[int, float]):
    """What an outlet's home weighs for the entries met so far; bounded."""

    def __init__(self, gazetteer: Gazetteer, home: Home, weights: Sequence[float]) -> None:
        super().__init__()
        self._gazetteer, self._home, self._weights = gazetteer, home, weights

    def __missing__(self, index: int) -> float:
        if len(self) > 10_000:
            self.clear()
        values = home_values(self._gazetteer.entry(index), self._home)
        self[index] = score = float(sum(map(mul, values, self._weights)))
        return score


def home_values(entry: Entry, home: Home) -> tuple[float, float, float]:
    """Same country; near home (e-fold 60 km); in its region (e-fold 300 km)."""
    near = region = 0.0
    if home.lat is not None and home.lon is not None:
        km = distance_km(entry.lat, entry.lon, home.lat, home.lon)
        near, region = math.exp(-km / 60), math.exp(-km / 300)
    return float(entry.country_code == home.country_code), near, region


def _beside_values(name: Name, option: Option) -> tuple[float, ...]:
    """Whether the option lies in a parent that the text names, and whether it is of the class that a word hints at."""
    inside = any(within(option, parent) for parent in name.parents)
    outside = bool(name.parents) and not inside
    return float(inside), float(outside), *_HINT_VALUES.get((name.hint, option.entry.feature_class), _NO_HINT)


FEW, MOST, NONE = 4, 0.7, 0.1
"""Names that make a context; the share of them in one country that makes it the article's; what is no support."""

SMALL = 200_000
"""Inhabitants of what nobody names in an article of another country without saying where it is."""


class Context:
    """How many of the article's names probably lie in each area; `own` is each name's part of that."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.total: dict[str | int, float] = {}
        self.own: dict[int, dict[str | int, float]] = {}
        self.count = len(names)
        total = self.total
        for name in names:
            untouched = name.weights is name.alone.weights
            part = self.own[id(name)] = name.alone.areas if untouched else _areas(name.options, name.weights)
            for area, weight in part.items():
                total[area] = total.get(area, 0.0) + weight

    def is_lone(self, name: Name, home: Home | None) -> bool:
        """Whether the best option is a small town of a country that no other name lies in, and most lie in another."""
        if not name.options:
            return False
        best = name.options[name.best]
        entry, country = best.entry, best.country
        if (
            entry.feature_class != "P"
            or entry.population >= SMALL
            or (home is not None and home.country_code == country)
        ):
            return False
        own = self.own[id(name)]
        if self.total.get(country, 0.0) - own.get(country, 0.0) > NONE:
            return False
        others = max((weight for area, weight in self.total.items() if isinstance(area, str)), default=0.0)
        return others > MOST * (self.count - 1)

    def renew(self, names: Sequence[Name]) -> None:
        """Count these names by the weights that they have now."""
        total = self.total
        for name in names:
            for area, weight in self.own[id(name)].items():
                total[area] -= weight
            part = self.own[id(name)] = _areas(name.options, name.weights)
            for area, weight in part.items():
                total[area] = total.get(area, 0.0) + weight


def _prefer_seats(options: list[Option]) -> list[Option]:
    """The options, with a bonus for a great city in a division of its name: "in New York" is in the city."""
    divisions = {option.entry.index for option in options if option.entry.feature_code == "ADM1"}
    return [
        option._replace(static=option.static + SEAT)
        if option.adm1 in divisions and option.entry.feature_class == "P" and option.entry.population >= GREAT_CITY
        else option
        for option in options
    ]


def _namesakes(options: tuple[Option, ...]) -> Namesakes:
    weights = softmax([option.static for option in options])
    nations = frozenset(option.country for option in options if option.entry.feature_code.startswith("PCL"))
    indexes = frozenset(option.entry.index for option in options)
    return Namesakes(options, weights, _areas(options, weights), indexes, nations)


def _areas(options: Sequence[Option], weights: Sequence[float]) -> dict[str | int, float]:
    """How probably a name with these options lies in each area."""
    part: dict[str | int, float] = {}
    for option, weight in zip(options, weights, strict=True):
        if weight > 0.02:
            for area in option.areas:
                part[area] = part.get(area, 0.0) + weight
    return part


def within(option: Option, parent: Name) -> bool:
    """Whether the option lies in any entry that the parent's name may denote."""
    indexes, own = parent.alone.indexes, option.entry.index
    return (
        option.country in parent.alone.nations
        or (option.adm1 in indexes and option.adm1 != own)
        or (option.adm2 in indexes and option.adm2 != own)
    )


def static_features(entry: Entry, *, alternate: bool, rank: int) -> list[tuple[str, float]]:
    """What speaks for an entry whatever the article says: prominence, class, whether the name is its own."""
    kind = entry.feature_code if entry.feature_code in {"PPLC", "ADM1", "ADM2"} else entry.feature_class
    kind = "PCL" if entry.feature_code.startswith("PCL") else kind
    magnitude = math.log10(entry.population + 1)
    return [
        (f"class:{kind}", 1.0),
        (f"magnitude:{entry.feature_class}", magnitude),
        ("alternate", float(alternate)),
        ("alternate*magnitude", magnitude * alternate),
        ("first", float(rank == 0)),
        ("supplement", float(entry.geonames_id is None)),
    ]


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


def load_json(file: str) -> Any:
    """One of the package's weights files."""
    return json.loads(resources.files(__package__).joinpath(file).read_text(encoding="utf-8"))
