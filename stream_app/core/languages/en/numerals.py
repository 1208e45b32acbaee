"""Quantities as English newspapers write them: "two dozen", "10-15", "1 200", "half a million", "tens of thousands".

A quantity is read from tokens, never from characters, so a reader that has split the text once need not do so again.
What a vague word means ("dozens") is looked up in a convention that the caller names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import Final, NamedTuple

from stream_app.core.events import Qualifier
from stream_app.core.language.numerals import CONVENTIONS, MAX_PERSONS, Quantity, digits_value

_TABLES: Final = json.loads(resources.files(__package__).joinpath("numerals.json").read_bytes())
_UNITS: Final = {word: value for value, word in enumerate(_TABLES["units"].split())}
_TENS: Final[Mapping[str, int]] = _TABLES["tens"]
_SMALL: Final = {**_UNITS, **_TENS}
_SCALES: Final[Mapping[str, int]] = _TABLES["scales"]
_AND_A_HALF: Final = ("and", "a", "half")
_GROUPS: Final[Mapping[str, int]] = _TABLES["groups"]
_VAGUE_SCALES: Final[Mapping[str, int]] = _TABLES["vague_scales"]
_VAGUE: Final[Mapping[str, str]] = _TABLES["vague"]
"""Vague words, each with its concept in the conventions."""
_QUALIFIER_PHRASES: Final[Mapping[Qualifier, Sequence[str]]] = _TABLES["qualifiers"]
_DOZEN: Final = 12
_Phrases = Mapping[str, Sequence[tuple[tuple[str, ...], Qualifier]]]


def _by_first_word(phrases: Mapping[Qualifier, Sequence[str]]) -> _Phrases:
    """Qualifier phrases by their first word, longest first."""
    table: dict[str, list[tuple[tuple[str, ...], Qualifier]]] = {}
    for qualifier, its in phrases.items():
        for phrase in its:
            words = tuple(phrase.split())
            table.setdefault(words[0], []).append((words, qualifier))
    return {first: sorted(rows, key=lambda row: -len(row[0])) for first, rows in table.items()}


_QUALIFIERS: Final = _by_first_word(_QUALIFIER_PHRASES)
QUALIFIER_STARTS: Final = frozenset(_QUALIFIERS) | {"between"}
"""Words that can begin a quantity without being a number."""
QUALIFIER_HALVES: Final = frozenset(
    first for first, rows in _QUALIFIERS.items() if all(len(words) > 1 for words, _ in rows)
)
"""Those of them that begin one only with one of `QUALIFIER_SECONDS` behind them; articles may be of the number too."""
QUALIFIER_SECONDS: Final = frozenset(words[1] for rows in _QUALIFIERS.values() for words, _ in rows if len(words) > 1)
"""Words that can stand second in a qualifier."""

_TENS_UNIT: Final = re.compile(rf"({'|'.join(_TENS)})-({'|'.join(list(_UNITS)[1:10])})")

NUMBER_WORDS: Final = frozenset(
    {*_SMALL, *_SCALES, *_GROUPS, *_VAGUE_SCALES, *_VAGUE, "both", "half", "half-dozen", "half-a-dozen", "quarter"}
)
"""Words that can stand in a quantity; the tens-unit compounds ("twenty-two") are recognised by shape."""


_LONGEST_CHAIN: Final = 8
_DASHES: Final = frozenset({"-", "–", "—", "‒", "‐", "‑", "−", "to", "or"})
_TRAILERS: Final = frozenset({"+", "plus", "-", "or"})
_BETWEEN: Final = frozenset({"and"})
_NIL: Final = (["0"], ["nil"])


class _Number(NamedTuple):
    """A bare number before its qualifier is applied; `vague` marks words whose bound is a convention's."""

    value: int
    end: int
    vague: bool = False


def is_numeric(word: str) -> bool:
    """True when a lower-case token can begin or stand in a quantity."""
    return word in NUMBER_WORDS or word[:1].isdigit() or ("-" in word and _compound(word) is not None)


def _compound(word: str) -> int | None:
    """22 for "twenty-two"."""
    if "-" not in word:
        return None
    match = _TENS_UNIT.fullmatch(word)
    return _TENS[match.group(1)] + _UNITS[match.group(2)] if match else None


def read_quantity(words: Sequence[str], start: int, convention: str = "literal") -> Quantity | None:
    """The quantity that begins at `words[start]` (lower case), its qualifier included, or None.

    >>> q = read_quantity("at least two dozen people".split(), 0)
    >>> (q.low, q.high, q.qualifier, q.end)
    (24, None, 'at_least', 4)
    >>> q = read_quantity("between 10 and 15 men".split(), 0)
    >>> (q.low, q.high, q.qualifier)
    (10, 15, 'range')
    >>> q = read_quantity("hundreds of thousands of civilians".split(), 0)
    >>> (q.low, q.high, q.qualifier)
    (200000, None, 'vague')
    """
    if start >= len(words):
        return None
    qualifier, at = _read_qualifier(words, start) if words[start] in _QUALIFIERS else (None, start)
    spanning = at < len(words) and words[at] == "between"
    first = _read_number(words, at + spanning, convention)
    if first is None:
        return None
    joiners = _BETWEEN if spanning else _DASHES
    second = _read_upper(words, first, joiners, convention, qualified=spanning)
    if second is not None and (low := _scaled_like(first, second, words, at + spanning)) < second.value:
        return _trailing(words, Quantity(low, second.value, "range", start, second.end), None)
    if spanning or (words[first.end : first.end + 1] == ["-"] and words[first.end + 1 : first.end + 2] in _NIL):
        return None  # "beaten 7-0" is a score
    return _trailing(words, _apply(qualifier, first, start), qualifier)


def _read_qualifier(words: Sequence[str], start: int) -> tuple[Qualifier | None, int]:
    """The qualifier at `start`, the strongest of a chain ("at least some 20"), and where the number should begin."""
    found: Qualifier | None = None
    at = start
    while at - start < _LONGEST_CHAIN and at < len(words) and (rows := _QUALIFIERS.get(words[at])) is not None:
        following = words[at + 1] if at + 1 < len(words) else ""
        step = next((row for row in rows if _is_phrase(row[0], words, at, following)), None)
        if step is None:
            break
        if found is None or found == "about":
            found = step[1]
        at += len(step[0])
    return found, at


def _is_phrase(phrase: tuple[str, ...], words: Sequence[str], at: int, following: str) -> bool:
    """Whether `phrase` stands at `at`, its first word known to; the second, `following`, settles it nearly always."""
    if len(phrase) == 1:
        return True
    return phrase[1] == following and tuple(words[at : at + len(phrase)]) == phrase


def _apply(qualifier: Qualifier | None, number: _Number, start: int) -> Quantity:
    """The number under its qualifier."""
    value = number.value
    if number.vague:
        return Quantity(value, None, "vague", start, number.end)
    if qualifier == "at_least":
        return Quantity(value, None, qualifier, start, number.end)
    if qualifier == "at_most":
        return Quantity(min(1, value), value, qualifier, start, number.end)
    return Quantity(value, value, qualifier or "exact", start, number.end)


def _trailing(words: Sequence[str], quantity: Quantity, qualifier: Qualifier | None) -> Quantity:
    """Take in what follows a number: "100-plus", "12 or more", "20 or so"."""
    if quantity.end >= len(words) or words[quantity.end] not in _TRAILERS:
        return quantity
    after = tuple(words[quantity.end : quantity.end + 2])
    if after[:1] in (("+",), ("plus",)):
        return Quantity(quantity.low, None, "at_least", quantity.start, quantity.end + 1)
    if after == ("-", "plus"):
        return Quantity(quantity.low, None, "at_least", quantity.start, quantity.end + 2)
    if after == ("or", "more"):
        return Quantity(quantity.low, None, "at_least", quantity.start, quantity.end + 2)
    if after in (("or", "so"), ("-", "odd")):
        return Quantity(quantity.low, quantity.high, qualifier or "about", quantity.start, quantity.end + 2)
    return quantity


def _read_upper(
    words: Sequence[str], first: _Number, joiners: frozenset[str], convention: str, *, qualified: bool
) -> _Number | None:
    """The second number of "10-15", "10 to 15", "two or three", "between 1,200 and 2,000"."""
    if first.vague or first.end >= len(words) or words[first.end] not in joiners:
        return None
    at = _read_qualifier(words, first.end + 1)[1] if qualified else first.end + 1
    second = _read_number(words, at, convention)
    if second is None or second.vague or (words[first.end] == "-" and _is_score(words, second)):
        return None
    return second


def _scaled_like(first: _Number, second: _Number, words: Sequence[str], begin: int) -> int:
    """The lower bound of "2 to 3 million" is in millions too."""
    scale = 1
    for word in words[first.end : second.end]:
        scale *= _SCALES.get(word, 1)
    alike = any(word in _SCALES for word in words[begin : first.end])
    return first.value if alike or first.value >= 1000 else first.value * scale


def _is_score(words: Sequence[str], second: _Number) -> bool:
    """True for a third number in the chain ("10-15-2022"): a date, not a range."""
    return second.end + 1 < len(words) and words[second.end] == "-" and words[second.end + 1][:1].isdigit()


def _read_number(words: Sequence[str], at: int, convention: str) -> _Number | None:
    """One number of persons without qualifier; None when it is more than there are people."""
    number = _read_any(words, at, convention) if at < len(words) else None
    return None if number is None or number.value > MAX_PERSONS else number


def _read_any(words: Sequence[str], at: int, convention: str) -> _Number | None:
    """One number without qualifier: digits, words, groups or a vague word."""
    word = words[at]
    if word[0].isdigit():
        return _read_digits(words, at, convention)
    read = _READERS.get(word)
    if read is not None:
        return read(words, at, convention)
    return _read_words(words, at, convention) if word in _SMALL or "-" in word else None


def _read_digits(words: Sequence[str], at: int, convention: str) -> _Number | None:
    value = digits_value(words[at])
    if value is None:
        return None
    end = at + 1
    while end < len(words) and words[end] in _SCALES and value <= MAX_PERSONS:
        scale = _SCALES[words[end]]
        value = round(value * (CONVENTIONS[convention]["dozen"] if scale == _DOZEN else scale), 3)
        end += 1
    if value > MAX_PERSONS or value != int(value):
        return None
    return _Number(int(value), end)


def _read_article(words: Sequence[str], at: int, convention: str) -> _Number | None:
    """As in "a dozen", "a couple of", "a hundred", "a few hundred", "a half-dozen", "a quarter of a million"."""
    word = words[at + 1] if at + 1 < len(words) else ""
    if words[at] == "the" and word not in {"half-dozen", "dozen"}:
        return None
    if word in _GROUPS and word != "dozen":
        return _read_group(words, at + 1)
    if word in {"hundred", "thousand", "million", "lakh", "crore", "billion"}:
        return _continue_words(words, at + 2, _SCALES[word])
    if word == "quarter" and tuple(words[at + 2 : at + 5]) == ("of", "a", "million"):
        return _Number(250_000, at + 5)
    read = _AFTER_ARTICLE.get(word)
    return read(words, at + 1, convention) if read is not None else None


def _read_group(words: Sequence[str], at: int) -> _Number | None:
    """As in "couple of", "couple of hundred", "couple dozen"; a couple without "of" is two people, not a number."""
    size = _GROUPS[words[at]]
    partitive = at + 1 < len(words) and words[at + 1] == "of"
    scale_at = at + 2 if partitive else at + 1
    scale = words[scale_at] if scale_at < len(words) else ""
    if scale in {"hundred", "thousand", "dozen"}:
        return _Number(size * _SCALES[scale], scale_at + 1)
    return _Number(size, at + 1) if partitive else None


def _read_dozen(words: Sequence[str], at: int, convention: str) -> _Number:
    return _Number(CONVENTIONS[convention]["dozen"] if words[at] == "dozen" else _GROUPS[words[at]], at + 1)


def _read_both(words: Sequence[str], at: int, convention: str) -> _Number:
    del words, convention
    return _Number(2, at + 1)


def _read_half(words: Sequence[str], at: int, convention: str) -> _Number | None:
    """As in "half-dozen", "half a million", "half million"."""
    del convention
    if words[at] in {"half-dozen", "half-a-dozen"}:
        return _Number(6, at + 1)
    after = tuple(words[at + 1 : at + 3])
    if after[:1] == ("dozen",):
        return _Number(6, at + 2)
    if len(after) == 2 and after[0] in {"a", "-"} and after[1] in {"dozen", "million", "thousand", "billion"}:
        return _Number(_SCALES[after[1]] // 2, at + 3)
    if after[:1] == ("million",):
        return _Number(500_000, at + 2)
    return None


def _read_vague_scale(words: Sequence[str], at: int, convention: str) -> _Number | None:
    """As in "dozens", "hundreds of thousands": the first word by convention, the others in full."""
    value = CONVENTIONS[convention][_VAGUE[words[at]]]
    end = at + 1
    while end + 1 < len(words) and words[end] == "of" and words[end + 1] in _VAGUE_SCALES:
        value *= _VAGUE_SCALES[words[end + 1]]
        end += 2
    return _Number(value, end, vague=True)


def _read_vague(words: Sequence[str], at: int, convention: str) -> _Number:
    """As in "several", "a few hundred", "several dozen", "many thousands of"."""
    value = CONVENTIONS[convention][_VAGUE[words[at]]]
    end = at + 1
    if end < len(words) and words[end] in _SCALES:
        return _Number(value * _SCALES[words[end]], end + 1, vague=True)
    if end < len(words) and words[end] in _VAGUE_SCALES:
        return _Number(max(value, 2) * _VAGUE_SCALES[words[end]], end + 1, vague=True)
    return _Number(value, end, vague=True)


def _read_words(words: Sequence[str], at: int, convention: str) -> _Number | None:
    """As in "twenty-two", "one hundred and fifty two", "thirteen thousand", "two dozen"."""
    first = _small(words, at)
    if first is None:
        return None
    half = tuple(words[at + 1 : at + 4]) == _AND_A_HALF and at + 4 < len(words)
    times = _SCALES.get(words[at + 4], 0) if half else 0
    if times:
        return _Number(first[0] * times + times // 2, at + 5)
    value, end = first
    scale = words[end] if end < len(words) else ""
    if scale == "dozen":
        return _Number(value * CONVENTIONS[convention]["dozen"], end + 1)
    if scale == "score":
        return _Number(value * _GROUPS["score"], end + 1)
    if scale in _SCALES:
        return _continue_words(words, end + 1, value * _SCALES[scale])
    return _Number(value, end)


def _small(words: Sequence[str], at: int) -> tuple[int, int] | None:
    """A number under a hundred in words: "seven", "twenty-two", "twenty two"."""
    word = words[at]
    compound = _compound(word)
    if compound is not None:
        return compound, at + 1
    if word in _UNITS:
        return _UNITS[word], at + 1
    if word not in _TENS:
        return None
    rest = at + 1
    if rest + 1 < len(words) and words[rest] == "-" and 0 < _UNITS.get(words[rest + 1], 0) < 10:
        return _TENS[word] + _UNITS[words[rest + 1]], rest + 2
    if rest < len(words) and 0 < _UNITS.get(words[rest], 0) < 10:
        return _TENS[word] + _UNITS[words[rest]], rest + 1
    return _TENS[word], rest


def _continue_words(words: Sequence[str], at: int, value: int) -> _Number:
    """What follows a scale word: another scale ("hundred thousand") or a smaller part ("hundred and fifty")."""
    total, end = value, at
    while end < len(words) and words[end] in _SCALES:
        total *= _SCALES[words[end]]
        end += 1
    begin = end + 1 if end + 1 < len(words) and words[end] == "and" else end
    part = _small(words, begin) if begin < len(words) else None
    if part is None or part[0] == 0:
        return _Number(total, end)
    small, after = part
    if after < len(words) and words[after] in _SCALES and _SCALES[words[after]] < total:
        inner = _continue_words(words, after + 1, small * _SCALES[words[after]])
        return _Number(total + inner.value, inner.end)
    return _Number(total + small, after)


_Reader = Callable[[Sequence[str], int, str], _Number | None]
_AFTER_ARTICLE: Final[Mapping[str, _Reader]] = {
    "dozen": _read_dozen,
    "few": _read_vague,
    "handful": _read_vague,
    "half": _read_half,
    "half-dozen": _read_half,
}
_READERS: Final[Mapping[str, _Reader]] = (
    dict.fromkeys(("a", "an", "the"), _read_article)
    | dict.fromkeys(("half", "half-a-dozen", "half-dozen"), _read_half)
    | dict.fromkeys(_VAGUE_SCALES, _read_vague_scale)
    | dict.fromkeys(_VAGUE.keys() - _VAGUE_SCALES.keys() - {"handful"}, _read_vague)
    | dict.fromkeys(("dozen", "score"), _read_dozen)
    | {"both": _read_both}
)
