"""Puts the hops together from the settings, without a broker; nothing of Kafka is loaded for it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from stream_app import __version__
from stream_app.core import casualties
from stream_app.core.flow.pipeline import Count, Match, Pipeline, Read, Tag
from stream_app.core.hops import Hop
from stream_app.core.incidents.counter import UNTIMED_OPEN
from stream_app.core.languages.readers import (
    casualty_readers,
    cause_readers,
    incident_wordings,
    language_tagger,
    place_readers,
)
from stream_app.core.places import Gazetteer
from stream_app.core.places.gazetteer import GazetteerError
from stream_app.core.tagging import Tagger
from stream_app.core.wire import Limits
from stream_app.gazetteer import ensure, existing
from stream_app.gazetteer.showing import building
from stream_app.settings import PREFIX, Settings, SettingsError
from stream_app.sources import load_sources

logger = logging.getLogger(__name__)


def open_gazetteer(settings: Settings) -> Gazetteer:
    """The gazetteer that the settings name, else the wheel's, else one in the user's cache, built when missing.

    Raises:
        SettingsError: the settings name one that is not there.
    """
    if settings.gazetteer is None:
        with building() as on_step:
            path = ensure(None, lambda path: logger.info("building the gazetteer: %s", path), on_step)
        return Gazetteer.open(path)
    try:
        return Gazetteer.open(existing(settings.gazetteer))
    except GazetteerError as error:
        raise SettingsError(f"{PREFIX}GAZETTEER={error}") from error


def build_taggers(settings: Settings, gazetteer: Gazetteer) -> Sequence[Tagger]:
    """The taggers in the order they run: each finds what those before it have said of the document."""
    options: dict[str, Any] = {} if settings.min_confidence is None else {"min_confidence": settings.min_confidence}
    places = place_readers(gazetteer, outlet_prior=settings.outlet_prior, **options)
    return (language_tagger(), places, casualty_readers(settings.convention), cause_readers())


def build_tag(settings: Settings) -> Tag:
    """The tag hop alone, as the commands without a broker use it."""
    gazetteer = open_gazetteer(settings)
    identity = Pipeline(__version__, gazetteer.version, casualties.RULES_VERSION, settings.convention)
    return Tag(build_taggers(settings, gazetteer), identity, load_sources(settings), incident_wordings())


def build_hops(settings: Settings, *, once: bool = False) -> dict[str, Hop]:
    """Every hop by name, made as the settings ask; the gazetteer is opened only for a worker that tags.

    `once`: for input that no broker delivers, neither again (`Matcher`) nor at any known time (`Counter`).
    """
    hops: dict[str, Hop] = {}
    if "read" in settings.hops:
        hops["read"] = Read(Limits(settings.max_article_bytes))
    if "match" in settings.hops:
        hops["match"] = Match(settings.window_h * 3600, settings.max_resident, load_sources(settings), once=once)
    if "tag" in settings.hops:
        hops["tag"] = build_tag(settings)
    if "count" in settings.hops:
        most_open = min(settings.max_open_reports, UNTIMED_OPEN) if once else settings.max_open_reports
        hops["count"] = Count(settings.incident_window_h * 3600, most_open, timed=not once)
    return hops
