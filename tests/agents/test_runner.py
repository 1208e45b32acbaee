"""One hop over its batches: what is published, when offsets may be committed, and who stops the worker."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stream_app.core.flow.pipeline import Match, Read
from stream_app.core.hops import DEAD_LETTER, FIGURES, REPORTS, SIGNED, TOLLS, Decision, Effects, Hop, Output, Record
from stream_app.core.poison import PoisonError
from stream_app.service import headers
from stream_app.service.agents import Runner, article_ms
from stream_app.service.engine.outbox import Outgoing
from stream_app.service.metrics import Metrics
from stream_app.settings import Settings
from tests import builders, fakes


class Stage:
    """A runner between recorders."""

    def __init__(self, hop: Hop, table: Any = None, **settings: Any) -> None:
        self.log: list[str] = []
        self.producer = fakes.RecordingProducer(self.log)
        self.app = fakes.FakeApp(self.producer)
        self.runner = Runner(self.app, hop, table, Settings(**settings), Metrics())

    def events(self, *values: bytes | None) -> list[Any]:
        return [fakes.event(value, offset, self.log) for offset, value in enumerate(values, 10)]


async def test_every_record_is_published_before_the_first_is_acked() -> None:
    stage = Stage(Read())
    await stage.runner.handle(stage.events(builders.raw(), builders.raw(id="b")))
    assert stage.log == [f"send {SIGNED}", f"send {SIGNED}", "ack 10", "ack 11"]


async def test_a_refused_record_leaves_the_whole_batch_unacked() -> None:
    stage = Stage(Read())
    stage.producer.refused.add(SIGNED)
    events = stage.events(builders.raw(), builders.raw(id="b"))
    with pytest.raises(ConnectionError):
        await stage.runner.handle(events)
    assert not any(event.acked for event in events)


async def test_a_dead_letter_keeps_key_and_bytes_and_says_why() -> None:
    stage = Stage(Read(), prefix="p.")
    await stage.runner.handle(stage.events(b'{"text": '))
    (letter,) = stage.producer.to("p." + DEAD_LETTER)
    headers = dict(letter.headers or ())
    assert (letter.key, letter.value) == (b"k", b'{"text": ')
    assert headers["reason"] == b"not_json"
    assert headers["__streams.errors.topic"] == b"articles.raw"
    assert headers["__streams.errors.partition"] == b"3"
    assert headers["__streams.errors.offset"] == b"10"
    assert headers["__streams.errors.exception"] == b"PoisonError"
    assert headers["stream-app-version"]


async def test_bad_input_does_not_stop_the_articles_around_it() -> None:
    stage = Stage(Read())
    events = stage.events(builders.raw(), b"{", builders.raw(id="b"))
    await stage.runner.handle(events)
    assert [sent.topic for sent in stage.producer.sent] == [SIGNED, DEAD_LETTER, SIGNED]
    assert all(event.acked for event in events)


async def test_a_refused_dead_letter_is_not_acked_either() -> None:
    stage = Stage(Read())
    stage.producer.refused.add(DEAD_LETTER)
    events = stage.events(b"{")
    with pytest.raises(ConnectionError):
        await stage.runner.handle(events)
    assert not events[0].acked


class Faulty(Read):
    """A hop with a bug that a record whose value is "bug" brings to light."""

    def each(self, records: Sequence[Record]) -> list[Decision]:
        if b"bug" in [record.value for record in records]:
            raise ZeroDivisionError
        return super().each(records)


async def test_without_quarantine_our_own_fault_stops_the_worker_with_the_offset_uncommitted() -> None:
    stage = Stage(Faulty(), record_tries=0)
    (event,) = stage.events(b"bug")

    with pytest.raises(ZeroDivisionError):
        await stage.runner.handle([event])
    await stage.runner.stop_worker(event, ZeroDivisionError("bug"))
    assert isinstance(stage.app.crashed_with, ZeroDivisionError)
    assert not event.acked
    assert not stage.producer.sent


async def test_a_fault_is_blamed_on_the_record_that_it_came_of_wherever_that_stands() -> None:
    stage = Stage(Faulty(), record_tries=0)
    events = stage.events(*[builders.raw()] * 20, b"bug", builders.raw())
    with pytest.raises(ZeroDivisionError):
        await stage.runner.handle(events)
    assert stage.runner.deciding is events[20]
    assert not any(event.acked for event in events)


async def test_poison_among_records_that_are_decided_together_is_a_dead_letter_of_its_own() -> None:
    stage = Stage(Read())
    await stage.runner.handle(stage.events(builders.raw(id="a"), b"{", builders.raw(id="b")))
    assert [(sent.topic, sent.key) for sent in stage.producer.sent] == [
        (SIGNED, b"a"), (DEAD_LETTER, b"k"), (SIGNED, b"b")
    ]  # fmt: skip
    assert stage.log[-3:] == ["ack 10", "ack 11", "ack 12"]


async def test_records_carry_cloud_event_headers_and_the_raw_timestamp_and_bear_the_brokers_time() -> None:
    stage = Stage(Read())
    await stage.runner.handle(stage.events(builders.raw()))
    (sent,) = stage.producer.sent
    headers = dict(sent.headers or ())
    assert headers["ce_type"] == b"articles.signed/1"
    assert headers["ce_time"] == b"2022-03-01T06:00:00.123Z"
    assert headers["content-type"] == b"application/json"
    assert len(headers["ce_id"]) == 32
    assert headers["stream-app-timestamp-ms"] == b"1646114400123"
    assert sent.timestamp_s is None


async def test_a_hop_goes_by_the_timestamp_that_was_handed_on_and_a_dead_letter_keeps_it() -> None:
    stage = Stage(Match(3600.0, 100))
    event = fakes.event(b"{}", 10, stage.log, topic=SIGNED)
    event.message.headers = [("stream-app-timestamp-ms", b"1646067600123")]
    await stage.runner.handle([event])
    (letter,) = stage.producer.to(DEAD_LETTER)
    assert dict(letter.headers or ())["stream-app-timestamp-ms"] == b"1646067600123"


def test_without_the_header_the_records_own_timestamp_is_that_of_the_article() -> None:
    """What releases before 0.2.0 have left on our topics."""
    assert article_ms(fakes.event(b"{}", 10, [], topic=SIGNED).message) == 1_646_114_400_123


def test_what_a_producer_puts_into_the_header_is_not_believed() -> None:
    event = fakes.event(builders.raw(), 10, [])
    event.message.headers = [("stream-app-timestamp-ms", b"1")]
    assert article_ms(event.message) == 1_646_114_400_123


async def test_redelivery_sends_the_same_bytes_again() -> None:
    stage = Stage(Read())
    await stage.runner.handle(stage.events(builders.raw()))
    await stage.runner.handle(stage.events(builders.raw()))
    first, second = stage.producer.sent
    assert first == second


class OneTable:
    """A table of one partition."""

    def __init__(self, hop: Hop) -> None:
        state = hop.new_state()
        self.data = SimpleNamespace(state_of=lambda partition: state)

    def note_stored(self, answers: object) -> None:
        """Nothing recovers here."""

    async def reload(self, partition: int) -> None:
        """Nothing fails here."""

    def changelog_record(self, partition: int, key: bytes, row: bytes | None) -> Outgoing:
        return Outgoing("changelog", key, row, None, None, partition)


async def matched(*refused: str) -> Stage:
    """A matcher's stage after one article."""
    hop = Match()
    stage = Stage(hop)
    stage.producer.refused.update(refused)
    stage.runner.table = OneTable(hop)  # type: ignore[assignment]
    (output,) = Read()(builders.record(builders.raw())).outputs
    with contextlib.suppress(ConnectionError):
        await stage.runner.handle(stage.events(output.value))
    return stage


async def test_rows_go_to_the_changelog_after_what_they_stand_for() -> None:
    stage = await matched()
    assert [sent.topic for sent in stage.producer.sent] == ["articles.unique", "changelog"]
    assert stage.producer.sent[1].partition == 3


class Drafting(Read):
    """A hop whose row grows with each record."""

    def each(self, records: Sequence[Record]) -> list[Decision]:
        return [Effects(rows=[(b"report", one.value), (one.value or b"", b"its own")]) for one in records]


async def test_of_the_rows_of_one_key_a_batch_stores_the_last() -> None:
    hop = Drafting()
    stage = Stage(hop)
    stage.runner.table = OneTable(hop)  # type: ignore[assignment]
    await stage.runner.handle(stage.events(b"1", b"2"))
    assert {(sent.key, sent.value) for sent in stage.producer.sent} == {
        (b"report", b"2"), (b"1", b"its own"), (b"2", b"its own")
    }  # fmt: skip


async def test_no_row_tells_of_an_output_that_the_broker_refused() -> None:
    stage = await matched("articles.unique")
    assert [sent.topic for sent in stage.producer.sent] == ["articles.unique"]
    assert "ack 10" not in stage.log


async def test_a_run_of_poison_pauses_when_a_setting_says_so() -> None:
    stage = Stage(Read(), poison_pause=2)
    stage.app.should_stop = True  # lets the pause end at once
    await stage.runner.handle(stage.events(b"{", b"{"))
    assert 'stream_app_paused{hop="read"} 1.0' in stage.runner.metrics.exposition().decode()


async def test_tombstones_pass_without_a_value() -> None:
    class Burying(Read):
        def each(self, records: Sequence[Record]) -> list[Decision]:
            return [Effects([Output("incidents.tolls", b"inc", None, "id", "incidents.tolls/1")]) for _ in records]

    stage = Stage(Burying())
    await stage.runner.handle(stage.events(builders.raw()))
    assert stage.producer.sent[0].value is None


async def test_values_stand_behind_the_number_of_their_schema_and_tombstones_do_not() -> None:
    stage = Stage(Read())
    stage.runner.frames = {SIGNED: b"\x00\x00\x00\x00\x07"}
    await stage.runner.handle(stage.events(builders.raw()))
    (sent,) = stage.producer.to(SIGNED)
    assert (sent.value or b"")[:6] == b"\x00\x00\x00\x00\x07{"
    assert stage.runner.framed(SIGNED, None) is None


async def test_the_trace_of_a_producer_goes_on_with_what_comes_of_its_record() -> None:
    stage = Stage(Read())
    (event,) = stage.events(builders.raw())
    event.message.headers = [("traceparent", b"00-a-b-01"), *[("traceparent", b"x" * 599)] * 100]
    await stage.runner.handle([event])
    (sent,) = stage.producer.to(SIGNED)
    assert [value for name, value in sent.headers or () if name == "traceparent"] == [b"00-a-b-01"]


async def test_what_a_producer_said_goes_on_under_a_name_that_is_not_ours() -> None:
    stage = Stage(Read())
    (event,) = stage.events(builders.raw())
    theirs = [("ce_id", b"a-77"), ("ce_type", b"incidents.tolls/1"), ("tombstone", b"merged"), ("mark", None)]
    event.message.headers = [*theirs, ("redriven", b"0:1"), ("big", b"x" * 1025), ("producer-ce_id", b"forged")]
    await stage.runner.handle([event])
    (sent,) = stage.producer.to(SIGNED)
    told = list(sent.headers or ())
    ours = [(name, value) for name, value in told if not name.startswith("producer-")]
    assert dict(ours)["ce_type"] == b"articles.signed/1"
    assert len(ours) == len(dict(ours))
    assert not {"tombstone", "redriven", "mark", "big"} & set(dict(ours))
    assert told[len(ours) :] == [
        *((f"producer-{name}", value) for name, value in theirs),
        ("producer-producer-ce_id", b"forged"),
    ]


HEADERS = st.lists(
    st.tuples(
        st.one_of(
            st.sampled_from(
                ["ce_id", "reason", "hop", "redriven", "producer-", "traceparent", "__streams.errors.topic"]
            ),
            st.text(st.characters(codec="utf-8"), max_size=40),
        ),
        st.none() | st.binary(max_size=400),
    ),
    max_size=40,
)


@given(HEADERS)
def test_carried_headers_are_few_small_and_the_same_after_each_hop(theirs: list[tuple[str, bytes | None]]) -> None:
    found = headers.carried(theirs, raw=True)
    assert all(name.startswith(headers.PRODUCER) for name, _ in found)
    assert len(found) <= 16
    assert sum(len(name.encode()) + len(value or b"") for name, value in found) <= 1024
    assert headers.carried([("ce_id", b"ours"), *found, ("traceparent", b"00")], raw=False) == found


@given(HEADERS)
def test_redrive_gives_a_producers_headers_back_as_they_were(theirs: list[tuple[str, bytes | None]]) -> None:
    why = headers.dead_letter("read", "articles.raw", 0, 1, PoisonError("no_text", "blank"), 0)
    assume(sum(len(name.encode()) + len(value or b"") + 9 for name, value in theirs) < 16_000)
    sent = headers.given_back(why + headers.original(theirs, raw=True), b"0:1")
    assert sent == [*((name, value) for name, value in theirs if name != "redriven"), ("redriven", b"0:1")]


class Tolled:
    """A hop that tells of a toll and of a figure, whatever it reads."""

    name, source, stateful = "count", REPORTS, False

    def new_state(self) -> None:
        return None

    def __call__(self, record: Record, state: Any, /) -> Effects:
        return Effects([Output(topic, b"k", b"{}", "id", f"{topic}/1") for topic in (TOLLS, FIGURES)])


async def test_a_toll_is_of_many_articles_and_says_of_no_producer_that_it_is_its_own() -> None:
    stage = Stage(Tolled())
    (event,) = stage.events(b"{}")
    event.message.headers = [("traceparent", b"00-a-b-01"), ("producer-ce_id", b"a-77")]
    await stage.runner.handle([event])
    (toll,), (figure,) = stage.producer.to(TOLLS), stage.producer.to(FIGURES)
    assert dict(toll.headers or ())["traceparent"] == b"00-a-b-01"
    assert "producer-ce_id" not in dict(toll.headers or ())
    assert dict(figure.headers or ())["producer-ce_id"] == b"a-77"
