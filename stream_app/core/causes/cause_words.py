"""The words for causes of one language, and which cause is usually a detail of which."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, NamedTuple, cast, get_args

from stream_app.core.events import CauseKind

_HEAD: Final = re.compile(rb"[a-z]+")
_WEIGHTS: Final = {"sure": 2.0, "likely": 0.8}
_DETAILS: Final[Mapping[CauseKind, str]] = {
    "airstrike": "shelling bombing fire collapse road industrial clash drone shooting air raid",
    "shelling": "fire collapse road industrial clash bombing airstrike",
    "drone": "airstrike shelling bombing fire road industrial air clash",
    "bombing": "road rail air fire collapse industrial shooting clash other",
    "shooting": "road fire other crowd execution air collapse",
    "stabbing": "road other shooting",
    "clash": "shooting road other raid",
    "raid": "shooting clash fire road stabbing",
    "abduction": "shooting road clash raid other sea",
    "protest": "shooting fire crowd road clash",
    "execution": "shooting other road",
    "earthquake": "collapse landslide fire flood industrial road other volcano",
    "flood": "landslide collapse road heat other sea",
    "storm": "flood landslide collapse road sea air other cold fire wildfire",
    "landslide": "flood collapse road other rail",
    "wildfire": "fire heat road storm",
    "volcano": "earthquake landslide fire other",
    "heat": "wildfire other",
    "cold": "storm other road",
    "fire": "collapse industrial road other crowd",
    "collapse": "road industrial other rail",
    "road": "fire other rail industrial",
    "rail": "road fire collapse other",
    "sea": "storm air other abduction",
    "air": "fire sea road other collapse industrial",
    "industrial": "fire collapse road other",
    "crowd": "other collapse fire",
    "epidemic": "poisoning flood other heat",
    "poisoning": "epidemic industrial other",
}
"""What stands beside a cause as its detail: a bus that is bombed, a house that a quake brings down."""


class Meaning(NamedTuple):
    """What a phrase says: a cause and how surely; no cause for a phrase that only looks like one ("fire chief")."""

    kind: CauseKind | None
    weight: float

    @property
    def sure(self) -> bool:
        """Whether the phrase by itself tells of such an event."""
        return self.weight == _WEIGHTS["sure"]


@dataclass(frozen=True, slots=True)
class CauseWords:
    """Phrases (lower case, words joined by a blank) with their meaning.

    `starts` are their first words: each with how many words its phrases have, most first. `heads` give for the letters
    that the longest word of a phrase begins with the first words of such phrases, each with the letters that it begins
    with itself. `seconds` are the second words of the phrases that begin with a word. `harm` are words one of which an
    article about an incident holds: a railway that is sold has none.
    """

    phrases: Mapping[str, Meaning]
    starts: Mapping[str, tuple[int, ...]]
    heads: Mapping[bytes, tuple[tuple[bytes, bytes], ...]]
    seconds: Mapping[str, AbstractSet[str]]
    harm: frozenset[str]

    def beginning(self, met: AbstractSet[bytes]) -> set[bytes]:
        """The first words of phrases that a text may hold, by the words of letters `met` in it."""
        return {word for head in self.heads.keys() & met for word, letters in self.heads[head] if letters in met}

    def longest(self, words: Sequence[str]) -> tuple[int, Meaning | None]:
        """How many words the longest phrase that begins the words has, and its meaning; one word and None for none."""
        for size in self.starts.get(words[0], ()):
            if size <= len(words) and (meaning := self.phrases.get(" ".join(words[:size]))) is not None:
                return size, meaning
        return 1, None

    @staticmethod
    def details(kind: CauseKind) -> frozenset[str]:
        """The causes that are usually a detail of this one."""
        return frozenset(_DETAILS.get(kind, "").split())


@cache
def load_causes(language: str) -> CauseWords:
    """The words for causes of a language, read once a process from its folder in `core/languages/`."""
    folder = resources.files(f"stream_app.core.languages.{language}")
    data = json.loads(folder.joinpath("causes.json").read_text(encoding="utf-8"))
    harm = frozenset(data.pop("harm")["words"].split())
    phrases = meanings(language, data)
    return CauseWords(phrases, starts(phrases), _heads(phrases), _seconds(phrases), harm)


def meanings(language: str, data: Mapping[str, Mapping[str, str]]) -> dict[str, Meaning]:
    """The phrases of the lists of a language, by cause and how sure they are; ValueError for a cause that is none."""
    phrases: dict[str, Meaning] = {}
    for kind, lists in data.items():
        if kind != "none" and kind not in get_args(CauseKind):
            raise ValueError(f"causes.json of {language}: unknown cause {kind!r}")
        for how, text in lists.items():
            for phrase in text.split("|"):
                found = None if kind == "none" else cast("CauseKind", kind)
                phrases[phrase] = Meaning(found, _WEIGHTS[how])
    return phrases


def starts(phrases: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The first words of the phrases, each with how many words its phrases have, most first."""
    sizes: dict[str, set[int]] = {}
    for words in map(str.split, phrases):
        sizes.setdefault(words[0], set()).add(len(words))
    return {word: tuple(sorted(found, reverse=True)) for word, found in sizes.items()}


def _seconds(phrases: Iterable[str]) -> dict[str, set[str]]:
    """The second words of the phrases by their first."""
    seconds: dict[str, set[str]] = {}
    for first, *rest in map(str.split, phrases):
        if rest:
            seconds.setdefault(first, set()).add(rest[0])
    return seconds


def _heads(phrases: Iterable[str]) -> dict[bytes, tuple[tuple[bytes, bytes], ...]]:
    """By what the longest word of a phrase begins with its first word: "in clashes" begins where "clashes" is met."""
    heads: dict[bytes, set[tuple[bytes, bytes]]] = {}
    for words in map(str.split, phrases):
        head, first = _HEAD.match(max(words, key=len).encode()), words[0].encode()
        if head is None:
            raise ValueError(f"causes: no ASCII letter begins a word of {words!r}")
        letters = _HEAD.match(first) or head
        heads.setdefault(head.group(), set()).add((first, letters.group()))
    return {head: tuple(sorted(found)) for head, found in heads.items()}
