"""What a worker's pages are served behind: a host that is ours, headers that bind browsers, no patience with the slow.

A connection has ten seconds from its begin, or from its last request, until its next request or its end: whoever sends
headers or a body by drops, or does not read what was asked for, is dropped. Beyond sixty-four the oldest goes.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Final

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

PATIENCE_S: Final = 10.0
MOST_CONNECTIONS: Final = 64
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "stream-app",
}
"""Of every answer: none of them is a page that runs or loads anything."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def is_ours(host: str, names: Collection[str]) -> bool:
    """Whether a page may be asked for under this `Host`: an address, localhost, or one of the names.

    A name of somebody else's that was made to point here (DNS rebinding) would let his page read ours.

    >>> [is_ours(host, ["news.example"]) for host in ("127.0.0.1:6066", "[::1]:80", "localhost", "News.example:443")]
    [True, True, True, True]
    >>> [is_ours(host, []) for host in ("evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:6066")]
    [False, False, False, False]
    """
    name = host.lower()
    if not name.endswith("]"):
        name = re.sub(r":\d*$", "", name)
    name = name.removesuffix(".")
    if name == "localhost" or name in names:
        return True
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


class Shield:
    """Makes the connections of a server, and what its application needs."""

    def __init__(self, names: Collection[str] = (), patience_s: float = PATIENCE_S) -> None:
        self.patience_s = patience_s
        self._names = frozenset(name.lower() for name in names)
        self._open: dict[Connection, None] = {}  # the oldest first

    def application(self) -> web.Application:
        """An application whose every answer bears the headers, and which answers to our names only."""
        app = web.Application(middlewares=[self._check], client_max_size=1024)
        app.on_response_prepare.append(self._on_prepare)
        return app

    def connection(self, server: web.Server) -> Connection:
        """The protocol of a connection that comes in."""
        return Connection(server, self)

    def opened(self, connection: Connection) -> None:
        """Make room for one more."""
        self._open[connection] = None
        if len(self._open) > MOST_CONNECTIONS:
            next(iter(self._open)).drop()

    def closed(self, connection: Connection) -> None:
        """One is gone."""
        self._open.pop(connection, None)

    @web.middleware
    async def _check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if isinstance(request.protocol, Connection):
            request.protocol.wait_anew()
        if not is_ours(request.headers.get("Host", ""), self._names):
            raise web.HTTPMisdirectedRequest(text="421: ask under an address, or a name in STREAM_APP_WEB_HOSTS\n")
        return await handler(request)

    async def _on_prepare(self, _: web.BaseRequest, response: web.StreamResponse) -> None:
        response.headers.update(HEADERS)


class Connection(RequestHandler):
    """One connection, and how long it still has."""

    __slots__ = ("_end", "_shield")

    def __init__(self, server: web.Server, shield: Shield) -> None:
        super().__init__(server, loop=asyncio.get_running_loop(), access_log=None, lingering_time=0.0)  # type: ignore[arg-type]
        self._shield = shield
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self.wait_anew()
        self._shield.opened(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Wait no longer."""
        self._shield.closed(self)
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(exc)

    def wait_anew(self) -> None:
        """From now on it has its time once more."""
        if self._end is not None:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(self._shield.patience_s, self.drop)

    def drop(self) -> None:
        """End it, whatever is under way."""
        self._shield.closed(self)
        if self.transport is not None:
            self.transport.abort()

    def handle_error(self, *args: Any, **options: Any) -> web.StreamResponse:
        """The answer to what is no request, with the headers that the application would have set."""
        response = super().handle_error(*args, **options)
        response.headers.update(HEADERS)
        return response
