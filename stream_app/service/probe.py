"""Reads off a running Faust app what no record tells: lag, partitions, tables, recovery. Asked when Prometheus asks."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import faust
from faust.types import TP

from stream_app.service.agents import Runner
from stream_app.service.engine.fetching import Troubles
from stream_app.service.engine.tables import RowTable
from stream_app.service.metrics import Metrics

_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


@dataclass(slots=True)
class EndSightings:
    """When the ends of a partition were first seen: tells how long records wait that nobody has fetched yet."""

    _seen: deque[tuple[int, float]] = field(default_factory=deque)

    def waiting_s(self, position: int, end: int, now_s: float) -> float:
        """For how long a record at `position` is known to have been there; 0 when the partition ends at it.

        >>> ends = EndSightings()
        >>> ends.waiting_s(5, 5, 100.0), ends.waiting_s(5, 8, 110.0), ends.waiting_s(5, 9, 130.0)
        (0.0, 0.0, 20.0)
        >>> ends.waiting_s(8, 9, 140.0)
        10.0
        """
        if not self._seen or end > self._seen[-1][0]:
            self._seen.append((end, now_s))
        while self._seen and self._seen[0][0] <= position:
            self._seen.popleft()
        return now_s - self._seen[0][1] if self._seen else 0.0


class Probe:
    """Sets the gauges of one worker from its Faust app and the runners of its hops."""

    def __init__(
        self,
        app: faust.App,
        runners: Iterable[Runner],
        metrics: Metrics,
        troubles: Troubles | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._troubles = troubles or Troubles()
        self._app = app
        self._runners = {runner.settings.topic(runner.hop.source): runner for runner in runners}
        self._metrics = metrics
        self._clock = clock
        self._ends: dict[TP, EndSightings] = {}

    def install(self) -> None:
        """Be asked with the metrics, and count rebalances."""
        self._app.on_partitions_assigned.connect(self._on_assigned)
        self._metrics.before_exposition(self)
        self._metrics.set("memory_limit_bytes", memory_limit_bytes())

    def __call__(self) -> None:
        """Set every gauge that this probe knows."""
        assigned = self._assigned()
        for topic, runner in self._runners.items():
            partitions = [tp for tp in assigned if tp.topic == topic]
            self._metrics.set("assigned_partitions", len(partitions), runner.hop.name)
            self._set_lag(runner, partitions)
            self._set_troubles(topic, runner.hop.name)
            if runner.table is not None:
                self._set_state(runner.hop.name, runner.table, {tp.partition for tp in partitions})
        self._metrics.set("recovering", bool(self._app.tables.recovery.in_recovery))

    async def _on_assigned(self, _: faust.App, assigned: set[TP], **__: Any) -> None:
        self._metrics.add("rebalances")
        self._ends = {tp: seen for tp, seen in self._ends.items() if tp in assigned}

    def _assigned(self) -> set[TP]:
        """The partitions of the group's current generation; none before the consumer runs."""
        if not self._app.started or not self._app.consumer.started:
            return set()
        assigned: set[TP] = self._app.consumer.assignment()
        return assigned

    def _set_lag(self, runner: Runner, partitions: Iterable[TP]) -> None:
        """Lag is what the broker holds beyond the fetched position, and what was fetched and is not acked."""
        now_s, records, oldest_s = self._clock(), 0, runner.oldest_waiting_s()
        ages = [0.0 if oldest_s is None else now_s - oldest_s]
        for tp in partitions:
            if (ends := self._position_and_end(tp)) is not None:
                records += max(0, ends[1] - ends[0])
                ages.append(self._ends.setdefault(tp, EndSightings()).waiting_s(*ends, now_s))
        self._metrics.set("consumer_lag_records", records + runner.waiting(), runner.hop.name)
        self._metrics.set("consumer_lag_seconds", max(0.0, *ages), runner.hop.name)

    def _position_and_end(self, tp: TP) -> tuple[int, int] | None:
        """The next offset to fetch and the partition's end as last told by the broker; None while unknown."""
        subscription = self._app.consumer._thread._consumer._subscription.subscription  # noqa: SLF001  # read only
        assignment = subscription and subscription.assignment
        state = assignment and assignment.state_value(tp)
        if not state or not state.has_valid_position or state.highwater is None:
            return None
        return state.position, state.highwater

    def _set_troubles(self, topic: str, hop: str) -> None:
        troubles = self._troubles
        self._metrics.set("input_lost_records", troubles.lost[topic], hop)
        self._metrics.set("undecodable_batches", troubles.undecodable[topic], hop)
        self._metrics.set("undecodable_records_passed", troubles.passed[topic], hop)
        self._metrics.set("blocked_partitions", sum(tp.topic == topic for tp in troubles.held), hop)

    def _set_state(self, name: str, table: RowTable, active: set[int]) -> None:
        states: Mapping[int, Any] = table.data.states
        self._metrics.set("state_rows", table.data.rows, name)
        self._metrics.set("recovery_restored_rows", table.data.restored_total, name)
        self._metrics.set("recovery_remaining_rows", self._remaining(table.changelog_topic_name), name)
        if name == "match":
            self._metrics.set("state_bytes", sum(state.bytes for state in states.values()))
            self._metrics.set("late_articles", sum(state.late_total for state in states.values()))
            self._metrics.set("state_evicted_rows", sum(state.evicted_total for state in states.values()))
        if name == "count":
            self._metrics.set("incidents_open", sum(states[p].open_incidents for p in active & states.keys()))

    def _remaining(self, changelog: str) -> int:
        remaining = self._app.tables.recovery.active_remaining()
        return sum(max(0, rows) for tp, rows in remaining.items() if tp.topic == changelog)


def memory_limit_bytes(limits: Sequence[Path] = _CGROUP_LIMITS) -> int:
    """How much memory this process may use: its container's limit where one is set, else all of the machine's."""
    machine: int = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    found = [int(path.read_text()) for path in limits if path.exists() and path.read_text().strip().isdigit()]
    return min([machine, *found])
