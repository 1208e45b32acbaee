"""How strongly two reports speak of one event: evidence for and against, each piece with its weight and its words.

Every signal is a concept (a place, a day, a cause, a number, a name), so that reports in two languages are compared as
two in one are; only terms come from words. The outlet is no signal. The weights began as a logistic regression over
pairs of three corpora and of invented streams, and were then moderated (docs/incidents.md has what each is worth).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from math import log2, sqrt
from operator import mul
from typing import Any, NamedTuple

import numpy as np

from stream_app.core.incidents.causes import relation as relation_of
from stream_app.core.incidents.report import DAY_S, POINTS, Report, Spot
from stream_app.core.incidents.sketch import AGE, KIND_BITS, NAME, NUMBER, WEIGHT_OF_KIND, WORD
from stream_app.core.places.geometry import distance_km

BIAS = -1.4
PLACES = {
    "same": 2.9, "near": 3.0, "close": -1.0, "inside": 1.2, "same province": 0.8, "same country": 1.8, "unknown": 0.0,
    "apart": -3.8, "far": -4.7, "other province": -2.6, "abroad": -4.3,
}  # fmt: skip
SWAPPED = 0.9  # instead, where the place of one is among the other places of the other
FAR_SWAPPED = -0.2  # where it lies far away, or abroad: the news of a country names its other towns
COMMON_SPOT = 1.8  # both name a third place
NEAR_KM, CLOSE_KM, APART_KM, POINT_KM = 25.0, 80.0, 200.0, 1.0
REACH = ((POINT_KM, "same"), (NEAR_KM, "near"), (CLOSE_KM, "close"), (APART_KM, "apart"))
NEAR_DEGREES, FAR_DEGREES = 0.23, 1.8  # of latitude: more is farther than near, and than apart
CAUSES = {"equal": 2.2, "shared": 1.1, "vague": 0.2, "kin": -0.3, "unknown": 1.6, "conflict": -2.3}
DAYS = (0.2, -2.5, -3.3)  # both name the day of the event, and these are 0, 1, 2 and more days apart
UNSURE, AFTERMATH = 0.7, 0.3  # how much of a clash of days counts that are not told beside the figures
GAP, QUIET_GAP = (
    -0.45,
    -0.2,
)  # for each day between the publications, at most seven; where a toll rises in a quiet place
SAME_KILLED, FELL, DROPPED, LEAPT = 0.85, -0.8, -1.7, -0.5
SAME_INJURED, MORE_INJURED, OTHER_INJURED = 0.55, -0.4, -2.5
SHARED_NAME, SHARED_AGE, SHARED_RARE = 3.5, 1.8, 0.6
TOLD_BEFORE = 1.7  # for the later report says how many were counted before, by log2 as above
SAME_TARGET, OTHER_TARGET = 0.0, -0.3
SAME_BUSY_TARGET, OTHER_BUSY_TARGET = 1.0, -2.0  # in a busy place
FEW, OTHER_NAMES, OTHER_AGES = 3, -1.0, -1.5
OTHER_KILLED = -1.4  # in a busy place, where the later report does not say that a toll has moved
PER_TERM, COVERED = 0.15, 1.0
MOST_WORDING, MOST_BUSY_WORDING = 2.0, 0.3  # for all shared words, where days or numbers are at odds
NOTHING = -1.0  # two that have neither words nor place nor cause in common have a number, which many have
OWN_STORY, STORY = 6.0, 2.0  # versions of one story by one outlet, and by two: officials' wording recurs
BUSY, BUSY_COUNTRY = -0.85, -0.25
BUSY_DAYS = 1.5  # so many times fewer of them are rivals where both name one day
BUSY_EVENTS, BUSY_COUNTRY_EVENTS = 2, 8  # below that a place is quiet, a country too

OWN_VERSIONS, FULL_NAME = "versions of one story", "a full name in common"
NAMES_OTHER, THIRD_PLACE = "places: {}, but one names the other's", "both name a third place"
RULED_OUT = -3.0  # no more than this is left of all that speaks for one event where it cannot be
SAME_STORY = 100.0
ELSEWHERE = frozenset({"abroad"})
VOUCHERS = frozenset({NAMES_OTHER, THIRD_PLACE, FULL_NAME, OWN_VERSIONS})
LINK = 0.0  # what two reports must reach to be compared further


Signal = tuple[Any, ...]
Shared = Sequence[int]
"""How many terms of each kind two reports have in common."""


class Evidence(NamedTuple):
    """One piece of evidence: what it is, in words, and what it weighs."""

    words: str
    weight: float


def strength(one: Report, other: Report, window_s: float, shared: Shared | None = None) -> float | None:
    """How strongly two reports speak of one event, whichever comes first; None when they cannot be compared.

    Versions of one article always do; two reports of one article never do. Those of one wording are compared whatever
    their dates, for who found it looked at these: where they lie weeks apart, one has none, or a wrong year.
    `shared`: how many terms of each kind both have, where many were compared at once.
    """
    if one.article_id == other.article_id:
        return SAME_STORY if one.own == other.own and (one.own or _same_point(one, other)) else None
    if abs(one.clock_s - other.clock_s) > window_s and one.cluster_id != other.cluster_id:
        return None
    return BIAS + _sum(signals(one, other, shared))


def is_ruled_out(one: Report, other: Report, shared: Shared) -> bool:
    """Whether two reports are set where no one event is, and nothing vouches for one: `strength` says no more of them.

    Most of those that share a cause and some words are of two countries, and need not be weighed to the end.
    """
    if one.country == other.country or shared[NAME] or one.cluster_id == other.cluster_id:
        return False
    if one.article_id == other.article_id or place_relation(one, other) not in ELSEWHERE:
        return False
    return not (_are_near_by_latitude(one, other) and (_name_each_other(one, other) or _share_spot(one, other)))


def evidence(one: Report, other: Report) -> Iterator[Evidence]:
    """Everything that speaks for or against one event, in words, whichever report comes first."""
    for form, *values, weight in signals(one, other):
        yield Evidence(form.format(*values), weight)


def signals(one: Report, other: Report, shared: Shared | None = None) -> list[Signal]:
    """Everything that speaks for or against one event, whichever report comes first: form, values, weight.

    Words are made of form and values only where somebody reads them.
    """
    if other.order < one.order:
        one, other = other, one
    place = place_relation(one, other)
    cause = relation_of(one.causes, other.causes)
    found: list[Signal] = [("causes: {}", cause, CAUSES[cause])]
    _about_place(place, one, other, found)
    _about_time(one, other, found, aftermath=_may_be_aftermath(place, one, other))
    _about_victims(one, other, found)
    known = len(found)
    _about_terms(one, other, shared or shared_with(one, (other,))[0], found)
    _about_targets(one, other, found)
    if place == cause == "unknown" and len(found) == known:
        found.append(("no word in common, where neither place nor cause is", NOTHING))
    if one.cluster_id == other.cluster_id and one.own == other.own:
        if one.story_id == other.story_id:
            found.append((OWN_VERSIONS, OWN_STORY))
        elif not (_is_busy(one, other) and _are_at_odds(one, other)):
            found.append(("wording of one story, told by two", STORY))
    if place in ELSEWHERE and not _is_vouched_for(found):
        found.append(("{}: no words make one event of two", place, min(0.0, RULED_OUT - BIAS - _sum(found))))
    return found


def _sum(found: list[Signal]) -> float:
    total: float = sum([signal[-1] for signal in found])
    return total


def _is_vouched_for(found: list[Signal]) -> bool:
    """Whether a name, a place of both or the outlet itself says that what was set in two places is one event."""
    return any(signal[0] in VOUCHERS for signal in found)


def place_relation(one: Report, other: Report) -> str:
    """How the places of two reports lie, at the finest level that both have."""
    if not one.feature or not other.feature:
        return "unknown"
    if one.feature in POINTS and other.feature in POINTS:
        return _between_points(one, other)
    if one.country != other.country:
        return "abroad"
    if "C" in (one.feature, other.feature):
        return "same country"
    same = "same province" if one.feature == other.feature else "inside"
    return same if one.admin1 == other.admin1 else "other province"


def _between_points(one: Report, other: Report) -> str:
    assert one.lat is not None and other.lat is not None  # noqa: PT018
    if abs(one.lat - other.lat) > FAR_DEGREES:
        return "abroad" if one.country != other.country else "far"
    km = 0.0 if _same_point(one, other) else _distance_km(one, other)
    if km > NEAR_KM and one.country != other.country:
        return "abroad"
    relation = next((relation for most_km, relation in REACH if km <= most_km), "far")
    if relation in ("near", "close") and (one.feature == "D" or other.feature == "D"):
        return "inside" if one.feature != other.feature and one.admin1 == other.admin1 else "close"
    return relation


def _distance_km(one: Report | Spot, other: Report | Spot) -> float:
    assert one.lat is not None and one.lon is not None and other.lat is not None and other.lon is not None  # noqa: PT018
    return distance_km(one.lat, one.lon, other.lat, other.lon)


def _same_point(one: Report, other: Report) -> bool:
    return one.lat == other.lat and one.lon == other.lon


def _about_place(place: str, one: Report, other: Report, found: list[Signal]) -> None:
    """The places; a town that is named without being the focus may still be the one."""
    weight = PLACES[place]
    may_share = weight < SWAPPED and _are_near_by_latitude(one, other)
    if may_share and _name_each_other(one, other):
        found.append((NAMES_OTHER, place, FAR_SWAPPED if place in ("far", "abroad") else SWAPPED))
    else:
        found.append(("places: {}", place, weight))
        if may_share and _share_spot(one, other):
            found.append((THIRD_PLACE, COMMON_SPOT))
    if place in ("same", "near"):
        events = max(one.busy, other.busy)
        if events >= BUSY_EVENTS:
            rivals = events / BUSY_DAYS if one.dated and other.dated and not days_apart(one, other) else events
            found.append(("the place has had {} such events", events, BUSY * log2(rivals)))
    else:
        events = max(one.busy_country, other.busy_country)
        if events >= BUSY_COUNTRY_EVENTS:
            found.append(("the country has had {} such events", events, BUSY_COUNTRY * log2(1 + events)))


def _among(one: Report | Spot, spots: tuple[Spot, ...]) -> bool:
    """Whether a settlement is near one of the spots; most are not even at nearly the same latitude."""
    here = one.lat
    if here is None or one.feature != "P":
        return False
    for spot in spots:
        lat = spot[0]
        if (
            lat is not None
            and -NEAR_DEGREES <= here - lat <= NEAR_DEGREES
            and spot.feature == "P"
            and _distance_km(one, spot) <= NEAR_KM
        ):
            return True
    return False


def _are_near_by_latitude(one: Report, other: Report) -> bool:
    """Whether any settlements that two reports name may be near: most are not even at nearly the same latitude."""
    for here in one.latitudes:  # no generator: this is asked of every pair
        for there in other.latitudes:
            if -NEAR_DEGREES <= here - there <= NEAR_DEGREES:
                return True
    return False


def _name_each_other(one: Report, other: Report) -> bool:
    """Whether one names the settlement of the other beside its own."""
    return _among(one, other.others) or _among(other, one.others)


def _share_spot(one: Report, other: Report) -> bool:
    """Whether two reports name one settlement beside their places."""
    return any(_among(spot, other.others) for spot in one.others)


def _may_be_aftermath(place: str, one: Report, other: Report) -> bool:
    """Whether the later report may tell what became of the event, in a place that has few: a toll that did not fall."""
    quiet = max(one.busy, other.busy) < BUSY_EVENTS
    rising = one.killed <= other.killed or other.corrects
    return quiet and rising and other.follows and place in ("same", "near")


def _about_time(one: Report, other: Report, found: list[Signal], *, aftermath: bool) -> None:
    """Publication and named days; a report of the aftermath may name a day of its own, away from its figures."""
    gap = min(7.0, (other.clock_s - one.clock_s) / DAY_S)
    apart = days_apart(one, other)
    named = one.dated and other.dated
    before = not named and other.dated and other.first is not None and other.first * DAY_S > one.clock_s + DAY_S
    unsure = 1.0 if other.sure_day and (one.sure_day or before) else AFTERMATH if aftermath else UNSURE
    excused = aftermath and (unsure < 1.0 or not (apart or before))
    found.append(("published {:.1f} days apart", gap, (QUIET_GAP if excused else GAP) * gap))
    if named:
        weight = DAYS[min(apart, len(DAYS) - 1)]
        found.append(("the days that they name are {} apart", apart, unsure * weight if apart else weight))
    elif before:
        found.append(("one was published before the day that the other names", unsure * DAYS[-1]))


def days_apart(one: Report, other: Report) -> int:
    """The days between two events, 0 when they may be on one day."""
    if one.first is None or other.first is None or one.last is None or other.last is None:
        return 0
    return max(one.first - other.last, other.first - one.last, 0)


def _about_victims(one: Report, other: Report, found: list[Signal]) -> None:
    """Whether the tolls of an earlier and a later report can be one moving toll."""
    before, after = one.killed, other.killed
    if _count_differently(one, other) and _is_busy(one, other) and one.feature in POINTS and other.feature in POINTS:
        found.append(("another number of dead, in a busy place", OTHER_KILLED))
    if before and after:
        if before == after:
            found.append(("both count {} dead", before, SAME_KILLED * min(3.0, log2(1 + before))))
        elif before in other.before:
            found.append(
                ("{} dead, as the later tells, then {}", before, after, TOLD_BEFORE * min(3.0, log2(1 + before)))
            )
        elif after > 3 * before + 10:
            found.append(("{} dead, then {}", before, after, LEAPT))
        elif after < before:
            found.append(
                ("{} dead, then only {}", before, after, FELL if after >= 0.6 * before or before <= 3 else DROPPED)
            )
    if one.injured and other.injured:
        told = "{} injured, then {}", one.injured, other.injured
        if one.injured == other.injured:
            found.append((*told, SAME_INJURED * min(4.0, log2(1 + one.injured))))
        else:
            found.append((*told, OTHER_INJURED if _hurt_others(one, other) else MORE_INJURED))


def _about_targets(one: Report, other: Report, found: list[Signal]) -> None:
    """What was hit; where attacks are many, one on a school is none on a market."""
    if one.targets and other.targets:
        busy = _is_busy(one, other)
        if shared := [target for target in one.targets if target in other.targets]:
            found.append(("of both: {}", shared[0], SAME_BUSY_TARGET if busy else SAME_TARGET))
        else:
            found.append(("other targets", OTHER_BUSY_TARGET if busy else OTHER_TARGET))


def _hurt_others(one: Report, other: Report) -> bool:
    """Whether an earlier and a later number of injured are no one number that rose beside that of the dead."""
    if not one.injured or not other.injured or one.injured == other.injured:
        return False
    return not (one.killed < other.killed and one.injured < other.injured <= 3 * one.injured)


def _count_differently(one: Report, other: Report) -> bool:
    """Whether both count dead, not the same, and the later report does not say that the toll has moved."""
    if not one.killed or not other.killed or one.killed == other.killed:
        return False
    return one.killed not in other.before and not (other.corrects if other.killed < one.killed else other.follows)


def _are_at_odds(one: Report, other: Report) -> bool:
    """Whether two reports differ in their days or numbers, as two events told in one wording do."""
    apart = one.dated and other.dated and days_apart(one, other) > 0
    return apart or _hurt_others(one, other) or _count_differently(one, other)


def _is_busy(one: Report, other: Report) -> bool:
    return max(one.busy, other.busy) >= BUSY_EVENTS


def shared_with(report: Report, others: Sequence[Report]) -> Sequence[Shared]:
    """How many terms of each kind a report has in common with each of the others, all worked out at once."""
    kinds = KIND_BITS + 1
    own = np.frombuffer(report.packed_terms, np.uint32)
    terms = np.frombuffer(b"".join([other.packed_terms for other in others]), np.uint32)
    if not own.size or not terms.size:
        return [[0] * kinds] * len(others)
    (hits,) = (own.take(own.searchsorted(terms), mode="clip") == terms).nonzero()
    ends = np.array(list(accumulate(len(other.packed_terms) // own.itemsize for other in others)))
    counted = np.bincount(
        ends.searchsorted(hits, "right") * kinds + (terms[hits] & KIND_BITS), minlength=kinds * len(others)
    )
    found: Sequence[Shared] = counted.reshape(-1, kinds).tolist()
    return found


def _about_terms(one: Report, other: Report, shared: Shared, found: list[Signal]) -> None:
    if one.killed <= FEW and other.killed <= FEW:  # whoever is named or given an age is a victim or the killer
        if one.names and other.names and not shared[NAME] and one.language == other.language:
            found.append(("other names", OTHER_NAMES))
        if one.ages and other.ages and not shared[AGE]:
            found.append(("other ages", OTHER_AGES))
    total = sum(map(mul, shared, WEIGHT_OF_KIND))
    if not total:
        return
    covered = total / (sqrt(one.told_words * other.told_words) or 1.0)
    wording, rare = PER_TERM * min(12.0, total) + COVERED * covered, shared[WORD] + shared[NUMBER]
    found.append(("{} terms in common", sum(shared), wording))
    if shared[NAME]:
        found.append((FULL_NAME, SHARED_NAME * min(2, shared[NAME])))
    if shared[AGE]:
        found.append(("an age in common", SHARED_AGE * min(2, shared[AGE])))
    if rare:
        found.append(("rare words or numbers in common", SHARED_RARE * min(6, rare)))
        wording += SHARED_RARE * min(6, rare)
    most = MOST_BUSY_WORDING if _is_busy(one, other) else MOST_WORDING
    if wording > most and not shared[NAME] and not shared[AGE] and _are_at_odds(one, other):
        found.append(("words alike, but days or numbers at odds", most - wording))
