"""The worker's own pages: /health, /ready, /metrics; Faust's, which would serve tables, are off.

Kubernetes' names, /healthz and /readyz, answer the same.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Sequence

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from stream_app.service.metrics import Metrics
from stream_app.service.shield import Shield
from stream_app.settings import SettingsError

_WHERE = """A worker of stream-app.

/metrics   for Prometheus
/health    whether it lives
/ready     whether it handles records, and what it waits for

What it has told of is shown by `stream-app serve`.
"""


class WebServer:
    """Serves on `host:port`; `port` 0 takes a free one, which `port` then tells.

    `why_not_ready` returns None when the worker handles records, else one line that says what it waits for. `names`:
    under which the pages may be asked for, beside addresses and localhost.
    """

    def __init__(
        self,
        host: str,
        port: int,
        metrics: Metrics,
        why_not_ready: Callable[[], str | None],
        names: Sequence[str] = (),
    ) -> None:
        self.host = host
        self.port = port
        self._metrics = metrics
        self._why_not_ready = why_not_ready
        self._shield = Shield({host, *names})
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen; raises SettingsError when the port is taken."""
        app = self._shield.application()
        app.add_routes(
            [
                web.get("/", self._where),
                *(web.get(path, self._health) for path in ("/health", "/healthz")),
                *(web.get(path, self._ready) for path in ("/ready", "/readyz")),
                web.get("/metrics", self._expose),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        pages = self._runner.server
        assert pages is not None
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(
                lambda: self._shield.connection(pages), self.host, self.port, reuse_address=True
            )
        except OSError as error:
            await self._runner.cleanup()
            if error.errno != errno.EADDRINUSE:
                raise
            raise SettingsError(
                f"port {self.port} is taken: choose another with --web-port or STREAM_APP_WEB_PORT (0: any free port)"
            ) from error
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _where(self, _: web.Request) -> web.Response:
        return web.Response(text=_WHERE)

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
