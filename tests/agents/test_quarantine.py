"""A record that a hop fails on: tried again, set aside with its trace, and never the end of the records around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest

from stream_app.core.flow.pipeline import Match, Read
from stream_app.core.flow.quarantine import MOST_IN_A_ROW, TooManyFaultsError
from stream_app.core.hops import DEAD_LETTER, SIGNED, UNIQUE, Decision, Effects, Record
from tests import builders
from tests.agents.test_runner import OneTable, Stage


class Faulty(Read):
    """A hop that fails on each record that holds the word "pill", and so on all that are decided with it."""

    def each(self, records: Sequence[Record]) -> list[Decision]:
        if any(b"pill" in (record.value or b"") for record in records):
            raise ZeroDivisionError("a pill")
        return super().each(records)


class Recovering(Read):
    """A hop that fails once."""

    failed: list[bool] = []  # noqa: RUF012 - the hop is frozen

    def each(self, records: Sequence[Record]) -> list[Decision]:
        if not self.failed:
            self.failed.append(True)
            raise MemoryError
        return super().each(records)


async def test_a_record_that_a_hop_fails_on_is_set_aside_and_those_around_it_are_published_in_order() -> None:
    stage = Stage(Faulty())
    events = stage.events(builders.raw(id="a"), b'{"id": "pill"}', builders.raw(id="b"))
    await stage.runner.handle(events)
    assert [(sent.topic, sent.key) for sent in stage.producer.sent] == [
        (SIGNED, b"a"), (DEAD_LETTER, b"k"), (SIGNED, b"b")
    ]  # fmt: skip
    assert [line for line in stage.log if line.startswith("ack")] == ["ack 10", "ack 11", "ack 12"]
    assert stage.app.crashed_with is None


async def test_what_is_set_aside_keeps_its_bytes_and_says_where_we_failed() -> None:
    stage = Stage(Faulty())
    await stage.runner.handle(stage.events(b"a pill"))
    (letter,) = stage.producer.to(DEAD_LETTER)
    headers = dict(letter.headers or ())
    assert (letter.key, letter.value) == (b"k", b"a pill")
    assert (headers["reason"], headers["hop"]) == (b"internal_error", b"read")
    assert headers["__streams.errors.exception"] == b"ZeroDivisionError"
    assert b"in each" in headers["__streams.errors.stacktrace"]
    assert headers["__streams.errors.offset"] == b"10"


async def test_each_try_and_each_record_set_aside_are_counted() -> None:
    stage = Stage(Faulty(), record_tries=4)
    await stage.runner.handle(stage.events(b"a pill"))
    assert stage.runner.metrics.value("record_faults", "read") == 4
    assert stage.runner.metrics.value("dead_letters", "read", "internal_error") == 1


async def test_each_of_several_in_a_row_has_all_its_tries() -> None:
    stage = Stage(Faulty())
    await stage.runner.handle(stage.events(b"a pill", b"another pill", b"a third pill"))
    assert stage.runner.metrics.value("record_faults", "read") == 9


async def test_a_fault_that_passes_costs_nothing() -> None:
    stage = Stage(Recovering())
    await stage.runner.handle(stage.events(builders.raw()))
    assert [sent.topic for sent in stage.producer.sent] == [SIGNED]


async def test_a_hop_that_fails_on_twenty_in_a_row_stops_and_the_twentieth_stays() -> None:
    stage = Stage(Faulty())
    events = stage.events(*[b"a pill"] * 30)
    with pytest.raises(TooManyFaultsError):
        await stage.runner.handle(events)
    assert len(stage.producer.to(DEAD_LETTER)) == MOST_IN_A_ROW - 1
    assert [event.acked for event in events] == [True] * 19 + [False] * 11


async def test_a_hop_that_fails_on_five_percent_of_its_last_thousand_stops() -> None:
    stage = Stage(Faulty())
    good = builders.raw()
    batch = [b"a pill" if number % 19 == 0 else good for number in range(1200)]
    with pytest.raises(TooManyFaultsError):
        await stage.runner.handle(stage.events(*batch))
    assert len(stage.producer.to(DEAD_LETTER)) == 49


async def test_a_hop_that_fails_on_less_goes_on() -> None:
    stage = Stage(Faulty())
    good = builders.raw()
    batch = [b"a pill" if number % 25 == 0 else good for number in range(3000)]
    await stage.runner.handle(stage.events(*batch))
    assert len(stage.producer.to(DEAD_LETTER)) == 120


async def test_a_fault_of_the_broker_sets_nothing_aside() -> None:
    stage = Stage(Read())
    stage.producer.refused.add(SIGNED)
    with pytest.raises(ConnectionError):
        await stage.runner.handle(stage.events(builders.raw()))
    assert not stage.producer.to(DEAD_LETTER)


class Rows(OneTable):
    """A table that keeps what is sent to its changelog, and can be made anew from it."""

    def __init__(self, hop: Any, stage: Stage) -> None:
        super().__init__(hop)
        self._hop, self._stage = hop, stage
        self.reloads = 0
        state = hop.new_state()
        self.states = [state]
        self.data.state_of = lambda _: self.states[-1]

    async def reload(self, partition: int) -> None:
        self.reloads += 1
        state = self._hop.new_state()
        for sent in self._stage.producer.to("changelog"):
            assert sent.key is not None
            if sent.value is None:
                state.forget(sent.key.decode())
            else:
                state.restore(sent.key.decode(), sent.value)
        self.states.append(state)


class Halfway(Match):
    """A matcher that fails on an id after it has remembered the article."""

    def __call__(self, record: Record, state: Any) -> Effects:
        effects = super().__call__(record, state)
        if b"pill" in (record.key or b""):
            raise ZeroDivisionError
        return effects


def signed(**fields: Any) -> bytes:
    (output,) = Read()(builders.record(builders.raw(**fields))).outputs
    assert output.value is not None
    return output.value


async def test_a_state_that_failed_half_way_knows_nothing_of_the_record_that_was_set_aside() -> None:
    hop = Halfway()
    stage = Stage(hop)
    table = Rows(hop, stage)
    stage.runner.table = table  # type: ignore[assignment]
    text = "A blast in the market killed four people on Monday, and the fire that followed burned until evening came."
    first, pill, copy = stage.events(
        signed(id="a", text="Nothing like it."), signed(id="p", text=text), signed(text=text)
    )
    pill.message.key = b"pill"
    await stage.runner.handle([first, pill, copy])
    assert [sent.topic for sent in stage.producer.sent] == [UNIQUE, "changelog", DEAD_LETTER, UNIQUE, "changelog"]
    assert table.reloads == 3


async def test_a_matcher_that_fails_before_it_changes_anything_is_not_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hop = Match()
    stage = Stage(hop)
    table = Rows(hop, stage)
    stage.runner.table = table  # type: ignore[assignment]
    monkeypatch.setattr("stream_app.core.flow.pipeline._matched", lambda *_: 1 / 0)
    await stage.runner.handle(stage.events(signed(id="a")))
    (letter,) = stage.producer.to(DEAD_LETTER)
    assert dict(letter.headers or ())["__streams.errors.exception"] == b"ZeroDivisionError"
    assert (table.reloads, len(table.states[0])) == (0, 0)


async def test_a_key_as_large_as_a_record_may_be_is_no_end_of_the_stream() -> None:
    stage = Stage(Read(), max_article_bytes=1000)
    (event,) = stage.events(b"{")
    event.message.key = b"k" * 2_000_000
    await stage.runner.handle([event])
    (letter,) = stage.producer.to(DEAD_LETTER)
    assert len(letter.key or b"") < 20_000
    assert dict(letter.headers or ())["truncated-key-from-bytes"] == b"2000000"


async def test_a_dead_letter_of_the_largest_record_fits_our_topics() -> None:
    stage = Stage(Read(), max_article_bytes=1000)
    (event,) = stage.events(orjson.dumps({"text": "x" * 3_000_000}))
    await stage.runner.handle([event])
    (letter,) = stage.producer.to(DEAD_LETTER)
    assert len(letter.value or b"") <= 2000


class Inflating(Match):
    """A matcher that makes a row, or an event, out of all proportion of one article."""

    def __call__(self, record: Record, state: Any) -> Effects:
        effects = super().__call__(record, state)
        if b"large row" in (record.value or b""):
            return replace(effects, rows=[(b"row", b"x" * 5_000_000)])
        if b"large event" in (record.value or b""):
            return replace(effects, outputs=[replace(effects.outputs[0], value=b"x" * 5_000_000)])
        return effects


@pytest.mark.parametrize("tries", [0, 3])
@pytest.mark.parametrize("what", ["large row", "large event"])
async def test_what_would_be_too_large_for_a_topic_is_set_aside_and_the_state_forgets_it(what: str, tries: int) -> None:
    hop = Inflating()
    stage = Stage(hop, record_tries=tries)
    table = Rows(hop, stage)
    stage.runner.table = table  # type: ignore[assignment]
    events = stage.events(signed(id="a", text="Nothing like it."), signed(id="b", text=f"A {what} of it."))
    await stage.runner.handle(events)
    (letter,) = stage.producer.to(DEAD_LETTER)
    assert dict(letter.headers or ())["reason"] == b"output_too_large"
    assert (table.reloads, len(table.states[-1])) == (1, 1)
    assert all(event.acked for event in events)
