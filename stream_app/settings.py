"""The service's settings, read once from the environment and frozen; a wrong value names its variable."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PREFIX = "STREAM_APP_"
MAX_PORT = 65_535
HOPS = ("read", "match", "tag", "count")
CONVENTIONS = ("literal", "acled", "countlove")
DELIVERIES = ("at_least_once", "exactly_once")
PROFILES: Mapping[str, Mapping[str, str]] = {
    "auto": {},
    "kafka": {},
    "embedded": {"replication": "1", "min_insync": "1", "session_timeout_s": "6", "idempotence": "false"},
}
"""Other defaults, by the kind of broker. The embedded one is alone, drops no repeats and bears no silence."""


CODECS = ("none", "gzip", "snappy", "lz4", "zstd")


class SettingsError(ValueError):
    """A setting has a value that cannot be used; the message names the variable and the expected form."""


def _setting(default: Any, help_: str, form: str, parse: Callable[[str], Any], *, secret: bool = False) -> Any:
    """Declare one setting: its default, what it is for, the form it wants, and how its text is read."""
    return field(default=default, repr=not secret, metadata={"help": help_, "form": form, "parse": parse})


def _integer(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return parse


def _number(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        value = float(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(text)
        return text

    return parse


def _boolean(text: str) -> bool:
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]


def _brokers(text: str) -> tuple[str, ...]:
    brokers = tuple(part.strip() for part in text.split(",") if part.strip())
    for broker in brokers:
        host, _, port = broker.rpartition(":")
        if not host or not 0 < int(port) <= MAX_PORT:
            raise ValueError(text)
    if not brokers:
        raise ValueError(text)
    return brokers


def _hops(text: str) -> tuple[str, ...]:
    hops = tuple(part.strip() for part in text.split(",") if part.strip())
    if not hops or any(hop not in HOPS for hop in hops):
        raise ValueError(text)
    return tuple(hop for hop in HOPS if hop in hops)


def _name(text: str) -> str:
    if not text or not all(c.isascii() and (c.isalnum() or c in "._-") for c in text):
        raise ValueError(text)
    return text


def _names(text: str) -> tuple[str, ...]:
    return tuple(_name(part.strip()).lower() for part in text.split(",") if part.strip())


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
    if any(not origin.startswith(("http://", "https://")) for origin in origins):
        raise ValueError(text)
    return origins


def _prefix(text: str) -> str:
    return text if not text else _name(text)


def _optional_path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can set. The table in docs/settings.md is made from these rows."""

    brokers: tuple[str, ...] = _setting(
        ("127.0.0.1:9092",), "Kafka brokers to start from", "host:port[,host:port...]", _brokers
    )
    profile: str = _setting(
        "auto", "the kind of broker, which decides other defaults; auto: the broker is asked; embedded: that of "
        "`stream-app dev`", "auto, kafka or embedded", _one_of(*PROFILES),
    )  # fmt: skip
    group: str = _setting(
        "stream-app", "consumer group; its tables' changelogs bear the same name", "letters, digits, . _ -", _name
    )
    prefix: str = _setting("", "goes before every topic name, e.g. prod.", "letters, digits, . _ -", _prefix)
    hops: tuple[str, ...] = _setting(HOPS, "hops this worker runs", "a list of read,match,tag,count", _hops)
    partitions: int = _setting(
        8,
        "partitions of every topic but articles.signed, of articles.raw when it is made; the ceiling of workers",
        "1..4096",
        _integer(1, 4096),
    )
    signed_partitions: int = _setting(
        1, "partitions of articles.signed; more would not find copies that land on two of them", "1..1", _integer(1, 1)
    )
    replication: int = _setting(3, "replicas of each topic; 1 only where a single broker runs", "1..9", _integer(1, 9))
    min_insync: int = _setting(2, "replicas that must have a record before it counts as sent", "1..9", _integer(1, 9))
    standby_replicas: int = _setting(1, "workers that hold a warm copy of each table partition", "0..3", _integer(0, 3))
    rebalance_probe_s: float = _setting(
        600.0, "after a rebalance that left the work uneven, as standbys had not read their rows yet: how long until "
        "another (seconds)", "5..86400", _number(5, 86400),
    )  # fmt: skip
    max_article_bytes: int = _setting(
        1_000_000, "larger raw records are dead letters (bytes)", "1000..100000000", _integer(1000, 100_000_000)
    )
    window_h: float = _setting(
        72.0, "how far apart copies are found (hours between their own times)", "0.1..8760", _number(0.1, 8760)
    )
    incident_window_h: float = _setting(
        168.0, "how long an incident stays open after its last report (hours)", "0.1..8760", _number(0.1, 8760)
    )
    max_open_reports: int = _setting(
        1_000_000, "reports the count hop holds; beyond, incidents told of least lately close", "1000..100000000",
        _integer(1000, 100_000_000),
    )  # fmt: skip
    max_resident: int = _setting(
        3_000_000, "articles the matcher holds; beyond, those that came first go first", "1000..100000000",
        _integer(1000, 100_000_000),
    )  # fmt: skip
    sources: Path | None = _setting(
        None, "outlets of your own: names and grades, docs/sources.md", "a file", _optional_path
    )
    convention: str = _setting(
        "literal", "what vague words such as dozens are worth", "literal, acled or countlove", _one_of(*CONVENTIONS)
    )
    gazetteer: Path | None = _setting(
        None,
        "compiled gazetteer, which must be there; empty: the wheel's, or in a checkout the user's cache",
        "a path",
        _optional_path,
    )
    min_confidence: float | None = _setting(
        None, "below it a place is left unresolved; empty: the calibrated default", "0..1", _number(0, 1)
    )
    outlet_prior: bool = _setting(
        True, "let the outlet's home region speak for ambiguous places", "true or false", _boolean
    )
    web_host: str = _setting("127.0.0.1", "address of /health, /ready and /metrics", "an address", str)
    web_port: int = _setting(
        6066, "port of /health, /ready and /metrics; 0: any free port", "0..65535", _integer(0, 65535)
    )
    web_hosts: tuple[str, ...] = _setting(
        (), "names under which the pages may be asked for, beside addresses and localhost", "a list of names", _names
    )
    store: str = _setting(
        "sqlite:///stream-app.db", "where `serve` keeps what the topics told; a password in it is never logged",
        "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME", str, secret=True,
    )  # fmt: skip
    serve_host: str = _setting("127.0.0.1", "address of `serve`", "an address", str)
    serve_port: int = _setting(6067, "port of `serve`; 0: any free port", "0..65535", _integer(0, 65535))
    cors_origins: tuple[str, ...] = _setting(
        (), "sites whose pages may read the API of `serve` from a browser", "https://HOST[,...]", _origins
    )
    delivery: str = _setting(
        "at_least_once", "whether a crash repeats events (under the same ids), or transactions forbid it",
        "at_least_once or exactly_once", _one_of(*DELIVERIES),
    )  # fmt: skip
    batch_max: int = _setting(200, "records handled between two waits for the broker", "1..10000", _integer(1, 10_000))
    compression: str = _setting(
        "none", "how batches are compressed that others read; any codec is read", "none, gzip, snappy, lz4 or zstd",
        _one_of(*CODECS),
    )  # fmt: skip
    internal_compression: str = _setting(
        "zstd", "how batches of changelogs and of the topics between hops are compressed, which only workers read",
        "none, gzip, snappy, lz4 or zstd", _one_of(*CODECS),
    )  # fmt: skip
    linger_ms: int = _setting(5, "how long the producer gathers records (ms)", "0..1000", _integer(0, 1000))
    idempotence: bool = _setting(
        True, "let the broker drop records that the producer repeats; false where it cannot", "true or false", _boolean,
    )  # fmt: skip
    commit_interval_s: float = _setting(
        1.0, "seconds between commits: what a crash repeats", "0.1..60", _number(0.1, 60)
    )
    session_timeout_s: float = _setting(
        6.0, "a silent worker is taken for dead after this (seconds)", "1..300", _number(1, 300)
    )
    send_timeout_s: float = _setting(
        120.0, "how long the broker may leave a record unanswered before the worker gives up (seconds)", "1..3600",
        _number(1, 3600),
    )  # fmt: skip
    poison_pause: int = _setting(
        0, "pause reading after so many dead letters in a row; 0: never", "0..1000000", _integer(0, 1_000_000)
    )
    record_tries: int = _setting(
        3, "how often a record that a hop fails on is tried before it is set aside; 0: a fault stops the worker",
        "0..20", _integer(0, 20),
    )  # fmt: skip
    shutdown_s: float = _setting(8.0, "seconds a stopping worker may take to drain", "1..300", _number(1, 300))
    log_level: str = _setting(
        "info", "what is logged", "debug, info, warning or error", _one_of("debug", "info", "warning", "error")
    )
    log_format: str = _setting(
        "text", "how it is logged: lines to read, or one JSON object a line", "text or json", _one_of("text", "json")
    )
    schema_registry: str = _setting(
        "", "address of a schema registry: values that others read get Confluent's framing; empty: none, plain JSON",
        "text", str, secret=True,
    )  # fmt: skip
    tracing: bool = _setting(
        False, "send OpenTelemetry traces; where to is told by OTEL_EXPORTER_OTLP_ENDPOINT", "true or false", _boolean
    )
    security_protocol: str = _setting(
        "PLAINTEXT", "how to speak to the brokers", "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL",
        _one_of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
    )  # fmt: skip
    sasl_mechanism: str = _setting(
        "PLAIN", "how to log in", "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512",
        _one_of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"),
    )  # fmt: skip
    sasl_username: str = _setting("", "user at the brokers", "text", str)
    sasl_password: str = _setting("", "password at the brokers; never logged", "text", str, secret=True)
    ssl_cafile: Path | None = _setting(None, "certificate authority of the brokers", "a PEM file", _optional_path)
    ssl_certfile: Path | None = _setting(None, "client certificate", "a PEM file", _optional_path)
    ssl_keyfile: Path | None = _setting(None, "key of the client certificate", "a PEM file", _optional_path)

    def __post_init__(self) -> None:
        if self.min_insync > self.replication:
            raise SettingsError(
                f"{PREFIX}MIN_INSYNC={self.min_insync}: expected at most {PREFIX}REPLICATION ({self.replication})"
            )

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """The settings that `environ` asks for; what it does not name has its default.

        Raises:
            SettingsError: a value is not of its form, or a STREAM_APP_ variable is none of ours.

        >>> Settings.from_env({"STREAM_APP_PARTITIONS": "4"}).partitions
        4
        >>> Settings.from_env({"STREAM_APP_PARTITIONS": "many"})
        Traceback (most recent call last):
        stream_app.settings.SettingsError: STREAM_APP_PARTITIONS='many': expected 1..4096
        """
        rows = {f"{PREFIX}{row.name.upper()}": row for row in dataclasses.fields(cls)}
        for name in environ:
            if name.startswith(PREFIX) and name not in rows:
                raise SettingsError(f"{name}: no such setting; see docs/settings.md for the names")
        suited = PROFILES.get(environ.get(f"{PREFIX}PROFILE", ""), {})
        given = {**{f"{PREFIX}{name.upper()}": value for name, value in suited.items()}, **environ}
        return cls(**{row.name: _read(name, row, given[name]) for name, row in rows.items() if name in given})

    @property
    def max_record_bytes(self) -> int:
        """What a record of ours may weigh: an event holds its article and what was found in it."""
        return max(1_048_576, 4 * self.max_article_bytes)

    @property
    def consumer_group(self) -> str:
        """The group as the broker has it: workers that run all hops share one; a selection of hops is one of its own.

        Faust's assignor hands every member any topic of the group, so members must run the same hops.
        """
        group = f"{self.prefix}{self.group}"
        return group if len(self.hops) == len(HOPS) else f"{group}-{'-'.join(self.hops)}"

    def topic(self, name: str) -> str:
        """The topic's name on the broker: the logical name behind the prefix."""
        return self.prefix + name


def _read(name: str, row: dataclasses.Field[Any], text: str) -> Any:
    try:
        if text == "" and row.default is None:
            return None
        return row.metadata["parse"](text.strip())
    except (ValueError, KeyError) as error:
        shown = repr(text) if row.repr else "***"
        raise SettingsError(f"{name}={shown}: expected {row.metadata['form']}") from error
