"""Recognition by a spaCy model in place of the linear scorer, with the same interface and the same resolution.

It is some eighty times slower. Use it where a model fits the texts better than our weights do::

    PlaceTagger(gazetteer, recogniser=SpacyRecogniser(gazetteer, "en_core_web_sm"))
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from stream_app.core.places.gazetteer import Gazetteer
from stream_app.core.places.page import Page
from stream_app.core.places.recognise import Recogniser, named_persons
from stream_app.core.places.spotting import Spotted

LABELS = frozenset({"GPE", "LOC", "FAC", "NORP"})
"""Entity labels of spaCy's English models that name places or their people."""


class SpacyRecogniser:
    """The entities of a spaCy model that our candidate search can also see, which gives them their gazetteer keys.

    An entity "the Sea of Azov" is the candidate "Sea of Azov": of the candidates inside an entity the longest counts.

    Raises:
        ModuleNotFoundError: spaCy is not installed.
        OSError: the model is not installed.
    """

    def __init__(self, gazetteer: Gazetteer, model: str = "en_core_web_sm") -> None:
        spacy = importlib.import_module("spacy")  # optional and heavy
        self._model: Any = spacy.load(model, disable=["lemmatizer", "parser", "attribute_ruler"])
        self._candidates = Recogniser(gazetteer).candidates

    def __call__(self, pages: Sequence[Page]) -> list[list[Spotted]]:
        """For each page its toponyms: disjoint, in reading order."""
        return [
            self._matching(page, spotted)
            for page, spotted in zip(pages, self._candidates(pages, named_persons(pages), floor=-99.0), strict=True)
        ]

    def _matching(self, page: Page, spotted: Sequence[Spotted]) -> list[Spotted]:
        entities = [entity for entity in self._model(page.raw).ents if entity.label_ in LABELS]
        found = [
            longest(entity.start_char, entity.end_char, spotted, norp=entity.label_ == "NORP") for entity in entities
        ]
        return [mention for mention in found if mention is not None]


def longest(start: int, end: int, spotted: Sequence[Spotted], *, norp: bool) -> Spotted | None:
    """The longest candidate inside a span; for a people's name only a demonym."""
    inside = [m for m in spotted if start <= m.start and m.end <= end and (m.kind == "demonym" or not norp)]
    return max(inside, key=lambda m: (m.end - m.start, m.draft.key is not None), default=None)
