"""What a change of rules changes, figure by figure."""

from __future__ import annotations

from typing import Any

from stream_app.core.evaluation.replay import Summary, compare, tally


def event(*figures: dict[str, Any], toll: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"article_id": "a", "casualties": list(figures), "places": [], "toll": toll or {}}


def figure(start: int, low: int, rule: str = "passive") -> dict[str, Any]:
    return {"field": "text", "start": start, "end": start + 5, "kind": "killed", "text": "some", "low": low, "high": None,
            "qualifier": "vague", "assertion": "actual", "victim_class": "unknown", "in_toll": True, "rule": rule}  # fmt: skip


def test_another_convention_changes_a_figure_where_it_stands() -> None:
    (change,) = compare(event(figure(0, 24)), event(figure(0, 12)))
    assert (change.change, change.rule) == ("changed", "passive")


def test_a_new_rule_adds_and_a_lost_one_removes() -> None:
    changes = compare(event(figure(0, 3, "old")), event(figure(9, 3, "new")))
    assert [(change.change, change.rule) for change in changes] == [("removed", "old"), ("added", "new")]


def test_another_rule_for_the_same_figure_is_no_change() -> None:
    assert compare(event(figure(0, 3, "old")), event(figure(0, 3, "new"))) == []


def test_changes_are_counted_by_rule() -> None:
    summary = Summary()
    pairs = [(event(figure(0, 24)), event(figure(0, 12), toll={"killed": 1})), (event(), event())]
    assert len(list(tally(iter(pairs), summary))) == 1
    assert (summary.articles, summary.articles_changed, summary.tolls_changed) == (2, 1, 1)
    assert summary.figures == {("changed", "passive"): 1}
