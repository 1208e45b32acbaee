"""One field of an article cut into words and the gaps between them; what is known of a word is looked up once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from stream_app.core.events import FieldName
from stream_app.core.places import lexicon
from stream_app.core.places.folding import fold
from stream_app.core.places.gazetteer import COMMON_WORD, FIRST_NAME, SURNAME, Gazetteer

_WORDS = re.compile(
    r"((?:[A-Z]\.){2,}|(?:[A-Z]\.)+[A-Z][a-z]?\b\.?|(?<![^\W_]['’])[^\W_]+(?:['’](?![sS]\b)[^\W_]+)*)"
)
_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word as written, and its classes: as the neighbour before or after a candidate, as part of a name.

    `names` says that the gazetteer knows longer names that begin with it; `key` is the trie's key of the word itself
    when the gazetteer has an entry for it, else None.
    """

    text: str
    folded: str
    capital: bool
    flags: int
    before: str
    after: str
    generic: str
    person: str
    names: bool
    key: int | None


class Vocabulary:
    """Words met so far, with one gazetteer; bounded."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._words: dict[str, Word] = {}

    def words(self, texts: list[str]) -> list[Word]:
        """What is known of each word, in order."""
        known = self._words
        if len(known) > _REMEMBERED:
            known.clear()
        for text in texts:
            if text not in known:
                known[text] = self._read(text)
        return [known[text] for text in texts]

    def _read(self, text: str) -> Word:
        folded = fold(text)
        key = self._gazetteer.trie.get(folded)
        flags = 0 if key is None else self._gazetteer.flags[key]
        if key is not None and self._gazetteer.size(key) == 0:
            key = None
        capital = text[0].isupper()
        return Word(
            text, folded, capital, flags, _before(text, folded, flags), _after(text, folded, flags), generic(folded),
            _person(folded, flags) if capital else "", self._begins_names(folded), key,
        )  # fmt: skip

    def _begins_names(self, folded: str) -> bool:
        return any(self._gazetteer.trie.has_keys_with_prefix(folded + mark) for mark in " .&,/'")


class Page:
    """A field: `words[i]` spans `starts[i]:ends[i]` of `raw`; `gaps[i]` is what stands before it, the last one after all.

    >>> from stream_app.core.places.page import cut
    >>> cut("In Kyiv, no.")
    (['', ' ', ', ', '.'], ['In', 'Kyiv', 'no'])
    """

    def __init__(self, name: FieldName, raw: str, vocabulary: Vocabulary) -> None:
        self.name = name
        self.raw = raw
        self.gaps, texts = cut(raw)
        self.words = vocabulary.words(texts)
        lengths = [length for pair in zip(map(len, self.gaps), map(len, texts), strict=False) for length in pair]
        offsets = list(accumulate(lengths))
        self.starts, self.ends = offsets[::2], offsets[1::2]
        self.lowered = {text for text in texts if text.islower()}
        self.shouted = len(self.lowered) * 4 < len(set(texts))
        self.capitals = [number for number, word in enumerate(self.words) if word.capital]

    def joined(self, number: int) -> bool:
        """Whether word `number` goes on from the capitalised word before it: "New York", "Al-Qaeda", "J. Smith"."""
        gap = self.gaps[number]
        if not number or not self.words[number - 1].capital:
            return False
        return gap in {" ", "-", "\n"} or (gap == ". " and len(self.words[number - 1].text) <= 4)


def cut(raw: str) -> tuple[list[str], list[str]]:
    """The gaps (one more than the words) and the words of a text; joined alternately they are the text."""
    parts = _WORDS.split(raw)
    return parts[::2], parts[1::2]


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


def _before(text: str, folded: str, flags: int) -> str:
    """The word's class as the one before a candidate."""
    if text[0].isdigit():
        return "number"
    if folded in lexicon.TITLES:
        return "title"
    if not text[0].isupper():
        return lexicon.BEFORE.get(folded, "word")
    if folded in lexicon.BEFORE_NAME:
        return "Generic"
    if folded in lexicon.BEFORE:
        return "C" + lexicon.BEFORE[folded]
    if folded in lexicon.ORGANISATIONS:
        return "Organisation"
    if len(text) == 1:
        return "initial"
    return "First" if flags & FIRST_NAME else "Capital"


def _after(text: str, folded: str, flags: int) -> str:
    """The word's class as the one after a candidate."""
    if text[0].isdigit():
        return "number"
    if not text[0].isupper():
        return lexicon.AFTER.get(folded, "word")
    if folded in lexicon.ORGANISATIONS:
        return "Organisation"
    if generic(folded):
        return generic(folded).capitalize()
    if folded in lexicon.SPORTS:
        return "Sports"
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
