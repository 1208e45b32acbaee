"""Reports made anew from enriched events: how a version of the count hop that reads other records takes over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

from stream_app.core.events import (
    Ancestor,
    Article,
    Attribution,
    Bounds,
    CasualtyFigure,
    Cause,
    LanguageFound,
    Place,
    Tagged,
)
from stream_app.core.incidents.telling import FlatFigure, told_by
from stream_app.core.incidents.wording import Wordings
from stream_app.core.language.document import Document

T = TypeVar("T")


def reports_of_event(event: Mapping[str, Any], received_at: str, wordings: Wordings) -> list[FlatFigure]:
    """The records of `incidents.reports` that the tag hop sends, or would have sent, with this enriched event.

    They bear the same ids, so that a report that was sent already is not counted again. An undated article counts as
    published when it was received.
    """
    article = Article(
        event["article_id"], event["text"], event["title"], event["url"], event["source"],
        event["published_at"] or received_at, event["language"], event["metadata"],
    )  # fmt: skip
    _, reports = told_by(Document.as_it_is(article), event["duplicate"], _tagged(event), event["event_id"], wordings)
    return reports


def superseded(tolls: Iterable[tuple[str, Mapping[str, Any] | None]]) -> list[str]:
    """The incidents whose last toll is one of version 0.1, oldest first: it knew no `articles_total`.

    `tolls` are ids and values of `incidents.tolls` in the order of the topic.
    """
    last = dict(tolls)
    return [name for name, toll in last.items() if toll is not None and "articles_total" not in toll]


def _tagged(event: Mapping[str, Any]) -> Tagged:
    figures = [{**figure, "attribution": _attribution(figure)} for figure in event["casualties"]]
    return Tagged(
        casualties=[_made(CasualtyFigure, figure) for figure in figures],
        places=[_made(Place, {**place, "candidates": (), "ancestors": _ancestors(place)}) for place in event["places"]],
        cause=event.get("cause") and _made(Cause, event["cause"]),
        language_found=event.get("language_found") and _made(LanguageFound, event["language_found"]),
        toll={kind: Bounds(**bounds) for kind, bounds in event["toll"].items()},
    )


def _ancestors(place: Mapping[str, Any]) -> list[Ancestor]:
    """What a place lies in; nothing for events of before that was told."""
    return [_made(Ancestor, ancestor) for ancestor in place.get("ancestors", ())]


def _attribution(figure: Mapping[str, Any]) -> Attribution | None:
    return figure["attribution"] and _made(Attribution, figure["attribution"])


def _made(kind: type[T], value: Mapping[str, Any]) -> T:
    """The event model of a mapping that may have more fields than it knows."""
    names = {known.name for known in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: content for name, content in value.items() if name in names})
