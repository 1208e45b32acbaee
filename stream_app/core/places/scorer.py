"""A linear scorer over slots: each template is a set of slots whose classes, taken together, have a weight.

The weights file is JSON, {"bias": .., "weights": {template: {classes: weight}}}; classes of a pair are joined by "|".
Positive speaks for a toponym. scripts/train_places.py writes it. Templates are grouped by the slots they share, and the
sum of each group is remembered for the classes it was met with, so a candidate costs six look-ups in small tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple


class Slots(NamedTuple):
    """What is known of a candidate, as classes."""

    kind: str
    alternate: str
    word: str
    left: str
    left2: str
    right: str
    right2: str
    shape: str
    run: str
    lower: str
    person: str
    size: str


Templates = tuple[tuple[str, ...], ...]

FORM: Templates = (
    ("kind",), ("alternate",), ("word",), ("shape",), ("lower",), ("person",), ("size",), ("kind", "alternate"),
    ("kind", "word"), ("kind", "person"), ("kind", "shape"), ("kind", "size"), ("alternate", "word"),
)  # fmt: skip
LEFT: Templates = (
    ("left",), ("run",), ("kind", "left"), ("word", "left"), ("person", "left"), ("alternate", "left"), ("kind", "run"),
    ("word", "run"), ("kind", "left", "run"), ("kind", "word", "run"),
)  # fmt: skip
LEFT_PAIR: Templates = (("left2",), ("left", "left2"))
RIGHT: Templates = (("right",), ("kind", "right"), ("word", "right"), ("person", "right"))
RIGHT_PAIR: Templates = (("right2",), ("right", "right2"))
BOTH: Templates = (("left", "right"),)
TEMPLATES = FORM + LEFT + LEFT_PAIR + RIGHT + RIGHT_PAIR + BOTH
_REMEMBERED = 50_000


def reader(slots: Iterable[str]) -> Callable[[Slots], Any]:
    """What reads these slots: the class itself for one, a tuple for several."""
    return itemgetter(*(Slots._fields.index(slot) for slot in slots))


class Form:
    """A candidate by itself: its log-odds, and what they gain by the class left of it with its run, and right of it."""

    __slots__ = ("classes", "is_word", "left", "right", "score")

    def __init__(self, classes: tuple[str, ...], score: float, left: _Sums, right: _Sums) -> None:
        self.classes, self.score, self.left, self.right = classes, score, left, right
        self.is_word = classes[2][:1] == "c"

    def slots(self, left: str, left2: str, right: str, right2: str, run: str) -> Slots:
        """All classes of a candidate of this form."""
        kind, alternate, word, shape, lower, person, size = self.classes
        return tuple.__new__(  # several times as fast as its own constructor
            Slots, (kind, alternate, word, left, left2, right, right2, shape, run, lower, person, size)
        )


class Scorer:
    """Log-odds that a candidate is a toponym: those of its form, and what the table for each side adds.

    `left_pair` and `right_pair` weigh the two words on a side, `both` the classes left and right.
    """

    def __init__(self, bias: float, weights: Mapping[str, Mapping[str, float]]) -> None:
        self._bias, self._weights = bias, weights
        self._forms: dict[tuple[str, ...], Form] = {}
        self._sides: dict[tuple[str, ...], _Sums] = {}
        self.left_pair = _Sums(LEFT_PAIR, weights, ("left", "left2"))
        self.right_pair = _Sums(RIGHT_PAIR, weights, ("right", "right2"))
        self.both = _Sums(BOTH, weights, ("left", "right"))

    def score(self, form: Form, left: str, left2: str, right: str, right2: str, run: str) -> float:
        """The log-odds of a form between its neighbours."""
        return (
            form.score
            + form.left[left, run]
            + form.right[right]
            + self.left_pair[left, left2]
            + self.right_pair[right, right2]
            + self.both[left, right]
        )

    def form(
        self, kind: str, alternate: str, word: str, shape: str, lower: str, person: str, size: str
    ) -> Form:  # fmt: skip
        """What the classes of a candidate by itself weigh; remembered."""
        classes = (kind, alternate, word, shape, lower, person, size)
        known = self._forms.get(classes)
        if known is None:
            if len(self._forms) > _REMEMBERED:
                self._forms.clear()
            known = self._forms[classes] = self._form(dict(zip(_FORM_SLOTS, classes, strict=True)))
        return known

    def _form(self, fixed: Mapping[str, str]) -> Form:
        score = self._bias + _Sums(FORM, self._weights, (), fixed)[()]
        left = self._side(
            LEFT, ("left", "run"), {slot: fixed[slot] for slot in ("kind", "word", "person", "alternate")}
        )
        right = self._side(RIGHT, ("right",), {slot: fixed[slot] for slot in ("kind", "word", "person")})
        return Form(tuple(fixed.values()), score, left, right)

    def _side(self, templates: Templates, free: tuple[str, ...], fixed: Mapping[str, str]) -> _Sums:
        """The sums for a side, shared by the forms that it does not tell apart."""
        classes = (*free, *fixed.values())
        known = self._sides.get(classes)
        if known is None:
            if len(self._sides) > _REMEMBERED:
                self._sides.clear()
            known = self._sides[classes] = _Sums(templates, self._weights, free, fixed)
        return known


_FORM_SLOTS = ("kind", "alternate", "word", "shape", "lower", "person", "size")


class _Sums(dict[Any, float]):
    """The sums of the weights of some templates, by the classes met so far in the `free` slots; others are `fixed`.

    A single free slot is its class itself, several are a tuple.
    """

    def __init__(
        self,
        templates: Templates,
        weights: Mapping[str, Mapping[str, float]],
        free: tuple[str, ...],
        fixed: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__()
        self._tables = [(template, weights.get("*".join(template), {})) for template in templates]
        self._free, self._fixed = free, fixed or {}

    def __missing__(self, classes: Any) -> float:
        if len(self) > _REMEMBERED:
            self.clear()
        met = (classes,) if isinstance(classes, str) else classes
        values = {**self._fixed, **dict(zip(self._free, met, strict=True))}
        total = self[classes] = sum(
            [table.get("|".join([values[slot] for slot in template]), 0.0) for template, table in self._tables]
        )
        return total
