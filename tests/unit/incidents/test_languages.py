"""Reports in several languages are one incident by place, day, cause, kinds and numbers: no word is shared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stream_app.core.incidents import Counter
from tests.incident_builders import FAR_FUTURE_S

GIVEN = json.loads((Path(__file__).parents[2] / "cases" / "incidents" / "languages.json").read_text(encoding="utf-8"))


def record(told: dict[str, Any]) -> dict[str, Any]:
    """The record of `incidents.reports` of a report whose readings are given."""
    name = told["id"]
    figure = {"role": "toll", "qualifier": "exact", "victim_class": "unknown", "said_by": None}
    return {
        "report_id": f"report-{name}", "article_id": name, "cluster_id": name, "story_id": name,
        "source": f"{name}.example", "outlet": f"{name}.example", "wire": None, "own": True, "verdict": "unique",
        "language": told["language"], "published_at": told["at"], "place": GIVEN["place"][told["place"]], "places": [],
        "cause": told["causes"][0], "causes": told["causes"], "corrects": False, "follows": False, "sure_day": True,
        "event_time": {"first": told["day"], "last": told["day"], "precision": "day" if told["day"] else "unknown"},
        "terms": told.get("terms", []),
        "toll": {kind: {"low": n, "high": n} for kind, n in told["toll"].items()},
        "figures": [
            {**figure, "kind": kind, "low": n, "high": n, "phrase": str(n)} for kind, n in told["toll"].items()
        ],
    }  # fmt: skip


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in GIVEN["cases"]])
@pytest.mark.parametrize("backwards", [False, True], ids=["as they came", "backwards"])
def test_reports_meet_by_what_every_language_has(case: dict[str, Any], *, backwards: bool) -> None:
    counter = Counter()
    for told in reversed(case["reports"]) if backwards else case["reports"]:
        counter.count(record(told), FAR_FUTURE_S)
    tolls = counter.standing().values()
    assert sorted(sorted(toll["articles"]) for toll in tolls) == sorted(case["incidents"])
    assert sorted(toll["toll"]["killed"]["low"] for toll in tolls) == case["killed"]
    assert sorted(code for toll in tolls for code in toll["languages"]) == sorted(
        r["language"] for r in case["reports"]
    )
