"""How far a command has come, on stderr where a person watches; nothing where none does, or wants to."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
_DRAWN_S = 0.1  # between two looks of a bar
_SAID_S = 5.0  # between two lines on a terminal that cannot draw
_NARROW = 60  # columns: less has no room for a bar


class Read(Protocol):
    """How many bytes have been read, and of how many, if that is known."""

    @property
    def bytes_done(self) -> int:
        """So many have been read."""

    @property
    def bytes_total(self) -> int | None:
        """There are so many."""


@dataclass(slots=True)
class State:
    """Where a run stands: items done, of how many; failing that, bytes read."""

    what: str
    total: int | None = None
    read: Read | None = None
    done: int = 0
    begun_s: float = field(default_factory=time.monotonic)

    def part(self) -> float | None:
        """What is done of the whole, 0 to 1; None where the whole is not known."""
        done, total = (self.done, self.total) if self.total is not None else self._bytes()
        return min(1.0, done / total) if total else None

    def told(self, now_s: float) -> str:
        """The state in words: done, total or share, rate, time left.

        >>> State("tagged", total=400, done=100, begun_s=0.0).told(10.0)
        '100 of 400, 10/s, 0:30 left'
        """
        elapsed_s = now_s - self.begun_s
        part, words = self.part(), [f"{self.done:,}"]
        if self.total is not None:
            words = [f"{self.done:,} of {self.total:,}"]
        elif part is not None:
            words.append(f"{part:.0%} of {_size(self._bytes()[1] or 0)}")
        elif self.read is not None:
            words.append(f"{_size(self._bytes()[0])} read")
        if self.done and elapsed_s > 0:
            words.append(f"{self.done / elapsed_s:,.0f}/s")
        if part and elapsed_s >= 1:
            words.append(f"{_clock(elapsed_s * (1 - part) / part)} left")
        return ", ".join(words)

    def _bytes(self) -> tuple[int, int | None]:
        return (self.read.bytes_done, self.read.bytes_total) if self.read is not None else (0, None)


def track(
    items: Iterable[T], what: str, total: int | None = None, read: Read | None = None, *, quiet: bool = False
) -> Iterator[T]:
    """Pass `items` on while a bar shows how many have gone, of how many, how fast, and the time left.

    Without a `total` the bytes that are `read` say how far it is. On a terminal that cannot draw (`TERM=dumb`) a
    line is written now and then.
    """
    if quiet or not sys.stderr.isatty():
        yield from items
        return
    # Imported only where somebody watches: rich takes a tenth of a second.
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=True, highlight=False)
    state = State(what, total, read)
    shown = _lines(items, state) if console.is_dumb_terminal else _bar(items, state, console)
    yield from shown


def _lines(items: Iterable[T], state: State) -> Iterator[T]:
    said_s = state.begun_s
    for item in items:
        yield item
        state.done += 1
        now_s = time.monotonic()
        if now_s - said_s >= _SAID_S:
            said_s = now_s
            print(f"{state.what} {state.told(now_s)}", file=sys.stderr)
    print(f"{state.what} {state.told(time.monotonic())}", file=sys.stderr)


def _bar(items: Iterable[T], state: State, console: Any) -> Iterator[T]:
    from rich.progress import BarColumn, Progress, TextColumn  # noqa: PLC0415

    told = TextColumn("{task.fields[told]}")
    bars = () if console.width < _NARROW else (BarColumn(20),)
    columns = (TextColumn(state.what), *bars, told)
    # What goes to stdout must get there, whoever watches stderr.
    with Progress(*columns, console=console, redirect_stdout=sys.stdout.isatty()) as bar:
        task = bar.add_task(state.what, total=None, told="")
        drawn_s = 0.0
        for item in items:
            yield item
            state.done += 1
            now_s = time.monotonic()
            if now_s - drawn_s >= _DRAWN_S:
                drawn_s = now_s
                _draw(bar, task, state, now_s)
        _draw(bar, task, state, time.monotonic())


def _draw(bar: Any, task: Any, state: State, now_s: float) -> None:
    part = state.part()
    bar.update(task, total=None if part is None else 1.0, completed=part or 0.0, told=state.told(now_s))


def _size(count: float) -> str:
    """Bytes in a unit that people read.

    >>> _size(800), _size(12_345_678)
    ('800 B', '12.3 MB')
    """
    for unit in ("B", "kB", "MB"):
        if count < 1000:  # noqa: PLR2004
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"


def _clock(seconds: float) -> str:
    """A length of time.

    >>> _clock(95), _clock(3700)
    ('1:35', '1:01:40')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
