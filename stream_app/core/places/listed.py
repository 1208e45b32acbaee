"""What the gazetteer has under a name of one language, and which of the entries is meant in an article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stream_app.core.places.gazetteer import ACRONYM, DEMONYM, POSTAL, Entry, Gazetteer
from stream_app.core.places.resolve import LIMIT, Option, Resolver
from stream_app.core.places.spotting import NameKey
from stream_app.core.places.tongue import Tongue

_REMEMBERED = 50_000
_HOME = 0.8
"""Log-odds that an entry gains by lying where most texts of the language come from."""
_PARTLY, _MOSTLY, _WELL_KNOWN = 0.05, 0.5, 200_000
"""What the inhabitants count for of an entry whose own name is another, and of one with so many of them."""


class Listed(NamedTuple):
    """What a name may denote: the class of the best known entry, whether the language's own table names it.

    `people` are the inhabitants of the best known entry; `alternate` says that the name is not its own.
    """

    kind: str
    own: bool
    people: int
    alternate: bool
    capitals: bool
    entries: tuple[tuple[int, bool], ...]


class Listing:
    """The names of one language: those of its own table, then the gazetteer's in its script; remembered."""

    def __init__(self, gazetteer: Gazetteer, tongue: Tongue) -> None:
        self._gazetteer = gazetteer
        self._latin = tongue.script == "latin"
        self._known: dict[str, Listed | None] = {}
        self._begun: dict[str, bool] = {}
        countries = gazetteer.countries()
        self._own: dict[str, tuple[int, ...]] = {}
        for name, targets in tongue.names.items():
            indexes = tuple(index for target in targets for index in _denoted(gazetteer, countries, target))
            if indexes:
                self._own[name] = indexes
        self._starts = frozenset(
            name[:size] for name in self._own for size in range(1, len(name)) if not name[size - 1].isalnum()
        )

    def find(self, name: str) -> Listed | None:
        """What the name may denote; None when nothing bears it."""
        try:
            return self._known[name]
        except KeyError:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            found = self._known[name] = self._find(name)
            return found

    def goes_on(self, name: str) -> bool:
        """Whether a longer name begins with these folded characters, the last of which is no letter."""
        known = self._begun.get(name)
        if known is None:
            if len(self._begun) > _REMEMBERED:
                self._begun.clear()
            known = self._begun[name] = name in self._starts or self._has_prefix(name)
        return known

    def _has_prefix(self, name: str) -> bool:
        return self._gazetteer.has_prefix(name) if self._latin else self._gazetteer.others.has_prefix(name)

    def _find(self, name: str) -> Listed | None:
        own = self._own.get(name)
        if own is not None:
            return self._listed([(index, False) for index in own], own=True)
        if not self._latin:
            return self._listed([(index, False) for index in self._gazetteer.others.indexes(name, LIMIT)])
        key = self._gazetteer.trie.get(name)
        if key is None or self._gazetteer.flags[key] & (POSTAL | DEMONYM):
            return None
        return self._listed(self._gazetteer.postings(key, LIMIT), capitals=bool(self._gazetteer.flags[key] & ACRONYM))

    def _listed(
        self, entries: Sequence[tuple[int, bool]], *, own: bool = False, capitals: bool = False
    ) -> Listed | None:
        if not entries:
            return None
        population = self._gazetteer.population

        def weight(item: tuple[int, bool]) -> float:
            people = population(item[0])
            return people * (1.0 if not item[1] else _MOSTLY if people >= _WELL_KNOWN else _PARTLY)

        index, alternate = max(entries, key=weight)
        best = self._gazetteer.entry(index if not own else entries[0][0])
        return Listed(kind_of(best), own, best.population, alternate, capitals, tuple(entries))


def kind_of(entry: Entry) -> str:
    """The class of an entry: "country", "capital", "city", "adm1", "adm2", or what it is of our own tables."""
    if entry.type != "place":
        return entry.type
    if entry.feature_class == "A":
        return "country" if entry.feature_code.startswith("PCL") else entry.feature_code.lower()
    if entry.feature_class == "P":
        return "capital" if entry.feature_code == "PPLC" else "city"
    return {"H": "water", "T": "land"}.get(entry.feature_class, "place")


def _denoted(gazetteer: Gazetteer, countries: dict[str, int], target: str) -> list[int]:
    """The entry that a table calls `target`: a country by its code, another by its name.

    A class and a country may follow: "Kharkiv#P" is the town, "London@GB" in Britain.
    """
    if target in countries:
        return [countries[target]]
    named, _, country = target.partition("@")
    name, _, feature_class = named.partition("#")
    for entry in gazetteer.lookup(name):
        if country in {"", entry.country_code} and feature_class in {"", entry.feature_class}:
            return [entry.index]
    return []


class ListedResolver(Resolver):
    """Decides which entries the names of an article denote, for names of one language."""

    def __init__(self, gazetteer: Gazetteer, tongue: Tongue, listing: Listing) -> None:
        super().__init__(gazetteer)
        self._listing, self._home_countries = listing, tongue.homes

    def entries(self, key: NameKey, kind: str) -> list[tuple[Entry, bool]]:  # noqa: ARG002  # the key says all
        """The entries of a name, whose folded form is the last part of the key; of a division, only divisions."""
        _, generic, folded = key
        listed = self._listing.find(folded) if folded else None
        if listed is None:
            return []
        entries = [(self._gazetteer.entry(index), alternate) for index, alternate in listed.entries]
        if generic == "adm":
            return [item for item in entries if item[0].feature_class == "A"] or entries
        return entries

    def _option(self, entry: Entry, *, alternate: bool, rank: int) -> Option:
        option = super()._option(entry, alternate=alternate, rank=rank)
        at_home = entry.country_code in self._home_countries
        return option._replace(static=option.static + _HOME) if at_home else option
