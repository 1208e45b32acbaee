"""The cause of an article: what happened, by the words for it in its headline and its opening."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import Final, NamedTuple

from stream_app.core.causes.cause_words import CauseWords, Meaning
from stream_app.core.events import CasualtyFigure, Cause, CauseKind, FieldName, Tagged
from stream_app.core.frozen import changed
from stream_app.core.language.document import Document, Sentence, lowered

WORD: Final = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_JOINING: Final = frozenset("-'’")
LONGEST: Final = 4
_LONGEST_PHRASE: Final = 60
READ: Final = 3_000
_STRETCHES: Final = ((250, 2.0), (1_000, 1.0), (READ, 0.25))
"""How much of the text is read, in code points, and what a word counts there."""
_TITLE: Final = 3.0
_ENOUGH: Final = 4.0
_MARGIN: Final = 1.2
_REPEATS: Final = 3
_SENTENCE: Final = 2.0


class Hit(NamedTuple):
    """A phrase for a cause, where it stands, and what it weighs there."""

    kind: CauseKind
    weight: float
    field: FieldName
    start: int
    end: int
    text: str
    sure: bool


class CauseTagger:
    """Adds the cause of the article, and to a figure the cause that its own sentence gives where that is another."""

    name = "causes"

    def __init__(self, words: CauseWords) -> None:
        self._words = words

    def __call__(self, document: Document, before: Tagged) -> Tagged:
        """Everything said before, with the cause; without one when the words are too few or tell of two."""
        first = self._beginning(document)
        hits = [hit for field, raw in document.fields() for hit in self._hits(field, raw, first)] if first else []
        if not hits:
            return before
        scores = self._scores(hits)
        cause = self._chosen(scores, hits)
        if cause is None or not self._is_borne_out(cause, hits, document, before):
            return before
        figures = self._with_own(before.casualties, cause, scores, document, first)
        return changed(before, cause=cause, casualties=tuple(figures))

    def each(self, documents: Sequence[Document], before: Sequence[Tagged]) -> list[Tagged]:
        """The same for several documents."""
        return list(map(self, documents, before))

    def _beginning(self, document: Document) -> AbstractSet[bytes]:
        """The words that a phrase may begin with in the document; none where it holds no phrase."""
        return self._words.beginning(document.words)

    def _is_borne_out(self, cause: Cause, hits: Sequence[Hit], document: Document, before: Tagged) -> bool:
        """Whether it happened: by a sure phrase, by figures, or by a word of harm."""
        return self._is_told(cause, hits) or bool(before.casualties) or self._is_harmful(document)

    @staticmethod
    def _is_told(cause: Cause, hits: Sequence[Hit]) -> bool:
        """Whether a sure phrase says so: "railway" by itself may be for sale."""
        return any(hit.kind == cause.kind and hit.sure for hit in hits)

    def _is_harmful(self, document: Document) -> bool:
        """Whether the opening speaks of harm at all."""
        opening = (WORD.findall(raw[:READ].lower()) for _, raw in document.fields())
        return any(not self._words.harm.isdisjoint(words) for words in opening)

    def _hits(self, field: FieldName, raw: str, first: AbstractSet[bytes]) -> Iterator[Hit]:
        """The phrases of a field in reading order, longest first where two begin at one word, none inside another.

        `first` are the words that a phrase may begin with here: looking for a few costs less than reading all.
        """
        lower, over = lowered(raw[:READ]), 0
        for at in _places(lower, first):
            if at < over or not _begins_word(raw, at):
                continue
            meaning, over = self._phrase(raw, at)
            if meaning is not None and (hit := hit_of(meaning, field, raw, at, over)) is not None:
                yield hit

    def _phrase(self, raw: str, at: int) -> tuple[Meaning | None, int]:
        """What the longest phrase that begins at a word says and where it ends; without one, the end of the word."""
        match = WORD.match(raw, at, READ)
        assert match is not None
        word = match.group().lower()
        seconds = self._words.seconds.get(word)
        following = WORD.search(raw, match.end(), READ) if seconds else None
        if not seconds or following is None or following.group().lower() not in seconds:
            return self._words.phrases.get(word), match.end()  # as at most places
        found = list(islice(WORD.finditer(raw, at, READ), LONGEST))
        size, meaning = self._words.longest([one.group().lower() for one in found])
        return meaning, found[size - 1].end()

    def _scores(self, hits: Sequence[Hit]) -> dict[CauseKind, float]:
        """What each cause weighs: repeats count a few times, a detail of another ("bus" in a flood) little."""
        scores: dict[CauseKind, float] = {}
        counts: dict[CauseKind, int] = {}
        for hit in hits:
            counts[hit.kind] = counts.get(hit.kind, 0) + 1
            scores[hit.kind] = scores.get(hit.kind, 0.0) + hit.weight / max(1, counts[hit.kind] - _REPEATS)
        sure = {hit.kind for hit in hits if hit.weight >= _SENTENCE}
        for kind in list(scores):
            if any(other in sure and kind in self._words.details(other) for other in scores if other != kind):
                scores[kind] *= 0.4
        return scores

    def _chosen(self, scores: Mapping[CauseKind, float], hits: Sequence[Hit]) -> Cause | None:
        """The cause that weighs most, when it weighs enough and clearly more than the next that is no kin of it."""
        ranked = sorted(scores, key=lambda kind: (-scores[kind], kind))
        best = ranked[0]
        if scores[best] < _ENOUGH:
            return None
        rivals = [kind for kind in ranked[1:] if kind not in self._words.details(best)]
        if rivals and scores[best] < _MARGIN * scores[rivals[0]] and best not in self._words.details(rivals[0]):
            return None
        hit = max((hit for hit in hits if hit.kind == best), key=lambda hit: hit.weight)
        return Cause(best, hit.field, hit.start, hit.end, hit.text)

    def _with_own(
        self,
        figures: Sequence[CasualtyFigure],
        cause: Cause,
        scores: Mapping[CauseKind, float],
        document: Document,
        first: AbstractSet[bytes],
    ) -> Iterator[CasualtyFigure]:
        """The figures, with the cause that their sentence gives where the article's own incident has none of it.

        `first` as in `_hits`; a sentence is read once for all its figures.
        """
        starts = {field: [s.start for s in document.sentences if s.field == field] for field, _ in document.fields()}
        told: dict[int, AbstractSet[CauseKind]] = {}
        for figure in figures:
            its = starts[figure.field]
            at = bisect_right(its, figure.start) - 1
            if figure.in_toll or at < 0:
                yield figure
                continue
            number = at if figure.field == document.sentences[0].field else len(document.sentences) - len(its) + at
            if number not in told:
                told[number] = self._kinds(document.sentences[number], first)
            kind = self._own(told[number], cause, scores)
            yield figure if kind is None else changed(figure, cause=kind)

    def _kinds(self, sentence: Sentence, first: AbstractSet[bytes]) -> AbstractSet[CauseKind]:
        """The causes that a sentence by itself tells of."""
        return {hit.kind for hit in self._hits(sentence.field, sentence.text, first) if hit.weight >= _SENTENCE}

    def _own(self, kinds: AbstractSet[CauseKind], cause: Cause, scores: Mapping[CauseKind, float]) -> CauseKind | None:
        """The one among the causes of a sentence that is another incident's."""
        if len(kinds) != 1 or cause.kind in kinds:
            return None
        (kind,) = kinds
        known = scores.get(kind, 0.0) * 2 > scores[cause.kind] or kind in self._words.details(cause.kind)
        return None if known else kind


def hit_of(meaning: Meaning | None, field: FieldName, raw: str, start: int, end: int) -> Hit | None:
    """What a phrase from `start` to `end` of a field says there; None when it says nothing."""
    if meaning is None or meaning.kind is None or end - start > _LONGEST_PHRASE:
        return None
    weight = meaning.weight * (_TITLE if field == "title" else _factor(start))
    return Hit(meaning.kind, weight, field, start, end, raw[start:end], sure=meaning.sure)


def _factor(start: int) -> float:
    return next((factor for end, factor in _STRETCHES if start < end), 0.0)


def _places(lower: bytes, words: AbstractSet[bytes]) -> list[int]:
    """Where the letters of the words stand, in order."""
    places: set[int] = set()
    for word in words:
        at = lower.find(word)
        while at >= 0:
            places.add(at)
            at = lower.find(word, at + len(word))
    return sorted(places)


def _begins_word(raw: str, at: int) -> bool:
    """Whether a word begins at `at`: no letter or digit stands before it, nor one that a hyphen or apostrophe joins."""
    before = raw[at - 1 : at] if at else ""
    return not before.isalnum() and not (before in _JOINING and raw[at - 2 : at - 1].isalnum() and at > 1)
