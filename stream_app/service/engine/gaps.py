"""Records that the broker deleted before they were read: told once, whoever owns their partition.

A worker that finds its position deleted begins at what is left. Until it commits an offset behind the gap, the next
owner of the partition begins before it as well, finds the same gap and would count it again: of two workers that
start behind a gap, the first finds all of it before the second joins. So the offset behind a gap is committed as soon
as everything before it has its answers, and the gap is told with that commit. docs/adr/0014.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol

from faust.types import TP

from stream_app.service.doubt import Committed


class Commits(Protocol):
    """What a gap needs of a consumer."""

    def assignment(self) -> set[TP]:
        """The partitions of this generation."""

    async def committed(self, tps: list[TP], /) -> Mapping[TP, Committed]:
        """What was committed last, and what it says; where the partition begins, clean, where nothing was."""

    async def say(self, notes: Mapping[TP, Committed], /) -> None:
        """Commit these offsets, and tell `Gaps.passed` of those that the broker took."""


class Gaps:
    """The gaps of a generation that no commit has passed yet; `tell` hears of each once one has."""

    def __init__(self, tell: Callable[[TP, int, int], None]) -> None:
        self._tell = tell
        self._open: dict[TP, list[range]] = {}

    def note(self, tp: TP, first: int, begins: int) -> None:
        """Records from `first` up to where the partition begins now are gone."""
        self._open.setdefault(tp, []).append(range(first, begins))

    def passed(self, committed: Mapping[TP, int]) -> None:
        """These offsets are committed: the next owner finds no gap that ends before them."""
        for tp, offset in committed.items():
            left = [gap for gap in self._open.get(tp, ()) if gap.stop > offset]
            for gap in self._open.pop(tp, ()):
                if gap not in left:
                    self._tell(tp, gap.start, gap.stop)
            if left:
                self._open[tp] = left

    def forget(self) -> None:
        """A generation begins: what no commit has passed is found again, by whoever has the partition now."""
        self._open.clear()

    async def close(self, tp: TP, commits: Commits) -> bool:
        """Commit the offset behind a gap, unless records before it are still in hand; whether nothing is left to do.

        What the commit says stays: a record that is gone has no part in who died of what (docs/adr/0012). A process
        that ends while it commits tells what it cannot know to be told: rather twice than never.
        """
        if tp not in self._open or tp not in commits.assignment():
            return True
        offset, said = (await commits.committed([tp]))[tp]
        behind = max((gap.stop for gap in self._open.get(tp, ()) if gap.start <= offset), default=0)
        if behind:
            try:
                await commits.say({tp: (max(offset, behind), said)})
            except asyncio.CancelledError:
                self.passed({tp: behind})
                raise
        return tp not in self._open
