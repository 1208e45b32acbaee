"""Numbers of people that are made of another: "half of the 20", "all but two of the 14", "a family of six"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from stream_app.core.events import Qualifier
from stream_app.core.language.numerals import CONVENTIONS, Quantity
from stream_app.core.languages.en.numerals import read_quantity

_APPROXIMATE: Final = frozenset({"about", "nearly", "almost", "some", "around", "roughly", "approximately"})
_ABOVE: Final = (("more", "than"), ("at", "least"), ("well", "over"))
_PARTS: Final = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "tenth": 10, "thirds": 3, "quarters": 4, "fifths": 5,
                 "tenths": 10}  # fmt: skip
_COUNTS: Final = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "nine": 9}
_OF_WHOM: Final = frozenset({"the", "its", "their", "his", "her", "all", "those", "these", "our", "both"})
_GROUPS: Final = frozenset({"family", "crew", "group", "party", "team", "squad", "band", "platoon", "patrol", "unit",
                            "busload", "gang", "household", "column", "crowd"})  # fmt: skip
GROUPED: Final = _GROUPS | {"number"}
"""Words one of which stands among the first three of a group."""
_PERCENT: Final = frozenset({"percent", "%"})
_HUNDRED: Final = 100
SHARES: Final = (
    frozenset(_PARTS)
    | _PERCENT
    | {"all", "one", "every", "cent", "two-thirds", "one-third", "three-quarters", "one-quarter"}
)
"""Words one of which a share needs among its first ones."""
SHARE_WORDS: Final = frozenset(word for word in SHARES if "-" in word)
"""Those that are a number by themselves."""
FRACTIONS: Final = SHARES - {"all", "one", "every"}
"""Those that say nothing but a share."""
_REACH: Final = 4


class Share(NamedTuple):
    """Some of a number of people: how many, None when the text gives no whole; where the noun begins; the whole."""

    quantity: Quantity | None
    noun_at: int
    whole: Quantity | None = None


def read_share(words: Sequence[str], start: int, convention: str) -> Share | None:
    """The share that begins at `start`, or None.

    >>> share = read_share("more than half of the 50 sailors".split(), 0, "literal")
    >>> share.quantity.low, share.quantity.high, share.noun_at
    (25, None, 6)
    >>> read_share("all but two of the 14 crew".split(), 0, "literal").quantity.low
    12
    >>> read_share("forty percent of the 50 passengers".split(), 0, "literal").quantity.low
    20
    """
    if SHARES.isdisjoint(words[start : start + _REACH]):
        return None
    at, qualifier = _qualified(words, start)
    found = _fraction(words, at) or _percentage(words, at)
    if found is None:
        return None
    above, below, end = found
    if words[end - 2 : end - 1] == ["in"] and words[end : end + 1] != ["of"]:
        return Share(None, end)  # "one in five women": nobody in particular
    at, whole = _whole(words, end, convention)
    if whole is None:
        return Share(None, at) if words[end : end + 1] == ["of"] or _OF_WHOM.issuperset(words[end : end + 1]) else None
    low = round(whole.low * above / below) if below else whole.low - above
    high = None if qualifier == "at_least" else low
    return Share(Quantity(low, high, qualifier, start, whole.end), whole.end, whole) if low > 0 else None


def read_part(words: Sequence[str], start: int, whole: Quantity) -> Quantity | None:
    """The share of a number of people told before that begins at `start`, or None: "of the 36 pilgrims, a third".

    >>> read_part("a third were killed".split(), 0, Quantity(36, 36, "exact", 0, 1)).low
    12
    """
    but = words[start : start + 2] == ["all", "but"]
    found = _fraction(words[start : start + 3] if but else [*words[start : start + 2], "of"], 0)
    if found is None:
        return None
    above, below, size = found
    low = round(whole.low * above / below) if below else whole.low - above
    return Quantity(low, low, "exact", start, start + size) if low > 0 else None


def _qualified(words: Sequence[str], at: int) -> tuple[int, Qualifier]:
    if words[at] in _APPROXIMATE:
        return at + 1, "about"
    if tuple(words[at : at + 2]) in _ABOVE:
        return at + 2, "at_least"
    return at, "exact"


def _fraction(words: Sequence[str], at: int) -> tuple[int, int, int] | None:
    """Two numbers and where the fraction ends: above and below the line; below is 0 for "all but two"."""
    first, second, third = (*words[at : at + 3], "", "", "")[:3]
    if first == "half" and second not in {"a", "an", "dozen", "million", "-"}:
        return 1, 2, at + 1
    if "-" in first and first.split("-")[-1] in _PARTS and first.split("-")[0] in _COUNTS:
        above, below = first.split("-")[:2]
        return _COUNTS[above], _PARTS[below], at + 1
    if first in _COUNTS and second in _PARTS and third in {"of", "the"}:
        return _COUNTS[first], _PARTS[second], at + 2
    if first == "all" and second == "but" and third in {"one", "two", "three", "four", "five"}:
        return ["one", "two", "three", "four", "five"].index(third) + 1, 0, at + 3
    if first == "one" and second == "in" and third in {"two", "three", "four", "five", "ten"}:
        return 1, {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}[third], at + 3
    return None


def _percentage(words: Sequence[str], at: int) -> tuple[int, int, int] | None:
    """As in "40 percent of the 50", "nine in every ten of the 200": as `_fraction` says it; None of no number."""
    part = read_quantity(words, at)
    if part is None or part.qualifier != "exact":
        return None
    end, below = part.end, None
    if words[end : end + 1] and words[end] in _PERCENT:
        below = Quantity(_HUNDRED, _HUNDRED, "exact", end, end + 1)
    elif words[end : end + 2] == ["per", "cent"]:
        below = Quantity(_HUNDRED, _HUNDRED, "exact", end, end + 2)
    elif words[end : end + 2] == ["in", "every"]:
        below = read_quantity(words, end + 2)
    if below is None or not 0 < part.low < below.low or words[below.end : below.end + 1] != ["of"]:
        return None
    _, whole = _whole(words, below.end, "literal")
    return (part.low, below.low, below.end) if whole is not None else None


def _whole(words: Sequence[str], at: int, convention: str) -> tuple[int, Quantity | None]:
    """The number that a share is of, and where its noun begins: "of the 20", "the family's seven"."""
    while at < len(words) and (words[at] in _OF_WHOM or words[at] == "of"):
        at += 1
    at = past_owner(words, at)
    return at, read_quantity(words, at, convention) if at < len(words) else None


def past_owner(words: Sequence[str], at: int) -> int:
    """Past "the family's" before a number: where the number would begin; `at` itself without an owner.

    >>> past_owner("the family 's seven children".split(), 0)
    3
    """
    for k in range(at, min(at + _REACH, len(words))):
        if words[k] == "'s":
            return k + 1
        if not words[k].isalpha():
            break
    return at


def read_group(words: Sequence[str], start: int, convention: str) -> Quantity | None:
    """The number of people in "a family of six", "the crew of eight"; None where no group begins.

    >>> read_group("a family of six died".split(), 0, "literal").low
    6
    """
    opening = words[start : start + 3]
    if GROUPED.isdisjoint(opening):
        return None
    if opening == ["a", "number", "of"]:  # "a number of villagers" are several
        return Quantity(CONVENTIONS[convention]["several"], None, "vague", start, start + 3)
    for k in range(start, min(start + 3, len(words) - 2)):
        if words[k] in _GROUPS and words[k + 1] == "of":
            quantity = read_quantity(words, k + 2, convention)
            return quantity._replace(start=k + 2) if quantity is not None else None
    return None
