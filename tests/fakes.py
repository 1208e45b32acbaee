"""Stand-ins for Faust's app, producer and events: they record what is done with them, in order."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any


@dataclass(slots=True)
class Sent:
    """One record handed to the producer."""

    topic: str
    key: bytes | None
    value: bytes | None
    partition: int | None
    timestamp_s: float | None
    headers: list[tuple[str, bytes]] | None


@dataclass(slots=True)
class RecordingProducer:
    """Keeps what is sent and answers at once; refuses the topics in `refused`. `log` is shared with the events."""

    log: list[str]
    refused: set[str] = field(default_factory=set)
    sent: list[Sent] = field(default_factory=list)

    async def send(
        self, topic: str, key: Any, value: Any, partition: Any, timestamp: Any, headers: Any
    ) -> asyncio.Future[Any]:
        self.sent.append(Sent(topic, key, value, partition, timestamp, headers))
        self.log.append(f"send {topic}")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if topic in self.refused:
            answer.set_exception(ConnectionError(f"{topic} refused"))
        else:
            answer.set_result(SimpleNamespace(partition=0, offset=len(self.sent)))
        return answer

    def to(self, topic: str) -> list[Sent]:
        return [sent for sent in self.sent if sent.topic == topic]


@dataclass(slots=True)
class FakeApp:
    """As much of a Faust app as a runner touches."""

    producer: RecordingProducer
    should_stop: bool = False
    crashed_with: BaseException | None = None
    consumer_generation_id: int = 1

    async def crash(self, error: BaseException) -> None:
        self.crashed_with = error


@dataclass(slots=True)
class FakeEvent:
    """A record in a stream; its ack goes into the log."""

    message: Any
    log: list[str]
    acked: bool = False

    def ack(self) -> bool:
        self.acked = True
        self.log.append(f"ack {self.message.offset}")
        return True


def event(value: bytes | None, offset: int, log: list[str], topic: str = "articles.raw") -> FakeEvent:
    """A record at an offset of partition 3."""
    message = SimpleNamespace(
        key=b"k", value=value, topic=topic, partition=3, offset=offset, timestamp=1_646_114_400.123, headers=[]
    )
    return FakeEvent(message, log)
