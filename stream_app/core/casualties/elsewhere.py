"""Figures that place or day of their sentences set apart from the incident that the article opens with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from stream_app.core.casualties.article_toll import Candidate
from stream_app.core.casualties.whereabouts import Whereabouts
from stream_app.core.events import CasualtyFigure, Kind, Place
from stream_app.core.frozen import changed
from stream_app.core.language.document import Sentence
from stream_app.core.places.geometry import distance_km

_OPENING: Final = 3
"""Sentences in which the article may yet say where its incident was."""
_MOST: Final = 12
"""Places of a sentence, or of the opening, beyond which they are a list that tells nothing apart."""
_APART_KM: Final = 40.0
_QUARTER_KM: Final = 10.0
_REGION_KM: Final = 150.0
_LONGEST_WORD: Final = 16
_YEAR: Final = re.compile(r"(?:1[89]|20)(?<!\w\d\d)\d\d\b")
"""A year. That no word ends where it begins is asked behind its second digit: so a search skips to the first ones."""


def with_others_aside(
    candidates: Sequence[Candidate],
    sentences: Sequence[Sentence],
    places: Sequence[Place],
    where: Whereabouts,
    origins: AbstractSet[str] = frozenset(),
) -> list[Candidate]:
    """The candidates, those aside that a later sentence puts in another town or country than the article's own.

    The article's own places are those of its headline and of its sentences up to the first figure that counts, or up to
    the first that names a place. `origins` are words, before a place, of where people came from or were taken ("from",
    "to").
    """
    first = _first(candidates)
    if first is None or not places:
        return list(candidates)
    scenes = _Scenes(sentences, places, where, origins)
    home, last = _home(first.sentence, scenes)
    if not 0 < len(home) <= _MOST:
        return list(candidates)
    known: dict[int, bool] = {}

    def is_apart(c: Candidate) -> bool:
        if c.others or c.section or c.figure.place is None or not _has_a_country(places[c.figure.place]):
            return False
        if c.sentence not in known:
            named = scenes.of(c.sentence)
            among = 0 < len(named) <= _MOST
            known[c.sentence] = among and all(_are_apart(one, other) for one in named for other in home)
        return known[c.sentence]

    return [c._replace(aside=True) if c.sentence > last and not c.aside and is_apart(c) else c for c in candidates]


def with_earlier_aside(
    candidates: Sequence[Candidate],
    sentences: Sequence[Sentence],
    days: Callable[[str], Iterable[tuple[int, int]]],
    is_back: Callable[[str], bool],
) -> list[Candidate]:
    """The candidates, those aside that a later sentence sets on an earlier day than any that the opening names.

    Only where the opening has a figure of the kind. `days` are the first and last day of each time that a sentence
    names; `is_back` says whether it goes back to what was told ("the blast on Sunday").
    """
    first = _first(candidates)
    if first is None:
        return list(candidates)
    lead = next((at for at, sentence in enumerate(sentences[:_OPENING]) if sentence.field == "text"), 0)
    last_of_opening = max(lead, first.sentence)
    opened = {c.figure.kind for c in candidates if c.sentence <= last_of_opening and not c.aside}

    def may_be_earlier(c: Candidate) -> bool:
        return c.sentence > last_of_opening and c.figure.kind in opened and not c.aside and not c.total

    if not any(map(may_be_earlier, candidates)):  # as in most articles, and to look for days takes longer
        return list(candidates)
    opening = chain.from_iterable(days(sentence.text) for sentence in sentences[: last_of_opening + 1])
    began = min((day for day, _ in opening), default=None)
    if began is None:
        return list(candidates)
    known: dict[int, bool] = {}

    def is_earlier(c: Candidate) -> bool:
        if c.sentence not in known:
            text = sentences[c.sentence].text
            last = max((day for _, day in days(text)), default=began)
            known[c.sentence] = last < began and not is_back(text)
        return known[c.sentence]

    return [c._replace(aside=True) if may_be_earlier(c) and is_earlier(c) else c for c in candidates]


def with_carried_aside(
    candidates: Sequence[Candidate],
    sentences: Sequence[Sentence],
    text: str,
    year: int,
    is_dated: Callable[[str], bool],
) -> list[Candidate]:
    """The candidates, those aside that a late sentence tells right behind one of an older year.

    As in "The ferry sank in August 1986. Of those on board 423 died." `text` is that of the article, `year` that of its
    publication; `is_dated` says whether a sentence names a time of its own. A new paragraph is another matter.
    """
    lead = next((at for at, sentence in enumerate(sentences) if sentence.field == "text"), 0)
    late = [c.sentence for c in candidates if c.sentence >= lead + _OPENING and c.figure.assertion == "actual"]
    if not late:
        return list(candidates)
    carried: set[int] = set()
    for at in range(lead + _OPENING, max(late) + 1):
        before, sentence = sentences[at - 1], sentences[at]
        joined = "\n" not in text[before.end : sentence.start]
        if (
            joined
            and (at - 1 in carried or _is_of_older(before.text, year))
            and not _is_of_own(sentence.text, is_dated)
        ):
            carried.add(at)
    return [c._replace(aside=True) if c.sentence in carried and not c.aside else c for c in candidates]


def with_inner_places_told_once(candidates: Sequence[Candidate], places: Sequence[Place]) -> list[Candidate]:
    """The candidates, those of a place that lies in an earlier one's, or holds it, no more of a place of their own.

    As in "Twelve died in the Kharkiv region. In Izium five died": the five are some of the twelve, and are not added.
    So in one list: "Bihar reported 11 deaths, Gaya four and Ranchi two".
    """
    told: dict[Kind, list[Place | None]] = {}
    found: list[Candidate] = []
    for c in candidates:
        figure = c.figure
        if figure.assertion == "actual" and figure.field == "text":
            before = told.setdefault(figure.kind, [])
            own = None if figure.place is None else places[figure.place]
            if any(may_hold(one, own) for one in before[-_MOST:]):
                c = c._replace(placed=False, town="")  # noqa: PLW2901
            before.append(own)
        found.append(c)
    return _with_lists_told_once(found, places) if any(c.listed for c in found) else found


def _with_lists_told_once(candidates: Sequence[Candidate], places: Sequence[Place]) -> list[Candidate]:
    """The candidates of a list by place, those that may be some of one before them as its part."""
    ends = {(place.field, place.end + 1) for place in places}
    led = {(c.sentence, c.cue) for c in candidates if c.listed and (c.figure.field, c.figure.start) in ends}
    lists: dict[tuple[int, int, Kind], list[Place | None]] = {}
    found: list[Candidate] = []
    for c in candidates:
        listed = lists.setdefault((c.sentence, c.cue, c.figure.kind), [])
        own = _place_beside(c.figure, places, before=(c.sentence, c.cue) in led)
        if c.listed and own is not None:
            c = c._replace(part=c.part or any(one is not None and may_hold(one, own) for one in listed))  # noqa: PLW2901
        listed.append(own)
        found.append(c)
    return found


def _place_beside(figure: CasualtyFigure, places: Sequence[Place], *, before: bool) -> Place | None:
    """The place whose number that is: the one before it ("Gaya four"), or behind it ("four in Gaya")."""
    own = (place for place in places if place.field == figure.field)
    if before:
        near = [place for place in own if 0 < figure.start - place.end <= _LONGEST_WORD]
        return near[-1] if near else None
    return next((place for place in own if 0 < place.start - figure.end <= _LONGEST_WORD), None)


def may_hold(one: Place | None, other: Place | None) -> bool:
    """Whether one of two places may lie in the other; so it may where only one of them is known.

    A town is told apart from its quarters by distance, a district or province by the names of what lies in it.
    """
    if one is None or other is None:
        return one is not other
    if one.lat is None or other.lat is None or one.country_code != other.country_code:
        return (one.lat is None) != (other.lat is None) or one.text == other.text
    if _is_country(one) or _is_country(other):
        return True
    if "A" in {one.feature_class, other.feature_class}:
        inner = {place.admin2 for place in (one, other)}
        return one.admin1 == other.admin1 and (len(inner) == 1 or None in inner)
    towns = one.feature_class == other.feature_class == "P"
    return _km(one, other) <= (_QUARTER_KM if towns else _REGION_KM)


def _is_of_older(sentence: str, year: int) -> bool:
    """Whether all years that a sentence names are older than that of the article."""
    years = [int(found) for found in _YEAR.findall(sentence)]
    return bool(years) and max(years) < year


def _is_of_own(sentence: str, is_dated: Callable[[str], bool]) -> bool:
    return _YEAR.search(sentence) is not None or is_dated(sentence)


def _first(candidates: Sequence[Candidate]) -> Candidate | None:
    """The first figure that counts, which says where and when the article's own incident is told."""
    return next((c for c in candidates if c.figure.assertion == "actual" and not c.part and not c.aside), None)


@dataclass(frozen=True, slots=True)
class _Scenes:
    """The places that each sentence sets something in."""

    sentences: Sequence[Sentence]
    places: Sequence[Place]
    where: Whereabouts
    origins: AbstractSet[str]

    def of(self, number: int) -> list[Place]:
        """Those of one sentence that lie in a country, but where people came from or were taken."""
        sentence = self.sentences[number]
        found: list[Place] = []
        left = -1  # where such a place ends, whose state may follow: "flown to Galveston, Texas"
        for place in (self.places[index] for index in self.where.named_in(sentence)):
            joined = sentence.text[left - sentence.start : place.start - sentence.start] if left >= 0 else ""
            if joined == ", " or self._is_origin(place, sentence):
                left = place.end
            elif _has_a_country(place):
                found.append(place)
        return found

    def _is_origin(self, place: Place, sentence: Sentence) -> bool:
        before = sentence.text[max(0, place.start - sentence.start - _LONGEST_WORD) : place.start - sentence.start]
        words = before.lower().split()
        return before[-1:].isspace() and bool(words) and words[-1] in self.origins


def _home(first: int, scenes: _Scenes) -> tuple[list[Place], int]:
    """The places of the article's own incident, and the number of the last sentence that was looked at for them."""
    home: list[Place] = []
    at = -1
    for at, sentence in enumerate(islice(scenes.sentences, first + 1 + _OPENING)):
        home += [_of_the_report(place, sentence) for place in scenes.of(at)]
        if at >= first and home and sentence.field == "text":
            break
    return home, max(first, at)


def _of_the_report(place: Place, sentence: Sentence) -> Place:
    """The place, or its country where it is a capital that a dateline names: "MANILA - ", whence all news is sent."""
    opens = place.start == sentence.start and sentence.field == "text" and place.text.isupper()
    return changed(place, feature_code="PCLI") if opens and place.feature_code == "PPLC" else place


def _has_a_country(place: Place) -> bool:
    return bool(place.country_code) and place.lat is not None


def _are_apart(one: Place, other: Place) -> bool:
    """Whether what happened in one place cannot have happened in the other."""
    near = _km(one, other) <= _APART_KM
    if one.country_code != other.country_code:
        return not (near and one.feature_class == other.feature_class == "P")
    if _is_country(one) or _is_country(other):
        return False
    if one.admin1 and other.admin1 and one.admin1 != other.admin1:
        return not near
    return one.feature_class == other.feature_class == "P" and not near


def _is_country(place: Place) -> bool:
    return (place.feature_code or "").startswith("PCL")


def _km(one: Place, other: Place) -> float:
    assert one.lat is not None
    assert one.lon is not None
    assert other.lat is not None
    assert other.lon is not None
    return distance_km(one.lat, one.lon, other.lat, other.lon)
