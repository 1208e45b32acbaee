"""Who tells: outlets under one name, agencies that texts name, addresses of archives, an operator's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from stream_app.core.events import Article
from stream_app.core.sources import SourcesError, builtin, extended
from stream_app.core.sources.address import domain_of
from stream_app.settings import Settings, SettingsError
from stream_app.sources import load_sources


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("https://www.bbc.co.uk/news/1", "bbc.co.uk"),
        ("http://news.example.com.au:8080/x?y#z", "example.com.au"),
        ("edition.cnn.com", "cnn.com"),
        ("https://user:word@host.example/", "host.example"),
        ("https://one.blogspot.com/a", "one.blogspot.com"),
        ("http://192.0.2.7/page", "192.0.2.7"),
        ("https://xn--e1afmkfd.xn--p1ai/", "xn--e1afmkfd.xn--p1ai"),
        ("\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "xn--e1afmkfd.xn--p1ai"),
        ("https://web.archive.org/web/20220301000000/http://www.dawn.com/news/1", "dawn.com"),
        ("https://web.archive.org/web/2022id_/dawn.com/news", "dawn.com"),
        ("https://archive.ph/2022.03.01-101500/https://lenta.ru/news/1", "lenta.ru"),
        ("https://webcache.googleusercontent.com/search?q=cache:xyz:dawn.com/news", "dawn.com"),
        ("https://www.google.com/amp/s/www.dawn.com/news", "dawn.com"),
        ("https://www-dawn-com.cdn.ampproject.org/c/s/www.dawn.com/news", "dawn.com"),
        ("https://www-bbc-co-uk.translate.goog/news/1?_x_tr_sl=en", "bbc.co.uk"),
        ("https://translate.google.com/translate?sl=ru&u=https%3A%2F%2Flenta.ru%2Fnews", "lenta.ru"),
        ("https://web.archive.org/web/2022/https://archive.ph/2021/https://dawn.com/1", "dawn.com"),
        ("https://honest.example\\@evil.example/x", "honest.example"),
        ("https://news.google.com/rss/articles/CBMi12?oc=5", "google.com/rss/articles/CBMi12?oc=5"),
        ("https://www.msn.com/en-us/news/world/a-blast/ar-AA12", "msn.com/en-us/news/world/a-blast/ar-AA12"),
        ("https://t.me/SomeChannel/1234", "t.me/somechannel"),
        ("https://twitter.com/@somebody/status/12", "twitter.com/somebody"),
        ("https://www.youtube.com/watch?v=Ab12", "youtube.com/watch?v=Ab12"),
        ("facebook.com", ""),
        ("https://perma.cc/AB12-CD34", ""),
        ("https://archive.is/wXyZ1", ""),
        ("http://[breaking]/story", ""),
        ("http://a..b/", ""),
        ("localhost", ""),
        ("The Daily Planet", ""),
        ("U.S. News", ""),
        (None, ""),
        ("http://" + "a" * 5000, ""),
    ],
)
def test_an_address_is_whose_page_it_is(address: str | None, domain: str) -> None:
    assert domain_of(address) == domain


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("KABUL (AP) \u2014 A bomb went off.", "apnews.com"),
        ("BEIJING, March 1 (Xinhua) -- A mine flooded.", "xinhuanet.com"),
        ("(Reuters) - Ten died.", "reuters.com"),
        ("A bus fell into a ravine. Ten died. (PTI)", "ptinews.com"),
        ("Ten died. \u00a9 2022 AFP", "afp.com"),
        ("Ten died. Source: TASS", "tass.com"),
        ("A man (45) died, Reuters learnt.", ""),
        ("Ten died.", ""),
    ],
)
def test_the_wire_is_the_one_that_the_text_names(text: str, wire: str) -> None:
    assert builtin().wire_of(text) == wire


@pytest.mark.parametrize("source", ["BBC", "bbc news", "The BBC News", "www.bbc.com", "https://bbc.in/1", "bbc.co.uk"])
def test_an_outlet_has_one_name_whatever_it_is_called(source: str) -> None:
    assert builtin().named(source) == "bbc.co.uk"


@pytest.mark.parametrize("source", ["unknown", "N/A", "null", "RSS", "Google News", "x.com", "Twitter", "-", " "])
def test_a_name_that_is_nobodys_gives_way_to_the_address(source: str) -> None:
    assert builtin().of(Article(id="a", text="Ten died.", source=source)).outlet == ""
    told = Article(id="a", text="Ten died.", source=source, url="https://www.dawn.com/news/1")
    assert builtin().of(told).outlet == "dawn.com"


def test_signs_that_nobody_sees_are_no_part_of_a_name() -> None:
    assert builtin().named("Lake\u200b Herald\ufeff") == "lake herald"


def test_the_field_goes_before_the_address() -> None:
    article = Article(
        id="a", text="Ten died.", source="Lake Herald", url="https://web.archive.org/web/2022/http://x.example"
    )
    assert builtin().of(article).outlet == "lake herald"


def test_an_operator_adds_outlets_and_grades(tmp_path: Path) -> None:
    file = tmp_path / "outlets.tsv"
    file.write_text("# mine\n\nlake-herald.example\tB\tLake Herald|lakeherald.example\nrumours.example\tE\n")
    sources = load_sources(Settings(sources=file))
    assert sources.named("the lake herald") == "lake-herald.example"
    assert [sources.grade(name) for name in ("lake-herald.example", "rumours.example", "else.example")] == [
        "B",
        "E",
        "F",
    ]


@pytest.mark.parametrize("line", ["lake.example\tgood", "\tB", "https://perma.cc/AB12\tB"])
def test_a_line_that_is_none_is_named(line: str) -> None:
    with pytest.raises(SourcesError, match="line 1"):
        extended(builtin(), [line])


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="STREAM_APP_SOURCES"):
        load_sources(Settings(sources=tmp_path / "none.tsv"))
