"""What must not grow unseen: counted in calls, which no load of the machine changes; limits have room to spare."""

from __future__ import annotations

import sys
from typing import Any, Self

from benchmarks import articles
from stream_app.core.flow.pipeline import Match, Read
from stream_app.core.flow.stream import Flow
from stream_app.core.hops import ENRICHED, ENRICHED_SCHEMA, RAW, Effects, Hop, Output, Record
from stream_app.hops import build_hops
from stream_app.service.agents import Runner
from stream_app.service.metrics import Metrics
from stream_app.settings import Settings
from tests import fakes
from tests.bench.clients import Accepting

CALLS_A_RECORD = 60
GROWTH = 1.5


class Calls:
    """Counts calls, of Python's functions and of C's, while the block runs."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Self:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _note(self, _frame: object, event: str, _argument: object) -> None:
        self.count += event in {"call", "c_call"}


class Passing:
    """A hop that passes records on, with nothing of its own to count."""

    name, source, stateful = "tag", "articles.unique", False

    def new_state(self) -> None:
        """Nothing to keep."""

    def __call__(self, record: Record, state: object = None) -> Effects:
        return Effects([Output(ENRICHED, record.key or b"", record.value, "id", ENRICHED_SCHEMA)])


async def test_the_engine_makes_few_calls_for_a_record() -> None:
    producer = Accepting()
    app: Any = fakes.FakeApp(producer)  # type: ignore[arg-type]
    runner = Runner(app, Passing(), None, Settings(), Metrics())
    batch = [fakes.event(b"value", offset, [], "articles.unique") for offset in range(200)]
    with Calls() as calls:
        await runner.handle(batch)
    assert sum(map(len, producer.sent.values())) == 200
    assert calls.count / 200 < CALLS_A_RECORD


def test_judging_an_article_costs_the_same_with_ten_times_as_many_resident() -> None:
    read, match = Read(), Match(window_s=1e9)
    state = match.new_state()
    stream = (read(Record(None, value, 0), None).outputs[0] for value in articles.stream(2600, characters=500))

    def judge(count: int) -> int:
        signed = [next(stream) for _ in range(count)]
        with Calls() as calls:
            for number, output in enumerate(signed):
                match(Record(output.key, output.value, number), state)
        return calls.count

    judge(200)
    few = judge(100)
    judge(2000)
    many = judge(100)
    assert many < few * GROWTH * 2


def test_cost_is_linear_in_the_length_of_the_article() -> None:
    hops = build_hops(Settings())
    _calls_a_character(hops, 2_000)
    assert _calls_a_character(hops, 24_000) < _calls_a_character(hops, 2_000) * GROWTH


def _calls_a_character(hops: dict[str, Hop], characters: int) -> float:
    flow = Flow(hops)
    values = list(articles.stream(6, characters=characters, copies=0.0, seed=characters))
    with Calls() as calls:
        for number, value in enumerate(values):
            list(flow.feed(Record(None, value, 1_700_000_000_000 + number), RAW))
    return calls.count / characters / len(values)
