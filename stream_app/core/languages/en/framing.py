"""How a stretch of a sentence is told: the assertion of every figure in it, and the word that says so."""

from __future__ import annotations

from typing import NamedTuple

from stream_app.core.events import Assertion


class Frame(NamedTuple):
    """The figures whose words begin at a token in `[start, stop)` have this assertion, because of `cue`."""

    assertion: Assertion
    cue: str
    start: int
    stop: int
