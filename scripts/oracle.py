"""Hash every byte that `tag` and `batch` write over the seeds and any corpora: what a rebuild must leave unchanged.

    python scripts/oracle.py [CORPUS.jsonl ...] > before.txt

Each line: a hash, the command and topic, the input. Compare two runs with diff; say which step of a rebuild changes it.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

SEEDS = Path(__file__).parents[1] / "seeds" / "stream.jsonl"
APP = (sys.executable, "-m", "stream_app")


def hashes(source: Path) -> list[tuple[str, str]]:
    """What the commands make of one file: the command and topic, and the hash of its bytes."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out"
        subprocess.run([*APP, "tag", "--input", source, "--output", Path(name) / "tagged"], check=False)
        subprocess.run([*APP, "batch", "--input", source, "--output", out], check=False, stderr=subprocess.DEVNULL)
        made = [("tag", Path(name) / "tagged"), *((f"batch {path.name}", path) for path in sorted(out.glob("*.jsonl")))]
        return [(what, hashlib.sha256(path.read_bytes()).hexdigest()[:16]) for what, path in made if path.exists()]


def main() -> None:
    for source in [SEEDS, *map(Path, sys.argv[1:])]:
        for what, digest in hashes(source):
            print(digest, what, source.name, flush=True)


if __name__ == "__main__":
    main()
