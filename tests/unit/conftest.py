"""Unit tests know no network: one that reaches for it fails, and is told where it belongs."""

from __future__ import annotations

import socket
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection."""

    def refuse(_: socket.socket, address: Any) -> None:
        pytest.fail(f"a unit test connects to {address}: it belongs in tests/integration")

    monkeypatch.setattr(socket.socket, "connect", refuse)
