"""The tables of the store. Times stand twice: as text, as the event has them, and in seconds since 1970, to compare.

Rows of incidents, members and tolls carry the offset of the record that they come from: where several copies of this
program fill one database, an older record does not overwrite what a newer one has told.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()

_Counting = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts rows by plain integers only

offsets = Table(
    "offsets",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next", BigInteger, nullable=False),
    Column("first_ms", BigInteger),  # the time of the first record that was kept: since when the store knows
)
incidents = Table(
    "incidents",
    metadata,
    Column("incident_id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # standing, expired (still true), merged, withdrawn
    Column("merged_into", Text),
    Column("first_s", Float),
    Column("last_s", Float),
    Column("lat", Float),
    Column("lon", Float),
    Column("country", Text),
    Column("cause", Text),
    Column("words", Text),  # names of places in lower case, to be searched
    Column("languages", Text),  # " en uk "
    Column("value", Text),  # the toll as it was published
    Index("incidents_by_time", "state", "last_s", "incident_id"),
    Index("incidents_by_merge", "merged_into"),
)
tolls = Table(
    "tolls",
    metadata,
    Column("incident_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("low", BigInteger),
    Column("high", BigInteger),
    Index("tolls_by_size", "kind", "low"),
)
revisions = Table(
    "revisions",
    metadata,
    Column("seq", _Counting, primary_key=True, autoincrement=True),
    Column("revision_id", Text, nullable=False, unique=True),
    Column("incident_id", Text, nullable=False),
    Column("when_s", Float),
    Column("value", Text, nullable=False),
    Index("revisions_by_incident", "incident_id", "seq"),
)
members = Table(
    "members",
    metadata,
    Column("report_id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("article_id", Text, nullable=False),
    Column("incident_id", Text, nullable=False),
    Index("members_by_incident", "incident_id"),
)
articles = Table(
    "articles",
    metadata,
    Column("article_id", Text, primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("cluster_id", Text),
    Column("published_s", Float),
    Column("title", Text),
    Column("source", Text),
    Column("value", Text, nullable=False),
    Index("articles_by_cluster", "cluster_id"),
)
duplicates = Table(
    "duplicates",
    metadata,
    Column("event_id", Text, primary_key=True),
    Column("article_id", Text, nullable=False),
    Column("cluster_id", Text),
    Column("value", Text, nullable=False),
    Index("duplicates_by_cluster", "cluster_id"),
)
figures = Table(
    "figures",
    metadata,
    Column("figure_id", Text, primary_key=True),
    Column("article_id", Text, nullable=False),
    Column("country", Text),
    Column("kind", Text),
    Column("value", Text, nullable=False),
    Index("figures_by_article", "article_id"),
)
dead_letters = Table(
    "dead_letters",
    metadata,
    Column("letter_id", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("hop", Text),
    Column("at_ms", BigInteger),
    Column("message", Text),
    Column("excerpt", Text),
    Index("dead_letters_by_reason", "reason", "at_ms"),
)
