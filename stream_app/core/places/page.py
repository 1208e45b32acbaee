"""One field of an article cut into the words that names are made of and the gaps between them.

Names begin with capitals and end in capitals or digits. So only such words are cut out; what is in lower case, four
words in five, stays in the gaps and is read where a candidate stands beside it (`beside.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, compress
from operator import attrgetter

from stream_app.core.events import FieldName
from stream_app.core.language import limits
from stream_app.core.places import place_words
from stream_app.core.places.folding import fold
from stream_app.core.places.gazetteer import ACRONYM, COMMON_WORD, FIRST_NAME, SURNAME, Gazetteer

_ENDING = r"(?:['’]\w+(?:['’]\w+)*|)(?:\.(?<=\b[A-Z]\.)(?=[A-Z])(?:[A-Z]\.)*(?:[A-Z][a-z]?\b\.?)?|)"
"""What apostrophes join to a word, and initials with their dots. "(?:x|)" sees by one character that there is no x;
"(?:x)?" sets up a loop at the end of every word and takes a quarter longer."""

WORDS = re.compile(rf"(\w+{_ENDING})")
_NAMELIKE = re.compile(
    r"([A-Z0-9\u00aa-\u1fff\u2070-\ud7ff\uf900-\U0010ffff](?<=\w)(?<!\w.)(?<!\w['’].)" rf"\w*{_ENDING})"
)
"""Words that begin with anything but a plain small letter. The set comes first, for the search skips to its members;
then it is seen that a word begins there."""

_REMEMBERED = 100_000
_LONGEST_KEPT = 50
"""A word of more characters comes once, and is not remembered."""
_MOST_WORDS = 4000
"""So many words that names may be made of are looked at in any text, in a long one ten times its most places."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, and its classes: as the neighbour before or after a candidate, as part of a name.

    `text` is without a possessive ending, whose length is `tail`. `marks` holds the characters (folded) after which
    longer names of the gazetteer go on from the word, `links` says that a name may go on with it; `key` is the trie's
    key of the word itself when, written like this, it may be a name by itself, else None. `forms` says that the word is
    a common noun that makes a name with its neighbours. `classes` has a letter each for an English word, a first name
    and a surname.
    """

    text: str
    tail: int
    folded: str
    shape: str
    capital: bool
    classes: str
    before: str
    after: str
    generic: str
    forms: bool
    person: str
    marks: str
    key: int | None


class Vocabulary(dict[str, Word]):
    """Words met so far, with one gazetteer; bounded."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._gazetteer = gazetteer

    def words(self, texts: list[str]) -> list[Word]:
        """What is known of each word, in order."""
        if len(self) > _REMEMBERED:
            self.clear()
        return list(map(self.__getitem__, texts))

    def __missing__(self, text: str) -> Word:
        word = self._read(text)
        if len(text) <= _LONGEST_KEPT:
            self[text] = word
        return word

    def _read(self, written: str) -> Word:
        text = written[:-2] if written.endswith(POSSESSIVE) else written
        folded = fold(text)
        key = self._gazetteer.trie.get(folded)
        flags = 0 if key is None else self._gazetteer.flags[key]
        capital = text[0].isupper()
        return Word(
            text, len(written) - len(text), folded, shape(text), capital, _WORD_CLASSES[flags & 7],
            _before(text, folded, flags), _after(text, folded, flags), generic(folded),
            folded in _GENERIC or folded in place_words.ROADS,
            _person(folded, flags) if capital else "", self._marks(folded) if capital else "",
            key if key is not None and self._may_stand_alone(text, folded, key) else None,
        )  # fmt: skip

    def _marks(self, folded: str) -> str:
        return "".join(mark for mark in " .&,/'" if self._gazetteer.has_prefix(folded + mark))

    def _may_stand_alone(self, text: str, folded: str, key: int) -> bool:
        """Whether the word alone may be a name: an entry bears it, and codes are written in capitals."""
        fits = not self._gazetteer.flags[key] & ACRONYM or text.isupper()
        return fits and folded not in place_words.NEVER and self._gazetteer.size(key) > 0


POSSESSIVE = ("'s", "’s", "'S", "’S")
_CAPITAL = attrgetter("capital")


class Page:
    """A field: `words[i]` spans `starts[i]:ends[i]` of `raw`; `gaps[i]` stands before it, the last gap after all.

    Words in lower case are part of the gaps. `capitals` are the numbers of the capitalised words; `joined` those that
    go on from the capitalised word before them: "New York", "Al-Qaeda", "J. Smith". `shouted` says that nearly all is
    in capitals.
    """

    def __init__(self, name: FieldName, raw: str, vocabulary: Vocabulary) -> None:
        self.name = name
        self.raw = raw
        parts = _NAMELIKE.split(raw, maxsplit=max(_MOST_WORDS, 10 * limits.most("places", len(raw))))
        if _BOUND.search(raw):
            parts = _part_articles(parts)
        offsets = list(accumulate(map(len, parts)))
        self.gaps = gaps = parts[::2]
        self.starts, self.ends = offsets[::2], offsets[1::2]
        self.words = words = vocabulary.words(parts[1::2])
        self.capitals = list(compress(range(len(words)), map(_CAPITAL, words)))
        self.joined = {
            number for number in self.capitals if gaps[number] in _JOINTS and number and _goes_on(words, gaps, number)
        }
        self.shouted = len(self.capitals) * 3 > raw.count(" ") and self._is_shouted()
        self._written: dict[str, bool] = {}
        self._all: frozenset[str] | None = None

    def _is_shouted(self) -> bool:
        return len(self.capitals) * 3 > 2 * len(WORDS.findall(self.raw))

    def count(self, first: int, last: int) -> int:
        """How many words stand from word `first` to word `last`, those in lower case too."""
        inside = [gap for gap in self.gaps[first + 1 : last + 1] if len(gap) > _LONGEST_MARK]
        return last - first + 1 + (len(WORDS.findall(" ".join(inside))) if inside else 0)

    def writes(self, word: str) -> bool:
        """Whether `word`, in lower case, stands in the text as it is."""
        known = self._written.get(word)
        if known is None:
            known = self._written[word] = self._finds(word)
        return known

    def _finds(self, word: str) -> bool:
        if len(self.raw) > _LONG and word.isalpha():
            if self._all is None:
                self._all = frozenset(_WHOLE_WORDS.findall(self.raw))
            return word in self._all
        raw, size = self.raw, len(word)
        at = raw.find(word)
        while at >= 0:
            if _NO_WORD.match(raw, at + size) and not _WORD_BEFORE.match(raw, max(0, at - 2), at):
                return True
            at = raw.find(word, at + 1)
        return False


def _goes_on(words: Sequence[Word], gaps: Sequence[str], number: int) -> bool:
    """Whether word `number` goes on, over a joint, from the word before it."""
    word = words[number - 1]
    if gaps[number] == "\n" and word.text.isupper() != words[number].text.isupper():
        return False  # a headline above a dateline
    return word.capital and not word.tail and (gaps[number] != ". " or len(word.text) <= _SHORT)


_JOINTS = frozenset({" ", "-", "\n", ". "})
_SHORT = 4
"""Longer words than this are not written short with a dot: "St. Louis", but not "died. London"."""

_LONGEST_MARK = 2
"""Gaps no longer than this, in characters, hold no word."""

_NO_WORD = re.compile(r"(?!\w|['’]\w)")
_WHOLE_WORDS = re.compile(r"\w+(?:['’]\w+)*")
_LONG = 20_000
"""A longer text is cut into its words once, in characters; in others it is faster to look for the few in question."""
_WORD_BEFORE = re.compile(r".?\w\Z|\w['’]\Z", re.DOTALL)


def _part_articles(parts: list[str]) -> list[str]:
    """The same with Arabic articles cut out of the gaps, where a hyphen binds them to the name: "al-Hol"."""
    parted: list[str] = []
    for gap, word in zip(parts[:-1:2], parts[1::2], strict=True):
        if gap[-1:] == "-" and (found := _ARTICLE.search(gap)):
            parted += (gap[: found.start()], found.group(1), "-", word)
        else:
            parted += (gap, word)
    return [*parted, parts[-1]]


_BOUND = re.compile("-(?:" + "|".join(rf"(?<=\b{article}-)" for article in sorted(place_words.ARTICLES)) + ")")
"""Whether any article is bound to a name; begins with the hyphen, for the search skips to hyphens."""

_ARTICLE = re.compile(rf"(?<!\w)(?<!\w['’])({'|'.join(sorted(place_words.ARTICLES))})-\Z")


def shape(text: str) -> str:
    """How a name is written: in capitals, with dots, with diacritics, or plainly."""
    if len(text) > 1 and text.isupper():
        return "dotted" if "." in text else "short_upper" if len(text) < 5 else "upper"
    return "plain" if text.isascii() else "accented"


def generic(folded: str) -> str:
    """The class of a common noun that ends a name ("River"), or ""."""
    return _GENERIC.get(folded, "")


_GENERIC = {
    word: name
    for words, name in (
        (place_words.FACILITIES, "facility"),
        (place_words.STREETS, "street"),
        (place_words.LAND, "land"),
        (place_words.WATER, "water"),
        (place_words.ADMIN, "adm"),
    )
    for word in words
}


_WORD_CLASSES = [
    "".join(letter for bit, letter in ((COMMON_WORD, "c"), (FIRST_NAME, "f"), (SURNAME, "s")) if bits & bit) or "-"
    for bits in range(8)
]

LOWER_BEFORE = {**place_words.BEFORE, **dict.fromkeys(place_words.TITLES, "title")}
_CAPITAL_BEFORE = {
    **dict.fromkeys(place_words.ORGANISATIONS, "Organisation"),
    **{word: "C" + name for word, name in place_words.BEFORE.items()},
    **dict.fromkeys(place_words.BEFORE_NAME, "Generic"),
    **dict.fromkeys(place_words.TITLES, "title"),
}
_CAPITAL_AFTER = {
    **dict.fromkeys(place_words.SPORTS, "Sports"),
    **{word: name.capitalize() for word, name in _GENERIC.items()},
    **dict.fromkeys(place_words.ORGANISATIONS, "Organisation"),
}


def _before(text: str, folded: str, flags: int) -> str:
    """The word's class as the one before a candidate."""
    if text[0].isdigit():
        return "number"
    if not text[0].isupper():
        return LOWER_BEFORE.get(folded, "word")
    if folded in _CAPITAL_BEFORE:
        return _CAPITAL_BEFORE[folded]
    if len(text) == 1:
        return "initial"
    return "First" if flags & FIRST_NAME else "Capital"


def _after(text: str, folded: str, flags: int) -> str:
    """The word's class as the one after a candidate."""
    if text[0].isdigit():
        return "number"
    if not text[0].isupper():
        return place_words.AFTER.get(folded, "word")
    if folded in _CAPITAL_AFTER:
        return _CAPITAL_AFTER[folded]
    if flags & COMMON_WORD:
        return "Common"
    return "First" if flags & FIRST_NAME else "Surname" if flags & SURNAME else "Capital"


def _person(folded: str, flags: int) -> str:
    """How the word stands in a person's name: a title, a first name, a surname, none of them."""
    if folded in place_words.TITLES:
        return "title"
    if folded in place_words.ORGANISATIONS or generic(folded):
        return ""
    if flags & FIRST_NAME:
        return "both" if flags & SURNAME else "first"
    return "last" if flags & SURNAME else "other"
