"""Microseconds an article of each hop, on 2.5 KB articles with 30 % copies, in this process.

The hops take turns as they do in a worker under load: each decides what came of 48 articles before the next begins,
and those with steps decide sixteen at a time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from benchmarks import articles, harness
from benchmarks.hopwise import Hopwise
from stream_app.core.flow.pipeline import Tag
from stream_app.core.hops import Hop, Record, stretches
from stream_app.core.language.document import Document
from stream_app.core.tagging import Tagger, tag_all
from stream_app.core.wire import decode_article
from stream_app.hops import build_hops
from stream_app.settings import Settings

BATCH = 48


def run(form: str) -> dict[str, Any]:
    """Each hop in its turn, then each tagger alone; the first pass warms caches and is not counted."""
    count, rounds = (400, 5) if form == "short" else (4_000, 7)
    values = list(articles.stream(count))
    hops = build_hops(Settings())
    passes = [_pass(hops, values) for _ in range(rounds + 1)][1:]
    spent = {name: harness.of_runs([found[name] for found in passes]) for name in passes[0]}
    tag = hops["tag"]
    assert isinstance(tag, Tag)
    result = {"articles": count, "us_an_article": spent, "taggers_per_s": _taggers(tag.taggers, values, rounds)}
    return harness.write("core", result, form)


def _pass(hops: dict[str, Hop], values: list[bytes]) -> dict[str, float]:
    flow = Hopwise(hops)
    for at in range(0, len(values), BATCH):
        flow.feed([_record(value, number) for number, value in enumerate(values[at : at + BATCH], at)])
    found = {name: used / len(values) * 1e6 for name, used in flow.seconds.items()}
    return {**found, "all": sum(found.values())}


def _record(value: bytes, number: int) -> Record:
    return Record(None, value, 1_700_000_000_000 + number * 1000)


def _taggers(taggers: Sequence[Tagger], values: list[bytes], rounds: int) -> dict[str, Any]:
    """Articles a second of each tagger alone, with nothing found before it."""
    runs: dict[str, list[float]] = {tagger.name: [] for tagger in taggers}
    given = [decode_article(value) for value in values]
    for number in range(rounds + 1):
        for tagger in taggers:
            started = time.process_time()
            for stretch in stretches(given, lambda article: len(article.text)):
                tag_all(list(map(Document, stretch)), [tagger])
            if number:
                runs[tagger.name].append(len(values) / (time.process_time() - started))
    return {name: harness.of_runs(found) for name, found in runs.items()}
