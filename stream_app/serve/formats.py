"""Incidents as GeoJSON, as CSV with HXL tags where they are wanted, and the ledger as an Atom feed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from stream_app.serve.records import Values, seconds

_KINDS = ("killed", "injured", "missing", "displaced")
"""The kinds with columns of their own in a table; every kind is in JSON."""
_COLUMNS = {
    "incident_id": "#event+id",
    "first_reported": "#date+first",
    "last_reported": "#date+last",
    "cause": "#cause+type",
    "place": "#loc+name",
    "admin1": "#adm1+name",
    "country": "#country+code+v_iso2",
    "precision": "#geo+precision",
    "lat": "#geo+lat",
    "lon": "#geo+lon",
    **{
        f"{kind}_{bound}": f"#affected+{kind}+{tag}"
        for kind in _KINDS
        for bound, tag in (("low", "min"), ("high", "max"))
    },
    "contested": "#status+contested",
    "origins": "#indicator+sources+num",
}
"""Columns and their tags by the HXL standard 1.1 (hxlstandard.org)."""
_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_NEVER = "1970-01-01T00:00:00Z"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def collection(incidents: Iterable[Values], cursor: str | None) -> Values:
    """A GeoJSON FeatureCollection (RFC 7946); an incident without a place has no geometry.

    >>> found = collection([{"incident_id": "i", "place": {"lat": 50.0, "lon": 36.2}, "toll": {}}], None)
    >>> found["features"][0]["geometry"]
    {'type': 'Point', 'coordinates': [36.2, 50.0]}
    """
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": incident["incident_id"], "geometry": _point(incident), "properties": incident}
            for incident in incidents
        ],
        "cursor": cursor,
    }


def brief(incident: Values) -> Values:
    """What a map shows of an incident: where, how surely, what, how many, when."""
    place = incident.get("place") or {}
    return {
        "incident_id": incident["incident_id"],
        "name": place.get("name"),
        "admin1": place.get("admin1"),
        "country": place.get("country_code"),
        "precision": place.get("precision"),
        "place": {"lat": place.get("lat"), "lon": place.get("lon")},
        "cause": incident.get("cause"),
        "first_reported": incident.get("first_reported"),
        "last_reported": incident.get("last_reported"),
        "origins": incident.get("origins"),
        "toll": {
            kind: {name: toll.get(name) for name in ("low", "high", "contested")}
            for kind, toll in (incident.get("toll") or {}).items()
        },
    }


def history(briefs: Iterable[Values], entries: Iterable[Values]) -> Values:
    """Incidents in brief, and the entries of their ledgers as short rows; `shapes.History` says what stands in them.

    >>> told = {"incident_id": "i", "kind": "killed", "when": "1970-01-01T00:00:01Z", "new": {"low": 3, "high": None}}
    >>> history([{"incident_id": "i", "place": None}], [told])["steps"]
    [[0, 0, 1000, 3, None]]
    """
    features = collection(briefs, None)["features"]
    places = {feature["id"]: at for at, feature in enumerate(features)}
    kinds: dict[str, int] = {}
    steps = []
    for entry in entries:
        when, kind, new = seconds(entry.get("when")), entry.get("kind"), entry.get("new") or {}
        if when is not None and entry["incident_id"] in places:
            number = None if kind is None else kinds.setdefault(kind, len(kinds))
            steps.append([places[entry["incident_id"]], number, round(when * 1000), new.get("low"), new.get("high")])
    return {"features": features, "kinds": list(kinds), "steps": steps}


def _point(incident: Values) -> Values | None:
    place = incident.get("place") or {}
    if place.get("lat") is None or place.get("lon") is None:
        return None
    return {"type": "Point", "coordinates": [place["lon"], place["lat"]]}


def table(incidents: Iterable[Values], *, hxl: bool) -> str:
    """CSV (RFC 4180) with a row of names, and a row of HXL tags where it is wanted.

    >>> print(table([], hxl=True).splitlines()[1][:24])
    #event+id,#date+first,#d
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(_COLUMNS)
    if hxl:
        writer.writerow(_COLUMNS.values())
    for incident in incidents:
        writer.writerow([_cell(value) for value in _row(incident)])
    return file.getvalue()


def _row(incident: Values) -> list[Any]:
    place, toll = incident.get("place") or {}, incident.get("toll") or {}
    return [
        incident["incident_id"],
        incident.get("first_reported"),
        incident.get("last_reported"),
        incident.get("cause"),
        *(place.get(name) for name in ("name", "admin1", "country_code", "precision", "lat", "lon")),
        *(toll.get(kind, {}).get(bound) for kind in _KINDS for bound in ("low", "high")),
        any(one.get("contested") for one in toll.values()),
        incident.get("origins"),
    ]


def _cell(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula.

    >>> _cell("=HYPERLINK(1)"), _cell(-3.5)
    ("'=HYPERLINK(1)", -3.5)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def atom(revisions: Sequence[Values], base: str) -> bytes:
    """The newest entries of the ledger as an Atom feed (RFC 4287); `base` is the address of the page."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add(feed, "title", "Revisions of casualty tolls")
    _add(feed, "id", f"{base}/api/v1/feed.atom")
    newest = max(revisions, key=lambda revision: seconds(revision["when"]) or 0.0, default={"when": _NEVER})
    _add(feed, "updated", newest["when"])
    ET.SubElement(feed, f"{{{_ATOM}}}link", rel="self", href=f"{base}/api/v1/feed.atom")
    for revision in revisions:
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        _add(entry, "title", revision["text"])
        _add(entry, "id", f"urn:stream-app:revision:{revision['revision_id']}")
        _add(entry, "updated", revision["when"])
        ET.SubElement(ET.SubElement(entry, f"{{{_ATOM}}}author"), f"{{{_ATOM}}}name").text = _xml(
            revision.get("source") or "unknown"
        )
        ET.SubElement(entry, f"{{{_ATOM}}}link", href=f"{base}/#/incident/{revision['incident_id']}")
    body: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = _xml(text)


def _xml(text: str) -> str:
    """Text without what XML has no room for."""
    return _NOT_XML.sub("\ufffd", text)
