"""What is being done while a gazetteer is compiled, where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from stream_app.gazetteer.build import untold


@contextmanager
def building() -> Iterator[Callable[[str], None]]:
    """A function to tell each step to: a line on a terminal that changes, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield untold
        return
    from rich.console import Console  # noqa: PLC0415  # takes a tenth of a second

    with Console(stderr=True).status("compiling the gazetteer", spinner="line") as status:
        yield lambda step: status.update(f"compiling the gazetteer, once: {step}")
