"""Incidents: figures grouped by event, one standing toll an incident, and each change of it as an event."""

from stream_app.core.incidents.counter import DEFAULT_WINDOW_S, Counted, Counter

__all__ = ["DEFAULT_WINDOW_S", "Counted", "Counter"]
