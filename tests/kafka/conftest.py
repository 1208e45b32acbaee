"""Clusters for a whole test session: started when first asked for, stopped at its end, skipped where Java is missing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.kafka.cluster import Cluster, KafkaUnavailableError, classpath


@pytest.fixture(scope="session")
def skipping() -> Callable[[str], None]:
    """Skips a test for want of a tool; in CI it fails instead."""

    def skip(why: str) -> None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(why)
        pytest.skip(why)

    return skip


@pytest.fixture(scope="session")
def kafka_jars(skipping: Callable[[str], None]) -> str:
    """The class path of Kafka; without Java or Maven the test is skipped, but never in CI."""
    try:
        return classpath()
    except KafkaUnavailableError as exc:
        skipping(str(exc))
        raise


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
