"""The wheel of stream-app-events is a whole package, alone: what a stranger installs."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from scripts.make_events import PACKAGE
from tests.interop.conftest import ran

pytestmark = [pytest.mark.contract, pytest.mark.tools]
USE = """
import sys
sys.path.insert(0, sys.argv[1])
import stream_app_events as events
assert events.__file__.startswith(sys.argv[1])
print(events.article("Two died.", id="a").decode())
"""


def test_the_wheel_holds_the_package_and_works_alone(tmp_path: Path) -> None:
    ran(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, PACKAGE)
    (wheel,) = tmp_path.glob("stream_app_events-*.whl")
    packed = zipfile.ZipFile(wheel)
    modules = {f"stream_app_events/{path.name}" for path in (PACKAGE / "stream_app_events").glob("*.py")}
    assert modules | {"stream_app_events/py.typed"} <= set(packed.namelist())
    about = next(name for name in packed.namelist() if name.endswith("METADATA"))
    assert "Requires-Dist" not in packed.read(about).decode()
    packed.extractall(tmp_path / "alone")
    assert ran(sys.executable, "-I", "-S", "-c", USE, tmp_path / "alone") == '{"id": "a", "text": "Two died."}\n'
