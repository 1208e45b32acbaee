"""Input that the broker deleted unread: counted once, however often its partition changes hands."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from faust.types import TP

from stream_app.service.doubt import CLEAN, Committed
from stream_app.service.engine.fetching import Troubles
from stream_app.service.engine.gaps import Gaps

RAW = TP("articles.raw", 0)
BEGINS = 48


class Broker:
    """One partition whose first records are gone, and what the group has committed of it."""

    def __init__(self, said: Committed | None = (0, CLEAN)) -> None:
        self.said = said
        self.commits = 0


class Worker:
    """An owner of the partition: its gaps, and what it tells of them."""

    def __init__(self, broker: Broker, *, refused: BaseException | None = None) -> None:
        self.broker = broker
        self.refused = refused
        self.owns = {RAW}
        self.troubles = Troubles()
        self.gaps = Gaps(self.troubles.note_lost)

    def assignment(self) -> set[TP]:
        return self.owns

    async def committed(self, tps: list[TP]) -> Mapping[TP, Committed]:
        return dict.fromkeys(tps, self.broker.said or (BEGINS, CLEAN))

    async def say(self, notes: Mapping[TP, Committed]) -> None:
        if self.refused is not None:
            raise self.refused
        self.broker.said = notes[RAW]
        self.broker.commits += 1
        self.gaps.passed({tp: offset for tp, (offset, _) in notes.items()})

    def begin(self) -> bool:
        """Read from the committed offset on, as the fetcher does; whether nothing of a gap is left to do."""
        self.gaps.forget()
        first = self.broker.said[0] if self.broker.said else 0
        if first < BEGINS:
            self.gaps.note(RAW, first, BEGINS)
        return asyncio.run(self.gaps.close(RAW, self))

    @property
    def lost(self) -> int:
        return self.troubles.lost[RAW.topic]


def test_the_next_owner_does_not_count_a_gap_again() -> None:
    broker = Broker()
    first, second = Worker(broker), Worker(broker)
    assert first.begin()
    assert second.begin()
    assert (first.lost, second.lost) == (48, 0)


def test_a_gap_before_which_records_are_in_hand_waits_for_them() -> None:
    broker = Broker((10, ""))
    worker = Worker(broker)
    worker.gaps.note(RAW, 20, BEGINS)  # 10 to 19 were read in time
    assert not asyncio.run(worker.gaps.close(RAW, worker))
    assert (worker.lost, broker.said) == (0, (10, ""))
    broker.said = (20, "")
    assert asyncio.run(worker.gaps.close(RAW, worker))
    assert (worker.lost, broker.said) == (28, (48, ""))


def test_a_gap_that_the_next_owner_finds_is_counted_by_it_alone() -> None:
    broker = Broker((10, ""))
    first, second = Worker(broker), Worker(broker)
    first.gaps.note(RAW, 20, BEGINS)
    assert not asyncio.run(first.gaps.close(RAW, first))
    first.owns = set()  # a rebalance, after the commit of what was in hand
    broker.said = (20, "")
    assert asyncio.run(first.gaps.close(RAW, first))
    assert second.begin()
    assert (first.lost, second.lost) == (0, 28)


def test_a_commit_of_records_behind_a_gap_tells_it() -> None:
    worker = Worker(Broker((10, "")))
    worker.gaps.note(RAW, 20, BEGINS)
    worker.gaps.passed({RAW: 47})
    assert worker.lost == 0
    worker.gaps.passed({RAW: 50})
    assert worker.lost == 28
    assert asyncio.run(worker.gaps.close(RAW, worker))
    assert worker.broker.commits == 0


def test_what_a_commit_says_of_deaths_stays() -> None:
    broker = Broker((0, "deaths=2 upto=60 row=1"))
    Worker(broker).begin()
    assert broker.said == (48, "deaths=2 upto=60 row=1")


def test_a_gap_of_a_partition_without_a_commit_is_told() -> None:
    worker = Worker(Broker(None))
    assert worker.begin()
    assert worker.lost == 48


def test_a_gap_that_is_found_twice_before_its_commit_is_counted_once() -> None:
    worker = Worker(Broker())
    worker.gaps.note(RAW, 0, 40)
    worker.gaps.note(RAW, 0, BEGINS)  # another seek, after retention took more
    assert asyncio.run(worker.gaps.close(RAW, worker))
    assert worker.lost == 48


def test_a_process_that_ends_while_it_commits_tells_the_gap() -> None:
    worker = Worker(Broker(), refused=asyncio.CancelledError())
    with pytest.raises(asyncio.CancelledError):
        worker.begin()
    assert worker.lost == 48
