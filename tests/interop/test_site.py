"""The pages build, and every link and anchor in them leads somewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interop.conftest import ran

pytestmark = [pytest.mark.contract, pytest.mark.tools]


def test_the_site_builds_and_its_links_lead_somewhere(python: Path, tmp_path: Path) -> None:
    ran(python, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path, timeout_s=300)
    listed = (tmp_path / "adr" / "index.html").read_text(encoding="utf-8")
    assert "36. The schemas are the contract" in listed
