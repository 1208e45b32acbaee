"""Which records may have killed the process: told from one process to the next by the metadata of offset commits.

A commit says "" while a worker is at it, and "clean" when it has let go of the partition. So a worker that finds ""
knows that another died with up to some hundred records in hand. It then goes in small parts through what is in doubt,
and notes each part with its commit before it decides it; if it dies as well, the next goes one by one through that
part. A record that has been in hand alone, and at so many deaths as the settings allow, is set aside. docs/adr/0012.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from faust.types import TP

CLEAN: Final = "clean"
RUNNING: Final = ""
REGION: Final = 1000
"""So many offsets behind the last commit are in doubt: what a second of a fast hop has in hand. A death further on puts
the next thousand in doubt, so that nothing hides behind it for long."""
PART: Final = 32
"""Records that are noted together, at first."""

Committed = tuple[int, str]
"""An offset, and what its commit says."""


class Notes(Protocol):
    """Commits that say something; a consumer has them."""

    def assignment(self) -> set[TP]:
        """The partitions of this generation."""

    async def committed(self, tps: Sequence[TP], /) -> Mapping[TP, Committed]:
        """What was committed last, and what it says; the beginning, clean, where nothing was."""

    async def settle(self) -> None:
        """Have everything before the records in hand committed, as far as a note could not do that by itself."""

    async def note(self, notes: Mapping[TP, Committed], /) -> None:
        """Commit these offsets with these notes; everything before them has its answers."""


@dataclass(slots=True)
class Doubt:
    """From `first` up to `until` records are in doubt; those up to `narrow` were in hand at the last of `deaths`."""

    first: int
    until: int
    narrow: int
    deaths: int
    row: int = 0

    @classmethod
    def read(cls, offset: int, note: str) -> Doubt:
        """What a note means for the records from its offset on.

        >>> Doubt.read(7, ""), Doubt.read(7, "deaths=2 upto=9 row=1")
        (Doubt(first=7, until=1007, narrow=7, deaths=1, row=0), Doubt(first=7, until=1007, narrow=9, deaths=2, row=1))
        >>> Doubt.read(7, "what another client writes")
        Doubt(first=7, until=1007, narrow=7, deaths=1, row=0)
        """
        said = dict(word.split("=", 1) for word in note.split() if "=" in word)
        try:
            return cls(offset, offset + REGION, int(said["upto"]), int(said["deaths"]), int(said["row"]))
        except (KeyError, ValueError):
            return cls(offset, offset + REGION, offset, 1)

    def deaths_at(self, offset: int) -> int:
        """With how many deaths the record at an offset was, or may have been, in hand."""
        return self.deaths if offset < self.narrow else 1


@dataclass(slots=True)
class Doubts:
    """What is in doubt of one hop's topic, since the group's generation began.

    All hops of a process share one `gate`: while one decides what is noted, no other decides, or it would be blamed for
    the death that another brings about. Whoever waits at the gate may hold up a commit, so nobody waits for a commit
    of others behind it.
    """

    consumer: Callable[[], Notes]
    topic: str
    gate: asyncio.Lock
    by_tp: dict[TP, Doubt] = field(default_factory=dict)
    row: int = 0
    _noted: dict[TP, Committed] = field(default_factory=dict)
    _holds_gate: bool = False
    _generation: int | None = None

    async def begin(self, generation: int) -> None:
        """Once a generation: see how the partitions were left, and say that they are being worked on."""
        if generation == self._generation:
            return
        consumer = self.consumer()
        tps = [tp for tp in consumer.assignment() if tp.topic == self.topic]
        found = await consumer.committed(tps)
        left = {tp: said for tp, said in found.items() if said[1] != CLEAN}
        self.by_tp = {tp: Doubt.read(*said) for tp, said in left.items()}
        self.row = max((doubt.row for doubt in self.by_tp.values()), default=0)
        await consumer.note({tp: (offset, RUNNING) for tp, (offset, _) in found.items() if tp not in left})
        self._generation = generation

    def deaths(self, event: Any) -> int:
        """With how many deaths this record was in hand alone."""
        doubt = self.by_tp.get(event.tp)
        if doubt is None or not doubt.first == event.offset == doubt.narrow - 1:
            return 0
        return doubt.deaths

    async def part(self, events: Sequence[Any], row: int) -> Sequence[Any]:
        """The first of the records, as many as may be decided together; what is in doubt of them is to be noted.

        `row`: how many were set aside directly before the first, to be told with it.
        """
        part = events[: self._length(events)]
        begun: dict[TP, tuple[int, int, int]] = {}
        for event in part:
            doubt = self.by_tp.get(event.tp)
            if doubt is not None and event.offset >= doubt.until:
                del self.by_tp[event.tp]
            elif doubt is not None:
                first, _, deaths = begun.get(event.tp, (event.offset, 0, doubt.deaths_at(event.offset)))
                begun[event.tp] = first, event.offset + 1, deaths
        self._noted = {
            tp: (first, f"deaths={deaths + 1} upto={upto} row={row}") for tp, (first, upto, deaths) in begun.items()
        }
        if self._noted:
            await self.consumer().settle()
        return part

    def _length(self, events: Sequence[Any]) -> int:
        """One where a process died with this record among few, else up to the first such record."""
        if not any(event.tp in self.by_tp for event in events):
            return len(events)
        for number, event in enumerate(events[:PART]):
            doubt = self.by_tp.get(event.tp)
            if doubt is not None and event.offset < doubt.narrow:
                return max(number, 1)
        return PART

    @property
    def noted(self) -> bool:
        """Whether a death would be blamed on records in hand."""
        return bool(self._noted)

    async def enter(self) -> None:
        """Before anything is decided: note what is in doubt, or wait for another hop that has."""
        if not self._noted:
            await self.turn()
            return
        await self.gate.acquire()
        self._holds_gate = True
        await self.consumer().note(self._noted)

    async def turn(self) -> None:
        """Let a hop go first that has noted something."""
        while self.gate.locked() and not self._holds_gate:
            async with self.gate:
                pass

    async def release(self) -> None:
        """The part is decided: whatever happens while it is sent is no fault of its records."""
        if self._noted:
            await self.consumer().note({tp: (offset, RUNNING) for tp, (offset, _) in self._noted.items()})
        self.give_up()

    def give_up(self) -> None:
        """Keep nobody waiting any longer."""
        self._noted = {}
        if self._holds_gate:
            self._holds_gate = False
            self.gate.release()

    async def leave(self, event: Any, row: int) -> None:
        """Tell the next process how many records were set aside directly before this one, at which this one stops."""
        await self.consumer().settle()
        await self.consumer().note({event.tp: (event.offset, f"deaths=0 upto={event.offset + 1} row={row}")})
