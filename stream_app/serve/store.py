"""The store: what the topics have told, in SQLite or PostgreSQL, and the questions that the API asks of it.

A batch of records and the offsets behind it are written in one transaction, so a program that died goes on where its
database stands. Each row is put in by its key; told twice, it is there once.
"""

from __future__ import annotations

import base64
import binascii
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import (
    Connection,
    Select,
    Table,
    and_,
    create_engine,
    delete,
    event,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from stream_app.serve.records import Consumed, Values, by_table
from stream_app.serve.tables import (
    articles,
    dead_letters,
    duplicates,
    figures,
    incidents,
    members,
    metadata,
    offsets,
    revisions,
    tolls,
)
from stream_app.settings import SettingsError

VISIBLE = ("standing", "expired")
"""An expired incident's last toll stays true; a merged or withdrawn one counts no longer."""
EVER = (*VISIBLE, "merged", "withdrawn")
_KEYS: Mapping[Table, str] = {
    incidents: "incident_id",
    members: "report_id",
    articles: "article_id",
    duplicates: "event_id",
    figures: "figure_id",
    dead_letters: "letter_id",
    revisions: "revision_id",
}
_ONCE = (duplicates, figures, dead_letters, revisions)
"""Tables whose rows never change: what is there already is what would be put in."""
_LEDGER = 5_026_112_926  # the lock under which entries are numbered, so that none appears behind a higher one
_SCHEMES = {"sqlite": "sqlite", "postgresql": "postgresql+pg8000", "postgres": "postgresql+pg8000"}


class CursorError(ValueError):
    """A page was asked for with a cursor that none of our answers has given."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which incidents are wanted. Times in seconds since 1970; `box`: west, south, east, north in degrees."""

    since_s: float | None = None
    until_s: float | None = None
    box: tuple[float, float, float, float] | None = None
    countries: Sequence[str] = ()
    causes: Sequence[str] = ()
    kind: str | None = None
    least: int | None = None
    text: str | None = None
    language: str | None = None


@dataclass(slots=True)
class Page:
    """Incidents, the latest first, and where the next page begins."""

    values: list[Values] = field(default_factory=list)
    cursor: str | None = None


class Store:
    """One database. Methods block: the API calls them from threads.

    Raises:
        SettingsError: the address names no database that can be used.
    """

    def __init__(self, url: str) -> None:
        scheme, colon, rest = url.partition("://")
        if not colon or scheme not in _SCHEMES:
            raise SettingsError(f"STREAM_APP_STORE={_safe(url)}: expected sqlite:///FILE or postgresql://HOST/NAME")
        options: dict[str, Any] = {"connect_args": {"timeout": 30}} if scheme == "sqlite" else {"pool_pre_ping": True}
        try:
            self._engine = create_engine(f"{_SCHEMES[scheme]}://{rest}", **options)
            if scheme == "sqlite":
                event.listen(self._engine, "connect", _prepare_sqlite)
            metadata.create_all(self._engine)
        except (SQLAlchemyError, ArgumentError, NoSuchModuleError, OSError, ValueError) as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise SettingsError(f"STREAM_APP_STORE={_safe(url)}: {reason}") from error
        self._shared = scheme != "sqlite"
        self._insert: Any = postgresql.insert if self._shared else sqlite.insert

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    # Writing

    def offsets(self) -> dict[tuple[str, int], int]:
        """Where to go on reading, by topic (without prefix) and partition."""
        with self._engine.connect() as connection:
            found = connection.execute(select(offsets.c.topic, offsets.c.partition, offsets.c.next))
            return {(topic, partition): at for topic, partition, at in found}

    def apply(self, records: Sequence[Consumed]) -> None:
        """Put in what the records say, and that they were read."""
        rows = by_table(records)
        with self._engine.begin() as connection:
            if self._shared and revisions in rows:
                connection.execute(select(func.pg_advisory_xact_lock(_LEDGER)))
            for table, values in rows.items():
                if table is not tolls:
                    self._put(connection, table, values)
            self._put_tolls(connection, rows.get(tolls, ()))
            self._note_offsets(connection, records)

    def forget(self) -> None:
        """Empty every table: the topics were made anew."""
        with self._engine.begin() as connection:
            for table in metadata.sorted_tables:
                connection.execute(delete(table))

    def _put(self, connection: Connection, table: Table, values: Sequence[Values]) -> None:
        key = _KEYS[table]
        if table in _ONCE:
            once = {row[key]: row for row in values}
            connection.execute(self._insert(table).on_conflict_do_nothing(index_elements=[key]), list(once.values()))
            return
        shapes: dict[tuple[str, ...], dict[str, Values]] = {}
        for row in values:  # a tombstone leaves what the toll was; so rows of one table are of two shapes
            for others in shapes.values():
                if (before := others.pop(row[key], None)) is not None:
                    row = before | row  # noqa: PLW2901  # the later of the two tells what it tells
            shapes.setdefault(tuple(row), {})[row[key]] = row
        for rows in shapes.values():
            if rows:
                self._replace(connection, table, [key], list(rows.values()))

    def _replace(self, connection: Connection, table: Table, keys: Sequence[str], rows: list[Values]) -> None:
        """Put rows in; one that is there gives way unless it is of a later record."""
        statement = self._insert(table)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        statement = statement.on_conflict_do_update(
            index_elements=list(keys), set_=changed, where=table.c.at <= statement.excluded.at
        )
        connection.execute(statement, rows)

    def _put_tolls(self, connection: Connection, values: Sequence[Values]) -> None:
        """The kinds of each incident as its last record has them; what an earlier one had more goes."""
        if not values:
            return
        last: dict[str, int] = {}
        for row in values:
            last[row["incident_id"]] = max(row["at"], last.get(row["incident_id"], -1))
        rows = [row for row in values if row["at"] == last[row["incident_id"]]]
        self._replace(connection, tolls, ["incident_id", "kind"], rows)
        for incident_id, at in last.items():
            connection.execute(delete(tolls).where(tolls.c.incident_id == incident_id, tolls.c.at < at))

    def _note_offsets(self, connection: Connection, records: Sequence[Consumed]) -> None:
        ends: dict[tuple[str, int], Values] = {}
        for record in records:
            row = ends.setdefault(
                (record.topic, record.partition),
                {"topic": record.topic, "partition": record.partition, "first_ms": record.timestamp_ms},
            )
            row["next"] = record.offset + 1
        if ends:
            statement = self._insert(offsets)
            statement = statement.on_conflict_do_update(
                index_elements=["topic", "partition"],
                set_={"next": statement.excluded.next},
                where=offsets.c.next < statement.excluded.next,
            )
            connection.execute(statement, list(ends.values()))

    # Reading

    def incidents(self, wanted: Filters, limit: int, cursor: str | None = None) -> Page:
        """Incidents that pass the filters, the latest first; at most `limit`, from where the cursor says.

        Raises:
            CursorError: the cursor is none of ours.
        """
        chosen = _filtered(select(incidents.c.value, incidents.c.last_s, incidents.c.incident_id), wanted)
        if cursor is not None:
            last_s, incident_id = _read_cursor(cursor)
            chosen = chosen.where(
                tuple_(incidents.c.last_s, incidents.c.incident_id) < tuple_(*map(literal, (last_s, incident_id)))
            )
        chosen = chosen.order_by(incidents.c.last_s.desc(), incidents.c.incident_id.desc()).limit(limit + 1)
        with self._engine.connect() as connection:
            found = connection.execute(chosen).all()
        more = len(found) > limit
        end = _cursor(found[limit - 1].last_s, found[limit - 1].incident_id) if more else None
        return Page([orjson.loads(row.value) for row in found[:limit]], end)

    def history(self, wanted: Filters, limit: int) -> tuple[list[Values], list[Values]]:
        """The latest incidents that pass the filters, also those that stand no longer, and the ledger of them all."""
        chosen = _filtered(select(incidents.c.incident_id, incidents.c.value), wanted, EVER)
        chosen = chosen.order_by(incidents.c.last_s.desc(), incidents.c.incident_id.desc()).limit(limit)
        ids = chosen.with_only_columns(incidents.c.incident_id).subquery()
        ledger = select(revisions.c.value).join(ids, ids.c.incident_id == revisions.c.incident_id)
        with self._engine.connect() as connection:
            found = [orjson.loads(row.value) for row in connection.execute(chosen)]
            return found, [orjson.loads(text) for text in connection.scalars(ledger.order_by(revisions.c.seq))]

    def incident(self, incident_id: str) -> tuple[str, str | None, Values | None] | None:
        """State, the incident it was merged into, and its last toll; None when it was never told."""
        columns = (incidents.c.state, incidents.c.merged_into, incidents.c.value)
        with self._engine.connect() as connection:
            row = connection.execute(select(*columns).where(incidents.c.incident_id == incident_id)).one_or_none()
        return None if row is None else (row.state, row.merged_into, orjson.loads(row.value) if row.value else None)

    def revisions(self, incident_id: str | None = None, *, after: int = 0, limit: int = 1000) -> list[Values]:
        """Entries of the ledger in the order in which they came, of one incident or of all, from behind a number."""
        chosen = select(revisions.c.seq, revisions.c.value).where(revisions.c.seq > after)
        if incident_id is not None:
            chosen = chosen.where(revisions.c.incident_id == incident_id)
        with self._engine.connect() as connection:
            return [_revision(row) for row in connection.execute(chosen.order_by(revisions.c.seq).limit(limit))]

    def last_seq(self) -> int:
        """The number of the newest entry of the ledger; 0 when there is none."""
        with self._engine.connect() as connection:
            return connection.scalar(select(func.max(revisions.c.seq))) or 0

    def newest_revisions(self, limit: int) -> list[Values]:
        """The last entries of the ledger, the newest first."""
        chosen = select(revisions.c.seq, revisions.c.value).order_by(revisions.c.seq.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [_revision(row) for row in connection.execute(chosen)]

    def articles_of(self, incident_id: str, limit: int) -> list[Values]:
        """The articles whose reports belong to an incident, the earliest first."""
        chosen = (
            select(articles.c.value)
            .where(articles.c.article_id.in_(_members(incident_id)))
            .order_by(articles.c.published_s, articles.c.article_id)
            .limit(limit)
        )
        return self._values(chosen)

    def copies_of(self, article_ids: Sequence[str], limit: int) -> list[Values]:
        """Copies in the stories of these articles, in an order of their own."""
        stories = select(articles.c.cluster_id).where(articles.c.article_id.in_(article_ids))
        chosen = select(duplicates.c.value).where(duplicates.c.cluster_id.in_(stories))
        return self._values(chosen.order_by(duplicates.c.event_id).limit(limit))

    def article(self, article_id: str) -> Values | None:
        """The enriched event of an article in its last edition."""
        found = self._values(select(articles.c.value).where(articles.c.article_id == article_id))
        return found[0] if found else None

    def incidents_of(self, article_id: str) -> list[str]:
        """The incidents that an article reports."""
        chosen = select(members.c.incident_id).where(members.c.article_id == article_id).distinct()
        with self._engine.connect() as connection:
            return sorted(connection.scalars(chosen))

    def cluster(self, cluster_id: str, limit: int) -> tuple[list[Values], list[Values]]:
        """The articles of a cluster and its copies."""
        heads = select(articles.c.value).where(articles.c.cluster_id == cluster_id).order_by(articles.c.published_s)
        copies = select(duplicates.c.value).where(duplicates.c.cluster_id == cluster_id)
        return self._values(heads.limit(limit)), self._values(copies.order_by(duplicates.c.event_id).limit(limit))

    def letters(self, reason: str | None, limit: int) -> tuple[dict[str, int], list[Values]]:
        """How many dead letters there are of each reason, and the newest, of one reason or of all."""
        counts = select(dead_letters.c.reason, func.count()).group_by(dead_letters.c.reason)
        chosen = select(dead_letters).order_by(dead_letters.c.at_ms.desc(), dead_letters.c.letter_id.desc())
        if reason is not None:
            chosen = chosen.where(dead_letters.c.reason == reason)
        with self._engine.connect() as connection:
            found = [
                {str(name): value for name, value in row.items()}
                for row in connection.execute(chosen.limit(limit)).mappings()
            ]
            by_reason = {row.reason: row[1] for row in connection.execute(counts)}
            return dict(sorted(by_reason.items())), found

    def counts(self) -> Values:
        """How much is kept, and since when: the time of the first record of each topic that was still there."""
        with self._engine.connect() as connection:
            states = {
                row.state: row[1]
                for row in connection.execute(select(incidents.c.state, func.count()).group_by(incidents.c.state))
            }
            kept = {str(table.name): connection.scalar(select(func.count()).select_from(table)) for table in _KEYS}
            since = connection.execute(select(offsets.c.topic, func.min(offsets.c.first_ms)).group_by(offsets.c.topic))
            begun = {topic: _rfc3339(first_ms) for topic, first_ms in since if first_ms is not None}
        return {"incidents": states, "kept": kept, "since": dict(sorted(begun.items()))}

    def _values(self, chosen: Select[Any]) -> list[Values]:
        with self._engine.connect() as connection:
            return [orjson.loads(text) for text in connection.scalars(chosen)]


def _prepare_sqlite(connection: Any, _: Any) -> None:
    """Let readers read while one writes; what a machine that dies takes along is read from the topics again."""
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _members(incident_id: str) -> Select[Any]:
    """Articles of an incident, and of those merged into it: only the newest of their members are told again."""
    within = select(literal(incident_id).label("incident_id")).cte(recursive=True)
    merged = select(incidents.c.incident_id).join(within, incidents.c.merged_into == within.c.incident_id)
    within = within.union(merged)
    return select(members.c.article_id).where(members.c.incident_id.in_(select(within.c.incident_id)))


def _filtered(chosen: Select[Any], wanted: Filters, states: Sequence[str] = VISIBLE) -> Select[Any]:
    chosen = chosen.where(incidents.c.state.in_(states), incidents.c.value.is_not(None))
    if wanted.since_s is not None:
        chosen = chosen.where(incidents.c.last_s >= wanted.since_s)
    if wanted.until_s is not None:
        chosen = chosen.where(incidents.c.first_s <= wanted.until_s)
    if wanted.box is not None:
        west, south, east, north = wanted.box
        inside = and_(incidents.c.lon >= west, incidents.c.lon <= east)
        across = or_(incidents.c.lon >= west, incidents.c.lon <= east)  # over the date line
        chosen = chosen.where(incidents.c.lat.between(south, north), inside if west <= east else across)
    for column, names in ((incidents.c.country, wanted.countries), (incidents.c.cause, wanted.causes)):
        if names:
            chosen = chosen.where(column.in_(names))
    if wanted.text:
        chosen = chosen.where(_says(wanted.text))
    if wanted.language:
        chosen = chosen.where(incidents.c.languages.contains(f" {wanted.language} ", autoescape=True))
    if wanted.kind is not None or wanted.least is not None:
        sized = select(tolls.c.incident_id).where(tolls.c.low >= (wanted.least or 0))
        if wanted.kind is not None:
            sized = sized.where(tolls.c.kind == wanted.kind)
        chosen = chosen.where(incidents.c.incident_id.in_(sized))
    return chosen


def _says(text: str) -> Any:
    """Every word stands in a name of the place, or the whole in a title of its articles."""
    words = text.casefold().split()
    placed = and_(*(incidents.c.words.contains(word, autoescape=True) for word in words))
    titled = (
        select(members.c.incident_id)
        .join(articles, articles.c.article_id == members.c.article_id)
        .where(*(func.lower(articles.c.title).contains(word, autoescape=True) for word in words))
    )
    return or_(placed, incidents.c.incident_id.in_(titled))


def _revision(row: Any) -> Values:
    return {"seq": row.seq, **orjson.loads(row.value)}


def _cursor(last_s: float, incident_id: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([last_s, incident_id])).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[float, str]:
    """Where a page ended.

    >>> _read_cursor(_cursor(12.5, "inc-1"))
    (12.5, 'inc-1')
    """
    try:
        last_s, incident_id = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return float(last_s), str(incident_id)
    except (binascii.Error, orjson.JSONDecodeError, UnicodeError, TypeError, ValueError):
        raise CursorError("this cursor is none that a page has given") from None


def _rfc3339(time_ms: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time_ms / 1000))


def _safe(url: str) -> str:
    """An address without its password.

    >>> _safe("postgresql://news:secret@db/news")
    'postgresql://news:***@db/news'
    """
    return re.sub(r"(?<=://)([^:/@]*):[^@]*@", r"\1:***@", url)
