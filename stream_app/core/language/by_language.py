"""The tagger that says which language an article is in; it runs first, for the others read by language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Protocol

from stream_app.core.events import Rejected, Tagged
from stream_app.core.language.detect import Detector
from stream_app.core.language.document import Document

RULE = "no_reader"


class LanguageTagger:
    """Adds the language of the article: found in its title and text, else as its producer says."""

    name = "language"

    def __init__(self, detector: Detector) -> None:
        self._detect = detector

    def __call__(self, document: Document, before: Tagged) -> Tagged:
        """Everything said before, with the language of this document."""
        text = "\n".join(raw for _, raw in document.fields())
        return replace(before, language_found=self._detect(text, document.article.language))


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
    """A tagger that hands each document to the reader of its language.

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
    text = document.plain.text
    row = Rejected("text", 0, len(text), text, "language", RULE)
    return replace(before, rejected=(*before.rejected, row)) if text else before
