"""Check everything that operating the service rests on; exit 0 only if every check ran and passed.

`--install` only installs what the checks need: Prometheus with promtool, and kcat, as root from Debian, where they
lack. The tools of requirements/ops.lock are installed by make. The checks are tests/ops, in which nothing may be
skipped.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
OPS_BIN = ROOT / ".venv" / "ops" / "bin"
PACKAGES = {"promtool": "prometheus", "prometheus": "prometheus", "kcat": "kcat"}
"""Programs, and the packages of Debian that bring them; kcat publishes in tests/kafka/test_codecs.py."""
OF_THE_LOCK = ("hadolint", "docker-compose", "check-jsonschema", "kubernetes-validate", "cyclonedx-py", "pip-licenses")


def install() -> None:
    """Install Debian's prometheus and kcat where they are missing and this is root; no service is started."""
    wanted = sorted({package for name, package in PACKAGES.items() if shutil.which(name) is None})
    if not wanted:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"missing: install Debian's packages {', '.join(wanted)} (as root)", file=sys.stderr)
        return
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (("update",), ("install", "--yes", "--no-install-recommends", *wanted)):
        subprocess.run(["apt-get", "--quiet", "--quiet", *command], check=True, env=environ, stdout=subprocess.DEVNULL)


def missing() -> list[str]:
    """Tools that are not there."""
    gone = [name for name in PACKAGES if shutil.which(name) is None]
    return gone + [name for name in OF_THE_LOCK if not (OPS_BIN / name).exists()]


def checked() -> int:
    """Run the tests of tests/ops; a skipped one counts as a failure."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/ops", "-rs", "--durations=5", "-p", "no:cacheprovider"],
        cwd=ROOT, env={**os.environ, "OPS_CHECK": "1"}, stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    print(done.stdout)
    skipped = re.search(r"\b([1-9]\d*) (skipped|deselected)\b", done.stdout) or "\nSKIPPED" in done.stdout
    if skipped:
        print("ops-check: something was not run", file=sys.stderr)
    return done.returncode or bool(skipped)


def main(arguments: Sequence[str]) -> int:
    install()
    if "--install" in arguments:
        return 0
    if gone := missing():
        print(f"ops-check: missing: {', '.join(gone)}; run make ops-tools", file=sys.stderr)
        return 1
    code = checked()
    print("ops-check: all ran and passed" if code == 0 else "ops-check: failed")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
