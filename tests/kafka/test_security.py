"""Login, encryption and rights, against real brokers that insist on them; docs/security.md is held to the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from stream_app.core.flow import pipeline
from stream_app.core.wire import Limits
from stream_app.service import rights
from stream_app.service.rights import READS, Right, RightsError, needed
from stream_app.settings import HOPS, Settings
from tests.kafka.broker import REPOSITORY
from tests.kafka.cluster import Cluster, run_async
from tests.kafka.security import AUTHORIZER, PASSWORD, USER, Certificates, certificates, grant, secured
from tests.kafka.stage import Layout, Stage, articles

pytestmark = pytest.mark.kafka

ONE = Layout(partitions=1, workers=(",".join(HOPS),))
LOGIN = {
    "security_protocol": "SASL_PLAINTEXT", "sasl_mechanism": "PLAIN", "sasl_username": USER, "sasl_password": PASSWORD,
}  # fmt: skip
SECRETS = (PASSWORD, "PRIVATE KEY")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def strict(kafka_jars: str, found: Certificates) -> Iterator[Cluster]:
    """A broker that wants a login and allows nothing by itself."""
    with Cluster(1, security=secured("SASL_PLAINTEXT", ["PLAIN"], found), extra=AUTHORIZER) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def encrypted(kafka_jars: str, found: Certificates) -> Iterator[Cluster]:
    """A broker that wants TLS and a login, by any mechanism."""
    with Cluster(1, security=secured("SASL_SSL", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], found)) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def tls_alone(kafka_jars: str, found: Certificates) -> Iterator[Cluster]:
    """A broker that wants TLS and no login."""
    with Cluster(1, security=secured("SSL", [], found)) as cluster:
        yield cluster


def works(stage: Stage) -> None:
    """A worker that logs everything handles articles, and tells no secret."""
    stage.start_all()
    stage.publish(articles(30))
    stage.settle()
    assert not stage.deaths
    assert len(stage.read("articles.signed")) == 29
    output = stage.workers[0].process.output()
    assert " DEBUG " in output
    assert not [secret for secret in SECRETS if secret in output]


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
def test_the_worker_logs_in_over_tls(encrypted: Cluster, tmp_path: Path, found: Certificates, mechanism: str) -> None:
    settings = {"security_protocol": "SASL_SSL", "sasl_mechanism": mechanism, "ssl_cafile": str(found.authority)}
    with Stage(encrypted, mechanism.lower(), tmp_path, ONE, LOGIN | settings | {"log_level": "debug"}) as stage:
        works(stage)


def test_the_worker_speaks_tls_without_a_login(tls_alone: Cluster, tmp_path: Path, found: Certificates) -> None:
    settings = {"security_protocol": "SSL", "ssl_cafile": str(found.authority), "log_level": "debug"}
    with Stage(tls_alone, "tls", tmp_path, ONE, settings) as stage:
        works(stage)


def fails(stage: Stage) -> str:
    """The errors of a worker that cannot start: lines to read, without secrets."""
    worker = stage.start(ONE.workers[0])
    assert worker.process.popen.wait(90) == 1
    output = worker.process.output()
    assert not [secret for secret in SECRETS if secret in output]
    assert "Traceback" not in output
    lines = output.strip().splitlines()
    assert lines[-1].startswith("stream-app worker: ")
    return "\n".join(line for line in lines if " ERROR " in line or line.startswith("stream-app"))


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"sasl_password": "wrong-" + PASSWORD}, "did not let worker in: check STREAM_APP_SASL_MECHANISM"),
        ({"sasl_username": "nobody"}, "did not let nobody in: check STREAM_APP_SASL_MECHANISM"),
        ({"sasl_mechanism": "SCRAM-SHA-256"}, "did not let worker in: check STREAM_APP_SASL_MECHANISM"),
    ],
)
def test_a_login_that_fails_ends_the_worker_in_one_line(
    strict: Cluster, tmp_path: Path, settings: dict[str, str], reason: str
) -> None:
    with Stage(strict, "login", tmp_path, ONE, LOGIN | settings) as stage:
        assert reason in fails(stage)


def test_a_broker_with_a_certificate_of_another_authority_is_not_spoken_to(tls_alone: Cluster, tmp_path: Path) -> None:
    settings = {"security_protocol": "SSL", "ssl_cafile": str(certificates(tmp_path).authority)}
    with Stage(tls_alone, "other", tmp_path, ONE, settings) as stage:
        assert "is not trusted (unable to get local issuer certificate)" in fails(stage)


# Rights


def rights_of(stage: Stage) -> list[Right]:
    """Every right that the workers of a stage need."""
    return needed(Settings.from_env(stage.environ(ONE.workers[0], 0)))


@pytest.mark.parametrize("delivery", ["at_least_once", "exactly_once"])
def test_a_worker_with_the_documented_rights_alone_runs(strict: Cluster, tmp_path: Path, delivery: str) -> None:
    with Stage(strict, f"rights-{delivery[:2]}", tmp_path, ONE, LOGIN | {"delivery": delivery}) as stage:
        grant(strict, rights_of(stage))
        stage.start_all()
        stage.publish(articles(30))
        stage.settle()
        stage.workers[0].process.kill()  # and its successor recovers the tables
        stage.revive()
        stage.publish(articles(30, seed=4))
        stage.settle()
        assert len(stage.deaths) == 1
        assert len(stage.read("articles.signed")) == 58


def test_each_right_that_is_missing_is_named(strict: Cluster, tmp_path: Path) -> None:
    with Stage(strict, "all", tmp_path, ONE, LOGIN) as stage:
        count = len(rights_of(stage))
    for number in range(count):
        with Stage(strict, f"without-{number}", tmp_path, ONE, LOGIN) as stage:
            settings = Settings.from_env(stage.environ(ONE.workers[0], 0))
            wanted = needed(settings)
            missing = wanted.pop(number)
            grant(strict, wanted)
            if missing.name.endswith("-changelog"):
                continue  # a topic that nobody has made has no rights to ask for
            with pytest.raises(RightsError) as raised:
                run_async(partial(rights.check, settings))
            assert str(raised.value).endswith(f": {missing}")


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("Write on Topic {prefix}articles.enriched", "Write on Topic {prefix}articles.enriched"),
        ("Read on Group {prefix}stream-app", "Read on Group {prefix}stream-app"),
        ("Create on Topic {prefix}stream-app-match-changelog", "{prefix}stream-app-match-changelog"),
        ("Write on TransactionalId {prefix}stream-app-*", "TransactionalIdAuthorizationFailed: {prefix}stream-app-"),
    ],
)
def test_a_worker_without_one_of_its_rights_ends_and_says_which(
    strict: Cluster, tmp_path: Path, missing: str, said: str
) -> None:
    name = f"lacks-{abs(hash(missing)) % 10_000}"
    with Stage(strict, name, tmp_path, ONE, LOGIN | {"delivery": "exactly_once"}) as stage:
        lacking = missing.format(prefix=stage.prefix)
        held = [right for right in rights_of(stage) if str(right) != lacking]
        assert len(held) == len(rights_of(stage)) - 1
        grant(strict, held)
        assert said.format(prefix=stage.prefix) in fails(stage)


def test_the_rights_in_the_documentation_are_those_that_are_needed() -> None:
    page = (REPOSITORY / "docs" / "security.md").read_text()
    rows = re.findall(r"^\| (Topic|Group|TransactionalId) \| `([^`]+)` \| ([A-Z][A-Za-z, ]+) \|", page, re.MULTILINE)
    written = {f"{operation} on {resource} {name}" for resource, name, many in rows for operation in many.split(", ")}
    assert written == {str(right) for right in needed(Settings(delivery="exactly_once"))}


def test_rights_follow_what_the_hops_read() -> None:
    found: dict[str, Any] = {
        "read": pipeline.Read(Limits(1)),
        "match": pipeline.Match(1.0, 1),
        "count": pipeline.Count(1.0),
    }
    found |= {"tag": pipeline.Tag((), pipeline.Pipeline("", "", "", ""))}
    assert {name: found[name].source for name in HOPS} == READS
