"""Laws of the count hop: tolls depend on what was reported, not on the order, the repeats or the restarts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stream_app.core.events import Kind
from stream_app.core.incidents import Counter, grouping, similarity
from stream_app.core.incidents.standing import last_words, standing_of
from stream_app.core.incidents.told import Claim
from tests.incident_builders import (
    CHUHUIV,
    FAR_FUTURE_S,
    KHARKIV,
    KYIV,
    UKRAINE,
    article,
    records,
    report_from,
    revision,
    unique,
)

WORDS = ("Saltivka", "Barabashovo", "Petrenko", "Koval", "Izium", "Merefa", "thermobaric", "trolleybus")
DAYS = ("", "on Monday", "on Tuesday", "on Friday")
Record = dict[str, Any]


@pytest.fixture(autouse=True, scope="module", params=[grouping.MOST_LINKS, 2], ids=["links as they are", "two links"])
def _limits(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every law once more where nine reports are a crowd."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouping, "MOST_LINKS", request.param)
        patch.setattr(similarity, "BUSY_EVENTS", 100)  # what is usual is judged when a report comes: by its order
        yield


@st.composite
def reports(draw: st.DrawFn, name: str) -> list[Record]:
    """The reports of one article; the few words, days, places and stories make many of them tell of one event."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5))
    text = f"rocket hit {' and '.join(words)} {draw(st.sampled_from(DAYS))}"
    day, hour = draw(st.integers(1, 6)), draw(st.integers(0, 3))
    told = article(name, f"2022-03-{day:02d}T{hour:02d}:00:00Z", text)
    story = draw(st.sampled_from(("s1", "s2", name)))
    duplicate = draw(st.sampled_from((unique(story), revision(story, "another"))))
    kinds: tuple[Kind, ...] = ("killed", "injured")
    place = draw(st.sampled_from((KHARKIV, KHARKIV, CHUHUIV, KYIV, UKRAINE, None)))
    toll = draw(st.dictionaries(st.sampled_from(kinds), st.integers(1, 4), max_size=2))
    return records(told, toll, duplicate, place)


def streams() -> st.SearchStrategy[list[Record]]:
    """The records of up to nine articles, all within the window, in the order of the articles."""
    return st.integers(1, 9).flatmap(
        lambda n: st.tuples(*(reports(f"a{i}") for i in range(n))).map(lambda many: [r for one in many for r in one])
    )


def counted(stream: list[Record]) -> tuple[Counter, dict[str, Any], dict[str, bytes]]:
    """The counter after a stream, with the last toll and the last row by id as a compacted topic would hold them."""
    counter, tolls, rows = Counter(), dict[str, Any](), dict[str, bytes]()
    members: dict[str, Any] = {}
    for record in stream:
        outcome = counter.count(record, FAR_FUTURE_S)
        tolls.update(outcome.tolls)
        for gone, _, _ in outcome.gone:
            tolls.pop(gone, None)
        members.update(outcome.members)
        for row_id, row in outcome.rows:
            assert row is not None
            rows[row_id] = row
    assert {name: member["incident_id"] for name, member in members.items()} == counter.memberships()
    return counter, tolls, rows


@given(st.data(), streams())
@settings(max_examples=300)
def test_any_order_of_arrival_gives_the_same_standing_tolls(data: st.DataObject, stream: list[Record]) -> None:
    in_order, published, _ = counted(stream)
    shuffled, published_shuffled, _ = counted(data.draw(st.permutations(stream)))
    assert shuffled.standing() == in_order.standing()
    assert published_shuffled == published


@given(streams())
def test_the_published_tolls_are_the_standing_tolls(stream: list[Record]) -> None:
    counter, published, _ = counted(stream)
    assert published == counter.standing()


@given(st.data(), streams())
def test_a_redelivered_record_asks_for_nothing(data: st.DataObject, stream: list[Record]) -> None:
    counter, _, _ = counted(stream)
    before = counter.standing()
    for record in data.draw(st.lists(st.sampled_from(stream))) if stream else []:
        again = counter.count(record, FAR_FUTURE_S)
        assert (again.tolls, again.members, again.revisions, again.rows) == ([], [], [], [])
    assert counter.standing() == before


@given(st.data(), streams(), st.sampled_from((2, grouping.MOST_COMPARED)))
def test_rows_restored_in_any_order_continue_as_if_nothing_had_happened(
    data: st.DataObject, stream: list[Record], compared: int
) -> None:
    """Also where a report is compared with two others, and where records that were counted are delivered once more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouping, "MOST_COMPARED", compared)
        _check_restored(data, stream)


def _check_restored(data: st.DataObject, stream: list[Record]) -> None:
    cut = data.draw(st.integers(0, len(stream)))
    undisturbed, _, rows = counted(stream[:cut])
    restored = Counter()
    for row_id in data.draw(st.permutations(sorted(rows))):
        restored.restore(row_id, rows[row_id])
    assert restored.standing() == undisturbed.standing()
    for number in range(cut, len(stream)):
        for record in data.draw(st.lists(st.sampled_from(stream[:number]), max_size=2)) if number else ():
            again = restored.count(record, FAR_FUTURE_S)
            assert (again.tolls, again.members, again.revisions, again.rows) == ([], [], [], [])
        assert restored.count(stream[number], FAR_FUTURE_S) == undisturbed.count(stream[number], FAR_FUTURE_S)
    assert restored.standing() == undisturbed.standing()


@given(st.data(), streams())
def test_rows_read_once_more_change_nothing_even_where_a_report_is_compared_with_two_others(
    data: st.DataObject, stream: list[Record]
) -> None:
    """A worker that keeps its partition through a rebalance reads the last rows of its changelog again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouping, "MOST_COMPARED", 2)
        cut = data.draw(st.integers(0, len(stream)))
        undisturbed, _, _ = counted(stream[:cut])
        reading, _, rows = counted(stream[:cut])
        for row_id in data.draw(st.lists(st.sampled_from(sorted(rows)))) if rows else ():
            reading.restore(row_id, rows[row_id])
        for record in stream[cut:]:
            assert reading.count(record, FAR_FUTURE_S) == undisturbed.count(record, FAR_FUTURE_S)
        assert reading.standing() == undisturbed.standing()


@given(st.data(), streams())
def test_a_forgotten_row_leaves_what_the_others_say(data: st.DataObject, stream: list[Record]) -> None:
    _, _, rows = counted(stream)
    gone = data.draw(st.sets(st.sampled_from(sorted(rows)))) if rows else set()
    forgetful, lean = Counter(), Counter()
    for row_id, row in rows.items():
        forgetful.restore(row_id, row)
        if row_id not in gone:
            lean.restore(row_id, row)
    for row_id in gone:
        forgetful.forget(row_id)
    assert forgetful.standing() == lean.standing()
    assert len(forgetful) == len(lean)


@given(st.data(), streams())
def test_the_ledger_adds_up_to_the_standing_tolls(data: st.DataObject, stream: list[Record]) -> None:
    counter, ledger = Counter(), dict[str, dict[str, Any]]()
    for record in data.draw(st.permutations(stream)):
        for incident, line in counter.count(record, FAR_FUTURE_S).revisions:
            enter(ledger.setdefault(incident, {}), line)
    standing = {
        name: {kind: {"low": entry["low"], "high": entry["high"]} for kind, entry in toll["toll"].items()}
        for name, toll in counter.standing().items()
    }
    assert {name: toll for name, toll in ledger.items() if toll} == standing


def enter(toll: dict[str, Any], line: dict[str, Any]) -> None:
    """Bring a toll up to date by one line of its ledger."""
    if line["why"] == "contradicted":
        return
    old, new = (
        (line["old"], line["new"])
        if line["kind"] is None
        else ({line["kind"]: line["old"]}, {line["kind"]: line["new"]})
    )
    for kind, bounds in (old or {}).items():
        assert toll.get(kind) == bounds
    toll.clear() if line["kind"] is None else None
    toll.update(new or {})
    for kind in [kind for kind, bounds in toll.items() if bounds is None]:
        del toll[kind]


VOICES = {
    name: report_from(records(article(name, "2022-03-01T00:00:00Z", "rocket"), {"killed": 1}, unique(name), KYIV))
    for name in "abcdz"
}
Told = list[tuple[int, int | None, int, str]]
CLAIMS = st.lists(
    st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(0, 3)), st.integers(0, 9), st.sampled_from("abcd")),
    min_size=1,
)


@given(CLAIMS)
def test_what_stands_is_somebodys_last_word_and_every_other_last_word_is_with_it_or_against_it(told: Told) -> None:
    claims = [claim(*one) for one in sorted(told, key=lambda one: one[2])]
    standing = standing_of(claims)
    words = last_words(claims)
    assert standing.claim in words
    assert sorted(map(id, [*standing.agreeing, *standing.opposed])) == sorted(map(id, words))
    assert all(one.admits(standing.claim) for one in standing.agreeing)


@given(st.lists(st.integers(20, 40), min_size=1, max_size=4), st.integers(4, 1_000))
def test_one_source_never_leaps(told: list[int], leap: int) -> None:
    claims = [claim(low, 0, hour, "abcd"[hour]) for hour, low in enumerate(told)]
    before = standing_of(claims).claim
    assert standing_of([*claims, claim(max(before.low, 40) * leap, 0, 10, "z")]).claim.low == before.low


def claim(low: int, extent: int | None, hour: int, source: str) -> Claim:
    """A claim of `low` to `low + extent` dead; no ceiling when `extent` is None."""
    report = replace(VOICES[source], clock_s=3600.0 * hour)
    high = None if extent is None else low + extent
    return Claim("killed", low, high, inf if high is None else high, False, report, source, (), {})
