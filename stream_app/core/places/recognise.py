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
from stream_app.core.places.second_look import look_again
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
        self._gazetteer = gazetteer
        self._spotter = Spotter(gazetteer, Scorer(content["bias"], content["weights"]))
        self._agreement = tuple(content["agreement"][name] for name in AGREEMENT)
        self._agreement_bias = float(content["agreement"]["bias"])
        self._threshold = float(content["threshold"])

    def __call__(self, pages: Sequence[Page]) -> list[list[Spotted]]:
        """For each page its toponyms: disjoint, in reading order, `score` the log-odds that each is one."""
        persons = named_persons(pages)
        spotted = self.candidates(pages, persons)
        candidates = list(chain.from_iterable(spotted))
        repeated = agreement_values(candidates)
        bias, (own, *others) = self._agreement_bias, self._agreement
        for candidate in candidates:
            candidate.score = bias + own * candidate.score
        for candidate, values in repeated:
            candidate.score += sum(map(mul, others, values))
        look_again(self._gazetteer, pages, spotted, persons)
        return [choose(candidates, self._threshold) for candidates in spotted]

    def candidates(self, pages: Sequence[Page], persons: set[str], floor: float = FLOOR) -> list[list[Spotted]]:
        """For each page its candidates that the scorer alone gives more than `floor`; `persons` are surnames."""
        return [self._spotter.spot(page, persons, floor) for page in pages]


def named_persons(pages: Sequence[Page]) -> set[str]:
    """Folded surnames of the persons that the pages name."""
    persons: set[str] = set()
    for page in pages:
        persons |= surnames(page)
    return persons


def agreement_values(candidates: Sequence[Spotted]) -> list[tuple[Spotted, tuple[float, ...]]]:
    """What the second opinion weighs, besides its own score, for candidates whose name is there more than once.

    That is what the other mentions of the name score: best and mean of the others; that there are any, how many, and
    how many are strong by themselves. All are 0 for a name that is there once.
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
    held = [_HELD if score > _HELD else max(score, -_HELD) for score in scores]
    second, first = sorted(held)[-2:]
    total, strong, others = sum(held), sum([score > 1 for score in held]), len(held) - 1
    many, most, all_but_own = min(others, 4.0), min(strong, 3.0), min(strong - 1, 3.0)
    for own in held:
        yield (
            second if own == first else first,
            (total - own) / others,
            1.0,
            many,
            all_but_own if own > 1 else most,
        )


_HELD = 4.0
"""Log-odds beyond which a score counts no more than this."""


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
    covered = bytearray(max(candidate.end for candidate in good))
    for candidate in good:
        start, end = candidate.start, candidate.end
        if covered.find(1, start, end) < 0:
            covered[start:end] = b"\1" * (end - start)
            taken.append(candidate)
    taken.sort(key=lambda c: c.start)
    return taken


def _is_whole(candidate: Spotted) -> bool:
    """Whether the candidate is a name of several words that the gazetteer knows."""
    draft = candidate.draft
    return draft.first != draft.last and draft.name is not None
