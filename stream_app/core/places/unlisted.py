"""Names that no gazetteer knows: they get the place that the text says they lie in, or a point near by."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Protocol

from stream_app.core.events import Place
from stream_app.core.frozen import changed
from stream_app.core.places import place_words

FEATURES: Final = {"ext_street": ("R", "ST"), "road": ("R", "RD"), "ext_facility": ("S", "BLDG")}
"""GeoNames classes of what is located by the town beside it, by the rule that found it; a locality otherwise."""

_NEAR: Final = 60
"""Characters between a name and the town that it may be told with."""
_APPOSED: Final = frozenset({", ", " (", " - "})
_OWNED: Final = re.compile(r"['’]s? ")
_WORDS: Final = re.compile(r"[\w'’]+")
_BOUND: Final = re.compile(r"[\w'’ ,(-]*\Z")


class Raw(Protocol):
    """A field of an article."""

    @property
    def raw(self) -> str:
        """Its text."""


def locate_unlisted(page: Raw, places: Sequence[Place]) -> list[Place]:
    """Give names that no gazetteer knows the place that the text sets them in: "Masu village in Zamfara State".

    Where the words say that they lie in a town or division, they get its entry (rule "within", confidence four fifths
    of its). Else they get the point of the town named beside them (rule "beside", four fifths), or of the town or
    division that the text speaks of most (rule "focus", half), and stay `unresolved: unknown`, without an id. Where a
    country stands behind the name ("on Lenin Peak in Kyrgyzstan"), that town must lie in it, or they get its code only.
    """
    if all(place.unresolved != "unknown" for place in places):
        return list(places)
    focus = _focus(places)
    located = list(places)
    for number in range(len(places) - 1, -1, -1):  # from the last: what holds a name stands behind it, mostly
        place = places[number]
        if place.unresolved != "unknown":
            continue
        holder = _holder(page.raw, located, number)
        country = _country(page.raw, located, number)
        beside = [
            other
            for other in places[max(0, number - 1) : number + 2]
            if _encloses(page, other, place) and country in {None, other.country_code}
        ]
        if holder is not None:
            located[number] = _within(place, holder)
        elif beside:
            located[number] = _located(place, beside[-1], 0.8, "beside")
        elif focus is not None and country in {None, focus.country_code}:
            located[number] = _located(place, focus, 0.5, "focus")
        elif country is not None:
            located[number] = changed(place, country_code=country)
    return located


def _country(raw: str, places: Sequence[Place], number: int) -> str | None:
    """The code of the country that stands behind a name as what holds it: "on Lenin Peak in Kyrgyzstan"."""
    place = places[number]
    following = next(iter(places[number + 1 : number + 2]), None)
    if following is None or following.field != place.field or not (following.feature_code or "").startswith("PCL"):
        return None
    return following.country_code if _says_within(raw[place.end : following.start], following) else None


def _holder(raw: str, places: Sequence[Place], number: int) -> Place | None:
    """The town or division that the words say the name lies in: behind it, or before it in the genitive.

    None for a street or a building: it is a point in its town, and no part that the town's entry stands for.
    """
    place = places[number]
    if place.rule.rstrip("+") in FEATURES:
        return None
    for owner, following in pairwise(places[number : number + 3]):
        is_country = (following.feature_code or "").startswith("PCL")
        if owner is place and not is_country and not _is_area(following):
            break
        if owner is not place and _OWNED.fullmatch(raw[owner.end : following.start]) is None:
            break
        if _is_area(following):
            first = places[number + 1]
            return following if _says_within(raw[place.end : first.start], following) else None
    for previous in filter(_is_area, places[max(0, number - 1) : number]):
        between = raw[previous.end : place.start]
        if (owned := _OWNED.match(between)) and _is_usual(between[owned.end() :]):
            return previous
    return None


def _says_within(between: str, other: Place) -> bool:
    """Whether the words between two names say that the first lies in the second: "in", "village of", ", ".

    A comma says so of a division only: before a town it may be that of a list.
    """
    if between in _APPOSED:
        return other.feature_class == "A"
    return len(between) <= _NEAR and not place_words.HOLDING.isdisjoint(between.lower().split()) and _is_usual(between)


def _is_usual(between: str) -> bool:
    """Whether the words are those that stand between a place and what it lies in, with a comma at most."""
    return _BOUND.match(between) is not None and all(
        word in place_words.BETWEEN for word in _WORDS.findall(between.lower())
    )


def _within(place: Place, holder: Place) -> Place:
    return changed(
        place, geonames_id=holder.geonames_id, name=holder.name, lat=holder.lat, lon=holder.lon,
        country_code=holder.country_code, admin1=holder.admin1, admin2=holder.admin2,
        feature_class=holder.feature_class, feature_code=holder.feature_code,
        confidence=round(0.8 * holder.confidence, 3), rule="within", unresolved=None, candidates=(),
        ancestors=holder.ancestors,
    )  # fmt: skip


def _focus(places: Sequence[Place]) -> Place | None:
    """The town or division, of a country but no country itself, that the places most surely name most often."""
    areas = [place for place in places if _is_area(place)]
    sums: dict[tuple[float | None, float | None], float] = {}
    for place in areas:
        sums[place.lat, place.lon] = sums.get((place.lat, place.lon), 0.0) + place.confidence
    return max(areas, key=lambda place: sums[place.lat, place.lon], default=None)


def _is_area(place: Place) -> bool:
    """Whether the place is a resolved town or division, small enough to stand for what lies in it."""
    return (
        place.lat is not None and place.feature_class in {"P", "A"} and not (place.feature_code or "").startswith("PCL")
    )


def _located(place: Place, town: Place, trust: float, rule: str) -> Place:
    feature_class, feature_code = FEATURES.get(place.rule.rstrip("+"), ("L", "LCTY"))
    return changed(
        place, lat=town.lat, lon=town.lon, country_code=town.country_code, admin1=town.admin1, admin2=town.admin2,
        feature_class=feature_class, feature_code=feature_code, confidence=round(trust * town.confidence, 3), rule=rule,
        ancestors=town.ancestors,
    )  # fmt: skip


def _encloses(page: Raw, other: Place, place: Place) -> bool:
    """Whether `other` is a resolved town or county in the same sentence, at most 60 characters away."""
    if not _is_area(other):
        return False
    between = page.raw[min(place.end, other.end) : max(place.start, other.start)]
    return len(between) <= _NEAR and ". " not in between and "\n" not in between
