"""A Kafka client that takes every batch and answers at once, under our own producer."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable
from types import SimpleNamespace
from typing import Any

from stream_app.service.engine.outbox import BatchProducer


class Batch:
    """Takes as many records as it has room for."""

    def __init__(self, room: int) -> None:
        self.records: list[dict[str, Any]] = []
        self._room = room

    def append(self, **record: Any) -> bool | None:
        if len(self.records) >= self._room:
            return None
        self.records.append(record)
        return True

    def close(self) -> None:
        """Nothing more comes."""


class Accepting(BatchProducer):
    """Our producer over such a client."""

    partitions = 8
    limit = 10_000

    def __init__(self, room: int = 1000) -> None:
        self.sent: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
        self._room = room

    def _ensure_producer(self) -> Any:
        return SimpleNamespace(
            partitions_for=self._partitions_for,
            create_batch=lambda: Batch(self._room),
            send_batch=self._send_batch,
            _max_request_size=self.limit,
        )

    async def _partitions_for(self, _topic: str) -> set[int]:
        return set(range(self.partitions))

    async def _send_batch(self, batch: Batch, topic: str, *, partition: int) -> Awaitable[None]:
        self.sent[topic, partition] += batch.records
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        answer.set_result(None)
        return answer
