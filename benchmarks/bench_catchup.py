"""How fast an outage is made up for, while the stream goes on: `python -m benchmarks.run --only catchup`.

An outage's articles wait when one worker starts, and more come at the live rate. Every two seconds the broker is asked
how many are told of, and the worker what it shows to operators: the records that wait, by hop, and the oldest one's
age. The pace is that of what was told until nothing waited, in times of the live rate.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from benchmarks import articles, brokers, harness
from benchmarks.bench_pipeline import PARTITIONS, PATIENCE_S, prepare
from benchmarks.workers import Worker
from stream_app.core.hops import DUPLICATES, ENRICHED, RAW

PREFIX = "catchup."
LOOK_S = 2.0


def run(broker: brokers.Broker, form: str) -> dict[str, Any]:
    """One outage: two minutes of 20 articles/s in the short form, an hour of 40/s in the full one."""
    rate, outage_s = (20, 120) if form == "short" else (40, 3600)
    return harness.write("catchup", {"broker": broker.kind, **measure(broker, rate, outage_s)}, form)


def measure(broker: brokers.Broker, rate: int, outage_s: int) -> dict[str, Any]:
    """What was told, by whom it was seen, and how long it took."""
    prepare(broker, PREFIX)
    waiting = rate * outage_s
    news = articles.stream(waiting + rate * PATIENCE_S)
    broker.fill(PREFIX + RAW, PARTITIONS, articles.keyed(list(islice(news, waiting))))
    with Worker(broker.environment(PREFIX, partitions=PARTITIONS)) as worker:
        worker.until_ready()
        live = _Live(broker, news, rate, waiting)
        cpu_s, looks = worker.cpu_s(), [_look(broker, worker, live)]
        while looks[-1]["told"] < looks[-1]["sent"] - rate * LOOK_S:
            if looks[-1]["s"] > PATIENCE_S:
                raise RuntimeError(f"not caught up after {PATIENCE_S} s: {looks[-1]}")
            time.sleep(LOOK_S)
            looks.append(_look(broker, worker, live))
        live.stop()
        first, last = looks[0], looks[-1]
        told, seconds = last["told"] - first["told"], last["s"] - first["s"]
        return {
            "articles_per_s_live": rate,
            "outage_s": outage_s,
            "caught_up_after_s": round(seconds, 1),
            "times_live_rate": round(told / seconds / rate, 2),
            "cpu_us_an_article": round((worker.cpu_s() - cpu_s) / told * 1e6),
            "lag_shown": [looks[at * (len(looks) - 1) // 4]["lag"] for at in range(5)],
            "looks": looks,
        }


class _Live:
    """The stream that goes on, from a thread of its own."""

    def __init__(self, broker: brokers.Broker, news: Iterator[bytes], rate: int, sent: int) -> None:
        self.sent, self.started = sent, time.monotonic()
        self._broker, self._news, self._rate = broker, news, rate
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._feed, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(60)

    def _feed(self) -> None:
        before = self.sent
        while not self._over.wait(1.0):
            due = int((time.monotonic() - self.started) * self._rate) - (self.sent - before)
            self._broker.fill(PREFIX + RAW, PARTITIONS, articles.keyed(list(islice(self._news, due))))
            self.sent += due


def _look(broker: brokers.Broker, worker: Worker, live: _Live) -> dict[str, Any]:
    return {
        "s": round(time.monotonic() - live.started, 2),
        "sent": live.sent,
        "told": broker.ends(PREFIX + ENRICHED, PREFIX + DUPLICATES),
        "lag": worker.lag(),
    }
