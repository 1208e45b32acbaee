"""What would change in recorded events under other rules, another gazetteer or another convention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Event = Mapping[str, Any]
Change = Literal["added", "removed", "changed"]
_FIGURE = ("low", "high", "qualifier", "assertion", "victim_class", "in_toll")


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure that only one of two events of an article has, or has otherwise; `rule` is that of the newer."""

    article_id: str
    change: Change
    kind: str
    text: str
    rule: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


@dataclass(slots=True)
class Summary:
    """How many articles were compared, and what changed in them."""

    articles: int = 0
    articles_changed: int = 0
    tolls_changed: int = 0
    places_changed: int = 0
    figures: Counter[tuple[Change, str]] = field(default_factory=Counter)


def compare(old: Event, new: Event) -> list[FigureChange]:
    """What changes in the figures of one article, in reading order.

    A figure is the same one when kind and span are; it is changed when its bounds, assertion or part in the toll are.

    >>> before = {"article_id": "a", "casualties": [], "places": []}
    >>> compare(before, before)
    []
    """
    befores, afters = _figures(old), _figures(new)
    return [
        change
        for key in sorted(befores.keys() | afters.keys())
        if (change := _change(str(new["article_id"]), befores.get(key), afters.get(key))) is not None
    ]


def _figures(event: Event) -> dict[tuple[str, int, int, str], Mapping[str, Any]]:
    return {(f["field"], f["start"], f["end"], f["kind"]): f for f in event["casualties"]}


def _change(article_id: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> FigureChange | None:
    if old is not None and new is not None and all(old.get(name) == new.get(name) for name in _FIGURE):
        return None
    shown = new if new is not None else old
    assert shown is not None
    change: Change = "added" if old is None else "removed" if new is None else "changed"
    return FigureChange(article_id, change, shown["kind"], shown["text"], shown["rule"], old, new)


def places_changed(old: Event, new: Event) -> int:
    """How many toponyms are new, gone, or denote another entry."""
    before = {(p["field"], p["start"], p["end"]): p["geonames_id"] for p in old["places"]}
    after = {(p["field"], p["start"], p["end"]): p["geonames_id"] for p in new["places"]}
    return sum(before.get(span, -1) != after.get(span, -1) for span in before.keys() | after.keys())


def tally(pairs: Iterator[tuple[Event, Event]], summary: Summary) -> Iterator[FigureChange]:
    """Every change over many articles; `summary` has counted them when the iterator ends."""
    for old, new in pairs:
        changes = compare(old, new)
        moved = places_changed(old, new)
        summary.articles += 1
        summary.articles_changed += bool(changes or moved)
        summary.tolls_changed += old["toll"] != new["toll"]
        summary.places_changed += moved
        for change in changes:
            summary.figures[change.change, change.rule] += 1
        yield from changes
