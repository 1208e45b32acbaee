"""What an English article is about, by the words that it has of one subject: a museum, a match, a quiz, statistics.

The subjects, and how many words make one, are as in the other languages (`core/casualties/free/topics.py`), beside what
`topics.py` knows of English shapes; the words are in `about.json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from stream_app.core.casualties.article_toll import Candidate
from stream_app.core.casualties.free.topics import FRESH, HEAD, Hit, topic
from stream_app.core.casualties.free.topics import Topics as Finder
from stream_app.core.language.document import Sentence
from stream_app.core.language.tables import table

_LONGEST: Final = 600
_QUOTES: Final = frozenset('"“”')
_PART: Final = re.compile(r"(\*?)([a-z]+)(\*?)")
"""The letters of a phrase up to a mark, and whether a word may go on there."""


class _Sign(NamedTuple):
    """What a phrase cannot do without: the words that the article must have, and letters that its sentence must."""

    words: frozenset[bytes]
    letters: str
    hint: bool

    @classmethod
    def of(cls, phrase: str, *, hint: bool) -> _Sign:
        """That of a phrase: of "state_of_emergency" all its words, and in the sentence the longest of them."""
        parts = [(letters, not before and not behind) for before, letters, behind in _PART.findall(phrase)]
        whole = frozenset(letters.encode() for letters, is_whole in parts if is_whole)
        return cls(whole, max((letters for letters, _ in parts), key=len), hint)


class Subject:
    """Finds the subject of an article; None where it is news, as most are.

    >>> from stream_app.core.languages.en.about import Subject
    >>> isinstance(Subject(), Subject)
    True
    """

    def __init__(self) -> None:
        words = table("en", "about")
        now = f"{words['today']} {table('en', 'calendar')['weekdays']}"
        self._finder = Finder(
            {
                "word": {"scene": words["scene"], "today": now},
                "setting": words["setting"],
                "hint": words["hint"],
            },
            str.lower,
            (),
        )
        self._signs: dict[str, list[_Sign]] = {}
        for weight, lists in (("word", {"scene": words["scene"]}), *((one, words[one]) for one in ("setting", "hint"))):
            for name, phrases in lists.items():
                signs = [_Sign.of(phrase, hint=weight == "hint") for phrase in phrases.split()]
                self._signs.setdefault(name, []).extend(signs)

    def __call__(
        self,
        sentences: Sequence[Sentence],
        lead: int,
        first: Candidate,
        met: AbstractSet[bytes],
        *,
        sure: bool = True,
    ) -> Hit | None:
        """The words that say it, of sentences of which the first `lead` are the title; `first` is the first figure.

        `met` are the words of the article. Where the opening is of no time of now it need not be `sure`: one word is
        enough. A headline that counts the victims is news.
        """
        if first.sentence < lead:
            return None
        at = max(0, first.sentence - lead + 1)
        hits = list(self._hits(sentences, lead, met))
        return topic(hits, at, aside=first.aside) if sure else topic(hits, max(at, HEAD), aside=first.aside, needed=1)

    def _hits(self, sentences: Sequence[Sentence], lead: int, met: AbstractSet[bytes]) -> Iterator[Hit]:
        """The words of subjects; further down only those of subjects that the head has words of, and of a scene.

        No other tells anything there, so a sentence is read only where one of these may begin.
        """
        of_text = 0
        opened: dict[str, bool] = {}
        signs: Sequence[str] | None = None
        for number, sentence in enumerate(sentences):
            of_text += sentence.field == "text"
            text = sentence.text[:_LONGEST]
            lower = text.lower()
            if of_text > HEAD:
                signs = self._met(opened, met) if signs is None else signs
                if not signs:
                    return
                if not any(map(lower.__contains__, signs)):
                    continue
            for name, weight, start, end in self._finder.found(lower):
                if name == "opinion" and not _QUOTES.isdisjoint(text[:start]):
                    continue  # somebody else's
                if name not in FRESH and of_text <= HEAD:
                    opened[name] = weight != "hint" or opened.get(name, False)
                yield Hit(max(0, number - lead + 1), not of_text, of_text <= HEAD, name, weight, text[start:end])

    def _met(self, opened: Mapping[str, bool], met: AbstractSet[bytes]) -> Sequence[str]:
        """Letters one of which a sentence has with a phrase of these subjects or of a scene, in an article of words.

        `opened` says of each whether more than hints were met of it: without that in the article it is no subject.
        """
        told = {name: [sign for sign in self._signs[name] if sign.words <= met] for name in opened}
        may_be = [name for name in opened if opened[name] or not all(sign.hint for sign in told[name])]
        if not may_be:
            return []
        scenes = [sign for sign in self._signs["scene"] if sign.words <= met]
        return list({sign.letters for signs in (scenes, *map(told.__getitem__, may_be)) for sign in signs})
