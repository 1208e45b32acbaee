"""Reports made anew from enriched events are those that the tag hop sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from stream_app.core.flow.stream import Clock, Flow
from stream_app.core.hops import ENRICHED, REPORTS, Output
from stream_app.core.incidents.rebuilt import reports_of_event, superseded
from stream_app.core.places import Gazetteer
from stream_app.hops import build_hops
from stream_app.settings import Settings
from tests import builders
from tests.incident_builders import WORDINGS

SEEDS = Path(__file__).parents[3] / "seeds" / "stream.jsonl"


def test_an_enriched_event_gives_the_reports_that_were_sent_with_it(gazetteer: Gazetteer) -> None:
    flow, clock = Flow(build_hops(Settings())), Clock()
    outputs = [
        output
        for line in SEEDS.read_bytes().splitlines()
        for output in flow.feed(builders.record(line, clock.received_ms(None)))
        if isinstance(output, Output) and output.value is not None
    ]
    events = [orjson.loads(output.value or b"") for output in outputs if output.topic == ENRICHED]
    sent = [orjson.loads(output.value or b"") for output in outputs if output.topic == REPORTS]
    dated = [event for event in events if event["published_at"]]
    rebuilt = [report for event in dated for report in reports_of_event(event, "2022-01-01T00:00:00Z", WORDINGS)]
    assert rebuilt == [report for report in sent if report["published_at"]]
    assert rebuilt


def test_only_standing_tolls_of_the_earlier_version_are_withdrawn() -> None:
    tolls: list[tuple[str, dict[str, Any] | None]] = [
        ("a", {"toll": {}}),
        ("b", {"toll": {}}),
        ("a", None),
        ("c", {"articles_total": 1}),
        ("d", {}),
    ]
    assert superseded(tolls) == ["b", "d"]
