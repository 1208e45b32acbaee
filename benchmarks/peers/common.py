"""What every peer is told, and how it answers: one JSON line."""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import DefaultPartitioner

from benchmarks.work import Window

BATCH = 200
LINGER_MS = 5


@dataclass(frozen=True)
class Job:
    """Read `records` from `source`, send each to `sink`."""

    brokers: str
    source: str
    sink: str
    group: str
    records: int
    partitions: int
    idempotence: bool

    def window(self) -> Window:
        return Window(self.records)


class Batches:
    """What a careful hand-written loop on aiokafka does: records gathered by partition, sent as whole batches."""

    def __init__(self, producer: AIOKafkaProducer, partitions: int) -> None:
        self._producer, self._all = producer, list(range(partitions))
        self._partitioner = DefaultPartitioner()
        self._builders: dict[tuple[str, int], list[Any]] = {}

    def add(self, topic: str, timestamp: int, key: bytes, value: bytes | None) -> None:
        """Put a record where its key belongs; a full batch is followed by another."""
        place = (topic, self._partitioner(key, self._all, self._all))
        builders = self._builders.get(place)
        if builders is None:
            builders = self._builders[place] = [self._producer.create_batch()]
        if builders[-1].append(timestamp=timestamp, key=key, value=value) is None:
            builders.append(self._producer.create_batch())
            builders[-1].append(timestamp=timestamp, key=key, value=value)

    async def send(self) -> None:
        """Send all, and wait for the broker's answers."""
        answers = [
            await self._producer.send_batch(builder, topic, partition=partition)
            for (topic, partition), builders in self._builders.items()
            for builder in builders
        ]
        await asyncio.gather(*answers)


def job_of_arguments() -> Job:
    parser = argparse.ArgumentParser()
    for name in ("brokers", "source", "sink", "group"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--partitions", type=int, required=True)
    parser.add_argument("--idempotence", type=int, required=True)
    args = parser.parse_args()
    return Job(args.brokers, args.source, args.sink, args.group, args.records, args.partitions, bool(args.idempotence))


def answer(window: Window) -> None:
    print(json.dumps(window.report()), flush=True)
