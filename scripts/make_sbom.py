"""Write what a worker installs: build/sbom.cdx.json (CycloneDX) and build/licences.md; fails on a licence not allowed.

Installs requirements/image.lock and the project into build/worker, so that no tool of ours is listed. Runs in the
environment of requirements/ops.lock, by `make sbom`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUILD = ROOT / "build"
WORKER = BUILD / "worker"
TOOLS = Path(sys.executable).parent
#: Licences under which a worker may be passed on with Apache-2.0; weak copyleft of libraries that stay as they are.
ALLOWED = re.compile(
    r"apache|mit\b|bsd|isc|python software foundation|psf|0bsd|zlib|unlicense|public domain|mozilla|mpl|cc0|cc-by-4|"
    r"repoze|lesser general public|lgpl",
    re.IGNORECASE,
)


def run(*command: str | Path) -> str:
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, cwd=ROOT).stdout


def install() -> Path:
    """The interpreter of an environment with what the image has."""
    python = WORKER / "bin" / "python"
    run(sys.executable, "-m", "venv", "--clear", WORKER)
    pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "--requirement", "requirements/image.lock")
    run(*pip, "--no-deps", ".")
    run(python, "-m", "pip", "uninstall", "--quiet", "--yes", "setuptools", "pip")
    return python


def licences(python: Path) -> list[dict[str, str]]:
    listed = run(TOOLS / "pip-licenses", "--python", python, "--from=mixed", "--format=json")
    found: list[dict[str, str]] = json.loads(listed)
    return sorted(found, key=lambda row: row["Name"].lower())


def table(rows: list[dict[str, str]]) -> str:
    lines = [f"| {row['Name']} | {row['Version']} | {' '.join(row['License'].split())[:120]} |" for row in rows]
    return "\n".join(["# Licences", "", "| package | version | licence |", "| --- | --- | --- |", *lines, ""])


def main() -> int:
    BUILD.mkdir(exist_ok=True)
    python = install()
    run(
        TOOLS / "cyclonedx-py", "environment", python, "--pyproject", "pyproject.toml", "--spec-version", "1.6",
        "--output-reproducible", "--output-file", BUILD / "sbom.cdx.json",
    )  # fmt: skip
    rows = licences(python)
    (BUILD / "licences.md").write_text(table(rows), encoding="utf-8")
    components = json.loads((BUILD / "sbom.cdx.json").read_text(encoding="utf-8"))["components"]
    print(f"build/sbom.cdx.json: {len(components)} components; build/licences.md: {len(rows)} packages")
    refused = [row for row in rows if not ALLOWED.search(row["License"])]
    for row in refused:
        print(f"licence not allowed: {row['Name']} {row['Version']}: {row['License'][:80]}", file=sys.stderr)
    return bool(refused)


if __name__ == "__main__":
    sys.exit(main())
