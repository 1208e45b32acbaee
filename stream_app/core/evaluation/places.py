"""How well places are recognised and resolved: spans, distance, calibration, and all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stream_app.core.evaluation.measures import Row, Table, Tally, in_text, overlaps, share
from stream_app.core.places.geometry import distance_km

NEAR_KM = 161.0
COUNTRY_KM = 1500.0
_BINS = 10


def evaluate(gold: Sequence[Row], events: Mapping[str, Row]) -> Table:
    """Span F1 (exact and overlapping), the share within 161 km of gold, and F1 of span and place together.

    Demonyms are neutral. `acc161_country` also credits a country for a gold point up to 1,500 km away: where the point
    of a country lies is a convention. `calibration_error` is the mean distance between stated confidence and the share
    right, over ten bins of confidence.
    """
    count = _Count()
    for row in gold:
        _article(row, events.get(row["id"], {}), count)
    return count.table(len(gold))


@dataclass(slots=True)
class _Count:
    spans: Tally = field(default_factory=Tally)
    together: Tally = field(default_factory=Tally)
    found_overlapping: int = 0
    gold_overlapped: int = 0
    near: int = 0
    near_or_country: int = 0
    located: int = 0
    km: list[float] = field(default_factory=list)
    stated: list[tuple[float, bool]] = field(default_factory=list)

    def table(self, articles: int) -> Table:
        precision = share(self.found_overlapping, self.spans.tp + self.spans.fp)
        recall = share(self.gold_overlapped, self.spans.tp + self.spans.fn)
        self.km.sort()
        return {
            "articles": articles,
            "span": self.spans.table(),
            "f1_overlap": round(share(2 * precision * recall, precision + recall), 4),
            "acc161": round(share(self.near, self.located), 4),
            "acc161_country": round(share(self.near_or_country, self.located), 4),
            "median_km": round(self.km[len(self.km) // 2], 1) if self.km else None,
            "e2e": self.together.table(),
            "calibration_error": round(_calibration_error(self.stated), 4),
        }


def _article(row: Row, event: Row, count: _Count) -> None:
    gold = [t for t in row["toponyms"] if not _is_demonym(t)]
    neutral = [t for t in row["toponyms"] if _is_demonym(t)]
    found = [p for p in in_text(event.get("places")) if _counts(p, gold, neutral)]
    by_span = {(p["start"], p["end"]): p for p in found}
    exact = [(g, by_span[g["start"], g["end"]]) for g in gold if (g["start"], g["end"]) in by_span]
    count.spans.tp += len(exact)
    count.spans.fp += len(found) - len(exact)
    count.spans.fn += len(gold) - len(exact)
    count.gold_overlapped += sum(any(overlaps(g, p) for p in found) for g in gold)
    count.found_overlapping += sum(any(overlaps(g, p) for g in gold) for p in found)
    located = [(g, p) for g, p in exact if g.get("lat") is not None]
    before = count.near
    for g, p in located:
        _resolution(g, p, count)
    right = count.near - before
    count.together.tp += right
    count.together.fp += len(found) - (len(exact) - len(located)) - right
    count.together.fn += sum(g.get("lat") is not None for g in gold) - right


def _is_demonym(toponym: Row) -> bool:
    return toponym.get("subtype") in ("Demonym", "Language")


def _counts(place: Row, gold: Sequence[Row], neutral: Sequence[Row]) -> bool:
    if any(overlaps(place, g) for g in gold):
        return True
    return place.get("type") != "demonym" and not any(overlaps(place, n) for n in neutral)


def _resolution(gold: Row, place: Row, count: _Count) -> None:
    count.located += 1
    if place.get("lat") is None:
        return
    km = distance_km(gold["lat"], gold["lon"], place["lat"], place["lon"])
    near = km <= NEAR_KM
    country = (place.get("feature_code") or "").startswith("PCL") and km <= COUNTRY_KM
    count.km.append(km)
    count.near += near
    count.near_or_country += near or country
    count.stated.append((place.get("confidence", 0.0), near or country))


def _calibration_error(stated: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error (Guo et al. 2017) over equal-width bins."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in stated:
        bins.setdefault(min(_BINS - 1, int(confidence * _BINS)), []).append((confidence, right))
    gaps = (abs(sum(c for c, _ in rows) - sum(right for _, right in rows)) for rows in bins.values())
    return share(sum(gaps), len(stated))
