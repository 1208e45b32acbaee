"""Why a report belongs to its incident: every group that it was weighed against, with the reasons in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from stream_app.core.incidents.grouping import JOIN, TIE, Grouping, incident_of
from stream_app.core.incidents.report import DAY_S, Report
from stream_app.core.incidents.similarity import BIAS, LINK, SAME_STORY, Evidence, evidence, strength
from stream_app.core.incidents.toll import incident_id

#: What became of a report and a group: it joined it, it tied it to the one that it joined, or neither.
JOINED, TIED, REFUSED = "joined", "tied", "refused"
_AT_EACH_END = 16


@dataclass(frozen=True, slots=True)
class Weighed:
    """A report against one group of earlier reports: what came of it, the score, and the best of its links.

    `score` is half the best link and half the mean over the group's last members, None where no link was strong enough
    to look at the group; `link` is the strength of the best link, to a report of `article_id`.
    """

    verdict: str
    incident_id: str
    article_id: str
    score: float | None
    link: float
    evidence: tuple[Evidence, ...]

    @property
    def words(self) -> str:
        """All of it in one sentence."""
        reasons = _in_words(self.evidence)
        return f"{self.verdict} {self.incident_id} ({self._measure()}), by {self.article_id}: {reasons}"

    def _measure(self) -> str:
        if self.link >= SAME_STORY:
            return "the same article"
        if self.score is None:
            return f"link {self.link:+.1f}, {LINK:.2f} needed"
        needed = JOIN if self.verdict != TIED else TIE
        return f"score {self.score:+.1f}, {needed:.2f} needed"


def weighed(grouping: Grouping, report: Report) -> list[Weighed]:
    """The groups that an open report was weighed against, the one that it joined first, then the likeliest."""
    best: dict[Report, tuple[float, Report]] = {}
    for other in grouping.candidates(report):
        if other.order < report.order and other.founder is not None:
            link = strength(report, other, grouping.window_s)
            if link is not None and link > best.get(other.founder, (link - 1, other))[0]:
                best[other.founder] = link, other
    scores = grouping.scores(report)
    found = [
        Weighed(
            _verdict(report, founder),
            incident_id(incident_of(founder)),
            other.article_id,
            scores.get(founder),
            link,
            _reasons(report, other),
        )
        for founder, (link, other) in best.items()
    ]
    return sorted(found, key=lambda one: (one.verdict != JOINED, one.verdict != TIED, -(one.score or one.link)))


def _verdict(report: Report, founder: Report) -> str:
    if founder is report.founder:
        return JOINED
    return TIED if founder in report.joins else REFUSED


def _reasons(one: Report, other: Report) -> tuple[Evidence, ...]:
    """The evidence, the weightiest first."""
    if one.article_id == other.article_id:
        return ()
    told = sorted(evidence(one, other), key=lambda reason: -abs(reason.weight))
    return (*told, Evidence("before any evidence", BIAS))


def apart(ones: Sequence[Report], others: Sequence[Report], window_s: float) -> str:
    """Why two sets of reports are not one incident: the best link between them, with what speaks for and against it."""
    best = _best_link(ones, others)
    if best is None:
        return "reports of one article about two events"
    link, one, other = best
    days = abs(one.clock_s - other.clock_s) / DAY_S
    if days * DAY_S > window_s:
        return f"{one.article_id} and {other.article_id} were published {days:.0f} days apart: more than the window"
    if link < JOIN:
        need = f"{JOIN:.2f} needed"
    else:
        need = f"they share too few clues, or the group's mean is too low; {TIE:.2f} tie two groups"
    return f"{_linked(link, one, other)} ({need}): {_in_words(_reasons(one, other))}"


def together(ones: Sequence[Report], others: Sequence[Report]) -> str:
    """Why two sets of reports are one incident: the best link between them, with what speaks for and against it."""
    best = _best_link(ones, others)
    if best is None:
        return "tied by a third report"
    return f"{_linked(*best)}: {_in_words(_reasons(*best[1:]))}"


def _linked(link: float, one: Report, other: Report) -> str:
    return f"{one.article_id} and {other.article_id} link {link:+.1f}"


def _in_words(reasons: Iterable[Evidence]) -> str:
    return "; ".join(f"{reason.words} {reason.weight:+.1f}" for reason in reasons) or "versions of one article"


def _best_link(ones: Sequence[Report], others: Sequence[Report]) -> tuple[float, Report, Report] | None:
    """The strongest link between two sets of reports, the first and last of which are looked at."""
    links = []
    for one in _ends(ones):
        for other in _ends(others):
            link = strength(one, other, inf)
            if link is not None:
                links.append((link, one, other))
    return max(links, key=lambda found: (found[0], found[1].order, found[2].order), default=None)


def _ends(reports: Sequence[Report]) -> Sequence[Report]:
    return reports if len(reports) <= 2 * _AT_EACH_END else [*reports[:_AT_EACH_END], *reports[-_AT_EACH_END:]]
