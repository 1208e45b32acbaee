"""Apache Kafka as processes of this machine: one node or three, in KRaft mode, on 127.0.0.1, gone when the test ends.

The jars come from Maven Central, once, into a cache outside the repository. Every node has three listeners: CLIENT is
what a worker under test sees (it may be secured, and may advertise the port of a proxy that cuts it), DIRECT is the
open side door through which a test publishes, reads and looks, CONTROLLER is Kafka's own.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from stream_app.service.embedded import die_with_parent
from tests.kafka.proxy import Proxy

KAFKA_VERSION = "4.4.0"
SLF4J_VERSION = "1.7.36"
CLUSTER_ID = "c3RyZWFtLWFwcC10ZXN0cw"  # 16 bytes in URL-safe base64, as Kafka wants it
READY_TIMEOUT_S = 240.0

T = TypeVar("T")

_POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>stream-app</groupId><artifactId>kafka-under-test</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>{KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId><version>{KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>{SLF4J_VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""


class KafkaUnavailableError(RuntimeError):
    """Kafka cannot run here: Java or Maven is missing, or the jars cannot be had."""


def run_async(make: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine to its end from any thread, whether or not that thread already has an event loop."""
    result: list[T] = []
    failure: list[BaseException] = []

    def target() -> None:
        try:
            result.append(asyncio.run(make()))
        except BaseException as exc:  # noqa: BLE001 - carried over to the caller's thread
            failure.append(exc)

    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    thread.join()
    if failure:
        raise failure[0]
    return result[0]


def cache_folder() -> Path:
    """Where the jars live: outside the repository, so that a fresh clone finds them again."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "stream-app" / "kafka" / KAFKA_VERSION


def classpath() -> str:
    """The Java classpath of the pinned Kafka, fetched with Maven when the cache does not hold it yet."""
    return f"{fetched(cache_folder(), _POM)}/*"


def fetched(folder: Path, pom: str) -> Path:
    """Where the jars are that a project of Maven depends on: in this folder, from now on.

    Raises:
        KafkaUnavailableError: they cannot be had.
    """
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            raise KafkaUnavailableError(f"{tool} is missing: the tests on Apache Kafka need Java 17 and Maven")
    jars = folder / "jars"
    if not _marker(jars, pom).exists():
        _fetch_jars(jars, pom)
    return jars


def _fetch_jars(jars: Path, pom: str) -> None:
    jars.mkdir(parents=True, exist_ok=True)
    (jars.parent / "pom.xml").write_text(pom)
    command = ["mvn", "-q", "-B", "dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={jars}"]
    done = subprocess.run(command, cwd=jars.parent, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode != 0:
        raise KafkaUnavailableError(f"Maven could not fetch what {jars.parent} should hold:\n{done.stdout[-2000:]}")
    _marker(jars, pom).touch()


def _marker(jars: Path, pom: str) -> Path:
    """What tells that the folder holds all that is asked for now."""
    return jars.parent / f"complete-{zlib.crc32(pom.encode()):08x}"


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@dataclass(frozen=True)
class Security:
    """How the CLIENT listener is guarded: Kafka's protocol name and the properties that go with it.

    `format_args` are handed to the storage tool, which is where KRaft learns its first SCRAM users.
    """

    protocol: str = "PLAINTEXT"
    properties: Mapping[str, str] = field(default_factory=dict)
    format_args: Sequence[str] = ()


@dataclass
class Node:
    """One Kafka process: broker and controller in one."""

    node_id: int
    client_port: int
    direct_port: int
    controller_port: int
    folder: Path
    advertised_port: int
    proxy: Proxy | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def wait(self, timeout_s: float = 30.0) -> None:
        if self.process is not None:
            self.process.wait(timeout_s)
            self.process = None


class Cluster:
    """A Kafka cluster of `nodes` processes; a context manager that leaves nothing behind.

    With `proxied`, every CLIENT listener advertises a proxy's port, so that clients can be cut off from a node that
    the other nodes, and the test, still reach. `extra` are server properties that override the defaults below.
    """

    def __init__(
        self,
        nodes: int = 1,
        *,
        proxied: bool = False,
        security: Security | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self.security = security or Security()
        self.extra = dict(extra or {})
        self.folder = Path(tempfile.mkdtemp(prefix="stream-app-kafka-"))
        self.proxied = proxied
        self.heap = "-Xmx512m" if nodes == 1 else "-Xmx384m"
        self._classpath = classpath()
        self.nodes = [self._new_node(number) for number in range(1, nodes + 1)]

    def _new_node(self, number: int) -> Node:
        client, direct, controller = free_port(), free_port(), free_port()
        proxy = Proxy(client) if self.proxied else None
        advertised = proxy.port if proxy else client
        return Node(number, client, direct, controller, self.folder / f"node{number}", advertised, proxy)

    # What clients need to know

    @property
    def bootstrap(self) -> str:
        """Addresses of the CLIENT listeners as advertised: through the proxies where there are some."""
        return ",".join(f"127.0.0.1:{node.advertised_port}" for node in self.nodes)

    @property
    def direct(self) -> str:
        """Addresses of the DIRECT listeners: never secured, never disturbed."""
        return ",".join(f"127.0.0.1:{node.direct_port}" for node in self.nodes)

    # Lifecycle

    def __enter__(self) -> Self:
        atexit.register(self.close)
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Format what is new, start every node that is down and wait until the whole cluster answers."""
        for node in self.nodes:
            if not node.folder.exists():
                self._format(node)
            if not node.alive:
                self._spawn(node)
        self.wait_ready()

    def close(self) -> None:
        """Kill every node and remove its data; harmless when done twice."""
        for node in self.nodes:
            node.signal(signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                node.wait()
            if node.proxy is not None:
                node.proxy.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.close)

    def _format(self, node: Node) -> None:
        node.folder.mkdir(parents=True)
        config = node.folder / "server.properties"
        config.write_text("".join(f"{key}={value}\n" for key, value in self._properties(node).items()))
        command = [*self._java("-Xmx128m"), "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(config)]
        command += self.security.format_args
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode != 0:
            raise KafkaUnavailableError(f"Kafka could not format its storage:\n{done.stdout}{done.stderr}")

    def _spawn(self, node: Node) -> None:
        log = (node.folder / "node.log").open("ab")
        command = [*self._java(self.heap), "kafka.Kafka", str(node.folder / "server.properties")]
        node.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=node.folder, preexec_fn=die_with_parent)
        log.close()

    def _java(self, heap: str) -> list[str]:
        # The serial collector and the first compiler tier start faster and use less of a small machine
        flags = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"]
        return ["java", heap, *flags, "-cp", self._classpath]

    def _properties(self, node: Node) -> dict[str, str]:
        replicas = min(3, len(self.nodes))
        voters = ",".join(f"{peer.node_id}@127.0.0.1:{peer.controller_port}" for peer in self.nodes)
        ports = {"CLIENT": node.client_port, "DIRECT": node.direct_port, "CONTROLLER": node.controller_port}
        return {
            "process.roles": "broker,controller",
            "node.id": str(node.node_id),
            "controller.quorum.voters": voters,
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "DIRECT",
            "listeners": ",".join(f"{name}://127.0.0.1:{port}" for name, port in ports.items()),
            "advertised.listeners": (
                f"CLIENT://127.0.0.1:{node.advertised_port},DIRECT://127.0.0.1:{node.direct_port}"
            ),
            "listener.security.protocol.map": (
                f"CLIENT:{self.security.protocol},DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT"
            ),
            "log.dirs": str(node.folder / "data"),
            "num.partitions": "1",
            "auto.create.topics.enable": "false",
            "default.replication.factor": str(replicas),
            "min.insync.replicas": str(max(1, replicas - 1)),
            "offsets.topic.replication.factor": str(replicas),
            "offsets.topic.num.partitions": "5",
            "transaction.state.log.replication.factor": str(replicas),
            "transaction.state.log.min.isr": str(max(1, replicas - 1)),
            "transaction.state.log.num.partitions": "5",
            "share.coordinator.state.topic.replication.factor": str(replicas),
            "share.coordinator.state.topic.num.partitions": "1",
            "group.initial.rebalance.delay.ms": "0",
            "group.min.session.timeout.ms": "2000",
            "broker.session.timeout.ms": "6000",
            "log.cleaner.dedupe.buffer.size": "4194304",
            "log.retention.check.interval.ms": "2000",  # what retention would delete some day is deleted while we look
            **self.security.properties,
            **self.extra,
        }

    # Faults

    def kill(self, node: Node) -> None:
        """End a node at once (SIGKILL), as a power cut would."""
        node.signal(signal.SIGKILL)
        node.wait()

    def stop(self, node: Node) -> None:
        """End a node in order (SIGTERM): it hands its leaderships over first."""
        node.signal(signal.SIGTERM)
        node.wait(60)

    def pause(self, node: Node) -> None:
        """Freeze a node (SIGSTOP): its sockets stay open and say nothing."""
        node.signal(signal.SIGSTOP)

    def resume(self, node: Node) -> None:
        """Let a frozen node go on."""
        node.signal(signal.SIGCONT)

    def restart(self, node: Node) -> None:
        """Start a node that was ended, on the same ports and data; returns when the whole cluster answers."""
        self._spawn(node)
        self.wait_ready()

    def fill_disk(self, node: Node) -> None:
        """Let the node's files grow no more, which Kafka meets as it meets a full disk: it gives its log folder up."""
        assert node.process is not None
        _, hard = resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(node.process.pid, resource.RLIMIT_FSIZE, (1, hard))

    def heal(self) -> None:
        """End whatever a fault that failed has left: broken proxies, frozen and dead nodes."""
        for node in self.nodes:
            if node.proxy is not None:
                node.proxy.heal()
            node.signal(signal.SIGCONT)
        if not all(node.alive for node in self.nodes):
            self.start()

    # What the cluster says of itself

    def wait_ready(self, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Return once metadata lists every node that should be alive; raise with the log's end otherwise."""
        expected = sum(node.alive for node in self.nodes)
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for node in self.nodes:
                if node.process is not None and node.process.poll() is not None:
                    raise KafkaUnavailableError(f"node {node.node_id} ended:\n{self.log_tail(node)}")
            if all(_listens(node.direct_port) for node in self.nodes if node.alive):
                with contextlib.suppress(KafkaError, OSError):
                    if len(run_async(self._broker_ids)) == expected:
                        return
            time.sleep(0.3)
        tails = "\n".join(self.log_tail(node) for node in self.nodes)
        raise KafkaUnavailableError(f"Kafka did not answer within {timeout_s} s:\n{tails}")

    async def _broker_ids(self) -> set[int]:
        alive = ",".join(f"127.0.0.1:{node.direct_port}" for node in self.nodes if node.alive)
        async with admin(alive) as client:
            described = await client.describe_cluster()
        return {int(broker["node_id"]) for broker in described["brokers"]}

    def log_tail(self, node: Node, characters: int = 2000) -> str:
        """The end of a node's log, for messages."""
        log = node.folder / "node.log"
        return log.read_text(errors="replace")[-characters:] if log.exists() else "(no log)"

    def node(self, node_id: int) -> Node:
        """The node of that number, as metadata names it."""
        return next(node for node in self.nodes if node.node_id == node_id)

    def leader(self, topic: str, partition: int = 0) -> Node:
        """The node that leads a partition now."""

        async def ask() -> int:
            async with admin(self.direct) as client:
                described = await client.describe_topics([topic])
            found = {entry["partition"]: int(entry["leader"]) for entry in described[0]["partitions"]}
            return found[partition]

        return self.node(run_async(ask))

    def coordinator(self, group: str) -> Node:
        """The node that coordinates a consumer group now."""

        async def ask() -> int:
            async with admin(self.direct) as client:
                return int(await client.find_coordinator(group))

        return self.node(_retry(lambda: run_async(ask)))


def _listens(port: int) -> bool:
    with socket.socket() as sock:
        return sock.connect_ex(("127.0.0.1", port)) == 0


def _retry(ask: Callable[[], T], timeout_s: float = 20.0) -> T:
    """The first answer that is not an error of Kafka's: new internal topics take a moment to appear."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            return ask()
        except KafkaError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


@contextlib.asynccontextmanager
async def admin(bootstrap: str) -> Any:
    """An admin client that is closed at the end of the block, also when it could not start."""
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5000)
    try:
        await client.start()
        yield client
    finally:
        with contextlib.suppress(Exception):
            await client.close()


@contextlib.contextmanager
def started(nodes: int = 1, **options: Any) -> Iterator[Cluster]:
    """A running cluster for the length of a block."""
    with Cluster(nodes, **options) as cluster:
        yield cluster
