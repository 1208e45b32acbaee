"""Throw hostile articles at the whole flow, its states included; end with 1 at the first that hurts.

    python scripts/fuzz.py --inputs 1000000 --seed 7 --jobs 2

Inputs are those of scripts/hostile.py: seeds harmed in bytes, fields and words, and articles made up. Each goes through
read, match, tag and count. What may happen: outputs, or a `PoisonError` whose reason is on the list. Anything else is a
finding, and so is an output that breaks a promise:

    spans slice their field, and are disjoint where they must be; bounds are ordered, finite and within their limits;
    what comes of an input is at most 20 times as long, or 200 KB; an input takes less than a second of the processor;
    and for one input in `--every`: it fits its schema, comes out the same from a state that knows nothing, in the
    company of fifteen others, and once more from the same state.

With `--atheris` the inputs are those of libFuzzer, which keeps what reaches code that no input reached before. It needs
`pip install atheris`, which is no requirement of ours.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any

import orjson
from jsonschema_rs import Draft202012Validator

from scripts.hostile import Maker, seeds
from stream_app.core.flow.pipeline import Count, Match, Read
from stream_app.core.hops import ENRICHED, MEMBERS, RAW, Decision, Effects, Hop, Record, Stepwise
from stream_app.core.language import limits
from stream_app.core.language.numerals import MAX_PERSONS
from stream_app.core.poison import REASONS, PoisonError, caught
from stream_app.hops import build_tag
from stream_app.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
LONGEST_S = 1.0
TIMES, FLOOR_BYTES = 20, 200_000
TOGETHER = 16
STATELESS = ("read", "tag")
FORGOTTEN = 2000
"""Inputs after which the states begin anew: what hurts is then found again soon, by the seed and few inputs."""
_START_MS = 1_646_400_000_000
"""When the first input is received: as the seeds are, on 4 March 2022 ..."""
_STEP_MS = 5_000
"""... and so much later each of the others."""


class FindingError(AssertionError):
    """A promise that an input broke."""


@dataclass(slots=True)
class Found:
    """What became of the inputs so far: outcomes by name, and the extremes."""

    outcomes: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    most_times: float = 0.0
    outputs: int = 0
    figures: int = 0
    places: int = 0

    def add(self, other: Found) -> None:
        """Take in what another process found."""
        self.outcomes.update(other.outcomes)
        self.slowest_s, self.most_times = max(self.slowest_s, other.slowest_s), max(self.most_times, other.most_times)
        self.outputs, self.figures, self.places = (
            self.outputs + other.outputs, self.figures + other.figures, self.places + other.places
        )  # fmt: skip


def _report_id(record: Record) -> bytes:
    return str(orjson.loads(record.value or b"{}").get("report_id")).encode()


@dataclass(slots=True)
class Outcome:
    """All that came of one input: what each hop was given and decided, in order."""

    decided: list[tuple[str, Record, Decision]]

    def outputs(self) -> Iterator[tuple[str, bytes, bytes | None, str]]:
        """What was published: topic, key, value, id."""
        for _, _, decision in self.decided:
            if isinstance(decision, Effects):
                for output in decision.outputs:
                    yield output.topic, output.key, output.value, output.event_id

    def written(self) -> int:
        """The bytes of all outputs, rows and dead letters, but for other reports that move to another incident."""
        total = 0
        reports = {_report_id(record) for hop, record, _ in self.decided if hop == "count"}
        for _, record, decision in self.decided:
            if isinstance(decision, PoisonError):
                total += len(record.value or b"")
                continue
            total += sum(
                len(output.key) + len(output.value or b"")
                for output in decision.outputs
                if output.topic != MEMBERS or output.key in reports
            )
            total += sum(len(key) + len(row or b"") for key, row in decision.rows)
        return total

    def name(self) -> str:
        """What it counts as: the reason of its refusal, or its verdict."""
        for _, _, decision in self.decided:
            if isinstance(decision, PoisonError):
                return decision.reason
            for kind, *labels in decision.facts:
                if kind in {"articles", "duplicates"} and labels[0] != "duplicate":
                    return labels[0]
        return "nothing"


class Driver:
    """Runs inputs through hops that keep what they learn from each; what is `known` of a record is not decided anew."""

    def __init__(self, hops: dict[str, Hop], known: Mapping[tuple[str, Record], Decision] | None = None) -> None:
        self.hops = {hop.source: hop for hop in hops.values()}
        self.states = {name: hop.new_state() for name, hop in hops.items()}
        self.known = known or {}

    def __call__(self, value: bytes, received_ms: int) -> Outcome:
        """All that comes of one input."""
        decided: list[tuple[str, Record, Decision]] = []
        waiting = [(RAW, Record(None, value, received_ms))]
        while waiting:
            topic, record = waiting.pop(0)
            if (hop := self.hops.get(topic)) is None:
                continue
            decision = self.known.get((hop.name, record)) or caught(hop, record, self.states[hop.name])
            decided.append((hop.name, record, decision))
            if isinstance(decision, Effects):
                waiting += [(out.topic, Record(out.key, out.value, received_ms)) for out in decision.outputs]
        return Outcome(decided)


def build() -> dict[str, Hop]:
    """The hops of the service, with a window of a thousand articles."""
    return {"read": Read(), "match": Match(max_rows=1000), "tag": build_tag(Settings()), "count": Count()}


def expect(promise: bool, what: object) -> None:  # noqa: FBT001
    """Raise a finding unless the promise is kept."""
    if not promise:
        raise FindingError(str(what)[:2000])


def check(value: bytes, outcome: Outcome, took_s: float, longest_s: float = LONGEST_S) -> None:
    """Every promise that is cheap to look at."""
    for _, _, decision in outcome.decided:
        if isinstance(decision, PoisonError):
            expect(decision.reason in REASONS and decision.reason != "internal_error", decision)
    for topic, key, content, event_id in outcome.outputs():
        expect(bool(key and event_id), f"{topic} without a key or an id")
        if topic == ENRICHED:
            check_enriched(orjson.loads(content or b""))
    written = outcome.written()
    expect(written <= max(FLOOR_BYTES, TIMES * len(value)), f"{written} bytes came of {len(value)}")
    expect(took_s < longest_s * max(1.0, len(value) / 100_000), f"{took_s:.2f} s for {len(value)} bytes")


def check_enriched(event: dict[str, Any]) -> None:
    """Spans, bounds and limits of one event."""
    characters = len(event["title"] or "") + len(event["text"])
    for name in limits.LEAST:
        expect(len(event[name]) <= limits.most(name, characters), f"{len(event[name])} {name} in {characters}")
        for one in event[name]:
            check_span(event, one["field"], one)
    for figure in event["casualties"]:
        check_bounds(figure["low"], figure["high"])
        if figure["attribution"] is not None:
            check_span(event, figure["field"], figure["attribution"])
        expect(figure["place"] is None or 0 <= figure["place"] < len(event["places"]), figure)
    for bounds in event["toll"].values():
        check_bounds(bounds["low"], bounds["high"])
    ends: dict[str, int] = {}
    for place in event["places"]:
        expect(place["start"] >= ends.get(place["field"], 0), f"overlap: {place}")
        ends[place["field"]] = place["end"]
        expect(0 <= place["confidence"] <= 1, place)
        expect((place["lat"] is None) == (place["lon"] is None), place)


def check_span(event: dict[str, Any], name: str, one: dict[str, Any]) -> None:
    """That an annotation's words are those of its field."""
    expect(0 <= one["start"] < one["end"] and event[name][one["start"] : one["end"]] == one["text"], one)
    if one.get("reason") != "language":  # which is said of the whole text
        expect(one["end"] - one["start"] <= limits.LONGEST_SENT, f"{one['end'] - one['start']} characters")


def check_bounds(low: Any, high: Any) -> None:
    """That a number of persons is one."""
    expect(type(low) is int and 0 <= low <= MAX_PERSONS, low)
    expect(high is None or (type(high) is int and low <= high <= MAX_PERSONS), (low, high))


def check_more(hops: dict[str, Hop], driver: Driver, value: bytes, outcome: Outcome, received_ms: int) -> None:
    """Promises that cost another run: schemas, the same again from nothing, and the same again from what is known.

    What a hop without a state has decided of a record is not decided anew here: `check_together` sees to that.
    """
    for topic, _, content, _ in outcome.outputs():
        if content is not None:
            error = next(validator(topic).iter_errors(orjson.loads(content)), None)
            expect(error is None, f"{topic}: {error and error.message}")
    known = {(hop, record): decision for hop, record, decision in outcome.decided if hop in STATELESS}
    fresh = [list(Driver(hops, known)(value, received_ms).outputs()) for _ in range(2)]
    expect(fresh[0] == fresh[1], "another outcome from the same input")
    driver.known = known
    news = set(driver(value, received_ms).outputs()) - set(outcome.outputs())
    driver.known = {}
    late = any(("late_reports",) in decision.facts for *_, decision in outcome.decided if isinstance(decision, Effects))
    expect(late or not news, f"news from a redelivered input: {news}")


def same(one: Decision, other: Decision) -> bool:
    """Whether two decisions ask for the same, or refuse in the same words."""
    return one == other if isinstance(one, Effects) else str(one) == str(other)


@cache
def validator(topic: str) -> Draft202012Validator:
    """What checks values of a topic."""
    return Draft202012Validator(orjson.loads((ROOT / "schemas" / f"{topic}-1.json").read_bytes()))


def check_together(hops: dict[str, Hop], alone: Sequence[tuple[Record, Decision]], hop: str) -> None:
    """That a hop decides several records as it did each alone."""
    stepwise = hops[hop]
    assert isinstance(stepwise, Stepwise)
    together = stepwise.each([record for record, _ in alone])
    for (_, decision), in_company in zip(alone, together, strict=True):
        expect(same(decision, in_company), f"{hop} decides otherwise in company")


def fuzz(inputs: int, seed: int, every: int = 10, longest_s: float = LONGEST_S) -> Found:
    """What became of so many inputs; after each two thousand the hops forget what they know.

    Raises:
        FindingError: an input broke a promise; any other error that an input provoked.
    """
    make, hops = Maker(seed), build()
    found = Found()
    company: dict[str, list[tuple[Record, Decision]]] = {hop: [] for hop in STATELESS}
    for number in range(inputs):
        if number % FORGOTTEN == 0:
            driver = Driver(hops)
        value, received_ms = make(), _START_MS + number * _STEP_MS
        started = time.process_time()
        try:
            outcome = driver(value, received_ms)
            took_s = time.process_time() - started
            check(value, outcome, took_s, longest_s)
            if number % every == 0:
                check_more(hops, driver, value, outcome, received_ms)
            if number % every < 2:  # so that sixteen come together in 160 inputs
                gather(hops, company, outcome)
        except Exception:
            Path(f"finding-{seed}-{number}.bin").write_bytes(value)
            print(f"input {number} of seed {seed}: {value[:400]!r}", file=sys.stderr)
            raise
        note(found, value, outcome, took_s)
    return found


def gather(hops: dict[str, Hop], company: dict[str, list[tuple[Record, Decision]]], outcome: Outcome) -> None:
    """Keep the records of the stateless hops until there are sixteen, and have them decided together."""
    for hop, record, decision in outcome.decided:
        if hop in company:
            company[hop].append((record, decision))
            if len(company[hop]) == TOGETHER:
                check_together(hops, company[hop], hop)
                company[hop].clear()


def note(found: Found, value: bytes, outcome: Outcome, took_s: float) -> None:
    """Count an outcome."""
    found.outcomes[outcome.name()] += 1
    found.slowest_s = max(found.slowest_s, took_s)
    written = outcome.written()
    if written > FLOOR_BYTES:
        found.most_times = max(found.most_times, written / len(value))
    for topic, _, content, _ in outcome.outputs():
        found.outputs += 1
        if topic == ENRICHED:
            event = orjson.loads(content or b"")
            found.figures += len(event["casualties"])
            found.places += len(event["places"])


def fuzz_by_coverage(inputs: int, seed: int, corpus: Path) -> None:
    """Let atheris choose the inputs, from the seeds on; ends the process, with its own code at a finding."""
    import atheris  # noqa: PLC0415 - optional

    corpus.mkdir(parents=True, exist_ok=True)
    for number, value in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(value)
    driver = Driver(build())
    for function in [found for found in gc.get_objects() if isinstance(found, FunctionType)]:
        if str(function.__module__).startswith("stream_app.core"):
            atheris.instrument_func(function)

    def one(value: bytes) -> None:
        start = time.process_time()
        outcome = driver(value, _START_MS)
        check(value, outcome, time.process_time() - start)

    atheris.Setup([sys.argv[0], f"-runs={inputs}", f"-seed={seed}", "-max_len=20000", str(corpus)], one)
    atheris.Fuzz()


def _job(job: tuple[int, int, int]) -> Found:
    return fuzz(*job)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="processes; each has a seed of its own, from SEED on")
    parser.add_argument("--every", type=int, default=10, help="one input in so many is looked at from all sides")
    parser.add_argument("--atheris", type=Path, metavar="FOLDER", help="guided by coverage; inputs are kept in FOLDER")
    args = parser.parse_args()
    if args.atheris:
        fuzz_by_coverage(args.inputs, args.seed, args.atheris)
    found = Found()
    jobs = [(args.inputs // args.jobs, args.seed + number, args.every) for number in range(args.jobs)]
    with multiprocessing.get_context("spawn").Pool(args.jobs) as pool:
        for part in pool.imap(_job, jobs):
            found.add(part)
    print(f"{found.outcomes.total()} inputs of {args.jobs} seeds from {args.seed} on: {found.outputs} outputs, "
          f"{found.figures} figures, {found.places} places; slowest {found.slowest_s * 1000:.0f} ms, "
          f"at most {found.most_times:.1f} times the input")  # fmt: skip
    for outcome, count in found.outcomes.most_common():
        print(f"{count:>9}  {outcome}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
