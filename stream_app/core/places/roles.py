"""What a place is to the sentence that names it: where it happened, or where somebody was treated, spoke, lived.

Words are data of the language (`place_roles.json`). A role is read from the words before the name, back to the last
that opens a clause.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Final, Literal

from stream_app.core.language.tables import USUAL, table
from stream_app.core.remembered import Remembered

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
"""One of them stands in all that says whom somebody is of, and most words before a place have none."""
(
    _LOCATING,
    _PASSING,
    _BREAKS,
    _UNITS,
    _FAR_BY,
    _AGENCIES,
    _HOUSES,
    _INTO,
    _PEOPLE,
    _TOWARDS,
    _BOUND,
    _SCHOOLS,
    _SAYERS,
    _SAYINGS,
    _GROUPS,
) = (
    frozenset(_WORDS[name].split())
    for name in (
        "locating",
        "passing",
        "breaks",
        "units",
        "far_by",
        "agencies",
        "houses",
        "into",
        "people",
        "towards",
        "bound",
        "schools",
        "sayers",
        "sayings",
        "groups",
    )
)
_OF_A_GROUP: Final = re.compile(rf"\b(?:{'|'.join(_GROUPS)}) {_WORDS['from']} \Z")
"""As in "most of them pupils from"."""
_IN: Final[str] = f"{_WORDS['in']} "
_SAID_BY: Final = re.compile(rf"\b(?:{'|'.join(_SAYERS)}) {_IN}\Z")
_IS_BOUND: Final = re.compile(rf"[- ](?:{'|'.join(_BOUND)})\b")
_COMMA: Final = ", "
_THE: Final[str] = _WORDS["the"]
"""Before the name of a school, not before the name of the town that it is in."""
_ROLE_OF: Final[dict[str, Role]] = {word: role for role, words in _WORDS["roles"].items() for word in words.split()}


def role_of_place(raw: str, start: int, end: int, opens: int = 0) -> Role:
    """The role of the place at `start:end` of a field, in the sentence that opens at `opens`.

    "scene": the sentence puts something there; "named": it is only named.

    >>> text = "Four were taken to a hospital in Izmir after a blast in Manisa, 30 km from Turgutlu."
    >>> [role_of_place(text, text.index(name), text.index(name) + 6) for name in ("Izmir", "Manisa", "Turgutlu")]
    ['hospital', 'scene', 'distance']
    """
    written = raw[max(opens, start - _REACH) : start]
    before = written.lower()
    plain = _plainly(before, raw, end)
    if plain is not None:
        return plain
    names, words = _clause(written)
    at = _put_by(words, names if before.endswith(_COMMA) else words)
    by = words[at] if at >= 0 else ""
    last = words[-1] if words else ""
    if (by in _FAR_BY or last in _FAR_BY) and not _UNITS.isdisjoint(words[-_FAR_WORDS:]):
        return "distance"
    for number in range(len(words) - 1, -1, -1):
        role = _ROLE_OF.get(words[number])
        if role is not None and not (role == "way" and by in _LOCATING and _arrives(names[number + 1 : at])):
            return role
        if words[number] in _HOUSES and not _INTO.isdisjoint(words[max(0, number - _NAME_WORDS) : number]):
            return "hospital"
    located = by in _LOCATING
    after = raw[end : end + _AGENCY_CHARS].lower().split()
    return _beside(last, after, located=located) or ("scene" if located or last in _LOCATING else "named")


def _plainly(before: str, raw: str, end: int) -> Role | None:
    """The role that what stands right beside the name leaves no doubt of: "pupils from Leeds", "Leeds-bound"."""
    may_be_home = before.endswith(" ") and any(map(before.__contains__, _OF))
    if may_be_home and (_AGED.search(before) or _OF_A_GROUP.search(before)):
        return "home"
    if _IS_BOUND.match(raw, end):
        return "way"
    return "speech" if before.endswith(_IN) and _speaks(before, raw, end) else None


def _speaks(before: str, raw: str, end: int) -> bool:
    """Whether somebody speaks there: "officials in Leeds said", "In Leeds, the minister told reporters"."""
    opens = before.strip() == _IN.strip()
    if not opens and _SAID_BY.search(before) is None:
        return False
    words = _TOKENS.findall(raw[end : end + _REACH].lower())
    if not opens:
        return bool(words) and words[0] in _SAYINGS
    if words[:1] != [","]:
        return False
    clause = list(
        takewhile(lambda word: word not in _STOPS and word not in _BREAKS - _SAYINGS, words[1 : 2 + _FAR_WORDS])
    )
    said = next((number for number, word in enumerate(clause) if word in _SAYINGS), 0)
    return any(_ROLE_OF.get(word) == "speech" for word in clause[:said])


def _put_by(words: list[str], written: list[str]) -> int:
    """The number of the word that puts the place into its sentence; -1 for none.

    What stands behind a comma is put there by what puts the name before it, "in Mill Road, Leeds": names in `written`,
    the same words with their capitals, are passed over.
    """
    at = len(words) - 1
    while at >= 0 and (words[at] in _PASSING or written[at][0].isupper()):
        at -= 1
    return at


def _arrives(words: list[str]) -> bool:
    """Whether those on their way have come somewhere: "from Lima to Cusco crashed" in, not "to a wedding" in.

    `words` stand between the word for the way and the one that puts the place there.
    """
    towards = next((number for number in range(len(words) - 1, -1, -1) if words[number].lower() in _TOWARDS), None)
    if towards is None:
        return bool(words)
    goal = words[towards + 1 :]
    return len(goal) > 1 and goal[0][0].isupper() and any(word.islower() for word in goal)


def _beside(last: str, after: list[str], *, located: bool) -> Role | None:
    """The role that the words after a place give it: "Leeds police", "a Perth climber", "the Juarez high school"."""
    if last == _THE and not _SCHOOLS.isdisjoint(after[:_PERSON_WORDS]):
        return "named"
    if after and after[0].strip(",.'’s") in _AGENCIES:
        return "agency"
    return "person" if not located and not _PEOPLE.isdisjoint(after[:_PERSON_WORDS]) else None


def _clause(before: str) -> tuple[list[str], list[str]]:
    """The words before a name back to what opens its clause, with their capitals if they have them, and without."""
    written: list[str] = []
    words: list[str] = []
    opens = max(map(before.rfind, _MARKS))  # what stands before the last of them is not cut into words
    for token in reversed(_TOKENS.findall(before, opens + 1)):
        word = _WORD_OF[token]
        if word is None:
            break
        if word:
            written.append(token)
            words.append(word)
    written.reverse()
    words.reverse()
    return written, words


_MARKS: Final = tuple(_STOPS - {"\n"})
"""Marks that open a clause wherever they stand; a line end before a dash does not."""


def _word_of(token: str) -> str | None:
    """A word in lower case, "" for a mark; None for what opens a clause."""
    word = token.lower()
    return None if token in _STOPS or word in _BREAKS else word if token[0].isalnum() else ""


_WORD_OF: Final = Remembered(_word_of)
