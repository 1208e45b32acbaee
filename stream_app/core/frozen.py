"""Frozen dataclasses, built fast: as an unfrozen twin that becomes the frozen class once it is complete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, field, fields, make_dataclass
from typing import Any, TypeVar

T = TypeVar("T")


def twin(frozen: type[Any]) -> type[Any]:
    """A dataclass with the fields and slots of `frozen`, but not frozen itself.

    A frozen class sets its fields one by one with a call each, which takes six times as long. An instance of the twin
    becomes one of `frozen` by its `__class__`, since both keep the same slots.

    >>> from stream_app.core.events import Bounds
    >>> bounds = twin(Bounds)(12, None)
    >>> bounds.high = 14
    >>> bounds.__class__ = Bounds
    >>> bounds
    Bounds(low=12, high=14)
    """
    return make_dataclass(f"{frozen.__name__}Twin", map(_copied, fields(frozen)), slots=True)


def maker(frozen: type[T]) -> Callable[..., T]:
    """What makes instances of `frozen` by way of its twin: called as the class is, several times as fast.

    >>> from stream_app.core.events import Bounds
    >>> maker(Bounds)(low=12, high=14)
    Bounds(low=12, high=14)
    """
    unfrozen = twin(frozen)

    def make(*values: Any, **named: Any) -> T:
        made: Any = unfrozen(*values, **named)
        made.__class__ = frozen
        return made  # type: ignore[no-any-return]

    return make


def _copied(known: Field[Any]) -> tuple[str, Any, Any]:
    """The name, type and default of a field, as `make_dataclass` wants them."""
    if known.default_factory is not MISSING:
        return known.name, known.type, field(default_factory=known.default_factory)
    return known.name, known.type, field(default=known.default)
