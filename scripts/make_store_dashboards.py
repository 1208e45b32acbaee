"""Write deploy/grafana/store/*.json from the panels below, for PostgreSQL and for SQLite; `--check` only compares.

What differs between the two is how JSON is read, and how Grafana's data sources are asked. In a query `{r}` is the
column `value` of the table `r`, as JSON.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "deploy" / "grafana" / "store"
KINDS = ("killed", "injured", "missing", "displaced", "abducted", "captured", "casualty")


@dataclass(frozen=True)
class Panel:
    """One panel over one query; `series` is a line over time, `table` rows, `bars` a bar a row."""

    title: str
    help: str
    query: str
    form: str  # series | table | bars
    width: int = 24
    height: int = 9


@dataclass(frozen=True)
class Source:
    """A kind of data source: Grafana's plugin, and how a store of it reads JSON."""

    name: str
    plugin: str
    json: str  # what makes JSON of a column


SOURCES = (
    Source("postgresql", "grafana-postgresql-datasource", "::jsonb"),
    Source("sqlite", "frser-sqlite-datasource", ""),
)
WITHIN = "first_s * 1000 <= $__to and last_s * 1000 >= $__from"
LISTED = ", ".join(f"('{kind}')" for kind in KINDS)

INCIDENTS = (
    "select i.incident_id as __value, coalesce({i} -> 'place' ->> 'name', 'no place') || ', ' "
    "|| coalesce(i.cause, 'no cause') || ', ' || substr({i} ->> 'first_reported', 1, 10) || ': ' "
    "|| coalesce(t.low, 0) as __text from incidents i "
    "left join tolls t on t.incident_id = i.incident_id and t.kind = 'killed' "
    "where i.state in ('standing', 'expired') order by coalesce(t.low, 0) desc, i.incident_id limit 200"
)
PANELS = (
    Panel(
        "Toll over time",
        "At least so many, by kind, after each line of the incident's ledger. A line that came late stands where the "
        "one before it does.",
        # A line without a kind gives the whole toll; in that of the others only their own kind moves
        "select time, metric, value from (select max(r.when_s) over (order by r.seq) as time, k.column1 as metric, "
        "coalesce(cast(case when {r} ->> 'kind' is null then {r} -> 'new' -> k.column1 ->> 'low' "
        "else {r} -> 'new' ->> 'low' end as bigint), 0) as value, r.seq as seq "
        f"from revisions r cross join (values {LISTED}) as k "
        "where r.incident_id = ${incident:sqlstring} and {r} ->> 'why' <> 'contradicted' "
        "and ({r} ->> 'kind' = k.column1 or {r} ->> 'kind' is null and exists (select 1 from revisions s "
        "where s.incident_id = r.incident_id and ({s} ->> 'kind' = k.column1 "
        "or {s} -> 'new' -> k.column1 ->> 'low' is not null)))) as steps "
        "order by time, seq",
        "series",
    ),
    Panel(
        "Killed by country",
        "By the tolls that stand, of incidents told of within the time range: at least so many.",
        "select coalesce(i.country, 'unknown') as country, cast(sum(t.low) as bigint) as killed "
        "from incidents i join tolls t on t.incident_id = i.incident_id and t.kind = 'killed' "
        f"where i.state in ('standing', 'expired') and {WITHIN} group by 1 order by 2 desc, 1 limit 20",
        "bars",
        12,
    ),
    Panel(
        "Incidents by day",
        "When incidents were first told of.",
        "select cast(first_s as bigint) / 86400 * 86400 as time, 'incidents' as metric, count(*) as value "
        f"from incidents where state in ('standing', 'expired') and {WITHIN} group by 1 order by 1",
        "series",
        12,
    ),
    Panel(
        "Incidents",
        "Told of within the time range, the deadliest first. `high` is empty where no ceiling is told.",
        "select {i} -> 'place' ->> 'name' as place, i.country as country, i.cause as cause, t.kind as kind, "
        "t.low as low, t.high as high, i.state as state, {i} ->> 'last_reported' as last_reported, "
        "i.incident_id as incident from incidents i join tolls t on t.incident_id = i.incident_id "
        f"where i.state in ('standing', 'expired') and {WITHIN} "
        "order by t.kind = 'killed' desc, t.low desc, i.incident_id, t.kind limit 500",
        "table",
    ),
)  # fmt: skip
FORMS = {"series": "timeseries", "table": "table", "bars": "barchart"}


def asked(query: str, source: Source) -> str:
    """The query as a store of this kind takes it."""
    return re.sub(r"\{(\w)\}", lambda found: f"{found[1]}.value{source.json}", query)


def target(panel: Panel, source: Source, place: dict[str, str]) -> dict[str, Any]:
    query, form = asked(panel.query, source), "time_series" if panel.form == "series" else "table"
    told: dict[str, Any] = {"refId": "A", "datasource": place}
    if source.name == "sqlite":
        kind = "time series" if form == "time_series" else "table"
        return {**told, "queryText": query, "rawQueryText": query, "queryType": kind, "timeColumns": ["time"]}
    return {**told, "rawSql": query, "rawQuery": True, "editorMode": "code", "format": form}


def dashboard(source: Source) -> dict[str, Any]:
    place = {"type": source.plugin, "uid": "${datasource}"}
    panels, x, y = [], 0, 0
    for number, panel in enumerate(PANELS, 1):
        if x + panel.width > 24:  # of Grafana's grid
            x, y = 0, y + panel.height
        panels.append({
            "id": number,
            "type": FORMS[panel.form],
            "title": panel.title,
            "description": panel.help,
            "datasource": place,
            "gridPos": {"x": x, "y": y, "w": panel.width, "h": panel.height},
            "fieldConfig": {
                "defaults": {"min": 0, "custom": {"lineInterpolation": "stepAfter"} if panel.form == "series" else {}},
                "overrides": [],
            },
            "options": {},
            "targets": [target(panel, source, place)],
        })  # fmt: skip
        x += panel.width
    incident = {
        "name": "incident",
        "label": "Incident",
        "type": "query",
        "datasource": place,
        "query": asked(INCIDENTS, source),
        "refresh": 2,
    }
    return {
        "uid": f"stream-app-tolls-{source.name}",
        "title": "stream-app: tolls",
        "description": "The tolls that a store of `stream-app serve` holds, asked of its database.",
        "tags": ["stream-app"],
        "schemaVersion": 39,
        "timezone": "utc",
        "time": {"from": "now-90d", "to": "now"},
        "refresh": "1m",
        "templating": {
            "list": [
                {"name": "datasource", "label": "Store", "type": "datasource", "query": source.plugin},
                incident,
            ]
        },
        "panels": panels,
    }


def pages() -> Iterator[tuple[Path, str]]:
    """Every file and what it should hold."""
    for source in SOURCES:
        yield FOLDER / f"tolls-{source.name}.json", json.dumps(dashboard(source), indent=2, sort_keys=True) + "\n"


def main(arguments: Sequence[str]) -> int:
    drifted = [path for path, page in pages() if not path.exists() or path.read_text(encoding="utf-8") != page]
    if "--check" in arguments:
        print(*(f"{path.name} has drifted: run make dashboards" for path in drifted), sep="\n", file=sys.stderr)
        return bool(drifted)
    FOLDER.mkdir(exist_ok=True)
    for path, page in pages():
        path.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
