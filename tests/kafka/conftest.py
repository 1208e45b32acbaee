"""Clusters for a whole test session: started when first asked for, stopped at its end, skipped where Java is missing."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.kafka.cluster import Cluster, KafkaUnavailableError, classpath


@pytest.fixture(scope="session")
def kafka_jars() -> str:
    """The class path of Kafka; without Java or Maven the test is skipped, but never in CI."""
    try:
        return classpath()
    except KafkaUnavailableError as exc:
        if os.environ.get("CI", "").lower() == "true":
            raise
        pytest.skip(str(exc).splitlines()[0])


@pytest.fixture(scope="session")
def kafka(kafka_jars: str) -> Iterator[Cluster]:
    """One node behind a proxy, shared by the tests of a session: leave it healed and alive."""
    with Cluster(1, proxied=True) as cluster:
        yield cluster


@pytest.fixture
def kafka3(kafka_jars: str) -> Iterator[Cluster]:
    """Three nodes behind proxies, for one test alone."""
    with Cluster(3, proxied=True) as cluster:
        yield cluster
