"""The questions of the store's dashboards once more, in PostgreSQL."""

from __future__ import annotations

import pytest

from tests.interop.test_examples import database
from tests.unit.serve.test_dashboards import *  # noqa: F403  # the same tests over another database

__all__ = ["database"]

pytestmark = pytest.mark.contract


@pytest.fixture  # type: ignore[no-redef]  # in the place of the one over SQLite
def url(database: str) -> str:
    return database
