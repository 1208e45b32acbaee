"""Certificates and listeners for the tests of login and encryption, made with openssl, valid for a day."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiokafka.protocol.admin import CreateAclsRequest

from stream_app.service.rights import CODES, Right
from tests.kafka.cluster import Cluster, Security, admin, run_async

USER, PASSWORD = "worker", "not-so-secret"


@dataclass(frozen=True)
class Certificates:
    """A certificate authority, and a key with a certificate of it for the broker, all PEM."""

    authority: Path
    broker: Path


def certificates(folder: Path) -> Certificates:
    """Make them for 127.0.0.1."""
    authority, key = folder / "ca.pem", folder / "ca.key"
    _openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=stream-app tests",
             "-keyout", str(key), "-out", str(authority))  # fmt: skip
    request, private, certificate = folder / "broker.csr", folder / "broker.key", folder / "broker.crt"
    _openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-keyout", str(private),
             "-out", str(request))  # fmt: skip
    names = folder / "names.cnf"
    names.write_text("subjectAltName=IP:127.0.0.1\n")
    _openssl("x509", "-req", "-in", str(request), "-CA", str(authority), "-CAkey", str(key), "-CAcreateserial",
             "-days", "1", "-extfile", str(names), "-out", str(certificate))  # fmt: skip
    store = folder / "broker.pem"
    store.write_text(private.read_text() + certificate.read_text())
    return Certificates(authority, store)


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def tls(found: Certificates) -> dict[str, str]:
    """Server properties of a CLIENT listener that speaks TLS."""
    prefix = "listener.name.client.ssl"
    return {f"{prefix}.keystore.type": "PEM", f"{prefix}.keystore.location": str(found.broker)}


def sasl(mechanisms: Sequence[str]) -> dict[str, str]:
    """Server properties of a CLIENT listener that wants a login, by one of these mechanisms."""
    plain = f'org.apache.kafka.common.security.plain.PlainLoginModule required user_{USER}="{PASSWORD}";'
    scram = "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    found = {"listener.name.client.sasl.enabled.mechanisms": ",".join(mechanisms)}
    for mechanism in mechanisms:
        prefix = f"listener.name.client.{mechanism.lower()}.sasl.jaas.config"
        found[prefix] = plain if mechanism == "PLAIN" else scram
    return found


#: Server properties under which nothing is allowed that no rule allows; the tests' own listeners have no login.
AUTHORIZER = {
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": "User:ANONYMOUS",
}
_TYPES = {"Topic": 2, "Group": 3, "TransactionalId": 5}
_LITERAL, _PREFIXED, _ALLOW = 3, 4, 3


def grant(cluster: Cluster, rights: Iterable[Right], user: str = USER) -> None:
    """Allow a user exactly these operations, besides what it is allowed already."""

    async def create() -> None:
        async with admin(cluster.direct) as client:
            for right in rights:
                pattern = _PREFIXED if right.prefixed else _LITERAL
                code = CODES[right.operation]
                rule = (_TYPES[right.resource], right.name, pattern, f"User:{user}", "*", code, _ALLOW)
                response = await client._send_request(CreateAclsRequest(*rule))
                assert response.creation_responses[0][0] == 0, response

    run_async(create)


def secured(protocol: str, mechanisms: Sequence[str], found: Certificates) -> Security:
    """A CLIENT listener with this protocol and these logins."""
    properties = tls(found) if protocol.endswith("SSL") else {}
    format_args: list[str] = []
    if protocol.startswith("SASL"):
        properties |= sasl(mechanisms)
        for mechanism in mechanisms:
            if mechanism.startswith("SCRAM"):
                format_args += ["--add-scram", f"{mechanism}=[name={USER},password={PASSWORD}]"]
    return Security(protocol, properties, format_args)
