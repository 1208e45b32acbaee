"""The table of standing tolls: `incidents.tolls`, folded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from stream_app_events.events import Event
from stream_app_events.models import IncidentToll

TYPE = "incidents.tolls/1"


@dataclass(frozen=True, slots=True)
class Change:
    """What one event asks of a table with one row an incident.

    `toll`: write it into the row of `incident_id`. `closed`: leave the row as it is and mark it final. Else delete it;
    `merged_into` names the row that stands for it now, if another does.
    """

    incident_id: str
    toll: IncidentToll | None = None
    closed: bool = False
    merged_into: str | None = None


def change_of(event: Event) -> Change | None:
    """What an event asks of a table of tolls; None for an event of another topic.

    To apply a change twice does no more than once, and the last one of an incident is what counts: so repeats, which
    come in the same order, need no bookkeeping.
    """
    if event.type != TYPE:
        return None
    if event.ended is None:
        return Change(event.key, toll=cast("IncidentToll", event.value))
    if event.ended.how == "expired":
        return Change(event.key, closed=True)
    return Change(event.key, merged_into=event.ended.into)


@dataclass(frozen=True, slots=True)
class StandingToll:
    """A toll that stands; `closed`: no more reports are joined to it."""

    toll: IncidentToll
    closed: bool = False


class StandingTolls:
    """Every toll that stands, by incident, and where those that merged went.

    Events of other topics are passed over, so that a consumer can hand over whatever it reads.
    """

    def __init__(self) -> None:
        self._rows: dict[str, StandingToll] = {}
        self._merged: dict[str, str] = {}

    def apply(self, event: Event) -> None:
        """Take in one event; in the order of its partition."""
        change = change_of(event)
        if change is None:
            return
        if change.toll is not None:
            self._rows[change.incident_id] = StandingToll(change.toll)
            self._merged.pop(change.incident_id, None)
        elif change.closed:
            if change.incident_id in self._rows:
                self._rows[change.incident_id] = replace(self._rows[change.incident_id], closed=True)
        else:
            self._rows.pop(change.incident_id, None)
            if change.merged_into is not None:
                self._merged[change.incident_id] = change.merged_into

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[str]:
        """The ids of the incidents whose tolls stand."""
        return iter(self._rows)

    def __getitem__(self, incident_id: str) -> StandingToll:
        """The toll of an incident, or of the one that it merged into.

        Raises:
            KeyError: none stands.
        """
        return self._rows[self.now(incident_id)]

    def now(self, incident_id: str) -> str:
        """The id under which an incident goes on: its own, unless it merged."""
        visited: set[str] = set()
        while incident_id in self._merged and incident_id not in visited:
            visited.add(incident_id)
            incident_id = self._merged[incident_id]
        return incident_id
