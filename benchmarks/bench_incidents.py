"""Speed and memory of the count hop's core: reports a second on one core, with a given number of incidents open.

    python benchmarks/bench_incidents.py --incidents 100000 --output benchmarks/results/incidents.json

Synthetic and seeded: reports of nine days over 150 countries (a few hold most), towns, names and words drawn by Zipf's
law, 1.3 reports an incident. The last day is timed: as many incidents are closed in it as are
opened. Beside it a crowd: one incident that everybody tells, and what each of its reports costs. Prints one JSON
object; memory is what the counter holds, as tracemalloc counts it, in a second pass over six days of records.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import random
import time
import tracemalloc
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

from stream_app import collector
from stream_app.core.incidents import Counter
from stream_app.core.language.calendar import day_name

START_S = 1_700_000_000
DAY_S = 86_400
WEEK_S = 7 * DAY_S  # the window: how long an incident without reports stays open
SPAN_S = 9 * DAY_S
REPORTS_PER_INCIDENT = 1.3
TERMS = {"": 12, "is:": 9, "at:": 2}  # rare words, everyday words and places in a real report's sketch, on average
RUNS = 5
MOST_TRACED = 20_000  # incidents whose memory is traced, which takes five times as long as counting them

Record = dict[str, Any]


class Zipf:
    """Ranks 0..n-1, the r-th as likely as 1 / (r + shift)."""

    def __init__(self, n: int, shift: float, rng: random.Random) -> None:
        self._ranks = range(n)
        self._weights = list(accumulate(1.0 / (rank + shift) for rank in range(n)))
        self._rng = rng

    def draw(self, k: int) -> list[int]:
        return self._rng.choices(self._ranks, cum_weights=self._weights, k=k)


class World:
    """What reports of `span_s` seconds are drawn from."""

    def __init__(self, seed: int, span_s: float) -> None:
        self.rng = random.Random(seed)
        self.span_s = span_s
        self.countries = Zipf(150, 3.0, self.rng)
        self.towns = Zipf(2_000, 20.0, self.rng)
        self.words = Zipf(200_000, 200.0, self.rng)
        self.common = Zipf(4_000, 20.0, self.rng)

    def draw(self, prefix: str, n: int) -> list[int]:
        return (self.common if prefix == "is:" else self.towns if prefix == "at:" else self.words).draw(n)

    def incident(self) -> dict[str, Any]:
        return {
            "country": f"C{self.countries.draw(1)[0]}",
            "town": self.towns.draw(1)[0],
            "second": self.rng.uniform(0, self.span_s),
            "terms": {prefix: [f"{prefix}w{word}" for word in self.draw(prefix, 2 * n)] for prefix, n in TERMS.items()},
            "toll": {"killed": self.rng.randint(1, 9), "injured": self.rng.randint(1, 30)},
        }

    def report(self, incident: dict[str, Any], number: int) -> Record:
        """One report, published within a day of the event."""
        clock_s = START_S + incident["second"] + self.rng.uniform(0, 80_000)
        terms = [term for prefix, n in TERMS.items() for term in self.rng.sample(incident["terms"][prefix], n)]
        day = day_name(int((START_S + incident["second"]) // 86_400))
        return {
            "report_id": f"{number:024x}",
            "article_id": f"a{number}",
            "cluster_id": f"a{number}",
            "own": True,
            "verdict": "unique",
            "source": f"src-{number % 500}",
            "language": "en",
            "published_at": datetime.fromtimestamp(int(clock_s), UTC).isoformat(),
            "place": _place(incident),
            "event_time": {"first": day, "last": day, "precision": "day"},
            "terms": terms,
            "toll": {kind: {"low": low, "high": low} for kind, low in incident["toll"].items()},
            "figures": [_figure(kind, low) for kind, low in incident["toll"].items()],
        }


def _place(incident: dict[str, Any]) -> Record:
    return {
        "name": f"Town {incident['town']}", "geonames_id": incident["town"], "country_code": incident["country"],
        "lat": (incident["town"] * 37 % 1_000) / 100, "lon": (incident["town"] * 91 % 1_700) / 100, "admin1": "01",
        "admin2": None, "feature_class": "P", "feature_code": "PPL",
    }  # fmt: skip


def _figure(kind: str, low: int) -> Record:
    return {
        "role": "toll", "kind": kind, "low": low, "high": low, "qualifier": "exact", "phrase": str(low),
        "victim_class": "civilian", "said_by": "police",
    }  # fmt: skip


def stream(incidents: int, seed: int, span_s: float) -> list[Record]:
    """The records of `span_s` seconds in order of publication, with `incidents` incidents in each week."""
    world = World(seed, span_s)
    reports: list[Record] = []
    for _ in range(round(incidents * span_s / WEEK_S)):
        incident = world.incident()
        for _ in range(1 + (world.rng.random() < REPORTS_PER_INCIDENT - 1)):
            reports.append(world.report(incident, len(reports)))
    return _in_order(reports)


def crowd(reports: int, seed: int) -> list[Record]:
    """The records of one incident that everybody tells."""
    world = World(seed, DAY_S)
    incident = world.incident()
    return _in_order([world.report(incident, number) for number in range(reports)])


def _in_order(reports: list[Record]) -> list[Record]:
    return sorted(reports, key=lambda report: str(report["published_at"]))


def measure(incidents: int, seed: int) -> dict[str, Any]:
    """Fill a counter, then time the last day, as a whole and in `RUNS` slices."""
    records = stream(incidents, seed, SPAN_S)
    last_day = datetime.fromtimestamp(START_S + SPAN_S - DAY_S, UTC).isoformat()
    filling = [record for record in records if record["published_at"] < last_day]
    probing = records[len(filling) :]
    collector.look_rarely()  # as in a worker; the records wait here, not in a broker
    counter = Counter()
    filling_rate = _rate(counter, filling)
    open_incidents, open_reports = counter.open_incidents, len(counter)
    slices = [probing[run * len(probing) // RUNS : (run + 1) * len(probing) // RUNS] for run in range(RUNS)]
    rates = [_rate(counter, records) for records in slices]
    return {
        "open_incidents": open_incidents,
        "open_reports": open_reports,
        "open_incidents_at_the_end": counter.open_incidents,
        "records_timed": len(probing),
        "filling_reports_per_s": round(filling_rate),
        "reports_per_s": round(len(probing) / sum(len(part) / rate for part, rate in zip(slices, rates, strict=True))),
        "reports_per_s_runs": [round(rate) for rate in rates],
    }


def measure_crowd(reports: int, seed: int) -> dict[str, Any]:
    """Milliseconds a report of one crowded incident, by fifths of its reports."""
    records = crowd(reports, seed)
    counter = Counter()
    fifths = [records[run * len(records) // RUNS : (run + 1) * len(records) // RUNS] for run in range(RUNS)]
    return {
        "crowd_reports": reports,
        "crowd_ms_per_report": [round(1_000 / _rate(counter, fifth), 2) for fifth in fifths],
        "crowd_incidents": counter.open_incidents,
    }


def _rate(counter: Counter, records: list[Record]) -> float:
    started = time.process_time()
    for record in records:
        counter.count(record, START_S + 2 * SPAN_S)
    return len(records) / (time.process_time() - started)


def memory(incidents: int, seed: int) -> dict[str, Any]:
    """Bytes that the counter holds for each incident."""
    records = [json.dumps(record) for record in stream(incidents, seed, WEEK_S - DAY_S)]
    gc.collect()
    tracemalloc.start()
    counter = Counter()
    for record in records:
        counter.count(json.loads(record), START_S + 2 * SPAN_S)
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    tolls = len(counter.standing())
    return {"bytes_per_incident": round(held / tolls), "bytes_per_report": round(held / len(counter))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--crowd", type=int, default=3_000, help="reports of the crowded incident")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--output", type=Path)
    chosen = parser.parse_args()
    result = {
        "incidents": chosen.incidents,
        "python": platform.python_version(),
        **measure(chosen.incidents, chosen.seed),
        **measure_crowd(chosen.crowd, chosen.seed),
        **memory(min(chosen.incidents, MOST_TRACED), chosen.seed),
    }
    print(json.dumps(result))
    if chosen.output:
        chosen.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
