"""What is read of an English text for incidents: the words that tell events apart, and those that say how it stands."""

from __future__ import annotations

import re

from stream_app.core.languages.en.incidents.causes import rough_causes
from stream_app.core.languages.en.incidents.cues import (
    corrects,
    counts_before,
    follows,
    is_background,
    is_cumulative,
    looks_back,
    refers,
    unstamped,
)
from stream_app.core.languages.en.incidents.targets import targets
from stream_app.core.languages.en.incidents.terms import common_terms, terms

_CARE = re.compile(r"\b(?:hospital|clinic|medical|treat|taken to|flown|airlift|transport)", re.IGNORECASE)


class English:
    """The wording of English (`stream_app.core.incidents.wording.Wording`)."""

    terms = staticmethod(terms)
    common_terms = staticmethod(common_terms)
    causes = staticmethod(rough_causes)
    is_background = staticmethod(is_background)
    is_cumulative = staticmethod(is_cumulative)
    corrects = staticmethod(corrects)
    follows = staticmethod(follows)
    targets = staticmethod(targets)
    counts_before = staticmethod(counts_before)
    looks_back = staticmethod(looks_back)
    refers = staticmethod(refers)
    unstamped = staticmethod(unstamped)

    @staticmethod
    def is_care(sentence: str) -> bool:
        """Whether a sentence speaks of those who treat the victims, wherever they were hurt."""
        return _CARE.search(sentence) is not None

    @staticmethod
    def sets_in(before: str) -> bool:
        """Whether the words just before a place set an event in it: "in Miami"."""
        return before.lower().endswith("in ")

    @staticmethod
    def locates(_raw: str, _start: int, _end: int) -> bool | None:
        """None: the roles of places are English and say more."""
        return None
