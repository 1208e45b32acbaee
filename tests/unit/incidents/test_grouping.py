"""What the count hop says of small streams of reports: tolls, conflicts, the ledger, withdrawal, closing."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from sys import byteorder
from typing import Any, cast

import pytest

from stream_app.core.incidents import Counted, Counter
from stream_app.core.incidents.counter import WITNESSES
from stream_app.core.incidents.grouping import MOST_LINKS, Grouping, Index
from stream_app.core.incidents.toll import MOST_ARTICLES
from stream_app.core.poison import PoisonError
from tests import builders
from tests.incident_builders import (
    CHUHUIV,
    FAR_FUTURE_S,
    KHARKIV,
    KYIV,
    UKRAINE,
    WARSAW,
    article,
    figure,
    received_s,
    records,
    report_from,
    revision,
    unique,
)

PLACES = {place.name: place for place in (KHARKIV, CHUHUIV, KYIV, UKRAINE, WARSAW)}
ATTACK = "Rockets hit the Saltivka estate near the Barabashovo market on Monday."


def feed(counter: Counter, *reports: list[dict[str, Any]]) -> list[Counted]:
    """The outcomes of the records of some reports, in order."""
    return [counter.count(record, received_s(record)) for report in reports for record in report]


def only(counter: Counter) -> dict[str, Any]:
    """The one standing toll."""
    (toll,) = counter.standing().values()
    return toll


def lines(outcomes: list[Counted]) -> list[tuple[str, str | None]]:
    return [(line["why"], line["kind"]) for outcome in outcomes for _, line in outcome.revisions]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for _, case in builders.cases("incidents")])
def test_case(case: dict[str, Any]) -> None:
    counter = Counter()
    for told in case["articles"]:
        feed(
            counter,
            records(article(told["id"], told["published_at"], told["text"]), told["toll"], None, PLACES[told["place"]]),
        )
    standing = counter.standing().values()
    assert sorted(sorted(toll["articles"]) for toll in standing) == sorted(case["incidents"])
    for first, expected in case["tolls"].items():
        toll = next(toll for toll in standing if first in toll["articles"])
        assert {kind: entry["low"] for kind, entry in toll["toll"].items()} == expected


def quiet_days(counter: Counter, newest: str) -> list[Counted]:
    """As many reports of another country as it takes until a day counts as the stream's newest."""
    told = (article(f"q{number}", newest, "Elsewhere") for number in range(WITNESSES))
    return feed(counter, *(records(one, {"killed": 1}, unique("quiet"), WARSAW) for one in told))


def test_a_report_is_counted_once_and_says_where_it_belongs() -> None:
    (record,) = records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3, "injured": 5})
    counter = Counter()
    outcome = counter.count(record, FAR_FUTURE_S)
    ((name, toll),) = outcome.tolls
    ((report_id, member),) = outcome.members
    assert member is not None
    assert (report_id, member["incident_id"]) == (record["report_id"], name)
    assert toll["incident_id"] == name
    assert {kind: (entry["low"], entry["high"]) for kind, entry in toll["toll"].items()} == {
        "injured": (5, 5),
        "killed": (3, 3),
    }


def test_copies_of_one_wire_story_are_one_origin() -> None:
    counter = Counter()
    first = records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3}, unique("wire"))
    copy = records(article("b", "2022-03-01T09:00:00Z", ATTACK), {"killed": 3}, revision("wire", "a"))
    other = records(article("c", "2022-03-01T10:00:00Z", ATTACK), {"killed": 3}, unique("own"))
    feed(counter, first, copy, other)
    toll = only(counter)
    assert toll["articles"] == ["a", "b", "c"]
    assert (toll["origins"], toll["toll"]["killed"]["origins"]) == (2, 2)


def test_a_revision_replaces_the_toll_of_its_story_and_is_entered_in_the_ledger() -> None:
    counter = Counter()
    outcomes = feed(
        counter,
        records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3}, unique("wire")),
        records(
            article("b", "2022-03-01T11:00:00Z", "Another text", source="src-a"), {"killed": 5}, revision("wire", "a")
        ),
    )
    assert lines(outcomes) == [("new_report", "killed"), ("raised", "killed")]
    line = [line for outcome in outcomes for _, line in outcome.revisions][-1]
    assert (line["old"], line["new"]) == ({"low": 3, "high": 3}, {"low": 5, "high": 5})
    assert line["text"] == "src-a reports 5 killed (was 3)"
    assert only(counter)["conflicts"] == []


def test_a_revision_that_withdraws_a_figure_corrects_the_toll() -> None:
    counter = Counter()
    outcomes = feed(
        counter,
        records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3, "injured": 2}, unique("wire")),
        records(article("b", "2022-03-01T11:00:00Z", ATTACK, source="src-a"), {"injured": 2}, revision("wire", "a")),
    )
    assert lines(outcomes)[-1] == ("withdrawn", "killed")
    assert set(only(counter)["toll"]) == {"injured"}


def test_an_incident_whose_only_story_withdraws_everything_is_no_more() -> None:
    counter = Counter()
    feed(counter, records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3}, unique("wire")))
    (name,) = counter.standing()
    (outcome,) = [
        outcome
        for outcome in feed(
            counter, records(article("b", "2022-03-01T11:00:00Z", "No one", source="src-a"), {}, revision("wire", "a"))
        )
        if outcome.gone
    ]
    assert outcome.gone == [(name, "withdrawn", None)]
    assert lines([outcome]) == [("withdrawn", "killed")]
    assert counter.standing() == {}


def test_a_story_that_moves_to_another_country_is_withdrawn_from_the_first() -> None:
    counter = Counter()
    moved = records(article("b", "2022-03-01T11:00:00Z", ATTACK), {"killed": 3}, revision("wire", "a"), WARSAW)
    feed(counter, records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3}, unique("wire"), None), moved)
    assert len(moved) == 1
    place = only(counter)["place"]
    assert place["country_code"] == "PL"


def test_conflicting_figures_stand_side_by_side_with_their_sources() -> None:
    counter = Counter()
    outcomes = feed(
        counter,
        records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 12}),
        records(article("b", "2022-03-01T09:00:00Z", ATTACK), {"killed": 12}),
        records(article("c", "2022-03-01T10:00:00Z", ATTACK), {"killed": 7}),
    )
    toll = only(counter)
    assert (toll["toll"]["killed"]["low"], toll["toll"]["killed"]["sources"]) == (12, ["src-a", "src-b"])
    assert [(c["low"], c["source"]) for c in toll["conflicts"]] == [(7, "src-c")]
    assert lines(outcomes)[-1] == ("contradicted", "killed")


def test_at_least_seventeen_agrees_with_nineteen() -> None:
    counter = Counter()
    open_ended = records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"injured": 17})
    for record in open_ended:
        record["toll"] = {"injured": {"low": 17, "high": None}}
    feed(counter, open_ended, records(article("b", "2022-03-01T09:00:00Z", ATTACK), {"injured": 19}))
    toll = only(counter)
    assert (toll["toll"]["injured"]["low"], toll["toll"]["injured"]["origins"], toll["conflicts"]) == (19, 2, [])


@pytest.mark.parametrize("assertion", ["historical", "forecast", "negated", "hypothetical"])
def test_context_stands_beside_the_toll_and_never_in_it(assertion: str) -> None:
    counter = Counter()
    aside = figure("killed", 10_000, in_toll=False, assertion=assertion)
    feed(counter, records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3}, extra=(aside,)))
    toll = only(counter)
    assert toll["toll"]["killed"]["low"] == 3
    assert [(entry["role"], entry["low"]) for entry in toll["context"]] == [(assertion, 10_000)]


def test_a_toll_says_who_says_so_and_of_whom() -> None:
    counter = Counter()
    told = records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3})
    for record in told:
        record["figures"][0].update(victim_class="child", said_by="Oleh Synehubov")
    feed(counter, told)
    entry = only(counter)["toll"]["killed"]
    assert (entry["said_by"], entry["by_class"]) == (["Oleh Synehubov"], {"child": {"low": 3, "high": 3}})


def test_a_report_that_joins_two_incidents_merges_them_with_an_event() -> None:
    counter = Counter()
    early = "Tverdokhlib fled the Velvet lounge on Khreshchatyk."
    feed(
        counter,
        records(
            article("a", "2022-03-01T08:00:00Z", "Horbenko was buried beside the Malynivka granary."),
            {"killed": 1},
            place=None,
        ),
        records(article("c", "2022-03-01T12:00:00Z", early), {"killed": 1}, place=None),
    )
    assert len(counter.standing()) == 2
    bridge = article("0", "2022-03-01T07:00:00Z", f"{early} Horbenko was shot at the Malynivka granary.")
    outcomes = feed(counter, records(bridge, {"killed": 1}))
    assert len(counter.standing()) == 1
    assert [why for why, _ in lines(outcomes)].count("merged") >= 2
    assert [why for outcome in outcomes for _, why, into in outcome.gone if into] == ["merged", "merged"]


def test_an_incident_closes_when_its_reports_are_older_than_the_window() -> None:
    counter = Counter(window_s=3 * 86_400.0)
    feed(counter, records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3}))
    (name,) = counter.standing()
    *early, outcome = quiet_days(counter, "2022-03-09T08:00:00Z")
    assert not any(one.gone for one in early)
    assert outcome.gone == [(name, "expired", None)]
    assert [row for _, row in outcome.rows].count(None) == 1
    assert [toll["articles_total"] for toll in counter.standing().values()] == [WITNESSES]


def test_an_incident_stays_open_while_reports_of_it_come() -> None:
    counter = Counter(window_s=3 * 86_400.0)
    for day in (1, 3, 5, 7):
        feed(
            counter,
            records(article(f"a{day}", f"2022-03-0{day}T08:00:00Z", ATTACK.replace(" on Monday", "")), {"killed": day}),
        )
    assert only(counter)["articles"] == ["a1", "a3", "a5", "a7"]


def test_nothing_is_left_of_incidents_that_closed_long_ago() -> None:
    counter = Counter()
    for month in range(1, 13):
        told = article(f"a{month}", f"2022-{month:02}-01T10:00:00Z", ATTACK)
        feed(counter, records(told, {"killed": 2}, None, KHARKIV))
    quiet_days(counter, "2023-02-01T10:00:00Z")
    assert len(counter) == WITNESSES
    assert len(counter._grouping._by_clue) == 1


class Keyed:
    """A report as an index sees it."""

    def __init__(self, number: int, keys: Sequence[int]) -> None:
        self.keys = keys
        self.order = number
        self.tag = number.to_bytes(4, byteorder)


def test_an_index_grows_with_its_keys_and_shrinks_with_them() -> None:
    reports: list[Any] = [Keyed(number, [3 * number, 3 * number + 1]) for number in range(500)]
    numbered = dict(enumerate(reports))
    index = Index(lambda report: cast("Any", report).keys, numbered)
    for report in reports:
        index.add(report)
    grown = index.slots
    for number, report in enumerate(reports[1:], 1):
        del numbered[number]
        index.remove(report)
    assert index.slots < grown / 5
    assert index.get(0) == [reports[0]]


def test_an_index_forgets_whom_no_slot_holds() -> None:
    numbered: dict[int, Any] = {}
    index, most = Index(lambda report: cast("Any", report).keys, numbered), 0
    for number in range(3_000):
        numbered[number] = Keyed(number, [(number * 2_654_435_761 + shift * 977) % 2**32 for shift in range(20)])
        index.add(numbered[number])
        if number >= 100:
            index.remove(numbered.pop(number - 100))
        most = max(most, len(index._closed))
    assert most < 400, "of a hundred that are open at a time"


def test_a_report_that_comes_late_is_found_between_those_that_it_came_before() -> None:
    numbered: dict[int, Any] = {}
    index = Index(lambda report: cast("Any", report).keys, numbered)
    for number in (5, 1, 9, 3, 7, 3_000_000):
        numbered[number] = Keyed(number, [7])
        index.add(numbered[number])
    index.remove(numbered.pop(5))
    numbered[6] = Keyed(6, [7])
    index.add(numbered[6])
    assert [report.order for report in cast("Any", index.get(7))] == [1, 3, 6, 7, 9, 3_000_000]


def test_a_large_index_grows_a_little_at_a_time_and_finds_the_same() -> None:
    moved = 0

    def keys_of(report: Any) -> Sequence[int]:
        nonlocal moved
        moved += 1
        return cast("Sequence[int]", report.keys)

    dice = random.Random(5)
    reports: list[Any] = [Keyed(n, sorted(dice.sample(range(2**32), 10))) for n in range(20_000)]
    numbered = dict(enumerate(reports))
    index, worst = Index(keys_of, numbered), 0
    for report in reports:
        moved = 0
        index.add(report)
        worst = max(worst, moved)
    assert worst < len(reports) / 2, "and one key of each of these, where all ten of all were moved"
    assert all(report in index.get(key) for report in reports for key in report.keys)
    for number, report in enumerate(reports[:-1]):
        moved = 0
        del numbered[number]
        index.remove(report)
        worst = max(worst, moved)
    assert worst < len(reports) / 2
    assert index
    assert index.slots < 50_000
    assert all(reports[-1] in index.get(key) for key in reports[-1].keys)
    del numbered[len(reports) - 1]
    index.remove(reports[-1])
    assert not index


def test_a_report_that_comes_after_the_window_is_told_and_closed_at_once() -> None:
    """An archive is in no order: what it tells of is true all the same."""
    counter = Counter(window_s=3 * 86_400.0)
    quiet_days(counter, "2022-03-09T08:00:00Z")
    before = counter.standing()
    (outcome,) = feed(counter, records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3}))
    assert outcome.late
    assert outcome.rows[-1][1] is None
    assert [value["toll"]["killed"]["low"] for _, value in outcome.tolls] == [3]
    assert [why for _, why, _ in outcome.gone] == ["expired"]
    assert counter.standing() == before


def test_reports_that_come_weeks_late_meet_each_other() -> None:
    """Two partitions are read weeks apart, or a source delivers its last month: nothing is lost by the order."""
    counter = Counter(window_s=3 * 86_400.0)
    quiet_days(counter, "2022-05-01T08:00:00Z")
    now_s = 1_651_392_000.0
    for name, killed in (("a", 3), ("b", 5)):
        (record,) = records(article(name, f"2022-03-01T0{killed}:00:00Z", ATTACK), {"killed": killed})
        outcome = counter.count(record, now_s)
        assert not outcome.late
    assert ["a", "b"] in [toll["articles"] for toll in counter.standing().values()]


def test_a_copy_without_a_date_joins_what_it_copies_weeks_later() -> None:
    counter = Counter()
    feed(counter, records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3}, unique("story")))
    (record,) = records(article("b", None, ATTACK), {"killed": 3}, {**unique("story"), "story_id": "another"})
    counter.count(record, 1_647_500_000.0)
    assert only(counter)["articles"] == ["a", "b"]


def test_of_too_many_reports_those_of_the_incidents_told_of_least_lately_close() -> None:
    counter = Counter(most_open=10)
    for day in range(1, 11):
        place = (KHARKIV, KYIV)[day % 2]
        feed(
            counter,
            records(article(f"a{day}", f"2022-03-{day:02}T08:00:00Z", f"Storm {day}"), {"killed": day}, None, place),
        )
    before = counter.memberships()
    (outcome,) = feed(counter, records(article("a11", "2022-03-11T08:00:00Z", ATTACK), {"killed": 40}, None, WARSAW))
    closed = {name for name, row in outcome.rows if row is None}
    assert 2 <= len(closed) <= 11 - len(counter)
    assert len(counter) <= 10
    kept = {before[name] for name in before.keys() - closed}
    assert not kept & {before[name] for name in closed}


def _told_late(counter: Counter) -> list[list[str]]:
    """The articles of each toll where one comes behind six of later months, as in a file in no order."""
    feed(counter, records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3}, unique("story")))
    for month in range(4, 10):
        later = article(f"b{month}", f"2022-0{month}-01T08:00:00Z", "Flood")
        feed(counter, records(later, {"killed": month}, None, KYIV))
    feed(counter, records(article("late", "2022-03-01T09:00:00Z", ATTACK), {"killed": 3}, unique("story")))
    return [toll["articles"] for toll in counter.standing().values()]


def test_where_nobody_knows_when_reports_came_no_incident_closes_for_its_age() -> None:
    assert ["a", "late"] not in _told_late(Counter())
    assert ["a", "late"] in _told_late(Counter(timed=False))


def test_where_nobody_knows_when_reports_came_incidents_close_where_there_is_no_room() -> None:
    counter = Counter(most_open=4, timed=False)
    _told_late(counter)
    assert len(counter) <= 4


def test_a_date_far_ahead_closes_nothing() -> None:
    counter = Counter()
    received_s = 1_646_200_000.0
    for told in (article("a", "2022-03-01T08:00:00Z", ATTACK), article("b", "2099-01-01T00:00:00Z", "Elsewhere")):
        for record in records(told, {"killed": 1}, None, KHARKIV if told.id == "a" else KYIV):
            counter.count(record, received_s)
    assert len(counter.standing()) == 2


def test_countries_never_share_an_incident() -> None:
    counter = Counter()
    plain = "Rockets hit a house on Monday."
    feed(
        counter,
        records(article("a", "2022-03-01T08:00:00Z", plain), {"killed": 3}),
        records(article("b", "2022-03-01T08:00:00Z", plain), {"killed": 3}, place=WARSAW),
    )
    assert len(counter.standing()) == 2


def test_a_report_without_a_country_meets_the_others_of_its_incident() -> None:
    counter = Counter()
    feed(
        counter,
        records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3}),
        records(article("b", "2022-03-01T10:00:00Z", ATTACK), {"killed": 3}, place=None),
    )
    assert only(counter)["articles"] == ["a", "b"]


def test_a_toll_names_the_first_and_the_newest_articles_and_how_many_there_are() -> None:
    counter = Counter()
    for number in range(3 * MOST_ARTICLES):
        told = article(f"a{number:04d}", f"2022-03-01T{number // 60:02d}:{number % 60:02d}:00Z", ATTACK)
        feed(counter, records(told, {"killed": number + 1}, unique(told.id)))
    toll = only(counter)
    assert (len(toll["articles"]), toll["articles_total"]) == (2 * MOST_ARTICLES, 3 * MOST_ARTICLES)
    assert (toll["articles"][0], toll["articles"][-1]) == ("a0000", "a0299")
    assert len(json.dumps(toll)) < 20_000
    assert len(counter.memberships()) == 3 * MOST_ARTICLES


def test_restore_replaces_a_row_of_the_same_report() -> None:
    outcomes = feed(
        first := Counter(), records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3, "injured": 1})
    )
    counter = Counter()
    for outcome in outcomes:
        for row_id, row in outcome.rows:
            assert row is not None
            counter.restore(row_id, row)
    assert (len(counter), counter.standing()) == (1, first.standing())


def test_a_lower_count_needs_a_second_origin_to_replace_a_higher_one() -> None:
    counter = Counter()
    feed(
        counter,
        records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"injured": 40}),
        records(article("b", "2022-03-01T18:00:00Z", ATTACK), {"injured": 2}),
    )
    assert only(counter)["toll"]["injured"]["low"] == 40
    feed(counter, records(article("c", "2022-03-01T20:00:00Z", ATTACK), {"injured": 2}))
    assert only(counter)["toll"]["injured"]["low"] == 2


def test_plain_reports_of_one_event_agree_in_place_day_and_everyday_words() -> None:
    counter = Counter()
    feed(
        counter,
        records(
            article(
                "a",
                "2022-03-01T08:00:00Z",
                "A bomb hidden in a cart exploded at a vegetable market in Kharkiv on Monday.",
            ),
            {"killed": 14},
        ),
        records(
            article(
                "b",
                "2022-03-01T18:00:00Z",
                "The bomb of Monday at the Kharkiv vegetable market had been left in a cart.",
            ),
            {"killed": 16},
        ),
    )
    assert only(counter)["articles"] == ["a", "b"]


def test_an_event_that_everybody_tells_is_one_incident_and_links_each_report_to_the_last_ones_only() -> None:
    crowd = Grouping(window_s=7 * 86_400.0)
    for minute in range(3 * MOST_LINKS):
        published_at = f"2022-03-01T{minute // 60:02d}:{minute % 60:02d}:00Z"
        told = article(f"a{minute:04d}", published_at, "rocket hit Saltivka and Izium")
        crowd.add(report_from(records(told, {"killed": 3}, unique(told.id), KHARKIV)), lambda *_: None)
    reports = list(crowd.reports.values())
    assert {report.founder for report in reports} == {reports[0]}
    assert [other.id for other, _ in reports[-1].earlier] == [report.id for report in reports[-1 - MOST_LINKS : -1]]
    assert max(len(report.later) for report in reports) == MOST_LINKS


@pytest.mark.parametrize(
    "spoiled",
    [{"figures": None}, {"figures": [7]}, {"published_at": "soon"}, {"terms": None}, {"place": 3}, {"toll": 7}],
)
def test_a_record_of_another_make_is_poison_and_changes_nothing(spoiled: dict[str, Any]) -> None:
    (record,) = records(article("a", "2022-03-01T08:00:00Z", ATTACK), {"killed": 3})
    counter = Counter()
    with pytest.raises(PoisonError, match="bad_record"):
        counter.count({**record, **spoiled}, FAR_FUTURE_S)
    with pytest.raises(PoisonError, match="report_id"):
        counter.count({"figure_id": "f"}, FAR_FUTURE_S)
    assert len(counter) == 0


def test_a_place_is_busy_with_what_happened_near_in_time_in_an_archive_that_closes_nothing() -> None:
    grouping = Grouping(7 * 86_400.0)
    for number, day in enumerate(("2020-01-02", "2021-03-04", "2022-03-01", "2022-03-03")):
        told = records(article(f"a{number}", f"{day}T08:00:00Z", ATTACK), {"killed": number + 3})
        grouping.add(report_from(told), lambda *_: None)
    _, here, _ = grouping.seen(1_646_400_000.0, frozenset(), (KHARKIV.lat, KHARKIV.lon), "UA", ())
    _, later, _ = grouping.seen(1_656_400_000.0, frozenset(), (KHARKIV.lat, KHARKIV.lon), "UA", ())
    assert (here, later) == (len({report.founder for report in list(grouping.reports.values())[2:]}), 0)
