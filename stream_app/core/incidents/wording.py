"""What a language tells of incidents beside figures, places and causes: its readers are handed in by language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from stream_app.core.events import Tagged


class Wording(Protocol):
    """The words of one language."""

    def terms(self, text: str, ignored: Collection[str] = ...) -> list[str]:
        """The telling terms of a text: rare words, numbers, full names, ages (`sketch` has their kinds)."""

    def common_terms(self, opening: str) -> list[str]:
        """The everyday words of an article's opening."""

    def causes(self, title: str, opening: str) -> list[str]:
        """What title and opening speak of most, from the closed list of causes, the likeliest first."""

    def is_background(self, sentence: str) -> bool:
        """Whether a sentence tells of what a war, a year or earlier attacks have cost."""

    def is_cumulative(self, sentence: str) -> bool:
        """Whether a sentence tells of what has added up since some day."""

    def corrects(self, text: str) -> bool:
        """Whether a text says that an earlier count was too high."""

    def follows(self, text: str) -> bool:
        """Whether a text tells of the aftermath of an event."""

    def targets(self, opening: str) -> list[str]:
        """What was hit, or where people were: a market, a school, a bus; from a closed list that any language has."""

    def counts_before(self, text: str) -> list[int]:
        """The numbers of dead that a text says were told before: "up from 12"."""

    def refers(self, before: str, sentence: str, year: int) -> bool:
        """Whether a court or a memorial day looks back over years, in a sentence that begins with `before`."""

    def looks_back(self, before: str) -> bool:
        """Whether a sentence that begins with `before` speaks of courts or memory, over years or not."""

    def unstamped(self, text: str) -> str:
        """The text without the dates of its page."""

    def is_care(self, sentence: str) -> bool:
        """Whether a sentence speaks of those who treat the victims."""

    def sets_in(self, before: str) -> bool:
        """Whether the words just before a place set an event in it."""

    def locates(self, raw: str, start: int, end: int) -> bool | None:
        """Whether the words beside a place put something there; None where its role says more."""


class Wordless:
    """A language whose words nobody has written: its reports meet others by place, day, cause and numbers alone."""

    def terms(self, _text: str, _ignored: Collection[str] = ()) -> list[str]:
        """None."""
        return []

    def common_terms(self, _opening: str) -> list[str]:
        """None."""
        return []

    def causes(self, _title: str, _opening: str) -> list[str]:
        """None."""
        return []

    def targets(self, _opening: str) -> list[str]:
        """None."""
        return []

    def counts_before(self, _text: str) -> list[int]:
        """None."""
        return []

    def is_background(self, _sentence: str) -> bool:
        """Nothing is known to be."""
        return False

    is_cumulative = corrects = follows = is_care = sets_in = looks_back = is_background

    def refers(self, _before: str, _sentence: str, _year: int) -> bool:
        """Nothing is known to."""
        return False

    def unstamped(self, text: str) -> str:
        """The text as it is."""
        return text

    def locates(self, _raw: str, _start: int, _end: int) -> bool | None:
        """Nothing is known."""
        return None


class Locating(Wordless):
    """A language of which only the words for "in" and the like are known."""

    def __init__(self, locates: Callable[[str, int, int], bool]) -> None:
        self._locates = locates

    def locates(self, raw: str, start: int, end: int) -> bool | None:
        """Whether the words beside a place put something there."""
        return self._locates(raw, start, end)


@dataclass(frozen=True, slots=True)
class Wordings:
    """Wordings by language (ISO 639); `usual` is the language of a text of which none was found."""

    known: Mapping[str, Wording] = field(default_factory=dict)
    usual: str = ""

    def of(self, tagged: Tagged) -> Wording:
        """The wording of the language that a text is in."""
        found = tagged.language_found
        return self.known.get(found.language if found else self.usual, _WORDLESS)


_WORDLESS = Wordless()
