"""Rules for nouns: deaths, bodies, tolls, lives and the murder of people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from stream_app.core.events import Kind
from stream_app.core.language.numerals import Quantity
from stream_app.core.languages.en.context import Context
from stream_app.core.languages.en.lexicon import Role, Roles
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.objects import objects_after
from stream_app.core.languages.en.phrases import People
from stream_app.core.languages.en.pronouns import met_before, standing_for
from stream_app.core.languages.en.subjects import subjects_before

_COUNTED: Final[Sequence[Role]] = ("count", "event", "past", "state", "died")
"""What "the number of ..." counts, by the roles of the word that ends it."""
_NO_TOLL: Final = frozenset({"free", "road", "roads", "booth", "booths", "plaza", "bridge"})
_SURPASSING: Final = frozenset({"surpass", "surpasses", "surpassed", "passes", "passed", "past", "tops", "topped",
                                "exceeds", "exceeded", "above"})  # fmt: skip
_COUNTING: Final = frozenset({"tally", "count", "figure"})
_TOTAL: Final = frozenset({"total", "cumulative", "human", "number"})
_KNOWN: Final = frozenset({"known", "confirmed", "believed", "thought", "reported", "officially", "now"})
_KNOWN_SO: Final = frozenset({"homeless", "deceased"})
"""What somebody is said to be who was so before: "the deceased leader"."""
_BEFORE_OLD: Final = frozenset({"from", "by"})
_BEFORE_TOLL: Final = frozenset(
    {"to", "preposition", "be", "verb", "of", "claim", "-", ":", "adverb", "say", "(", "have", "by"}
)

_OR_MORE: Final = ["or", "more"]
_RANKS: Final = frozenset({"second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"})


def is_event(s: Context, i: int, roles: Roles) -> bool:
    """Whether a word that may be a noun or a verb is the noun here: "the killing of", "girl's killing"."""
    if "event" not in roles:
        return False
    following = s.tag(i + 1)
    if s.word(i + 1) in s.sets["no_death"]:  # "the death sentences of six men"
        return False
    if event_object(s, i) is not None:
        return True
    before = s.tag(i - 1)
    return (before == "possessive" or (before == '"' and s.word(i - 1) == "'")) and following != "people"


def event_object(s: Context, i: int) -> int | None:
    """Where the people of an event begin: "murder of", "murder case of", "the death yesterday of nine people"."""
    if s.tag(i + 1) == "of":
        return i + 2
    if s.tag(i + 2) == "of" and s.word(i + 1) in {"case", "trial", "charges", "charge"}:
        return i + 3
    for k in range(i + 1, i + 10):
        people = s.people(k + 1)
        if s.tag(k) == "of" and people is not None and people.form in {"counted", "single"}:
            return k + 1
        if s.tag(k) not in {"preposition", "day", "determiner", "number", "word", "name", "of", "("} and not (
            s.tag(k) == "people" and k > i + 1
        ):
            return None
    return None


def event(s: Context, i: int, roles: Roles) -> Iterator[Mention]:
    """As in "the death of 12 miners", "the girl's killing"."""
    kind = roles["event"]
    if kind == "injured" and any(s.word(j) in {"fatal", "deadly", "fatally"} for j in range(i - 3, i)):
        kind = "killed"
    after = event_object(s, i)
    if after is not None:
        yield from s.emit(objects_after(s, after), kind, "event_of", i, i)
    elif s.tag(i - 1) in {"possessive", '"'} and s.people(i - 2) is not None:
        yield from s.emit([i - 2], kind, "possessed_event", i, i)


def count_noun(s: Context, i: int, kind: Kind) -> Iterator[Mention]:
    """As in "the bodies of 12 miners", "deaths rose to 39"."""
    if s.word(i) in s.sets["body"] and s.tag(i - 1) == "possessive":
        yield from own_body(s, i)
    elif s.word(i) == "body" and s.word(i - 1) in _RANKS and s.word(i - 2) == "a":
        if not s.sets["found_body"].isdisjoint(s.words):  # "a second body has been found"
            end = s.ends[i]
            body = People(end - 3, end, "single", None, None, -1, ordinal=True)
            yield Mention(body, "killed", "own_body", i, i, i)
    elif s.word(i) in s.sets["body"] and s.tag(i + 1) == "of":
        yield from s.emit(objects_after(s, i + 2, inside=True), "killed", "bodies_of", i, i)
    elif s.word(i) == "bodies" and s.word(i - 1) == "their" and not s.sets["found_body"].isdisjoint(s.words):
        before = met_before(s, i - 1, plural=True)  # "the twins were swept away; their bodies were found"
        yield from s.emit([before] if before is not None else [], "killed", "own_body", i, i)
        found = s.tag(i + 1) in {"be", "have"} and not s.sets["found_body"].isdisjoint(map(s.word, range(i + 2, i + 5)))
        if before is None and found:  # "Two boys went swimming on Friday. Their bodies were found on Sunday"
            yield standing_for(s, i - 1, "killed", "they", i, i)
    elif s.word(i) in {
        "deaths",
        "fatalities",
        "dead",
        "casualties",
        "injuries",
        "injured",
        "wounded",
        "missing",
    }:
        yield from toll(s, i, kind)


def own_body(s: Context, i: int) -> Iterator[Mention]:
    """As in "a woman's body was found": a body is a death only where one is found or examined."""
    if not s.sets["found_body"].isdisjoint(s.words):
        yield from s.emit([i - 2], "killed", "own_body", i, i)


def toll(s: Context, i: int, kind: Kind) -> Iterator[Mention]:
    """As in "death toll rises to 39", "the toll rose from 31 to 39", "taking the toll to 62"."""
    if s.word(i + 1) in _NO_TOLL:
        return
    start = i + 1
    if s.word(i) in _COUNTING and s.tag(start) == "of":  # "the count of the dead"
        start += 3 if s.tag(start + 1) == "determiner" else 2
        kind = (s.chunks[start - 1].roles or {}).get("count", kind) if start <= len(s.chunks) else kind
    fatal = s.word(i - 1) == "body" or kind != "killed"
    if s.word(i) in _COUNTING and not fatal and s.sets["fatal_word"].isdisjoint(s.words):
        return
    for k in range(start, min(i + 14, len(s.chunks))):
        people = s.people(k)
        if s.tag(k) in {";", ".", "cue", "who"}:
            return
        if people is None or people.quantity is None or people.form not in {"elided", "counted"}:
            continue
        if s.word(k - 1) not in _BEFORE_OLD:
            at, now = put_right(s, k) or (k, people)
        elif people.quantity.qualifier == "range":
            upper = _upper(people.quantity)
            at, now = k, replace(people, start=upper.start, quantity=upper)
        else:
            continue
        if s.tag(at - 1) in _BEFORE_TOLL or (at == i + 1 and _is_cell(s, i, at)):
            yield Mention(surpassed(s, now, at), kind, "toll", i, i, at)
        return


def _is_cell(s: Context, i: int, at: int) -> bool:
    """As in "Summary: confirmed deaths 41 (+3)." in the bulletins of civil defence: the noun, its number, no verb."""
    k = i - 1
    while s.word(k) in _KNOWN or s.word(k) in _TOTAL:
        k -= 1
    return s.tag(k) in {"", ".", ":", ";", ",", "-"} and s.tag(at + 1) in {"", ".", ";", ",", "("}


def surpassed(s: Context, people: People, at: int) -> People:
    """As in "has surpassed 400", "rose past 4,000": at least so many."""
    quantity = people.quantity
    if quantity is None or quantity.qualifier != "exact" or s.word(at - 1) not in _SURPASSING:
        return people
    return replace(people, quantity=quantity._replace(high=None, qualifier="at_least"))


def put_right(s: Context, k: int) -> tuple[int, People] | None:
    """The number that the one at `k` was corrected to: "first given as 90, was lowered to 71"."""
    for j in range(k + 1, min(k + 10, len(s.chunks))):
        people = s.people(j)
        if people is not None and people.quantity is not None and s.tag(j - 1) == "to":
            lowered = not s.sets["lowering"].isdisjoint(map(s.word, range(k + 1, j)))
            return (j, people) if lowered else None
    return None


def is_among(s: Context, i: int, roles: Roles) -> bool:
    """As in "among those killed", "among the dead"."""
    if s.word(i - 2) != "among" or s.word(i - 1) not in {"those", "the"}:
        return False
    return "past" in roles or "count" in roles


def among(s: Context, i: int, roles: Roles) -> Iterator[Mention]:
    """As in "two policemen were among those killed", "among the dead were three children"."""
    after = objects_after(s, i + 2) if s.tag(i + 1) == "be" else []
    group = s.group_start(i - 2)
    found = after or (subjects_before(s, group, adjacent=False) if s.has_be(group, i - 2) else [])
    for mention in s.emit(found, roles.get("count") or roles["past"], "among", i, group):
        mention.part = True
        yield mention


def is_number_of(s: Context, i: int, roles: Roles) -> bool:
    """Whether the cue ends "the number of people displaced", "the number who have died", or in "put the dead at 34"."""
    if s.word(i - 1) == "the" and s.word(i + 1) == "at" and "count" in roles:
        return True
    if s.word(i - 1) == "number" and s.word(i - 2) == "the":
        return True
    told = s.word(i - 1) == "the" or ((s.word(i - 1) in _KNOWN or s.word(i - 1) in _TOTAL) and s.word(i - 2) == "the")
    brought = "count" in roles and s.tag(i + 1) == "to" and told
    if brought and not s.sets["bringing"].isdisjoint(map(s.word, range(i - 4, i))):
        return True  # "bringing the confirmed dead to 29"
    if s.sets["crowd"].isdisjoint(s.words):
        return False
    j = i - 1
    while (
        j > i - 7
        and (s.tag(j) in {"people", "determiner", "word", "have", "be", "who", "name", "to"} or s.word(j) in _KNOWN)
        and not s.counted_at([j])
    ):
        j -= 1
    if s.tag(j) == "of" and s.word(j - 1) in s.sets["crowd"]:
        return True
    return any(s.word(k) in s.sets["crowd"] and s.tag(k + 1) == "who" for k in range(j + 1, i))


def number_of(s: Context, i: int, roles: Roles) -> Iterator[Mention]:
    """As in "brings to 332,000 the number of people displaced", "the number of dead rose to 39"."""
    kind = next((roles[role] for role in _COUNTED if role in roles), None)
    if kind is None:
        return
    for k in range(i - 2, max(-1, i - 8), -1):
        people = s.people(k)
        if people is not None and people.quantity is not None and s.tag(k - 1) == "to":
            yield Mention(people, kind, "number_of", i, i, k)
            return
    yield from toll(s, i, kind)


def is_lives(s: Context, i: int, _: Roles) -> bool:
    """Whether the cue is the noun for what people lose."""
    return s.word(i) in {"lives", "life"}


def lives(s: Context, i: int, _: Roles) -> Iterator[Mention]:
    """As in "lost their lives", "claimed the lives of 30 people"."""
    if s.tag(i + 1) == "of":
        taking = s.sets["claim"] | s.sets["snuffing"]
        if any(s.word(j) in taking for j in range(max(0, i - 4), i)):
            yield from s.emit(objects_after(s, i + 2), "killed", "lives_of", i, i)
        return
    if s.word(i - 1) in {"their", "his", "her"} and s.word(i - 2) in {"lost", "lose", "loses", "losing"}:
        group = s.group_start(i - 2)
        yield from s.emit(subjects_before(s, group, adjacent=False), "killed", "lost_lives", i - 2, group)


def made_noun(s: Context, i: int) -> Iterator[Mention]:
    """As in "12 deaths", "at least 25 bodies", "two kidnapped journalists", "no injuries"."""
    people = s.people(i)
    if people is None:
        return
    head = s.words[people.head] if 0 <= people.head < len(s.words) else ""
    if people.noun is not None:
        yield from modified(s, i, people)
    elif head == "lives":
        yield from claimed_lives(s, i, people)
    elif head in s.sets["body"] and s.tag(i + 1) == "of":
        yield from bodies(s, i, people)
    else:
        yield from counted_noun(s, i, people)


def killers_of(s: Context, i: int) -> Iterator[Mention]:
    """As in "killers of six priests"."""
    after = i + 2 if s.tag(i + 1) == '"' else i + 1
    if s.tag(after) == "of":
        for mention in s.emit(objects_after(s, after + 1), "killed", "killers_of", i, i):
            if s.words[mention.people.end - 2 : mention.people.end] != _OR_MORE:  # as a law says
                yield mention


def kidnappers_of(s: Context, i: int) -> Iterator[Mention]:
    """As in "kidnappers of two nurses"."""
    if s.tag(i + 1) == "of":
        yield from s.emit(objects_after(s, i + 2), "abducted", "kidnappers_of", i, i)


def claimed_lives(s: Context, i: int, people: People) -> Iterator[Mention]:
    """As in "claimed 30 lives", "30 lives were lost"."""
    before = s.word(i - 1)
    lost = before in {"lost", "losing", "out"} or (before == "of" and s.word(i - 2) == "loss")
    if lost or before in s.sets["claim"] or s.word(i + 2) == "lost":
        yield Mention(people, "killed", "claimed_lives", i, i, i)


def bodies(s: Context, i: int, people: People) -> Iterator[Mention]:
    """As in "the bodies of 12 miners", "28 bodies of peasants": the number may be on either side."""
    found = objects_after(s, i + 2, inside=True)
    if people.quantity is None or s.counted_at(found):
        yield from s.emit(found, "killed", "bodies_of", i, i)
    else:
        yield Mention(people, "killed", "counted_noun", i, i, i)


def counted_noun(s: Context, i: int, people: People) -> Iterator[Mention]:
    """As in "12 deaths", "three hostages"; a casualty that is claimed is a death, a hostage freed no news."""
    kind = people.made["count"]
    if kind == "abducted" and s.word(i - 1) in s.sets["release"]:
        return
    if kind == "casualty" and s.word(i - 1) in s.sets["claim"]:
        kind = "killed"
    sure = i - 2
    if (
        s.tag(i - 1) in {"and", ","} and s.word(sure) == "confirmed" and s.counted_at([sure])
    ):  # "55 confirmed and 22 probable deaths"
        yield from s.emit([sure], kind, "counted_noun", i, i)
    yield Mention(people, kind, "counted_noun", i, i, i, inner=people.inner is not None)


def modified(s: Context, i: int, people: People) -> Iterator[Mention]:
    """As in "two kidnapped journalists", "one dead terrorist"."""
    kind = people.made.get("past") or people.made.get("state") or people.made.get("count")
    told_before = not _KNOWN_SO.isdisjoint(s.words[people.start : people.head])
    if people.form != "plural" and kind is not None and not told_before:
        yield Mention(people, kind, "participle_modifier", i, i, i, inner=True)


def _upper(quantity: Quantity) -> Quantity:
    """Where a toll that rose "from 31 to 39" stands now."""
    high = quantity.high if quantity.high is not None else quantity.low
    return Quantity(high, high, "exact", quantity.end - 1, quantity.end)
