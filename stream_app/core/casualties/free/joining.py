"""Which people belong to what happened: what stands nearest, by order and role, over what stands between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

from stream_app.core.casualties.free.clauses import (
    is_relative_article,
    relatives,
    relatives_by_article,
    without_relative,
)
from stream_app.core.casualties.free.distances import distance
from stream_app.core.casualties.free.groups import Group, Happening, NotPeople, Reading, one_at
from stream_app.core.casualties.free.pack import Cue
from stream_app.core.casualties.free.repeated import corrected, doublets
from stream_app.core.casualties.free.words import Words
from stream_app.core.events import Kind

_LIMIT: Final = 6.0
_LIMITS: Final = {"single": 3.9, "unknown": 4.5}
_LIMITS_OF_EVENT: Final = {"counted": 4.5, "single": 1.5, "unknown": 0.6, "elided": 2.0}
_LIMIT_BEFORE_VICTIMS: Final = 2.5
_NEVER: Final = 99.0
_ANOTHER_HAPPENING: Final = 3.0
_ANOTHER_GROUP: Final = 1.5
_PLAINLY_ITS_OWN: Final = 2.5
_SUBSET_REACH: Final = 3
_IN_LIST: Final = 5
_LONGEST_LIST: Final = 12
_OF_REACH: Final = 2
_OF_HURT: Final = frozenset({"victim", "victims", "passive"})
_TO_HURT: Final = 4
_OF_BODY: Final = frozenset({"of", "determiner", "others", "more"})
_LIMIT_PART: Final = 1.2
_APPOSITION: Final = 3
_ASIDE: Final = 6
_FARTHEST: Final = 60
_COMMAS: Final = frozenset(",،")
_STRONG: Final = frozenset(";:.؛")
_TO_VERB: Final = 2
"""Words between people and their verb, beyond which it may be another's; where verbs come last, more."""
_TO_LAST_VERB: Final = 14
_OPENING: Final = frozenset(',;:.–—"«»„“”،؛')
_UNDERGONE: Final = frozenset({"passive", "subject"})
_ORDERED: Final = frozenset({"fixed", "participle_last", "object_first"})
_OF_THINGS: Final = frozenset({"displaced", "missing"})
_BEHIND_COMMA: Final = 3.0
_OVER_COMMA: Final = 2.0
_AMONG_REACH: Final = 2
_FEWEST_PARTS: Final = 2
_BEHIND_JOINER: Final = 2
_NO_LIST: Final = frozenset({"clause", "relative", "saying", "that", "subset", "spared"})
_NO_LIST_OF_PLACES: Final = _NO_LIST - {"clause"}  # "two in Lviv, while in Lutsk one"
_VERB_LAST: Final = frozenset({"object_first", "participle_last"})
_FOLLOWING: Final = frozenset({"and", "function", "determiner"})
_IN_FRONT: Final = frozenset({"function", "determiner", "more", "others", "of", "qualifier"})
_BEFORE_ADJECTIVE: Final = frozenset({"whose", "determiner"})
_OVER_BRACKETS: Final = 0.6
_DASHES: Final = frozenset("-–—")
_SEVERAL: Final = 2
_LONGEST_DASHED: Final = 16
_LONGEST_INSERTED: Final = 9
_BEHIND_INSERTED: Final = 5
_BESIDE_THE_DEAD: Final = frozenset({"function", "determiner", "the", "violent", "hospital"})  # "died in hospital"
_MAY_DIE: Final = frozenset({"injured", "missing", "abducted", "captured"})
_BETWEEN_DEGREES: Final = frozenset({"function", "determiner", "and", "clause", "more", "been", "have"})
_DEGREE_REACH: Final = 2
_DESCRIBED: Final = 3
_TO_PRONOUN: Final = 4
_TO_ASSAIL: Final = 3
_TO_WHOLE: Final = 3
_NEXT: Final = frozenset({"ordinal", "another"})
_MANY_FORMS: Final = frozenset({"counted", "unknown"})
_GOING_ON: Final = frozenset({"and", "clause", "relative", "subset", "the", "he"})
_TO_RISE: Final = 12
_WHERE_DIED: Final = frozenset({"gone", "spot", "hospital"})
_WITH_VERB: Final = frozenset({"function", "more", "also", "spot", "hospital", "have", "been", "and"})
_COUNTING_FORMS: Final = frozenset({"counted", "elided", "single", "pair"})
_TO_NEXT_PLACE: Final = 9
_OWN_PLACE: Final = 5
_PLACE_REACH: Final = 3
_HURT: Final = frozenset({"killed", "injured"})
_SIDES: Final = {
    "free": {"subject": (0.0, 0.0), "object": (4.0, 0.0), "passive": (0.0, 0.0), "event": (_NEVER, 0.0)},
    "fixed": {"subject": (0.0, 0.3), "object": (_NEVER, 0.0), "passive": (0.0, 0.3), "event": (_NEVER, 0.0)},
    "participle_last": {"subject": (0.0, 0.0), "object": (4.0, 0.0), "passive": (0.0, 2.5), "event": (_NEVER, 0.0)},
    "verb_first": {"subject": (2.0, 0.0), "object": (_NEVER, 0.0), "passive": (0.0, 1.5), "event": (_NEVER, 0.0)},
    "object_first": {"subject": (0.0, 3.0), "object": (0.0, _NEVER), "passive": (0.0, 3.0), "event": (0.0, _NEVER)},
}
"""What it costs that the people stand before and behind, by the order of the language and the role of the word."""
_NOUNS: Final = {"victims": (1.0, 0.8), "victim": (_NEVER, _NEVER), "toll": (3.0, 0.0)}


class Joined(NamedTuple):
    """People and what happened to them, by the rule that joined them; `at` is the happening, None for a noun's own."""

    group: Group
    kind: Kind
    rule: str
    happening: Happening | None
    part: bool = False


_Offer = tuple[float, str, int, list[Group]]


def join(words: Words, reading: Reading) -> list[Joined]:
    """Every group of people with what happened to them, in reading order."""
    groups = reading.groups
    happenings = _merged(words, reading)
    several = len(groups) >= _SEVERAL
    wholes = _wholes(words, groups) if several else set()
    if "assails" in words.said:
        wholes |= _assailants(words, groups)
    if "spared" in words.said:
        wholes |= _spared(words, groups)
    found = [joined if id(joined.group) in wholes else _as_dead(words, joined, happenings) for joined in _own(groups)]
    taken = {id(joined.group) for joined in found}
    dashes = list(_dashed(words, groups)) if several else []
    again = _appositions(words, groups) | _between(dashes, groups) | doublets(words, groups) if several else set()
    wrong = list(corrected(words, groups)) if several else []
    if wrong:
        wholes |= {id(one) for one, _, _ in wrong}
        dashes += [(opens, closes) for _, opens, closes in wrong]
        found = [joined for joined in found if id(joined.group) not in wholes]
    passed = taken | again | wholes
    free = [one for one in groups if id(one) not in passed]
    if free and happenings:
        found += _nearest(words, reading, happenings, free, dashes, again, taken)
    if not all(id(one) in taken for one in free):
        told_once = [one for one in groups if id(one) not in again | wholes]
        found += _beside(words, free, told_once, found, taken)
    if "subset" in words.said:
        found += _parts(words, groups, found, taken | {id(joined.group) for joined in found})
    if "hospital" in words.said:
        found = [joined._replace(kind="injured") if _is_in_hospital(words, joined) else joined for joined in found]
    if several and not words.said.isdisjoint(_NEXT):
        found = _with_next_ones(words, groups, found)
    found = [joined if joined.happening is None else _as_body(words, joined, happenings) for joined in found]
    told = _who_died_of_it(words, reading, happenings, found)
    return sorted(told, key=lambda joined: joined.group.start) if len(told) > 1 else told


def _nearest(
    words: Words,
    reading: Reading,
    happenings: Sequence[Happening],
    free: Sequence[Group],
    dashes: Sequence[tuple[int, int]],
    again: AbstractSet[int],
    taken: set[int],
) -> list[Joined]:
    """The groups that a happening takes, the nearest first, each with its list; puts them among the `taken`."""
    weights = _weights(words, reading, happenings)
    parts = _opened(words, reading.groups) if "subset" in words.said else set()
    inserted = parts | again
    aside: list[NotPeople | Group] = list(reading.rejected)
    if inserted:
        aside += [one for one in reading.groups if id(one) in inserted]
    parted = [*dashes, *relatives(words)] if "relative" in words.said else dashes
    if "," in words.texts or "،" in words.texts:
        parted = [*parted, *_insertions(words, reading), *relatives_by_article(words)]
    brackets = [*_brackets(words, weights), *_between_commas(words, aside, weights), *_saved(parted, weights)]
    brackets = _apart(brackets) if brackets else brackets
    offers = sorted(_offers(words, free, happenings, weights, brackets, parts), key=lambda offer: offer[0])
    used: set[int] = set()
    found: list[Joined] = []
    for _, rule, number, chain in offers:
        if number in used or id(chain[0]) in taken:
            continue
        used.add(number)
        elsewhere = _with_their_own(offers, used) if len(chain) > 1 else set()
        total = _total(chain) if len(chain) > 1 else None
        kind, among = _cue_of(happenings[number], rule).kind, _is_among(words, happenings[number])
        for place, group in enumerate(chain):
            if id(group) in taken or (place and id(group) in elsewhere):
                break
            taken.add(id(group))
            part = (total is not None and group is not total) or among
            how = "part" if part else "list" if place else rule
            found.append(Joined(group, kind, how, happenings[number], part))
    return found


def _beside(
    words: Words,
    free: Sequence[Group],
    told_once: Sequence[Group],
    known: Sequence[Joined],
    taken: set[int],
) -> list[Joined]:
    """The groups that no happening took, by those that are `known` beside them; puts some among the `taken`."""
    found = list(known)
    for others, groups in ((_added, free), (_by_degree, told_once)):
        for joined in list(others(words, groups, found, taken)):
            taken.add(id(joined.group))
            found.append(joined)
    found += [
        Joined(group, group.cue.kind, "counted_noun", None) for group in free if group.cue and id(group) not in taken
    ]
    if "others" in words.said:
        found += list(_others(words, free, found, taken))
    found += list(_elsewhere(words, told_once, found, taken | {id(joined.group) for joined in found}))
    return found[len(known) :]


def _who_died_of_it(
    words: Words, reading: Reading, happenings: Sequence[Happening], told: Sequence[Joined]
) -> list[Joined]:
    """As in "the wounded man died in hospital": of people who are hurt by an adjective their verb says the end."""
    if _MAY_DIE.isdisjoint([joined.kind for joined in told]):
        return list(told)
    used = {id(joined.happening) for joined in told if joined.kind == "killed"}
    ends = [h for h in happenings if id(h) not in used and any(_is_end(words, h, cue) for cue in h.cues)]
    if not ends:
        return list(told)
    return [
        joined._replace(kind="killed", rule="subject_before", happening=end)
        if joined.kind in _MAY_DIE and (end := _end_of(words, reading, joined, ends)) is not None
        else joined
        for joined in told
    ]


def _is_end(words: Words, happening: Happening, cue: Cue) -> bool:
    """Whether a word says of those before it that they died: "died", "est mort"."""
    been = happening.start > 0 and words.has(happening.start - 1, "been")
    return cue.kind == "killed" and (cue.role == "subject" or (cue.role == "passive" and been))


def _end_of(words: Words, reading: Reading, joined: Joined, ends: Sequence[Happening]) -> Happening | None:
    """The verb for dying that people have who are hurt by an adjective right beside them; nobody else between."""
    group, hurt = joined.group, joined.happening
    if group.share:
        return _end_of_share(words, reading, group, ends)
    if hurt is not None and not (hurt.end == group.start or hurt.start == group.end or _is_inside(hurt, group)):
        return None
    begin = max(group.end, hurt.end if hurt is not None else 0)
    reach = _TO_LAST_VERB if words.pack.order in _VERB_LAST else _TO_VERB
    end = next((h for h in ends if begin <= h.start <= begin + reach), None)
    if end is None or any(begin <= one.start < end.start for one in reading.groups):
        return None
    gap = range(begin, end.start)
    parted = any(
        words.texts[k] in _COMMAS or words.texts[k] in _STRONG or words.has(k, "clause") or words.has(k, "and")
        for k in gap
    )
    return None if parted else end


def _end_of_share(words: Words, reading: Reading, group: Group, ends: Sequence[Happening]) -> Happening | None:
    """The verb for dying behind "one of the five hurt in the blast", in the same clause and with nobody between."""
    end = next((h for h in ends if group.end <= h.start <= group.end + _TO_LAST_VERB), None)
    if end is None or any(group.end <= one.start < end.start for one in reading.groups):
        return None
    gap = range(group.end, end.start)
    parted = any(words.texts[k] in _STRONG or words.has(k, "clause") or words.has(k, "and") for k in gap)
    return None if parted else end


def _is_inside(hurt: Happening, group: Group) -> bool:
    return group.start <= hurt.start and hurt.end <= group.end


def _with_next_ones(words: Words, groups: Sequence[Group], found: Sequence[Joined]) -> list[Joined]:
    """The joined; one more by an ordinal ("a third") has what is said of him alone, or is hurt where he is in hospital.

    "Two died and a third is in a grave state": what happened to those before is not his. A verb at the end is of both.
    """
    kept = [joined for joined in found if not joined.group.following or "_" in joined.rule]
    known = {id(joined.group): joined for joined in kept}
    for one, following in pairwise(groups):
        last = known.get(id(following)) if following.following else None
        if last is not None and id(one) not in known and one.form in _COUNTING_FORMS and last.rule.endswith("_before"):
            kept.append(Joined(one, last.kind, "list", last.happening))
    for one in groups:
        places = range(one.end, min(words.size, one.end + _PLACE_REACH)) if one.following else ()
        if id(one) not in known and any(words.has(k, "hospital") for k in places):
            kept.append(Joined(one, "injured", "list", None))
    return kept


def _is_in_hospital(words: Words, joined: Joined) -> bool:
    """As in "a family died, two more children in hospital": behind a comma people are there, and alive."""
    happening, group = joined.happening, joined.group
    if joined.kind != "killed" or happening is None or happening.end > group.start:
        return False
    if not any(words.texts[k] in _COMMAS for k in range(happening.end, group.start)):
        return False
    for k in range(group.end, min(words.size, group.end + _PLACE_REACH)):
        if words.has(k, "hospital"):
            return True
        if words.cues(k)[0] or not words.is_word(k):
            return False
    return False


def orphan(words: Words, reading: Reading, found: Sequence[Joined]) -> Joined | None:
    """As in "He died on the spot": somebody who is told of before, when nobody else in the sentence is.

    Also where the sentence says no more than that he died there, or could not be saved.
    """
    if (nth := _nth_of_hurt(words, reading, found)) is not None:
        return nth
    if found or any(group.form != "elided" and not _heals(words, group) for group in reading.groups):
        return None
    if "he" not in words.said and words.said.isdisjoint(_WHERE_DIED):
        return None
    for one in reading.happenings:
        cue = next((cue for cue in one.cues if cue.kind == "killed" and cue.role in _UNDERGONE), None)
        if cue is None:
            continue
        near = range(max(0, one.start - _TO_PRONOUN), min(words.size, one.end + _TO_PRONOUN))
        at = next((k for k in near if words.has(k, "he")), None)
        if at is None and (words.has(one.start, "gone") or _is_without_subject(words, one)):
            at = one.start
        if at is not None:
            return Joined(Group(at, at + 1, "single", one_at(at), at), "killed", "pronoun", one)
    return None


def is_hurt(words: Words, k: int) -> bool:
    """Whether a word for somebody who is hurt stands at `k`."""
    return any(cue.kind == "injured" and cue.role in _OF_HURT for cue in words.cues(k)[0])


def _nth_of_hurt(words: Words, reading: Reading, found: Sequence[Joined]) -> Joined | None:
    """As in "a second of the injured has died": one of those who were hurt, whom no word for dying was joined to."""
    if "ordinal" not in words.said or any(joined.kind == "killed" for joined in found):
        return None
    died = next((one for one in reading.happenings for cue in one.cues if _is_end(words, one, cue)), None)
    for k in words.at("ordinal") if died is not None else ():
        behind = range(k + 1, k + _TO_HURT) if words.pack.order != "verb_first" else range(k - 1, max(-1, k - 2), -1)
        hurt = next((j for j in behind if is_hurt(words, j)), None)
        if hurt is not None:
            return Joined(Group(min(k, hurt), max(k, hurt) + 1, "single", one_at(k), k), "killed", "nth", died)
    return None


def _heals(words: Words, group: Group) -> bool:
    """Whether the people are doctors or helpers, who say that somebody is dead."""
    return group.noun >= 0 and "healers" in words.entries[group.noun].says


def _is_without_subject(words: Words, one: Happening) -> bool:
    """As in "Murió en el acto": a verb that opens the sentence, and where it was."""
    if words.pack.order == "participle_last" or one.cues[0].role != "subject":
        return False
    opens = all(not words.is_word(k) or not words.says[k].isdisjoint(_WITH_VERB) for k in range(one.start))
    last_verb = words.pack.order == "object_first" and all(not words.is_word(k) for k in range(one.end, words.size))
    return (opens or last_verb) and not words.said.isdisjoint({"spot", "hospital"})


def suicides(words: Words, found: Sequence[Joined]) -> Iterator[Joined]:
    """Who killed and then died by the own hand, where no word for him is joined to that: "and then shot himself"."""
    if "suicide" not in words.said:
        return
    dead = [one for one in found if one.kind == "killed"]
    if any(one.group.victim_class == "perpetrator" for one in dead):
        return
    for k in words.at("suicide"):
        if (said := words.look(k, "suicide")) is None:
            continue
        at = Happening(k, said[1], (Cue("killed", "subject"),))
        if not any(_is_at(one, at) for one in dead):
            yield Joined(Group(k, said[1], "single", one_at(k), k, "perpetrator"), "killed", "suicide", at)


def _is_at(one: Joined, at: Happening) -> bool:
    told = one.happening
    return told is not None and told.start < at.end and at.start < told.end and one.group.quantity is not None


def _wholes(words: Words, groups: Sequence[Group]) -> set[int]:
    """The groups of whom another names some: "of the 28 passengers two died"."""
    if len(groups) < _SEVERAL:
        return set()
    named = {id(one) for one, part in pairwise(groups) if _is_some_of(words, one, part)}
    return named | {id(whole) for some, whole in pairwise(groups) if _belong_to(words, some, whole)}


def _belong_to(words: Words, some: Group, whole: Group) -> bool:
    """As in "two members of the party of seven were hurt": a larger number right behind some of its people."""
    if some.quantity is None or whole.quantity is None or some.form not in _MANY_FORMS or whole.cue is not None:
        return False
    if some.quantity.low >= whole.quantity.low or not 0 <= whole.start - some.end <= _TO_WHOLE:
        return False
    gap = range(some.end, whole.start)
    if not gap:
        return words.pack.order == "free" and whole.quantity.of_people
    plain = [k for k in gap if not words.has(k, "of") and not words.has(k, "determiner")]
    if plain and not words.has(gap[-1], "of"):
        return False
    return len(plain) <= 1 and all(words.is_word(k) and not words.says[k] and not words.cues(k)[0] for k in plain)


def _assailants(words: Words, groups: Sequence[Group]) -> set[int]:
    """Those who attack others that are told of behind: "four in masks fell upon a guard: he was killed"."""
    found = set[int]()
    for at, one in enumerate(groups):
        verb = _assault(words, one) if one.form != "nobody" and one.cue is None else None
        if verb is not None and (at + 1 < len(groups) or _goes_on_with_others(words, max(verb, one.end))):
            found.add(id(one))
    return found


def _assault(words: Words, one: Group) -> int | None:
    """Where a verb of attacking stands right behind people, or right before them where verbs come first."""
    if words.pack.order == "verb_first":
        return next((k for k in range(max(0, one.start - _TO_ASSAIL), one.start) if words.has(k, "assails")), None)
    reach = _TO_LAST_VERB if words.pack.order == "object_first" else _TO_ASSAIL
    for k in range(one.end, min(words.size, one.end + reach + 1)):
        if words.has(k, "assails"):
            return k
        if words.cues(k)[0] or not words.is_word(k) or words.has(k, "and"):
            return None
    return None


def _goes_on_with_others(words: Words, at: int) -> bool:
    """Whether the first mark behind a verb opens a sentence of its own: "attacked a shop, its owner died"."""
    for k in range(at, words.size):
        if words.texts[k] in _COMMAS or words.texts[k] in _STRONG:
            return words.is_word(k + 1) and (words.has(k + 1, "cardinal") or words.says[k + 1].isdisjoint(_GOING_ON))
        if words.has(k, "and") or words.cues(k)[0]:
            return False
    return False


def is_risen(words: Words, group: Group) -> bool:
    """Whether people are the number that a toll rose to: "rose thereby to 12 dead"."""
    number = group.quantity.number_at - 1 if group.quantity is not None else -1
    if number < 1 or not words.has(number, "up_to"):
        return False
    for k in range(number - 1, max(-1, number - _TO_RISE), -1):
        if words.has(k, "change"):
            return True
        if words.texts[k] in _COMMAS or words.texts[k] in _STRONG:
            return False
    return False


def _spared(words: Words, groups: Sequence[Group]) -> set[int]:
    return {id(one) for one in groups if _is_spared(words, one)} if "spared" in words.said else set()


def _is_spared(words: Words, group: Group) -> bool:
    """As in "eleven were rescued": a word that says so stands right behind the people."""
    if group.cue is not None:
        return False
    k = group.end
    while words.has(k, "been"):
        k += 1
    if not words.has(k, "spared") or words.cues(k)[0]:
        return False
    return not any(words.has(j, "negation") for j in range(k, min(words.size, k + _LONGEST_LIST)))


def _is_some_of(words: Words, one: Group, part: Group) -> bool:
    if one.quantity is None or part.quantity is None or part.quantity.low >= one.quantity.low:
        return False
    if words.pack.order == "object_first":
        return part.start == one.end and part.form == "elided"
    k = one.start - 1
    while k >= 0 and words.has(k, "determiner") and not words.has(k, "of"):
        k -= 1
    opens = k >= 0 and words.has(k, "of") and (k == 0 or words.texts[k - 1] in _OPENING)
    return opens and not any(words.has(j, "and") or words.texts[j] in _OPENING for j in range(one.end, part.start))


def _with_their_own(offers: Sequence[_Offer], used: AbstractSet[int]) -> set[int]:
    """The groups that another happening, not used yet, plainly speaks of."""
    return {id(chain[0]) for cost, _, number, chain in offers if number not in used and cost < _PLAINLY_ITS_OWN}


def _is_among(words: Words, happening: Happening) -> bool:
    """As in "among the dead are two children": some of those who are counted elsewhere."""
    beside = words.entries[max(0, happening.start - _AMONG_REACH) : happening.start + 1]
    return any("among" in entry.says for entry in beside)


def _total(chain: Sequence[Group]) -> Group | None:
    """The first of a list, when the others add up to it: "six youths, five men and a woman"."""
    first, *others = sorted(chain, key=lambda group: group.start)
    if len(others) < _FEWEST_PARTS:
        return None
    counts = [group.quantity.low if group.quantity is not None else 0 for group in others]
    return first if first.quantity is not None and first.quantity.low == sum(counts) else None


def _appositions(words: Words, groups: Sequence[Group]) -> set[int]:
    """The groups that name one before again: "the driver, a man of 45, died", "a civilian, the young reporter"."""
    if len(groups) < _SEVERAL:
        return set()
    return {id(following) for one, following in pairwise(groups) if _names_again(words, one, following)}


def _between(dashes: Sequence[tuple[int, int]], groups: Sequence[Group]) -> set[int]:
    """The groups that stand between dashes."""
    return {id(one) for one in groups for opens, closes in dashes if opens < one.start < closes}


def _names_again(words: Words, one: Group, following: Group) -> bool:
    gap = range(one.end, following.start)
    alone = all(group.quantity is not None and group.quantity.low == 1 for group in (one, following))
    if alone and following.form == "single" and _is_inserted(words, one, following):
        return True
    if not alone or one.form == "nobody" or words.texts[one.end : one.end + 1] != [","] or not len(gap) <= _APPOSITION:
        return False
    if any(words.has(k, "and") or words.cues(k)[0] for k in gap):
        return False
    if following.form == "single":
        return any(words.has(k, "determiner") for k in gap)
    closed = range(following.end, min(words.size, following.end + _ASIDE))
    comma = next((k for k in closed if words.texts[k] == "," or words.has(k, "and")), None)
    return one.form == "single" and following.form == "counted" and comma is not None and words.texts[comma] == ","


def _is_inserted(words: Words, one: Group, following: Group) -> bool:
    """As in "un hombre de 33 años, vecino de Torrelavega, falleció": a bare noun between commas, and nobody behind."""
    gap = range(one.end, following.start)
    if one.form == "nobody" or not 0 < len(gap) <= _ASIDE or words.texts[following.start - 1] != ",":
        return False
    if sum(words.texts[k] == "," for k in gap) > 1 or any(words.has(k, "and") or words.cues(k)[0] for k in gap):
        return False
    closed = range(following.end, min(words.size, following.end + _ASIDE))
    comma = next((k for k in closed if words.texts[k] == "," or words.has(k, "and")), None)
    if comma is None or words.texts[comma] != ",":
        return False
    behind = range(comma + 1, min(words.size, comma + _ASIDE))
    return not any(words.entries[k].people is not None or words.has(k, "and") for k in behind)


def _cue_of(happening: Happening, rule: str) -> Cue:
    if len(happening.cues) == 1:
        return happening.cues[0]
    role = rule.partition("_")[0]
    return next((cue for cue in happening.cues if cue.role == role), happening.cues[0])


def _merged(words: Words, reading: Reading) -> list[Happening]:
    """The happenings; two joined by "and" or "or" with nothing between ("killed and wounded") are one.

    They stay two where each has its people beside it: "12 died and hurt were 33".
    """
    if len(reading.happenings) < _SEVERAL:
        return reading.happenings
    merged: list[Happening] = []
    ends, starts = {group.end for group in reading.groups}, {group.start for group in reading.groups}
    for happening in reading.happenings:
        last = merged[-1] if merged else None
        joint = last is not None and last.end + 1 == happening.start and _is_joint(words, last.end)
        if last is not None and joint and not (_is_with(ends, last) and happening.end in starts):
            kinds = {last.cues[0].kind, happening.cues[0].kind}
            if kinds <= _HURT:
                both: tuple[Cue, ...] = happening.cues
                if len(kinds) > 1:
                    both = tuple(Cue("casualty", cue.role) for cue in happening.cues)
                merged[-1] = Happening(last.start, happening.end, both)
                continue
        merged.append(happening)
    return merged


def _is_with(ends: AbstractSet[int], happening: Happening) -> bool:
    """Whether people end in front of it, or in the gap of its phrase."""
    return any(end in ends for end in range(happening.start, happening.end))


def _is_joint(words: Words, at: int) -> bool:
    return words.has(at, "and") or words.has(at, "or")


def _own(groups: Sequence[Group]) -> Iterator[Joined]:
    """The groups whose noun says what happened to them."""
    for group in groups:
        if group.cue is not None and group.cue.kind != "casualty":
            yield Joined(group, group.cue.kind, "counted_noun" if group.form != "nobody" else "none", None)


def _as_dead(words: Words, joined: Joined, happenings: Sequence[Happening]) -> Joined:
    """As in "the murder of two hostages", "two of the wounded died": what is said of them beside is worse."""
    group = joined.group
    if joined.kind not in _MAY_DIE or group.form == "nobody":
        return joined
    for happening in happenings:
        for cue in happening.cues:
            if cue.kind != "killed" or cue.role not in {"subject", "passive", "object", "event"}:
                continue
            before = group.end <= happening.start
            gap = range(group.end, happening.start) if before else range(happening.end, group.start)
            near = all(not words.says[k].isdisjoint(_BESIDE_THE_DEAD) and not words.has(k, "and") for k in gap)
            if near and _side(words.pack.order, cue.role, before=before) < 1:
                return Joined(group, "killed", f"{cue.role}_{'before' if before else 'after'}", happening)
    return joined


def _as_body(words: Words, joined: Joined, happenings: Sequence[Happening]) -> Joined:
    """As in "the bodies of three buried miners": what their noun belongs to says more than the word beside it."""
    if joined.kind not in _MAY_DIE:
        return joined
    for one in happenings:
        if any(cue.kind == "killed" and cue.role == "event" for cue in one.cues):
            gap = range(one.end, joined.group.start)
            if (
                one.end <= joined.group.start
                and len(gap) <= _OF_REACH
                and all(not words.says[k].isdisjoint(_OF_BODY) for k in gap)
            ):
                return Joined(joined.group, "killed", "event_after", one, joined.part)
    return joined


def _weights(words: Words, reading: Reading, happenings: Sequence[Happening]) -> list[float]:
    """What stands before each word, added up: the cost between two words is the difference."""
    costs = [entry.distance for entry in words.entries]
    for i in (*words.in_phrases, *words.at("relative")) if words.in_phrases or "relative" in words.said else ():
        behind_comma = i > 0 and words.texts[i - 1] == ","
        costs[i] = distance(words.texts[i], words.says[i], inside=words.covered[i], behind_comma=behind_comma)
    for happening in happenings:
        costs[happening.start] = max(costs[happening.start], _ANOTHER_HAPPENING)
    for group in reading.groups:
        costs[group.start] += _ANOTHER_GROUP
    return [0.0, *accumulate(costs)]


def _offers(
    words: Words,
    groups: Sequence[Group],
    happenings: Sequence[Happening],
    weights: Sequence[float],
    brackets: Sequence[tuple[int, int, float]],
    parts: AbstractSet[int],
) -> Iterator[_Offer]:
    """What each happening offers for each group: the cost, the rule, and the groups that a list adds behind it."""
    order = words.pack.order
    for place, group in enumerate(groups):
        lists: dict[bool, list[Group]] = {}
        for number, happening in enumerate(happenings):
            if abs(happening.start - group.start) > _FARTHEST:
                continue
            before = group.end <= happening.start
            start, end = (group.end, happening.start) if before else (happening.end, group.start)
            between = weights[end] - weights[start]
            if brackets:
                between -= sum(saved for opens, closes, saved in brackets if start <= opens and closes < end)
            side, role = _nearest_side(order, happening.cues, before)
            limit = _limit(group, role, before=before)
            if between + side > limit or (id(group) in parts and between > _LIMIT_PART):
                continue
            cost = between + side + _strange(words, group, happening, role, before=before)
            if cost <= limit:
                if before not in lists:
                    lists[before] = _list_with(words, groups, place, before=before)
                rule = f"{role}_before" if before else f"{role}_after"
                yield cost + (0.5 if group.form == "unknown" else 0.0), rule, number, [group, *lists[before]]


def _list_with(words: Words, groups: Sequence[Group], place: int, *, before: bool) -> list[Group]:
    """The groups of one list with a group that stands `before` what happened or behind it."""
    if len(groups) == 1:
        return []
    if before:
        return list(_chain_before(words, groups, place))
    chain = list(_chain(words, groups, place))
    free = words.pack.order == "free" and len(groups) > place + 1 + len(chain)
    return list(_chain(words, groups, place, of_described=True)) if free else chain


@cache
def _nearest_side(order: str, cues: tuple[Cue, ...], before: bool) -> tuple[float, str]:  # noqa: FBT001  # cached
    """What it costs least that people stand on a side of a word, and in which role."""
    return min((_side(order, cue.role, before=before), cue.role) for cue in cues)


def _strange(words: Words, group: Group, happening: Happening, role: str, *, before: bool) -> float:
    """What it costs that people stand where they are seldom met, most of all when no noun says that they are people."""
    if _is_out_of_place(words, group, happening, role, before=before):
        return _NEVER
    if before or role in {"toll", "object"}:
        return 0.0
    if role in _UNDERGONE and _is_agent(words, happening.end, group.start):
        return _NEVER
    if role == "passive" and group.form == "single" and words.pack.order == "free" and len(range(*happening[:2])) > 1:
        return _OVER_COMMA  # in "two men found dead the neighbour" she may be who found them
    if group.form in {"unknown", "elided"} and words.texts[group.start - 1] in _COMMAS:
        return _BEHIND_COMMA  # "were hurt, one in the knee"
    ordered = words.pack.order in {"fixed", "participle_last"}
    return _OVER_COMMA if ordered and "," in words.texts[happening.end : group.start] else 0.0


def _is_agent(words: Words, start: int, end: int) -> bool:
    """As in "murdered by two men": who did it."""
    k = end - 1
    while k > start and words.has(k, "determiner") and not words.has(k, "by"):
        k -= 1
    return k >= start and words.has(k, "by")


def _is_out_of_place(words: Words, group: Group, happening: Happening, role: str, *, before: bool) -> bool:
    """Whether the people cannot be those of the happening."""
    if words.has(happening.start, "gone") and _heals(words, group):
        return True
    if group.form == "single" and (
        role == "toll"
        or (role == "victims" and not before and _is_bare(words, group))
        or (role == "victims" and happening.cues[0].kind == "displaced")
        or ("design" in words.said and _is_design(words, group, happening, before=before))
    ):
        # "of the dead were pedestrians", where one word may be one or many; "a school of displaced"; "the number of
        # dead in Juiz de Fora"
        return True
    ordered = words.pack.order in {"fixed", "participle_last"}
    if role == "victims" and before and ordered and not _is_among(words, happening):
        return True  # "300 people marched for the victims"
    strange = group.form in {"unknown", "elided"}
    if group.form == "unknown" and (
        (role == "victims" and not before) or (words.pack.order in _ORDERED and happening.cues[0].kind in _OF_THINGS)
    ):
        return True  # buildings are evacuated as well
    if role == "event" and words.pack.order == "fixed":  # "punished by death in nine states"
        start = group.start - _OF_REACH if strange else happening.end
        return not any("of" in words.entries[k].says for k in range(max(happening.end, start), group.start + 1))
    return False


def _is_bare(words: Words, group: Group) -> bool:
    """Whether a noun has no article before it, in a language of articles where one form may be one or many."""
    return words.pack.capitals and group.start == group.noun and not words.has(group.start - 1, "determiner")


def _is_design(words: Words, group: Group, happening: Happening, *, before: bool) -> bool:
    """As in "parliament killed the minister's bill": what somebody had planned stands nearer than somebody."""
    if words.pack.order == "object_first":
        return before and any(words.has(k, "design") for k in range(group.end, happening.start))
    return not before and any(words.has(k, "design") for k in range(happening.end, group.start))


def _limit(group: Group, role: str, *, before: bool) -> float:
    """What a group may cost: less of a noun, whose people stand beside it, than of a verb."""
    form = "single" if group.form == "pair" else group.form
    if role == "victims" and before:
        return _LIMIT_BEFORE_VICTIMS
    limits = _LIMITS_OF_EVENT if role == "event" else _LIMITS
    return limits.get(form, _LIMIT)


def _side(order: str, role: str, *, before: bool) -> float:
    sides = _NOUNS.get(role) or _SIDES[order][role]
    return sides[0] if before else sides[1]


def _chain(words: Words, groups: Sequence[Group], place: int, *, of_described: bool = False) -> Iterator[Group]:
    """The groups that follow in one list: "two women, three children and a man".

    `of_described`: behind a verb, where no other can stand, also "a seller of the meat row and two buyers".
    """
    for one, following in pairwise(groups[place : place + _LONGEST_LIST]):
        if not _is_list(words, one, following) and not (of_described and _is_described(words, one, following)):
            return
        yield following


def _is_described(words: Words, one: Group, following: Group) -> bool:
    """Whether two words that say who the first are stand between, and a joiner: nothing that may be a verb's."""
    gap = range(one.end, following.start)
    if len(gap) != _DESCRIBED or not words.has(gap[-1], "and") or one.form == "elided":
        return False
    return all(words.is_word(k) and not words.says[k] and not words.cues(k)[0] for k in gap[:-1])


def _chain_before(words: Words, groups: Sequence[Group], place: int) -> Iterator[Group]:
    """The groups that come before in one list, the nearest first."""
    for k in range(place, max(0, place - _LONGEST_LIST), -1):
        one, following = groups[k - 1], groups[k]
        if one.form == "elided" or _are_some(words, one, following) or not _is_list(words, one, following):
            return
        if one.form == "unknown" and not any(words.has(j, "and") for j in range(one.end, following.start)):
            return  # "burnt five barns, two people died"
        yield groups[k - 1]


def _are_some(words: Words, one: Group, following: Group) -> bool:
    """As in "six tourists were buried, two did not survive": a number alone behind a comma, of those before it."""
    return following.form == "elided" and not any(words.has(k, "and") for k in range(one.end, following.start))


def _is_list(words: Words, one: Group, following: Group) -> bool:
    """Whether nothing but a joiner and a few words stand between two groups; what is in brackets does not count."""
    if _are_of_them(words, following) or _is_share_of_whole(words, one, following):
        return False
    gap = without_relative(words, _outside_brackets(words, range(one.end, following.start)))
    if _are_together(words, one, following, gap):
        return True
    joiners = [n for n, k in enumerate(gap) if words.texts[k] in {",", "،"} or words.has(k, "and")]
    if not joiners or joiners[-1] - joiners[0] >= len(joiners) or joiners[0] > _IN_LIST:
        return False
    before, behind = gap[: joiners[0]], gap[joiners[-1] + 1 :]
    if _is_verbal(words, before) or len(behind) > _BEHIND_JOINER + 1:
        return False
    if words.pack.capitals and following.form == "counted" and is_relative_article(words, gap):
        return False
    small = all(words.covered[k] or not words.says[k].isdisjoint(_IN_FRONT) for k in behind)
    small = small and len(behind) <= _BEHIND_JOINER
    left = [k for k in behind if words.says[k].isdisjoint(_BEFORE_ADJECTIVE) and not _is_part_of_age(words, k)]
    described = following.form in {"single", "counted", "pair"} and words.has(gap[joiners[-1]], "and")
    described = described and len(left) <= 1 and all(words.is_word(k) and not words.says[k] for k in left)
    return (small or described) and not any(words.cues(k)[0] or not words.says[k].isdisjoint(_NO_LIST) for k in gap)


def _is_part_of_age(words: Words, k: int) -> bool:
    """As in "and his 8 -year-old daughter": a number or word of an age."""
    number = words.entries[k].digits or words.has(k, "cardinal")
    return words.entries[k].unit == "age" or (number and k + 1 < words.size and words.entries[k + 1].unit == "age")


def _are_of_them(words: Words, group: Group) -> bool:
    """As in "17 were hurt, five of them badly": a number alone, and of whom right behind it."""
    return group.form == "elided" and words.has(group.end, "subset")


def _is_share_of_whole(words: Words, one: Group, following: Group) -> bool:
    """As in "60 people died, 40 in Manabí and 15 in Quito": a number alone at a place, of all numbered before a comma.

    Not where a place was told before: "six died in Genoa, two in Turin" are eight.
    """
    if following.form != "elided" or one.form != "counted" or one.quantity is None or following.quantity is None:
        return False
    comma = following.start - 1
    if words.texts[comma] not in _COMMAS or following.quantity.low >= one.quantity.low:
        return False
    return _is_at_place(words, following) and not any(_has_place(words, range(k, k + 2)) for k in range(comma - 1))


def _are_together(words: Words, one: Group, following: Group, gap: Sequence[int]) -> bool:
    """As in "a mother with her two children": who is told of with somebody."""
    people = one.noun >= 0 and following.noun >= 0 and following.form in {"counted", "pair", "single"}
    if not (people and gap) or words.look(gap[0], "with") is None:
        return False
    return all(words.covered[k] or words.has(k, "with") or words.has(k, "determiner") for k in gap)


def _is_verbal(words: Words, gap: Sequence[int]) -> bool:
    """Whether what stands between a noun and the joiner behind it may be a verb: more than an adjective or "of ..."."""
    if any(not words.is_word(k) and not words.texts[k].isdecimal() for k in gap):
        return True
    if not gap or words.has(gap[0], "of") or words.has(gap[0], "determiner"):
        return False
    return len(gap) > 1 or words.has(gap[0], "function")


def _outside_brackets(words: Words, places: range) -> list[int]:
    if "(" not in words.texts:
        return list(places)
    gap, depth = [], 0
    for k in places:
        depth += words.texts[k] == "("
        if not depth:
            gap.append(k)
        depth -= words.texts[k] == ")" and depth > 0
    return gap


def _brackets(words: Words, weights: Sequence[float]) -> Iterator[tuple[int, int, float]]:
    """Where brackets open and close, and what they weigh: it is less far over them than through them."""
    if "(" not in words.texts:
        return
    opened: int | None = None
    for k, text in enumerate(words.texts):
        if text == "(" and opened is None:
            opened = k
        elif text == ")" and opened is not None:
            yield opened, k, weights[k + 1] - weights[opened] - _OVER_BRACKETS
            opened = None


def _dashed(words: Words, groups: Sequence[Group]) -> Iterator[tuple[int, int]]:
    """Where dashes part off who the people before them are: "two people - a man and a woman - died"."""
    if len(groups) < _SEVERAL:
        return
    for one, following in pairwise(groups):
        if one.quantity is None or one.quantity.low < _SEVERAL or words.texts[one.end : one.end + 1] == []:
            continue
        if words.has(one.end + 1, "function"):
            continue  # "two - in Lviv and one - in Lutsk"
        if words.texts[one.end] in _DASHES and following.start <= one.end + _ASIDE:
            inside = range(one.end + 1, min(words.size, one.end + _LONGEST_DASHED))
            closes = next((k for k in inside if words.texts[k] in _DASHES or words.cues(k)[0]), None)
            if closes is not None and words.texts[closes] in _DASHES:
                yield one.end, closes


def _insertions(words: Words, reading: Reading) -> Iterator[tuple[int, int]]:
    """Where commas right behind one person part off what says no more of him: "her son, who sat behind, died"."""
    starts = {one.start for one in reading.groups} | {one.start for one in reading.happenings}
    for one in reading.groups:
        if one.form not in {"single", "counted"} or words.texts[one.end : one.end + 1] not in ([","], ["،"]):
            continue
        inside = range(one.end + 1, min(words.size, one.end + _LONGEST_INSERTED))
        closes = next((k for k in inside if k in starts or words.texts[k] in _COMMAS or words.has(k, "and")), None)
        if (
            closes is not None
            and words.texts[closes] in _COMMAS
            and closes + _BEHIND_INSERTED > min((k for k in starts if k > closes), default=words.size)
        ):
            yield one.end, closes


def _saved(pairs: Sequence[tuple[int, int]], weights: Sequence[float]) -> Iterator[tuple[int, int, float]]:
    """Where something is parted off, and how much less far it is over it than through it."""
    for opens, closes in pairs:
        yield opens, closes, weights[closes + 1] - weights[opens] - _OVER_BRACKETS


def _apart(brackets: Sequence[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """Those that do not overlap one before them: what they save counts once."""
    kept: list[tuple[int, int, float]] = []
    for one in sorted(brackets):
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return kept


def _between_commas(
    words: Words, asides: Sequence[NotPeople | Group], weights: Sequence[float]
) -> Iterator[tuple[int, int, float]]:
    """The same for an age or a part between commas: "her husband, aged 84, was hurt"."""
    for one in asides:
        opens = next((k for k in range(one.start - 1, max(-1, one.start - _ASIDE), -1) if words.texts[k] == ","), None)
        closes = next((k for k in range(one.end, min(words.size, one.end + _ASIDE)) if words.texts[k] == ","), None)
        if opens is not None and closes is not None:
            yield opens, closes, weights[closes + 1] - weights[opens] - _OVER_BRACKETS


def _opened(words: Words, groups: Sequence[Group]) -> set[int]:
    """The groups behind "among them": a part of the people before, whatever else the sentence says."""
    return {
        id(one)
        for one in (groups[1:] if "subset" in words.said else ())
        if any(words.has(k, "subset") for k in range(max(0, one.start - _SUBSET_REACH), one.start))
    }


def _added(words: Words, groups: Sequence[Group], found: Sequence[Joined], taken: AbstractSet[int]) -> Iterator[Joined]:
    """As in "30 fighters were killed, and a civilian": more people behind the verb of those before it."""
    ends = {joined.happening.end: joined for joined in found if joined.happening is not None}
    for group in groups:
        if id(group) in taken or group.form not in {"counted", "single"}:
            continue
        k, joiners = group.start - 1, 0
        while k >= 0 and k + 1 not in ends and _may_follow(words, k):
            joiners += words.has(k, "and")
            k -= 1
        joined = ends.get(k + 1)
        if joined is not None and joiners and joined.group.end <= k and joined.rule.endswith("_before"):
            yield Joined(group, joined.kind, "list", joined.happening)


def _may_follow(words: Words, k: int) -> bool:
    return words.texts[k] == "," or words.covered[k] or not words.says[k].isdisjoint(_FOLLOWING)


def _by_degree(
    words: Words, groups: Sequence[Group], found: Sequence[Joined], taken: AbstractSet[int]
) -> Iterator[Joined]:
    """As in "two people were badly and three slightly hurt": one word for both, who are told apart by how badly."""
    hurt = {id(one.group): one for one in found if one.kind == "injured"}
    for pair in pairwise(groups):
        known = [hurt[id(one)] for one in pair if id(one) in hurt]
        left = [one for one in pair if id(one) not in taken and one.form != "nobody"]
        if known and left and _differ_in_degree(words, *pair, known[0].happening):
            yield Joined(left[0], "injured", "list", known[0].happening)


def _differ_in_degree(words: Words, one: Group, following: Group, happening: Happening | None) -> bool:
    """Whether a degree stands behind each, and nothing else between them than small words and what happened."""
    gap = [k for k in range(one.end, following.start) if not _is_degree(words, k)]
    behind = range(following.start, min(words.size, following.end + _DEGREE_REACH))
    told = range(happening.start, happening.end) if happening is not None else range(0)
    return (
        len(gap) < following.start - one.end
        and any(_is_degree(words, k) for k in behind)
        and all(
            k in told
            or words.covered[k]
            or words.texts[k] in {",", "،"}
            or not words.says[k].isdisjoint(_BETWEEN_DEGREES)
            for k in gap
        )
    )


def _is_degree(words: Words, k: int) -> bool:
    return words.has(k, "degree") or "degree" in words.entries[k].says


def _others(
    words: Words, groups: Sequence[Group], found: Sequence[Joined], taken: AbstractSet[int]
) -> Iterator[Joined]:
    """As in "the tsunami left 168 dead in one country and 50 others in another": the same happened to the others."""
    for group in groups if "others" in words.said else ():
        if id(group) in taken or group.noun < 0 or not words.has(group.noun, "others"):
            continue
        before = [joined for joined in found if joined.group.end <= group.start and not joined.part]
        gap = range(before[-1].group.end, group.start) if before else range(0)
        if any(words.has(k, "and") for k in gap) and not any(words.texts[k] in _STRONG for k in gap):
            yield Joined(group, before[-1].kind, "others", before[-1].happening)


def _elsewhere(
    words: Words, groups: Sequence[Group], found: Sequence[Joined], taken: AbstractSet[int]
) -> Iterator[Joined]:
    """As in "two died in Lviv, three more in Lutsk": what happened is left out where a list goes on place by place."""
    if len(groups) <= len(taken):  # nearly always nobody is left
        return
    told = {id(joined.group): joined for joined in found if not joined.part and joined.happening is not None}
    own = (one for one in found if one.happening is None and one.group.form == "counted")
    nouns = {id(one.group): one for one in own if _is_at_place(words, one.group)}
    verb_last = words.pack.order in _VERB_LAST
    pairs = list(pairwise(groups))
    for one, following in [*pairs, *reversed(pairs)] if verb_last else pairs:
        before, behind = told.get(id(one)), told.get(id(following))
        if before is None and (noun := nouns.get(id(one))) is not None and id(following) not in taken:
            before = noun._replace(happening=Happening(one.start, one.end, (Cue(noun.kind, "victims"),)))
        if (id(following) in told and id(one) in told) or _are_of_them(words, following):
            continue
        if _is_share_of_whole(words, one, following):
            continue
        if before is not None and id(following) not in taken | told.keys() and following.form in _COUNTING_FORMS:
            if _is_in_next_place(words, before, following):
                told[id(following)] = joined = Joined(following, before.kind, "list", before.happening)
                yield joined
        elif behind is None or not verb_last or id(one) in taken or one.form not in _COUNTING_FORMS:
            continue
        elif id(one) not in told and _is_before_its_place(words, one, following, behind):
            told[id(one)] = joined = Joined(one, behind.kind, "list", behind.happening)
            yield joined


def _is_before_its_place(words: Words, one: Group, following: Group, behind: Joined) -> bool:
    """As in "in Rize three, in Ordu two people died", with the verb at the end: it goes for all of the places."""
    return not behind.rule.endswith("_after") and _is_place_after_place(words, range(one.end, following.start))


def _is_at_place(words: Words, group: Group) -> bool:
    """Whether a place of its own stands behind people, as in "12 dead in Nîmes, four in Alès"; before them at times."""
    if words.pack.order == "object_first":
        return _has_place(words, range(max(0, group.start - 1), group.start))
    return _has_place(words, range(group.end, min(words.size, group.end + _OWN_PLACE)))


def _is_in_next_place(words: Words, before: Joined, following: Group) -> bool:
    """Whether a comma or joiner and a place with its preposition stand between, or behind where no place can before."""
    last = before.group.end
    if before.happening is not None and before.happening.end <= following.start:
        last = max(last, before.happening.end)
    gap = range(last, following.start)
    return _is_place_after_place(words, gap) or (
        _is_gap(words, gap) and _has_place(words, range(following.end, min(words.size, following.end + _PLACE_REACH)))
    )


def _is_place_after_place(words: Words, gap: range) -> bool:
    """Whether the words between two groups go on with another place: ", in Lutsk"."""
    if not _is_gap(words, gap):
        return False
    last = max(k for k in gap if words.texts[k] in _COMMAS or words.has(k, "and"))
    return _has_place(words, range(last + 1, gap.stop))


def _is_gap(words: Words, gap: range) -> bool:
    """Whether a list may go on over these words: a comma or joiner, names, and small words."""
    if not 0 < len(gap) <= _TO_NEXT_PLACE or any(
        words.cues(k)[0]
        or not words.says[k].isdisjoint(_NO_LIST_OF_PLACES)
        or words.texts[k] in _STRONG
        or (words.is_word(k) and not words.says[k] and not words.covered[k] and words.written(k)[0].islower())
        for k in gap
    ):
        return False
    return any(words.texts[k] in _COMMAS or words.has(k, "and") for k in gap)


def _has_place(words: Words, places: range) -> bool:
    """Whether a small word stands there and a name behind it, or a name with its ending ("Odessa'da")."""
    for k in places:
        if words.cues(k)[0] or words.texts[k] in _COMMAS or words.texts[k] in _STRONG:
            return False
        name = not words.says[k] and (words.written(k)[0].isupper() or words.pack.order == "verb_first")
        name = name and not words.cues(k)[0] and words.is_word(k)
        ended = words.pack.order == "object_first" and "-" in words.texts[k]
        if name and (ended or (k > 0 and _is_before_place(words, k - 1))):
            return True
    return False


def _is_before_place(words: Words, k: int) -> bool:
    """Whether a preposition may stand at `k`, with an article or without: "em", "na"."""
    return "function" in words.entries[k].says or (words.has(k, "determiner") and not words.pack.capitals)


def _parts(words: Words, groups: Sequence[Group], found: Sequence[Joined], taken: AbstractSet[int]) -> Iterator[Joined]:
    """People behind "among them": a part of those before, with the rest of their list."""
    kinds = {joined.group.start: joined.kind for joined in found}
    last: int | None = None
    for one in groups if "subset" in words.said else ():
        opened = any(words.has(k, "subset") for k in range(max(0, one.start - _SUBSET_REACH), one.start + 1))
        opened = opened or _are_of_them(words, one)
        before = [start for start in kinds if start < one.start]
        follows = last is not None and one.start - last <= _SUBSET_REACH
        follows = follows and not _is_place_after_place(words, range(last or 0, one.start))
        if id(one) not in taken and one.form not in {"nobody", "single"} and before and (opened or follows):
            yield Joined(one, kinds[max(before)], "part", None, part=True)
            last = one.end
