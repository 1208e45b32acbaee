"""The worker's own pages: /health, /ready, /metrics and the live page; Faust's, which would serve tables, are off.

Kubernetes' names, /healthz and /readyz, answer the same.
"""

from __future__ import annotations

import errno
from collections.abc import Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from stream_app.service.live import Live, page
from stream_app.service.metrics import Metrics
from stream_app.settings import SettingsError


class WebServer:
    """Serves on `host:port`; `port` 0 takes a free one, which `port` then tells.

    `why_not_ready` returns None when the worker handles records, else one line that says what it waits for.
    """

    def __init__(
        self, host: str, port: int, metrics: Metrics, live: Live, why_not_ready: Callable[[], str | None]
    ) -> None:
        self.host = host
        self.port = port
        self._metrics = metrics
        self._live = live
        self._why_not_ready = why_not_ready
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen; raises SettingsError when the port is taken."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self._page),
                web.get("/live.json", self._last_records),
                *(web.get(path, self._health) for path in ("/health", "/healthz")),
                *(web.get(path, self._ready) for path in ("/ready", "/readyz")),
                web.get("/metrics", self._expose),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        try:
            await site.start()
        except OSError as error:
            await self._runner.cleanup()
            if error.errno != errno.EADDRINUSE:
                raise
            raise SettingsError(
                f"port {self.port} is taken: choose another with --web-port or STREAM_APP_WEB_PORT (0: any free port)"
            ) from error
        addresses = self._runner.addresses
        self.port = addresses[0][1]

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(text=page(), content_type="text/html")

    async def _last_records(self, _: web.Request) -> web.Response:
        return web.Response(body=self._live.snapshot(), content_type="application/json")

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _ready(self, _: web.Request) -> web.Response:
        waiting_for = self._why_not_ready()
        self._metrics.set("ready", waiting_for is None)
        if waiting_for is None:
            return web.json_response({"status": "ready"})
        return web.json_response({"status": "not ready", "waiting_for": waiting_for}, status=503)

    async def _expose(self, _: web.Request) -> web.Response:
        self._metrics.set("ready", self._why_not_ready() is None)
        return web.Response(body=self._metrics.exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})
