"""The checker itself: a suite that cannot fail proves nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.kafka.checker import Seen, compare, first_of_each

A1 = Seen(b"a", b"1", "a1")
A2 = Seen(b"a", b"2", "a2")
B1 = Seen(b"b", b"9", "b1")
RUN = (A1, B1, A2)


def test_the_same_records_are_fine() -> None:
    assert compare("t", RUN, RUN).ok_exactly_once()


def test_keys_may_interleave_differently() -> None:
    assert compare("t", RUN, (B1, A1, A2)).ok


def test_a_missing_event_is_lost_and_its_key_ends_wrong() -> None:
    verdict = compare("t", RUN, (A1, B1))
    assert verdict.lost == ("a2",)
    assert verdict.wrong == ("last value of key b'a' differs",)


def test_a_replayed_tail_counts_as_repeats_only() -> None:
    verdict = compare("t", RUN, (A1, A2, A1, A2, B1))
    assert verdict.ok
    assert verdict.repeats == 2
    assert not verdict.ok_exactly_once()


def test_other_bytes_under_a_known_id_are_wrong() -> None:
    forged = Seen(b"b", b"10", "b1")
    assert "event b1 came with 2 contents" in compare("t", RUN, (*RUN, forged)).wrong


def test_an_event_that_nobody_expected_is_wrong() -> None:
    assert "unexpected event c1" in compare("t", RUN, (Seen(b"a", b"2", "c1"), *RUN)).wrong


def test_a_zombie_that_writes_an_old_value_last_is_wrong() -> None:
    assert compare("t", RUN, (*RUN, A1)).wrong == ("last value of key b'a' differs",)


def test_swapped_events_of_one_key_are_wrong() -> None:
    assert "order of key b'a' differs" in compare("t", RUN, (A2, A1, B1)).wrong


def test_policy_last_ignores_intermediate_values() -> None:
    assert compare("t", RUN, (A2, B1), policy="last").ok
    assert not compare("t", RUN, (A1, B1), policy="last").ok


def test_a_value_that_comes_back_is_no_repeat_unless_told_twice_in_a_row() -> None:
    assert compare("t", (A2,), (A1, A2, A1, A2), policy="last").repeats == 0
    assert compare("t", (A2,), (A1, A2, A2), policy="last").repeats == 1


@given(st.lists(st.integers(0, 20), unique=True), st.data())
def test_restarting_anywhere_from_any_committed_position_is_only_repeats(
    values: list[int], data: st.DataObject
) -> None:
    run = [Seen(bytes([value % 3]), bytes([value]), str(value)) for value in values]
    seen: list[Seen] = []
    committed = 0
    for _ in range(data.draw(st.integers(0, 4))):
        reached = data.draw(st.integers(committed, len(run)))
        seen += run[committed:reached]
        committed = data.draw(st.integers(committed, reached))
    seen += run[committed:]
    verdict = compare("t", run, seen)
    assert verdict.ok
    assert verdict.repeats == len(seen) - len(run)


@given(st.lists(st.sampled_from(RUN)))
def test_removing_repeats_keeps_the_first_of_each(records: list[Seen]) -> None:
    firsts = first_of_each(records)
    assert len({record.event_id for record in firsts}) == len(firsts)
    assert set(firsts) == set(records)
