"""A passage in another script is read by its own language's reader, and everything else as before."""

from __future__ import annotations

import re
import time
from itertools import product

import pytest

from stream_app.core.events import Article, Passage, Tagged
from stream_app.core.language.document import Document
from stream_app.core.language.passages import passages
from stream_app.core.languages.detection import detector
from stream_app.core.languages.readers import casualty_readers, language_tagger
from stream_app.core.tagging import tag

TAGGERS = (language_tagger(), casualty_readers())
DETECT = detector()


def told(text: str, title: str | None = None) -> Tagged:
    return tag(Article(id="1", title=title, text=text), TAGGERS)


def found(text: str) -> list[tuple[str, str]]:
    """The passages of a text: their language and their words."""
    return [(one.found.language, text[one.start : one.end]) for one in _passages(text)]


def _passages(text: str) -> tuple[Passage, ...]:
    return passages(Document(Article(id="1", text=text)), text, DETECT, DETECT(text))


def figures(tagged: Tagged) -> list[tuple[str, int, str]]:
    return [(one.kind, one.low, one.text) for one in tagged.casualties]


def test_a_quotation_in_another_script_is_read_by_its_own_reader() -> None:
    text = (
        'The health ministry in Gaza said in a statement: "قتل 14 شخصا وأصيب 30 آخرون في غارة جوية على خان يونس." '
        "The army said that it was looking into the report."
    )
    tagged = told(text)
    assert figures(tagged) == [("killed", 14, "14 شخصا"), ("injured", 30, "30 آخرون")]
    assert all(text[one.start : one.end] == one.text for one in tagged.casualties)
    assert tagged.language_found is not None
    assert tagged.language_found.language == "en"


def test_a_paragraph_that_says_it_again_is_not_counted_again() -> None:
    tagged = told(
        "A drone hit a market in Kramatorsk on Friday and killed five people, the mayor said. Rescue work went on into "
        "the night, and the market will stay closed for a week.\n\nВ результате удара беспилотника по рынку погибли 5 "
        "человек, ещё 17 получили ранения, сообщил мэр."
    )
    assert [one.low for one in tagged.casualties if one.kind == "killed"] == [5, 5]
    assert [one.in_toll for one in tagged.casualties if one.kind == "killed"] == [True, False]
    assert {kind: bounds.low for kind, bounds in tagged.toll.items()} == {"killed": 5, "injured": 17}


def test_where_the_parts_disagree_the_article_s_own_language_has_the_word() -> None:
    tagged = told(
        "Nine people were killed when a bus left the road near Osh on Tuesday, the police said, correcting what had been "
        "reported in the morning. The driver is among the dead.\n\n«Погибли 7 человек, ещё 12 получили ранения», "
        "говорилось в первом сообщении полиции."
    )
    assert tagged.toll["killed"].low == 9


@pytest.mark.parametrize(
    "text",
    [
        "Самолёт Boeing 737 MAX компании Southwest Airlines Flight Operations упал, погибли 67 человек, сообщает Reuters.",
        "Ahmed (أحمد محمود علي) said that 12 people died in Mosul.",
        "The paper Коммерсантъ wrote on Monday that six people were killed.",
        "At the café in Zürich — “Größe” — nobody was hurt, the señora said.",
        "قتل 12 شخصا في غارة نفذتها طائرة من طراز F-16 تابعة لشركة Lockheed Martin وفق وكالة Reuters.",
    ],
)
def test_names_of_another_script_are_no_passage(text: str) -> None:
    assert found(text) == []


def test_an_article_between_names_goes_on() -> None:
    text = (
        "Officials gave no number. قالت وكالة Reuters إن 12 شخصا قتلوا في غارة نفذتها طائرة F-16 على حي سكني في المدينة. The "
        "army gave no comment on what had been said of the raid."
    )
    assert [words for _, words in found(text)] == [text[text.index("قالت") : text.index(" The army")]]


@pytest.mark.parametrize(
    ("text", "at_its_end"),
    [
        (
            "Полиция сообщила о взрыве в центре города, погибли 12. The mayor said that he would speak later today.",
            "12.",
        ),
        (
            "Полиция сообщила о взрыве в центре города, погибли 1,200. The mayor said he would speak later in the day.",
            "1,200.",
        ),
        (
            "Полиция сообщила о взрыве в центре города. 12 people were killed, the mayor said on the same evening.",
            "города.",
        ),
        (
            "Полиция сообщила о взрыве в центре города\n12 people were killed, the mayor said on the same evening.",
            "города\n",
        ),
    ],
)
def test_a_number_goes_with_the_side_that_no_mark_parts_it_from(text: str, at_its_end: str) -> None:
    cyrillic = next((words for language, words in found(text) if language == "ru"), None)
    latin = next((words for language, words in found(text) if language == "en"), None)
    assert (cyrillic is None) != (latin is None)
    assert (
        cyrillic.endswith(at_its_end) if cyrillic else text[: text.index(latin or "")].rstrip(" ").endswith(at_its_end)
    )


def test_a_number_between_the_scripts_is_told_once_at_most() -> None:
    before, after = (
        "Об этом сообщила полиция города, погибли",
        "people were killed in the centre, the mayor said later.",
    )
    for number, gap in product(
        ("12", "1,200"), (" {} ", " {}. ", ". {} ", ": {} ", " — {} ", " {} — ", '" {} ', ' {}" ')
    ):
        tagged = told(before + gap.format(number) + after)
        assert len([one for one in tagged.casualties if number in one.text]) <= 1, gap


def test_a_passage_that_nobody_reads_is_rejected_and_the_rest_is_read() -> None:
    text = (
        "Five people died in a fire in a block of flats in Paris on Sunday, the police said; how it began is not known. "
        "据新华社报道,巴黎一栋公寓楼发生火灾,造成五人死亡,另有十二人受伤送往医院,警方正在调查起火原因。"
    )
    tagged = told(text)
    assert figures(tagged) == [("killed", 5, "Five people")]
    assert [row.text[:4] for row in tagged.rejected if row.reason == "language"] == ["据新华社"]


def test_a_title_in_another_script_is_a_passage() -> None:
    tagged = told(
        "Twelve people were killed when a shell hit a market in the town, officials said on Monday.",
        title="Загинули дванадцять людей, обстріляно ринок у місті",
    )
    assert figures(tagged) == [("killed", 12, "дванадцять людей"), ("killed", 12, "Twelve people")]
    assert tagged.toll["killed"].low == 12


def test_passages_are_in_order_apart_and_within_their_text() -> None:
    parts = (
        "The mayor said that nobody had been hurt in it. ",
        "Погибли 5 человек, сообщила полиция города. ",
        "قتل 14 شخصا وأصيب 30 آخرون في غارة جوية. ",
        "Δύο άνθρωποι σκοτώθηκαν από την έκρηξη. ",
        '"Погибли 5 человек, сообщила полиция города"',
        "«قتل 14 شخصا وأصيب 30 آخرون في غارة جوية»",
    )
    for chosen in product(parts, repeat=3):
        text = "".join(chosen)
        ends = 0
        for one in _passages(text):
            assert ends <= one.start < one.end <= len(text)
            ends = one.end


@pytest.mark.parametrize("piece", ["а1", "aж ", "а ", "жaا", "а.a", "قa\n", "ж" + "9" * 50, "abcdefж"])
def test_scripts_that_change_all_the_time_take_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        begin = time.process_time()
        _passages(text)
        return time.process_time() - begin

    assert seconds(100_000) < 0.5


def test_all_but_the_kept_parts_of_a_document_is_blank_and_in_its_place() -> None:
    document = Document(Article(id="1", title="Quake in Нарын", text="Two died.\nПогибли двое."))
    kept = document.with_only([("text", 10, 23)])
    assert kept.plain.text == "         \nПогибли двое."
    assert re.fullmatch(" +", kept.plain.title or "")
