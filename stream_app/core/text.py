"""An article's text as the taggers read it: fields and sentences with offsets into the raw text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from string import ascii_uppercase
from typing import NamedTuple

from stream_app.core.events import Article, FieldName

_ABBREVIATIONS = frozenset({
    "mr", "mrs", "ms", "dr", "gen", "col", "lt", "sgt", "capt", "maj", "sen", "rep", "gov", "rev", "prof", "st", "mt",
    "ft", "no", "nos", "vs", "etc", "inc", "corp", "co", "ltd", "jr", "sr", "approx", "al",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec",
})  # fmt: skip
_DOTTED = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
_BREAK = re.compile(r"[\n.!?][\"'”’)\]]*(\s*)")
_OPENING = re.compile(r"[\"'“‘(\[]?[A-Z0-9À-ÞА-Я]")
_CAPITALS = frozenset(ascii_uppercase)
_GLUED = re.compile(r"[a-z]{2}[.!?][A-Z][a-z]")
_LONGEST_ABBREVIATION = 12
_LONG_WORD = max(map(len, _ABBREVIATIONS)) + 1
_LONGEST_WRAPPED = 120
_USUAL_WRAPPED = 55


class Sentence(NamedTuple):
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
    breaks = 2 if _is_wrapped(raw) else 1
    for found in _BREAK.finditer(raw):
        if _is_boundary(raw, start, found, breaks):
            _keep(raw, start, found.start(1), spans)
            start = found.end()
    _keep(raw, start, len(raw), spans)
    return spans


def _is_boundary(raw: str, start: int, found: re.Match[str], breaks: int) -> bool:
    """Whether a stop or line break ends the sentence that began at `start`; `breaks` line breaks always do."""
    at, gap = found.start(), found.group(1)
    mark = raw[at]
    if (gap != " " or mark == "\n") and (mark == "\n") + gap.count("\n") >= breaks:
        return True
    if mark == "\n" or not _is_opening(raw, found.end()):
        return False
    if not gap and _GLUED.match(raw, max(0, at - 2)) is None:
        return False
    return mark != "." or not _is_abbreviated(raw[max(start, at - _LONGEST_ABBREVIATION) : at])


def _is_opening(raw: str, at: int) -> bool:
    """Whether a sentence may begin at `at`; most begin with a plain capital, which is quickly seen."""
    return raw[at : at + 1] in _CAPITALS or _OPENING.match(raw, at) is not None


def _is_abbreviated(head: str) -> bool:
    """Whether the last word of `head` is written short, so that the dot after it ends no sentence."""
    if head[-_LONG_WORD:].isalpha() and len(head) >= _LONG_WORD:
        return False  # most sentences end in such a word, and asking is cheap
    words = head.split()
    if not words:
        return False
    word = words[-1].rpartition("-")[2].lstrip("([\"'“‘")
    if len(word) == 1:
        return word.isalpha()
    return word.lower() in _ABBREVIATIONS or ("." in word and _DOTTED.fullmatch(word) is not None)


def _is_wrapped(raw: str) -> bool:
    """True for text broken at a fixed width, as agencies once sent it: no line is long, and most are nearly full."""
    lines = [line for line in raw.split("\n") if line]
    if len(lines) < 3 or max(map(len, lines)) > _LONGEST_WRAPPED:
        return False
    return sorted(map(len, lines))[len(lines) // 2] >= _USUAL_WRAPPED


def _keep(raw: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    """Append the span without the blanks at its ends, unless nothing is left of it."""
    if start < end and (raw[start].isspace() or raw[end - 1].isspace()):
        piece = raw[start:end]
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
    if start < end:
        spans.append((start, end))
