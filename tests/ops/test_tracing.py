"""Traces go along with the records: the hop before is the parent of the hop after."""

from __future__ import annotations

import builtins
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from stream_app.core.hops import UNIQUE, Effects, Output
from stream_app.core.poison import PoisonError
from stream_app.service import tracing
from stream_app.service.agents import Runner
from stream_app.service.engine.outbox import Outgoing
from stream_app.service.metrics import Metrics
from stream_app.service.tracing import Tracing
from stream_app.settings import Settings, SettingsError

PARENT = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Event:
    """A record as an agent gets it."""

    topic, partition, offset, timestamp, key = "articles.signed", 2, 17, 1_700_000_000.0, b"a"

    def __init__(self, headers: Any = (), value: bytes = b"{}") -> None:
        self.headers, self.value = headers, value

    @property
    def message(self) -> Event:
        return self


class Pass:
    """A hop that passes on what it gets, or refuses it."""

    name, source, stateful = "match", "articles.signed", False

    def new_state(self) -> None: ...

    def __call__(self, record: Any, state: Any) -> Effects:
        if record.value == b"poison":
            raise PoisonError("bad_record", "as asked")
        return Effects([Output(UNIQUE, b"a", b"{}", "id", "articles.unique/1")])


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def runner(spans: InMemorySpanExporter) -> Runner:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    hop: Any = Pass()
    return Runner(None, hop, None, Settings(), Metrics(), tracing=Tracing(provider))


def taken(runner: Runner, event: Any) -> list[Outgoing]:
    outputs: list[Outgoing] = []
    runner.take(event, {}, outputs)
    return outputs


def header(output: Outgoing, name: str = "traceparent") -> bytes | None:
    return dict(output.headers or ()).get(name)


def test_a_producers_trace_is_continued(runner: Runner, spans: InMemorySpanExporter) -> None:
    (output,) = taken(runner, Event([("traceparent", PARENT)]))
    (span,) = spans.get_finished_spans()
    assert span.parent is not None
    assert f"{span.context.trace_id:032x}" == "0af7651916cd43dd8448eb211c80319c"
    assert f"{span.parent.span_id:016x}" == "b7ad6b7169203331"
    assert header(output) == f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-01".encode()


def test_a_record_without_a_trace_starts_one(runner: Runner, spans: InMemorySpanExporter) -> None:
    (output,) = taken(runner, Event(None))
    (span,) = spans.get_finished_spans()
    assert span.parent is None
    assert header(output) is not None
    assert span.name == "match articles.signed"
    assert span.attributes is not None
    assert span.attributes["messaging.kafka.offset"] == 17


def test_what_is_no_trace_does_not_harm_the_record(runner: Runner, spans: InMemorySpanExporter) -> None:
    assert len(taken(runner, Event([("traceparent", b"\xff\x00"), ("x", None)]))) == 1
    assert spans.get_finished_spans()[0].parent is None


def test_a_dead_letter_carries_its_trace_too(runner: Runner) -> None:
    (letter,) = taken(runner, Event([("traceparent", PARENT)], b"poison"))
    assert letter.topic == "articles.dead-letter"
    assert (header(letter) or b"").startswith(PARENT[:35])


def test_headers_of_ours_stay_as_they_are(runner: Runner) -> None:
    (traced,) = taken(runner, Event())
    runner.tracing = None
    (plain,) = taken(runner, Event())
    assert header(plain) is None
    assert list(traced.headers or ())[:-1] == list(plain.headers or ())


def test_tracing_is_off_by_default() -> None:
    assert tracing.start(Settings()) is None


def test_tracing_without_its_packages_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    found = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("opentelemetry.exporter"):
            raise ImportError(name)
        return found(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SettingsError, match=r"stream-app\[tracing\]"):
        tracing.start(Settings(tracing=True))
