"""The matcher over time: redelivery, revisions, footers, the window, its bound, and coming back."""

from __future__ import annotations

import random

import pytest

from stream_app.core.dedup import Judgement, Matcher
from stream_app.core.dedup.index import KeyIndex
from stream_app.core.dedup.signature import sign
from stream_app.core.events import Article
from tests.builders import prose

HOUR_S = 3600.0
SYLLABLES = ("ba", "ket", "lo", "min", "dra", "vos", "el", "tur")


def text_of(seed: int, words: int = 120) -> str:
    return prose(random.Random(seed), words)


def judge(matcher: Matcher, article_id: str, text: str, at_s: float = 0.0, title: str | None = None) -> Judgement:
    article = Article(id=article_id, text=text, title=title)
    return matcher.judge(article, sign(article), at_s)


def matcher_of(*texts: str, **limits: float) -> Matcher:
    matcher = Matcher(max_rows=int(limits.pop("max_rows", 1000)), **limits)
    for number, text in enumerate(texts):
        judge(matcher, f"a{number}", text)
    return matcher


def test_redelivered_article_is_not_its_own_duplicate() -> None:
    matcher = matcher_of(text_of(1))
    again = judge(matcher, "a0", text_of(1))
    assert again.duplicate.verdict == "unique"
    assert again.row is None
    assert len(matcher) == 1


def test_redelivered_copy_keeps_its_verdict() -> None:
    matcher = matcher_of(text_of(1), text_of(1))
    assert judge(matcher, "a1", text_of(1)).duplicate.of == "a0"


def test_same_id_with_new_content_is_a_revision_and_redelivery_of_either_keeps_its_verdict() -> None:
    matcher = matcher_of("Twelve people were killed in Osk on Monday, the mayor said.")
    second = judge(matcher, "a0", "Fourteen people were killed in Osk on Monday, the mayor said.")
    assert (second.duplicate.verdict, second.duplicate.of) == ("revision", "a0")
    assert [(c.old, c.new) for c in second.duplicate.changes] == [("Twelve", "Fourteen")]
    assert judge(matcher, "a0", "Twelve people were killed in Osk on Monday, the mayor said.").row is None
    assert len(matcher) == 1


def test_copy_of_a_copy_is_a_copy_of_the_head() -> None:
    matcher = matcher_of(text_of(1), text_of(1), text_of(1))
    duplicate = judge(matcher, "late", text_of(1)).duplicate
    assert (duplicate.verdict, duplicate.of) == ("exact", "a0")


def test_copy_of_a_revision_is_a_copy_of_the_revision() -> None:
    first = text_of(1) + " At least 12 people were killed in the blast."
    second = text_of(1) + " At least 19 people were killed in the blast."
    matcher = matcher_of(first, second)
    duplicate = judge(matcher, "copy", second).duplicate
    assert (duplicate.verdict, duplicate.of) == ("exact", "a1")


def test_copy_of_a_changed_copy_is_compared_with_the_article_that_was_passed_on() -> None:
    words = text_of(1).split()
    first, second = words[:], words[:]
    first[40] = second[40] = "otherwise"
    second[80] = "elsewhere"
    matcher = matcher_of(*(" ".join(text) for text in (words, first)))
    duplicate = judge(matcher, "a2", " ".join(second)).duplicate
    assert (duplicate.verdict, duplicate.of) == ("near", "a0")
    assert duplicate.similarity == pytest.approx(1 - 2 / len(words), abs=0.001)


def test_same_words_win_over_an_almost_equal_copy() -> None:
    text = text_of(1)
    matcher = matcher_of(text, text.replace(text.split()[50], "otherwise"), text.replace(text.split()[60], "elsewhere"))
    assert judge(matcher, "copy", text).duplicate.verdict == "exact"


def test_cluster_is_named_after_its_head() -> None:
    matcher = matcher_of(text_of(1), text_of(2))
    copies = [judge(matcher, f"copy{n}", text_of(n)).duplicate.cluster_id for n in (1, 2)]
    heads = [judge(matcher, f"a{n}", text_of(n + 1)).duplicate.cluster_id for n in (0, 1)]
    assert copies == heads
    assert copies[0] != copies[1]


def test_line_seen_in_three_stories_is_left_out() -> None:
    footer = " ".join(prose(random.Random(9), 60).split("."))
    matcher = matcher_of(*(f"{text_of(n, 40)}\n{footer}" for n in range(3)))
    copy = judge(matcher, "copy", text_of(0, 40)).duplicate
    assert (copy.verdict, copy.of) == ("exact", "a0") or copy.similarity == 1.0
    assert judge(matcher, "other", f"{text_of(7, 40)}\n{footer}").duplicate.verdict == "unique"


def test_article_inside_a_digest_that_adds_to_it_is_passed_on_as_a_revision() -> None:
    matcher = matcher_of(text_of(1))
    duplicate = judge(matcher, "digest", f"{text_of(1)}\n{text_of(2)}").duplicate
    assert (duplicate.verdict, duplicate.of) == ("revision", "a0")


def test_copy_is_found_up_to_the_end_of_the_window() -> None:
    matcher = matcher_of(text_of(1), window_s=10 * HOUR_S)
    assert judge(matcher, "in", text_of(1), 10 * HOUR_S).duplicate.verdict == "exact"
    other = matcher_of(text_of(1), window_s=10 * HOUR_S)
    assert judge(other, "out", text_of(1), 10 * HOUR_S + 1).duplicate.verdict == "unique"


def test_rows_of_hours_that_left_the_window_expire() -> None:
    matcher = matcher_of(text_of(1), text_of(2), window_s=10 * HOUR_S)
    assert set(judge(matcher, "new", text_of(3), 12 * HOUR_S).expired) == {"a0", "a1"}
    assert len(matcher) == 1


def test_late_article_is_judged_and_not_kept() -> None:
    matcher = matcher_of(text_of(1), window_s=10 * HOUR_S)
    judge(matcher, "new", text_of(2), 9 * HOUR_S)
    judge(matcher, "newer", text_of(3), 15 * HOUR_S)
    late = judge(matcher, "late", text_of(2), 4 * HOUR_S)
    assert late.duplicate.verdict == "exact"
    assert late.row is None
    assert matcher.late_total == 1


def test_publication_time_far_ahead_of_the_record_is_not_believed() -> None:
    matcher = matcher_of(text_of(1), window_s=10 * HOUR_S)
    article = Article(id="odd", text=text_of(2), published_at="2099-01-01T00:00:00Z")
    assert matcher.judge(article, sign(article), 60.0).expired == ()


def test_publication_time_stands_before_the_time_of_receipt() -> None:
    matcher = Matcher(window_s=10 * HOUR_S, max_rows=10)
    old = Article(id="old", text=text_of(1), published_at="1970-01-01T00:00:00Z")
    matcher.judge(old, sign(old), 20 * HOUR_S)
    assert judge(matcher, "new", text_of(1), 20 * HOUR_S).duplicate.verdict == "unique"


def test_oldest_go_first_when_there_are_too_many() -> None:
    matcher = Matcher(max_rows=2)
    for number, at_s in enumerate((300.0, 100.0, 200.0, 400.0)):
        expired = judge(matcher, f"a{number}", text_of(number), at_s).expired
        assert expired == {2: ("a1",), 3: ("a2",)}.get(number, ())
    assert (len(matcher), matcher.evicted_total) == (2, 2)


def test_oldest_go_first_whatever_order_they_come_in() -> None:
    times = [float(at) for at in random.Random(5).sample(range(3 * 3600), 60)]
    matcher = Matcher(max_rows=20)
    resident: dict[str, float] = {}
    for number, at_s in enumerate(times):
        resident[f"a{number}"] = at_s
        expired = judge(matcher, f"a{number}", text_of(number, 20), at_s).expired
        assert expired == ((min(resident, key=resident.__getitem__),) if number >= 20 else ())
        for article_id in expired:
            del resident[article_id]


def test_forgotten_article_is_unknown() -> None:
    matcher = matcher_of(text_of(1))
    matcher.forget("a0")
    matcher.forget("never seen")
    assert len(matcher) == 0
    assert judge(matcher, "a1", text_of(1)).duplicate.verdict == "unique"


def test_later_row_of_an_id_replaces_the_earlier_when_restored() -> None:
    source = Matcher(max_rows=10)
    rows = [judge(source, "a", text).row for text in (text_of(1), text_of(2))]
    matcher = Matcher(max_rows=10)
    for row in rows:
        assert row is not None
        matcher.restore("a", row)
    assert len(matcher) == 1
    assert judge(matcher, "b", text_of(2)).duplicate.of == "a"
    assert judge(matcher, "c", text_of(1)).duplicate.verdict == "unique"


def test_row_of_another_version_is_refused() -> None:
    row = judge(Matcher(max_rows=10), "a", text_of(1)).row
    assert row is not None
    with pytest.raises(ValueError, match="row version 99"):
        Matcher(max_rows=10).restore("a", b"\x63" + row[1:])


def test_memory_held_is_counted() -> None:
    matcher = Matcher(max_rows=10)
    empty = matcher.bytes
    judge(matcher, "a", text_of(1))
    assert matcher.bytes > empty


@pytest.mark.parametrize("key", [0, 1, 2**32 - 1])
def test_index_finds_a_slot_by_any_key(key: int) -> None:
    index = KeyIndex(2)
    index.add(3, [key, 7])
    assert list(index.find(key, 5)) == [3]
    index.remove(3)
    assert not list(index.find(key, 5))


def test_index_gives_the_newest_first_and_no_more_than_asked() -> None:
    index = KeyIndex(1)
    for slot in range(50):
        index.add(slot, [5])
    assert list(index.find(5, 3)) == [49, 48, 47]
