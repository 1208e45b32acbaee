"""What an article as a whole is about, when that is no event of now: a trial, an anniversary, a film, a rumour."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from stream_app.core.casualties.free.patterns import GAPS, Matcher, fits
from stream_app.core.events import Assertion

_WORD: Final = re.compile(r"\d+|[^\W\d_]+(?:['’ʼ-][^\W\d_]+|[\u064b-\u0655\u0670]+[^\W\d_]*)*")
_REMEMBERED: Final = 60_000
_LONGEST_CHUNK: Final = 60
_STEM: Final = 3
TOPICS: Final[Mapping[str, Assertion]] = {
    "trial": "historical",
    "memory": "historical",
    "past": "historical",
    "statistics": "historical",
    "fiction": "fictional",
    "drill": "fictional",
    "rumour": "denied",
    "model": "forecast",
}
"""What each topic makes of the figures of its article."""
_NEEDED: Final = 2
"""One word may stand in any article; two, of which one in its head, say what it is about."""
_PLAIN: Final = frozenset({"trial", "memory", "fiction", "drill", "rumour"})
"""Topics of which one word says so that opens the article, before any figure."""
_TITLED: Final = _PLAIN | {"past"}
"""Topics of which one word says so in a title without a figure."""

Parts = tuple[str, ...]


class Hit(NamedTuple):
    """Words of a topic: in which sentence, whether that is of the head, of which topic.

    A `hint` says nothing alone: "exercise" may be one in which soldiers died, "in January" a date.
    """

    sentence: int
    in_title: bool
    in_head: bool
    topic: str
    hint: bool
    cue: str


class Topics:
    """Finds the words of topics; `words` and `hints` are the lists of a pack by topic."""

    def __init__(
        self,
        words: Mapping[str, str],
        hints: Mapping[str, str],
        folded: Callable[[str], str],
        clitics: Sequence[str],
    ) -> None:
        self._clitics = tuple(clitics)
        self._starts = Matcher()
        for lists, hint in ((words, False), (hints, True)):
            for name, text in lists.items():
                for pattern in map(folded, text.split()):
                    parts = tuple(pattern.split("_"))
                    self._starts.add(parts[0], name, (hint, parts))
        self._opened: dict[str, bool] = {}

    def may_begin(self, chunk: str) -> bool:
        """Whether words of a topic may begin in a piece of folded text without blanks; asked once for each."""
        known = self._opened.get(chunk)
        if known is None:
            known = any(self._phrases(word) for word in _WORD.findall(chunk))
            if len(chunk) <= _LONGEST_CHUNK:
                if len(self._opened) >= _REMEMBERED:
                    self._opened.clear()
                self._opened[chunk] = known
        return known

    def found(self, text: str) -> Iterable[tuple[str, bool, int, int]]:
        """The words of topics in a sentence, folded: the topic, whether they are a hint, where they stand."""
        if not any(map(self.may_begin, text.split())):
            return
        places = list(_WORD.finditer(text))
        words = [self._forms(place.group()) for place in places]
        at = 0
        while at < len(words):
            end = at + 1
            for name, (hint, parts) in self._phrases(places[at].group()):
                if (after := _end(parts, words, at)) is not None:
                    yield name, hint, places[at].start(), places[after - 1].end()
                    end = max(end, after)
            at = end

    def _forms(self, word: str) -> tuple[str, ...]:
        """The word, and what it is without a particle joined before it."""
        rests = (word[len(one) :] for one in self._clitics if word.startswith(one))
        return (word, *(rest for rest in rests if len(rest) >= _STEM))

    def _phrases(self, word: str) -> list[tuple[str, tuple[bool, Parts]]]:
        return [row for form in self._forms(word) for row in self._starts.every(form)]


def _end(parts: Parts, words: Sequence[tuple[str, ...]], start: int) -> int | None:
    """Where the phrase that begins at `start` ends, None where it is not there."""
    at, gap = start, 0
    for part in parts:
        if part in GAPS:
            gap = GAPS[part]
            continue
        last = min(at + gap + 1, len(words))
        while at < last and not any(fits(part, form) for form in words[at]):
            at += 1
        if at >= last:
            return None
        at, gap = at + 1, 0
    return at


def topic(hits: Sequence[Hit], told: int) -> Hit | None:
    """The topic of an article, by the words of topics in it; `told` is the sentence of its first figure.

    None when a figure comes before any of its words: that is news, and they are background. A hint counts in front
    of the first figure alone, or in a title.
    """
    usable = [hit for hit in hits if not hit.hint or hit.sentence < max(told, 1)]
    counts = Counter(hit.topic for hit in usable)
    for name, count in counts.most_common():
        own = [hit for hit in usable if hit.topic == name]
        plain = next((hit for hit in own if not hit.hint), None)
        if plain is None or not any(hit.in_head and hit.sentence <= told for hit in own):
            continue
        alone = name in (_TITLED if plain.in_title else _PLAIN) and plain.in_head and plain.sentence < told
        if count >= _NEEDED or alone:
            return plain
    return None
