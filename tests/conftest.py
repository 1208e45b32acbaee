"""Fixtures that every folder may use: the compiled gazetteer, and an embedded broker where a test asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from stream_app.core.places import Gazetteer
from stream_app.gazetteer import default_path, ensure
from stream_app.service.embedded import EmbeddedBroker

settings.register_profile("untimed", settings(), deadline=None)  # no test fails because the machine is busy
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    """The compiled gazetteer; built first where it is missing."""
    return Gazetteer.open(ensure(default_path(), on_build=lambda path: None))


@pytest.fixture(scope="session")
def broker() -> Iterator[EmbeddedBroker]:
    """One embedded broker for all tests of a session; each takes a prefix of its own."""
    with EmbeddedBroker() as running:
        yield running
