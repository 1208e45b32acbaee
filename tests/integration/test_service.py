"""The service against a broker: outcomes, dead letters, pages, shutdown, and a worker that is killed."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

from stream_app.core import incidents
from stream_app.core.hops import DEAD_LETTER, DUPLICATES, ENRICHED, FIGURES, MEMBERS, RAW, REPORTS, REVISIONS, TOLLS
from stream_app.core.poison import REASONS
from stream_app.service import headers, topics
from stream_app.service.embedded import EmbeddedBroker
from stream_app.service.producer import Sender, read_all
from stream_app.settings import Settings
from tests import builders
from tests.integration.workers import EMBEDDED, Worker, environment

pytestmark = pytest.mark.broker

ROOT = Path(__file__).parents[2]
OUTCOMES = (ENRICHED, DUPLICATES, DEAD_LETTER)


def settings_for(broker: EmbeddedBroker, prefix: str, **more: str) -> dict[str, str]:
    return {**EMBEDDED, "brokers": broker.address, "prefix": prefix, "partitions": "2", **more}


def parsed(settings: dict[str, str]) -> Settings:
    return Settings.from_env(environment(**settings))


async def publish(settings: Settings, articles: list[dict[str, Any]]) -> None:
    """Send articles so that a story and its repeats share a partition, and so an order."""
    async with Sender(settings) as sender:
        for article in articles:
            family = article.get("family", article["id"])
            await sender.send(RAW, family.encode(), orjson.dumps(article))


_QUIET_LOOKS = 3
"""So many looks without anything new: on a busy machine the records of one batch come seconds apart."""


async def until(
    settings: Settings,
    done: Callable[[dict[str, list[Any]]], bool],
    timeout_s: float = 60.0,
    workers: Sequence[Worker] = (),
) -> dict[str, list[Any]]:
    """Read every output topic until `done` says so, and for as long as anything still comes."""
    deadline = time.monotonic() + timeout_s
    before, quiet = -1, 0
    while time.monotonic() < deadline:
        for worker in workers:
            worker.revive()
        found: dict[str, list[Any]] = {topic: [] for topic in (*OUTCOMES, FIGURES, REPORTS, MEMBERS, TOLLS, REVISIONS)}
        for record in await read_all(settings, *found):
            found[record.topic.removeprefix(settings.prefix)].append(record)
        total = sum(map(len, found.values()))
        quiet = quiet + 1 if total == before else 0
        if done(found) and quiet >= _QUIET_LOOKS:
            return found
        before = total
        await asyncio.sleep(1.0)
    raise AssertionError(f"not done: { {topic: len(records) for topic, records in found.items()} }")


def header(record: Any, name: str) -> str:
    return str(next(value.decode() for key, value in record.headers if key == name))


def by_event(records: list[Any]) -> dict[str, bytes]:
    """The last value under each event id."""
    return {header(record, "ce_id"): record.value for record in records}


def standing(records: list[Any]) -> dict[bytes, bytes]:
    """The last value under each key, without tombstones."""
    last = {record.key: record.value for record in records}
    return {key: value for key, value in last.items() if value is not None}


def counted_undisturbed(reports: list[Any]) -> dict[bytes, bytes]:
    """The tolls that stand when nothing but these reports happens, in their order.

    Two partitions bring the reports in another order each time, and what is usual is judged as they come (ADR 21).
    """
    counter = incidents.Counter()
    for record in reports:
        counter.count(orjson.loads(record.value), int(header(record, headers.TIMESTAMP)) / 1000)
    return {name.encode(): orjson.dumps(toll) for name, toll in counter.standing().items()}


def article_ids(found: dict[str, list[Any]]) -> set[str]:
    return {orjson.loads(record.value)["article_id"] for topic in (ENRICHED, DUPLICATES) for record in found[topic]}


def is_counted(found: dict[str, list[Any]], articles: Sequence[dict[str, Any]]) -> bool:
    """Whether each article has an outcome, and what stands is what its reports add up to.

    A worker that died between the members of a batch and its tolls is silent for as long as its session lasts.
    """
    reports = {orjson.loads(record.value)["report_id"].encode() for record in found[REPORTS]}
    return (
        len(article_ids(found)) == len(articles)
        and reports <= {record.key for record in found[MEMBERS]}
        and standing(found[TOLLS]) == counted_undisturbed(found[REPORTS])
    )


async def undisturbed(broker: EmbeddedBroker, articles: list[dict[str, Any]], log: Path) -> dict[str, list[Any]]:
    settings = settings_for(broker, "calm.")
    await topics.ensure(parsed(settings))
    await publish(parsed(settings), articles)
    with Worker(log, **settings) as worker:
        worker.wait_until_ready()
        return await until(parsed(settings), lambda found: is_counted(found, articles))


async def test_a_killed_worker_changes_nothing(broker: EmbeddedBroker, tmp_path: Path) -> None:
    articles = builders.stream(500)
    calm = await undisturbed(broker, articles, tmp_path / "calm.log")
    settings = settings_for(broker, "storm.")
    await topics.ensure(parsed(settings))
    with Worker(tmp_path / "one.log", **settings) as one, Worker(tmp_path / "two.log", **settings) as two:
        one.wait_until_ready()
        two.wait_until_ready()
        await publish(parsed(settings), articles[:250])
        await until(parsed(settings), lambda found: len(article_ids(found)) >= 60, 60.0, (one, two))
        victim = max((one, two), key=lambda worker: worker.get("/metrics")[1].count('records_total{hop="match"}'))
        await publish(parsed(settings), articles[250:])
        victim.kill()
        victim.start()
        storm = await until(parsed(settings), lambda found: is_counted(found, articles), 120.0, (one, two))
    assert article_ids(storm) == {article["id"] for article in articles}
    for topic in (ENRICHED, DUPLICATES, FIGURES, REPORTS):
        assert by_event(storm[topic]) == by_event(calm[topic])


async def test_every_kind_of_bad_input_is_buried_with_its_reason(broker: EmbeddedBroker, tmp_path: Path) -> None:
    from tests.unit.test_wire import POISON

    settings = settings_for(broker, "poison.", max_article_bytes="20000")
    await topics.ensure(parsed(settings))
    async with Sender(parsed(settings)) as sender:
        for number, (value, _) in enumerate(POISON.values()):
            await sender.send(RAW, b"bad-%d" % number, value)
            await sender.send(RAW, b"good", builders.raw(id=f"good-{number}", text=f"Story {number} of its own kind."))
    with Worker(tmp_path / "worker.log", **settings) as worker:
        worker.wait_until_ready()
        found = await until(
            parsed(settings), lambda found: len(found[DEAD_LETTER]) + len(article_ids(found)) == 2 * len(POISON)
        )
    expected = {b"bad-%d" % number: (value, reason) for number, (value, reason) in enumerate(POISON.values())}
    assert {letter.key: (letter.value or b"", header(letter, "reason")) for letter in found[DEAD_LETTER]} == expected
    assert {id_ for id_ in article_ids(found) if id_.startswith("good")} == {f"good-{n}" for n in range(len(POISON))}
    assert {reason for _, reason in POISON.values()} <= set(REASONS)


async def test_the_service_publishes_what_batch_writes(broker: EmbeddedBroker, tmp_path: Path) -> None:
    lines = [
        json.loads(line) for line in (ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines() if b'"source"' in line
    ]
    source = tmp_path / "in.jsonl"
    source.write_bytes(b"\n".join(map(orjson.dumps, lines)))
    command = [sys.executable, "-m", "stream_app", "batch", "--input", str(source), "--output", str(tmp_path / "out")]
    subprocess.run(command, check=True, env=environment())
    settings = settings_for(broker, "same.", partitions="1")
    await topics.ensure(parsed(settings))
    await publish(parsed(settings), lines)
    with Worker(tmp_path / "worker.log", **settings) as worker:
        worker.wait_until_ready()
        found = await until(parsed(settings), lambda found: len(article_ids(found)) == len(lines))
    for topic in (ENRICHED, DUPLICATES, FIGURES, REVISIONS):
        written = (tmp_path / "out" / f"{topic}.jsonl").read_bytes().splitlines()
        assert [record.value for record in found[topic]] == written
    tolls = [orjson.loads(line) for line in (tmp_path / "out" / f"{TOLLS}.jsonl").read_bytes().splitlines()]
    last = {toll["incident_id"]: toll for toll in tolls}
    assert {key.decode(): orjson.loads(value) for key, value in standing(found[TOLLS]).items()} == {
        name: toll for name, toll in last.items() if not toll.get("deleted")
    }


async def test_pages_say_when_the_worker_is_ready_and_sigterm_ends_it(broker: EmbeddedBroker, tmp_path: Path) -> None:
    with Worker(tmp_path / "worker.log", **settings_for(broker, "pages.")) as worker:
        worker.wait_until_ready()
        assert worker.get("/health") == (200, '{"status": "ok"}')
        assert worker.get("/ready")[0] == 200
        assert "stream_app_ready 1.0" in worker.get("/metrics")[1]
        assert "stream-app serve" in worker.get("/")[1]
        assert worker.get("/table")[0] == 404
        assert worker.stop() == 0


def test_a_wrong_partition_count_is_refused(broker: EmbeddedBroker) -> None:
    def create(partitions: str) -> subprocess.CompletedProcess[str]:
        settings = settings_for(broker, "count.", partitions=partitions)
        return subprocess.run(
            [sys.executable, "-m", "stream_app", "topics", "--create"],
            env=environment(**settings), capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert create("2").returncode == 0
    refused = create("3")
    assert refused.returncode == 1
    assert "count.articles.unique has 2, the settings ask for 3" in refused.stderr


async def test_redriven_letters_are_read_again(broker: EmbeddedBroker, tmp_path: Path) -> None:
    settings = settings_for(broker, "redrive.", max_article_bytes="1000")
    await topics.ensure(parsed(settings))
    async with Sender(parsed(settings)) as sender:
        await sender.send(RAW, b"big", builders.raw(id="big", text="A long story. " * 100))
        await sender.send(RAW, b"bad", b"{")
    with Worker(tmp_path / "one.log", **settings) as worker:
        worker.wait_until_ready()
        await until(parsed(settings), lambda found: len(found[DEAD_LETTER]) == 2)
        worker.stop()
    command = [sys.executable, "-m", "stream_app", "redrive", "--reason", "too_large"]
    dry = subprocess.run(command, env=environment(**settings), capture_output=True, text=True, check=True)
    assert "dry run: 1 would be sent" in dry.stdout
    subprocess.run([*command, "--yes"], env=environment(**settings), check=True)
    with Worker(tmp_path / "two.log", **{**settings, "max_article_bytes": "100000"}) as worker:
        worker.wait_until_ready()
        found = await until(parsed(settings), lambda found: "big" in article_ids(found))
    assert Counter(header(letter, "reason") for letter in found[DEAD_LETTER]) == {"too_large": 1, "not_json": 1}


async def test_redriving_again_and_again_does_not_double_what_dies_again(
    broker: EmbeddedBroker, tmp_path: Path
) -> None:
    settings = settings_for(broker, "again.")
    await topics.ensure(parsed(settings))
    async with Sender(parsed(settings)) as sender:
        theirs = [("traceparent", b"00-1"), ("ce_id", b"a-77"), ("mark", None)]
        await sender.send(RAW, b"bad", b"{", [*theirs, ("reason", b"mine")])
    command = [sys.executable, "-m", "stream_app", "redrive", "--yes"]
    with Worker(tmp_path / "one.log", **settings) as worker:
        worker.wait_until_ready()
        for died in (1, 2, 3):
            found = await until(parsed(settings), lambda found, died=died: len(found[DEAD_LETTER]) == died)  # type: ignore[misc]
            sent = subprocess.run(command, env=environment(**settings), capture_output=True, text=True, check=True)
            assert "sent 1 back" in sent.stdout
        worker.stop()
    assert [header(letter, "reason") for letter in found[DEAD_LETTER]] == ["not_json"] * 3
    assert all({*theirs, ("producer-reason", b"mine")} <= set(letter.headers) for letter in found[DEAD_LETTER])
