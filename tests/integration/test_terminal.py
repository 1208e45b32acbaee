"""Every command under a pseudo-terminal, wide, narrow and dumb, and piped: what people see is not what a pipe sees."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stream_app.service.embedded import EmbeddedBroker, free_port
from tests.integration import terminal
from tests.integration.workers import environment

pytestmark = pytest.mark.slow

SEEDS = Path(__file__).parents[2] / "seeds" / "stream.jsonl"
FORMS = {"wide": (160, "xterm-256color"), "narrow": (40, "xterm-256color"), "dumb": (100, "dumb")}
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7])(?:;\d+)*m")
DRAWN = re.compile(r"\x1b\[\??\d*[A-HJKl]")

# Without a broker: the words of each command, and what it must show.
ALONE: dict[str, tuple[list[str], str]] = {
    "tag": (["tag", "{seeds}", "--output", "{folder}/tagged.jsonl"], "tagged"),
    "tag to the terminal": (["tag", "{story}", "--explain"], "killed"),
    "dedup": (["dedup", "{seeds}", "--output", "{folder}/verdicts.jsonl"], "judged"),
    "batch": (["batch", "{seeds}", "--output", "{folder}/out"], "articles"),
    "evaluate": (["evaluate", "casualties", "--gold", "{gold}"], "tagged"),
    "replay-diff": (["replay-diff", "--events", "{events}"], "compared"),
    "gazetteer info": (["gazetteer", "info"], "entries"),
    "gazetteer lookup": (["gazetteer", "lookup", "Lima"], "Lima"),
}
DRAWING = ("tag", "dedup", "batch", "evaluate", "replay-diff")
# Against a broker that has the topics and the seeds.
BROKER: dict[str, tuple[list[str], str]] = {
    "topics": (["topics"], "articles.raw"),
    "publish": (["publish", "{seeds}"], "published"),
    "tail": (["tail", "articles.raw", "--until-end"], "Ferry"),
    "redrive": (["redrive", "--reason", "no_text"], ""),
}


def command(words: list[str], **known: object) -> list[str]:
    return [sys.executable, "-m", "stream_app", *(word.format(**known) for word in words)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the commands need: a story, gold, enriched events."""
    folder = tmp_path_factory.mktemp("made")
    story, gold, events = folder / "story.txt", folder / "gold.jsonl", folder / "events.jsonl"
    story.write_text("Two people were killed in Lima on Monday, police said.", encoding="utf-8")
    rows = [
        {"id": f"g{n}", "text": f"{n} people were killed in Lima.", "gold": [], "mentions": []} for n in range(2, 9)
    ]
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    words = ["tag", str(SEEDS), "--output", str(events), "--quiet"]
    subprocess.run(command(words), env=environment(), check=True, capture_output=True)
    return {"seeds": str(SEEDS), "story": str(story), "gold": str(gold), "events": str(events)}


@pytest.fixture(scope="module")
def broker() -> Iterator[dict[str, str]]:
    """The environment of a broker that all tests here share, with its topics."""
    with EmbeddedBroker() as running:
        environ = environment(brokers=running.address)
        subprocess.run(command(["topics", "--create"]), env=environ, check=True, capture_output=True)
        yield environ


@pytest.mark.parametrize(
    ("name", "form"), [(name, form) for name in ALONE for form in FORMS if form == "wide" or name in DRAWING]
)
def test_a_command_ends_well_on_any_terminal(name: str, form: str, made: dict[str, str], tmp_path: Path) -> None:
    (words, said), (columns, kind) = ALONE[name], FORMS[form]
    code, shown = terminal.run(
        command(words, **made, folder=tmp_path), {**environment(), "TERM": kind}, columns
    )  # fmt: skip
    assert code == 0, shown
    assert said in shown
    assert "Traceback" not in shown
    if kind == "dumb":
        assert not DRAWN.search(shown)
    if name in DRAWING:
        assert re.search(r"\d/s", shown), shown
        assert re.search(r"\d of \d|\d% of", shown), shown


@pytest.mark.parametrize("name", DRAWING)
def test_quiet_shows_no_progress(name: str, made: dict[str, str], tmp_path: Path) -> None:
    words = [*ALONE[name][0], "--quiet"]
    code, shown = terminal.run(command(words, **made, folder=tmp_path), environment())
    assert code == 0, shown
    assert not re.search(r"\d/s\b|% of", shown), shown
    assert "\x1b[?25l" not in shown  # no cursor hidden: nothing was drawn


@pytest.mark.parametrize("name", ["tag to the terminal", "batch", "evaluate"])
def test_without_colour_none_is_written(name: str, made: dict[str, str], tmp_path: Path) -> None:
    words = command(ALONE[name][0], **made, folder=tmp_path)
    code, shown = terminal.run(words, {**environment(), "NO_COLOR": "1"})
    assert code == 0, shown
    assert not COLOUR.search(shown), shown


@pytest.mark.parametrize("name", ALONE)
def test_piped_nothing_is_drawn_or_coloured(name: str, made: dict[str, str], tmp_path: Path) -> None:
    words = command(ALONE[name][0], **made, folder=tmp_path)
    ran = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False, timeout=90)
    assert ran.returncode == 0, ran.stderr
    assert "\x1b" not in ran.stdout + ran.stderr
    assert not re.search(r"\d/s\b", ran.stderr)


def test_what_goes_to_a_file_gets_there_while_a_terminal_watches(made: dict[str, str], tmp_path: Path) -> None:
    found = tmp_path / "changes"
    words = [*command(ALONE["replay-diff"][0], **made), "--convention", "acled"]
    line = " ".join([*words, ">", str(found)])
    code, shown = terminal.run(["sh", "-c", line], environment())
    assert code == 0, shown
    assert "tolls changed" in found.read_text(encoding="utf-8")
    assert "tolls changed" not in shown


@pytest.mark.parametrize("columns", [40, 160])
def test_where_the_whole_is_not_known_it_is_said_how_much_was_read(columns: int, tmp_path: Path) -> None:
    words = command(["tag", "-", "--output", str(tmp_path / "out.jsonl")])
    code, shown = terminal.run(["sh", "-c", f"cat {SEEDS} | {' '.join(words)}"], environment(), columns)
    assert code == 0, shown
    assert "kB read" in shown.replace("\r\n", " ")


@pytest.mark.broker
@pytest.mark.parametrize("form", [*FORMS, "piped"])
def test_a_command_to_a_broker_ends_well_everywhere(form: str, broker: dict[str, str]) -> None:
    for words, said in (BROKER[name] for name in ("topics", "publish", "tail", "redrive")):
        if form == "piped":
            ran = subprocess.run(
                command(words, seeds=SEEDS), env=broker, capture_output=True, text=True, check=False, timeout=60
            )
            code, shown = ran.returncode, ran.stdout + ran.stderr
            assert "\x1b" not in shown
        else:
            columns, kind = FORMS[form]
            code, shown = terminal.run(command(words, seeds=SEEDS), {**broker, "TERM": kind}, columns)
        assert code == 0, shown
        assert said in shown
        assert "Traceback" not in shown


@pytest.mark.broker
@pytest.mark.parametrize("form", ["narrow", "dumb"])
def test_a_worker_starts_and_stops_on_a_terminal(form: str, broker: dict[str, str]) -> None:
    columns, kind = FORMS[form]
    environ = {**broker, "TERM": kind, "STREAM_APP_WEB_PORT": str(free_port())}
    code, shown = terminal.run(command(["worker"]), environ, columns, interrupt_at="pages on")
    assert code in {0, 130}, shown
    assert "Traceback" not in shown


@pytest.mark.broker
@pytest.mark.parametrize("form", ["narrow", "dumb"])
def test_dev_starts_and_stops_on_a_terminal(form: str) -> None:
    columns, kind = FORMS[form]
    ports = (word for name in ("--port", "--web-port", "--page-port") for word in (name, str(free_port())))
    words = command(["dev", *ports])
    code, shown = terminal.run(words, {**environment(), "TERM": kind}, columns, interrupt_at="Ctrl-C ends it")
    assert code == 130, shown
    assert "Traceback" not in shown


@pytest.mark.broker
@pytest.mark.parametrize("form", FORMS)
def test_the_demo_ends_well_on_a_terminal(form: str) -> None:
    columns, kind = FORMS[form]
    code, shown = terminal.run(command(["demo"]), {**environment(), "TERM": kind}, columns)
    assert code == 0, shown
    assert "Tolls as they stand" in shown
    if kind == "dumb":
        assert not DRAWN.search(shown)
