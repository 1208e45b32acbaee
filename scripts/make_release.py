"""Keep the schemas of this version for the next release to be compared with, and build both wheels into dist/.

Run by `make release`. A version that the changelog does not tell of is refused; `--dry-run` keeps and builds nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts import compatibility
from scripts.make_events import MODELS, PACKAGE, ROOT, load
from stream_app import __version__


def refusals() -> list[str]:
    """Why this tree is no release, in words."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    told = [] if f"\n## {__version__} " in changelog else [f"CHANGELOG.md has no heading for {__version__}"]
    broken = compatibility.unannounced(compatibility.last_release())
    return told + [f"{name}: {line}" for name, lines in broken.items() for line in lines]


def keep_schemas(folder: Path) -> None:
    """Write the schemas that others build on, without their examples."""
    folder.mkdir(parents=True, exist_ok=True)
    for topic in MODELS:
        schema = {name: part for name, part in load(topic).items() if name != "examples"}
        (folder / f"{topic}-1.json").write_text(
            json.dumps(schema, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )


def main(arguments: Sequence[str]) -> int:
    if found := refusals():
        print("\n".join(found), file=sys.stderr)
        return 1
    if "--dry-run" in arguments:
        return 0
    keep_schemas(compatibility.RELEASED / __version__)
    for project in (ROOT, PACKAGE):
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", ROOT / "dist", project]
        subprocess.run([str(word) for word in command], check=True)
    print(f"stream-app {__version__}: wheels in dist/, schemas in schemas/released/{__version__}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
