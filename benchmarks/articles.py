"""Seeded news articles of a given length: every second one tells of casualties, and a given share are copies.

The sentences are ours, their nouns from a list of English words; the make-up (share of numbers, names and places,
length, copies) is that of a wire. A copy is exact for one in three, else it has a dateline, a footer or some words
changed; one in ten has another number.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate

import orjson
from english_words import get_english_words_set

START = datetime(2024, 3, 1, tzinfo=UTC)
PLACES = (
    "Kharkiv", "Aleppo", "Mosul", "Kabul", "Lagos", "Nairobi", "Khartoum", "Port-au-Prince", "Manila", "Karachi",
    "Dhaka", "Bogota", "Mexico City", "Caracas", "Lima", "Istanbul", "Athens", "Naples", "Marseille", "Hamburg",
    "Warsaw", "Odesa", "Tbilisi", "Tehran", "Basra", "Sanaa", "Mogadishu", "Goma", "Bamako", "Maiduguri", "Jakarta",
    "Yangon", "Chittagong", "Chennai", "Kathmandu", "Lahore", "Quetta", "Herat", "Gaza City", "Beirut", "Homs",
    "Tripoli", "Tunis", "Casablanca", "Accra", "Houston", "Chicago", "Phoenix", "Denver", "Santiago", "Quito",
)  # fmt: skip
COUNTRIES = ("Ukraine", "Syria", "Iraq", "Nigeria", "Kenya", "Sudan", "Haiti", "Pakistan", "Mexico", "Turkey", "India")
SOURCES = tuple(f"outlet{number}.example" for number in range(40))
EVENTS = ("an air strike", "a bus crash", "a flood", "an earthquake", "a gun battle", "a fire", "an explosion")
VICTIMS = ("people", "civilians", "soldiers", "children", "migrants", "villagers", "police officers", "workers")
FIGURES = (
    "At least {n} {victims} were killed in {event} near {place} on {day}, officials said.",
    "{n} {victims} died and {m} others were injured when {event} hit the outskirts of {place}.",
    "The health ministry said the number of dead had risen to {n}, with {m} still missing.",
    "Police in {place} said {m} people had been taken to hospital, {n} of them in a critical condition.",
    "Dozens were wounded in {place}, a spokesman for the governor said, and about {m} families fled their homes.",
)
PLAIN = (
    "The {adjective} {a} of the {b} in {place} told reporters that the {c} {d} would {verb} the {e} before {day}.",
    "In {country}, the {a} {b} has been {adjective} since {year}, when {c} and {d} decided to {verb} {e} {f}.",
    "Analysts expect {a} {b} to {verb} by {m} percent, although the {adjective} {c} of {d} remains under {e}.",
    "{person}, who leads the {a} {b} in {place}, said {c} could not {verb} without {d}, {e} and a {adjective} {f}.",
    "A {m}-page report on {a} {b} found that {n} of the {c} schemes had failed to {verb} the {d} {e}.",
    "The {a} was {m} kilometres from {place}, and the {adjective} road to {b} {c} stayed closed for {n} hours.",
    '"We will {verb} {a} {b}, whatever the {adjective} {c} says of {d}," {person} said in a statement on {day}.',
    "Shares of {a} {b} fell {n} percent after {c} announced a {adjective} plan to {verb} {d} {e}.",
    "Neither {a} nor {b} had been seen near the {c} {d}, where {e} met {f} and the {adjective} {g} was kept.",
    "It was {a} that brought {b} to {c}; the {d} {e} followed, {f} in hand, as the {adjective} {g} went by.",
)
SMALL_WORDS = (
    "the", "the", "the", "of", "of", "and", "and", "to", "to", "in", "in", "a", "a", "for", "on", "was", "with", "by",
    "at", "from", "that", "had", "as", "it", "were", "has", "an", "after", "which", "their", "but", "been", "who",
)  # fmt: skip
ADJECTIVES = (
    "new",
    "provincial",
    "former",
    "independent",
    "costly",
    "long-awaited",
    "disputed",
    "joint",
    "annual",
    "early",
)
VERBS = (
    "rebuild",
    "review",
    "support",
    "reject",
    "delay",
    "finance",
    "inspect",
    "replace",
    "expand",
    "approve",
    "publish",
)
NAMES = (
    "Anna Kovalenko",
    "David Okafor",
    "Maria Lopez",
    "Ahmed Karim",
    "John Miller",
    "Li Wei",
    "Fatima Noor",
    "Ivan Petrov",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def stream(count: int, *, characters: int = 2500, copies: float = 0.3, seed: int = 1) -> Iterator[bytes]:
    """`count` raw articles in order of publication, a second apart."""
    rng = random.Random(seed)
    recent: list[dict[str, object]] = []
    for number in range(count):
        if recent and rng.random() < copies:
            article = _copy(rng, rng.choice(recent))
        else:
            article = _article(rng, characters)
            recent.append(article)
            del recent[:-500]
        moment = START + timedelta(seconds=number)
        known = {"id": f"wire-{seed}-{number:08d}", "published_at": moment.isoformat(), "source": rng.choice(SOURCES)}
        yield orjson.dumps({**article, **known})


def keyed(values: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    """The same under the keys that a producer would give them."""
    return [(f"https://wire.example/{number}".encode(), value) for number, value in enumerate(values)]


@cache
def _lexicon() -> tuple[list[str], list[float]]:
    """English words and how often each is drawn, by Zipf's law."""
    every = sorted(
        word for word in get_english_words_set(["web2"], alpha=True) if word.islower() and 3 < len(word) < 11
    )
    words = random.Random(0).sample(every, 20_000)
    return words, list(accumulate(1 / (rank + 50) for rank in range(len(words))))


def _words(rng: random.Random) -> list[str]:
    words, weights = _lexicon()
    return rng.choices(words, cum_weights=weights, k=7)


def _article(rng: random.Random, characters: int) -> dict[str, object]:
    casualties = rng.random() < 0.5
    place = rng.choice(PLACES)
    sentences = [_sentence(rng, rng.choice(FIGURES if casualties else PLAIN), place)]
    length = len(sentences[0])
    while length < characters:
        somewhere = place if rng.random() < 0.4 else rng.choice(PLACES)
        chance = rng.random()
        if chance < 0.7:
            sentences.append(_prose(rng, somewhere))
        else:
            sentences.append(_sentence(rng, rng.choice(FIGURES if casualties and chance < 0.85 else PLAIN), somewhere))
        length += len(sentences[-1]) + 1
    text = "\n\n".join(" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3))
    return {"title": sentences[0][:70], "text": text[: max(60, characters)], "language": "en"}


def _prose(rng: random.Random, place: str) -> str:
    """Words as they fall, small ones among them: unlike in templates, no two articles share three in a row."""
    length = rng.randint(9, 26)
    words, weights = _lexicon()
    content = iter(rng.choices(words, cum_weights=weights, k=length))
    drawn = [rng.choice(SMALL_WORDS) if rng.random() < 0.45 else next(content) for _ in range(length)]
    if rng.random() < 0.5:
        drawn[length // 2] = f"in {place}"
    if rng.random() < 0.3:
        drawn[length // 3] = str(rng.randint(2, 900))
    return " ".join(drawn).capitalize().replace(place.lower(), place) + "."


def _sentence(rng: random.Random, template: str, place: str) -> str:
    sentence = template.format(
        n=rng.randint(2, 60), m=rng.randint(3, 400), year=rng.randint(1990, 2023), place=place, day=rng.choice(DAYS),
        country=rng.choice(COUNTRIES), event=rng.choice(EVENTS), victims=rng.choice(VICTIMS), person=rng.choice(NAMES),
        verb=rng.choice(VERBS), adjective=rng.choice(ADJECTIVES),
        **dict(zip("abcdefg", _words(rng), strict=True)),
    )  # fmt: skip
    return sentence[0].upper() + sentence[1:]


def _copy(rng: random.Random, article: dict[str, object]) -> dict[str, object]:
    text, chance = str(article["text"]), rng.random()
    if chance < 0.33:
        return article
    if chance < 0.43:
        return {**article, "text": text.replace(str(rng.randint(2, 60)), str(rng.randint(61, 99)), 1)}
    words = text.split(" ")
    for _ in range(len(words) // 40):
        words[rng.randrange(len(words))] = rng.choice(ADJECTIVES)
    dateline = f"{rng.choice(PLACES).upper()} (Wire) - "
    return {**article, "text": dateline + " ".join(words) + f"\n\nReporting by {rng.choice(NAMES)}."}
