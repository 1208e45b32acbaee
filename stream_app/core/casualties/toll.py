"""The toll of an article: what it reports, all told, for its own current incident."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from stream_app.core.events import Bounds, CasualtyFigure, Kind


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure with what the toll needs to know of it: its sentence and its verb."""

    figure: CasualtyFigure
    sentence: int
    cue: int
    part: bool = False


def article_toll(candidates: Sequence[Candidate]) -> tuple[dict[Kind, Bounds], set[int]]:
    """The toll by kind and the indexes of the figures that it is made of.

    Parts that share one verb are added ("four civilians and three police"); of the sums the largest stands, so a
    repeated figure counts once and a part never adds to its total.
    """
    groups: dict[tuple[Kind, int, int], list[int]] = defaultdict(list)
    for index, candidate in enumerate(candidates):
        if candidate.figure.assertion == "actual" and not candidate.part:
            groups[candidate.figure.kind, candidate.sentence, candidate.cue].append(index)
    best: dict[Kind, list[int]] = {}
    for (kind, _, _), members in groups.items():
        if kind not in best or _low(candidates, members) > _low(candidates, best[kind]):
            best[kind] = members
    toll = {kind: _bounds(candidates, members) for kind, members in best.items()}
    return toll, {index for members in best.values() for index in members}


def _low(candidates: Sequence[Candidate], members: Sequence[int]) -> int:
    return sum(candidates[index].figure.low for index in members)


def _bounds(candidates: Sequence[Candidate], members: Sequence[int]) -> Bounds:
    highs = [candidates[index].figure.high for index in members]
    return Bounds(_low(candidates, members), None if None in highs else sum(h for h in highs if h is not None))
