"""The tagger that says which language an article is in; it runs first, for the others read by language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import Final, Protocol, TypeVar

from stream_app.core.events import CasualtyFigure, LanguageFound, Passage, Place, Rejected, Tagged
from stream_app.core.frozen import changed
from stream_app.core.language import limits
from stream_app.core.language.detect import UNKNOWN, Detector
from stream_app.core.language.document import Document
from stream_app.core.language.passages import passages

RULE = "no_reader"
_NONE: Final = LanguageFound(UNKNOWN, 0.0)
A = TypeVar("A", CasualtyFigure, Rejected, Place)


class LanguageTagger:
    """Adds the language of the article, found in its title and text, else as its producer says; and its passages."""

    name = "language"

    def __init__(self, detector: Detector) -> None:
        self._detect = detector

    def __call__(self, document: Document, before: Tagged) -> Tagged:
        """Everything said before, with the language of this document."""
        text = "\n".join(raw for _, raw in document.fields())
        found = self._detect(text, document.article.language)
        return changed(before, language_found=found, passages=passages(document, text, self._detect, found))


class Reader(Protocol):
    """What reads documents of one language: a tagger of several steps whose words and rules are that language's."""

    def each(self, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        """For each document what was said of it before, and what this reader adds."""


class Later:
    """A reader that is made by `make` when the first document of its language comes, or when it is to be ready."""

    def __init__(self, make: Callable[[], Reader]) -> None:
        self.ready = cache(make)

    def each(self, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        """For each document what was said of it before, and what the reader adds."""
        return self.ready().each(documents, before)


class ByLanguage:
    """A tagger that hands each document to the reader of its language, and a passage in another to that one's.

    `readers` has them by language (ISO 639); `usual` is the language of a document of which none was found. Where there
    is no reader, `otherwise` reads, if there is one; else nothing is read, and if `tells` is set, one rejected row over
    the whole text says so.
    """

    def __init__(
        self,
        name: str,
        readers: Mapping[str, Reader],
        usual: str,
        *,
        tells: bool = False,
        otherwise: Reader | None = None,
    ) -> None:
        self.name = name
        self.readers = readers
        self._usual = usual
        self._tells = tells
        self._otherwise = otherwise

    def get_ready(self) -> None:
        """Makes every reader, so that no document waits for it."""
        for reader in self.readers.values():
            if isinstance(reader, Later):
                reader.ready()

    def __call__(self, document: Document, before: Tagged) -> Tagged:
        """Everything said before, with what the reader of its language adds."""
        (tagged,) = self.each([document], [before])
        return tagged

    def each(self, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        """The same for several documents; those of one language go to their reader together."""
        if not any(tagged.passages for tagged in before):
            return self._each(documents, before)
        parts = list(map(_parts, documents, before))
        told = iter(self._each([part for part, _ in chain(*parts)], [its for _, its in chain(*parts)]))
        return [
            _joined(tagged, list(islice(told, len(its))), document.characters)
            for document, tagged, its in zip(documents, before, parts, strict=True)
        ]

    def _each(self, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        """What the reader of each document's language adds."""
        places: dict[str, list[int]] = {}
        for at, tagged in enumerate(before):
            found = tagged.language_found
            places.setdefault(found.language if found else self._usual, []).append(at)
        if len(places) == 1:
            return self._read(next(iter(places)), documents, before)
        told: dict[int, Tagged] = {}
        for language, numbers in places.items():
            own, said = [documents[at] for at in numbers], [before[at] for at in numbers]
            told.update(zip(numbers, self._read(language, own, said), strict=True))
        return [told[at] for at in range(len(documents))]

    def _read(self, language: str, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        """What the reader of the language adds; without one, that there is none."""
        reader = self.readers.get(language, self._otherwise)
        if reader is not None:
            return reader.each(documents, before)
        return list(map(_unread, documents, before)) if self._tells else list(before)


def _unread(document: Document, before: Tagged) -> Tagged:
    """What was said before, and that nobody reads the language of the text."""
    fields = dict(document.fields())
    own = before.passages or [Passage("text", 0, len(fields.get("text", "")), _NONE)]
    rows = []
    for one in own:
        text = fields.get(one.field, "")[one.start : one.end]
        black = text.strip() if before.passages else text
        if black:
            start = one.start + text.index(black)
            rows.append(Rejected(one.field, start, start + len(black), black, "language", RULE))
    return changed(before, rejected=(*before.rejected, *rows)) if rows else before


def _parts(document: Document, before: Tagged) -> list[tuple[Document, Tagged]]:
    """The document without its passages, then those of each language, as documents; `passages` are what each has."""
    if not before.passages:
        return [(document, before)]
    own = list[Passage]()
    others = dict[str, list[Passage]]()
    for name, raw in document.fields():
        start = 0
        for passage in before.passages:
            if passage.field == name:
                others.setdefault(passage.found.language, []).append(passage)
                own.append(Passage(name, start, passage.start, before.language_found or _NONE))
                start = passage.end
        own.append(Passage(name, start, len(raw), before.language_found or _NONE))
    return [
        (
            document.with_only([(one.field, one.start, one.end) for one in its]),
            changed(before, language_found=its[0].found, passages=its),
        )
        for its in (own, *others.values())
    ]


def _joined(before: Tagged, parts: Sequence[Tagged], characters: int) -> Tagged:
    """What the readers added to the parts of a document, in reading order.

    Of each kind of harm the toll is that of the first part which tells one: a quotation in another language repeats it
    or is older, and is not added.
    """
    if not before.passages:
        return parts[0]
    figures, toll = list[CasualtyFigure](), dict(before.toll)
    for part in parts:
        new = {kind: bounds for kind, bounds in part.toll.items() if kind not in toll}
        figures.extend(
            changed(figure, in_toll=figure.in_toll and figure.kind in new)
            for figure in part.casualties[len(before.casualties) :]
        )
        toll |= new
    rejected = [row for part in parts for row in part.rejected[len(before.rejected) :]]
    places = [place for part in parts for place in part.places[len(before.places) :]]

    def first_of(what: str, rows: Iterable[A]) -> Sequence[A]:
        return sorted(rows, key=_place_of)[: limits.most(what, characters)]

    return changed(
        before,
        casualties=(*before.casualties, *first_of("casualties", figures)),
        rejected=(*before.rejected, *first_of("rejected", rejected)),
        places=(*before.places, *first_of("places", places)),
        toll=toll,
        cause=next((part.cause for part in parts if part.cause is not None), None),
    )


def _place_of(found: CasualtyFigure | Rejected | Place) -> tuple[bool, int, int]:
    """Where an annotation stands in its article."""
    return found.field == "text", found.start, found.end
