"""Groups of workers as the Helm chart makes them come to what one worker with all hops comes to."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import orjson
import pytest
import yaml

from stream_app.core.hops import DEAD_LETTER, DUPLICATES, ENRICHED, REVISIONS, TOLLS
from stream_app.service.embedded import EmbeddedBroker
from stream_app.service.producer import read_all
from stream_app.settings import HOPS, Settings
from tests.ops.promql import ROOT
from tests.ops.test_probe import environment, publish, until, worker

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("gazetteer")]

CHART = ROOT / "deploy" / "helm" / "stream-app" / "values.yaml"
GROUPS = [group["hops"] for group in yaml.safe_load(CHART.read_text(encoding="utf-8"))["workers"].values()]
SENT = len((ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines())


def came_to(
    broker: EmbeddedBroker, folder: Path, prefix: str, groups: list[list[str]]
) -> dict[str, list[tuple[bytes | None, bytes | None]]]:
    """The keys and values of every topic that consumers read, after the seeds have gone through these groups."""
    environ = environment(broker, prefix=prefix)
    settings = Settings(brokers=(broker.address,), prefix=prefix, partitions=1, replication=1, min_insync=1)
    with contextlib.ExitStack() as stack:
        ports = {}
        for hops in groups:
            more = {**environ, "STREAM_APP_HOPS": ",".join(hops)}
            port = stack.enter_context(worker(more, folder / f"{prefix}{hops[0]}.log"))
            ports.update(dict.fromkeys(hops, port))
        for port in set(ports.values()):
            until(port, lambda found: found["stream_app_ready", ""] == 1)
        publish(environ, "seeds/stream.jsonl")
        handled = SENT
        for hop, output in (("read", "signed"), ("match", "unique"), ("tag", "reports"), ("count", None)):
            found = until(ports[hop], lambda found, hop=hop, n=handled: found["stream_app_records_total", hop] == n)  # type: ignore[misc]
            if output is not None:
                topic = "incidents.reports" if output == "reports" else f"articles.{output}"
                handled = int(found["stream_app_published_total", topic])
    topics = (ENRICHED, DUPLICATES, TOLLS, REVISIONS, DEAD_LETTER)
    records = asyncio.run(read_all(settings, *topics))
    every = {topic: [(r.key, r.value) for r in records if r.topic == prefix + topic] for topic in topics}
    return {**every, TOLLS: sorted(dict(every[TOLLS]).items())}  # of a batch the last toll only, wherever it is cut


def test_groups_of_their_own_publish_the_same_bytes_as_one_worker(broker: EmbeddedBroker, tmp_path: Path) -> None:
    assert sorted(hop for hops in GROUPS for hop in hops) == sorted(HOPS)
    split = came_to(broker, tmp_path, "split.", GROUPS)
    whole = came_to(broker, tmp_path, "whole.", [list(HOPS)])
    assert split == whole
    assert all(split.values())
    assert orjson.loads(split[ENRICHED][0][1] or b"")["schema"] == "articles.enriched/1"
