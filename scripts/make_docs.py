"""Write what follows from the rows that the service itself reads; `--check` only compares.

docs/metrics.md, docs/settings.md, and the settings in the values schema of the Helm chart. Run by `make docs` after
changing a metric or a setting; a test fails when a file has drifted.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from stream_app.service.metrics import METRICS, OTHER, MetricSpec
from stream_app.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
SCHEMA = "deploy/helm/stream-app/values.schema.json"
#: Settings that the chart or the image sets itself.
OF_THE_CHART = frozenset({
    "hops", "gazetteer", "web_host", "web_port", "sasl_password", "ssl_cafile", "ssl_certfile", "ssl_keyfile",
})  # fmt: skip
BROKERS = r"^[^:,\s]+:[0-9]+(,[^:,\s]+:[0-9]+)*$"

METRICS_HEAD = f"""# Metrics

Made from `stream_app/service/metrics.py` by `scripts/make_docs.py`; do not edit. A worker shows them on `/metrics`
(`STREAM_APP_WEB_HOST`, `STREAM_APP_WEB_PORT`), with the `process_*` metrics of prometheus_client beside them.

- Labels are closed lists. A value that a list does not know is counted under `{OTHER}`, so the number of series has a
  ceiling, whatever comes in. No label names an article, a source, a place, a key or a partition.
- A worker shows the metrics of the hops that it runs; every series starts at 0.
- Delivery is at least once, and counters count what was handled: a record that is delivered twice counts twice.
- `stream_app_age_seconds` is measured from the timestamp of the raw record, which every record derived from it keeps.
- `stream_app_consumer_lag_seconds` is the age of the oldest record that is not handled: by its timestamp once it is
  fetched, before that since the worker first saw it on the broker. kafka-exporter tells lag from outside, also when no
  worker runs.
"""

SETTINGS_HEAD = """# Settings

Made from `stream_app/settings.py` by `scripts/make_docs.py`; do not edit. All settings come from the environment, are
read once, and are refused with their name and expected form when they cannot be used. An unknown `STREAM_APP_` variable
is refused too.
"""


def metrics_page() -> str:
    rows = (
        (f"`{spec.full_name}`", spec.kind, _labels(spec), spec.hop or "every worker", spec.help) for spec in METRICS
    )
    buckets = (
        (f"`{spec.full_name}`", ", ".join(f"{bound:g}" for bound in spec.buckets)) for spec in METRICS if spec.buckets
    )
    return "\n".join([
        METRICS_HEAD,
        *_table(("metric", "kind", "labels", "shown by", "meaning"), rows),
        "", "## Buckets", "",
        *_table(("histogram", "upper bounds"), buckets),
        "", "## Label values", "",
        *_table(("label", "of", "values"), _label_rows()),
        "",
    ])  # fmt: skip


def _labels(spec: MetricSpec) -> str:
    return ", ".join(f"`{label.name}`" for label in spec.labels) or "none"


def _label_rows() -> Iterable[Sequence[str]]:
    """Each label once, with the metrics that have it: `reason` and `kind` are lists of their own per metric."""
    users: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for spec in METRICS:
        for label in spec.labels:
            if label.name not in {"version", "python"}:
                users.setdefault((label.name, label.values), []).append(f"`{spec.name}`")
    for (name, values), of in users.items():
        yield f"`{name}`", ", ".join(of), ", ".join(f"`{value}`" for value in values)


def settings_page() -> str:
    rows = (
        (f"`{PREFIX}{row.name.upper()}`", _shown(row.default), row.metadata["form"], row.metadata["help"])
        for row in dataclasses.fields(Settings)
    )
    return "\n".join([SETTINGS_HEAD, *_table(("variable", "default", "form", "what it is for"), rows), ""])


def _shown(default: Any) -> str:
    if default is None or default == "":
        return "empty"
    if isinstance(default, bool):
        return "`true`" if default else "`false`"
    return f"`{','.join(default) if isinstance(default, tuple) else default}`"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells]


def values_schema() -> str:
    """The chart's schema as it stands, with the settings that there are now."""
    schema = json.loads((ROOT / SCHEMA).read_text(encoding="utf-8"))
    rows = (row for row in dataclasses.fields(Settings) if row.name not in OF_THE_CHART)
    schema["properties"]["settings"]["properties"] = {row.name: _json_schema(row) for row in rows}
    return json.dumps(schema, indent=2) + "\n"


def _json_schema(row: dataclasses.Field[Any]) -> dict[str, Any]:
    """A setting's form as JSON Schema: "1..9", "true or false", "json or text", or any text."""
    form, shown = row.metadata["form"], {"description": row.metadata["help"]}
    if found := re.fullmatch(r"([\d.]+)\.\.([\d.]+)", form):
        kind = "integer" if isinstance(row.default, int) else "number"
        return {**shown, "type": kind, "minimum": json.loads(found[1]), "maximum": json.loads(found[2])}
    if isinstance(row.default, bool):
        return {**shown, "type": "boolean"}
    if re.fullmatch(r"[\w-]+(, [\w-]+)* or [\w-]+", form):
        return {**shown, "enum": re.split(", | or ", form)}
    return {**shown, "type": "string", **({"pattern": BROKERS} if row.name == "brokers" else {})}


PAGES = {"docs/metrics.md": metrics_page, "docs/settings.md": settings_page, SCHEMA: values_schema}


def main(arguments: Sequence[str]) -> int:
    drifted = [name for name, page in PAGES.items() if _current(name) != page()]
    if "--check" in arguments:
        for name in drifted:
            print(f"{name} has drifted: run make docs", file=sys.stderr)
        return bool(drifted)
    for name in drifted:
        (ROOT / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote {name}")
    return 0


def _current(name: str) -> str | None:
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
