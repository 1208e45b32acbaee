"""The HTTP API, read-only, and the page: FastAPI describes it at /api/v1/openapi.json."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stream_app import __version__
from stream_app.serve import formats, shapes
from stream_app.serve.feed import Feed
from stream_app.serve.hub import Entry, Hub
from stream_app.serve.records import seconds
from stream_app.serve.store import CursorError, Filters, Page, Store
from stream_app.service.shield import is_ours

STATIC = Path(__file__).with_name("static")
MOST = 1000
MOST_ON_A_MAP = 20_000
_ARTICLES = 200
_LETTERS = 200
_LEDGER = 5000
_REPLAYED = 1000
_GZIP_LEVEL = 5
_KEPT = 50  # answers about the whole map
_KEPT_S = 5.0
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_NOT_BUILT = (
    "The page is not built: it needs Node. In a checkout run `make web`; wheels of a release hold it.\n"
    "The API is at /api/v1/incidents and described at /api/v1/openapi.json.\n"
)

_NUMBER = re.compile(r"[0-9]{1,18}")
_LON = r"-?(180|1[0-7][0-9]|[1-9]?[0-9])(\.[0-9]{1,15})?"
_LAT = r"-?(90|[1-8]?[0-9])(\.[0-9]{1,15})?"
_BOX = rf"^{_LON},{_LAT},{_LON},{_LAT}$"


def _digits(text: Any) -> Any:
    """What pydantic would take for a whole number though it is written otherwise is none ("0.0")."""
    if isinstance(text, str) and not _INTEGER.fullmatch(text):
        raise ValueError("expected a whole number")
    return text


_INTEGER = re.compile(r"-?[0-9]{1,19}")
_WHOLE = BeforeValidator(_digits)
_TIME = Field(max_length=40, json_schema_extra={"format": "date-time"})


def build(store: Store, feed: Feed, hub: Hub, *, hosts: Sequence[str] = (), origins: Sequence[str] = ()) -> FastAPI:
    """The application over a store that is kept up by `feed`; `origins` may read it from other sites (CORS)."""
    app = FastAPI(
        title="stream-app", version=__version__, openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None,
        description="What articles have told of casualties: incidents, their tolls, and how those moved. Read-only.",
    )  # fmt: skip
    app.state.store, app.state.feed, app.state.hub = store, feed, hub
    app.include_router(Answers(store, feed, hub).router(), prefix="/api/v1")
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=_GZIP_LEVEL)
    if origins:
        app.add_middleware(CORSMiddleware, allow_origins=list(origins), allow_methods=["GET"], expose_headers=["ETag"])
    app.add_middleware(Guard, names={name.lower() for name in hosts})
    app.add_exception_handler(CursorError, _wrong_cursor)
    app.openapi = partial(_described, app)  # type: ignore[method-assign]  # FastAPI's way
    if (STATIC / "index.html").is_file():
        app.mount("/", StaticFiles(directory=STATIC, html=True))
    else:
        app.add_api_route("/", lambda: PlainTextResponse(_NOT_BUILT), include_in_schema=False)
    return app


class Guard:
    """Answers to our names only, and binds browsers by headers; in plain ASGI, since feeds stay open for hours."""

    def __init__(self, app: ASGIApp, names: set[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or have the application answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        host = Headers(scope=scope).get("host", "")
        head = scope["method"] == "HEAD"
        if head:
            scope = {**scope, "method": "GET", "head": True}  # the same answer, without its body
        if not _takes_gzip(scope):
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}
        strange = PlainTextResponse("421: ask under an address, or a name in STREAM_APP_WEB_HOSTS\n", 421)
        await (self._app if is_ours(host, self._names) else strange)(scope, receive, guarded)


class GeoJson(JSONResponse):
    """RFC 7946."""

    media_type = "application/geo+json"


class Csv(Response):
    """RFC 4180."""

    media_type = "text/csv"


class Atom(Response):
    """RFC 4287."""

    media_type = "application/atom+xml"


class Events(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"


def _described(app: FastAPI) -> dict[str, Any]:
    """The description of the API; whatever an answer is, what tells that there is none is JSON."""
    if app.openapi_schema is None:
        whole = FastAPI.openapi(app)
        problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for path in whole["paths"].values():
            for status, answer in path["get"]["responses"].items():
                if not status.startswith("2"):
                    answer["content"] = problem
    assert app.openapi_schema is not None
    return app.openapi_schema


async def _wrong_cursor(_: Request, error: Exception) -> Response:
    return Response(orjson.dumps({"detail": str(error)}), 404, media_type="application/json")


def _takes_gzip(scope: Scope) -> bool:
    """Whether the client takes gzip; "gzip;q=0" says that it does not.

    >>> _takes_gzip({"headers": [(b"accept-encoding", b"br, gzip;q=0.5")]})
    True
    >>> _takes_gzip({"headers": [(b"accept-encoding", b"identity, GZIP; q=0.0")]})
    False
    """
    for coding in Headers(scope=scope).get("accept-encoding", "").lower().split(","):
        name, _, weight = coding.replace(" ", "").partition(";q=")
        if name == "gzip":
            return re.fullmatch(r"0(\.0*)?", weight) is None
    return False


@dataclass(frozen=True, slots=True)
class Body:
    """An answer and the tag by which a client may ask whether it is still the same."""

    plain: bytes
    etag: str

    @classmethod
    def of(cls, plain: bytes) -> Body:
        """The answer with its tag."""
        return cls(plain, f'W/"{hashlib.blake2b(plain, digest_size=12).hexdigest()}"')


def _reply(request: Request, value: Any, media_type: str = "application/json", packed: bytes | None = None) -> Response:
    """The value, or "not modified" where the client has it already; `packed`: the same by gzip, where that is made."""
    body = value if isinstance(value, Body) else Body.of(value if isinstance(value, bytes) else orjson.dumps(value))
    headers = {"ETag": body.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if _known(request.headers.get("if-none-match", ""), body.etag):
        return Response(status_code=304, headers=headers)
    if packed is not None and _takes_gzip(request.scope):
        return Response(packed, media_type=media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(body.plain, media_type=media_type, headers=headers)


def _known(tags: str, etag: str) -> bool:
    """Whether one of the client's tags is this one, by the weak comparison of RFC 9110.

    >>> _known('"a", "b"', 'W/"b"'), _known("*", 'W/"b"'), _known('"bb"', 'W/"b"'), _known("", 'W/"b"')
    (True, True, False, False)
    """
    told = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
    return tags.strip() == "*" or etag.removeprefix("W/") in told


class Kept:
    """Answers about the whole map, made once for all who ask until the next record is read.

    A map of ten thousand incidents takes a third of a second to make and to pack, and a change of one toll makes every
    page ask for it.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._made: dict[Any, tuple[int, float, asyncio.Future[tuple[Body, bytes]]]] = {}

    async def get(self, key: Any, make: Callable[[], bytes]) -> tuple[Body, bytes]:
        """The answer, plain and packed; `make` is called in a thread, and once however many wait for it."""
        read, now = self._feed.read_total, time.monotonic()
        found = self._made.get(key)
        if found is not None and found[0] == read and now - found[1] < _KEPT_S and not _failed(found[2]):
            return await asyncio.shield(found[2])
        while len(self._made) >= _KEPT:
            del self._made[next(iter(self._made))]
        making = asyncio.ensure_future(asyncio.to_thread(_packed, make))
        self._made[key] = (read, now, making)
        return await asyncio.shield(making)


def _failed(making: asyncio.Future[Any]) -> bool:
    return making.done() and (making.cancelled() or making.exception() is not None)


def _packed(make: Callable[[], bytes]) -> tuple[Body, bytes]:
    plain = make()
    return Body.of(plain), gzip.compress(plain, _GZIP_LEVEL, mtime=0)


class Wanted(BaseModel):
    """Which incidents are wanted."""

    model_config = ConfigDict(extra="forbid")

    since: Annotated[str, _TIME] | None = Field(None, alias="from", description="last told of at or after: RFC 3339")
    until: Annotated[str, _TIME] | None = Field(None, alias="to", description="first told of at or before: RFC 3339")
    bbox: Annotated[str, Field(max_length=100, pattern=_BOX)] | None = Field(
        None,
        description="west,south,east,north in degrees; west > east crosses the date line",
    )
    country: list[str] = Field([], max_length=50, description="ISO 3166 codes")
    cause: list[str] = Field([], max_length=50, description="causes of docs/causes.md")
    kind: str | None = Field(None, max_length=40, description="incidents with a toll of this kind")
    least: Annotated[int, Field(ge=0, le=10**12), _WHOLE] | None = Field(None, description="and with at least so many")
    text: str | None = Field(None, max_length=200, description="words in names of the place, or in a title")
    language: str | None = Field(None, max_length=40, description="told in this language: BCP 47")

    def filters(self) -> Filters:
        """The same as the store asks for it."""
        return Filters(
            since_s=_time("from", self.since),
            until_s=_time("to", self.until),
            box=_box(self.bbox),
            countries=[_plain(code).upper() for code in self.country],
            causes=[*map(_plain, self.cause)],
            kind=_plain(self.kind),
            least=self.least,
            text=_plain(self.text),
            language=_plain(self.language),
        )


class WantedPage(Wanted):
    """... so many of them at a time."""

    limit: Annotated[int, Field(ge=1, le=MOST), _WHOLE] = Field(100, description="incidents on a page")
    cursor: Annotated[str, Field(max_length=200, pattern=r"^[A-Za-z0-9_-]+$")] | None = Field(
        None, description="where the last page ended"
    )


class WantedTable(WantedPage):
    """... as a table."""

    hxl: bool = Field(False, description="a second row with HXL tags")  # pydantic's way


class Answers:
    """Every question that may be asked, as a method; docstrings are the API's description."""

    def __init__(self, store: Store, feed: Feed, hub: Hub) -> None:
        self._store = store
        self._feed = feed
        self._hub = hub
        self._kept = Kept(feed)

    def router(self) -> APIRouter:
        """The paths."""
        router = APIRouter(responses={404: {"model": shapes.Problem}, 422: {"model": shapes.Problem}})
        geojson = {"response_class": GeoJson, "response_model": shapes.FeatureCollection}
        for path, answer, tag, options in (
            ("/incidents", self.incidents, "incidents", {"response_model": shapes.Incidents}),
            ("/incidents.geojson", self.geojson, "incidents", geojson),
            ("/incidents.csv", self.table, "incidents", {"response_class": Csv}),
            ("/map", self.on_a_map, "incidents", geojson),
            ("/history", self.history, "incidents", {"response_model": shapes.History}),
            ("/incidents/{incident_id}", self.incident, "incidents", {"response_model": shapes.Whole}),
            ("/incidents/{incident_id}/articles", self.articles_of, "incidents", {"response_model": shapes.Articles}),
            ("/articles/{article_id:path}", self.article, "articles", {"response_model": shapes.Told}),
            ("/clusters/{cluster_id}", self.cluster, "articles", {"response_model": shapes.Cluster}),
            ("/revisions", self.revisions, "ledger", {"response_model": shapes.Revisions}),
            ("/feed", self.listen, "ledger", {"response_class": Events, "responses": {503: {"model": shapes.Problem}}}),
            ("/feed.atom", self.atom, "ledger", {"response_class": Atom}),
            ("/dead-letters", self.letters, "operators", {"response_model": shapes.Letters}),
            ("/status", self.status, "operators", {"response_model": shapes.Status}),
        ):
            router.add_api_route(path, answer, tags=[tag], **options)
        return router

    async def incidents(self, request: Request, wanted: Annotated[WantedPage, Query()]) -> Response:
        """Incidents that pass the filters, the latest told of first."""
        page = await self._page(wanted)
        return _reply(request, {"incidents": page.values, "cursor": page.cursor})

    async def geojson(self, request: Request, wanted: Annotated[WantedPage, Query()]) -> Response:
        """The same as GeoJSON (RFC 7946)."""
        page = await self._page(wanted)
        return _reply(request, formats.collection(page.values, page.cursor), "application/geo+json")

    async def table(self, request: Request, wanted: Annotated[WantedTable, Query()]) -> Response:
        """The same as CSV; the next page's cursor is in the header `X-Cursor`."""
        page = await self._page(wanted)
        answer = _reply(request, formats.table(page.values, hxl=wanted.hxl).encode(), "text/csv; charset=utf-8")
        if page.cursor is not None:
            answer.headers["X-Cursor"] = page.cursor
        return answer

    async def on_a_map(self, request: Request, wanted: Annotated[Wanted, Query()]) -> Response:
        """What a map shows of every incident that passes the filters, at most 20,000 of them, in brief."""
        filters = wanted.filters()
        body, packed = await self._kept.get(("map", repr(filters)), partial(_map, self._store, filters))
        return _reply(request, body, "application/geo+json", packed)

    async def history(self, request: Request, wanted: Annotated[Wanted, Query()]) -> Response:
        """How the tolls on the map came about, so that it can be shown as it was told at any time."""
        filters = wanted.filters()
        body, packed = await self._kept.get(("history", repr(filters)), partial(_history, self._store, filters))
        return _reply(request, body, packed=packed)

    async def incident(self, request: Request, incident_id: str) -> Response:
        """One incident, its state and its ledger. What was merged says into which."""
        found = await asyncio.to_thread(self._store.incident, _plain(incident_id))
        if found is None:
            raise HTTPException(404, "no such incident")
        state, merged_into, value = found
        told = await asyncio.to_thread(self._store.revisions, incident_id, limit=_LEDGER)
        return _reply(request, {"state": state, "merged_into": merged_into, "incident": value, "revisions": told})

    async def articles_of(self, request: Request, incident_id: str) -> Response:
        """The articles that report it, with every figure and place that was read in them, and their copies."""
        found = await asyncio.to_thread(self._store.articles_of, _plain(incident_id), _ARTICLES)
        copies = await asyncio.to_thread(self._store.copies_of, [one["article_id"] for one in found], _ARTICLES)
        return _reply(request, {"articles": found, "copies": copies})

    async def article(self, request: Request, article_id: str) -> Response:
        """An article as it was read, the incidents that it reports, and its copies."""
        value = await asyncio.to_thread(self._store.article, _plain(article_id))
        if value is None:
            raise HTTPException(404, "no such article")
        told = await asyncio.to_thread(self._store.incidents_of, article_id)
        _, copies = await asyncio.to_thread(self._store.cluster, value["duplicate"]["cluster_id"], _ARTICLES)
        return _reply(request, {"article": value, "incidents": told, "copies": copies})

    async def cluster(self, request: Request, cluster_id: str) -> Response:
        """One story: its editions and what each changed, and its copies."""
        heads, copies = await asyncio.to_thread(self._store.cluster, _plain(cluster_id), _ARTICLES)
        if not heads and not copies:
            raise HTTPException(404, "no such cluster")
        return _reply(request, {"articles": heads, "copies": copies})

    async def revisions(
        self,
        request: Request,
        after: Annotated[int, Field(ge=0, le=2**62), _WHOLE, Query(description="the last number that you have")] = 0,
        limit: Annotated[int, Field(ge=1, le=MOST), _WHOLE, Query()] = 100,
    ) -> Response:
        """Changes of tolls in the order in which they came."""
        return _reply(request, {"revisions": await asyncio.to_thread(self._store.revisions, after=after, limit=limit)})

    async def listen(self, request: Request) -> Response:
        """Changes of tolls as they come, as server-sent events; `Last-Event-ID` repeats what was missed since."""
        if self._hub.full:
            raise HTTPException(503, "too many listen already", {"Retry-After": "30"})
        if "head" in request.scope:
            return Response(media_type=Events.media_type, headers={"Cache-Control": "no-store"})
        last = request.headers.get("last-event-id", "")
        after = int(last) if _NUMBER.fullmatch(last) else None
        stream = _events(self._store, self._hub, after)
        return Events(stream, headers={"Cache-Control": "no-store"})

    async def atom(self, request: Request) -> Response:
        """The newest hundred changes of tolls as an Atom feed (RFC 4287)."""
        newest = await asyncio.to_thread(self._store.newest_revisions, 100)
        return _reply(request, formats.atom(newest, str(request.base_url).rstrip("/")), "application/atom+xml")

    async def letters(self, request: Request, reason: Annotated[str | None, Query(max_length=64)] = None) -> Response:
        """Records that could not be read: how many by reason, and the newest 200, of one reason or of all."""
        counts, newest = await asyncio.to_thread(self._store.letters, _plain(reason), _LETTERS)
        return _reply(request, {"reasons": counts, "letters": newest})

    async def status(self, request: Request) -> Response:
        """How far behind the topics this store is, what it holds and since when."""
        counts = await asyncio.to_thread(self._store.counts)
        now = {
            "version": __version__,
            "trouble": self._feed.trouble,
            "lag": self._feed.lag,
            "read": self._feed.read_total,
        }
        return _reply(request, {**now, "listening": self._hub.listening, **counts})

    async def _page(self, wanted: WantedPage) -> Page:
        return await asyncio.to_thread(self._store.incidents, wanted.filters(), wanted.limit, wanted.cursor)


def _map(store: Store, wanted: Filters) -> bytes:
    page = store.incidents(wanted, MOST_ON_A_MAP)
    return orjson.dumps(formats.collection(map(formats.brief, page.values), page.cursor))


def _history(store: Store, wanted: Filters) -> bytes:
    briefs, entries = store.history(wanted, MOST_ON_A_MAP)
    return orjson.dumps(formats.history(map(formats.brief, briefs), entries))


async def _events(store: Store, hub: Hub, last: int | None) -> AsyncIterator[bytes]:
    """What came since the entry that the client had last, then what comes, with a sign of life in between."""
    with hub.listener() as listener:
        yield b"retry: 3000\n\n"
        told = last or 0
        if last is not None:
            if last > await asyncio.to_thread(store.last_seq):
                told = 0  # the store was made anew, and numbers begin again
            while missed := await asyncio.to_thread(store.revisions, after=told, limit=_REPLAYED):
                told = missed[-1]["seq"]
                yield b"".join(Entry.of(revision).sent for revision in missed)
        while (entries := await listener.more()) is not None:
            fresh = [entry.sent for entry in entries if entry.seq is None or entry.seq > told]
            if fresh:
                yield fresh[0] if len(fresh) == 1 else b"".join(fresh)


def _plain(text: Any) -> Any:
    """Text that any database can be asked for: what cannot be printed stands in no name of ours."""
    if isinstance(text, str) and not text.isprintable():
        return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
    return text


def _time(name: str, text: str | None) -> float | None:
    if text is None:
        return None
    found = seconds(text.upper().replace(" ", "+").replace(":60", ":59"))  # "+" is a space there; leap seconds
    if found is None:
        raise HTTPException(422, f"{name}: expected a time such as 2026-11-28T12:00:00Z")
    return found


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    west, south, east, north = (float(part) for part in text.split(","))
    return west, min(south, north), east, max(south, north)
