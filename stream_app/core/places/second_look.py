"""What stands around a candidate for a toponym and says more than its neighbours' classes: storms, ships, surnames.

The scorer sees the two words on each side as classes. Here are the classes of names that it gets wrong, each one
rule, as log-odds added to its score; the words are data of the language (`place_contexts.json`). A name that a rule
shows to be somebody's or something's is no place in the whole article, but where the article puts something "in" it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from stream_app.core.language.tables import USUAL, table
from stream_app.core.places import place_words
from stream_app.core.places.gazetteer import Gazetteer
from stream_app.core.places.page import Page, Word
from stream_app.core.places.spotting import Spotted

REFUSED: Final = -12.0
"""Log-odds that no score makes up for."""
TOLD: Final = 4.0
"""Log-odds of a name that the words beside it show to be a place."""

_DATA: Final = table(USUAL, "place_contexts")
_STORMS, _BEARERS, _WATERS, _ROADS, _GROUPS, _OFFICERS, _EVENTS, _QUARTERS, _LINKS, _NEVER = (
    frozenset(_DATA[name].split())
    for name in (
        "storms", "bearers", "waters", "roads", "groups", "officers", "events", "quarters", "links", "never",
    )
)  # fmt: skip
_LAWS, _DISHES, _OWNERS, _ONE, _THE = (
    frozenset(_DATA[name].split()) for name in ("laws", "dishes", "owners", "one", "definite")
)
_NAMING: Final = _STORMS | _BEARERS
_LOCATED: Final = frozenset({"in", "at", "near", "from", "to", "settlement", "live", "move", "compass", "comma_place"})
_WIDE: Final = frozenset({"country", "capital", "acronym", "adm1", "demonym", "abbrev", "postal", "region", "facility"})
_STATES: Final = frozenset({"abbrev", "postal"})
_DIVISIONS: Final = frozenset({"adm1", "adm2", "country"})
_PUT: Final = frozenset({"in", "at", "near", "settlement"})
_GOES_ON: Final = re.compile(rf"(?:,? (?:{'|'.join(place_words.WITHIN)})|,) ")
_HAS_SUBJECT: Final = frozenset({"is", "verb", "say"})
_PREDICATE: Final = frozenset({"word", "is", "verb", "prep", "adv", "and"})
_NO_SURNAMES: Final = _EVENTS | place_words.ORGANISATIONS | place_words.SPORTS | place_words.ADMIN | place_words.COMPASS
_NO_NOUN: Final = frozenset({"is", "verb", "prep", "and", "end", "say"})
_EVENT_REACH: Final = 3
_NAMESAKES: Final = 10
_SHIP_REACH: Final = 4


def look_again(
    gazetteer: Gazetteer, pages: Sequence[Page], spotted: Sequence[Sequence[Spotted]], persons: set[str]
) -> None:
    """Change the scores of the candidates of each page by what stands around them, and what they may denote."""
    names = {name for page in pages for name in (*_borne(page), *_apposed(page))}
    located = {c.folded for found in spotted for c in found if c.left in _LOCATED}
    for page, found in zip(pages, spotted, strict=True):
        for candidate in found:
            if candidate.folded in names and candidate.left not in _LOCATED:
                candidate.score += REFUSED
                continue
            _tell_division(gazetteer, page, candidate)
            if candidate.draft.first == candidate.draft.last:
                candidate.score += _single(page, candidate, persons, located)
            else:
                candidate.score += _several(page, candidate)
        _tell_states(page, found)
        _tell_rows(page, found, persons)
        _keep_whole(page, found)


def _borne(page: Page) -> Iterator[str]:
    """Names that storms, ships and operations bear: "Typhoon Goni", "tropical storm Kai-Tak", "the ferry Estonia"."""
    words, gaps = page.words, page.gaps
    for number in page.capitals:
        gap = gaps[number]
        if gap == " ":
            borne = number > 0 and words[number - 1].folded in _NAMING
        else:
            borne = gap[-1:] == " " and gap[gap.rfind(" ", 0, -1) + 1 : -1] in _NAMING
        if borne and words[number].folded not in _NAMING:
            yield words[number].folded
            while number + 1 in page.joined and gaps[number + 1] == "-":
                number += 1  # noqa: PLW2901  # the rest of a name with hyphens
                yield words[number].folded


def _apposed(page: Page) -> Iterator[str]:
    """Names of several words that are called a ship behind a comma: "the Lagos Star, a tanker under the flag of"."""
    for number in page.capitals:
        gap = page.gaps[number + 1]
        if gap[:2] != ", " or number not in page.joined:
            continue
        said = gap[2:].split()
        if _ONE.isdisjoint(said[:1]) or _BEARERS.isdisjoint(said[1:_SHIP_REACH]):
            continue
        first = number
        while first in page.joined:
            first -= 1
        if page.words[first].folded in _THE or not _THE.isdisjoint(page.gaps[first].lower().split()[-1:]):
            yield from (word.folded for word in page.words[first : number + 1])


def _tell_division(gazetteer: Gazetteer, page: Page, candidate: Spotted) -> None:
    """A name before a word for divisions in lower case is that division, where only the whole is: "Bannu district"."""
    key, generic, _ = candidate.key
    if generic or key is None:
        return
    follows = _next_word(page, candidate.draft.last)
    if follows not in place_words.ADMIN or follows in place_words.TOWNS:
        return
    whole = gazetteer.trie.get(f"{candidate.folded} {follows}")
    if whole is not None and not _divisions(gazetteer, whole) <= _divisions(gazetteer, key, own=True):
        candidate.key = (whole, "", "")


def _divisions(gazetteer: Gazetteer, key: int, *, own: bool = False) -> set[int]:
    """The divisions among the best known entries of a name; `own`: those whose own name it is."""
    known = gazetteer.postings(key, _NAMESAKES)
    return {index for index, other in known if not (own and other) and gazetteer.entry(index).feature_class == "A"}


def _single(page: Page, candidate: Spotted, persons: set[str], located: set[str]) -> float:
    """What speaks for or against a name of one word."""
    number, left = candidate.draft.first, candidate.left
    word = page.words[number]
    if word.folded in _NEVER or _names_water_or_road(page, number) or _names_thing(page, number, candidate):
        return REFUSED
    if candidate.folded in located or left in _LOCATED:
        return 0.0
    if left == "start" and page.name == "title" and _event_follows(page, number):
        return TOLD
    if (candidate.kind not in _WIDE or candidate.kind == "adm1") and _is_common(page, number, candidate):
        return REFUSED
    is_person = (
        _named_in_full(page, number, left)
        if candidate.kind == "capital"
        else (
            candidate.kind not in _WIDE
            and (_named_in_full(page, number, left) or _is_speaker(word, candidate, persons))
        )
    )
    return REFUSED if is_person else 0.0


def _is_speaker(word: Word, name: Spotted, persons: set[str]) -> bool:
    """Whether a name that is no government does what persons do: "Uba said", "Karapinar is based in"."""
    if word.folded in persons and (name.left == "start" or name.right in _HAS_SUBJECT):
        return True
    return name.left == "start" and name.right == "say"


def _several(page: Page, candidate: Spotted) -> float:
    """What speaks against a name of several words."""
    first, last = candidate.draft.first, candidate.draft.last
    if _next_word(page, last) in _GROUPS and page.gaps[last].strip() in _LINKS:
        return REFUSED
    if page.words[last].folded in _QUARTERS and page.words[first].folded in place_words.COMPASS and last == first + 1:
        candidate.key, candidate.kind = (None, "", candidate.folded), "unknown"
    return 0.0


def _is_common(page: Page, number: int, name: Spotted) -> bool:
    """Whether an English word stands where such words do: "Rivers are", "Chief of Mission"."""
    word = page.words[number]
    if word.classes[0] != "c" and not word.generic:
        return False
    if name.left == "start":
        return name.right in _PREDICATE or _has_age(page, number)
    return name.left == "of" and _office_before(page, number)


def _has_age(page: Page, number: int) -> bool:
    """Whether an age follows: "Man, 24, shot dead"."""
    if number + 1 >= len(page.words) or page.gaps[number + 1] != ", ":
        return False
    return page.words[number + 1].text.isdigit() and page.gaps[number + 2][:1] == ","


def _named_in_full(page: Page, number: int, left: str) -> bool:
    """Whether the word is a first name before a surname that nothing else makes a name: "Paris Hilton met"."""
    if number + 1 not in page.joined or page.gaps[number + 1] != " " or "f" not in page.words[number].classes:
        return False
    following = page.words[number + 1]
    if (
        number + 2 in page.joined
        or following.generic
        or following.folded in _NO_SURNAMES
        or following.classes[0] == "c"
    ):
        return False
    return left not in _LOCATED and following.person in {"last", "both"} and not following.text.isupper()


def _next_word(page: Page, last: int) -> str:
    """The word in lower case that follows word `last` after a blank, or ""."""
    gap = page.gaps[last + 1]
    if gap[:1] != " " or len(gap) < 2:
        return ""
    return gap[1:].split(" ", 1)[0].rstrip(".,;:")


def _names_water_or_road(page: Page, number: int) -> bool:
    """Whether a river's or a road's common noun follows in lower case, for it alone or for two: "X and Y rivers"."""
    follows = "" if page.words[number].tail else _next_word(page, number)
    if follows in _WATERS or follows in _ROADS:
        return True
    if follows != place_words.AND or page.gaps[number + 1] != f" {place_words.AND} " or number + 1 >= len(page.words):
        return False
    last = number + 1
    while last + 1 in page.joined:
        last += 1
    follows = _next_word(page, last)
    return follows.endswith("s") and (follows in _WATERS or follows in _ROADS)


def _names_thing(page: Page, number: int, name: Spotted) -> bool:
    """Whether it names a law, a dish or an animal: "the Geneva Conventions", "Peking duck", "a Labrador"."""
    if page.words[number].tail:
        return False
    if number + 1 in page.joined and page.gaps[number + 1] == " " and page.words[number + 1].folded in _LAWS:
        return True
    before = page.gaps[number].split()
    if before[-1:] == [place_words.OF]:
        owner = before[-2].lower() if before[:-1] else page.words[number - 1].folded if number else ""
        return owner in _OWNERS and name.kind not in _WIDE
    alone = name.right in _NO_NOUN and not _ONE.isdisjoint(before[-1:])
    return alone or _next_word(page, number) in _DISHES


def _event_follows(page: Page, number: int) -> bool:
    """Whether capitals go on to what happened: "Austin Shooting", "Leeds School Bus Crash"."""
    for following in range(number + 1, min(number + 1 + _EVENT_REACH, len(page.words))):
        if following not in page.joined:
            return False
        if page.words[following].folded in _EVENTS:
            return True
    return False


def _office_before(page: Page, number: int) -> bool:
    """Whether the word before "of" is an office: "Chief of Mission"."""
    if page.gaps[number] == f" {place_words.OF} " and number:
        return page.words[number - 1].folded in _OFFICERS
    before = page.gaps[number].split()
    return len(before) > 1 and before[-2].lower() in _OFFICERS


def _tell_states(page: Page, found: Sequence[Spotted]) -> None:
    """A known name before a state's abbreviation is a place, and so is the state: "TROY, N.C."."""
    ends = {candidate.end: candidate for candidate in found if candidate.key[0] is not None}
    for state in found:
        if state.kind not in _STATES or page.raw[state.start - 2 : state.start] != ", ":
            continue
        town = ends.get(state.start - 2)
        if town is not None and town.kind not in _STATES:
            town.score += TOLD
            state.score += TOLD


def _tell_rows(page: Page, found: Sequence[Spotted], persons: set[str]) -> None:
    """A row of names that nobody lists is a place where something is put there and the division around it follows.

    As in "into Sabongarin Damri in Zamfara State".
    """
    divisions = {candidate.start for candidate in found if candidate.kind in _DIVISIONS}
    divisions |= {c.start for c in found if _next_word(page, c.draft.last) in place_words.ADMIN}
    for row in found:
        if row.kind != "unknown" or row.left not in _PUT or row.draft.first == row.draft.last:
            continue
        goes_on = _GOES_ON.match(page.raw, row.end)
        if goes_on is not None and goes_on.end() in divisions and _may_be_row(page, row, persons):
            row.score += TOLD


def _may_be_row(page: Page, row: Spotted, persons: set[str]) -> bool:
    """Whether no word of a row is English, an organisation's or a person's that the article names."""
    return all(
        word.classes[0] != "c"
        and not word.generic
        and word.folded not in persons
        and word.folded not in _NO_SURNAMES
        and word.folded not in place_words.NEVER
        and word.person != "title"
        for word in page.words[row.draft.first : row.draft.last + 1]
    )


def _is_one_name(page: Page, candidate: Spotted) -> bool:
    """Whether a name is one as a whole: it has no "City" or "Lake" at its end, no "East" before it, no "of" inside."""
    first, last = candidate.draft.first, candidate.draft.last
    if "," in candidate.text or page.words[last].generic or page.words[first].folded in place_words.COMPASS:
        return False
    return all(gap == " " or _LINKS.issuperset(gap.split()) for gap in page.gaps[first + 1 : last + 1])


def _keep_whole(page: Page, found: Sequence[Spotted]) -> None:
    """A known name of several words is a place where a part of it would be one: "Papua New Guinea" said."""
    wholes = [c for c in found if c.draft.name is not None and c.draft.last > c.draft.first and _is_one_name(page, c)]
    for whole in wholes:
        parts = [c for c in found if whole.start <= c.start and c.end <= whole.end and c is not whole]
        if whole.score < REFUSED / 2:
            for part in parts:
                part.score += REFUSED
        elif parts:
            whole.score = max(whole.score, *(part.score for part in parts))
