"""Figures that place or day set apart from the incident that an article opens with."""

from __future__ import annotations

import pytest

from stream_app.core.casualties.elsewhere import may_hold
from stream_app.core.events import Article, Place, Tagged
from stream_app.core.language.document import Document
from stream_app.core.languages.readers import casualty_tagger, pack_reader

TAGGER = casualty_tagger()
SPOTS = {
    "Homs": (34.73, 36.71, "SY", "Homs", "PPLA"),
    "Rastan": (34.92, 36.73, "SY", "Homs", "PPL"),
    "Qamishli": (37.05, 41.23, "SY", "Hasakah", "PPLA2"),
    "Syria": (35.0, 38.0, "SY", None, "PCLI"),
    "Iraq": (33.0, 44.0, "IQ", None, "PCLI"),
    "Baghdad": (33.34, 44.4, "IQ", "Baghdad", "PPLC"),
    "Odesa": (46.48, 30.72, "UA", "Odesa", "PPLA"),
    "Lviv": (49.84, 24.03, "UA", "Lviv", "PPLA"),
}


def place(text: str, name: str, of: str | None = None) -> Place:
    start = text.index(name)
    lat, lon, country, admin1, code = SPOTS[of or name]
    return Place(
        field="text", start=start, end=start + len(name), text=name, geonames_id=1, name=name, lat=lat, lon=lon,
        country_code=country, admin1=admin1, admin2=None, feature_class="A" if code == "PCLI" else "P",
        feature_code=code, type="place", confidence=0.9, rule="test",
    )  # fmt: skip


def killed(text: str) -> int | None:
    places = [place(text, name) for name in SPOTS if name in text]
    document = Document(Article(id="1", text=text, published_at="2024-05-07T18:00:00Z"))
    bounds = TAGGER(document, Tagged(places=places)).toll.get("killed")
    return None if bounds is None else bounds.low


@pytest.mark.parametrize(
    ("more", "want"),
    [
        ("In Qamishli, 12 people were killed.", 4),
        ("In neighbouring Iraq, 12 people were killed.", 4),
        ("In Rastan, 12 people were killed.", 12),  # nine kilometres off: it may be the same
        ("In Syria, 12 people were killed.", 12),  # the country that holds the town
        ("Officials said 12 people were killed.", 12),
        ("Twelve students from Qamishli were killed.", 12),  # where they came from
        ("In Homs and Qamishli, 12 people were killed.", 12),
    ],
)
def test_a_later_sentence_about_another_town_is_another_incident(more: str, want: int) -> None:
    assert killed(f"Four people were killed when a shell hit a market in Homs. {more}") == want


def test_another_town_counts_where_the_article_has_no_other_figure() -> None:
    assert killed("Officials in Homs met. In Qamishli, 12 people were killed.") == 12


def test_a_list_of_towns_tells_nothing_apart() -> None:
    towns = ", ".join(["Homs"] * 6 + ["Odesa"] * 6 + ["Lviv"] * 6)
    assert killed(f"Four people were killed in Syria. In {towns} 12 people were killed.") == 12


@pytest.mark.parametrize(
    ("more", "want"),
    [
        ("On Sunday, 12 people were killed.", 4),
        ("The attack on Sunday killed 12 people.", 12),
        ("On Tuesday 12 people were killed.", 12),
        ("Police said on Sunday that 12 people were killed.", 12),  # the day of saying
    ],
)
def test_an_earlier_day_is_another_incident(more: str, want: int) -> None:
    assert killed(f"Four people were killed by a shell on Tuesday. {more}") == want


def test_in_other_languages_too() -> None:
    text = "В Одесі загинули четверо людей. У Львові загинули 12 людей."
    document = Document(Article(id="1", text=text))
    places = [
        Place(
            field="text", start=text.index(word), end=text.index(word) + len(word), text=word, geonames_id=1, name=name,
            lat=SPOTS[name][0], lon=SPOTS[name][1], country_code="UA", admin1=name, admin2=None, feature_class="P",
            feature_code="PPLA", type="place", confidence=0.9, rule="test",
        )
        for word, name in (("Одесі", "Odesa"), ("Львові", "Lviv"))
    ]  # fmt: skip
    toll = pack_reader("uk")(document, Tagged(places=places)).toll
    assert toll["killed"].low == 4


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        ("Homs", "Rastan", False),
        ("Syria", "Homs", True),
        ("Iraq", "Homs", False),
        ("Odesa", "Lviv", False),
        ("Homs", None, True),
        (None, None, False),
    ],
)
def test_a_place_may_lie_in_another(one: str | None, other: str | None, may: bool) -> None:  # noqa: FBT001
    places = [place(name, name) if name else None for name in (one, other)]
    assert may_hold(places[0], places[1]) is may


def test_those_of_a_town_are_some_of_those_of_its_region() -> None:
    text = "В Іраку загинули 12 людей. У Багдаді загинули п'ятеро."
    spots = [
        place(text, "Іраку", of="Iraq"),
        place(text, "Багдаді", of="Baghdad"),
    ]
    document = Document(Article(id="1", title="Обстріли", text=text, published_at="2024-05-07T18:00:00Z"))
    toll = pack_reader("uk")(document, Tagged(places=tuple(spots))).toll
    assert toll["killed"].low == 12
