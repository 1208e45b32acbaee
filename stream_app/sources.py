"""The outlets and agencies that are known: ours, and those of the operator's file."""

from __future__ import annotations

from stream_app.core.sources import Sources, builtin, extended
from stream_app.settings import Settings, SettingsError


def load_sources(settings: Settings) -> Sources:
    """The outlets and agencies that are known: ours, and those of the operator's file.

    Raises:
        SettingsError: the file cannot be read; the message says which line.
    """
    if settings.sources is None:
        return builtin()
    try:
        return extended(builtin(), settings.sources.read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError) as error:
        raise SettingsError(f"STREAM_APP_SOURCES: {settings.sources}: {error}") from None
