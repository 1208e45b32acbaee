"""Kafka Connect keeps a table of tolls by the sink of examples/: tombstones mean what their header says."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import NullPool, create_engine

from tests.interop import told
from tests.interop.conftest import ROOT, ran
from tests.interop.test_examples import Table, database, kept_through_kills
from tests.kafka.cluster import KAFKA_VERSION, Cluster, KafkaUnavailableError, cache_folder, fetched, free_port

__all__ = ["database"]

pytestmark = [pytest.mark.contract, pytest.mark.kafka]

EXAMPLE = ROOT / "examples" / "connect"
DRIVERS = {"org.xerial:sqlite-jdbc:3.54.1.0": "sqlite-jdbc", "org.postgresql:postgresql:42.7.14": "postgresql"}
WORKER = (f"org.apache.kafka:{name}:{KAFKA_VERSION}" for name in ("connect-runtime", "connect-json"))


def pom(artifacts: Sequence[str]) -> str:
    parts = (one.split(":") for one in artifacts)
    return (
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
        "<groupId>stream-app</groupId><artifactId>connect-under-test</artifactId><version>1</version><dependencies>"
        + "".join(
            f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId><version>{version}</version></dependency>"
            for group, name, version in parts
        )
        + "</dependencies></project>"
    )


@pytest.fixture(scope="module")
def jars(skipping: Callable[[str], None]) -> Path:
    """Kafka Connect's own jars and the drivers', from Maven Central."""
    try:
        return fetched(cache_folder() / "connect", pom([*WORKER, "org.slf4j:slf4j-simple:1.7.36", *DRIVERS]))
    except KafkaUnavailableError as exc:
        skipping(str(exc))
        raise


@pytest.fixture(scope="module")
def plugins(jars: Path, needing: Callable[[Sequence[str]], None], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sink, built as its first lines say, beside the drivers."""
    needing(["javac", "jar"])
    folder = tmp_path_factory.mktemp("plugins")
    classes, plugin = folder / "classes", folder / "plugins" / "tolls"
    plugin.mkdir(parents=True)
    ran("javac", "-Xlint:all", "-Werror", "-cp", f"{jars}/*", "-d", classes, EXAMPLE / "TollsSink.java")
    services = classes / "META-INF" / "services"
    services.mkdir(parents=True)
    (services / "org.apache.kafka.connect.sink.SinkConnector").write_text("TollsSink\n")
    ran("jar", "cf", plugin / "tolls.jar", "-C", classes, ".")
    for name in DRIVERS.values():
        (driver,) = jars.glob(f"{name}-*.jar")
        shutil.copy(driver, plugin)
    return plugin.parent


def expected() -> Table:
    """Each row as the columns of the example have it."""
    rows, merged = told.table()
    bounds = {
        name: ({kind: (entry["low"], entry["high"]) for kind, entry in toll.items()}, closed)
        for name, (toll, closed) in rows.items()
    }
    return bounds, merged


def table(tolls: Sequence[Any], figures: Sequence[Any], merged: Sequence[Any]) -> Table:
    """The same, as a database has it."""
    bounds: dict[str, dict[str, Any]] = {name: {} for name, _ in tolls}
    for name, kind, low, high in figures:
        bounds[name][kind] = (low, high)
    return {name: (bounds[name], bool(closed)) for name, closed in tolls}, dict(merged)


READ = ("select incident_id, closed from tolls", "select * from figures", "select * from merged")


def test_tables_in_sqlite_and_postgresql_by_kafka_connect(
    kafka: Cluster, jars: Path, plugins: Path, database: str, tmp_path: Path
) -> None:
    path, where = tmp_path / "tolls.db", urlsplit(database)
    address = database.replace("postgresql://", "postgresql+pg8000://")
    engine = create_engine(address, isolation_level="REPEATABLE READ", poolclass=NullPool)

    def in_sqlite() -> Table:
        with closing(sqlite3.connect(path, timeout=10)) as db:
            there = db.execute("select 1 from sqlite_master where name = 'merged'").fetchone()
            db.execute("begin")
            return table(*(db.execute(statement).fetchall() for statement in READ)) if there else ({}, {})

    def in_postgres() -> Table:
        with engine.connect() as db:
            if db.exec_driver_sql("select to_regclass('merged')").scalar() is None:
                return {}, {}
            return table(*(db.exec_driver_sql(statement).fetchall() for statement in READ))

    connectors = {
        "sqlite": f"jdbc:sqlite:{path}",
        "postgres": f"jdbc:postgresql://{where.hostname}:{where.port}{where.path}?user={where.username}",
    }
    command: list[str | Path] = ["java", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    command += ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", f"{jars}/*"]
    command += ["org.apache.kafka.connect.cli.ConnectStandalone"]
    changes = {
        "bootstrap.servers": kafka.direct,
        "listeners": f"http://127.0.0.1:{free_port()}",
        "plugin.path": plugins,
        "offset.storage.file.filename": tmp_path / "offsets",
        "offset.flush.interval.ms": 500,
        "consumer.session.timeout.ms": 6000,  # so soon one that was killed is missed
    }
    command.append(written(tmp_path, "worker", changes))
    for name, url in connectors.items():
        changes = {"name": name, "topics": "connect.tolls", "connection.url": url}
        command.append(written(tmp_path, "tolls", changes, name))
    kept_through_kills(
        kafka,
        command,
        "connect.tolls",
        lambda: (in_sqlite(), in_postgres()),
        tmp_path / "log",
        (expected(), expected()),
    )


def written(folder: Path, name: str, changes: Mapping[str, object], target: str = "worker") -> Path:
    """A properties file of the example, with what this test has elsewhere."""
    path = folder / f"{target}.properties"
    changed = "".join(f"{key}={value}\n" for key, value in changes.items())
    path.write_text((EXAMPLE / f"{name}.properties").read_text() + changed)  # of two lines of one name the last counts
    return path
