"""Records through the hops, one hop after the other, as a worker under load takes them: no topics in between."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from stream_app.core.hops import RAW, Decision, Effects, Hop, Output, Record, Stepwise, stretches
from stream_app.core.poison import caught


class Hopwise:
    """The hops in their order with a state each; `seconds` is the CPU that each has used.

    `rows` are what the last articles fed made of each hop's table, by key: what its changelog is sent.
    """

    def __init__(self, hops: Mapping[str, Hop]) -> None:
        self._hops = hops
        self._states = {name: hop.new_state() for name, hop in hops.items()}
        self.seconds = dict.fromkeys(hops, 0.0)
        self.rows: dict[str, dict[bytes, bytes | None]] = {}

    def feed(self, raw: Sequence[Record]) -> list[tuple[int, Output]]:
        """Everything published because of these articles, with its timestamp; poison is left out."""
        arrived: dict[str, list[Record]] = {RAW: list(raw)}
        published: list[tuple[int, Output]] = []
        self.rows = {}
        for name, hop in self._hops.items():
            records = arrived.get(hop.source, [])
            started = time.process_time()
            decided = _decide(hop, records, self._states[name])
            self.seconds[name] += time.process_time() - started
            for record, decision in zip(records, decided, strict=True):
                if isinstance(decision, Effects) and decision.rows:
                    self.rows.setdefault(name, {}).update(decision.rows)
                for output in decision.outputs if isinstance(decision, Effects) else ():
                    published.append((record.timestamp_ms, output))
                    passed_on = Record(output.key, output.value, record.timestamp_ms)
                    arrived.setdefault(output.topic, []).append(passed_on)
        return published


def _decide(hop: Hop, records: list[Record], state: Any) -> list[Decision]:
    """What the hop makes of the records: those with steps get sixteen at a time."""
    if isinstance(hop, Stepwise):
        return [decision for some in stretches(records, _bytes_of) for decision in hop.each(some)]
    return [caught(hop, record, state) for record in records]


def _bytes_of(record: Record) -> int:
    return len(record.value or b"")
