# mypy: allow-subclassing-any
"""Faust's assignor, evened out: it gives each worker as many partitions as another, whatever is in them.

`articles.signed` has one partition, and who has that has its cost too: with two workers, one computed a third more than
the other. Here each topic has a weight, and workers hand partitions over until none of these moves would even things
out further: first those with tables, then those that cost most, so that the small ones even out what is left.

Partitions with a table go only to who holds their rows. When workers join, that is nobody but the owner, and what Kafka
Streams calls a probing rebalance (KIP-441) comes after a while: the leader asks the group to assign anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar

from faust.assignor.client_assignment import ClientAssignment, ClientMetadata
from faust.assignor.partition_assignor import PartitionAssignor

from stream_app.core import hops
from stream_app.service.engine.tables import RowTable
from stream_app.settings import Settings

COSTS: Mapping[str, float] = {hops.RAW: 0.09, hops.SIGNED: 0.22, hops.UNIQUE: 0.43, hops.REPORTS: 0.26}
"""What the records of a topic cost the worker that reads them, in shares of the whole, with the changelog of its table.

Measured with a worker for each hop, over composed, general and casualty news: a hop with a table costs its worker two
to three times what its core does.
"""
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
        heavy = max(givers, key=load.__getitem__)
        takers = [member for member in sorted(has) if load[member] + weight <= load[heavy] - _TRIFLE]
        for light in sorted(takers, key=load.__getitem__):
            able = has[heavy] if warm is None else {p for p in has[heavy] if _may_go(p, light, warm)}
            if able:
                break
        else:
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

    Partitions of `stateful` topics stay with those who hold their state, as owner or as standby. Where the work would
    be more even once standbys have read what they stand by for, `may_be_evener` says so to who handed it out.
    """

    costs: ClassVar[Mapping[str, float]] = {}
    stateful: ClassVar[AbstractSet[str]] = frozenset()
    may_be_evener = False
    _before: Mapping[str, ClientAssignment]

    @property
    def _metadata(self) -> ClientMetadata:
        """What this member tells the leader: of tables only the partitions of which it holds rows.

        What holds none is as well begun by anybody, and a standby that has read nothing yet is none.
        """
        tables = {
            topic: table.data
            for table in self._table_manager.data.values()
            if isinstance(table, RowTable)
            for topic in (table.source, table.changelog_topic_name)
        }
        actives, standbys = (
            {topic: [p for p in held if topic not in tables or tables[topic].holds(p)] for topic, held in part.items()}
            for part in (self._assignment.actives, self._assignment.standbys)
        )
        told: ClientMetadata = super()._metadata
        return told.derive(assignment=ClientAssignment(actives=actives, standbys=standbys))

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
        groups = _groups(partitions, each, self._sources())
        for topics in groups:
            self._as_before(topics, assignments)
        for topics in groups:
            warm = self._warm(topics, self._before) if self.stateful & set(topics) else None
            for partition, giver, taker in self._moves(topics, each, assignments, warm):
                for topic in topics:
                    _move(topic, partition, assignments[giver], assignments[taker])
        self.may_be_evener = any(
            any(self._moves(topics, each, assignments, self._warm(topics, assignments)))
            for topics in groups
            if self.stateful & set(topics)
        )

    def _moves(
        self,
        topics: Sequence[str],
        each: Mapping[str, float],
        assignments: Mapping[str, ClientAssignment],
        warm: Mapping[str, AbstractSet[int]] | None,
    ) -> Iterator[Move]:
        """What to move of topics that go together.

        Those with a table are shared out by what they cost among themselves: all others can go anywhere after them.
        """
        counted = each if warm is None else {topic: cost for topic, cost in each.items() if topic in self.stateful}
        loads = {
            member: sum(counted.get(topic, 0.0) * len(held) for topic, held in assigned.actives.items())
            for member, assigned in assignments.items()
        }
        weight = sum(each[topic] for topic in topics)
        held = {member: set(a.actives[topics[0]]) for member, a in assignments.items() if topics[0] in a.actives}
        before = {member: set(self._before[member].actives.get(topics[0], ())) for member in held}
        yield from moves(held, loads, weight, before, warm) if weight else ()

    def _sources(self) -> Mapping[str, str]:
        """The topic that each changelog goes with."""
        tables = self._table_manager.data.values()
        return {table.changelog_topic_name: table.source for table in tables if isinstance(table, RowTable)}

    def _as_before(self, topics: Sequence[str], assignments: Mapping[str, ClientAssignment]) -> None:
        """Give each partition back to who had it, or holds its state: Faust asks this of one topic of a size only."""
        for giver in sorted(assignments):
            for partition in sorted(assignments[giver].actives.get(topics[0], ())):
                taker = self._held_by(partition, topics, assignments) or giver
                if taker != giver and topics[0] in assignments[taker].actives:
                    for topic in topics:
                        _move(topic, partition, assignments[giver], assignments[taker])

    def _held_by(self, partition: int, topics: Sequence[str], members: Iterable[str]) -> str | None:
        """Who had a partition until now, else who stood by for its state."""
        for held in ("actives", "standbys"):
            for member in sorted(members):
                before = getattr(self._before[member], held)
                if any(partition in before.get(topic, ()) for topic in topics):
                    return member
        return None

    def _warm(self, topics: Sequence[str], members: Mapping[str, ClientAssignment]) -> dict[str, set[int]]:
        """The partitions of these topics whose state each member holds by what it has.

        A table's standbys are told under one of its topics.
        """
        return {
            member: {
                partition
                for topic in topics
                for held in (assigned.actives, assigned.standbys)
                for partition in held.get(topic, ())
            }
            for member, assigned in members.items()
        }


def _groups(partitions: Iterable[str], each: Mapping[str, float], sources: Mapping[str, str]) -> list[list[str]]:
    """The topics that have to go together: one with a table and its changelog. Any other is by itself.

    Those with tables come first, then those of which a partition costs most.
    """
    together: defaultdict[str, list[str]] = defaultdict(list)
    for topic in sorted(partitions):
        together[sources.get(topic, topic)].append(topic)
    return [
        [source, *(topic for topic in topics if topic != source)]
        for source, topics in sorted(together.items(), key=lambda group: (len(group[1]) == 1, -each[group[0]]))
    ]


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
