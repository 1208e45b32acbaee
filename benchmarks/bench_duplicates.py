"""Speed, memory, recall and precision of duplicate search, side by side on the same texts.

    python -m benchmarks.bench_duplicates                          ours, datasketch and rensa on 20,000 articles
    python -m benchmarks.bench_duplicates --resident 10000 --others 90000 --only ours   with 100,000 resident
    python -m benchmarks.bench_duplicates --articles 2000000       memory over time, the window 100,000 articles wide
    python -m benchmarks.bench_duplicates --restore 1000000        a matcher coming back with its rows

The contenders take turns of 100 articles in one process. In its turn each signs them all and then judges one after the
other, as the hops `read` and `match` do with the batches that a broker gives them. Times are the thread's own CPU time,
so that other work on the machine troubles all alike. Memory is the growth of the resident set (kernel's figure) per
resident article, each contender in a process of its own; for ours what it counts itself, where that is more. A link is
right when it leads to the article's own story; recall is over copies and revisions, precision over links. datasketch
and rensa: word shingles of three, 128 permutations, threshold 0.5; their links are the candidates with an estimated
Jaccard similarity of 0.5 and more.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import re
import resource
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from importlib import metadata
from itertools import count, islice
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from benchmarks.corpus import KINDS, Labelled, labelled
from stream_app.core.dedup import Matcher
from stream_app.core.dedup.signature import LINE, Signature, sign
from stream_app.core.events import Article

RESULTS = Path(__file__).parent / "results"
STEP_S = 0.01
"""Event time between two articles: all of a side-by-side run lie within the window."""
WORD = re.compile(r"\w+")
TURN = 100


class Contender(Protocol):
    """Somebody's duplicate search: signs articles by themselves, then judges them in order."""

    def sign(self, item: Labelled) -> Any:
        """What is compared of an article."""

    def judge(self, item: Labelled, signed: Any) -> str | None:
        """The id of the article that this one repeats or revises; it is remembered."""


def resident_bytes() -> int:
    """Memory of this process as the kernel counts it."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmRSS in /proc/self/status: run this on Linux")


class Ours:
    """Sign, match and insert: the id of the article that this one repeats or revises.

    `others` were there before: signatures of the usual size, which no article has anything in common with.
    """

    def __init__(self, articles: int, others: int = 0) -> None:
        self._matcher = Matcher(max_rows=articles + others)
        self._seen = count(others)
        fill(self._matcher, others)

    def sign(self, item: Labelled) -> tuple[Article, Signature]:
        """As the hop `read` does."""
        own = item.kind in ("fresh", "template", "revision")  # of nobody's story a revision is none
        source = f"outlet-{item.head}.example" if own else f"{item.id}.example"
        article = Article(id=item.id, text=item.text, title=item.title, source=source)
        return article, sign(article)

    def judge(self, item: Labelled, signed: tuple[Article, Signature]) -> str | None:  # noqa: ARG002
        """As the hop `match` does: what it copies or revises, or what it `alters`, being another source's."""
        duplicate = self._matcher.judge(*signed, next(self._seen) * STEP_S).duplicate
        return duplicate.of or duplicate.alters

    @property
    def bytes(self) -> int:
        """What it counts itself: by few articles a process hardly grows, for it finds room that was used before."""
        return self._matcher.bytes


def shingles(text: str) -> set[str]:
    """Word shingles of three."""
    words = WORD.findall(text.lower())
    return {" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))}


class Datasketch:
    """MinHash LSH of datasketch."""

    def __init__(self, _: int) -> None:
        from datasketch import MinHash, MinHashLSH  # noqa: PLC0415 (not needed by the others)

        self._new = partial(MinHash, num_perm=128)
        self._index = MinHashLSH(threshold=0.5, num_perm=128)
        self._hashes: dict[str, Any] = {}

    def sign(self, item: Labelled) -> Any:
        """Its MinHash."""
        own = self._new()
        own.update_batch([shingle.encode() for shingle in shingles(item.text)])
        return own

    def judge(self, item: Labelled, signed: Any) -> str | None:
        """The most similar candidate."""
        near = self._index.query(signed)
        best = max(((signed.jaccard(self._hashes[other]), other) for other in near), default=(0.0, None))
        self._index.insert(item.id, signed, check_duplication=False)
        self._hashes[item.id] = signed
        return best[1] if best[0] >= 0.5 else None


class Rensa:
    """R-MinHash LSH of rensa (Rust)."""

    def __init__(self, _: int) -> None:
        from rensa import RMinHash, RMinHashLSH  # noqa: PLC0415

        self._new = partial(RMinHash, num_perm=128, seed=42)
        self._index = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
        self._hashes: list[tuple[str, Any]] = []

    def sign(self, item: Labelled) -> Any:
        """Its R-MinHash."""
        own = self._new()
        own.update(list(shingles(item.text)))
        return own

    def judge(self, item: Labelled, signed: Any) -> str | None:
        """The most similar candidate."""
        near = [self._hashes[at] for at in self._index.query(signed)]
        best = max(((signed.jaccard(other), name) for name, other in near), default=(0.0, None))
        self._index.insert(len(self._hashes), signed)
        self._hashes.append((item.id, signed))
        return best[1] if best[0] >= 0.5 else None


CONTENDERS: dict[str, Callable[[int], Contender]] = {"ours": Ours, "datasketch": Datasketch, "rensa": Rensa}


def from_file(path: Path) -> Iterator[Labelled]:
    """The articles that were written before."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Labelled(**json.loads(line))


def warmed(name: str, articles: int) -> Contender:
    """A contender whose caches have seen a few hundred other texts."""
    warm = CONTENDERS[name](articles)
    for item in labelled(300, seed=99):
        warm.judge(item, warm.sign(item))
    return CONTENDERS[name](articles)


def weigh(name: str, path: Path) -> dict[str, Any]:
    """Memory of one contender with the whole file resident, and what it linked."""
    items = sum(1 for _ in from_file(path))
    tally, contender = Tally(items), warmed(name, items)
    gc.collect()
    before = resident_bytes()
    for at, item in enumerate(from_file(path)):
        tally.note(at, item, contender.judge(item, contender.sign(item)))
    held = max(resident_bytes() - before, getattr(contender, "bytes", 0))
    return {"bytes_per_article": round(held / items), **tally.figures()}


def race(names: list[str], path: Path, others: int) -> dict[str, dict[str, Any]]:
    """CPU time of each contender, in turns of 100 articles; the last fifth counts, with everything else resident."""
    items = sum(1 for _ in from_file(path))
    contenders = {name: warmed(name, items) for name in names}
    if others:
        contenders["ours"] = Ours(items, others)
    times = {name: np.ones(items) for name in names}
    stream = from_file(path)
    at = 0
    while turn := list(islice(stream, TURN)):
        for name, contender in contenders.items():
            times[name][at : at + len(turn)] = lap(contender, turn)
        at += len(turn)
    return {name: speed(taken[-items // 5 :]) for name, taken in times.items()}


def lap(contender: Contender, turn: list[Labelled]) -> list[float]:
    """CPU seconds for each article of a turn, from its text to its verdict."""
    signed, times = [], []
    for item in turn:
        started = time.thread_time()
        signed.append(contender.sign(item))
        times.append(time.thread_time() - started)
    for at, item in enumerate(turn):
        started = time.thread_time()
        contender.judge(item, signed[at])
        times[at] += time.thread_time() - started
    return times


def speed(taken: Any) -> dict[str, Any]:
    """Articles a second: on average, in the median turn, and in the least disturbed tenth of the turns."""
    turns = taken[: len(taken) // TURN * TURN].reshape(-1, TURN).mean(axis=1)
    return {
        "articles_per_s": round(1 / float(taken.mean())),
        "articles_per_s_median_turn": round(1 / float(np.median(turns))),
        "articles_per_s_least_disturbed": round(1 / float(np.percentile(turns, 10))),
        "p50_us": round(1e6 * float(np.percentile(taken, 50)), 1),
        "p99_us": round(1e6 * float(np.percentile(taken, 99)), 1),
    }


class Tally:
    """Counts right and wrong links, in a few bytes an article."""

    def __init__(self, items: int) -> None:
        self.heads = np.ones(items, np.int32)
        self.kinds = np.ones(items, np.int8)
        self.links = np.ones(items, np.int32)

    def note(self, at: int, item: Labelled, of: str | None) -> None:
        """One verdict."""
        self.kinds[at] = list(KINDS).index(item.kind)
        self.heads[at] = int(item.head[3:])
        self.links[at] = -1 if of is None else int(of[3:])

    def figures(self) -> dict[str, Any]:
        """Recall over copies and revisions, precision over links, template stories linked."""
        linked = self.links >= 0
        right = linked & (self.heads[self.links] == self.heads)
        of_kind = {kind: self.kinds == at for at, kind in enumerate(KINDS)}
        wanted = ~of_kind["fresh"] & ~of_kind["template"]
        return {
            "recall": share(right & wanted, wanted),
            "precision": share(right, linked),
            "template_false": share(linked, of_kind["template"]),
            "recall_by_kind": {
                kind: share(right, of) for kind, of in of_kind.items() if kind not in ("fresh", "template")
            },
        }


def share(of: Any, among: Any) -> float:
    """How many of the second set are in the first."""
    return round(float(np.count_nonzero(of & among)) / max(1, int(np.count_nonzero(among))), 4)


def in_child(arguments: list[str]) -> dict[str, Any]:
    """The last line that a fresh process of this file prints."""
    command = [sys.executable, "-m", "benchmarks.bench_duplicates", *arguments]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    answer: dict[str, Any] = json.loads(printed.strip().splitlines()[-1])
    return answer


def side_by_side(resident: int, names: list[str], others: int) -> dict[str, Any]:
    """Every contender on the same file: speed in turns, memory one after the other; `others` are ours alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "articles.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for item in labelled(resident):
                file.write(json.dumps({name: getattr(item, name) for name in Labelled.__slots__}) + "\n")
        speeds = in_child(["--race", ",".join(names), "--file", str(path), "--others", str(others)])
        return {name: {**speeds[name], **in_child(["--weigh", name, "--file", str(path)])} for name in names}


def signatures(count: int) -> Iterator[Signature]:
    """As `sign` makes them of articles of usual length, without their texts: random words, keys and line hashes.

    One in five is one of about the last 2,000 once more, half of these with one word exchanged.
    """
    rng = np.random.default_rng(2)
    pool = [sign(Article(id=item.id, text=item.text, title=item.title)) for item in labelled(2_000, seed=2)]
    recent = [fresh(rng, signature) for signature in pool]
    for number in range(count):
        draw = rng.random()
        if draw < 0.2:
            again = recent[int(rng.integers(len(recent)))]
            yield again if draw < 0.1 else replace(again, exact=number, body=bytes([number & 255]) + again.body[1:])
        else:
            recent[number % len(recent)] = new = fresh(rng, pool[number % len(pool)])
            yield new


def fill(matcher: Matcher, count: int) -> None:
    """Let a matcher hold so many of these, all of the same time."""
    for number, signature in enumerate(signatures(count)):
        matcher.judge(Article(id=f"90-{number:09d}", text=""), signature, 0.0)


def fresh(rng: np.random.Generator, like: Signature) -> Signature:
    """A signature that has nothing in common with another but its size."""
    content, exact = rng.integers(1 << 62, size=2).tolist()
    lines = np.frombuffer(like.lines, LINE).copy()
    lines["hash"] = rng.integers(1 << 32, size=len(lines))
    keys, body = rng.bytes(len(like.keys)), rng.bytes(len(like.body))
    return replace(like, content=content, exact=exact, keys=keys, body=body, lines=lines.tobytes())


def long_run(articles: int, window: int) -> dict[str, Any]:
    """Memory over time: a window that holds `window` articles, `articles` pass through it."""
    matcher = Matcher(window_s=72 * 3600.0, max_rows=2 * window)
    step_s = 72 * 3600.0 / window
    samples = []
    started, busy = time.perf_counter(), time.process_time()
    verdicts: Counter[str] = Counter()
    for number, signature in enumerate(signatures(articles)):
        if number % max(1, articles // 40) == 0:
            samples.append({"articles": number, "resident": len(matcher), "rss_mb": resident_bytes() >> 20})
        article = Article(id=f"02-{number:09d}", text="")
        verdicts[matcher.judge(article, signature, number * step_s).duplicate.verdict] += 1
    samples.append({"articles": articles, "resident": len(matcher), "rss_mb": resident_bytes() >> 20})
    full = [sample["rss_mb"] for sample in samples if sample["articles"] > 1.5 * window]
    return {
        "articles": articles,
        "window": window,
        "seconds": round(time.perf_counter() - started),
        "cpu_seconds": round(time.process_time() - busy),
        "verdicts": dict(sorted(verdicts.items())),
        "rss_mb_once_full": [min(full, default=0), max(full, default=0)],
        "samples": samples,
    }


def comeback(rows: int) -> dict[str, Any]:
    """Seconds until a matcher with so many rows has judged its first article."""
    source = Matcher(max_rows=2 * rows)
    packed: list[bytes] = []
    for number, item in enumerate(labelled(min(rows, 3_000), seed=3)):
        probe = Article(id=item.id, text=item.text, title=item.title)
        packed.append(source.judge(probe, sign(probe), number * STEP_S).row or b"")
    matcher = Matcher(max_rows=2 * rows)
    started, busy = time.perf_counter(), time.process_time()
    for at in range(rows):
        matcher.restore(f"03-{at:09d}", renamed(packed[at % len(packed)], at))
    loaded = time.process_time() - busy
    article = Article(id="probe", text=probe.text, title=probe.title)
    verdict = matcher.judge(article, sign(article), rows * STEP_S).duplicate.verdict
    return {
        "rows": len(matcher),
        "loaded_cpu_s": round(loaded, 1),
        "answering_cpu_s": round(time.process_time() - busy, 1),
        "answering_wall_s": round(time.perf_counter() - started, 1),
        "first_verdict": verdict,
        "rss_mb": resident_bytes() >> 20,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }


def renamed(row: bytes, number: int) -> bytes:
    """The same row under another id of 12 letters and in another place of the stream."""
    head = struct.pack("<Qd", number, number * STEP_S)
    return row[:1] + head + row[17:23] + f"03-{number:09d}".encode() + row[35:]


def about() -> dict[str, Any]:
    """What the figures were measured with."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    model = next((x for x in Path("/proc/cpuinfo").read_text().splitlines() if x.startswith("model name")), ":")
    versions = {}
    for name in ("numpy", "datasketch", "rensa"):
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return {
        "commit": commit,
        "cpu": model.split(":")[1].strip(),
        "python": platform.python_version(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "versions": versions,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resident", type=int, default=20_000, help="articles of a side-by-side run")
    parser.add_argument("--others", type=int, default=0, help="signatures that ours holds beside them from the start")
    parser.add_argument("--only", choices=CONTENDERS, action="append", help="leave the others out")
    parser.add_argument("--articles", type=int, help="memory over time: so many articles")
    parser.add_argument("--window", type=int, default=100_000, help="articles that the window of that run holds")
    parser.add_argument("--restore", type=int, help="come back with so many rows")
    parser.add_argument("--output", type=Path, help="where the JSON goes; benchmarks/results/ by default")
    parser.add_argument("--race", help=argparse.SUPPRESS)
    parser.add_argument("--weigh", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.race:
        print(json.dumps(race(options.race.split(","), options.file, options.others)))
        return
    if options.weigh:
        print(json.dumps(weigh(options.weigh, options.file)))
        return
    facts = about()
    if options.articles:
        name, result = "memory", long_run(options.articles, options.window)
    elif options.restore:
        name, result = "restore", comeback(options.restore)
    else:
        names = options.only or list(CONTENDERS)
        found = side_by_side(options.resident, names, options.others)
        name = str(options.resident + options.others)
        result = {"articles": options.resident, "others": options.others, **found}
    path = options.output or RESULTS / f"duplicates-{name}.json"
    path.write_text(json.dumps({**facts, **result}, indent=2) + "\n", encoding="utf-8")
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
