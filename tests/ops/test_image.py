"""The image and the compose file, as far as they can be checked without an engine."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import yaml

from stream_app.cli import COMMANDS
from stream_app.settings import PREFIX, Settings
from tests.ops.promql import ROOT

pytestmark = pytest.mark.tools

DOCKERFILE = ROOT / "deploy" / "image" / "Dockerfile"
COMPOSE = ROOT / "docker-compose.yml"
#: Images whose digest is not known here; each is told in docs/deployment.md.
NOT_PINNED = {"docker.io/danielqsj/kafka-exporter:v1.9.0"}
LOCKS = ("image.lock", "build.lock")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    return found


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order: (name, the rest), continuation lines joined."""
    text = re.sub(r"\\\n\s*", "", DOCKERFILE.read_text(encoding="utf-8"))
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def values(name: str) -> list[str]:
    return [rest for found, rest in instructions() if found == name]


def image_environment() -> dict[str, str]:
    words = [word for rest in values("ENV") for word in shlex.split(rest)]
    return dict(word.split("=", 1) for word in words)


def test_hadolint_finds_nothing(hadolint: str) -> None:
    checked = subprocess.run(
        [hadolint, "--failure-threshold", "info", str(DOCKERFILE)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_both_stages_start_from_one_base_pinned_by_digest() -> None:
    (base,) = values("ARG")
    assert re.search(r"^PYTHON=docker\.io/library/python:[\w.-]+@sha256:[0-9a-f]{64}$", base)
    assert [stage.split()[0] for stage in values("FROM")] == ["${PYTHON}", "${PYTHON}"]


def test_the_image_runs_as_nobody_in_particular_and_is_watched() -> None:
    assert values("USER") == ["10001:10001"]
    assert values("STOPSIGNAL") == ["SIGTERM"]
    assert json.loads(values("ENTRYPOINT")[0]) == ["stream-app"]
    assert json.loads(values("CMD")[0])[0] in COMMANDS


def test_the_health_check_asks_the_port_that_is_set() -> None:
    (check,) = values("HEALTHCHECK")
    _, command = check.split("CMD ", 1)
    asked = []

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        environ = {**image_environment(), "STREAM_APP_WEB_PORT": str(server.server_port)}
        program, *arguments = json.loads(command)
        assert program == "python"
        subprocess.run([sys.executable, *arguments], env=environ, check=True, timeout=30)
    assert asked == ["/healthz"]


def test_everything_that_is_installed_is_locked_by_hash() -> None:
    installs = re.findall(r"pip install ([^&]+)", " ".join(values("RUN")))
    assert installs
    assert all("--require-hashes" in command or "--no-deps" in command for command in installs)
    for lock in LOCKS:
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        pins = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)[1:]
        assert pins
        assert all("==" in pin and "--hash=sha256:" in pin for pin in pins)


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    copied = {path for rest in values("COPY") if "--from" not in rest for path in rest.split()[:-1]}
    assert copied == kept
    assert all((ROOT / path).exists() for path in copied)


def test_the_image_s_settings_can_be_read() -> None:
    ours = {name: value for name, value in image_environment().items() if name.startswith(PREFIX)}
    settings = Settings.from_env(ours)
    assert settings.web_host == "0.0.0.0"
    assert settings.log_format == "json"


def test_compose_fits_its_schema(check_jsonschema: str) -> None:
    checked = subprocess.run(
        [check_jsonschema, "--builtin-schema", "vendor.compose-spec", str(COMPOSE)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_compose_itself_accepts_the_file(docker_compose: str, compose: dict[str, Any]) -> None:
    checked = subprocess.run(
        [docker_compose, "--file", str(COMPOSE), "config", "--format", "json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stderr) == (0, "")
    assert json.loads(checked.stdout)["services"].keys() == compose["services"].keys()


def test_images_are_pinned_where_their_digest_is_known(compose: dict[str, Any]) -> None:
    images = {service["image"] for service in compose["services"].values()} - {"stream-app:local"}
    loose = {image for image in images if not re.search(r":[\w.-]+@sha256:[0-9a-f]{64}$", image)}
    assert loose == NOT_PINNED
    told = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    assert all(image in told for image in loose)


def test_workers_start_when_the_topics_are_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["topics"]["command"] == ["topics", "--create"]
    assert services["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    for name in ("worker-a", "worker-b"):
        assert services[name]["command"] == ["worker", "--no-create"]
        assert services[name]["depends_on"] == {"topics": {"condition": "service_completed_successfully"}}


def test_a_service_s_settings_can_be_read(compose: dict[str, Any]) -> None:
    for name in ("topics", "worker-a", "worker-b"):
        settings = Settings.from_env({**image_environment_of_ours(), **compose["services"][name]["environment"]})
        assert settings.brokers == ("kafka:19092",)
        assert settings.replication == 1


def image_environment_of_ours() -> dict[str, str]:
    return {name: value for name, value in image_environment().items() if name.startswith(PREFIX)}


def test_kafka_speaks_to_containers_and_to_this_machine(compose: dict[str, Any]) -> None:
    kafka = compose["services"]["kafka"]
    environment = kafka["environment"]
    listening = dict(part.split("://") for part in environment["KAFKA_LISTENERS"].split(","))
    advertised = dict(part.split("://") for part in environment["KAFKA_ADVERTISED_LISTENERS"].split(","))
    assert advertised == {"INTERNAL": "kafka:19092", "HOST": "localhost:9092"}
    assert all(address.rpartition(":")[2] == listening[name].rpartition(":")[2] for name, address in advertised.items())
    mapped = {part.split(":")[0] for part in environment["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")}
    assert mapped == listening.keys()
    assert kafka["healthcheck"]["test"]


def test_nothing_listens_beyond_this_machine(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_containers_cannot_write_their_root_or_gain_rights(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name != "kafka":  # its image writes its configuration when it starts
            assert service["read_only"] is True, name
            assert service["cap_drop"] == ["ALL"], name
            assert service["security_opt"] == ["no-new-privileges:true"], name


def test_what_compose_mounts_is_there(compose: dict[str, Any]) -> None:
    mounts = [mount for service in compose["services"].values() for mount in service.get("volumes", [])]
    files = [ROOT / mount.split(":")[0] for mount in mounts if mount.startswith("./")]
    assert files
    assert all(path.exists() for path in files)
    named = {mount.split(":")[0] for mount in mounts if not mount.startswith("./")}
    assert named == compose["volumes"].keys()


def test_prometheus_looks_where_the_workers_are(compose: dict[str, Any]) -> None:
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}
    (found,) = jobs["stream-app"]["dns_sd_configs"]
    assert set(found["names"]) == {name for name in compose["services"] if name.startswith("worker-")}
    assert found["port"] == Settings().web_port
    (target,) = jobs["kafka"]["static_configs"][0]["targets"]
    assert target.split(":")[0] in compose["services"]


def test_grafana_is_given_its_source_and_its_dashboards(compose: dict[str, Any]) -> None:
    folder = ROOT / "deploy" / "grafana" / "provisioning"
    source = yaml.safe_load((folder / "datasources" / "prometheus.yml").read_text(encoding="utf-8"))["datasources"][0]
    assert source["url"] == "http://prometheus:9090"
    provider = yaml.safe_load((folder / "dashboards" / "stream-app.yml").read_text(encoding="utf-8"))["providers"][0]
    mounted = {mount.split(":")[1] for mount in compose["services"]["grafana"]["volumes"]}
    assert provider["options"]["path"] in mounted
