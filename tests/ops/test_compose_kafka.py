"""The Kafka of docker-compose.yml, as processes of this machine: its settings start a broker that our topics fit."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from stream_app.service import topics
from stream_app.service.embedded import die_with_parent, free_port
from stream_app.settings import Settings
from tests.kafka.cluster import CLUSTER_ID
from tests.ops.promql import ROOT
from tests.ops.test_prometheus import until

pytestmark = pytest.mark.kafka

SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]


def properties(folder: Path, internal: int, host: int, controller: int) -> dict[str, str]:
    """What the image makes of the environment, on ports and in a folder of this machine."""
    given = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): value
        for name, value in SERVICES["kafka"]["environment"].items()
    }
    moved = {
        "log.dirs": str(folder / "data"),
        "listeners": f"INTERNAL://127.0.0.1:{internal},HOST://127.0.0.1:{host},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"INTERNAL://127.0.0.1:{internal},HOST://127.0.0.1:{host}",
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
    }
    assert moved.keys() <= given.keys()
    return {**given, **moved}


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def ports(kafka_jars: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, int]]:
    """A broker with the compose file's settings: the ports of its INTERNAL and its HOST listener."""
    folder = tmp_path_factory.mktemp("kafka")
    internal, host, controller = free_port(), free_port(), free_port()
    config = folder / "server.properties"
    config.write_text("\n".join(f"{k}={v}" for k, v in properties(folder, internal, host, controller).items()))
    java = ["java", "-Xmx256m", "-cp", kafka_jars]
    formatting = [*java, "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(config)]
    subprocess.run(formatting, check=True, capture_output=True, timeout=120)
    with (folder / "log").open("wb") as log:
        broker = subprocess.Popen(
            [*java, "kafka.Kafka", str(config)], stdout=log, stderr=log, start_new_session=True,
            preexec_fn=die_with_parent,
        )  # fmt: skip
    try:
        until(lambda: listens(host), "Kafka listens")
        yield internal, host
    finally:
        broker.terminate()
        broker.wait(30)


def test_topics_are_made_through_one_listener_and_seen_through_the_other(ports: tuple[int, int]) -> None:
    given = {name: value for name, value in SERVICES["topics"]["environment"].items() if name != "STREAM_APP_BROKERS"}
    internal, host = (Settings.from_env({**given, "STREAM_APP_BROKERS": f"127.0.0.1:{port}"}) for port in ports)
    asyncio.run(topics.ensure(internal))
    states = asyncio.run(topics.inspect(host))
    assert {state.name: state.found for state in states} == {state.name: state.wanted for state in states}
