"""What the casualty tagger says beside the figures: spans, speakers, places, rejected candidates, conventions."""

from __future__ import annotations

from typing import get_args

import pytest

from stream_app.core.events import Article, Place, RejectReason, Tagged
from stream_app.core.language import limits
from stream_app.core.language.document import Document
from stream_app.core.language.numerals import CONVENTIONS, MAX_PERSONS
from stream_app.core.languages.en import casualties as tagger
from stream_app.core.languages.en.lexicon import load
from stream_app.core.languages.readers import casualty_tagger

LEAD = "A storm hit Veltra on Monday.\n\nA rescuer working at a clinic in Moran said he treated at least 17 people wounded."


def tag(text: str, *, title: str | None = None, places: tuple[Place, ...] = (), convention: str = "literal") -> Tagged:
    return casualty_tagger(convention)(Document(Article(id="a", title=title, text=text)), Tagged(places=places))


def place(text: str, name: str) -> Place:
    start = text.index(name)
    return Place(
        "text", start, start + len(name), name, 1, name, 0.0, 0.0, "XX", None, None, "P", "PPL", "place", 1.0, "x"
    )


def test_a_figure_carries_its_words_and_its_number_as_written() -> None:
    text = "Officials say nearly three dozen villagers were killed."
    (figure,) = tag(text).casualties
    assert text[figure.start : figure.end] == figure.text == "nearly three dozen villagers"
    assert (figure.phrase, figure.low, figure.qualifier) == ("nearly three dozen", 36, "about")
    assert (figure.victims, figure.victim_class) == ("villagers", "civilian")


def test_offsets_count_code_points_of_the_field() -> None:
    text = "😀 Zürich: “12 people died” 😀"
    (figure,) = tag(text).casualties
    assert text[figure.start : figure.end] == "12 people"


def test_figures_of_the_title_are_told_from_those_of_the_text() -> None:
    found = tag("Nine sailors died at sea.", title="Nine die at sea").casualties
    assert [figure.field for figure in found] == ["title", "text"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“Dozens of miners are dying,” said union leader Pavel Horak.", "Pavel Horak"),
        ("At least 12 people died, according to the Red Crescent.", "Red Crescent"),
        ("Twelve people were killed, police said.", "police"),
        ("Twelve people were killed in the fire.", None),
    ],
)
def test_the_source_of_a_figure_is_named(text: str, speaker: str | None) -> None:
    (figure,) = tag(text).casualties
    assert (figure.attribution.text if figure.attribution else None) == speaker
    if figure.attribution:
        assert text[figure.attribution.start : figure.attribution.end] == speaker


def test_a_speaker_is_named_with_where_she_works() -> None:
    (figure,) = tag(LEAD).casualties
    assert figure.attribution is not None
    assert figure.attribution.text == "A rescuer working at a clinic in Moran"


def test_a_figure_belongs_to_the_place_of_its_sentence() -> None:
    (figure,) = tag(LEAD, places=(place(LEAD, "Veltra"), place(LEAD, "Moran"))).casualties
    assert figure.place == 1


def test_a_figure_without_a_place_of_its_own_belongs_to_the_scene_set_before_it() -> None:
    text = "Shells fell in Veltra at noon. Four people died."
    (figure,) = tag(text, places=(place(text, "Veltra"),)).casualties
    assert figure.place == 0


@pytest.mark.parametrize("dateline", ["VELTRA - ", "VELTRA (Reuters) - ", "VELTRA, March 5 — "])
def test_a_figure_does_not_belong_to_the_dateline_of_its_sentence(dateline: str) -> None:
    text = f"{dateline}Four people died on Monday in Moran."
    (figure,) = tag(text, places=(place(text, "VELTRA"), place(text, "Moran"))).casualties
    assert figure.place == 1


def test_a_place_that_acts_is_not_where_it_happened() -> None:
    text = "Veltra’s operation has displaced thousands of civilians."
    (figure,) = tag(text, places=(place(text, "Veltra"),)).casualties
    assert figure.place is None


@pytest.mark.parametrize(
    ("text", "candidate", "reason"),
    [
        ("Some 75 percent of the force moved.", "75 percent", "share"),
        ("A 17-year-old girl was killed.", "17-year-old", "age"),
        ("They are 25km from the centre.", "25km", "distance"),
        ("The siege began five days ago.", "five days ago", "time"),
        ("He agreed to these three points.", "three points", "not_people"),
        ("The barn fire killed six horses.", "six horses", "animal"),
        ("Troops seized 300 rifles.", "300 rifles", "equipment"),
        ("It cost 1,200 dollars.", "1,200 dollars", "money"),
        ("He won 3 medals.", "3 medals", "sport"),
        ("The pit holds 40 tonnes.", "40 tonnes", "measure"),
        ("He came 12th of all.", "12th", "ordinal"),
        ("Doctors count 12 per 100,000.", "12 per", "rate"),
        ("In İzmir the shock came in 3 waves over 5 hours.", "5 hours", "time"),
    ],
)
def test_a_number_that_counts_no_people_is_rejected_with_its_reason(text: str, candidate: str, reason: str) -> None:
    assert (candidate, reason) in [(r.text, r.reason) for r in tag(text).rejected]


def test_every_reason_in_the_schema_is_given() -> None:
    assert {*load("en").units.values(), "language"} == {*get_args(RejectReason)}


def test_a_rejected_number_is_inside_no_figure_unless_it_is_an_age() -> None:
    tagged = tag("The fire killed 12 people and a 9-year-old boy in 3 hours.")
    assert [r.text for r in tagged.rejected] == ["9-year-old", "3 hours"]


@pytest.mark.parametrize(("convention", "low"), [("literal", 24), ("acled", 12), ("countlove", 20)])
def test_the_convention_says_what_dozens_means(convention: str, low: int) -> None:
    (figure,) = tag("Dozens of people were killed.", convention=convention).casualties
    assert (figure.low, figure.high, figure.convention) == (low, None, convention)


def test_an_unknown_convention_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="literal, acled, countlove"):
        casualty_tagger("folklore")


def test_every_convention_gives_every_word_a_number() -> None:
    assert len({frozenset(table) for table in CONVENTIONS.values()}) == 1
    assert all(low >= 2 for table in CONVENTIONS.values() for low in table.values())


def test_what_was_said_before_is_kept() -> None:
    before = Tagged(places=(place("in Veltra", "Veltra"),))
    after = casualty_tagger()(Document(Article(id="a", text="Nothing happened.")), before)
    assert after.places == before.places


def test_the_figures_of_the_toll_are_marked() -> None:
    found = tag("Four civilians and three police were killed. The four civilians were on a bus.").casualties
    assert [figure.text for figure in found if figure.in_toll] == ["Four civilians", "three police"]


def test_perpetrators_are_told_from_their_victims() -> None:
    found = tag("Police shot dead two gunmen after they had killed five shoppers.").casualties
    assert {figure.victims: figure.victim_class for figure in found} == {
        "gunmen": "perpetrator",
        "shoppers": "civilian",
    }


@pytest.mark.parametrize(
    "text",
    [
        "Millions of millions of millions of millions of people were killed in Kabul.",
        "A hundred million million million people were killed in Kabul.",
        "9 billion " + "people, 9 billion " * 200 + "people were killed.",
    ],
)
def test_no_figure_and_no_toll_is_more_than_there_are_people(text: str) -> None:
    tagged = tag(text)
    assert all(figure.low <= MAX_PERSONS and (figure.high or 0) <= MAX_PERSONS for figure in tagged.casualties)
    assert all(bounds.low <= MAX_PERSONS and (bounds.high or 0) <= MAX_PERSONS for bounds in tagged.toll.values())


def test_an_article_has_no_more_figures_than_its_length_allows() -> None:
    text = "5 killed. 7% and 3 km. " * 1000
    tagged = tag(text)
    assert len(tagged.casualties) == limits.most("casualties", len(text))
    assert len(tagged.rejected) == limits.most("rejected", len(text))


def test_what_is_longer_than_a_sentence_is_no_figure() -> None:
    names = " ".join(f"Name{'x' * 20}" for _ in range(30))
    assert not tag(f"{names} were killed. " + "9" * 1000 + "% of it.").rejected
    assert all(figure.end - figure.start < 300 for figure in tag(f"{names} was killed in the attack.").casualties)


def test_a_text_of_many_sentences_is_searched_as_one_of_few_is(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{LEAD}\nTwo of them fled their homes. İzmir: a man was shot; his home burned.\n\nNobody was hurt. Home."
    before = tag(text, title="Five killed")
    monkeypatch.setattr(tagger, "_MANY", 0)
    assert tag(text, title="Five killed") == before


def test_reading_ends_when_an_article_has_all_the_figures_it_may_have() -> None:
    text = "5 people were killed. " * 3000
    assert tag(text).casualties[-1].end < len(text) / 5


def test_each_clause_has_the_source_that_it_names() -> None:
    text = "The hospital said four people had died, while police put the number of injured at 31."
    tagged = casualty_tagger()(Document(Article(id="a", text=text)), Tagged())
    assert [(figure.low, figure.attribution and figure.attribution.text) for figure in tagged.casualties] == [
        (4, "The hospital"),
        (31, "police"),
    ]
