"""The benchmark of the count hop runs, and its result has what the page of results asks for."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import bench_incidents, report


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    return bench_incidents.run(open_reports=600, crowd_reports=40, seed=7)


def test_what_is_open_while_it_is_timed_is_about_what_was_asked_for(result: dict[str, Any]) -> None:
    assert 400 < result["open_reports"] < 800
    assert result["with_a_tenth"]["open_reports"] < 100


def test_a_crowd_is_one_incident(result: dict[str, Any]) -> None:
    assert result["crowd_incidents"] == 1
    assert len(result["crowd_ms_per_report"]) == len(result["crowd_bytes_per_report"]) == bench_incidents.RUNS


def test_the_page_of_results_tells_it(result: dict[str, Any]) -> None:
    told = report.incidents({**result, "command": "bench_incidents --open 200"})
    assert f"{result['reports_per_s']} reports/s" in told
