"""A TCP proxy on 127.0.0.1 that stands between a client and one broker and misbehaves when told to.

It runs an event loop of its own in a thread, so that a synchronous test can cut, slow and heal connections while the
workers, which are other processes, go on.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

CHUNK_BYTES = 16_384

T = TypeVar("T")


class Proxy:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`target_port`; faults apply to every connection, old and new.

    `cut` closes what is open and refuses what comes; `blackhole` keeps connections open and passes nothing, the way
    a lost route does; `slow` delays every chunk; `heal` ends any fault. `harmed` counts connections that were cut or
    refused and chunks that were held, so that a test can tell a fault from one that met nobody.
    """

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.accepted = 0
        self.harmed = 0
        self._delay_s = 0.0
        self._refusing = False
        self._writers: set[asyncio.StreamWriter] = set()
        self._pumps: set[asyncio.Task[None]] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = int(self._server.sockets[0].getsockname()[1])

    def cut(self) -> None:
        """Close every connection and refuse new ones until healed."""
        self._run(self._cut(refuse=True))

    def reset(self) -> None:
        """Close every connection once; new ones are welcome."""
        self._run(self._cut(refuse=False))

    def blackhole(self) -> None:
        """Keep connections open and pass nothing until healed."""
        self._loop.call_soon_threadsafe(self._passing.clear)

    def slow(self, delay_s: float) -> None:
        """Hold every chunk, in both directions, for `delay_s` seconds until healed."""
        self._delay_s = delay_s

    def heal(self) -> None:
        """Pass everything at full speed again."""
        self._refusing = False
        self._delay_s = 0.0
        self._loop.call_soon_threadsafe(self._passing.set)

    def close(self) -> None:
        """Close everything and end the thread; harmless when done twice."""
        if self._thread.is_alive():
            self._run(self._shut())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(5)

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _cut(self, *, refuse: bool) -> None:
        self._refusing = refuse
        for writer in list(self._writers):
            writer.transport.abort()
            self.harmed += 1

    async def _shut(self) -> None:
        self._server.close()
        await self._cut(refuse=True)
        for pump in list(self._pumps):
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refusing:
            self.harmed += 1
            writer.transport.abort()
            return
        try:
            upstream, downstream = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.transport.abort()  # the broker is down: the client must see what it would see without a proxy
            return
        self.accepted += 1
        self._writers |= {writer, downstream}
        for source, sink in ((reader, downstream), (upstream, writer)):
            pump = self._loop.create_task(self._pump(source, sink))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await source.read(CHUNK_BYTES):
                self.harmed += bool(self._delay_s) or not self._passing.is_set()
                await asyncio.sleep(self._delay_s)
                await self._passing.wait()
                sink.write(chunk)
                await sink.drain()
        sink.close()
        self._writers.discard(sink)
