"""Words by which an English sentence leaves the incident of its article: what it followed, what was like it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from stream_app.core.casualties.article_toll import Candidate
from stream_app.core.language.any_case import AnyCase
from stream_app.core.languages.en.background import EVENTS, OTHER, PERFECT, UNITS_OF_TIME, WEEKDAYS, breaks

_BEFORE: Final = frozenset({"earlier", "before", "previously"})
_THE_DAY: Final = frozenset({"day", "night", "week", "month"})
_BESIDE: Final = frozenset({"elsewhere", "separately", "meanwhile"})
_AGAIN: Final = frozenset({"minutes", "moments", "seconds", "later", "then", "shortly"})
_LIKE: Final = frozenset({"recalled", "recalls", "echoed", "echoes", "reminiscent", "resembled", "mirrored",
                          "dwarfed", "pales", "eclipsed"})  # fmt: skip
_CLAIMED: Final = frozenset({"claimed", "claims"})
_IT: Final = frozenset({"it", "this", "that", "these"})
_A: Final = frozenset({"a", "an", "another", "one"})
_NUMBERS: Final = _A | {"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "several"}
_REPRISAL: Final = frozenset({"response", "retaliation", "revenge", "reprisal", "vengeance"})
_AFTER: Final = frozenset({"came", "comes", "coming", "follows", "followed"})
_ALL: Final = 10_000
_SEVERAL: Final = 2
_OPENS: Final = 2
_SUBJECT: Final = 8
_SAME: Final = frozenset({
    "stretch", "road", "highway", "route", "bend", "junction", "crossing", "spot", "firm", "company", "contractor",
    "builder", "operator", "airline", "carrier", "mine", "factory", "plant", "line",
})  # fmt: skip
"""What was the same in two events."""
_TURNS: Final = _BEFORE | {"same"} | _BESIDE | _LIKE | _CLAIMED | _REPRISAL | {"another", "since", "previous"}
MARKS: Final = _TURNS | _AFTER
"""The words one of which such a sentence has."""

Words = Sequence[str]

_ROUNDUP: Final = AnyCase(r"\b(?:digest|round-?up|(?:news|crime|police|court|world) (?:briefs?|summary)|in brief)\b")


def is_roundup(title: str | None) -> bool:
    """Whether a headline is that of a column of news, each item of which has an event of its own.

    >>> is_roundup("World digest"), is_roundup("The day in brief: Tuesday"), is_roundup("Twelve die in Kartepe fire")
    (True, True, False)
    """
    return title is not None and _ROUNDUP.search(title) is not None


_MANY: Final = AnyCase(
    r"\b(?:two|three|four|five|six|several|separate|unrelated) (?:(?:separate|different|unrelated|fatal|deadly) )?"
    r"(?:accidents|disasters|tragedies|mishaps|incidents|cases)\b|\bday of (?:accidents|disasters|tragedies)\b"
)
_LEAD: Final = 400


def with_each_apart(candidates: Sequence[Candidate], title: str | None, text: str) -> list[Candidate]:
    """The candidates, none of a place whose number is added, where the article opens with several accidents.

    As in "Two accidents within hours. In Manavgat, eight died in a bus. In Konya, five died when a house came down":
    no list of the places of one incident.
    """
    if sum(c.placed for c in candidates) < _SEVERAL or _MANY.search(f"{title or ''}. {text[:_LEAD]}") is None:
        return list(candidates)
    return [c._replace(placed=False) for c in candidates]


def first_item(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates of a column of news, those aside that stand behind the sentence of the first that counts."""
    counted = (c.sentence for c in candidates if not c.aside and c.figure.assertion == "actual")
    first = next(counted, None)
    return [c if first is None or c.sentence <= first else c._replace(aside=True) for c in candidates]


def other_events(words: Words) -> Iterator[tuple[int, int]]:
    """The stretches (tokens) of a sentence that tell of another event than its article."""
    if not _AFTER.isdisjoint(words):
        yield from _followed(words)
    if not _TURNS.isdisjoint(words):
        yield from _likened(words)
        if words[:2] == ["the", "same"] and not _SAME.isdisjoint(words[2:5]) and WEEKDAYS.isdisjoint(words):
            yield 0, _ALL  # "The same firm built the block that came down, killing 48"
        if not is_back(words):
            yield from _earlier(words)
            yield from _beside(words)


def _followed(words: Words) -> Iterator[tuple[int, int]]:
    """As in "It came after 12 had died", "The raid follows a blast that killed 12": what it followed was before."""
    for k, word in enumerate(words[:_SUBJECT]):
        if word not in _AFTER or not (words[0] in _IT or not EVENTS.isdisjoint(words[:k])):
            continue
        another = word.startswith("follow") and not _A.isdisjoint(words[k + 1 : k + 2])
        if another or "after" in words[k + 1 : k + 4]:
            yield k, _ALL


def is_back(words: Words) -> bool:
    """Whether a sentence goes back to what was told, as in "the blast on Sunday"."""
    return not EVENTS.isdisjoint(words) and any(
        word == "the" and not EVENTS.isdisjoint(words[k + 1 : k + 3]) and OTHER.isdisjoint(words[k + 1 : k + 3])
        for k, word in enumerate(words)
    )


def _earlier(words: Words) -> Iterator[tuple[int, int]]:
    """As in "A day earlier, 12 died", "The previous day 12 died", "12 had died the day before": another event."""
    for k, (word, after) in enumerate(pairwise(words)):
        number = k > 0 and (words[k - 1] in _NUMBERS or words[k - 1].isdecimal())
        ahead = word in UNITS_OF_TIME and after in _BEFORE and number
        the_day = k > 0 and words[k - 1] == "the" and word in _THE_DAY and after == "before"
        told = ahead or the_day or (word == "previous" and after in _THE_DAY)
        if told and (k <= _OPENS or "had" in words[:k]):
            start = next((j + 1 for j in range(k, -1, -1) if breaks(words, j)), 0)
            yield start, next((j for j in range(k + 1, len(words)) if breaks(words, j)), _ALL)


def _beside(words: Words) -> Iterator[tuple[int, int]]:
    """As in "Elsewhere, 12 were killed", "12 were killed in another strike"; not "another blast minutes later"."""
    for k, word in enumerate(words):
        if word in _BESIDE and (k == 0 or words[k - 1] in {",", ";", "and"}):
            yield k, _ALL
        elif word == "another" and not EVENTS.isdisjoint(words[k + 1 : k + 3]) and _AGAIN.isdisjoint(words):
            yield 0, _ALL


def _likened(words: Words) -> Iterator[tuple[int, int]]:
    """As in "it recalled one in which 12 died", "they also claimed an attack that killed 12", "in revenge for 12"."""
    for k, word in enumerate(words):
        likened = word in _LIKE and k > 0
        claimed = word in _CLAIMED and ("also" in words[:k] or "including" in words[k:]) and "the" not in words[k:]
        since = word == "since" and k > _OPENS and not PERFECT.isdisjoint(words[:k])
        avenged = word in _REPRISAL and words[k + 1 : k + 2] in (["for"], ["to"])
        if likened or claimed or avenged:
            yield k, _ALL
        elif since:  # "who have killed 400 since January, shot dead seven"
            yield k, next((j for j in range(k + 2, len(words)) if words[j] == ","), _ALL)
