"""The matcher over time: redelivery, revisions, footers, the window, its bound, and coming back."""

from __future__ import annotations

import random
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from stream_app.core.dedup import Judgement, Matcher
from stream_app.core.dedup.index import KeyIndex
from stream_app.core.dedup.signature import sign
from stream_app.core.events import Article
from stream_app.core.poison import PoisonError
from tests.builders import prose

HOUR_S = 3600.0
SYLLABLES = ("ba", "ket", "lo", "min", "dra", "vos", "el", "tur")


def text_of(seed: int, words: int = 120) -> str:
    return prose(random.Random(seed), words)


def judge(matcher: Matcher, article_id: str, text: str, at_s: float = 0.0, **fields: str | None) -> Judgement:
    article = Article(**{"id": article_id, "text": text, "source": "post.example", **fields})  # type: ignore[arg-type]
    return matcher.judge(article, sign(article), at_s)


def gone(judgement: Judgement) -> set[str]:
    return {key for key, row in judgement.rows if row is None}


def matcher_of(*texts: str, window_s: float = 72 * HOUR_S) -> Matcher:
    matcher = Matcher(window_s, max_rows=1000)
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
    assert len(matcher) == 2  # the version that is over has a row of its own


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


def test_copies_are_copies_whichever_of_two_footers_is_known_first() -> None:
    one, two = (" ".join(prose(random.Random(seed), 60).split(".")) for seed in (9, 10))
    matcher = matcher_of(*(f"{text_of(n, 40)}\n{one}" for n in range(3)), *(f"{text_of(n, 40)}\n{two}" for n in (3, 4)))
    story = f"{text_of(7, 40)}\n{one}\n{two}"
    assert judge(matcher, "story", story).duplicate.verdict == "unique"  # the first footer is known, the second is not
    judge(matcher, "another", f"{text_of(8, 40)}\n{two}")
    assert judge(matcher, "copy", story, source="other.example").duplicate.verdict == "exact"


def test_in_a_file_an_undated_copy_is_one_wherever_it_stands() -> None:
    for once, verdict in ((True, "exact"), (False, "unique")):
        matcher = Matcher(72 * HOUR_S, max_rows=100, once=once)
        judge(matcher, "story", text_of(1), 0.0, published_at="1970-01-01T00:00:00Z")
        changed = text_of(1) + " At least 12 people were killed."
        assert judge(matcher, "changed", changed, 500 * HOUR_S).duplicate.verdict == "unique"
        assert judge(matcher, "copy", text_of(1), 900 * HOUR_S).duplicate.verdict == verdict


def test_article_inside_a_digest_that_adds_to_it_is_passed_on_as_a_revision() -> None:
    matcher = matcher_of(text_of(1))
    duplicate = judge(matcher, "digest", f"{text_of(1)}\n{text_of(2)}").duplicate
    assert (duplicate.verdict, duplicate.of) == ("revision", "a0")


def test_copy_is_found_up_to_the_end_of_the_window() -> None:
    matcher = matcher_of(text_of(1), window_s=10 * HOUR_S)
    assert judge(matcher, "in", text_of(1), 10 * HOUR_S).duplicate.verdict == "exact"
    other = matcher_of(text_of(1), window_s=10 * HOUR_S)
    assert judge(other, "out", text_of(1), 10 * HOUR_S + 1).duplicate.verdict == "unique"


def test_a_late_article_is_found_among_those_of_its_time_and_counted() -> None:
    matcher = matcher_of(text_of(1), window_s=10 * HOUR_S)
    judge(matcher, "new", text_of(2), 50 * HOUR_S)
    late = judge(matcher, "late", text_of(1), 50 * HOUR_S, published_at="1970-01-01T01:00:00Z")
    assert late.duplicate.verdict == "unique"  # the first one has no time of its own, and came fifty hours before
    again = judge(matcher, "again", text_of(1), 51 * HOUR_S, published_at="1970-01-01T02:00:00Z")
    assert (again.duplicate.verdict, again.duplicate.of) == ("exact", "late")
    assert matcher.late_total == 2


def test_publication_time_far_ahead_of_the_record_is_not_believed() -> None:
    matcher = matcher_of(text_of(1), window_s=10 * HOUR_S)
    odd = judge(matcher, "odd", text_of(1), 60.0, published_at="2099-01-01T00:00:00Z")
    assert odd.duplicate.verdict == "exact"
    assert judge(matcher, "next", text_of(1), 120.0).duplicate.verdict == "exact"


def test_partitions_weeks_out_of_order_give_the_verdicts_of_one() -> None:
    day = "2022-03-{:02}T10:00:00Z".format
    stories = [(f"s{n}", text_of(n), day(n + 1)) for n in range(20)] + [
        (f"c{n}", text_of(n), day(n + 2)) for n in range(20)
    ]
    for order in (stories, stories[::-1], random.Random(3).sample(stories, 40)):
        matcher = Matcher(max_rows=100)
        verdicts = [judge(matcher, *story[:2], 2e9, published_at=story[2]).duplicate.verdict for story in order]
        assert verdicts.count("exact") == 20


def test_all_copies_of_sixty_days_are_found_whatever_partition_is_read_first() -> None:
    generator = random.Random(60)
    told = []
    for story in range(100):
        text, hour = text_of(story, 40), generator.randrange(60 * 24)
        told.append((f"s{story}", text, hour))
        told.extend((f"c{story}-{copy}", text, hour + generator.randrange(48)) for copy in range(6))
    undated, wrong_year = {f"c{story}-0" for story in range(10)}, "c50-0"
    matcher, clusters = Matcher(), dict[str, str]()
    for number, (name, text, hour) in enumerate(sorted(told, key=lambda one: zlib.crc32(one[0].encode()) % 8)):
        date = datetime(2202 if name == wrong_year else 2022, 3, 1, tzinfo=UTC) + timedelta(hours=hour)
        at = None if name in undated else date.isoformat()
        judgement = judge(matcher, name, text, 1.7e9 + number, source=f"{name}.example", published_at=at)
        clusters[name] = judgement.duplicate.cluster_id
    assert all(clusters[name] == clusters[name.replace("c", "s").partition("-")[0]] for name in clusters)
    assert len(set(clusters.values())) == 100


def test_a_copy_belongs_to_the_dated_original_before_a_copy_without_a_date_that_came_weeks_later() -> None:
    matcher = Matcher()
    original = judge(matcher, "story", text_of(1), 1.7e9, published_at="2022-03-01T10:00:00Z")
    judge(matcher, "undated", text_of(1), 1.7e9 + 30 * 24 * HOUR_S)
    judge(matcher, "other", text_of(2), 1.7e9 + 30 * 24 * HOUR_S)
    for number in range(3):
        late = judge(
            matcher, f"copy-{number}", text_of(1), 1.7e9 + 30 * 24 * HOUR_S, published_at=f"2022-03-02T1{number}:00:00Z"
        )
        assert (late.duplicate.of, late.duplicate.cluster_id) == ("story", original.duplicate.cluster_id)


def test_publication_time_stands_before_the_time_of_receipt() -> None:
    matcher = Matcher(window_s=10 * HOUR_S, max_rows=10)
    old = Article(id="old", text=text_of(1), published_at="1970-01-01T00:00:00Z")
    matcher.judge(old, sign(old), 20 * HOUR_S)
    told = "1970-01-01T20:00:00Z"
    assert judge(matcher, "new", text_of(1), 20 * HOUR_S, published_at=told).duplicate.verdict == "unique"
    assert judge(matcher, "undated", text_of(1), 20 * HOUR_S).duplicate.verdict == "exact"  # it came beside both


def test_those_that_came_first_go_first_whatever_their_dates_say() -> None:
    matcher = Matcher(max_rows=2)
    for number, year in enumerate((2022, 1922, 2021, 2020)):
        judgement = judge(matcher, f"a{number}", text_of(number), 1e9 + number, published_at=f"{year}-03-01T10:00:00Z")
        assert gone(judgement) == {2: {"a0"}, 3: {"a1"}}.get(number, set())
    assert (len(matcher), matcher.evicted_total) == (2, 2)


TWELVE = (
    "A blast at a mosque in Kabul killed 12 people and wounded 30 on Tuesday, police said. It struck at midday prayers."
)


def test_an_id_belongs_to_the_source_that_used_it_first() -> None:
    matcher = matcher_of()
    assert judge(matcher, "story", TWELVE).article_id == "story"
    other = judge(matcher, "story", "Nobody was hurt in Kabul on Tuesday, police said.", source="evil.example")
    assert (other.duplicate.verdict, other.article_id != "story") == ("unique", True)
    assert judge(matcher, "story", TWELVE.replace("12", "14")).duplicate.verdict == "revision"
    again = judge(matcher, "story", "Two were hurt in Kabul on Tuesday, police said.", source="www.evil.example")
    assert (again.duplicate.verdict, again.article_id) == ("revision", other.article_id)


def test_an_article_without_a_source_owns_its_id_against_nobody() -> None:
    matcher = matcher_of()
    judge(matcher, "story", TWELVE, source=None)
    assert judge(matcher, "story", TWELVE.replace("12", "14"), source=None).duplicate.verdict == "unique"
    assert judge(matcher, "story", TWELVE, source=None).row is None
    assert judge(matcher, "story", text_of(4)).article_id != "story"


def test_an_altered_copy_of_another_source_is_no_revision() -> None:
    matcher = matcher_of(TWELVE)
    altered = judge(matcher, "b", TWELVE.replace("12 people", "1 person"), source="evil.example").duplicate
    assert (altered.verdict, altered.of, altered.alters) == ("unique", None, "a0")
    assert altered.cluster_id == judge(matcher, "c", TWELVE).duplicate.cluster_id
    own = judge(matcher, "d", TWELVE.replace("12 people", "2 people"), source="evil.example").duplicate
    assert (own.verdict, own.of) == ("revision", "b")


@pytest.mark.parametrize(("source", "verdict"), [("daily.example", "near"), ("a.example", "revision")])
def test_what_only_leaves_words_out_is_a_copy_but_of_its_own_source(source: str, verdict: str) -> None:
    end = " The governor told reporters by telephone that roads in the valley would stay closed until the end of the week."
    matcher = Matcher(max_rows=100)
    judge(matcher, "a", TWELVE + end, source="a.example")
    assert judge(matcher, "b", TWELVE, source=source).duplicate.verdict == verdict


@pytest.mark.parametrize(("later", "verdict"), [("14 people", "revision"), ("1 person", "unique")])
def test_one_wire_revises_what_it_has_told_elsewhere_but_takes_nothing_back(later: str, verdict: str) -> None:
    text = f"KABUL (AP) - {TWELVE}"
    matcher = matcher_of(text)
    other = judge(matcher, "b", text.replace("12 people", later), source="daily.example").duplicate
    assert (other.verdict, other.alters or other.of) == (verdict, "a0")


def test_a_late_copy_of_an_earlier_version_is_a_copy() -> None:
    matcher = matcher_of(TWELVE)
    judge(matcher, "a0", TWELVE.replace("12", "19"))
    judge(matcher, "b", TWELVE.replace("12", "23"))
    late = judge(matcher, "late", TWELVE, source="late.example").duplicate
    assert (late.verdict, late.of) == ("exact", "a0")


def test_versions_of_one_article_are_bounded() -> None:
    matcher = matcher_of()
    for number in range(40):
        judge(matcher, "a", f"{text_of(1)} At least {number} people were killed.")
    assert len(matcher) == 9


def withdraw(matcher: Matcher, source: str, at_s: float = 60.0) -> Judgement:
    article = Article(id="a0", text=TWELVE, source=source, metadata={"withdrawn": True})
    return matcher.judge(article, sign(article), at_s)


def test_a_story_is_taken_back_by_its_own_source_only() -> None:
    matcher = matcher_of(TWELVE)
    with pytest.raises(PoisonError, match="not_withdrawn"):
        withdraw(matcher, "evil.example")
    back = withdraw(matcher, "post.example")
    assert (back.duplicate.verdict, back.duplicate.of, back.article_id) == ("revision", "a0", "a0")
    assert withdraw(matcher, "post.example").rows == ()
    assert judge(matcher, "late", TWELVE, source="late.example").duplicate.of == "a0"


def test_who_has_copied_a_story_can_neither_take_it_back_nor_revise_it() -> None:
    matcher = matcher_of(TWELVE)
    assert judge(matcher, "a1", TWELVE, source="copy.example").duplicate.of == "a0"
    article = Article(id="a1", text="", source="copy.example", metadata={"withdrawn": True})
    back = matcher.judge(article, sign(article), 60.0)
    assert (back.duplicate.verdict, back.duplicate.of, back.rows) == ("exact", "a0", ())
    altered = judge(matcher, "a1", TWELVE.replace("12", "1"), source="copy.example").duplicate
    assert (altered.verdict, altered.alters) == ("unique", "a0")
    again = judge(matcher, "a1", TWELVE.replace("12", "2"), source="copy.example").duplicate
    assert (again.verdict, again.of, again.story_id) == ("revision", "a1", altered.story_id)


def test_a_copy_whose_date_is_years_off_is_a_copy_but_a_new_edition_is_not() -> None:
    matcher = Matcher()
    judge(matcher, "a0", TWELVE, 1.7e9, published_at="2022-03-01T08:00:00Z")
    for year in ("2012", "1922", "2021", "2023"):
        copy = judge(matcher, f"c{year}", TWELVE, 1.7e9, source="b.example", published_at=f"{year}-03-02T09:00:00Z")
        assert copy.duplicate.verdict == "exact"
    anniversary = TWELVE.replace("12", "14")
    assert judge(matcher, "later", anniversary, 1.8e9, published_at="2024-03-02T09:00:00Z").duplicate.of is None
    assert judge(matcher, "month", TWELVE, 1.7e9, published_at="2022-04-01T08:00:00Z").duplicate.of is None


def test_a_withdrawal_after_the_story_was_told_anew_is_no_repeat_of_the_first() -> None:
    matcher = matcher_of(TWELVE)
    withdraw(matcher, "post.example", 60.0)
    anew = judge(matcher, "a0", TWELVE.replace("12", "14"), at_s=120.0)
    again = withdraw(matcher, "post.example", 180.0)
    assert [one.duplicate.version for one in (anew, again)] == [2, 3]
    for at_s in (60.0, 180.0):
        delivered_again = withdraw(matcher, "post.example", at_s)
        assert (delivered_again.rows, delivered_again.duplicate.version) == ((), at_s // 60)


def test_a_withdrawal_that_is_delivered_again_takes_nothing_back_that_was_told_later() -> None:
    matcher = matcher_of(TWELVE)
    first = withdraw(matcher, "post.example", 60.0)
    judge(matcher, "a0", TWELVE.replace("12", "14"), at_s=120.0)
    assert withdraw(matcher, "post.example", 60.0) == replace(first, rows=())


def test_what_was_told_before_is_told_anew_when_it_says_a_later_time() -> None:
    matcher = Matcher()
    times = ("2022-03-01T08:00:00Z", "2022-03-01T09:00:00Z", "2022-03-01T10:00:00Z")
    told = list(zip(("12", "14", "12"), times, strict=True))
    at_s = 1_646_200_000.0
    given = [judge(matcher, "a0", TWELVE.replace("12", toll), at_s, published_at=time) for toll, time in told]
    assert [one.duplicate.version for one in given] == [0, 1, 2]
    again = [judge(matcher, "a0", TWELVE.replace("12", toll), at_s, published_at=time) for toll, time in told]
    assert [(one.duplicate.version, one.rows) for one in again] == [(0, ()), (1, ()), (2, ())]


def test_what_was_told_anew_is_known_when_its_first_telling_is_forgotten() -> None:
    matcher = Matcher()
    tolls = ["12", "14", "12", *map(str, range(21, 28))]
    told = [(toll, f"2022-03-01T{8 + hour:02}:00:00Z") for hour, toll in enumerate(tolls)]
    at_s = 1_646_200_000.0
    for toll, time in told:
        judge(matcher, "a0", TWELVE.replace("12", toll), at_s, published_at=time)
    again = judge(matcher, "a0", TWELVE, at_s, published_at=told[2][1])
    assert (again.duplicate.version, again.rows) == (2, ())


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


def test_ids_of_one_checksum_are_told_apart() -> None:
    ids = ["plumless", "buckeroo"]
    assert len({zlib.crc32(each.encode()) for each in ids}) == 1
    matcher = Matcher()
    assert [judge(matcher, each, text_of(n)).duplicate.verdict for n, each in enumerate(ids)] == ["unique", "unique"]
    assert [judge(matcher, each, text_of(n)).row for n, each in enumerate(ids)] == [None, None]


def test_a_key_finds_what_it_has_after_thousands_that_are_gone() -> None:
    index = KeyIndex(2)
    for slot in range(5000):
        index.add(slot, [7, 8])
        assert index.find(7, 3) == [slot]
        index.remove(slot)
    index.add(5000, [7, 8])
    assert index.find_each(np.array([7, 8], np.uint32), 20) == [[5000], [5000]]


def test_a_revision_names_fifty_of_its_changes_at_most() -> None:
    words = [f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(300)]
    old, new = (" ".join(f"{word} {n * 7 + add}" for n, word in enumerate(words)) for add in (0, 3))
    matcher = matcher_of(old)
    assert len(judge(matcher, "a0", new).duplicate.changes) == 50


FERRY = (
    "A ferry with more than two hundred passengers aboard capsized off the island of Talmo before dawn on Friday, killing "
    "17 people and leaving six missing, the coastguard said. Fishermen from three villages went out in the storm and "
    "pulled dozens from the sea. The captain told investigators that a wave had struck the ramp of the car deck."
)


@pytest.mark.parametrize(
    "altered", [FERRY.replace("killing 17", "hurting 17"), FERRY.replace("killing 17 people", "killing nobody")]
)
def test_another_harm_or_nobody_in_the_place_of_a_number_is_no_copy(altered: str) -> None:
    matcher = matcher_of()
    judge(matcher, "story", FERRY)
    rival = judge(matcher, "rival", altered, source="rival.example")
    assert (rival.duplicate.verdict, rival.duplicate.alters) == ("unique", "story")
    matcher = matcher_of()
    judge(matcher, "story", FERRY)
    assert judge(matcher, "own", altered).duplicate.verdict == "revision"


@pytest.mark.parametrize(
    "credit",
    [
        "Our correspondent in Talmo contributed to this report.",
        "Ruud Katz in Talmo and Ana Brell contributed reporting.",
    ],
)
def test_who_contributed_to_a_report_is_none_of_it(credit: str) -> None:
    matcher = matcher_of()
    judge(matcher, "story", FERRY)
    assert judge(matcher, "again", f"{FERRY}\n\n{credit}").duplicate.verdict in {"exact", "near"}


def wired(dead: str) -> str:
    return f"KESTRELMOOR (AP) - A boat sank off Kestrelmoor and killed {dead} people. " + text_of(3)


@pytest.mark.parametrize(
    ("dead", "source", "hours", "verdict"),
    [
        ("40", "herald.example", 2, "revision"),
        ("900", "herald.example", 2, "unique"),  # a leap
        ("12", "herald.example", 2, "unique"),  # less
        ("40", "herald.example", -2, "unique"),  # told before
        ("40", None, 2, "unique"),  # by nobody who is known
    ],
)
def test_a_name_of_an_agency_lets_an_outlet_go_on_and_nobody_undo(
    dead: str, source: str | None, hours: int, verdict: str
) -> None:
    matcher = Matcher(72 * HOUR_S, max_rows=100)
    judge(matcher, "story", wired("32"), 10 * HOUR_S, published_at="1970-01-01T10:00:00Z")
    at = f"1970-01-01T{10 + hours:02}:00:00Z"
    found = judge(matcher, "other", wired(dead), 20 * HOUR_S, published_at=at, source=source).duplicate
    assert (found.verdict, found.of if verdict == "revision" else found.alters) == (verdict, "story")


def test_who_is_read_first_and_takes_a_copy_back_does_not_silence_whom_he_copied() -> None:
    matcher = Matcher(72 * HOUR_S, max_rows=100)
    copy = Article(id="copy", text=text_of(1), source="thief.example", published_at="1970-01-01T10:00:00Z")
    matcher.judge(copy, sign(copy), 10 * HOUR_S)
    back = replace(copy, metadata={"withdrawn": True})
    matcher.judge(back, sign(back), 11 * HOUR_S)
    story = judge(matcher, "story", text_of(1), 12 * HOUR_S, published_at="1970-01-01T08:00:00Z").duplicate
    assert (story.verdict, story.of) == ("unique", None)
    late = {"published_at": "1970-01-01T11:30:00Z", "source": "late.example"}
    assert judge(matcher, "late", text_of(1), 13 * HOUR_S, **late).duplicate.verdict == "exact"


def test_a_late_copy_of_an_earlier_version_does_not_revive_what_was_taken_back() -> None:
    matcher = Matcher(72 * HOUR_S, max_rows=100)
    for hour, dead in ((8, 12), (13, 15)):
        judge(matcher, "story", wired(str(dead)), hour * HOUR_S, published_at=f"1970-01-01T{hour:02}:00:00Z")
    back = Article(id="story", text="", source="post.example", metadata={"withdrawn": True})
    matcher.judge(back, sign(back), 14 * HOUR_S)
    copy = judge(matcher, "copy", wired("12"), 15 * HOUR_S, published_at="1970-01-01T10:00:00Z", source="late.example")
    assert copy.duplicate.verdict == "exact"


def test_the_same_figures_in_another_town_are_no_copy_however_much_else_was_exchanged() -> None:
    texts = [
        f"A blast in {town} on Wednesday killed 12 people, police said. " + f"Nothing else is known of {name}. " * 20
        for town, name in (("Kharkiv", "one"), ("Mosul", "another"))
    ]
    articles = [Article(id=str(n), text=text, source=f"{n}.example") for n, text in enumerate(texts)]
    state = Matcher()
    assert [state.judge(one, sign(one), 1.7e9).duplicate.verdict for one in articles] == ["unique", "unique"]
