"""Which candidates are toponyms: the scorer's opinion, the other mentions of the same name, and no overlaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from operator import mul

from stream_app.core.places.gazetteer import Gazetteer
from stream_app.core.places.page import Page
from stream_app.core.places.persons import surnames
from stream_app.core.places.resolve import load_json
from stream_app.core.places.scorer import Scorer
from stream_app.core.places.spotting import Spotted, Spotter

AGREEMENT = ("own", "best", "mean", "others", "many", "strong")
"""What the second opinion weighs, in the order of `agreement_values`."""


FLOOR = -3.0
"""Log-odds under which a candidate is not looked at again; the other mentions of its name cannot save it."""


WHOLE = 2.0
"""What a known name of several words gains over names inside it, in log-odds."""


class Recogniser:
    """Finds the toponyms of an article's pages."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        content = load_json("recognition.json")
        self._spotter = Spotter(gazetteer, Scorer(content["bias"], content["weights"]))
        self._agreement = tuple(content["agreement"][name] for name in AGREEMENT)
        self._agreement_bias = float(content["agreement"]["bias"])
        self._threshold = float(content["threshold"])

    def __call__(self, pages: Sequence[Page]) -> list[list[Spotted]]:
        """For each page its toponyms: disjoint, in reading order, `score` the log-odds that each is one."""
        spotted = self.candidates(pages)
        candidates = list(chain.from_iterable(spotted))
        repeated = agreement_values(candidates)
        for candidate in candidates:
            candidate.score = self._agreement_bias + self._agreement[0] * candidate.score
        for candidate, values in repeated:
            candidate.score = self._agreement_bias + sum(map(mul, self._agreement, values))
        return [choose(candidates, self._threshold) for candidates in spotted]

    def candidates(self, pages: Sequence[Page], floor: float = FLOOR) -> list[list[Spotted]]:
        """For each page its candidates that the scorer alone gives more than `floor`."""
        persons: set[str] = set()
        for page in pages:
            persons |= surnames(page)
        return [self._spotter.spot(page, persons, floor) for page in pages]


def agreement_values(candidates: Sequence[Spotted]) -> list[tuple[Spotted, tuple[float, ...]]]:
    """What the second opinion weighs for candidates whose name is there more than once.

    The candidate's own score, and what the other mentions of its name score: best and mean of the others; whether there
    are any, how many, and how many are strong by themselves. All but the first are 0 for a name that is there once.
    """
    by_name: dict[str, list[Spotted]] = {}
    for candidate in candidates:
        by_name.setdefault(candidate.folded, []).append(candidate)
    return [
        (mention, values)
        for mentions in by_name.values()
        if len(mentions) > 1
        for mention, values in zip(mentions, _agreement_of([mention.score for mention in mentions]), strict=True)
    ]


def _agreement_of(scores: Sequence[float]) -> Iterator[tuple[float, ...]]:
    """The values for each of two or more mentions of one name."""
    held = [min(4.0, max(-4.0, score)) for score in scores]
    second, first = sorted(held)[-2:]
    total, strong, others = sum(held), sum(score > 1 for score in held), len(held) - 1
    for score, own in zip(scores, held, strict=True):
        best = second if own == first else first
        yield score, best, (total - own) / others, 1.0, min(others, 4.0), min(strong - (own > 1), 3.0)


def choose(candidates: Sequence[Spotted], threshold: float) -> list[Spotted]:
    """The best candidates above the threshold that do not overlap, in reading order.

    Of two that overlap the better-scored one stays, but a longer name that the gazetteer knows beats a part of it: "Sea
    of Azov" is not the town of Azov.
    """
    good = [candidate for candidate in candidates if candidate.score > threshold]
    if len(good) < 2:
        return good
    good.sort(key=lambda c: (-c.score - WHOLE * _is_whole(c), c.start, -c.end))
    taken: list[Spotted] = []
    for candidate in good:
        start, end = candidate.start, candidate.end
        for other in taken:
            if start < other.end and other.start < end:
                break
        else:
            taken.append(candidate)
    taken.sort(key=lambda c: c.start)
    return taken


def _is_whole(candidate: Spotted) -> bool:
    """Whether the candidate is a name of several words that the gazetteer knows."""
    draft = candidate.draft
    return draft.first != draft.last and draft.key is not None and not draft.generic
