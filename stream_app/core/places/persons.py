"""Surnames that an article introduces: the last word of "First Last" or "Title Last"."""

from __future__ import annotations

from stream_app.core.places.page import Page, Word


def surnames(page: Page) -> set[str]:
    """Folded last names of the persons that the page names in full or by title."""
    words = page.words
    return {words[number].folded for number in page.joined if _introduces(words[number - 1], words[number])}


def _introduces(previous: Word, word: Word) -> bool:
    """Whether `previous` is a title or a first name, and `word` may be a surname."""
    if not word.person or word.person == "title":
        return False
    if previous.person in {"title", "first"}:
        return True
    return previous.person == "both" and word.person in {"last", "both"}
