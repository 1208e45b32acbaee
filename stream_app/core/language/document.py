"""An article as the taggers read it: plain fields and sentences, with the way back to the text as sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar

from stream_app.core.events import Article, Attribution, CasualtyFigure, Cause, FieldName, Place, Rejected, Tagged
from stream_app.core.frozen import changed
from stream_app.core.language.limits import LONGEST_SENT, LONGEST_SPAN
from stream_app.core.language.plain import Plain, plain
from stream_app.core.language.tables import USUAL, words

A = TypeVar("A", CasualtyFigure, Rejected, Place, Cause)

_ABBREVIATIONS = words(USUAL, "sentences", "abbreviations")
_DOTTED = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
_CLOSING = r"[\"'”’»“)\]]*"
_FIRST = "[A-Z0-9À-ÞА-ЯĄĆĘŁŃŚŹŻĞİŞŒ\u0401\u0404\u0406\u0407\u0490\u0621-\u064a]"
"""What a sentence begins with: a digit, a capital, or any Arabic letter, for those have no capitals."""
_OPENING = rf"[\"'“‘(\[]?[«„‚¿¡]*{_FIRST}"
_BLANK = r"[^\S\n]*"
_LONGEST_ABBREVIATION = 12
_LONG_WORD = max(map(len, _ABBREVIATIONS)) + 1
_LONGEST_WRAPPED = 120
_USUAL_WRAPPED = 55
_BLACK: Final = re.compile(r"[^\n]")
_LONGEST_PIECE: Final = 2000


def _breaks(lines: int) -> re.Pattern[str]:
    """What may end a sentence: a stop or line end, marks that close, and as a group the blanks up to the next sentence.

    So many `lines` ended at once always end one: such blanks are an odd group. After a stop anything that opens a
    sentence follows, or a capital glued to it: these are even groups, and an abbreviation's dot is still among them.
    """
    first = rf"{_BLANK}\n" * (lines - 1)
    return re.compile(
        rf"[\n.!?؟](?:(?<!\n){_CLOSING}(?:({first}{_BLANK}\n\s*)|(\s+)(?={_OPENING}))"
        rf"|(?<=\n){_CLOSING}({first}\s*)"
        r"|(?<=[a-z]{2}[.!?])()(?=[A-Z][a-z]))"
    )


_LETTERS: Final = bytes(c if chr(c).isalpha() and c < 0x80 else 0x20 for c in range(256))
_LINE: Final = 3
"""The group of what ends no sentence but a line: the only one before which there may be blanks."""
_BREAK: Final = _breaks(1)
_WRAPPED_BREAK: Final = _breaks(2)


class Sentence(NamedTuple):
    """One sentence: `text == raw[start:end]` of its field, no blank at either end."""

    field: FieldName
    start: int
    end: int
    text: str


_new: Final = tuple.__new__
"""Makes a named tuple of a tuple, several times as fast as its own constructor."""


class Document:
    """An article in plain text with its segmentation, computed once and shared by every tagger.

    Taggers and all that reads their annotations work on `plain`, the article with its fields folded (see `plain.py`);
    `as_sent` gives the same annotations with their spans in the article as it was sent.

    >>> d = Document(Article(id="1", title="Quake", text="Dr. Li said <b>3</b> died. Many fled."))
    >>> [s.text for s in d.sentences]
    ['Quake', 'Dr. Li said 3 died.', 'Many fled.']
    """

    def __init__(self, article: Article, fold: Callable[[str], Plain] = plain) -> None:
        self.article = article
        self._title, self._text = fold(article.title or ""), fold(article.text)
        self.plain = article
        if self._title.text != (article.title or "") or self._text.text != article.text:
            self.plain = replace(article, title=self._title.text or None, text=self._text.text)

    @classmethod
    def as_it_is(cls, article: Article) -> Document:
        """The document of an article whose annotations are at hand, with their spans in it as sent."""
        return cls(article, Plain)

    def fields(self) -> Iterator[tuple[FieldName, str]]:
        """The fields that taggers read, in reading order: the title when there is one, then the text."""
        if self.plain.title:
            yield "title", self.plain.title
        yield "text", self.plain.text

    def with_only(self, kept: Collection[tuple[FieldName, int, int]]) -> Document:
        """The same document with all but these parts of it blank: what is found there stands at the same place here.

        >>> shown = Document(Article(id="1", text="Quake: اهتزت الأرض")).with_only([("text", 0, 7)]).plain.text
        >>> shown.rstrip(), len(shown)
        ('Quake:', 18)
        """
        blank = {name: list(_BLACK.sub(" ", raw)) for name, raw in self.fields()}
        for name, raw in self.fields():
            for field, start, end in kept:
                if field == name:
                    blank[name][start:end] = raw[start:end]
        made: dict[str, Any] = {name: "".join(characters) for name, characters in blank.items()}
        return Document.as_it_is(replace(self.plain, **made))

    def as_sent(self, tagged: Tagged) -> Tagged:
        """The annotations of the plain text, with their spans and texts those of the article as sent."""
        if self.plain is self.article:
            return tagged
        return changed(
            tagged,
            casualties=tuple(map(self.sent, tagged.casualties)),
            rejected=tuple(map(self.sent, tagged.rejected)),
            places=tuple(map(self.sent, tagged.places)),
            cause=tagged.cause and self.sent(tagged.cause),
        )

    def sent(self, found: A) -> A:
        """One annotation of the plain text, with its span and text those of the article as sent."""
        if self.plain is self.article:
            return found
        moved = self._sent_span(found.field, found.start, found.end)
        if isinstance(found, CasualtyFigure) and found.attribution is not None:
            said = found.attribution
            attribution = Attribution(**self._sent_span(found.field, said.start, said.end))
            return changed(found, attribution=attribution, **moved)
        return changed(found, **moved)

    def _sent_span(self, field: FieldName, start: int, end: int) -> dict[str, Any]:
        folded, raw = (self._title, self.article.title or "") if field == "title" else (self._text, self.article.text)
        first, last = folded.span(start, end)
        # Of an annotation with endless mark-up inside it, what stands before that; not of one over the whole text.
        while last - first > LONGEST_SENT and start < end <= start + LONGEST_SPAN:
            end -= 1
            first, last = folded.span(start, end)
        return {"start": first, "end": last, "text": raw[first:last]}

    @property
    def characters(self) -> int:
        """How long its fields are together."""
        return len(self.article.title or "") + len(self.article.text)

    @cached_property
    def lower(self) -> tuple[bytes, ...]:
        """Its fields as `lowered` gives them, in reading order."""
        return tuple([lowered(raw) for _, raw in self.fields()])

    @cached_property
    def words(self) -> frozenset[bytes]:
        """Every word of ASCII letters in `lower`: what none of them begins is not looked for in the text."""
        return frozenset(b" ".join(self.lower).translate(_LETTERS).split())

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence of every field, in reading order."""
        return tuple(
            [
                _new(Sentence, (name, start, end, raw[start:end]))
                for name, raw in self.fields()
                for start, end in self._segments(name, raw)
            ]
        )

    def _segments(self, name: FieldName, raw: str) -> list[tuple[int, int]]:
        """The spans of one field; a headline repeated at the head of the text is a sentence, even glued to the lead."""
        title = (self.plain.title or "").strip()
        if name == "title" or not title or not raw.startswith(title):
            return segment(raw)
        cut = len(title)
        return segment(title) + [(start + cut, end + cut) for start, end in segment(raw[cut:])]


def year_of(document: Document, named: re.Pattern[str]) -> int | None:
    """The year of publication; else the latest year that the article names, None when it names none.

    >>> year_of(Document.as_it_is(Article("a", "In 1999 and 2004.")), re.compile("[0-9]{4}"))
    2004
    """
    published = document.article.published_at
    if published:
        return int(published[:4])
    years = named.findall(document.plain.text)
    return int(max(years)) if years else None


def lowered(raw: str) -> bytes:
    """`raw` in lower case, one byte a character: bytes are searched fastest, and their offsets are those of `raw`.

    A character outside ASCII becomes a question mark: no number, unit or cue of English has one.

    >>> lowered("İzmir: Two")
    b'?zmir: two'
    """
    return raw.encode("ascii", "replace").lower()


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
    for found in (_WRAPPED_BREAK if _is_wrapped(raw) else _BREAK).finditer(raw):
        group = found.lastindex or 0
        if group % 2 or not _is_abbreviating(raw, start, found.start()):
            end, following = found.span(group)
            if group == _LINE or not spans:
                _keep(raw, start, end, spans)
            else:
                spans.append((start, end))
            start = following
    _keep(raw, start, len(raw), spans)
    return spans


def pieces(sentence: Sentence) -> Sequence[Sentence]:
    """The sentence, or, when it is endless, pieces of it cut at blanks: reading stays linear in the text.

    A text without blanks is cut anywhere.
    """
    return (sentence,) if len(sentence.text) <= _LONGEST_PIECE else tuple(_cut(sentence))


def _cut(sentence: Sentence) -> Iterator[Sentence]:
    """The pieces of an endless sentence."""
    start = 0
    while len(sentence.text) - start > _LONGEST_PIECE:
        cut = sentence.text.rfind(" ", start + 1, start + _LONGEST_PIECE)
        end = cut if cut > start else start + _LONGEST_PIECE
        yield Sentence(sentence.field, sentence.start + start, sentence.start + end, sentence.text[start:end])
        start = end
    yield Sentence(sentence.field, sentence.start + start, sentence.end, sentence.text[start:])


def _is_abbreviating(raw: str, start: int, at: int) -> bool:
    """Whether the stop at `at`, in a sentence that began at `start`, is the dot of an abbreviation."""
    if raw[at] != ".":
        return False
    if at - start >= _LONG_WORD and raw[at - _LONG_WORD : at].isalpha():
        return False  # most sentences end in such a word, and asking is cheap
    return _is_abbreviated(raw[max(start, at - _LONGEST_ABBREVIATION) : at])


def _is_abbreviated(head: str) -> bool:
    """Whether the last word of `head` is written short, so that the dot after it ends no sentence."""
    parts = head.split()
    if not parts:
        return False
    word = parts[-1].rpartition("-")[2].lstrip("([\"'“‘")
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
