"""A real worker, traces on: one trace from the producer's record to the enriched event, and a collector that gets it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from stream_app.service.embedded import EmbeddedBroker
from stream_app.service.producer import Sender, read_all
from stream_app.settings import Settings
from tests.ops.test_probe import environment, until, worker

pytestmark = [pytest.mark.broker, pytest.mark.usefixtures("gazetteer")]

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01".encode()
HOPS = {"read", "match", "tag", "count"}


class Collector(BaseHTTPRequestHandler):
    """Takes spans as OpenTelemetry's collector does."""

    spans: list[tuple[str, str, str, str]]

    def do_POST(self) -> None:
        request = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
        for span in (s for r in request.resource_spans for scope in r.scope_spans for s in scope.spans):
            self.spans.append((span.name, span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # so named by its base
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[ThreadingHTTPServer]:
    Collector.spans = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def test_one_trace_leads_from_the_producer_to_the_toll(
    broker: EmbeddedBroker, collector: ThreadingHTTPServer, tmp_path: Path
) -> None:
    settings = Settings(brokers=(broker.address,), prefix="traced.", partitions=1, replication=1, min_insync=1)
    environ = environment(broker, prefix="traced.", tracing="true")
    environ |= {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }
    article = b'{"id": "a-1", "text": "A blast at a market in Mosul killed 14 people on Thursday, officials said."}'

    async def publish() -> None:
        async with Sender(settings) as sender:
            await sender.send("articles.raw", b"a-1", article, [("traceparent", PARENT)])

    with worker(environ, tmp_path / "worker.log") as port:
        until(port, lambda found: found["stream_app_ready", ""] == 1)
        asyncio.run(publish())
        until(port, lambda found: found["stream_app_published_total", "incidents.tolls"] == 1)
        (enriched,) = asyncio.run(read_all(settings, "articles.enriched"))
        deadline = time.monotonic() + 20
        while {name.split()[0] for name, *_ in Collector.spans} < HOPS and time.monotonic() < deadline:
            time.sleep(0.2)
    names = {name: (trace, span, parent) for name, trace, span, parent in Collector.spans}
    assert {name.split()[0] for name in names} == HOPS
    assert {trace for trace, _, _ in names.values()} == {TRACE}
    assert names["read traced.articles.raw"][2] == "b7ad6b7169203331"
    assert names["match traced.articles.signed"][2] == names["read traced.articles.raw"][1]
    assert names["tag traced.articles.unique"][2] == names["match traced.articles.signed"][1]
    assert dict(enriched.headers)["traceparent"].decode().split("-")[1:3] == [
        TRACE, names["tag traced.articles.unique"][1],
    ]  # fmt: skip
