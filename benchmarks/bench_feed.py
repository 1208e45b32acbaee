"""A thousand viewers of the feed of one `serve`: what each entry costs them, and whether memory stays flat.

    python -m benchmarks.bench_feed --viewers 1000 --entries 600

Starts a broker and `serve`, opens the viewers' connections, publishes revisions at a steady rate, and prints delays
from publishing to the last viewer, processor time and resident memory at the begin, in the middle and at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer

from stream_app.cli.common import loop_runner
from stream_app.core.hops import REVISIONS
from stream_app.service import topics
from stream_app.service.embedded import EmbeddedBroker
from stream_app.settings import Settings

_TICKS = os.sysconf("SC_CLK_TCK")


class Viewer(asyncio.Protocol):
    """A connection that reads the feed and notes when each entry came; it costs little, for it shares the machine."""

    def __init__(self, came: dict[int, list[float]]) -> None:
        self._came = came
        self._rest = b""
        self.answered = asyncio.get_running_loop().create_future()
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        self.transport = transport
        self.transport.write(b"GET /api/v1/feed HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def data_received(self, data: bytes) -> None:
        """Note the numbers of the entries that are whole."""
        now = time.monotonic()
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"id: "):
                self._came.setdefault(int(line[4:]), []).append(now)
            elif line.startswith(b"retry: ") and not self.answered.done():
                self.answered.set_result(None)


class Viewers:
    """All of them."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: list[Viewer] = []
        self.came: dict[int, list[float]] = {}

    async def open(self, count: int) -> None:
        """Open so many, and wait until each is answered."""
        for _ in range(count):
            _, viewer = await asyncio.get_running_loop().create_connection(
                lambda: Viewer(self.came), "127.0.0.1", self._port
            )
            await viewer.answered
            self._open.append(viewer)

    async def close(self) -> None:
        """Hang up."""
        for viewer in self._open:
            viewer.transport.close()


def _used(pid: int) -> tuple[float, float]:
    """Resident MiB and processor seconds of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20, (int(fields[11]) + int(fields[12])) / _TICKS


async def _measured(settings: Settings, pid: int, viewers: Viewers, entries: int, rate: float) -> dict[str, Any]:
    path = Path(__file__).parents[1] / "schemas" / f"{REVISIONS}-1.json"
    example = orjson.loads(path.read_bytes())["examples"][0]
    marks, sent = [_used(pid)], []
    async with AIOKafkaProducer(bootstrap_servers=list(settings.brokers)) as producer:
        for number in range(entries):
            value = orjson.dumps({**example, "revision_id": f"r-{number}"})
            sent.append(time.monotonic())
            await producer.send_and_wait(settings.topic(REVISIONS), value, b"i")
            await asyncio.sleep(max(0.0, sent[0] + (number + 1) / rate - time.monotonic()))
            if number % (entries // 10) == 0:
                marks.append(_used(pid))
    await asyncio.sleep(5)
    marks.append(_used(pid))
    first = min(viewers.came)
    delays = [max(came) - sent[seq - first] for seq, came in sorted(viewers.came.items())]
    return {
        "delivered": sum(map(len, viewers.came.values())),
        "last_viewer_p50_s": round(statistics.median(delays), 2),
        "last_viewer_most_s": round(max(delays), 2),
        "resident_mib": [round(mib, 1) for mib, _ in marks],
        "processor_s": round(marks[-1][1] - marks[0][1], 1),
    }


def main() -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=300)
    parser.add_argument("--rate", type=float, default=5.0, help="entries a second")
    args = parser.parse_args()
    with EmbeddedBroker() as broker, tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_env({"STREAM_APP_BROKERS": broker.address, "STREAM_APP_PROFILE": "embedded"})
        asyncio.run(topics.ensure(settings))
        words = ["serve", "--brokers", broker.address, "--store", f"sqlite:///{folder}/store.db", "--port", "0"]
        serve = subprocess.Popen([sys.executable, "-m", "stream_app", *words], stderr=subprocess.PIPE, text=True)
        try:
            assert serve.stderr is not None
            port = int(serve.stderr.readline().rstrip("/\n").rsplit(":", 1)[1])
            print(json.dumps(loop_runner()(_run(settings, serve.pid, port, args)), indent=1))
        finally:
            serve.terminate()
            serve.wait()
    return 0


async def _run(settings: Settings, pid: int, port: int, args: argparse.Namespace) -> dict[str, Any]:
    viewers = Viewers(port)
    await asyncio.sleep(8)  # it listens before it reads
    before, _ = _used(pid)
    await viewers.open(args.viewers)
    figures = await _measured(settings, pid, viewers, args.entries, args.rate)
    await viewers.close()
    return {
        "viewers": args.viewers,
        "entries": args.entries,
        "resident_mib_before_viewers": round(before, 1),
        **figures,
    }


if __name__ == "__main__":
    sys.exit(main())
