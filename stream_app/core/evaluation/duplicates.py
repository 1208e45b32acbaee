"""How well copies are found and told from revisions: pair by pair where pairs are labelled, else article by article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from stream_app.core.evaluation.measures import Row, Table, Tally, share

PLAIN_COPIES = ("exact", "noise", "headline_x2", "boiler", "synd", "reorder")


def evaluate_pairs(pairs: Sequence[Row], verdicts: Mapping[str, Row]) -> Table:
    """Weighted pairs: D (copy) and R (revision) should share a cluster, N (different) should not."""
    total = Tally()
    kept = {"D": [0, 0], "R": [0, 0]}
    for pair in pairs:
        first, second = verdicts.get(pair["a"]), verdicts.get(pair["b"])
        linked = bool(first and second and first["cluster_id"] == second["cluster_id"])
        if pair["label"] in kept:
            total.tp += pair["weight"] * linked
            total.fn += pair["weight"] * (not linked)
            if linked and second:
                kept[pair["label"]][0] += (second["verdict"] == "revision") == (pair["label"] == "R")
                kept[pair["label"]][1] += 1
        elif pair["label"] == "N":
            total.fp += pair["weight"] * linked
    return {
        "pairs": len(pairs),
        **total.table(),
        "revision_kept": round(share(*kept["R"]), 4),
        "copy_kept": round(share(*kept["D"]), 4),
    }


def evaluate_clusters(gold: Sequence[Row], verdicts: Mapping[str, Row]) -> Table:
    """Articles in stream order: each should be linked into its own cluster, template stories into none."""
    cluster = {row["id"]: row["cluster"] for row in gold}
    seen: Counter[str] = Counter()
    total = Tally()
    kept = {"revision": [0, 0], "copy": [0, 0], "template": [0, 0]}
    for row in gold:
        verdict = verdicts.get(row["id"], {"verdict": "unique", "of": None})
        linked = verdict["verdict"] != "unique"
        right = linked and cluster.get(verdict["of"]) == row["cluster"]
        total.tp += right
        total.fp += linked and not right
        total.fn += seen[row["cluster"]] > 0 and not right
        seen[row["cluster"]] += 1
        _keep(kept, row["type"], linked, right, verdict["verdict"])
    return {
        "articles": len(gold),
        **total.table(),
        "template_false": round(share(*kept["template"]), 4),
        "revision_kept": round(share(*kept["revision"]), 4),
        "copy_kept": round(share(*kept["copy"]), 4),
    }


def _keep(kept: dict[str, list[int]], kind: str, linked: bool, right: bool, verdict: str) -> None:  # noqa: FBT001
    if kind == "template":
        kept["template"][0] += linked
        kept["template"][1] += 1
    elif right and kind == "rev_num":
        kept["revision"][0] += verdict == "revision"
        kept["revision"][1] += 1
    elif right and kind in PLAIN_COPIES:
        kept["copy"][0] += verdict != "revision"
        kept["copy"][1] += 1
