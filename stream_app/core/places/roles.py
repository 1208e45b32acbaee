"""What a place is to the sentence that names it: where it happened, or where somebody was treated, spoke, lived.

Words are data of the language (`place_roles.json`). A role is read from the words before the name, back to the last
that opens a clause.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from stream_app.core.language.tables import USUAL, table

Role = Literal[
    "scene", "named", "distance", "hospital", "speech", "justice", "mourning", "home", "person", "felt", "way", "agency"
]

_REACH: Final = 90
"""Characters before a name in which its role is looked for."""
_FAR_WORDS: Final = 9
_NAME_WORDS: Final = 4
_AGENCY_CHARS: Final = 24
_PERSON_WORDS: Final = 2
"""As in "a Perth mountain climber": words after a name among which somebody is looked for."""
_TOKENS: Final = re.compile(r"\w+(?:['’]\w+)*|[.;:!?,()\n—–]|\s-\s")
_STOPS: Final = frozenset(".;:!?\n—–")

_WORDS: Final = table(USUAL, "place_roles")
_AGED: Final = re.compile(rf"\b\d{{1,2}},? (?:{'|'.join(_WORDS['of_a_person'].split())})(?: \w+){{0,2}} \Z")
"""As in "Ann Lee, 34, of"."""
_OF: Final = tuple(f" {word} " for word in _WORDS["of_a_person"].split())
"""One of them stands in all that `_AGED` finds, and most words before a place have none."""
_LOCATING, _PASSING, _BREAKS, _UNITS, _FAR_BY, _AGENCIES, _HOUSES, _INTO, _PEOPLE = (
    frozenset(_WORDS[name].split())
    for name in ("locating", "passing", "breaks", "units", "far_by", "agencies", "houses", "into", "people")
)
_ROLE_OF: Final[dict[str, Role]] = {word: role for role, words in _WORDS["roles"].items() for word in words.split()}


def role_of_place(raw: str, start: int, end: int, opens: int = 0) -> Role:
    """The role of the place at `start:end` of a field, in the sentence that opens at `opens`.

    "scene": the sentence puts something there; "named": it is only named.

    >>> text = "Four were taken to a hospital in Izmir after a blast in Manisa, 30 km from Turgutlu."
    >>> [role_of_place(text, text.index(name), text.index(name) + 6) for name in ("Izmir", "Manisa", "Turgutlu")]
    ['hospital', 'scene', 'distance']
    """
    before = raw[max(opens, start - _REACH) : start].lower()
    if before.endswith(" ") and any(map(before.__contains__, _OF)) and _AGED.search(before):
        return "home"
    words = _clause(before)
    by = next((word for word in reversed(words) if word not in _PASSING), "")
    last = words[-1] if words else ""
    if (by in _FAR_BY or last in _FAR_BY) and not _UNITS.isdisjoint(words[-_FAR_WORDS:]):
        return "distance"
    for number in range(len(words) - 1, -1, -1):
        role = _ROLE_OF.get(words[number])
        if role is not None:
            return role
        if words[number] in _HOUSES and not _INTO.isdisjoint(words[max(0, number - _NAME_WORDS) : number]):
            return "hospital"
    located = by in _LOCATING
    beside = _beside(raw[end : end + _AGENCY_CHARS].lower().split(), located=located)
    return beside or ("scene" if located or last in _LOCATING else "named")


def _beside(after: list[str], *, located: bool) -> Role | None:
    """The role that the words after a place give it: "Leeds police", "a Perth mountain climber"."""
    if after and after[0].strip(",.'’s") in _AGENCIES:
        return "agency"
    return "person" if not located and not _PEOPLE.isdisjoint(after[:_PERSON_WORDS]) else None


def _clause(before: str) -> list[str]:
    """The words before a name back to what opens its clause, lower case."""
    words: list[str] = []
    for token in reversed(_TOKENS.findall(before)):
        if token in _STOPS or token in _BREAKS:
            break
        if token[0].isalnum():
            words.append(token)
    return words[::-1]
