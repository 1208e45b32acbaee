"""Events as people read them: spans coloured in their text, tolls and revisions as a ledger."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from rich.console import Console
from rich.text import Text

from stream_app.core.hops import DEAD_LETTER, DUPLICATES, ENRICHED, FIGURES, RAW, REVISIONS, TOLLS
from stream_app.core.language.printable import escaped, escaped_json, visible
from stream_app.core.wire.envelope import without_framing

COLOURS = {
    "killed": "bold red", "injured": "bold dark_orange", "missing": "bold magenta", "abducted": "bold magenta",
    "captured": "bold magenta", "displaced": "bold blue", "casualty": "bold red",
}  # fmt: skip
PLACE = "green"
REJECTED = "dim strike"
PREVIEW = 3
_START = 60  # bytes of a dead letter


def console() -> Console:
    """Where events are printed: colours on a terminal, plain lines elsewhere."""
    width = None if sys.stdout.isatty() else 120
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty(), width=width, markup=False, emoji=False)


def bounds(figure: Mapping[str, Any]) -> str:
    """A range of persons in few signs.

    >>> [bounds(f) for f in ({"low": 3, "high": 3}, {"low": 3, "high": None}, {"low": 3, "high": 5})]
    ['3', '>=3', '3-5']
    """
    low, high = figure["low"], figure["high"]
    if high is None:
        return f">={low}"
    return str(low) if low == high else f"{low}-{high}"


def toll(values: Mapping[str, Any]) -> str:
    """A toll in one line: "killed >=24, injured 17"."""
    return ", ".join(f"{kind} {bounds(b)}" for kind, b in values.items()) or "no toll"


def plain(event: Any) -> Any:
    """The event as its readers get it, a round trip through JSON; nothing in it is obeyed by a terminal."""
    return seen(orjson.loads(orjson.dumps(event)))


def seen(event: Any) -> Any:
    """The event with nothing in it that a terminal would obey; only its article's text keeps its lines."""
    safe = visible(event)
    if isinstance(event, dict) and "casualties" in event:
        safe["text"] = visible(event["text"], lines=True)
    return safe


def explain(event: Mapping[str, Any]) -> None:
    """An enriched event in full: the coloured text, each figure with its rule, and what was rejected."""
    event = plain(event)
    out = console()
    enriched(out, event, full=True)
    for rejected in event["rejected"]:
        out.print(
            Text(f"  rejected  {rejected['text']!r}: {rejected['reason']} (rule {rejected['rule']})", style="dim")
        )


def headers_of(message: Any) -> dict[str, str]:
    """The headers of a Kafka record as text, those without a value as an empty one."""
    return {name: (value or b"").decode("utf-8", "replace") for name, value in message.headers}


def record(topic: str, message: Any, *, as_json: bool) -> None:
    """One Kafka record of a topic of ours."""
    headers = headers_of(message)
    if as_json:
        sys.stdout.write(escaped_json(orjson.dumps(_as_json(message, headers)).decode()) + "\n")
        sys.stdout.flush()
        return
    out = console()
    if topic == DEAD_LETTER:
        dead_letter(out, message.value, visible(headers))
    elif message.value is None:
        out.print(f"{escaped((message.key or b'').decode('utf-8', 'replace'))}  gone (tombstone)")
    else:
        _value(out, topic, message.value)


def _value(out: Console, topic: str, value: bytes) -> None:
    """A record by the printer of its topic; where strangers write, it may be anything, and is shown as it begins."""
    try:
        event = orjson.loads(without_framing(value))
    except orjson.JSONDecodeError:
        event = None
    if isinstance(event, dict):
        PRINTERS.get(topic, _as_it_is)(out, seen(event))
    else:
        start = escaped(value[:60].decode("utf-8", "backslashreplace").replace("\n", " "))
        out.print(f"no JSON object, {len(value)} bytes: {start}", markup=False)


def _as_json(message: Any, headers: Mapping[str, str]) -> dict[str, Any]:
    try:
        value = orjson.loads(without_framing(message.value)) if message.value is not None else None
    except orjson.JSONDecodeError:
        value = message.value.decode("utf-8", "backslashreplace")
    return {
        "topic": message.topic, "partition": message.partition, "offset": message.offset,
        "timestamp_ms": message.timestamp, "key": (message.key or b"").decode("utf-8", "replace"),
        "headers": headers, "value": value,
    }  # fmt: skip


def enriched(out: Console, event: Mapping[str, Any], *, full: bool = False) -> None:
    """An enriched event: its head, its text with coloured spans, its figures and its toll."""
    duplicate = event["duplicate"]
    mark = "" if duplicate["verdict"] == "unique" else f"  [revision of {duplicate['revision_of']}]"
    head = event["title"] or event["text"].strip().splitlines()[0]
    out.print(Text(f"{event['article_id']}{mark}  {head[:90]}", style="bold"))
    if full:
        for field in ("title", "text"):
            if event[field]:
                out.print(coloured(event, field))
    figures = [f for f in event["casualties"] if full or f["in_toll"]]
    for figure in figures:
        reason = f"  [{why_counted(event, figure)}]" if full else ""
        out.print(Text.assemble("  ", *_figure(event, figure), reason))
    names = list(dict.fromkeys(_place_label(p) for p in event["places"] if p["type"] != "demonym"))
    shown = names if full else names[:6]
    if shown:
        more = f" and {len(names) - len(shown)} more" if len(names) > len(shown) else ""
        out.print(Text(f"  places    {', '.join(shown)}{more}", style=PLACE))
    for change in duplicate.get("changes") or ():
        out.print(f"  changed   {change['old']!r} -> {change['new']!r}")
    out.print(f"  toll      {toll(event['toll'])}")


def _figure(event: Mapping[str, Any], figure: Mapping[str, Any]) -> Iterable[Any]:
    place = event["places"][figure["place"]] if figure["place"] is not None else None
    said = f", says {figure['attribution']['text']}" if figure["attribution"] else ""
    where = f" in {place_name(place)}" if place else ""
    assertion = "" if figure["assertion"] == "actual" else f" ({figure['assertion']})"
    yield (f"{figure['kind']:9} {bounds(figure):>8}", COLOURS.get(figure["kind"], "bold"))
    yield f'  "{figure["text"]}"{assertion}{where}{said}  [rule {figure["rule"]}]'


def why_counted(event: Mapping[str, Any], figure: Mapping[str, Any]) -> str:
    """Whether a figure is in the article's toll, and if not, why.

    >>> stands = {"kind": "killed", "low": 9, "high": 9, "text": "nine", "assertion": "actual", "in_toll": True}
    >>> event = {"toll": {"killed": {"low": 9, "high": 9}}, "casualties": [stands]}
    >>> why_counted(event, stands)
    'in the toll'
    >>> why_counted(event, {**stands, "in_toll": False})
    'not in the toll: killed 9 stands, by "nine"'
    >>> why_counted(event, {**stands, "in_toll": False, "assertion": "historical"})
    'not in the toll: historical'
    """
    if figure["in_toll"]:
        return "in the toll"
    if figure["assertion"] != "actual":
        return f"not in the toll: {figure['assertion']}"
    kind = figure["kind"]
    if kind not in event["toll"]:
        return f"not in the toll: no {kind} of this incident, or people whom another figure counts"
    members = [f'"{f["text"]}"' for f in event["casualties"] if f["in_toll"] and f["kind"] == kind]
    by = f", by {' and '.join(members)}" if members else ""
    return f"not in the toll: {kind} {bounds(event['toll'][kind])} stands{by}"


def place_name(place: Mapping[str, Any]) -> str:
    """A place with its country, as far as they are known.

    >>> place_name({"name": "Gaza", "country_code": "MZ"}), place_name({"name": None, "country_code": "US"})
    ('Gaza, MZ', 'US')
    """
    known = (place.get("name") or place.get("text"), place.get("country_code"))
    return ", ".join(filter(None, known)) or "place unknown"


def _place_label(place: Mapping[str, Any]) -> str:
    if place["unresolved"]:
        return f"{place['text']} ({place['unresolved']})"
    ident = f" {place['geonames_id']}" if place["geonames_id"] else ""
    return place_name(place) + ident


def coloured(event: Mapping[str, Any], field: str) -> Text:
    """A field of the article with its figures, places and rejected candidates in colour."""
    text = Text(event[field])
    for place in event["places"]:
        if place["field"] == field:
            text.stylize(PLACE, place["start"], place["end"])
    for rejected in event["rejected"]:
        if rejected["field"] == field:
            text.stylize(REJECTED, rejected["start"], rejected["end"])
    for figure in event["casualties"]:
        if figure["field"] == field:
            text.stylize(COLOURS.get(figure["kind"], "bold"), figure["start"], figure["end"])
    return text


def duplicate(out: Console, event: Mapping[str, Any]) -> None:
    """A copy, of which article, and why."""
    out.print(
        f"{event['article_id']}  {event['verdict']} copy of {event['of']}"
        f"  similarity {event['similarity']:.2f}  ({event['why']})"
    )


def standing_toll(out: Console, event: Mapping[str, Any]) -> None:
    """An incident's toll as it stands."""
    place = event["place"]
    where = place_name(place) if place else "place unknown"
    origins = f"{event['origins']} origin{'' if event['origins'] == 1 else 's'}"
    articles = ", ".join(event["articles"][:PREVIEW]) + (" ..." if len(event["articles"]) > PREVIEW else "")
    out.print(Text(f"{event['incident_id']}  {where}: {toll(event['toll'])}", style="bold"))
    out.print(f"  {event['first_reported']} to {event['last_reported']}, {origins}: {articles}")
    for conflict in event["conflicts"]:
        out.print(f"  against   {conflict['kind']} {bounds(conflict)}, {_who(conflict)}")


def _who(conflict: Mapping[str, Any]) -> str:
    """Who has told otherwise: the article, its source, and whom it quotes."""
    said = "".join(f", says {name}" for name in conflict["said_by"])
    return f"by {conflict['article_id']} ({conflict['source'] or 'source unknown'}{said})"


def revision(out: Console, event: Mapping[str, Any]) -> None:
    """One line of an incident's ledger."""
    kind = event["kind"] or "toll"
    old, new = (_either(value, of_toll=event["kind"] is None) for value in (event["old"], event["new"]))
    out.print(
        f"{event['when']}  {event['incident_id']}  {kind:9} {old:>6} -> {new:<6}  {event['why']}"
        f"  (article {event['article_id']}, {event['source'] or 'source unknown'})"
    )


def _either(value: Mapping[str, Any] | None, *, of_toll: bool) -> str:
    """One side of a revision: of one kind, or, where incidents merge or split, of the whole toll."""
    if value is None:
        return "-"
    return f"({toll(value)})" if of_toll else bounds(value)


def figure_line(out: Console, event: Mapping[str, Any]) -> None:
    """One casualty figure with its place and article."""
    if event["kind"] is None:
        out.print(f"{event['article_id']}  reports no figure here any more")
        return
    place = event["place"]
    where = place_name(place) if place else "place unknown"
    out.print(f'{event["article_id"]}  {event["kind"]:9} {bounds(event):>8}  "{event["text"]}"  {where}')


def dead_letter(out: Console, value: bytes | None, headers: Mapping[str, str]) -> None:
    """A record that could never succeed: why, and how it began."""
    start = escaped((value or b"")[:_START].decode("utf-8", "backslashreplace").replace("\n", " "))
    out.print(Text(f"{headers.get('reason', '?'):15} {headers.get('__streams.errors.message', '')}", style="yellow"))
    out.print(f"{'':15} {len(value or b'')} bytes: {start}{' ...' if len(value or b'') > _START else ''}")


def _article(out: Console, event: Mapping[str, Any]) -> None:
    out.print(f"{event.get('id')}  {event.get('title') or str(event.get('text'))[:90]}")


def _as_it_is(out: Console, event: Any) -> None:
    out.print_json(orjson.dumps(event).decode())


PRINTERS: dict[str, Callable[[Console, Any], None]] = {
    RAW: _article,
    ENRICHED: enriched,
    DUPLICATES: duplicate,
    FIGURES: figure_line,
    TOLLS: standing_toll,
    REVISIONS: revision,
}
