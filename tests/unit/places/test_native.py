"""Places in languages beside English: sentences of our own, as data, traps among them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from stream_app.core.events import Article, LanguageFound, Place, Tagged
from stream_app.core.incidents.where import incident_place
from stream_app.core.language.by_language import ByLanguage
from stream_app.core.language.document import Document, segment
from stream_app.core.languages.readers import PLACES_IN, incident_wordings, place_readers
from stream_app.core.places import Gazetteer
from stream_app.core.places.listed import Listing
from stream_app.core.places.tongue import read_tongue, tongue

CASES = Path(__file__).parents[2] / "cases" / "places"


@pytest.fixture(scope="module")
def readers(gazetteer: Gazetteer) -> ByLanguage:
    return place_readers(gazetteer)


def places(readers: ByLanguage, language: str, text: str, title: str | None = None) -> Sequence[Place]:
    document = Document(Article(id="case", text=text, title=title))
    return readers(document, Tagged(language_found=LanguageFound(language, 0.99))).places


def cases() -> list[Any]:
    return [
        pytest.param(code, json.loads(line), id=f"{code}-{number}")
        for code in PLACES_IN
        for number, line in enumerate((CASES / f"{code}.jsonl").read_text(encoding="utf-8").splitlines(), 1)
    ]


@pytest.mark.parametrize(("code", "case"), cases())
def test_sentence(readers: ByLanguage, code: str, case: dict[str, Any]) -> None:
    found = {place.text: place for place in places(readers, code, case["text"])}
    for wanted in case["places"]:
        place = found[wanted["text"]]
        assert wanted.get("name", place.name) == place.name
        assert wanted.get("country", place.country_code) == place.country_code
        assert wanted.get("type", place.type) == place.type
        assert case["text"][place.start : place.end] == place.text
    assert not set(case.get("absent", ())) & set(found)


@pytest.mark.parametrize("code", PLACES_IN)
def test_every_language_has_twenty_cases_with_traps(code: str) -> None:
    rows = [json.loads(line) for line in (CASES / f"{code}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 20
    assert sum("absent" in row for row in rows) >= 4


@pytest.mark.parametrize("code", PLACES_IN)
def test_every_name_of_a_table_is_one_that_the_gazetteer_has(gazetteer: Gazetteer, code: str) -> None:
    listing = Listing(gazetteer, tongue(code))
    assert not [name for name in tongue(code).names if (found := listing.find(name)) is None or not found.own]


def test_data_with_an_unknown_key_are_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        read_tongue("xx", {"script": "latin", "colour": "red"})


def test_function_words_of_a_language_that_nobody_reads_are_no_towns(readers: ByLanguage) -> None:
    assert [place.text for place in places(readers, "nl", "Het vuur is uit. Maar in Utrecht brandt het nog.")] == [
        "Utrecht"
    ]


def test_a_name_is_one_place_whatever_its_case(readers: ByLanguage) -> None:
    found = places(readers, "uk", "У Харкові тихо. Мер Харкова подякував. Харків чекає.")
    assert {place.geonames_id for place in found} == {706483}
    assert [place.text for place in found] == ["Харкові", "Харкова", "Харків"]


@pytest.mark.parametrize(
    ("code", "text", "located", "named"),
    [
        ("uk", "Росія обстріляла будинок у Херсоні.", "Херсоні", "Росія"),
        ("ru", "Украина сообщила о пожаре в Белгороде.", "Белгороде", "Украина"),
        ("pl", "Rosja milczy, dom spłonął w małej Gdyni.", "Gdyni", "Rosja"),
        ("es", "Francia envió ayuda a la ciudad de Goma.", "Goma", "Francia"),
        ("fr", "Paris condamne une attaque à Gao.", "Gao", "Paris"),
        ("pt", "Lisboa condena o ataque em Palma.", "Palma", "Lisboa"),
        ("de", "Moskau bestreitet den Angriff in Charkiw.", "Charkiw", "Moskau"),
        ("ar", "موسكو تنفي وقوع هجوم في حلب", "حلب", "موسكو"),
        ("tr", "İran, Erbil'deki saldırıyı kınadı.", "Erbil", "İran"),
        ("tr", "Rusya, Halep kentinde üs kurdu.", "Halep", "Rusya"),
    ],
)
def test_a_figure_is_where_the_language_says_in_and_not_who_acts(
    code: str, text: str, located: str, named: str
) -> None:
    locates = tongue(code).locates
    assert locates(text, text.index(located), text.index(located) + len(located))
    assert not locates(text, text.index(named), text.index(named) + len(named))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Було тихо. Євген пішов. Їх двоє. «Ми тут».", 4),
        ("Stało się to nocą. Łódź stoi. „Śnieg pada”, mówi.", 3),
        ("Yangın çıktı. İtfaiye geldi. Şoför kaçtı.", 3),
        ("وصلت الشرطة. ماذا حدث؟ لا أحد يعلم.", 3),
        ("Llovió. ¿Quién fue? «Nadie», dijo.", 3),
    ],
)
def test_sentences_are_split_before_capitals_and_quotations_of_other_languages(text: str, sentences: int) -> None:
    assert len(segment(text)) == sentences


@pytest.mark.parametrize(
    ("code", "text", "where"),
    [
        ("uk", "Росія вдарила по місту. У Херсоні загинули двоє людей.", "Херсоні"),
        ("pl", "Rosja milczy. Dwie osoby zginęły w pożarze w Gdyni.", "Gdyni"),
        ("fr", "Paris condamne l'attaque. Deux soldats sont morts à Gao, au Mali.", "Gao"),
        ("tr", "Ankara saldırıyı kınadı. Yüksekova ilçesinde iki asker öldü.", "Yüksekova"),
    ],
)
def test_an_incident_lies_where_its_language_puts_it(readers: ByLanguage, code: str, text: str, where: str) -> None:
    document = Document(Article(id="case", text=text))
    tagged = readers(document, Tagged(language_found=LanguageFound(code, 0.99)))
    words = incident_wordings().of(tagged)
    place = incident_place(document.plain, tagged, document.sentences, words)
    assert place is not None
    assert place.text == where
