"""Choose the weights of `core/incidents/similarity.py` on all corpora but one, and score them on that one.

    python scripts/fit_incidents.py --corpus ecb=ecb.jsonl --corpus war=war-1.jsonl war-2.jsonl --removals

A corpus is one or more JSONL files of gold, as `stream-app evaluate incidents` reads them; its files are counted one by
one and have its mean. Weights are moved one after another, each by the steps of `STEPS`, and a move is kept where the
mean over the corpora in sight gains `LEAST`; round by round until none does. What a corpus is worth: pair F1, less how
far `killed_added` is from 1. The same files give the same table. Articles are tagged once and counted again and again.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from stream_app.core.evaluation import incidents
from stream_app.core.flow.stream import Clock, Flow
from stream_app.core.hops import DUPLICATES, REPORTS, Output, Record
from stream_app.core.incidents import grouping, similarity
from stream_app.core.incidents.history import History
from stream_app.hops import build_hops
from stream_app.settings import Settings

Gold = list[dict[str, Any]]
Told = tuple[Gold, list[tuple[float, dict[str, Any]]], dict[str, str]]
Weights = dict[str, Any]
"""Numbers, but for the relations of places that rule an event out."""

#: What is moved, and by what: a constant, or an entry "DICT key".
STEPS: Mapping[str, Sequence[float]] = {
    "BIAS": (-0.3, 0.3), "SWAPPED": (-1.0, -2.0), "COMMON_SPOT": (-1.0,), "PLACES same": (-0.4, 0.4),
    "PLACES close": (-0.8, 0.6), "PLACES unknown": (-0.5, 0.5), "CAUSES shared": (-0.4, 0.4),
    "CAUSES vague": (-0.6, 0.6), "CAUSES conflict": (-0.8, 0.8), "DAY_APART": (-1.0, 0.6), "GAP": (-0.15, 0.15),
    "SAME_INJURED": (-0.25,), "FAR_SWAPPED": (-0.8, 0.5), "OTHER_KILLED": (-0.7, 0.5), "SHARED_NAME": (-1.2,),
    "SHARED_RARE": (-0.25, 0.2),
    "STORY": (-1.0, 1.5),
    "BUSY": (-0.2, 0.2), "OTHER_TARGET": (-0.7,), "SAME_BUSY_TARGET": (0.6,), "OTHER_BUSY_TARGET": (-0.8, 0.6),
    "TOLD_BEFORE": (0.7,), "JOIN": (-0.2, 0.3), "TIE": (0.6,),
}  # fmt: skip
LEAST = 0.0008  # of the mean: less is noise of a pair or two
ROUNDS = 1

#: What each signal is without: constants and their value, for the table of removals.
REMOVALS: Mapping[str, Weights] = {
    "nothing": {},
    "place": {
        **{f"PLACES {name}": 0.0 for name in similarity.PLACES},
        "SWAPPED": 0.0, "FAR_SWAPPED": 0.0, "COMMON_SPOT": 0.0, "ELSEWHERE": frozenset(),
    },
    "the veto on other countries": {"ELSEWHERE": frozenset()},
    "how busy it is": {"BUSY": 0.0, "BUSY_COUNTRY": 0.0},
    "cause": {f"CAUSES {name}": 0.0 for name in similarity.CAUSES},
    "named day": {"DAY_SAME": 0.0, "DAY_APART": 0.0, "DAYS_APART": 0.0},
    "gap": {"GAP": 0.0, "QUIET_GAP": 0.0},
    "dead and injured": dict.fromkeys(
        ("SAME_KILLED", "FELL", "DROPPED", "LEAPT", "SAME_INJURED", "MORE_INJURED", "OTHER_INJURED", "OTHER_KILLED",
         "TOLD_BEFORE"), 0.0,
    ),
    "what was told before": {"TOLD_BEFORE": 0.0},
    "targets": dict.fromkeys(("SAME_TARGET", "OTHER_TARGET", "SAME_BUSY_TARGET", "OTHER_BUSY_TARGET"), 0.0),
    "names and ages": dict.fromkeys(("SHARED_NAME", "SHARED_AGE", "OTHER_NAMES", "OTHER_AGES"), 0.0),
    "terms": dict.fromkeys(("SHARED_RARE", "PER_TERM", "COVERED"), 0.0),
    "words alike, numbers at odds": {"MOST_WORDING": 99.0, "MOST_BUSY_WORDING": 99.0},
    "wording of one story": {"STORY": 0.0},
}  # fmt: skip
_DAYS = ("DAY_SAME", "DAY_APART", "DAYS_APART")


def told_of(path: Path) -> Told:
    """The gold of a file, its reports with their times of reception, and the copies among its articles."""
    flow = Flow(build_hops(Settings.from_env({**os.environ, "STREAM_APP_HOPS": "read,match,tag"})))
    gold = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    reports: list[tuple[float, dict[str, Any]]] = []
    copies: dict[str, str] = {}
    for row, received_ms in Clock().stamped(gold, lambda row: row.get("published_at")):
        for output in flow.feed(Record(None, orjson.dumps(row), received_ms)):
            if not isinstance(output, Output) or output.value is None:
                continue
            if output.topic == REPORTS:
                reports.append((received_ms / 1000, orjson.loads(output.value)))
            elif output.topic == DUPLICATES:
                copies[row["id"]] = orjson.loads(output.value)["of"]
    return gold, reports, copies


def figures_of(told: Told) -> dict[str, Any]:
    """What `stream-app evaluate incidents` says, under the weights that stand."""
    gold, reports, copies = told
    history = History(Settings().incident_window_h * 3600)
    for received_s, record in reports:
        history.count(record, received_s)
    return dict(incidents.evaluate(gold, list(history.tolls.values()), copies=copies))


def weight(name: str) -> Any:
    if name in _DAYS:
        return similarity.DAYS[_DAYS.index(name)]
    constant, _, key = name.partition(" ")
    found: Any = getattr(_home(constant), constant)
    return found[key] if key else found


def set_weight(name: str, value: Any) -> None:
    if name in _DAYS:
        days = list(similarity.DAYS)
        days[_DAYS.index(name)] = value
        similarity.DAYS = tuple(days)  # type: ignore[assignment]
        return
    constant, _, key = name.partition(" ")
    if key:
        getattr(similarity, constant)[key] = value
    else:
        setattr(_home(constant), constant, value)


def _home(constant: str) -> Any:
    """The module that uses a constant."""
    return grouping if constant in ("JOIN", "TIE", "NO_VETO") else similarity


def set_all(weights: Weights) -> Weights:
    """Set these; what they were."""
    before = {name: weight(name) for name in weights}
    for name, value in weights.items():
        set_weight(name, value)
    return before


def worth(told: Sequence[Told]) -> float:
    """What the files of a corpus are worth, in the mean."""
    found = [figures_of(one) for one in told]
    worths = [float(one["pairs"]["f1"]) - 0.5 * abs(float(one["killed_added"]["times"]) - 1) for one in found]
    return sum(worths) / len(worths)


def fit(corpora: Mapping[str, Sequence[Told]], rounds: int = ROUNDS) -> Weights:
    """The weights that suit these corpora best, of those that single moves from the present ones reach."""
    moved = {name: weight(name) for name in STEPS}
    begun = dict(moved)
    best = _mean(corpora)
    for _ in range(rounds):
        before = dict(moved)
        for name, steps in STEPS.items():
            for step in steps:
                set_weight(name, moved[name] + step)
                if (score := _mean(corpora)) > best + LEAST:
                    best, moved[name] = score, round(moved[name] + step, 3)
                    break
            set_weight(name, moved[name])
        if moved == before:
            break
    set_all(begun)
    return moved


def _mean(corpora: Mapping[str, Sequence[Told]]) -> float:
    return sum(map(worth, corpora.values())) / len(corpora)


def _row(told: Sequence[Told]) -> str:
    """F1, precision, recall and killed_added of a corpus, each the mean over its files."""
    found = [figures_of(one) for one in told]
    f1, p, r = (sum(one["pairs"][name] for one in found) / len(found) for name in ("f1", "p", "r"))
    killed = sum(one["killed_added"]["times"] for one in found) / len(found)
    return re.sub(r"\b0\.", ".", f"{f1:.2f} / {p:.2f} / {r:.2f} ({killed:.2f})")


def _print_removals(corpora: Mapping[str, Sequence[Told]]) -> None:
    print(f"| without | {' | '.join(corpora)} |")
    print("|---" * (1 + len(corpora)) + "|")
    for name, without in REMOVALS.items():
        before = set_all(without)
        print(f"| {name} | {' | '.join(map(_row, corpora.values()))} |", flush=True)
        set_all(before)


def _print_left_out(corpora: Mapping[str, Sequence[Told]], outs: Sequence[str]) -> None:
    print("| left out | as it stands | by the others | moved |")
    print("|---|---|---|---|")
    stands = {name: weight(name) for name in STEPS}
    for out in outs:
        weights = fit({name: told for name, told in corpora.items() if name != out})
        now = "" if out not in corpora else _row(corpora[out])
        set_all(weights)
        then = "" if out not in corpora else _row(corpora[out])
        set_all(stands)
        moved = ", ".join(f"{name} {weights[name]:g}" for name in STEPS if abs(weights[name] - stands[name]) > 1e-9)
        print(f"| {out} | {now} | {then} | {moved} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", nargs="+", action="append", required=True, metavar="NAME=PATH")
    parser.add_argument("--removals", action="store_true", help="print what each signal's removal does")
    parser.add_argument("--leave-out", nargs="*", metavar="NAME", help="fit without each of these ('none': with all)")
    chosen = parser.parse_args()
    corpora: dict[str, list[Told]] = {}
    for first, *rest in chosen.corpus:
        name, _, path = first.partition("=")
        corpora[name] = [told_of(Path(one)) for one in (path, *rest)]
    if chosen.removals:
        _print_removals(corpora)
    if chosen.leave_out is not None:
        _print_left_out(corpora, chosen.leave_out or [*corpora, "none"])


if __name__ == "__main__":
    main()
