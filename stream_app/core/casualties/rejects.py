"""Numbers that look like figures and are not, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from stream_app.core.casualties.lexicon import Lexicon
from stream_app.core.events import FieldName, Rejected, RejectReason

_WORDS: Final = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozens?|several|hundreds|thousands"
)
_NUMBER: Final = re.compile(
    rf"(?:\d[\d.,]*|\b(?:{_WORDS})\b)[ -]?(?:per cent\b|%|(?:year|month|week|day)s?-olds?\b|[A-Za-z][A-Za-z-]*)(?: (?:ago|old)\b)?",
    re.IGNORECASE,
)
_PARTS: Final = re.compile(r"(?P<number>\d[\d.,]*|[A-Za-z]+)[ -]?(?P<unit>.*)", re.DOTALL)


def rejected(field: FieldName, raw: str, lexicon: Lexicon, taken: list[tuple[int, int]]) -> Iterator[Rejected]:
    """The rejected candidates of a field, in order, none of them inside the spans that figures have `taken`.

    A number inside a figure is still rejected when it is an age: "a 17-year-old girl" is one victim.
    """
    for match in _NUMBER.finditer(raw):
        reason = _reason(match, raw, lexicon)
        if reason is None:
            continue
        start, end = match.span()
        inside = any(s < end and start < e for s, e in taken)
        if not inside or reason == "age":
            yield Rejected(field, start, end, raw[start:end], reason, "unit_after_number")


def _reason(match: re.Match[str], raw: str, lexicon: Lexicon) -> RejectReason | None:
    parts = _PARTS.fullmatch(match.group())
    if parts is None:
        return None
    unit = parts.group("unit").lower()
    if unit.endswith(("-old", "-olds", " old")):
        return "age"
    word = unit.split()[0] if unit else ""
    if unit == "per cent":
        return "share"
    if match.start() and raw[match.start() - 1] in "$€£¥":
        return "money"
    if lexicon.person(word) is not None:
        return None
    return lexicon.units.get(word)
