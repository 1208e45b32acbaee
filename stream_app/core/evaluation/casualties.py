"""How well casualty figures are read: mention by mention where gold has spans, else article by article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from stream_app.core.evaluation.measures import Row, Table, Tally, in_text, overlaps, share

KINDS = ("killed", "injured", "missing", "abducted", "displaced")
_MERGED = {"captured": "abducted", "casualty": "injured"}


def evaluate(gold: Sequence[Row], events: Mapping[str, Row]) -> Table:
    """Mentions where gold rows carry them with spans, else the tolls of documents.

    A mention is found when kind, range and (overlapping) span agree. An optional one is neither required nor punished;
    one that is not asserted must not come back as actual. A toll is exact when its `low` lies in the gold range.
    Where gold rows say their language (`lang` or `language`), the same comes `by_language`, too.
    """
    table = _measured(gold, events)
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in gold:
        rows[row.get("lang") or row.get("language") or ""].append(row)
    if set(rows) <= {""}:
        return table
    return {**table, "by_language": {one: _measured(own, events) for one, own in sorted(rows.items()) if one}}


def _measured(gold: Sequence[Row], events: Mapping[str, Row]) -> Table:
    return _mentions(gold, events) if gold and "mentions" in gold[0] else _tolls(gold, events)


def _mentions(gold: Sequence[Row], events: Mapping[str, Row]) -> Table:
    total, by_kind = Tally(), defaultdict[str, Tally](Tally)
    negatives = alarms = 0
    for row in gold:
        actual = _actual(events.get(row["id"], {}))
        required = [g for g in row["mentions"] if _required(g)]
        used = _hits(required, actual)
        for number, mention in enumerate(required):
            for tally in (total, by_kind[_kind(mention)]):
                tally.tp += number in used
                tally.fn += number not in used
        wrong = [p for i, p in enumerate(actual) if i not in used.values() and not _forgiven(p, row["mentions"])]
        for figure in wrong:
            total.fp += 1
            by_kind[_kind(figure)].fp += 1
        negatives += not required
        alarms += not required and bool(wrong)
    return {
        "sentences": len(gold),
        "value": total.table(),
        "negatives": negatives,
        "false_alarms": alarms,
        "by_kind": {kind: tally.table() for kind, tally in sorted(by_kind.items())},
    }


def _actual(event: Row) -> list[Row]:
    """The figures that claim to have happened."""
    figures = [f for f in in_text(event.get("casualties")) if _kind(f) in KINDS]
    return [f for f in figures if f["assertion"] in ("actual", "historical")]


def _required(mention: Row) -> bool:
    return bool(mention["asserted"] and not mention["optional"] and _kind(mention) in KINDS)


def _hits(required: Sequence[Row], actual: Sequence[Row]) -> dict[int, int]:
    """Which required mention (by number) was found by which figure, each figure used once."""
    used: dict[int, int] = {}
    for number, mention in enumerate(required):
        for i, figure in enumerate(actual):
            if i not in used.values() and _agrees(figure, mention):
                used[number] = i
                break
    return used


def _agrees(figure: Row, mention: Row) -> bool:
    return _kind(figure) == _kind(mention) and overlaps(figure, mention) and _same_range(figure, mention)


def _same_range(figure: Row, mention: Row) -> bool:
    """Vague words may differ by a factor of two: conventions do."""
    low, high, form = figure["low"], figure["high"], mention["form"]
    if form in ("vague", "atmost"):
        within_two = mention["min"] / 2 <= low <= mention["min"] * 2
        return bool(within_two or (form == "atmost" and high == mention["max"]))
    if form == "atleast":
        return bool(low == mention["min"])
    return low == mention["min"] and high in (None, mention["max"])


def _forgiven(figure: Row, mentions: Sequence[Row]) -> bool:
    return any(g["optional"] and g["asserted"] and _kind(g) == _kind(figure) and overlaps(figure, g) for g in mentions)


def _kind(annotation: Row) -> str:
    kind: str = annotation["kind"]
    return _MERGED.get(kind, kind)


def _tolls(gold: Sequence[Row], events: Mapping[str, Row]) -> Table:
    table: Table = {}
    for kind in ("killed", "injured", "displaced"):
        verdicts = [_toll_exact(row, events.get(row["id"], {}), kind) for row in gold]
        known = [verdict for verdict in verdicts if verdict is not None]
        if known:
            table[kind] = {"n": len(known), "exact": round(share(sum(known), len(known)), 4)}
    return table


def _toll_exact(row: Row, event: Row, kind: str) -> bool | None:
    """Whether the event's toll lies in the gold range; None when gold says nothing. An absent kind is 0."""
    gold = row["gold"].get(kind) or row["gold"].get("other", {}).get(kind)
    if not gold or row.get("quantity_in_text") is False:
        return None
    low = ((event.get("toll") or {}).get(kind) or {}).get("low") or 0
    return bool(gold["min"] <= low and (gold["max"] is None or low <= gold["max"]))
