"""The words of an English text that tell one event from another: names, ages, numbers, rare and everyday words."""

from __future__ import annotations

import re
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import chain
from typing import Final

from stream_app.core.incidents.sketch import (
    AGE,
    COMMON,
    EVENT,
    GIVEN,
    MAX_COMMON_TERMS,
    MAX_TERMS,
    NAME,
    NUMBER,
    PREFIX,
)
from stream_app.core.languages.en.incidents.usual_words import GIVEN_NAMES, common_form, event_form, is_usual
from stream_app.core.remembered import Remembered

_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d[\d,.]*")
_AGE = re.compile(r"\b(\d{1,2})(?:-|[ ]?-[ ]?|[ ])years?(?:-|[ ]?-[ ]?|[ ])old  # 28-year-old", re.VERBOSE)
_AGE_AFTER_NAME = re.compile(
    r""",[ ](?:aged?[ ])?(\d{1,2})                # Terry Robinson, aged 28
    (?=[,.;)]|[ ]of\b|[ ]and\b)                  # , / of Durham / and""",
    re.VERBOSE,
)
_FULL_NAME = re.compile(
    r"""([A-ZÀ-Þ](?<!\w.)[a-zß-ÿ'’]+)             # Terry
    (?:[ ][A-Z]\.)?                              # J.
    (?:[ ][A-ZÀ-Þ][a-zß-ÿ'’]+)??                 # Lee
    [ ]([A-ZÀ-Þ][a-zß-ÿ]+(?:-[A-Z]\w+)?)\b       # Robinson-Smith""",
    re.VERBOSE,
)
#: The hospital that treats a region's victims, whatever happened to them.
_CARE = ("Hospital", "Medical", "Health", "Clinic", "Infirmary")
_TREATED_AT = re.compile(rf"(?:\b[A-Z][\w.'’-]* ){{1,4}}(?:{'|'.join(_CARE)})\b")
_OFFICES = (
    "president", "governor", "mayor", "minister", "chief", "sheriff", "spokesman", "spokeswoman", "spokesperson",
    "director", "head", "lieutenant", "sergeant", "captain", "detective", "colonel", "general", "officer", "inspector",
    "commissioner", "coroner", "senator",
)  # fmt: skip
"""Who speaks for an office speaks of every event in it."""
_RANKS = ("Lt", "Sgt", "Capt", "Det")


def _offices() -> str:
    """An expression for a rank, or for an office with a capital or without.

    The set of first letters comes first, for the search skips to its members. Whole words, which are told off by their
    second letters, then look back at their first: that takes a third of the time.
    """
    first = sorted({letter for name in (*_RANKS, *_OFFICES) for letter in (name[0], name[0].upper())})
    ranks = (rf"{rank[1:]}(?<={rank})" for rank in _RANKS)
    offices = (rf"{office[1:]}(?<=[{office[0].upper()}{office[0]}]{office[1:]})" for office in _OFFICES)
    return rf"[{''.join(first)}](?<!\w.)(?:{'|'.join((*ranks, *offices))})"


_OFFICIAL = re.compile(rf"{_offices()}\.?(?: [A-ZÀ-Þ][\w'’.-]+){{1,3}}")
"""As in "Sgt. Dave Gardner"."""
_SPEAKING = (
    "spokes", "official", "source", "worker", "leader", "elder", "chair", "secretary", "coordinator", "administrator",
    "prosecutor", "commander", "representative", "manager", "governor", "mayor", "minister", "chief", "director",
)  # fmt: skip
"""Who speaks for others, of every event in a region."""
_ROLE = rf"(?:{'|'.join(_SPEAKING)})\w*"
_WHOLE_NAME = r"[A-ZÀ-Þ][\w'’-]+(?:[ ][A-Z]\.)?(?:[ ][A-ZÀ-Þ][\w'’-]+){1,3}"
_SPEAKER = re.compile(
    rf"""\b{_ROLE},?[ ]{_WHOLE_NAME}                     # township official Kyaw Moe Lwin
    |{_WHOLE_NAME},?[ ]\(?(?:an?|the|its|his|her)[ ](?:[a-z-]+[ ]){{0,4}}?{_ROLE}  # Aye Lin, the township official""",
    re.VERBOSE,
)
_INITIALS = re.compile(r"[A-Z]{2,5}$")
_CONTRACTION = re.compile(r"['’](?:ll|ve|re|d|m|t)$")
_LONGEST_TOKEN = 64
_LONGEST_NUMBER = 18  # digits: what is longer is no number that people say
_USUAL_NUMBERS = frozenset([911, 999, 112, 100, 1000, *range(1900, 2100)])  # emergency calls, round numbers, years


def terms(text: str, ignored: Collection[str] = ()) -> list[str]:
    """The telling terms of `text`, line by line, each once, at most `MAX_TERMS`.

    Rare words, numbers of three digits and more ("the 1400 block"), full names and ages. Words in `ignored` (places,
    which count by themselves, and the outlet's own name) are left out.

    >>> terms("Terry Robinson, 28, was shot in the 1400 block of Gherald Street.")
    ['name:terry robinson', 'age:28', 'given:terry', 'robinson', 'no:1400', 'gherald']
    >>> terms("Aye Lin Oo, the township official, said that Thiri Nanda had died; police chief Ko Thet agreed.")
    ['name:thiri nanda', 'thiri', 'nanda']
    """
    ignored_stems = {_stem(word) for word in ignored}
    found: dict[str, None] = {}
    for line in text.split("\n"):
        found.update(dict.fromkeys(_terms_of_line(line, ignored_stems)))
        if len(found) >= MAX_TERMS:
            break
    return list(found)[:MAX_TERMS]


def common_terms(opening: str) -> list[str]:
    """The everyday words of an article's opening, each once: what plain reports of one event have in common.

    >>> common_terms("The bomb was hidden in a vegetable cart at the market.")
    ['of:bomb', 'is:hidden', 'is:vegetable', 'is:cart', 'is:market']
    """
    found = map(_COMMON.__getitem__, _without_care(opening).split())
    return list(dict.fromkeys(chain.from_iterable(found)))[:MAX_COMMON_TERMS]


def _without_care(text: str) -> str:
    """The text without the names of those who treat the victims."""
    return _TREATED_AT.sub("", text) if any(map(text.__contains__, _CARE)) else text


def _common_terms_in(stretch: str) -> tuple[str, ...]:
    """The everyday words of what stands between two blanks."""
    return tuple(filter(None, map(_common_term, _tokens(stretch))))


_COMMON: Final = Remembered(_common_terms_in)


def _common_term(token: str) -> str | None:
    word = token.lower()
    if form := common_form(word):
        return PREFIX[COMMON] + form
    form = event_form(word)
    return form and PREFIX[EVENT] + form


def _terms_of_line(line: str, ignored: AbstractSet[str]) -> list[str]:
    """The terms of one line: names, ages, then words and numbers as they come."""
    line = _OFFICIAL.sub(",", _without_care(line))
    if any(map(line.__contains__, _SPEAKING)):
        line = _SPEAKER.sub(",", line)
    names = [
        f"{PREFIX[NAME]}{first} {last}".lower()
        for first, last in _FULL_NAME.findall(line)
        if max(len(first), len(last)) <= _LONGEST_TOKEN
        and _rare_term(first)
        and _rare_term(last)
        and ignored.isdisjoint((_stem(first), _stem(last)))
    ]
    ages = [PREFIX[AGE] + age for age in _ages(line)]
    words = chain.from_iterable(map(_RARE.__getitem__, line.split()))
    return [*names, *ages, *(words if not ignored else [term for term in words if term not in ignored])]


def _rare_terms_in(stretch: str) -> tuple[str, ...]:
    """The terms of what stands between two blanks, where no token goes on."""
    return tuple(filter(None, map(_rare_term, _tokens(stretch))))


_RARE: Final = Remembered(_rare_terms_in, 1 << 16)


def _tokens(line: str) -> list[str]:
    """The words and numbers of a line, but for those that are too long to be any."""
    return [token for token in _TOKEN.findall(line) if len(token) <= _LONGEST_TOKEN]


def _ages(line: str) -> list[str]:
    """The ages of people, those after names last."""
    told = _AGE.findall(line) if "old" in line else []  # it begins with any digit, which takes long to look for
    return told + _AGE_AFTER_NAME.findall(line)


@lru_cache(maxsize=1 << 16)
def _rare_term(token: str) -> str | None:
    """The term that a token makes, None when it says little.

    >>> [_rare_term(token) for token in ("Griego's", "Maria", "1400", "police", "WKRN", "2016")]
    ['griego', 'given:maria', 'no:1400', None, None, None]
    """
    if token[0].isdecimal():
        return _number_term(token.rstrip(".,"))
    stem, word = _stem(token), token.lower()
    if len(stem) < 3 or _INITIALS.match(token) or _CONTRACTION.search(word):
        return None
    if word in GIVEN_NAMES:
        return PREFIX[GIVEN] + word if token[0].isupper() else None
    return None if is_usual(stem) or is_usual(word) else stem


def _number_term(digits: str) -> str | None:
    telling = digits.isdecimal() and 3 <= len(digits) <= _LONGEST_NUMBER and int(digits) not in _USUAL_NUMBERS
    return PREFIX[NUMBER] + digits if telling else None


def _stem(token: str) -> str:
    """The word in lower case without the possessive and the plural s.

    >>> _stem("Griego's"), _stem("rockets"), _stem("Harris"), _stem("boss")
    ('griego', 'rocket', 'harri', 'boss')
    """
    word = token.lower().replace("’", "'")
    word = word.removesuffix("'s").removesuffix("'")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
