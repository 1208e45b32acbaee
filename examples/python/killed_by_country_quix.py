"""How many were killed in each country by the tolls that stand, as a topic that moves with them: Quix Streams.

pip install quixstreams stream-app-events
python killed_by_country_quix.py BROKERS [TOPIC [RESULT]]
kcat -b BROKERS -t killed.by-country -C -e

The key is the country's code, XX where no place is known; the value {"country", "killed"}, at least so many. An
incident that expires stays in the sum; one that merges or is withdrawn leaves it. State, offsets and results are one
transaction.
"""

import sys
from typing import Any

from quixstreams import Application, State

from stream_app_events import Change, change_of, read


def main(brokers: str, source: str = "incidents.tolls", result: str = "killed.by-country") -> None:
    """Follow the topic until somebody ends the program."""
    app = Application(
        brokers,
        consumer_group=f"{result}-quix",
        auto_offset_reset="earliest",
        processing_guarantee="exactly-once",
        commit_interval=1.0,
        # So soon another takes over from one that was killed, and so long what it had begun is in the readers' way
        consumer_extra_config={"session.timeout.ms": 10_000},
        producer_extra_config={"transaction.timeout.ms": 10_000},
    )
    # Bytes: a tombstone has no JSON, and it is the header that says what it means
    flow = app.dataframe(app.topic(source, key_deserializer="str", value_deserializer="bytes"))
    flow = flow.apply(moved, stateful=True, metadata=True, expand=True)
    flow = flow.group_by("country")
    flow = flow.apply(added, stateful=True)
    flow.to_topic(app.topic(result, key_serializer="str", value_serializer="json"))
    app.run()


def moved(value: bytes | None, key: str, _time: int, headers: Any, state: State) -> list[dict[str, Any]]:
    """By how much a record of a toll changes the sums of countries.

    Against what this incident has in the sums already: so a repeat moves nothing.
    """
    change = change_of(read(key, value, headers))
    if change is None or change.closed:
        return []
    before, now = state.get("counted", []), counted(change)
    if before == now:
        return []
    state.set("counted", now)
    return [
        {"country": country, "by": sign * killed}
        for sign, part in ((-1, before), (1, now))
        if part
        for country, killed in [part]
    ]


def counted(change: Change) -> list[Any]:
    """The country and number that an incident has in the sums; nothing for one that is gone."""
    if change.toll is None:
        return []
    killed = change.toll["toll"].get("killed")
    return [(change.toll["place"] or {}).get("country_code") or "XX", killed["low"] if killed else 0]


def added(change: dict[str, Any], state: State) -> dict[str, Any]:
    """The sum of a country after one change of it."""
    killed = state.get("killed", 0) + change["by"]
    state.set("killed", killed)
    return {"country": change["country"], "killed": killed}


if __name__ == "__main__":
    main(*sys.argv[1:])
