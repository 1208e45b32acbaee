"""What a tagger is, and how taggers make an enriched event of an article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from stream_app.core.events import Article, Tagged
from stream_app.core.text import Document


class Tagger(Protocol):
    """Reads one document and returns everything said of it so far, its own annotations added.

    `name` is the metric label of the tagger. Taggers run in the order of the tuple in `app.py`, so the casualty tagger
    finds the places of the document in `before.places`.
    """

    name: str

    def __call__(self, document: Document, before: Tagged) -> Tagged:
        """What was said before, and what this tagger adds."""


def tag(article: Article, taggers: Sequence[Tagger]) -> Tagged:
    """Everything the taggers find in one article."""
    document = Document(article)
    tagged = Tagged()
    for tagger in taggers:
        tagged = tagger(document, tagged)
    return tagged
