"""How far a table has read its changelog: its own rows count, so that a partition which stays is not read again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import faust
from faust.types import TP

from stream_app.core.pipeline import Match
from stream_app.service.tables import RowTable

CHANGELOG = TP("table-match-changelog", 1)


def table() -> Any:
    app = faust.App("table", store="memory://", web_enabled=False)
    return RowTable(app, name="match", key_type=bytes, value_type=bytes, partitions=2, hop=Match(3600.0, 1000))


def test_rows_that_the_broker_has_are_not_read_again() -> None:
    kept = table()
    assert kept.data.persisted_offset(CHANGELOG) is None
    kept.note_stored([SimpleNamespace(partition=1, offset=40), SimpleNamespace(partition=1, offset=35)])
    assert kept.data.persisted_offset(CHANGELOG) == 40
    assert kept.data.persisted_offset(TP(CHANGELOG.topic, 0)) is None


def test_an_answer_without_an_offset_tells_nothing() -> None:
    kept = table()
    kept.note_stored([SimpleNamespace(partition=1, offset=40), SimpleNamespace(partition=1, offset=-1)])
    assert kept.data.persisted_offset(CHANGELOG) == 40


async def test_a_partition_that_went_away_is_read_from_the_beginning_when_it_comes_back() -> None:
    lost = table()
    lost.data.state(1)
    lost.note_stored([SimpleNamespace(partition=1, offset=40)])
    await lost.data.on_recovery_completed({TP(CHANGELOG.topic, 0)}, set())
    assert lost.data.persisted_offset(CHANGELOG) is None
