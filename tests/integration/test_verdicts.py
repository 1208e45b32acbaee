"""Duplicate search gives the same verdicts however it is run; `test_service` holds the service to what `batch` writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson

from stream_app.core.hops import DUPLICATES, ENRICHED
from tests.integration.workers import environment

STREAM = Path(__file__).parents[2] / "seeds" / "stream.jsonl"
Verdicts = dict[str, list[tuple[str, str | None, str]]]


def stream_app(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "stream_app", *arguments], check=True, env=environment())


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def written_by_batch(folder: Path) -> Verdicts:
    """Verdict, article meant and cluster by article id, from the two topics that say so."""
    found: Verdicts = {}
    for event in lines_of(folder / f"{ENRICHED}.jsonl"):
        duplicate = event["duplicate"]
        verdict = (duplicate["verdict"], duplicate["revision_of"], duplicate["cluster_id"])
        found.setdefault(event["article_id"], []).append(verdict)
    for event in lines_of(folder / f"{DUPLICATES}.jsonl"):
        found.setdefault(event["article_id"], []).append((event["verdict"], event["of"], event["cluster_id"]))
    return found


def written_by_dedup(path: Path) -> Verdicts:
    found: Verdicts = {}
    for line in lines_of(path):
        found.setdefault(line["id"], []).append((line["verdict"], line["of"], line["cluster_id"]))
    return found


def test_dedup_and_batch_give_the_same_verdicts(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(b"\n".join(line for line in STREAM.read_bytes().splitlines() if b'"source"' in line))
    stream_app("dedup", "--input", str(source), "--output", str(tmp_path / "verdicts.jsonl"))
    stream_app("batch", "--input", str(source), "--output", str(tmp_path / "out"))
    verdicts = written_by_dedup(tmp_path / "verdicts.jsonl")
    assert verdicts == written_by_batch(tmp_path / "out")
    assert {verdict for given in verdicts.values() for verdict, _, _ in given} >= {"unique", "revision", "exact"}
