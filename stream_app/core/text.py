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
_STOP = r"[.!?][\"'”’)\]]*(?P<gap>\s*)(?=[\"'“‘(\[]?[A-Z0-9À-ÞА-Я])"
_WRAPPED = re.compile(rf"{_STOP}|\n\s*\n")
_UNWRAPPED = re.compile(rf"{_STOP}|\n\s*")
_GLUED = re.compile(r"[a-z]{2}[.!?][A-Z][a-z]")
_LONGEST_WRAPPED = 120
_USUAL_WRAPPED = 55


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
            Sentence(name, start, end, raw[start:end])
            for name, raw in self.fields()
            for start, end in self._segments(name, raw)
        )

    def _segments(self, name: FieldName, raw: str) -> list[tuple[int, int]]:
        """The spans of one field; a headline repeated at the head of the text is a sentence, even glued to the lead."""
        title = (self.article.title or "").strip()
        if name == "title" or not title or not raw.startswith(title):
            return segment(raw)
        cut = len(title)
        return segment(title) + [(start + cut, end + cut) for start, end in segment(raw[cut:])]


def segment(raw: str) -> list[tuple[int, int]]:
    r"""Sentence spans of `raw`, in order, disjoint; a blank line always ends one, an abbreviation's dot never does.

    A single line break ends one too, unless the text is hard-wrapped: a headline is no part of its lead.

    >>> segment("He died.  It rained.")
    [(0, 8), (10, 20)]
    >>> segment("Two die in crash\nPolice said so.")
    [(0, 16), (17, 32)]
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for boundary in (_WRAPPED if _is_wrapped(raw) else _UNWRAPPED).finditer(raw):
        if raw[boundary.start()] != "\n" and not _ends_sentence(raw, start, boundary):
            continue
        end = boundary.start() if raw[boundary.start()] == "\n" else boundary.start("gap")
        _keep(raw, start, end, spans)
        start = boundary.end()
    _keep(raw, start, len(raw), spans)
    return spans


def _ends_sentence(raw: str, start: int, boundary: re.Match[str]) -> bool:
    """Whether a stop ends the sentence that began at `start`: not after an abbreviation, nor glued inside a name."""
    at = boundary.start()
    if not boundary.group("gap") and not _GLUED.match(raw, max(0, at - 2)):
        return False
    return raw[at] != "." or _ABBREVIATION.search(raw[max(start, at - 12) : at]) is None


def _is_wrapped(raw: str) -> bool:
    """True for text broken at a fixed width, as agencies once sent it: no line is long, and most are nearly full."""
    lines = [line for line in raw.split("\n") if line]
    if len(lines) < 3 or max(map(len, lines)) > _LONGEST_WRAPPED:
        return False
    return sorted(map(len, lines))[len(lines) // 2] >= _USUAL_WRAPPED


def _keep(raw: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    """Append the span without the blanks at its ends, unless nothing is left of it."""
    piece = raw[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if start < end:
        spans.append((start, end))
