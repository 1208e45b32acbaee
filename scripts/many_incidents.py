"""Ten thousand incidents on the output topics, in two parts, and an independent fold of what the topics then hold.

    python -m scripts.many_incidents publish --brokers 127.0.0.1:9092 --part 1
    python -m scripts.many_incidents publish --brokers 127.0.0.1:9092 --part 2
    python -m scripts.many_incidents fold --brokers 127.0.0.1:9092 > fold.json

The first part tells of the incidents and raises tolls; in the second some merge, some are withdrawn, some expire, one
that expired comes back. Records are the examples of the schemas with other values. The fold is a few lines of its own:
`serve` is compared with it (web/test/many.test.mjs).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from aiokafka import AIOKafkaProducer

from stream_app.core.hops import MEMBERS, REVISIONS, TOLLS, Output
from stream_app.service import headers, topics
from stream_app.service.producer import read_all
from stream_app.settings import Settings

ROOT = Path(__file__).parents[1]
COUNT = 10_000
MERGED, WITHDRAWN, EXPIRED = 300, 200, 1500
BEGIN_S = 1_646_092_800  # 1 March 2022
DAYS = 60
CAUSES = ("shelling", "shooting", "flood", "road", "earthquake", "bombing", "fire", None)
KINDS = ("killed", "injured", "displaced")

Values = dict[str, Any]


def _example(topic: str) -> Values:
    found: Values = orjson.loads((ROOT / "schemas" / f"{topic}-1.json").read_bytes())["examples"][0]
    return found


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Incidents:
    """Makes the records; the same ones each time."""

    def __init__(self, count: int = COUNT) -> None:
        self._random = random.Random(20_221_129)  # a stream that repeats
        self._toll, self._revision, self._member = map(_example, (TOLLS, REVISIONS, MEMBERS))
        towns = [(self._random.uniform(-35, 60), self._random.uniform(-120, 150)) for _ in range(400)]
        self._states: list[Values] = []
        for number in range(count):
            lat, lon = self._random.choice(towns)
            begin_s = BEGIN_S + self._random.randrange(DAYS * 86_400)
            precision = self._random.choices(("town", "province"), (9, 1))[0]
            self._states.append(
                {
                    **self._toll, "incident_id": f"inc-{number:032x}", "cause": self._random.choice(CAUSES),
                    "place": {
                        **self._toll["place"], "name": f"Town {number}",
                        "lat": round(lat + self._random.gauss(0, 0.4), 5),
                        "lon": round(lon + self._random.gauss(0, 0.4), 5), "precision": precision,
                    },
                    "first_reported": _time(begin_s), "last_reported": _time(begin_s), "toll": {},
                    "articles": [f"a-{number}"],
                }
            )  # fmt: skip

    def first(self) -> Iterator[Output]:
        """Each is told of, and some tolls move."""
        for state in self._states:
            for kind in self._random.sample(KINDS, self._random.choice((1, 1, 2, 3))):
                yield from self._told(state, kind, self._random.choice((1, 2, 3, 5, 8, 40, 300)), "new_report", 0)
            for _ in range(self._random.choice((0, 0, 1, 2))):
                kind = self._random.choice(list(state["toll"]))
                yield from self._told(
                    state, kind, state["toll"][kind]["low"] + self._random.randint(1, 9), "raised", 7200
                )
            yield self._standing(state)
            member = {**self._member, "report_id": f"r-{state['incident_id']}", "article_id": state["articles"][0]}
            yield _output(MEMBERS, member["report_id"], {**member, "incident_id": state["incident_id"]})

    def second(self) -> Iterator[Output]:
        """Some merge into their neighbours, some are taken back, some expire, and one of those is told of again."""
        for _ in self.first():
            pass  # what the first part has left
        states = self._states
        for loser, winner in zip(states[:MERGED], states[MERGED : 2 * MERGED], strict=True):
            yield from self._ended(loser, "merged", winner["incident_id"])
            kind = next(iter(winner["toll"]))
            yield from self._told(winner, kind, winner["toll"][kind]["low"] + 1, "merged", 9000)
            yield self._standing(winner)
        for state in states[2 * MERGED : 2 * MERGED + WITHDRAWN]:
            yield from self._ended(state, "withdrawn")
        for state in states[-EXPIRED:]:
            yield _output(TOLLS, state["incident_id"], None, "expired")
        back = states[-1]
        yield from self._told(back, "killed", 777, "raised", 86_400)
        yield self._standing(back)

    def _told(self, state: Values, kind: str, count: int, why: str, later_s: int) -> Iterator[Output]:
        old = state["toll"].get(kind)
        new = {"low": count, "high": None if count % 3 == 0 else count}
        last_s = datetime.fromisoformat(state["last_reported"]).timestamp() + later_s
        state["last_reported"] = _time(last_s)
        state["toll"][kind] = {**self._toll["toll"]["killed"], **new}
        yield self._entry(state, kind, old and {name: old[name] for name in ("low", "high")}, new, why)

    def _ended(self, state: Values, why: str, into: str | None = None) -> Iterator[Output]:
        old = {kind: {name: toll[name] for name in ("low", "high")} for kind, toll in state["toll"].items()}
        yield self._entry(state, None, old, None, why, into)
        yield _output(TOLLS, state["incident_id"], None, why, into)

    def _entry(self, state: Values, kind: str | None, old: Any, new: Any, why: str, into: str | None = None) -> Output:
        named = f"{state['incident_id']} {kind} {state['last_reported']} {why}"
        value = {
            **self._revision, "revision_id": named, "incident_id": state["incident_id"], "kind": kind, "old": old,
            "new": new, "when": state["last_reported"], "why": why, "other_incident": into, "text": f"{kind}: {new}",
        }  # fmt: skip
        return _output(REVISIONS, state["incident_id"], value)

    def _standing(self, state: Values) -> Output:
        return _output(TOLLS, state["incident_id"], state)


def _output(topic: str, key: str, value: Values | None, gone: Any = None, into: str | None = None) -> Output:
    body = None if value is None else orjson.dumps(value)
    return Output(topic, key.encode(), body, f"e-{key}-{hash(body)}", f"{topic}/1", gone=gone, merged_into=into)


async def publish(settings: Settings, outputs: Iterator[Output]) -> None:
    """Send them all, in order."""
    await topics.ensure(settings)
    async with AIOKafkaProducer(bootstrap_servers=list(settings.brokers), linger_ms=20) as producer:
        for at, one in enumerate(outputs):
            told = headers.cloud_event(one, BEGIN_S * 1000)
            sent = await producer.send(settings.topic(one.topic), one.value, one.key, headers=told)
            if at % 5000 == 0:
                await sent


async def folded(settings: Settings) -> Values:
    """What the topics come to: each incident's state and toll, those that stood at noon of each tenth day, counts."""
    standing: dict[str, Values] = {}
    for record in await read_all(settings, TOLLS):
        incident = record.key.decode()
        told = {name: value.decode() for name, value in record.headers}
        if record.value is None:
            standing[incident] |= {"state": told["tombstone"], "into": told.get("merged-into")}
        else:
            value = orjson.loads(record.value)
            toll = {kind: [one["low"], one["high"]] for kind, one in value["toll"].items()}
            standing[incident] = {"state": "standing", "into": None, "toll": toll, "name": value["place"]["name"]}
    ledger = {}
    for record in await read_all(settings, REVISIONS):
        entry = orjson.loads(record.value)
        ledger[entry["revision_id"]] = entry
    times = [BEGIN_S + 43_200 + day * 86_400 for day in range(0, DAYS + 10, 10)]
    then = {str(time * 1000): _as_of(ledger, _time(time)) for time in times}
    return {"incidents": standing, "then": then, "revisions": len(ledger)}


def _as_of(ledger: dict[str, Values], time: str) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for entry in ledger.values():
        if entry["when"] > time:
            continue
        if entry["kind"] is None:
            found.pop(entry["incident_id"], None)
        else:
            found.setdefault(entry["incident_id"], {})[entry["kind"]] = [entry["new"]["low"], entry["new"]["high"]]
    return found


def main() -> int:
    """Publish a part, or print the fold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("publish", "fold"))
    parser.add_argument("--brokers", required=True)
    parser.add_argument("--part", type=int, choices=(1, 2), default=1)
    parser.add_argument("--count", type=int, default=COUNT)
    args = parser.parse_args()
    settings = Settings.from_env({"STREAM_APP_BROKERS": args.brokers, "STREAM_APP_PROFILE": "embedded"})
    if args.what == "fold":
        json.dump(asyncio.run(folded(settings)), sys.stdout)
    else:
        made = Incidents(args.count)
        asyncio.run(publish(settings, made.first() if args.part == 1 else made.second()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
