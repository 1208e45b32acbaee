"""Fill the marked parts of docs/demo.md (a true demo, one real event) and of the README (what was measured).

    python scripts/make_readme.py

Runs the demo, so it needs the embedded broker. Figures: docs/accuracy.json, benchmarks/results/summary.json.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from measure_accuracy import between

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DEMO = ROOT / "docs" / "demo.md"
SHOWN_ARTICLES = ("founding", "revision", "ferry")
EVENT = "kidnap"


def demo_excerpt() -> str:
    """The start of each section, cut where it says "..."."""
    command = [sys.executable, "-m", "stream_app", "demo"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    sections: list[list[str]] = []
    for line in lines:
        if line.rstrip("-").endswith(") ") or not sections:
            sections.append([])
        sections[-1].append(line.rstrip())
    kept = [line for section in sections[1:] for line in _start(section)]
    return "\n".join(kept)


def _start(section: list[str]) -> list[str]:
    """The head and the first lines of a section."""
    room = {"Enriched": 19, "Copies,": 3, "Tolls": 9, "Revisions": 5, "Dead": 6}[section[0].split()[0]]
    body = [line for line in section if line and not line.startswith("done in")]
    return [*body[: room + 1], *(["..."] if len(body) > room + 1 else []), ""]


def event() -> tuple[dict[str, Any], dict[str, Any]]:
    """One seed as it goes in and as it comes out, its lists cut to one item."""
    lines = (ROOT / "seeds" / "stream.jsonl").read_bytes().splitlines()
    line = next(line for line in lines if line.startswith(b'{"id": "%s"' % EVENT.encode()))
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "in.jsonl"
        source.write_bytes(line)
        command = [sys.executable, "-m", "stream_app", "tag", "--input", str(source), "--output", "-"]
        out = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    for name in ("casualties", "places"):
        out[name] = out[name][-1:]
    return json.loads(line), out


def block(value: Any) -> str:
    return f"```json\n{json.dumps(value, indent=1, ensure_ascii=False)}\n```\n"


def measured() -> str:
    """The headline figures, each with the command that shows it."""
    accuracy = json.loads((ROOT / "docs" / "accuracy.json").read_text(encoding="utf-8"))
    speed = json.loads((ROOT / "benchmarks" / "results" / "summary.json").read_text(encoding="utf-8"))
    sentences, pooled = accuracy["casualties/sentences"], accuracy["places/pooled, with outlet"]
    gva, latency = accuracy["incidents/gva"], speed["latency_ms"]
    alarms = f"{sentences['false_alarms']} false alarms in {sentences['negatives']} sentences without one"
    natural, synthetic = accuracy["duplicates/natural"]["f1"], accuracy["duplicates/synthetic"]["f1"]
    tolls = ", ".join(f"{kind} {value}" for kind, value in gva["toll_exact"].items())
    rows = [
        ("casualty figures, 300 sentences", f"F1 {sentences['value']['f1']}, {alarms}"),
        (
            "places, three corpora that the weights were fitted to (less when [cross-validated](docs/places.md))",
            f"F1 {pooled['span']['f1']}, span and place together {pooled['e2e']['f1']}",
        ),
        ("copies on real wire / synthetic", f"F1 {natural} / {synthetic}"),
        (
            "incidents, 526 US articles",
            f"grouping F1 {gva['b3']['f1']} (B-cubed: each article asks who belongs to it), toll exact: {tolls}",
        ),
        ("whole pipeline, one core", f"{speed['pipeline_articles_per_s_core']} articles/s"),
        ("raw to enriched at 200 articles/s", f"p50 {latency['p50']} ms, p99 {latency['p99']} ms"),
    ]
    lines = "\n".join(f"| {what} | {value} |" for what, value in rows)
    return (
        f"| what | measured |\n| --- | --- |\n{lines}\n\n"
        "Development halves of the corpora, on two shared cores; how, and what falls short:"
        " [docs/accuracy.md](docs/accuracy.md), [docs/performance.md](docs/performance.md).\n"
    )


def main() -> None:
    page = DEMO.read_text(encoding="utf-8")
    page = between(page, "demo", f"```\n{demo_excerpt().rstrip()}\n```\n")
    going_in, coming_out = event()
    head, rest = page.split("<!-- event-in -->\n", 1)
    _, tail = rest.split("<!-- /event -->", 1)
    between_them = "Out, on `articles.enriched` (one of its figures and one of its places):"
    shown = f"{block(going_in)}\n{between_them}\n\n{block(coming_out)}"
    page = f"{head}<!-- event-in -->\n{shown}<!-- /event -->{tail}"
    DEMO.write_text(page, encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    README.write_text(between(readme, "measured", measured()), encoding="utf-8")


if __name__ == "__main__":
    main()
