"""The place tagger: recognise, resolve, annotate."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Protocol, cast

from stream_app.core.events import Ancestor, Candidate, FieldName, Place, PlaceType, Tagged, Unresolved
from stream_app.core.frozen import changed, maker
from stream_app.core.language import limits
from stream_app.core.language.document import Document
from stream_app.core.language.links import links
from stream_app.core.places.gazetteer import Gazetteer
from stream_app.core.places.hints import give_hints
from stream_app.core.places.lowered import capitalised, is_lowered
from stream_app.core.places.outlet import Outlets
from stream_app.core.places.page import Page, Vocabulary
from stream_app.core.places.recognise import Recogniser
from stream_app.core.places.resolve import Name, Option, Resolver, load_json, within
from stream_app.core.places.spotting import NameKey, Spotted
from stream_app.core.places.unlisted import locate_unlisted

MIN_CONFIDENCE = 0.15
"""Below this an entry is wrong more often than six times in seven; docs/places.md has the curve."""

Description = tuple[int | None, str, float, float, str | None, str | None, str | None, str, str]
"""The fields of `Place` from `geonames_id` to `feature_code`, in their order."""


class Field(Protocol):
    """A field of an article as a recogniser reads it."""

    @property
    def name(self) -> FieldName:
        """Which field it is."""

    @property
    def raw(self) -> str:
        """Its text."""


class PlaceTagger:
    """Adds the toponyms of an article, each resolved to a gazetteer entry or marked unresolved.

    Args:
        gazetteer: what names may denote; shared by any number of taggers.
        min_confidence: below this calibrated probability (0..1) the entry is withheld: `unresolved: ambiguous`, with
            the best candidates.
        outlet_prior: whether the outlet (`source`, `url`) speaks for places near its readers.
        recogniser: what finds toponyms, in place of the linear scorer; see `stream_app.extras.spacy_places`.
    """

    name = "places"

    def __init__(
        self,
        gazetteer: Gazetteer,
        *,
        min_confidence: float = MIN_CONFIDENCE,
        outlet_prior: bool = True,
        recogniser: Callable[[Sequence[Any]], list[list[Spotted]]] | None = None,
    ) -> None:
        self._gazetteer = gazetteer
        self._min_confidence = min_confidence
        self._outlets = Outlets(gazetteer) if outlet_prior else None
        self._vocabulary = Vocabulary(gazetteer)
        self._recognise = recogniser or Recogniser(gazetteer)
        self._resolver: Resolver = Resolver(gazetteer)
        self._descriptions: dict[int, Description] = {}
        self._ancestors: dict[int, tuple[Ancestor, ...]] = {}
        self._countries = gazetteer.countries()
        self._calibration: dict[str, float] = load_json("resolution.json")["calibration"]

    def __call__(self, document: Document, before: Tagged) -> Tagged:
        """What was said before, with the places of the title and the text in reading order."""
        (tagged,) = self.each([document], [before])
        return tagged

    def each(self, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        """The same for several documents, step by step."""
        pages = [self._pages(document) for document in documents]
        mentions = list(map(_within_limits, documents, map(self._recognise, pages)))
        names = [self._resolver.names(list(chain.from_iterable(found))) for found in mentions]
        for document, own_pages, found, own_names in zip(documents, pages, mentions, names, strict=True):
            for page, on_page in zip(own_pages, found, strict=True):
                self._hint(page, on_page, own_names)
            home = self._outlets.home(document.article) if self._outlets else None
            for told in _stories(document, own_pages, found, own_names):
                self._resolver.resolve(told, home)
        places = map(_as_written, documents, map(self._places, pages, mentions, names))
        return [changed(tagged, places=(*tagged.places, *added)) for tagged, added in zip(before, places, strict=True)]

    def _pages(self, document: Document) -> list[Any]:
        """The fields of a document as the recogniser reads them."""
        return [
            Page(
                name,
                capitalised(raw, self._gazetteer) if name == "title" and is_lowered(raw) else raw,
                self._vocabulary,
            )
            for name, raw in document.fields()
        ]

    def _hint(self, page: Any, mentions: Sequence[Spotted], names: Mapping[NameKey, Name]) -> None:
        """Note what the words beside names say of them."""
        give_hints(page, mentions, names)

    def _places(
        self, pages: Sequence[Field], mentions: Sequence[Sequence[Spotted]], names: Mapping[NameKey, Name]
    ) -> list[Place]:
        """The places of a document in reading order."""
        places: list[Place] = []
        grounds = {key: self._grounds(name) for key, name in names.items()}
        for page, found in zip(pages, mentions, strict=True):
            placed = [self._place(page.name, mention, names[mention.key], grounds[mention.key]) for mention in found]
            places += locate_unlisted(page, placed)
        return places

    def _place(self, field: FieldName, mention: Spotted, name: Name, grounds: float) -> Place:
        if not name.options or _is_namesake(name):
            return _unresolved(field, mention, name, "unknown")
        confidence = round(1 / (1 + math.exp(-grounds - self._calibration["recognition"] * mention.score)), 3)
        if confidence < self._min_confidence:
            return _unresolved(field, mention, name, "ambiguous")
        return _new_place(
            field, mention.start, mention.end, mention.text, *self._described(name.options[name.best]),
            place_type(mention, name), confidence, mention.kind, None, is_metonym(mention), (),
            self._lies_in(name.options[name.best]),
        )  # fmt: skip

    def _described(self, option: Option) -> Description:
        """What a place says of its entry, remembered: the news names few of the entries, again and again."""
        known = self._descriptions.get(option.entry.index)
        if known is None:
            if len(self._descriptions) > 50_000:
                self._descriptions.clear()
            entry = option.entry
            known = self._descriptions[entry.index] = (
                entry.geonames_id, entry.name, entry.lat, entry.lon, entry.country_code or None,
                self._name_of(option.adm1), self._name_of(option.adm2), entry.feature_class, entry.feature_code,
            )  # fmt: skip
        return known

    def _lies_in(self, option: Option) -> tuple[Ancestor, ...]:
        """The district, province and country that an entry lies in, remembered."""
        known = self._ancestors.get(option.entry.index)
        if known is None:
            if len(self._ancestors) > 50_000:
                self._ancestors.clear()
            around = (option.adm2, option.adm1, self._countries.get(option.country))
            entries = [self._gazetteer.entry(index) for index in dict.fromkeys(around) if index is not None]
            known = self._ancestors[option.entry.index] = tuple(
                Ancestor(entry.geonames_id, entry.name) for entry in entries if entry.index != option.entry.index
            )
        return known

    def _name_of(self, index: int | None) -> str | None:
        return None if index is None else self._gazetteer.entry(index).name

    def _grounds(self, name: Name) -> float:
        """The calibrated log-odds that the best option is the right entry, before those that it is a toponym at all."""
        if not name.options:
            return 0.0
        best = name.options[name.best]
        astray = STATED_ELSEWHERE if name.parents and not any(within(best, parent) for parent in name.parents) else 0.0
        return self._calibration["bias"] + self._calibration["resolution"] * logit(name.weights[name.best]) + astray


class WithoutWords:
    """Another tagger's places but those that are a function word of the language that the article is in."""

    def __init__(self, tagger: PlaceTagger, words: Mapping[str, Iterable[str]]) -> None:
        self._tagger = tagger
        self._words = {language: frozenset(of) for language, of in words.items()}

    def each(self, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        """What the other tagger says, without these places."""
        return list(map(self._without, before, self._tagger.each(documents, before)))

    def _without(self, before: Tagged, after: Tagged) -> Tagged:
        found = after.language_found
        words = self._words.get(found.language, frozenset()) if found else frozenset()
        own = [place for place in after.places[len(before.places) :] if place.text.lower() not in words]
        return changed(after, places=(*before.places, *own))


def _as_written(document: Document, places: list[Place]) -> list[Place]:
    """The places with their names as the title writes them, where that is all in lower case."""
    title = document.plain.title or ""
    if not is_lowered(title):
        return places
    return [
        changed(place, text=title[place.start : place.end]) if place.field == "title" else place for place in places
    ]


def _stories(
    document: Document, pages: Sequence[Field], mentions: Sequence[Sequence[Spotted]], names: Mapping[NameKey, Name]
) -> list[list[Name]]:
    """The names of the story itself, then those of each line of links to others that it does not name."""
    text = document.plain.text
    rows = links(text)
    if not rows:
        return [list(names.values())]
    linked: dict[NameKey, int] = {}
    own: set[NameKey] = set()
    for page, found in zip(pages, mentions, strict=True):
        for mention in found:
            if page.name == "text" and any(start <= mention.start < end for start, end in rows):
                linked.setdefault(mention.key, text.rfind("\n", 0, mention.start))
            else:
                own.add(mention.key)
    lines: dict[int, list[Name]] = {}
    for key, line in linked.items():
        if key not in own:
            lines.setdefault(line, []).append(names[key])
    return [[name for key, name in names.items() if key in own], *lines.values()]


def _within_limits(document: Document, found: Sequence[Sequence[Spotted]]) -> list[list[Spotted]]:
    """For each page the first of its toponyms, together as many as an article of this length may have."""
    room = limits.most("places", document.characters)
    kept: list[list[Spotted]] = []
    for on_page in found:
        kept.append(limits.within(on_page, room))
        room -= len(kept[-1])
    return kept


_new_place = maker(Place)

PROMINENT = 100_000
"""Inhabitants of towns that are named without their country; of smaller ones a namesake is no better than nothing."""


def _is_namesake(name: Name) -> bool:
    """Whether the best option is a small place outside every country or division that the text puts the name in."""
    best = name.options[name.best]
    wide = best.entry.feature_code in {"ADM1", "PCLI", "TERR"} or best.entry.feature_class not in "PA"
    if not name.parents or wide or best.entry.population >= PROMINENT:
        return name.lone
    return name.lone or not any(within(best, parent) for parent in name.parents)


STATED_ELSEWHERE = -2.5
"""Log-odds that an option loses when the text names a parent that it does not lie in: "Palma, Mozambique"."""

SPEAKERS = frozenset({"country", "capital", "acronym", "adm1", "facility", "region"})


def is_metonym(mention: Spotted) -> bool:
    """Whether the name stands for a government: "Moscow said", "the Kremlin denied"."""
    return mention.kind in SPEAKERS and mention.right == "say"


def logit(probability: float) -> float:
    """Log-odds, held within those of 1 in 1,000 and 999 in 1,000."""
    bounded = min(0.999, max(0.001, probability))
    return math.log(bounded / (1 - bounded))


def place_type(mention: Spotted, name: Name) -> PlaceType:
    """The type of the mention."""
    if mention.kind == "demonym":
        return "demonym"
    if name.options:
        return cast("PlaceType", name.options[name.best].entry.type)
    return "facility" if mention.draft.generic in {"street", "facility"} else "place"


def _unresolved(field: FieldName, mention: Spotted, name: Name, why: Unresolved) -> Place:
    return _new_place(
        field=field, start=mention.start, end=mention.end, text=mention.text, geonames_id=None, name=None, lat=None,
        lon=None, country_code=None, admin1=None, admin2=None, feature_class=None, feature_code=None,
        type=place_type(mention, name), confidence=0.0, rule=mention.kind, unresolved=why, candidates=_candidates(name),
    )  # fmt: skip


def _candidates(name: Name) -> tuple[Candidate, ...]:
    """The three most probable options that have an id."""
    order = sorted(range(len(name.options)), key=lambda position: -name.weights[position])[:3]
    found = [(name.options[position].entry, name.weights[position]) for position in order]
    return tuple(
        Candidate(entry.geonames_id, entry.name, entry.country_code, entry.feature_code, round(weight, 3))
        for entry, weight in found
        if entry.geonames_id is not None
    )
