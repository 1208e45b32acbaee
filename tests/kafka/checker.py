"""What a consumer saw under faults, held against what it saw in an undisturbed run of the same input. Pure functions.

At-least-once allows one thing only: the same bytes again under the same event id. A missing event, an event nobody
expected, other bytes under a known id, a key whose last value or whose order differs: each is a failure with a name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

#: `every`: each event must be there, in the order of its key. `any_order`: each event must be there. `last`: the last
#: value of each key must agree. `ids`: only the contents under one id must agree. The weaker ones are for topics whose
#: order or intermediate values depend on how several input partitions happened to interleave.
Policy = Literal["every", "any_order", "last", "ids"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One consumed record; `event_id` is its `ce_id` header, or topic-partition-offset of the input it stands for."""

    key: bytes | None
    value: bytes | None
    event_id: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one topic fared: `lost` and `wrong` are messages, empty when all is well; `repeats` counts allowed copies."""

    topic: str
    expected: int
    lost: tuple[str, ...]
    wrong: tuple[str, ...]
    repeats: int

    @property
    def ok(self) -> bool:
        return not self.lost and not self.wrong

    def ok_exactly_once(self) -> bool:
        """Nothing lost, nothing wrong and nothing twice."""
        return self.ok and self.repeats == 0


def compare(topic: str, expected: Sequence[Seen], seen: Sequence[Seen], policy: Policy = "every") -> Verdict:
    """Judge one topic.

    >>> a, b = Seen(b"k", b"1", "a"), Seen(b"k", b"2", "b")
    >>> compare("t", [a, b], [a, a, b])
    Verdict(topic='t', expected=2, lost=(), wrong=(), repeats=1)
    >>> compare("t", [a, b], [a]).lost
    ('b',)
    """
    wrong = _changed_bytes(seen)
    lost = _lost(expected, seen) if policy in {"every", "any_order"} else ()
    if policy in {"every", "last"}:
        wrong += _last_value_differs(expected, seen)
    if policy in {"every", "any_order"}:
        wrong += _unexpected(expected, seen)
    if policy == "every":
        wrong += _reordered(expected, seen)
    return Verdict(topic, len(expected), lost, tuple(wrong), _repeats(expected, seen, policy))


def _repeats(expected: Sequence[Seen], seen: Sequence[Seen], policy: Policy) -> int:
    """How many records are copies: a key whose value may come back to what it was is told twice only if in a row."""
    if policy == "last":
        previous: dict[bytes | None, str] = {}
        in_a_row = 0
        for record in seen:
            in_a_row += previous.get(record.key) == record.event_id
            previous[record.key] = record.event_id
        return in_a_row
    return repeated(seen) - repeated(expected)


def repeated(records: Sequence[Seen]) -> int:
    """How many records come under an event id that was seen before."""
    return len(records) - len({record.event_id for record in records})


def _lost(expected: Iterable[Seen], seen: Iterable[Seen]) -> tuple[str, ...]:
    present = {record.event_id for record in seen}
    return tuple(record.event_id for record in expected if record.event_id not in present)


def _unexpected(expected: Iterable[Seen], seen: Iterable[Seen]) -> list[str]:
    wanted = {record.event_id: record for record in expected}
    found = []
    for record in first_of_each(seen):
        want = wanted.get(record.event_id)
        if want is None:
            found.append(f"unexpected event {record.event_id}")
        elif (want.key, want.value) != (record.key, record.value):
            found.append(f"event {record.event_id} has other bytes than in the undisturbed run")
    return found


def _changed_bytes(seen: Iterable[Seen]) -> list[str]:
    versions: dict[str, set[tuple[bytes | None, bytes | None]]] = defaultdict(set)
    for record in seen:
        versions[record.event_id].add((record.key, record.value))
    return [f"event {event_id} came with {len(many)} contents" for event_id, many in versions.items() if len(many) > 1]


def _last_value_differs(expected: Iterable[Seen], seen: Iterable[Seen]) -> list[str]:
    want, got = last_values(expected), last_values(seen)
    keys = sorted(want.keys() | got.keys(), key=repr)
    return [f"last value of key {key!r} differs" for key in keys if want.get(key) != got.get(key)]


def _reordered(expected: Iterable[Seen], seen: Iterable[Seen]) -> list[str]:
    want, got = _order_by_key(expected), _order_by_key(seen)
    found = []
    for key, ids in want.items():
        present = set(got.get(key, ()))
        if [event_id for event_id in ids if event_id in present] != got.get(key, []):
            found.append(f"order of key {key!r} differs")
    return found


def last_values(records: Iterable[Seen]) -> Mapping[bytes | None, bytes | None]:
    """What a consumer holds that keeps the last value of each key."""
    return {record.key: record.value for record in records}


def first_of_each(records: Iterable[Seen]) -> list[Seen]:
    """The records without repeats: the first one of each event id, in order."""
    firsts: dict[str, Seen] = {}
    for record in records:
        firsts.setdefault(record.event_id, record)
    return list(firsts.values())


def _order_by_key(records: Iterable[Seen]) -> dict[bytes | None, list[str]]:
    order: dict[bytes | None, list[str]] = defaultdict(list)
    for record in first_of_each(records):
        order[record.key].append(record.event_id)
    return order
