"""What the tag hop publishes on casualties.figures and incidents.reports for one article."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stream_app.core.events import Article, Bounds, Place, Tagged
from stream_app.core.incidents.telling import MAX_FIGURES, role_of
from stream_app.core.language.document import Document
from stream_app.core.languages.en.incidents import English
from stream_app.core.wire import encode
from tests.incident_builders import KHARKIV, KYIV, WARSAW, article, figure, records, revision, told_in_english, unique


def at(place: Place, text: str, told: str, **changes: Any) -> Place:
    """The place where `text` stands in `told`."""
    start = told.index(text)
    return replace(place, text=text, start=start, end=start + len(text), **changes)


def test_each_figure_is_a_record_under_the_country_of_its_place() -> None:
    told = article("a", "2022-03-01T08:00:00Z", "Kharkiv: 3 killed, 5 hurt.")
    tagged = Tagged(
        (figure("killed", 3), figure("injured", 5)), (), (KHARKIV,), {"killed": Bounds(3, 3), "injured": Bounds(5, 5)}
    )
    pairs, (report,) = told_in_english(Document(told), unique("c"), tagged, "e")
    assert [(key, record["kind"], record["low"], record["role"]) for key, record in pairs] == [
        ("UA", "killed", 3, "toll"),
        ("UA", "injured", 5, "toll"),
    ]
    assert [figure["low"] for figure in report["figures"]] == [3, 5]
    assert len({record["figure_id"] for _, record in pairs}) == 2


def test_a_link_to_another_story_makes_no_incident_of_its_own() -> None:
    text = "Kharkiv: 3 killed.\nTop stories\nNine die in Warsaw"
    links = at(KHARKIV, "Kharkiv", text), at(WARSAW, "Warsaw", text)
    nine = text.index("Nine")
    figures = figure("killed", 3), figure("killed", 9, place=1, in_toll=False, start=nine, end=nine + 4)
    tagged = Tagged(figures, (), links, {"killed": Bounds(3, 3)})
    _, told = told_in_english(Document(article("a", None, text)), unique("c"), tagged, "e")
    assert [(report["own"], report["place"]["name"]) for report in told] == [(True, "Kharkiv")]


def test_the_same_article_gives_the_same_records() -> None:
    told = article("a", "2022-03-01T08:00:00Z", "Kharkiv: 3 killed.")
    assert records(told, {"killed": 3}) == records(told, {"killed": 3})


def test_figures_without_a_place_go_where_the_article_is_about() -> None:
    (record,) = records(article("a", None, "Kharkiv, on Monday."), {"killed": 3}, place=None)
    assert record["place"] is None
    tagged = Tagged((figure("killed", 3, place=None),), (), (KHARKIV,), {"killed": Bounds(3, 3)})
    ((key, placed),), _ = told_in_english(Document(article("a", None, "Kharkiv")), unique("c"), tagged, "e")
    assert (key, placed["place"]["name"]) == ("UA", "Kharkiv")


def test_a_toll_without_a_figure_still_reaches_the_count() -> None:
    tagged = Tagged((), (), (KHARKIV,), {"killed": Bounds(1, 1)})
    pairs, (record,) = told_in_english(Document(article("a", None, "Kharkiv")), unique("c"), tagged, "e")
    assert (pairs, record["figures"], record["toll"]) == ([], [], {"killed": {"low": 1, "high": 1}})


def test_an_article_without_casualties_sends_nothing() -> None:
    assert told_in_english(Document(article("a", None, "Kharkiv")), unique("c"), Tagged(places=(KHARKIV,)), "e") == (
        [],
        [],
    )


def test_a_revision_without_casualties_says_so() -> None:
    told = article("b", None, "Kharkiv, Warsaw")
    pairs, (report,) = told_in_english(Document(told), revision("c", "a"), Tagged(places=(KHARKIV, WARSAW)), "e")
    assert (pairs, report["toll"], report["figures"]) == ([], {}, [])


def test_what_an_article_tells_is_bounded() -> None:
    told = article("a", "2022-03-01T08:00:00Z", "Kharkiv: many killed.", title="t" * 10_000)
    tagged = Tagged(tuple(figure("killed", n) for n in range(1, 2000)), (), (KHARKIV,), {"killed": Bounds(1, 1)})
    pairs, (report,) = told_in_english(Document(told), unique("c"), tagged, "e")
    assert 40 < len(pairs) <= len(report["figures"]) == MAX_FIGURES
    assert not {"title", "url"} & report.keys()
    assert len(pairs[0][1]["title"]) == 300


def test_an_article_may_report_another_incident_in_another_capital() -> None:
    text = "Shelling of Kharkiv killed 9. In Kyiv, 4 people died when a depot burned."
    start = text.index("4 people")
    places = (at(KHARKIV, "Kharkiv", text), at(KYIV, "Kyiv", text))
    aside = figure("killed", 4, place=1, in_toll=False, start=start, end=start + 8)
    tagged = Tagged((figure("killed", 9), aside), (), places, {"killed": Bounds(9, 9)})
    _, reports = told_in_english(Document(article("a", "2022-03-01T08:00:00Z", text)), unique("c"), tagged, "e")
    assert [(report["own"], report["place"]["name"], report["toll"]) for report in reports] == [
        (False, "Kyiv", {"killed": {"low": 4, "high": 4}}),
        (True, "Kharkiv", {"killed": {"low": 9, "high": 9}}),
    ]


@pytest.mark.parametrize(
    "aside",
    [
        "A blast in Kyiv last year left 40 people dead.",
        "In Kyiv, 40 people died in similar attacks.",
        "Such strikes have killed 40 people in Kyiv since January.",
    ],
)
def test_what_is_behind_the_news_is_no_other_incident(aside: str) -> None:
    text = f"Shelling of Kharkiv killed 9. {aside}"
    start = text.index("40 people")
    places = (at(KHARKIV, "Kharkiv", text), at(KYIV, "Kyiv", text))
    behind = figure("killed", 40, place=1, in_toll=False, start=start, end=start + 9)
    tagged = Tagged((figure("killed", 9), behind), (), places, {"killed": Bounds(9, 9)})
    _, reports = told_in_english(Document(article("a", "2022-03-01T08:00:00Z", text)), unique("c"), tagged, "e")
    assert [report["own"] for report in reports] == [True]


def test_a_hospital_elsewhere_is_no_other_incident() -> None:
    text = "Shelling of Kharkiv hurt 9. One of them is treated at a clinic in Kyiv now."
    start = text.index("One of")
    places = (at(KHARKIV, "Kharkiv", text), at(KYIV, "Kyiv", text))
    aside = figure("injured", 1, place=1, in_toll=False, start=start, end=start + 3)
    tagged = Tagged((figure("injured", 9), aside), (), places, {"injured": Bounds(9, 9)})
    pairs, _ = told_in_english(Document(article("a", "2022-03-01T08:00:00Z", text)), unique("c"), tagged, "e")
    assert [record["role"] for _, record in pairs] == ["toll", "part"]


@pytest.mark.parametrize(
    ("changes", "sentence", "role"),
    [
        ({"in_toll": True}, "3 died", "toll"),
        ({"in_toll": False}, "3 died", "part"),
        ({"in_toll": False}, "more than 10,000 have died since February", "cumulative"),
        ({"in_toll": False}, "the city's 40th killing this year", "cumulative"),
        ({"in_toll": False, "assertion": "historical"}, "in 1995 168 died", "historical"),
        ({"in_toll": False, "assertion": "negated"}, "no one died", "negated"),
    ],
)
def test_role(changes: dict[str, Any], sentence: str, role: str) -> None:
    assert role_of(figure("killed", 3, **changes), article("a", None, sentence), English()) == role


@pytest.mark.parametrize(
    ("text", "first", "precision"),
    [
        ("Shells fell on Kharkiv on Monday.", "2022-02-28", "day"),
        ("Shells fell on Kharkiv yesterday.", "2022-02-28", "day"),
        ("Shells fell on Kharkiv on Feb. 25.", "2022-02-25", "day"),
        ("Shells fell on Kharkiv on 25 February.", "2022-02-25", "day"),
        ("Shells fell on Kharkiv, officials said on Tuesday.", "2022-02-26", "published"),
        ("Talks in Kharkiv are due by Friday.", "2022-02-26", "published"),
        ("Shells fell on Kharkiv.", "2022-02-26", "published"),
    ],
)
def test_the_day_of_the_event(text: str, first: str, precision: str) -> None:
    (record,) = records(article("a", "2022-03-01T08:00:00Z", text), {"killed": 3})
    assert (record["event_time"]["first"], record["event_time"]["precision"]) == (first, precision)


def test_without_a_time_of_publication_the_day_is_unknown() -> None:
    (record,) = records(article("a", None, "Shells fell on Kharkiv on Monday."), {"killed": 3})
    assert record["event_time"] == {"first": None, "last": None, "precision": "unknown"}


def test_the_sketch_holds_what_tells_the_event_from_others() -> None:
    text = "Police said Natalya Horbenko, 34, was shot in the 1400 block of Gherald in Kharkiv and taken to Mercy Hospital."
    (record,) = records(article("a", "2022-03-01T08:00:00Z", text, source="Gherald Tribune"), {"killed": 1})
    assert set(record["terms"]) == {
        "name:natalya horbenko",
        "age:34",
        "natalya",
        "horbenko",
        "no:1400",
        "at:kharkiv",
        "of:block",
        "of:police",
        "of:shot",
    }


def test_an_archived_address_names_the_outlet_behind_it() -> None:
    told = Article(id="a", text="Kharkiv", url="http://web.archive.org/web/2016/http://www.example.com:80/x.html")
    (record,) = records(told, {"killed": 1})
    assert record["source"] == "example.com"


@pytest.mark.parametrize(
    "url",
    [
        "http://[breaking]/story",
        "http://[::1/story",
        "http://a℀b.com/x",
        "http://[oops",
        "http://",
        "http://" + "a" * 300,
    ],
)
def test_an_address_that_names_no_host_names_no_source(url: str) -> None:
    (record,) = records(Article(id="a", text="Kharkiv", url=url), {"killed": 1})
    assert record["source"] is None


@pytest.mark.parametrize("odd", ["①②③", "²²²²", "¹²³", "½", "Ⅷ", "7" * 5000, "三", "٣٤٥"])
def test_digits_of_any_kind_are_a_term_or_none(odd: str) -> None:
    (record,) = records(article("a", "2022-03-01T08:00:00Z", f"Kharkiv {odd} said"), {"killed": 1})
    assert "at:kharkiv" in record["terms"]


def test_figures_of_a_long_address_are_fewer_not_longer_together() -> None:
    told = article("\x00" * 512, "2022-03-01T08:00:00Z", "Kharkiv", url="http://a.example/" + "\x01" * 4000)
    tagged = Tagged(tuple(figure("killed", n) for n in range(64)), (), (KHARKIV,), {"killed": Bounds(3, 3)})
    pairs, _ = told_in_english(Document(told), unique("c"), tagged, "e")
    assert 0 < sum(len(encode(record)) for _, record in pairs) <= 100_000


@pytest.mark.parametrize(
    ("text", "reports"),
    [
        ("A driver was convicted in Kharkiv on Tuesday of causing the crash that killed seven people in 2015.", 0),
        ("Residents of Kharkiv marked the anniversary of the fire in which seven people died.", 0),
        ("A driver is on trial in Kharkiv for the crash that killed seven people.", 1),
        ("Seven people were killed in riots in Kharkiv after a man was convicted of a murder in 2015.", 1),
        ("A Kharkiv court extended the detention of the owner of a club where seven people died on February 3.", 0),
        ("Flowers were laid at the Kharkiv station whose roof fell on November 1, 2020, killing seven people.", 0),
        ("A trial opened in Kharkiv of a man accused of shooting seven people dead on 4 January.", 0),
        ("Judges in Kharkiv heard how seven people were killed on February 27.", 1),
        ("A court in Kharkiv was shelled: seven people were killed on Monday by troops who had come on 3 January.", 1),
        ("Seven people were killed in Kharkiv on February 3, the regional office said.", 1),
    ],
)
def test_a_court_or_a_day_of_memory_that_looks_back_founds_no_incident(text: str, reports: int) -> None:
    told = article("a", "2022-03-01T08:00:00Z", text)
    start = text.lower().index("seven")
    seven = figure("killed", 7, start=start, end=start + 5, text=text[start : start + 5])
    tagged = Tagged((seven,), (), (KHARKIV,), {"killed": Bounds(7, 7)})
    pairs, records_of_it = told_in_english(Document(told), unique("c"), tagged, "e")
    assert len(records_of_it) == reports
    assert [pair[1]["role"] for pair in pairs] == ["toll" if reports else "historical"]


def test_men_who_storm_a_school_are_no_weather() -> None:
    assert "storm" not in English.causes("Gunmen storm school in Jos", "Armed men stormed it.")
    assert English.causes("Winter storm kills 3", "")[0] == "storm"


def test_the_dead_of_the_conflict_are_background() -> None:
    assert English.is_background("Aid groups put the number of dead in the conflict at 52,379.")
    assert not English.is_background("The number of dead in the attack rose to 12.")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("A drone struck a row of shops in Nikopol on Monday.", ["market"]),
        ("Bombs fell near two primary schools in Taiz.", ["school"]),
        ("Gunmen stormed a mosque in Zuru during prayers.", ["worship"]),
        ("A landmine exploded under a minibus on the road to Kale.", ["bus"]),
        ("He was shot in a parking lot near the Oak Street bar.", ["park", "inn"]),
        ("Shells hit a maternity ward, and others an apartment block.", ["clinic"]),
        ("The wounded were treated at a hospital, a hospital official said.", []),
        ("Police said they were at work on the case.", []),
    ],
)
def test_what_was_hit_is_one_of_a_closed_list(text: str, kinds: list[str]) -> None:
    assert English().targets(text) == kinds


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("The toll of the Lae fire rose to 63, up from 60 a day earlier.", [60]),
        ("The ministry revised down an earlier count of 1,200.", [1200]),
        ("Officials had earlier spoken of six dead.", [6]),
        ("The toll was lowered to 27, from 33 given earlier.", [33]),
        ("The number of dead was cut from 12 to 9.", [12]),
        ("Medics said nine had died, not eleven.", [11]),
        ("Trains from Lae ran late, earlier reports said.", []),
    ],
)
def test_a_text_may_say_how_many_were_counted_before(text: str, numbers: list[int]) -> None:
    assert English().counts_before(text) == numbers


@pytest.mark.parametrize(
    ("published_at", "text", "first"),
    [
        ("2022-03-01T22:40:00Z", "Shells fell on Kharkiv on Wednesday.", "2022-03-02"),
        ("2022-03-01T22:40:00Z", "Shells fell on Kharkiv today.", "2022-03-02"),
        ("2022-03-01T00:00:00Z", "Shells fell on Kharkiv on Tuesday.", "2022-03-01"),
        ("2022-03-01T12:00:00Z", "Shells fell on Kharkiv on Wednesday.", "2022-02-23"),
        (
            "2022-03-01T12:00:00Z",
            "Officials on Tuesday lowered the toll of Sunday's shelling of Kharkiv.",
            "2022-02-27",
        ),
        ("2022-03-01T12:00:00Z", "The toll rose to 9 on Tuesday after shells fell on Kharkiv on Sunday.", "2022-02-27"),
        ("2022-03-01T12:00:00Z", "In February, 4 died in Kharkiv. A blast killed 9 there on Monday.", "2022-02-28"),
    ],
    ids=[
        "tomorrow by UTC",
        "today where it fell",
        "a day only",
        "last week's",
        "said by",
        "moved on",
        "behind the news",
    ],
)
def test_the_day_is_that_of_the_event_where_it_happened(published_at: str, text: str, first: str) -> None:
    (report,) = records(article("a", published_at, text), {"killed": 9})
    assert report["event_time"]["first"] == first


def test_the_sentences_of_the_toll_name_the_day_before_others() -> None:
    text = "The worst storm since 2009 killed 40 people on February 20. A storm in Kharkiv killed 9 on Monday."
    behind = figure("killed", 40, in_toll=False, start=text.index("40"), end=text.index("40") + 2)
    toll = figure("killed", 9, start=text.index("9 on"), end=text.index("9 on") + 1)
    tagged = Tagged((behind, toll), (), (at(KHARKIV, "Kharkiv", text),), {"killed": Bounds(9, 9)})
    _, (report,) = told_in_english(Document(article("a", "2022-03-01T08:00:00Z", text)), unique("c"), tagged, "e")
    assert (report["event_time"]["first"], report["sure_day"]) == ("2022-02-28", True)


@pytest.mark.parametrize(
    ("sentence", "behind"),
    [
        ("A separate incident, an ambush near Loa, killed eight.", True),
        ("It was the deadliest bus crash since 2014, when eight died.", True),
        ("Many recalled a fire that killed twelve.", True),
        ("In February, a bus crash near San Fernando left eight dead.", True),
        ("It came after artillery fire killed five people.", True),
        ("A similar fire in Maco killed 11 people.", True),
        ("A fire swept through a dormitory on Monday and killed 11.", False),
        ("In April 3 people died of the same wounds.", False),
    ],
)
def test_what_stands_behind_the_news(sentence: str, behind: bool) -> None:  # noqa: FBT001
    assert English().is_background(sentence) is behind


@pytest.mark.parametrize(
    ("text", "corrects"),
    [
        ("Lae: Ferry Toll Cut from 5 to 4", True),
        ("The number of dead in the ferry off Lae was corrected to four from five.", True),
        ("The first figure included a sailor counted twice.", True),
        ("Two people, not three, were killed off Lae.", True),
        ("The toll rose from 4 to 5.", False),
        ("Ferries were cut to one a day; three, not counting the crew, were hurt.", False),
    ],
)
def test_a_text_may_say_that_a_count_was_too_high(text: str, corrects: bool) -> None:  # noqa: FBT001
    assert English().corrects(text) is corrects
