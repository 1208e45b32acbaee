"""Streams of invented stories told by many sources, in any order and with any dates; how many verdicts and tolls hold.

    python -m scripts.source_streams --seeds 1 20
    python -m scripts.source_streams --seeds 1 20 --backlog

With `--backlog` all of it is received in one hour after the last was published, as by a broker that was filled at once;
without, when the dates of the stream so far say.

Each stream has stories in as many towns. A story has its own source, which tells it in up to three versions, may take
it back, and is copied by others; a rival may alter it, claim its id, or try to withdraw it. Dates are missing, wrong by
years, or in another zone. Records come in the order of time, shuffled, or partition after partition of eight. In words
of nobody's article; the same seed gives the same stream.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson

from scripts.incident_streams import COUNTRIES, SPOTS, WHO
from stream_app.core.flow.stream import Clock, Flow
from stream_app.core.hops import DUPLICATES, ENRICHED, TOLLS, Hop, Output, Record
from stream_app.core.poison import PoisonError
from stream_app.core.wire import decode_article
from stream_app.hops import build_hops
from stream_app.settings import Settings

Row = dict[str, Any]
STORIES = 40
DAYS = 60
PARTITIONS = 8
ORDERS = ("time", "shuffled", "partitions")
BEGIN = datetime(2022, 3, 1, 6, tzinfo=UTC)
SYLLABLES = ("ka", "lo", "mir", "ten", "sa", "vu", "dor", "pel", "ni", "gra", "hos", "bet", "ri", "ma", "zol", "fen")
DRESSES = (
    "{}",
    "{}",
    "{}\n\nReporting by our correspondents; editing by the desk.",
    "{}\n\nSign up for our newsletter.",
)
ADDRESSES = (
    "https://www.{}/news/{}",
    "https://m.{}/news/{}?utm_source=feed",
    "https://web.archive.org/web/2022/https://{}/{}",
)


@dataclass(slots=True)
class Story:
    """What is true of a story: `stands` is the number of dead that its source says last, None once it is taken back."""

    town: str
    stands: int | None
    rows: list[Row] = field(default_factory=list)
    copies: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Outcome:
    """What became of a stream's stories.

    `copies` of `copies_told` are in the cluster of their story. Tolls are `right`, `contested` beside what the story's
    own source says, `wrong`, or `twice` where there is more than one.
    """

    copies_told: int = 0
    copies: int = 0
    right: int = 0
    contested: int = 0
    wrong: int = 0
    twice: int = 0


class Teller:
    """Makes the stories of one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(f"sources {seed}")
        self.order = self._random.choice(ORDERS)

    def stories(self) -> list[Story]:
        """As many stories as `STORIES`, each in a town of its own."""
        towns = self._random.sample([(town, at) for at in COUNTRIES for town, _ in COUNTRIES[at]], STORIES)
        return [self._story(number, town, country) for number, (town, country) in enumerate(towns)]

    def stream(self, stories: Sequence[Story]) -> list[Row]:
        """The rows of all stories in this seed's order."""
        rows = sorted((row for story in stories for row in story.rows), key=lambda row: row["at"])
        if self.order == "shuffled":
            self._random.shuffle(rows)
        if self.order == "partitions":
            rows.sort(key=lambda row: zlib.crc32(row["id"].encode()) % PARTITIONS)
        return rows

    def _story(self, number: int, town: str, country: str) -> Story:
        chance = self._random.random
        at = BEGIN + timedelta(hours=self._random.randrange(DAYS * 24))
        owner, key = f"outlet-{number}.example", f"story-{number}"
        told = sorted(self._random.sample(range(3, 30), self._random.choice((1, 1, 2, 3))))
        if chance() < 0.25:
            told.reverse()
        words = " ".join(self._sentence() for _ in range(8))
        lead = (
            f"A bomb exploded at {self._random.choice(SPOTS)} in {town}, {country}, killing {{}} people and wounding "
            f"{told[-1] + 9} others, {self._random.choice(WHO)} said. {words}"
        )
        story = Story(town, told[-1])
        for version, dead in enumerate(told):
            story.rows.append(self._row(key, owner, lead.format(dead), at + timedelta(hours=5 * version)))
        for copy in range(self._random.choice((0, 1, 2, 4))):
            self._copy(story, number, copy, lead.format(self._random.choice(told)), at)
        if chance() < 0.3:
            rival, dead = f"rival-{number}.example", self._random.choice(("no", "1", str(told[-1] - 1), "2"))
            name = key if chance() < 0.5 else f"rival-{number}"
            story.rows.append(
                self._row(name, rival, lead.format(dead), at + timedelta(hours=self._random.randrange(24)))
            )
        if chance() < 0.2:
            row = self._row(key, f"rival-{number}.example", "", at + timedelta(hours=20))
            story.rows.append({**row, "metadata": {"withdrawn": True}})
        if chance() < 0.15:
            row = self._row(key, owner, lead.format(told[-1]), at + timedelta(hours=30))
            story.rows.append({**row, "metadata": {"withdrawn": True}})
            story.stands = None
        return story

    def _copy(self, story: Story, number: int, copy: int, text: str, at: datetime) -> None:
        """Another outlet's copy; one without a date or with a wrong one is not asked to be found."""
        name, outlet = f"copy-{number}-{copy}", f"outlet-{self._random.randrange(STORIES, 2 * STORIES)}.example"
        row = self._row(name, outlet, self._random.choice(DRESSES).format(text), at + timedelta(hours=6 + copy * 9))
        kind = self._random.random()
        if kind < 0.05:
            row["published_at"] = row["published_at"].replace("2022", self._random.choice(("2012", "2202", "1922")))
        elif kind < 0.15:
            row["published_at"] = None
        else:
            story.copies.add(name)
        if self._random.random() < 0.3:
            row["url"] = self._random.choice(ADDRESSES).format(outlet, name)
            row["source"] = None
        story.rows.append(row)

    def _row(self, name: str, source: str, text: str, at: datetime) -> Row:
        zone = timezone(timedelta(hours=self._random.choice((0, 0, 0, 3, -8))))
        return {"id": name, "source": source, "text": text, "published_at": at.astimezone(zone).isoformat(), "at": at}

    def _sentence(self) -> str:
        made = ("".join(self._random.choices(SYLLABLES, k=self._random.randint(2, 4))) for _ in range(11))
        return " ".join(made).capitalize() + "."


def outcome(seed: int, hops: dict[str, Hop], *, backlog: bool = False) -> tuple[str, Outcome]:
    """The order of a seed's stream, and what became of it."""
    teller = Teller(seed)
    stories = teller.stories()
    clusters, tolls = _run(teller.stream(stories), hops, backlog=backlog)
    found = Outcome()
    for number, story in enumerate(stories):
        found.copies_told += len(story.copies)
        found.copies += sum(clusters[name] == clusters[f"story-{number}"] for name in story.copies)
        ids = {row["id"] for row in story.rows}
        _hold(story, [toll for toll in tolls if ids.intersection(toll["sent_as"])], found)
    return teller.order, found


def _run(rows: Sequence[Row], hops: dict[str, Hop], *, backlog: bool) -> tuple[dict[str, str], list[Row]]:
    """The cluster of each article, and the tolls that stand, each with the ids that its articles were sent under."""
    flow, clock = Flow(hops), Clock()
    clusters, tolls, sent_as = dict[str, str](), dict[bytes, Row](), dict[str, str]()
    filled_ms = int((BEGIN + timedelta(days=DAYS + 7)).timestamp() * 1000)
    for number, row in enumerate(rows):
        value = orjson.dumps({name: told for name, told in row.items() if name != "at" and told is not None})
        received_ms = filled_ms + number if backlog else clock.received_ms(_published(value))
        for output in flow.feed(Record(row["id"].encode(), value, received_ms)):
            if isinstance(output, Output):
                sent_as.setdefault(output.key.decode(), row["id"])
                _note(output, clusters, tolls)
    return clusters, [{**toll, "sent_as": [sent_as[name] for name in toll["articles"]]} for toll in tolls.values()]


def _published(value: bytes) -> str | None:
    try:
        return decode_article(value).published_at
    except PoisonError:
        return None


def _note(output: Output, clusters: dict[str, str], tolls: dict[bytes, Row]) -> None:
    if output.topic == TOLLS and output.value is None:
        if output.gone != "expired":
            tolls.pop(output.key, None)
    elif output.topic == TOLLS:
        tolls[output.key] = orjson.loads(output.value or b"")
    elif output.topic in (DUPLICATES, ENRICHED):
        event = orjson.loads(output.value or b"")
        clusters[event["article_id"]] = event.get("duplicate", event)["cluster_id"]


def _hold(story: Story, tolls: Sequence[Row], found: Outcome) -> None:
    """Hold the tolls that a story is in against what its own source says."""
    if len(tolls) > 1:
        found.twice += 1
        return
    killed = tolls[0]["toll"].get("killed") if tolls else None
    rivals = {rival["low"] for rival in tolls[0]["conflicts"]} if tolls else set()
    owner = story.rows[0]["source"]
    if story.stands is None and (killed is None or owner not in killed["sources"]):
        found.right += 1  # what others tell of it may stand
    elif killed and killed["low"] == story.stands:
        found.right += 1
    elif killed and story.stands in rivals and killed["contested"]:
        found.contested += 1
    else:
        found.wrong += 1


def main() -> None:
    """Run the seeds and print one line each, then the median and the worst."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs=2, default=(1, 20), metavar=("FIRST", "LAST"))
    parser.add_argument("--backlog", action="store_true", help="all of it received in one hour, when all was told")
    chosen = parser.parse_args()
    first, last = chosen.seeds
    hops = build_hops(Settings(), once=not chosen.backlog)
    shares = []
    for seed in range(first, last + 1):
        order, found = outcome(seed, hops, backlog=chosen.backlog)
        shares.append((found.copies / max(1, found.copies_told), (found.right + found.contested) / STORIES))
        print(seed, order, found, flush=True)
    for name, values in zip(("copies found", "tolls that hold"), zip(*shares, strict=True), strict=True):
        print(f"{name}: median {statistics.median(values):.3f}, worst {min(values):.3f}", file=sys.stdout)


if __name__ == "__main__":
    main()
