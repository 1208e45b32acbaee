"""What mkdocs.yml asks for while the pages are built: the list of decisions, as the folder has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

DECISIONS = "adr/index.md"


def on_page_markdown(markdown: str, page: Any, config: Any, **_: Any) -> str:
    """The page of decisions with a line for each."""
    if page.file.src_uri != DECISIONS:
        return markdown
    paths = sorted((Path(config["docs_dir"]) / "adr").glob("0*.md"))
    lines = [f"- [{_title(path)}]({path.name})" for path in paths]
    return "\n".join([markdown, *lines])


def _title(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
