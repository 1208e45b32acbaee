"""The claims about the store of `serve` once more, in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stream_app.serve.store import Store
from tests.interop.test_examples import database
from tests.unit.serve.test_store import *  # noqa: F403  # the same tests over another database

__all__ = ["database"]

pytestmark = pytest.mark.contract


@pytest.fixture(scope="module")
def opened(database: str) -> Iterator[Store]:
    made = Store(database)
    yield made
    made.close()


@pytest.fixture  # type: ignore[no-redef]  # in the place of the one over SQLite
def store(opened: Store) -> Store:
    opened.forget()
    return opened
