"""Which claim stands: sources bear each other out, the last word of each counts, leaps and falls need a second one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stream_app.core.incidents.report import Report
from stream_app.core.incidents.told import Claim

LEAP_TIMES, LEAP_MORE = 3, 10  # so many times as much, and so many more: one source alone is not believed
TRUST = "ABCFDE"  # reliability of sources, the best first: one of whom nothing is known stands before a bad one
CLOSE = 0.2  # two claims within a fifth of each other speak of the same change


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for one kind: the claim, those that can be true with it, and its rivals, each oldest first.

    `contested`: a rival is a leap that nobody else bears out, or as many sources stand against the claim as for it.
    """

    claim: Claim
    agreeing: Sequence[Claim]
    opposed: Sequence[Claim]
    contested: bool

    @property
    def grade(self) -> str:
        """The grade of the claim that stands."""
        return self.grade_of(self.claim)

    def grade_of(self, claim: Claim) -> str:
        """A claim's grade in the Admiralty code: the reliability of its source, the credibility of what it says.

        Reliability: the best grade of those whose last word is this very count (`TRUST`); who admits it only, as "at
        least ten" admits fifty, lends it no trust. Credibility: 1 when three sources bear it out, 2 when two do, 3 when
        one says so alone, 4 when as many stand against it, 5 when more do, 6 when it is told in vague words only.
        """
        voices = [*self.agreeing, *self.opposed]
        if len(voices) == 1:
            return claim.report.reliability + ("6" if claim.vague else "3")
        same = [other.report.reliability for other in voices if (other.low, other.high) == (claim.low, claim.high)]
        return min((claim.report.reliability, *same), key=TRUST.index) + self._credibility(claim, voices)

    def _credibility(self, claim: Claim, voices: Sequence[Claim]) -> str:
        if claim.vague:
            return "6"
        bearing = _origins(other for other in voices if bears_out(other, claim))
        rivals = [other for other in voices if not _can_be_one(other, claim)]
        against = _origins(other for other in rivals if not _outrun(other, claim, borne_out=bearing > 1))
        if against and against >= bearing:
            return "5" if against > bearing else "4"
        return str(max(1, 4 - bearing))


def standing_of(claims: Sequence[Claim]) -> Standing:
    """What stands of the claims of one kind, oldest first."""
    words = last_words(claims)
    clear = [claim for claim in words if not claim.vague] or words
    best = clear[0]
    for claim in clear[1:]:
        if _takes_over(claim, best, clear):
            best = claim
    agreeing = [claim for claim in words if _can_be_one(claim, best)]
    opposed = [claim for claim in words if not _can_be_one(claim, best)]
    rivals = [claim for claim in opposed if not _outrun(claim, best)]
    return Standing(best, agreeing, opposed, bool(rivals) and _origins(rivals) >= _origins(agreeing))


def last_words(claims: Sequence[Claim]) -> list[Claim]:
    """The last claim of each source, oldest first."""
    last = {claim.report.voice: claim for claim in claims}
    return [claim for claim in claims if last[claim.report.voice] is claim]


def bears_out(other: Claim, claim: Claim) -> bool:
    """Whether a claim says what another says: the same number, or an open one that it satisfies without a leap."""
    if other.low == claim.low:
        return True
    return not other.exact and other.admits(claim) and not is_leap(other.low, claim.low) and not _denies(other, claim)


def _denies(claim: Claim, other: Claim) -> bool:
    """Whether a claim says that an earlier, higher one was too high: "at least 40, down from 60" is no floor of 60."""
    return claim.report.corrects and claim.low < other.low and claim.report.order > other.report.order


def _can_be_one(one: Claim, other: Claim) -> bool:
    """Whether two claims can be true at once, and neither leaps over the other: "at least two" says nothing of 42.

    Words like dozens are as wide as they are vague, and admit what they admit.
    """
    if _denies(one, other) or _denies(other, one):
        return False
    if one.vague or other.vague:
        return one.admits(other)
    return one.admits(other) and not is_leap(one.low, other.low) and not is_leap(other.low, one.low)


def _takes_over(claim: Claim, best: Claim, words: Sequence[Claim]) -> bool:
    """Whether a later claim replaces the one that stands."""
    others = [other for other in words if other.report.voice != claim.report.voice]
    if _can_be_one(claim, best):
        if claim.exact != best.exact:
            return claim.exact
        return claim.low >= best.low
    if claim.low > best.low:
        return not is_leap(best.low, claim.low) or _is_borne_out(claim, best, others)
    if claim.report.corrects or _found_since(best, claim):
        return True
    if claim.admits(best) and not claim.exact and not best.exact:
        return False
    later = [other for other in others if other.report.order > best.report.order]
    return any(other.admits(claim) or _alike(other, claim) for other in later)


def _is_borne_out(claim: Claim, best: Claim, others: Sequence[Claim]) -> bool:
    """Whether a leap is believed: others have leapt, too, and since the first of them did no more deny it.

    Numbers that were misread are seldom of one size: on one day 26 and 42 where all others count 2 bear nothing out.
    """
    leapt = [other for other in others if is_leap(best.low, other.low)]
    if not leapt:
        return False
    since_s = min(one.report.clock_s for one in (claim, *leapt))
    denying = [other for other in others if is_leap(other.low, claim.low) and other.report.clock_s >= since_s]
    return _origins([claim, *leapt]) > _origins(denying)


def is_leap(before: int, after: int) -> bool:
    """Whether a count has grown more than one source alone is believed.

    >>> is_leap(12, 900), is_leap(8, 13), is_leap(150, 2000), is_leap(2, 9)
    (True, False, True, False)
    """
    return after >= LEAP_TIMES * before and after >= before + LEAP_MORE


def _alike(one: Claim, other: Claim) -> bool:
    return abs(one.low - other.low) <= CLOSE * max(one.low, other.low)


def _outrun(earlier: Claim, claim: Claim, *, borne_out: bool = True) -> bool:
    """Whether an earlier claim differs only because more is known since: it is lower, or more were missing.

    A leap that nobody has borne out has outrun nothing.
    """
    if _found_since(earlier, claim):
        return True
    if earlier.low >= claim.low or earlier.report.order >= claim.report.order:
        return False
    return borne_out or not is_leap(earlier.low, claim.low)


def _found_since(earlier: Claim, claim: Claim) -> bool:
    """Whether fewer are missing because a later report counts more dead: bodies were found."""
    return (
        claim.kind == earlier.kind == "missing"
        and claim.low < earlier.low
        and claim.report.order > earlier.report.order
        and claim.report.killed > earlier.report.killed
    )


def _origins(claims: Iterable[Claim]) -> int:
    return independent(claim.report for claim in claims)


def _share_nothing(reports: Sequence[Report]) -> bool:
    """Whether no two reports are of one outlet, one story or one wire."""
    if len(reports) < 2:
        return True
    wires = [report.wire for report in reports if report.wire]
    voices, copies = {report.voice for report in reports}, {report.cluster_id for report in reports}
    return len(voices) == len(copies) == len(reports) and len(set(wires)) == len(wires)


def independent(reports: Iterable[Report]) -> int:
    """How many independent origins reports have: copies of one story are one, and so is one outlet, or one wire."""
    several = list(reports)
    if _share_nothing(several):
        return len(several)
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        while leader.setdefault(name, name) != name:
            leader[name] = name = leader[leader[name]]
        return name

    for report in several:
        leader[find(f"voice {report.voice}")] = find(f"copies {report.cluster_id}")
        if report.wire:
            leader[find(f"wire {report.wire}")] = find(f"copies {report.cluster_id}")
    return sum(name == above for name, above in leader.items())
