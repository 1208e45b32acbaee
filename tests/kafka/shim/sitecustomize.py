"""What a worker under test can be asked to do from outside; Python imports this at its start, by PYTHONPATH.

SIGUSR1 moves the clock by the seconds in the file that `SHIM_CLOCK` names. SIGUSR2 writes the stack of every thread and
every task to the standard error, for a worker that stands still. `SHIM_HANG` names a way in which the hop `tag` is to
hang for good: `busy` (it computes for ever) or `waiting` (it awaits for ever). With `SHIM_PILLS`, a record that holds
`shim-pill:raise`, `shim-pill:kill` or `shim-pill:hold` makes `tag` raise, kill its process, or hold Python's lock for
good; `shim-pill:halfway` makes `match` raise after it has changed its state.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import re
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
    from stream_app.core.flow.pipeline import Tag
    from stream_app.service.agents import Runner

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


def _swallow_pills() -> None:
    from stream_app.core.flow.pipeline import Match, Tag

    each, judge = Tag.each, Match.__call__

    def tag(hop: Any, records: Any) -> Any:
        for record in records:
            value = record.value or b""
            if b"shim-pill:raise" in value:
                raise ZeroDivisionError("a pill")
            if b"shim-pill:kill" in value:
                os.kill(os.getpid(), signal.SIGKILL)
            if b"shim-pill:hold" in value:
                re.match(r"(a|a)*$", "a" * 60 + "b")
        return each(hop, records)

    def match(hop: Any, record: Any, state: Any) -> Any:
        effects = judge(hop, record, state)
        if b"shim-pill:halfway" in (record.value or b""):
            raise ZeroDivisionError("a pill")
        return effects

    Tag.each = tag  # type: ignore[method-assign,assignment]
    Match.__call__ = match  # type: ignore[method-assign,assignment]


if "SHIM_CLOCK" in os.environ:
    time.time = lambda: _now() + _offset_s
    time.time_ns = lambda: _now_ns() + int(_offset_s * 1e9)
    signal.signal(signal.SIGUSR1, _move_clock)
    signal.signal(signal.SIGUSR2, _tell)
if "SHIM_HANG" in os.environ:
    _hang(os.environ["SHIM_HANG"])
if "SHIM_PILLS" in os.environ:
    _swallow_pills()
