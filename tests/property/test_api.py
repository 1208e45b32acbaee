"""The API keeps to its own description, whatever it is asked: OpenAPI says which answers there are, and of which kind."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stream_app.core.flow.stream import Flow, topic_of
from stream_app.hops import build_hops
from stream_app.serve import api
from stream_app.serve.hub import Hub
from stream_app.serve.records import Consumed
from stream_app.serve.store import Filters, Store
from stream_app.settings import Settings
from tests import builders

SEEDS = Path(__file__).parents[2] / "seeds" / "stream.jsonl"
ENDLESS = "/api/v1/feed"

texts = st.text(max_size=60) | st.sampled_from(
    ["\0", "\x1b[2J", "%", "_", "' or 1=1 --", "UA", "kharkiv", "killed", "en"]
)
times = st.datetimes().map(lambda time: f"{time.isoformat()}Z") | st.sampled_from(
    ["9999-12-31t23:59:60z", "2022-03-01"]
)
degrees = st.integers(-200, 200).map(str) | st.floats(-90, 90).map(lambda number: f"{number:.3f}")
boxes = st.lists(degrees, min_size=3, max_size=5).map(",".join)
whole = st.integers(-2, 10**13).map(str)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, gazetteer: object) -> Iterator[Any]:
    """The application over what the pipeline makes of the seeds."""
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.db'}")
    flow = Flow(build_hops(Settings()))
    told = [out for line in SEEDS.read_bytes().splitlines() for out in flow.feed(builders.record(line))]
    store.apply(
        [
            Consumed(topic_of(out), 0, at, 0, getattr(out, "key", None), getattr(out, "value", None))
            for at, out in enumerate(told)
        ]
    )
    feed: Any = SimpleNamespace(trouble=None, lag={}, read_total=0)
    yield api.build(store, feed, Hub(2))
    store.close()


def ids(store: Store) -> list[str]:
    found = store.incidents(Filters(), 100).values
    return [name for one in found for name in (one["incident_id"], *one["articles"])]


@st.composite
def questions(draw: st.DrawFn, paths: dict[str, Any], known: list[str]) -> tuple[str, str]:
    """A path of the description, and an address on it: with parameters that are right, and some that are not."""
    path = draw(st.sampled_from(sorted(paths)))
    address, query = path, []
    for parameter in paths[path]["get"].get("parameters", ()):
        name = parameter["name"]
        if parameter["in"] == "path":
            chosen = draw((st.sampled_from(known) | texts).filter(lambda text: text.strip("./?#") != ""))
            address = address.replace(f"{{{name}}}", quote(chosen, safe=""))
        elif draw(st.booleans()):
            drawn = {"from": times, "to": times, "bbox": boxes, "least": whole, "after": whole, "limit": whole}.get(
                name, texts
            )
            query.append(f"{name}={quote(draw(drawn))}")
    return path, f"{address}?{'&'.join(query)}"


async def ask(app: Any, address: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        return await client.get(address)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_answer_is_one_that_the_description_knows(served: Any, data: st.DataObject) -> None:
    described = served.openapi()["paths"]
    paths = {path: described[path] for path in described if path != ENDLESS}
    path, address = data.draw(questions(paths, ids(served.state.store)))
    answer = asyncio.run(ask(served, address))
    known = paths[path]["get"]["responses"].get(str(answer.status_code))
    assert known is not None, (address, answer.status_code, answer.text)
    assert answer.headers["content-type"].partition(";")[0] in known["content"], (address, answer.headers)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    if answer.headers["content-type"].endswith("json"):
        assert isinstance(answer.json(), dict)
