"""The yardstick of two mixes runs without anybody's texts, and says that this is a smoke test."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks import bench_mixes


@pytest.mark.slow
def test_the_short_form_measures_both_mixes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "mixes.json"
    few = ["--articles", "8", "--rounds", "1", "--last", "6", "--total", "18", "--output", str(output)]
    monkeypatch.setattr(sys, "argv", ["bench_mixes", *few])
    bench_mixes.main()
    result = json.loads(output.read_text(encoding="utf-8"))
    assert result["what"].startswith("a smoke test")
    for mix in result["mixes"].values():
        assert mix["us_an_article"]["median"] > 0
        assert mix["topics"]["articles.enriched"]["records_an_article"] > 0
    assert set(result["growth"]["growth"]) == {"read", "match", "tag", "count", "all"}
    assert "interpreter" in result
    assert result["interpreter"]["flags"] == [flag for flag in result["interpreter"]["flags"] if "/" not in flag]
