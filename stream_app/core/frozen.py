"""Frozen dataclasses, built fast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, field, fields, make_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")


def maker(frozen: type[T]) -> Callable[..., T]:
    """What makes instances of `frozen`: called as the class is, several times as fast.

    A frozen class sets its fields one by one with a call each. So an unfrozen class with the same fields and slots is
    filled, and becomes one of `frozen` by its `__class__`.

    >>> from stream_app.core.events import Bounds
    >>> maker(Bounds)(low=12, high=14)
    Bounds(low=12, high=14)
    """
    copied = map(_copied, fields(frozen))  # type: ignore[arg-type]
    unfrozen = make_dataclass(f"{frozen.__name__}Unfrozen", copied, slots=True)

    def make(*values: Any, **named: Any) -> T:
        made: Any = unfrozen(*values, **named)
        made.__class__ = frozen
        return made  # type: ignore[no-any-return]

    return make


@cache
def _copier(frozen: type[Any]) -> tuple[Callable[..., Any], Callable[[Any], tuple[Any, ...]]]:
    """What makes instances of `frozen`, and what reads all fields of one."""
    return maker(frozen), attrgetter(*[known.name for known in fields(frozen)])


def changed(given: T, **values: Any) -> T:
    """The same with other values, as `dataclasses.replace`, several times as fast: nothing is checked.

    Only for classes of several fields, all of which are given when one is made.

    >>> from stream_app.core.events import Bounds
    >>> changed(Bounds(low=12, high=14), high=None)
    Bounds(low=12, high=None)
    """
    kind: object = type(given)  # types can be hashed, which mypy does not know of type[T]
    make, values_of = _copier(kind)
    made: T = make(*values_of(given))
    for name, value in values.items():
        object.__setattr__(made, name, value)
    return made


def _copied(known: Field[Any]) -> tuple[str, Any, Any]:
    """The name, type and default of a field, as `make_dataclass` wants them."""
    if known.default_factory is not MISSING:
        return known.name, known.type, field(default_factory=known.default_factory)
    return known.name, known.type, field(default=known.default)
