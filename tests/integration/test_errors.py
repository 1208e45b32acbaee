"""What goes wrong is told in one line, in the user's words: no traceback, no structures, no advice that cannot be taken."""

from __future__ import annotations

import json
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from stream_app.service.embedded import EmbeddedBroker
from tests.integration.workers import environment

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
CASES = [json.loads(line) for line in (ROOT / "tests/cases/cli/errors.jsonl").read_text(encoding="utf-8").splitlines()]
UNWANTED = re.compile(r"Traceback|Unclosed|0x[0-9a-f]{6}|AddressFamily|\bError\(|Errno")


@contextmanager
def listening(answer: bytes, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that gives everybody the same answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    client.settimeout(5)
                    try:
                        if context is None:
                            client.recv(1000)
                            client.sendall(answer)
                        else:
                            with context.wrap_socket(client, server_side=True) as wrapped:
                                wrapped.recv(1000)
                    except OSError:
                        continue

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with ExitStack() as stack:
        found = {"web": stack.enter_context(listening(b"HTTP/1.0 400 Bad Request\r\n\r\n"))}
        if shutil.which("openssl"):
            folder = tmp_path_factory.mktemp("tls")
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                 "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key", "-out", folder / "cert"],
                check=True, capture_output=True,
            )  # fmt: skip
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(folder / "cert", folder / "key")
            found["tls"] = stack.enter_context(listening(b"", context))
        yield found


@pytest.fixture(scope="module")
def broker() -> Iterator[str]:
    with EmbeddedBroker() as running:
        yield running.address


def told(case: dict[str, Any], server: str, folder: Path) -> tuple[int, str, str]:
    known = {"server": server, "port": server.rpartition(":")[2], "seeds": str(ROOT / "seeds"), "folder": str(folder)}
    for name, content in case.get("files", {}).items():
        (folder / name).write_text(content, encoding="utf-8")
    words = [word.format(**known) for word in case["words"]]
    ran = subprocess.run(
        [sys.executable, "-m", "stream_app", *words], capture_output=True, text=True, check=False, timeout=60,
        env=environment(**case.get("set", {})), stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return ran.returncode, ran.stdout, ran.stderr


def check(case: dict[str, Any], server: str, folder: Path) -> None:
    code, _, said = told(case, server, folder)
    assert case["said"] in said
    assert len(said.splitlines()) == 1, said
    assert said.startswith(f"stream-app {case['words'][0]}: ")
    assert not UNWANTED.search(said)
    assert code == case["code"]


@pytest.mark.parametrize("case", [c for c in CASES if c["server"] != "broker"], ids=lambda case: case["name"])
def test_an_error_is_one_line_that_says_what_to_do(case: Any, servers: dict[str, str], tmp_path: Path) -> None:
    if case["server"] == "tls" and "tls" not in servers:
        pytest.skip("needs openssl to make a certificate")
    check(case, servers.get(case["server"], ""), tmp_path)


@pytest.mark.broker
@pytest.mark.parametrize("case", [c for c in CASES if c["server"] == "broker"], ids=lambda case: case["name"])
def test_an_error_at_a_broker_is_one_line_as_well(case: Any, broker: str, tmp_path: Path) -> None:
    check(case, broker, tmp_path)
