"""Words that tell a place from a person or an organisation, by class: those of the language that names are read in.

General knowledge of a language, not of any corpus; a word stands once in a class. They are its `place_words.json`.
Names in languages with words of their own are read by `native.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from stream_app.core.language.tables import USUAL, table

_TABLE: Final = table(USUAL, "place_words")


def words_of(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


def _by_word(classes: Mapping[str, str]) -> dict[str, str]:
    """Each word's class; the first class that lists a word keeps it."""
    found: dict[str, str] = {}
    for name, words in classes.items():
        for word in words.split():
            found.setdefault(word, name)
    return found


BEFORE: Final = _by_word(_TABLE["before"])
AFTER: Final = _by_word(_TABLE["after"])
COMPASS: Final = words_of(_TABLE["compass"])
TITLES: Final = words_of(_TABLE["titles"])
ADMIN: Final = words_of(_TABLE["admin"])
REGIONS: Final = ADMIN | words_of(_TABLE["region"])
TOWNS: Final = words_of(_TABLE["town"])
DOWNTOWN: Final[str] = _TABLE["downtown"]
"""Before a name, it makes a town of it: "downtown Austin"."""
OF: Final[str] = _TABLE["of"]
"""Between a class and a name: "the town of Moran"."""
AND: Final[str] = _TABLE["joint"]
"""Between two names that share a common noun: "the Tigris and Euphrates rivers"."""
WITHIN: Final[list[str]] = _TABLE["within"]
"""Between a place and the division that it lies in."""
AREAS: Final[list[str]] = _TABLE["areas"]
"""Words behind the name of a division that are several: "Bukkuyum local government area"."""
HOLDING: Final = words_of(_TABLE["holding"])
"""Words one of which stands between a place and what it lies in: "Masu village in Zamfara"."""
BETWEEN: Final = HOLDING | REGIONS | TOWNS | COMPASS | words_of(_TABLE["between_places"])
"""All that may stand there."""
CITY: Final[str] = _TABLE["city"]
"""Behind a name, it makes a town of it; other classes there make a division."""
WATER: Final = words_of(_TABLE["water"])
LAND: Final = words_of(_TABLE["land"])
STREETS: Final = words_of(_TABLE["streets"])
FACILITIES: Final = words_of(_TABLE["facilities"])
ORGANISATIONS: Final = words_of(_TABLE["organisations"])
SPORTS: Final = words_of(_TABLE["sports"])
BEFORE_NAME: Final = words_of(_TABLE["before_name"])
ABBREVIATED: Final = words_of(_TABLE["abbreviated"])
"""Generic nouns that are abbreviations, so that the dot after them is theirs."""
ROADS: Final = words_of(_TABLE["roads"])
"""What a numbered road's name ends in before the number."""
LINKS: Final = words_of(_TABLE["links"])
"""Words in lower case that stand inside names: "Isle of Wight", "Rio de Janeiro"."""
ARTICLES: Final = words_of(_TABLE["articles"])
"""Arabic articles as English writes them in lower case, bound to the name by a hyphen: "al-Hol"."""
NEVER: Final = words_of(_TABLE["never"])
"""Words that are capitalised for other reasons and never taken, alone, for a place."""
PAPER: Final[list[str]] = _TABLE["paper"].split()
"""Words of the trade in the names of papers and stations."""
SAINT: Final[list[str]] = _TABLE["saint"]
"""How a saint begins in an address, and how in the name of a town."""
