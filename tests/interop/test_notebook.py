"""The notebook of examples/ runs from its first cell to its last on real events, and draws the toll that the ledger has."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path
from typing import Any

import pytest

import stream_app_events as events
from scripts import make_events
from stream_app.core import hops
from tests.interop.conftest import ROOT, ran
from tests.interop.test_examples import publish
from tests.kafka.broker import create_topics
from tests.kafka.cluster import Cluster

pytestmark = [pytest.mark.contract, pytest.mark.kafka]

NOTEBOOK = ROOT / "examples" / "notebook" / "toll_over_time.ipynb"
EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


def cells(path: Path) -> list[Any]:
    found: list[Any] = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    return found


def test_the_notebook_is_kept_without_results() -> None:
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells(NOTEBOOK))


def test_the_notebook_draws_the_toll_of_the_ledger(
    kafka: Cluster, python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = make_events.published()[hops.REVISIONS]
    create_topics(kafka, {"notebook.revisions": 3})
    told: list[tuple[bytes, bytes | None, list[tuple[str, bytes | None]]]] = [
        (
            line["incident_id"].encode(),
            json.dumps(line).encode(),
            [("ce_id", line["revision_id"].encode()), ("ce_type", b"incidents.revisions/1")],
        )
        for line in lines
    ]
    publish(kafka, "notebook.revisions", [*told, *told[-2:]])
    ledger = events.Ledger()
    for record in told:
        ledger.apply(events.read(*record))
    names = [line["incident_id"] for line in lines]
    incident = max(ledger.tolls(), key=names.count)

    for name, value in {
        "BROKERS": kafka.direct,
        "TOPIC": "notebook.revisions",
        "INCIDENT": incident,
        "PYTHONPATH": str(ROOT / "packages" / "stream-app-events"),
        "IPYTHONDIR": str(tmp_path),
        "MPLCONFIGDIR": str(tmp_path),
    }.items():
        monkeypatch.setitem(os.environ, name, value)
    ran(python, "-c", EXECUTE, NOTEBOOK, tmp_path / "run.ipynb", cwd=tmp_path)

    *_, read, folded, drawn = [cell["outputs"] for cell in cells(tmp_path / "run.ipynb")]
    assert f"{len(lines)} lines" in str(read)
    said = "".join(folded[0]["data"]["text/plain"])
    assert ast.literal_eval(said) == ledger.tolls()[incident]
    assert any("image/png" in output.get("data", {}) for output in drawn)
