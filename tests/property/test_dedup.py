"""Laws of duplicate search: it depends on what was seen and when, not on repeats, restarts or the order of rows."""

from __future__ import annotations

import random
import re
from dataclasses import asdict

from hypothesis import given, settings
from hypothesis import strategies as st

from stream_app.core.dedup import Matcher
from stream_app.core.dedup.index import KeyIndex
from stream_app.core.dedup.rows import Row
from stream_app.core.dedup.signature import Signature, sign
from stream_app.core.dedup.words import read
from stream_app.core.events import Article, Duplicate
from stream_app.core.poison import PoisonError
from tests.builders import prose

HOUR_S = 3600
FOOTER = "Our reading room in the old customs house is open to members every day of the week"
Stream = list[tuple[Article, float]]


@st.composite
def articles(draw: st.DrawFn, number: int) -> tuple[Article, float]:
    """An article of one of four stories, as it is, with another toll, cut, or with a footer; ids may come again."""
    words = prose(random.Random(draw(st.integers(0, 3))), 60)
    toll = draw(st.integers(1, 3))
    text = f"{words} At least {toll}4 people were killed in the blast at the harbour, officials said."
    text = text[: len(text) // draw(st.sampled_from((1, 1, 2)))] + draw(st.sampled_from(("", "", f"\n{FOOTER}.")))
    article_id = draw(st.sampled_from((f"n{number}", f"n{number}", "again")))
    title, source = draw(st.sampled_from((None, "Blast"))), draw(st.sampled_from((None, "one.example", "two.example")))
    return Article(id=article_id, text=text, title=title, source=source), draw(st.integers(0, 40))


@st.composite
def streams(draw: st.DrawFn) -> Stream:
    """Up to twelve articles; times move on, with some disorder."""
    drawn = [draw(articles(number)) for number in range(draw(st.integers(1, 12)))]
    return [(article, (5.0 * number + hour) * HOUR_S) for number, (article, hour) in enumerate(drawn)]


def run(matcher: Matcher, stream: Stream, rows: dict[str, bytes] | None = None) -> list[Duplicate]:
    verdicts = []
    for article, at_s in stream:
        judgement = matcher.judge(article, sign(article), at_s)
        verdicts.append(judgement.duplicate)
        for key, row in judgement.rows if rows is not None else ():
            _keep(rows, key, row)  # type: ignore[arg-type]
    return verdicts


def _keep(rows: dict[str, bytes], key: str, row: bytes | None) -> None:
    if row is None:
        del rows[key]
    else:
        rows[key] = row


def matcher() -> Matcher:
    return Matcher(window_s=30 * HOUR_S, max_rows=8)


NUMBER = r"\d+(?:[.,]\d+)*"
TOKEN = re.compile(rf"[^\W\d_]+(?:{NUMBER})?|{NUMBER}")


@given(st.lists(st.text("ab\u00c9\u0416 _-.,!\n1\u0663") | st.text("a.,19") | st.text()).map("".join))
def test_words_are_those_that_a_regular_expression_finds(text: str) -> None:
    text = re.sub(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff\U00020000-\U0010ffff]", "", text)
    assert len(read(text)) == len(TOKEN.findall(text))


@given(streams())
@settings(max_examples=60, deadline=None)
def test_redelivery_of_the_last_article_changes_nothing(stream: Stream) -> None:
    state = matcher()
    verdicts = run(state, stream)
    size = len(state)
    assert run(state, stream[-1:]) == verdicts[-1:]
    assert len(state) == size


@given(streams(), st.integers(0, 12), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_restored_matcher_judges_like_an_undisturbed_one(stream: Stream, cut: int, order: random.Random) -> None:
    undisturbed, rows = matcher(), dict[str, bytes]()
    run(undisturbed, stream[:cut], rows)
    restored = matcher()
    shuffled = list(rows.items())
    order.shuffle(shuffled)
    for article_id, row in shuffled:
        restored.restore(article_id, row)
    assert len(restored) == len(undisturbed)
    after_restart, after = dict[str, bytes](), dict[str, bytes]()
    assert run(restored, stream[cut:], after_restart | rows) == run(undisturbed, stream[cut:], after | rows)


@given(streams())
@settings(max_examples=40, deadline=None)
def test_exact_copy_of_a_resident_article_is_exact_and_in_its_cluster(stream: Stream) -> None:
    state = matcher()
    verdicts = run(state, stream)
    article, at_s = stream[-1]
    resident = sum(other.id == article.id for other, _ in stream) == 1
    if resident and verdicts[-1].verdict == "unique" and at_s == max(at for _, at in stream):
        copy = Article(id="copy", text=article.text, title=article.title)
        duplicate = state.judge(copy, sign(copy), at_s).duplicate
        assert (duplicate.verdict, duplicate.cluster_id) == ("exact", verdicts[-1].cluster_id)


@given(streams())
@settings(max_examples=40, deadline=None)
def test_what_is_repeated_was_passed_on_before(stream: Stream) -> None:
    passed_on: set[str] = set()
    state = matcher()
    for article, at_s in stream:
        judgement = state.judge(article, sign(article), at_s)
        duplicate = judgement.duplicate
        assert duplicate.of is None or duplicate.of in passed_on
        if duplicate.verdict in ("unique", "revision"):
            passed_on.add(judgement.article_id)


@given(streams())
@settings(max_examples=30, deadline=None)
def test_row_gives_back_what_it_was_made_of(stream: Stream) -> None:
    rows: dict[str, bytes] = {}
    run(matcher(), stream, rows)
    for packed in rows.values():
        row = Row.from_bytes(packed)
        assert row.to_bytes() == packed
        assert Row.outline_of(packed).keys == row.signature.query_keys().tolist()


@given(st.text(max_size=400), st.none() | st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_has_a_signature_that_survives_the_wire(text: str, title: str | None) -> None:
    signature = sign(Article(id="a", text=text, title=title))
    assert asdict(Signature.from_wire(signature.to_wire())) == asdict(signature)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=60))
@settings(max_examples=100, deadline=None)
def test_rebuilt_index_finds_what_the_grown_one_finds(steps: list[tuple[bool, int]]) -> None:
    import numpy as np

    index, live = KeyIndex(2), list[int]()
    for slot, (drop, key) in enumerate(steps):
        index.add(slot, [key, key + 1])
        live.append(slot)
        if drop:
            index.remove(live.pop(len(live) // 2))
    before = [list(index.find(key, 100)) for key in range(8)]
    index.rebuild(np.array(live, np.int64))
    assert [list(index.find(key, 100)) for key in range(8)] == before


STORY = prose(random.Random(5), 60)
Telling = tuple[str | None, str, str, int, bool]
"""A source, the id that it uses, the number of dead, the hour that it says, and whether it takes the story back."""


def tellings() -> st.SearchStrategy[list[Telling]]:
    """Versions of one story by three sources and by nobody, under two ids, with any dates, in any order."""
    sources = st.sampled_from(("one.example", "two.example", "three.example", None))
    one = st.tuples(
        sources, st.sampled_from("xy"), st.sampled_from(("no", "1", "12")), st.integers(0, 9), st.booleans()
    )
    return st.lists(one, min_size=2, max_size=10)


@given(tellings(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_source_moves_what_another_has_told(told: list[Telling], once: bool) -> None:  # noqa: FBT001
    state, owner = Matcher(once=once), dict[str, str | None]()
    for number, (source, name, dead, hour, withdrawn) in enumerate(told):
        text = f"{STORY} The blast at the harbour killed {dead} people, officials said."
        published_at = None if hour == 9 else f"2022-03-01T{hour:02}:00:00Z"
        metadata = {"withdrawn": True} if withdrawn else {}
        article = Article(id=name, text=text, source=source, published_at=published_at, metadata=metadata)
        try:
            judgement = state.judge(article, sign(article), 1.7e9 + number)
        except PoisonError:
            assert withdrawn
            continue
        duplicate = judgement.duplicate
        if duplicate.verdict == "unique":
            owner.setdefault(judgement.article_id, source)
        if duplicate.verdict == "revision":
            assert source is not None
            assert owner[duplicate.of or ""] == source
            assert owner.setdefault(judgement.article_id, source) == source
        if withdrawn:
            assert duplicate.verdict in ("revision", "exact", "near")
