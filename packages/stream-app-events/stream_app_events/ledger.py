"""The ledger of tolls: `incidents.revisions`, folded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from stream_app_events.events import Event
from stream_app_events.models import Bounds, Kind, Toll, TollRevision

TYPE = "incidents.revisions/1"


class Seen:
    """The ids of the last events, to tell repeats by.

    A repeat comes within what a worker had in hand when it ended: some thousands of events, so `most` need not be all.

    >>> seen = Seen()
    >>> [seen.is_new(name) for name in ("a", "b", "a")]
    [True, True, False]
    """

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._ids: dict[str, None] = {}

    def is_new(self, event_id: str) -> bool:
        """Whether this id has not come before; it has from now on."""
        if event_id in self._ids:
            return False
        self._ids[event_id] = None
        if len(self._ids) > self._most:
            del self._ids[next(iter(self._ids))]
        return True


def enter(toll: Mapping[Kind, Bounds], line: TollRevision) -> Toll:
    """The toll of an incident after one line of its ledger.

    A `contradicted` line tells of a claim that does not stand, so nothing changes. A line without `kind` gives the
    whole toll: an incident that merges into another has none left, one that splits off begins with one.

    >>> line = {"kind": "killed", "old": None, "new": {"low": 3, "high": 3}, "why": "new_report"}
    >>> enter({}, line)
    {'killed': {'low': 3, 'high': 3}}
    >>> enter({"killed": {"low": 3, "high": 3}}, {"kind": None, "old": {}, "new": None, "why": "merged"})
    {}
    """
    if line["why"] == "contradicted":
        return dict(toll)
    if line["kind"] is None:
        return dict(cast("Toll", line["new"] or {}))
    rest: Toll = {kind: bounds for kind, bounds in toll.items() if kind != line["kind"]}
    return rest if line["new"] is None else {**rest, line["kind"]: cast("Bounds", line["new"])}


class Ledger:
    """Every toll, as the lines of the ledger add up to it.

    A line that comes again changes nothing. Events of other topics are passed over.
    """

    def __init__(self) -> None:
        self._tolls: dict[str, Toll] = {}
        self._seen = Seen()

    def apply(self, event: Event) -> None:
        """Take in one event; in the order of its partition."""
        if event.type != TYPE or not self._seen.is_new(event.id):
            return
        line = cast("TollRevision", event.value)
        toll = enter(self._tolls.get(line["incident_id"], {}), line)
        if toll:
            self._tolls[line["incident_id"]] = toll
        else:
            self._tolls.pop(line["incident_id"], None)

    def tolls(self) -> dict[str, Toll]:
        """The toll of each incident that has one."""
        return dict(self._tolls)
