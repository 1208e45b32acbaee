"""Copies on other partitions than what they copy, weeks apart, as a backlog and live: what `batch` finds is found."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from stream_app.core.hops import DUPLICATES, ENRICHED, RAW, TOLLS
from stream_app.service import topics
from stream_app.service.embedded import EmbeddedBroker
from stream_app.service.producer import Sender
from stream_app.settings import Settings
from tests import builders
from tests.integration.test_service import ROOT, article_ids, is_counted, parsed, settings_for, standing, until
from tests.integration.workers import Worker, environment

pytestmark = pytest.mark.broker

STORIES, DAYS, UNDATED = 600, 60, 10
BEGIN = datetime(2024, 3, 1, tzinfo=UTC)


def sixty_days(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Stories of two months, and of each a copy by another outlet some hours later; ten without a date, one year wrong."""
    generator = random.Random(seed)
    stories, copies = [], []
    for number in range(STORIES):
        at = BEGIN + timedelta(days=DAYS * number / STORIES)
        told = {**builders.story(generator, number), "published_at": at.isoformat()}
        copy = {**told, "id": f"copy-{number}", "source": f"mirror-{number % 11}.example"}
        copy["published_at"] = (at + timedelta(hours=generator.uniform(0, 20))).isoformat()
        stories.append(told)
        copies.append(copy)
    for number in generator.sample(range(STORIES), UNDATED):
        del copies[number]["published_at"]
    copies[0]["published_at"] = "2202-03-01T00:00:00Z"
    return stories, copies


async def publish(settings: Settings, articles: list[dict[str, Any]]) -> None:
    """Send articles under their ids, so that a copy lies on any partition."""
    async with Sender(settings) as sender:
        for article in articles:
            await sender.send(RAW, article["id"].encode(), orjson.dumps(article))


def clusters(events: list[bytes]) -> dict[str, str]:
    """The cluster of each article, by its enriched event or the one that calls it a copy."""
    values = map(orjson.loads, events)
    return {value["article_id"]: value.get("duplicate", value)["cluster_id"] for value in values}


@pytest.mark.parametrize("way", ["backlog", "live"])
async def test_all_copies_of_sixty_days_on_eight_partitions_are_found(
    broker: EmbeddedBroker, tmp_path: Path, way: str
) -> None:
    stories, copies = sixty_days(seed=8_211)
    together = [one for pair in zip(stories, copies, strict=True) for one in pair]
    settings = settings_for(broker, f"sixty-{way}.", partitions="8")
    await topics.ensure(parsed(settings))
    if way == "backlog":
        await publish(parsed(settings), together)
    with Worker(tmp_path / "worker.log", **settings) as worker:
        worker.wait_until_ready()
        if way == "live":
            await publish(parsed(settings), together)
        found = await until(parsed(settings), lambda found: len(article_ids(found)) == 2 * STORIES, 120.0)
    joined = clusters([record.value for topic in (ENRICHED, DUPLICATES) for record in found[topic]])
    met = [n for n in range(STORIES) if joined[f"copy-{n}"] == joined[f"story-{n}"]]
    assert len(met) == STORIES
    assert len(set(joined.values())) == STORIES


async def test_seeds_on_eight_partitions_fall_into_the_clusters_and_tolls_of_batch(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    lines = [line for line in (ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines() if b'"source"' in line]
    source, output = tmp_path / "in.jsonl", tmp_path / "out"
    source.write_bytes(b"\n".join(lines))
    command = [sys.executable, "-m", "stream_app", "batch", "--input", str(source), "--output", str(output)]
    subprocess.run(command, check=True, env=environment())
    written = {topic: (output / f"{topic}.jsonl").read_bytes().splitlines() for topic in (ENRICHED, DUPLICATES, TOLLS)}
    settings = settings_for(broker, "seeds-on-eight.", partitions="8")
    await topics.ensure(parsed(settings))
    articles = [orjson.loads(line) for line in lines]
    await publish(parsed(settings), articles)
    with Worker(tmp_path / "worker.log", **settings) as worker:
        worker.wait_until_ready()
        found = await until(parsed(settings), lambda found: is_counted(found, articles))
    live = clusters([record.value for topic in (ENRICHED, DUPLICATES) for record in found[topic]])
    calm = clusters([*written[ENRICHED], *written[DUPLICATES]])
    assert groups(live) == groups(calm)
    last = {toll["incident_id"]: toll for toll in map(orjson.loads, written[TOLLS])}
    assert told(list(map(orjson.loads, standing(found[TOLLS]).values())), live) == told(
        [toll for toll in last.values() if not toll.get("deleted")], calm
    )


def groups(joined: dict[str, str]) -> set[frozenset[str]]:
    """The articles of each cluster."""
    members: dict[str, set[str]] = {}
    for article, cluster in joined.items():
        members.setdefault(cluster, set()).add(article)
    return set(map(frozenset, members.values()))


def told(tolls: list[dict[str, Any]], joined: dict[str, str]) -> list[tuple[list[list[str]], list[Any]]]:
    """The stories of each toll, and its numbers: which text of a story comes first, and speaks for it, is anybody's."""
    stories = {min(story): sorted(story) for story in groups(joined)}
    first = {article: name for name, story in stories.items() for article in story}
    return sorted(
        (
            [stories[name] for name in sorted({first[article] for article in toll["articles"]})],
            [(kind, at["low"], at["high"] or -1) for kind, at in sorted(toll["toll"].items())],
        )
        for toll in tolls
    )
