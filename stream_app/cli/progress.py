"""A progress bar on stderr where a person watches, nothing where none does."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def track(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """Pass `items` on while a bar shows how many have gone, how fast and, with a total, how long the rest will take."""
    if not sys.stderr.isatty():
        yield from items
        return
    # Imported only where somebody watches: rich takes a tenth of a second.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    shown = TextColumn("{task.completed}") if total is None else MofNCompleteColumn()
    columns = (TextColumn(what), BarColumn(), shown, TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total, rate="")
        for item in items:
            yield item
            # rich knows no speed before its second step.
            speed = bar.tasks[0].finished_speed or bar.tasks[0].speed
            bar.update(task, advance=1, rate="" if speed is None else f"{speed:,.0f}/s")
