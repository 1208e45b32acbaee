"""Resolution in context: parents, neighbours, the outlet, and doubt."""

from __future__ import annotations

from itertools import pairwise
from operator import mul
from typing import Any

import pytest

from stream_app.core.events import Article, Place, Tagged
from stream_app.core.language import limits
from stream_app.core.language.document import Document
from stream_app.core.places import Gazetteer, PlaceTagger
from stream_app.core.places.hints import give_hints
from stream_app.core.places.outlet import Home, Outlets, host_of
from stream_app.core.places.page import Page, Vocabulary
from stream_app.core.places.recognise import Recogniser
from stream_app.core.places.resolve import CONTEXT, Context, Resolver

TEXAS, FRANCE = 4717560, 2988507


@pytest.fixture(scope="module")
def tagger(gazetteer: Gazetteer) -> PlaceTagger:
    return PlaceTagger(gazetteer)


def places(tagger: PlaceTagger, text: str, **fields: Any) -> list[Place]:
    return list(tagger(Document(Article(id="a", text=text, **fields)), Tagged()).places)


def named(found: list[Place], text: str) -> Place:
    return next(place for place in found if place.text == text)


def test_a_name_denotes_one_entry_in_an_article(tagger: PlaceTagger) -> None:
    found = places(tagger, "Police in Paris, Texas, closed a road. Residents of Paris were told to stay home.")
    assert {place.geonames_id for place in found if place.text == "Paris"} == {TEXAS}


def test_without_context_the_prominent_namesake_wins(tagger: PlaceTagger) -> None:
    assert named(places(tagger, "A fire broke out in Paris on Sunday."), "Paris").geonames_id == FRANCE


def test_a_local_paper_writes_of_the_town_next_door(tagger: PlaceTagger) -> None:
    text = "Police in Paris closed a road on Sunday."
    assert named(places(tagger, text, source="theparisnews.com"), "Paris").geonames_id == TEXAS
    assert named(places(tagger, text, url="https://www.theparisnews.com/a"), "Paris").geonames_id == TEXAS


def test_the_outlet_can_be_left_out(gazetteer: Gazetteer) -> None:
    blind = PlaceTagger(gazetteer, outlet_prior=False)
    text = "Police in Paris closed a road on Sunday."
    assert places(blind, text, source="theparisnews.com") == places(blind, text)


def test_doubt_above_the_users_threshold_is_withheld_with_candidates(gazetteer: Gazetteer) -> None:
    strict = PlaceTagger(gazetteer, min_confidence=0.995)
    place = named(places(strict, "A fire broke out in Springfield on Sunday."), "Springfield")
    assert place.geonames_id is None
    assert place.unresolved == "ambiguous"
    assert 1 <= len(place.candidates) <= 3


def test_a_stated_parent_that_fits_no_entry_lowers_the_confidence(tagger: PlaceTagger) -> None:
    stated = named(places(tagger, "A fire broke out in Heidelberg, Kenya, on Sunday."), "Heidelberg")
    bare = named(places(tagger, "A fire broke out in Heidelberg on Sunday."), "Heidelberg")
    assert stated.confidence < bare.confidence


def test_a_street_is_located_by_the_town_beside_it_and_stays_unresolved(tagger: PlaceTagger) -> None:
    found = places(tagger, "A house in Zzyzzyx Road, Cambridge, burned down.", source="cambridge-news.co.uk")
    street, town = named(found, "Zzyzzyx Road"), named(found, "Cambridge")
    assert (street.geonames_id, street.unresolved, street.rule) == (None, "unknown", "beside")
    assert (street.lat, street.lon) == (town.lat, town.lon)
    assert street.confidence < town.confidence


@pytest.mark.parametrize(
    ("text", "name", "holder"),
    [
        ("Gunmen came to the village of Zzyzzyx in Zamfara, Nigeria.", "Zzyzzyx", "Zamfara"),
        ("A bomb went off in Zzyzzyx, in Nigeria's Zamfara State.", "Zzyzzyx", "Zamfara"),
        ("A convoy was hit in Zzyzzyx, in Bannu district of Pakistan.", "Zzyzzyx", "Bannu District"),
        ("A convoy was hit in the Zzyzzyx area of Lahore, Pakistan.", "Zzyzzyx", "Lahore"),
    ],
)
def test_a_village_that_nobody_lists_has_the_entry_of_what_the_text_says_holds_it(
    tagger: PlaceTagger, text: str, name: str, holder: str
) -> None:
    village = named(places(tagger, text), name)
    assert (village.name, village.unresolved, village.rule) == (holder, None, "within")
    assert village.geonames_id is not None


@pytest.mark.parametrize(
    "text",
    ["A convoy was hit in Zzyzzyx, 12 km from Lahore.", "Three died in Zzyzzyx, Lahore and Multan in Pakistan."],
)
def test_a_village_near_a_town_or_in_a_list_has_no_entry(tagger: PlaceTagger, text: str) -> None:
    village = named(places(tagger, text), "Zzyzzyx")
    assert (village.geonames_id, village.unresolved, village.rule) == (None, "unknown", "beside")


def test_a_place_tells_what_it_lies_in_from_the_narrowest_to_the_country(tagger: PlaceTagger) -> None:
    found = places(tagger, "A fire broke out in Lahore, Pakistan.")
    town, country = named(found, "Lahore"), named(found, "Pakistan")
    assert [ancestor.name for ancestor in town.ancestors][-2:] == [town.admin1, "Pakistan"]
    assert town.ancestors[-1].geonames_id == country.geonames_id
    assert country.ancestors == ()


def test_a_namesake_in_a_link_to_another_story_is_decided_by_its_own_line(tagger: PlaceTagger) -> None:
    text = "Raiders took 70 people in Zamfara.\nTop stories\nNew York City votes\nAlbany votes\nWorker in Rome dies"
    assert named(places(tagger, text), "Rome").country_code == "IT"


def test_a_headline_in_lower_case_names_places_as_it_writes_them(tagger: PlaceTagger) -> None:
    place = named(places(tagger, "Eight died.", title="kanpur building collapse kills eight"), "kanpur")
    assert (place.name, place.field, place.start, place.end) == ("Kanpur", "title", 0, 6)


def test_a_government_that_speaks_is_a_metonym(tagger: PlaceTagger) -> None:
    found = places(tagger, "Moscow said it would talk. Snow fell in Moscow.")
    assert [place.metonym for place in found] == [True, False]


def test_places_stand_in_reading_order_the_title_first(tagger: PlaceTagger) -> None:
    found = places(tagger, "Talks in Geneva ended. Envoys left Kabul.", title="Blast in Quetta")
    assert [(place.field, place.text) for place in found] == [
        ("title", "Quetta"),
        ("text", "Geneva"),
        ("text", "Kabul"),
    ]


def test_what_other_taggers_said_is_kept(tagger: PlaceTagger) -> None:
    first = tagger(Document(Article(id="a", text="Talks in Geneva ended.")), Tagged())
    again = tagger(Document(Article(id="a", text="Talks in Geneva ended.")), first)
    assert len(again.places) == 2 * len(first.places)


@pytest.mark.parametrize(
    ("source", "country", "local"),
    [
        ("kansascity.com", "US", True),
        ("haaretz.com", "IL", False),
        ("lasvegasdailypost.example.com", "US", True),
        ("something.co.uk", "GB", False),
        ("unheard-of.example", None, False),
    ],
)
def test_homes_of_outlets(gazetteer: Gazetteer, source: str, country: str | None, local: bool) -> None:  # noqa: FBT001
    home = Outlets(gazetteer).home(Article(id="a", text="x", source=source))
    assert (home.country_code if home else None) == country
    assert bool(home and home.lat is not None) == local


def test_a_newspapers_name_is_no_host() -> None:
    assert host_of("The Daily News") == ""
    assert host_of("http://user@www.example.org:80/x?y") == "example.org"


@pytest.mark.parametrize("home", [None, Home("US", 33.66, -95.55), Home("FR")])
def test_scores_are_what_training_weighs(gazetteer: Gazetteer, home: Home | None) -> None:
    text = (
        "Police in Paris, Texas, drove to Springfield. The city of London and Dallas sent help; Kharkiv region did not."
    )
    page = Page("text", text, Vocabulary(gazetteer))
    (mentions,) = Recogniser(gazetteer)([page])
    resolver = Resolver(gazetteer)
    names = resolver.names(mentions)
    give_hints(page, mentions, names)
    context = Context(list(names.values()))
    for name in names.values():
        rows = resolver.context_values(name, context, home)
        weights = [resolver.weights.get(feature, 0.0) for feature in CONTEXT]
        weighed = [option.static + sum(map(mul, row, weights)) for option, row in zip(name.options, rows, strict=True)]
        assert resolver.scores(name, context, resolver.fixed_scores(name, home)) == pytest.approx(weighed)


def test_a_great_city_is_meant_before_the_state_of_its_name(tagger: PlaceTagger) -> None:
    found = places(tagger, "He lives in New York and works for a bank. She moved to Albany, New York, in May.")
    by_start = sorted((place.start, place.feature_code) for place in found if place.text == "New York")
    assert named(places(tagger, "He lives in New York and works for a bank."), "New York").feature_class == "P"
    assert {code for _, code in by_start} == {"ADM1"}


def test_an_unlisted_name_is_located_where_the_text_is_at_home(tagger: PlaceTagger) -> None:
    text = "Police in Dewsbury said two men fled. Residents of Dewsbury were shocked. A shop in Zzyxworthy was robbed."
    place = named(places(tagger, text), "Zzyxworthy")
    assert (place.geonames_id, place.unresolved, place.rule) == (None, "unknown", "focus")
    assert place.lat == named(places(tagger, text), "Dewsbury").lat
    assert place.confidence < named(places(tagger, text), "Dewsbury").confidence


def test_an_unlisted_name_lies_in_the_country_behind_it(tagger: PlaceTagger) -> None:
    text = "LEEDS - Two men from Leeds died in the village of Zzyxworthy in Afghanistan."
    place = named(places(tagger, text), "Zzyxworthy")
    assert (place.unresolved, place.country_code, place.lat) == ("unknown", "AF", None)


def test_a_part_of_a_country_is_in_that_country(tagger: PlaceTagger) -> None:
    place = named(places(tagger, "He was held in West Kabul on Monday."), "West Kabul")
    assert (place.country_code, place.name) == ("AF", "Kabul")


def test_toponyms_never_overlap_however_many_there_are(tagger: PlaceTagger) -> None:
    found = places(tagger, "Sea of Azov, New York, Washington, Georgia, " * 200)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_an_article_has_no_more_places_than_its_length_allows(tagger: PlaceTagger) -> None:
    text = "Kabul, Kyiv, Paris, " * 1000
    assert len(places(tagger, text)) == limits.most("places", len(text))


def test_a_word_of_a_page_is_no_place(tagger: PlaceTagger) -> None:
    assert not places(tagger, "In A" + "a" * 1000 + ", Kabul said nothing. The fire in B" + "b" * 1000)[1:]
