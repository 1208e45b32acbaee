"""Surnames that an article introduces: the last word of "First Last" or "Title Last"."""

from __future__ import annotations

from stream_app.core.places import place_words
from stream_app.core.places.beside import after
from stream_app.core.places.page import Page, Word


def surnames(page: Page) -> set[str]:
    """Folded last names of the persons that the page names in full or by title."""
    words = page.words
    return {
        words[number].folded
        for number in page.joined
        if _introduces(words[number - 1], words[number]) or _speaks(page, number)
    }


def _speaks(page: Page, number: int) -> bool:
    """Whether two names, the first of no place, are said to have said something: "Deniz Karapinar said"."""
    first, last = page.words[number - 1], page.words[number]
    if page.gaps[number] != " " or number + 1 in page.joined or number - 1 in page.joined:
        return False
    if (
        first.key is not None
        or first.folded in place_words.NEVER
        or first.person not in {"last", "other"}
        or last.person not in {"last", "both", "other"}
    ):
        return False
    side = after(page.gaps[number + 1])
    return side is not None and side.near == "say"


def _introduces(previous: Word, word: Word) -> bool:
    """Whether `previous` is a title or a first name, and `word` may be a surname."""
    if not word.person or word.person == "title":
        return False
    if previous.person in {"title", "first"}:
        return True
    return previous.person == "both" and word.person in {"last", "both"}
