"""What stream-app-events makes of what the service publishes, and what the service makes of its articles."""

from __future__ import annotations

import ast
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import stream_app_events as events
from stream_app.core import hops, wire
from stream_app.core.flow.pipeline import Count
from stream_app.core.incidents import Counter
from stream_app.core.poison import REASONS, PoisonError
from stream_app.service import headers
from stream_app.service.agents import coalesced
from stream_app.service.engine.outbox import Outgoing
from tests.incident_builders import CHUHUIV, KHARKIV, KYIV, article, received_s, records, revision, unique

PACKAGE = Path(events.__file__).parent
WORDS = ("Saltivka", "Barabashovo", "Petrenko", "Koval", "Izium", "Merefa")
DAY_S = 86_400.0


def test_it_needs_nothing_but_the_standard_library() -> None:
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert (name or "").split(".")[0] in {"stream_app_events", *sys.stdlib_module_names}, (path.name, name)


@st.composite
def reports(draw: st.DrawFn, name: str) -> list[dict[str, Any]]:
    """The reports of one article over four weeks: few places and words, so that many tell of one event."""
    text = " and ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)))
    told = article(name, f"2022-03-{draw(st.integers(1, 28)):02d}T00:00:00Z", f"rocket hit {text}")
    story = draw(st.sampled_from(("s1", "s2", name)))
    duplicate = draw(st.sampled_from((unique(story), revision(story, "another"))))
    place = draw(st.sampled_from((KHARKIV, KHARKIV, CHUHUIV, KYIV, None)))
    toll = draw(st.dictionaries(st.sampled_from(("killed", "injured")), st.integers(1, 4), max_size=2))
    return records(told, toll, duplicate, place)  # type: ignore[arg-type]


def streams() -> st.SearchStrategy[list[dict[str, Any]]]:
    many = st.integers(1, 12).flatmap(lambda n: st.tuples(*(reports(f"a{i}") for i in range(n))))
    return many.map(lambda told: [record for one in told for record in one])


@dataclass
class Kept:
    """What the events should add up to: the last value of every incident, and of those that are open what stands."""

    hop: Count = field(default_factory=lambda: Count(window_s=4 * DAY_S))
    state: Counter = field(init=False)
    last: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = self.hop.new_state()

    def count(self, stream: Sequence[dict[str, Any]]) -> list[hops.Output]:
        """The outputs for these reports."""
        outputs: list[hops.Output] = []
        for record in stream:
            value = wire.encode(record)
            outputs += self.hop(hops.Record(b"", value, int(received_s(record) * 1000)), self.state).outputs
        for output in outputs:
            if output.topic == hops.TOLLS and output.value is not None:
                self.last[output.key.decode()] = wire.decode_record(output.value)
            elif output.topic == hops.TOLLS and output.gone != "expired":
                self.last.pop(output.key.decode())
        return outputs


def event_of(output: hops.Output) -> events.Event:
    return events.read(output.key, output.value, headers.cloud_event(output, 0))


def plain(toll: Any) -> dict[str, Any]:
    return {kind: {"low": entry["low"], "high": entry["high"]} for kind, entry in toll["toll"].items()}


@given(streams())
def test_every_standing_toll_is_in_the_table_and_open_ones_are_open(stream: list[dict[str, Any]]) -> None:
    kept, tolls = Kept(), events.StandingTolls()
    for output in kept.count(stream):
        tolls.apply(event_of(output))
    assert {name: tolls[name].toll for name in tolls} == kept.last
    assert {name for name in tolls if not tolls[name].closed} == kept.state.standing().keys()


@given(streams())
def test_the_ledger_folds_to_the_table(stream: list[dict[str, Any]]) -> None:
    kept, ledger = Kept(), events.Ledger()
    for output in kept.count(stream):
        ledger.apply(event_of(output))
    assert ledger.tolls() == {name: plain(toll) for name, toll in kept.last.items()}


@given(st.data(), streams())
def test_repeats_after_a_crash_change_nothing(data: st.DataObject, stream: list[dict[str, Any]]) -> None:
    kept, tolls, ledger = Kept(), events.StandingTolls(), events.Ledger()
    told = [event_of(output) for output in kept.count(stream)]
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(told)))
        told[start:] = [*told[start:], *told[start:]]  # committed up to here, and then all once more
    for event in told:
        tolls.apply(event)
        ledger.apply(event)
    assert {name: tolls[name].toll for name in tolls} == kept.last
    assert ledger.tolls() == {name: plain(toll) for name, toll in kept.last.items()}


@given(st.data(), streams())
def test_of_a_batch_only_what_a_reader_needs_is_sent(data: st.DataObject, stream: list[dict[str, Any]]) -> None:
    kept, tolls = Kept(), events.StandingTolls()
    outputs = kept.count(stream)
    sent = [Outgoing(o.topic, o.key, o.value, None, headers.cloud_event(o, 0)) for o in outputs]
    cuts = [0, *sorted(data.draw(st.lists(st.integers(0, len(sent)), max_size=3))), len(sent)]
    for start, end in pairwise(cuts):
        for out in coalesced(sent[start:end], hops.COMPACTED):
            tolls.apply(events.read(out.key, out.value, out.headers))
    assert {name: tolls[name].toll for name in tolls} == kept.last


def test_a_toll_that_comes_and_expires_within_one_batch_is_told() -> None:
    key = b"inc-1"
    value = Outgoing("t", key, b"{}", None, [])
    older = Outgoing("t", key, b'{"older": 1}', None, [])
    expired = Outgoing("t", key, None, None, [headers.EXPIRED])
    withdrawn = Outgoing("t", key, None, None, [("tombstone", b"withdrawn")])
    topics = frozenset({"t"})
    assert coalesced([older, value, expired], topics) == [value, expired]
    assert coalesced([older, value, withdrawn], topics) == [withdrawn]
    assert coalesced([older, expired, value], topics) == [value]


def test_a_merged_incident_is_found_under_the_one_that_goes_on() -> None:
    tolls = events.StandingTolls()
    kind = ("ce_type", b"incidents.tolls/1")
    tolls.apply(events.read("b", b'{"incident_id": "b"}', [("ce_id", b"1"), kind]))
    tolls.apply(events.read("a", b'{"incident_id": "a"}', [("ce_id", b"2"), kind]))
    gone: list[tuple[str, bytes | None]] = [("tombstone", b"merged"), ("merged-into", b"b")]
    tolls.apply(events.read("a", None, [("ce_id", b"3"), kind, *gone]))
    assert list(tolls) == ["b"]
    assert tolls["a"].toll["incident_id"] == "b"
    with pytest.raises(KeyError):
        tolls["c"]


def test_a_membership_that_expires_says_so() -> None:
    kept = Kept()
    days = (1, 20, 21, 22, 23, 24, 25)
    stream = [
        record
        for day in days
        for record in records(article(f"a{day}", f"2022-03-{day:02d}T00:00:00Z", "rocket hit"), {"killed": 1})
    ]
    ended = [o for o in kept.count(stream) if o.value is None]
    assert {(o.topic, o.gone) for o in ended} == {(hops.MEMBERS, "expired"), (hops.TOLLS, "expired")}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
texts = st.text(alphabet=st.characters(codec=None), max_size=30)


@given(
    texts,
    st.fixed_dictionaries(
        {},
        optional={
            "id": texts | st.just("x" * 513),
            "title": texts | st.just("x" * 10_001),
            "url": texts,
            "source": texts | st.just("x" * 513),
            "language": texts,
            "published_at": st.datetimes(timezones=st.none() | st.timezones()),
            "metadata": st.dictionaries(texts, json_values, max_size=3),
        },
    ),
)
def test_what_the_builder_builds_is_never_a_dead_letter(text: str, fields: dict[str, Any]) -> None:
    value = built(text, fields)
    if isinstance(value, str):
        assert value in REASONS
        return
    read = wire.decode_article(value)
    assert read.text == text
    assert (read.id, read.title or "") == (fields.get("id", read.id), fields.get("title") or "")


def built(text: str, fields: dict[str, Any]) -> bytes | str:
    """The article, or the reason for which there is none."""
    try:
        return events.article(text, **fields)
    except events.ArticleError as refused:
        return refused.reason


def nested(levels: int) -> dict[str, Any]:
    return {"a": nested(levels - 1)} if levels else {}


@pytest.mark.parametrize(
    ("text", "fields", "reason"),
    [
        (" ", {}, "no_text"),
        ("a", {"id": ""}, "bad_id"),
        ("a\ud800", {}, "lone_surrogate"),
        ("a" * 1_000_001, {}, "too_large"),
        ("a", {"title": "t" * 10_001}, "too_long"),
        ("a", {"metadata": {"x": float("nan")}}, "not_json"),
        ("a", {"metadata": nested(70)}, "too_deep"),
        ("a", {"published_at": datetime(1500, 1, 1)}, "bad_time"),  # noqa: DTZ001
        ("a", {"published_at": "yesterday"}, "wrong_type"),
    ],
)
def test_the_builder_refuses_what_the_service_would(text: str, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(events.ArticleError) as refused:
        events.article(text, **fields)
    assert refused.value.reason == reason


@given(st.integers(55, 70))
def test_metadata_may_nest_as_deep_as_the_service_reads(levels: int) -> None:
    try:
        value = events.article("a", metadata=nested(levels))
    except events.ArticleError:
        with pytest.raises(PoisonError):
            wire.decode_article(wire.encode({"text": "a", "metadata": nested(levels)}))
    else:
        assert wire.decode_article(value).metadata == nested(levels)


def test_a_withdrawal_takes_the_article_of_its_source_back() -> None:
    key, value, told = events.withdrawal("a-1", "post.example")
    assert value is None
    assert wire.taken_back(key, headers.source(told)).is_withdrawn


def test_a_record_that_is_no_event_is_refused() -> None:
    for value, told in ((b"{}", []), (b"[]", [("ce_id", b"1"), ("ce_type", b"x/1")])):
        with pytest.raises(events.EventError):
            events.read(b"k", value, told)
