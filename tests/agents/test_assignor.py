"""Who gets which partitions: everything once, what goes together together, the work even, and little moved later."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace
from typing import Any

import faust
import pytest
from aiokafka.coordinator.protocol import ConsumerProtocolMemberMetadata
from faust.assignor.client_assignment import ClientAssignment, ClientMetadata
from faust.types import TP

from stream_app.app import build_app
from stream_app.core import hops
from stream_app.service.engine.assignor import COSTS, Assignor
from stream_app.settings import Settings

Assigned = dict[str, ClientAssignment]
PARTITIONS = dict.fromkeys(COSTS, 8) | {hops.SIGNED: 1, hops.REPORTS: 1}


@pytest.fixture
def app() -> faust.App:
    return build_app(Settings(hops=("match", "count"))).app


def assign(app: faust.App, members: Assigned, replicas: int = 0) -> Assigned:
    """What a leader hands out to members that had these assignments, none for a new one."""
    return assigned_by(app, members, replicas)[1]


def assigned_by(app: faust.App, members: Assigned, replicas: int = 0) -> tuple[Assignor, Assigned]:
    """The same, and who handed it out."""
    counts = PARTITIONS | {name: PARTITIONS[source] for name, source in changelogs(app).items()}
    assignor = app.conf.PartitionAssignor(app, replicas=replicas)
    said = {
        member: ConsumerProtocolMemberMetadata(0, list(counts), metadata(member, had).dumps())
        for member, had in members.items()
    }
    cluster = SimpleNamespace(partitions_for_topic=lambda topic: set(range(counts[topic])))
    answers = assignor.assign(cluster, said)
    assigned = {m: ClientMetadata.loads(Assignor._decompress(a.user_data)).assignment for m, a in answers.items()}
    return assignor, assigned


def metadata(member: str, had: ClientAssignment) -> ClientMetadata:
    return ClientMetadata(assignment=had, url=f"http://{member}", changelog_distribution={}, topic_groups={})


def changelogs(app: faust.App) -> dict[str, str]:
    """Each table's changelog, and the topic that it goes with."""
    return {table.changelog_topic_name: table._hop.source for table in app.tables.values()}


def nothing() -> ClientAssignment:
    return ClientAssignment(actives={}, standbys={})


def loads(assigned: Assigned) -> list[float]:
    each = {topic: cost / PARTITIONS[topic] for topic, cost in COSTS.items()}
    return sorted(sum(each.get(topic, 0) * len(held) for topic, held in a.actives.items()) for a in assigned.values())


@pytest.mark.parametrize("members", [1, 2, 3, 5, 9])
@pytest.mark.parametrize("replicas", [0, 1])
def test_every_partition_has_one_owner_and_its_changelog_goes_along(
    app: faust.App, members: int, replicas: int
) -> None:
    assigned = assign(app, {f"m{number}": nothing() for number in range(members)}, replicas)
    for topic, count in PARTITIONS.items():
        owners = Counter(p for a in assigned.values() for p in a.actives[topic])
        assert set(owners) == set(range(count))
        assert set(owners.values()) == {1}
    for name, source in changelogs(app).items():
        for a in assigned.values():
            assert sorted(a.actives[name]) == sorted(a.actives[source])
            assert set(a.actives[name]).isdisjoint(a.standbys[name])
        standbys = Counter(p for a in assigned.values() for p in a.standbys[name])
        assert set(standbys.values()) <= {min(replicas, members - 1)}


def test_two_workers_get_even_work_though_one_of_them_alone_matches(app: faust.App) -> None:
    lighter, heavier = loads(assign(app, {"a": nothing(), "b": nothing()}))
    assert heavier < 0.52
    assert lighter + heavier == pytest.approx(1.0)


@pytest.mark.parametrize("replicas", [0, 1])
def test_a_second_assignment_of_the_same_members_moves_nothing(app: faust.App, replicas: int) -> None:
    first = assign(app, {"a": nothing(), "b": nothing()}, replicas)
    second = assign(app, first, replicas)
    for member, had in first.items():
        for topic, held in had.actives.items():
            assert sorted(second[member].actives[topic]) == sorted(held)


def test_a_member_that_joins_gets_work_and_one_that_leaves_leaves_nothing_behind(app: faust.App) -> None:
    two = assign(app, {"a": nothing(), "b": nothing()})
    three = assign(app, {**two, "c": nothing()})
    assert max(loads(three)) < 0.4
    one = assign(app, {"c": three["c"]})
    assert loads(one) == pytest.approx([1.0])


def test_a_partition_with_a_table_goes_to_nobody_who_has_not_its_state(app: faust.App) -> None:
    """However much its owner has to do: all behind it would wait until the table is read again."""
    alone = assign(app, {"a": nothing()}, replicas=1)
    joined = assign(app, {**alone, "b": nothing(), "c": nothing()}, replicas=1)
    stateful = [hops.SIGNED, hops.REPORTS]
    assert [joined["a"].actives[topic] for topic in stateful] == [alone["a"].actives[topic] for topic in stateful]
    (warm,) = (member for member in "bc" if joined[member].standbys[changelogs_of(app, hops.SIGNED)])
    left = assign(app, {member: joined[member] for member in "bc"}, replicas=1)
    assert left[warm].actives[hops.SIGNED] == [0]


def changelogs_of(app: faust.App, source: str) -> str:
    return next(name for name, of in changelogs(app).items() if of == source)


@pytest.mark.parametrize("members", [2, 3, 4])
def test_what_has_no_table_evens_out_what_cannot_move(app: faust.App, members: int) -> None:
    """Two of four have a partition with a table each: the others read more of the raw articles."""
    first = assign(app, {f"m{number}": nothing() for number in range(members)})
    assert max(loads(first)) < 1.06 / members
    second = assign(app, first)
    assert {m: sorted(a.actives[hops.RAW]) for m, a in second.items()} == {
        m: sorted(a.actives[hops.RAW]) for m, a in first.items()
    }


def test_each_table_has_a_worker_of_its_own_where_there_are_enough_and_stays_there(app: faust.App) -> None:
    first = assign(app, {f"m{number}": nothing() for number in range(4)}, replicas=1)
    owners = [next(m for m, a in first.items() if a.actives[topic]) for topic in (hops.SIGNED, hops.REPORTS)]
    assert len(set(owners)) == 2
    second = assign(app, first, replicas=1)
    assert [second[m].actives[topic] for m, topic in zip(owners, (hops.SIGNED, hops.REPORTS), strict=True)] == [
        [0],
        [0],
    ]


def test_when_an_owner_leaves_each_table_goes_to_who_stood_by_for_it(app: faust.App) -> None:
    first = assign(app, {f"m{number}": nothing() for number in range(4)}, replicas=1)
    for topic in (hops.SIGNED, hops.REPORTS):
        changelog = changelogs_of(app, topic)
        (owner,) = (m for m, a in first.items() if a.actives[topic])
        (standby,) = (m for m, a in first.items() if a.standbys[changelog])
        left = assign(app, {m: a for m, a in first.items() if m != owner}, replicas=1)
        assert left[standby].actives[topic] == [0]
        assert left[standby].actives[changelog] == [0]


def test_a_table_moves_to_a_warm_member_even_where_another_has_less_to_do(app: faust.App) -> None:
    alone = assign(app, {"a": nothing()}, replicas=1)
    joined = assign(app, {**alone, "b": nothing()}, replicas=1)
    three = assign(app, {**joined, "c": nothing()}, replicas=1)
    owners = {topic: [m for m, a in three.items() if a.actives[topic]] for topic in (hops.SIGNED, hops.REPORTS)}
    assert sorted(owners.values()) == [["a"], ["b"]]
    assert max(loads(three)) < 0.4


def test_who_handed_out_says_that_it_may_be_evener_until_it_is(app: faust.App) -> None:
    """Three join an owner of both tables: one stands by for them, and by the next assignment a table may go there."""
    alone = assign(app, {"a": nothing()}, replicas=1)
    assignor, joined = assigned_by(app, {**alone, **{m: nothing() for m in "bcd"}}, replicas=1)
    assert joined["a"].actives[hops.SIGNED] == joined["a"].actives[hops.REPORTS] == [0]
    assert assignor.may_be_evener
    assignor, then = assigned_by(app, joined, replicas=1)
    assert not assignor.may_be_evener
    assert max(loads(then)) < 0.3


def test_without_standbys_nobody_waits_for_what_will_not_come(app: faust.App) -> None:
    alone = assign(app, {"a": nothing()})
    assignor, _ = assigned_by(app, {**alone, "b": nothing(), "c": nothing()})
    assert not assignor.may_be_evener


def test_a_member_tells_of_no_table_of_which_it_holds_no_rows(app: faust.App) -> None:
    assignor = app.conf.PartitionAssignor(app, replicas=0)
    match, count = (
        next(t for t in app.tables.values() if t.source == source) for source in (hops.SIGNED, hops.REPORTS)
    )
    held = {name: [0] for t in (match, count) for name in (t.source, t.changelog_topic_name)}
    assignor._assignment = ClientAssignment(actives={**held, hops.RAW: [1, 2]}, standbys={})
    count.data.apply_changelog_batch([a_row(count)], None, None)
    told = ClientMetadata.loads(assignor.metadata(set()).user_data).assignment.actives
    assert {topic: list(partitions) for topic, partitions in told.items() if partitions} == {
        hops.RAW: [1, 2], count.source: [0], count.changelog_topic_name: [0]
    }  # fmt: skip


def a_row(table: Any) -> Any:
    tp = TP(table.changelog_topic_name, 0)
    return SimpleNamespace(message=SimpleNamespace(tp=tp, partition=0, offset=4, key=b"report", value=b"row"))
