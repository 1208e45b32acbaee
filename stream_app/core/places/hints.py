"""What the words beside a name say of the entry: a parent after a comma, a class word before or after it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from stream_app.core.places import lexicon
from stream_app.core.places.page import Page
from stream_app.core.places.resolve import Name
from stream_app.core.places.spotting import PARENTS, NameKey, Spotted

_REGION_WORDS = lexicon.ADMIN | {"region", "area", "regional"}
_TOWN_WORDS = lexicon.words_of(
    "city town village hamlet suburb port capital municipality neighbourhood neighborhood settlement mayor downtown"
)


def give_hints(page: Page, mentions: Sequence[Spotted], names: Mapping[NameKey, Name]) -> None:
    """Note the parents and the class hints of the names that the page mentions."""
    for mention, following in pairwise(mentions):
        if following.kind in PARENTS and page.raw[mention.end : following.start] in {", ", " (", " - "}:
            names[mention.key].parents.append(names[following.key])
            if not names[following.key].hint:
                names[following.key].hint = "parent"
    for mention in mentions:
        hint = _hint(page, mention)
        if hint:
            names[mention.key].hint = hint


def _hint(page: Page, mention: Spotted) -> str:
    """The class that a word beside the mention gives it: "Kharkiv region", "the town of Vasylkiv"; "" for none."""
    draft = mention.draft
    if not draft.generic:
        gap = page.gaps[draft.last + 1]
        hint = _HINTS_AFTER.get(gap[1 : gap.find(" ", 1)].rstrip(".,;:")) if gap[:1] == " " else None
        if hint is not None:
            return hint
    start, raw = mention.start, page.raw
    if raw[start - _OF : start].lower() not in _BEFORE_ENDS:
        return ""
    before = raw[max(0, start - _REACH) : start].lower()
    if before.endswith("downtown "):
        return "town"
    of = _CLASS_OF.search(before)
    if of is None:
        return ""
    return "town" if of.group(1) in _TOWN_WORDS else "adm" if of.group(1) in _REGION_WORDS else ""


_HINTS_AFTER = {
    word + ending: "town" if word == "city" else "adm"
    for word in (_REGION_WORDS - _TOWN_WORDS) | {"city"}
    for ending in ("", "'s", "’s")
}
_OF, _REACH = 3, 24
"""How far back the preposition and the class word before it reach, in characters."""

_BEFORE_ENDS = frozenset({"of ", "wn "})
"""The last three characters of what may stand before a name and hint at its class."""

_CLASS_OF = re.compile(r"(\w+)\W+of \Z")
