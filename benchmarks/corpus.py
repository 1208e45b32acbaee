"""A seeded stream of labelled articles for duplicate search: fresh stories, copies of many kinds, revisions, templates.

Words are made of syllables and drawn with the frequencies of a natural vocabulary (Zipf), so that common phrases are
common; the sentences with figures, the page furniture and the template stories are ours. Lengths are log-normal with a
mean of about 2.5 KB, as in wire copy. The same seed gives the same stream.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

SYLLABLES = (*(first + second for first in "bdfghklmnprstvz" for second in "aeiou"), "bran", "dral", "fenk", "grost")
VOCABULARY = 40_000
NAMES = 4_000
MEAN_WORDS = 400
SPREAD = 0.55
RECENT_HEADS = 4_000
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FIGURES = (
    "At least {a} people were killed and {b} injured, officials said.",
    "The number of dead rose to {a} after rescuers reached the last of the houses.",
    "A hospital in {name} said it had admitted {b} wounded, {c} of them children.",
    "Some {d} families have left their homes since {day}, aid workers said.",
    "The ministry put the damage at {c} million and promised a report by {day}.",
)
HOMICIDE = (
    "{name} {name2}, a {a}-year-old man, was shot and killed {day} in the {d} block of {name3} Street in {name4}, "
    "according to police. Officers answered a call of shots fired at about {c} o'clock and found the victim on the "
    "pavement with gunshot wounds. He was taken to a hospital, where he was pronounced dead. No arrests have been "
    "made. Anyone with information is asked to call the homicide desk, and callers may remain anonymous."
)
EARTHQUAKE = (
    "A magnitude {c}.{a} earthquake was recorded {b} kilometres south of {name} at a depth of {a} kilometres on {day}, "
    "the seismological service said. There were no immediate reports of casualties or damage in {name2}. The service "
    "said that aftershocks were possible and asked residents who felt the tremor to report it."
)
EARNINGS = (
    "{name} {name2} Corp said on {day} that quarterly earnings rose to {a} million from {b} million a year before on "
    "higher sales in its main markets. The company expects the trend to continue for the rest of the year. It declared "
    "a dividend of {c} cents a share. Shares of the company closed unchanged in {name3} in heavy trading."
)
TEMPLATES = (HOMICIDE, EARTHQUAKE, EARNINGS)
FURNITURE = (
    "Share this:\nClick here to share on social media (opens in new window)",
    "Subscribe to our newsletter for the latest updates.\nAll rights reserved.",
    "Related: Ten places to see this autumn\nAdvertisement",
    "Leave a reply\nYour email address will not be published. Required fields are marked *",
)
KINDS = {
    "fresh": 0.70, "exact": 0.06, "syndicated": 0.06, "edited": 0.05, "spun": 0.01, "cut": 0.03, "revision": 0.05,
    "template": 0.04,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article and what it is: `head` is the id of the story that it copies or revises, its own id for a new one."""

    id: str
    text: str
    title: str
    kind: str
    head: str


class Writer:
    """Writes articles from one seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.words = [
            "".join(self.rng.choices(SYLLABLES, k=self.rng.choice((1, 2, 2, 3, 3, 4)))) for _ in range(VOCABULARY)
        ]
        self.weights = list(accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))
        self.names = ["".join(self.rng.choices(SYLLABLES, k=3)).capitalize() for _ in range(NAMES)]

    def fill(self, sentence: str) -> str:
        """A sentence of ours with its slots filled."""
        rng = self.rng
        return sentence.format(
            a=rng.randint(3, 90), b=rng.randint(3, 400), c=rng.randint(2, 9), d=100 * rng.randint(10, 98),
            day=rng.choice(DAYS), name=rng.choice(self.names), name2=rng.choice(self.names),
            name3=rng.choice(self.names), name4=rng.choice(self.names),
        )  # fmt: skip

    def sentence(self, words: list[str]) -> str:
        """Words as a sentence, with names and numbers among them."""
        for at in range(len(words)):
            chance = self.rng.random()
            if chance < 0.06:
                words[at] = self.rng.choice(self.names)
            elif chance < 0.08:
                words[at] = str(self.rng.randint(2, 3000))
        words[0] = words[0].capitalize()
        return " ".join(words) + "."

    def story(self) -> str:
        """A fresh text."""
        left = max(25, round(MEAN_WORDS * self.rng.lognormvariate(-(SPREAD**2) / 2, SPREAD)))
        words = self.rng.choices(self.words, cum_weights=self.weights, k=left)
        sentences = [self.fill(self.rng.choice(FIGURES)) for _ in range(self.rng.choice((0, 1, 1, 2, 3)))]
        while words:
            size = self.rng.randint(8, 26)
            sentences.append(self.sentence(words[:size]))
            del words[:size]
        self.rng.shuffle(sentences)
        breaks = self.rng.choices((" ", "\n\n"), (3, 2), k=len(sentences))
        return "".join(part for pair in zip(sentences, breaks, strict=True) for part in pair).strip()

    def replaced(self, text: str, share: float) -> str:
        """The text with a share of its words exchanged for others."""
        words = text.split(" ")
        for at in self.rng.sample(range(len(words)), max(1, round(share * len(words)))):
            words[at] = self.rng.choice(self.words)
        return " ".join(words)

    def revised(self, text: str) -> str:
        """The text with another figure where it has one, else with one more sentence."""
        words = text.split(" ")
        numbers = [at for at, word in enumerate(words) if word.isdigit()]
        if not numbers:
            return text + " " + self.fill(FIGURES[0])
        at = self.rng.choice(numbers)
        words[at] = str(int(words[at]) + self.rng.randint(1, 40))
        return " ".join(words)

    def changed(self, kind: str, text: str) -> str:
        """A copy or revision of a text."""
        if kind == "exact":
            return text
        if kind == "syndicated":
            first, last, paper = self.rng.choices(self.names, k=3)
            return f"By {first} {last} | The {paper} Post\n\n{text}\n\n" + "\n".join(self.rng.sample(FURNITURE, 2))
        if kind == "cut":
            return text[: round(len(text) * self.rng.uniform(0.35, 0.8))] + "... [Read more]"
        if kind == "revision":
            return self.revised(text)
        return self.replaced(text, 0.3 if kind == "spun" else self.rng.uniform(0.02, 0.12))


def labelled(count: int, seed: int = 1) -> Iterator[Labelled]:
    """`count` articles in stream order."""
    writer = Writer(seed)
    heads: deque[Labelled] = deque(maxlen=RECENT_HEADS)
    kinds, weights = tuple(KINDS), tuple(KINDS.values())
    for number in range(count):
        article_id = f"{seed:02d}-{number:09d}"
        kind = writer.rng.choices(kinds, weights)[0] if heads else "fresh"
        if kind == "template":
            text = writer.fill(writer.rng.choice(TEMPLATES))
            yield Labelled(article_id, text, " ".join(text.split()[:5]), kind, article_id)
        elif kind == "fresh":
            text = writer.story()
            heads.append(Labelled(article_id, text, " ".join(text.split()[:7]), kind, article_id))
            yield heads[-1]
        else:
            head = writer.rng.choice(heads)
            yield replace(head, id=article_id, text=writer.changed(kind, head.text), kind=kind)
