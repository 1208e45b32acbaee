"""Measure accuracy on evaluation corpora and write docs/accuracy.json and the tables of docs/accuracy.md.

    python scripts/measure_accuracy.py EVAL_DIR

EVAL_DIR holds the corpora by question (casualties/, places/, duplicates/, incidents/), as docs/evaluation.md describes.
Only figures are written, no text. The prose of docs/accuracy.md, outside of its markers, stays as it is.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "accuracy.md"
FIGURES = ROOT / "docs" / "accuracy.json"


def evaluate(what: str, gold: list[Path], *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "stream_app", "evaluate", what, "--json", *options, "--gold", *map(str, gold)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)
    return {
        k: len(v) if k.endswith("_merges") and isinstance(v, list) else v for k, v in json.loads(ran.stdout).items()
    }


def measure(folder: Path) -> dict[str, Any]:
    """Every corpus in turn; several minutes."""
    places = [folder / "places" / f"{name}.jsonl" for name in ("LGL", "GeoWebNews", "GeoVirus")]
    figures: dict[str, Any] = {}
    for name in ("sentences", "gvdb", "idmc_displacement"):
        figures[f"casualties/{name}"] = evaluate("casualties", [folder / "casualties" / f"{name}.jsonl"])
    figures["casualties/gva tolls"] = evaluate("casualties", [folder / "incidents" / "gva.jsonl"])
    for prior in ("true", "false"):
        label = "with outlet" if prior == "true" else "without outlet"
        figures[f"places/pooled, {label}"] = evaluate("places", places, "--outlet-prior", prior)
        for path in places:
            figures[f"places/{path.stem}, {label}"] = evaluate("places", [path], "--outlet-prior", prior)
    duplicates = folder / "duplicates"
    pairs = ("--pairs", str(duplicates / "natural_pairs.jsonl"))
    figures["duplicates/natural"] = evaluate("duplicates", [duplicates / "natural.jsonl"], *pairs)
    figures["duplicates/synthetic"] = evaluate("duplicates", [duplicates / "synthetic.jsonl"])
    figures["incidents/gva"] = evaluate("incidents", [folder / "incidents" / "gva.jsonl"])
    figures["casualties/muc4 facts"] = muc_facts(folder)
    return figures


def muc_facts(folder: Path) -> dict[str, Any]:
    """MUC-4 keys give victims by document, without spans: `score.py` beside the corpora counts them."""
    gold = folder / "casualties" / "muc4.jsonl"
    with tempfile.TemporaryDirectory() as scratch:
        events = Path(scratch) / "events.jsonl"
        tag = [sys.executable, "-m", "stream_app", "tag", "--input", str(gold), "--output", str(events)]
        subprocess.run(tag, check=True, stderr=subprocess.DEVNULL)
        score = [sys.executable, str(folder / "score.py"), "casualties", str(gold), str(events)]
        ran = subprocess.run(score, check=True, capture_output=True, text=True)
    return dict(json.loads(ran.stdout.splitlines()[-1]))


def flat(figures: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in figures.items():
        rows.extend(flat(value, f"{prefix}{name} ") if isinstance(value, dict) else [(prefix + name, value)])
    return rows


def tables(figures: dict[str, Any]) -> str:
    parts = []
    for corpus, found in figures.items():
        rows = "\n".join(f"| {name} | {value} |" for name, value in flat(found))
        parts.append(f"### {corpus}\n\n| figure | value |\n| --- | --- |\n{rows}\n")
    return "\n".join(parts)


def between(page: str, marker: str, content: str) -> str:
    """`page` with what stands between the comments <!-- marker --> and <!-- /marker --> replaced."""
    head, rest = page.split(f"<!-- {marker} -->\n", 1)
    _, tail = rest.split(f"<!-- /{marker} -->", 1)
    return f"{head}<!-- {marker} -->\n{content}<!-- /{marker} -->{tail}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    measured = measure(Path(sys.argv[1]))
    FIGURES.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), "figures", tables(measured)), encoding="utf-8")
