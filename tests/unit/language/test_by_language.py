"""Readers of languages: each document goes to its own, which is made when it is needed."""

from __future__ import annotations

from collections.abc import Sequence

from stream_app.core.events import Article, LanguageFound, Tagged
from stream_app.core.language.by_language import ByLanguage, Later, Reader
from stream_app.core.language.document import Document


class _Silent:
    def each(self, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        del documents
        return list(before)


def _readers(made: list[str]) -> ByLanguage:
    def make(code: str) -> Reader:
        made.append(code)
        return _Silent()

    return ByLanguage("nothing", {"pl": Later(lambda: make("pl")), "tr": Later(lambda: make("tr"))}, "pl")


def test_a_reader_is_made_once_and_only_for_documents_in_its_language() -> None:
    made: list[str] = []
    readers = _readers(made)
    said = Tagged(language_found=LanguageFound("tr", 0.99))
    for number in range(2):
        readers(Document(Article(id=str(number), text="Sel geldi.")), said)
    assert made == ["tr"]


def test_readers_that_are_made_ready_make_no_document_wait() -> None:
    made: list[str] = []
    readers = _readers(made)
    readers.get_ready()
    assert sorted(made) == ["pl", "tr"]
    readers(Document(Article(id="1", text="Zalało wieś.")), Tagged())
    assert sorted(made) == ["pl", "tr"]
