"""Whether English words beside a place put something there."""

from __future__ import annotations

from typing import Final

_REACH: Final = 24
_LOCATIVE: Final = frozenset(
    {"in", "at", "near", "from", "of", "around", "outside", "inside", "across", "to", "on", "for", "hit", "struck",
     "rocked"}
)  # fmt: skip
_INSIDE: Final = frozenset({"in", "near", "across", "around", "outside", "inside"})


def locates(raw: str, start: int, end: int) -> bool:
    """Whether the place is where something is: after "in" and the like, or a dateline; not "Russia's".

    >>> [locates(text, 9, 14) for text in ("Bombs in Kabul", "They saw Kabul", "Aid from Kabul's", "In north Kabul")]
    [True, False, False, True]
    """
    if raw[end : end + 2] in {"'s", "’s"}:
        return False
    before = raw[max(0, start - _REACH) : start].split()
    if before and before[-1].lower() in _LOCATIVE:
        return True
    if len(before) > 1:
        if before[-1].lower() in {"the", "and", ","}:
            return before[-2].lower().rstrip(",") in _LOCATIVE
        if before[-1].islower() and before[-2].lower() in _INSIDE:  # "in neighbouring Iraq", "near northern Aleppo"
            return True
    after = raw[end : end + 12].lstrip(" ,")
    return after.startswith(("(", "-", "—", "–")) and (start == 0 or raw[start - 1] == "\n")
