"""The dashboards of the store: each question is put to a real store, and answers as the topics do."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

import stream_app_events as events
from scripts import make_store_dashboards as boards
from stream_app.core import hops
from stream_app.serve.records import Consumed
from stream_app.serve.store import Store
from tests.interop import told

Rows = list[dict[str, Any]]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the store is."""
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def filled(url: str) -> Iterator[str]:
    """A store that has read a story with a merge, an expiry and a withdrawal."""
    store = Store(url)
    store.forget()
    for topic in (hops.TOLLS, hops.REVISIONS):
        store.apply([
            Consumed(topic, 0, offset, 0, key, value, tuple(headers))
            for offset, (key, value, headers) in enumerate(told.sent(topic))
        ])  # fmt: skip
    yield url
    store.forget()
    store.close()


def answer(url: str, query: str, incident: str = "") -> Rows:
    """What a database says to a question of Grafana's, with its variables filled in."""
    for name, value in {"${incident:sqlstring}": f"'{incident}'", "$__from": "0", "$__to": "4000000000000"}.items():
        query = query.replace(name, value)
    engine = create_engine(url.replace("postgresql://", "postgresql+pg8000://"))
    try:
        with engine.connect() as connection:
            return [dict(row._mapping) for row in connection.exec_driver_sql(query)]
    finally:
        engine.dispose()


def question(url: str, title: str) -> str:
    """The query of a panel, as the dashboard for this kind of store has it; "incident" is that of the variable."""
    name = "sqlite" if url.startswith("sqlite") else "postgresql"
    page = json.loads((boards.FOLDER / f"tolls-{name}.json").read_text(encoding="utf-8"))
    asked = {panel["title"]: panel["targets"][0] for panel in page["panels"]}
    asked["incident"] = page["templating"]["list"][1]
    found = asked[title]
    return str(found.get("rawSql") or found.get("queryText") or found["query"])


def test_the_dashboards_are_what_their_code_makes() -> None:
    assert boards.main(["--check"]) == 0


def test_a_toll_over_time_ends_where_the_ledger_does(filled: str) -> None:
    ledger, lines = events.Ledger(), defaultdict(list)
    for record in told.sent(hops.REVISIONS):
        event = events.read(*record)
        ledger.apply(event)
        lines[event.value["incident_id"]].append(event.value)
    assert len(lines) > 3
    for incident, of_it in lines.items():
        steps = answer(filled, question(filled, "Toll over time"), incident)
        assert [step["time"] for step in steps] == sorted(step["time"] for step in steps)
        last = {step["metric"]: step["value"] for step in steps}
        stands = {kind: bounds["low"] for kind, bounds in ledger.tolls().get(incident, {}).items()}
        assert {kind: low for kind, low in last.items() if low} == stands
        kinds = {line["kind"] for line in of_it if line["kind"] and line["why"] != "contradicted"}
        assert kinds <= set(last)


def test_the_other_panels_count_what_stands(filled: str) -> None:
    standing = events.StandingTolls()
    for record in told.sent(hops.TOLLS):
        standing.apply(events.read(*record))
    rows = {name: standing[name].toll for name in standing}
    killed: Counter[str] = Counter()
    for toll in rows.values():
        if "killed" in toll["toll"]:
            killed[toll["place"]["country_code"] or "unknown" if toll["place"] else "unknown"] += toll["toll"][
                "killed"
            ]["low"]

    by_country = answer(filled, question(filled, "Killed by country"))
    assert {row["country"]: row["killed"] for row in by_country} == killed
    days = Counter(toll["first_reported"][:10] for toll in rows.values())
    by_day = answer(filled, question(filled, "Incidents by day"))
    assert sorted(row["value"] for row in by_day) == sorted(days.values())
    assert all(row["time"] % 86400 == 0 for row in by_day)
    listed = answer(filled, question(filled, "Incidents"))
    assert {(row["incident"], row["kind"], row["low"], row["high"]) for row in listed} == {
        (name, kind, entry["low"], entry["high"]) for name, toll in rows.items() for kind, entry in toll["toll"].items()
    }
    offered = answer(filled, question(filled, "incident"))
    assert {row["__value"] for row in offered} == set(rows)
    assert all(row["__text"] for row in offered)
    assert [_killed(row) for row in offered] == sorted(map(_killed, offered), reverse=True)


def _killed(row: dict[str, Any]) -> int:
    return int(row["__text"].rpartition(": ")[2])


def test_nothing_is_told_of_an_incident_that_is_not_there(filled: str) -> None:
    empty: Sequence[Any] = answer(filled, question(filled, "Toll over time"), "inc-none")
    assert empty == []
