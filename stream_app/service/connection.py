"""How every client of ours reaches the brokers: addresses, login and encryption, from the settings."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stream_app.settings import PREFIX, Settings, SettingsError


def client_options(settings: Settings) -> dict[str, Any]:
    """What an aiokafka consumer, producer or admin client needs to connect."""
    options: dict[str, Any] = {"bootstrap_servers": list(settings.brokers)}
    if settings.security_protocol != "PLAINTEXT":
        options["security_protocol"] = settings.security_protocol
    if settings.security_protocol.endswith("SSL"):
        options["ssl_context"] = ssl_context(settings)
    if settings.security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.sasl_username
        options["sasl_plain_password"] = settings.sasl_password
    return options


def ssl_context(settings: Settings) -> ssl.SSLContext:
    """A context that checks the broker's certificate against the authority in the settings."""
    with _readable("SSL_CAFILE", settings.ssl_cafile):
        context = ssl.create_default_context(cafile=str(settings.ssl_cafile) if settings.ssl_cafile else None)
    if settings.ssl_certfile:
        with _readable("SSL_CERTFILE", settings.ssl_certfile):
            context.load_cert_chain(settings.ssl_certfile, settings.ssl_keyfile)
    return context


@contextmanager
def _readable(name: str, path: Path | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:  # ssl.SSLError is one
        reason = getattr(error, "reason", None) or error.strerror
        raise SettingsError(f"{PREFIX}{name}={path}: expected a readable PEM file ({reason})") from error
