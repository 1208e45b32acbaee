"""Runs store, feed and API in one process until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable

import uvicorn

from stream_app.serve.api import build
from stream_app.serve.feed import Feed
from stream_app.serve.hub import Hub
from stream_app.serve.store import Store
from stream_app.settings import Settings, SettingsError

MOST_LISTENERS = 2000
_PULSE_S = 15.0


async def run(settings: Settings, announce: Callable[[int], None]) -> None:
    """Serve until a signal; `announce` is told the port.

    Raises:
        SettingsError: the port is taken, or the database cannot be used.
    """
    store, hub = Store(settings.store), Hub(MOST_LISTENERS)
    feed = Feed(settings, store, hub)
    app = build(store, feed, hub, hosts=(settings.serve_host, *settings.web_hosts), origins=settings.cors_origins)
    listening = _listen(settings.serve_host, settings.serve_port)
    server = uvicorn.Server(
        uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, timeout_keep_alive=10,
            timeout_graceful_shutdown=5, limit_concurrency=MOST_LISTENERS + 500, h11_max_incomplete_event_size=16_384,
        )
    )  # fmt: skip
    reading = asyncio.ensure_future(feed.run())
    reading.add_done_callback(lambda _: setattr(server, "should_exit", True))
    announce(listening.getsockname()[1])
    beside = [asyncio.ensure_future(_end_listeners(server, hub)), asyncio.ensure_future(_pulse(hub))]
    try:
        await server.serve(sockets=[listening])
    finally:
        for task in beside:
            task.cancel()
        failed = reading.done() and not reading.cancelled()
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
        await asyncio.to_thread(store.close)
    if failed:
        reading.result()


async def _pulse(hub: Hub) -> None:
    while True:
        await asyncio.sleep(_PULSE_S)
        hub.pulse()


async def _end_listeners(server: uvicorn.Server, hub: Hub) -> None:
    """Close the feeds when the server stops: it waits for every answer to end, and theirs never would."""
    while not server.should_exit:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.1)
    hub.end()


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=512
        )
    except OSError as error:
        raise SettingsError(
            f"{host}:{port} cannot be listened on ({error.strerror}): choose another with --port or "
            "STREAM_APP_SERVE_PORT (0: any free port)"
        ) from error
