"""What the wheel holds beside the code: gazetteer, seeds, schemas, whose data they are; the page of `serve` with Node.

Compiling takes twenty seconds and 1 GB of memory; the packages that it reads are among the build requirements. An
editable install gets nothing of it: there the gazetteer is compiled into the user's cache at first use.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataHook(BuildHookInterface):  # type: ignore[misc, type-arg, unused-ignore]  # hatchling may be absent where types are checked
    """Compiles the gazetteer when a wheel is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add files to what the wheel includes."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from stream_app.gazetteer.build import build  # noqa: PLC0415  # only a wheel needs it

        self._build_page(root)
        compiled = Path(self.directory) / "places.bin"
        compiled.parent.mkdir(parents=True, exist_ok=True)
        self.app.display_info("compiling the gazetteer ...")
        build(compiled, self.app.display_info)
        build_data["force_include"][str(compiled)] = "stream_app/gazetteer/places.bin"
        build_data["force_include"][str(root / "seeds")] = "stream_app/seeds"
        for path in (root / "schemas").glob("*.json"):
            build_data["force_include"][str(path)] = f"stream_app/schemas/{path.name}"

    def _build_page(self, root: Path) -> None:
        """The page, in `stream_app/serve/static`; without Node the wheel has the API alone."""
        if (root / "stream_app" / "serve" / "static" / "index.html").is_file():
            return
        npm, node = shutil.which("npm"), shutil.which("node")
        if npm is None or node is None:
            self.app.display_warning("no Node: the wheel holds no page")
            return
        self.app.display_info("building the page ...")
        for command in ((npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"), (node, "build.mjs")):
            subprocess.run(command, cwd=root / "web", check=True)  # noqa: S603  # tools of the machine, words of ours

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Leave the wheel alone beside what was there."""
        (Path(self.directory) / "places.bin").unlink(missing_ok=True)
