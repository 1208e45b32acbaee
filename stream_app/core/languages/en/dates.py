"""Numbers that count no people: dates, times, ages, routes, sums of money, and what has a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from stream_app.core.events import RejectReason
from stream_app.core.language.numerals import Quantity
from stream_app.core.languages.en.lexicon import Lexicon
from stream_app.core.languages.en.people import Heads
from stream_app.core.languages.en.phrases import Chunk
from stream_app.core.languages.en.tokens import Tokens

_CURRENCIES: Final = frozenset({"$", "€", "£", "¥", "us$", "rs", "usd", "eur"})
_YEARS: Final = frozenset({"year", "years", "yr", "yrs", "months", "month"})
_YEAR: Final = re.compile(r"(?:18|19|20)\d\d")
_COUNTS_NEXT: Final = frozenset({"least", "than", "about", "some", "over", "nearly", "almost", "around", "another"})
_AFTER_AGES: Final = frozenset(
    {",", "and", ".", ")", "were", "was", "are", "is", "died", "drowned", "perished", "had", "have"}
)
_DAYS: Final = 31
_BEFORE_MONTH: Final = frozenset(
    {"in", "of", "since", "until", "last", "early", "late", "from", "during", "this", "by"}
)
_UNITS: Final = frozenset({"squadron", "battalion", "brigade", "regiment"})
_OLDEST: Final = 110
_PAIR: Final = 2
_MOST_AGES: Final = 9
_BETWEEN_AGES: Final = frozenset({",", "and"})
_CLOCK: Final = re.compile(r"\d{1,2}:\d\d")


class Dates:
    """Tells the numbers that count no people, each by what stands beside it."""

    def __init__(self, lexicon: Lexicon, heads: Heads) -> None:
        self._lex = lexicon
        self._heads = heads

    def is_label(self, tokens: Tokens, quantity: Quantity) -> bool:
        """As in "Flight 370", "Route 66", "called 911", "the 27 PMF Squadron": a number that names a thing."""
        if not quantity.start or not tokens.words[quantity.start][0].isdigit():
            return False
        if not _UNITS.isdisjoint(tokens.words[quantity.end : quantity.end + 2]):
            return True
        previous = tokens.words[quantity.start - 1]
        following = tokens.word(quantity.end)
        return previous in self._lex.sets["label"] and not self._heads.is_people_noun(following)

    @staticmethod
    def is_stated_age(tokens: Tokens, quantity: Quantity, before: list[Chunk]) -> bool:
        """As in "Ann Lee, 21, was", "a girl, 9, in", "two men, 29 and 58", "ages 13, 17 and 19", "John Doe (22)"."""
        previous = before[-1] if before else None
        if previous is None or previous.word in {"age", "aged", "ages"}:
            return previous is not None
        words = tokens.words
        single = quantity.end == quantity.start + 1 and words[quantity.start].isdecimal() and quantity.low <= _OLDEST
        if not single or len(before) < 2:
            return _is_spelt_age(words, quantity, before)
        who = before[-2]
        if who.word == "age" and who.tag == "number" and previous.tag in {",", "and"}:
            return True
        closes = previous.tag == "and" and who.tag == "," and _closes_ages(words, quantity, before)
        if closes or (previous.tag in {",", "("} and _is_one_each(words, quantity.start, who)):
            return True
        following = words[quantity.end] if quantity.end < len(words) else "."
        if previous.tag not in {",", "("} or following not in {",", ".", ")", ";", "of", "-", "and"}:
            return False
        return _is_one_person(who, cased=tokens.cased)

    def is_date(self, tokens: Tokens, quantity: Quantity) -> bool:
        """As in "May 6", "6 May 2014", "between 1 and 8 October", "in 2014", "at 7:30": numbers that count nothing."""
        words = tokens.words
        first, last = words[quantity.start], words[quantity.end - 1]
        previous = words[quantity.start - 1] if quantity.start else ""
        following = tokens.word(quantity.end)
        months = self._lex.sets["month"]
        by_month = last.isdecimal() and quantity.low < 32 and following in months
        if by_month or (":" in first and _CLOCK.fullmatch(first)) or self._ends_clock(words, quantity, following):
            return True
        if quantity.end != quantity.start + 1 or not first.isdecimal():
            return False
        if _YEAR.fullmatch(first) and self._heads.person(following) is None and previous not in _COUNTS_NEXT:
            return True
        in_month = previous in months or (previous == "." and words[quantity.start - 2] in months)
        if in_month and self._heads.is_people_noun(following) and self._counts_in_month(words, quantity):
            return False
        if in_month and quantity.start > 1 and words[quantity.start - 2].isdecimal():
            return not self._heads.is_people_noun(following)
        return in_month or (first[0] == "0" and first != "0")

    @staticmethod
    def is_may(tokens: Tokens, at: int) -> bool:
        """Whether the word "may" at `at` is the month: "between 3 and 5 May", "floods in May displaced 200"."""
        before = tokens.words[at - 1] if at and tokens.raw[at] == "May" else ""
        return before.isdecimal() or before in _BEFORE_MONTH

    def _ends_clock(self, words: Sequence[str], quantity: Quantity, following: str) -> bool:
        """As in "at 12: 42 GMT", where a blank cuts the time of day in two."""
        is_cut = words[quantity.start - 1 : quantity.start] == [":"] and len(words[quantity.start]) == len("42")
        return is_cut and words[quantity.start - 2].isdecimal() and self._lex.units.get(following) == "time"

    @staticmethod
    def _counts_in_month(words: Sequence[str], quantity: Quantity) -> bool:
        """As in "in July 178 people were killed": more than a month has days, or "in" before the month."""
        return quantity.low > _DAYS or words[quantity.start - 2 : quantity.start - 1] == ["in"]

    def unit(self, tokens: Tokens, quantity: Quantity) -> tuple[RejectReason | None, int]:
        """Why the quantity counts no people, from the words beside it, and where the rejected phrase ends."""
        words = tokens.words
        end = quantity.end
        if quantity.start and words[quantity.start - 1] in _CURRENCIES:
            return "money", end
        if tokens.word(end) == "-":
            end += 1
        word, follower = tokens.word(end), tokens.word(end + 1)
        if (word, follower) == ("per", "cent"):
            return "share", end + 2
        if word in _YEARS and not {"old", "age"}.isdisjoint(words[end + 1 : end + 3]):
            return "age", end + 1
        if word.endswith(("-old", "-olds")):
            return "age", end + 1
        reason = self._lex.units.get(word)
        if reason is None or self._heads.person(word) is not None or self._heads.person(follower) is not None:
            return None, quantity.end
        return reason, end + 1


def _is_one_each(words: Sequence[str], at: int, who: Chunk) -> bool:
    """As in "three brothers, 9, 12 and 15": as many bare numbers from `at` on as there are people before them."""
    people = who.people.quantity if who.people is not None else None
    if people is None or people.low != people.high or not _PAIR <= people.low <= _MOST_AGES:
        return False
    numbers = [word for word in words[at : at + 3 * people.low] if word not in _BETWEEN_AGES][: people.low]
    return len(numbers) == people.low and all(word.isdecimal() and int(word) <= _OLDEST for word in numbers)


def _closes_ages(words: Sequence[str], quantity: Quantity, before: Sequence[Chunk]) -> bool:
    """As in "aged 13, 14, and 16 were": the last of three or more, behind a comma and "and"."""
    ages = [(chunk.tag, chunk.word) for chunk in before[-5:-2]]
    listed = len(ages) > _PAIR and ages[0] == ages[2] == ("number", "age") and ages[1][0] == ","
    return listed and (words[quantity.end : quantity.end + 1] == [] or words[quantity.end] in _AFTER_AGES)


def _is_spelt_age(words: Sequence[str], quantity: Quantity, before: Sequence[Chunk]) -> bool:
    """As in "aged two, four and seven": one more after an age."""
    if len(before) < 2 or before[-2].word != "age" or before[-2].tag != "number" or before[-1].tag not in {",", "and"}:
        return False
    return (
        quantity.end == quantity.start + 1
        and words[quantity.end : quantity.end + 1][0:1] != []
        and (words[quantity.end] in _AFTER_AGES)
    )


def _is_one_person(chunk: Chunk, *, cased: bool) -> bool:
    """Whether the chunk is one person or may be a name, so that a number after a comma is an age."""
    if chunk.people is not None:
        return chunk.people.form in {"single", "named"}
    return chunk.tag == "name" or (not cased and chunk.tag == "word")
