"""The place that a figure belongs to, among the places already found in the document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from stream_app.core.events import FieldName, Place
from stream_app.core.text import Document, Sentence

_LOCATIVE: Final = frozenset(
    [
        "in",
        "at",
        "near",
        "from",
        "of",
        "around",
        "outside",
        "inside",
        "across",
        "to",
        "on",
        "for",
        "hit",
        "struck",
        "rocked",
    ]
)
_UPPER: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Whereabouts:
    """Answers where a figure of a document happened."""

    def __init__(self, document: Document, places: Sequence[Place]) -> None:
        self._fields = dict(document.fields())
        self._scenes = [
            (place.field, place.start, place.end, index)
            for index, place in enumerate(places)
            if place.type != "demonym"
        ]
        self._located = [scene for scene in self._scenes if self._is_located(scene[0], scene[1], scene[2])]
        self._indexes = {scene[3] for scene in self._located}

    def _is_located(self, field: FieldName, start: int, end: int) -> bool:
        """Whether the place is where something is: after "in" and the like, or a dateline; not "Russia's"."""
        raw = self._fields[field]
        if raw[end : end + 2] in {"'s", "’s"}:
            return False
        before = raw[max(0, start - 24) : start].split()
        if before and before[-1].lower() in _LOCATIVE:
            return True
        if before and before[-1].lower() in {"the", "and", ","} and len(before) > 1:
            return before[-2].lower().rstrip(",") in _LOCATIVE
        after = raw[end : end + 12].lstrip(" ,")
        return after.startswith(("(", "-", "—", "–")) and (start == 0 or raw[start - 1] == "\n")

    def __call__(self, sentence: Sentence, start: int) -> int | None:
        """The index of the place for a figure at `start`: in its sentence, else the scene set before it.

        None when the sentence names only places that act ("Russia's operation") or the document names none.
        """
        own = [s for s in self._scenes if s[0] == sentence.field and sentence.start <= s[1] < sentence.end]
        located = [s for s in own if s[3] in self._indexes]
        if located:
            return min(located, key=lambda s: abs(s[1] - start))[3]
        if own:
            return None
        earlier = [s for s in self._located if s[0] == sentence.field and s[1] < sentence.start]
        if earlier:
            return earlier[-1][3]
        return self._located[0][3] if self._located else None
