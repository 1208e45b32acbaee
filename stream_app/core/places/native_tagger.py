"""The place tagger for texts of one language beside English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from stream_app.core.language.document import Document
from stream_app.core.places.gazetteer import Gazetteer
from stream_app.core.places.listed import ListedResolver, Listing
from stream_app.core.places.native import NativeRecogniser, Passage
from stream_app.core.places.place_tagger import MIN_CONFIDENCE, PlaceTagger
from stream_app.core.places.resolve import Name
from stream_app.core.places.spotting import NameKey, Spotted
from stream_app.core.places.tongue import Tongue

_PARENTS = frozenset({"country", "adm1", "adm2", "region", "capital"})
_NEAR = 12
"""Characters between a name and the name of what it lies in."""


class NativePlaceTagger(PlaceTagger):
    """Adds the toponyms of an article in one language: as `PlaceTagger`, with that language's names and words."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        tongue: Tongue,
        *,
        min_confidence: float = MIN_CONFIDENCE,
        outlet_prior: bool = True,
    ) -> None:
        listing = Listing(gazetteer, tongue)
        recogniser = NativeRecogniser(gazetteer, tongue, listing)
        super().__init__(gazetteer, min_confidence=min_confidence, outlet_prior=outlet_prior, recogniser=recogniser)
        self._resolver = ListedResolver(gazetteer, tongue, listing)
        self._locative = tongue.locative

    def _pages(self, document: Document) -> list[Any]:
        return [Passage(name, raw) for name, raw in document.fields()]

    def _hint(self, page: Passage, mentions: Sequence[Spotted], names: Mapping[NameKey, Name]) -> None:
        """Note what a name lies in: the country or division named right behind it, or before it in the genitive."""
        for mention, following in pairwise(mentions):
            between = page.raw[mention.end : following.start]
            if len(between) > _NEAR or ". " in between or mention.key == following.key:
                continue
            bare = between.strip(" ,(")
            if following.kind in _PARENTS and (not bare or bare in self._locative):
                if any(mark in between for mark in ",(") or bare or following.kind.startswith("adm"):
                    names[mention.key].parents.append(names[following.key])
            elif mention.kind in _PARENTS and between[:1] in {"'", "’"} and between.endswith(" "):
                names[following.key].parents.append(names[mention.key])
