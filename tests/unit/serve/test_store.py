"""What topics tell is kept once, whatever order and repeats it comes in; questions find it again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from stream_app.core.hops import DEAD_LETTER, ENRICHED, MEMBERS, REVISIONS, TOLLS
from stream_app.serve.feed import Feed
from stream_app.serve.hub import Hub
from stream_app.serve.records import Consumed
from stream_app.serve.store import CursorError, Filters, Store
from stream_app.settings import Settings, SettingsError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'store.db'}")
    yield made
    made.close()


class Topic:
    """Gives records their offsets."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def put(self, topic: str, key: str, value: object, headers: tuple[tuple[str, bytes], ...] = ()) -> Consumed:
        offset = self._next.get(topic, 0)
        self._next[topic] = offset + 1
        body = None if value is None else orjson.dumps(value)
        return Consumed(topic, 0, offset, 1_646_000_000_000 + offset, key.encode(), body, headers)

    def toll(self, name: str, killed: int, *, day: int = 1, lon: float = 36.25, country: str = "UA") -> Consumed:
        return self.put(TOLLS, name, {
            "incident_id": name,
            "place": {"name": f"Town of {name}", "lat": 50.0, "lon": lon, "country_code": country},
            "cause": "shelling",
            "languages": ["en", "uk"],
            "first_reported": f"2022-03-{day:02}T00:00:00Z",
            "last_reported": f"2022-03-{day:02}T12:00:00Z",
            "toll": {"killed": {"low": killed, "high": None}},
        })  # fmt: skip

    def end(self, name: str, why: str, into: str | None = None) -> Consumed:
        merged = () if into is None else (("merged-into", into.encode()),)
        return self.put(TOLLS, name, None, (("tombstone", why.encode()), *merged))

    def revision(self, name: str, number: int) -> Consumed:
        value = {"revision_id": f"r{number}", "incident_id": name, "when": "2022-03-01T00:00:00Z", "text": "more"}
        return self.put(REVISIONS, name, value)


def standing(store: Store, wanted: Filters | None = None) -> dict[str, int]:
    page = store.incidents(wanted or Filters(), 1000)
    return {value["incident_id"]: value["toll"]["killed"]["low"] for value in page.values}


def test_the_last_toll_of_an_incident_stands(store: Store) -> None:
    topic = Topic()
    store.apply([topic.toll("a", 3), topic.toll("a", 5), topic.toll("b", 1)])
    assert standing(store) == {"a": 5, "b": 1}


def test_a_merged_incident_counts_no_longer_and_says_where_it_went(store: Store) -> None:
    topic = Topic()
    store.apply([topic.toll("a", 3), topic.toll("b", 4), topic.end("b", "merged", "a"), topic.toll("a", 4)])
    assert standing(store) == {"a": 4}
    state, into, value = store.incident("b") or ("", None, None)
    assert (state, into) == ("merged", "a")
    assert value is not None, "its page still shows what it was"


def test_an_expired_toll_stays_true_and_a_withdrawn_one_does_not(store: Store) -> None:
    topic = Topic()
    store.apply([topic.toll("a", 3), topic.toll("b", 4)])
    store.apply([topic.end("a", "expired"), topic.end("b", "withdrawn")])
    assert standing(store) == {"a": 3}


def test_an_incident_that_comes_back_stands_again(store: Store) -> None:
    topic = Topic()
    store.apply([topic.toll("a", 3), topic.end("a", "withdrawn"), topic.toll("a", 2)])
    assert standing(store) == {"a": 2}


def test_records_told_again_change_nothing_and_are_not_news(store: Store) -> None:
    topic = Topic()
    records = [topic.toll("a", 3), topic.revision("a", 1), topic.toll("a", 4), topic.revision("a", 2)]
    store.apply(records)
    last = store.last_seq()
    assert [entry["revision_id"] for entry in store.revisions(after=0)] == ["r1", "r2"]
    store.apply(records[:2])
    assert (store.last_seq(), store.revisions(after=last)) == (last, [])
    assert standing(store) == {"a": 4}
    assert [entry["revision_id"] for entry in store.revisions("a")] == ["r1", "r2"]


async def test_each_of_several_copies_tells_its_listeners_whichever_has_stored_it(store: Store) -> None:
    topic = Topic()
    store.apply([topic.toll("a", 3), topic.revision("a", 1)])
    hubs = [Hub(2), Hub(2)]
    feeds = [Feed(Settings(), store, hub) for hub in hubs]
    records = [topic.toll("a", 4), topic.revision("a", 2)]
    for hub, feed in zip(hubs, feeds, strict=True):
        with hub.listener() as listener:
            await feed.take(records)  # the second copy finds it stored
            entries = await listener.more() or []
            assert [orjson.loads(entry.sent.partition(b"data: ")[2])["revision_id"] for entry in entries] == ["r2"]


def test_a_fold_of_the_topic_and_the_store_agree_wherever_it_was_killed(tmp_path: Path) -> None:
    """Batches of any length, some of them read twice: as when a process dies between reading and storing."""
    chance, topic = random.Random(2311), Topic()
    records: list[Consumed] = []
    fold: dict[str, int] = {}
    for _ in range(400):
        name = f"i{chance.randrange(40)}"
        if chance.random() < 0.15:
            why = chance.choice(["expired", "merged", "withdrawn"])
            records.append(topic.end(name, why, "i0" if why == "merged" else None))
            if why != "expired":
                fold.pop(name, None)
        else:
            killed = chance.randrange(500)
            records.append(topic.toll(name, killed))
            fold[name] = killed
    url, at = f"sqlite:///{tmp_path / 'killed.db'}", 0
    while at < len(records):
        store = Store(url)
        at = store.offsets().get((TOLLS, 0), 0)
        store.apply(records[at : at + chance.randrange(1, 60)])
        store.close()
        at = Store(url).offsets()[TOLLS, 0]
    assert standing(Store(url)) == fold


def test_pages_by_cursor_leave_nothing_out_and_repeat_nothing(store: Store) -> None:
    topic = Topic()
    store.apply([topic.toll(f"i{number}", number, day=1 + number % 3) for number in range(50)])
    seen, cursor = [], None
    while True:
        page = store.incidents(Filters(), 7, cursor)
        seen += [value["incident_id"] for value in page.values]
        cursor = page.cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 50
    with pytest.raises(CursorError):
        store.incidents(Filters(), 7, "bm8")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filters(kind="killed", least=10), {"b", "d"}),
        (Filters(kind="injured"), set()),
        (Filters(countries=["UA"]), {"a", "b"}),
        (Filters(causes=["shelling"]), {"a", "b", "c", "d"}),
        (Filters(causes=["flood"]), set()),
        (Filters(box=(30, 40, 40, 60)), {"a", "b"}),
        (Filters(box=(170, 40, -170, 60)), {"c", "d"}),
        (Filters(text="town of b"), {"b"}),
        (Filters(text="BREAD"), {"a"}),
        (Filters(text="100%"), set()),
        (Filters(language="uk"), {"a", "b", "c", "d"}),
        (Filters(language="u"), set()),
        (Filters(since_s=1_646_265_600.0), {"c", "d"}),
        (Filters(until_s=1_646_179_200.0), {"a", "b"}),
    ],
)
def test_filters_find_what_they_say(store: Store, wanted: Filters, found: set[str]) -> None:
    topic = Topic()
    article = {
        "article_id": "n1", "event_id": "e1", "title": "Shells hit a bread queue", "text": "-", "duplicate": {"cluster_id": "c"}
    }  # fmt: skip
    store.apply([
        topic.toll("a", 3), topic.toll("b", 10), topic.toll("c", 1, day=4, lon=179.0, country="FJ"),
        topic.toll("d", 99, day=4, lon=-179.0, country="FJ"), topic.put(ENRICHED, "n1", article),
        topic.put(MEMBERS, "m1", {"report_id": "m1", "article_id": "n1", "incident_id": "a"}),
    ])  # fmt: skip
    assert set(standing(store, wanted)) == found


def test_pages_leave_out_and_repeat_nothing_that_stays_while_others_change(store: Store) -> None:
    topic, chance = Topic(), random.Random(7)
    stay = {f"stay{number}" for number in range(60)}
    store.apply([topic.toll(name, 1, day=1 + at % 9) for at, name in enumerate(sorted(stay))])
    store.apply([topic.toll(f"move{number}", 1, day=1 + number % 9) for number in range(60)])
    found, cursor = [], None
    while True:
        page = store.incidents(Filters(), 7, cursor)
        found += [value["incident_id"] for value in page.values if value["incident_id"] in stay]
        if page.cursor is None:
            break
        cursor = page.cursor
        changed = [f"move{chance.randrange(60)}" for _ in range(10)]
        store.apply([
            topic.toll(name, 2, day=1 + chance.randrange(28)) if chance.random() < 0.7 else topic.end(name, "withdrawn")
            for name in changed
        ])  # fmt: skip
    assert sorted(found) == sorted(stay)


def test_an_incident_has_the_articles_that_report_it(store: Store) -> None:
    topic = Topic()
    store.apply([
        topic.put(ENRICHED, "n1", {"article_id": "n1", "event_id": "e1", "text": "-", "duplicate": {"cluster_id": "c"}}),
        topic.put(MEMBERS, "m1", {"report_id": "m1", "article_id": "n1", "incident_id": "a"}),
    ])  # fmt: skip
    assert [value["article_id"] for value in store.articles_of("a", 9)] == ["n1"]
    assert store.incidents_of("n1") == ["a"]
    assert store.articles_of("b", 9) == []


def test_articles_of_incidents_that_were_merged_into_one_are_its_own(store: Store) -> None:
    """Also over two steps, and though not every member is told again after a merge."""
    topic = Topic()
    records = [topic.toll(name, 3) for name in "abc"]
    for name in "abc":
        article = {"article_id": f"n{name}", "event_id": f"e{name}", "text": "-", "duplicate": {"cluster_id": "c"}}
        member = {"report_id": f"m{name}", "article_id": f"n{name}", "incident_id": name}
        records += [topic.put(ENRICHED, f"n{name}", article), topic.put(MEMBERS, f"m{name}", member)]
    store.apply([*records, topic.end("c", "merged", "b"), topic.end("b", "merged", "a")])
    assert {value["article_id"] for value in store.articles_of("a", 9)} == {"na", "nb", "nc"}
    assert [value["article_id"] for value in store.articles_of("c", 9)] == ["nc"]


def test_records_that_are_not_ours_stop_nobody(store: Store) -> None:
    topic = Topic()
    topic._next[TOLLS] = 905
    foreign = [
        Consumed(TOLLS, 0, 900 + at, 0, b"k", value) for at, value in enumerate((b"{", b"[]", b"{}", b'"x"', b"\xff"))
    ]
    store.apply([*foreign, topic.toll("a", 3)])
    assert standing(store) == {"a": 3}
    assert store.offsets() == {(TOLLS, 0): 906}


def test_dead_letters_are_counted_by_reason_and_shown_without_control_characters(store: Store) -> None:
    topic = Topic()
    letters = [topic.put(DEAD_LETTER, "k", "a\x1b[2J", (("reason", reason),)) for reason in (b"no_text", b"not_json")]
    store.apply([*letters, topic.put(DEAD_LETTER, "k", None, (("reason", b"no_text"),))])
    counts, newest = store.letters("no_text", 10)
    assert counts == {"no_text": 2, "not_json": 1}
    assert [letter["reason"] for letter in newest] == ["no_text", "no_text"]
    assert "\x1b" not in str(newest)


@pytest.mark.parametrize("url", ["", "store.db", "mysql://a/b", "sqlite:////no/such/folder/x.db"])
def test_an_address_that_is_no_database_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(SettingsError, match="STREAM_APP_STORE"):
        Store(url)
