"""Numbers that look like figures and are not, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from stream_app.core.events import FieldName, Rejected, RejectReason
from stream_app.core.frozen import maker
from stream_app.core.languages.en.lexicon import Lexicon
from stream_app.core.languages.en.numerals import NUMBER_WORDS

SPELT: Final = NUMBER_WORDS - {"a", "both", "half", "quarter", "score", "many", "few"}
"""Words that begin a spelt number in a rejected candidate."""
_UNIT: Final = (
    rb"[ -]?(?P<unit>per cent\b|%|(?:year|month|week|day)s?-olds?\b|[a-z][a-z-]{0,30})(?P<rest> (?:ago|old)\b)?"
)
_DIGITS: Final = re.compile(rb"[0-9][0-9.,]*(?:" + _UNIT + rb")?")
_SPELT: Final = re.compile(rb"[a-z]+" + _UNIT)
_AGES: Final = (b"-old", b"-olds")
_rejected: Final = maker(Rejected)
_ZEROS: Final = bytes(0x30 if chr(c) in "0123456789" else c for c in range(256))


class Rejecter:
    """Finds the numbers that look like figures and are not."""

    def __init__(self, lexicon: Lexicon) -> None:
        units = lexicon.units.items()
        self._units = {unit.encode(): reason for unit, reason in units if lexicon.person(unit) is None}

    def __call__(
        self, field: FieldName, raw: str, lower: bytes, taken: Sequence[tuple[int, int]], spelt: Iterable[bytes]
    ) -> Iterator[Rejected]:
        """The rejected candidates of a field, in order, outside the spans that figures have `taken` (sorted by end).

        A number inside a figure is still rejected when it is an age: "a 17-year-old girl" is one victim. `lower` is
        the field in lower case, see `Document.lower`, `spelt` are the number words that it may hold.
        """
        matches = chain(_digits(lower), _spelt(raw, lower, spelt))
        found = [(*match.span(), reason) for match in matches if (reason := self._reason(match, raw)) is not None]
        last = 0
        for start, end, reason in sorted(found):
            while last < len(taken) and taken[last][1] <= start:
                last += 1
            inside = last < len(taken) and taken[last][0] < end
            if not inside or reason == "age":
                yield _rejected(field, start, end, raw[start:end], reason, "unit_after_number")

    def _reason(self, match: re.Match[bytes], raw: str) -> RejectReason | None:
        unit, rest = match.group("unit", "rest")
        if rest == b" old" or unit.endswith(_AGES) or (unit == b"old" and match.group().endswith(b" old")):
            return "age"
        if unit == b"per cent":
            return "share"
        start = match.start()
        if start and raw[start - 1] in "$€£¥":
            return "money"
        return self._units.get(unit)


def _digits(lower: bytes) -> Iterator[re.Match[bytes]]:
    """Numbers in digits with their unit."""
    marked = lower.translate(_ZEROS)  # one byte is found far faster than any of ten
    at = marked.find(b"0")
    while at >= 0 and (match := _DIGITS.match(lower, at)) is not None:
        if match.lastindex is not None:  # there is a unit
            yield match
        at = marked.find(b"0", match.end())


def _spelt(raw: str, lower: bytes, words: Iterable[bytes]) -> Iterator[re.Match[bytes]]:
    """Numbers in words with their unit; a part of a longer word ("weight") is none."""
    for word in words:
        at = lower.find(word)
        while at >= 0:
            end = at + len(word)
            whole = (not at or not raw[at - 1].isalpha()) and not raw[end : end + 1].isalpha()
            if whole and (match := _SPELT.match(lower, at)) is not None:
                yield match
            at = lower.find(word, end)
