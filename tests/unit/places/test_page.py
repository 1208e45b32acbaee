"""A page: words that names are made of, what stands beside them, and what is written in lower case."""

from __future__ import annotations

import pytest

from stream_app.core.places import Gazetteer
from stream_app.core.places.beside import read_after, read_before
from stream_app.core.places.page import WORDS, Page, Vocabulary


@pytest.fixture(scope="module")
def vocabulary(gazetteer: Gazetteer) -> Vocabulary:
    return Vocabulary(gazetteer)


def texts(page: Page) -> list[str]:
    return [page.raw[start:end] for start, end in zip(page.starts, page.ends, strict=False)]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("He went to New York in 2019.", ["He", "New", "York", "2019"]),
        ("iPhones and McDonald's in U.S. towns", ["McDonald's", "U.S."]),
        ("the d’Ivoire road, 'Paris' and well-known Rome", ["Paris", "Rome"]),
        ("fled al-Hol and Deir ez-Zor", ["al", "Hol", "Deir", "ez", "Zor"]),
        ("a vandal-Hol is no article", ["Hol"]),
        ("in Ørsta — Malmö", ["Ørsta", "Malmö"]),
    ],
)
def test_only_words_that_names_are_made_of_are_cut_out(vocabulary: Vocabulary, raw: str, words: list[str]) -> None:
    page = Page("text", raw, vocabulary)
    assert texts(page) == words
    assert "".join(gap + text for gap, text in zip(page.gaps, [*words, ""], strict=True)) == raw


def test_every_word_of_a_span_counts(vocabulary: Vocabulary) -> None:
    page = Page("text", "The Isle of Wight and Rio de Janeiro", vocabulary)
    assert page.count(1, 2) == len(WORDS.findall("Isle of Wight"))
    assert page.count(3, 4) == len(WORDS.findall("Rio de Janeiro"))


@pytest.mark.parametrize(("word", "written"), [("us", True), ("man", True), ("may", False), ("sun", False)])
def test_a_part_of_a_word_is_not_that_word(vocabulary: Vocabulary, word: str, *, written: bool) -> None:
    page = Page("text", "The sunny house told us, a man, of the may'r and a sun's light", vocabulary)
    assert page.writes(word) is written


@pytest.mark.parametrize(
    "gap", [" was killed by police in ", " said on ", ", ", " – ", " man's ", "-based ", " , he ", ""]
)
def test_the_end_of_a_long_gap_reads_as_the_whole(gap: str) -> None:
    long = " it rained" + (gap or " ")
    assert read_before(gap) is None or read_before(long) is not None
    if len(WORDS.findall(gap)) > 1:
        assert read_before(long) == read_before(gap)
        assert read_after((gap.rstrip() or " ") + " it rained") == read_after(gap)


@pytest.mark.parametrize("word", ["house", "the", "river", "bank", "o"])
def test_a_long_page_writes_the_words_that_a_short_one_does(vocabulary: Vocabulary, word: str) -> None:
    raw = "The house's River, o'clock. Bank of the 'river' and house-bank' o"
    long = Page("text", raw + " x" * 20_000, vocabulary)
    assert long.writes(word) == Page("text", raw, vocabulary).writes(word)


def test_a_page_ends_where_a_flood_of_names_has_gone_on_for_long_enough(vocabulary: Vocabulary) -> None:
    page = Page("text", "Kabul " * 10_000, vocabulary)
    assert len(page.words) < 5000
    assert sum(map(len, page.gaps)) + 5 * len(page.words) == len(page.raw)


def test_a_word_that_comes_once_is_not_remembered(gazetteer: Gazetteer) -> None:
    met = Vocabulary(gazetteer)
    met.words(["Kabul", "K" * 1000])
    assert list(met) == ["Kabul"]
