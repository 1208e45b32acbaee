"""The flow without a broker: order, redelivery, and the fate of bad input."""

from __future__ import annotations

import orjson
import pytest

from stream_app.core.flow.pipeline import Match, Pipeline, Read, Tag
from stream_app.core.flow.stream import Clock, DeadLetter, Flow
from stream_app.core.hops import DUPLICATES, ENRICHED, REPORTS, SIGNED, UNIQUE, Output, Record
from stream_app.core.languages.readers import incident_wordings
from tests import builders

TEXT = "A blast in the market killed four people on Monday, and the fire that followed burned until the evening came."


def flow() -> Flow:
    tag = Tag((), Pipeline("1", "none", "none", "literal"), wordings=incident_wordings())
    return Flow({"read": Read(), "match": Match(), "tag": tag})


def outcomes(flow: Flow, value: bytes) -> list[Output | DeadLetter]:
    return list(flow.feed(builders.record(value)))


def topics(found: list[Output | DeadLetter]) -> list[str]:
    return [output.topic for output in found if isinstance(output, Output)]


def test_a_new_article_passes_every_hop() -> None:
    assert topics(outcomes(flow(), builders.raw(text=TEXT))) == [SIGNED, UNIQUE, ENRICHED, REPORTS]


def test_an_exact_copy_ends_at_the_matcher() -> None:
    running = flow()
    outcomes(running, builders.raw(text=TEXT))
    found = outcomes(running, builders.raw(id="b", text=TEXT))
    assert topics(found) == [SIGNED, DUPLICATES]
    assert isinstance(found[1], Output)
    assert orjson.loads(found[1].value or b"")["of"] == "a"


def test_a_redelivered_article_is_not_its_own_duplicate() -> None:
    running = flow()
    first = outcomes(running, builders.raw(text=TEXT))
    assert outcomes(running, builders.raw(text=TEXT)) == first


def test_the_same_id_with_new_content_is_a_revision() -> None:
    running = flow()
    outcomes(running, builders.raw(text=TEXT, source="post.example"))
    found = outcomes(running, builders.raw(text=TEXT.replace("four", "five"), source="post.example"))
    enriched = next(output for output in found if isinstance(output, Output) and output.topic == ENRICHED)
    assert orjson.loads(enriched.value or b"")["duplicate"]["verdict"] == "revision"


def test_bad_input_becomes_a_dead_letter_and_the_next_article_passes() -> None:
    running = flow()
    (letter,) = outcomes(running, b"{")
    assert isinstance(letter, DeadLetter)
    assert (letter.hop, letter.value, letter.error.reason) == ("read", b"{", "not_json")
    assert topics(outcomes(running, builders.raw(text=TEXT))) == [SIGNED, UNIQUE, ENRICHED, REPORTS]


@pytest.mark.parametrize("topic", [SIGNED, UNIQUE])
def test_a_stranger_on_an_internal_topic_becomes_a_dead_letter(topic: str) -> None:
    (letter,) = flow().feed(builders.record(b'{"article": {}, "signature": "x", "duplicate": {}}'), topic)
    assert isinstance(letter, DeadLetter)
    assert letter.error.reason == "bad_record"


def test_the_same_content_has_the_same_event_id_at_any_time() -> None:
    value = builders.raw(text=TEXT)
    (early, *_), (late, *_) = flow().feed(builders.record(value, 1)), flow().feed(builders.record(value, 10**12))
    assert isinstance(early, Output)
    assert isinstance(late, Output)
    assert early.event_id == late.event_id


def test_an_article_without_a_time_is_received_with_those_before_it() -> None:
    clock = Clock()
    assert clock.received_ms("2022-03-01T00:00:00Z") == 1_646_092_800_000
    assert clock.received_ms(None) == 1_646_092_800_000
    assert clock.received_ms("2022-03-02T00:00:00Z") == 1_646_179_200_000
    assert clock.received_ms("2021-03-01T00:00:00Z") == 1_646_092_800_000


@pytest.mark.parametrize("at", range(4))
def test_one_wrong_year_does_not_move_the_clock(at: int) -> None:
    clock = Clock()
    told = [f"2022-03-0{day}T00:00:00Z" for day in range(1, 9)]
    told[at] = "2202-03-01T00:00:00Z"
    for time in told:
        clock.received_ms(time)
    assert clock.received_ms(None) <= 1_646_697_600_000


def test_wrong_years_now_and_then_do_not_move_the_clock_but_a_stream_that_goes_on_years_later_does() -> None:
    clock = Clock()
    for day in range(1, 9):
        clock.received_ms(f"2022-03-0{day}T00:00:00Z")
        assert clock.received_ms("2202-03-01T00:00:00Z") <= 1_646_697_600_000
    for day in range(1, 5):
        clock.received_ms(f"2026-03-0{day}T00:00:00Z")
    assert clock.received_ms(None) == 1_772_496_000_000


def test_a_record_without_a_value_takes_back_what_its_own_source_told() -> None:
    running = flow()
    outcomes(running, builders.raw(text=TEXT, source="post.example"))
    _signed, refused = running.feed(Record(b"a", None, 1_646_114_400_000, "evil.example"))
    assert isinstance(refused, DeadLetter)
    assert refused.error.reason == "not_withdrawn"
    found = list(running.feed(Record(b"a", None, 1_646_114_400_000, "www.post.example")))
    enriched = next(output for output in found if isinstance(output, Output) and output.topic == ENRICHED)
    event = orjson.loads(enriched.value or b"")
    assert (event["withdrawn"], event["toll"]) == ({"by": "www.post.example", "at": "2022-03-01T06:00:00Z"}, {})


def test_a_record_without_a_value_and_an_id_is_a_dead_letter() -> None:
    (letter,) = flow().feed(Record(None, None, 1_646_114_400_000))
    assert isinstance(letter, DeadLetter)
    assert letter.error.reason == "empty"


def test_a_clock_that_may_look_ahead_believes_the_first_articles_behind_years_without_any() -> None:
    told = ["2005-03-01T00:00:00Z", "2005-03-02T00:00:00Z", *(f"2008-06-0{day}T00:00:00Z" for day in range(1, 5))]
    assert [ms for _, ms in Clock().stamped(told, str)][2:] == [1_212_278_400_000 + n * 86_400_000 for n in range(4)]


@pytest.mark.parametrize("at", range(1, 4))
@pytest.mark.parametrize("wrong", [1, 2])
def test_a_clock_that_looks_ahead_is_not_moved_by_wrong_years_and_keeps_the_order(at: int, wrong: int) -> None:
    told: list[str | None] = [f"2022-03-0{day}T00:00:00Z" for day in range(1, 6)]
    told[at:at] = ["2202-03-01T00:00:00Z", None][:wrong]
    stamped = list(Clock().stamped(told, lambda time: time))
    assert [time for time, _ in stamped] == told
    assert max(ms for _, ms in stamped) <= 1_646_438_400_000


def test_an_article_without_a_time_is_received_with_its_neighbours_in_a_file_that_tells_the_same_weeks_again() -> None:
    weeks = [f"2022-03-{day:02}T00:00:00Z" for day in range(1, 29)]
    stamped = list(Clock().stamped([*weeks, *weeks[:10], None], lambda time: time))
    assert stamped[-1][1] == 1_646_092_800_000 + 8 * 86_400_000


def test_an_article_without_a_time_is_received_last_where_its_neighbours_tell_no_time_together() -> None:
    clock = Clock()
    for day in (27, 28, 3, 14, 22):
        clock.received_ms(f"2022-03-{day:02}T00:00:00Z")
    assert clock.received_ms(None) == 1_648_339_200_000


def test_articles_without_a_time_that_a_file_begins_with_are_received_with_the_first_that_has_one() -> None:
    stamped = list(Clock().stamped([None, None, "2022-03-01T00:00:00Z", None], lambda time: time))
    assert [ms for _, ms in stamped] == [1_646_092_800_000] * 4


def test_a_file_in_which_nothing_has_a_time_keeps_its_order() -> None:
    told = [(number, None) for number in range(2500)]
    assert [item for item, _ in Clock().stamped(told, lambda item: item[1])] == told
