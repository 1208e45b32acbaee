"""What an English article is about, by the words that it has of one subject: a museum, a match, a quiz, statistics.

The subjects, and how many words make one, are as in the other languages (`core/casualties/free/topics.py`), beside what
`topics.py` knows of English shapes; the words are in `about.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from stream_app.core.casualties.article_toll import Candidate
from stream_app.core.casualties.free.topics import FRESH, HEAD, Hit, topic
from stream_app.core.casualties.free.topics import Topics as Finder
from stream_app.core.language.document import Sentence
from stream_app.core.language.tables import table

_LONGEST: Final = 600
_QUOTES: Final = frozenset('"“”')


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

    def __call__(self, sentences: Sequence[Sentence], lead: int, first: Candidate, *, sure: bool = True) -> Hit | None:
        """The words that say it, of sentences of which the first `lead` are the title; `first` is the first figure.

        Where the opening is of no time of now it need not be `sure`: one word is enough. A headline that counts the
        victims is news.
        """
        if first.sentence < lead:
            return None
        at = max(0, first.sentence - lead + 1)
        hits = list(self._hits(sentences, lead))
        return topic(hits, at, aside=first.aside) if sure else topic(hits, max(at, HEAD), aside=first.aside, needed=1)

    def _hits(self, sentences: Sequence[Sentence], lead: int) -> Iterator[Hit]:
        """The words of subjects; without any in the head nothing is looked for further down."""
        of_text, opened = 0, False
        for number, sentence in enumerate(sentences):
            of_text += sentence.field == "text"
            if of_text > HEAD and not opened:
                return
            text = sentence.text[:_LONGEST]
            for name, weight, start, end in self._finder.found(text.lower()):
                if name == "opinion" and not _QUOTES.isdisjoint(text[:start]):
                    continue  # somebody else's
                opened = opened or name not in FRESH
                yield Hit(max(0, number - lead + 1), not of_text, of_text <= HEAD, name, weight, text[start:end])
