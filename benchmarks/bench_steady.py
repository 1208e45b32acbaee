"""Whether a group under full load ever rebalances by itself: `python -m benchmarks.bench_steady --minutes 30`.

Two workers at the default settings on Apache Kafka, with more articles waiting than they can take, all the time. Each
generation of the group is read from the broker's own record of it, and each assignment from the workers' metrics. What
comes once both are at work has no cause but the load; there should be none. Exit 1 where there is one.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import random
import struct
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import orjson

from benchmarks import articles, harness
from benchmarks.bench_pipeline import PARTITIONS, prepare
from benchmarks.brokers import Broker
from benchmarks.workers import Worker
from stream_app.core.hops import RAW
from tests.kafka.broker import read_all
from tests.kafka.cluster import KAFKA_VERSION, Cluster

PREFIX = "steady."
BEHIND = 3_000
"""Articles that wait at least: more than any worker fetches at once."""
PORTION = 1_500
SEEDS = 700
LOOK_S = 2.0
SETTLING_S = 20.0
"""After both are ready: the second one's rebalance, and its standbys'."""


def run(cluster: Cluster, minutes: float) -> dict[str, Any]:
    """What happened to the group in so many minutes of full load."""
    broker = Broker(cluster.direct, f"Apache Kafka {KAFKA_VERSION}, one node", idempotence=True)
    prepare(broker, PREFIX)
    environ = {
        "STREAM_APP_BROKERS": cluster.direct, "STREAM_APP_PREFIX": PREFIX, "STREAM_APP_REPLICATION": "1",
        "STREAM_APP_MIN_INSYNC": "1",
    }  # fmt: skip
    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(Worker(environ)) for _ in range(2)]
        feed = stack.enter_context(_Feed(broker))
        for worker in workers:
            worker.until_ready()
        feed.until(BEHIND)
        time.sleep(SETTLING_S)
        found = _watch(cluster, workers, feed, minutes * 60)
        found["died_of"] = [_last_words(worker) for worker in workers if worker.process.poll() is not None]
    return {"broker": broker.kind, "cores": os.cpu_count(), "load": round(os.getloadavg()[2], 1), **found}


class _Feed:
    """Keeps more articles waiting than the workers take, from a thread of its own."""

    def __init__(self, broker: Broker) -> None:
        self.sent = self.taken = 0
        self._broker = broker
        self._news = _news()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._fill, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(60)

    @property
    def waiting(self) -> int:
        return self.sent - self.taken

    def until(self, waiting: int) -> None:
        while self.waiting < waiting:
            if not self._thread.is_alive():
                raise RuntimeError("nothing feeds the workers any longer")
            time.sleep(0.2)

    def _fill(self) -> None:
        while not self._over.is_set():
            if self.waiting > 2 * BEHIND:
                self._over.wait(0.5)
                continue
            portion = [
                (f"https://wire.example/{self.sent + number}".encode(), value)
                for number, value in enumerate(itertools.islice(self._news, PORTION))
            ]
            self._broker.fill(PREFIX + RAW, PARTITIONS, portion)
            self.sent += len(portion)


def _news() -> Iterator[bytes]:
    """Articles without end, cheap to make beside workers on the same cores: sentences of some hundred, shuffled."""
    rng = random.Random(11)
    told = [orjson.loads(value) for value in articles.stream(SEEDS, copies=0.0, seed=11)]
    sentences = [sentence for article in told for sentence in article["text"].split(". ") if sentence]
    length = len(sentences) // len(told)
    for number in itertools.count():
        moment = articles.START + timedelta(seconds=number)
        yield orjson.dumps(
            {
                "id": f"steady-{number}", "published_at": moment.isoformat(), "source": rng.choice(articles.SOURCES),
                "text": ". ".join(rng.choices(sentences, k=length)) + ".",
            }
        )  # fmt: skip


def _watch(cluster: Cluster, workers: list[Worker], feed: _Feed, seconds: float) -> dict[str, Any]:
    """The group's generations and the workers' assignments from now on, how much was done, and how little waited."""
    generations = _generations(cluster)
    assigned = [_rebalances(worker) for worker in workers]
    start, taken, fewest = time.monotonic(), _taken(workers), feed.sent
    deaths, slow_looks, cpu_s = 0, 0, sum(worker.cpu_s() for worker in workers)
    while (left_s := start + seconds - time.monotonic()) > 0:
        time.sleep(min(LOOK_S, left_s))
        deaths = sum(worker.process.poll() is not None for worker in workers)
        if deaths:
            break
        try:
            feed.taken = _taken(workers)
        except OSError:
            slow_looks += 1
            continue
        fewest = min(fewest, feed.waiting)
    took_s = time.monotonic() - start
    new = _generations(cluster)[len(generations) :]
    now = [_rebalances(worker) for worker in workers] if not deaths else assigned
    return {
        "minutes": round(took_s / 60, 1),
        "articles": feed.taken - taken,
        "articles_per_s": round((feed.taken - taken) / took_s, 1),
        "fewest_waiting": fewest,
        "workers_cpu_share": round((sum(w.cpu_s() for w in workers) - cpu_s) / took_s, 2) if not deaths else None,
        "generation_before": max((generation for _, generation, _ in generations), default=None),
        "new_generations": [{"group": name, "generation": number, "members": size} for name, number, size in new],
        "assignments": [after - before for before, after in zip(assigned, now, strict=True)],
        "deaths": deaths,
        "looks_without_answer": slow_looks,
    }


def _last_words(worker: Worker) -> str:
    """How a worker that is dead ended: its exit code and the end of its log."""
    said = worker.log.read_text(errors="replace").strip().splitlines()[-3:]
    return f"exit {worker.process.returncode}: {' | '.join(said)}"


def _taken(workers: list[Worker]) -> int:
    return int(sum((Counter(worker.counts()) for worker in workers), Counter())["read"])


def _rebalances(worker: Worker) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{worker.port}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    return int(float(next(line for line in lines if line.startswith("stream_app_rebalances_total")).split()[-1]))


def _generations(cluster: Cluster) -> list[tuple[str, int, int]]:
    """Each generation of each group as the broker has recorded it: the group, its number, how many members."""
    records = read_all(cluster, "__consumer_offsets", lambda record: (record.timestamp, record.key, record.value))
    found: dict[tuple[str, int], int] = {}
    for _, key, value in sorted(records, key=lambda record: record[0]):
        if key and value and struct.unpack_from(">h", key)[0] == 2:  # group metadata
            name = key[4 : 4 + struct.unpack_from(">h", key, 2)[0]].decode()
            generation, size = _metadata(value)
            found[name, generation] = size
    return [(name, number, size) for (name, number), size in found.items()]


def _metadata(value: bytes) -> tuple[int, int]:
    """Generation and number of members of a group's record in `__consumer_offsets`, versions 0 to 3."""
    version, at = struct.unpack_from(">h", value)[0], 2
    at = _past_string(value, at)  # the type of protocol
    generation = struct.unpack_from(">i", value, at)[0]
    at = _past_string(value, at + 4)  # the protocol
    at = _past_string(value, at)  # the leader
    at += 8 if version >= 2 else 0  # when the state was last changed
    return int(generation), int(struct.unpack_from(">i", value, at)[0])


def _past_string(value: bytes, at: int) -> int:
    return at + 2 + max(0, int(struct.unpack_from(">h", value, at)[0]))


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The outcome in words."""
    yield f"{found['minutes']} minutes, {found['articles']} articles ({found['articles_per_s']}/s), never fewer than"
    yield f"{found['fewest_waiting']} waiting: {len(found['new_generations'])} rebalances, {found['deaths']} deaths"


def main() -> int:
    """Run it, write what was found, and say it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--output", type=Path, default=harness.ROOT / "benchmarks" / "results" / "steady.json")
    args = parser.parse_args()
    with Cluster(1) as cluster:
        found = run(cluster, args.minutes)
    args.output.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))
    print(" ".join(lines(found)))
    return int(bool(found["new_generations"] or found["deaths"] or any(found["assignments"])))


if __name__ == "__main__":
    sys.exit(main())
