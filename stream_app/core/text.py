"""An article's text as the taggers read it: fields and sentences with offsets into the raw text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from stream_app.core.events import Article, FieldName

_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Sgt|Capt|Maj|Sen|Rep|Gov|Rev|Prof|St|Mt|Ft|No|Nos|vs|etc|Inc|Corp|Co|Ltd|Jr|Sr|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|approx|al)|\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z])$",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"\n\s*\n|(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9À-ÞА-Я])")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: `text == raw[start:end]` of its field, no blank at either end."""

    field: FieldName
    start: int
    end: int
    text: str


class Document:
    """An article with its segmentation, computed once and shared by every tagger.

    >>> d = Document(Article(id="1", title="Quake", text="Dr. Li said 3 died. Many fled."))
    >>> [s.text for s in d.sentences]
    ['Quake', 'Dr. Li said 3 died.', 'Many fled.']
    """

    def __init__(self, article: Article) -> None:
        self.article = article

    def fields(self) -> Iterator[tuple[FieldName, str]]:
        """The fields that taggers read, in reading order: the title when there is one, then the text."""
        if self.article.title:
            yield "title", self.article.title
        yield "text", self.article.text

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence of every field, in reading order."""
        return tuple(
            Sentence(name, start, end, raw[start:end]) for name, raw in self.fields() for start, end in segment(raw)
        )


def segment(raw: str) -> list[tuple[int, int]]:
    """Sentence spans of `raw`, in order, disjoint; a blank line always ends one, an abbreviation's dot never does.

    >>> segment("He died.  It rained.")
    [(0, 8), (10, 20)]
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for boundary in _BOUNDARY.finditer(raw):
        if boundary.group()[0] != "\n" and raw[boundary.start() - 1] == ".":
            head = raw[max(start, boundary.start() - 12) : boundary.start() - 1]
            if _ABBREVIATION.search(head):
                continue
        _keep(raw, start, boundary.start() + len(boundary.group().rstrip()), spans)
        start = boundary.end()
    _keep(raw, start, len(raw), spans)
    return spans


def _keep(raw: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    """Append the span without the blanks at its ends, unless nothing is left of it."""
    piece = raw[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if start < end:
        spans.append((start, end))
