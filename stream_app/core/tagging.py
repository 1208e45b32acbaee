"""What a tagger is, and how taggers make an enriched event of an article."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from stream_app.core.events import Article, Tagged
from stream_app.core.language.document import Document


class Tagger(Protocol):
    """Reads one document and returns everything said of it so far, its own annotations added.

    `name` tells the tagger from the others, in benchmarks too. Taggers run in the order of the tuple in `app.py`, so
    the casualty tagger finds the places of the document in `before.places`.
    """

    name: str

    def __call__(self, document: Document, before: Tagged) -> Tagged:
        """What was said before, and what this tagger adds."""


class StepwiseTagger(Protocol):
    """A tagger that takes several documents through each of its steps before the next; see `hops.Stepwise`."""

    def each(self, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        """For each document what was said of it before, and what this tagger adds."""


def tag(article: Article, taggers: Sequence[Tagger]) -> Tagged:
    """Everything the taggers find in one article, with spans into it as it was sent."""
    document = Document(article)
    (tagged,) = tag_all([document], taggers)
    return document.as_sent(tagged)


def tag_all(documents: Sequence[Document], taggers: Sequence[Tagger]) -> list[Tagged]:
    """Everything the taggers find in each document, with spans into its plain text.

    A tagger goes over all of them before the next begins.
    """
    tagged = [Tagged()] * len(documents)
    for tagger in taggers:
        if hasattr(tagger, "each"):  # for each stretch: `isinstance` looks at all of a protocol, which takes 6 us
            tagged = cast("StepwiseTagger", tagger).each(documents, tagged)
        else:
            tagged = list(map(tagger, documents, tagged))
    return tagged
