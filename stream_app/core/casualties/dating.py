"""When an article plays, by its opening: news names a day or an hour of now there, what tells of the past a year."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

_WHOLE: Final = 5
"""Sentences that make a whole article; a brief may leave out when it was."""
_OPENING: Final = 3
"""Sentences of the text that say when it was, beside the title."""
_GONE: Final = 2
"""Years that a year must be behind: news of now is often set against the year before."""
_YEAR: Final = re.compile(r"(?:1[89]|20)(?<![\d.,:/-]\d\d)\d\d(?![\d.,:/-]?\d)")
_ROUND: Final = 100
"""A whole hundred ("2000 left their homes") is a number as often as a year."""
_CLOCK: Final = re.compile(r"\b[012]?\d[:.h][0-5]\d\b")


class Setting(NamedTuple):
    """When the opening of an article plays.

    Attributes:
        is_of_now: whether it names a day or an hour of now.
        year: a year long gone that it names, as written; None for none.
    """

    is_of_now: bool
    year: str | None


def setting(
    texts: Sequence[str], titles: int, told: int, year: int | None, is_now: Callable[[str, bool], bool]
) -> Setting | None:
    """When the article plays; None where its first figure is told of now, or nothing can be said.

    Nothing can be said of a brief, nor where no year of publication is known.

    Args:
        texts: its sentences, those of the title first.
        titles: how many are of the title.
        told: the sentence of its first figure, which is asked, too; for one in the title, which seldom names a day of
            now, the first of the text.
        year: that of publication.
        is_now: whether a sentence names a time of now, in words of its language: a day, or any time ("at night") where
            no day is asked for.

    >>> past = "The mine of Arvel. It opened in 1901. One night gas came in. It killed 60. Most were young. A stone."
    >>> setting(past.split(". "), 1, 3, 2025, lambda text, by_day: "today" in text)
    Setting(is_of_now=False, year='1901')
    """
    if year is None or len(texts) - titles < _WHOLE:
        return None
    titled = next(filter(None, (long_gone(text, year) for text in texts[:titles])), None)
    if titled is None and is_dated(texts[max(told, titles)], year, is_now):
        return None
    opening = list(texts[titles : titles + _OPENING])
    opening += texts[told : told + 1] if told >= titles + _OPENING else ()
    gone = (long_gone(text, year) for text in (*opening, *texts[:titles]))
    return Setting(any(is_dated(text, year, is_now) for text in opening), next(filter(None, gone), None))


def is_dated(text: str, year: int | None, is_now: Callable[[str, bool], bool]) -> bool:
    """Whether a sentence names a time of now; the night of a year long gone is none."""
    past = year is not None and long_gone(text, year) is not None
    return is_now(text, past) or (not past and _CLOCK.search(text) is not None)


def is_dated_itself(
    text: str, year: int | None, is_now: Callable[[str, bool], bool], without_telling: Callable[[str], str]
) -> bool:
    """Whether a sentence names a time of now besides the days on which it was told, which `without_telling` takes out.

    >>> day = lambda text, by_day: "Monday" in text
    >>> is_dated_itself("22 died, he said on Monday", 2025, day, lambda text: text.replace("said on Monday", ""))
    False
    """
    if not is_dated(text, year, is_now):
        return False
    told = without_telling(text)
    return told == text or is_dated(told, year, is_now)


def long_gone(text: str, year: int) -> str | None:
    """The first year long gone that a sentence names."""
    years = (found for found in _YEAR.findall(text) if int(found) <= year - _GONE and int(found) % _ROUND)
    return next(years, None)
