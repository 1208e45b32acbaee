"""Hops with steps: what they decide of several records together is what they decide of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from stream_app.core.flow.stream import Flow, topic_of
from stream_app.core.hops import UNIQUE, Decision, Hop, Record, Stepwise
from stream_app.core.places import Gazetteer
from stream_app.core.poison import PoisonError, caught
from stream_app.hops import build_hops
from stream_app.settings import Settings
from tests import builders

ROOT = Path(__file__).parents[2]
POISON = (b"{", None, b'{"article": 1}', b'{"article": {"no": 1}, "duplicate": {}}')


@pytest.fixture(scope="module")
def hops(gazetteer: Gazetteer) -> dict[str, Hop]:
    return build_hops(Settings())


def records(hops: dict[str, Hop], name: str) -> list[Record]:
    """Records of the seeds on their way to the hop, with poison among them."""
    raw = [builders.record(line) for line in (ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines()]
    flow = Flow({other: hop for other, hop in hops.items() if other != name})
    passed = (published for record in raw for published in flow.feed(record))
    arrived = raw if name == "read" else [builders.record(one.value) for one in passed if topic_of(one) == UNIQUE]
    for at, value in enumerate(POISON):
        arrived.insert(3 * at, builders.record(value))
    return arrived


def said(decision: Decision) -> object:
    return (decision.reason, decision.detail) if isinstance(decision, PoisonError) else decision


def test_several_records_are_decided_as_one_by_one(hops: dict[str, Hop]) -> None:
    stateless = {name: hop for name, hop in hops.items() if not hop.stateful}
    assert stateless
    for name, hop in stateless.items():
        arrived = records(hops, name)
        assert isinstance(hop, Stepwise), name
        assert list(map(said, hop.each(arrived))) == [said(caught(hop, record, None)) for record in arrived], name


def test_a_hop_with_a_state_decides_record_by_record(hops: dict[str, Hop]) -> None:
    assert [name for name, hop in hops.items() if hop.stateful and isinstance(hop, Stepwise)] == []
