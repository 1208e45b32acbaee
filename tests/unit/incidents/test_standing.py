"""Who speaks, and how far each is believed: voices, independent ones, and the grade of a claim."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from stream_app.core.events import Ancestor, Article
from stream_app.core.flow.pipeline import Tag
from stream_app.core.flow.stream import Flow
from stream_app.core.hops import TOLLS, Output
from stream_app.core.incidents import Counter
from stream_app.core.incidents.report import report_of, row_of
from stream_app.core.incidents.standing import independent
from stream_app.core.sources import builtin, extended
from stream_app.hops import build_hops
from stream_app.settings import Settings
from tests import builders
from tests.incident_builders import FAR_FUTURE_S, KHARKIV, article, received_s, records, report_from

GRADES = extended(builtin(), ["lake.example\tB", "hill.example\tA", "mill.example\tE"])
BLAST = "A bomb blast at the central market of Kharkiv killed {n} people on Monday, {who} said."


def test_a_text_that_names_an_agency_does_not_speak_for_it() -> None:
    told = [article(name, "2022-03-01T08:00:00Z", "A blast in Kharkiv killed 12 people.") for name in ("a", "b")]
    plain = [replace(report_from(records(one, {"killed": 12})), wire=None) for one in told]
    wired = [replace(report, wire="apnews.com") for report in plain]
    assert wired[0].voice != wired[1].voice
    assert (independent(plain), independent(wired)) == (2, 1)


def told(*voices: tuple[str | None, str]) -> dict[str, Any]:
    """The dead of one blast as the flow counts them, told by each source with its number."""
    hops = build_hops(Settings())
    tag = hops["tag"]
    assert isinstance(tag, Tag)
    flow, toll = Flow({**hops, "tag": replace(tag, sources=GRADES)}), dict[str, Any]()
    for hour, (source, number) in enumerate(voices):
        who = ("police", "the mayor", "a doctor at the hospital", "the governor")[hour]
        text = BLAST.format(n=number, who=who)
        value = builders.raw(id=f"a{hour}", source=source, text=text, published_at=f"2022-03-01T{8 + hour:02}:00:00Z")
        for output in flow.feed(builders.record(value)):
            if isinstance(output, Output) and output.topic == TOLLS and output.value:
                toll = orjson.loads(output.value)
    return toll


@pytest.mark.parametrize(
    ("voices", "grade"),
    [
        ([("lake.example", "12")], "B3"),
        ([("a blog that nobody graded", "12")], "F3"),
        ([(None, "12")], "F3"),
        ([("mill.example", "12"), ("hill.example", "12")], "A2"),
        ([("another.example", "12"), ("mill.example", "12")], "F2"),
        ([("lake.example", "dozens of")], "B6"),
        ([("mill.example", "30"), ("hill.example", "at least 12")], "E2"),
        ([("mill.example", "50"), ("hill.example", "at least 12")], "E4"),
    ],
)
def test_a_claim_is_graded_by_who_tells_it_and_how_many_do(voices: list[tuple[str, str]], grade: str) -> None:
    assert told(*voices)["toll"]["killed"]["grade"] == grade


def test_a_rival_has_a_grade_of_its_own() -> None:
    toll = told(("hill.example", "12"), ("lake.example", "12"), ("mill.example", "900"))
    assert (toll["toll"]["killed"]["low"], toll["toll"]["killed"]["grade"]) == (12, "A2")
    assert [(rival["low"], rival["grade"]) for rival in toll["conflicts"]] == [(900, "E5")]


def test_a_report_of_before_grades_were_told_is_of_a_source_that_cannot_be_judged() -> None:
    (record,) = records(
        Article(id="a", text="A blast in Kharkiv killed 12 people.", source="lake.example"), {"killed": 12}
    )
    del record["reliability"]
    assert report_of(row_of(record, FAR_FUTURE_S)).reliability == "F"


def test_a_toll_tells_what_its_place_lies_in_where_its_report_did() -> None:
    place = replace(KHARKIV, ancestors=(Ancestor(706482, "Kharkiv Oblast"), Ancestor(690791, "Ukraine")))
    (record,) = records(article("a", "2022-03-01T08:00:00Z", "Kharkiv: 3 killed."), {"killed": 3}, place=place)
    assert last_place(record)["ancestors"] == [
        {"geonames_id": 706482, "name": "Kharkiv Oblast"},
        {"geonames_id": 690791, "name": "Ukraine"},
    ]
    del record["place"]["ancestors"]  # as in a report of before
    assert "ancestors" not in last_place(record)


def last_place(record: dict[str, Any]) -> dict[str, Any]:
    """The place of the toll that the only report makes."""
    ((_, toll),) = Counter().count(record, received_s(record)).tolls
    place: dict[str, Any] = toll["place"]
    return place


BLAST_AT = "A bomb blast at the central market of Kharkiv killed {n} people on Monday, police said."
HOUR_MS = 3_600_000
EIGHT_MS = 1_646_121_600_000


def last_toll(*versions: tuple[str, str | None, bool], once: bool = True) -> int | None:
    """The dead that stand after versions of one article: (number, published at, whether it is withdrawn)."""
    flow, standing = Flow(build_hops(Settings(), once=once)), dict[bytes, int]()
    for hour, (number, published_at, withdrawn) in enumerate(versions):
        fields: dict[str, Any] = {"metadata": {"withdrawn": True}} if withdrawn else {}
        value = builders.raw(
            id="a", source="lake.example", text=BLAST_AT.format(n=number), published_at=published_at, **fields
        )
        for output in flow.feed(builders.record(value, EIGHT_MS + hour * HOUR_MS)):
            if isinstance(output, Output) and output.topic == TOLLS:
                standing.pop(output.key, None)
                if output.value:
                    standing[output.key] = orjson.loads(output.value)["toll"]["killed"]["low"]
    return next(iter(standing.values()), None)


EIGHT, NINE, TEN = (f"2022-03-01T{hour:02}:00:00Z" for hour in (8, 9, 10))


@pytest.mark.parametrize(
    ("versions", "stands"),
    [
        ([("12", EIGHT, False), ("12", EIGHT, True)], None),
        ([("12", EIGHT, False), ("12", NINE, True), ("14", TEN, False)], 14),
        ([("12", EIGHT, False), ("12", EIGHT, True), ("14", EIGHT, False)], 14),
        ([("12", EIGHT, False), ("12", NINE, True), ("14", TEN, False), ("12", NINE, True)], None),
        ([("12", EIGHT, False), ("14", EIGHT, False), ("13", EIGHT, False)], 13),
        ([("12", None, False), ("14", None, False), ("13", None, False)], 13),
        ([("12", EIGHT, False), ("14", NINE, False), ("12", TEN, False)], 12),
        ([("12", EIGHT, False), ("12", NINE, True), ("12", TEN, False)], 12),
        ([("14", NINE, False), ("12", EIGHT, False)], 14),
    ],
    ids=[
        "withdrawn under its own date", "told anew", "told anew under its own date", "withdrawn twice in the same words",
        "versions of one date", "versions without a date", "told as before", "told again", "an older version comes late",
    ],
)  # fmt: skip
@pytest.mark.parametrize("once", [True, False], ids=["file", "broker"])
def test_the_last_version_of_a_story_stands(versions: list[tuple[str, str, bool]], stands: int, once: bool) -> None:  # noqa: FBT001
    assert last_toll(*versions, once=once) == stands


COUNTS = "Climbers fell on a mountain near Kharkiv on Monday."


def counted(*numbers: tuple[str, int]) -> dict[str, Any]:
    """The standing count of the dead, each number told by an outlet of its own at its time of day."""
    counter = Counter()
    for n, (hour, number) in enumerate(numbers):
        at = f"2022-03-01T{hour}:00Z"
        (record,) = records(article(f"a{n}", at, COUNTS), {"killed": number})
        counter.count(record, received_s(record))
    (toll,) = counter.standing().values()
    entry: dict[str, Any] = toll["toll"]["killed"]
    return entry


@pytest.mark.parametrize(
    ("numbers", "low"),
    [
        ([("08:00", 2), ("08:00", 26), ("08:00", 42), ("08:00", 2), ("08:00", 1)], 2),
        ([("08:00", 2), ("09:00", 2), ("10:00", 42)], 2),
        ([("08:00", 8), ("09:00", 8), ("10:00", 150), ("11:00", 200)], 200),
        ([("08:00", 8), ("09:00", 8), ("10:00", 150), ("10:30", 8), ("11:00", 200)], 200),
    ],
)
def test_a_leap_stands_when_more_sources_tell_of_one_than_still_deny_it(
    numbers: list[tuple[str, int]], low: int
) -> None:
    assert counted(*numbers)["low"] == low


def test_open_claims_bear_out_no_leap() -> None:
    toll = told(
        ("hill.example", "at least 2"), ("mill.example", "42"), ("lake.example", "at least 2"), (None, "at least 2")
    )
    assert (toll["toll"]["killed"]["low"], toll["toll"]["killed"]["origins"]) == (2, 3)
    assert [(rival["low"], rival["grade"]) for rival in toll["conflicts"]] == [(42, "E5")]


@pytest.mark.parametrize(
    ("last", "low", "denied"),
    [
        (
            "At least 6 people died in the Kharkiv fire on Monday, the ministry said, revising down a count of 9.",
            6,
            [9],
        ),
        ("Medics lowered the toll of the Kharkiv fire to at least 6 people killed on Monday.", 6, [9]),
        ("At least 6 people died in the Kharkiv fire on Monday, the ministry said.", 9, []),
        ("At least 11 people died in the Kharkiv fire on Monday; the count was revised by the ministry.", 11, [9]),
    ],
    ids=["revised down", "lowered", "an older floor", "a rise is no denial"],
)
def test_who_says_that_a_count_was_too_high_denies_it_also_with_an_open_one(
    last: str, low: int, denied: list[int]
) -> None:
    texts = ("A fire in Kharkiv killed 8 people on Monday.", "The fire in Kharkiv killed 9 people on Monday.", last)
    flow, standing = Flow(build_hops(Settings(), once=True)), dict[bytes, dict[str, Any]]()
    for n, text in enumerate(texts):
        value = builders.raw(
            id=f"a{n}", source=f"s{n}.example", text=text, published_at=f"2022-03-01T{8 + n:02}:00:00Z"
        )
        for output in flow.feed(builders.record(value, EIGHT_MS + n * HOUR_MS)):
            if isinstance(output, Output) and output.topic == TOLLS and output.value:
                standing[output.key] = orjson.loads(output.value)
    (toll,) = standing.values()
    assert toll["toll"]["killed"]["low"] == low
    assert [rival["low"] for rival in toll["conflicts"] if rival["low"] > 8] == denied


@pytest.mark.parametrize(
    ("later", "missing"),
    [("26 people were killed and four are missing", 4), ("11 people were killed and four are missing", 40)],
    ids=["bodies were found", "one source alone"],
)
def test_fewer_are_missing_once_more_are_found_dead(later: str, missing: int) -> None:
    flow, toll = Flow(build_hops(Settings())), dict[str, Any]()
    first = "A crowded ferry sank on the Meghna near Chandpur, Bangladesh, on Tuesday; 11 people were killed and 40 are missing."
    for hour, text in enumerate(
        (first, f"Salvage crews came to Chandpur after Tuesday's ferry sinking, in which {later}.")
    ):
        at = f"2022-03-01T{4 + hour:02}:00:00Z"
        value = builders.raw(id=f"a{hour}", source=f"s{hour}.example", text=text, published_at=at)
        for output in flow.feed(builders.record(value)):
            if isinstance(output, Output) and output.topic == TOLLS and output.value:
                toll = orjson.loads(output.value)
    assert toll["toll"]["missing"]["low"] == missing
    assert not (missing == 4 and toll["toll"]["missing"]["contested"])
