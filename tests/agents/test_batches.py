"""What a hop takes at a time: whatever has arrived, unless it gives way to hops that have work."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from stream_app.core.flow.pipeline import Count, Match, Read
from stream_app.service.agents import Runner, batches, let_tolls_wait
from stream_app.service.metrics import Metrics
from stream_app.settings import Settings
from tests import fakes


class Arrivals:
    """The queue of an agent, and as much of Faust around it as `batches` asks."""

    def __init__(self, *numbers: int) -> None:
        self.queue: asyncio.Queue[Any] = asyncio.Queue()
        self.add(*numbers)

    def add(self, *numbers: int) -> None:
        for number in numbers:
            self.queue.put_nowait(SimpleNamespace(number=number, message=SimpleNamespace(generation_id=1)))

    async def first(self, limit: int, gives_way: Any) -> list[int]:
        async def start() -> None:
            pass

        stream: Any = SimpleNamespace(channel=SimpleNamespace(queue=self.queue), should_stop=False, maybe_start=start)
        worker: Any = SimpleNamespace(
            consumer_generation_id=1,
            flow_control=SimpleNamespace(is_active=lambda: True),
            consumer=SimpleNamespace(track_message=lambda message: None),
        )
        async for batch in batches(worker, stream, limit, gives_way):
            return [event.number for event in batch]
        raise AssertionError("no batch")


async def test_at_rest_a_record_is_taken_at_once_and_with_it_all_that_arrived() -> None:
    assert await Arrivals(1, 2, 3).first(2, lambda: False) == [1, 2]
    assert await Arrivals(1).first(2, lambda: False) == [1]


async def test_what_arrives_while_others_have_work_goes_into_the_same_batch() -> None:
    arrivals = Arrivals(1)
    looks = iter((True, True, False))

    def gives_way() -> bool:
        arrivals.add(2)
        return next(looks)

    assert await arrivals.first(10, gives_way) == [1, 2, 2, 2]


async def test_a_full_batch_gives_no_way() -> None:
    assert await Arrivals(1, 2).first(2, lambda: True) == [1, 2]


async def test_nobody_has_to_wait_for_ever() -> None:
    assert await asyncio.wait_for(Arrivals(1).first(2, lambda: True), timeout=5) == [1]


def test_tolls_give_way_to_articles() -> None:
    worker: Any = fakes.FakeApp(fakes.RecordingProducer([]))
    read, match, count = (Runner(worker, hop, None, Settings(), Metrics()) for hop in (Read(), Match(), Count()))
    let_tolls_wait([read, match, count])
    assert count.gives_way_to == [read, match]
    assert not read.gives_way_to
    assert not match.gives_way_to
    assert not count.gives_way()
    match.in_hand = [object()]
    assert count.gives_way()
