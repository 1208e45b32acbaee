"""Speed and memory of the count hop's core: reports a second on one core, with a given number of reports open.

    python benchmarks/bench_incidents.py --open 100000 --output benchmarks/results/incidents.json

Synthetic and seeded: reports of nine days over 150 countries (a few hold most), towns, names and words drawn by Zipf's
law, 1.3 reports an incident. The last day is timed, in which as many reports are closed as come, with `--open` reports
open and with a tenth of them; both also in units of a control, a fixed piece of work that is timed between the slices,
so that an hour in which the machine is slow does not count. Beside it a crowd: one incident that everybody tells, what
each of its reports costs and how many bytes it makes. Prints one JSON object; memory is what the counter holds, as
tracemalloc counts it, in a second pass over six days of records.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import random
import statistics
import time
import tracemalloc
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any
from zlib import crc32

import orjson

from stream_app import collector
from stream_app.core.incidents import Counter
from stream_app.core.language.calendar import day_name
from stream_app.core.wire import encode

START_S = 1_700_000_000
DAY_S = 86_400
WEEK_S = 7 * DAY_S  # the window: how long an incident without reports stays open
SPAN_S = 9 * DAY_S
REPORTS_PER_INCIDENT = 1.3
TERMS = {"": 12, "is:": 9, "at:": 2}  # rare words, everyday words and places in a real report's sketch, on average
CAUSES = ("shooting", "attack", "airstrike", "shelling", "drone", "bombing", "road", "fire", "flood", "storm")
RUNS = 5
MOST_TRACED = 20_000  # reports whose memory is traced, which takes five times as long as counting them
CONTROL_TURNS = 2_000

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
            "near": self.towns.draw(2),
            "second": self.rng.uniform(0, self.span_s),
            "causes": self.rng.sample(CAUSES, self.rng.randint(1, 3)),
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
            "event_id": f"{number:024x}",
            "article_id": f"a{number}",
            "cluster_id": f"a{number}",
            "story_id": f"a{number}",
            "alters": None,
            "revision_of": None,
            "own": True,
            "verdict": "unique",
            "source": f"src-{number % 500}",
            "outlet": f"src-{number % 500}",
            "wire": None,
            "language": "en",
            "published_at": datetime.fromtimestamp(int(clock_s), UTC).isoformat(),
            "place": _place(incident["town"], incident["country"]),
            "places": [_place(town, incident["country"]) for town in incident["near"]],
            "cause": incident["causes"][0],
            "causes": incident["causes"],
            "corrects": False,
            "follows": self.rng.random() < 0.2,
            "sure_day": self.rng.random() < 0.5,
            "event_time": {"first": day, "last": day, "precision": "day"},
            "terms": terms,
            "toll": {kind: {"low": low, "high": low} for kind, low in incident["toll"].items()},
            "figures": [_figure(kind, low) for kind, low in incident["toll"].items()],
        }


def _place(town: int, country: str) -> Record:
    return {
        "name": f"Town {town}", "geonames_id": town, "country_code": country,
        "lat": (town * 37 % 1_000) / 10, "lon": (town * 91 % 1_700) / 10, "admin1": f"{town % 20:02}",
        "admin2": None, "feature_class": "P", "feature_code": "PPL",
    }  # fmt: skip


def _figure(kind: str, low: int) -> Record:
    return {
        "role": "toll", "kind": kind, "low": low, "high": low, "qualifier": "exact", "phrase": str(low),
        "victim_class": "civilian", "said_by": "police",
    }  # fmt: skip


def stream(open_reports: int, seed: int, span_s: float) -> list[Record]:
    """The records of `span_s` seconds in order of publication, with about `open_reports` in each week."""
    world = World(seed, span_s)
    reports: list[Record] = []
    for _ in range(round(open_reports / REPORTS_PER_INCIDENT * span_s / WEEK_S)):
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


def measure(open_reports: int, seed: int) -> dict[str, Any]:
    """Fill a counter, then time the last day, as a whole and in `RUNS` slices with the control between them."""
    records = stream(open_reports, seed, SPAN_S)
    last_day = datetime.fromtimestamp(START_S + SPAN_S - DAY_S, UTC).isoformat()
    filling = [record for record in records if record["published_at"] < last_day]
    probing = records[len(filling) :]
    counter = Counter()
    filling_s = _seconds(counter, filling)
    opened = {"open_incidents": counter.open_incidents, "open_reports": len(counter)}
    seconds, controls = [], [control_s()]
    slices = [part for part in _fifths(probing) if part]
    for part in slices:
        seconds.append(_seconds(counter, part))
        controls.append(control_s())
    per_report = [spent / len(part) for spent, part in zip(seconds, slices, strict=True)]
    units = [
        2 * each / (before + after) for each, before, after in zip(per_report, controls, controls[1:], strict=False)
    ]
    return {
        **opened,
        "open_reports_at_the_end": len(counter),
        "records_timed": len(probing),
        "filling_reports_per_s": round(len(filling) / filling_s),
        "reports_per_s": round(len(probing) / sum(seconds)),
        "reports_per_s_runs": [round(1 / each) for each in per_report],
        "controls_per_report": round(statistics.median(units), 3),
        "control_us": round(1e6 * statistics.median(controls), 1),
    }


def control_s() -> float:
    """Seconds of a fixed piece of work of the kind that counting is: JSON, sums over text, sets of numbers."""
    record = orjson.dumps(World(1, DAY_S).report(World(1, DAY_S).incident(), 1))
    started = time.process_time()
    for _ in range(CONTROL_TURNS):
        terms = frozenset(crc32(term.encode()) for term in orjson.loads(record)["terms"])
        for other in range(40):
            terms.intersection((other,))
    return (time.process_time() - started) / CONTROL_TURNS


def measure_crowd(reports: int, seed: int) -> dict[str, Any]:
    """What a report of one crowded incident costs and makes, by fifths of its reports."""
    counter = Counter()
    spent, made, largest = [], [], 0
    for fifth in _fifths(crowd(reports, seed)):
        started = time.process_time()
        counted = [counter.count(record, _received_s(record)) for record in fifth]
        spent.append(round(1_000 * (time.process_time() - started) / len(fifth), 2))
        sizes = [len(encode(value)) for one in counted for _, value in (*one.tolls, *one.revisions, *one.members)]
        made.append(round(sum(sizes) / len(fifth)))
        largest = max(largest, *sizes)
    return {
        "crowd_reports": reports,
        "crowd_ms_per_report": spent,
        "crowd_bytes_per_report": made,
        "crowd_largest_record": largest,
        "crowd_incidents": counter.open_incidents,
    }


def _fifths(records: list[Record]) -> list[list[Record]]:
    return [records[run * len(records) // RUNS : (run + 1) * len(records) // RUNS] for run in range(RUNS)]


def _seconds(counter: Counter, records: list[Record]) -> float:
    started = time.process_time()
    for record in records:
        counter.count(record, _received_s(record))
    return time.process_time() - started


def _received_s(record: Record) -> float:
    """A report is received as soon as it is published."""
    return datetime.fromisoformat(record["published_at"]).timestamp()


def memory(open_reports: int, seed: int) -> dict[str, Any]:
    """Bytes that the counter holds for each incident."""
    records = [json.dumps(record) for record in stream(open_reports, seed, WEEK_S - DAY_S)]
    gc.collect()
    tracemalloc.start()
    counter = Counter()
    for record in records:
        counter.count(told := json.loads(record), _received_s(told))
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return {
        "bytes_per_incident": round(held / counter.open_incidents),
        "bytes_per_report": round(held / len(counter)),
    }


def run(open_reports: int, crowd_reports: int, seed: int) -> dict[str, Any]:
    """All that is measured; `growth`: the controls that a report costs, to those with a tenth open."""
    collector.look_rarely()  # as in a worker; the records wait here, not in a broker
    few = measure(open_reports // 10, seed)
    many = measure(open_reports, seed)
    return {
        "python": platform.python_version(),
        **many,
        "with_a_tenth": few,
        "growth": round(many["controls_per_report"] / few["controls_per_report"], 3),
        **measure_crowd(crowd_reports, seed),
        **memory(min(open_reports, MOST_TRACED), seed),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--open", type=int, default=100_000, help="reports open while the last day is timed")
    parser.add_argument("--crowd", type=int, default=10_000, help="reports of the crowded incident")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--output", type=Path)
    chosen = parser.parse_args()
    result = run(chosen.open, chosen.crowd, chosen.seed)
    print(json.dumps(result))
    if chosen.output:
        chosen.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
