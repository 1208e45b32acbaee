"""Publish articles with record timestamps of one's own: lines of `{"at_ms": ..., "article": {...}}` on stdin.

    python -m scripts.publish_at 127.0.0.1:9092 < articles.jsonl

What closes an incident is when its articles were received, and that is their records' timestamps.
"""

from __future__ import annotations

import asyncio
import sys

import orjson
from aiokafka import AIOKafkaProducer


async def main(brokers: str) -> None:
    """Send each and wait for the broker."""
    async with AIOKafkaProducer(bootstrap_servers=brokers) as producer:
        for line in sys.stdin.buffer:
            told = orjson.loads(line)
            article = told["article"]
            await producer.send_and_wait(
                "articles.raw", orjson.dumps(article), article["id"].encode(), timestamp_ms=told["at_ms"]
            )


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
