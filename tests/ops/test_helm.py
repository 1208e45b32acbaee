"""The chart lints, renders under any values that its schema admits, and refuses what would not work."""

from __future__ import annotations

import dataclasses
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from stream_app import __version__
from stream_app.settings import HOPS, PREFIX, Settings
from tests.ops.promql import DASHBOARDS, ROOT, RULES

pytestmark = pytest.mark.tools

CHART = ROOT / "deploy" / "helm" / "stream-app"
SCRIPT = ROOT / "scripts" / "render_chart.py"
#: Settings that the chart or the image sets itself.
MADE = {
    "hops", "gazetteer", "web_host", "web_port", "sasl_password", "ssl_cafile", "ssl_certfile", "ssl_keyfile",
}  # fmt: skip
EVERYTHING: dict[str, Any] = {
    "settings": {
        "brokers": "kafka-1:9092,kafka-2:9092", "prefix": "prod.", "partitions": 12, "max_resident": 3_000_000,
        "window_h": 1.5, "tracing": True, "security_protocol": "SASL_SSL", "sasl_username": "news",
    },
    "sasl": {"existingSecret": "kafka-login"},
    "tls": {"existingSecret": "kafka-ca", "clientCertificate": True},
    "image": {"digest": "sha256:" + "0" * 64},
    "imagePullSecrets": [{"name": "pull"}],
    "keda": {"enabled": True},
    "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
    "prometheusRule": {"enabled": True},
    "dashboards": {"enabled": True},
    "extraEnv": [{"name": "OTEL_EXPORTER_OTLP_ENDPOINT", "value": "http://collector:4318"}],
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "news", "operator": "Exists"}],
    "podAnnotations": {"team": "news"},
}  # fmt: skip
#: Kinds of other projects, whose schemas kubernetes-validate has not.
FOREIGN = {"ScaledObject", "ServiceMonitor", "PrometheusRule"}


@pytest.fixture(scope="module")
def render(ops_python: str) -> Any:
    def run(*values: dict[str, Any]) -> list[dict[str, Any]]:
        done = subprocess.run(
            [ops_python, str(SCRIPT), str(CHART)],
            input=json.dumps(values), capture_output=True, text=True, check=True,
        )  # fmt: skip
        return list(json.loads(done.stdout))

    return run


def manifests(result: dict[str, Any]) -> list[dict[str, Any]]:
    assert "error" not in result, result.get("error")
    texts = [text for path, text in result["rendered"].items() if path.endswith(".yaml")]
    return [document for text in texts for document in yaml.safe_load_all(text) if document]


@pytest.fixture(scope="module")
def plain(render: Any) -> list[dict[str, Any]]:
    return manifests(render({})[0])


@pytest.fixture(scope="module")
def full(render: Any) -> list[dict[str, Any]]:
    return manifests(render(EVERYTHING)[0])


def of_kind(found: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in found if one["kind"] == kind}


def pods(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kinds = {"Deployment", "StatefulSet", "Job"}
    return [one["spec"]["template"]["spec"] for one in found if one["kind"] in kinds]


def environment(pod: dict[str, Any]) -> dict[str, str]:
    return {entry["name"]: entry.get("value", "from a secret") for entry in pod["containers"][0]["env"]}


def test_the_chart_lints_without_a_warning(ops_python: str) -> None:
    done = subprocess.run([ops_python, str(SCRIPT), str(CHART), "--lint"], capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert report["total_charts_linted"] == 1
    assert [message for message in report["messages"] or [] if message["severity"] > 1] == []
    assert not report["errors"]


@pytest.mark.parametrize("which", ["plain", "full"])
def test_kubernetes_admits_every_manifest(
    which: str, kubernetes_validate: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = [one for one in request.getfixturevalue(which) if one["kind"] not in FOREIGN]
    paths = [tmp_path / f"{number}.yaml" for number in range(len(found))]
    for path, manifest in zip(paths, found, strict=True):
        path.write_text(yaml.safe_dump(manifest), encoding="utf-8")
    checked = subprocess.run(
        [kubernetes_validate, "--strict", *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("which", ["plain", "full"])
def test_workers_can_read_the_environment_that_they_are_given(which: str, request: pytest.FixtureRequest) -> None:
    for pod in pods(request.getfixturevalue(which)):
        ours = {name: value for name, value in environment(pod).items() if name.startswith(PREFIX)}
        settings = Settings.from_env(ours)
        assert settings.brokers


def test_whole_numbers_reach_the_environment_as_such(full: list[dict[str, Any]]) -> None:
    found = environment(pods(full)[0])
    assert found["STREAM_APP_MAX_RESIDENT"] == "3000000"
    assert found["STREAM_APP_WINDOW_H"] == "1.5"
    assert found["STREAM_APP_TRACING"] == "true"


def test_every_hop_runs_in_exactly_one_group(plain: list[dict[str, Any]]) -> None:
    hops = [
        pod["containers"][0]["args"][-1].split(",") for pod in pods(plain) if "--hops" in pod["containers"][0]["args"]
    ]
    assert sorted(hop for group in hops for hop in group) == sorted(HOPS)


def test_hops_with_tables_have_stable_names_and_the_others_scale(plain: list[dict[str, Any]]) -> None:
    assert set(of_kind(plain, "StatefulSet")) == {"demo-stream-app-match", "demo-stream-app-count"}
    assert set(of_kind(plain, "Deployment")) == {"demo-stream-app-stateless"}


@pytest.mark.parametrize("which", ["plain", "full"])
def test_no_pod_runs_as_root_or_writes_its_root_file_system(which: str, request: pytest.FixtureRequest) -> None:
    for pod in pods(request.getfixturevalue(which)):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        for container in pod["containers"]:
            context = container["securityContext"]
            assert context["readOnlyRootFilesystem"] is True
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert container["resources"]["limits"]["memory"]
            assert container["resources"]["requests"]["cpu"]


def test_workers_are_probed_so_that_recovery_is_not_taken_for_death(plain: list[dict[str, Any]]) -> None:
    workers = [pod["containers"][0] for pod in pods(plain) if "readinessProbe" in pod["containers"][0]]
    assert len(workers) == 3
    for worker in workers:
        assert worker["livenessProbe"]["httpGet"]["path"] == "/health"
        assert worker["startupProbe"]["httpGet"]["path"] == "/health"
        assert worker["readinessProbe"]["httpGet"]["path"] == "/ready"


def test_every_group_has_a_disruption_budget(plain: list[dict[str, Any]]) -> None:
    workers = {**of_kind(plain, "StatefulSet"), **of_kind(plain, "Deployment")}
    budgets = of_kind(plain, "PodDisruptionBudget")
    assert budgets.keys() == workers.keys()
    for name, budget in budgets.items():
        assert budget["spec"]["selector"] == workers[name]["spec"]["selector"]


def test_keda_scales_on_lag_up_to_one_worker_a_partition(full: list[dict[str, Any]]) -> None:
    (scaled,) = of_kind(full, "ScaledObject").values()
    assert scaled["spec"]["maxReplicaCount"] == 12
    triggers = {trigger["metadata"]["topic"]: trigger["metadata"] for trigger in scaled["spec"]["triggers"]}
    assert set(triggers) == {"prod.articles.raw", "prod.articles.unique"}
    group = Settings(prefix="prod.", hops=("read", "tag")).consumer_group
    assert {trigger["consumerGroup"] for trigger in triggers.values()} == {group}
    assert "replicas" not in of_kind(full, "Deployment")["demo-stream-app-stateless"]["spec"]


def test_only_prometheus_gets_in_and_only_kafka_and_names_are_reached(plain: list[dict[str, Any]]) -> None:
    (policy,) = of_kind(plain, "NetworkPolicy").values()
    assert set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}
    (ingress,) = policy["spec"]["ingress"]
    assert ingress["from"][0]["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "monitoring"}
    assert {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]} == {53, 9092, 9093}


def test_topics_are_there_before_the_workers(plain: list[dict[str, Any]]) -> None:
    (job,) = of_kind(plain, "Job").values()
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["spec"]["template"]["spec"]["containers"][0]["args"] == ["topics", "--create"]


def test_rules_and_dashboards_of_the_chart_are_those_of_the_repository(full: list[dict[str, Any]]) -> None:
    (rule,) = of_kind(full, "PrometheusRule").values()
    assert rule["spec"] == yaml.safe_load(RULES.read_text(encoding="utf-8"))
    boards = {name: text for one in of_kind(full, "ConfigMap").values() for name, text in one["data"].items()}
    assert boards == {path.name: path.read_text(encoding="utf-8") for path in DASHBOARDS}


def test_alerts_link_to_where_the_runbook_can_be_read(render: Any) -> None:
    values = {"prometheusRule": {"enabled": True, "docsUrl": "https://docs.example/stream-app/"}}
    (rule,) = of_kind(manifests(render(values)[0]), "PrometheusRule").values()
    links = {alert["annotations"]["runbook_url"] for group in rule["spec"]["groups"] for alert in group["rules"]}
    assert all(link.startswith("https://docs.example/stream-app/runbook.md#") for link in links)


def test_prometheus_finds_the_workers(full: list[dict[str, Any]]) -> None:
    (monitor,) = of_kind(full, "ServiceMonitor").values()
    (service,) = of_kind(full, "Service").values()
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert {endpoint["port"] for endpoint in monitor["spec"]["endpoints"]} == {"http"}


WRONG = {
    "a hop in no group": ({"workers": {"count": None}}, "exactly one group"),
    "a hop in two groups": (
        {"workers": {"stateless": {"hops": ["read", "tag", "count"], "kind": "StatefulSet"}}},
        "group",
    ),
    "a table in a Deployment": ({"workers": {"match": {"kind": "Deployment"}}}, "kind"),
    "a hop that is none": ({"workers": {"stateless": {"hops": ["read", "tag", "write"]}}}, "hops"),
    "a setting that is none": ({"settings": {"partition": 8}}, "partition"),
    "brokers without a port": ({"settings": {"brokers": "kafka"}}, "brokers"),
    "a number as text": ({"settings": {"partitions": "eight"}}, "partitions"),
    "a value that is none": ({"replicas": 3}, "replicas"),
    "a digest that is none": ({"image": {"digest": "latest"}}, "digest"),
}


@pytest.mark.parametrize("case", WRONG)
def test_values_that_would_not_work_are_refused(render: Any, case: str) -> None:
    values, named = WRONG[case]
    (result,) = render(values)
    assert named in result["error"]


def test_every_setting_can_be_given_and_no_other() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    described = schema["properties"]["settings"]["properties"]
    rows = {row.name: row for row in dataclasses.fields(Settings) if row.name not in MADE}
    assert described.keys() == rows.keys()
    for name, row in rows.items():
        assert described[name]["description"] == row.metadata["help"], name
        if "minimum" in described[name]:
            assert re.fullmatch(r"[\d.]+\.\.[\d.]+", row.metadata["form"])
            low, high = row.metadata["form"].split("..")
            assert (described[name]["minimum"], described[name]["maximum"]) == (float(low), float(high)), name
        assert set(described[name].get("enum", [])) <= set(re.findall(r"[\w-]+", row.metadata["form"])), name


def test_the_chart_is_of_this_version() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    assert chart["appVersion"] == __version__
