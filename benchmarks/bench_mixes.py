"""The core on two named mixes of real news: what an article, a KB and a figure cost, and what is published, by topic.

    python -m benchmarks.bench_mixes --eval FOLDER [--articles 300] [--rounds 3] [--last 10000] [--output FILE.json]

`general` is local and world news (GeoWebNews, LGL), `casualty` news of shootings and attacks (GVA, ECB+); FOLDER holds
their texts as `places/LGL.jsonl` and so on, which are not ours to pass on. Without it each mix is composed of our own
sentences, which says so and is a smoke test.

The mixes take turns, and between them a control, a fixed piece of work of the same kind: each figure is also given in
its units, so that an hour in which the machine is slow does not count. The first round warms caches and is left out.
With `--last` the core then goes on, over the texts told anew with other names and numbers, and the last so many
articles are set against as many after the first: growth by hop, and the length of the run beside it.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import cramjam
import orjson

from benchmarks import articles, harness
from benchmarks.bench_incidents import control_s
from benchmarks.hopwise import Hopwise
from stream_app.core.dedup import native
from stream_app.core.hops import COMPACTED, FIGURES, RAW, Hop, Output, Record
from stream_app.hops import build_hops
from stream_app.settings import Settings

BATCH = 48
START_MS = 1_700_000_000_000
MIXES = {
    "general": ("places/GeoWebNews.jsonl", "places/LGL.jsonl"),
    "casualty": ("incidents/gva.jsonl", "incidents/ecb.jsonl"),
}
FIELDS = ("title", "url", "source", "published_at")
_CAPITALISED = re.compile(r"\b[A-Z][a-z]{3,}\b")
_NUMBER = re.compile(r"\b\d{1,3}\b")


def mix(name: str, folder: Path | None, most: int) -> list[dict[str, str]]:
    """Articles of a mix, from its files in turn; composed where there is no folder."""
    if folder is None:
        seed = sorted(MIXES).index(name) + 1
        return [orjson.loads(value) for value in articles.stream(most, seed=seed, copies=0.05)]
    files = [_rows(folder / file) for file in MIXES[name]]
    longest = max(map(len, files))
    turns = [rows[at] for at in range(longest) for rows in files if at < len(rows)]
    return turns[:most]


def _rows(path: Path) -> list[dict[str, str]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    kept = [{name: row[name] for name in FIELDS if isinstance(row.get(name), str)} for row in rows]
    return [{**fields, "text": row["text"]} for fields, row in zip(kept, rows, strict=True)]


def values(mixed: Sequence[dict[str, str]]) -> list[bytes]:
    """As they come in, each with an id of its own."""
    return [orjson.dumps({**row, "id": f"mix-{number:06d}"}) for number, row in enumerate(mixed)]


def told_anew(mixed: Sequence[dict[str, str]], count: int) -> Iterator[bytes]:
    """`count` articles out of these, each time other sentences in another order, with other numbers and a name."""
    for number in range(count):
        rng = random.Random(number)
        row = rng.choice(mixed)
        words = _CAPITALISED.findall(row["text"]) or ["Monday"]
        text = _NUMBER.sub(lambda _, rng=rng: str(rng.randint(2, 99)), row["text"])
        sentences = text.split(". ")
        rng.shuffle(sentences)
        text = f"{'. '.join(sentences[: max(3, len(sentences) // 2)])}. {rng.choice(words)} {number}."
        yield orjson.dumps({"id": f"anew-{number:07d}", "text": text, "title": row.get("title", "")})


def run_through(hops: dict[str, Hop], given: Sequence[bytes]) -> tuple[dict[str, float], dict[str, Counter[str]]]:
    """CPU seconds of each hop; records, bytes, and what zstd leaves of a batch of one topic, by topic."""
    flow = Hopwise(hops)
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("records", "bytes", "compressed")}
    for at in range(0, len(given), BATCH):
        batch = given[at : at + BATCH]
        made = _written(flow, [output for _, output in flow.feed(list(map(_record, batch, count(at))))])
        made[RAW] = list(batch)
        for topic, told in made.items():
            counts["records"][topic] += len(told)
            counts["bytes"][topic] += sum(map(len, told))
            counts["compressed"][topic] += len(cramjam.zstd.compress(b"".join(told)))
    return flow.seconds, counts


def _written(flow: Hopwise, outputs: Sequence[Output]) -> dict[str, list[bytes]]:
    """The values that a worker writes for a batch, by topic, changelogs among them.

    Of a key only the last, where that alone is true.
    """
    made: dict[str, list[bytes]] = {}
    last: dict[str, dict[bytes, bytes]] = {}
    for output in outputs:
        if output.topic in COMPACTED:
            last.setdefault(output.topic, {})[output.key] = output.value or b""
        else:
            made.setdefault(output.topic, []).append(output.value or b"")
    changelogs = {f"changelog of {hop}": [row or b"" for row in rows.values()] for hop, rows in flow.rows.items()}
    return {**made, **{topic: list(values.values()) for topic, values in last.items()}, **changelogs}


def _record(value: bytes, number: int) -> Record:
    return Record(None, value, START_MS + number * 1000)


def measure(folder: Path | None, most: int, rounds: int) -> dict[str, Any]:
    """Both mixes in turn, each between two controls."""
    hops = build_hops(Settings())
    given = {name: values(mix(name, folder, most)) for name in MIXES}
    spent: dict[str, list[tuple[dict[str, float], float]]] = {name: [] for name in MIXES}
    told: dict[str, dict[str, Counter[str]]] = {}
    for number in range(rounds + 1):
        for name, some in given.items():
            before = control_s()
            seconds, told[name] = run_through(hops, some)
            if number:
                spent[name].append((seconds, (before + control_s()) / 2))
    return {name: _summary(given[name], spent[name], told[name]) for name in MIXES}


def _summary(
    given: Sequence[bytes], spent: Sequence[tuple[dict[str, float], float]], told: dict[str, Counter[str]]
) -> dict[str, Any]:
    count, kb, figures = len(given), sum(map(len, given)) / 1024, told["records"][FIGURES]
    whole = [sum(seconds.values()) * 1e6 for seconds, _ in spent]
    raw = told["bytes"][RAW]
    published = sum(told["bytes"].values()) - raw
    packed = sum(told["compressed"].values()) - told["compressed"][RAW]
    return {
        "articles": count,
        "kb_an_article": round(kb / count, 2),
        "figures_an_article": round(figures / count, 2),
        "us_an_article": harness.of_runs([us / count for us in whole]),
        "us_a_kb": harness.of_runs([us / kb for us in whole]),
        "us_a_figure": harness.of_runs([us / max(1, figures) for us in whole]),
        "controls_an_article": harness.of_runs(
            [sum(seconds.values()) / count / control for seconds, control in spent], 4
        ),
        "us_an_article_by_hop": {
            hop: round(statistics.median(seconds[hop] / count * 1e6 for seconds, _ in spent)) for hop in spent[0][0]
        },
        "topics": {
            topic: {
                "records_an_article": round(told["records"][topic] / count, 3),
                "bytes_an_article": round(told["bytes"][topic] / count),
                "times_raw": round(told["bytes"][topic] / raw, 3),
                "zstd_bytes_an_article": round(told["compressed"][topic] / count),
            }
            for topic in sorted(told["bytes"])
        },
        "published_times_raw": round(published / raw, 2),
        "published_times_raw_compressed": round(packed / raw, 2),
    }


def growth(folder: Path | None, most: int, last: int, total: int) -> dict[str, Any]:
    """What the last articles cost of what as many did after the first, by hop, and in units of the control."""
    mixed = [row for name in MIXES for row in mix(name, folder, most)]
    flow = Hopwise(build_hops(Settings()))
    marks: list[tuple[int, dict[str, float], float]] = []
    batch: list[bytes] = []
    wanted = {last, 2 * last, total - last, total}
    for number, value in enumerate(told_anew(mixed, total), 1):
        batch.append(value)
        if len(batch) == BATCH or number in wanted:
            flow.feed([_record(one, at) for at, one in enumerate(batch, number - len(batch))])
            batch = []
        if number in wanted:
            marks.append((number, dict(flow.seconds), control_s()))
    taken = {number: (seconds, control) for number, seconds, control in marks}
    early, late = (
        {hop: taken[end][0][hop] - taken[start][0][hop] for hop in flow.seconds}
        for start, end in ((last, 2 * last), (total - last, total))
    )
    pace = (taken[total][1] + taken[total - last][1]) / (taken[last][1] + taken[2 * last][1])
    every = {
        **{hop: late[hop] / early[hop] / pace for hop in early},
        "all": sum(late.values()) / sum(early.values()) / pace,
    }
    return {"articles": total, "of": last, "growth": {hop: round(value, 3) for hop, value in every.items()}}


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eval", type=Path, help="the folder with the texts of the mixes")
    parser.add_argument("--articles", type=int, default=300, help="of each mix")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--last", type=int, default=0, help="articles at either end whose cost is compared")
    parser.add_argument("--total", type=int, default=100_000, help="articles between them, the ends included")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    result: dict[str, Any] = {
        "what": "real mixes" if options.eval else "a smoke test: composed articles, figures are not to be quoted",
        "interpreter": harness.interpreter(),
        "native": native.is_there(),
        "mixes": measure(options.eval, options.articles, options.rounds),
    }
    if options.last:
        result["growth"] = growth(options.eval, options.articles, options.last, max(options.total, 3 * options.last))
    text = json.dumps(result, indent=1)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
