"""Precision, recall and F1, and what the questions share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Table = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """True positives, false positives and false negatives; weights may be fractions.

    >>> Tally(tp=3, fp=1, fn=1).f1
    0.75
    """

    tp: float = 0.0
    fp: float = 0.0
    fn: float = 0.0

    @property
    def precision(self) -> float:
        """The share of what was found that is right; 0 when nothing was found."""
        return share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float:
        """The share of what is right that was found; 0 when there is nothing."""
        return share(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return share(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    def table(self) -> Table:
        """Rounded for people."""
        return {"p": round(self.precision, 4), "r": round(self.recall, 4), "f1": round(self.f1, 4)}


def share(part: float, whole: float) -> float:
    """`part / whole`, 0 when there is no whole."""
    return part / whole if whole else 0.0


def overlaps(a: Row, b: Row) -> bool:
    """Whether two spans of one text share a character."""
    return bool(a["start"] < b["end"] and b["start"] < a["end"])


def in_text(annotations: Sequence[Row] | None) -> list[Row]:
    """The annotations of the `text` field: gold spans count from its start."""
    return [a for a in annotations or () if a.get("field", "text") == "text"]
