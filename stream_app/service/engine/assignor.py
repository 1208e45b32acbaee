# mypy: allow-subclassing-any
"""Faust's assignor, evened out: it gives each worker as many partitions as another, whatever is in them.

`articles.signed` has one partition, and who has that has its cost too: with two workers, one computed a third more than
the other. Here each topic has a weight, and workers hand partitions over until none of these moves would even things
out further: first those with tables, then those that cost most, so that the small ones even out what is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from faust.assignor.client_assignment import ClientAssignment
from faust.assignor.partition_assignor import PartitionAssignor

from stream_app.core import hops
from stream_app.settings import Settings

COSTS: Mapping[str, float] = {hops.RAW: 0.18, hops.SIGNED: 0.08, hops.UNIQUE: 0.65, hops.REPORTS: 0.09}
"""What the records of a topic cost the hop that reads them, in shares of the whole (docs/performance.md)."""
_TRIFLE = 1e-9

Move = tuple[int, str, str]
"""A partition, the member that had it, and the one that gets it."""


def moves(
    held: Mapping[str, AbstractSet[int]],
    loads: Mapping[str, float],
    weight: float,
    before: Mapping[str, AbstractSet[int]],
    warm: Mapping[str, AbstractSet[int]] | None = None,
) -> Iterator[Move]:
    """What to move until no move of one partition would make the heavier of two members lighter.

    Args:
        held: the partitions that each member has of some topics that go together.
        loads: what each member has to do altogether.
        weight: what one of the partitions costs.
        before: what each member had until now: of several partitions one goes where its state is.
        warm: of partitions with a table, whose state each member holds; None where there is none. A partition whose
            state somebody holds goes to nobody else: all behind it would wait for the table to be read again.

    >>> list(moves({"a": {0, 1}, "b": {2, 3}}, {"a": 0.9, "b": 0.5}, 0.3, {"b": {1}}))
    [(1, 'a', 'b')]
    >>> list(moves({"a": {0, 1}, "b": {2, 3}}, {"a": 0.9, "b": 0.5}, 0.5, {"b": {1}}))
    []
    >>> list(moves({"a": {0}, "b": set()}, {"a": 0.9, "b": 0.0}, 0.3, {"a": {0}}, warm={"a": {0}}))
    []
    >>> list(moves({"a": {0}, "b": set()}, {"a": 0.9, "b": 0.0}, 0.3, {"a": {0}}, warm={"a": {0}, "b": {0}}))
    [(0, 'a', 'b')]
    """
    has = {member: set(partitions) for member, partitions in held.items()}
    load = dict(loads)
    while givers := sorted(member for member in has if has[member]):
        heavy, light = max(givers, key=load.__getitem__), min(sorted(has), key=load.__getitem__)
        if load[light] + weight > load[heavy] - _TRIFLE:
            return
        able = has[heavy] if warm is None else {p for p in has[heavy] if _may_go(p, light, warm)}
        if not able:
            return
        partition = min(able, key=lambda p: (p not in before.get(light, ()), p in before.get(heavy, ()), p))
        has[heavy].remove(partition)
        has[light].add(partition)
        load[heavy] -= weight
        load[light] += weight
        yield partition, heavy, light


def _may_go(partition: int, member: str, warm: Mapping[str, AbstractSet[int]]) -> bool:
    """Whether a member holds the state of a partition, or nobody does."""
    return partition in warm.get(member, ()) or not any(partition in held for held in warm.values())


class Assignor(PartitionAssignor):
    """Assigns partitions like Faust, then moves some to those who have less to do; `costs` are by topic name.

    Partitions of `stateful` topics stay with those who hold their state, as owner or as standby.
    """

    costs: ClassVar[Mapping[str, float]] = {}
    stateful: ClassVar[AbstractSet[str]] = frozenset()
    _before: Mapping[str, ClientAssignment]

    def _perform_assignment(self, cluster: Any, member_metadata: Any) -> Any:
        self._before = {
            member: self._get_client_metadata(metadata).assignment for member, metadata in member_metadata.items()
        }
        return super()._perform_assignment(cluster, member_metadata)

    def _global_table_standby_assignments(self, assignments: Any, partitions_by_topic: Mapping[str, int]) -> Any:
        """Where Faust looks over all that it has assigned, before it tells anybody."""
        self._even_out(assignments, partitions_by_topic)
        return super()._global_table_standby_assignments(assignments, partitions_by_topic)

    def _even_out(self, assignments: Mapping[str, ClientAssignment], partitions: Mapping[str, int]) -> None:
        """Move partitions between members: those that have to go together together, all others by themselves."""
        each = {topic: self.costs.get(topic, 0.0) / count for topic, count in partitions.items()}
        groups = _groups(assignments, partitions, each, self.stateful)
        for topics in groups:
            if not _pinned(topics[0], self.stateful):
                self._as_before(topics[0], assignments)
        for topics in groups:
            loads = {
                member: sum(each[topic] * len(held) for topic, held in assigned.actives.items())
                for member, assigned in assignments.items()
            }
            weight = sum(each[topic] for topic in topics)
            held = {member: set(a.actives[topics[0]]) for member, a in assignments.items() if topics[0] in a.actives}
            before = {member: set(self._before[member].actives.get(topics[0], ())) for member in held}
            warm = self._warm(topics, assignments) if self.stateful & set(topics) else None
            for partition, giver, taker in moves(held, loads, weight, before, warm) if weight else ():
                for topic in topics:
                    _move(topic, partition, assignments[giver], assignments[taker])

    def _as_before(self, topic: str, assignments: Mapping[str, ClientAssignment]) -> None:
        """Give each partition of a topic back to who had it: Faust asks this of one topic, of all that are alike."""
        had = {p: member for member in sorted(assignments) for p in self._before[member].actives.get(topic, ())}
        for giver in sorted(assignments):
            for partition in sorted(assignments[giver].actives.get(topic, ())):
                taker = had.get(partition, giver)
                if taker != giver and topic in assignments[taker].actives:
                    _move(topic, partition, assignments[giver], assignments[taker])

    def _warm(self, topics: Sequence[str], members: Iterable[str]) -> dict[str, set[int]]:
        """Whose state of these topics each member held until now; its table's standbys are told under one of them."""
        return {
            member: {
                partition
                for topic in topics
                for held in (self._before[member].actives, self._before[member].standbys)
                for partition in held.get(topic, ())
            }
            for member in members
        }


def _groups(
    assignments: Mapping[str, ClientAssignment],
    partitions: Mapping[str, int],
    each: Mapping[str, float],
    stateful: AbstractSet[str],
) -> list[list[str]]:
    """The topics that have to go together: those with a table and their changelogs. Any other is by itself.

    Those with tables come first, then those of which a partition costs most.
    """
    alike: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    for topic in sorted(partitions):
        holders = ((member, a.actives[topic]) for member, a in sorted(assignments.items()) if topic in a.actives)
        together = ((member, *sorted(held)) for member, held in holders) if _pinned(topic, stateful) else (topic,)
        alike[tuple(together)].append(topic)
    return sorted(alike.values(), key=lambda topics: (not _pinned(topics[0], stateful), -each[topics[0]]))


def _pinned(topic: str, stateful: AbstractSet[str]) -> bool:
    """Whether a topic's partitions have to stay where a state is."""
    return topic in stateful or topic.endswith("-changelog")


def _move(topic: str, partition: int, giver: ClientAssignment, taker: ClientAssignment) -> None:
    """Give one partition of a topic to another member; a standby that takes over changes places."""
    giver.actives[topic].remove(partition)
    taker.actives[topic].append(partition)
    if partition in taker.standbys[topic]:
        taker.standbys[topic].remove(partition)
        giver.standbys[topic].append(partition)


def assignor_for(settings: Settings) -> type[Assignor]:
    """The assignor with what the topics of these settings cost."""
    costs = {settings.topic(topic): cost for topic, cost in COSTS.items()}
    stateful = {settings.topic(hops.SIGNED), settings.topic(hops.REPORTS)}
    return type("TopicAssignor", (Assignor,), {"costs": costs, "stateful": stateful})
