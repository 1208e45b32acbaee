"""What schemas/asyncapi.yaml holds: every topic with its messages, headers, Kafka bindings and examples.

Made from the schemas, from stream_app/service/topics.py and from the reasons of dead letters; see make_events.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from stream_app import __version__
from stream_app.core.hops import DEAD_LETTER, RAW
from stream_app.core.poison import REASONS
from stream_app.service.topics import TOPICS, TopicSpec
from stream_app.settings import Settings

ROOT = Path(__file__).parent.parent
KAFKA = "0.5.0"
FORMAT = "application/schema+json;version=draft-2020-12"
OURS_ALONE = " Nobody but stream-app should build on it."

Node = dict[str, Any]


def text(meaning: str, **more: Any) -> Node:
    return {"type": "string", "description": meaning, **more}


HEADERS: dict[str, Node] = {
    "rawHeaders": {
        "type": "object",
        "description": (
            "None is needed. What a producer sends goes on as `producer-...`, is kept with a dead letter and sent "
            "along by `redrive`."
        ),
        "properties": {
            "source": text("On a null value, who takes the article back; else `ce_source` is looked at."),
            "ce_id": text("A CloudEvent's own id."),
            "ce_source": text("A CloudEvent's own source."),
            "traceparent": text("W3C trace context; goes on with all that comes of it."),
            "tracestate": text("Beside it."),
        },
    },
    "cloudEventHeaders": {
        "type": "object",
        "description": "CloudEvents 1.0, binary mode.",
        "required": ["ce_id", "ce_source", "ce_type", "ce_time", "ce_specversion", "content-type"],
        "properties": {
            "ce_id": text("The event's id: a repeat has the same, so keep what you have done under it."),
            "ce_source": text("Always /stream-app.", const="/stream-app"),
            "ce_type": text("The schema's name and major version."),
            "ce_time": text("Timestamp of the raw record, RFC 3339.", format="date-time"),
            "ce_specversion": text("Always 1.0.", const="1.0"),
            "content-type": text("Always application/json.", const="application/json"),
            "stream-app-timestamp-ms": text("When the raw record says it was made: milliseconds since 1970."),
            "traceparent": text("W3C trace context: the producer's, or with tracing on a span of its trace."),
            "tracestate": text("Beside it, if there was one."),
            "producer-ce_id": text(
                "In events of one article alone, the `ce_id` that its producer sent; so with all other headers that it "
                "sent, 1 KB of them at most. Nobody vouches for them."
            ),
        },
    },
    "keptHeaders": {
        "allOf": [{"$ref": "#/components/schemas/cloudEventHeaders"}],
        "description": "On a record without a value, beside the others, how its key ended.",
        "properties": {
            "tombstone": text(
                "`expired`: the last value stays true and will not change; `merged`: it goes on as another incident; "
                "`withdrawn`: nobody reports it any more.",
                enum=["expired", "merged", "withdrawn"],
            ),
            "merged-into": text("With `merged`, the incident that goes on."),
        },
    },
    "deadLetterHeaders": {
        "type": "object",
        "description": (
            "Beside these the headers that the record came with, 16 KB of them at most; those of a raw record that "
            "bear one of these names stand behind `producer-`. Names of KIP-1034."
        ),
        "required": [
            "reason", "hop", "__streams.errors.exception", "__streams.errors.message", "__streams.errors.topic",
            "__streams.errors.partition", "__streams.errors.offset", "stream-app-version",
        ],
        "properties": {
            "reason": text("Why it died.", enum=list(REASONS)),
            "hop": text("The hop that refused it: read, match, tag or count."),
            "__streams.errors.exception": text("Name of the exception."),
            "__streams.errors.message": text("What is wrong, at most 1 KB."),
            "__streams.errors.stacktrace": text("Of a fault of ours (`internal_error`), where it was."),
            "__streams.errors.topic": text("Topic of the record."),
            "__streams.errors.partition": text("Its partition."),
            "__streams.errors.offset": text("Its offset."),
            "stream-app-timestamp-ms": text("Timestamp of the raw record: milliseconds since 1970."),
            "stream-app-version": text("Version of stream-app that refused it."),
            "truncated-from-bytes": text("How large the value was, where only its beginning is kept."),
            "truncated-key-from-bytes": text("How large the key was, where only its beginning is kept."),
        },
    },
}  # fmt: skip


def name_of(spec: TopicSpec) -> str:
    """The topic's name as an identifier: `articlesDeadLetter`."""
    first, *rest = spec.name.replace("-", ".").split(".")
    return first + "".join(word.title() for word in rest)


def schema_of(spec: TopicSpec) -> Node:
    found: Node = json.loads((ROOT / "schemas" / f"{spec.name}-1.json").read_text(encoding="utf-8"))
    return found


def is_internal(spec: TopicSpec) -> bool:
    return spec.name != DEAD_LETTER and "(internal)" in schema_of(spec)["title"]


def takes_back(event: Node) -> bool:
    """Whether it withdraws an article: a poor example of one."""
    return bool(event.get("withdrawn") or (event.get("metadata") or {}).get("withdrawn"))


def channel(spec: TopicSpec) -> Node:
    defaults = Settings()
    config = spec.config(defaults)
    return {
        "address": spec.name,
        "description": f"{spec.value[0].upper()}{spec.value[1:]}. Key: {spec.key}."
        + (OURS_ALONE if is_internal(spec) else ""),
        "messages": {name_of(spec): {"$ref": f"#/components/messages/{name_of(spec)}"}},
        "bindings": {
            "kafka": {
                "topic": spec.name,
                "partitions": spec.partitions(defaults),
                "replicas": defaults.replication,
                "topicConfiguration": {
                    "cleanup.policy": [config["cleanup.policy"]],
                    **({"retention.ms": int(config["retention.ms"])} if "retention.ms" in config else {}),
                    "max.message.bytes": int(config["max.message.bytes"]),
                },
                "bindingVersion": KAFKA,
            }
        },
    }


def headers_of(spec: TopicSpec) -> str:
    if spec.name == RAW:
        return "rawHeaders"
    if spec.name == DEAD_LETTER:
        return "deadLetterHeaders"
    return "keptHeaders" if spec.compacted else "cloudEventHeaders"


def message(spec: TopicSpec) -> Node:
    dead = spec.name == DEAD_LETTER
    shown: Node = {
        "name": name_of(spec),
        "title": "A record that could never succeed" if dead else schema_of(spec)["title"],
        "contentType": "application/octet-stream" if dead else "application/json",
        "headers": {"$ref": f"#/components/schemas/{headers_of(spec)}"},
        "bindings": {"kafka": {"key": text(spec.key), "bindingVersion": KAFKA}},
    }
    if dead:
        return {**shown, "payload": {"description": "The original bytes."}}
    schema = schema_of(spec)
    shown["payload"] = {"schemaFormat": FORMAT, "schema": {"$ref": f"./{spec.name}-1.json"}}
    shortest = min(schema["examples"], key=lambda event: (takes_back(event), len(json.dumps(event))))
    example: Node = {"name": "short", "payload": shortest}
    if "event_id" in schema["properties"] and spec.name != RAW:
        example["headers"] = {
            "ce_id": shortest.get("figure_id", shortest["event_id"]),
            "ce_source": "/stream-app",
            "ce_type": shortest["schema"],
            "ce_time": "2022-03-01T06:10:00.000Z",
            "ce_specversion": "1.0",
            "content-type": "application/json",
        }
    return {**shown, "examples": [example]}


def document() -> Node:
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "stream-app",
            "version": __version__,
            "description": (
                "Casualty figures, places and incident tolls from a stream of news. Delivery is at least once; ids "
                "derive from content, so a consumer that keeps what it has done under each ce_id sees each effect "
                "once. A prefix from the settings goes before every topic's name."
            ),
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"kafka": {"host": "localhost:9092", "protocol": "kafka", "description": "Your cluster."}},
        "channels": {name_of(spec): channel(spec) for spec in TOPICS},
        "operations": {
            f"{'read' if spec.name == RAW else 'publish'}{name_of(spec)[0].upper()}{name_of(spec)[1:]}": {
                "action": "receive" if spec.name == RAW else "send",
                "channel": {"$ref": f"#/channels/{name_of(spec)}"},
            }
            for spec in TOPICS
        },
        "components": {"messages": {name_of(spec): message(spec) for spec in TOPICS}, "schemas": HEADERS},
    }


def written() -> str:
    head = "# Made by scripts/make_events.py; do not edit.\n"
    return head + yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=120)
