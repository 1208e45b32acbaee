"""Laws of the place tagger that hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stream_app.core.events import Article, LanguageFound, Place, Tagged
from stream_app.core.language.by_language import ByLanguage
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import PLACES_IN, place_readers
from stream_app.core.places import Gazetteer, PlaceTagger
from stream_app.core.places.folding import fold

VOCABULARY = (
    "Paris , Texas London said in at the of Kharkov Kiev U.S. St. Louis Mr. Washington Sea Azov al-Hol Deir ez-Zor - “ ” "
    "Côte d’Ivoire Georgia County River Street ( AP ) — president Moscow 's ’s . \n New York Jordan killed people and near "
    "North Darfur Highway 19 Cox's Bazar YEMEN München Zürich İstanbul Ind. , Fla."
)
WORDS = st.sampled_from(VOCABULARY.split(" "))
TEXTS = st.one_of(st.lists(WORDS, min_size=1, max_size=60).map(" ".join), st.text(min_size=1, max_size=200))
LEAD = "there was rain in the night and the road by the old mill was closed while the river rose " * 4
UNRELATED = " The garden opens in spring."
LAX = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def tagger(gazetteer: Gazetteer) -> PlaceTagger:
    return PlaceTagger(gazetteer)


def places(tagger: PlaceTagger, text: str, title: str | None = None) -> list[Place]:
    return list(tagger(Document(Article(id="a", title=title, text=text)), Tagged()).places)


@LAX
@given(text=TEXTS, title=st.none() | TEXTS)
def test_spans_slice_the_plain_text_and_do_not_overlap(tagger: PlaceTagger, text: str, title: str | None) -> None:
    raw = dict(Document(Article(id="a", title=title, text=text)).fields())
    end = {"text": 0, "title": 0}
    for place in places(tagger, text, title):
        assert raw[place.field][place.start : place.end] == place.text != ""
        assert place.start >= end[place.field]
        end[place.field] = place.end


@pytest.fixture(scope="module")
def readers(gazetteer: Gazetteer) -> ByLanguage:
    return place_readers(gazetteer)


NATIVE = (
    "в У м. с. місті Харкові Львова , та Сумській області обл . « » Росія рф Івано - Франківську w Warszawie i Nowym Jorku "
    "en de la isla Creta l ' Hospitalet à Île d’ Oléron Saint-Étienne ( Gard ) : in Kabul – der Stadt Wien EE.UU. U.S. "
    "في مدينة وبغداد للعراق حي الدورة بني ، Muğla 'nın Bodrum ilçesinde Van Gölü ABD 2024 \n президент Jan"
)
NATIVE_TEXTS = st.one_of(
    st.lists(st.sampled_from(NATIVE.split(" ")), min_size=1, max_size=40).map(" ".join),
    st.text(min_size=1, max_size=200),
)


@LAX
@given(text=NATIVE_TEXTS, code=st.sampled_from(PLACES_IN))
def test_in_every_language_spans_slice_the_text_and_do_not_overlap(readers: ByLanguage, text: str, code: str) -> None:
    document = Document(Article(id="a", text=text))
    raw, end = document.plain.text, 0
    for place in readers(document, Tagged(language_found=LanguageFound(code, 0.9))).places:
        assert raw[place.start : place.end] == place.text != ""
        assert place.start >= end
        end = place.end
        assert place.unresolved is not None or (place.lat is not None and place.name)


@LAX
@given(text=TEXTS)
def test_an_entry_has_coordinates_and_doubt_has_a_reason(tagger: PlaceTagger, text: str) -> None:
    for place in places(tagger, text):
        assert 0.0 <= place.confidence <= 1.0
        assert place.unresolved is not None or (place.lat is not None and place.lon is not None and place.name)
        assert place.unresolved is None or place.geonames_id is None


@LAX
@given(text=TEXTS)
def test_tagging_is_deterministic_and_keeps_nothing_of_other_articles(gazetteer: Gazetteer, text: str) -> None:
    used = PlaceTagger(gazetteer)
    places(used, "Paris, Texas, and London, Ontario, met Mr. Washington in Georgia.")
    assert places(used, text) == places(PlaceTagger(gazetteer), text)


@LAX
@given(text=TEXTS)
def test_an_unrelated_sentence_at_the_end_moves_no_span(tagger: PlaceTagger, text: str) -> None:
    closed = (
        LEAD + text.rstrip() + " it ended."
    )  # mostly in lower case, so that one sentence does not change what it is
    before = [(place.start, place.end) for place in places(tagger, closed)]
    after = [(place.start, place.end) for place in places(tagger, closed + UNRELATED)]
    assert after == before


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "Zs"])))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
