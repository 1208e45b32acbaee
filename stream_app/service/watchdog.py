"""Ends a worker that comes no further, whatever the cause: nobody notices one that idles, and a restart mends it.

Three things are watched, because each can stand still while the others look well: the event loop (a hop that computes
for ever), the records in hand (an answer that never comes), and the rebalance or recovery (Faust waits for some of them
without end).
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import os
import sys
import threading
import time
from collections.abc import Callable

import faust

from stream_app.settings import Settings

logger = logging.getLogger(__name__)

_LATER_S = 5.0
"""What no Python may run for, the alarm has no word in: a C function that holds Python's lock, such as a regular
expression gone wild. So long after the alarm a thread that needs no lock writes the stack and ends the process."""
_LEAST_S = 30.0  # less would take a slow machine, or a batch of large rows, for a stall


class StalledError(RuntimeError):
    """The worker comes no further."""


class Watchdog:
    """Watches an app until cancelled; `why_not_ready` tells what it waits for, None while records are handled."""

    def __init__(self, app: faust.App, settings: Settings, why_not_ready: Callable[[], str | None]) -> None:
        self._app = app
        self._why_not_ready = why_not_ready
        self._limit_s = max(_LEAST_S, 2 * settings.session_timeout_s)
        #: Outputs and rows each have the producer's time to be answered, one after the other.
        self._in_hand_s = 2 * (settings.send_timeout_s + settings.session_timeout_s)
        self._before: object = None
        self._since = time.monotonic()

    async def run(self) -> None:
        """Look every second, until the app stalls: then crash it. A loop that does not come here ends the process."""
        alarm = LoopAlarm(self._limit_s)
        alarm.start()
        try:
            while (stalled := self._stalled()) is None:
                await asyncio.sleep(1.0)
                alarm.tick()
                faulthandler.dump_traceback_later(self._limit_s + _LATER_S, exit=True)
        finally:
            alarm.stop()
            faulthandler.cancel_dump_traceback_later()
        logger.critical("%s", stalled)
        await self._app.crash(StalledError(stalled))

    def _stalled(self) -> str | None:
        """What stands still, for longer than it may; None while all goes on."""
        reached = self._reached()
        if reached is None or reached != self._before:
            self._before, self._since = reached, time.monotonic()
        if time.monotonic() - self._since > self._limit_s:
            return f"no progress for {self._limit_s:.0f} s while waiting for {self._why_not_ready()}"
        if self._held_s() > self._in_hand_s:
            return f"records in hand for {self._in_hand_s:.0f} s without an answer"
        return None

    def _reached(self) -> object:
        """How far a rebalance or recovery has come; None while records are handled, or awaited before a rebalance."""
        if not self._app.started or self._why_not_ready() is None or self._held_s():
            return None
        unread = [table.data.unread for table in self._app.tables.values()]
        return self._app.consumer_generation_id, sorted(self._app.tables.recovery.active_offsets.items()), unread

    def _held_s(self) -> float:
        """For how long the oldest record in hand has been there."""
        return float(self._app.consumer.held_s()) if self._app.started else 0.0


class LoopAlarm(threading.Thread):
    """Ends the process with 1 when nobody calls `tick` for `limit_s` seconds, and says where every thread was.

    A thread of its own, since a loop that stands still runs nothing. Time in which the whole process stood still
    (SIGSTOP, a suspended machine) does not count: neither this thread nor the loop could have moved.
    """

    _EVERY_S = 0.5

    def __init__(self, limit_s: float, end: Callable[[], None] = lambda: os._exit(1)) -> None:
        super().__init__(name="loop-alarm", daemon=True)
        self._limit_s = limit_s
        self._end = end
        self._still_s = 0.0
        self._stopped = threading.Event()

    def tick(self) -> None:
        """Note that the loop lives."""
        self._still_s = 0.0

    def stop(self) -> None:
        """Watch no longer."""
        self._stopped.set()

    def run(self) -> None:
        """Count half seconds until stopped, or until there were too many without a tick."""
        while not self._stopped.wait(self._EVERY_S):
            self._still_s += self._EVERY_S
            if self._still_s > self._limit_s:
                logger.critical("the event loop stood still for %.0f s: ending without draining", self._limit_s)
                faulthandler.dump_traceback(sys.stderr)
                self._end()
                return
