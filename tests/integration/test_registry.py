"""The schemas of what we publish at a registry, and what goes before values then."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from stream_app.core import hops
from stream_app.core.wire.envelope import without_framing
from stream_app.service import registry
from stream_app.settings import Settings


class Registry:
    """As much of a schema registry as we speak to: the same schema under a subject keeps its number."""

    def __init__(self) -> None:
        self.subjects: dict[str, list[str]] = {}
        self.logins: set[str | None] = set()
        self.refuses = False

    async def register(self, request: web.Request) -> web.Response:
        self.logins.add(request.headers.get("Authorization"))
        asked = await request.json()
        assert asked["schemaType"] == "JSON"
        if self.refuses:
            return web.json_response({"error_code": 409, "message": "incompatible"}, status=409)
        ids = self.subjects.setdefault(request.match_info["subject"], [])
        if asked["schema"] not in ids:
            ids.append(asked["schema"])
        return web.json_response({"id": sorted(self.subjects).index(request.match_info["subject"]) + 7})


@pytest.fixture
async def server() -> AsyncIterator[tuple[Registry, str]]:
    registry_there, application = Registry(), web.Application()
    application.router.add_post("/at/subjects/{subject}/versions", registry_there.register)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    yield registry_there, f"http://user:pass%2Fword@127.0.0.1:{port}/at/"
    await runner.cleanup()


async def test_each_topic_that_others_read_has_its_schema_there_and_a_restart_adds_none(
    server: tuple[Registry, str],
) -> None:
    there, url = server
    first = await registry.frames(Settings(prefix="p.", schema_registry=url))
    again = await registry.frames(Settings(prefix="p.", schema_registry=url))
    assert set(there.subjects) == {f"p.{name}-value" for name in registry.FRAMED}
    assert all(len(versions) == 1 for versions in there.subjects.values())
    assert first.keys() == again.keys()
    login = "Basic " + base64.b64encode(b"user:pass/word").decode()
    assert there.logins == {login}
    (schema,) = there.subjects["p.incidents.tolls-value"]
    assert json.loads(schema)["$id"] == "urn:stream-app:incidents.tolls/1"
    assert without_framing(first["p.incidents.tolls"] + b"{}") == b"{}"


async def test_a_registry_that_refuses_or_is_not_there_is_named(server: tuple[Registry, str]) -> None:
    there, url = server
    there.refuses = True
    with pytest.raises(registry.RegistryError, match="incompatible") as refused:
        await registry.frames(Settings(schema_registry=url))
    assert "pass" not in str(refused.value)
    with pytest.raises(registry.RegistryError, match="SCHEMA_REGISTRY"):
        await registry.frames(Settings(schema_registry="http://127.0.0.1:1"))


async def test_without_a_registry_values_are_plain() -> None:
    assert await registry.frames(Settings()) == {}


def test_what_hops_read_is_never_framed() -> None:
    internal = {hops.RAW, hops.SIGNED, hops.UNIQUE, hops.REPORTS, hops.DEAD_LETTER}
    assert internal.isdisjoint(registry.FRAMED)


def test_the_address_is_not_shown_with_its_login() -> None:
    shown: Any = repr(Settings(schema_registry="http://user:secret@host"))
    assert "secret" not in shown
