"""How well copies are found and told from revisions: pair by pair where pairs are labelled, else article by article."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from stream_app.core.evaluation.measures import Row, Table, Tally, share

AROUND: Final = 8
"""Words on either side of a figure that belong to its statement."""
_WORD = re.compile(r"\w+")
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


def copies_in(verdicts: Mapping[str, Row]) -> dict[str, str]:
    """The articles that were not passed on, each with the one that it repeats."""
    return {name: v["of"] for name, v in verdicts.items() if v["verdict"] in ("exact", "near")}


def evaluate_copies(events: Mapping[str, Row], verdicts: Mapping[str, Row]) -> Table:
    """Whether copies that were not passed on give figures of people harmed that the article they repeat does not.

    Args:
        events: the enriched event of each copy and of each article that one repeats, tagged by itself.
        verdicts: what duplicate search said of every article.

    A copy with such a figure is a dropped revision (`dropped`), unless the statement stands word for word in the
    other article too, where it was read otherwise (`read_otherwise`): then the wording is the same, and nothing was
    revised. A copy whose figures are all in the other article, and which lacks some (`says_less`), withdraws nothing.
    """
    copies = copies_in(verdicts)
    kinds = Counter(_of_copy(events[name], events[of]) for name, of in copies.items())
    return {"copies": len(copies), **{kind: kinds[kind] for kind in ("dropped", "read_otherwise", "says_less")}}


def _of_copy(copy: Row, head: Row) -> str:
    """How the figures of a copy differ from those of the article it repeats."""
    given, own = _figures(head), _figures(copy)
    if new := [figure for value, figure in own.items() if value not in given]:
        words = _letters(f"{head['title'] or ''} {head['text']}")
        return "read_otherwise" if all(_statement(copy, figure) in words for figure in new) else "dropped"
    return "says_less" if given.keys() - own.keys() else "same"


def _figures(event: Row) -> dict[tuple[str, int, int | None], Row]:
    """The asserted figures of an event by kind and range."""
    return {(f["kind"], f["low"], f["high"]): f for f in event["casualties"] if f["assertion"] == "actual"}


def _statement(event: Row, figure: Row) -> str:
    """The letters of a figure and of a few words around it, in its own line."""
    text, start, end = event[figure["field"]], figure["start"], figure["end"]
    before = _WORD.findall(text[:start].rpartition("\n")[2])[-AROUND:]
    after = _WORD.findall(text[end:].partition("\n")[0])[:AROUND]
    return _letters(" ".join([*before, text[start:end], *after]))


def _letters(text: str) -> str:
    return "".join(_WORD.findall(text)).lower()
