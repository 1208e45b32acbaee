"""Whether what was read happened, here and now, and who says so."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple, cast, get_args

from stream_app.core.casualties.free.groups import Group, Happening
from stream_app.core.casualties.free.joining import Joined
from stream_app.core.casualties.free.words import STRONG, Words
from stream_app.core.events import Assertion, Attribution

_YEARS: Final = range(1800, 2100)
_ALTERNATIVE: Final = 6
_NEGATION_REACH: Final = 2
_ABSENT: Final = frozenset({"nobody", "negation"})
_ABSENT_REACH: Final = 2
_DENIED_BEHIND: Final = frozenset({"free", "object_first"})
"""Orders in which "there are none" stands behind what there is not."""
_SPEAKER: Final = 8
_LONGEST_NAME: Final = 4
_LONGEST_SPEAKER: Final = 120
_DASHES: Final = frozenset("–—")
_PASSED: Final = frozenset({"function", "more", "determiner", "of", "qualifier"})
_THAT_REACH: Final = 10
_HURT: Final = frozenset({"killed", "injured", "casualty"})
_LOST: Final = frozenset({"killed", "injured", "casualty", "captured"})
_MILLION: Final = 1_000_000
_YEAR_SIZE: Final = 4
_BEFORE_WHEN: Final = 4
_IN_RELATIVE: Final = 6
_DATED: Final = 2
_COMMAS: Final = frozenset(",،")
_IN_DATE: Final = frozenset("./-")
_FAR: Final = frozenset({"denied", "fictional"})
_DENIED: Final = frozenset({"denied"})
_MAY_STAND_BEHIND: Final = {"object_first": frozenset(get_args(Assertion)), "participle_last": frozenset({"denied"})}
"""Assertions that words behind a figure may set, by the order of the language."""
_QUOTES: Final = frozenset('"«»“”„‚‘’')
_ASIDE: Final = frozenset({"aside", "background"})
_BEFORE: Final = frozenset({"follows", "days_after"})
_DEED: Final = 9
_RATE_REACH: Final = 3
_DYING: Final = frozenset({"natural", "dying"})
_SINCE_REACH: Final = 4
_TO_BORN: Final = 4
_LONGER: Final = frozenset({"running", "aside", "background"})
_HELD: Final = frozenset({"abducted", "captured"})


class Judgement(NamedTuple):
    """An assertion and the words that set it, None for the plain actual; `aside` for another time or incident.

    `earlier` for a day before that of the article, where it has opened with another.
    """

    assertion: Assertion
    cue: str | None
    aside: bool = False
    earlier: bool = False


_ACTUAL: Final = Judgement("actual", None)


class Year(NamedTuple):
    """The year of an article, None when nothing says it; `published` when it is no guess by the years in the text."""

    number: int | None
    published: bool


def judge(words: Words, joined: Joined, year: Year, groups: Sequence[Group] = ()) -> Judgement:
    """The assertion of a figure in an article of that year; `groups` are all people of its sentence."""
    clause = _without_others(words, joined, _whole_clause(words, joined), groups)
    found = (
        _negated(words, joined)
        or _absent(words, joined)
        or _framed(words, joined)
        or _historical(words, joined, clause, year.number)
        or _running(words, joined, clause)
        or _compared(words, clause)
        or _in_quotes(words, joined)
        or _ACTUAL
    )
    aside = _is_aside(words, clause, year) or _is_of_before(words, joined)
    earlier = any(k in clause for k in words.at("earlier"))
    return found._replace(aside=aside, earlier=earlier) if aside or earlier else found


def _is_of_before(words: Words, joined: Joined) -> bool:
    """As in "it came after a raid that killed 12", "two days after a blast with 12 dead, ...": what was before."""
    if words.said.isdisjoint(_BEFORE):
        return False
    behind = words.pack.order != "object_first"
    for k in range(words.size):
        if (found := words.look(k, "follows")) is not None:
            if (joined.group.start >= found[1]) if behind else (joined.group.end <= k):
                return True
        elif (found := words.look(k, "days_after")) is not None and (
            _is_right_behind(words, joined, found[1]) if behind else joined.group.end <= k
        ):
            return True
    return False


def _is_right_behind(words: Words, joined: Joined, at: int) -> bool:
    """Whether people stand behind "two days after a blast" in its relative clause or as its noun."""
    gap = range(at, joined.group.start)
    if not 0 <= len(gap) <= _DEED:
        return False
    relative = any(words.has(k, "relative") or words.has(k, "when") for k in gap)
    return sum(words.texts[k] in _COMMAS for k in gap) <= relative and (
        relative or joined.rule.startswith("counted") or words.has(at - 1, "clause")
    )


def is_claimed(words: Words, joined: Joined) -> bool:
    """As in "the ministry of defence: 14 militants were neutralised": what an army says that it did to its enemy."""
    if "army" not in words.said:
        return False
    if joined.kind in _LOST and _are_enemies(words, joined):
        return True
    if joined.happening is None:
        return False
    told = range(joined.happening.start, joined.happening.end)
    if not any("claimed" in words.entries[k].says or words.has(k, "claimed") for k in told):
        return False
    group = range(joined.group.start, joined.group.end)
    return any(words.has(k, "army") and k not in group for k in range(words.size))


def _are_enemies(words: Words, joined: Joined) -> bool:
    """As in "the army says that it killed 30 terrorists", "the enemy lost 900 men": whom an army calls its enemy."""
    group = range(joined.group.start, min(words.size, joined.group.end + 1))
    if not any("enemy" in words.entries[k].says or words.has(k, "enemy") for k in group):
        return False
    return any(words.has(k, "army") and k not in group for k in range(words.size))


def found_safe(words: Words, groups: Sequence[Group], joined: Joined) -> str | None:
    """The word by which people who were missing are found alive: one that the people stand nearest to; else None."""
    if joined.kind != "missing" or "safe" not in words.said:
        return None
    for k in words.at("safe"):
        before = [group for group in groups if group.start < k]
        told = before[-1] if before else groups[0] if groups else None
        if told is not None and told.start == joined.group.start:
            return words.written(k)
    return None


def _in_quotes(words: Words, joined: Joined) -> Judgement | None:
    """As in "the „wounded” were actors": a word for what happened that stands between quotes by itself."""
    texts, last = words.texts, words.size - 1
    told = range(joined.happening.start, joined.happening.end) if joined.happening is not None else ()
    for k in (*told, joined.group.noun):
        if 0 < k < last and texts[k - 1] in _QUOTES and texts[k + 1] in _QUOTES:
            return Judgement("alleged", words.written(k))
    return None


def _negated(words: Words, joined: Joined) -> Judgement | None:
    if joined.group.form == "nobody":
        return Judgement("negated", words.written(joined.group.start))
    if "nobody" in words.said:
        number = joined.group.quantity
        none = _none_of(words, joined.group.start) if number is None or number.high == 1 else None
        if none is not None:
            return Judgement("negated", words.written(none))
    if joined.happening is None or "negation" not in words.said:
        return None
    start = joined.happening.start
    for k in range(start - 1, max(-1, start - 1 - _NEGATION_REACH), -1):
        if words.has(k, "negation"):
            return Judgement("negated", words.written(k))
        if k < joined.group.end or not words.has(k, "function"):
            return None
    return None


def _absent(words: Words, joined: Joined) -> Judgement | None:
    """As in "there are no 300 dead", "300 погибших там нет": so many are said not to be."""
    group = joined.group
    if joined.happening is not None or group.form != "counted":
        return None
    if group.quantity is None or group.quantity.one or words.said.isdisjoint(_ABSENT):
        return None
    behind = words.pack.order in _DENIED_BEHIND
    far = 1 if words.pack.order == "verb_first" else _ABSENT_REACH  # "not" and a verb may be "still"
    places = range(group.end, group.end + far) if behind else range(group.start - 1, group.start - 1 - far, -1)
    for k in places:
        if not 0 <= k < words.size or not words.is_word(k):
            return None
        if words.has(k, "nobody") or (words.has(k, "negation") and (words.pack.order != "free")):
            return Judgement("denied", words.written(k))
    return None


def _none_of(words: Words, start: int) -> int | None:
    """The "no" that people at `start` share with those before an "or", as in "aucun civil ni soldat"."""
    joined = False
    for k in range(start - 1, max(-1, start - 1 - _ALTERNATIVE), -1):
        if joined and words.has(k, "nobody"):
            return k
        if words.has(k, "negation"):
            joined = joined or k == start - 1
        elif words.has(k, "or"):
            joined = True
        elif _parts_clauses(words, k) or (not joined and not words.has(k, "function")):
            return None
    return None


def _clause(words: Words, joined: Joined) -> range:
    """The words of the clause in which a figure stands, before it and up to its end."""
    first = joined.group.start
    last = joined.group.end
    if joined.happening is not None:
        first, last = min(first, joined.happening.start), max(last, joined.happening.end)
    partings = words.partings
    at = bisect_left(partings, first)
    return range(partings[at - 1] + 1 if at else 0, last)


def _parts_clauses(words: Words, k: int) -> bool:
    return words.texts[k] in STRONG or words.has(k, "clause")


def _framed(words: Words, joined: Joined) -> Judgement | None:
    """What sets an assertion: the nearest word before in the clause, one behind it, or a denial farther before."""
    if "assertion" not in words.said:
        return None
    clause = _clause(words, joined)
    return _before(words, joined, clause) or _behind(words, clause) or _far_before(words, clause)


def _before(words: Words, joined: Joined, clause: range) -> Judgement | None:
    last = _last_before(joined)
    for k in reversed(range(max(0, clause.start - 1), clause.stop)):  # what opens the clause, too: "if"
        if k < last and words.texts[k] in _DASHES:
            return None
        found = words.look(k, "assertion")
        if found is not None and (found[0] != "alleged" or _reaches(words, joined, found[1])):
            return Judgement(cast("Assertion", found[0]), words.between(k, found[1] - 1))
    return None


def _behind(words: Words, clause: range) -> Judgement | None:
    """Where the verb comes last, what is said of the sentence stands at its end; elsewhere a denial may."""
    may = _MAY_STAND_BEHIND.get(words.pack.order)
    for k in range(clause.stop, words.size):
        if _parts_clauses(words, k) or (may is None and (words.texts[k] in _COMMAS or words.has(k, "and"))):
            return None
        found = words.look(k, "assertion")
        rate = found is not None and found[0] == "generic" and k - clause.stop < _RATE_REACH
        if found is not None and (found[0] in (may or _DENIED) or rate):
            return Judgement(cast("Assertion", found[0]), words.between(k, found[1] - 1))
    return None


def _far_before(words: Words, clause: range) -> Judgement | None:
    for k in range(clause.start):
        found = words.look(k, "assertion")
        if found is not None and found[0] in _FAR:
            return Judgement(found[0], words.between(k, found[1] - 1))
    return None


def _last_before(joined: Joined) -> int:
    """Where the figure begins: its people or what happened to them, whichever stands first."""
    starts = [joined.group.start, *([joined.happening.start] if joined.happening is not None else [])]
    return max(0, min(starts))


def _reaches(words: Words, joined: Joined, at: int) -> bool:
    """Whether an adverb of doubt that ends at `at` is about the figure: "probably of cold" is about the cold alone."""
    starts = {joined.group.start, joined.group.end}
    if joined.happening is not None:
        starts |= {joined.happening.start}
    while at < words.size and at not in starts:
        if words.has(at, "that"):
            return min(starts) - at <= _THAT_REACH
        if words.is_word(at) and words.says[at].isdisjoint(_PASSED):
            return False
        at += 1
    return True


def _is_life(words: Words, joined: Joined, *, after_dead: bool) -> bool:
    """As in "his father died in 1918": a life is told, and no incident; right after other dead a relative is one."""
    group, happening = joined.group, joined.happening
    if group.form != "single" or happening is None or "dying" not in words.entries[happening.start].says:
        return False
    years = any(len(text) == _YEAR_SIZE and text.isdecimal() for text in words.texts)
    kin = "kin" in words.entries[group.noun].says and "_" in joined.rule and not after_dead  # no list with others
    return years or (kin and not _is_of_event(words, happening))


def _is_of_event(words: Words, happening: Happening) -> bool:
    """Whether the sentence tells of violence, an accident, or what happened to others."""
    apart = (k for k in range(words.size) if not happening.start <= k < happening.end)
    return any(words.has(k, "violent") or any(cue.kind == "injured" for cue in words.cues(k)[0]) for k in apart)


def is_left_out(words: Words, joined: Joined, *, after_dead: bool = False) -> bool:
    """Whether a figure is none of ours: the ill, one who died of age, players hurt, captives set free, culprits sought.

    `after_dead` where the sentence before told of somebody's death.
    """
    sought = joined.kind == "missing" and joined.group.victim_class == "perpetrator"
    housed = joined.kind == "displaced" and "housed" in words.said and _is_housed_in_peace(words, joined)
    if sought or housed or _is_life(words, joined, after_dead=after_dead) or _is_of_money(joined):
        return True
    if joined.kind in _HURT and _is_in_clause(words, joined, "illness"):
        return True
    if joined.group.named and not is_violent(words, joined):
        return True
    if joined.happening is not None and joined.group.form == "single" and _is_natural(words, joined.happening):
        return True
    if joined.kind == "injured" and _is_in_match(words, joined):
        return True
    return (
        joined.kind in _HELD
        and joined.rule.startswith(("counted", "victims"))
        and _is_in_clause(words, joined, "released")
    )


def _is_in_clause(words: Words, joined: Joined, name: str) -> bool:
    """Whether a word of a table stands in the clause of a figure."""
    places = words.at(name)
    return bool(places) and any(k in _whole_clause(words, joined) for k in places)


def _is_housed_in_peace(words: Words, joined: Joined) -> bool:
    """As in "300 players are housed in gyms": no word of a disaster says why they are not at home."""
    at = joined.happening.start if joined.happening is not None else joined.group.noun
    return words.has(at, "housed") and "disaster" not in words.said


def _is_of_money(joined: Joined) -> bool:
    """As in "fines will kill a market worth 300 million": so many without a word for people are none."""
    quantity = joined.group.quantity
    return joined.group.noun < 0 and quantity is not None and quantity.low >= _MILLION


def is_violent(words: Words, joined: Joined) -> bool:
    """Whether somebody who has but a name died of more than age: by the verb, or another word of the sentence."""
    told = range(joined.happening.start, joined.happening.end) if joined.happening is not None else range(0)
    if not any(words.has(k, "natural") or not words.entries[k].says.isdisjoint(_DYING) for k in told):
        return True
    return any(words.has(k, "violent") or words.has(k, "hospital") for k in range(words.size) if k not in told)


def _is_in_match(words: Words, joined: Joined) -> bool:
    """As in "two players were hurt in the match": those who play, and no word of violence."""
    group, happening = joined.group, joined.happening
    if group.noun < 0 or "athletes" not in words.entries[group.noun].says:
        return False
    told = range(happening.start, happening.end) if happening is not None else range(0)
    rest = [k for k in range(words.size) if not group.start <= k < group.end and k not in told]
    return any(words.has(k, "match") for k in rest) and not any(words.has(k, "violent") for k in rest)


def _is_natural(words: Words, happening: Happening) -> bool:
    """As in "his wife died at 69": a verb for any death, and nothing in the sentence that tells of violence."""
    if "natural" not in words.said or not any(words.has(k, "natural") for k in range(happening.start, happening.end)):
        return False
    return not any(
        words.has(k, "violent") or (words.cues(k)[0] and not happening.start <= k < happening.end)
        for k in range(words.size)
    )


def _historical(words: Words, joined: Joined, clause: range, year: int | None) -> Judgement | None:
    """Another year, "years ago", "last year", "the worst since ...": an older event."""
    times = words.times
    opened = bool(times) and clause.start > 1
    openings = (_before_when, _before_colon, _before_relative) if opened else ()
    before = {k for opening in openings for k in opening(words, clause.start)}
    for k in times:
        if (joined.group.start <= k < joined.group.end) or not (k in clause or k in before):
            continue
        found = words.look(k, "past_time")
        if found is None and k < joined.group.start:  # behind it, an anniversary may be where it happens now
            found = words.look(k, "anniversary")
        if found is not None:
            return Judgement("historical", words.between(k, found[1] - 1))
        if (found := words.look(k, "ago")) is not None and _are_years(words, range(k - 1, found[1] + 2)):
            return Judgement("historical", words.written(k))
        told = _year(words, k)
        if told is not None and year is not None and told < year and not _is_no_time(words, joined, k):
            return Judgement("historical", words.texts[k])
    return _of_record(words, joined)


def _year(words: Words, k: int) -> int | None:
    """The year at a word, endings behind its digits left out ("1999'da"), or None."""
    if not words.entries[k].digits:
        return None
    digits = words.texts[k].partition("-")[0]
    return int(digits) if len(digits) == _YEAR_SIZE and digits.isdecimal() and int(digits) in _YEARS else None


def _before_when(words: Words, start: int) -> range:
    """The words before a clause that opens with "when": "in 1986, when 58 died" says the year there."""
    opens = start - 1
    return range(max(0, opens - _BEFORE_WHEN), opens) if opens > 0 and words.has(opens, "when") else range(0)


def _before_colon(words: Words, start: int) -> range:
    """The words before a colon that opens the clause: "Last year a blaze there was worse: 12 died" says when there."""
    opens = start - 1
    if opens <= 0 or words.texts[opens] != ":":
        return range(0)
    return range(max((k + 1 for k in words.partings if k < opens), default=0), opens)


def _before_relative(words: Words, start: int) -> range:
    """The end of a clause whose last word another goes on from: "the flood of 29 October 2024, which left 229 dead"."""
    opens = start if words.has(start, "relative") else start - 1
    goes_on = opens > 1 and words.has(opens, "relative") and words.texts[opens - 1] in _COMMAS
    return range(opens - 2, opens - 1) if goes_on else range(0)


def _is_no_time(words: Words, joined: Joined, k: int) -> bool:
    """Whether the year at `k` says when somebody was born, or is of a thing."""
    if "born" in words.said and any(words.has(j, "born") for j in range(max(0, k - _TO_BORN), k + _TO_BORN + 1)):
        return True
    return _is_of_a_thing(words, joined, k)


def _is_of_a_thing(words: Words, joined: Joined, k: int) -> bool:
    """Whether the year at `k` is told of a thing, between commas: "the bridge, which was built in 1998, fell"."""
    first = joined.group.start if joined.happening is None else min(joined.group.start, joined.happening.start)
    if k >= first or all(words.texts[j] not in _COMMAS for j in range(k + 1, first)):
        return False
    opens = next((j for j in range(k - 1, max(-1, k - _IN_RELATIVE), -1) if words.texts[j] in _COMMAS), None)
    if opens is None or any(words.has(j, "months") for j in range(opens + 1, k)):
        return False
    return words.has(opens + 1, "relative") or (words.pack.capitals and words.has(opens + 1, "determiner"))


def _compared(words: Words, clause: range) -> Judgement | None:
    """As in "178 died in July, 12 fewer than a year before": what is compared with another time is a statistic."""
    for k in words.at("than_before"):
        if (
            k in clause
            and (found := words.look(k, "than_before")) is not None
            and any(map(words.may_count, range(max(0, k - 2), k)))
        ):
            return Judgement("generic", words.between(k, found[1] - 1))
    return None


def _of_record(words: Words, joined: Joined) -> Judgement | None:
    """As in "the deadliest since the crash at Angrois, in which 80 died": what a record is measured by."""
    for k in words.at("record"):
        if (found := words.look(k, "record")) is not None:
            first_object = words.pack.order == "object_first"
            if (joined.group.end <= k) if first_object else (joined.group.start >= found[1]):
                return Judgement("historical", words.between(k, found[1] - 1))
    return None


def _are_years(words: Words, places: range) -> bool:
    """Whether years stand beside "ago": a few days ago is the event that is told of."""
    return any(words.has(k, "years") or words.entries[k].unit == "age" for k in places if 0 <= k < words.size)


def _is_aside(words: Words, clause: range, year: Year) -> bool:
    """Whether the sentence tells of a longer time or another incident, as far as its clause goes."""
    if words.said.isdisjoint(_ASIDE) and "last" not in words.said and not words.digits:
        return False
    return any(_is_of_aside(words, k, year) for k in words.times if k in clause)


def _without_others(words: Words, joined: Joined, clause: range, groups: Sequence[Group]) -> range:
    """The clause without what goes on behind it with a longer time: "two died, this year 23 have been killed there"."""
    if words.said.isdisjoint(_LONGER) or len(groups) < _DATED:
        return clause
    last = joined.group.end if joined.happening is None else max(joined.group.end, joined.happening.end)
    for k in range(last, clause.stop):
        if words.texts[k] in _COMMAS or words.has(k, "and"):
            rest = range(k + 1, clause.stop)
            longer = any(not words.says[j].isdisjoint(_LONGER) for j in rest)
            return range(clause.start, k) if longer and _are_counted(groups, rest) else clause
    return clause


def _are_counted(groups: Sequence[Group], places: range) -> bool:
    return any(one.quantity is not None and not one.quantity.one and one.start in places for one in groups)


def _running(words: Words, joined: Joined, clause: range) -> Judgement | None:
    """As in "since the war began 300 have died", "this winter eight": what runs over a longer time is no event's.

    Who left home in all that time is away still.
    """
    if "running" not in words.said or joined.kind == "displaced":
        return None
    for k in words.at("running"):
        if k in clause and (found := words.look(k, "running")) is not None:
            return Judgement("historical", words.between(k, found[1] - 1))
    return None


def _is_of_aside(words: Words, k: int, year: Year) -> bool:
    return (
        not words.says[k].isdisjoint(_ASIDE)
        or _is_since(words, k)
        or _is_last_month(words, k)
        or _is_all_year(words, k, year)
    )


def _is_since(words: Words, k: int) -> bool:
    """As in "since 1 June", "from 3 May on": a day of a month, or a year, from which on a number runs."""
    if not words.has(k, "since"):
        return False
    behind = range(k + 1, min(words.size, k + 1 + _SINCE_REACH))
    if words.pack.order == "object_first":
        behind = range(max(0, k - _SINCE_REACH), k)
    return any("months" in words.entries[j].says or _year(words, j) is not None for j in behind)


def _is_last_month(words: Words, k: int) -> bool:
    """As in "last July": a month of its own, and no date ("on the 3rd of last month")."""
    if not words.has(k, "last"):
        return False
    months = (j for j in (k - 1, k + 1) if 0 <= j < words.size and "months" in words.entries[j].says)
    return any(not words.texts[j + 1 : j + 2] or not words.texts[j + 1][0].isdigit() for j in months)


def _is_all_year(words: Words, k: int, year: Year) -> bool:
    """As in "in 2024": a year without day or month, that of the article, is told of as a whole.

    News of now leaves its year out: where only the text says the year, a date with it is another time, too.
    """
    if year.number is None or _year(words, k) != year.number:
        return False
    return not year.published or not any(
        words.has(j, "months") or words.texts[j] in _IN_DATE for j in range(max(0, k - _DATED), k)
    )


def _whole_clause(words: Words, joined: Joined) -> range:
    """The words of the clause in which a figure stands, to its end."""
    clause = _clause(words, joined)
    partings = words.partings
    at = bisect_left(partings, clause.stop)
    return range(clause.start, partings[at] if at < len(partings) else words.size)


def attribution(words: Words) -> Attribution | None:
    """Who says what the sentence tells: the words behind "according to" or beside a verb of saying, else None."""
    for k in words.at("according"):
        if (found := words.look(k, "according")) is not None:
            behind, before = range(found[1], words.size), range(k - 1, -1, -1)
            if words.pack.order == "object_first":
                return _speaker(words, before)
            return _speaker(words, behind) or (_speaker(words, before) if words.pack.capitals else None)
    for k in words.at("saying"):
        if (found := words.look(k, "saying")) is not None:
            beside = _speaker(words, range(found[1], words.size)) or _speaker(words, range(k - 1, -1, -1))
            return beside or _apposed(words, k) or _first(words, k)
    return None


def _apposed(words: Words, verb: int) -> Attribution | None:
    """The name between commas before the verb, as in "El alcalde, Juan Ruiz, dijo"."""
    if verb == 0 or words.texts[verb - 1] not in _COMMAS:
        return None
    start = next((k for k in range(verb - 2, -1, -1) if words.texts[k] in _COMMAS), verb)
    name = range(start + 1, verb - 1)
    if not 0 < len(name) <= _LONGEST_NAME or not all(words.written(k)[0].isupper() for k in name):
        return None
    return _speaker(words, name)


def _first(words: Words, verb: int) -> Attribution | None:
    """The words up to the first comma where the verb stands last: "Vali Ali Kaya, iki kişinin öldüğünü söyledi"."""
    if words.pack.order != "object_first":
        return None
    comma = next((k for k in range(min(verb, _SPEAKER)) if words.texts[k] in _COMMAS), 0)
    return _speaker(words, range(comma))


def _speaker(words: Words, places: Sequence[int]) -> Attribution | None:
    """The words up to the next mark, verb of saying or "that", when they are those for somebody who says something."""
    taken: list[int] = []
    for k in places[:_SPEAKER]:
        stops = (
            not (words.is_word(k) or words.texts[k] in "\"'«»“”„-") or words.has(k, "saying") or words.has(k, "that")
        )
        if stops or words.cues(k)[0] or words.has(k, "and") or words.texts[k][0].isdigit():
            break
        taken.append(k)
    taken.sort()
    while taken and (not words.is_word(taken[-1]) or words.has(taken[-1], "function")):
        taken.pop()
    while taken and (not words.is_word(taken[0]) or words.has(taken[0], "function")):
        taken.pop(0)
    if not taken or not _is_source(words, taken):
        return None
    start, end = words.start(taken[0]), words.end(taken[-1])
    return Attribution(words.between(taken[0], taken[-1]), start, end) if end - start <= _LONGEST_SPEAKER else None


def _is_source(words: Words, taken: Sequence[int]) -> bool:
    """Whether they name a body or a person: a noun for one, or a name in capitals."""
    if any(words.has(k, "source") or words.entries[k].people is not None for k in taken):
        return True
    return any(words.written(k)[0].isupper() for k in taken if k) or _is_acronym(words.written(taken[0]))


def _is_acronym(word: str) -> bool:
    """As in "AFAD'a göre": capitals that do not only open the sentence."""
    return len(word) > 1 and word[:2].isupper()
