"""Processes that die of a record: how the next ones find it, and set it aside, without having seen it fail."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from faust.types import TP

from stream_app.core.flow.pipeline import Read
from stream_app.core.flow.quarantine import MOST_IN_A_ROW, TooManyFaultsError
from stream_app.core.hops import DEAD_LETTER, SIGNED, Decision, Record
from stream_app.service.doubt import CLEAN, Doubts
from tests import builders
from tests.agents.test_runner import Stage

RAW = TP("articles.raw", 0)


class Died(BaseException):
    """The end of a process: nothing catches it."""


class Deadly(Read):
    """A hop that kills the process by each record that holds the word "pill"."""

    def each(self, records: Sequence[Record]) -> list[Decision]:
        if any(b"pill" in (record.value or b"") for record in records):
            raise Died
        return super().each(records)


class Event:
    """A record of the partition."""

    topic, partition, key, headers, timestamp = RAW.topic, RAW.partition, b"k", (), 1_646_114_400.0

    def __init__(self, broker: Broker, offset: int) -> None:
        self.tp, self.offset, self.value, self._broker = RAW, offset, broker.log[offset], broker
        self.message = self

    def ack(self) -> bool:
        self._broker.acked = self.offset + 1
        return True


class Broker:
    """One partition, and what was committed of it; also the consumer of every process in turn."""

    def __init__(self, log: Sequence[bytes]) -> None:
        self.log = log
        self.said: tuple[int, str] = (0, CLEAN)
        self.acked = 0
        self.notes: list[tuple[int, str]] = []

    def assignment(self) -> set[TP]:
        return {RAW, TP("another", 0)}

    async def committed(self, tps: Sequence[TP]) -> Mapping[TP, tuple[int, str]]:
        assert list(tps) == [RAW]
        return {RAW: self.said}

    async def settle(self) -> None:
        """A note does it."""

    async def note(self, notes: Mapping[TP, tuple[int, str]]) -> None:
        for said in notes.values():
            self.said = said
            self.notes.append(said)

    async def process(self, hop: Read, **settings: Any) -> Stage:
        """One process, from the last commit to the end of the log or its own; it commits but what it notes."""
        stage = Stage(hop, **settings)
        stage.runner.doubts = Doubts(lambda: self, RAW.topic, asyncio.Lock())
        batch = [Event(self, offset) for offset in range(self.said[0], len(self.log))]
        await stage.runner.handle(batch)
        self.said = (self.acked, CLEAN)
        return stage


def log(pills: Sequence[int], length: int = 100) -> list[bytes]:
    return [b"a pill" if number in pills else builders.raw(id=str(number)) for number in range(length)]


async def deaths_of(broker: Broker, hop: Read, **settings: Any) -> tuple[int, Stage]:
    """How many processes die before one comes to the end."""
    for died in range(50):
        try:
            return died, await broker.process(hop, **settings)
        except Died:
            continue
    raise AssertionError("no end")


@pytest.mark.parametrize("place", [0, 1, 31, 32, 70, 99])
async def test_a_record_that_kills_the_process_is_set_aside_after_three_deaths_wherever_it_stands(place: int) -> None:
    broker = Broker(log([place]))
    died, last = await deaths_of(broker, Deadly())
    (letter,) = last.producer.to(DEAD_LETTER)
    headers = dict(letter.headers or ())
    assert (died, letter.value) == (3, b"a pill")
    assert (headers["reason"], headers["__streams.errors.exception"]) == (b"internal_error", b"ProcessDied")
    assert headers["__streams.errors.offset"] == str(place).encode()
    assert len(last.producer.to(SIGNED)) == 99 - place
    assert broker.said == (100, CLEAN)


async def test_the_tries_are_a_setting() -> None:
    died, _ = await deaths_of(Broker(log([40])), Deadly(), record_tries=6)
    assert died == 6


async def test_records_that_a_process_died_with_and_that_are_not_to_blame_are_published() -> None:
    broker = Broker(log([]))
    broker.said = (0, "")
    stage = await broker.process(Deadly())
    assert len(stage.producer.to(SIGNED)) == 100
    assert not stage.producer.to(DEAD_LETTER)


async def test_after_a_clean_end_nothing_is_noted_but_the_beginning() -> None:
    broker = Broker(log([], 300))
    await broker.process(Deadly())
    assert broker.notes == [(0, "")]


async def test_what_is_in_doubt_is_noted_in_parts_and_let_go_before_it_is_sent() -> None:
    broker = Broker(log([]))
    broker.said = (0, "")
    await broker.process(Deadly())
    assert broker.notes[:3] == [(0, "deaths=2 upto=32 row=0"), (0, ""), (32, "deaths=2 upto=64 row=0")]


async def test_a_broker_that_refuses_again_and_again_never_sets_a_record_aside() -> None:
    broker = Broker(log([]))
    broker.said = (0, "")
    for _ in range(10):
        stage = Stage(Deadly())
        stage.runner.doubts = Doubts(lambda: broker, RAW.topic, asyncio.Lock())
        stage.producer.refused.add(SIGNED)
        with pytest.raises(ConnectionError):
            await stage.runner.handle([Event(broker, offset) for offset in range(100)])
        assert broker.said == (0, "")
        assert not stage.producer.to(DEAD_LETTER)


async def test_behind_what_was_in_doubt_the_batches_are_whole_again() -> None:
    broker = Broker(log([], 1500))
    broker.said = (0, "")
    await broker.process(Deadly())
    assert max(offset for offset, _ in broker.notes) < 1100


class Faulty(Read):
    """A hop that fails on every record."""

    def each(self, records: Sequence[Record]) -> list[Decision]:
        raise ZeroDivisionError


async def test_a_bad_release_sets_aside_no_more_records_with_each_restart() -> None:
    broker = Broker(log([], 200))
    letters = 0
    for _ in range(5):
        stage = Stage(Faulty())
        stage.runner.doubts = Doubts(lambda: broker, RAW.topic, asyncio.Lock())
        with pytest.raises(TooManyFaultsError):
            await stage.runner.handle([Event(broker, offset) for offset in range(broker.said[0], 200)])
        letters += len(stage.producer.to(DEAD_LETTER))
    assert letters == MOST_IN_A_ROW - 1


async def test_while_one_hop_decides_what_it_has_noted_no_other_decides() -> None:
    gate = asyncio.Lock()
    broker = Broker(log([]))
    broker.said = (0, "")
    noting, other = (Doubts(lambda: broker, RAW.topic, gate) for _ in range(2))
    await noting.begin(1)
    await noting.part([Event(broker, 0)], 0)
    await noting.enter()
    waiting = asyncio.ensure_future(other.turn())
    await asyncio.sleep(0.01)
    assert not waiting.done()
    await noting.release()
    await asyncio.wait_for(waiting, 10)
