"""What the words beside a name say of the entry: a parent after a comma, a class word before or after it."""

from __future__ import annotations

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
    first, last = mention.draft.first, mention.draft.last
    after = page.words[last + 1] if last + 1 < len(page.words) and page.gaps[last + 1] == " " else None
    if after is not None and not mention.draft.generic:
        if after.text in _REGION_WORDS and after.text not in _TOWN_WORDS:
            return "adm"
        if after.text == "city":
            return "town"
    if first >= 2 and page.gaps[first] == " ":
        before = page.words[first - 1].folded
        if before == "of" and page.words[first - 2].folded in _TOWN_WORDS:
            return "town"
        if before == "of" and page.words[first - 2].folded in _REGION_WORDS:
            return "adm"
        if before == "downtown":
            return "town"
    return ""
