"""What the words beside a name say of the entry: a parent after a comma, a class word before or after it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from stream_app.core.places import place_words
from stream_app.core.places.page import Page
from stream_app.core.places.resolve import Name
from stream_app.core.places.spotting import PARENTS, NameKey, Spotted


def give_hints(page: Page, mentions: Sequence[Spotted], names: Mapping[NameKey, Name]) -> None:
    """Note the parents and the class hints of the names that the page mentions."""
    for mention, following in pairwise(mentions):
        between = page.raw[mention.end : following.start]
        if following.kind in PARENTS and between in _PARENT_FOLLOWS:
            names[mention.key].parents.append(names[following.key])
            if not names[following.key].hint:
                names[following.key].hint = "parent"
        elif mention.kind in _OWNERS and between in _POSSESSIVE:
            names[following.key].parents.append(names[mention.key])
        elif between in _IN and mention.kind in _SMALL and _is_division(page, following):
            names[mention.key].parents.append(names[following.key])
    gaps, raw = page.gaps, page.raw
    for mention in mentions:
        _, last, _, _, _, generic, _ = mention.draft
        gap, start = gaps[last + 1], mention.start
        hint = "" if generic else _hint_after(gap)
        if not hint and raw[start - _OF : start].lower() in _BEFORE_ENDS:
            hint = _hint_before(raw[max(0, start - _REACH) : start].lower())
        if hint:
            names[mention.key].hint = hint


def _is_division(page: Page, mention: Spotted) -> bool:
    """Whether a name is a country's or division's, by itself or by the word after it: "Bannu district"."""
    if mention.kind in _OWNERS:
        return True
    return _hint_after(page.gaps[mention.draft.last + 1]) == "adm"


def _hint_after(gap: str) -> str:
    """The class that the words after a name give it: "Bannu district"; "" for none."""
    if gap[:1] != " ":
        return ""
    return "adm" if gap[1:].startswith(_AREAS) else _HINTS_AFTER.get(gap[1 : gap.find(" ", 1)].rstrip(".,;:"), "")


def _hint_before(before: str) -> str:
    """The class that the words before a name give it: "the town of Vasylkiv"; "" for none."""
    if before.endswith(_DOWNTOWN):
        return "town"
    of = _CLASS_OF.search(before)
    if of is None:
        return ""
    return "town" if of.group(1) in place_words.TOWNS else "adm" if of.group(1) in place_words.REGIONS else ""


_HINTS_AFTER = {
    word + ending: "town" if word == place_words.CITY else "adm"
    for word in (place_words.REGIONS - place_words.TOWNS) | {place_words.CITY}
    for ending in ("", "'s", "’s")
}
_AREAS = tuple(place_words.AREAS)
_PARENT_FOLLOWS = frozenset({", ", " (", " - "})
_POSSESSIVE = frozenset({"'s ", "’s "})
_IN = frozenset(f"{mark} {words} " for words in place_words.WITHIN for mark in ("", ","))
_OWNERS = frozenset({"country", "adm1"})
_SMALL = frozenset({"city1", "city2", "city3", "unknown"})
"""Kinds of places that readers are told the country of; of a great city "in France" may be said for other reasons."""

_DOWNTOWN = f"{place_words.DOWNTOWN} "
_OF, _REACH = len(place_words.OF) + 1, 24
"""How far back the preposition and the class word before it reach, in characters."""

_BEFORE_ENDS = frozenset({f"{place_words.OF} ", _DOWNTOWN[-_OF:]})
"""The last characters of what may stand before a name and hint at its class."""

_CLASS_OF = re.compile(rf"(\w+)\W+{place_words.OF} \Z")
