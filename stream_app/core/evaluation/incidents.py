"""How well articles are grouped into incidents, and how often the standing toll agrees with gold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from math import inf

from stream_app.core.evaluation.measures import Row, Table, Tally, share
from stream_app.core.incidents.explain import apart, together
from stream_app.core.incidents.report import Report

Groups = Mapping[str, set[str]]
Belongs = tuple[Report, str]
_TENFOLD = 10
_MOST_TOLD = 100


def evaluate(
    gold: Sequence[Row],
    tolls: Sequence[Row],
    told: Sequence[Belongs] = (),
    window_s: float = inf,
    copies: Mapping[str, str] | None = None,
) -> Table:
    """B-cubed (Bagga and Baldwin 1998) and pair F1 of the grouping; the last toll of an incident stands.

    `told` are the own reports of the articles, each with its incident: false and missed merges are told with reasons.
    `copies`: the articles that were not passed on, each with the one that it repeats: they make no report, and belong
    where that one does.
    """
    standing = {toll["incident_id"]: toll for toll in tolls}
    truth = {row["id"]: row["incident"] for row in gold}
    found = {article: id_ for id_, toll in standing.items() for article in toll["articles"] if article in truth}
    found |= {report.article_id: id_ for report, id_ in told if id_ in standing and report.article_id in truth}
    found |= {copy: found[of] for copy, of in _originals(copies or {}).items() if copy in truth and of in found}
    wanted, named = _groups(truth), _groups(found)
    return {
        "articles": len(truth),
        "placed": round(share(len(found), len(truth)), 4),
        "b3": _b_cubed(truth, found, wanted, named),
        "pairs": _pairs(truth, wanted, named).table(),
        "incidents": len(wanted),
        "published": len(named),
        "toll_exact": _toll_exact(gold, standing, found, wanted),
        "killed_added": _killed_added(gold, standing, found, wanted),
        "false_merges": _false_merges(truth, told),
        "missed_merges": _missed_merges(truth, told, window_s),
    }


def _originals(copies: Mapping[str, str]) -> dict[str, str]:
    """The article that each copy goes back to, which is none itself."""
    found = dict(copies)
    for copy, of in found.items():
        while of in copies and of != copy:
            of = copies[of]  # noqa: PLW2901
        found[copy] = of
    return found


def _killed_added(gold: Sequence[Row], standing: Mapping[str, Row], found: Mapping[str, str], wanted: Groups) -> Table:
    """What somebody who adds up the standing tolls counts of each gold incident's dead.

    `right`: the share of incidents for which that is what gold says; `times`: all of them together to gold's upper
    bounds, where one incident counts at most tenfold.
    """
    ranges = {row["incident"]: row["gold"].get("killed") or {} for row in gold}
    right = counted = summed = ceiling = 0
    for incident, members in wanted.items():
        most = ranges[incident].get("max")
        if most:
            tolls = [standing[id_]["toll"] for id_ in {found[article] for article in members if article in found}]
            added = sum((toll.get("killed") or {}).get("low") or 0 for toll in tolls)
            counted, ceiling = counted + 1, ceiling + most
            summed += min(added, _TENFOLD * most)
            right += ranges[incident]["min"] <= added <= most
    return {"incidents": counted, "right": round(share(right, counted), 4), "times": round(share(summed, ceiling), 4)}


def _false_merges(truth: Mapping[str, str], told: Sequence[Belongs]) -> list[str]:
    """For two gold incidents that are one of ours: why."""
    ours: dict[str, dict[str, list[Report]]] = defaultdict(lambda: defaultdict(list))
    for report, id_ in told:
        if report.article_id in truth:
            ours[id_][truth[report.article_id]].append(report)
    return [
        f"{first} and {second} are one, {id_}: {together(by_gold[first], by_gold[second])}"
        for id_, by_gold in ours.items()
        for first, second in combinations(by_gold, 2)
    ][:_MOST_TOLD]


def _missed_merges(truth: Mapping[str, str], told: Sequence[Belongs], window_s: float) -> list[str]:
    """For two incidents of ours that are one gold incident: why not."""
    theirs: dict[str, dict[str, list[Report]]] = defaultdict(lambda: defaultdict(list))
    for report, id_ in told:
        if report.article_id in truth:
            theirs[truth[report.article_id]][id_].append(report)
    return [
        f"{incident} is both {first} and {second}: {apart(by_ours[first], by_ours[second], window_s)}"
        for incident, by_ours in theirs.items()
        for first, second in combinations(by_ours, 2)
    ][:_MOST_TOLD]


def _groups(of: Mapping[str, str]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for article, group in of.items():
        groups[group].add(article)
    return groups


def _b_cubed(truth: Mapping[str, str], found: Mapping[str, str], wanted: Groups, named: Groups) -> Table:
    precision = [sum(truth[b] == truth[a] for b in named[g]) / len(named[g]) for a, g in found.items()]
    recall = [sum(found.get(b) == g for b in wanted[truth[a]]) / len(wanted[truth[a]]) for a, g in found.items()]
    p, r = share(sum(precision), len(precision)), share(sum(recall), len(recall))
    return {"p": round(p, 4), "r": round(r, 4), "f1": round(share(2 * p * r, p + r), 4)}


def _pairs(truth: Mapping[str, str], wanted: Groups, named: Groups) -> Tally:
    same = sum(_choose(n) for group in named.values() for n in Counter(truth[a] for a in group).values())
    guessed = sum(_choose(len(group)) for group in named.values())
    true = sum(_choose(len(group)) for group in wanted.values())
    return Tally(same, guessed - same, true - same)


def _choose(n: int) -> int:
    return n * (n - 1) // 2


def _toll_exact(
    gold: Sequence[Row], standing: Mapping[str, Row], found: Mapping[str, str], wanted: Groups
) -> dict[str, float]:
    """The share of gold incidents whose most frequent incident of ours has its `low` in the gold range.

    An incident of which gold does not say how many were hurt is not asked for them.
    """
    ranges = {row["incident"]: row["gold"] for row in gold}
    exact: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for incident, members in wanted.items():
        votes = Counter(found[a] for a in sorted(members) if a in found)  # of equals the first, on every run
        toll = standing[votes.most_common(1)[0][0]]["toll"] if votes else {}
        for kind in ("killed", "injured"):
            if told := ranges[incident].get(kind):
                low = (toll.get(kind) or {}).get("low") or 0
                asked[kind] += 1
                exact[kind] += told["min"] <= low <= told["max"]
    return {kind: round(share(exact[kind], count), 4) for kind, count in asked.items()}
