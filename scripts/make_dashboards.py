"""Write deploy/grafana/dashboards/*.json from the rows below; `--check` only compares. Needs grafana-foundation-sdk.

Each panel is one row of data. In queries, `@` stands for the job that the dashboard's variable selects, so that several
installations can share a Prometheus. Run by `make dashboards`, in the environment of requirements/ops.lock.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, table, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

FOLDER = Path(__file__).parent.parent / "deploy" / "grafana" / "dashboards"
SOURCE = models.DataSourceRef(type_val="prometheus", uid="${datasource}")
WIDTH = 24  # of Grafana's grid
READ = ', hop="read"'


@dataclass(frozen=True)
class Panel:
    """One panel: `queries` are (PromQL, legend); `limit` colours what is at or beyond it."""

    title: str
    help: str
    queries: Sequence[tuple[str, str]]
    unit: str = "short"
    kind: str = "lines"  # lines | stack | number | table
    limit: float | None = None


@dataclass(frozen=True)
class Board:
    """One dashboard: rows of panels, which share the row's width."""

    uid: str
    title: str
    help: str
    rows: Sequence[tuple[str, Sequence[Panel]]]


def rate(metric: str, by: str = "", where: str = "") -> str:
    """The rate of a counter per second, summed over workers."""
    grouping = f" by ({by})" if by else ""
    return f"sum{grouping} (rate(stream_app_{metric}{{@{where}}}[$__rate_interval]))"


def quantile(q: float, metric: str, by: str = "", where: str = "") -> str:
    """A quantile of a histogram, over workers."""
    return f"histogram_quantile({q}, {rate(metric + '_bucket', f'le, {by}' if by else 'le', where)})"


def share(part: str, whole: str) -> str:
    """A share of a rate; nothing, not NaN, while the whole is 0."""
    return f"{part} / ({whole} > 0)"


OPERATIONS = Board(
    "stream-app-operations", "stream-app: operations", "Is it up, does it keep up, and what stands in its way.",
    [
        ("Now", [
            Panel("Workers ready", "Workers that are assigned, recovered and running.",
                  [("sum(stream_app_ready{@})", "ready")], kind="number"),
            Panel("Oldest waiting record", "Age of the oldest record that no hop has handled.",
                  [("max(stream_app_consumer_lag_seconds{@})", "age")], "s", "number", 300),
            Panel("Articles in", "Raw records read.", [(rate("records_total", where=READ), "articles")],
                  "ops", "number"),
            Panel("Dead letters", "Share of raw records that are dead letters.",
                  [(share(rate("dead_letters_total", where=READ), rate("records_total", where=READ)), "share")],
                  "percentunit", "number", 0.05),
            Panel("Tagged within", "99 % of articles are tagged within this time of their raw record's timestamp.",
                  [(quantile(0.99, "age_seconds", where=', hop="tag"'), "p99")], "s", "number", 60),
            Panel("Paused hops", "Hops that wait for an operator after a run of dead letters.",
                  [("sum(stream_app_paused{@})", "paused")], kind="number", limit=1),
        ]),
        ("Flow", [
            Panel("Records handled", "By hop.", [(rate("records_total", "hop"), "{{hop}}")], "ops"),
            Panel("Records published", "By topic.", [(rate("published_total", "topic"), "{{topic}}")], "ops"),
            Panel("Dead letters", "By hop and reason; those not of read are our own records: a bug or a mixed release.",
                  [(rate("dead_letters_total", "hop, reason") + " > 0", "{{hop}}: {{reason}}"),
                   (rate("record_faults_total", "hop") + " > 0", "{{hop}}: tries that failed")], "ops", "stack"),
        ]),
        ("Lag", [
            Panel("Records waiting", "As the workers see their own partitions, by hop.",
                  [("sum by (hop) (stream_app_consumer_lag_records{@})", "{{hop}}")], limit=None),
            Panel("Oldest waiting record", "By hop.",
                  [("max by (hop) (stream_app_consumer_lag_seconds{@})", "{{hop}}")], "s", limit=300),
            Panel("Records waiting, from outside", "As kafka-exporter sees committed offsets: also without workers.",
                  [('sum by (consumergroup, topic) (kafka_consumergroup_lag{consumergroup=~".*stream-app.*"})',
                    "{{consumergroup}} {{topic}}")]),
        ]),
        ("Time", [
            Panel("End to end", "From the raw record's timestamp to each hop's decision.",
                  [(quantile(0.5, "age_seconds", "hop"), "{{hop}} p50"),
                   (quantile(0.99, "age_seconds", "hop"), "{{hop}} p99")], "s"),
            Panel("Stage", "From taking a batch to the broker's last answer.",
                  [(quantile(0.5, "batch_seconds", "hop"), "{{hop}} p50"),
                   (quantile(0.99, "batch_seconds", "hop"), "{{hop}} p99")], "s"),
            Panel("Batch size", "Mean records in one batch: 1 at rest, up to STREAM_APP_BATCH_MAX under load.",
                  [(share(rate("batch_records_sum", "hop"), rate("batch_records_count", "hop")), "{{hop}}")]),
        ]),
        ("Lost and blocked", [
            Panel("Lost to retention", "Records that the broker deleted before a hop had read them, in an hour.",
                  [("sum by (hop) (increase(stream_app_input_lost_records_total{@}[1h]))", "{{hop}}")]),
            Panel("Undecodable", "Partitions that stand still at a batch; batches met and offsets passed in an hour.",
                  [("sum by (hop) (stream_app_blocked_partitions{@})", "{{hop}} blocked"),
                   ("sum by (hop) (increase(stream_app_undecodable_batches_total{@}[1h]))", "{{hop}} met"),
                   ("sum by (hop) (increase(stream_app_undecodable_records_passed_total{@}[1h]))",
                    "{{hop}} offsets passed")]),
            Panel("Late articles", "Share of articles older than the window: their copies are not found.",
                  [(share(rate("late_articles_total"), rate("records_total", where=', hop="match"')), "late")],
                  "percentunit"),
        ]),
        ("Tables", [
            Panel("Rows", "In memory, standby copies included.",
                  [("sum by (hop) (stream_app_state_rows{@})", "{{hop}}")]),
            Panel("Matcher", "Memory of its rows and index, and rows forgotten for want of room in an hour.",
                  [("sum(stream_app_state_bytes{@})", "bytes"),
                   ("sum(increase(stream_app_state_evicted_rows_total{@}[1h]))", "rows forgotten")], "bytes"),
            Panel("Recovery, rows to go", "Changelog records that recovery has yet to read.",
                  [("sum by (instance, hop) (stream_app_recovery_remaining_rows{@}) > 0", "{{instance}} {{hop}}")]),
            Panel("Recovery, rows a second", "Changelog records taken into tables, standby copies included.",
                  [(rate("recovery_restored_rows_total", "hop"), "{{hop}}")], "ops"),
        ]),
        ("Workers", [
            Panel("Partitions", "That each worker has, by hop.",
                  [("sum by (instance, hop) (stream_app_assigned_partitions{@})", "{{instance}} {{hop}}")],
                  kind="stack"),
            Panel("Rebalances", "Assignments in 15 minutes; recovering workers.",
                  [("sum by (instance) (increase(stream_app_rebalances_total{@}[15m]))", "{{instance}}"),
                   ("sum(stream_app_recovering{@})", "recovering")]),
            Panel("Memory", "Resident memory as a share of the container's limit.",
                  [("process_resident_memory_bytes{@} / on (instance, job) stream_app_memory_limit_bytes{@}",
                    "{{instance}}")], "percentunit", limit=0.85),
            Panel("Processor", "Cores in use.",
                  [("rate(process_cpu_seconds_total{@}[$__rate_interval])", "{{instance}}")]),
            Panel("Log lines left out", "By the rate limit on fault lines, in 15 minutes.",
                  [("sum by (instance) (increase(stream_app_log_lines_suppressed_total{@}[15m]))", "{{instance}}")]),
            Panel("Versions", "What runs.",
                  [("count by (version, python) (stream_app_build_info{@})", "")], kind="table"),
        ]),
    ],
)  # fmt: skip

CONTENT = Board(
    "stream-app-content", "stream-app: content", "What the articles say, and whether the taggers still read them.",
    [
        ("Articles", [
            Panel("Articles", "By what became of them.",
                  [(rate("articles_total", "outcome"), "{{outcome}}")], "ops", "stack"),
            Panel("Copies", "Share of articles that repeat another, by how.",
                  [(f"{rate('duplicates_total', 'kind')} / on () group_left () ({rate('articles_total')} > 0)",
                    "{{kind}}")], "percentunit"),
            Panel("Double counts avoided", "Copies not tagged again, and reports joined to a standing incident.",
                  [(rate("double_counts_avoided_total", "how"), "{{how}}")], "ops"),
        ]),
        ("Figures", [
            Panel("Figures by kind", "Stated as fact.",
                  [(rate("figures_total", "kind", ', assertion="actual"'), "{{kind}}")], "ops", "stack"),
            Panel("Figures by assertion", "Fact, negated, forecast, hypothetical, alleged, historical.",
                  [(rate("figures_total", "assertion"), "{{assertion}}")], "ops", "stack"),
            Panel("Figures an article", "Falls when rules, language or feeds change.",
                  [(share(rate("figures_total"), rate("records_total", where=', hop="tag"')), "figures")]),
            Panel("Vague and unattributed", "Shares of all figures.",
                  [(share(rate("figures_vague_total"), rate("figures_total")), "vague"),
                   (share(rate("figures_unattributed_total"), rate("figures_total")), "unattributed")], "percentunit"),
            Panel("Rejected", "Numbers that looked like figures, by reason.",
                  [(rate("figures_rejected_total", "reason") + " > 0", "{{reason}}")], "ops", "stack"),
        ]),
        ("Places", [
            Panel("Places", "Resolved, or left open rather than guessed.",
                  [(rate("places_total", "outcome"), "{{outcome}}")], "ops", "stack"),
            Panel("Resolved", "Share of all toponyms.",
                  [(share(rate("places_total", where=', outcome="resolved"'), rate("places_total")), "resolved")],
                  "percentunit"),
        ]),
    ],
)  # fmt: skip

INCIDENTS = Board(
    "stream-app-incidents", "stream-app: incidents", "Tolls as they stand, how they change, where sources differ.",
    [
        ("Standing", [
            Panel("Open incidents", "That reports are still joined to.",
                  [("sum(stream_app_incidents_open{@})", "open")], kind="number"),
            Panel("Changes of tolls today", "Revisions published in 24 hours.",
                  [("sum(increase(stream_app_revisions_total{@}[24h]))", "revisions")], kind="number"),
            Panel("Contradictions today", "Reports that stand against the toll of the others, in 24 hours.",
                  [("sum(increase(stream_app_contradictions_total{@}[24h]))", "contradictions")], kind="number"),
            Panel("Joined reports today", "Reports that belonged to a standing incident and were not added again.",
                  [('sum(increase(stream_app_double_counts_avoided_total{@, how="same_incident"}[24h]))', "reports")],
                  kind="number"),
        ]),
        ("Changes", [
            Panel("Open incidents", "Over time.", [("sum(stream_app_incidents_open{@})", "open")]),
            Panel("Revisions", "By why.", [(rate("revisions_total", "why"), "{{why}}")], "ops", "stack"),
            Panel("Contradictions", "By kind.", [(rate("contradictions_total", "kind"), "{{kind}}")], "ops", "stack"),
        ]),
        ("Health of the count", [
            Panel("Contradictions for each new report", "Above a half, unlike events may be joined into one incident.",
                  [(share(rate("contradictions_total"), rate("revisions_total", where=', why="new_report"')), "ratio")],
                  "percentunit", limit=0.5),
            Panel("Merged and split", "Incidents that turned out to be one, or two.",
                  [(rate("revisions_total", "why", ', why=~"merged|split"'), "{{why}}")], "ops"),
            Panel("Late reports", "Of incidents that were closed before they came.",
                  [(rate("late_reports_total"), "late")], "ops"),
            Panel("Tolls published", "Against figures read.",
                  [(rate("published_total", "topic", ', topic=~"casualties.figures|incidents.tolls"'), "{{topic}}")],
                  "ops"),
        ]),
    ],
)  # fmt: skip

BOARDS = (OPERATIONS, CONTENT, INCIDENTS)


def built(board: Board) -> Any:
    """The dashboard as the SDK's model."""
    builder = (
        dashboard.Dashboard(board.title)
        .uid(board.uid)
        .description(board.help)
        .tags(["stream-app"])
        .readonly()
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
        .time("now-3h", "now")
        .refresh("30s")
        .timezone("utc")
        .with_variable(dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus"))
        .with_variable(_job_variable())
        .annotation(
            dashboard.AnnotationQuery().name("Alerts").datasource(SOURCE).enable(True).icon_color("red")
            .expr('ALERTS{alertname=~"StreamApp.*", alertstate="firing"}')
        )
        .link(dashboard.DashboardLink("stream-app").type(models.DashboardLinkType.DASHBOARDS).tags(["stream-app"])
              .as_dropdown(True).keep_time(True).include_vars(True))
    )  # fmt: skip
    ids = count(1)
    for title, panels in board.rows:
        builder.with_row(dashboard.Row(title).id(next(ids)))
        for panel in panels:
            builder.with_panel(_panel(panel, WIDTH // len(panels)).id(next(ids)))
    return builder.build()


def _job_variable() -> dashboard.QueryVariable:
    return (
        dashboard.QueryVariable("job")
        .label("Installation")
        .datasource(SOURCE)
        .query("label_values(stream_app_build_info, job)")
        .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .multi(True)
        .include_all(True)
        .all_value(".*")
    )


def _panel(panel: Panel, width: int) -> Any:
    builder = {"number": stat.Panel, "table": table.Panel}.get(panel.kind, timeseries.Panel)()
    builder.title(panel.title).description(panel.help).datasource(SOURCE).unit(panel.unit).min(0)
    builder.span(width).height(4 if panel.kind == "number" else 8)
    for number, (expr, legend) in enumerate(panel.queries):
        builder.with_target(_target(expr, legend, chr(ord("A") + number), instant=panel.kind in {"number", "table"}))
    if panel.kind == "stack":
        builder.stacking(common.StackingConfig().mode(common_models.StackingMode.NORMAL)).fill_opacity(30)
    if panel.limit is not None:
        builder.thresholds(_limit(panel.limit))
        if panel.kind == "lines":
            builder.thresholds_style(
                common.GraphThresholdsStyleConfig().mode(common_models.GraphThresholdsStyleMode.LINE)
            )
    return builder


def _target(expr: str, legend: str, ref: str, *, instant: bool) -> prometheus.Dataquery:
    query = prometheus.Dataquery().expr(expr.replace("@", 'job=~"$job"')).legend_format(legend).ref_id(ref)
    if not instant:
        return query.range()
    return query.instant().format(PromQueryFormat.TIME_SERIES if legend else PromQueryFormat.TABLE)


def _limit(value: float) -> dashboard.ThresholdsConfig:
    steps = [models.Threshold(value=None, color="green"), models.Threshold(value=value, color="red")]
    return dashboard.ThresholdsConfig().mode(models.ThresholdsMode.ABSOLUTE).steps(steps)


def pages() -> Iterator[tuple[Path, str]]:
    """Every file and what it should hold."""
    for board in BOARDS:
        content = json.dumps(built(board), cls=JSONEncoder, indent=2, sort_keys=True)
        yield FOLDER / f"{board.uid.removeprefix('stream-app-')}.json", content + "\n"


def main(arguments: Sequence[str]) -> int:
    drifted = [(path, page) for path, page in pages() if not path.exists() or path.read_text(encoding="utf-8") != page]
    for path, page in drifted:
        if "--check" in arguments:
            print(f"{path.name} has drifted: run make dashboards", file=sys.stderr)
        else:
            path.write_text(page, encoding="utf-8")
            print(f"wrote {path.name}")
    return bool(drifted) if "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
