"""The consumers of examples/ keep a right table of tolls through a merge, an expiry, repeats, kills and a restart."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from aiokafka import AIOKafkaProducer

from stream_app.core import hops
from tests.interop import told
from tests.interop.conftest import ROOT, ran
from tests.kafka.broker import consume, create_topics, wait_until
from tests.kafka.cluster import Cluster, free_port, run_async

pytestmark = [pytest.mark.contract, pytest.mark.kafka]

Table = tuple[dict[str, tuple[Any, bool]], dict[str, str]]
WITH_EVENTS = {**os.environ, "PYTHONPATH": str(ROOT / "packages" / "stream-app-events")}
PARTS = 3


def publish(kafka: Cluster, topic: str, records: Sequence[told.Sent]) -> None:
    async def send() -> None:
        async with AIOKafkaProducer(bootstrap_servers=kafka.direct) as producer:
            for key, value, headers in records:
                await producer.send_and_wait(topic, value, key=key, headers=headers)

    run_async(send)


@contextmanager
def running(command: Sequence[str | Path], log: Path, folder: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    """A consumer, ended without a chance to tidy up."""
    with log.open("ab") as out:
        process = subprocess.Popen(list(map(str, command)), stdout=out, stderr=out, env=WITH_EVENTS, cwd=folder)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


def kept_through_kills(
    kafka: Cluster, command: Sequence[str | Path], topic: str, read: Callable[[], Any], log: Path, expected: Any = None
) -> None:
    """Run the consumer over the story in thirds, each with a tail told again, killed after each."""
    create_topics(kafka, {topic: PARTS})
    records, expected = told.sent(hops.TOLLS), told.table() if expected is None else expected
    third = len(records) // 3
    for start, end in ((0, third), (third, 2 * third), (2 * third, len(records))):
        publish(kafka, topic, [*records[max(0, start - 3) : start], *records[start:end]])
        with running(command, log):
            if end == len(records):
                wait_until(
                    lambda: read() == expected, f"{topic}: the table is right\n{log.read_text()[-800:]}", 60, 0.2
                )
            else:
                before = read()
                wait_until(lambda before=before: read() != before, f"{topic}: the table moves", 60, 0.1)  # type: ignore[misc]
    assert read() == expected


def test_the_story_has_all_that_may_happen() -> None:
    rows, merged = told.table()
    how = {dict(headers).get("tombstone") for _, value, headers in told.sent(hops.TOLLS) if value is None}
    assert how == {b"expired", b"merged", b"withdrawn"}
    assert merged
    assert {closed for _, closed in rows.values()} == {True, False}


def test_a_table_in_sqlite(kafka: Cluster, python: Path, tmp_path: Path) -> None:
    path = tmp_path / "tolls.db"

    def read() -> Table:
        if not path.exists():
            return {}, {}
        with closing(sqlite3.connect(path)) as db:
            rows = db.execute("select incident_id, toll, closed from tolls").fetchall()
            merged = dict(db.execute("select * from merged"))
        return {name: (json.loads(toll), bool(closed)) for name, toll, closed in rows}, merged

    command: list[str | Path] = [
        python,
        ROOT / "examples" / "python" / "tolls_sqlite.py",
        kafka.direct,
        path,
        "sqlite.tolls",
    ]
    kept_through_kills(kafka, command, "sqlite.tolls", read, tmp_path / "log")


def programs_of_postgres() -> Path | None:
    """Where PostgreSQL's programs are: Debian keeps those of the server off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def database(skipping: Callable[[str], None]) -> Iterator[str]:
    """A PostgreSQL of this test's own, on 127.0.0.1."""
    programs = programs_of_postgres()
    if programs is None:
        skipping("PostgreSQL is missing: Debian's package postgresql")
        return
    folder, port = Path(tempfile.mkdtemp(prefix="postgres-")), free_port()
    root = os.geteuid() == 0  # the server refuses to run as root
    if root:
        shutil.chown(folder, "postgres", "postgres")
    who: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if root else {}
    subprocess.run(
        [programs / "initdb", "--pgdata", folder / "data", "--auth", "trust", "--username", "news", "--no-sync"],
        check=True, capture_output=True, cwd=folder, **who,
    )  # fmt: skip
    command: list[str | Path] = [
        programs / "postgres",
        "-D",
        folder / "data",
        "-h",
        "127.0.0.1",
        "-p",
        str(port),
        "-k",
        "",
        "-c",
        "fsync=off",
    ]
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who)
    try:
        ready: list[str | Path] = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL starts", 60, 0.2)
        yield f"postgresql://news@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


READ_POSTGRES = """
import json, psycopg, sys
with psycopg.connect(sys.argv[1]) as db:
    there = db.execute("select to_regclass('tolls')").fetchone()[0]
    rows = db.execute("select incident_id, toll, closed from tolls").fetchall() if there else []
    merged = db.execute("select * from merged").fetchall() if there else []
print(json.dumps([rows, merged]))
"""


def test_a_table_in_postgresql(kafka: Cluster, python: Path, database: str, tmp_path: Path) -> None:
    def read() -> Table:
        rows, merged = json.loads(ran(python, "-c", READ_POSTGRES, database))
        return {name: (toll, closed) for name, toll, closed in rows}, dict(merged)

    command: list[str | Path] = [
        python,
        ROOT / "examples" / "python" / "tolls_postgres.py",
        kafka.direct,
        database,
        "postgres.tolls",
    ]
    kept_through_kills(kafka, command, "postgres.tolls", read, tmp_path / "log")


def from_file(path: Path) -> Callable[[], Table]:
    def read() -> Table:
        if not path.exists():
            return {}, {}
        state = json.loads(path.read_text(encoding="utf-8"))
        rows = {name: (row["toll"]["toll"], row["closed"]) for name, row in state["rows"].items()}
        return rows, state["merged"]

    return read


def test_a_table_in_javascript(kafka: Cluster, node: str, tmp_path: Path) -> None:
    path = tmp_path / "tolls.json"
    command: list[str | Path] = [
        node,
        ROOT / "examples" / "javascript" / "tolls.mjs",
        kafka.direct,
        path,
        "javascript.tolls",
    ]
    kept_through_kills(kafka, command, "javascript.tolls", from_file(path), tmp_path / "log")


def test_a_table_in_go(kafka: Cluster, go: Callable[[Path], Path], tmp_path: Path) -> None:
    path = tmp_path / "tolls.json"
    command: list[str | Path] = [go(ROOT / "examples" / "go"), kafka.direct, path, "go.tolls"]
    kept_through_kills(kafka, command, "go.tolls", from_file(path), tmp_path / "log")


def test_a_toll_over_time_is_drawn(tmp_path: Path) -> None:
    lines = [value.decode() for _, value, _ in told.sent(hops.REVISIONS) if value is not None]
    (tmp_path / "revisions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    script = ROOT / "examples" / "python" / "plot_toll.py"
    done = subprocess.run(
        [sys.executable, script, tmp_path / "revisions.jsonl"],
        env=WITH_EVENTS,
        capture_output=True,
        text=True,
        check=True,
    )
    drawn = ET.fromstring(done.stdout)
    assert [line.get("stroke-width") for line in drawn.iter("{http://www.w3.org/2000/svg}polyline")] != []


def sums_of(kafka: Cluster, topic: str) -> dict[str, int]:
    """The last value of each key."""
    found = (json.loads(record.value) for record in consume(kafka, topic))
    return {event["country"]: event["killed"] for event in found}


def test_sums_of_countries_by_quix_streams(kafka: Cluster, python: Path, tmp_path: Path) -> None:
    """Killed with its state kept, and once with its state lost: it comes back from the changelog."""
    create_topics(kafka, {"quix.tolls": PARTS, "quix.killed": 1})
    records, (rows, _) = told.sent(hops.TOLLS), told.table()
    places = {key: json.loads(value)["place"] for key, value, _ in records if value is not None}
    expected: Counter[str] = Counter()
    for key, place in places.items():
        toll, _ = rows.get(key.decode(), ({}, False))
        expected[place["country_code"] if place else "XX"] += toll["killed"]["low"] if "killed" in toll else 0
    assert set(expected) == {"UA", "PL", "XX"}
    assert set(+expected) == {"UA"}, "one that was withdrawn, one that merged"

    log, script = tmp_path / "log", ROOT / "examples" / "python" / "killed_by_country_quix.py"
    half = len(records) // 2
    for number, part in enumerate((records[:half], [*records[half - 3 : half], *records[half:]])):
        (tmp_path / str(number)).mkdir()
        publish(kafka, "quix.tolls", part)
        with running([python, script, kafka.direct, "quix.tolls", "quix.killed"], log, tmp_path / str(number)):
            if number == 0:
                wait_until(lambda: sums_of(kafka, "quix.killed") != {}, "sums come", 90, 0.3)
            else:
                said = "the sums are right"
                wait_until(
                    lambda: sums_of(kafka, "quix.killed") == expected, f"{said}\n{log.read_text()[-800:]}", 90, 0.3
                )
    assert sums_of(kafka, "quix.killed") == expected
