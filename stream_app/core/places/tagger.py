"""The place tagger: recognise, resolve, annotate."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from stream_app.core.events import Candidate, Place, PlaceType, Tagged
from stream_app.core.places import lexicon
from stream_app.core.places.gazetteer import Gazetteer
from stream_app.core.places.page import Page
from stream_app.core.places.persons import surnames
from stream_app.core.places.resolve import Name, Resolver
from stream_app.core.places.scorer import Scorer
from stream_app.core.places.spotting import PARENTS, Spotted, Spotter
from stream_app.core.text import Document


class PlaceTagger:
    """Adds the toponyms of an article, each resolved to a gazetteer entry or marked unresolved.

    Args:
        gazetteer: what names may denote; shared by any number of taggers.
        min_confidence: below this calibrated probability (0..1) the entry is withheld: `unresolved: ambiguous`, with
            the best candidates.
        outlet_prior: whether the outlet (`source`, `url`) speaks for places near its readers.
    """

    name = "places"

    def __init__(self, gazetteer: Gazetteer, *, min_confidence: float = 0.1, outlet_prior: bool = True) -> None:
        self._gazetteer = gazetteer
        self._min_confidence = min_confidence
        self._outlet_prior = outlet_prior
        self._spotter = Spotter(gazetteer)
        self._scorer = Scorer.load()
        self._resolver = Resolver(gazetteer)

    def __call__(self, document: Document, before: Tagged) -> Tagged:
        """What was said before, with the places of the title and the text in reading order."""
        pages = [Page(name, raw) for name, raw in document.fields()]
        persons = set().union(*(surnames(page, self._gazetteer) for page in pages))
        chosen = [(page, mention) for page in pages for mention in self._recognise(page, persons)]
        folded = {id(mention): page.folded[mention.start : mention.end] for page, mention in chosen}
        names = self._resolver.names([mention for _, mention in chosen], folded)
        _find_parents(chosen, names)
        _find_hints(chosen, names)
        self._resolver.resolve(names, None)
        decided = {id(mention): name for name in names for mention in name.mentions}
        places = tuple(self._place(page, mention, decided[id(mention)]) for page, mention in chosen)
        return replace(before, places=(*before.places, *places))

    def _recognise(self, page: Page, persons: set[str]) -> list[Spotted]:
        """The candidates that the scorer takes for toponyms, disjoint, in reading order."""
        candidates = self._spotter.spot(page, persons)
        for candidate in candidates:
            candidate.score = self._scorer(candidate.slots)
        return choose(candidates)

    def _place(self, page: Page, mention: Spotted, name: Name) -> Place:
        kind = place_type(mention, name)
        if not name.options:
            return _unresolved(page, mention, kind, "unknown")
        best = name.options[name.best].entry
        confidence = name.weights[name.best]
        if confidence < self._min_confidence:
            return replace(_unresolved(page, mention, kind, "ambiguous"), candidates=_candidates(name))
        adm1, adm2 = (self._gazetteer.entry(i).name if i is not None else None for i in (best.adm1, best.adm2))
        return Place(
            field=page.name, start=mention.start, end=mention.end, text=mention.text, geonames_id=best.geonames_id,
            name=best.name, lat=best.lat, lon=best.lon, country_code=best.country_code or None, admin1=adm1, admin2=adm2,
            feature_class=best.feature_class, feature_code=best.feature_code, type=kind,
            confidence=round(confidence, 3), rule=mention.kind.rstrip("~"), candidates=_candidates(name),
        )  # fmt: skip


def choose(candidates: list[Spotted], threshold: float = -0.5) -> list[Spotted]:
    """The best-scored candidates above the threshold that do not overlap, in reading order."""
    taken: list[Spotted] = []
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.start, -c.end)):
        if candidate.score <= threshold:
            break
        if all(candidate.end <= other.start or other.end <= candidate.start for other in taken):
            taken.append(candidate)
    return sorted(taken, key=lambda c: c.start)


def place_type(mention: Spotted, name: Name) -> PlaceType:
    """The type of the mention."""
    if mention.kind.startswith("demonym"):
        return "demonym"
    if name.options:
        return name.options[name.best].entry.type  # type: ignore[return-value]  # the build writes no other
    return "facility" if mention.generic in {"street", "facility"} else "place"


def _unresolved(page: Page, mention: Spotted, kind: PlaceType, why: str) -> Place:
    return Place(
        field=page.name, start=mention.start, end=mention.end, text=mention.text, geonames_id=None, name=None, lat=None,
        lon=None, country_code=None, admin1=None, admin2=None, feature_class=None, feature_code=None, type=kind,
        confidence=0.0, rule=mention.kind.rstrip("~"), unresolved=why,  # type: ignore[arg-type]
    )  # fmt: skip


def _candidates(name: Name) -> tuple[Candidate, ...]:
    order = sorted(range(len(name.options)), key=lambda i: -name.weights[i])[:3]
    return tuple(
        Candidate(entry.geonames_id, entry.name, entry.country_code, entry.feature_code, round(name.weights[i], 3))
        for i in order
        if (entry := name.options[i].entry).geonames_id is not None
    )


def _find_parents(chosen: list[tuple[Page, Spotted]], names: list[Name]) -> None:
    """Note for each name the names that follow it after a comma as a parent would: "Paris, Texas"."""
    owner = {id(mention): name for name in names for mention in name.mentions}
    for (page, mention), (next_page, following) in pairwise(chosen):
        if page is next_page and page.raw[mention.end : following.start] in {", ", " (", " - "}:
            if following.kind.rstrip("~") in PARENTS:
                owner[id(mention)].parents.append(owner[id(following)].key)


def _find_hints(chosen: list[tuple[Page, Spotted]], names: list[Name]) -> None:
    """Note the class that a common noun beside the name gives it: "Kharkiv region", "the town of Vasylkiv"."""
    owner = {id(mention): name for name in names for mention in name.mentions}
    for page, mention in chosen:
        after = page.word_after(mention.end + 1).lower()
        before = page.word_before(mention.start - 1).lower() if mention.start else ""
        if after in lexicon.ADMIN or after == "region":
            owner[id(mention)].hint = "adm"
        elif before == "of" and _settlement_before(page, mention):
            owner[id(mention)].hint = "town"


def _settlement_before(page: Page, mention: Spotted) -> bool:
    word = page.word_before(mention.start - 4).lower()
    return lexicon.BEFORE.get(word) == "settlement" and word not in lexicon.ADMIN | {"region", "area", "country"}
