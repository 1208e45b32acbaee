"""Where an article's own incident happened: the country by all that it names, then the finest place with evidence.

Each place that the article names is weighed by what it is to its sentence (`core/places/roles.py`), by what else the
sentence tells, and by how early it stands. A street or school speaks for the town that holds it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Final, NamedTuple

from stream_app.core.events import Article, Place, Tagged
from stream_app.core.incidents.wording import Wording
from stream_app.core.language.document import Sentence
from stream_app.core.language.links import is_linked, links
from stream_app.core.language.tables import USUAL, table
from stream_app.core.places.geometry import distance_km
from stream_app.core.places.roles import Role, role_of_place

_DATELINE_CHARS: Final = 60
_LINES: Final = 4
"""Lines at the top of a text in which a dateline is looked for."""
_LEAD: Final = 3
"""Sentences of the text that are its lead."""
_LATE: Final = 12
"""Sentences after which what is told is mostly background."""
_HELD_BY_KM: Final = 40.0
"""A quarter and the town that holds it lie no farther apart."""

_BEAT_KM: Final = 100.0
"""Police of a town act no farther away."""
_NAMED_BY_STATE: Final = frozenset({"US", "CA", "AU", "GB"})
"""Countries whose news names the state of what lies in another."""

_SCENE_WEIGHT: Final[Mapping[Role, float]] = {
    "scene": 1.0, "agency": 0.8, "named": 0.6, "distance": 0.1, "way": 0.25, "mourning": 0.2, "person": 0.2,
    "home": 0.15, "justice": 0.1, "speech": 0.1, "felt": 0.1, "hospital": 0.1,
}  # fmt: skip
_TELLS, _TELLS_TOO, _IN_LEAD = 4.0, 1.5, 2.0
"""What a mention gains in a sentence with a figure of the toll, with another figure or the cause, in title and lead."""
_PLACED: Final = 0.5
"""What each figure of the toll adds to the place that it was read with, two at most."""
_DATELINE: Final = 2.0
_DOUBTED: Final = 0.2
"""What is left of a dateline when the text says "km from here", or that somebody spoke there."""
_ACTOR: Final = 0.5
"""What is left of a country or people that is only named: it mostly acts, "Israel had no comment"."""
_BEHIND, _MUCH_LATER = 0.3, 0.4
_ENOUGH: Final = 0.5
"""A settlement with less evidence than this is only spoken of."""
_SHARE: Final = 0.1
"""And so is one with less than this share of what there is for the division around it."""

_BESIDE_UNLISTED: Final = 0.2
"""And one with less than this share of what there is for a place that no gazetteer knows."""
_WIDE: Final = 0.5
"""What is left of water and hills beside a town: "near Bol on Lake Chad"."""
_WATERS_AND_HILLS: Final = frozenset({"H", "T", "L", "R"})

_STAMPED: Final = re.compile(
    r"(?:[^\W\d_][\w'’.]*+(?:,? |-|, *)?){1,6}(?:\d{1,2}(?:,? \d{4})? *)?(?:\([^)\n]{2,25}\) *)?"
    r"\s*(?:--|[—–]|-(?= )|:(?=\s))"
)
"""A line that opens with names and a dash or colon: the place and day of a dispatch."""
_QUARTER_CHARS: Final = 40
_QUARTER: Final = re.compile(table(USUAL, "place_roles")["quarter_of"])
"""As in "the Bab ward of Jask"."""
_FROM_HERE: Final = re.compile(rf"\b(?:{'|'.join(table(USUAL, 'place_roles')['from_here'])})\b")
"""As in "30 km from here": the dispatch was sent from another place."""


class _Weighed(NamedTuple):
    """A place that is resolved, and how much of the evidence of a mention goes to it."""

    place: Place
    weight: float


def incident_place(article: Article, tagged: Tagged, sentences: Sequence[Sentence], words: Wording) -> Place | None:
    """Where the article's own incident happened: one of its places, a settlement rather than what it lies in.

    None when the article names no place that is known.
    """
    if not tagged.places:
        return None
    telling = _Telling(article, tagged, sentences, words)
    weighed = list(_weighed(tagged, telling))
    country = _country(weighed)
    found = [one for one in weighed if one.place.country_code == country and one.place.type != "demonym"]
    finest = _finest(found, telling.unlisted(country))
    if finest is None:
        return next((one.place for one in weighed if one.place.country_code == country), None)
    return _quarter_of(finest, telling.local(), tagged.places) or finest


def _quarter_of(place: Place, towns: Sequence[Place], places: Sequence[Place]) -> Place | None:
    """The town whose police act, or that the dispatch is from, where the place is a quarter of it with a namesake.

    Who writes of another state or country says which: "in Austin" by the police of Chicago is no town in Texas, unless
    anything else that is named lies there.
    """
    if not towns or place.feature_class == "A":
        return None
    elsewhere = [other for other in places if other.lat is not None and other.text.casefold() != place.text.casefold()]
    if any(_same_area(other, place) and not _is_street(other) for other in elsewhere):
        return None
    return next((town for town in towns if not _same_area(town, place) and _km(town, place) > _BEAT_KM), None)


def _same_area(one: Place, other: Place) -> bool:
    """Whether two places lie in one state, or one of them is a country that may hold the other."""
    same = one.country_code == other.country_code
    return same and (one.country_code not in _NAMED_BY_STATE or one.admin1 is None or one.admin1 == other.admin1)


def _is_street(place: Place) -> bool:
    """Whether a place was located by another one, and so tells nothing of its own."""
    return place.rule in {"within", "beside", "focus"}


def _weighed(tagged: Tagged, telling: _Telling) -> Iterator[_Weighed]:
    """The known places in reading order, with the evidence that it was there; those of links to other stories apart."""
    for number, place in enumerate(tagged.places):
        if telling.is_link(place):
            continue
        known = place if _is_known(place) else _holder(place, tagged.places)
        known = known if known is None or not telling.is_quarter(known) else _town_behind(number, tagged.places)
        if known is not None:
            yield _Weighed(known, telling.weight(number, place))


def _town_behind(number: int, places: Sequence[Place]) -> Place | None:
    """The town that a quarter is said to be of, which is the next place; None where no gazetteer has it."""
    quarter, following = places[number], places[number + 1 : number + 2]
    near = [one for one in following if one.field == quarter.field and one.start - quarter.end < _QUARTER_CHARS]
    return next(filter(_is_known, near), None)


def _is_known(place: Place) -> bool:
    """Whether a place is of the gazetteer: one without an id is located by our own table."""
    return place.lat is not None and place.country_code is not None and place.name is not None


def _holder(place: Place, places: Sequence[Place]) -> Place | None:
    """The town or division named beside a street or school that no gazetteer knows."""
    if place.lat is None or place.rule != "beside":
        return None
    return next(
        (other for other in places if _is_known(other) and (other.lat, other.lon) == (place.lat, place.lon)), None
    )


def _datelines(text: str, places: Sequence[Place]) -> list[tuple[int, int]]:
    """Start and end of the datelines among the first lines: each opens with a place, in capitals or alone."""
    found = []
    at = 0
    for _ in range(_LINES):
        stamped = _STAMPED.match(text, at, at + _DATELINE_CHARS)
        if stamped is not None and any(p.field == "text" and p.start == at and p.type == "place" for p in places):
            found.append(stamped.span())
        at = text.find("\n", at) + 1
        if not at:
            break
    return found


class _Telling:
    """What the sentences of an article tell, for the places in them."""

    def __init__(self, article: Article, tagged: Tagged, sentences: Sequence[Sentence], words: Wording) -> None:
        self._words = words
        self._raw = {"title": article.title or "", "text": article.text}
        self._sentences = sentences
        self._starts = [(sentence.field != "title", sentence.start) for sentence in sentences]
        self._first = sum(sentence.field == "title" for sentence in sentences)
        self._gains: Counter[int] = Counter()
        self._factors: dict[int, float] = {}
        self._placed = Counter(figure.place for figure in tagged.casualties if figure.in_toll)
        for figure in tagged.casualties:
            self._note(figure.field, figure.start, _TELLS if figure.in_toll else _TELLS_TOO)
        if tagged.cause is not None:
            self._note(tagged.cause.field, tagged.cause.start, _TELLS_TOO)
        self._places = tagged.places
        self._datelines = _datelines(article.text, tagged.places)
        self._numbers = [self._number(place.field, place.start) for place in tagged.places]
        self._roles = list(map(self._role, tagged.places, self._numbers))
        self._links = links(article.text)

    @cached_property
    def _speakers(self) -> AbstractSet[str]:
        """The names of places where somebody spoke; asked for datelines only."""
        return {
            place.text.casefold() for place, role in zip(self._places, self._roles, strict=True) if role == "speech"
        }

    @cached_property
    def _is_elsewhere(self) -> bool:
        """Whether the text says that it was sent from another place; asked for datelines only."""
        return _FROM_HERE.search(self._raw["text"]) is not None

    def local(self) -> list[Place]:
        """The towns whose police act, then those of a dateline, where states are named and so news is local."""
        acting = [place for place, role in zip(self._places, self._roles, strict=True) if role == "agency"]
        sent = [place for place in self._places if place.field == "text" and self._is_dateline(place)]
        acting, sent = ([place for place in found if not self.is_link(place)] for found in (acting, sent))
        return [
            place
            for place in (*acting, *sent)
            if place.feature_class == "P" and place.feature_code != "PPLC" and place.country_code in _NAMED_BY_STATE
        ]

    def unlisted(self, country: str | None) -> float:
        """The most evidence of any mention that it was at a place of the country that no gazetteer knows."""
        return max(
            (
                self.weight(number, place)
                for number, place in enumerate(self._places)
                if place.unresolved == "unknown" and place.country_code in {country, None} and place.rule != "beside"
            ),
            default=0.0,
        )

    def _is_dateline(self, place: Place) -> bool:
        return bool(self._datelines) and any(start <= place.start < end for start, end in self._datelines)

    def is_link(self, place: Place) -> bool:
        """Whether the place is named in a link to another story."""
        return bool(self._links) and is_linked(place, self._links)

    def is_quarter(self, place: Place) -> bool:
        """Whether the words behind a place make it a quarter and no town of its name: "Bab ward of Jask"."""
        return place.feature_class == "P" and _QUARTER.match(self._raw[place.field], place.end) is not None

    def _number(self, field: str, start: int) -> int:
        return bisect_right(self._starts, (field != "title", start)) - 1

    def _note(self, field: str, start: int, gain: float) -> None:
        number = self._number(field, start)
        self._gains[number] = max(self._gains[number], gain)  # type: ignore[assignment]

    def weight(self, number: int, place: Place) -> float:
        """How much a mention, the place of this number, says that the incident was there."""
        at = self._numbers[number]
        if at < 0:
            return 0.0
        if place.field == "text" and self._is_dateline(place):
            return _DATELINE * (_DOUBTED if self._is_elsewhere or place.text.casefold() in self._speakers else 1.0)
        role, sentence = self._roles[number], self._sentences[at]
        gain = 1.0 + max(self._gains[at], _IN_LEAD if at < self._first + _LEAD else 0.0)
        gain += _PLACED * min(self._placed[number], 2)
        share = _SCENE_WEIGHT[role] * (_ACTOR if role == "named" and _acts(place) else 1.0)
        return gain * share * self._factor(at, sentence.text)

    def _role(self, place: Place, at: int) -> Role:
        """What a place is to its sentence, the one of number `at`."""
        opens = self._sentences[at].start if at >= 0 else 0
        if place.metonym:
            return "speech"
        located = self._words.locates(self._raw[place.field], place.start, place.end)
        if located is not None:
            return "scene" if located else "named"
        return role_of_place(self._raw[place.field], place.start, place.end, opens)

    def _factor(self, number: int, text: str) -> float:
        known = self._factors.get(number)
        if known is None:
            behind = _BEHIND if self._words.is_background(text) else 1.0
            known = self._factors[number] = behind * (_MUCH_LATER if number > self._first + _LATE else 1.0)
        return known


def _country(weighed: Sequence[_Weighed]) -> str | None:
    """The country with most evidence, by its places and by itself."""
    votes: Counter[str] = Counter()
    for place, weight in weighed:
        if place.country_code:
            votes[place.country_code] += weight  # type: ignore[assignment]
    return max(votes, key=lambda country: votes[country]) if votes else None


def _finest(found: Sequence[_Weighed], unlisted: float) -> Place | None:
    """The settlement with most evidence, unless a division that it does not lie in has more; else the division.

    `unlisted`: the most evidence that any place has which nobody lists: what has but a small share of that is only
    spoken of, where something wider is named, too.
    """
    evidence, first = _evidence(found)
    ranked = sorted(first, key=lambda key: -evidence[key])
    points = [key for key in ranked if first[key].feature_class != "A"]
    countries = [key for key in ranked if _is_country(first[key])]
    divisions = [key for key in ranked if first[key].feature_class == "A" and not _is_country(first[key])]
    least = _BESIDE_UNLISTED * unlisted
    if countries:
        divisions = [key for key in divisions if evidence[key] >= least]
    division = divisions[0] if divisions else None
    if division is None and not countries:
        least = 0.0
    for key in points:
        if evidence[key] < max(_ENOUGH, least, _SHARE * evidence.get(division, 0.0)):
            break
        inside = division is None or contains(first[division], first[key])
        if inside or evidence[key] >= evidence[division]:
            return _held(first[key], [first[other] for other in points])
    if division is not None:
        least = max(_ENOUGH, _SHARE * evidence[division])
        finer = (key for key in divisions[1:] if contains(first[division], first[key]) and evidence[key] >= least)
        return first[next(finer, division)]
    choice = next(iter([*countries, *points]), None)
    return None if choice is None else first[choice]


def _evidence(found: Sequence[_Weighed]) -> tuple[dict[object, float], dict[object, Place]]:
    """The evidence for each entry, and the mention of it that says most."""
    evidence: dict[object, float] = {}
    first: dict[object, Place] = {}
    for place, weight in found:
        key: object = place.geonames_id or (place.lat, place.lon)
        share = _WIDE if place.feature_class in _WATERS_AND_HILLS else 1.0
        evidence[key] = evidence.get(key, 0.0) + weight * share
        if key not in first or _says_more(place, first[key]):
            first[key] = place
    return evidence, first


def _says_more(place: Place, other: Place) -> bool:
    """Whether of two mentions of an entry the first has better words for it: the village in a district, no street."""
    return _is_street(place) != _is_street(other) and _is_street(place) == (place.feature_class == "A")


def _acts(place: Place) -> bool:
    return place.type == "demonym" or _is_country(place)


def _is_country(place: Place) -> bool:
    return (place.feature_code or "").startswith("PCL")


def _held(place: Place, points: Sequence[Place]) -> Place:
    """The town that holds a quarter or a spot, where the article names it; else the place itself."""
    if place.feature_class == "P" and place.feature_code != "PPLX":
        return place
    towns = [
        other
        for other in points
        if other.feature_class == "P" and other.feature_code != "PPLX" and _km(place, other) <= _HELD_BY_KM
    ]
    return towns[0] if towns else place


def _km(one: Place, other: Place) -> float:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return _HELD_BY_KM + 1.0
    return distance_km(one.lat, one.lon, other.lat, other.lon)


def contains(outer: Place, inner: Place) -> bool:
    """Whether `inner` lies in the country or division `outer`."""
    if outer.feature_class != "A" or outer.country_code != inner.country_code:
        return False
    if _is_country(outer):
        return True
    if outer.feature_code == "ADM2":
        return outer.admin2 is not None and (outer.admin1, outer.admin2) == (inner.admin1, inner.admin2)
    return outer.admin1 is not None and outer.admin1 == inner.admin1
