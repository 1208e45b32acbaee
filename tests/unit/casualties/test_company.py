"""Everyday words count only in company, and what is remembered of words changes no answer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stream_app.core.languages.en import company
from stream_app.core.languages.en.company import Company

PARTNERS = {"home": ("forc", "lost their"), "took": ("gunm", "ed"), "alive": ("only",)}
WORDS = st.sampled_from(["forced", "force", "home", "took", "gunmen", "lost", "their", "only", "alive", "reded", "x"])


def lonely(known: Company, words: list[str]) -> set[str]:
    text = " ".join(words).encode()
    met = frozenset(text.split())
    return {cue.decode() for cue in known.lonely(met & {b"home", b"took", b"alive"}, met, [text])}


def searched(words: list[str]) -> set[str]:
    text = " ".join(words)
    return {cue for cue in PARTNERS.keys() & set(words) if not any(partner in text for partner in PARTNERS[cue])}


@given(st.lists(st.lists(WORDS, max_size=6), max_size=8))
def test_an_article_is_told_the_same_whatever_was_met_before(articles: list[list[str]]) -> None:
    known = Company(PARTNERS)
    assert [lonely(known, words) for words in articles] == [searched(words) for words in articles]


def test_what_is_remembered_has_an_end() -> None:
    known = Company(PARTNERS)
    for number in range(3):
        words = [f"w{number}x{k}".replace("0", "o") for k in range(company._REMEMBERED)]
        lonely(known, [*words, "home"])
    assert len(known._seen) <= 2 * company._REMEMBERED + 1
