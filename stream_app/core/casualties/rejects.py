"""Numbers that look like figures and are not, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from stream_app.core.casualties.lexicon import Lexicon
from stream_app.core.events import FieldName, Rejected, RejectReason
from stream_app.core.numerals import NUMBER_WORDS

SPELT: Final = NUMBER_WORDS - {"a", "both", "half", "quarter", "score", "many", "few"}
"""Words that begin a spelt number in a rejected candidate."""
_UNIT: Final = r"[ -]?(?P<unit>per cent\b|%|(?:year|month|week|day)s?-olds?\b|[a-z][a-z-]*)(?: (?:ago|old)\b)?"
_BECOMING_ASCII: Final = "\u0130\u212a"
_DIGITS: Final = re.compile(rf"\d[\d.,]*{_UNIT}")
_SPELT: Final = re.compile(rf"[a-z]+{_UNIT}")


def rejected(
    field: FieldName, raw: str, lexicon: Lexicon, taken: Sequence[tuple[int, int]], spelt: Iterable[str]
) -> Iterator[Rejected]:
    """The rejected candidates of a field, in order, outside the spans that figures have `taken` (sorted by end).

    A number inside a figure is still rejected when it is an age: "a 17-year-old girl" is one victim. `spelt` are
    the number words that the field may hold.
    """
    lowered = _lowered(raw)
    if len(lowered) != len(raw):  # a letter whose lower case is longer would shift every offset
        return
    matches = chain(_DIGITS.finditer(lowered), _spelt(lowered, spelt))
    found = [(*match.span(), reason) for match in matches if (reason := _reason(match, lowered, lexicon)) is not None]
    last = 0
    for start, end, reason in sorted(found):
        while last < len(taken) and taken[last][1] <= start:
            last += 1
        inside = last < len(taken) and taken[last][0] < end
        if not inside or reason == "age":
            yield Rejected(field, start, end, raw[start:end], reason, "unit_after_number")


def _lowered(raw: str) -> str:
    """`raw` with its ASCII letters in lower case; they alone count here, and the others take twice the time."""
    if any(letter in raw for letter in _BECOMING_ASCII):
        return raw.lower()
    return raw.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def _spelt(lowered: str, words: Iterable[str]) -> Iterator[re.Match[str]]:
    """Numbers in words with their unit; a part of a longer word ("weight") is none."""
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            end = at + len(word)
            whole = (not at or not lowered[at - 1].isalpha()) and not lowered[end : end + 1].isalpha()
            if whole and (match := _SPELT.match(lowered, at)) is not None:
                yield match
            at = lowered.find(word, end)


def _reason(match: re.Match[str], lowered: str, lexicon: Lexicon) -> RejectReason | None:
    unit = match["unit"]
    start, end = match.span()
    if unit.endswith(("-old", "-olds")) or lowered.endswith(" old", start, end):
        return "age"
    if unit == "per cent":
        return "share"
    if start and lowered[start - 1] in "$€£¥":
        return "money"
    reason = lexicon.units.get(unit)
    return None if reason is None or lexicon.person(unit) is not None else reason
