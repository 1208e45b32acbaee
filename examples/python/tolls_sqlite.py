"""The tolls of all incidents as they stand, in a table of SQLite.

pip install confluent-kafka stream-app-events
python tolls_sqlite.py BROKERS tolls.db [TOPIC]
sqlite3 tolls.db "select incident_id, place, killed_low, killed_high, closed from tolls"

The table and the offsets are written in one transaction, so the program may be killed at any moment: it goes on where
the table is.
"""

import json
import sqlite3
import sys

from confluent_kafka import Consumer, TopicPartition

from stream_app_events import Change, change_of, read

SCHEMA = """
create table if not exists tolls (
    incident_id text primary key, place text, country text, cause text, killed_low integer, killed_high integer,
    closed integer not null default 0, toll text not null
);
create table if not exists merged (incident_id text primary key, into_incident text not null);
create table if not exists offsets (part integer primary key, next integer not null);
"""


def main(brokers: str, path: str, topic: str = "incidents.tolls") -> None:
    """Follow the topic until somebody ends the program."""
    db = sqlite3.connect(path)
    db.executescript(SCHEMA)
    consumer = Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": "tolls-sqlite",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
        }
    )
    known = dict(db.execute("select part, next from offsets"))
    parts = consumer.list_topics(topic, timeout=30).topics[topic].partitions
    consumer.assign([TopicPartition(topic, part, known.get(part, 0)) for part in parts])
    while True:
        messages = [message for message in consumer.consume(500, timeout=0.2) if message.error() is None]
        with db:  # one transaction
            for message in messages:
                change = change_of(read(message.key(), message.value(), message.headers()))
                if change is not None:
                    apply(db, change)
                db.execute("insert or replace into offsets values (?, ?)", (message.partition(), message.offset() + 1))


def apply(db: sqlite3.Connection, change: Change) -> None:
    """Write, close or delete one row."""
    if change.toll is not None:
        place, killed = change.toll["place"] or {}, change.toll["toll"].get("killed") or {}
        db.execute("delete from merged where incident_id = ?", (change.incident_id,))
        db.execute(
            "insert or replace into tolls values (?, ?, ?, ?, ?, ?, 0, ?)",
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
        db.execute("update tolls set closed = 1 where incident_id = ?", (change.incident_id,))
    else:
        db.execute("delete from tolls where incident_id = ?", (change.incident_id,))
        if change.merged_into is not None:
            db.execute("insert or replace into merged values (?, ?)", (change.incident_id, change.merged_into))


if __name__ == "__main__":
    main(*sys.argv[1:])
