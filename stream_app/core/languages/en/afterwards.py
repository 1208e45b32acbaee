"""Rules for those beside people who were found: others of a list, company, parts; and who is named twice.

Each is given all mentions of the sentence so far. An iterator has what it adds to them, a sequence what is left of
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from stream_app.core.events import Kind
from stream_app.core.language.numerals import Quantity
from stream_app.core.languages.en.context import Context
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.numerals import read_quantity
from stream_app.core.languages.en.objects import objects_after
from stream_app.core.languages.en.phrases import Chunk
from stream_app.core.languages.en.subjects import ages_told
from stream_app.core.languages.en.verbs import company

_OLDEST: Final = 115
_TURNING: Final = frozenset({"turned", "turning", "turns"})
_SHOT: Final = frozenset({"shot", "stabbed", "shoots", "stabs", "shooting", "stabbing"})
_PAIR: Final = 2
_OTHERS: Final = frozenset({"others", "more"})
_REPORTING: Final = frozenset({"reported", "reports", "recorded", "registered", "confirmed", "counted", "logged"})
_CLAUSE_ENDS: Final = frozenset({"", ".", ";", ",", "but"})
_AGED: Final = frozenset(
    {"boy", "girl", "man", "woman", "child", "youth", "baby", "toddler", "lad", "pupil", "teenager"}
)
_ANYBODY: Final = frozenset({"people", "persons", "victims", "civilians", "others", "passengers", "individuals",
                             "members", "relatives"})  # fmt: skip
_SEXES: Final = frozenset({"men", "women", "boys", "girls", "males", "females", "children", "adults", "man", "woman",
                           "boy", "girl", "child"})  # fmt: skip
_OR_REACH: Final = 5
_MOST_PLACES: Final = 20
_TABLE: Final = 3
"""So many labels make a list of places; two may be two sources."""
_LABELS_AFTER: Final = frozenset({"", ",", ";", ":", "and", ")"})
_BEHIND_LABELLED: Final = frozenset({"", ",", ";", ".", "and", ")"})
_APIECE: Final = frozenset({"each", "apiece"})
_EACH_ENDS: Final = frozenset({"", ".", ",", ";", "day", ":"})
_HEADS: Final = frozenset({"individuals", "persons", "people"})
_MADE_UP_OF: Final = frozenset({"comprising", "representing", "totalling", "totaling"})
_MADE_UP: Final = frozenset(
    {("consisting", "of"), ("composed", "of"), ("made", "up"), ("comprised", "of"), ("total", "of")}
)
_HOUSEHOLDS: Final = frozenset({"families", "households", "family", "household"})
_GAP: Final = 9
_HOW: Final = frozenset({"slightly", "lightly", "seriously", "critically", "severely", "badly", "gravely"})
_AT_ONCE: Final = frozenset({"spot", "scene", "instantly", "outright", "impact", "immediately", "there"})
_WHERE: Final = frozenset({"in", "at", "on", "near", "outside", "inside", "during", "later", "from"})
_CIRCUMSTANCES: Final = frozenset(
    {"preposition", "determiner", "word", "name", "day", "adverb", ",", "number", "possessive"}
)
_VERBS: Final = frozenset({"verb", "be", "have", "modal", "say", "leave", "suffer"})
_NEAR: Final = 7
_FAR: Final = 16
_LIKEWISE: Final = frozenset({"did", "was", "were"})
_PREDICATED: Final = frozenset({"passive_subject", "intransitive_subject", "lost_lives", "predicate"})
_STATES: Final = frozenset(
    {"custody", "condition", "critical", "critically", "stable", "jail", "court", "alive", "hiding"}
)


def ages(s: Context, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """As in "a boy of six drowned": one boy, whose age is told."""
    if "aged" in s.words:
        mentions = [_one_each(s, mention) or mention for mention in mentions]
    return [_aged(s, mention) or mention for mention in mentions] if "of" in s.words else mentions


def _one_each(s: Context, mention: Mention) -> Mention | None:
    """As in "children aged 3, 5 and 9 died": as many as the ages that are told; None where those are not."""
    told = ages_told(s, mention.at) if mention.people.quantity is None else 0
    if told < _PAIR:
        return None
    people = mention.people
    quantity = Quantity(told, told, "exact", people.start, people.end)
    return replace(mention, people=replace(people, quantity=quantity))


def _aged(s: Context, mention: Mention) -> Mention | None:
    """The mention of who is so old, None where the number is no age."""
    at, quantity = mention.at, mention.people.quantity
    if mention.people.form != "elided" or quantity is None or quantity.low >= _OLDEST or s.tag(at - 1) != "of":
        return None
    who = s.people(at - 2)
    if who is None or who.form != "single" or s.word(at - 2) not in _AGED or s.words[who.start] not in {"a", "an"}:
        return None
    return replace(mention, people=who, at=at - 2)


def each(s: Context, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """As in "four people each died in Uige and Malanje": the number times the places."""
    if "each" not in s.words and "apiece" not in s.words:
        return mentions
    return [_each_of(s, mention) or _of_things(s, mention) or mention for mention in mentions]


def _of_things(s: Context, mention: Mention) -> Mention | None:
    """As in "the two crashes claimed three lives apiece", "two buses burned; three died in each": times the things."""
    after = max(mention.at, mention.cue) + 1
    after += s.tag(after) == "preposition"
    if mention.people.quantity is None or s.word(after) not in _APIECE or s.tag(after + 1) not in _EACH_ENDS:
        return None
    for j in range(min(mention.at, mention.cue) - 1, max(-1, after - _FAR), -1):
        people = s.people(j)
        if (s.tag(j) == "number" and s.chunks[j].size > 1) or (people is not None and people.form == "unknown"):
            things = _things(s, j)
            return _times(mention, mention.people.quantity, things) if things is not None else None
        if s.tag(j) in {".", "people"}:
            return None
    return None


def _things(s: Context, j: int) -> int | None:
    """How many things are counted at `j`; None where no plain small number of a noun stands there."""
    start = s.ends[j] - s.chunks[j].size
    start += s.words[start] in {"the", "both"} and s.chunks[j].size > _PAIR
    number = read_quantity(s.words, start)
    plain = number is not None and number.low == number.high and number.end < s.ends[j] and s.word(j).endswith("s")
    return number.low if number is not None and plain and _PAIR <= number.low <= _MOST_PLACES else None


def _each_of(s: Context, mention: Mention) -> Mention | None:
    """The mention with its number times the places, None where it is not said of each."""
    people = mention.people
    if people.quantity is not None and s.word(mention.at + 2) == "each" and s.tag(mention.at + 1) == "preposition":
        return _in_each_of(s, mention, people.quantity)
    if people.quantity is None or s.word(mention.at + 1) != "each":
        return None
    begin = next((j for j in range(mention.at + 1, mention.at + 8) if s.tag(j) == "preposition"), None)
    places, j = 0, (begin or 0) + 1
    while (
        begin is not None
        and j < len(s.chunks)
        and s.tag(j) in {"name", "people", ",", "and", "determiner", "word", "of"}
    ):
        who = s.people(j)
        if who is not None and who.form != "named":
            break  # "two each in Kisii and Homa Bay and one in Migori"
        places += s.tag(j) in {"name", "people"} and (s.cased or s.tag(j) == "people")
        j += 1
    if places < 2:
        return None
    return _times(mention, people.quantity, places)


def _in_each_of(s: Context, mention: Mention, quantity: Quantity) -> Mention | None:
    """The mention of "three people in each of the three districts", "two in each of five villages": all of them."""
    at = s.ends[mention.at + 2]
    at += s.words[at : at + 1] == ["of"]
    at += s.words[at : at + 1] in (["the"], ["these"], ["those"], ["its"])
    places = read_quantity(s.words, at) if s.words[at - 1 : at] != ["each"] and at < len(s.words) else None
    if places is None or places.low != places.high or places.low > _MOST_PLACES:
        return None
    return _times(mention, quantity, places.low)


def _times(mention: Mention, q: Quantity, places: int) -> Mention:
    """The mention with its number told of each of the places."""
    high = None if q.high is None else q.high * places
    quantity = Quantity(q.low * places, high, q.qualifier, q.start, q.end)
    return replace(mention, people=replace(mention.people, quantity=quantity))


def by_place(s: Context, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """As in "six died in Liguria, two in Tuscany and one in Umbria": the others of a list by place."""
    for mention in mentions:
        yield from _places_of(s, mention)


def _places_of(s: Context, mention: Mention) -> Iterator[Mention]:
    """The others of the list by place that one mention begins."""
    if mention.people.quantity is None and mention.people.form == "plural" and ":" in s.words:
        added = _behind_colon(s, max(mention.at, mention.cue) + 1)
        mention.part = mention.part or len(added) > 1
        yield from s.emit(added if len(added) > 1 else (), mention.kind, "by_place", mention.cue, mention.group)
    if mention.people.quantity is None or mention.kind == "casualty":
        return
    end = max(mention.at, mention.cue)
    first = _place_after(s, _past_verb(s, end + 1) if mention.rule == "counted_noun" else end + 1)
    if first is None:
        return
    yield from s.emit(_list_from(s, first), mention.kind, "by_place", mention.cue, mention.group)


def _behind_colon(s: Context, j: int) -> list[int]:
    """As in "has killed patients in three states: 4 in Ondo, 7 in Edo": the numbers of the list behind the colon."""
    colon = next((k for k in range(j, j + _NEAR) if s.tag(k) == ":"), None)
    return _list_from(s, colon + 1) if colon is not None else []


def _list_from(s: Context, j: int) -> list[int]:
    """The numbers of a list by place from chunk `j` on."""
    added: list[int] = []
    while True:
        if s.tag(j) == ",":
            j += 1
        if s.tag(j) == "and":
            j += 1
        people = s.people(j)
        elided = people is not None and (people.form == "elided" or s.word(j) in _OTHERS)
        if people is None or not elided or people.quantity is None or people.made:
            break
        after = _place_after(s, j + 1)
        if after is None:
            break
        added.append(j)
        j = after
    return added


def _past_verb(s: Context, j: int) -> int:
    """Behind the verb of deaths and bodies: "four deaths were reported in ...", "five bodies had been found at ..."."""
    while s.tag(j) in {"be", "have", "adverb"} or (s.tag(j) in {"verb", "say"} and s.has_be(j - 3, j)):
        j += 1
    return j


def reporters(s: Context, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """As in "Gaya reported four deaths, Nalanda three and Patna two": the others of a list of who reported them."""
    for mention in mentions:
        if _reporter(s, mention) is None:
            continue
        j, added = mention.at + 1, []
        while True:
            j += s.tag(j) == ","
            j += s.tag(j) == "and"
            people = s.people(j + 1)
            if not s.is_name(j) or people is None or people.form != "elided" or people.quantity is None:
                break
            added.append(j + 1)
            j += 2
        if s.tag(j) in _CLAUSE_ENDS:
            yield from s.emit(added, mention.kind, "by_place", mention.cue, mention.group)


def of_reporters(s: Context, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """As in "Gaya reported four deaths and Nalanda recorded three deaths": of one verb, so that they are added."""
    if len(mentions) < _PAIR or all(mention.rule != "counted_noun" for mention in mentions):
        return mentions
    first: dict[Kind, Mention] = {}
    names: dict[Kind, set[str]] = {}
    found = []
    for mention, place in zip(mentions, _places_told(s, mentions), strict=True):
        reported = place is not None
        name = s.word(place) if place is not None else ""
        at_place = _place_after(s, max(mention.at, mention.cue) + 1) is not None and mention.people.quantity is not None
        whole = first.get(mention.kind)
        if whole is None:
            if reported or at_place:
                first[mention.kind], names[mention.kind] = mention, {name}
        elif reported and name not in names[mention.kind]:
            names[mention.kind].add(name)
            found.append(replace(mention, cue=whole.cue, group=whole.group))
            continue
        found.append(mention)
    return found


def _places_told(s: Context, mentions: Sequence[Mention]) -> Sequence[int | None]:
    """Where the name of the place stands that each figure is told of, by a label or as who reported it; else None."""
    labels = [_label(s, mention) for mention in mentions]
    if len(labels) - labels.count(None) < _TABLE:
        labels = [None] * len(labels)
    return [
        label if label is not None else _reporter(s, mention) for mention, label in zip(mentions, labels, strict=True)
    ]


def _label(s: Context, mention: Mention) -> int | None:
    """The name of a place that labels a figure in a list: "Okara: 2 dead", "Dogo (3 killed)", "Sahiwal 1 dead"."""
    label = mention.at - 1 - (s.tag(mention.at - 1) in {":", "(", "-"})
    listed = s.tag(label - 1) in _LABELS_AFTER and s.tag(mention.cue + 1) in _BEHIND_LABELLED
    return label if mention.rule == "counted_noun" and s.is_name(label) and listed else None


def _reporter(s: Context, mention: Mention) -> int | None:
    """The name of a place that reported these deaths: "Nalanda recorded four deaths"."""
    at = mention.at
    reported = mention.rule == "counted_noun" and s.word(at - 1) in _REPORTING
    return at - 2 if reported and s.is_name(at - 2) else None


def _place_after(s: Context, j: int) -> int | None:
    """Where the "in PLACE" ends that begins at `j`."""
    if s.word(j) not in {"in", "at", "near", "from"}:
        return None
    k = j + 1
    while s.tag(k) in {"name", "determiner", "word"} or (s.tag(k) == "people" and s.is_named(k)):
        k += 1
    return k if k > j + 1 else None


def persons(s: Context, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """As in "312 families or 1,245 individuals": persons are told where a list of the displaced has both."""
    if _HOUSEHOLDS.isdisjoint(s.words) or _HEADS.isdisjoint(s.words):
        return mentions
    return [_in_persons(s, mention) or mention for mention in mentions]


def _in_persons(s: Context, mention: Mention) -> Mention | None:
    """The mention of the persons that its households are, None where they are not told."""
    if mention.kind != "displaced" or s.word(mention.at) not in _HOUSEHOLDS:
        return None
    near = range(mention.at + 2, mention.at + _NEAR)
    at = next((j for j in near if s.word(j) in _HEADS and s.people(j) is not None), None)
    people = s.people(at) if at is not None else None
    if at is None or people is None or people.quantity is None:
        return None
    between = [s.word(j) for j in range(mention.at + 1, at)]
    beside = at <= mention.at + 3 and (s.word(at - 1) == "or" or s.tag(at - 1) in {"(", "-"})
    joined = (
        (beside and s.word(at) != "people") or between[0] in _MADE_UP_OF or not _MADE_UP.isdisjoint(pairwise(between))
    )
    return replace(mention, people=people, at=at) if joined else None


def gapped(s: Context, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """As in "two died on the spot and three more on the way to hospital": what became of them is told once."""
    if "and" not in s.words:
        return
    for mention in mentions:
        if mention.people.quantity is not None and mention.kind in {"killed", "injured"} and mention.rule != "toll":
            join = _join_after(s, max(mention.at, mention.cue) + 1)
            if join is not None and (_is_gapped(s, join) or (mention.rule == "to_hospital" and _is_sent(s, join))):
                yield from s.emit([join], mention.kind, "gapped", mention.cue, mention.group)
            elif (other := _of_other_side(s, max(mention.at, mention.cue) + 1)) is not None:
                yield from s.emit([other], mention.kind, "gapped", mention.cue, mention.group)


def _of_other_side(s: Context, j: int) -> int | None:
    """As in "Thailand has counted 30 troops wounded and Cambodia 46 civilians": another side's, with no verb."""
    named = s.tag(j) == "and" and s.tag(j + 1) in {"name", "people"} and s.people(j + 1) is None
    people = s.people(j + 2)
    counted = people is not None and people.quantity is not None and not people.made
    ends = s.tag(j + 3) in {".", "", ";", ","}
    return j + 2 if named and counted and ends else None


def _join_after(s: Context, begin: int) -> int | None:
    """The chunk behind the "and" of the same clause, over where and when the first of them died."""
    begin = _past_verb(s, begin)
    begin += s.tag(begin) == "to"
    for j in range(begin, begin + _GAP):
        if s.word(j) == "and":
            return j + 2 if s.tag(j + 1) == "adverb" else j + 1
        people = s.people(j)
        if s.tag(j) not in _CIRCUMSTANCES and (people is None or people.form not in {"named", "single"}):
            return None
    return None


def _is_sent(s: Context, j: int) -> bool:
    """As in "(eleven were taken to Kisumu hospital and) four to Bondo"."""
    people = s.people(j)
    return people is not None and people.form == "elided" and people.quantity is not None and s.word(j + 1) == "to"


def _is_gapped(s: Context, j: int) -> bool:
    """Whether the number at `j` has a place or time of its own, and no verb."""
    people = s.people(j)
    if people is None or people.quantity is None or people.made:
        return False
    if people.form != "elided" and (people.form not in {"unknown", "counted"} or s.word(j) not in _OTHERS):
        return False
    if people.form == "counted" and s.word(j + 1) == "in":
        return False
    if s.tag(j + 1) != "day" and s.word(j + 1) not in _WHERE:
        return s.word(j + 1) in _HOW and s.tag(j + 2) in _CLAUSE_ENDS
    rest = []
    for k in range(j + 1, len(s.chunks)):
        if s.tag(k) in {".", ";", ","} or s.word(k) in {"as", "when", "while", "after"}:
            break
        rest.append(k)
    clause = {s.word(k) for k in rest}
    if "hospital" in clause and s.word(j + 1) == "in" and _AT_ONCE.isdisjoint(s.words):
        return False  # "two killed and three in hospital", not "two died on the spot and three in hospital"
    return clause.isdisjoint(_STATES) and not any(s.tag(k) in _VERBS or s.chunks[k].roles for k in rest)


def companions(s: Context, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """As in "was killed along with two of his bodyguards"."""
    if "with" not in s.words:
        return
    for mention in mentions:
        yield from company(s, mention.cue, mention.kind, mention.group)
        yield from _inserted_company(s, mention)
        yield from _family(s, mention)


def _inserted_company(s: Context, mention: Mention) -> Iterator[Mention]:
    """As in "Two officers, together with their driver, died"."""
    j = mention.at + 1
    if mention.cue > j and s.tag(j) == "," and s.word(j + 1) in s.sets["join"] and s.word(j + 2) == "with":
        found = objects_after(s, j + 3, inside=True)
        if found and found[-1] < mention.cue:
            yield from s.emit(found, mention.kind, "along_with", mention.cue, mention.group)


def _family(s: Context, mention: Mention) -> Iterator[Mention]:
    """As in "A farmer died in the fire with his wife and three of their children"."""
    if mention.kind != "killed" or mention.at > mention.cue:
        return
    for j in range(mention.cue + 1, mention.cue + _NEAR):
        if s.word(j) == "with":
            people = s.people(j + 1)
            own = people is not None and s.words[people.start] in {"his", "her", "their"}
            if own and s.word(j - 1) not in s.sets["join"] and s.word(j + 1) in s.sets["kin"] | s.sets["family"]:
                found = objects_after(s, j + 1)
                if s.tag(found[-1] + 1) in {"", ".", ",", ";", "preposition", "day"}:  # not "with his wife watching"
                    yield from s.emit(found, "killed", "along_with", mention.cue, mention.group)
            return
        if s.tag(j) not in _CIRCUMSTANCES and s.tag(j - 1) != "determiner":
            return


def turned_on_self(s: Context, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """As in "shot his wife before turning the gun on himself": whom he shot first is dead as well, unless told hurt."""
    if _TURNING.isdisjoint(s.words) or not any(mention.rule == "reflexive" for mention in mentions):
        return mentions
    at = next(mention.cue for mention in mentions if mention.rule == "reflexive")
    return [replace(mention, kind="killed", cue=at) if _is_shot_first(s, mention) else mention for mention in mentions]


def _is_shot_first(s: Context, mention: Mention) -> bool:
    """Whether somebody was shot or stabbed, one person, by a verb that does not say that they lived."""
    shot = mention.kind == "injured" and mention.rule == "active_object" and s.word(mention.cue) in _SHOT
    return shot and mention.people.quantity is None and mention.people.form != "plural"


def as_did(s: Context, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """As in "Two officers died, as did their driver", "... and so were two of their guests"."""
    if _LIKEWISE.isdisjoint(s.words):
        return
    for mention in mentions:
        if mention.rule not in _PREDICATED:
            continue
        for j in range(mention.cue + 1, mention.cue + _FAR):
            if s.word(j) in {"as", "so"} and s.word(j + 1) in _LIKEWISE and s.tag(j - 1) in {",", ";", "and", "-"}:
                found = objects_after(s, j + 2).where(s.is_part)
                yield from s.emit(found, mention.kind, "along_with", mention.cue, mention.group)
                return
            if s.chunks[j : j + 1] and s.chunks[j].roles:
                break


def parts(s: Context, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """As in "killed 19 people, including 10 children": a part of those meant, never added to the toll."""
    if "including" not in s.words:
        return
    seen: set[int] = set()
    for mention in sorted(mentions, key=lambda m: -m.cue):
        start = min(mention.at, mention.cue)
        for k in range(start + 1, min(max(mention.at, mention.cue) + 10, len(s.chunks))):
            if s.tag(k) in {";", "."} or (s.tag(k) == "cue" and k > mention.cue):
                break
            if s.word(k) == "including" and k not in seen:
                seen.add(k)
                counted = objects_after(s, k + 1).where(s.is_part)
                for part in s.emit(counted, mention.kind, "part", mention.cue, mention.group):
                    part.part = True
                    yield part
                break


def breakdowns(s: Context, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """As in "16 people - nine Pakistanis and seven Indians - died", "eight people (three soldiers, ...)"."""
    for mention in mentions:
        mark = {"(": ")", "-": "-", ",": ","}.get(s.tag(mention.at + 1))
        if mark is None or (mention.people.quantity is None and mention.people.form != "plural"):
            continue
        found = objects_after(s, mention.at + 2)
        summed = len(found) > 1 and _is_sum(s, mention, found)
        for one in mentions if summed else ():
            one.part = one.part or (one.cue == mention.cue and one.at in found)  # read as more of a list
        closes = bool(found) and s.tag(found[-1] + 1) in {mark, "."} and mention.cue not in found
        if closes and len(found) > 1 and all(s.is_part(j) for j in found):
            for part in s.emit(found, mention.kind, "part", mention.cue, mention.group):
                part.part = True
                yield part


def _is_sum(s: Context, mention: Mention, found: Sequence[int]) -> bool:
    """Whether those found are as many as the people of the mention: "seven people, four women and three men"."""
    whole, told = mention.people.quantity, [s.people(j) for j in found]
    if s.word(mention.at) not in _ANYBODY and not all(s.word(j) in _SEXES for j in found):
        return False  # "five farmers, three herders and two guards"
    parts = [one.quantity for one in told if one is not None and one.quantity is not None]
    return whole is not None and len(parts) == len(found) and sum(part.low for part in parts) == whole.low


def distinct(s: Context, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """One mention for each phrase and kind, the first rule wins; a death leaves no room for the shot that caused it.

    "Killed or wounded" and "dead or missing" say of nobody which of the two: one figure, of kind `casualty`.
    """
    kept: dict[tuple[int, Kind], Mention] = {}
    for mention in mentions:
        kept.setdefault((mention.people.start, mention.kind), mention)
    killed = {m.people.start: m for m in kept.values() if m.kind == "killed" and m.people.form != "nobody"}
    found = []
    for mention in kept.values():
        death = killed.get(mention.people.start)
        if death is None or mention.kind not in {"injured", "missing"} or _presumed(death, mention, s.chunks):
            found.append(mention)
        elif _is_one_of_them(death, mention, s.words):
            found.append(replace(mention, rule="some_died"))
        elif _either(death, mention, s.chunks):
            death.kind = "casualty"
    return found


def _is_one_of_them(death: Mention, hurt: Mention, words: Sequence[str]) -> bool:
    """As in "one of the five people hurt has died": five were hurt, and the dead are among them."""
    whole, dead = hurt.people.inner, death.people.quantity
    if hurt.kind != "injured" or not hurt.inner or death.inner or whole is None or dead is None:
        return False
    return dead.low < whole.low and "the" in words[hurt.people.start : whole.start]


def _presumed(death: Mention, other: Mention, chunks: Sequence[Chunk]) -> bool:
    """As in "nine are missing and presumed dead": they are missing all the same."""
    return other.kind == "missing" and any(
        chunk.word in {"presumed", "feared", "believed", "thought"} for chunk in chunks[other.cue : death.cue]
    )


def _either(one: Mention, other: Mention, chunks: Sequence[Chunk]) -> bool:
    """Whether two cues are joined by "or"."""
    low, high = sorted((one.cue, other.cue))
    return high - low < _OR_REACH and any(chunk.word == "or" for chunk in chunks[low:high])
