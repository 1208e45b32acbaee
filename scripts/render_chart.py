"""Lints and renders the Helm chart offline; runs in the environment of requirements/ops.lock, prints JSON.

`render_chart.py CHART` reads a list of values from standard input and prints for each {"rendered": {path: manifest}} or
{"error": text}; `render_chart.py CHART --lint` prints the messages of a strict lint.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import helm_python as helm


def rendered(chart: helm.Chart, values: dict[str, Any]) -> dict[str, Any]:
    try:
        chart.validate_schema(values)
        return {"rendered": chart.render(values, name="demo", namespace="news")}
    except helm.HelmError as error:
        return {"error": str(error)}


def main(path: str, *options: str) -> None:
    if "--lint" in options:
        print(json.dumps(helm.lint(path, strict=True, kube_version="v1.30.0")))
        return
    with helm.Chart.load(path) as chart:
        print(json.dumps([rendered(chart, values) for values in json.load(sys.stdin)]))


if __name__ == "__main__":
    main(*sys.argv[1:])
