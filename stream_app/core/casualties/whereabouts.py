"""The place that a figure belongs to, among the places already found in the document."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from stream_app.core.events import FieldName, Place
from stream_app.core.language.document import Document, Sentence

_CUT_OFF: Final = re.compile(r"[^\n.;]{0,30}?(?: [-–—]{1,2} |\) ?[-–—:])")


class _Scene(NamedTuple):
    """A place that is no demonym: its span, and its number among the places of the document."""

    field: FieldName
    start: int
    end: int
    number: int


class Whereabouts:
    """Answers where a figure of a document happened.

    `locates(raw, start, end)` says whether the words of the language beside a place put something there.
    """

    def __init__(self, document: Document, places: Sequence[Place], locates: Callable[[str, int, int], bool]) -> None:
        self._locates = locates
        self._fields = dict(document.fields())
        scenes = [
            _Scene(place.field, place.start, place.end, index)
            for index, place in enumerate(places)
            if place.type != "demonym"
        ]
        self._scenes = sorted(scenes, key=lambda scene: (scene.field != "title", scene.start))
        self._starts = [(scene.field != "title", scene.start) for scene in self._scenes]
        self._located: dict[int, bool] = {}
        self._before: dict[int, _Scene | None] = {}

    def _is_located(self, scene: _Scene) -> bool:
        """Whether the place is where something is, asked once: most articles have few figures and many places."""
        known = self._located.get(scene.number)
        if known is None:
            known = self._located[scene.number] = self._locates(self._fields[scene.field], scene.start, scene.end)
        return known

    def _is_dateline(self, scene: _Scene) -> bool:
        """Whether the place opens a line and is cut off from it: "BERLIN (Reuters) - ", "Madrid, 5 March — "."""
        raw = self._fields[scene.field]
        return (scene.start == 0 or raw[scene.start - 1] == "\n") and _CUT_OFF.match(raw, scene.end) is not None

    def __call__(self, sentence: Sentence, start: int) -> int | None:
        """The index of the place for a figure at `start`: in its sentence, else the scene set before it.

        None when the sentence names only places that act ("Russia's operation") or the document names none.
        """
        if not self._scenes:
            return None
        in_text = sentence.field != "title"
        first = bisect_left(self._starts, (in_text, sentence.start))
        own = self._scenes[first : bisect_left(self._starts, (in_text, sentence.end), first)]
        if not own:
            scene = self._scene_before(sentence.field, first) or self._first_located
            return None if scene is None else scene.number
        located = [scene for scene in own if self._is_located(scene)]
        if len(located) > 1 and self._is_dateline(located[0]):
            del located[0]
        nearest = min(located, key=lambda scene: abs(scene.start - start), default=None)
        return nearest.number if nearest is not None else None

    def named_in(self, sentence: Sentence) -> list[int]:
        """The indexes of the places that the sentence names, those that are no demonyms."""
        in_text = sentence.field != "title"
        first = bisect_left(self._starts, (in_text, sentence.start))
        return [
            scene.number for scene in self._scenes[first : bisect_left(self._starts, (in_text, sentence.end), first)]
        ]

    def _scene_before(self, field: FieldName, at: int) -> _Scene | None:
        """The last located place of the field before scene `at`; what was passed on the way is remembered."""
        passed = []
        found = None
        while at and self._scenes[at - 1].field == field:
            if at in self._before:
                found = self._before[at]
                break
            if self._is_located(self._scenes[at - 1]):
                found = self._scenes[at - 1]
                break
            passed.append(at)
            at -= 1
        self._before.update(dict.fromkeys(passed, found))
        return found

    @cached_property
    def _first_located(self) -> _Scene | None:
        return next(filter(self._is_located, self._scenes), None)
