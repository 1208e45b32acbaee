"""Who listens to the feed. What is told is kept once, however many listen: each only knows how far it has come."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

_KEPT = 2000
"""Entries that may wait for a slow listener: when it is further behind, it is let go and asks again from there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger as it is sent: encoded once. Without a number it is a sign of life."""

    seq: int | None
    sent: bytes

    @classmethod
    def of(cls, revision: Mapping[str, Any]) -> Entry:
        r"""A revision as a server-sent event.

        >>> Entry.of({"seq": 7}).sent
        b'id: 7\nevent: revision\ndata: {"seq":7}\n\n'
        """
        seq = revision["seq"]
        return cls(seq, b"id: %d\nevent: revision\ndata: %s\n\n" % (seq, orjson.dumps(revision)))


_PULSE = Entry(None, b": still here\n\n")


class Hub:
    """Hands every new entry of the ledger to all who listen; belongs to one event loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._log: deque[Entry] = deque(maxlen=_KEPT)
        self._told = 0  # entries ever
        self._more = asyncio.Event()  # for those who have all of them; a new one each time
        self._ended = False
        self.listening = 0
        """How many listen now."""

    @property
    def full(self) -> bool:
        """Whether nobody more may listen."""
        return self.listening >= self._most

    @contextmanager
    def listener(self) -> Iterator[Listener]:
        """Somebody who gets what is told from now on."""
        self.listening += 1
        try:
            yield Listener(self)
        finally:
            self.listening -= 1

    def tell(self, revisions: Iterable[Mapping[str, Any]]) -> None:
        """Hand entries to all."""
        self._add([Entry.of(revision) for revision in revisions])

    def pulse(self) -> None:
        """Send all a sign of life, so that nobody between holds a silent connection for a dead one."""
        self._add([_PULSE])

    def end(self) -> None:
        """Let everybody go: the program stops."""
        self._ended = True
        self._more.set()

    def _add(self, entries: list[Entry]) -> None:
        if entries:
            self._log.extend(entries)
            self._told += len(entries)
            more, self._more = self._more, asyncio.Event()
            more.set()

    def _since(self, told: int) -> list[Entry] | None:
        """What was told since; None when some of it is no longer kept."""
        missed = self._told - told
        if missed > len(self._log):
            return None
        return [self._log[at] for at in range(-missed, 0)]


class Listener:
    """One who listens."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._told = hub._told  # noqa: SLF001  # two halves of one thing

    async def more(self) -> list[Entry] | None:
        """What was told since the last time, once there is something; None when it is to be let go."""
        hub = self._hub
        while hub._told == self._told and not hub._ended:  # noqa: SLF001
            await hub._more.wait()  # noqa: SLF001
        if hub._ended:  # noqa: SLF001
            return None
        found = hub._since(self._told)  # noqa: SLF001
        self._told = hub._told  # noqa: SLF001
        return found
