"""The pages of results are made of what results hold, and the history keeps what is followed."""

from __future__ import annotations

from pathlib import Path

from benchmarks import harness, history, report

DOCUMENT = {
    "benchmark": "core", "form": "full", "at": "2026-01-02T03:04:05+00:00", "commit": "abc1234", "control_us": 20.5,
    "uncommitted_changes": True, "load_before": [1.5, 1.0, 0.5], "versions": {"python": "3.11.2"},
    "interpreter": {"build": "Debian's"}, "us_an_article": {"all": {"median": 1500.0}, "match": {"median": 300.0}},
}  # fmt: skip


def test_a_line_of_history_has_commit_day_interpreter_control_and_what_is_followed() -> None:
    told = history.line(DOCUMENT)
    assert (told["commit"], told["at"][:10], told["build"], told["control_us"]) == (
        "abc1234",
        "2026-01-02",
        "Debian's",
        20.5,
    )
    assert told["figures"] == {"core, us an article": 1500.0, "match": 300.0}


def test_the_page_of_history_has_the_newest_run_first(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    history.note(path, DOCUMENT)
    history.note(path, {**DOCUMENT, "commit": "def5678", "uncommitted_changes": False})
    page = report.past(path)
    assert page.index("| def5678 |") < page.index("| abc1234 and changes |")
    assert "1500" in page


def test_both_pages_are_as_the_results_say() -> None:
    assert report.HISTORY.read_text(encoding="utf-8") == report.past(harness.RESULTS / "history.jsonl")
    assert report.PATH.read_text(encoding="utf-8") == report.page()
