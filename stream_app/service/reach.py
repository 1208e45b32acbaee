"""Whether the brokers can be reached as the settings say, what kind of cluster they are, and if not: what to do.

aiokafka tells a refused connection, a port of something else and a port with encryption in the same words, after
retries of its own. A connection of ours beforehand can tell them apart.
"""

from __future__ import annotations

import asyncio
import ssl
import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from stream_app.service.connection import client_options, ssl_context
from stream_app.settings import Settings

EMBEDDED_CLUSTER = "tansu_cluster"
_PATIENCE_S = 5.0
_CORRELATION = 0x5EED
_API_VERSIONS = struct.pack(">hhih", 18, 0, _CORRELATION, -1)  # version 0, without the name of the client
_HEAD = struct.Struct(">ii")  # length, correlation id
_LARGEST_ANSWER = 1_000_000


class BrokerError(RuntimeError):
    """No broker could be spoken to as the settings say; the message says why and what to do."""


class NoSuchTopicError(RuntimeError):
    """A topic that is asked for is not on the broker."""


class _NotKafkaError(Exception):
    """What listens there does not answer as a broker does."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """What a cluster says of itself: whether it is our embedded broker, and the topics that it has."""

    embedded: bool
    topics: frozenset[str]


async def ask(settings: Settings) -> Cluster:
    """What the cluster says of itself.

    Raises:
        BrokerError: none of the brokers in the settings can be spoken to.
    """
    await reachable(settings)
    admin = AIOKafkaAdminClient(**client_options(settings))
    try:
        await asyncio.wait_for(admin.start(), 4 * _PATIENCE_S)
        about = await admin.describe_cluster()
        topics = await admin.list_topics()
    except (KafkaError, TimeoutError) as error:
        raise BrokerError(_refusal(settings, error)) from error
    finally:
        await admin.close()
    return Cluster(about["cluster_id"] == EMBEDDED_CLUSTER, frozenset(topics))


def require(cluster: Cluster, settings: Settings, topics: Sequence[str]) -> None:
    """Refuse to go on without these topics: waiting for one, or letting the broker make it up, helps nobody.

    Raises:
        NoSuchTopicError: naming what is missing, and what there is.
    """
    missing = [name for name in map(settings.topic, topics) if name not in cluster.topics]
    if not missing:
        return
    there = ", ".join(sorted(name for name in cluster.topics if not _internal(name))) or "none"
    raise NoSuchTopicError(
        f"{_address(settings)} has no topic {', '.join(missing)}; there are: {there}. "
        "A worker makes the topics of the service, and so does `stream-app topics --create`"
    )


def _internal(name: str) -> bool:
    return name.startswith("_") or name.endswith("-changelog")


async def reachable(settings: Settings) -> None:
    """Return when one of the brokers speaks Kafka in the way of the settings, encrypted or not.

    Raises:
        BrokerError: none does; tells of the first one.
    """
    context = ssl_context(settings) if settings.security_protocol.endswith("SSL") else None
    failures = []
    for broker in settings.brokers:
        failure = await _failure(broker, context)
        if failure is None:
            return
        failures.append(failure)
    raise BrokerError(failures[0])


async def _failure(broker: str, context: ssl.SSLContext | None) -> str | None:
    """Why this broker cannot be spoken to, and what to do; None when it can."""
    host, _, port_text = broker.rpartition(":")
    where = (host.strip("[]"), int(port_text))
    try:
        await _ask_one(*where, context)
    except ssl.SSLCertVerificationError as error:
        return (
            f"the certificate of {broker} is not trusted ({error.verify_message}): name the authority that "
            "signed it in STREAM_APP_SSL_CAFILE"
        )
    except (_NotKafkaError, ssl.SSLError, ConnectionResetError, asyncio.IncompleteReadError) as error:
        return await _misunderstood(broker, where, context, error)
    except TimeoutError:
        if context is not None and await _answers(where):
            return _plain(broker)
        return (
            f"no answer from {broker} within {_PATIENCE_S:.0f} s: is it a Kafka broker, and does a firewall let you in?"
        )
    except OSError as error:
        return (
            f"no broker at {broker} ({_cause(error)}): start one, or name yours with --brokers or STREAM_APP_BROKERS; "
            "`stream-app dev` starts one to play with"
        )
    return None


async def _misunderstood(
    broker: str, where: tuple[str, int], context: ssl.SSLContext | None, error: Exception
) -> str | None:
    """The same where something was not understood, by whether it speaks the other way, with or without TLS."""
    if context is not None:
        if await _answers(where):
            return _plain(broker)
        return f"no encrypted connection to {broker} ({_cause(error)}): is it a Kafka broker's port for TLS?"
    if await _encrypts(where):
        return f"{broker} wants encryption (TLS): set STREAM_APP_SECURITY_PROTOCOL to SSL or SASL_SSL"
    return f"what listens at {broker} is not a Kafka broker{_said(error)}: check host and port"


def _plain(broker: str) -> str:
    return f"{broker} speaks Kafka without TLS: set STREAM_APP_SECURITY_PROTOCOL to PLAINTEXT or SASL_PLAINTEXT"


async def _answers(where: tuple[str, int]) -> bool:
    try:
        await _ask_one(*where, None)
    except (OSError, _NotKafkaError, asyncio.IncompleteReadError, TimeoutError):
        return False
    return True


async def _encrypts(where: tuple[str, int]) -> bool:
    """Whether a TLS handshake succeeds or is refused by TLS's own means, whosever certificate it shows."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(*where, ssl=context), _PATIENCE_S)
    except ssl.SSLError as error:
        return "ALERT" in str(error).upper()
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def _ask_one(host: str, port: int, context: ssl.SSLContext | None) -> None:
    """Ask for the versions of the protocol, which every broker tells everybody, before any login."""
    reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port, ssl=context), _PATIENCE_S)
    try:
        writer.write(struct.pack(">i", len(_API_VERSIONS)) + _API_VERSIONS)
        head = await asyncio.wait_for(reader.readexactly(_HEAD.size), _PATIENCE_S)
        length, correlation = _HEAD.unpack(head)
        if correlation != _CORRELATION or not 0 < length < _LARGEST_ANSWER:
            raise _NotKafkaError(head.decode("ascii", "replace"))
    except asyncio.IncompleteReadError as error:
        raise _NotKafkaError(error.partial.decode("ascii", "replace")) from error
    finally:
        writer.close()
        with suppress(OSError, TimeoutError):
            await asyncio.wait_for(writer.wait_closed(), 1)


def _refusal(settings: Settings, error: Exception) -> str:
    """What a broker means that is one, but answers no more than that."""
    if settings.security_protocol.startswith("SASL"):
        return (
            f"{_address(settings)} did not let {settings.sasl_username or 'you'} in: check "
            "STREAM_APP_SASL_MECHANISM, STREAM_APP_SASL_USERNAME and STREAM_APP_SASL_PASSWORD"
        )
    return (
        f"{_address(settings)} is a Kafka broker, but does not answer ({type(error).__name__}): does it want a login "
        "(STREAM_APP_SECURITY_PROTOCOL, docs/security.md), or advertise an address that cannot be reached from here?"
    )


def _address(settings: Settings) -> str:
    return ",".join(settings.brokers)


def _said(error: Exception) -> str:
    words = "".join(letter for letter in str(error) if letter.isprintable() and letter != "\ufffd").strip()
    return f" (it said {words!r})" if isinstance(error, _NotKafkaError) and words else ""


def _cause(error: Any) -> str:
    """An error in a few words, without numbers and the names of source files.

    >>> _cause(ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 1)"))
    'connection refused'
    """
    named = {ConnectionRefusedError: "connection refused", ConnectionResetError: "connection reset"}
    text = named.get(type(error)) or getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
    return str(text).replace("_", " ").lower() if text else type(error).__name__
