"""Harm to one batch on a broker's disk: what no producer can send, since brokers look at what they are sent."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from aiokafka.record.util import calc_crc32c

from tests.kafka.cluster import Cluster

_LENGTH = 8  # offset of the batch's length in its header, behind its first offset ...
_CRC = 17  # ... of its checksum ...
_ATTRIBUTES = 21  # ... and of its attributes, whose lowest three bits name the codec; the checksum counts from here
_ZSTD, _NO_CODEC = 4, 6


def checksum(batch: bytes) -> bytes:
    """The last byte of the records is another."""
    return batch[:-1] + bytes([batch[-1] ^ 0xFF])


def unknown_codec(batch: bytes) -> bytes:
    """The batch says that it is compressed as Kafka has no word for, and its checksum is right."""
    return _with_codec(batch, _NO_CODEC)


def payload(batch: bytes) -> bytes:
    """The batch says zstd and is not compressed at all, and its checksum is right."""
    return _with_codec(batch, _ZSTD)


def _with_codec(batch: bytes, codec: int) -> bytes:
    counted = bytearray(batch[_ATTRIBUTES:])
    counted[1] = (counted[1] & ~0x07) | codec
    return batch[:_CRC] + struct.pack(">I", calc_crc32c(bytes(counted))) + bytes(counted)


def damage(cluster: Cluster, topic: str, partition: int, batch: int, harm: Callable[[bytes], bytes]) -> None:
    """Stop the only broker in order, harm the batch of that number, and start the broker, which looks at no batch then."""
    (node,) = cluster.nodes
    cluster.stop(node)
    log = node.folder / "data" / f"{topic}-{partition}" / "00000000000000000000.log"
    held = log.read_bytes()
    begin, end = list(_spans(held))[batch]
    log.write_bytes(held[:begin] + harm(held[begin:end]) + held[end:])
    cluster.restart(node)


def codecs(cluster: Cluster, topic: str) -> set[int]:
    """The codecs of the batches on the first node's disk, as Kafka numbers them: 0 for none."""
    found = set()
    for log in (cluster.nodes[0].folder / "data").glob(f"{topic}-[0-9]*/*.log"):
        held = log.read_bytes()
        found |= {struct.unpack_from(">h", held, begin + _ATTRIBUTES)[0] & 0x07 for begin, _ in _spans(held)}
    return found


def _spans(log: bytes) -> Iterator[tuple[int, int]]:
    begin = 0
    while begin < len(log):
        (length,) = struct.unpack_from(">i", log, begin + _LENGTH)
        yield begin, begin + _LENGTH + 4 + length
        begin += _LENGTH + 4 + length
