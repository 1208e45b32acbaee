"""What place spotting needs of a language beside English: its words, its endings, its names for the great places.

A language is one file of data, `places.json` in its folder of `core/languages/`; no word of any language stands here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from stream_app.core.places.folding import fold, fold_other

NOTHING: Final = "_"
"""How data write an ending without letters."""
_SCRIPTS: Final = ("latin", "cyrillic", "arabic")
_LISTS: Final = (
    "locative", "source", "articles", "conjunctions", "types", "types_short", "types_after", "part_before",
    "part_after", "titles", "compound", "never", "locative_endings",
)  # fmt: skip
_ENDINGS: Final = ("adjectives", "agreeing", "typical")
_TABLES: Final = ("short", "endings", "forms", "names")


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words of a language that tell places, all folded.

    `locative` stand before what lies somewhere ("in"), `source` before what may be a place or not ("of", "and");
    `types` before a name say that it is a place and are no part of it ("city"), `types_short` likewise with a dot,
    `types_after` behind it; `part_before` and `part_after` are part of it ("isla", "oblast"), `short` gives what an
    abbreviation of those stands for. `titles` stand before a person. `never` are words that are places only where a
    type says so; `compound` begin a name of two words.

    `endings` give for an ending what the name's own form may have in its place, `forms` the own form of what no rule
    makes. `adjectives` end words that are no place by themselves, `agreeing` adjectives before a name, `typical` the
    names of villages. `joined` are prepositions written as one with the name, those in `joined_locative` being
    locative; `locative_endings` are joined with an apostrophe; `definite` is the article that is part of a word.
    `names` give for a name of the language what the gazetteer calls it; `homes` are the countries where most of its
    texts come from.

    `nouns` says that every noun has a capital, `bare` that no name has, `apostrophe` that one is part of a word,
    `unknown` that a capitalised word after a locative one is a place although no gazetteer has it.
    """

    code: str
    script: str
    fold: Callable[[str], str]
    locative: frozenset[str]
    source: frozenset[str]
    articles: frozenset[str]
    conjunctions: frozenset[str]
    types: frozenset[str]
    types_short: frozenset[str]
    types_after: frozenset[str]
    part_before: frozenset[str]
    part_after: frozenset[str]
    titles: frozenset[str]
    compound: frozenset[str]
    locative_endings: frozenset[str]
    never: frozenset[str]
    homes: frozenset[str]
    short: Mapping[str, str]
    endings: Mapping[str, tuple[str, ...]]
    forms: Mapping[str, str]
    adjectives: tuple[str, ...]
    agreeing: tuple[str, ...]
    typical: tuple[str, ...]
    joined: frozenset[str]
    joined_locative: frozenset[str]
    definite: str
    names: Mapping[str, tuple[str, ...]]
    nouns: bool
    bare: bool
    apostrophe: bool
    unknown: bool

    def locates(self, raw: str, start: int, end: int) -> bool:
        """Whether the words beside the place at `start:end` put something there: "in", a type word, a dateline.

        >>> text = "W Gdyni spłonął dom. Rosja milczy."
        >>> tongue("pl").locates(text, 2, 7), tongue("pl").locates(text, 21, 26)
        (True, False)
        """
        if start and raw[start - 1] in self.joined:
            return True
        before = [self.fold(word) for word in _WORDS.findall(raw[max(0, start - _REACH) : start])]
        last, far = ([""] * 2 + before)[-1:-3:-1]
        telling = self.locative | self.types | self.source
        if last in telling or (far in telling and (last in self.articles or last.endswith(self.agreeing))):
            return True
        after = [self.fold(word) for word in _WORDS.findall(raw[end : end + _REACH])[:2]]
        if raw[end : end + 1] in _APOSTROPHES and after and after[0] in self.locative_endings:
            return True
        if raw[end : end + 1] in _JOINED and not self.types_after.isdisjoint(after):
            return True
        mark = raw[end : end + _MARK].lstrip(" ,")[:1]
        return mark in _DATELINE and (start == 0 or raw[start - 1] == "\n")

    def bases(self, folded: str) -> list[str]:
        """The forms that a word may have in the gazetteer: itself, then each with an ending exchanged.

        >>> "warszawa" in tongue("pl").bases("warszawie")
        True
        """
        found = {folded: None}
        if folded in self.forms:
            found[self.forms[folded]] = None
        for size in range(min(_LONGEST_ENDING, len(folded) - _SHORTEST_STEM) + 1):
            ending = folded[len(folded) - size :]
            stem = folded[: len(folded) - size]
            for other in self.endings.get(ending, ()):
                if len(stem) + len(other) >= _SHORTEST_NAME:
                    found[stem + other] = None
        return list(found)


_WORDS: Final = re.compile(r"\w+")
_APOSTROPHES: Final = frozenset("'’ʼ")
_DATELINE: Final = frozenset("(-—–:")
_JOINED: Final = _APOSTROPHES | {" "}
_REACH, _MARK = 24, 12
"""Characters beside a place in which words that locate it are looked for, and the mark of a dateline."""
_SHORTEST_STEM, _SHORTEST_NAME, _LONGEST_ENDING = 2, 3, 5
"""Letters."""


@cache
def tongue(code: str) -> Tongue:
    """What place spotting needs of the language, read once a process from its folder.

    Raises:
        ValueError: its data are not of the form that `Tongue` describes.
    """
    file = resources.files("stream_app.core.languages").joinpath(code, "places.json")
    return read_tongue(code, json.loads(file.read_text(encoding="utf-8")))


def read_tongue(code: str, data: Mapping[str, Any]) -> Tongue:
    """The language of these data.

    Raises:
        ValueError: a key is unknown, or the script.
    """
    known = {*_LISTS, *_ENDINGS, *_TABLES, "script", "homes", "joined", "joined_locative", "definite", "traits"}
    if unknown := set(data) - known:
        raise ValueError(f"places.json of {code}: unknown {', '.join(sorted(unknown))}")
    if data["script"] not in _SCRIPTS:
        raise ValueError(f"places.json of {code}: unknown script {data['script']!r}")
    folded = fold if data["script"] == "latin" else fold_other

    def words(items: str) -> frozenset[str]:
        return frozenset(map(folded, items.split()))

    traits = frozenset(data.get("traits", "").split())
    if strange := traits - {"nouns", "bare", "apostrophe", "unknown"}:
        raise ValueError(f"places.json of {code}: unknown traits {', '.join(sorted(strange))}")
    lists: dict[str, Any] = {key: words(data.get(key, "")) for key in _LISTS}
    lists.update({key: tuple(map(folded, data.get(key, "").split())) for key in _ENDINGS})
    return Tongue(
        code=code,
        script=data["script"],
        fold=folded,
        **lists,
        homes=frozenset(data.get("homes", "").split()),
        short={folded(key): folded(value) for key, value in data.get("short", {}).items()},
        endings={
            folded(ending): tuple(folded(other) if other != NOTHING else "" for other in others.split())
            for ending, others in data.get("endings", {}).items()
        },
        forms={folded(form): folded(own) for form, own in data.get("forms", {}).items()},
        joined=frozenset(data.get("joined", "").split()),
        joined_locative=frozenset(data.get("joined_locative", "").split()),
        definite=data.get("definite", ""),
        names=_by_name(data.get("names", {}), folded),
        nouns="nouns" in traits,
        bare="bare" in traits,
        apostrophe="apostrophe" in traits,
        unknown="unknown" in traits,
    )


def _by_name(names: Mapping[str, str], folded: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """For each name, folded, what the gazetteer calls what it denotes."""
    found: dict[str, tuple[str, ...]] = {}
    for target, given in names.items():
        for name in _names(given):
            found[folded(name)] = tuple(dict.fromkeys((*found.get(folded(name), ()), target)))
    return found


def _names(given: str) -> Iterable[str]:
    return filter(None, (name.strip(" .") for name in given.split("|")))
