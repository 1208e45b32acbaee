"""The pages build, and every link and anchor in them leads somewhere."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
import yaml

from tests.interop.conftest import ROOT, ran

pytestmark = [pytest.mark.contract, pytest.mark.tools]
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?(?:https?:)?//|<link\b[^>]*\bhref=["']?(?:https?:)?//"""
)


@pytest.fixture(scope="module")
def site(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages; building them fails where a link or an anchor leads nowhere."""
    folder = tmp_path_factory.mktemp("site")
    ran(python, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder, timeout_s=300)
    return folder


def text_of(path: Path) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", path.read_text(encoding="utf-8")))


def test_the_site_builds_and_its_links_lead_somewhere(site: Path) -> None:
    assert "36. The schemas are the contract" in text_of(site / "adr" / "index.html")


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert pages
    assert [path.name for path in pages if FETCHED.search(path.read_text(encoding="utf-8"))] == []
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    assert re.search(r"@import|url\([\"']?(?:https?:)?//", styles) is None


def test_the_asyncapi_document_is_among_the_pages(site: Path) -> None:
    document = yaml.safe_load((ROOT / "schemas" / "asyncapi.yaml").read_text(encoding="utf-8"))
    page = site / "asyncapi" / "index.html"
    told, words = page.read_text(encoding="utf-8"), " ".join(text_of(page).split())
    for name, channel in document["channels"].items():
        assert f'<h2 id="{channel["address"].replace(".", "")}">' in told
        message = document["components"]["messages"][name]
        assert message["title"] in words
        for example in message.get("examples", ()):
            said = [value for value in example["payload"].values() if isinstance(value, str) and value]
            assert all(" ".join(value.replace('"', '\\"').split()) in words for value in said)
    assert told.count(">field by field</a>") >= 7
    for operation in document["operations"]:
        assert operation in words
    for headers in document["components"]["schemas"].values():
        for header in headers["properties"]:
            assert f"<code>{header}</code>" in told
    for schema in [*(ROOT / "schemas").glob("*-1.json"), ROOT / "schemas" / "asyncapi.yaml"]:
        assert (site / "schemas" / schema.name).read_bytes() == schema.read_bytes()
