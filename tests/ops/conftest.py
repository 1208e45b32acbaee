"""Tools that these tests run. One that is missing skips its tests, but fails them where `make ops-check` or CI asks."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from tests.kafka.cluster import KafkaUnavailableError, classpath

ROOT = Path(__file__).parents[2]
OPS_BIN = ROOT / ".venv" / "ops" / "bin"  # what requirements/ops.lock installs


def tool(name: str) -> str:
    """The path of a tool of the ops environment or of the system."""
    found = shutil.which(name, path=str(OPS_BIN)) or shutil.which(name)
    if found is None:
        absent(f"{name} is not here: make ops-check installs it")
    return found


def absent(why: str) -> NoReturn:
    """Skip what cannot run here, but fail where everything has to."""
    if os.environ.get("OPS_CHECK") == "1" or os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def kafka_jars() -> str:
    """The class path of Apache Kafka, which needs Java and Maven."""
    try:
        return classpath()
    except KafkaUnavailableError as error:
        absent(str(error).splitlines()[0])


@pytest.fixture(scope="session")
def promtool() -> str:
    return tool("promtool")


@pytest.fixture(scope="session")
def prometheus() -> str:
    return tool("prometheus")


@pytest.fixture(scope="session")
def hadolint() -> str:
    return tool("hadolint")


@pytest.fixture(scope="session")
def check_jsonschema() -> str:
    return tool("check-jsonschema")


@pytest.fixture(scope="session")
def docker_compose() -> str:
    return tool("docker-compose")


@pytest.fixture(scope="session")
def kubernetes_validate() -> str:
    return tool("kubernetes-validate")


@pytest.fixture(scope="session")
def ops_python(kubernetes_validate: str) -> str:
    """The interpreter of the ops environment, told by a tool that only it has."""
    return str(Path(kubernetes_validate).with_name("python"))
