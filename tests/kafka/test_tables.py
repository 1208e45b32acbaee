"""How a table comes back from its changelog: each row is read once, and none that a partition kept is read again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import faust
import pytest
from faust.types import TP

from stream_app.core.flow.pipeline import Match
from stream_app.service.engine import tables
from stream_app.service.engine.tables import RowTable

CHANGELOG = TP("table-match-changelog", 1)


def table() -> Any:
    app = faust.App("table", store="memory://", web_enabled=False)
    return RowTable(
        app, name="match", key_type=bytes, value_type=bytes, partitions=2, hop=Match(3600.0, 1000), source="signed"
    )


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
    lost.data.state_of(1)
    lost.note_stored([SimpleNamespace(partition=1, offset=40)])
    await lost.data.on_recovery_completed({TP(CHANGELOG.topic, 0)}, set())
    assert lost.data.persisted_offset(CHANGELOG) is None


class Told:
    """A state that notes what it is told."""

    def __init__(self) -> None:
        self.rows: dict[str, bytes] = {}
        self.times = 0

    def restore(self, row_id: str, row: bytes) -> None:
        if row == b"unreadable":
            raise ValueError("row of another version")
        self.times += 1
        self.rows[row_id] = row

    def forget(self, row_id: str) -> None:
        self.rows.pop(row_id, None)

    def __len__(self) -> int:
        return len(self.rows)


def changelog(*rows: tuple[bytes, bytes | None]) -> list[Any]:
    """These rows as Faust hands them over."""
    messages = (SimpleNamespace(tp=CHANGELOG, partition=1, offset=at, key=k, value=v) for at, (k, v) in enumerate(rows))
    return [SimpleNamespace(message=message) for message in messages]


def recovering(*rows: tuple[bytes, bytes | None]) -> Any:
    """The store of a table that has got these rows."""
    app = faust.App("table", store="memory://", web_enabled=False)
    hop: Any = SimpleNamespace(new_state=Told)
    store = RowTable(app, name="match", key_type=bytes, value_type=bytes, partitions=2, hop=hop, source="signed").data
    store.apply_changelog_batch(changelog(*rows), None, None)
    return store


async def test_of_each_row_the_state_is_told_the_last_word_only() -> None:
    store = recovering((b"a", b"1"), (b"b", b"1"), (b"a", b"2"), (b"b", None), (b"c", b"1"))
    assert (store.restored_total, store.rows, store.states) == (5, 2, {})
    await store.on_recovery_completed({CHANGELOG}, set())
    assert store.states[1].rows == {"a": b"2", "c": b"1"}
    assert store.states[1].times == 2
    assert store.rows == 2


async def test_rows_are_told_in_the_order_of_their_last_words() -> None:
    """A report that went and came again has its number from then: told in its first place, all behind it are older."""
    store = recovering((b"a", b"1"), (b"b", b"2"), (b"a", None), (b"c", b"3"), (b"a", b"4"))
    await store.read_all(1)
    assert list(store.states[1].rows) == ["b", "c", "a"]


async def test_a_standby_reads_its_rows_when_it_takes_over() -> None:
    store = recovering((b"a", b"1"))
    await store.on_recovery_completed(set(), {CHANGELOG})
    assert store.states == {}
    store.apply_changelog_batch(changelog((b"a", None), (b"b", b"1")), None, None)
    assert store.state_of(1).rows == {"b": b"1"}


async def test_a_standby_reads_on_but_for_its_last_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_MOST_BEHIND", 1)
    monkeypatch.setattr(tables, "_SLICE_S", 0.0)
    store = recovering((b"a", b"1"), (b"b", b"1"), (b"c", b"1"))
    await store.read_on()
    assert store.unread == 3, "while it recovers it is no standby"
    await store.on_recovery_completed(set(), {CHANGELOG})
    await store.read_on()
    assert (store.states[1].rows, store.unread) == ({"a": b"1", "b": b"1"}, 1)
    assert store.state_of(1).rows == {"a": b"1", "b": b"1", "c": b"1"}


async def test_a_row_that_a_standby_cannot_read_waits_for_the_takeover(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_MOST_BEHIND", 0)
    store = recovering((b"a", b"1"), (b"b", b"unreadable"), (b"c", b"1"))
    await store.on_recovery_completed(set(), {CHANGELOG})
    await store.read_on()
    assert (store.states[1].rows, store.unread) == ({"a": b"1"}, 2)
    with pytest.raises(ValueError, match="another version"):
        store.state_of(1)


async def test_a_tombstone_reaches_a_row_that_was_told_before() -> None:
    store = recovering((b"a", b"1"))
    await store.on_recovery_completed({CHANGELOG}, set())
    store.apply_changelog_batch(changelog((b"a", None)), None, None)
    assert store.state_of(1).rows == {}


def test_rows_do_not_pile_up_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_MOST_UNREAD", 2)
    store = recovering(*((b"%d" % number, b"1") for number in range(4)))
    assert len(store.states[1]) == 3
    assert len(store.state_of(1)) == 4


async def test_a_row_that_cannot_be_read_stops_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    crashes: list[BaseException] = []

    async def crash(error: BaseException) -> None:
        crashes.append(error)

    store = recovering((b"a", b"unreadable"))
    monkeypatch.setattr(store.app, "crash", crash)
    with pytest.raises(ValueError, match="another version"):
        await store.on_recovery_completed({CHANGELOG}, set())
    assert [str(error) for error in crashes] == ["row of another version"]


async def test_unread_rows_of_a_partition_that_went_away_are_dropped() -> None:
    store = recovering((b"a", b"1"))
    await store.on_recovery_completed(set(), set())
    assert store.rows == 0
    assert store.persisted_offset(CHANGELOG) is None
