"""Rules for people named before: "killing him and his sons", "all of them drowned", "only five survived"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from stream_app.core.events import Kind
from stream_app.core.language.numerals import Quantity
from stream_app.core.languages.en.context import Context
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.objects import next_conjunct
from stream_app.core.languages.en.phrases import Chunk, People
from stream_app.core.languages.en.subjects import subjects_before

_ONE: Final = frozenset({"him", "her"})
_STOPS: Final = frozenset({"", ",", ".", ";", "and", ")", "preposition", "day", "cue", "adverb", "by", "word"})
_ABOARD: Final = frozenset({"aboard", "board", "passengers", "crew", "carrying", "carried", "caught", "trapped"})
_BACK: Final = 30
_BREAKS: Final = frozenset({",", ";", ":", ".", "and", "but", '"'})
_FAR: Final = 14
_KILLED: Final = frozenset({"past", "died", "state"})
_NO_CHUNKS: Final = (Chunk("", 0),)


def is_object_pronoun(s: Context, i: int) -> bool:
    """Whether the verb at `i` has "him", "them" or "all of them" for its object; "her" may begin "her brother"."""
    j = i + 1
    if s.word(j) == "all" and s.tag(j + 1) == "of":
        j += 2
    if s.people(j) is not None:
        return False
    return s.word(j) == "them" or (s.word(j) in _ONE and s.tag(j + 1) in _STOPS)


def object_pronoun(s: Context, i: int, kind: Kind, group: int) -> Iterator[Mention]:
    """As in "killing him and his two sons", "tied up the guard and killed him", "hit four and killed them"."""
    at = i + 1 if s.word(i + 1) != "all" else i + 3
    plural = s.word(at) == "them"
    doers = subjects_before(s, group, adjacent=False) if group else []
    chained = s.tag(group - 1) == "and"
    before = met_before(s, _begin(s, min(doers)) if doers and not chained else group, plural=plural)
    if before is not None:
        yield from s.emit([before], kind, "object_pronoun", i, group)
    elif plural:
        yield standing_for(s, at, kind, "they", i, group)
    elif kind in {"killed", "abducted"}:
        end = s.ends[at]
        person = People(end - 1, end, "single", None, None, -1, definite=True)
        yield Mention(person, kind, "object_pronoun", i, group, at)
    found = next_conjunct(s, at + 1)
    while found is not None:
        yield from s.emit([found], kind, "active_object", i, group)
        found = next_conjunct(s, found + 1)


def _begin(s: Context, doer: int) -> int:
    """Where the doer is first told of: "62-year-old John Smith", "his brother, John"."""
    while s.tag(doer - 1) == "people" or (s.tag(doer - 1) == "," and s.tag(doer - 2) == "people"):
        doer -= 1
    return doer


def met_before(s: Context, group: int, *, plural: bool) -> int | None:
    """Whom a pronoun after `group` means, in its sentence: the nearest people that fit in number."""
    for j in range(group - 1, max(-1, group - _BACK), -1):
        people = s.people(j)
        if people is None or s.tag(j) != "people":
            continue
        if people.noun and people.noun.victim_class == "perpetrator" and s.tag(j - 1) not in {"verb", "preposition"}:
            continue  # "seized two suspected thieves and lynched them"
        many = people.quantity is not None and people.quantity.low > 1
        if plural and many:
            return j
        if (
            not plural
            and not many
            and people.form in {"single", "named"}
            and s.tag(j - 1) in {"verb", "cue", "preposition", "day"}
        ):
            return j
    return None


def they(s: Context, i: int, kind: Kind, group: int) -> Iterator[Mention]:
    """As in "they were found dead", "all of them drowned", "all were killed": people of the sentence before."""
    subject = group - 1
    word = s.word(subject)
    if word in {"all", "both"} and s.word(subject - 1) == "they":  # "They all drowned"
        subject, word = subject - 1, "they"
    if kind == "injured" or '"' in s.words or "“" in s.words:
        return
    of_all = word in {"them", "whom"} and s.word(subject - 2) == "all"
    if word == "them" and s.word(subject - 1) == "share":  # "Half of them were killed"
        if met_before(s, subject - 1, plural=True) is None:
            yield from _some_of_those(s, subject - 1, subject, kind, i, group)
        return
    if subject < 0 or (word not in {"they", "all"} and not of_all):
        return
    before = met_before(s, group, plural=True)
    if before is None:
        yield standing_for(s, subject, kind, "they", i, group)
    elif word == "whom" or (word == "all" and s.tag(subject - 1) in {";", ","}):
        yield from s.emit([before], kind, "passive_subject", i, group)


def standing_for(s: Context, at: int, kind: Kind, rule: str, cue: int, group: int) -> Mention:
    """The mention of people whom the sentences before this one must name; `at` is their pronoun."""
    end = s.ends[at]
    people = People(end - s.chunks[at].size, end, "pronoun", None, None, -1)
    return Mention(people, kind, rule, cue, group, at)


def _some_of_those(s: Context, first: int, last: int, kind: Kind, cue: int, group: int) -> Iterator[Mention]:
    """The mention of some of those whom the sentence before must number: the words say how many."""
    start, end = s.ends[first] - s.chunks[first].size, s.ends[last]
    yield Mention(People(start, end, "pronoun", None, None, -1), kind, "they", cue, group, last)


def survivors(s: Context, i: int) -> Iterator[Mention]:
    """As in "only five of the 24 survived", "none of the crew of nine survived", "left no survivors"."""
    group = s.group_start(i)
    if s.word(i) == "survive" and any(s.tag(j) == "not" for j in range(group, i)):
        if any(s.tag(j) == "modal" for j in range(group, i)):
            return  # "will not survive"
        start = group - 1 if s.word(group - 1) in {"did", "does", "do"} else group
        victims = subjects_before(s, start, adjacent=False).where(s.is_part)
        yield from s.emit(victims, "killed", "not_survived", i, i)
        if not victims and s.word(start - 1) in {"he", "she"}:
            yield standing_for(s, start - 1, "killed", "pronoun", i, i)
        return
    none = _nobody_before(s, i)
    whole = _whole(s, i, none if none is not None else i)
    if none is not None:
        if whole is not None:
            yield from s.emit([whole], "killed", "no_survivors", i, i)
        else:
            yield standing_for(s, none, "killed", "they", i, i)
        return
    if not {"all", "everyone", "everybody", "both"}.isdisjoint(map(s.word, range(max(0, i - 6), i))):
        return
    some = next((j for j in range(i - 1, max(-1, i - _FAR), -1) if s.counted_at([j])), None)
    if some is None or (people := s.people(some)) is None or people.quantity is None:
        return
    inside = people.inner
    only = s.word(some - 1) in {"only", "just"} or s.word(i) == "alive"
    if inside is not None and only:
        yield _left_over(people, inside, people.quantity, some, i)
        return
    total = s.people(whole) if whole is not None and inside is None else None
    counted = total is not None and total.quantity is not None and (only or not _ABOARD.isdisjoint(s.words))
    if counted and whole is not None and whole != some and total is not None and total.quantity is not None:
        yield _left_over(total, total.quantity, people.quantity, whole, i)


def few_survived(s: Context, i: int) -> Iterator[Mention]:
    """As in "Only three survived", which opens a sentence: the others of those whom the one before numbers are dead."""
    few = s.people(1)
    if few is None or few.quantity is None or few.form != "elided" or s.people(i - 1) is not few:
        return
    if s.word(0) in {"only", "just"} and s.tag(i + 1) in {"", ".", ",", ";"}:
        yield from _some_of_those(s, 0, 1, "killed", i, i)


def all_but(s: Context, i: int) -> Iterator[Mention]:
    """As in "eight were aboard; everyone except the pilot was killed": the others of those told of before."""
    saved = s.people(i + 2)
    if s.word(i + 1) not in {"except", "but"} or saved is None or saved.form not in {"single", "elided", "counted"}:
        return
    cue = next(
        (j for j in range(i + 3, i + 7) if _KILLED & set((s.chunks[j : j + 1] or _NO_CHUNKS)[0].roles or ())), None
    )
    whole = next((j for j in range(i - 1, max(-1, i - _BACK), -1) if s.counted_at([j])), None)
    total = s.people(whole) if whole is not None else None
    if cue is None or s.group_start(cue) != i + 3:
        return
    if (
        i == 0 and s.counted_at([i + 2]) and saved.form == "elided"
    ):  # "All but three drowned", told behind who was there
        kind = next(iter((s.chunks[cue].roles or {}).values()))
        yield from _some_of_those(s, i, i + 2, kind, cue, i + 3)
    if total is None or total.quantity is None:
        return
    few = saved.quantity or Quantity(1, 1, "exact", saved.start, saved.end)
    if few.low < total.quantity.low:
        rest = _left_over(total, total.quantity, few, i, cue)
        kind = next(iter((s.chunks[cue].roles or {}).values()))
        yield replace(rest, kind=kind, people=replace(rest.people, start=s.ends[i] - 1, end=s.ends[i], form="elided"))


def neither(s: Context, i: int) -> Iterator[Mention]:
    """As in "Neither survived", "neither of them survived", "neither came out alive": two."""
    at = next((j for j in range(i - 1, max(-1, i - 6), -1) if s.word(j) == "neither"), None)
    if at is not None:
        end = s.ends[at]
        pair = People(end - 1, end, "elided", Quantity(2, 2, "exact", end - 1, end), None, -1)
        yield Mention(pair, "killed", "no_survivors", i, i, at)


def no_survivors(s: Context, i: int) -> Iterator[Mention]:
    """As in "left no survivors"; where the words end the sentence, they are their own cue."""
    if s.last(i) == "survivors":
        at_end = i + 1 == len(s.chunks)
        for mention in survivors(s, i + 1):
            yield replace(mention, cue=i, group=i) if at_end else mention


def _nobody_before(s: Context, i: int) -> int | None:
    """The "none" before a verb of surviving, from the start of the sentence over a clause: "None of the 62 aboard"."""
    near = next((j for j in range(i - 1, max(-1, i - 8), -1) if _is_nobody(s, j)), None)
    if near is not None or s.tag(1) != "of" or i >= _BACK or not _is_nobody(s, 0):
        return near
    return 0 if _BREAKS.isdisjoint(map(s.tag, range(i))) else None


def _is_nobody(s: Context, j: int) -> bool:
    people = s.people(j)
    return (people is not None and people.form == "nobody") or s.word(j) == "no"


def _whole(s: Context, i: int, some: int) -> int | None:
    """The people of whom some survived: those aboard, or "of the 18 climbers"."""
    for j in range(len(s.chunks)):
        people = s.people(j)
        if people is None or people.quantity is None or people.quantity.low < 2 or j == some:
            continue
        partitive = s.tag(j - 1) == "of" and (j < _BACK // 10 or j - 1 == some + 1)
        if j < i and (partitive or not _ABOARD.isdisjoint(s.words)):
            return j
        if j > i and not _ABOARD.isdisjoint(s.words):
            return j
    return None


def _left_over(people: People, total: Quantity, saved: Quantity, at: int, cue: int) -> Mention:
    """Those who did not survive."""
    low = max(0, total.low - saved.low)
    high = None if total.high is None else max(low, total.high - saved.low)
    quantity = Quantity(low, high, total.qualifier, people.start, people.end)
    rest = replace(people, quantity=quantity, inner=None)
    return Mention(rest, "killed", "survivors", cue, cue, at)
