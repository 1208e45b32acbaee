"""The matcher: a state machine that says of each article whether it was seen before. No clock, no Kafka."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import numpy as np

from stream_app.core.dedup.footers import Footers
from stream_app.core.dedup.likeness import MIN_WORDS, Likeness, compare, worth_comparing
from stream_app.core.dedup.revision import added_words, changes, cut_words, doubted, harm_reworded
from stream_app.core.dedup.rows import (
    NOBODY,
    VERSIONS_KEPT,
    Given,
    Outline,
    Row,
    Stamp,
    Teller,
    cluster_id_of,
    is_plain,
    unique,
    version_id,
)
from stream_app.core.dedup.signature import CAPTION, LINE, MAX_WORDS, Body, Signature, sign
from stream_app.core.dedup.store import Packed, Store
from stream_app.core.dedup.wording import Aligner, Pair, Wording
from stream_app.core.dedup.words import canonical
from stream_app.core.events import Article, Change, Duplicate
from stream_app.core.poison import PoisonError
from stream_app.core.sources import Sources, builtin
from stream_app.core.wire import digest

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
_LEAP_TIMES, _LEAP_MORE = 3, 10
"""So many times as much, and so many more, is a leap; the same for a claim that nobody bears out (`incidents`)."""
_WITHDRAWN: Final = 0x5DEECE66D
"""Tells the content of a withdrawal from that of the article that it repeats."""
_OTHER_IDS: Final = 3
"""Ids that may stand for one that belongs to another source; nobody can take them but by guessing a hash."""
AHEAD_S: Final = 3600.0
"""A publication time further than this beyond the record's own is a mistake of the producer, and not believed."""


Rows = tuple[tuple[str, bytes | None], ...]
"""Table rows to store by key; None deletes one."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict, and what it does to the table.

    `article_id` is the id that the article goes by: another one than its own where that belongs to another source.
    `rows` are empty when nothing changed (a redelivery).
    """

    duplicate: Duplicate
    article_id: str
    rows: Rows = ()

    @property
    def row(self) -> bytes | None:
        """The article's own row, None when nothing changed."""
        return next((row for key, row in self.rows if key == self.article_id), None)


@dataclass(frozen=True, slots=True)
class Considered:
    """A verdict that has not been remembered yet.

    `content` and `arrival` are of what is to be remembered; None where nothing changes. `known`: the article has a row,
    whose wording stands on where it was `withdrawn`, and else becomes an earlier version. `withdrawn_s`: when its
    source took it back, seconds since 1970.
    """

    duplicate: Duplicate
    article_id: str
    content: int = 0
    arrival: _Arrival | None = None
    known: bool = False
    withdrawn_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Match:
    row: Row
    pair: Pair
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An article while it is judged: the id it goes by, who tells it, what it says and when."""

    article_id: str
    teller: Teller
    signature: Signature
    event_s: float
    received_s: float


class Matcher:
    """Finds the copies and revisions of articles within a window of event time.

    State is a function of the rows: a matcher that was given its rows back, in whatever order, judges like one that
    was never stopped. Nothing in it moves with the newest time seen: two articles are compared when their own times
    lie within the window of each other, in whatever order they come, and one with a wrong date misses its own copies
    only.
    """

    def __init__(
        self,
        window_s: float = 72 * 3600.0,
        max_rows: int = 3_000_000,
        sources: Sources | None = None,
        *,
        once: bool = False,
    ) -> None:
        """`window_s` bounds how far apart copies are found, `max_rows` memory: those that came first go first.

        `once`: no record comes twice by itself, as in a file, whose order alone tells what is new.
        """
        self._window_s = window_s
        self._max_rows = max_rows
        self._once = once
        self._sources = builtin() if sources is None else sources
        self._store = Store()
        self._footers = Footers(max_rows)
        self._aligner = Aligner()
        self._order = 0
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
            signature: `signature.sign(article)`.
            received_s: when the record came, seconds since 1970: stands in for the article's own time where it has
                none, or says a later one.

        Raises:
            PoisonError: the article's id, and each that could stand for it, belongs to another source; or it takes back
                what its source has not told.
        """
        return self.remember(self.consider(article, signature, received_s))

    def consider(self, article: Article, signature: Signature, received_s: float) -> Considered:
        """The verdict alone: whatever it fails on, the rows are as they were."""
        self._store.refresh()
        teller = Teller.of(self._sources.of(article))
        if article.is_withdrawn:
            return self._withdrawal(article, teller, signature, received_s)
        article_id, known = self._held(article.id, teller, signature.content)
        event_s, content = event_time_s(article, received_s), signature.content
        if known is not None:
            again = _again(content, event_s)
            if (told := known.verdict_for(again)) is not None:
                return Considered(told, article_id)
            if (given := known.verdict_for(content)) is not None:
                if content == known.given[-1].content or not event_s > known.told_s:
                    return Considered(given, article_id)
                content = again
        new = _Arrival(article_id, teller, self._without_footers(article, signature), event_s, received_s)
        anew = known is None or self._repeats_another(known)
        duplicate = self._search(new) if anew or known is None else self._update(known, new.signature)
        return Considered(duplicate, article_id, content, new, known is not None)

    def _withdrawal(self, article: Article, teller: Teller, signature: Signature, received_s: float) -> Considered:
        """What becomes of an article that its source takes back: a revision; copies of its wording are copies still.

        The same withdrawal is a new one where the story was told anew in between, and it came after that: by the times
        at which both were received, for a record that is delivered again has its old one. Who has only repeated another
        source's words has nothing to take back.

        Raises:
            PoisonError: the source has no article under this id.
        """
        content = signature.content ^ _WITHDRAWN
        article_id, known = self._held(article.id, teller, content)
        if known is None:
            raise PoisonError("not_withdrawn", "its source has no article under this id")
        if (given := known.given_for(content)) is not None:
            content = _again(content, self._order if self._once else received_s)
            anew = not known.is_withdrawn and (self._once or received_s > known.stamp.received_s)
            given = known.given_for(content) or (None if anew else given)
        if given is not None:
            return Considered(given.duplicate, article_id, withdrawn_s=given.withdrawn_s)
        if self._repeats_another(known):
            return Considered(known.duplicate, article_id)
        event_s = event_time_s(article, received_s)
        told_s = max(known.told_s, event_s)
        duplicate = _version(known, 0.0, (), "withdrawn by its source")
        new = _Arrival(article_id, teller, signature, known.stamp.event_s, received_s)
        return Considered(duplicate, article_id, content, new, known=True, withdrawn_s=told_s)

    def remember(self, considered: Considered) -> Judgement:
        """Change the table as a verdict wants it; one that fails here has to be rebuilt from its rows."""
        new, article_id = considered.arrival, considered.article_id
        if new is None:
            return Judgement(considered.duplicate, article_id)
        if new.event_s < new.received_s - self._window_s:
            self.late_total += 1
        before = self._taken(article_id) if considered.known else None
        withdrawn = considered.withdrawn_s is not None
        over = before is not None and not withdrawn
        rows = [self._kept(self._version(before))] if over and before else []
        signature = before.signature if before and withdrawn else new.signature
        last = Given(considered.content, considered.duplicate, considered.withdrawn_s)
        given = (*(before.given if before else ()), last)
        stamp = Stamp(self._order, new.event_s, new.received_s)
        rows.append(self._kept(Row(article_id, stamp, new.teller, signature, given[-VERSIONS_KEPT:])))
        return Judgement(considered.duplicate, article_id, (*rows, *self._evicted()))

    def restore(self, row_id: str, row: Packed) -> None:
        """Take back a row of the table; rows may come in any order, a later one of one key replaces the earlier."""
        self._drop_row(row_id)
        self._note(self._store.load(row))

    def forget(self, row_id: str) -> None:
        """Drop a row, as a tombstone says."""
        self._drop_row(row_id)

    def _held(self, claimed: str, teller: Teller, content: int) -> tuple[str, Row | None]:
        """The id that an article goes by, and the row that its source has under it.

        An id belongs to the source that used it first. Another source's article gets the next of its own that is free.
        """
        free: str | None = None
        for article_id in _ids(claimed, teller, content):
            slot = self._store.slot_of(article_id)
            if slot is None:
                free = free or article_id
                continue
            row = self._store.row(slot)
            if row.teller.is_same(teller) or (teller.owner == row.teller.owner and row.verdict_for(content)):
                return article_id, row
        if free is None:
            raise PoisonError("bad_id", "the id belongs to another source, as does each that could stand for it")
        return free, None

    def _kept(self, row: Row) -> tuple[str, Packed]:
        packed, outline = row.to_bytes(), row.outline
        self._store.put(packed, outline)
        self._note(outline)
        return row.row_id, packed

    def _version(self, known: Row) -> Row:
        """The row of a version that is over, under a key of its own: a late copy of it is a copy still.

        Eight are kept of an article; then the oldest gives way.
        """
        keys = [version_id(known.article_id, number) for number in range(VERSIONS_KEPT)]
        slots = {key: self._store.slot_of(key) for key in keys}
        key = min(keys, key=lambda key: -1 if (slot := slots[key]) is None else self._store.stamp(slot).order)
        self._drop_row(key)
        stamp = known.stamp._replace(order=self._order)
        return replace(known, row_id=key, stamp=stamp, given=known.given[-1:])

    def _taken(self, row_id: str) -> Row:
        """A row that is known, whole, and no longer held."""
        slot = self._store.slot_of(row_id)
        assert slot is not None
        row, packed = self._store.take(slot)
        self._uncount(packed)
        return row

    def _drop_row(self, row_id: str) -> None:
        if (slot := self._store.slot_of(row_id)) is not None:
            self._drop(slot)

    def _note(self, row: Outline) -> None:
        """Count what a row adds to the derived state."""
        self._order = max(self._order, row.stamp.order + 1)
        if row.heads:
            self._footers.add(row.lines)

    def _drop(self, slot: int) -> str:
        row = self._store.drop(slot)
        self._uncount(row)
        return Row.id_of(row).decode()

    def _uncount(self, packed: Packed) -> None:
        if Row.heads_in(packed):
            self._footers.remove(Row.lines_of(packed))

    def _evicted(self) -> Iterator[tuple[str, None]]:
        """Drop the rows that came first while there are too many."""
        while len(self._store) > self._max_rows:
            yield self._drop(self._store.oldest()), None
            self.evicted_total += 1

    def _without_footers(self, article: Article, signature: Signature) -> Signature:
        known = frozenset(line for line in signature.line_hashes() if self._footers.knows(line))
        return sign(article, known) if known else signature

    def _search(self, new: _Arrival) -> Duplicate:
        near, years_off = self._candidates(new)
        found = self._judged(new, near) if near else None
        if found is None and years_off:
            found = self._judged(new, years_off)
            if found is not None and found.verdict not in ("exact", "near"):
                found = None
        return unique(new.article_id) if found is None or self._was_told_before(new, found.of) else found

    def _was_told_before(self, new: _Arrival, head_id: str | None) -> bool:
        """Whether an article has an earlier date than all versions of one that another source has taken back.

        Whoever copies a story, is read first and takes it back must not silence whom it copied.
        """
        slot = None if head_id is None else self._store.slot_of(head_id)
        if slot is None or not (head := self._store.row(slot)).is_withdrawn:
            return False
        if head.teller.is_same(new.teller):
            return False
        before = (self._store.slot_of(version_id(head.article_id, number)) for number in range(VERSIONS_KEPT))
        told = [head.stamp, *(self._store.stamp(slot) for slot in before if slot is not None)]
        return all(new.event_s < stamp.event_s for stamp in told)

    def _judged(self, new: _Arrival, slots: list[int]) -> Duplicate | None:
        """What the article is to the rows in these slots, None where it is nothing to them."""
        signature = new.signature
        wordings = [(slot, *self._store.wording(slot)) for slot in slots]
        # The same from end to end: nothing can be more alike. Few words prove nothing.
        same = [slot for slot, exact, _ in wordings if exact == signature.exact and len(signature.body) >= MIN_WORDS]
        if same and not _other_toll(signature, (row := self._store.row(same[0])).signature):
            return _repeated(row)
        matches = self._matches(signature, self._promising(signature.body, slots, [body for _, _, body in wordings]))
        return self._linked(new, matches) if matches else None

    def _candidates(self, new: _Arrival) -> tuple[list[int], list[int]]:
        """Slots to compare: those with most common keys, newer first among equals; then those that are years off.

        In a file an article without a date, which counts as received with those around it, goes with the latter, too: a
        file may be in no order. Those with a time of their own come before equals without one: these may be copies that
        nobody could know.
        A key that many rows have is half a reason: alone it makes no candidate.
        """
        votes: dict[int, int] = {}
        for found in self._store.with_keys(new.signature.query_keys(), POSTINGS):
            weight = 1 if len(found) == POSTINGS else 2
            for slot in found:
                votes[slot] = votes.get(slot, 0) + weight
        near, years_off = [], []
        undated = math.isnan(new.event_s)
        for slot, vote in votes.items():
            if vote > 1:
                stamp = self._store.stamp(slot)
                if stamp.is_near(new.event_s, new.received_s, self._window_s):
                    near.append((-vote, stamp.is_undated, -stamp.order, slot))
                elif stamp.is_years_off(new.event_s, self._window_s) or (self._once and undated | stamp.is_undated):
                    years_off.append((-vote, stamp.is_undated, -stamp.order, slot))
        return _first(near), _first(years_off)

    def _promising(self, body: Body, slots: list[int], bodies: list[Body]) -> list[int]:
        """The few slots to lay beside the article: those with most common wording, the first judged among equals."""
        ranked = []
        for slot, other, words in zip(slots, bodies, self._aligner.common(body, bodies), strict=True):
            small, large = sorted((len(body), len(other)))
            if worth_comparing(words, small):
                stamp = self._store.stamp(slot)
                ranked.append((-words * (1 / small + 0.3 / large), stamp.is_undated, stamp.order, slot))
        return [slot for *_, slot in sorted(ranked)[:ALIGNED]]

    def _matches(self, signature: Signature, slots: list[int]) -> list[_Match]:
        """The rows in these slots that are copies or revisions of one story with the article, the best match first."""
        if not slots:
            return []
        new = Wording(signature)
        found: list[_Match] = []
        for slot in slots:
            match = self._compare(new, slot)
            if match is not None:
                if match.likeness.is_whole:
                    return [match]
                found.append(match)
        return sorted(found, key=_rank, reverse=True)

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
            if words and hash_ != CAPTION and self._footers.knows(hash_)
        ]
        return () if sum(end - start for start, end in known) >= len(signature.body) else tuple(known)

    def _update(self, known: Row, signature: Signature) -> Duplicate:
        """The verdict on another content of an article that is known by its id."""
        pair = Pair(Wording(signature), Wording(known.signature, self._footers_of(known.signature)), self._aligner)
        likeness = compare(pair)
        share = round(likeness.share, 4) if likeness else 0.0
        return _version(known, share, changes(pair), "the same article id with another content")

    def _linked(self, new: _Arrival, matches: Sequence[_Match]) -> Duplicate:
        """What the article is to what it matches: the best match, unless it is a copy of another, or edits its own."""
        edit = self._edit(new, matches)
        row, changed = edit.match.row, edit.changes
        if edit.same:
            return _repeated(row)
        cluster_id, share = row.duplicate.cluster_id, round(edit.match.likeness.share, 4)
        why = f"{edit.match.likeness}; {edit.reason}" if edit.reason else str(edit.match.likeness)
        of, story_id = _passed_on(row), row.duplicate.story_id
        if edit.is_copy:
            return Duplicate("near", of, cluster_id, share, changed, why, story_id=story_id)
        if self._may_revise(new, edit):
            version = self._head_of(row).duplicate.version + 1
            return Duplicate("revision", of, cluster_id, share, changed, why, story_id=story_id, version=version)
        if edit.shorter:
            return Duplicate("near", of, cluster_id, share, changed, why, story_id=story_id)
        own = cluster_id_of(new.article_id)
        return Duplicate("unique", None, cluster_id, share, changed, f"{why}; by another source", of, own)

    def _edit(self, new: _Arrival, matches: Sequence[_Match]) -> _Edit:
        """The best match as an edit: one that the article copies, as an earlier version, else one of its own source."""
        edits = []
        for match in matches:
            edit = _Edit.of(self._with_head(match))
            if edit.is_copy:
                return edit
            edits.append(edit)
        own = (edit for edit in edits if self._head_of(edit.match.row).teller.is_same(new.teller))
        return next(own, edits[0])

    def _may_revise(self, new: _Arrival, edit: _Edit) -> bool:
        """Whether an article may stand in the place of the story that it rewords: whose story that is decides.

        Its own source may. Another outlet, not somebody unknown, may when both name one agency, its article is not
        older, nothing is taken back and no figure leaps: a name in a text proves little.
        """
        head = self._head_of(edit.match.row)
        if head.teller.is_same(new.teller):
            return True
        same_wire = bool(head.teller.wire) and head.teller.wire == new.teller.wire and new.teller.owner != NOBODY
        return same_wire and not (new.event_s < head.stamp.event_s or edit.takes_back or edit.leaps)

    def _repeats_another(self, row: Row) -> bool:
        """Whether an article is a copy of another source's: what becomes of that is none of its business."""
        head = self._head_of(row)
        return head is not row and not head.teller.is_same(row.teller)

    def _head_of(self, row: Row) -> Row:
        """The article that was passed on, where the row is of a copy and it is still known."""
        head = _passed_on(row)
        slot = None if head == row.article_id else self._store.slot_of(head)
        return row if slot is None else self._store.row(slot)


@dataclass(frozen=True, slots=True)
class _Edit:
    """What an article does to the story that it matches: nothing (`same`, or a copy), or another edition of it."""

    match: _Match
    changes: tuple[Change, ...]
    same: bool
    reason: str
    shorter: bool
    """Whether it has only taken words out: an edition where its own source does, else a copy that was cut to fit."""

    @classmethod
    def of(cls, match: _Match) -> _Edit:
        """The edit of a match."""
        pair = match.pair
        changed = changes(pair)
        same = not changed and _same_words(pair) and not _other_toll(pair.new.signature, match.row.signature)
        reason = f"{len(changed)} figures differ in the same context" if changed else _edited(match)
        cut = 0 if same or reason or pair.new.signature.cut else cut_words(pair)
        if cut >= CUT_WORDS:
            reason = f"{cut} words taken out"
        return cls(match, changed, same, "" if same else reason, shorter=cut >= CUT_WORDS)

    @property
    def is_copy(self) -> bool:
        """Whether it says the same."""
        return not self.reason

    @property
    def takes_back(self) -> bool:
        """Whether a figure becomes smaller, or goes, or whether harm is told in other words."""
        return not self.changes or any(map(_is_less, self.changes))

    @property
    def leaps(self) -> bool:
        """Whether a figure becomes so much greater that it takes a second voice."""
        return any(map(_is_leap, self.changes))


def _is_less(change: Change) -> bool:
    """Whether the new figure is smaller than the old one, or none; what is no plain number is taken for less."""
    old, new = _value(change.old), _value(change.new)
    return bool(change.old) and (old is None or new is None or new < old)


def _is_leap(change: Change) -> bool:
    """Whether the new figure is so much more than the old one that one voice alone is not believed."""
    old, new = _value(change.old), _value(change.new)
    return old is not None and new is not None and new >= max(_LEAP_TIMES * old, old + _LEAP_MORE)


def _value(number: str) -> int | None:
    """What a plain number says, None for another one."""
    digits = canonical(number).removesuffix(".")
    return int(digits) if digits.isdecimal() and len(digits) < 12 else None


def _first(ranked: list[tuple[int, bool, int, int]]) -> list[int]:
    """The slots that come first, as many as are looked at."""
    return [slot for *_, slot in sorted(ranked)[:CANDIDATES]]


def _version(known: Row, share: float, changed: tuple[Change, ...], why: str) -> Duplicate:
    """The verdict on a later version of an article that is known by its id."""
    of, before = _passed_on(known), known.duplicate
    version = before.version + 1
    return Duplicate("revision", of, before.cluster_id, share, changed, why, story_id=before.story_id, version=version)


def _again(content: int, when: float) -> int:
    """The hash of content that is told anew at a time: that of the same told before is another."""
    return int.from_bytes(hashlib.blake2b(struct.pack("<Qd", content, when), digest_size=8).digest())


def _repeated(row: Row) -> Duplicate:
    """The verdict on the same words once more."""
    of, before = _passed_on(row), row.duplicate
    return Duplicate("exact", of, before.cluster_id, 1.0, (), "the same words", story_id=before.story_id)


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
    """What makes another edition of a story, beside words taken out: figures in the headline, or wording."""
    new = match.pair.new
    if match.likeness.other_headline:
        return "the headlines have different figures"
    if (added := added_words(match.pair)) >= max(ADDED_WORDS, ADDED_SHARE * len(new)):
        return f"{added} words added"
    if harm_reworded(match.pair, match.likeness.replaced):
        return "words about people harmed were exchanged"
    if doubted(match.pair):
        return "what one states of harm, the other doubts or denies"
    return ""


def event_time_s(article: Article, received_s: float) -> float:
    """Seconds since 1970 at which the article was published; NaN if it does not say, or says later than it came."""
    if article.published_at is None:
        return math.nan
    published_s = datetime.fromisoformat(article.published_at).timestamp()
    return published_s if published_s <= received_s + AHEAD_S else math.nan


def _ids(claimed: str, teller: Teller, content: int) -> Iterator[str]:
    """The ids that an article may go by, its own first; the others are of its source, or of its content without one."""
    if is_plain(claimed):
        yield claimed
    whose = f"{teller.owner:016x}" if teller.owner else f"{content:016x}"
    for number in range(_OTHER_IDS):
        yield f"own-{digest(claimed, whose, str(number))}"


def _rank(match: _Match) -> tuple[bool, float, int]:
    """The best match: whole before part, then most alike, the first judged among equals."""
    likeness = match.likeness
    return likeness.is_whole, likeness.score + 3 * likeness.reverse, -match.row.stamp.order
