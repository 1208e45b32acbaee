"""`make web-test`: the page's types and tests, then a browser on a live service. Needs Node and Debian's Chromium.

Where one of them is missing it says so and ends with 0; in CI (CI=true) it ends with 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() == "true"


def main() -> int:
    """Run the parts in order; the first that fails ends it."""
    if IN_CI and shutil.which("chromium") is None and hasattr(os, "geteuid") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, stdout=subprocess.DEVNULL)
    missing = [tool for tool in ("npm", "node", "chromium") if shutil.which(tool) is None]
    if missing:
        print(f"web-test skipped: {', '.join(missing)} missing")
        return 1 if IN_CI else 0
    environ = {**os.environ, "STREAM_APP": str(Path(sys.executable).with_name("stream-app"))}
    for command in (
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        ["npm", "run", "--silent", "check"],
        ["npm", "test", "--silent"],
        ["node", "build.mjs"],
        ["npm", "run", "--silent", "browser"],
    ):
        print("web:", *command, flush=True)
        if subprocess.run(command, cwd=ROOT / "web", check=False, env=environ).returncode:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
