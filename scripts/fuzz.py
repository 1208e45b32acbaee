"""Throw malformed and hostile articles at `wire.decode_article` and the taggers; end with 1 at the first that hurts.

`python scripts/fuzz.py --inputs 1000000`. Each input is a seed article with random harm done to its bytes or to its
structure, from one generator, so that a finding comes back under the same seed. What may happen: an article, or a
`PoisonError` whose reason is on the list. Anything else, or more than a second for one input, is a finding.

With `--atheris` the inputs are those of libFuzzer, which keeps what reaches code that no input reached before. It needs
`pip install atheris`, which is no requirement of ours.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

import orjson

from stream_app.app import build_taggers, open_gazetteer
from stream_app.core import wire
from stream_app.core.events import Article
from stream_app.core.poison import REASONS, PoisonError
from stream_app.core.tagging import tag
from stream_app.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
LONGEST_S = 1.0
NASTY = (
    "\x00", "\ud800", "\u202e", "\u200b" * 50, "e\u0301" * 50, "9" * 400, "-" * 400, "1,000,000,000 killed", "(" * 300,
    "killed " * 200, "Kyiv, " * 200, "1-2-3-4-5-6 ", "½ ٣ 三", "\r\n\t\x0b\x0c", "💥" * 40, "İ" * 60, "a" * 5000,
)  # fmt: skip


def seeds() -> list[bytes]:
    """Good articles and known bad ones."""
    good = (ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines()
    bad = [path.read_bytes() for path in sorted((ROOT / "seeds" / "bad").iterdir()) if path.is_file()]
    return [value for value in (*good, *bad) if len(value) < 50_000]


def harm_bytes(generator: random.Random, value: bytes) -> bytes:
    """Flip, cut, double or insert a few bytes."""
    harmed = bytearray(value)
    for _ in range(generator.randint(1, 6)):
        at = generator.randrange(len(harmed) + 1)
        act = generator.randrange(4)
        if act == 0 and at < len(harmed):
            harmed[at] = generator.randrange(256)
        elif act == 1:
            del harmed[at : at + generator.randint(1, 30)]
        elif act == 2:
            harmed[at:at] = harmed[at : at + generator.randint(1, 200)]
        else:
            harmed[at:at] = generator.randbytes(generator.randint(1, 8))
    return bytes(harmed)


def harm_structure(generator: random.Random, value: bytes) -> bytes:
    """Put something else where a field or a piece of text was."""
    try:
        article = orjson.loads(value)
    except orjson.JSONDecodeError:
        return harm_bytes(generator, value)
    if not isinstance(article, dict) or not article:
        return harm_bytes(generator, value)
    name = generator.choice([*article, "text", "title", "id", "metadata", "published_at"])
    old = article.get(name)
    if isinstance(old, str) and generator.random() < 0.8:
        at = generator.randrange(len(old) + 1)
        article[name] = old[:at] + generator.choice(NASTY) + old[at : at + generator.randint(0, 4000)]
    else:
        article[name] = generator.choice(
            (None, 0, -1e308, [], {}, [[[[]]]], {"a": {"b": [1]}}, True, "", " ", "x" * 600)
        )
    try:
        return orjson.dumps(article)
    except (orjson.JSONEncodeError, TypeError):  # a lone surrogate: as Python's own writer would send it
        return repr(article).encode("utf-8", "surrogatepass")


def attempt(value: bytes, then: Callable[[Article], Any] | None) -> str:
    """What became of one input: `article`, or the reason of its rejection."""
    try:
        article = wire.decode_article(value)
    except PoisonError as error:
        if error.reason not in REASONS:
            raise AssertionError(error.reason) from error
        return error.reason
    if then is not None:
        then(article)
    return "article"


def fuzz(inputs: int, seed: int, tag_every: int) -> tuple[Counter[str], float]:
    """Outcomes by name, and the seconds that the slowest input took.

    Raises:
        AssertionError: an input was too slow; any other error that an input provoked.
    """
    generator = random.Random(seed)
    pool = seeds()
    settings = Settings()
    taggers = build_taggers(settings, open_gazetteer(settings))
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for number in range(inputs):
        value = generator.choice((harm_bytes, harm_structure))(generator, generator.choice(pool))
        start = time.perf_counter()
        try:
            then = (lambda article: tag(article, taggers)) if number % tag_every == 0 else None
            outcomes[attempt(value, then)] += 1
        except Exception:
            print(f"input {number} of seed {seed}: {value[:400]!r}", file=sys.stderr)
            raise
        took_s = time.perf_counter() - start
        slowest = max(slowest, took_s)
        assert took_s < LONGEST_S, f"input {number} of seed {seed} took {took_s:.2f} s: {value[:400]!r}"
    return outcomes, slowest


def fuzz_by_coverage(inputs: int, seed: int, corpus: Path) -> None:
    """Let atheris choose the inputs, from the seeds on; ends the process, with its own code at a finding."""
    import atheris  # noqa: PLC0415 - optional

    corpus.mkdir(parents=True, exist_ok=True)
    for number, value in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(value)
    settings = Settings()
    taggers = build_taggers(settings, open_gazetteer(settings))
    for function in [found for found in gc.get_objects() if isinstance(found, FunctionType)]:
        if str(function.__module__).startswith("stream_app.core"):
            atheris.instrument_func(function)

    def one(value: bytes) -> None:
        start = time.perf_counter()
        attempt(value, lambda article: tag(article, taggers))
        assert time.perf_counter() - start < LONGEST_S, f"too slow: {value[:400]!r}"

    atheris.Setup([sys.argv[0], f"-runs={inputs}", f"-seed={seed}", "-max_len=20000", str(corpus)], one)
    atheris.Fuzz()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tag-every", type=int, default=100, help="tag one in so many of the inputs that are articles")
    parser.add_argument("--atheris", type=Path, metavar="FOLDER", help="guided by coverage; inputs are kept in FOLDER")
    args = parser.parse_args()
    if args.atheris:
        fuzz_by_coverage(args.inputs, args.seed, args.atheris)
    outcomes, slowest = fuzz(args.inputs, args.seed, args.tag_every)
    print(f"{args.inputs} inputs, slowest {slowest * 1000:.0f} ms")
    for outcome, count in outcomes.most_common():
        print(f"{count:>9}  {outcome}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
