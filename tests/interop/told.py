"""A story of incidents for consumers to keep: some stay open, some expire, two merge, one is withdrawn, one comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import stream_app_events as events
from stream_app.core import hops, wire
from stream_app.core.flow.pipeline import Count
from stream_app.service import headers
from tests.incident_builders import KYIV, WARSAW, article, records, revision, unique

Sent = tuple[bytes, bytes | None, list[tuple[str, bytes | None]]]
ATTACK = "Russian rockets hit Saltivka and Barabashovo in Kharkiv"
EARLY = "Tverdokhlib fled the Velvet lounge on Khreshchatyk."


def _reports() -> list[dict[str, Any]]:
    told = [
        records(article("a1", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3}),
        records(article("a2", "2022-03-01T09:00:00Z", ATTACK), {"killed": 5, "injured": 9}),
        records(article("w1", "2022-03-02T08:00:00Z", "A tram burnt in Warsaw"), {"killed": 2}, unique("w"), WARSAW),
        records(article("w2", "2022-03-02T09:00:00Z", "No tram burnt in Warsaw", source="src-w1"), {},
                revision("w", "w1"), WARSAW),
    ]  # fmt: skip
    told += [
        records(article(f"q{day}", f"2022-03-{day:02d}T08:00:00Z", "A quiet day"), {"injured": 1}, place=KYIV)
        for day in range(7, 13)
    ]
    told += [
        records(article("m1", "2022-03-12T08:00:00Z", "Horbenko was buried beside the Malynivka granary."), {"killed": 1},
                place=None),
        records(article("m2", "2022-03-12T12:00:00Z", EARLY), {"killed": 1}, place=None),
        records(article("m0", "2022-03-12T07:00:00Z", f"{EARLY} Horbenko was shot at the Malynivka granary."),
                {"killed": 1}),
    ]  # fmt: skip
    return [record for one in told for record in one]


def outputs() -> list[hops.Output]:
    """All that the count hop makes of it, in order."""
    hop = Count(window_s=4 * 86_400.0)
    state = hop.new_state()
    found: list[hops.Output] = []
    for report in _reports():
        received_ms = int(datetime.fromisoformat(report["published_at"]).timestamp() * 1000)
        found += hop(hops.Record(b"", wire.encode(report), received_ms), state).outputs
    return found


def sent(topic: str) -> list[Sent]:
    """The records of one topic, as the service sends them."""
    return [(one.key, one.value, headers.cloud_event(one, 0)) for one in outputs() if one.topic == topic]


def table() -> tuple[dict[str, tuple[Any, bool]], dict[str, str]]:
    """Each row, its toll and whether it is closed, and which incident went into which."""
    tolls, merged = events.StandingTolls(), dict[str, str]()
    for key, value, told in sent(hops.TOLLS):
        event = events.read(key, value, told)
        tolls.apply(event)
        if event.ended is not None and event.ended.into is not None:
            merged[event.key] = event.ended.into
    return {name: (tolls[name].toll["toll"], tolls[name].closed) for name in tolls}, merged
