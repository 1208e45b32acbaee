"""Microseconds an article of each stage of the core, on 2.5 KB articles with 30 % copies, in this process."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from benchmarks import articles, harness
from stream_app.app import build_hops
from stream_app.core.hops import Hop, Record
from stream_app.core.stream import Flow
from stream_app.core.tagging import Tagger
from stream_app.core.text import Document
from stream_app.core.wire import decode_article
from stream_app.settings import Settings


class Timed:
    """A hop that notes what its calls take."""

    def __init__(self, hop: Hop) -> None:
        self.name, self.source, self.stateful, self.new_state = hop.name, hop.source, hop.stateful, hop.new_state
        self.hop, self.seconds = hop, 0.0

    def __call__(self, record: Record, state: Any) -> Any:
        started = time.process_time()
        try:
            return self.hop(record, state)
        finally:
            self.seconds += time.process_time() - started


def run(form: str) -> dict[str, Any]:
    """Each hop within the flow, then each tagger alone; the first pass warms caches and is not counted."""
    count, rounds = (400, 5) if form == "short" else (4_000, 7)
    values = list(articles.stream(count))
    hops = build_hops(Settings())
    passes = [_hops(hops, values) for _ in range(rounds + 1)][1:]
    stages = {name: harness.of_runs([found[name] for found in passes]) for name in passes[0]}
    taggers = _taggers(hops["tag"].taggers, values, rounds)  # type: ignore[attr-defined]
    result = {"articles": count, "us_an_article": stages, "taggers_per_s": taggers}
    return harness.write("core", result, form)


def _hops(hops: dict[str, Hop], values: list[bytes]) -> dict[str, float]:
    timed = {name: Timed(hop) for name, hop in hops.items()}
    flow, seen = Flow(timed), Counter[str]()
    for number, value in enumerate(values):
        for published in flow.feed(Record(None, value, 1_700_000_000_000 + number * 1000)):
            seen[type(published).__name__] += 1
    found = {name: hop.seconds / len(values) * 1e6 for name, hop in timed.items()}
    return {**found, "all": sum(found.values())}


def _taggers(taggers: list[Tagger], values: list[bytes], rounds: int) -> dict[str, Any]:
    """Articles a second of each tagger alone, given what the one before it found."""
    from stream_app.core.events import Tagged  # noqa: PLC0415

    runs: dict[str, list[float]] = {tagger.name: [] for tagger in taggers}
    for number in range(rounds + 1):
        given = [(Document(decode_article(value)), Tagged()) for value in values]
        for tagger in taggers:
            started = time.process_time()
            given = [(document, tagger(document, before)) for document, before in given]
            if number:
                runs[tagger.name].append(len(values) / (time.process_time() - started))
    return {name: harness.of_runs(found) for name, found in runs.items()}
