"""An article that opens with what happened long ago, or in a story, goes on with it until something of now is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from stream_app.core.casualties.article_toll import Candidate
from stream_app.core.events import Assertion, Kind
from stream_app.core.frozen import changed

_HEAD: Final = 2
"""Sentences of the text behind its first in which a first figure goes on with the sentence before it."""
_OWN: Final = 10
"""A number that large is the same number told again, whenever its sentence plays."""
_UNREAL: Final[frozenset[Assertion]] = frozenset({"forecast", "hypothetical", "generic", "fictional"})
_CARRIED: Final[frozenset[Assertion]] = frozenset({"historical", "fictional"})


class _Opener(NamedTuple):
    """How figures are told from a sentence on; `is_told` says whether a figure of it is told so itself."""

    sentence: int
    assertion: Assertion
    cue: str | None
    is_told: bool = True


class Times(NamedTuple):
    """What the sentences of an article, by their numbers, say of when they play.

    Attributes:
        is_now: whether one names a time of now.
        past: the words by which one is of a time long gone, and names none of now.
        is_long_ago: whether the cue of a figure says so even in a sentence of now ("2016", "years after").
    """

    is_now: Callable[[int], bool]
    past: Callable[[int], str | None]
    is_long_ago: Callable[[str], bool]


def with_opening(candidates: Sequence[Candidate], lead: int, times: Times) -> list[Candidate]:
    """The candidates, those told as the first one is that only go on with what it opened.

    So do figures of a number and a kind that were told of then ("The 2016 fire killed 22. All 22 deaths could have been
    avoided"), and those before any sentence of now. A single victim may be another each time, and one of a headline
    ("Every one of these deaths") is told as the first sentence tells it.

    Args:
        candidates: the figures of the article, in reading order.
        lead: how many of its sentences are its title.
        times: what its sentences say of when they play.
    """
    candidates = _as_text_tells(candidates, lead)
    opener = _opener(candidates, lead, times)
    if opener is None:
        return list(candidates)
    told: dict[tuple[Kind, int], _Opener | None] = {}  # None for a number of now
    found: list[Candidate] = []
    last, news = opener.sentence, False
    for candidate in candidates:
        figure, number = candidate.figure, _number(candidate)
        like = None
        if _is_carried(candidate):
            told.setdefault(number, _Opener(candidate.sentence, figure.assertion, figure.cue))
        elif figure.assertion == "actual" and figure.low:
            news = news or (opener.is_told and candidate.sentence == opener.sentence)
            while last < candidate.sentence and not news:
                last += 1
                news = times.is_now(last)
            again = told.setdefault(number, None if news else opener)
            same = figure.low >= _OWN or (figure.low > 1 and not times.is_now(candidate.sentence))
            like = again if again is not None and same else None if news else opener
        if like is not None:
            candidate = candidate._replace(figure=changed(figure, assertion=like.assertion, cue=like.cue))  # noqa: PLW2901
        found.append(candidate)
    return found


def _as_text_tells(candidates: Sequence[Candidate], lead: int) -> Sequence[Candidate]:
    """The candidates, those of the headline told as the text tells the same number, where it tells none of their kind.

    As in "E-mail threatens '50 dead'" over "it said that 50 will die": what is to come, or a manner of speaking.
    """
    if not lead or not candidates or candidates[0].sentence >= lead:
        return candidates
    text = [c.figure for c in candidates if c.sentence >= lead]
    said = {(one.kind, one.low): one for one in text if one.assertion in _UNREAL and one.low}
    if not said:
        return candidates
    happened = {one.kind for one in text if one.assertion == "actual"}
    found: list[Candidate] = []
    for candidate in candidates:
        figure = candidate.figure
        like = said.get((figure.kind, figure.low)) if candidate.sentence < lead else None
        if like is not None and figure.assertion == "actual" and figure.kind not in happened:
            candidate = candidate._replace(figure=changed(figure, assertion=like.assertion, cue=like.cue))  # noqa: PLW2901
        found.append(candidate)
    return found


def _opener(candidates: Sequence[Candidate], lead: int, times: Times) -> _Opener | None:
    """What the article opens with, where that is not of now: its first figure, or the sentence before that.

    A figure of the headline is told as the text tells it.
    """
    told = [c for c in candidates if c.figure.assertion == "actual" or _is_carried(c)]
    first = next((c for c in told if c.figure.low > (c.sentence < lead)), None)
    if first is None or (first.sentence > lead and told[0].sentence < lead):
        return None
    if first.sentence < lead and not _is_carried(first):
        own = next((c for c in told if c.sentence >= lead and _number(c) == _number(first)), first)
        if not _is_carried(own) or ((own.figure.cue or "").isdecimal() and times.is_now(own.sentence)):
            return None
        return _Opener(first.sentence, own.figure.assertion, own.figure.cue, is_told=False)
    if _is_carried(first):
        beside = times.is_now(first.sentence) and not times.is_long_ago(first.figure.cue or "")
        return None if beside else _Opener(first.sentence, first.figure.assertion, first.figure.cue)
    if not lead < first.sentence <= lead + _HEAD or times.is_now(first.sentence):
        return None
    cue = times.past(first.sentence - 1)
    return None if cue is None else _Opener(first.sentence, "historical", cue, is_told=False)


def _number(candidate: Candidate) -> tuple[Kind, int]:
    return candidate.figure.kind, candidate.figure.low


def _is_carried(candidate: Candidate) -> bool:
    """As what happened long ago, in a story, in a year to come; what may come next is another matter."""
    figure = candidate.figure
    return figure.assertion in _CARRIED or (figure.assertion == "forecast" and (figure.cue or "").isdecimal())
