"""Numbers of people: what any language has of them. How one says them in words is in its folder."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Final, NamedTuple

from stream_app.core.events import Qualifier

_TABLES: Final = json.loads(resources.files(__package__).joinpath("numerals.json").read_bytes())
CONVENTIONS: Final[Mapping[str, Mapping[str, int]]] = _TABLES["conventions"]
"""The least number of persons that each vague concept stands for, by convention; sources in docs/casualties.md.

A concept (`dozens`) has its words in each language: "dozens", "decenas", "Dutzende".
"""
MAX_PERSONS: Final = 10**10
"""More people than there are; a number beyond it counts no persons, and is read as none."""

_GROUPED: Final = re.compile(r"\d{1,3}(?:([,.'’\s\u00a0\u202f])\d{3})(?:\1\d{3})*")
_INDIAN: Final = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_PLAIN: Final = re.compile(r"\d+(?:\.\d+)?|\d+,\d{1,2}")
_SHORT_SCALES: Final[Mapping[str, int]] = _TABLES["short_scales"]
_SHORT: Final = re.compile(rf"(\d+(?:[.,]\d+)?)({'|'.join(_SHORT_SCALES)})")


class Quantity(NamedTuple):
    """A number of things: `low <= high`, `high` None without a stated ceiling; tokens `[start, end)`."""

    low: int
    high: int | None
    qualifier: Qualifier
    start: int
    end: int


def digits_value(token: str) -> float | None:
    """The value of a digit token, or None when it is no plain number.

    Separators of thousands may be commas, dots, blanks or apostrophes; a single group of three after a dot is read as
    thousands ("1.200"), since nobody is 1.2 persons; "5k" and "1.2m" are written short.

    >>> [digits_value(t) for t in ("12", "1,200", "1 200", "1.200", "4.8", "4,50,000", "x")]
    [12.0, 1200.0, 1200.0, 1200.0, 4.8, 450000.0, None]
    """
    if token.isdecimal():
        return float(token) if len(token) < 16 else None
    if len(token) > 24:
        return None
    if (grouped := _GROUPED.fullmatch(token)) and not token.startswith("0"):
        return float(token.replace(grouped.group(1), ""))
    if _INDIAN.fullmatch(token):
        return float(token.replace(",", ""))
    if _PLAIN.fullmatch(token):
        return float(token.replace(",", "."))
    return _short_value(token)


def _short_value(token: str) -> float | None:
    """As in "5k", "1.2m", "7mn"."""
    short = _SHORT.fullmatch(token)
    return round(float(short[1].replace(",", ".")) * _SHORT_SCALES[short[2]], 3) if short is not None else None
