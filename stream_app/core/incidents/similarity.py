"""How strongly two reports speak of one event."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from operator import mul

from stream_app.core.incidents.geometry import distance_km
from stream_app.core.incidents.report import DAY_S, Report
from stream_app.core.incidents.sketch import AGE, COMMON, GIVEN, KIND_BITS, NAME, NUMBER, PLACE, WORD

#: What a shared term of each kind adds. A full name comes with its surname, which is a word; the place of the event is
#: among the terms too, so that a town counts even where one of two reports was located elsewhere.
TERM_WEIGHTS = {COMMON: 0.6, AGE: 1.0, GIVEN: 1.0, PLACE: 1.4, WORD: 2.0, NUMBER: 0.6, NAME: 1.0}
_WEIGHT_OF_KIND = tuple(TERM_WEIGHTS[kind] for kind in range(len(TERM_WEIGHTS)))

NEAR_KM = 50.0
FAR_KM = 300.0
PLACE_WEIGHTS = {"same": 0.8, "near": 0.7, "inside": 0.5, "unknown": 0.0, "apart": -1.2, "far": -2.5}
GAP_WEIGHTS = (0.0, -1.0, -2.0, -3.0)  # both name the day of the event, and these are 0, 1, 2 and more days apart
LATE_WEIGHT = -0.4  # for each day between the publications
SAME_TOLL_WEIGHT = 1.0
THRESHOLD = 3.0
MIN_CLUES = 2  # candidates are looked up by them
MIN_PLAIN_TERMS = 3

SAME_STORY = 100.0
APART_DAYS = 2  # how far apart two named days must be to tell of two events ...
OVERWHELMING = 8.0  # ... unless the words agree this strongly: then one of the days was misread


def strength(one: Report, terms: frozenset[int], other: Report, window_s: float) -> float | None:
    """How strongly two reports speak of one event, whichever comes first; None when they do not.

    Versions of one story always do; two reports of one article never do. `terms` are those of `one`, unpacked once for
    all reports that it is compared with.
    """
    if one.cluster_id == other.cluster_id and (one.own or _same_point(one, other)) and one.own == other.own:
        return SAME_STORY
    if one.article_id == other.article_id or abs(one.clock_s - other.clock_s) > window_s:
        return None
    shared = [0] * (KIND_BITS + 1)
    for term in terms.intersection(other.terms):
        shared[term & KIND_BITS] += 1
    if not _two_clues(one, other, shared):
        return None
    score = (
        sum(map(mul, _WEIGHT_OF_KIND, shared))
        + PLACE_WEIGHTS[place_relation(one, other)]
        + _time_score(one, other)
        + _toll_score(one, other)
    )
    return score if score >= THRESHOLD else None


def _two_clues(one: Report, other: Report, shared: Sequence[int]) -> bool:
    """Whether the reports share two clues: telling terms, not all of them places; or place and day with much in common.

    Reports of one event in plain English may share no rare word, but then they agree in place, day and plain words.
    `shared` counts the common terms by kind.
    """
    plain, clues = sum(shared[:PLACE]), sum(shared[PLACE:])
    if clues > shared[PLACE]:
        return clues >= MIN_CLUES
    return plain >= MIN_PLAIN_TERMS and clues > 0 and same_day_and_place(one, other)


def same_day_and_place(one: Report, other: Report) -> bool:
    """Whether both reports name the same day and the same settlement for their event."""
    same_day = one.dated and other.dated and one.first == other.first
    return same_day and one.feature == other.feature == "P" and _same_point(one, other)


def place_relation(one: Report, other: Report) -> str:
    """How two places lie: same, near, inside (one within the other's province), unknown, apart or far."""
    if one.country and other.country and one.country != other.country:
        return "near" if _distance_km(one, other) <= NEAR_KM else "far"
    if one.feature in ("", "C") or other.feature in ("", "C"):
        return "unknown"
    if one.feature == "A" or other.feature == "A":
        return "inside" if one.admin1 == other.admin1 else "apart"
    if _same_point(one, other):
        return "same"
    km = _distance_km(one, other)
    return "near" if km <= NEAR_KM else "apart" if km <= FAR_KM else "far"


def _distance_km(one: Report, other: Report) -> float:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return inf
    return distance_km(one.lat, one.lon, other.lat, other.lon)


def _same_point(one: Report, other: Report) -> bool:
    return one.lat == other.lat and one.lon == other.lon


def days_apart(one: Report, other: Report) -> int:
    """The days between two events, 0 when they may be on one day."""
    if one.first is None or other.first is None or one.last is None or other.last is None:
        return 0
    return max(one.first - other.last, other.first - one.last, 0)


def plainly_apart(one: Report, other: Report) -> bool:
    """Whether two reports name days for their events that cannot be one."""
    return one.dated and other.dated and days_apart(one, other) >= APART_DAYS


def _time_score(one: Report, other: Report) -> float:
    late = LATE_WEIGHT * abs(one.clock_s - other.clock_s) / DAY_S
    if one.dated and other.dated:
        return late + GAP_WEIGHTS[min(days_apart(one, other), len(GAP_WEIGHTS) - 1)]
    return late


def _toll_score(one: Report, other: Report) -> float:
    """For the same number of dead, which is what reports of one event agree on first."""
    return SAME_TOLL_WEIGHT if one.killed == other.killed > 0 else 0.0
