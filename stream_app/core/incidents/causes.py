"""What happened, as a concept that any language has, and which causes two reports of one event may give.

The closed list of causes is that of the enriched event.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Causes that reports of one event give for one another: each line is a family, and any two of it are kin.
FAMILIES: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in (
        "airstrike shelling drone missile attack raid clash",
        "airstrike shelling drone missile bombing explosion",
        "bombing explosion attack clash",
        "shooting stabbing attack clash abduction raid execution",
        "airstrike shelling drone clash shooting attack",
        "explosion fire industrial poisoning",
        "flood storm landslide dam collapse",
        "earthquake tsunami landslide collapse volcano",
        "collapse explosion fire industrial",
        "road fire explosion",
        "rail road attack",
        "protest clash shooting crowd",
        "epidemic poisoning",
        "sea storm migration",
        "cold storm avalanche landslide",
        "heat fire wildfire",
    )
)

MOST_CAUSES = 3
GENERIC = frozenset({"attack", "clash"})
"""Said where nobody says how."""


def relation(one: Sequence[str], other: Sequence[str]) -> str:
    """How the causes of two reports lie: "equal", "shared", "kin", "conflict", or "unknown" where one names none.

    "vague" where one says only that somebody attacked, as communiques do, and the other how.

    >>> relation(["drone"], ["explosion"]), relation(["flood"], ["shooting"]), relation(["shooting"], ["shooting"])
    ('kin', 'conflict', 'equal')
    """
    if not one or not other:
        return "unknown"
    if one[0] == other[0]:
        return "equal"
    if one[0] in other or other[0] in one:
        return "shared"
    if any(one[0] in family and other[0] in family for family in FAMILIES):
        return "vague" if one[0] in GENERIC or other[0] in GENERIC else "kin"
    return "conflict"
