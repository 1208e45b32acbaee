"""Run the fault suite on Apache Kafka and write docs/reliability.md and docs/reliability.json.

`python scripts/fault_suite.py --faults short` strikes with every fault once; `full` takes more time for each, strikes
in both phases under both delivery guarantees, and ends with a soak of 30 minutes. The two files keep what an earlier
run has written of the parts that this one leaves out; with `--only`, of the faults that this one leaves out.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import os
import queue
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.kafka import cost, soak  # noqa: E402
from tests.kafka.cluster import KAFKA_VERSION, Cluster  # noqa: E402
from tests.kafka.faults import FAULTS, Fault, Length, Phase  # noqa: E402
from tests.kafka.trial import Calm, Result, Trials  # noqa: E402

DELIVERIES = ("at_least_once", "exactly_once")
SOAK_S = 1800.0
COLUMNS = ("fault", "phase", "delivery", "brokers", "articles sent", "lost", "wrong", "repeats", "seconds to recover",
           "restarts")  # fmt: skip
ABOUT = f"""\
# Reliability

Written by `make fault-suite` on Apache Kafka {KAFKA_VERSION}; do not edit. [reliability.json](reliability.json) has the
same for machines, with what each fault met.

Each row is one run of the worker processes, struck by one fault while articles stream in (busy) or while the workers
come back from a SIGKILL with half of the articles waiting (recovering). What a `read_committed` consumer saw is held
against an undisturbed run of the same articles: **lost** counts missing events; **wrong** counts other bytes under a
known id, unexpected events, and keys whose order or last value differs; **repeats** are byte-identical copies under one
`ce_id`, which at-least-once allows and exactly-once does not. *Seconds to recover* run from the end of the fault to the
last commit, the work that waited included. *Restarts* counts workers that were killed or gave up and were started
again, as a supervisor does. A fault that meets nobody is a failed run, not a passed one. Where the suite itself
published a record twice, because its broker died before the answer, exactly-once cannot be judged. A changelog that is
rebuilt is rebuilt by telling again what was told, so that there are repeats under either guarantee. Where retention
deletes input unread, the undisturbed run is of what was left, worked out from what was sent; nothing else may be lost,
and the workers' count of it must be right to the record.
"""

Trial = tuple[int, str, Fault, Phase]


def plan(faults: Length, only: set[str]) -> list[list[Trial]]:
    """What there is to do, in portions that one runner does on one cluster; the longest come first."""
    chosen = [fault for fault in FAULTS if (fault.name in only if only else faults == "full" or not fault.long)]
    trials = [trial for fault in chosen for trial in _trials(faults, fault, FAULTS.index(fault))]
    three = [trial for trial in trials if trial[0] == 3]
    single = sorted((trial for trial in trials if trial[0] == 1), key=lambda trial: not trial[2].long)
    return [*([three] if three else []), *([trial] for trial in single)]


def _trials(faults: Length, fault: Fault, number: int) -> Iterator[Trial]:
    if faults == "short":
        yield fault.nodes, "at_least_once", fault, fault.phases[number % len(fault.phases)]
        return
    for delivery in DELIVERIES:
        for phase in ("busy",) if fault.long else fault.phases:
            yield fault.nodes, delivery, fault, phase


class Run:
    """One run of the suite: its results so far, and what could not be judged, by name."""

    def __init__(self, faults: Length, folder: Path, evidence: Path) -> None:
        self.faults = faults
        self.folder = folder
        self.evidence = evidence
        self.calm = Calm(folder)
        self.results: list[Result] = []
        self.errors: list[str] = []
        self.started = time.monotonic()
        self._writing = threading.Lock()

    def strike(self, portions: Sequence[list[Trial]], jobs: int, after_each: Callable[[], None]) -> None:
        """Do every trial, `jobs` at a time: most of a trial is waiting."""
        self._after_each = after_each
        waiting: queue.SimpleQueue[list[Trial]] = queue.SimpleQueue()
        for portion in portions:
            waiting.put(portion)
        runners = [threading.Thread(target=self._runner, args=(waiting, n), daemon=True) for n in range(jobs)]
        for runner in runners:
            runner.start()
        for runner in runners:
            runner.join()

    def _runner(self, waiting: queue.SimpleQueue[list[Trial]], number: int) -> None:
        folder = self.folder / f"runner{number}"
        folder.mkdir(exist_ok=True)
        cluster: Cluster | None = None
        with ExitStack() as stack:
            while True:
                try:
                    portion = waiting.get_nowait()
                except queue.Empty:
                    return
                if cluster is not None and len(cluster.nodes) != portion[0][0]:
                    stack.close()
                    cluster = None
                for trial in portion:
                    try:
                        if cluster is None:
                            cluster = stack.enter_context(Cluster(trial[0], proxied=True))
                        self._try(cluster, folder, trial)
                    except Exception as error:  # noqa: BLE001 - the suite goes on, and fails at its end
                        self._note_error(trial, error)
                        stack.close()  # whatever happened to it is not the next trial's business
                        cluster = None
                    with self._writing:
                        self._after_each()

    def _trials_on(self, cluster: Cluster, folder: Path, delivery: str, phase: Phase) -> Trials:
        length: Length = "full" if self.faults == "full" and phase == "busy" else "short"
        options: dict[str, Any] = {"calm": self.calm, "evidence": self.evidence, "length": length}
        return Trials(cluster, folder, delivery=delivery, **options)

    def _note_error(self, trial: Trial, error: Exception) -> None:
        """That a trial came to no end, or had no cluster to begin on."""
        _, delivery, fault, phase = trial
        self.errors.append(f"{fault.name} ({phase}, {delivery}): {type(error).__name__}: {error}"[:500])
        print(f"{self._clock()} ERROR {self.errors[-1]}", flush=True)

    def _try(self, cluster: Cluster, folder: Path, trial: Trial) -> None:
        """Make one trial and keep its result, whatever it is."""
        _, delivery, fault, phase = trial
        result = self._trials_on(cluster, folder, delivery, phase).run(fault, phase)
        self.results.append(result)
        mark = "ok  " if result.ok else "FAIL"
        counts = f"lost {result.lost} wrong {result.wrong} repeats {result.repeats} recovered {result.recovery_s} s"
        what = f"{mark} {fault.name:11} {phase:10} {delivery:13}"
        print(f"{self._clock()} {what} {counts} ({result.took_s} s; {result.state}; {result.met})", flush=True)
        for note in () if result.ok else result.notes:
            print(f"      {note}", flush=True)

    def _clock(self) -> str:
        return f"{time.monotonic() - self.started:5.0f}"

    def section(self) -> dict[str, Any]:
        """The run for the JSON file, in the order of the list of faults."""
        order = {fault.name: number for number, fault in enumerate(FAULTS)}
        ordered = sorted(self.results, key=lambda found: (order[found.fault], found.delivery, found.phase))
        return {
            "date": today(), "cores": os.cpu_count(), "minutes": round((time.monotonic() - self.started) / 60, 1),
            "results": [dataclasses.asdict(result) | {"ok": result.ok} for result in ordered], "errors": self.errors,
        }  # fmt: skip

    @property
    def ok(self) -> bool:
        return all(result.ok for result in self.results) and not self.errors


def merged(earlier: Mapping[str, Any], section: Mapping[str, Any]) -> dict[str, Any]:
    """A section whose runs take the place of the same runs of an earlier one."""
    done = {_key(row) for row in section["results"]} | {error.partition("):")[0] for error in section["errors"]}
    kept = [row for row in earlier["results"] if _key(row) not in done]
    order = {fault.name: number for number, fault in enumerate(FAULTS)}
    results = sorted([*kept, *section["results"]], key=lambda row: (order[row["fault"]], row["delivery"], row["phase"]))
    errors = [error for error in earlier["errors"] if error.partition("):")[0] not in done]
    minutes = round(earlier["minutes"] + section["minutes"], 1)
    told = {"minutes": minutes, "results": results, "errors": errors + section["errors"], "kept": len(kept)}
    return {**section, **told}


def _key(row: Mapping[str, Any]) -> str:
    return f"{row['fault']} ({row['phase']}, {row['delivery']}"


def today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


def measure_costs(folder: Path) -> dict[str, Any]:
    """The delivery guarantees side by side, each on the same broker; one that is not done in time is an error."""
    rows, errors = [], []
    with Cluster(1) as cluster:
        for delivery, interval in (("at_least_once", 1.0), ("exactly_once", 1.0), ("exactly_once", 0.1)):
            try:
                rows.append(dataclasses.asdict(cost.measure(cluster, folder, delivery, interval)))
            except TimeoutError as error:
                errors.append(f"cost of {delivery}: {error}")
            print(errors or rows[-1:], flush=True)
    return {"date": today(), "rows": rows, "errors": errors}


def run_soak(folder: Path, seconds: float, rate_per_s: float) -> dict[str, Any]:
    """The soak, on a broker of its own."""
    with Cluster(1, proxied=True, extra=soak.BROKER) as cluster:
        found = soak.soak(cluster, folder, seconds, rate_per_s)
    return dataclasses.asdict(found) | {"date": today(), "ok": found.ok}


def markdown(document: Mapping[str, Any]) -> str:
    """docs/reliability.md: a table for each form of the suite, the costs, the soak."""
    lines = [ABOUT]
    for form in ("full", "short"):
        if form in document:
            lines += table(form, document[form])
    if "costs" in document:
        lines += cost.markdown(document["costs"])
    if "soak" in document:
        lines += soak.markdown(document["soak"])
    return "\n".join(lines).rstrip() + "\n"


def table(form: str, section: Mapping[str, Any]) -> list[str]:
    """One form of the suite."""
    results, errors = section["results"], section["errors"]
    good = sum(result["ok"] for result in results)
    which = "every fault in both phases, under both guarantees" if form == "full" else "every fault once"
    bad = [f"- {row['fault']}, {row['phase']}, {row['delivery']}: {'; '.join(row['notes'][:3])}"
           for row in results if not row["ok"]]  # fmt: skip
    return [
        f"## FAULTS={form}: {which}",
        "",
        (
            f"{section['date']}, {section['cores']} cores, {section['minutes']:.0f} minutes: {good} of "
            f"{len(results) + len(errors)} runs as they should be, {sum(row['articles'] for row in results)} articles, "
            f"{sum(row['lost'] for row in results)} lost, {sum(row['wrong'] for row in results)} wrong."
            f"{_put_together(section)}"
        ),
        "",
        *(
            ["What was not as it should be:", "", *bad, *(f"- {error}" for error in errors), ""]
            if bad or errors
            else []
        ),
        "| " + " | ".join(COLUMNS) + " |",
        "|" + " --- |" * len(COLUMNS),
        *("| " + " | ".join(_row(result)) + " |" for result in results),
        "",
    ]


def _put_together(section: Mapping[str, Any]) -> str:
    """That rows are of other runs, of other commits."""
    kept = section.get("kept", 0)
    return f" Put together: {kept} rows are of runs before the last one, of the commits of their time." if kept else ""


def _row(result: Mapping[str, Any]) -> list[str]:
    names = ("what", "phase", "delivery", "nodes", "articles", "lost", "wrong", "repeats", "recovery_s", "restarts")
    return [str(result[name]).replace("_", " ") for name in names]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", choices=("short", "full", "none"), default="short")
    parser.add_argument("--only", default="", help="names of faults, separated by commas")
    parser.add_argument("--jobs", type=int, default=3, help="trials at a time (default: 3)")
    parser.add_argument("--no-costs", action="store_true", help="leave out what exactly-once costs")
    parser.add_argument("--soak-s", type=float, default=None, help="seconds of soak (default: full 1800, else 0)")
    parser.add_argument("--soak-rate", type=float, default=soak.RATE_PER_S, help="articles a second of the soak")
    parser.add_argument("--output", type=Path, default=ROOT / "docs", help="where the two files go")
    parser.add_argument("--evidence", type=Path, default=ROOT / "build" / "fault-suite", help="logs of what went wrong")
    args = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a fault suite is full of refused connections
    only = set(filter(None, args.only.split(",")))
    soak_s = args.soak_s if args.soak_s is not None else (SOAK_S if args.faults == "full" else 0.0)
    file = args.output / "reliability.json"
    document = json.loads(file.read_text()) if file.exists() else {}
    document = {name: document[name] for name in ("short", "full", "costs", "soak") if document.get(name)}
    earlier = dict(document)
    good = True

    def write(name: str, section: Mapping[str, Any]) -> None:
        document[name] = merged(earlier[name], section) if only and name in earlier else section
        file.write_text(json.dumps(document, indent=1) + "\n")
        (args.output / "reliability.md").write_text(markdown(document))

    with tempfile.TemporaryDirectory(prefix="stream-app-faults-") as name:
        if args.faults != "none":
            run = Run(args.faults, Path(name), args.evidence)
            run.strike(plan(args.faults, only), args.jobs, lambda: write(args.faults, run.section()))
            good = good and run.ok
        if not args.no_costs and not only:
            costs = measure_costs(Path(name))
            write("costs", costs)
            good = good and not costs["errors"]
        if soak_s:
            soaked = run_soak(Path(name), soak_s, args.soak_rate)
            write("soak", soaked)
            good = good and soaked["ok"]
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
