"""When an article plays: what its opening says of now and of years long gone, and when it says nothing."""

from __future__ import annotations

import pytest

from stream_app.core.casualties.dating import Setting, setting

REST = "Five died. It was quiet. The road is wet. So it ends."


def of(opening: str, told: int = 2, year: int | None = 2025) -> Setting | None:
    sentences = ["A title", *f"{opening} {REST}".split(". ")]
    return setting(sentences, 1, told, year, lambda text, by_day: "Sunday" in text or ("night" in text and not by_day))


@pytest.mark.parametrize(
    ("opening", "found"),
    [
        ("The pit burned at night in 1911.", Setting(is_of_now=False, year="1911")),
        ("A bus of 1998 fell into a river on Sunday.", Setting(is_of_now=True, year="1998")),
        ("A bus fell into a river at night.", Setting(is_of_now=True, year=None)),
        ("A bus fell into a river at 14:30.", Setting(is_of_now=True, year=None)),
        ("There were fewer than in 2024.", Setting(is_of_now=False, year=None)),
        ("Some 2000 left, and 1,987 stayed.", Setting(is_of_now=False, year=None)),
    ],
)
def test_a_year_long_gone_takes_its_night_along_but_no_day_of_now(opening: str, found: Setting) -> None:
    assert of(opening) == found


def test_a_brief_and_an_article_of_no_known_year_say_nothing() -> None:
    assert of("The pit burned in 1911.", year=None) is None
    assert setting(["A title", "The pit burned in 1911."], 1, 1, 2025, lambda *_: False) is None


def test_what_the_first_figure_tells_of_now_is_news_wherever_it_stands() -> None:
    assert of("One. Two. Three. The pit burned on Sunday.", told=4) is None
    assert of("One. Two. Three. The pit burned on Sunday.", told=1) == Setting(is_of_now=False, year=None)


def test_a_figure_of_the_headline_is_told_when_the_first_sentence_says() -> None:
    assert of("The pit of 1911 burned on Sunday.", told=0) is None
    assert of("The pit burned in 1911.", told=0) == Setting(is_of_now=False, year="1911")
