"""Figures of other events in an article of a language with a word pack: told of an earlier day, or place by place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from stream_app.core.casualties.article_toll import Candidate
from stream_app.core.casualties.elsewhere import may_hold
from stream_app.core.events import Place
from stream_app.core.language.document import Sentence

_WEEK: Final = 7
_FEW_DAYS: Final = 3
"""Days back from the day of the opening that a weekday may mean where no day of publication is known."""
_FEWEST_PLACES: Final = 2
_SOON: Final = 2


class Weekdays:
    """Finds the days of the week in a text; `words` are the pack's, by day, Monday first."""

    def __init__(self, words: Mapping[str, str], clitics: Iterable[str]) -> None:
        self._days = {_pattern(word): int(day) for day, text in words.items() for word in text.split()}
        joined = "|".join(map(re.escape, clitics))
        names = "|".join(f"(?P<d{at}>{name})" for at, name in enumerate(self._days))
        letters = "".join(sorted({name[0] for name in self._days}))  # most words are passed over by their first letter
        self._named = re.compile(rf"\b(?:{joined})?(?=[{letters}])(?:{names})\b") if self._days else None
        self._needed = _shortest(
            max(re.split(r"[*_]", word), key=len) for text in words.values() for word in text.split()
        )
        self._by_group = {f"d{at}": day for at, day in enumerate(self._days.values())}

    def named(self, text: str) -> list[int]:
        """The days that a text (folded) names, in reading order."""
        return [self._by_group[match.lastgroup or ""] for match in self.found(text)]

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """Where a text (folded) names a day."""
        if self._named is None or not any(map(text.__contains__, self._needed)):
            return iter(())
        return self._named.finditer(text)


def _shortest(words: Iterable[str]) -> list[str]:
    """The words that hold no other of them: a text without any of these holds none.

    >>> _shortest(["montags", "montag", "samstag"])
    ['montag', 'samstag']
    """
    kept: list[str] = []
    for word in sorted(words, key=len):
        if not any(map(word.__contains__, kept)):
            kept.append(word)
    return kept


def _pattern(word: str) -> str:
    return re.escape(word).replace(r"\*", r"\w*").replace("_", r"\s")


def with_earlier_aside(
    candidates: Sequence[Candidate], texts: Sequence[str], weekdays: Weekdays, published: int | None
) -> list[Candidate]:
    """The candidates, those aside that a sentence behind the opening sets on an earlier day.

    By words that say so ("the day before"), or by a weekday before that of the opening; `texts` are the sentences,
    folded, `published` the weekday of publication. Who died of what was told before, as in an opening like "a third
    victim has died", leaves the earlier day in the same event.
    """
    first = next((c for c in candidates if c.figure.field == "text" and _opens(c)), None)
    if first is None or first.nth or first.adds or all(c.aside or c.sentence <= first.sentence for c in candidates):
        return list(candidates)
    day = next((days[0] for text in texts[: first.sentence + 1] if (days := weekdays.named(text))), None)
    known: dict[int, bool] = {}

    def is_earlier(c: Candidate) -> bool:
        if c.earlier:
            return True
        if day is None:
            return False
        if c.sentence not in known:
            named = weekdays.named(texts[c.sentence])
            known[c.sentence] = bool(named) and all(_is_before(one, day, published) for one in named)
        return known[c.sentence]

    return [
        c._replace(aside=True) if c.sentence > first.sentence and not c.aside and is_earlier(c) else c
        for c in candidates
    ]


def _opens(c: Candidate) -> bool:
    return c.figure.assertion == "actual" and not (c.part or c.aside or c.claimed or c.earlier)


def _is_before(one: int, day: int, published: int | None) -> bool:
    """Whether one weekday is before another, both up to the day of publication; without that, a few days before."""
    if published is None:
        return 0 < (day - one) % _WEEK <= _FEW_DAYS
    return (published - one) % _WEEK > (published - day) % _WEEK


def with_places_summed(
    candidates: Sequence[Candidate], sentences: Sequence[Sentence], places: Sequence[Place]
) -> list[Candidate]:
    """The candidates, the dead of several places taken together where the article tells them place by place.

    Only where no figure sums them up, and the title has neither one nor a single town.
    """
    dead = [at for at, c in enumerate(candidates) if c.figure.kind == "killed" and _opens(c) and c.figure.low]
    parts = _by_place(candidates, dead, sentences, places)
    titled = any(sentence.field == "title" for sentence in sentences[:1])
    if len(parts) < _FEWEST_PLACES or not titled or _is_of_one(candidates, dead, parts, sentences, places):
        return list(candidates)
    first = candidates[parts[0][0]]
    told = {at for part in parts for at in part}
    return [c._replace(sentence=first.sentence, cue=first.cue) if at in told else c for at, c in enumerate(candidates)]


def _by_place(
    candidates: Sequence[Candidate], dead: Sequence[int], sentences: Sequence[Sentence], places: Sequence[Place]
) -> list[list[int]]:
    """The figures of each place that its own sentence names, one place a verb, as far as they follow one another."""
    parts: list[list[int]] = []
    keys: list[tuple[int, int]] = []
    seen: set[str] = set()
    for at in dead:
        c = candidates[at]
        key = (c.sentence, c.cue)
        if keys and key == keys[-1]:
            parts[-1].append(at)
            continue
        name = _own_place(c, sentences, places)
        if c.figure.field != "text" or name is None or name in seen:
            continue
        own = _place(c, places)
        if any(may_hold(_place(candidates[part[0]], places), own) for part in parts):
            continue  # some of those told of before
        if keys and c.sentence - keys[-1][0] > _SOON:
            break
        seen.add(name)
        parts.append([at])
        keys.append(key)
    return parts


def _place(c: Candidate, places: Sequence[Place]) -> Place | None:
    return None if c.figure.place is None else places[c.figure.place]


def _own_place(c: Candidate, sentences: Sequence[Sentence], places: Sequence[Place]) -> str | None:
    """The name of the place of a figure, when the sentence of the figure says it, or opens with a name as with one."""
    if c.figure.place is None:
        return _town(c)
    place, sentence = places[c.figure.place], sentences[c.sentence]
    own = place.field == sentence.field and sentence.start <= place.start < sentence.end
    return (place.name or place.text) if own else _town(c)


def _town(c: Candidate) -> str | None:
    return c.town if c.opens and c.town else None


def _is_of_one(
    candidates: Sequence[Candidate],
    dead: Sequence[int],
    parts: Sequence[Sequence[int]],
    sentences: Sequence[Sentence],
    places: Sequence[Place],
) -> bool:
    """Whether the article has one scene: a figure that may be the sum, a number or one of the towns in its title."""
    told = {at for part in parts for at in part}
    most = max(sum(candidates[at].figure.low for at in part) for part in parts)
    if any(
        candidates[at].figure.field == "title"
        or candidates[at].figure.rule.startswith("toll")
        or (at not in told and candidates[at].figure.low >= most)
        for at in dead
    ):
        return True
    titled = {place.name or place.text for place in places if place.field == "title" and place.type != "demonym"}
    named = {_own_place(candidates[part[0]], sentences, places) for part in parts}
    return len(titled & named) == 1 and len(titled) == 1
