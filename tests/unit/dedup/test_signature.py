"""What two texts of the same words have in common, and what a signature leaves out."""

from __future__ import annotations

import pytest

from stream_app.core.dedup.furniture import is_boilerplate, is_cut, story
from stream_app.core.dedup.scripts import spelled_out
from stream_app.core.dedup.signature import KEYS, MAX_WORDS, QUERY_KEYS, Signature, sign
from stream_app.core.dedup.wording import Wording
from stream_app.core.dedup.words import HARM_KINDS, KINDS_OF_HARM, read
from stream_app.core.events import Article
from stream_app.core.language.tables import every

STORY = (
    "Flood water reached the old market of Anselm on Tuesday and drove 1,200 people from their homes. "
    "Three children are missing, the mayor said, and boats are searching the river below the mill."
)


def signed(text: str, title: str | None = None) -> Signature:
    return sign(Article(id="a", text=text, title=title))


@pytest.mark.parametrize(
    "same",
    [
        STORY.upper(),
        STORY.replace(" ", "   "),
        STORY.replace(" ", "\u00a0"),
        STORY.replace(". ", "\u2026 "),
        f"<p>{STORY}</p>",
        STORY.replace("1,200", "1200"),
        STORY.replace("Three", "3"),
        STORY.replace("market", "mar\u00adket").replace("river", "ri\u200bver"),
        f"By Lena Moss | The Daily\n{STORY}\nShare this:\nAll rights reserved.",
    ],
)
def test_same_words_have_the_same_exact_hash(same: str) -> None:
    assert signed(same).exact == signed(STORY).exact


def test_another_number_gives_another_exact_hash() -> None:
    assert signed(STORY.replace("1,200", "1,300")).exact != signed(STORY).exact


def test_content_hash_sees_title_and_spelling() -> None:
    assert signed(STORY, "Flood").content != signed(STORY).content
    assert signed(STORY.upper()).content != signed(STORY).content


def test_wire_form_gives_the_signature_back() -> None:
    signature = signed(STORY, "Anselm: 3 missing")
    assert Signature.from_wire(signature.to_wire()) == signature


@pytest.mark.parametrize("wrong", ["", "AAAA", "not base64!", "/w" + "A" * 80])
def test_something_else_is_no_signature(wrong: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Signature.from_wire(wrong)


@pytest.mark.parametrize("text", [".", "one", "one two", "\u200b", "???"])
def test_text_of_few_words_has_a_signature(text: str) -> None:
    signature = signed(text)
    assert Signature.from_bytes(signature.to_bytes()) == signature


def test_row_keeps_the_keys_it_is_found_by() -> None:
    signature = signed(" ".join(f"word{n}" for n in range(300)))
    assert len(signature.keys) == 4 * QUERY_KEYS
    assert Signature.from_bytes(signature.to_bytes(KEYS)).keys == signature.keys[: 4 * KEYS]


def test_very_long_text_is_compared_up_to_a_bound() -> None:
    assert len(signed(" ".join(f"w{n}" for n in range(MAX_WORDS + 500))).body) == MAX_WORDS


def test_line_in_leave_out_is_no_part_of_the_wording() -> None:
    footer = "Visit our shop in the harbour quarter for books, maps and prints of the region, open every day."
    article = Article(id="a", text=f"{STORY}\n{footer}")
    line = Wording(sign(article)).signature.lines[-8:-4]
    assert sign(article, frozenset({int.from_bytes(line, "little")})).exact == signed(STORY).exact


def test_numbers_near_words_of_harm_are_marked() -> None:
    wording = Wording(signed("The price rose to 40 euros at the market of the town in May. Seven people were killed."))
    assert dict(zip(wording.texts, wording.harm.tolist(), strict=True)) == {"40": False, "Seven": True}


def test_words_after_a_line_left_out_keep_their_numbers_and_harm() -> None:
    header = "Read our 12 best stories of the floods that killed hundreds, on page 7 of the paper of today."
    article = Article(id="a", text=f"{header}\n{STORY}\nBoats are on the river.")
    short = sign(article, frozenset(sign(article).line_hashes()[:1]))
    alone = signed(f"{STORY}\nBoats are on the river.")
    assert (short.body, short.places, short.harm, short.texts) == (alone.body, alone.places, alone.harm, alone.texts)


@pytest.mark.parametrize(
    "word", ["killed", "Desaparecidos", "TU\u00c9S", "bodies", "\u043f\u043e\u0433\u0438\u0431\u043b\u0438"]
)
def test_word_of_harm_is_found(word: str) -> None:
    assert read(f"so {word}, it").harm == [1]


@pytest.mark.parametrize("word", ["bodily", "tolling", "diet", "kilometre"])
def test_word_that_begins_like_one_of_harm_is_none(word: str) -> None:
    assert read(f"so {word}, it").harm == []


def test_scripts_without_spaces_give_a_word_a_sign() -> None:
    assert len(read("地震で3人死亡")) == 7


@pytest.mark.parametrize(("one", "other"), [("Twelve", "12"), ("1,200", "1200"), ("nil", "0"), ("ÉTÉ", "été")])
def test_spellings_of_a_word_are_one_word(one: str, other: str) -> None:
    assert read(f"so {one} it").hashes.tolist() == read(f"so {other} it").hashes.tolist()


def test_words_beyond_the_usual_length_of_a_text_hash_alike() -> None:
    assert len(set(read("flood " * 5000).hashes.tolist())) == 1


def test_name_with_a_number_is_no_number() -> None:
    assert read("Flight MH17 and the G7").texts == []


@pytest.mark.parametrize(
    "line",
    ["Published 14 May 2031", "Ann Lee, Valley News Staff Writer", "CITY DESK, May 13 (Valley News) —", "Source link"],
)
def test_page_furniture_is_told_by_its_wording(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize("line", ["Twelve dead", "Net 3 mln vs 2 mln", "He died.", "Police said that a boy was hurt."])
def test_short_lines_with_a_message_are_kept(line: str) -> None:
    assert not is_boilerplate(line)


def test_headline_above_the_text_is_no_part_of_the_story() -> None:
    assert story(f"Flood in Anselm\n{STORY}", "Flood hits Anselm") == STORY


def test_long_line_that_is_no_headline_is_part_of_the_story() -> None:
    text = f"Flood in Anselm. {STORY} {STORY}\n{STORY}"
    assert story(text, "Flood hits Anselm") == text


def test_headline_in_a_line_of_many_repeated_words_is_no_part_of_the_story() -> None:
    assert story(f"{'Flood in Anselm ' * 40}\n{STORY}", "Flood hits Anselm") == STORY


def test_text_that_is_all_furniture_is_kept() -> None:
    assert story("Advertisement\nSource link", None) == "Advertisement\nSource link"


@pytest.mark.parametrize(("text", "cut"), [("It rained. (AFP)", False), ("He said", True), ("Rain fell...", True)])
def test_text_that_breaks_off_is_cut(text: str, cut: bool) -> None:  # noqa: FBT001
    assert is_cut(text) is cut


@pytest.mark.parametrize(
    "reference", ["&#" + "9" * 5000 + ";", "&#" + "0" * 5000 + "65;", "&#x" + "9" * 5000, "&#x;&#;&"]
)
def test_a_reference_to_no_character_is_read_as_one(reference: str) -> None:
    assert len(sign(Article(id="a", text=f"Two people died. {reference}")).body) >= 3


@pytest.mark.parametrize("kind", KINDS_OF_HARM)
def test_a_word_of_one_kind_of_harm_is_a_word_of_harm(kind: str) -> None:
    listed = [word for table in every("copies").values() for word in table.get(kind, "").split()]
    assert listed
    assert [word for word in listed if len(read(spelled_out(word)).harm) != 1] == []


@pytest.mark.parametrize(
    "alike",
    [
        "killed killing dead deaths died perished getötet muertos tués погибли öldü",
        "injured injuries wounded hurt verletzt heridos",
        "missing vermisst",
        "displaced evacuated homeless",
    ],
)
def test_the_usual_words_of_a_kind_are_told_from_those_of_another(alike: str) -> None:
    assert len({HARM_KINDS[int(value)] for value in read(alike).hashes}) == 1
