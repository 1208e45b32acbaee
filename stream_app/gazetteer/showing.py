"""What is being done while a gazetteer is compiled, where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from stream_app.gazetteer.build import untold


@contextmanager
def building(*, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """A function to tell each step to: a line on a terminal that changes, nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield untold
        return
    with ExitStack() as shown:
        status: list[Any] = []  # nothing is drawn before there is something to compile

        def on_step(step: str) -> None:
            from rich.console import Console  # noqa: PLC0415  # takes a tenth of a second

            if not status:
                console = Console(stderr=True)
                status.append(shown.enter_context(console.status("compiling the gazetteer", spinner="line")))
            status[0].update(f"compiling the gazetteer, once: {step}")

        yield on_step
