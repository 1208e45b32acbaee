"""The fixed job that stands in for tagging: a hundred microseconds of Python, measured where it runs."""

from __future__ import annotations

import time

COST_US = 100.0
SAMPLED = 10  # one call in so many is timed: reading the thread's clock is a system call


def _burn(rounds: int) -> int:
    total = 0
    for number in range(rounds):
        total ^= number
    return total


def rounds_for(cost_us: float) -> int:
    """How many rounds take `cost_us` of CPU on this machine when nothing disturbs it."""
    probe = 20_000
    best = min(_timed(probe) for _ in range(15))
    return max(1, round(probe * cost_us * 1e-6 / best))


def _timed(rounds: int) -> float:
    started = time.thread_time()
    _burn(rounds)
    return time.thread_time() - started


class Window:
    """Counts CPU from one record on, less what the job itself took.

    The first records are left out: they pay for connections, joins and caches. `seconds` is what the process used,
    all threads, kernel included; `work_s` is the job's share of it.
    """

    def __init__(self, records: int, skip: float = 0.2, cost_us: float = COST_US) -> None:
        self.records = records
        self.skipped = int(records * skip)
        self.calls = 0
        self.work_s = 0.0
        self._rounds = rounds_for(cost_us)
        self._cpu = self._wall = 0.0

    def work(self) -> None:
        """Do the job once."""
        if self.calls == self.skipped:
            self._cpu, self._wall, self.work_s = time.process_time(), time.perf_counter(), 0.0
        self.calls += 1
        if self.calls % SAMPLED:
            _burn(self._rounds)
        else:
            started = time.thread_time()
            _burn(self._rounds)
            self.work_s += (time.thread_time() - started) * SAMPLED

    @property
    def complete(self) -> bool:
        """Whether every record has come."""
        return self.calls >= self.records

    def report(self) -> dict[str, float]:
        """Microseconds a record beyond the job, and what they were made of; call it when all is acknowledged."""
        cpu, wall = time.process_time() - self._cpu, time.perf_counter() - self._wall
        counted = self.calls - self.skipped
        return {
            "records": counted,
            "overhead_us": (cpu - self.work_s) / counted * 1e6,
            "work_us": self.work_s / counted * 1e6,
            "records_per_s_core": counted / cpu,
            "records_per_s_wall": counted / wall,
        }
