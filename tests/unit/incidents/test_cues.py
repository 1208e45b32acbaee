"""What a sentence says of its news is searched for behind a few plain words, and found in every shape that it has."""

from __future__ import annotations

import pytest

from stream_app.core.languages.en.incidents.cues import corrects, is_background

BACKGROUND = (
    "The insurgency has cost 900 lives.",
    "The number of dead in the crisis is not known.",
    "Forty guards fell since the ceasefire.",
    "Over the past ten months 60 have drowned.",
    "Eleven were hurt during the last decade.",
    "Such attacks are rare in Lamport.",
    "A separate incident left two dead.",
    "Another bus accident killed six.",
    "Earlier strikes had killed nine.",
    "A comparable derailment hurt twelve.",
    "It was the worst sinking in memory, in all.",
    "Locals recall a landslide that buried 30.",
    "It came hours after shelling that killed one.",
    "It followed a day after a fire.",
    "Four died before the anniversary.",
    "In August, a crash there killed three.",
    "A flood in May 2011 killed seven.",
    "The blast of 1998 killed five.",
    "Last month two boys drowned.",
    "Years of fighting left 400 dead.",
    "Thirty have died this year.",
    "To date 14 have died.",
)
NEWS = (
    "A bomb killed two in Lamport on Monday.",
    "Two died when a wall fell.",
    "The ferry sank off Orel with nine on board.",
    "Police found three bodies in a van.",
)
CORRECTIONS = (
    "Officials revised the death toll to nine.",
    "They put the dead at 12, down from 15.",
    "Not 15 as first reported, officials said.",
    "The count was later lowered.",
    "The figure was cut from 5 to 4.",
    "One person had been counted twice.",
    "Three people, not two, were killed.",
    "Revising an earlier report, the army spoke of six.",
)


@pytest.mark.parametrize("sentence", BACKGROUND)
def test_what_a_sentence_tells_of_more_than_its_news_is_background(sentence: str) -> None:
    assert is_background(sentence)
    assert is_background(sentence.upper())


@pytest.mark.parametrize("text", CORRECTIONS)
def test_a_count_that_was_put_right_is_corrected(text: str) -> None:
    assert corrects(text)
    assert corrects(text.upper())


@pytest.mark.parametrize("sentence", NEWS)
def test_news_is_neither(sentence: str) -> None:
    assert not is_background(sentence)
    assert not corrects(sentence)
