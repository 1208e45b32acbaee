"""What an article as a whole is about, when that is no event of now: a trial, an anniversary, a film, a rumour."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Final, Literal, NamedTuple

from stream_app.core.casualties.free.patterns import GAPS, Matcher, fits, is_whole, needed
from stream_app.core.events import Assertion
from stream_app.core.remembered import Remembered

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
    "award": "historical",
    "claims": "historical",
    "inquiry": "historical",
    "calendar": "historical",
    "saved": "historical",
    "warning": "historical",
    "policy": "historical",
    "safety": "historical",
    "product": "historical",
    "exhibition": "historical",
    "figurative": "generic",
}
"""What each topic makes of the figures of its article."""
FRESH: Final = ("today", "scene")
"""What a report of now says: when ("on Tuesday morning"), and what goes on there ("the attacker fled")."""
_NEEDED: Final = 2
"""One word may stand in any article; two, of which one in its head, say what it is about."""
_NEEDED_OF: Final = {"figurative": 2, "warning": 2, "policy": 2, "safety": 2, "saved": 2, "averted": 2, "exhibition": 3}
"""Topics whose words stand in reports of now as well: a stand that falls in does so at a match, too."""
_PLAIN: Final = frozenset(
    {
        "trial",
        "memory",
        "fiction",
        "drill",
        "rumour",
        "archaeology",
        "award",
        "claims",
        "inquiry",
        "calendar",
        "product",
    }
)
"""Topics of which one word says so that opens the article, before any figure."""
_TITLED: Final = _PLAIN | {"past", "opinion"}
"""Topics of which one word says so in a title without a figure."""

_WEAK: Final = frozenset({"warning", "policy", "safety", "figurative", "saved"})
"""Topics of which a report of now may speak, too: their words are no more than a setting."""
_LATE: Final = frozenset({"averted", "saved"})
"""Topics that a figure in the head takes away: somebody was hurt after all."""
_AHEAD: Final = frozenset({"illness"})
"""Topics whose words count in front of the first figure alone, as hints do."""
_ALL_OVER: Final = ("trial", "drill", "figurative", "fiction", "memory")
_BY_WORD: Final = frozenset({"exhibition"})
"""Topics whose settings say nothing without a word."""
_OF_NO_TIME: Final = ("past", "exhibition", "fiction", "memory", "archaeology", "statistics")
"""Topics of what happened at no time of now."""
_MANY: Final = 4
"""Words of one topic that say what an article is about, wherever its figures stand."""
_WITH_FIGURE: Final = frozenset({"returned"})
"""Topics of which one word says so in the sentence of the first figure, too: "the bodies of 40 soldiers came home"."""
_WITH_FIGURE_OF_NO_TIME: Final = frozenset({"memory", "fiction"})
"""The same in an article that is not fresh: a plaque for six who died, a novel in which seven die."""
HEAD: Final = 2
"""How many sentences of the text are its head, as the title is."""
_NUMBERS: Final = {"#": range(1, 200), "60+": range(60, 120)}
"""Parts of a phrase that stand for a number, in digits or as one word ("twenty")."""

Weight = Literal["sure", "word", "setting", "hint"]
_WEIGHTS: Final = ("sure", "word", "setting", "hint")
_PLAIN_WEIGHTS: Final = frozenset({"sure", "word"})
Parts = tuple[str, ...]


class Hit(NamedTuple):
    """Words of a topic: in which sentence, whether that is of the head, of which topic.

    A `hint` says nothing alone: "exercise" may be one in which soldiers died, "in January" a date. A `setting` may be
    where something happens now, as a court, a march on an anniversary: it says nothing in a report that is fresh.
    What is `sure` says so beside a figure, whatever else is told: "a fictitious toll", "such was the scenario".
    """

    sentence: int
    in_title: bool
    in_head: bool
    topic: str
    weight: Weight
    cue: str


class _Opening(NamedTuple):
    """Phrases that may begin with a word; `seconds` has all words that may stand second, None when any may.

    Of each phrase its topic, how much it says, its parts, the word that must stand second, letters that must stand
    behind, and how many words it has where no more need be asked, else 0.
    """

    phrases: tuple[tuple[str, Weight, Parts, str, str, int], ...]
    seconds: frozenset[str] | None


class Topics:
    """Finds the words of topics; `lists` are those of a pack, by weight and topic, `numbers` what its words count."""

    def __init__(
        self,
        lists: Mapping[Weight, Mapping[str, str]],
        folded: Callable[[str], str],
        clitics: Sequence[str],
        numbers: Mapping[str, int] | None = None,
    ) -> None:
        self._clitics = tuple(clitics)
        self._numbers = numbers or {}
        self._starts = Matcher()
        for weight, topics in lists.items():
            for name, text in topics.items():
                for pattern in map(folded, text.split()):
                    parts = tuple(pattern.split("_"))
                    self._starts.add(parts[0], name, (weight, parts))
        self._forms = Remembered(self._parted)
        self._opened = Remembered(self._opening)
        self._read = Remembered(self._words_of)

    def found(self, text: str) -> list[tuple[str, Weight, int, int]]:
        """The words of topics in a sentence, folded: the topic, how much they say, where they stand."""
        read = list(chain.from_iterable(map(self._read.__getitem__, text.split())))
        openings = [(at, opening) for at, (_, opening) in enumerate(read) if opening is not None]
        if not openings:
            return []
        words = [word for word, _ in read]
        said = []
        end = 0
        for at, opening in openings:
            behind = self._forms[words[at + 1]] if at + 1 < len(words) else ()
            if at < end or not (opening.seconds is None or not opening.seconds.isdisjoint(behind)):
                continue
            here: dict[str, tuple[Weight, int]] = {}
            for name, weight, parts, second, needs, size in opening.phrases:
                if (second and second not in behind) or needs not in text:
                    continue
                if (after := at + size if size else self._end(parts, words, at)) is not None:
                    known = here.get(name)
                    if known is None or _WEIGHTS.index(weight) < _WEIGHTS.index(known[0]):
                        here[name] = weight, after
                    end = max(end, after)
            said += [(name, weight, at, after - 1) for name, (weight, after) in here.items()]
        if not said:
            return []
        places = [place.span() for place in _WORD.finditer(text)]
        return [(name, weight, places[first][0], places[last][1]) for name, weight, first, last in said]

    def _words_of(self, chunk: str) -> tuple[tuple[str, _Opening | None], ...]:
        """The words of what stands between two blanks, each with the phrases that may begin with it."""
        return tuple((word, self._opened[word]) for word in _WORD.findall(chunk))

    def _parted(self, word: str) -> tuple[str, ...]:
        """The word, and what it is without a particle joined before it."""
        rests = (word[len(one) :] for one in self._clitics if word.startswith(one))
        return (word, *(rest for rest in rests if len(rest) >= _STEM))

    def _opening(self, word: str) -> _Opening | None:
        """The phrases that may begin with a word, None when there are none."""
        forms = self._forms[word]
        if word in self._numbers or word.isdecimal():
            forms = (*forms, *(part for part in _NUMBERS if self._is_number(part, word)))
        rows = [row for form in forms for row in self._starts.every(form)]
        if not rows:
            return None
        phrases = tuple(
            (name, weight, parts, _second(parts), _needed(parts), _size(parts)) for name, (weight, parts) in rows
        )
        seconds = frozenset(second for *_, second, _, _ in phrases)
        return _Opening(phrases, None if "" in seconds else seconds)

    def _is_number(self, part: str, word: str) -> bool:
        value = int(word) if word.isdecimal() and len(word) <= _LONGEST_NUMBER else self._numbers.get(word)
        return value in _NUMBERS[part]

    def _fits(self, part: str, word: str) -> bool:
        if part in _NUMBERS:
            return self._is_number(part, word)
        return any(fits(part, form) for form in self._forms[word]) if self._clitics else fits(part, word)

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


def _second(parts: Parts) -> str:
    """The word that must stand second, "" when others may."""
    return parts[1] if len(parts) > 1 and is_whole(parts[1]) and parts[1] not in _NUMBERS else ""


def _needed(parts: Parts) -> str:
    """Letters without which a phrase stands nowhere."""
    return needed(part for part in parts[1:] if part not in _NUMBERS)


def _size(parts: Parts) -> int:
    """The words of a phrase that stands wherever its first and second do, 0 for one of which more must be asked."""
    return len(parts) if len(parts) == 1 or (len(parts) == 2 and _second(parts)) else 0


def topic(hits: Sequence[Hit], told: int, *, aside: bool, needed: int = _NEEDED) -> Hit | None:
    """The topic of an article, by `needed` words of topics in it.

    `told` is the sentence of its first figure, `aside` whether that is told as of another time ("back then"), which
    counts as a word more.

    None when a figure comes before any of its words: that is news, and they are background. A hint counts in front
    of the first figure alone, or in a title. What was averted hurt nobody: a figure in the head is of now after all;
    one word in the text is not enough, as firemen avert worse at every fire. Of an obituary one word in the head
    does, as its first figure is the person who died.
    """
    if not hits:
        return None
    fresh = _is_fresh(hits, told)
    usable = [hit for hit in hits if _counts(hit, told, fresh=fresh)]
    if not usable:
        return None
    counts = Counter(hit.topic for hit in usable)
    for name, count in counts.most_common():
        own = [hit for hit in usable if hit.topic == name]
        plain = next((hit for hit in own if hit.weight != "hint"), None)
        if plain is not None and name == "obituary" and plain.in_head:
            return plain
        if plain is None or not _says_enough(name, own):
            continue
        if not any(hit.in_head and (hit.sentence <= told or hit.weight == "sure") for hit in own):
            continue
        alone = name in (_TITLED if plain.in_title else _PLAIN) and plain.in_head and plain.sentence < told
        many = count + aside >= _NEEDED_OF.get(name, needed)
        if name in _LATE:
            enough = told > HEAD and (plain.in_title or (plain.in_head and many))
        else:
            enough = many or alone or _is_with_figure(name, own, told, fresh=fresh)
        if enough:
            return plain
    return _by_many(hits)


def _is_with_figure(name: str, own: Sequence[Hit], told: int, *, fresh: bool) -> bool:
    """Whether one word of a topic is enough that stands with the first figure, in its sentence or before it.

    One that is sure may stand in the next: "three dead, 25 hurt. The victims were extras".
    """
    if any(hit.weight == "sure" and hit.sentence <= max(told, 1) + 1 for hit in own):
        return True
    if name not in _WITH_FIGURE and (fresh or name not in _WITH_FIGURE_OF_NO_TIME):
        return False
    return any(hit.weight in _PLAIN_WEIGHTS and hit.in_head and hit.sentence <= told for hit in own)


def _by_many(hits: Sequence[Hit]) -> Hit | None:
    """The topic that many words speak of all over an article, one of them plain, where nothing is going on."""
    if any(hit.topic == "scene" for hit in hits):
        return None
    for name in _ALL_OVER:
        own = [hit for hit in hits if hit.topic == name and hit.weight != "hint"]
        plain = next((hit for hit in own if hit.weight in _PLAIN_WEIGHTS), None)
        if plain is not None and len({hit.cue for hit in own}) >= _MANY and any(hit.in_head for hit in own):
            return plain
    return None


def undated(hits: Sequence[Hit]) -> Hit | None:
    """The topic of an article that plays at no time of now: of the past, or a story, by two of its words anywhere."""
    if any(hit.topic == "scene" for hit in hits):
        return None
    for name in _OF_NO_TIME:
        own = [hit for hit in hits if hit.topic == name]
        plain = [hit for hit in own if hit.weight != "hint"]
        cues, told = ({hit.cue.lower() for hit in found} for found in (plain, own))
        some = 2 if name == "statistics" else 1  # a report of now may end with one number of a year
        enough = len(cues) > some or (len(cues) == some and len(told) > _NEEDED)
        if enough and len({hit.sentence for hit in own}) >= _NEEDED and _says_enough(name, plain):
            return plain[0]
    return None


def _says_enough(name: str, plain: Sequence[Hit]) -> bool:
    """Whether a topic whose settings are places of news as well has a word of its own: what a museum offers."""
    return name not in _BY_WORD or any(hit.weight in _PLAIN_WEIGHTS for hit in plain)


def _is_fresh(hits: Sequence[Hit], told: int) -> bool:
    """Whether words say that it happened now: when, beside the first figure, or what goes on there since."""
    beside = range(told, max(told, 1) + 1)
    return any(
        hit.topic == "scene" or (hit.topic == "today" and hit.in_head and hit.sentence in beside) for hit in hits
    )


def _counts(hit: Hit, told: int, *, fresh: bool) -> bool:
    """Whether words say something of what the article is about."""
    if hit.topic in FRESH:
        return False
    if hit.weight == "hint" or hit.topic in _AHEAD:
        return hit.sentence < max(told, 1)
    return not (fresh and (hit.weight == "setting" or hit.topic in _WEAK))
