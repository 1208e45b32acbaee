"""A linear scorer over slots: each template is a set of slots whose classes, taken together, have a weight.

The weights file is JSON, {"bias": .., "weights": {template: {classes: weight}}}; classes of a pair are joined by "|".
Positive speaks for a toponym. scripts/train_places.py writes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from importlib import resources
from operator import itemgetter
from typing import Any

from stream_app.core.places.spotting import Slots

TEMPLATES: tuple[tuple[str, ...], ...] = (
    ("kind",), ("alternate",), ("word",), ("left",), ("left2",), ("right",), ("right2",), ("shape",), ("run",),
    ("lower",), ("person",), ("size",),
    ("kind", "left"), ("kind", "right"), ("kind", "alternate"), ("kind", "word"), ("kind", "run"), ("kind", "person"),
    ("kind", "shape"), ("left", "right"), ("left", "left2"), ("right", "right2"), ("word", "left"), ("word", "right"),
    ("word", "run"), ("kind", "size"), ("person", "left"), ("person", "right"), ("alternate", "left"),
    ("alternate", "word"), ("kind", "left", "run"), ("kind", "word", "run"),
)  # fmt: skip


def getters() -> list[Callable[[Slots], Any]]:
    """For each template, what reads its classes from slots."""
    return [itemgetter(*(Slots._fields.index(slot) for slot in template)) for template in TEMPLATES]


class Scorer:
    """Log-odds that a candidate is a toponym."""

    def __init__(self, bias: float, weights: dict[str, dict[str, float]]) -> None:
        self._bias = bias
        self._tables: list[tuple[Callable[[Slots], Any], dict[Any, float]]] = [
            (getter, _keyed(weights.get("*".join(template), {}), len(template)))
            for template, getter in zip(TEMPLATES, getters(), strict=True)
        ]

    @classmethod
    def load(cls, name: str = "recognition.json") -> Scorer:
        """The scorer whose weights ship with the package."""
        content = json.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
        return cls(content["bias"], content["weights"])

    def __call__(self, slots: Slots) -> float:
        return self._bias + sum([table.get(getter(slots), 0.0) for getter, table in self._tables])


def _keyed(weights: dict[str, float], width: int) -> dict[Any, float]:
    """The table with tuple keys where the template has several slots."""
    if width == 1:
        return dict(weights)
    return {tuple(key.split("|")): weight for key, weight in weights.items()}


def classes_key(value: str | Iterable[str]) -> str:
    """The key of a template's classes in the weights file."""
    return value if isinstance(value, str) else "|".join(value)
