"""Who died beside those told of before, where no figure sums them up: "Her son died as well", "a third in hospital"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from stream_app.core.casualties.article_toll import Candidate, Sex, reported_by, runs_of
from stream_app.core.casualties.free.groups import Group
from stream_app.core.casualties.free.joining import Joined
from stream_app.core.casualties.free.words import STRONG, Words

_AGES: Final = range(1, 111)
_AGE_SIZE: Final = 2
_TO_AGE: Final = 4
_TO_OWNER: Final = 3
_ALSO_REACH: Final = 3
_SOON: Final = 2
_FAR: Final = 4
_SIDES: Final = {"police": "state", "combatant": "state", "perpetrator": "irregular", "civilian": "civilian",
                 "child": "civilian", "journalist": "civilian", "aid_worker": "civilian"}  # fmt: skip
"""Whom a noun says that they belong to, as far as one side does not tell of the other."""
_TOWN_REACH: Final = 9
_FEWEST: Final = 2
_LARGE: Final = 10
_NEAR: Final = 1.25
_ARMED: Final = frozenset({"combatant", "police"})
_OPENING: Final = 6
"""Words in which a sentence says where it plays."""
_WHERE_DIED: Final = frozenset({"spot", "hospital"})
_COMMAS: Final = frozenset(",،")
_DEGREES: Final = ("badly", "slightly")
_TO_DEGREE: Final = 2
_BEFORE_PART: Final = frozenset({"and", "been", "have", "clause"})


class Who(NamedTuple):
    """What a sentence says of a victim beside what happened; the fields are those of a candidate."""

    age: int | None
    sex: Sex | None
    kin: str
    scene: bool
    later: bool
    also: bool
    town: str
    opens: bool


def who(words: Words, joined: Joined) -> Who:
    """Who the people of a figure are, and where they died."""
    single = joined.group.quantity is not None and joined.group.quantity.low == joined.group.quantity.high == 1
    clause = range(0) if words.said.isdisjoint(_WHERE_DIED) else _clause(words, joined)
    return Who(
        age=_age(words, joined) if single else None,
        sex=_sex(words, joined) if single else None,
        kin=_kin(words, joined),
        scene=any(k in clause for k in words.at("spot")),
        later=any(k in clause for k in words.at("hospital")),
        also="also" in words.said and _is_also(words, joined),
        town=(opening := _town(words, range(_OPENING))) or _town(words, _behind(words, joined)),
        opens=bool(opening),
    )


def severity(words: Words, group: Group) -> str:
    """How badly people are hurt, by their noun or a word beside it: "three badly hurt"; "" where nothing says so."""
    if words.said.isdisjoint(_DEGREES):
        return ""
    for k in range(group.start, min(words.size, group.end + _TO_DEGREE)):
        if words.texts[k] in _COMMAS or (k >= group.end and (words.has(k, "and") or words.may_count(k))):
            return ""
        for name in _DEGREES:
            if words.has(k, name) or name in words.entries[k].says:
                return name
    return ""


def is_half(words: Words, joined: Joined) -> bool:
    """Whether half of the people is told of: "of the 14 passengers half were hurt", "half of the 14 died"."""
    if joined.happening is None or "half" not in words.said or joined.group.cue is not None:
        return False
    group, happening = joined.group, joined.happening
    first, last = sorted(((group.start, group.end), (happening.start, happening.end)))
    if any(first[1] <= k < last[0] and _opens_part(words, k, first[1]) for k in words.at("half")):
        return True
    k = group.start - 1
    while k > 0 and (words.has(k, "of") or words.has(k, "determiner")):
        k -= 1
    return k >= 0 and words.has(k, "half")


def _opens_part(words: Words, k: int, first: int) -> bool:
    """Whether "half" at `k` stands for people, not for a time: "half were hurt", "in the first half of the month"."""
    before = k - 1
    while before >= first and words.has(before, "determiner"):
        before -= 1
    noun = words.pack.capitals and words.written(before)[:1].isupper()
    return before < first or noun or not words.is_word(before) or not words.says[before].isdisjoint(_BEFORE_PART)


def _behind(words: Words, joined: Joined) -> range:
    """The words behind a figure and what happened, up to a mark."""
    last = joined.group.end if joined.happening is None else max(joined.group.end, joined.happening.end)
    return range(last, min(words.size, last + _TOWN_REACH))


def _town(words: Words, places: range) -> str:
    """The first name behind a preposition among some words, as in "In Kaltenau", "Çamlık'ta"; "" for none."""
    ended = words.pack.order == "object_first"
    for k in places[: words.size]:
        if words.says[k] or not ("-" in words.texts[k] if ended else _is_governed(words, k)):
            continue
        if words.is_word(k) and words.entries[k].people is None and words.written(k)[0].isupper():
            opens = not any(words.cues(j)[0] or words.texts[j] in STRONG for j in range(places.start, k + 1))
            return words.texts[k] if opens else ""
    return ""


def _is_governed(words: Words, k: int) -> bool:
    near = words.says[k - 1] if k else frozenset[str]()
    return "function" in near or (not words.pack.capitals and "of" in near)


def _clause(words: Words, joined: Joined) -> range:
    """The words between the marks around a figure and what happened."""
    first, last = joined.group.start, joined.group.end
    if joined.happening is not None:
        first, last = min(first, joined.happening.start), max(last, joined.happening.end)
    start = next((k + 1 for k in range(first - 1, -1, -1) if words.texts[k] in STRONG), 0)
    end = next((k for k in range(last, words.size) if words.texts[k] in STRONG), words.size)
    return range(start, end)


def _age(words: Words, joined: Joined) -> int | None:
    """The age beside one person: "53-year-old", "de 53 años", "(53)", ", 53,"."""
    group = joined.group
    if not words.digits:
        return None
    before = range(group.start - 1, max(-1, group.start - _TO_AGE - 1), -1)
    for k in (*range(group.start, min(words.size, group.end + _TO_AGE)), *before):
        if k >= group.end and (words.cues(k)[0] or words.texts[k] in STRONG - {"("}):
            continue
        if words.entries[k].digits and (age := _age_at(words, k)) is not None:
            return age
    return None


def _age_at(words: Words, k: int) -> int | None:
    digits = words.texts[k].partition("-")[0]
    if not digits.isdecimal() or len(digits) > _AGE_SIZE or int(digits) not in _AGES:
        return None
    beside = (words.texts[j] if 0 <= j < words.size else "" for j in (k - 1, k + 1))
    before, behind = beside
    bracketed = before == "(" and behind == ")"
    parted = before in _COMMAS and behind in _COMMAS
    unit = words.entries[k].unit == "age" or any(_is_of_age(words, j) for j in (k + 1, k + 2))
    return int(digits) if bracketed or parted or unit else None


def _is_of_age(words: Words, k: int) -> bool:
    return k < words.size and (words.entries[k].unit == "age" or words.has(k, "years"))


def _sex(words: Words, joined: Joined) -> Sex | None:
    noun = joined.group.noun
    if noun < 0:
        return None
    says = words.entries[noun].says
    return "female" if "female" in says else "male" if "male" in says else None


def _kin(words: Words, joined: Joined) -> str:
    """The noun of who belongs to somebody told of: "her son", "ihr Mann"; a noun whose ending says so needs no more."""
    noun = joined.group.noun
    if noun < 0 or "relatives" not in words.entries[noun].says:
        return ""
    before = range(max(0, noun - _TO_OWNER), noun)
    owned = "owned" in words.entries[noun].says or any(words.has(k, "whose") for k in before)
    return words.texts[noun] if owned else ""


def _is_also(words: Words, joined: Joined) -> bool:
    """Whether "also" stands beside the people or what happened to them."""
    places = words.at("also")
    spans = [(joined.group.start, joined.group.end)]
    if joined.happening is not None:
        spans.append((joined.happening.start, joined.happening.end))
    return any(start - _ALSO_REACH <= k < end + _ALSO_REACH for k in places for start, end in spans)


def with_more_summed(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, the dead that are told of one after another taken together where the article gives no sum.

    The first of the text and, sentence by sentence, those of whom the words say that they are others: one more,
    somebody of theirs, another age, dead elsewhere than on the spot. A number in the title is the sum: no more than it.
    """
    dead = [at for at, c in enumerate(candidates) if _is_dead(c)]
    if any(candidates[at].total for at in dead):
        return list(candidates)
    runs = runs_of(candidates, [at for at in dead if candidates[at].figure.field == "text"])
    titled = [candidates[at].figure.low for at in dead if candidates[at].figure.field == "title"]
    most = max((low for low in titled if low > 1), default=None)
    if len(runs) < _FEWEST:
        return list(candidates)
    chain, total = [runs[0]], reported_by(candidates, runs[0])
    for run in runs[1:]:
        if candidates[run[0]].sentence - candidates[chain[-1][0]].sentence > _FAR:
            break
        more = reported_by(candidates, run)
        if (most is None or total + more <= most) and _are_others(candidates, chain, run, total):
            chain.append(run)
            total += more
    if len(chain) < _FEWEST:
        return list(candidates)
    first = candidates[chain[0][0]]
    told = {at for run in chain for at in run}
    return [c._replace(sentence=first.sentence, cue=first.cue) if at in told else c for at, c in enumerate(candidates)]


def _is_dead(c: Candidate) -> bool:
    return (
        c.figure.kind == "killed"
        and c.figure.assertion == "actual"
        and c.figure.low > 0
        and not (c.part or c.aside or c.claimed or c.earlier or c.adds)
    )


def _are_others(candidates: Sequence[Candidate], chain: Sequence[Sequence[int]], run: Sequence[int], told: int) -> bool:
    """Whether the dead of a run are none of those told of before in the chain."""
    c, before = candidates[run[0]], [candidates[at] for one in chain for at in one]
    far = c.sentence - before[-1].sentence
    if any(candidates[at].met or candidates[at].nth not in {0, told + 1} for at in run):
        return False
    if not far and _are_beside(candidates, chain, run):
        return True
    if far <= _SOON and (_are_more(candidates, run, before, told) or (len(run) == 1 and _is_too_many(c, before, told))):
        return True
    return _is_of_another_age(c, before) or _is_of_another_side(c, before) or _is_of_another_town(c, before)


def _are_more(candidates: Sequence[Candidate], run: Sequence[int], before: Sequence[Candidate], told: int) -> bool:
    """As in "another", "her son", "died as well", "a third victim", and in hospital where those before died at once."""
    c = candidates[run[0]]
    return (
        any(candidates[at].fresh or candidates[at].also for at in run)
        or c.nth == told + 1
        or (bool(c.kin) and c.kin not in {one.kin or one.figure.victims.lower() for one in before})
        or (c.later and not c.scene and all(one.scene and not one.later for one in before))
    )


def _is_too_many(c: Candidate, before: Sequence[Candidate], told: int) -> bool:
    """As in "A driver died. Two passengers were killed in the bus": more than were told of, by another noun."""
    if told >= c.figure.low or c.figure.victim_class == "unknown":
        return False
    if c.figure.victim_class in _ARMED and any(one.figure.victim_class == c.figure.victim_class for one in before):
        return False  # "seven troops", by the army; "nine soldiers", by the rebels
    return c.figure.victims.lower() not in {one.figure.victims.lower() for one in before}


def _are_beside(candidates: Sequence[Candidate], chain: Sequence[Sequence[int]], run: Sequence[int]) -> bool:
    """As in "three were shot dead and a woman stabbed": others of the same sentence, no parts of those before."""
    before = chain[-1]
    nouns = {candidates[at].figure.victims.lower() for at in before}
    named = all(candidates[at].figure.victims and candidates[at].figure.victims.lower() not in nouns for at in run)
    return named and not _are_rivals(reported_by(candidates, run), reported_by(candidates, before))


def _are_rivals(one: int, other: int) -> bool:
    """As in "the army speaks of 57 civilians, doctors of 60 dead": large numbers so near each other count the same."""
    few, many = sorted((one, other))
    return few == many or (few >= _LARGE and many <= few * _NEAR)


def _is_of_another_age(c: Candidate, before: Sequence[Candidate]) -> bool:
    ages = [one.age for one in before]
    return c.age is not None and None not in ages and c.age not in ages


def _is_of_another_side(c: Candidate, before: Sequence[Candidate]) -> bool:
    """As in "Six suspects were shot dead. A sergeant did not survive": of those who fight each side by its noun."""
    sides = {_side(one) for one in before}
    return bool(_side(c)) and "" not in sides and _side(c) not in sides


def _side(c: Candidate) -> str:
    return _SIDES.get(c.figure.victim_class, "")


def _is_of_another_town(c: Candidate, before: Sequence[Candidate]) -> bool:
    """Whether the sentence names a town of its own, and those before did, too, each another; no number told again."""
    towns = {one.town for one in before}
    same = len(before) == 1 and before[0].figure.low == c.figure.low
    return bool(c.town) and "" not in towns and c.town not in towns and not (same and not (c.opens and before[0].opens))
