"""The matcher: a state machine that says of each article whether it was seen before. No clock, no Kafka."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from stream_app.core.dedup.footers import Footers
from stream_app.core.dedup.likeness import MIN_WORDS, Likeness, compare, worth_comparing
from stream_app.core.dedup.revision import added_words, changes, cut_words, harm_reworded
from stream_app.core.dedup.rows import Given, Outline, Row, cluster_id_of, unique
from stream_app.core.dedup.signature import LINE, MAX_WORDS, Body, Signature, sign
from stream_app.core.dedup.store import Packed, Store
from stream_app.core.dedup.wording import Aligner, Pair, Wording
from stream_app.core.events import Article, Duplicate, Verdict

__all__ = ["Judgement", "Matcher", "cluster_id_of", "event_time_s"]

POSTINGS: Final = 20
"""Candidates taken from one key, newest first: a phrase that thousands of stories share must cost no more."""
CANDIDATES: Final = 8
"""Candidates whose runs of three words are counted, those with most common keys first."""
ALIGNED: Final = 3
"""Of these, so many with most common runs are laid beside the article: a copy outdoes every other template story."""
ADDED_WORDS: Final = 8
ADDED_SHARE: Final = 0.02
"""This many new words, in runs of five and more, and this share of the text, make a revision."""
CUT_WORDS: Final = 12
"""This many words less make one too, unless the text breaks off: an excerpt says nothing new."""
AHEAD_S: Final = 3600.0
"""A publication time further than this beyond the record's own is a mistake of the producer, and not believed."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, and what it does to the table.

    `row` is to be stored under the article id, None when nothing changed (a redelivery, a late article); `expired`
    are the ids whose rows are to be deleted.
    """

    duplicate: Duplicate
    row: bytes | None
    expired: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Considered:
    """A verdict that has not been remembered yet; `row` is to be, None when nothing changes.

    `slot` has what the row replaces. `late`: the article is older than the window, and is not remembered for that.
    """

    duplicate: Duplicate
    row: Row | None = None
    slot: int | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class _Match:
    row: Row
    pair: Pair
    likeness: Likeness


class Matcher:
    """Finds the copies and revisions of articles within a window of event time.

    State is a function of the rows: a matcher that was given its rows back, in whatever order, judges like one that
    was never stopped.
    """

    def __init__(self, window_s: float = 72 * 3600.0, max_rows: int = 3_000_000) -> None:
        """`window_s` bounds how far apart in event time a copy is found; `max_rows` bounds memory, oldest go first."""
        self._window_s = window_s
        self._max_rows = max_rows
        self._store = Store()
        self._footers = Footers(max_rows)
        self._aligner = Aligner()
        self._order = 0
        self._watermark_s = float("-inf")
        self.evicted_total = 0
        self.late_total = 0

    def __len__(self) -> int:
        return len(self._store)

    @property
    def bytes(self) -> int:
        """Memory held, an estimate from the sizes of what is held."""
        return self._store.bytes + self._footers.bytes

    def judge(self, article: Article, signature: Signature, received_s: float) -> Judgement:
        """Say whether the article was seen before, and remember it.

        Args:
            article: as `read` decoded it.
            signature: `fingerprint.sign(article)`.
            received_s: the record's timestamp, seconds since 1970; event time where the article has none.
        """
        return self.remember(self.consider(article, signature, received_s))

    def consider(self, article: Article, signature: Signature, received_s: float) -> Considered:
        """The verdict alone: whatever it fails on, the rows are as they were."""
        self._store.refresh()
        slot = self._store.slot_of(article.id)
        known = None if slot is None else self._store.row(slot)
        if known is not None and (given := known.verdict_for(signature.content)) is not None:
            return Considered(given)
        event_s = event_time_s(article, received_s)
        signature = self._without_footers(article, signature)
        duplicate = self._search(article.id, signature, event_s) if known is None else self._update(known, signature)
        if event_s < self._watermark_s - self._window_s:
            return Considered(duplicate, late=True)
        before = known.given if known else ()
        row = Row(article.id, self._order, event_s, signature, (*before, Given(signature.content, duplicate)))
        return Considered(duplicate, row, slot)

    def remember(self, considered: Considered) -> Judgement:
        """Change the table as a verdict wants it; one that fails here has to be rebuilt from its rows."""
        self.late_total += considered.late
        row = considered.row
        if row is None:
            return Judgement(considered.duplicate, None)
        packed, outline = row.to_bytes(), row.outline
        if considered.slot is not None:
            self._drop(considered.slot)
        self._store.put(packed, outline)
        self._note(outline)
        return Judgement(considered.duplicate, packed, self._expire())

    def restore(self, article_id: str, row: Packed) -> None:
        """Take back a row of the table; rows may come in any order, a later one of the same id replaces the earlier."""
        if (slot := self._store.slot_of(article_id)) is not None:
            self._drop(slot)
        self._note(self._store.load(row))

    def forget(self, article_id: str) -> None:
        """Drop a row, as a tombstone says."""
        if (slot := self._store.slot_of(article_id)) is not None:
            self._drop(slot)

    def _note(self, row: Outline) -> None:
        """Count what a row adds to the derived state."""
        self._order = max(self._order, row.order + 1)
        self._watermark_s = max(self._watermark_s, row.event_s)
        if row.unique:
            self._footers.add(row.lines)

    def _drop(self, slot: int) -> str:
        row = self._store.drop(slot)
        if Row.is_unique(row):
            self._footers.remove(Row.lines_of(row))
        return Row.id_of(row).decode()

    def _expire(self) -> tuple[str, ...]:
        """Drop what has left the window, then the oldest while there are too many rows."""
        dropped = [self._drop(slot) for slot in self._store.expired(self._watermark_s - self._window_s)]
        while len(self._store) > self._max_rows:
            dropped.append(self._drop(self._store.oldest()))
            self.evicted_total += 1
        return tuple(dropped)

    def _without_footers(self, article: Article, signature: Signature) -> Signature:
        known = frozenset(line for line in signature.line_hashes() if self._footers.knows(line))
        return sign(article, known) if known else signature

    def _search(self, article_id: str, signature: Signature, event_s: float) -> Duplicate:
        slots = self._candidates(signature, event_s)
        if not slots:
            return unique(article_id)
        wordings = [(slot, *self._store.wording(slot)) for slot in slots]
        # The same from end to end: nothing can be more alike. Few words prove nothing.
        same = [slot for slot, exact, _ in wordings if exact == signature.exact and len(signature.body) >= MIN_WORDS]
        if same and not _other_toll(signature, (row := self._store.row(same[0])).signature):
            return _repeated(row)
        best = self._best(signature, self._promising(signature.body, slots, [body for _, _, body in wordings]))
        return self._linked(self._with_head(best)) if best else unique(article_id)

    def _candidates(self, signature: Signature, event_s: float) -> list[int]:
        """Slots to compare: those with most common keys, newer first among equals.

        A key that many rows have is half a reason: alone it makes no candidate.
        """
        votes: dict[int, int] = {}
        for found in self._store.with_keys(signature.query_keys(), POSTINGS):
            weight = 1 if len(found) == POSTINGS else 2
            for slot in found:
                votes[slot] = votes.get(slot, 0) + weight
        near = []
        for slot, vote in votes.items():
            if vote > 1:
                order, time_s = self._store.stamp(slot)
                if abs(time_s - event_s) <= self._window_s:
                    near.append((-vote, -order, slot))
        return [slot for _, _, slot in sorted(near)[:CANDIDATES]]

    def _promising(self, body: Body, slots: list[int], bodies: list[Body]) -> list[int]:
        """The few slots to lay beside the article: those with most common wording, the first judged among equals."""
        ranked = []
        for slot, other, words in zip(slots, bodies, self._aligner.common(body, bodies), strict=True):
            small, large = sorted((len(body), len(other)))
            if worth_comparing(words, small):
                ranked.append((-words * (1 / small + 0.3 / large), self._store.stamp(slot), slot))
        return [slot for _, _, slot in sorted(ranked)[:ALIGNED]]

    def _best(self, signature: Signature, slots: list[int]) -> _Match | None:
        """The best match among the rows in these slots."""
        if not slots:
            return None
        new = Wording(signature)
        best: _Match | None = None
        for slot in slots:
            match = self._compare(new, slot)
            if match is not None and (best is None or _rank(match) > _rank(best)):
                best = match
                if match.likeness.is_whole:
                    break
        return best

    def _with_head(self, match: _Match) -> _Match:
        """The match with the article that was passed on, where a copy of it is most alike: figures must not drift."""
        head = match.row.duplicate.of if match.row.duplicate.verdict == "near" else None
        slot = None if head is None else self._store.slot_of(head)
        return match if slot is None else self._compare(match.pair.new, slot) or match

    def _compare(self, new: Wording, slot: int) -> _Match | None:
        """The row in a slot beside the new article, None unless one is a copy of the other."""
        row = self._store.row(slot)
        pair = Pair(new, Wording(row.signature, self._footers_of(row.signature)), self._aligner)
        likeness = compare(pair)
        return _Match(row, pair, likeness) if likeness is not None and likeness.is_copy else None

    def _footers_of(self, signature: Signature) -> tuple[tuple[int, int], ...]:
        """Where lines stand that were not yet known as footers when the signature was made."""
        lines = np.frombuffer(signature.lines, LINE).tolist()
        known = [
            (start, min(start + words, len(signature.body)))
            for hash_, start, words in lines
            if words and self._footers.knows(hash_)
        ]
        return () if sum(end - start for start, end in known) >= len(signature.body) else tuple(known)

    def _update(self, known: Row, signature: Signature) -> Duplicate:
        """The verdict on another content of an article that is known by its id."""
        pair = Pair(Wording(signature), Wording(known.signature, self._footers_of(known.signature)), self._aligner)
        likeness = compare(pair)
        share = round(likeness.share, 4) if likeness else 0.0
        before = known.duplicate
        why = "the same article id with another content"
        return Duplicate("revision", _passed_on(known), before.cluster_id, share, changes(pair), why)

    def _linked(self, match: _Match) -> Duplicate:
        """Copy, or revision."""
        changed = changes(match.pair)
        if not changed and _same_words(match.pair) and not _other_toll(match.pair.new.signature, match.row.signature):
            return _repeated(match.row)
        before = match.row.duplicate
        of = _passed_on(match.row)
        share = round(match.likeness.share, 4)
        reason = f"{len(changed)} figures differ in the same context" if changed else _edited(match)
        verdict: Verdict = "revision" if reason else "near"
        why = f"{match.likeness}; {reason}" if reason else str(match.likeness)
        return Duplicate(verdict, of, before.cluster_id, share, changed, why)


def _repeated(row: Row) -> Duplicate:
    """The verdict on the same words once more."""
    return Duplicate("exact", _passed_on(row), row.duplicate.cluster_id, 1.0, (), "the same words")


def _other_toll(new: Signature, old: Signature) -> bool:
    """Whether both headlines tell of people harmed, in other figures."""
    figures = bool(new.title_numbers and old.title_numbers) and new.title_numbers != old.title_numbers
    return figures and new.title_harm and old.title_harm


def _same_words(pair: Pair) -> bool:
    """Whether two articles are the same, apart from footers that were not yet known when the old one was signed."""
    new, old = pair.new, pair.old
    if new.signature.exact == old.signature.exact:
        return True
    return len(old) < len(old.body) < MAX_WORDS and bool(np.array_equal(new.body, old.body[old.kept]))


def _passed_on(row: Row) -> str:
    """The id of the article that was passed on: the row's own, or the one it is a copy of."""
    before = row.duplicate
    return before.of if before.of is not None and before.verdict in ("exact", "near") else row.article_id


def _edited(match: _Match) -> str:
    """What makes another edition of the same story: other figures in the headline, wording added or taken out."""
    new = match.pair.new
    if match.likeness.other_headline:
        return "the headlines have different figures"
    if (added := added_words(match.pair)) >= max(ADDED_WORDS, ADDED_SHARE * len(new)):
        return f"{added} words added"
    if harm_reworded(match.pair, match.likeness.replaced):
        return "words about people harmed were exchanged"
    cut = 0 if new.signature.cut else cut_words(match.pair)
    return f"{cut} words taken out" if cut >= CUT_WORDS else ""


def event_time_s(article: Article, received_s: float) -> float:
    """Seconds since 1970 at which the article was published; when it was received if it does not say, or says later."""
    if article.published_at is None:
        return received_s
    published_s = datetime.fromisoformat(article.published_at).timestamp()
    return published_s if published_s <= received_s + AHEAD_S else received_s


def _rank(match: _Match) -> tuple[bool, float, int]:
    """The best match: whole before part, then most alike, the first judged among equals."""
    likeness = match.likeness
    return likeness.is_whole, likeness.score + 3 * likeness.reverse, -match.row.order
