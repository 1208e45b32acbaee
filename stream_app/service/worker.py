"""Runs a service until a signal or a fault: starts Faust, serves the pages, watches that every hop lives, drains."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable

import faust

from stream_app.service.metrics import Metrics
from stream_app.service.watchdog import Watchdog
from stream_app.service.web import WebServer
from stream_app.settings import Settings

logger = logging.getLogger(__name__)


class WorkerFailed(RuntimeError):  # noqa: N818  # an outcome, told in one line
    """The worker stopped because of a fault of its own or of the broker's."""


async def run(app: faust.App, metrics: Metrics, settings: Settings, on_ready: Callable[[int], None]) -> None:
    """Run until SIGTERM or SIGINT, then drain and commit; `on_ready` is told the port of the pages.

    Raises:
        WorkerFailed: the app crashed, an agent ended, or draining took longer than `shutdown_s`.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    pages = WebServer(settings.web_host, settings.web_port, metrics, lambda: why_not_ready(app), settings.web_hosts)
    await pages.start()
    on_ready(pages.port)
    try:
        await _until_stopped(app, stop, settings)
    finally:
        await pages.stop()
    if app.crashed:
        raise WorkerFailed(f"{type(app.crash_reason).__name__}: {app.crash_reason}")


async def _until_stopped(app: faust.App, stop: asyncio.Event, settings: Settings) -> None:
    """Start the app, wait for the first of: a signal, a crash, a stall; then stop it, within `shutdown_s` seconds."""
    starting = asyncio.ensure_future(_start(app))
    stopping = asyncio.ensure_future(stop.wait())
    crashing = asyncio.ensure_future(_crashed(app))
    watching = asyncio.ensure_future(Watchdog(app, settings, lambda: why_not_ready(app)).run())
    await asyncio.wait({starting, stopping, crashing}, return_when=asyncio.FIRST_COMPLETED)
    failure = starting.exception() if starting.done() else None
    if starting.done() and not (failure or stopping.done() or crashing.done()):
        await asyncio.wait({stopping, crashing}, return_when=asyncio.FIRST_COMPLETED)
    logger.info("stopping")
    deadline = _end_after(settings.shutdown_s)
    for future in (starting, stopping, crashing, watching):
        future.cancel()
    try:
        await app.stop()
    except asyncio.CancelledError:
        pass
    except Exception as error:
        if not app.crashed:
            raise
        logger.warning("while stopping after the crash: %s", error)  # the crash may have taken the consumer along
    deadline.cancel()
    if failure is not None:
        raise failure


def _end_after(shutdown_s: float) -> threading.Timer:
    """Make sure that the process ends: with its brokers gone, nothing that drains or commits ever returns.

    What was not committed is repeated by whoever comes next, as after a crash. Cancel the timer once all is drained.
    """

    def end() -> None:
        logger.critical("draining took longer than %.1f s: ending without it", shutdown_s)
        os._exit(1)

    timer = threading.Timer(shutdown_s, end)
    timer.daemon = True
    timer.start()
    return timer


async def _start(app: faust.App) -> None:
    app.finalize()
    await app.start()


async def _crashed(app: faust.App) -> None:
    while not app.crashed:  # noqa: ASYNC110  # Faust has no event for it
        await asyncio.sleep(0.1)


def why_not_ready(app: faust.App) -> str | None:
    """What the worker waits for before it handles records, or None when it does."""
    if app.should_stop:
        return "it is stopping"
    if not app.started:
        return "Faust is starting"
    if app.rebalancing or not app.tables.recovery.completed.is_set():
        return "partitions and their tables"
    if grown := app.consumer.grown():
        return f"partitions added to {', '.join(grown)}"
    return None
