"""The API over a store that holds what the seeds' pipeline published."""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import math
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from stream_app.core.flow.stream import DeadLetter, Flow, topic_of
from stream_app.core.hops import Output
from stream_app.hops import build_hops
from stream_app.serve import api
from stream_app.serve.hub import Hub
from stream_app.serve.records import Consumed
from stream_app.serve.store import Store
from stream_app.service import headers
from stream_app.settings import Settings
from tests import builders

SEEDS = Path(__file__).parents[3] / "seeds" / "stream.jsonl"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, gazetteer: object) -> Iterator[Store]:
    """Everything that the pipeline makes of the seeds."""
    made = Store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.db'}")
    flow = Flow(build_hops(Settings()))
    published = [out for line in SEEDS.read_bytes().splitlines() for out in flow.feed(builders.record(line))]
    made.apply([consumed(out, at) for at, out in enumerate(published)])
    yield made
    made.close()


def consumed(out: Output | DeadLetter, at: int) -> Consumed:
    """What the service publishes, its headers too: only they say what a tombstone means."""
    if isinstance(out, DeadLetter):
        return Consumed(topic_of(out), 0, at, 0, out.key, out.value)
    return Consumed(topic_of(out), 0, at, 0, out.key, out.value, tuple(headers.cloud_event(out, 0)))


@pytest.fixture
async def client(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    feed: Any = SimpleNamespace(trouble=None, lag={"incidents.tolls": 0}, read_total=0)
    transport = httpx.ASGITransport(
        api.build(store, feed, Hub(2), hosts=["news.example"], origins=["https://desk.example"])
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1/api/v1") as made:
        yield made


async def test_incidents_are_those_that_stand(client: httpx.AsyncClient) -> None:
    found = (await client.get("/incidents")).json()["incidents"]
    assert "Kharkiv" in {(one["place"] or {}).get("name") for one in found}


async def test_every_format_tells_of_the_same_incidents(client: httpx.AsyncClient) -> None:
    said = {one["incident_id"] for one in (await client.get("/incidents")).json()["incidents"]}
    geo = (await client.get("/incidents.geojson")).json()
    rows = list(csv.DictReader(io.StringIO((await client.get("/incidents.csv")).text)))
    assert {feature["id"] for feature in geo["features"]} == {row["incident_id"] for row in rows} == said
    tagged = (await client.get("/incidents.csv?hxl=true")).text.splitlines()[1]
    assert tagged.startswith("#event+id,")


async def test_an_incident_comes_with_its_ledger_and_its_articles(client: httpx.AsyncClient) -> None:
    one = (await client.get("/incidents?text=kharkiv")).json()["incidents"][0]
    whole = (await client.get(f"/incidents/{one['incident_id']}")).json()
    assert whole["state"] == "standing"
    assert whole["incident"] == one
    assert {entry["incident_id"] for entry in whole["revisions"]} == {one["incident_id"]}
    told = (await client.get(f"/incidents/{one['incident_id']}/articles")).json()
    articles = told["articles"]
    assert {copy["article_id"] for copy in told["copies"]} == {"exact-copy", "syndicated-copy", "spun-copy"}
    assert {article["article_id"] for article in articles} == set(one["articles"])
    for article in articles:
        for figure in article["casualties"]:
            assert article[figure["field"]][figure["start"] : figure["end"]] == figure["text"]


async def test_what_the_client_has_is_not_sent_again(client: httpx.AsyncClient) -> None:
    first = await client.get("/map")
    again = await client.get("/map", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("shape", ["{tag}", "W/{bare}", "{bare}", '"other", {bare}', "*"])
async def test_a_tag_is_known_however_the_client_writes_it(client: httpx.AsyncClient, shape: str) -> None:
    tag = (await client.get("/incidents")).headers["etag"]
    told = shape.format(tag=tag, bare=tag.removeprefix("W/"))
    assert (await client.get("/incidents", headers={"If-None-Match": told})).status_code == 304
    wrong = {"If-None-Match": tag.replace('"', '"x')}
    assert (await client.get("/incidents", headers=wrong)).status_code == 200


@pytest.mark.parametrize(
    "path", ["/incidents", "/incidents.csv", "/map", "/history", "/revisions", "/feed", "/feed.atom", "/status", "/incidents/none"]
)  # fmt: skip
async def test_head_is_what_get_is_without_its_body(client: httpx.AsyncClient, path: str) -> None:
    head = await client.head(path)
    assert head.content == b""
    if path != "/feed":
        get = await client.get(path)
        assert (head.status_code, head.headers) == (get.status_code, get.headers)
    assert head.headers["content-type"]


@pytest.mark.parametrize(
    ("takes", "coding"), [("gzip", "gzip"), ("br, gzip;q=0.5", "gzip"), ("gzip;q=0", None), ("br", None), ("", None)]
)
@pytest.mark.parametrize("path", ["/incidents", "/map"])
async def test_answers_are_packed_for_who_takes_it(
    client: httpx.AsyncClient, path: str, takes: str, coding: str | None
) -> None:
    answer = await client.get(path, headers={"Accept-Encoding": takes})
    assert answer.headers.get("content-encoding") == coding
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert answer.json() == (await client.get(path, headers={"Accept-Encoding": ""})).json()


async def test_a_country_is_the_same_in_small_letters(client: httpx.AsyncClient) -> None:
    one, other = [(await client.get(f"/incidents?country={code}")).json() for code in ("ua", "UA")]
    assert one == other
    assert one["incidents"]


async def test_a_map_is_made_once_until_something_is_read() -> None:
    feed: Any = SimpleNamespace(read_total=0)
    made = []

    def make() -> bytes:
        made.append(feed.read_total)
        return b"%d" % feed.read_total

    kept = api.Kept(feed)
    answers = await asyncio.gather(*(kept.get("map", make) for _ in range(20)))
    assert ({body.plain for body, _ in answers}, made) == ({b"0"}, [0])
    feed.read_total = 1
    body, packed = await kept.get("map", make)
    assert (body.plain, gzip.decompress(packed), made) == (b"1", b"1", [0, 1])


async def test_an_answer_that_failed_is_not_kept() -> None:
    kept = api.Kept(SimpleNamespace(read_total=0))  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        await kept.get("map", lambda: b"%d" % (1 // 0))
    assert (await kept.get("map", lambda: b"right"))[0].plain == b"right"


@pytest.mark.parametrize(
    "path",
    ["/incidents?bbox=1,2", "/incidents?bbox=0,0,181,1", "/incidents?from=soon", "/incidents?limit=0", "/incidents?cursor=%20",
     "/incidents?least=-1", "/incidents?colour=red", "/revisions?after=x", "/incidents?bbox=nan,0,1,1"],
)  # fmt: skip
async def test_a_wrong_question_is_told_so(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/incidents/none", "/articles/none", "/clusters/none", "/nothing", "/incidents?cursor=x", "/articles/%00"]
)
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_what_stands_in_no_name_finds_nothing(client: httpx.AsyncClient) -> None:
    assert (await client.get("/incidents?text=%00")).json() == {"incidents": [], "cursor": None}


async def test_a_box_is_the_same_whichever_latitude_comes_first(client: httpx.AsyncClient) -> None:
    one, other = [(await client.get(f"/incidents?bbox={box}")).json() for box in ("36,49,37,51", "36,51,37,49")]
    assert one == other
    assert [found["place"]["name"] for found in one["incidents"]] == ["Kharkiv"]


async def test_the_ledger_leaves_the_tolls_that_stand(client: httpx.AsyncClient) -> None:
    told = (await client.get("/history")).json()
    assert folded(told, math.inf) == {
        feature["id"]: amounts(feature["properties"]["toll"])
        for feature in (await client.get("/map")).json()["features"]
    }


async def test_the_map_is_as_it_was_told_at_any_time(client: httpx.AsyncClient) -> None:
    told = (await client.get("/history?text=kharkiv")).json()
    first, later = (1_646_115_000_000 + hours * 3_600_000 for hours in (0, 8))  # 1 March 2022, 06:10 and 14:10
    (before,), (after,) = (folded(told, time).values() for time in (first, later))
    assert (before["injured"], after["injured"]) == ((17, None), (23, None))
    assert folded(told, first - 1) == {}


def amounts(toll: dict[str, Any]) -> dict[str, tuple[int | None, int | None]]:
    return {kind: (amount["low"], amount["high"]) for kind, amount in toll.items()}


def folded(history: dict[str, Any], until_ms: float) -> dict[str, dict[str, tuple[int | None, int | None]]]:
    """What the steps up to a time leave, as the API's description says."""
    found: dict[str, dict[str, tuple[int | None, int | None]]] = {}
    for place, kind, when_ms, low, high in history["steps"]:
        toll = found.setdefault(history["features"][place]["id"], {})
        if when_ms > until_ms:
            continue
        if kind is None:
            toll.clear()
        elif low is None and high is None:
            toll.pop(history["kinds"][kind], None)
        else:
            toll[history["kinds"][kind]] = (low, high)
    return {incident: toll for incident, toll in found.items() if toll}


async def test_answers_go_to_our_names_only_and_bind_browsers(client: httpx.AsyncClient) -> None:
    assert (await client.get("/status", headers={"Host": "evil.example"})).status_code == 421
    answer = await client.get("/status", headers={"Host": "News.example"})
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_other_sites_may_read_only_where_the_operator_says_so(client: httpx.AsyncClient) -> None:
    allowed = await client.get("/status", headers={"Origin": "https://desk.example"})
    other = await client.get("/status", headers={"Origin": "https://evil.example"})
    assert allowed.headers["access-control-allow-origin"] == "https://desk.example"
    assert "access-control-allow-origin" not in other.headers


async def test_the_ledger_is_a_feed(client: httpx.AsyncClient) -> None:
    feed = ET.fromstring((await client.get("/feed.atom")).content)
    entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
    told = (await client.get("/revisions")).json()["revisions"]
    assert len(entries) == len(told)
    assert feed.findtext("{http://www.w3.org/2005/Atom}updated") == max(entry["when"] for entry in told)
    for entry in (feed, *entries):  # what RFC 4287 wants of each
        for name in ("id", "title", "updated", "link"):
            assert entry.find(f"{{http://www.w3.org/2005/Atom}}{name}") is not None
    assert all(entry.findtext("{*}author/{*}name") for entry in entries)
    assert len({entry.findtext("{*}id") for entry in entries}) == len(entries)


async def test_the_api_describes_itself_with_every_path(client: httpx.AsyncClient) -> None:
    said = (await client.get("/openapi.json")).json()
    assert said["openapi"].startswith("3.1")
    for path, methods in said["paths"].items():
        assert set(methods) == {"get"}, f"{path} is read-only"
        assert methods["get"]["description"]


async def test_listeners_get_what_they_missed_and_then_what_comes(store: Store) -> None:
    hub = Hub(2)
    before = store.revisions()
    stream = api._events(store, hub, before[1]["seq"])
    assert await anext(stream) == b"retry: 3000\n\n"
    missed = await anext(stream)
    assert missed.startswith(b"id: %d\nevent: revision\n" % before[2]["seq"])
    assert missed.count(b"event: revision\n") == len(before[2:])
    coming = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0)
    hub.tell([before[0], {"seq": before[-1]["seq"] + 1, "text": "more"}])
    assert b'"more"' in await coming, "and what it has had is not told again"
    hub.end()
    with pytest.raises(StopAsyncIteration):
        await anext(stream)


async def test_a_listener_that_was_away_for_long_misses_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_REPLAYED", 3)
    ledger = [entry["seq"] for entry in store.revisions()]
    assert len(ledger) > 6
    hub = Hub(2)
    assert [seq async for seq in numbers(api._events(store, hub, ledger[0]), hub)] == ledger[1:]


async def test_a_listener_of_a_store_that_was_made_anew_begins_anew(store: Store) -> None:
    hub = Hub(2)
    ledger = [entry["seq"] for entry in store.revisions()]
    assert [seq async for seq in numbers(api._events(store, hub, ledger[-1] + 1000), hub)] == ledger


async def numbers(stream: AsyncIterator[bytes], hub: Hub) -> AsyncIterator[int]:
    """The numbers of the entries that are sent until a sign of life comes."""
    asyncio.get_running_loop().call_later(1, hub.pulse)
    async for sent in stream:
        for line in sent.split(b"\n"):
            if line.startswith(b"id: "):
                yield int(line[4:])
        if b": still here" in sent:
            return


async def test_each_listener_is_sent_the_same_bytes_which_are_made_once() -> None:
    hub = Hub(2)
    with hub.listener() as one, hub.listener() as other:
        hub.tell([{"seq": 1}])
        (first,), (second,) = await one.more() or [], await other.more() or []
        assert first.sent is second.sent


async def test_a_listener_that_does_not_keep_up_is_let_go() -> None:
    hub = Hub(2)
    with hub.listener() as slow, hub.listener() as quick:
        for number in range(5000):
            hub.tell([{"seq": number}])
            if number % 100 == 0:
                assert await quick.more()
        assert await slow.more() is None
        assert hub.listening == 2
    assert hub.listening == 0
