"""What a sentence is cut into: chunks, of which some are people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, Literal, TypeVar

from stream_app.core.events import Kind, VictimClass
from stream_app.core.language.numerals import Quantity
from stream_app.core.languages.en.lexicon import PersonNoun, Role, Tag

Form = Literal["counted", "elided", "unknown", "single", "plural", "named", "pronoun", "nobody"]
_REMEMBERED: Final = 16_384
_LONGEST_WORD: Final = 50
"""What is longer comes once, and is not remembered."""
_Found = TypeVar("_Found")


@dataclass(slots=True)
class People:
    """A noun phrase for people; `low`/`high`/`qualifier` are its number, tokens `[start, end)` its span."""

    start: int
    end: int
    form: Form
    quantity: Quantity | None
    noun: PersonNoun | None
    head: int
    made: Mapping[Role, Kind] = field(default_factory=dict)
    definite: bool = False
    ordinal: bool = False
    inner: Quantity | None = None


@dataclass(slots=True)
class Chunk:
    """One chunk of `size` tokens. It does not know where it stands: a word that is a chunk by itself has one object."""

    tag: Tag
    size: int
    people: People | None = None
    roles: Mapping[Role, Kind] | None = None
    word: str = ""


def ends(chunks: Iterable[Chunk]) -> list[int]:
    """Where each chunk ends, in tokens; it begins where the one before it ends."""
    return list(accumulate([chunk.size for chunk in chunks]))


def end_of(chunks: Sequence[Chunk], k: int) -> int:
    """Where chunk `k` ends, in tokens."""
    return sum([chunk.size for chunk in chunks[: k + 1]])


def victim_class(people: People) -> VictimClass:
    """The class of a phrase's head noun, "unknown" without one."""
    return people.noun.victim_class if people.noun is not None else "unknown"


class Remembered(dict[str, _Found]):
    """What is known of each word, looked up once; all is forgotten when there are too many."""

    def __init__(self, look_up: Callable[[str], _Found]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, word: str) -> _Found:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self._look_up(word)
        if len(word) <= _LONGEST_WORD:
            self[word] = found
        return found
