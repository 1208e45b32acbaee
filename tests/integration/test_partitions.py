"""Copies on other partitions than what they copy, weeks apart, as a backlog and live: what `batch` finds is found."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from stream_app.core.hops import DUPLICATES, ENRICHED, RAW
from stream_app.service import topics
from stream_app.service.embedded import EmbeddedBroker
from stream_app.service.producer import Sender
from stream_app.settings import Settings
from tests import builders
from tests.integration.test_service import article_ids, parsed, settings_for, until
from tests.integration.workers import Worker

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


def clusters(found: dict[str, list[Any]]) -> dict[str, str]:
    """The cluster of each article."""
    values = [orjson.loads(record.value) for topic in (ENRICHED, DUPLICATES) for record in found[topic]]
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
    joined = clusters(found)
    met = [n for n in range(STORIES) if joined[f"copy-{n}"] == joined[f"story-{n}"]]
    assert len(met) == STORIES
    assert len(set(joined.values())) == STORIES
