"""A linear scorer over slots: each template is a set of slots whose classes, taken together, have a weight.

The weights file is JSON, {"bias": .., "weights": {template: {classes: weight}}}; classes of a pair are joined by "|".
Positive speaks for a toponym. scripts/train_places.py writes it. Templates are grouped by the slots they share, and the
sum of each group is remembered for the classes it was met with, so a candidate costs four look-ups.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from importlib import resources
from operator import itemgetter
from typing import Any

from stream_app.core.places.spotting import Slots

GROUPS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (
        ("kind",), ("alternate",), ("word",), ("shape",), ("lower",), ("person",), ("size",), ("kind", "alternate"),
        ("kind", "word"), ("kind", "person"), ("kind", "shape"), ("kind", "size"), ("alternate", "word"),
    ),
    (
        ("left",), ("left2",), ("run",), ("kind", "left"), ("left", "left2"), ("word", "left"), ("person", "left"),
        ("alternate", "left"), ("kind", "run"), ("word", "run"), ("kind", "left", "run"), ("kind", "word", "run"),
    ),
    (("right",), ("right2",), ("kind", "right"), ("right", "right2"), ("word", "right"), ("person", "right")),
    (("left", "right"),),
)  # fmt: skip
TEMPLATES = tuple(template for group in GROUPS for template in group)
_REMEMBERED = 50_000


def reader(slots: Iterable[str]) -> Callable[[Slots], Any]:
    """What reads these slots: the class itself for one, a tuple for several."""
    return itemgetter(*(Slots._fields.index(slot) for slot in slots))


class Scorer:
    """Log-odds that a candidate is a toponym."""

    def __init__(self, bias: float, weights: dict[str, dict[str, float]]) -> None:
        self._bias = bias
        self._groups = [_Group(group, weights) for group in GROUPS]

    @classmethod
    def load(cls, name: str = "recognition.json") -> Scorer:
        """The scorer whose weights ship with the package."""
        content = json.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
        return cls(content["bias"], content["weights"])

    def __call__(self, slots: Slots) -> float:
        """The log-odds for these classes."""
        score = self._bias
        for group in self._groups:
            score += group[group.read(slots)]
        return score


class _Group(dict[Any, float]):
    """The sums of templates over the same slots, by the classes met so far."""

    def __init__(self, templates: tuple[tuple[str, ...], ...], weights: dict[str, dict[str, float]]) -> None:
        super().__init__()
        slots = tuple(dict.fromkeys(slot for template in templates for slot in template))
        self.read = reader(slots)
        self._tables = [
            (
                itemgetter(*(slots.index(slot) for slot in template)),
                _keyed(weights.get("*".join(template), {}), len(template)),
            )
            for template in templates
        ]

    def __missing__(self, classes: Any) -> float:
        if len(self) > _REMEMBERED:
            self.clear()
        total = self[classes] = sum(table.get(read(classes), 0.0) for read, table in self._tables)
        return total


def _keyed(weights: dict[str, float], width: int) -> dict[Any, float]:
    """The table with tuple keys where the template has several slots."""
    if width == 1:
        return dict(weights)
    return {tuple(key.split("|")): weight for key, weight in weights.items()}
