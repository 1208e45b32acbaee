"""A fault of ours on one record: tried again, then set aside with its trace, so that the stream goes on; on many, stop.

A fault is any exception of a hop that is no PoisonError. docs/adr/0011-quarantine.md says why, and what it costs.
"""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from stream_app.core.hops import Decision, Hop, Record, Stepwise, stretches
from stream_app.core.poison import PoisonError, caught

MOST_IN_A_ROW: Final = 20
"""So many records set aside one after the other are no bad records, but a bad release."""
OF_LAST: Final = 1000
MOST_OF_LAST: Final = 50
"""So are so many of the last thousand."""
MOST_OF_TRACE: Final = 6_000
MOST_OF_DETAIL: Final = 1_000
"""Characters that are kept of a trace, from its end, and of what a fault says."""


T = TypeVar("T")


class UnchangedError(Exception):
    """A stateful hop failed before it changed anything: its state is as it was. `__cause__` is the fault."""


class TooManyFaultsError(RuntimeError):
    """A hop fails on so many records that it is the hop that must be looked at."""


class OutsideError(Exception):
    """What failed lies outside of the record, such as a full disk: it is let out at once."""


def internal_error(hop: str, error: BaseException) -> PoisonError:
    """The reason for which a record is set aside that a hop failed on.

    >>> internal_error("tag", ZeroDivisionError("division by zero")).detail
    'tag failed: ZeroDivisionError: division by zero'
    """
    fault = error.__cause__ if isinstance(error, UnchangedError) and error.__cause__ is not None else error
    name = type(fault).__qualname__
    trace = "".join(traceback.format_exception(fault))[-MOST_OF_TRACE:]
    return PoisonError("internal_error", f"{hop} failed: {name}: {fault}"[:MOST_OF_DETAIL], name, trace)


def attempted(
    decide: Callable[[], T], hop: str, tries: int, mend: Callable[[Exception], None] = lambda _: None
) -> T | PoisonError:
    """What comes of it in so many tries, or why the record is set aside; `mend` is called after each that failed.

    With no `tries`, a fault is let out at once.
    """
    for left in range(max(tries, 1) - 1, -1, -1):
        try:
            return caught(decide)
        except OutsideError:
            raise
        except Exception as error:
            if not tries:
                raise
            mend(error)
            if not left:
                return internal_error(hop, error)
    raise AssertionError("the last try returns or raises")


class Trying:
    """One hop with its state: a record that it fails on is tried again, on a sound state, then set aside.

    `anew` makes the state again as it was before the record, from the rows that the hop had asked for: it is called
    when a stateful hop failed half-way. With no `tries`, a fault is let out at once.
    """

    def __init__(self, hop: Hop, tries: int, anew: Callable[[], Any] | None = None) -> None:
        self.hop = hop
        self.state = hop.new_state()
        self._tries = tries
        self._anew = anew or hop.new_state

    def __call__(self, record: Record) -> Decision:
        """What the hop makes of the record, or why it is set aside."""
        return attempted(lambda: self.hop(record, self.state), self.hop.name, self._tries, self._mend)

    def _mend(self, error: Exception) -> None:
        if self.hop.stateful and not isinstance(error, UnchangedError):
            self.state = self._anew()


def tried_together(hop: Stepwise, records: Iterable[Record], one: Trying) -> Iterator[Decision]:
    """The same for any number of records of a hop with steps, a stretch at a time; `one` tries those that fail."""
    for stretch in stretches(records, lambda record: len(record.value or b"")):
        try:
            yield from hop.each(stretch)
        except Exception:  # noqa: BLE001 - one of them made it fail: alone it does so again
            yield from map(one, stretch)


@dataclass(slots=True)
class Quarantine:
    """Counts the records that one hop had to set aside; `in_a_row` may begin with those of an earlier process.

    Positions number the records that the hop has handled. Only a record that is set aside costs anything.
    """

    in_a_row: int = 0
    _last: int | None = None
    _recent: deque[int] = field(default_factory=deque)

    def set_aside(self, position: int) -> None:
        """Note that the record at this position is to be set aside.

        Raises:
            TooManyFaultsError: it is one too many, and must stay where it is.

        >>> quarantine = Quarantine(in_a_row=MOST_IN_A_ROW - 1)
        >>> quarantine.set_aside(0)
        Traceback (most recent call last):
        stream_app.core.flow.quarantine.TooManyFaultsError: 20 records in a row failed
        """
        self.in_a_row = self.row_before(position) + 1
        self._last = position
        self._recent.append(position)
        while self._recent[0] <= position - OF_LAST:
            self._recent.popleft()
        if self.in_a_row >= MOST_IN_A_ROW:
            raise TooManyFaultsError(f"{self.in_a_row} records in a row failed")
        if len(self._recent) >= MOST_OF_LAST:
            raise TooManyFaultsError(f"{len(self._recent)} of the last {OF_LAST} records failed")

    def row_before(self, position: int) -> int:
        """How many were set aside directly before the record at this position."""
        follows = position == (0 if self._last is None else self._last + 1)
        return self.in_a_row if follows else 0
