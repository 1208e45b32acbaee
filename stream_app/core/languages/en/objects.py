"""The people after a verb: objects and what is joined to them."""

from __future__ import annotations

from typing import Final

from stream_app.core.languages.en.context import Context, Found
from stream_app.core.languages.en.phrases import People

_OF_THEM: Final = ["of", "them"]
_OWNERS: Final = frozenset({"his", "her", "their"})
_LISTED: Final = 12
_INSERTED: Final = frozenset(
    {"preposition", "of", "word", "name", "number", "day", "determiner", "people", "possessive"}
)
_HOUSEHOLDS: Final = frozenset({"families", "households"})


def objects_after(s: Context, start: int, *, inside: bool = False) -> Found:
    """The noun phrases after an active verb that ends before chunk `start`, coordinated ones included.

    `inside` says that they belong to a noun whose verb may follow: "the bodies of a man and a woman were found".
    """
    j = start
    while s.tag(j) == "adverb" or (s.tag(j) == '"' and s.people(j + 1)):
        j += 1
    if s.tag(j) == "number" and s.tag(j + 1) == "and" and s.people(j + 2) is not None:
        j += 2  # "killed 22 cows and the herdsman"
    found = Found([j] if s.people(j) is not None else ())
    if not found:
        after = after_name(s, j)
        if after is None:
            return Found()
        found = Found([after])
    while True:
        following = next_conjunct(s, found[-1] + 1, inside=inside)
        if following is None:
            return found
        found.append(following)


def is_sport(s: Context) -> bool:
    """Whether the sentence tells of a match; a coach that crashes is a bus."""
    return not s.sets["sport"].isdisjoint(s.words) and s.sets["physical"].isdisjoint(s.words)


def after_name(s: Context, j: int) -> int | None:
    """The first people after a name or an insertion: "of JUAN PEREZ, his wife, and two others"."""
    if s.tag(j) == ",":
        close = next((k for k in range(j + 1, min(j + 9, len(s.chunks))) if s.tag(k) == ","), None)
        return close + 1 if close is not None and s.counted_at([close + 1]) else None
    k = j
    while k < j + 6 and s.tag(k) in {"word", "name"}:
        k += 1
    people = s.people(k)
    if k > j and people is not None and people.form != "elided" and (s.cased or not predicated(s, k)):
        return k
    if s.cased or s.tag(j) != "word":
        return None
    while k < j + 6 and s.tag(k) in {"word", "."}:
        k += 1
    return next_conjunct(s, k) if s.tag(k) in {",", "and"} else None


def next_conjunct(s: Context, j: int, *, inside: bool = False) -> int | None:
    """The next coordinated phrase: "two guards, a driver and his son", a short "in X" between them allowed."""
    behind = _behind_place(s, j)
    if behind is None or _is_share_of_whole(s, j):
        return None
    named = _after_own_name(s, behind)
    ended = named > behind and s.tag(after_ages(s, named)) == "," and s.tag(after_ages(s, named) + 1) == "and"
    j = after_ages(s, named)
    comma = s.tag(j) == ","
    if comma and s.word(j + 1) in {"them", "whom"}:
        j = next((k for k in range(j + 2, min(j + 10, len(s.chunks))) if s.tag(k) == ","), j)
    if comma:
        j += 1
    if s.tag(j) == "and" and s.word(j) in {"and", "&", "plus", "or"}:
        j += 1
    elif not comma:
        return None
    while s.tag(j) == "adverb" or s.word(j) == "at least" or s.word(j) in s.sets["rank"]:
        j += 1
    people = s.people(j)
    if s.word(j - 1) == "or" and s.word(j - 2) in _HOUSEHOLDS:
        return None  # "312 families or 1,245 people"
    if people is None or (predicated(s, j) and not (inside and not comma)):
        return None
    return None if comma and not ended and _is_no_item(s, j, people, inside=inside) else j


def _behind_place(s: Context, begin: int) -> int | None:
    """Behind a short "in X" that begins at `begin`, None where other people stand in it."""
    j = begin
    while j - begin < 8 and s.tag(j) in _INSERTED:
        if s.tag(j) == "people" and s.tag(j - 1) not in {"preposition", "of", "determiner", "by"} and j > begin:
            return None
        j += 1
    return j


def _is_share_of_whole(s: Context, comma: int) -> bool:
    """Whether some of those before a comma follow, by where they were: "killed 60 people, 40 in Oruro"."""
    if s.tag(comma) != ",":
        return False
    whole, some = s.people(comma - 1), s.people(comma + 1)
    if whole is None or some is None or whole.quantity is None or some.quantity is None or some.form != "elided":
        return False
    at_some_place = s.tag(comma + 2) == "preposition" and s.tag(comma + 3) in {"name", "determiner", "word"}
    return at_some_place and some.quantity.low < whole.quantity.low


def _is_no_item(s: Context, j: int, people: People, *, inside: bool) -> bool:
    """Whether who stands behind a comma is no other item: "kills dozens, at least 41 dead", "a hostage, a Briton"."""
    if s.tag(j - 1) == "," and ("count" in people.made or s.words[people.start + 1 : people.start + 3] == _OF_THEM):
        return True  # "injured six people, two of them firemen", "five people, one of them an infant"
    if people.form == "single" and _is_kin_list(s, j):
        return False
    return people.form in {"named", "plural", "single"} and not list_goes_on(s, j, inside=inside)


def _is_kin_list(s: Context, j: int) -> bool:
    """As in the headline "Man kills wife, mother-in-law": two bare nouns for relatives, and nothing behind them."""
    before, people = s.people(j - 2), s.people(j)
    if before is None or people is None or before.form != "single" or s.tag(j + 1) in {"of", "name", "people"}:
        return False
    kin = s.sets["kin"] | s.sets["in_laws"]
    return s.words[people.start] in kin and s.words[before.start] in kin


def _after_own_name(s: Context, j: int) -> int:
    """Past the name of those before the comma at `j`, up to the next one: "his wife, Ada Obi, 31, and her mother"."""
    before = s.people(j - 1)
    if s.tag(j) != "," or before is None or before.form != "single":
        return j
    return j + 2 if s.is_name(j + 1) and s.tag(j + 2) in {",", "("} else j


def _is_item(s: Context, people: People) -> bool:
    """Whether people behind a comma are one more of a list: a number, or somebody's ("their three children")."""
    owned = s.words[people.start] in _OWNERS
    return people.form in {"counted", "single"} and (people.quantity is not None or owned)


def after_ages(s: Context, j: int) -> int:
    """Past the ages of those before chunk `j`, up to what joins others to them: "two men, 29 and 58, and a woman"."""
    k = j + 1
    if s.tag(j) not in {",", "("} or not (is_age(s, k) or s.word(k) == "aged"):
        return j
    while is_age(s, k) or s.tag(k) in {",", "and", ")"} or s.word(k) == "aged":
        k += 1
    return k - 1 if s.tag(k - 1) in {",", "and"} else k


def is_age(s: Context, j: int) -> bool:
    """Whether the number at `j` is an age, as in "Ann Lee, 21"."""
    return s.tag(j) == "number" and s.word(j) == "age"


def list_goes_on(s: Context, j: int, *, inside: bool = False) -> bool:
    """Whether the phrase at `j` is an item of a list rather than an apposition ("a hostage, a Briton, ...")."""
    k = j + 1
    while k < j + 6 and s.tag(k) in {"preposition", "of", "word", "name", "determiner", "number"}:
        k += 1
    k = after_ages(s, _after_own_name(s, k))
    if s.tag(k) == ",":
        k += 1
    item = s.people(k)
    if item is not None and s.tag(k - 1) == "," and _is_item(s, item) and k < j + _LISTED:
        return list_goes_on(s, k, inside=inside)
    if s.tag(k) != "and":
        return False
    return s.tag(k + 1) == "pronoun" or (s.people(k + 1) is not None and (inside or not predicated(s, k + 1)))


def predicated(s: Context, j: int) -> bool:
    """Whether the phrase at `j` is the subject of a verb of its own."""
    k = j + 1
    while s.tag(k) in {"adverb", "preposition", "of", "word", "name", "determiner", "day"} and k < j + 7:
        if s.tag(k) == "preposition" and s.tag(k + 1) == "people":
            k += 1
        k += 1
    return (
        s.tag(k) in {"be", "have", "modal", "say"}
        or (s.tag(k) in {"leave", "suffer"} and k == j + 1)
        or (s.tag(k) == "cue" and not {"count"} >= set(s.chunks[k].roles or {}) and k == j + 1)
        or (s.tag(k) == "verb" and k == j + 1 and not s.word(k).endswith("ing") and s.word(k) != "aged")
    )
