"""What a worker under test can be asked to do from outside; Python imports this at its start, by PYTHONPATH.

SIGUSR1 moves the clock by the seconds in the file that `SHIM_CLOCK` names. SIGUSR2 writes the stack of every thread and
every task to the standard error, for a worker that stands still. `SHIM_HANG` names a way in which the hop `tag` is to
hang for good: `busy` (it computes for ever) or `waiting` (it awaits for ever).
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

_now, _now_ns = time.time, time.time_ns
_offset_s = 0.0


def _move_clock(*_: Any) -> None:
    global _offset_s  # noqa: PLW0603 - the clock of a process is one
    _offset_s = float(Path(os.environ["SHIM_CLOCK"]).read_text())


def _tell(*_: Any) -> None:
    faulthandler.dump_traceback(all_threads=True)
    loop = asyncio._get_running_loop()
    for task in asyncio.all_tasks(loop) if loop else ():
        task.print_stack(limit=8, file=sys.stderr)
    sys.stderr.flush()


def _hang(way: str) -> None:
    from stream_app.core.pipeline import Tag
    from stream_app.service.hops import Runner

    def busy(*_: Any) -> None:
        while True:
            pass

    async def waiting(runner: Any, batch: Any) -> None:
        if runner.hop.name == "tag":
            await asyncio.Event().wait()
        await handle(runner, batch)

    handle = Runner.handle
    if way == "busy":
        Tag.each = busy  # type: ignore[method-assign,assignment]
    else:
        Runner.handle = waiting  # type: ignore[method-assign,assignment]


if "SHIM_CLOCK" in os.environ:
    time.time = lambda: _now() + _offset_s
    time.time_ns = lambda: _now_ns() + int(_offset_s * 1e9)
    signal.signal(signal.SIGUSR1, _move_clock)
    signal.signal(signal.SIGUSR2, _tell)
if "SHIM_HANG" in os.environ:
    _hang(os.environ["SHIM_HANG"])
