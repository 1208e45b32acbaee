"""The front door: `make bench`, or `python -m benchmarks.run --form short|full [--only engine,...]`.

Every section writes benchmarks/results/NAME.json; summary.json holds the figures that are compared from run to run,
from whatever sections have results, and each run adds a line to history.jsonl. docs/performance.md and
docs/performance-history.md are made from these files by report.py.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks import (
    bench_batch,
    bench_catchup,
    bench_core,
    bench_engine,
    bench_latency,
    bench_pipeline,
    bench_scaling,
    bench_start,
    bench_takeover,
    bench_wide,
    brokers,
    harness,
    report,
)

ON_A_BROKER: dict[str, Callable[[brokers.Broker, str], Any]] = {
    "engine": bench_engine.run,
    "pipeline": bench_pipeline.run,
    "latency": bench_latency.run,
    "start": bench_start.run,
    "scaling": bench_scaling.run,
    "wide": bench_wide.run,
    "takeover": bench_takeover.run,
    "catchup": bench_catchup.run,
}
ALONE: dict[str, Callable[[str], Any]] = {"core": bench_core.run, "batch": bench_batch.run}
OUTPUT = "{output}"
OF_REAL_TEXTS = ("mixes", "owners")
"""Benchmarks that take a folder of real texts where there is one."""
#: Benchmarks with a command line of their own: module, arguments of the short form, of the full one.
COMMANDS: dict[str, tuple[str, list[str], list[str]]] = {
    "casualties": ("bench_casualties", ["--articles", "200", "--rounds", "5"], []),
    "places": (
        "bench_places",
        ["--articles", "200", "--peers", "--output", OUTPUT],
        ["--articles", "1000", "--peers", "--output", OUTPUT],
    ),
    "duplicates": (
        "bench_duplicates",
        ["--resident", "5000", "--only", "ours", "--output", OUTPUT],
        ["--resident", "100000", "--output", OUTPUT],
    ),
    "mixes": (
        "bench_mixes",
        ["--articles", "60", "--rounds", "1", "--output", OUTPUT],
        ["--articles", "600", "--rounds", "5", "--last", "10000", "--output", OUTPUT],
    ),
    "owners": (
        "bench_owners",
        ["--articles", "400", "--output", OUTPUT],
        ["--articles", "3000", "--owners", "2", "4", "8", "16", "32", "--output", OUTPUT],
    ),
    "incidents": (
        "bench_incidents",
        ["--open", "10000", "--crowd", "1000", "--output", OUTPUT],
        ["--output", OUTPUT],
    ),
}


def main() -> int:
    """Run the sections; one that fails is told and does not stop the others, but the exit code says so."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--form", choices=("short", "full"), default="short")
    parser.add_argument("--only", help="sections, separated by commas")
    parser.add_argument(
        "--eval", default="", help="the folder with the texts of the mixes, which are not ours to pass on"
    )
    parser.add_argument("--this-python", action="store_true", help="also where Debian's, built with profiles, is here")
    args = parser.parse_args()
    if not args.this_python and (environ := harness.optimised()) is not None:
        print(f"by {harness.DEBIANS}, which is built with profiles as the image's is", file=sys.stderr)
        os.execve(harness.DEBIANS, [str(harness.DEBIANS), "-m", "benchmarks.run", *sys.argv[1:]], environ)
    every = [*ALONE, *COMMANDS, *ON_A_BROKER]
    wanted = args.only.split(",") if args.only else every
    if unknown := set(wanted) - set(every):
        parser.error(f"no such section: {', '.join(sorted(unknown))}; there are {', '.join(every)}")
    if args.form == "short":
        print("the short form is a smoke test: it shows that all run; take figures from the full one", file=sys.stderr)
    failed = [
        name
        for name in wanted
        if name not in ON_A_BROKER and not _attempt(name, _without_broker(name, args.eval), args.form)
    ]
    if any(name in ON_A_BROKER for name in wanted):
        failed += _on_a_broker([name for name in ON_A_BROKER if name in wanted], args.form)
    summary = summarise()
    (harness.RESULTS / "summary.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    report.main()
    print(json.dumps(summary, indent=1))
    return 1 if failed else 0


def _on_a_broker(wanted: list[str], form: str) -> list[str]:
    """A broker of its own for each section: what one leaves behind must not weigh on the next."""
    failed = []
    for name in wanted:
        with brokers.running() as broker:
            if not _attempt(name, lambda form, run=ON_A_BROKER[name], broker=broker: run(broker, form), form):
                failed.append(name)
    return failed


def _without_broker(name: str, texts: str) -> Callable[[str], Any]:
    return ALONE.get(name) or (lambda form: _command(name, form, texts if name in OF_REAL_TEXTS else ""))


def _command(name: str, form: str, texts: str) -> None:
    """Run it, and keep what it wrote together with the circumstances."""
    module, short, full = COMMANDS[name]
    options = short if form == "short" else full
    path = str(harness.RESULTS / f"{name}.json")
    more = ["--eval", texts] if texts else []
    harness.run_command(f"benchmarks.{module}", *(path if option == OUTPUT else option for option in options), *more)
    said = " ".join([module, *options]).removesuffix(f" --output {OUTPUT}") + (" --eval FOLDER" if texts else "")
    harness.write(name, {**(harness.read(name) or {}), "command": said}, form)


def _attempt(name: str, run: Callable[[str], Any], form: str) -> bool:
    started = time.monotonic()
    try:
        run(form)
    except Exception as error:  # noqa: BLE001 - the other sections are to be measured all the same
        print(f"{name}: failed: {error}", file=sys.stderr, flush=True)
        return False
    print(f"{name}: {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return True


def summarise() -> dict[str, Any]:
    """The figures of the last runs; None where a section has no result."""
    results = {name: harness.read(name) or {} for name in (*ALONE, *COMMANDS, *ON_A_BROKER)}
    engine, pipeline, start = results["engine"], results["pipeline"], results["start"]
    ours = results["duplicates"].get("ours", {})
    return {
        "under_load": sorted(name for name, result in results.items() if result and harness.under_load(result)),
        "engine_overhead_us": {name: row["overhead_us"]["median"] for name, row in engine.get("peers", {}).items()},
        "pipeline_articles_per_s_core": pipeline.get("pipeline_articles_per_s_core"),
        "pipeline_vs_raw_loop": pipeline.get("pipeline_vs_raw_loop"),
        "speedup_two_workers": pipeline.get("speedup_two_workers"),
        "speedup_two_workers_wall": pipeline.get("speedup_two_workers_wall"),
        "latency_ms": results["latency"].get("latency_ms"),
        "latency_ms_at_50_per_s": _percentiles(results["latency"].get("at_articles_per_s", {}).get("50")),
        "casualties_per_s": _median(results["casualties"].get("casualty_tagger_articles_per_cpu_second")),
        "places_per_s": _median(results["places"].get("taggers", {}).get("stream-app")),
        "duplicates_per_s": ours.get("articles_per_s"),
        "duplicates_bytes_per_article": ours.get("bytes_per_article"),
        "incident_reports_per_s": results["incidents"].get("reports_per_s"),
        "incident_cost_growth": results["incidents"].get("growth"),
        "start_to_ready_s": _median(start.get("ready_s")),
        "rss_mb": _median(pipeline.get("one_worker", {}).get("peak_mb")),
        "batch_share_of_ideal": results["batch"].get("share_of_ideal"),
        **{f"{name}_mix_articles_per_s_core": _per_s(results["mixes"], name) for name in ("general", "casualty")},
        "mixes_growth": results["mixes"].get("growth", {}).get("growth", {}).get("all"),
        "bytes_out_to_in": {
            name: row["published_times_raw"] for name, row in results["mixes"].get("mixes", {}).items()
        },
        "bytes_out_to_in_compressed": {
            name: row["published_times_raw_compressed"] for name, row in results["mixes"].get("mixes", {}).items()
        },
        "cpu_of_four_workers_to_one": _median(results["wide"].get("workers", {}).get("4", {}).get("cpu_to_one")),
        "busiest_of_four_to_share": _median(
            results["wide"].get("workers", {}).get("4", {}).get("busiest_to_fair_share")
        ),
        "takeover_s": _median(results["takeover"].get("with_standby")),
        "catchup_times_live_rate": results["catchup"].get("times_live_rate"),
    }


def _per_s(mixes: dict[str, Any], name: str) -> float | None:
    """Articles a second of the core alone, on one mix."""
    us = _median(mixes.get("mixes", {}).get(name, {}).get("us_an_article"))
    return None if us is None else round(1e6 / us, 1)


def _percentiles(found: dict[str, Any] | None) -> dict[str, float] | None:
    return None if found is None else {name: found[name]["median"] for name in ("p50", "p99")}


def _median(found: dict[str, Any] | None) -> float | None:
    return None if found is None else float(found["median"])


if __name__ == "__main__":
    sys.exit(main())
