"""Past one owner of duplicate search: a simulation of many, over the real matcher.

    python -m benchmarks.bench_owners [--owners 4 16] [--articles 2000] [--eval FOLDER] [--output FILE.json]

The plan (ADR 40): rows live with the owner of their article's id; every owner looks every article up among its own
rows; the articles of a batch are judged at once on what was known before it, each story by one owner; then the verdicts
are settled in the order of the stream, and one is made again where an earlier article of the batch is among those that
it has to be compared with. Here one process plays all owners, with `Matcher` itself on a store that is split. Every
verdict and every row must be what one owner makes, to the byte. Half-way all is lost but the rows, and another number
of owners goes on from them.

What is counted is CPU time, by owner. First the stream is as hard as it gets: stories are copied within the next
hundreds of articles, so within the same batch. Then the same articles come in any order, in batches of a fiftieth, as
in the 5 s of a stream of 10,000/s: copies of a wire's story come within hours. In both, records come twice, ids are
used by others, articles are taken back. `--eval` names the folder of bench_mixes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from pathlib import Path
from time import thread_time
from typing import Any
from zlib import crc32

import numpy as np

from benchmarks import articles, corpus, harness
from benchmarks.bench_mixes import MIXES, mix, told_anew, values
from stream_app.core import wire
from stream_app.core.dedup import Matcher
from stream_app.core.dedup.footers import Footers
from stream_app.core.dedup.matcher import POSTINGS, Considered, Judgement
from stream_app.core.dedup.rows import Outline, Row, Stamp
from stream_app.core.dedup.signature import Body, Signature, sign
from stream_app.core.dedup.store import Packed, Store
from stream_app.core.dedup.words import U32
from stream_app.core.events import Article
from stream_app.core.poison import PoisonError, caught

BATCH = 1000
"""Articles that are judged on the same state: a tenth of a second of 10,000/s."""
EXCHANGES = 3
"""Times that owners wait for each other in a batch: what they found, what they judged, what stands."""
EXCHANGE_S = 0.010
"""What one costs by way of a topic, a guess on the high side for a broker nearby."""
WAIT_US = EXCHANGES * EXCHANGE_S * 1e6 / BATCH
START_S = 1_709_251_200.0
RATE = 10_000


@dataclass(slots=True)
class Reads:
    """What a verdict was made of: ids asked for, keys looked up, lines asked for and what was said of them.

    `new` is the article as it was looked up, `beside` what it had to be compared with: slots, with their places in the
    stream.
    """

    ids: set[str] = field(default_factory=set)
    keys: set[int] = field(default_factory=set)
    lines: dict[int, bool] = field(default_factory=dict)
    new: Any = None
    beside: list[tuple[int, int]] = field(default_factory=list)


class Owner(Store):
    """The rows of one owner."""

    def keys_of(self, slot: int) -> Packed:
        """The keys of a row."""
        return self._by_key.keys_of(slot)

    def look_up(self, keys: U32) -> float:
        """Seconds that it takes to look up all keys of a batch at once."""
        started = thread_time()
        self._by_key.find_each(keys, POSTINGS)
        return thread_time() - started

    def newest(self, keys: U32, limit: int) -> list[list[tuple[int, int]]]:
        """For each key the places in the stream, and the slots, of its newest rows here."""
        found = (self._by_key.find(key, limit) for key in keys.tolist())
        return [[(self.stamp(slot).order, slot) for slot in slots] for slots in found]


class Owners(Store):
    """All of them as one store; a slot is one of an owner's, and which owner's. Notes who changed what in a batch."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.owners = [Owner() for _ in range(count)]
        self.reads: Reads | None = None
        self.at = 0
        self.writers: dict[str | int, int] = {}
        self.came: dict[int, int] = {}
        self.merged_s = 0.0

    def home(self, row_id: str) -> int:
        """Whose row it is: versions of an article lie with it."""
        return crc32(row_id.partition("\x1f")[0].encode("utf-8", "replace")) % len(self.owners)

    def __len__(self) -> int:
        return sum(map(len, self.owners))

    @property
    def bytes(self) -> int:
        return sum(owner.bytes for owner in self.owners)

    def slot_of(self, row_id: str) -> int | None:
        if self.reads is not None:
            self.reads.ids.add(row_id)
        home = self.home(row_id)
        slot = self.owners[home].slot_of(row_id)
        return None if slot is None else self._joined(home, slot)

    def row(self, slot: int) -> Row:
        owner, own = self._parted(slot)
        return owner.row(own)

    def take(self, slot: int) -> tuple[Row, Packed]:
        row = self.row(slot)
        keys = self._keys_of(slot)
        return replace(row, signature=replace(row.signature, keys=keys)), self.drop(slot)

    def wording(self, slot: int) -> tuple[int, Body]:
        owner, own = self._parted(slot)
        return owner.wording(own)

    def stamp(self, slot: int) -> Stamp:
        owner, own = self._parted(slot)
        return owner.stamp(own)

    def with_keys(self, keys: U32, limit: int) -> list[list[int]]:
        """What all owners have, merged: of each key the newest of all."""
        started = thread_time()
        if self.reads is not None:
            self.reads.keys.update(key or 1 for key in keys.tolist())
        answers = [owner.newest(keys, limit) for owner in self.owners]
        merged = []
        for number in range(len(keys)):
            said = (
                (order, self._joined(home, slot)) for home, own in enumerate(answers) for order, slot in own[number]
            )
            if found := sorted(said, reverse=True)[:limit]:
                merged.append([slot for _, slot in found])
        self.merged_s += thread_time() - started
        return merged

    def put(self, packed: Packed, outline: Outline) -> None:
        self._changed(row_id := outline.row_id.decode(), outline.keys)
        self.came[outline.stamp.order] = self.at
        self.owners[self.home(row_id)].put(packed, outline)

    def load(self, packed: Packed) -> Outline:
        return self.owners[self.home(Row.id_of(packed).decode())].load(packed)

    def drop(self, slot: int) -> Packed:
        owner, own = self._parted(slot)
        keys = memoryview(self._keys_of(slot)).cast("I").tolist()
        packed = owner.drop(own)
        self._changed(Row.id_of(packed).decode(), keys)
        return packed

    def oldest(self) -> int:
        first = ((owner.stamp(slot := owner.oldest()).order, home, slot)
                 for home, owner in enumerate(self.owners) if len(owner))  # fmt: skip
        _, home, slot = min(first)
        return self._joined(home, slot)

    def refresh(self) -> None:
        for owner in self.owners:
            owner.refresh()

    def _keys_of(self, slot: int) -> Packed:
        owner, own = self._parted(slot)
        return owner.keys_of(own)

    def _joined(self, home: int, slot: int) -> int:
        return slot * len(self.owners) + home

    def _parted(self, slot: int) -> tuple[Owner, int]:
        return self.owners[slot % len(self.owners)], slot // len(self.owners)

    def _changed(self, row_id: str, keys: Sequence[int]) -> None:
        self.writers[row_id] = self.at
        self.writers.update((key or 1, self.at) for key in keys)


class Watched(Footers):
    """Notes which lines are asked for, and what is said."""

    reads: Reads | None = None

    def knows(self, line: int) -> bool:
        said = super().knows(line)
        if self.reads is not None:
            self.reads.lines[line] = said
        return said


@dataclass(frozen=True, slots=True)
class Given:
    """An article as the hop `match` has it."""

    article: Article
    signature: Signature
    received_s: float


Told = Judgement | str
"""What became of an article: the judgement, or why it can be none."""


class Many(Matcher):
    """One matcher played by many owners."""

    def __init__(self, owners: int, max_rows: int) -> None:
        super().__init__(max_rows=max_rows)
        self._store: Owners = Owners(owners)
        self._footers: Watched = Watched(max_rows)
        self.spent = Spent(owners)

    def batch(self, given: Sequence[Given]) -> list[Told]:
        """The judgements of a batch: first all on what was known before it, then settled in order."""
        store = self._store
        store.refresh()
        keys = np.concatenate([one.signature.query_keys() for one in given])
        lookups = [owner.look_up(keys) for owner in store.owners]
        first = [self._consider(one) for one in given]
        store.writers, store.came = {}, {}
        groups = _Groups(len(given))
        told = [self._settle(at, one, *said, groups) for at, (one, said) in enumerate(zip(given, first, strict=True))]
        self.spent.add(lookups, groups, [store.home(one.article.id) for one in given])
        return told

    def _settle(
        self, at: int, one: Given, said: Considered | str, reads: Reads, judge_s: float, groups: _Groups
    ) -> Told:
        """The verdict that stands, remembered."""
        self._store.at = at
        started = thread_time()
        changed = self._is_changed(reads)
        self.spent.settle_s += thread_time() - started
        # In earnest a batch's rows are looked up with the others from the begin, so that this costs nothing more.
        again = changed and self._is_stale(reads)
        if again:
            groups.join(at, self._waits_for(reads))
            said, reads, again_s = self._consider(one)
            judge_s += again_s
            groups.join(at, self._waits_for(reads))
            self.spent.again += 1
        started = thread_time()
        told = said if isinstance(said, str) else self.remember(said)
        groups.cost[at] = judge_s + thread_time() - started
        return told

    def _is_changed(self, reads: Reads) -> bool:
        """Whether an article of the batch has changed anything that a verdict was made of."""
        changed = self._store.writers.keys()
        if not (changed.isdisjoint(reads.keys) and changed.isdisjoint(reads.ids)):
            return True
        return any(self._footers.knows(line) != said for line, said in reads.lines.items())

    def _is_stale(self, reads: Reads) -> bool:
        """Whether that may change the verdict: other articles to be compared with, other lines left out, or an id."""
        if reads.new is None or not self._store.writers.keys().isdisjoint(reads.ids):
            return True
        if any(self._footers.knows(line) != said for line, said in reads.lines.items()):
            return True
        return self._beside(*super()._candidates(reads.new)) != reads.beside

    def _candidates(self, new: Any) -> tuple[list[int], list[int]]:
        near, years_off = super()._candidates(new)
        if (reads := self._store.reads) is not None:
            reads.new, reads.beside = new, self._beside(near, years_off)
        return near, years_off

    def _beside(self, near: Sequence[int], years_off: Sequence[int]) -> list[tuple[int, int]]:
        return [(slot, self._store.stamp(slot).order) for slot in (*near, *years_off)]

    def _waits_for(self, reads: Reads) -> set[int]:
        """The articles of the batch that a verdict depends on."""
        ids = {self._store.writers[row_id] for row_id in reads.ids if row_id in self._store.writers}
        return ids | {self._store.came[order] for _, order in reads.beside if order in self._store.came}

    def _consider(self, one: Given) -> tuple[Considered | str, Reads, float]:
        """A verdict on what is known now, what it was made of, and the seconds beside the lookups."""
        store = self._store
        reads = store.reads = self._footers.reads = Reads()
        looked_up = store.merged_s
        started = thread_time()
        considered: Considered | str
        try:
            considered = self.consider(one.article, one.signature, one.received_s)
        except PoisonError as error:
            considered = error.reason
        spent_s = thread_time() - started - (store.merged_s - looked_up)
        store.reads = self._footers.reads = None
        return considered, reads, spent_s


class _Groups:
    """Articles of a batch that hang together, and what each costs."""

    def __init__(self, count: int) -> None:
        self._of = list(range(count))
        self.cost = [0.0] * count

    def first(self, at: int) -> int:
        while self._of[at] != at:
            self._of[at] = at = self._of[self._of[at]]
        return at

    def join(self, at: int, others: set[int]) -> None:
        for other in others:
            first, second = sorted((self.first(at), self.first(other)))
            self._of[second] = first

    def costs(self) -> dict[int, float]:
        """What each group costs, by its first article: one owner judges it."""
        found: dict[int, float] = {}
        for at, cost in enumerate(self.cost):
            first = self.first(at)
            found[first] = found.get(first, 0.0) + cost
        return found


@dataclass(slots=True)
class Spent:
    """CPU seconds over all batches, by owner; `settle_s` of who settles, `largest_s` of the largest story of a batch.

    `busiest_s` adds up the busiest owners of every thousand articles: the others wait for them.
    """

    owners: int
    articles: int = 0
    again: int = 0
    busiest_s: float = 0.0
    largest_s: float = 0.0
    lookup_s: float = 0.0
    judge_s: float = 0.0
    settle_s: float = 0.0
    load: list[float] = field(default_factory=list)
    waiting: int = 0

    def add(self, lookups: Sequence[float], groups: _Groups, homes: Sequence[int]) -> None:
        """One batch."""
        costs = groups.costs()
        self.load = self.load or [0.0] * self.owners
        for home, cost in enumerate(lookups):
            self.load[home] += cost
        for first, cost in costs.items():
            self.load[homes[first]] += cost
        self.articles += len(homes)
        self.waiting += len(homes)
        self.largest_s = max(self.largest_s, *costs.values())
        self.lookup_s += max(lookups)
        self.judge_s += sum(costs.values())
        if self.waiting >= BATCH:
            self.flush()

    def flush(self) -> None:
        """The owners wait for the busiest one."""
        self.busiest_s += max(self.load, default=0.0)
        self.load, self.waiting = [], 0


def stream(count: int, folder: Path | None, seed: int = 1) -> list[Given]:
    """So many articles: real ones, two composed streams with copies, and now and then what makes a matcher think twice.

    Real ones are those of seeds/, once each; those of the mixes, and then these told anew, where there is a folder.
    """
    rng = random.Random(seed)
    real = [row for name in MIXES for row in mix(name, folder, count)] if folder else []
    each = (
        _seeds() if folder is None else map(wire.decode_article, chain(values(real), told_anew(real, count))),
        map(wire.decode_article, articles.stream(count, seed=seed)),
        (Article(id=one.id, text=one.text, title=one.title) for one in corpus.labelled(count, seed)),
    )
    mixed = (one for some in zip_longest(*each) for one in some if one is not None)
    given: list[Given] = []
    for number in range(count):
        article = _twisted(rng, next(mixed), given)
        given.append(Given(article, sign(article), START_S + number / RATE))
    return given


def _seeds() -> list[Article]:
    lines = (harness.ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines()
    read = [caught(wire.decode_article, line) for line in lines]  # some are bad on purpose
    return [one for one in read if not isinstance(one, PoisonError)]


def _twisted(rng: random.Random, article: Article, given: Sequence[Given]) -> Article:
    """Now and then another article than the next: one delivered again, retold, taken back, or under another's id."""
    named = article if article.source else replace(article, source=rng.choice(articles.SOURCES))
    chance = rng.random()
    if not given or chance > 0.06:
        return named
    earlier = rng.choice(given[-2000:]).article
    if chance < 0.02:
        return earlier
    if chance < 0.035:
        return replace(named, id=earlier.id)
    if chance < 0.045:
        return replace(earlier, metadata={"withdrawn": True})
    return replace(earlier, text=f"{earlier.text} {article.text[:200]}")


def by_one(given: Sequence[Given], max_rows: int) -> tuple[list[Told], float]:
    """What one owner makes of them, and the microseconds that an article takes it."""
    warm, matcher, told = Matcher(max_rows=max_rows), Matcher(max_rows=max_rows), list[Told]()
    for one in given[:300]:
        with contextlib.suppress(PoisonError):
            warm.judge(one.article, one.signature, one.received_s)
    started = thread_time()
    for one in given:
        try:
            told.append(matcher.judge(one.article, one.signature, one.received_s))
        except PoisonError as error:
            told.append(error.reason)
    return told, (thread_time() - started) / len(given) * 1e6


def by_many(given: Sequence[Given], owners: tuple[int, int], max_rows: int, size: int) -> tuple[list[Told], Spent]:
    """What so many owners make of them; half-way the first ones give way to others, who have their rows alone."""
    told: list[Told] = []
    rows: dict[str, bytes] = {}
    spent = Spent(max(owners))
    half = len(given) // 2
    for count, part in zip(owners, (given[:half], given[half:]), strict=True):
        many = Many(count, max_rows)
        for row_id in random.Random(2).sample(sorted(rows), len(rows)):
            many.restore(row_id, rows[row_id])
        many.spent = spent
        for at in range(0, len(part), size):
            said = many.batch(part[at : at + size])
            told += said
            for row_id, row in (change for one in said if isinstance(one, Judgement) for change in one.rows):
                rows.pop(row_id, None)
                if row is not None:
                    rows[row_id] = row
        spent.flush()
    return told, spent


def beside_us(given: Sequence[Given]) -> float:
    """What the hop needs for an article beside the judgement: reading the record, writing what is passed on."""
    given_values = [wire.encode({"article": one.article, "signature": one.signature.to_wire()}) for one in given[:500]]
    started = thread_time()
    for value in given_values:
        fields = wire.decode_record(value, "article", "signature")
        article = wire.article_of(fields["article"])
        Signature.from_wire(fields["signature"])
        wire.encode({"article": article, "duplicate": {}})
    return (thread_time() - started) / len(given_values) * 1e6


def simulate(given: Sequence[Given], counts: Sequence[int], engine_us: float, size: int = BATCH) -> dict[str, Any]:
    """The verdicts compared, and what each number of owners could carry in batches of a tenth of a second."""
    max_rows = 3 * len(given) // 4  # so that rows are evicted
    expected, judge_us = by_one(given, max_rows)
    hop_us = beside_us(given) + engine_us
    found: dict[str, Any] = {}
    for count in counts:
        told, spent = by_many(given, (count, count), max_rows, size)
        found[str(count)] = {"same": told == expected, **_carried(spent, count, hop_us, judge_us + hop_us)}
    moved, _ = by_many(given, (max(counts), min(counts)), max_rows, size)
    return {
        "articles": len(given),
        "batch": size,
        "one_owner": {"us_an_article": round(judge_us + hop_us), "articles_per_s": round(1e6 / (judge_us + hop_us))},
        "owners": found,
        "same_after_a_move": moved == expected,
    }


def _carried(spent: Spent, count: int, hop_us: float, one_us: float) -> dict[str, Any]:
    """Microseconds an article, of the busiest owner and of who settles, and the articles a second that they allow."""
    us = 1e6 / spent.articles
    busiest_us = spent.busiest_s * us + hop_us / count
    settle_us = spent.settle_s * us
    per_s = 1e6 / (busiest_us + settle_us + WAIT_US)
    shared_us = (spent.judge_s * us + hop_us) / count + spent.lookup_s * us
    return {
        "judge_us": round(spent.judge_s * us, 1),
        "lookups_us_an_owner": round(spent.lookup_s * us, 1),
        "settle_us": round(settle_us, 1),
        "busiest_us": round(busiest_us, 1),
        "made_again": round(spent.again / spent.articles, 3),
        "largest_story_ms": round(spent.largest_s * 1e3, 1),
        "articles_per_s": round(per_s),
        "times_one_owner": round(per_s * one_us / 1e6, 2),
        "times_one_owner_if_nothing_waited": round(one_us / (shared_us + settle_us + WAIT_US), 2),
        "holds": per_s >= RATE,
    }


def main() -> int:
    """Print one JSON object; exit 1 where a verdict differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--owners", type=int, nargs="+", default=[4, 16])
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--engine-us", type=float, default=53.0, help="what the engine adds to a record")
    parser.add_argument("--eval", type=Path, help="the folder with the texts of the mixes")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    given = stream(options.articles, options.eval)
    usual = random.Random(3).sample(given, len(given))
    parts = {
        "copies_within_the_batch": simulate(given, options.owners, options.engine_us),
        "copies_far_apart": simulate(usual, options.owners, options.engine_us, max(20, len(given) // 50)),
    }
    result = {"interpreter": harness.interpreter(), "waiting_us_an_article": WAIT_US, **parts}
    text = json.dumps(result, indent=1)
    if options.output:
        options.output.write_text(text + "\n", encoding="utf-8")
    print(text)
    rows = [row["same"] for part in parts.values() for row in part["owners"].values()]
    return 0 if all((*rows, *(part["same_after_a_move"] for part in parts.values()))) else 1


if __name__ == "__main__":
    raise SystemExit(main())
