"""The tolls of all incidents as they stand, in a table of PostgreSQL.

pip install confluent-kafka "psycopg[binary]" stream-app-events
python tolls_postgres.py BROKERS postgresql://localhost/news [TOPIC]
psql news -c "select incident_id, place, killed_low, killed_high, closed from tolls"

The table and the offsets are written in one transaction, so the program may be killed at any moment: it goes on where
the table is.
"""

import json
import sys

import psycopg
from confluent_kafka import Consumer, TopicPartition

from stream_app_events import Change, change_of, read

SCHEMA = """
create table if not exists tolls (
    incident_id text primary key, place text, country text, cause text, killed_low integer, killed_high integer,
    closed boolean not null default false, toll jsonb not null
);
create table if not exists merged (incident_id text primary key, into_incident text not null);
create table if not exists offsets (part integer primary key, next bigint not null);
"""
ROW = """
insert into tolls values (%s, %s, %s, %s, %s, %s, false, %s)
on conflict (incident_id) do update set place = excluded.place, country = excluded.country, cause = excluded.cause,
    killed_low = excluded.killed_low, killed_high = excluded.killed_high, closed = false, toll = excluded.toll
"""
MERGED = (
    "insert into merged values (%s, %s) on conflict (incident_id) do update set into_incident = excluded.into_incident"
)
OFFSET = "insert into offsets values (%s, %s) on conflict (part) do update set next = excluded.next"


def main(brokers: str, database: str, topic: str = "incidents.tolls") -> None:
    """Follow the topic until somebody ends the program."""
    db = psycopg.connect(database, autocommit=True)
    db.execute(SCHEMA)
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "tolls-postgres",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
        }
    )
    known = dict(db.execute("select part, next from offsets"))
    parts = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    consumer.assign([TopicPartition(topic, part, known.get(part, 0)) for part in parts])
    while True:
        messages = [message for message in consumer.consume(500, timeout=0.2) if message.error() is None]
        with db.transaction():  # one transaction
            for message in messages:
                change = change_of(read(message.key(), message.value(), message.headers()))
                if change is not None:
                    apply(db, change)
                db.execute(OFFSET, (message.partition(), message.offset() + 1))


def apply(db: psycopg.Connection, change: Change) -> None:
    """Write, close or delete one row."""
    if change.toll is not None:
        place, killed = change.toll["place"] or {}, change.toll["toll"].get("killed") or {}
        db.execute("delete from merged where incident_id = %s", (change.incident_id,))
        db.execute(
            ROW,
            (
                change.incident_id,
                place.get("name"),
                place.get("country_code"),
                change.toll["cause"],
                killed.get("low"),
                killed.get("high"),
                json.dumps(change.toll["toll"]),
            ),
        )
    elif change.closed:
        db.execute("update tolls set closed = true where incident_id = %s", (change.incident_id,))
    else:
        db.execute("delete from tolls where incident_id = %s", (change.incident_id,))
        if change.merged_into is not None:
            db.execute(MERGED, (change.incident_id, change.merged_into))


if __name__ == "__main__":
    main(*sys.argv[1:])
