"""A schema registry: what we publish is registered there at the start, and values get Confluent's framing before them.

Only topics that others read are framed. What is read needs no registry: five bytes before an article are taken off
(`core/wire/envelope.py`).
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from stream_app.core import hops
from stream_app.settings import PREFIX, Settings

FRAMED = (hops.ENRICHED, hops.DUPLICATES, hops.FIGURES, hops.TOLLS, hops.MEMBERS, hops.REVISIONS)
SCHEMAS = next(filter(Path.is_dir, (parent / "schemas" for parent in Path(__file__).parents[1:])), Path("schemas"))
"""In a checkout beside the package, in a wheel inside of it."""
_JSON = {"Content-Type": "application/vnd.schemaregistry.v1+json"}
_PATIENCE_S = 30.0


class RegistryError(RuntimeError):
    """The registry could not be asked, or refuses a schema; the message says which and why."""


async def frames(settings: Settings) -> dict[str, bytes]:
    """The five bytes that go before each value, by the topic's name; nothing where no registry is set.

    A schema that is registered already has the number that it has.

    Raises:
        RegistryError: no number is to be had.
    """
    if not settings.schema_registry:
        return {}
    import aiohttp  # noqa: PLC0415  # only where it is asked for

    base, login = _address(settings.schema_registry)
    found: dict[str, bytes] = {}
    async with aiohttp.ClientSession(headers=_JSON | login, timeout=aiohttp.ClientTimeout(_PATIENCE_S)) as session:
        for name in FRAMED:
            topic = settings.topic(name)
            try:
                found[topic] = _frame(await _registered(session, f"{base}/subjects/{topic}-value/versions", name))
            except (TimeoutError, aiohttp.ClientError, KeyError, ValueError, TypeError) as error:
                raise RegistryError(f"{PREFIX}SCHEMA_REGISTRY: no schema of {topic} at {base}: {error!r}") from error
    return found


def _address(url: str) -> tuple[str, dict[str, str]]:
    """The address without its login, and the login as a header."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    base = urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
    if parts.username is None:
        return base, {}
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return base, {"Authorization": f"Basic {b64encode(login.encode()).decode()}"}


async def _registered(session: Any, url: str, topic: str) -> int:
    body = {"schemaType": "JSON", "schema": json.dumps(schema_of(topic))}
    async with session.post(url, data=json.dumps(body)) as answer:
        said: Mapping[str, Any] = await answer.json(content_type=None)
        if answer.status >= 400:  # noqa: PLR2004  # HTTP's own line between answers and refusals
            raise ValueError(f"{answer.status} {said.get('message', '')}")
        return int(said["id"])


def schema_of(topic: str) -> dict[str, Any]:
    """The schema of a topic's values, without its examples."""
    schema: dict[str, Any] = json.loads((SCHEMAS / f"{topic}-1.json").read_text(encoding="utf-8"))
    schema.pop("examples", None)
    return schema


def _frame(number: int) -> bytes:
    r"""A zero, and the number of the schema in four bytes.

    >>> _frame(7)
    b'\x00\x00\x00\x00\x07'
    """
    return b"\x00" + number.to_bytes(4, "big")
