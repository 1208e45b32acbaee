"""Login, encryption and rights, against a real broker that insists on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kafka.cluster import Cluster
from tests.kafka.security import PASSWORD, USER, certificates, secured
from tests.kafka.stage import Layout, Stage, articles

pytestmark = pytest.mark.kafka

ONE = Layout(partitions=1, workers=("read,match,tag,count",))


@pytest.mark.parametrize(
    ("protocol", "mechanism"),
    [("SASL_PLAINTEXT", "PLAIN"), ("SASL_SSL", "SCRAM-SHA-512")],
)
def test_the_worker_speaks_what_the_broker_wants(
    kafka_jars: str, tmp_path: Path, protocol: str, mechanism: str
) -> None:
    found = certificates(tmp_path)
    settings = {"security_protocol": protocol, "sasl_mechanism": mechanism}
    if protocol.startswith("SASL"):
        settings |= {"sasl_username": USER, "sasl_password": PASSWORD}
    if protocol.endswith("SSL"):
        settings["ssl_cafile"] = str(found.authority)
    with (
        Cluster(1, security=secured(protocol, mechanism, found)) as cluster,
        Stage(cluster, "secure", tmp_path, ONE, settings) as stage,
    ):
        stage.start_all()
        stage.publish(articles(30))
        stage.settle(60)
        assert not stage.deaths
        assert len(stage.read("articles.signed")) == 29
        output = stage.workers[0].process.output()
    assert PASSWORD not in output, "the password must never be logged"


def test_a_wrong_password_ends_the_worker_in_one_line(kafka_jars: str, tmp_path: Path) -> None:
    found = certificates(tmp_path)
    settings = {
        "security_protocol": "SASL_PLAINTEXT", "sasl_username": USER, "sasl_password": "wrong-" + PASSWORD,
    }  # fmt: skip
    with (
        Cluster(1, security=secured("SASL_PLAINTEXT", "PLAIN", found)) as cluster,
        Stage(cluster, "wrong", tmp_path, ONE, settings) as stage,
    ):
        worker = stage.start(ONE.workers[0])
        assert worker.process.popen.wait(60) == 1
        output = worker.process.output()
    assert PASSWORD not in output
    assert "Traceback" not in output
