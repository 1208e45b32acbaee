"""What an article as a whole is about, when that is no event of now: a trial, an anniversary, a film, a rumour."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from stream_app.core.casualties.free.memo import Memo
from stream_app.core.casualties.free.patterns import GAPS, Matcher, fits, is_whole
from stream_app.core.events import Assertion

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+|[\u064b-\u0655\u0670]+[^\W\d_]*)*|\d+")
_STEM: Final = 3
_LONGEST_NUMBER: Final = 3
TOPICS: Final[Mapping[str, Assertion]] = {
    "trial": "historical",
    "memory": "historical",
    "past": "historical",
    "statistics": "historical",
    "fiction": "fictional",
    "drill": "fictional",
    "rumour": "denied",
    "model": "forecast",
    "opinion": "generic",
    "illness": "generic",
    "averted": "historical",
    "returned": "historical",
    "obituary": "historical",
    "archaeology": "historical",
}
"""What each topic makes of the figures of its article."""
_NEEDED: Final = 2
"""One word may stand in any article; two, of which one in its head, say what it is about."""
_PLAIN: Final = frozenset({"trial", "memory", "fiction", "drill", "rumour", "archaeology"})
"""Topics of which one word says so that opens the article, before any figure."""
_TITLED: Final = _PLAIN | {"past", "opinion"}
"""Topics of which one word says so in a title without a figure."""

_AHEAD: Final = frozenset({"illness"})
"""Topics whose words count in front of the first figure alone, as hints do."""
_WITH_FIGURE: Final = frozenset({"returned"})
"""Topics of which one word says so in the sentence of the first figure, too: "the bodies of 40 soldiers came home"."""
HEAD: Final = 2
"""How many sentences of the text are its head, as the title is."""
_NUMBERS: Final = {"#": range(1, 200), "60+": range(60, 120)}
"""Parts of a phrase that stand for a number in digits."""

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
        self._opened = Memo(self._phrases)

    def found(self, text: str) -> list[tuple[str, bool, int, int]]:
        """The words of topics in a sentence, folded: the topic, whether they are a hint, where they stand."""
        words = _WORD.findall(text)
        opened = list(map(self._opened.__getitem__, words))
        if not any(opened):  # nearly always
            return []
        said = []
        end = 0
        for at, phrases in enumerate(opened):
            if at < end:
                continue
            for name, hint, parts, second in phrases:
                if second and words[at + 1 : at + 2] != [second]:
                    continue
                if (after := self._end(parts, words, at)) is not None:
                    said.append((name, hint, at, after - 1))
                    end = max(end, after)
        if not said:
            return []
        places = [place.span() for place in _WORD.finditer(text)]
        return [(name, hint, places[first][0], places[last][1]) for name, hint, first, last in said]

    def _forms(self, word: str) -> tuple[str, ...]:
        """The word, and what it is without a particle joined before it."""
        rests = (word[len(one) :] for one in self._clitics if word.startswith(one))
        return (word, *(rest for rest in rests if len(rest) >= _STEM))

    def _phrases(self, word: str) -> tuple[tuple[str, bool, Parts, str], ...]:
        """The phrases that may begin with a word, each with the word that must stand second, "" when others may."""
        forms = (*self._forms(word), *(part for part in _NUMBERS if _is_number(part, word)))
        rows = (row for form in forms for row in self._starts.every(form))
        return tuple((name, hint, parts, self._second(parts)) for name, (hint, parts) in rows)

    def _second(self, parts: Parts) -> str:
        return parts[1] if len(parts) > 1 and is_whole(parts[1]) and not (parts[1] in _NUMBERS or self._clitics) else ""

    def _fits(self, part: str, word: str) -> bool:
        if part in _NUMBERS:
            return _is_number(part, word)
        return fits(part, word) or (bool(self._clitics) and any(fits(part, form) for form in self._forms(word)[1:]))

    def _end(self, parts: Parts, words: Sequence[str], start: int) -> int | None:
        """Where the phrase that begins at `start` ends, None where it is not there."""
        at, gap = start + 1, 0
        for part in parts[1:]:
            if part in GAPS:
                gap = GAPS[part]
                continue
            last = min(at + gap + 1, len(words))
            while at < last and not self._fits(part, words[at]):
                at += 1
            if at >= last:
                return None
            at, gap = at + 1, 0
        return at


def _is_number(part: str, word: str) -> bool:
    return word.isdecimal() and len(word) <= _LONGEST_NUMBER and int(word) in _NUMBERS[part]


def topic(hits: Sequence[Hit], told: int, needed: int = _NEEDED) -> Hit | None:
    """The topic of an article, by `needed` words of topics in it; `told` is the sentence of its first figure.

    None when a figure comes before any of its words: that is news, and they are background. A hint counts in front
    of the first figure alone, or in a title. What was averted hurt nobody: a figure in the head is of now after all;
    one word in the text is not enough, as firemen avert worse at every fire. Of an obituary one word in the head
    does, as its first figure is the person who died.
    """
    usable = [hit for hit in hits if not (hit.hint or hit.topic in _AHEAD) or hit.sentence < max(told, 1)]
    counts = Counter(hit.topic for hit in usable)
    for name, count in counts.most_common():
        own = [hit for hit in usable if hit.topic == name]
        plain = next((hit for hit in own if not hit.hint), None)
        if plain is not None and name == "obituary" and plain.in_head:
            return plain
        if plain is None or not any(hit.in_head and hit.sentence <= told for hit in own):
            continue
        alone = name in (_TITLED if plain.in_title else _PLAIN) and plain.in_head and plain.sentence < told
        if name == "averted":
            enough = told > HEAD and (plain.in_title or (plain.in_head and count >= _NEEDED))
        else:
            enough = count >= needed or alone or (name in _WITH_FIGURE and plain.in_head and plain.sentence <= told)
        if enough:
            return plain
    return None
