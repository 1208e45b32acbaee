"""docs/performance.md, made from benchmarks/results: nothing in it is typed by hand.

python -m benchmarks.report
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import harness, history

PATH = harness.ROOT / "docs" / "performance.md"
HISTORY = harness.ROOT / "docs" / "performance-history.md"
Result = dict[str, Any]

HEAD = """# Performance

Made by `python -m benchmarks.report` from `benchmarks/results/`; `BENCH=full make bench` measures anew (for hours).
`make bench` alone is a smoke test: it shows that all run, and what says "short form" below is no more than that. How
figures went from commit to commit: [history](performance-history.md). Medians, with the lowest and highest run in
brackets. CPU time is that of the whole process, all threads and the kernel's share included; an article is 2.5 KB, and
three in ten are copies.
"""

ENGINE = """## What the engine adds to a job

One hop: read a record, do a fixed job of 100 us, send the result under the same key, wait for the broker's answer,
commit. At least once everywhere, sends acknowledged by all replicas. The table shows what each needs beyond the job.
Ours writes six CloudEvents headers a record and keeps its metrics; the others write key and value only. Bytewax keeps
offsets in its own recovery store instead of committing them; FastStream puts a batch into one partition, whatever its
keys. "Faust's own transport" is the same service without our drain.py and outbox.py: two tasks, one send and one
future a record.
"""

PIPELINE = """## The whole pipeline

Raw to enriched, tolls included, by `stream-app worker` with its defaults, topics between the hops. The loop beside it
is written by hand on aiokafka over the same core functions, which get as many articles at a time, with no topics in
between, no tables and no recovery.
Two workers: the speedup is what the busier of the two computes against one worker that does all, so that it holds where
each has a core of its own; by the clock it is measured on this machine, where broker and generator share the cores.
"""

UNDER_LOAD = """
Measured under load: others had more to do on this machine than it has cores for. Neither what the clock told nor CPU
time says much then, for the caches are shared, and the control, which fits into them, does not show it. Ratios of what
took turns hold, and so do bytes and verdicts.
"""
TIMED_IN = {
    "incident_reports_per_s": "incidents", "incident_cost_growth": "incidents", "mixes_growth": "mixes",
    "general_mix_articles_per_s_core": "mixes", "casualty_mix_articles_per_s_core": "mixes", "takeover_s": "takeover",
    "catchup_times_live_rate": "catchup", "pipeline_articles_per_s_core": "pipeline", "latency_ms": "latency",
    "start_to_ready_s": "start", "duplicates_per_s": "duplicates", "engine_overhead_us": "engine",
}  # fmt: skip
"""Which benchmark's load a figure of time depends on."""

HISTORY_HEAD = """# Performance by commit

Made by `python -m benchmarks.report` from `benchmarks/results/history.jsonl`, to which each run of a benchmark adds a
line. The control is a fixed piece of work, timed in the same process just after: where it needs twice as long, the
machine was half as fast, so set the figures of two runs against each other in its units. "other" is a Python built
without profiles, which needs a seventh more time; "not noted" are runs of before builds were noted.
"""

AIMS: tuple[tuple[str, str, str, float], ...] = (
    ("engine_overhead_us/stream-app", "engine, us a hop beyond the job", "at most", 60),
    ("pipeline_articles_per_s_core", "whole pipeline, articles/s a core", "at least", 700),
    ("pipeline_vs_raw_loop", "against a hand-written loop over the same functions", "at least", 0.8),
    ("speedup_two_workers", "two workers against one", "at least", 1.8),
    ("latency_ms/p50", "raw to enriched at 200 articles/s, median (ms)", "at most", 30),
    ("latency_ms/p99", "the same, slowest of 100 (ms)", "at most", 150),
    ("casualties_per_s", "casualty tagger, articles/s", "at least", 3000),
    ("places_per_s", "place tagger, articles/s", "at least", 1500),
    ("duplicates_per_s", "duplicate search, articles/s (aimed at with 100,000 resident)", "at least", 2500),
    ("duplicates_bytes_per_article", "duplicate search, bytes an article", "at most", 1024),
    ("incident_reports_per_s", "tolls, reports/s (aimed at with 100,000 reports open)", "at least", 1000),
    ("incident_cost_growth", "tolls, cost of a report to that with a tenth of them open", "at most", 1.1),
    ("start_to_ready_s", "start to ready (s)", "at most", 3),
    ("rss_mb", "memory of a worker (MB)", "at most", 300),
    ("batch_share_of_ideal", "backfill, share of cores times one process", "at least", 0.9),
    ("general_mix_articles_per_s_core", "general mix, articles/s of the core alone", "at least", 600),
    ("casualty_mix_articles_per_s_core", "casualty mix, articles/s of the core alone", "at least", 400),
    ("mixes_growth", "what an article costs after 100,000, to what it cost at first", "at most", 1.1),
    ("bytes_out_to_in/general", "general mix, bytes written to bytes read, uncompressed", "at most", 4),
    ("bytes_out_to_in/casualty", "casualty mix, the same", "at most", 4),
    ("bytes_out_to_in_compressed/general", "general mix, bytes written to bytes read, all in zstd", "at most", 4),
    ("bytes_out_to_in_compressed/casualty", "casualty mix, the same", "at most", 4),
    ("cpu_of_four_workers_to_one", "CPU of four workers to one's", "at most", 1.05),
    ("busiest_of_four_to_share", "the busiest of four to a fair share", "at most", 1.05),
    ("takeover_s", "silence after a worker was killed (s)", "at most", 10),
    ("catchup_times_live_rate", "pace after an outage, times the live rate", "at least", 3),
)
"""Where each figure is in summary.json, what it is, and what was aimed at."""

WHY = """What the pipeline needs is the time of the taggers and of duplicate search: plain Python and numpy, its profile
so flat that no function has 4 % of it; the engine has a sixth. Much of that is waiting for memory, for here what a
process has not touched for four milliseconds is out of the caches, which it shares with others: a sum over 20 KB takes
5 us, and 90 after a pause in which this core did nothing else. So hops without a state take sixteen records through a
step before the next (side by side 0.86 of the CPU at full load), figures are counted by the batch, and tables that are
looked up at random are small. At 200 articles/s a batch has three to six records, an article costs a third more than at
full load, and one worker is busy four fifths of the time or more: a slightly slower minute of the machine makes the
queue, and with it the delay, twice as long. At 50/s the delay is that of the hops.

The pace of the machine that this was measured on swings by 1.6 within minutes, and by more from hour to hour, so
figures of two runs are not to be compared: see what the other engines below needed in the same run, which was from 10
(confluent-kafka) and 24 us (aiokafka) on a good day to 24 and 33 on a bad one. The interpreter matters, too: Debian's
Python 3.11 needs 0.87 of the time of the one used here, which is built with pyenv's defaults; 3.13 built in that way
needs as long.
"""

UPSTREAM = """## What should go upstream

- Faust: `Consumer._drain_messages` races every record with an event (two tasks a record) and the conductor takes a
  lock for it; ours delivers what was fetched at once (`service/engine/drain.py`).
- Faust: a consumer without a thread of its own, for apps whose agents yield: side by side it took 0.88 of the CPU at
  full load, and the median delay at 200 articles/s fell from 100 to 200 ms to 30 to 90 (`service/engine/transport.py`).
- Faust: a producer that takes whole batches; `send` costs a future and a partitioner call a record
  (`service/engine/outbox.py`).
- Faust: `TableManager.on_start` sleeps a second for tables that are declared already (`service/engine/tables.py`).
- Faust: `fetch_max_wait_ms=1500` holds up the offset requests behind it on the same connection
  (`service/engine/transport.py`).
- aiokafka: `murmur2` in Python, byte by byte; by words it takes half the time.
"""


def main() -> None:
    """Write both pages."""
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(page(), encoding="utf-8")
    HISTORY.write_text(past(harness.RESULTS / "history.jsonl"), encoding="utf-8")


def page() -> str:
    """The page of what results there are."""
    sections = (
        ("engine", engine), ("pipeline", pipeline), ("wide", wide), ("takeover", takeover),
        ("catchup", catchup), ("core", core), ("latency", latency),
        ("start", start), ("scaling", scaling), ("batch", batch), ("casualties", casualties), ("places", places),
        ("duplicates", duplicates), ("incidents", incidents), ("mixes", mixes), ("owners", owners),
    )  # fmt: skip
    parts = [HEAD, aims(harness.read("summary") or {})]
    for name, write in sections:
        result = harness.read(name)
        if result is not None:
            parts += [write(result), _circumstances(result)]
    parts.append(UPSTREAM)
    return "\n".join(parts)


def past(path: Path) -> str:
    """The page of all runs: a table for each benchmark, the newest run first."""
    runs = list(history.lines(path))
    parts = [HISTORY_HEAD]
    for name in dict.fromkeys(figure.benchmark for figure in history.FIGURES):
        of_it = [run for run in reversed(runs) if run["benchmark"] == name]
        figures = [f.what for f in history.FIGURES if any(f.what in run["figures"] for run in of_it)]
        if figures:
            head = ("commit", "when", "form", "Python", "control (us)", "load", *figures)
            parts.append(f"## {name.capitalize()}\n\n{_table(head, (_run(run, figures) for run in of_it))}")
    return "\n".join(parts)


def _run(run: Result, figures: Sequence[str]) -> tuple[object, ...]:
    commit = run["commit"] + (" and changes" if run.get("uncommitted_changes") else "")
    python = f"{run['python']}, {run['build']}"
    told = (f"{run['figures'][what]:g}" if what in run["figures"] else "" for what in figures)
    return (commit, run["at"][:16], run["form"], python, run.get("control_us", ""), run["load_before"][0], *told)


def aims(summary: Result) -> str:
    """What was aimed at beside what was measured."""
    rows = []
    for where, what, bound, aim in AIMS:
        name, _, part = where.partition("/")
        found = summary.get(name)
        value = (found or {}).get(part) if part else found
        if value is not None:
            met = value <= aim if bound == "at most" else value >= aim
            loaded = ", under load" if TIMED_IN.get(name) in summary.get("under_load", ()) else ""
            rows.append((what, f"{bound} {aim:g}", f"{value:g}{loaded}", "yes" if met else "**no**"))
    return f"## Aims\n\n{_table(('', 'aim', 'measured', 'met'), rows)}\n{WHY}"


def engine(result: Result) -> str:
    rows = sorted(result["peers"].items(), key=lambda row: row[1]["overhead_us"]["median"])
    table = _table(
        ("", "us beyond the job", "records/s a core"),
        ((name, _spread(row["overhead_us"]), _spread(row["records_per_s_core"], 0)) for name, row in rows),
    )
    failed = "".join(f"\n{name} could not run here: {why.splitlines()[0]}\n" for name, why in result["failed"].items())
    return f"{ENGINE}\n{result['records']} records, 8 partitions, {result['broker']}.\n\n{table}{failed}"


def pipeline(result: Result) -> str:
    one, loop, two = result["one_worker"], result["raw_loop"], result["two_workers"]
    table = _table(
        ("", "CPU us an article", "articles/s a core"),
        (
            ("one worker", _spread(one["cpu_us"], 0), f"{result['pipeline_articles_per_s_core']:.0f}"),
            ("hand-written loop", _spread(loop["cpu_us"], 0), f"{1e6 / loop['cpu_us']['median']:.0f}"),
            ("two workers together", _spread(two["cpu_us"], 0), f"{1e6 / two['cpu_us']['median']:.0f}"),
        ),
    )
    lines = (
        f"Against the loop: {_spread(result['pipeline_vs_raw_loop_by_round'], 2)} of its speed. "
        f"Two workers: {_spread(result['speedup_two_workers_by_round'], 2)} times one, "
        f"{_spread(result['speedup_two_workers_wall_by_round'], 2)} by the clock here; each round by itself. "
        f"Memory of a worker at most: {_spread(one['peak_mb'], 0)} MB."
    )
    return f"{PIPELINE}\n{result['articles']} articles, 8 partitions, {result['broker']}.\n\n{table}\n{lines}\n"


def wide(result: Result) -> str:
    rows = (
        (number, _spread(row["cpu_us"], 0), _spread(row["cpu_to_one"], 2), _spread(row["busiest_to_fair_share"], 2),
         _spread(row["speedup"], 2))
        for number, row in result["workers"].items()
    )  # fmt: skip
    head = (
        "workers",
        "CPU us an article, all together",
        "to one worker's",
        "the busiest one's to a fair share",
        "speedup",
    )
    about = (
        f"{result['articles']} articles a turn, {result['partitions']} partitions, {result['broker']}. The speedup is "
        "what the busiest computes against one worker that does all."
    )
    return f"## More workers\n\n{about}\n\n{_table(head, rows)}"


def takeover(result: Result) -> str:
    rows = (("with a standby", _spread(result["with_standby"])), ("without", _spread(result["without"])))
    about = "Seconds without an enriched event after the worker that matched was killed; 5,000 articles behind it."
    return f"## Takeover\n\n{about} {result['broker']}.\n\n{_table(('', 's'), rows)}"


def catchup(result: Result) -> str:
    shown = "; ".join(", ".join(f"{hop} {records}" for hop, records in lag.items()) for lag in result["lag_shown"])
    rows = (
        ("articles/s that came, before and meanwhile", result["articles_per_s_live"]),
        ("what waited, in seconds of that", result["outage_s"]),
        ("caught up after (s)", result["caught_up_after_s"]),
        ("pace until then, in times of what came", result["times_live_rate"]),
        ("CPU us an article", result["cpu_us_an_article"]),
        ("records that waited, as the worker showed them: begin, quarters, end", shown),
    )
    return f"## After an outage\n\nOne worker, {result['broker']}.\n\n{_table(('', ''), rows)}"


def core(result: Result) -> str:
    hops = _table(("hop", "us an article"), _named(result["us_an_article"], 0))
    taggers = _table(("tagger alone", "articles/s"), _named(result["taggers_per_s"], 0))
    about = "The core's hops in turn, each over what came of 48 articles; one process, no broker."
    return f"## Where the time goes\n\n{about}\n\n{hops}\n{taggers}"


def latency(result: Result) -> str:
    rows = (
        (rate, *(_spread(row[name]) for name in ("p50", "p99", "worst")))
        for rate, row in result["at_articles_per_s"].items()
    )
    about = (
        f"Raw to enriched, {result['seconds']} s at each rate, {result['broker']}, one worker; at a rate beyond what it"
    )
    table = _table(("articles/s", "p50 (ms)", "p99 (ms)", "worst (ms)"), rows)
    return f"## Latency\n\n{about}\ncan keep up with, this is the length of the queue.\n\n{table}"


def start(result: Result) -> str:
    rows = (
        ("start of the process to ready, nothing to recover (s)", _spread(result["ready_s"], 2)),
        ("CPU for it (s)", _spread(result["cpu_s"], 2)),
        ("resident memory then (MB)", _spread(result["resident_mb"], 0)),
    )
    return f"## Start\n\n{_table(('', ''), rows)}"


def scaling(result: Result) -> str:
    lengths = ((name, _spread(row["an_article"], 0), _spread(row["a_thousand_characters"], 0))
               for name, row in result["pipeline_us_by_characters"].items())  # fmt: skip
    tables = (
        _table(("articles resident", "us to judge one more"), _named(result["match_us_by_resident"], 0)),
        _table(("characters", "us an article", "us a thousand characters"), lengths),
        _table(("partitions", "engine us a record"), _named(result["engine_us_by_partitions"])),
    )
    return "## Growing\n\n" + "\n".join(tables)


def batch(result: Result) -> str:
    rows = (
        ("one process", _spread(result["one_process_per_s"], 0)),
        (f"all {result['cores']} cores", _spread(result["all_cores_per_s"], 0)),
    )
    share = f"{result['share_of_ideal']:.2f} of cores times one process, starting the processes included."
    table = _table(("", "articles/s"), rows)
    return f"## Backfill\n\n`stream-app batch`, articles a second by the clock.\n\n{table}\n{share}\n"


def duplicates(result: Result) -> str:
    names = [name for name in ("ours", "datasketch", "rensa") if name in result]
    figures = ("articles_per_s", "bytes_per_article", "recall", "precision")
    rows = ((name, *(result[name].get(figure, "") for figure in figures)) for name in names)
    head = ("", "articles/s", "bytes an article", "recall", "precision")
    return f"## Duplicate search\n\n`python -m benchmarks.{result['command']}`\n\n{_table(head, rows)}"


def casualties(result: Result) -> str:
    rows = [("casualty tagger", _spread(result["casualty_tagger_articles_per_cpu_second"], 0))]
    if "spacy" in result:
        rows.append((result["spacy"], _spread(result["spacy_articles_per_cpu_second"], 1)))
    return f"## Casualty tagging\n\nArticles of 2.5 KB a CPU second.\n\n{_table(('', 'articles/s'), rows)}"


def places(result: Result) -> str:
    rows = (
        (name, f"{row['median']:.0f}" if "median" in row else "not here") for name, row in result["taggers"].items()
    )
    return f"## Place tagging\n\nArticles of 2.5 KB a CPU second.\n\n{_table(('', 'articles/s'), rows)}"


def incidents(result: Result) -> str:
    return (
        f"## Tolls\n\n`python -m benchmarks.{result['command']}`: {result['reports_per_s']} reports/s with "
        f"{result['open_reports']} reports open, over a day in which as many are closed as come; a report costs "
        f"{result['growth']} of what it costs with {result['with_a_tenth']['open_reports']} open, in units of a fixed "
        f"control; {result['bytes_per_incident']} bytes an incident. Reports of one incident that "
        f"{result['crowd_reports']} articles tell cost {' / '.join(map(str, result['crowd_ms_per_report']))} ms each "
        f"and make {' / '.join(map(str, result['crowd_bytes_per_report']))} bytes, by fifths.\n"
    )


def mixes(result: Result) -> str:
    """What the two mixes cost and publish."""
    both = result["mixes"]
    spent = _table(
        ("", "KB", "figures", "us an article", "us a KB", "us a figure", "controls an article"),
        (
            (name, row["kb_an_article"], row["figures_an_article"], *(_spread(row[what], 0) for what in _SPENT),
             _spread(row["controls_an_article"], 2))
            for name, row in both.items()
        ),
    )  # fmt: skip
    names = sorted({topic for row in both.values() for topic in row["topics"]})
    written = _table(
        ("topic", *(f"{name}: {what}" for name in both for what in ("records", "bytes", "to raw", "in zstd"))),
        ((topic, *(_of_topic(row["topics"], topic, what) for row in both.values() for what in _WRITTEN))
         for topic in names),
    )  # fmt: skip
    times = "; ".join(
        f"{name} {row['published_times_raw']} ({row['published_times_raw_compressed']} in zstd)"
        for name, row in both.items()
    )
    lines = [
        f"## Two mixes\n\n{result['what'].capitalize()}; the core alone, an article and what comes of it.\n",
        spent,
    ]
    lines.append(f"Written for one article, changelogs included; bytes out to\nbytes in: {times}.\n\n{written}")
    if "growth" in result:
        growth = result["growth"]
        by_hop = ", ".join(f"{hop} {value}" for hop, value in growth["growth"].items())
        lines.append(
            f"The last {growth['of']} of {growth['articles']} articles cost, to as many after the first as many, in "
            f"units of the control: {by_hop}.\n"
        )
    return "\n".join(lines)


_SPENT = ("us_an_article", "us_a_kb", "us_a_figure")
_WRITTEN = ("records_an_article", "bytes_an_article", "times_raw", "zstd_bytes_an_article")


def _of_topic(topics: Result, topic: str, what: str) -> object:
    return topics[topic][what] if topic in topics else ""


def owners(result: Result) -> str:
    """What many owners of duplicate search could carry."""
    parts = ["## Past one owner\n\nA simulation over the real matcher ([ADR 40](adr/0040-past-one-owner.md)).\n"]
    for name, title in (("copies_within_the_batch", "Copies within a tenth of a second"),
                        ("copies_far_apart", "Copies far apart")):  # fmt: skip
        part = result[name]
        rows = (
            (
                count,
                *(row[what] for what in _CARRIED),
                "yes" if row["same"] else "**no**",
                "yes" if row["holds"] else "no",
            )
            for count, row in part["owners"].items()
        )
        head = ("owners", "busiest, us an article", "of it lookups", "settling", "made again", "times one owner",
                "if nothing waited", "same verdicts", "10,000/s")  # fmt: skip
        parts.append(
            f"{title}: one owner carries {part['one_owner']['articles_per_s']} articles/s here.\n\n{_table(head, rows)}"
        )
    return "\n".join(parts)


_CARRIED = ("busiest_us", "lookups_us_an_owner", "settle_us", "made_again", "times_one_owner",
            "times_one_owner_if_nothing_waited")  # fmt: skip


def _circumstances(result: Result) -> str:
    if "form" not in result:  # written by a benchmark's own command line
        return ""
    machine, python = result["machine"], result["versions"]["python"]
    load = "/".join(str(load) for load in result["load_before"])
    return (
        f"\n<sub>{result['form']} form, {result['at']}, commit {result['commit']}"
        f"{' and uncommitted changes' if result['uncommitted_changes'] else ''}, "
        f"{machine['cores']} cores of {machine['cpu']}, {_build(result)}Python {python}, load average before {load}"
        f"{_control(result)}</sub>\n"
        f"{UNDER_LOAD if harness.under_load(result) else ''}"
    )


def _build(result: Result) -> str:
    told = result.get("interpreter")
    if told is None:
        return ""
    return f"{told['build']} (built with{'' if told['profile_guided'] else 'out'} profiles) "


def _control(result: Result) -> str:
    return f", control {result['control_us']} us" if "control_us" in result else ""


def _named(found: dict[str, Any], digits: int = 1) -> Iterable[tuple[str, str]]:
    return ((name, _spread(row, digits)) for name, row in found.items())


def _spread(row: dict[str, Any], digits: int = 1) -> str:
    number: Callable[[float], str] = lambda value: f"{value:.{digits}f}"  # noqa: E731 - three uses on the next line
    return f"{number(row['median'])} ({number(row['lowest'])} to {number(row['highest'])})"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[object]) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


if __name__ == "__main__":
    main()
