"""What the docs say is so: code runs, commands, topics and links exist."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import yaml

from stream_app.cli import COMMANDS
from stream_app.core.poison import REASONS
from stream_app.service.topics import TOPICS
from tests.integration.workers import environment

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
PYTHON = re.compile(r"^ *```python\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
SIGNPOST = re.compile(r"`((?:core|service|intake|cli)/[\w/.]*)`(?:: `(\w+)`)?")
LINK = re.compile(r"\]\(([^)#:]+?)(?:#[^)]*)?\)")


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    missing = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", [p for p in PAGES if PYTHON.search(p.read_text(encoding="utf-8"))], ids=named)
def test_code_in_the_docs_runs(page: Path) -> None:
    for block in PYTHON.findall(page.read_text(encoding="utf-8")):
        indent = min(len(line) - len(line.lstrip()) for line in block.splitlines() if line.strip())
        exec("\n".join(line[indent:] for line in block.splitlines()), {"__name__": "docs"})


@pytest.mark.parametrize("name", ["architecture.md", "adding-a-tagger.md", "languages.md"])
def test_signposts_lead_to_what_they_name(name: str) -> None:
    signposts = SIGNPOST.findall((ROOT / "docs" / name).read_text(encoding="utf-8"))
    assert signposts
    for path, word in signposts:
        target = ROOT / "stream_app" / path
        assert target.exists(), path
        assert not word or re.search(rf"\b{word}\b", target.read_text(encoding="utf-8")), (path, word)


def test_every_part_of_the_core_is_in_the_architecture() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    parts = [path for path in (ROOT / "stream_app" / "core").iterdir() if path.name[:1] != "_"]
    assert [path.name for path in parts if f"`core/{path.name}{'/' if path.is_dir() else ''}`" not in page] == []


def test_the_tagger_of_the_docs_is_the_one_that_the_contract_tests_run() -> None:
    (shown,) = PYTHON.findall((ROOT / "docs" / "adding-a-tagger.md").read_text(encoding="utf-8"))
    assert textwrap.dedent(shown) == (ROOT / "tests" / "reference_tagger.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "stream_app", command, "--help"],
        capture_output=True, text=True, check=True, env=environment(),
    )  # fmt: skip
    assert "example:" in shown.stdout
    assert f"stream-app {command}" in shown.stdout


def test_wrong_use_exits_2_in_one_line_without_a_traceback() -> None:
    for arguments in (["tag", "--input", "/nowhere.txt"], ["evaluate", "casualties", "--gold", "/nowhere.jsonl"]):
        refused = subprocess.run(
            [sys.executable, "-m", "stream_app", *arguments],
            capture_output=True,
            text=True,
            check=False,
            env=environment(),
        )
        assert refused.returncode == 2
        assert len(refused.stderr.splitlines()) == 1
        assert "nowhere" in refused.stderr


def test_a_wrong_setting_exits_2_and_names_its_variable() -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "stream_app", "worker"],
        capture_output=True, text=True, check=False, env=environment(partitions="many"),
    )  # fmt: skip
    assert refused.returncode == 2
    assert refused.stderr == "stream-app worker: STREAM_APP_PARTITIONS='many': expected 1..4096\n"


def test_every_topic_and_reason_is_described_for_consumers() -> None:
    described = yaml.safe_load((ROOT / "schemas" / "asyncapi.yaml").read_text(encoding="utf-8"))
    assert {channel["address"] for channel in described["channels"].values()} == {spec.name for spec in TOPICS}
    letters = described["components"]["schemas"]["deadLetterHeaders"]["properties"]
    assert letters["reason"]["enum"] == list(REASONS)
    page = (ROOT / "docs" / "producers.md").read_text(encoding="utf-8")
    assert [reason for reason in REASONS if f"`{reason}`" not in page] == []


def test_the_repository_names_no_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split(
        "\n"
    )
    hosts = re.compile(r"(?:/work/|/root/|pypi\.org|files\.pythonhosted|repo1?\.maven|deb\.debian)")
    named_in = [name for name in listed if name and (ROOT / name).is_file() and hosts.search(_text(ROOT / name))]
    assert set(named_in) <= {"tests/docs/test_docs.py"}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="ignore")
