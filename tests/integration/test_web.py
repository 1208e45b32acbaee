"""A worker's pages before browsers and strangers: whose name they answer to, what binds them, who is too slow."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
import pytest

from stream_app.service import shield
from stream_app.service.metrics import Metrics
from stream_app.service.web import WebServer

PATHS = ("/", "/health", "/healthz", "/ready", "/readyz", "/metrics", "/nothing-here")


@pytest.fixture
async def pages() -> AsyncIterator[WebServer]:
    server = WebServer("127.0.0.1", 0, Metrics(), lambda: None, ["news.example"])
    await server.start()
    yield server
    await server.stop()


async def asked(pages: WebServer, path: str, host: str | None = None, method: str = "GET") -> aiohttp.ClientResponse:
    headers = {} if host is None else {"Host": host}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"http://127.0.0.1:{pages.port}{path}", headers=headers) as answer,
    ):
        await answer.read()
        return answer


def assert_bound(headers: dict[str, str]) -> None:
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["server"] == "stream-app"


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_binds_browsers_and_names_no_version(pages: WebServer, path: str) -> None:
    answer = await asked(pages, path)
    assert_bound({name.lower(): value for name, value in answer.headers.items()})


async def test_so_does_the_answer_to_a_wrong_method(pages: WebServer) -> None:
    answer = await asked(pages, "/", method="POST")
    assert answer.status == 405
    assert_bound({name.lower(): value for name, value in answer.headers.items()})


@pytest.mark.parametrize("sent", [b"\x00\x01\r\n\r\n", b"GET / HTTP/1.1\r\nA\x00: b\r\n\r\n", b"GET /" + b"x" * 20_000])
async def test_so_does_the_answer_to_what_is_no_request(pages: WebServer, sent: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", pages.port)
    writer.write(sent)
    head = (await reader.read(20_000)).split(b"\r\n\r\n")[0].decode()
    writer.close()
    assert head.startswith(("HTTP/1.0 400", "HTTP/1.1 400"))
    assert_bound({name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:])})


@pytest.mark.parametrize("host", ["evil.example", "evil.example:6066", "127.0.0.1.evil.example"])
@pytest.mark.parametrize("path", PATHS)
async def test_a_page_that_is_asked_for_under_a_stranger_s_name_is_refused(
    pages: WebServer, path: str, host: str
) -> None:
    answer = await asked(pages, path, host)
    assert answer.status == 421
    assert_bound({name.lower(): value for name, value in answer.headers.items()})


@pytest.mark.parametrize("host", ["10.1.2.3:6066", "localhost", "[::1]:6066", "news.example"])
async def test_addresses_and_our_own_names_are_answered(pages: WebServer, host: str) -> None:
    assert (await asked(pages, "/ready", host)).status == 200


async def ended(reader: asyncio.StreamReader) -> None:
    """Wait for the end of a connection, which may be rude."""
    with contextlib.suppress(ConnectionError):
        while await reader.read(1000):
            pass


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /health HTTP/1.1\r\nHost: localhost\r\n",
        b"POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nslow",
    ],
    ids=["silent", "slow headers", "slow body"],
)
async def test_who_sends_slowly_is_dropped(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    server = WebServer("127.0.0.1", 0, Metrics(), lambda: None)
    monkeypatch.setattr(server._shield, "patience_s", 0.2)
    await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(sent)
    async with asyncio.timeout(20):
        await ended(reader)
    writer.close()
    await server.stop()


async def test_who_does_not_read_is_dropped_and_what_was_kept_for_him_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    server = WebServer("127.0.0.1", 0, Metrics(), lambda: None)
    monkeypatch.setattr(server._shield, "patience_s", 0.5)
    monkeypatch.setattr(server._metrics, "exposition", lambda: b"x" * 50_000_000)
    await server.start()
    readers = [await asyncio.open_connection("127.0.0.1", server.port, limit=1000) for _ in range(15)]
    for _, writer in readers:
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
    async with asyncio.timeout(20):
        while len(server._shield._open) < len(readers):  # noqa: ASYNC110 - the other side tells nobody
            await asyncio.sleep(0.01)
        while server._shield._open:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    for _, writer in readers:
        writer.close()
    await server.stop()


async def test_many_connections_keep_nobody_out(pages: WebServer) -> None:
    held = [await asyncio.open_connection("127.0.0.1", pages.port) for _ in range(shield.MOST_CONNECTIONS + 20)]
    assert (await asked(pages, "/health")).status == 200
    assert len(pages._shield._open) <= shield.MOST_CONNECTIONS
    for _, writer in held:
        writer.close()


async def test_a_worker_says_where_to_look(pages: WebServer) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{pages.port}/") as answer:
        assert answer.content_type == "text/plain"
        said = await answer.text()
    assert all(word in said for word in ("/metrics", "/health", "/ready", "stream-app serve"))


async def test_it_shows_nothing_of_articles(pages: WebServer) -> None:
    assert (await asked(pages, "/live.json")).status == 404
