"""Traces of an article through the hops, by OpenTelemetry; off unless STREAM_APP_TRACING asks for it.

The context travels in the records' `traceparent` header (W3C Trace Context): a producer's own trace is continued, and a
record without one starts a trace. Where spans go, and how many, is told by OpenTelemetry's own OTEL_* variables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from stream_app.settings import Settings, SettingsError

Headers = list[tuple[str, bytes | None]]
NAME = "stream_app"


class Tracing:
    """Spans of one worker: one a record and hop, the parent of what the record asks for."""

    def __init__(self, provider: Any) -> None:
        from opentelemetry.trace import SpanKind  # noqa: PLC0415  # an optional extra
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        self._provider = provider
        self._tracer = provider.get_tracer(NAME)
        self._kind = SpanKind.CONSUMER
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def handling(self, hop: str, message: Any) -> Iterator[Headers]:
        """A span around the handling of one record; gives the headers that carry it to what is published."""
        parent = self._propagator.extract(_readable(message.headers))
        attributes = {
            "messaging.system": "kafka",
            "messaging.operation.name": "process",
            "messaging.destination.name": message.topic,
            "messaging.destination.partition.id": str(message.partition),
            "messaging.kafka.offset": message.offset,
            "stream_app.hop": hop,
        }
        with self._tracer.start_as_current_span(
            f"{hop} {message.topic}", context=parent, kind=self._kind, attributes=attributes
        ):
            carried: dict[str, str] = {}
            self._propagator.inject(carried)
            yield [(name, value.encode()) for name, value in carried.items()]

    def stop(self) -> None:
        """Send what is still to be sent."""
        self._provider.shutdown()


def start(settings: Settings) -> Tracing | None:
    """Tracing as the settings ask, exporting by OTLP over HTTP; None when it is off.

    Raises:
        SettingsError: tracing is on, and its packages are not installed.
    """
    if not settings.tracing:
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as error:
        raise SettingsError("STREAM_APP_TRACING=true: needs pip install 'stream-app[tracing]'") from error
    provider = TracerProvider(resource=Resource.create({"service.name": settings.group}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Tracing(provider)


def _readable(headers: Sequence[tuple[str, bytes | None]] | None) -> dict[str, str]:
    """Record headers as the propagator reads them; what is no text is nobody's trace."""
    return {name: value.decode("ascii", "replace") for name, value in headers or () if value is not None}
