"""Quantities as newspapers write them."""

from __future__ import annotations

import pytest

from stream_app.core.language.numerals import CONVENTIONS, digits_value
from stream_app.core.languages.en.numerals import QUALIFIER_HALVES, QUALIFIER_SECONDS, is_numeric, read_quantity


@pytest.mark.parametrize(
    ("text", "low", "high", "qualifier"),
    [
        ("12", 12, 12, "exact"),
        ("1,200", 1200, 1200, "exact"),
        ("1.200", 1200, 1200, "exact"),
        ("4,50,000", 450_000, 450_000, "exact"),
        ("4.8 lakh", 480_000, 480_000, "exact"),
        ("2 crore", 20_000_000, 20_000_000, "exact"),
        ("seventeen", 17, 17, "exact"),
        ("twenty-two", 22, 22, "exact"),
        ("twenty two", 22, 22, "exact"),
        ("one hundred and fifty-two", 152, 152, "exact"),
        ("thirteen thousand", 13_000, 13_000, "exact"),
        ("two hundred thousand", 200_000, 200_000, "exact"),
        ("a dozen", 12, 12, "exact"),
        ("half a dozen", 6, 6, "exact"),
        ("half-dozen", 6, 6, "exact"),
        ("two dozen", 24, 24, "exact"),
        ("half a million", 500_000, 500_000, "exact"),
        ("a quarter of a million", 250_000, 250_000, "exact"),
        ("a hundred", 100, 100, "exact"),
        ("both", 2, 2, "exact"),
        ("at least 12", 12, None, "at_least"),
        ("more than two dozen", 24, None, "at_least"),
        ("no fewer than 40", 40, None, "at_least"),
        ("12 or more", 12, None, "at_least"),
        ("100 plus", 100, None, "at_least"),
        ("about 20", 20, 20, "about"),
        ("an estimated 1.5 million", 1_500_000, 1_500_000, "about"),
        ("20 or so", 20, 20, "about"),
        ("up to 70,000", 1, 70_000, "at_most"),
        ("fewer than 20", 1, 20, "at_most"),
        ("10 - 15", 10, 15, "range"),
        ("two or three", 2, 3, "range"),
        ("10 to 15", 10, 15, "range"),
        ("between 1,200 and 2,000", 1200, 2000, "range"),
        ("2 to 3 million", 2_000_000, 3_000_000, "range"),
        ("between 500,000 and 1.5 million", 500_000, 1_500_000, "range"),
        ("dozens", 24, None, "vague"),
        ("scores", 40, None, "vague"),
        ("tens of thousands", 20_000, None, "vague"),
        ("hundreds of thousands", 200_000, None, "vague"),
        ("several", 3, None, "vague"),
        ("several hundred", 300, None, "vague"),
        ("a few dozen", 36, None, "vague"),
    ],
)
def test_a_quantity_is_read_whole(text: str, low: int, high: int | None, qualifier: str) -> None:
    words = text.split()
    quantity = read_quantity(words, 0)
    assert quantity is not None
    assert (quantity.low, quantity.high, quantity.qualifier) == (low, high, qualifier)
    assert quantity.end == len(words)


@pytest.mark.parametrize("text", ["people", "the", "a man", "over the hill", "1.25", "between friends", "at least"])
def test_what_is_no_quantity_is_none(text: str) -> None:
    assert read_quantity(text.split(), 0) is None


@pytest.mark.parametrize(
    "text",
    [
        "9 billion billion billion",
        "a hundred million million million",
        "millions of millions of millions of millions",
        "nine" + " billion" * 40,
        "9" + " billion" * 40,
        "²²²²",
        "10000000001",
    ],
)
def test_more_people_than_there_are_is_no_quantity(text: str) -> None:
    assert read_quantity(text.split(), 0) is None


def test_a_quantity_stops_before_what_it_counts() -> None:
    quantity = read_quantity(["scores", "of", "people"], 0)
    assert quantity is not None
    assert quantity.end == 1


@pytest.mark.parametrize(("convention", "low"), [("literal", 200), ("acled", 100), ("countlove", 100)])
def test_hundreds_are_what_the_convention_says(convention: str, low: int) -> None:
    quantity = read_quantity(["hundreds"], 0, convention)
    assert quantity is not None
    assert quantity.low == low


def test_a_dozen_is_ten_for_countlove() -> None:
    quantity = read_quantity(["two", "dozen"], 0, "countlove")
    assert quantity is not None
    assert quantity.low == 2 * CONVENTIONS["countlove"]["dozen"]


@pytest.mark.parametrize("token", ["1,20", "12,34,5", "x", "", "1e9", "9" * 40])
def test_a_token_that_is_no_count_of_persons_is_refused(token: str) -> None:
    value = digits_value(token)
    assert value is None or value != int(value)


def test_number_words_are_known_by_form() -> None:
    assert all(map(is_numeric, ("12", "twelve", "twenty-two", "dozens", "several")))
    assert not any(map(is_numeric, ("people", "well-known", "-")))


@pytest.mark.parametrize("word", sorted(QUALIFIER_HALVES - {"a", "an", "the"}))
@pytest.mark.parametrize("following", ["12", "twelve", "dozens", "about", "between", "half", "half-dozen", "couple"])
def test_half_a_qualifier_begins_no_quantity(word: str, following: str) -> None:
    if following not in QUALIFIER_SECONDS:
        assert read_quantity([word, following, "12", "people"], 0) is None
