"""One field of an article cut into words and the gaps between them; what is known of a word is looked up once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate, compress, pairwise
from operator import attrgetter

from stream_app.core.events import FieldName
from stream_app.core.places import lexicon
from stream_app.core.places.folding import fold
from stream_app.core.places.gazetteer import ACRONYM, COMMON_WORD, FIRST_NAME, SURNAME, Gazetteer

_WORDS = re.compile(r"(\w+(?:['’]\w+(?:['’]\w+)*|)(?:\.(?<=\b[A-Z]\.)(?=[A-Z])(?:[A-Z]\.)*(?:[A-Z][a-z]?\b\.?)?|))")
"""Words with what their apostrophes join, and initials with their dots. "(?:x|)" sees by one character that there is
no x; "(?:x)?" sets up a loop at the end of every word and takes a quarter longer."""

_REMEMBERED = 100_000


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
    links: bool
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
        word = self[text] = self._read(text)
        return word

    def _read(self, written: str) -> Word:
        text = written[:-2] if written.endswith(_POSSESSIVE) else written
        folded = fold(text)
        key = self._gazetteer.trie.get(folded)
        flags = 0 if key is None else self._gazetteer.flags[key]
        capital = text[0].isupper()
        return Word(
            text, len(written) - len(text), folded, shape(text), capital, _WORD_CLASSES[flags & 7],
            _before(text, folded, flags), _after(text, folded, flags), generic(folded),
            folded in _GENERIC or folded in lexicon.ROADS,
            _person(folded, flags) if capital else "", self._marks(folded) if capital else "",
            capital or text[0].isdigit() or folded in lexicon.LINKS,
            key if key is not None and self._may_stand_alone(text, folded, key) else None,
        )  # fmt: skip

    def _marks(self, folded: str) -> str:
        return "".join(mark for mark in " .&,/'" if self._gazetteer.has_prefix(folded + mark))

    def _may_stand_alone(self, text: str, folded: str, key: int) -> bool:
        """Whether the word alone may be a name: an entry bears it, and codes are written in capitals."""
        fits = not self._gazetteer.flags[key] & ACRONYM or text.isupper()
        return fits and folded not in lexicon.NEVER and self._gazetteer.size(key) > 0


_POSSESSIVE = ("'s", "’s", "'S", "’S")
_CAPITAL = attrgetter("capital")


class Page:
    """A field: `words[i]` spans `starts[i]:ends[i]` of `raw`; `gaps[i]` stands before it, the last gap after all.

    `capitals` are the numbers of the capitalised words; `joined` those that go on from the capitalised word before
    them: "New York", "Al-Qaeda", "J. Smith".
    """

    def __init__(self, name: FieldName, raw: str, vocabulary: Vocabulary) -> None:
        self.name = name
        self.raw = raw
        parts = _WORDS.split(raw)
        offsets = list(accumulate(map(len, parts)))
        self.gaps, texts = parts[::2], parts[1::2]
        self.starts, self.ends = offsets[::2], offsets[1::2]
        self.texts = set(texts)
        self.words = vocabulary.words(texts)
        self.capitals = list(compress(range(len(texts)), map(_CAPITAL, self.words)))
        self.shouted = len(self.capitals) * 3 > len(texts) * 2
        self.joined = {
            number
            for previous, number in pairwise(self.capitals)
            if number == previous + 1 and _joins(self.words[previous], self.gaps[number])
        }


_JOINTS = frozenset({" ", "-", "\n"})


def _joins(previous: Word, gap: str) -> bool:
    """Whether a name may go on over this gap after the capitalised word `previous`."""
    return not previous.tail and (gap in _JOINTS or (gap == ". " and len(previous.text) <= 4))


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
        (lexicon.FACILITIES, "facility"),
        (lexicon.STREETS, "street"),
        (lexicon.LAND, "land"),
        (lexicon.WATER, "water"),
        (lexicon.ADMIN, "adm"),
    )
    for word in words
}


_WORD_CLASSES = [
    "".join(letter for bit, letter in ((COMMON_WORD, "c"), (FIRST_NAME, "f"), (SURNAME, "s")) if bits & bit) or "-"
    for bits in range(8)
]

_LOWER_BEFORE = {**lexicon.BEFORE, **dict.fromkeys(lexicon.TITLES, "title")}
_CAPITAL_BEFORE = {
    **dict.fromkeys(lexicon.ORGANISATIONS, "Organisation"),
    **{word: "C" + name for word, name in lexicon.BEFORE.items()},
    **dict.fromkeys(lexicon.BEFORE_NAME, "Generic"),
    **dict.fromkeys(lexicon.TITLES, "title"),
}
_CAPITAL_AFTER = {
    **dict.fromkeys(lexicon.SPORTS, "Sports"),
    **{word: name.capitalize() for word, name in _GENERIC.items()},
    **dict.fromkeys(lexicon.ORGANISATIONS, "Organisation"),
}


def _before(text: str, folded: str, flags: int) -> str:
    """The word's class as the one before a candidate."""
    if text[0].isdigit():
        return "number"
    if not text[0].isupper():
        return _LOWER_BEFORE.get(folded, "word")
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
        return lexicon.AFTER.get(folded, "word")
    if folded in _CAPITAL_AFTER:
        return _CAPITAL_AFTER[folded]
    if flags & COMMON_WORD:
        return "Common"
    return "First" if flags & FIRST_NAME else "Surname" if flags & SURNAME else "Capital"


def _person(folded: str, flags: int) -> str:
    """How the word stands in a person's name: a title, a first name, a surname, none of them."""
    if folded in lexicon.TITLES:
        return "title"
    if folded in lexicon.ORGANISATIONS or generic(folded):
        return ""
    if flags & FIRST_NAME:
        return "both" if flags & SURNAME else "first"
    return "last" if flags & SURNAME else "other"
