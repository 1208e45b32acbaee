"""Every case in tests/cases/casualties that is in a language with a word pack, read by that language's reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from stream_app.core.casualties.free.pack import Pack, PackError
from stream_app.core.events import Article, Tagged
from stream_app.core.language import limits
from stream_app.core.language.document import Document, Sentence
from stream_app.core.languages.readers import PACKS, pack_reader
from tests import builders


def cases(expects: str | None) -> list[Any]:
    """The cases of all languages that say what is expected; without that they are traps."""
    return [
        pytest.param(file, case, id=f"{file}-{case['id']}")
        for file, case in builders.cases("casualties")
        if file in PACKS and next((name for name in ("figures", "told", "toll") if name in case), None) == expects
    ]


def tagged(language: str, text: str, title: str | None = None) -> Tagged:
    article = Article(id="case", title=title, text=text, published_at="2022-03-01T00:00:00Z")
    return pack_reader(language)(Document(article), Tagged())


@pytest.mark.parametrize(("language", "case"), cases("figures"))
def test_figures_are_those_of_the_case_and_no_others(language: str, case: Mapping[str, Any]) -> None:
    found = tagged(language, case["text"], case.get("title")).casualties
    told = [
        {name: getattr(figure, name) for name in expected}
        for figure, expected in zip(found, case["figures"], strict=False)
    ]
    assert told == case["figures"]
    assert len(found) == len(case["figures"])


@pytest.mark.parametrize(("language", "case"), cases("told"))
def test_figures_told_as_facts_are_those_of_the_case(language: str, case: Mapping[str, Any]) -> None:
    """What is told as a fact, in any order; a part, or who did it, `may` be among them."""
    facts = [f for f in tagged(language, case["text"]).casualties if f.assertion in {"actual", "historical"}]
    found = Counter((f.kind, f.low, f.high) for f in facts)
    wanted, optional = (
        Counter((row["kind"], row["low"], row["high"]) for row in case.get(name, ())) for name in ("told", "may")
    )
    assert wanted - found == Counter()
    assert found - wanted - optional == Counter()


@pytest.mark.parametrize(("language", "case"), cases(None))
def test_a_trap_gives_no_figure_that_is_told_as_a_fact(language: str, case: Mapping[str, Any]) -> None:
    found = tagged(language, case["text"], case.get("title")).casualties
    optional = [(row["kind"], row["low"], row["high"]) for row in case.get("may", ())]
    facts = [f for f in found if f.assertion in {"actual", "historical"}]
    assert [f.text for f in facts if (f.kind, f.low, f.high) not in optional] == []


@pytest.mark.parametrize(("language", "case"), cases("toll"))
def test_the_toll_is_that_of_the_case(language: str, case: Mapping[str, Any]) -> None:
    toll = tagged(language, case["text"], case.get("title")).toll
    assert {kind: [bounds.low, bounds.high] for kind, bounds in toll.items()} == case["toll"]


@pytest.mark.parametrize("language", PACKS)
def test_spans_are_those_of_the_text_as_it_is(language: str) -> None:
    for file, case in builders.cases("casualties"):
        if file == language:
            document = Document(Article(id="case", text=case["text"]))
            for figure in document.as_sent(pack_reader(language)(document, Tagged())).casualties:
                assert case["text"][figure.start : figure.end] == figure.text


PLAIN = {
    "order": "free",
    "and": "i",
    "function": "w",
    "negation": "nie",
    "numbers": {},
    "people": {},
    "cues": {},
    "units": {},
}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"colours": "red"}, "unknown lists colours"),
        ({"order": "backwards"}, "unknown order backwards"),
        ({"cues": {"bored": {}}}, "unknown kinds bored"),
        ({"cues": {"killed": {"adverb": "x"}}}, "unknown roles adverb"),
        ({"units": {"smell": "x"}}, "unknown units smell"),
        ({"people": {"one": {"wizard": "x"}}}, "unknown classes wizard"),
        ({"numbers": {"vague": {"loads": "x"}}}, "unknown vague words loads"),
        ({"qualifiers": {"exactly": "x"}}, "unknown qualifiers exactly"),
        ({"and": "a__b"}, "empty word in and"),
    ],
)
def test_a_pack_that_nobody_could_read_is_refused(change: Mapping[str, Any], complaint: str) -> None:
    with pytest.raises(PackError, match=complaint):
        Pack("xx", {**PLAIN, **change})


def test_a_pack_without_a_needed_list_is_refused() -> None:
    with pytest.raises(PackError, match="no negation"):
        Pack("xx", {name: text for name, text in PLAIN.items() if name != "negation"})


def test_an_endless_sentence_is_read_as_far_as_its_article_may_have_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of 400 KB took twenty seconds when all of it was read and the most of it cut off."""
    tagger = pack_reader("tr")
    read: list[Sentence] = []
    each = tagger._sentence

    def counted(number: int, sentence: Sentence, *rest: Any, **more: Any) -> Any:
        read.append(sentence)
        return each(number, sentence, *rest, **more)

    monkeypatch.setattr(tagger, "_sentence", counted)
    document = Document(Article(id="1", text="5 kişi öldü ve " * 6_000))
    found = tagger(document, Tagged()).casualties
    assert len(found) == limits.most("casualties", document.characters)
    assert len(read) < 10


def test_an_endless_sentence_is_not_cut_inside_a_number() -> None:
    endless = "Вибух у місті " + "слово, " * 280
    told = {
        tuple(figure.low for figure in tagged("uk", f"{endless}{'а' * more}, загинули 1200 людей").casualties)
        for more in range(60)
    }
    assert told == {(), (1200,)}


def test_people_whose_name_reaches_over_others_at_the_end_are_read() -> None:
    assert [figure.text for figure in tagged("fr", "policiers Boulangère En Juge").casualties] == []
