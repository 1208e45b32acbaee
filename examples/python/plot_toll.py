"""A toll over time as an SVG, from the ledger: each step is a line of `incidents.revisions`.

python plot_toll.py incidents.revisions.jsonl > toll.svg            # of the incident with the most lines
python plot_toll.py incidents.revisions.jsonl INCIDENT > toll.svg

`stream-app batch` writes such a file; of a topic, `kcat -b BROKERS -t incidents.revisions -C -e` does.
"""

import json
import sys
from collections import Counter
from datetime import datetime
from html import escape
from pathlib import Path

from stream_app_events import enter
from stream_app_events.models import Toll, TollRevision

WIDTH, HEIGHT, MARGIN = 800, 400, 50
COLOURS = {"killed": "#b2182b", "injured": "#ef8a62", "missing": "#67a9cf", "displaced": "#2166ac"}


def main(path: str, incident: str | None = None) -> None:
    """Write the picture to stdout."""
    lines: list[TollRevision] = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    incident = incident or Counter(line["incident_id"] for line in lines).most_common(1)[0][0]
    print(picture(incident, steps([line for line in lines if line["incident_id"] == incident])))


def steps(lines: list[TollRevision]) -> list[tuple[float, Toll]]:
    """The toll after each line, by its time in seconds."""
    toll: Toll = {}
    found = []
    for line in lines:
        toll = enter(toll, line)
        found.append((datetime.fromisoformat(line["when"]).timestamp(), toll))
    return found


def picture(incident: str, found: list[tuple[float, Toll]]) -> str:
    """One stepped line a kind: at least so many."""
    begin, end = found[0][0], max(found[-1][0], found[0][0] + 1)
    most = max((bounds["low"] for _, toll in found for bounds in toll.values()), default=0) or 1

    def x(time: float) -> float:
        return MARGIN + (time - begin) / (end - begin) * (WIDTH - 2 * MARGIN)

    def y(persons: int) -> float:
        return HEIGHT - MARGIN - persons / most * (HEIGHT - 2 * MARGIN)

    drawn = []
    for number, kind in enumerate(sorted({kind for _, toll in found for kind in toll})):
        points, last = [], 0
        for time, toll in found:
            now = toll[kind]["low"] if kind in toll else 0
            points += [f"{x(time):.1f},{y(last):.1f}", f"{x(time):.1f},{y(now):.1f}"]
            last = now
        colour = COLOURS.get(kind, "#555555")
        drawn.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn.append(f'<text x="{WIDTH - MARGIN - 90}" y="{MARGIN + 18 * number}" fill="{colour}">{kind} {last}</text>')
    days = [datetime.fromtimestamp(time).astimezone().strftime("%Y-%m-%d %H:%M") for time in (begin, end)]
    labels = [f'<text x="{MARGIN + at}" y="{HEIGHT - 15}">{day}</text>' for at, day in zip((0, 560), days, strict=True)]
    title = f'<text x="{MARGIN}" y="25">{escape(incident)}: at least so many</text>'
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="13"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    return "\n".join([head, title, *drawn, *labels, "</svg>"])


if __name__ == "__main__":
    main(*sys.argv[1:])
