"""Surnames that an article introduces: the last word of "First Last" or "Title Last"."""

from __future__ import annotations

from stream_app.core.places import lexicon
from stream_app.core.places.gazetteer import FIRST_NAME, SURNAME, Gazetteer
from stream_app.core.places.page import Page, Word


def surnames(page: Page, gazetteer: Gazetteer) -> set[str]:
    """Folded last names of the persons that the page names in full or by title."""
    found: set[str] = set()
    words = page.words
    for previous, word in zip(words, words[1:], strict=False):
        if previous.run == word.run and _introduces(previous, word, gazetteer):
            found.add(word.key)
    return found


def _introduces(previous: Word, word: Word, gazetteer: Gazetteer) -> bool:
    """Whether `previous` is a first name or a title, and `word` no generic noun."""
    if word.key in lexicon.ORGANISATIONS or word.key in lexicon.STREETS or word.key in lexicon.ADMIN:
        return False
    if previous.key.rstrip(".") in lexicon.TITLES:
        return True
    flags = gazetteer.flags_of(previous.key)
    return bool(flags & FIRST_NAME) and (not flags & SURNAME or bool(gazetteer.flags_of(word.key) & SURNAME))
