"""How well articles are grouped into incidents, and how often the standing toll agrees with gold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from stream_app.core.evaluation.measures import Row, Table, Tally, share

Groups = Mapping[str, set[str]]


def evaluate(gold: Sequence[Row], tolls: Sequence[Row]) -> Table:
    """B-cubed (Bagga and Baldwin 1998) and pair F1 of the grouping; the last toll of an incident stands."""
    standing = {toll["incident_id"]: toll for toll in tolls}
    truth = {row["id"]: row["incident"] for row in gold}
    found = {article: id_ for id_, toll in standing.items() for article in toll["articles"] if article in truth}
    wanted, named = _groups(truth), _groups(found)
    return {
        "articles": len(truth),
        "placed": round(share(len(found), len(truth)), 4),
        "b3": _b_cubed(truth, found, wanted, named),
        "pairs": _pairs(truth, wanted, named).table(),
        "incidents": len(wanted),
        "toll_exact": _toll_exact(gold, standing, found, wanted),
    }


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
    """The share of gold incidents whose most frequent incident of ours has its `low` in the gold range."""
    ranges = {row["incident"]: row["gold"] for row in gold}
    exact: Counter[str] = Counter()
    for incident, members in wanted.items():
        votes = Counter(found[a] for a in sorted(members) if a in found)  # of equals the first, on every run
        toll = standing[votes.most_common(1)[0][0]]["toll"] if votes else {}
        for kind in ("killed", "injured"):
            low = (toll.get(kind) or {}).get("low") or 0
            exact[kind] += ranges[incident][kind]["min"] <= low <= ranges[incident][kind]["max"]
    return {kind: round(share(count, len(wanted)), 4) for kind, count in exact.items()}
