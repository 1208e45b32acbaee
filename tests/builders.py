"""Articles and records for tests, with every field that a test does not care about filled in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from stream_app.core.events import Article
from stream_app.core.hops import Record

SYLLABLES = ("ka", "lo", "mir", "ten", "sa", "vu", "dor", "pel", "ni", "gra", "hos", "bet", "ri", "ma", "zol", "fen")
PLACES = ("Mosul", "Kharkiv", "Kabul", "Mogadishu", "Aleppo", "Maiduguri", "Bogota", "Karachi", "Manila", "Lagos")


def article(text: str = "Two people died.", **fields: Any) -> Article:
    """An article; `id` is "a" unless it is given."""
    return Article(**{"id": "a", "text": text, **fields})


def raw(**fields: Any) -> bytes:
    """A raw article as bytes; `text` is given unless it is overridden (None leaves it out)."""
    record = {"id": "a", "text": "Two people died.", **fields}
    return orjson.dumps({name: value for name, value in record.items() if value is not None})


def record(value: bytes | None, timestamp_ms: int = 1_646_114_400_000, key: bytes | None = None) -> Record:
    """A record as a hop gets it."""
    return Record(key, value, timestamp_ms)


def made_up(generator: random.Random, least: int = 2) -> str:
    """A word that no language has."""
    return "".join(generator.choices(SYLLABLES, k=generator.randint(least, 4)))


def lexicon(size: int = 20_000) -> list[str]:
    """So many made-up words, as a language has a limited number: texts that draw on them share a word now and then."""
    generator = random.Random(size)
    return [made_up(generator, least=3) for _ in range(size)]


def prose(generator: random.Random, words: int = 120, known: Sequence[str] = ()) -> str:
    """Words in sentences, drawn from those that are `known`, else made up: no two texts share their wording."""
    made = [generator.choice(known) if known else made_up(generator) for _ in range(words)]
    lines = [" ".join(made[at : at + 12]).capitalize() + "." for at in range(0, words, 12)]
    return " ".join(lines)


def story(generator: random.Random, number: int) -> dict[str, Any]:
    """An article about one incident: a figure at a place, among words of its own."""
    place = generator.choice(PLACES)
    killed, injured = generator.randint(2, 90), generator.randint(2, 90)
    lead = f"A blast in {place} on Tuesday killed {killed} people and wounded {injured} others, police said."
    return {
        "id": f"story-{number}",
        "source": f"outlet-{number % 7}.example",
        "published_at": f"2024-05-01T{number // 60 % 24:02}:{number % 60:02}:00Z",
        "text": f"{lead} {prose(generator)}",
    }


def stream(count: int, seed: int = 7) -> list[dict[str, Any]]:
    """`count` articles in which about a third repeat or revise an earlier one, shortly after it."""
    generator = random.Random(seed)
    articles: list[dict[str, Any]] = []
    originals: list[dict[str, Any]] = []
    while len(articles) < count:
        if originals and generator.random() < 1 / 3:
            articles.append(_repeat(generator, generator.choice(originals[-20:]), len(articles)))
        else:
            originals.append(story(generator, len(articles)))
            articles.append(originals[-1])
    return articles


def _repeat(generator: random.Random, original: dict[str, Any], number: int) -> dict[str, Any]:
    text = original["text"]
    kind = generator.choice(("exact", "boilerplate", "revision"))
    if kind == "boilerplate":
        text = f"{text}\n\nShare this story with the readers of our evening edition."
    elif kind == "revision":
        text = text.replace("killed ", "killed 1", 1)
    return {
        **original,
        "id": f"{kind}-{number}",
        "source": f"mirror-{number}.example",
        "text": text,
        "family": original["id"],
    }


def cases(folder: str) -> list[tuple[str, dict[str, Any]]]:
    """Every case in a folder of tests/cases, each with the name of its file; a new file needs no mention anywhere."""
    return [
        (path.stem, orjson.loads(line))
        for path in sorted((Path(__file__).parent / "cases" / folder).glob("*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]
