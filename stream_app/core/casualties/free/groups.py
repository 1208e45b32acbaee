"""The people of a sentence and what is said to have happened; numbers of other things are rejected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, Literal, NamedTuple, cast

from stream_app.core.casualties.free.names import name_beside, name_of
from stream_app.core.casualties.free.pack import Cue, Person
from stream_app.core.casualties.free.quantities import Numbers, Quantity
from stream_app.core.casualties.free.words import Words
from stream_app.core.events import RejectReason, VictimClass

Form = Literal["counted", "unknown", "elided", "single", "pair", "nobody"]
_REACH: Final = 4
_LETTER_AT: Final = 2
"""A capital letter that opens a sentence may be a word."""
_QUOTES: Final = frozenset("\"'«»“”„’‘")
_ENDING: Final = frozenset(
    {"function", "and", "or", "clause", "relative", "negation", "saying", "subset", "nobody", "without", "spared"}
)
_SKIPPED: Final = frozenset({"determiner", "of", "more"})
_VOICES: Final = frozenset({"been", "have", "function"})
_OF_VICTIMS: Final = frozenset({"victims", "victim"})
_SIGNS: Final = frozenset("-–:/")
_NEAR: Final = 3
_LONGEST_NAME: Final = 7
_ADJECTIVES: Final = 2
_LEAD: Final = 3
_HURT: Final = frozenset({"killed", "injured"})
_EARLIEST: Final = 100
_AGE_SIZE: Final = 2
_OLDEST: Final = 3
"""Digits of an age: four are a year."""
_DASHES: Final = frozenset("-–—")
_APPOSED: Final = 3
_UNDERGOING: Final = frozenset({"subject", "passive"})
_SCORE_MARKS: Final = frozenset("-–:")
_YEARS: Final = range(1800, 2100)
_OLD_YEARS: Final = range(1000, 2100)
_MORE: Final = frozenset({"more", "others"})
_THINGS: Final = frozenset({"equipment", "animal", "measure", "money"})
_DENYING: Final = frozenset({"nobody", "without"})
_OF_BEFORE: Final = frozenset({"all_but", "as_many"})
"""Tables of words by which a number before is the number of others."""
_VERBAL: Final = frozenset({"been", "have", "function", "degree", "badly", "slightly", "more", "also"})
_TOLD: Final = frozenset({"passive", "subject", "victim", "victims"})
_TO_VERB: Final = 5
_OF_NOUN: Final = frozenset({"determiner", "of"})
_ADJECTIVE: Final = frozenset({"passive", "victims"})
_NEXT: Final = frozenset({"ordinal", "another"})
_COUNTING_FORMS: Final = frozenset({"counted", "elided", "single", "pair", "unknown"})
_BEFORE_NEXT: Final = frozenset({"and", "clause", "more", "determiner", "also"})
_BEHIND_NEXT: Final = frozenset({"function", "been", "have", "also", "spot", "hospital", "negation", "more", "degree"})


@dataclass(slots=True)
class Group:
    """People, or a number that may be theirs, in words `[start, end)`; `cue` when their noun says what happened.

    `noun` is the word for them, -1 for none; `named` when only a name says that it is one; `share` when they are some
    of those whom a number behind counts ("two of the seven hurt"), `following` when an ordinal says that they are one
    more than those before ("a third").
    """

    start: int
    end: int
    form: Form
    quantity: Quantity | None = None
    noun: int = -1
    victim_class: VictimClass = "unknown"
    cue: Cue | None = None
    named: bool = False
    share: bool = False
    following: bool = False


class Happening(NamedTuple):
    """What is said to have happened in words `[start, end)`: one kind, and the roles of the word."""

    start: int
    end: int
    cues: tuple[Cue, ...]


class NotPeople(NamedTuple):
    """A number of something else in words `[start, end)`."""

    start: int
    end: int
    reason: RejectReason


@dataclass(slots=True)
class Reading:
    """What stands in a sentence, each list in reading order."""

    groups: list[Group]
    happenings: list[Happening]
    rejected: list[NotPeople]


class Reader:
    """Finds people, happenings and rejected numbers in a sentence."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def __call__(self, words: Words) -> Reading:
        """What stands in the sentence."""
        reading = Reading([], [], [])
        end = 0
        for at, tells in enumerate(words.tells):
            if tells and at >= end:
                of_before = not _OF_BEFORE.isdisjoint(words.says[at])
                end = self._of_before(words, at, reading) if of_before else self._at(words, at, reading)
        if reading.happenings:
            reading.groups.extend(named_victims(words, reading))
            if reading.groups and not words.said.isdisjoint(_NEXT):
                reading.groups.extend(next_ones(words, reading))
            if len(reading.groups) > 1:
                reading.groups.sort(key=attrgetter("start"))
        return reading

    def _at(self, words: Words, at: int, reading: Reading) -> int:
        """Takes what begins at a word, and says where it ends."""
        quantity = self._numbers(words, at) if words.may_count(at) else None
        if quantity is not None and (words.is_glued(quantity.number_at) or _is_of_road(words, quantity.number_at)):
            return quantity.end
        if quantity is not None:
            found = self._counted(words, quantity)
            if isinstance(found, Group) and _stands(words, found, reading):
                reading.groups.append(found)
            elif isinstance(found, NotPeople):
                reading.rejected.append(found)
            return found.end if found is not None else quantity.end
        if words.has(at, "nobody"):
            return self._nobody(words, at, reading)
        cues, end = words.cues(at)
        if cues:
            return self._happening(words, at, end, cues, reading)
        people = words.look(at, "people")
        if people is not None and not words.has(at, "months") and not _is_of_town(words, at):
            return self._people(words, at, *people, reading)
        single = self._one_of(words, at) if words.has(at, "void") else _aged(words, at)
        reading.groups.extend(single)
        return single[0].end if single else at + 1

    def _of_before(self, words: Words, at: int, reading: Reading) -> int:
        """Takes a number that is told by another: "all but two of the nine", "as many hurt"."""
        if (found := words.look(at, "all_but")) is not None:
            return self._all_but(words, at, found[1], reading)
        _, end = words.look(at, "as_many") or ("", at + 1)
        return self._as_many(words, at, end, reading)

    def _all_but(self, words: Words, at: int, end: int, reading: Reading) -> int:
        """As in "all but two of the nine": seven; "all but two" of a number that is not told is nobody."""
        few = self._few(words, end)
        if few is None:
            return end
        k = few.end
        while words.has(k, "of") or words.has(k, "determiner"):
            k += 1
        of = k > few.end or words.has(end, "void")
        whole = self._numbers(words, k) if of and words.may_count(k) else None
        if whole is None:
            left = self._counted(words, few)
            return few.end if left is None else left.end
        all_of_them = self._counted(words, whole)
        if not isinstance(all_of_them, Group):
            return whole.end
        if whole.low > few.low and few.qualifier == whole.qualifier == "exact":
            left_over = whole.low - few.low
            all_of_them.quantity = Quantity(left_over, left_over, "exact", at, whole.end, at)
            all_of_them.start, all_of_them.cue = at, None
            reading.groups.append(all_of_them)
        return all_of_them.end

    def _few(self, words: Words, at: int) -> Quantity | None:
        """The number behind "all but"; "one of the" is a phrase."""
        if (phrase := words.look(at, "void")) is not None:
            one = any(entry.tables.get("cardinal") == 1 for entry in words.entries[at : phrase[1]])
            return one_at(at)._replace(end=phrase[1]) if one else None
        return self._numbers(words, at) if words.may_count(at) else None

    def _as_many(self, words: Words, at: int, end: int, reading: Reading) -> int:
        """As in "six dead and as many hurt": the number of the people before, where people or what happened follow."""
        before = next((one.quantity for one in reversed(reading.groups) if one.quantity is not None), None)
        if before is None or before.low < 1:
            return end
        found = self._counted(words, before._replace(start=at, end=end, number_at=at, of_people=False, one=False))
        if not isinstance(found, Group) or found.form == "unknown":
            return end
        if found.form == "counted" or _is_told_of(words, end):
            reading.groups.append(found)
        return found.end

    def _counted(self, words: Words, quantity: Quantity) -> Group | NotPeople | None:
        """The people that a number counts; what it counts else; None for a number that says nothing."""
        if (plain := self._counted_at_once(words, quantity)) is not None:
            return plain
        unknown, k, steps = -1, quantity.end, 0
        while k < words.size and steps < _REACH and not self._is_over(words, k, quantity, met=unknown >= 0):
            if (found := words.look(k, "qualifier_after")) is not None:
                quantity, k = _under(quantity, found[0]), found[1]
            elif _is_skipped(words, k, quantity):
                k += 1
            elif (reason := _other_unit(words, k)) is not None:
                return _beside_unit(words, quantity, k, reason)
            elif (group := self._noun(words, quantity, k)) is not None:
                return None if unknown >= 0 and quantity.one and _is_adjective(words, k) else group
            elif _ends_phrase(words, k):
                break
            else:
                if unknown < 0 and not _is_small(words, k):
                    unknown = k
                k, steps = k + 1, steps + 1
        things = self._things_beside(words, quantity) if unknown < 0 else None
        return things or _without_people(words, quantity, unknown)

    def _counted_at_once(self, words: Words, quantity: Quantity) -> Group | NotPeople | None:
        """What a number counts by the words right beside it; None where a noun must be looked for."""
        k = quantity.end
        if _is_share_of(words, quantity.number_at):
            return NotPeople(quantity.start, k, "share")
        if (some := self._some_of(words, quantity)) is not None:
            return some
        if (reason := _reason_behind(words, k)) is not None:
            named = k + 1 < words.size and words.entries[k + 1].people is not None  # "an 11- year-old": one of that age
            return NotPeople(quantity.start, k if named else k + 2, reason)
        return None

    def _one_of(self, words: Words, at: int) -> list[Group]:
        """As in "one of the five hurt", where "one of the" says nothing by itself: "one of the worst attacks"."""
        _, end = words.look(at, "void") or ("", at + 1)
        one = any(entry.tables.get("cardinal") == 1 for entry in words.entries[at:end])
        found = self._of_whole(words, one_at(at), end) if one and words.may_count(end) else None
        return [] if found is None else [found]

    def _some_of(self, words: Words, quantity: Quantity) -> Group | None:
        """As in "one of the five hurt": a number of those that a larger one counts by a noun for victims."""
        k, of = quantity.end, False
        while words.has(k, "of") or words.has(k, "determiner"):
            of = of or words.has(k, "of") or words.pack.capitals
            k += 1
        if not of or not words.may_count(k):
            return None
        return self._of_whole(words, quantity, k)

    def _of_whole(self, words: Words, quantity: Quantity, k: int) -> Group | None:
        """Some of those that the number at `k` counts by a noun for victims."""
        whole = self._numbers(words, k)
        if whole is None or whole.low <= quantity.low or whole.end >= words.size:
            return None
        cues, end = words.cues(whole.end)
        own = _of_victims(cues)
        if own is None or own.kind == "killed":
            return None
        return Group(quantity.start, end, "counted", quantity, whole.end, cue=own, share=True)

    def _things_beside(self, words: Words, quantity: Quantity) -> NotPeople | None:
        """What a number without a noun counts, by the number behind it, when that is no people."""
        reason = self._unit_of_next(words, quantity.end)
        return (
            NotPeople(quantity.start, quantity.end, reason) if reason is not None else self._of_things(words, quantity)
        )

    def _unit_of_next(self, words: Words, at: int) -> RejectReason | None:
        """As in "aged 41 and 26 years": what the number behind a joiner counts, when that is no people."""
        if not (words.has(at, "and") or words.has(at, "or") or (at < words.size and words.texts[at] in {",", "،"})):
            return None
        number = self._numbers.number(words, at + 1)
        reason = _other_unit(words, number.end) if number is not None else None
        return reason if reason in {"age", "time"} else self._unit_of_next(words, number.end) if number else None

    def _of_things(self, words: Words, quantity: Quantity) -> NotPeople | None:
        """As in "118 of 131 drones": what the whole counts, when that is no people, the part counts, too."""
        k = quantity.end
        while words.has(k, "of") or words.has(k, "determiner") or words.has(k, "others"):
            k += 1
        whole = self._numbers(words, k) if k > quantity.end and words.may_count(k) else None
        found = self._counted(words, whole) if whole is not None and not whole.one else None
        return NotPeople(quantity.start, found.end, found.reason) if isinstance(found, NotPeople) else None

    def _is_over(self, words: Words, k: int, quantity: Quantity, *, met: bool) -> bool:
        """Whether what stands at `k` belongs to the noun that was `met` already, or is a number behind a year."""
        if met and (_is_small(words, k) or words.has(k, "of") or words.has(k, "determiner")):
            return True
        return words.may_count(k) and _is_bare_year(words, quantity) and self._numbers.number(words, k) is not None

    def _noun(self, words: Words, quantity: Quantity, k: int) -> Group | NotPeople | None:
        """The people at word `k` that the quantity before counts."""
        cues, end = words.cues(k)
        own = _of_victims(cues)
        people, after_people = words.look(k, "people") or (None, k + 1)
        if own is None and people is None and not _are_others(words, k):
            return None
        if own is not None and own.kind == "displaced" and people is None and k > quantity.end:
            return None  # "dos equipos desplazados"
        if own is not None and words.pack.order == "object_first" and (reason := _other_unit(words, end)) is not None:
            return NotPeople(quantity.start, end + 1, reason)  # "106 lost rifles", where what is lost comes first
        if people is not None and people.form == "pair" and quantity.one:
            quantity = quantity._replace(low=2, high=2)
        group = Group(quantity.start, max(end, after_people) if own else after_people, "counted", quantity, k, cue=own)
        if own is not None and (both := _and_hurt(words, own, end)) is not None:
            group.cue, group.end = both
        if (follows := words.look(group.end, "people")) is not None:  # "police officers", "wounded soldiers"
            people, group.end = people or follows[0], follows[1]
        if quantity.one and words.pack.order == "verb_first" and (behind := self._behind(words, group.end)) is not None:
            group.end, group.share = behind.end, True  # "one of the three hurt", where the number stands behind
        if quantity.one and group.cue is None:
            group.end = max(group.end, _name_behind(words, group.end))
        group.victim_class = people.victim_class if people is not None else "unknown"
        if (after := words.look(group.end, "qualifier_after")) is not None:
            group.quantity, group.end = _under(quantity, after[0]), after[1]
        return group

    def _nobody(self, words: Words, at: int, reading: Reading) -> int:
        """As in "nobody", "not a single person", "no injured"."""
        _, end = words.look(at, "nobody") or ("", at + 1)
        group = Group(at, end, "nobody")
        if reading.groups and reading.groups[-1].end == at and words.pack.order == "object_first":
            group.start = reading.groups.pop().start  # "of the 80 passengers none"
        if (of := self._whole(words, end)) is not None:
            group.end, group.noun = of
            reading.groups.append(group)
            return group.end
        for k in range(end, min(end + _NEAR, words.size)):
            cues, after = words.cues(k)
            own = _of_victims(cues)
            people = words.look(k, "people")
            if own is not None or people is not None:
                group.noun, group.end, group.cue = k, max(after, people[1] if people is not None else k + 1), own
                break
            if cues or not words.is_word(k):
                break
        reading.groups.append(group)
        return group.end

    @staticmethod
    def _described(words: Words, at: int, end: int) -> int:
        """Past the adjective of people who are not counted: the dead miners to whose funeral a thousand came."""
        cues, after = words.cues(end)
        described = any(cue.role in _ADJECTIVE for cue in cues) and words.pack.order == "fixed"
        return after if described and not words.says[at - 1].isdisjoint(_OF_NOUN) else end

    def _whole(self, words: Words, at: int) -> tuple[int, int] | None:
        """Where "of the 80 passengers" behind "none" ends, and its noun."""
        while words.has(at, "of") or words.has(at, "determiner"):
            at += 1
        quantity = self._numbers(words, at) if words.may_count(at) else None
        found = self._counted(words, quantity) if quantity is not None and not quantity.one else None
        return (found.end, found.noun) if isinstance(found, Group) else None

    def _happening(self, words: Words, at: int, end: int, cues: tuple[Cue, ...], reading: Reading) -> int:
        """A word for what happened; a noun for victims that are denied makes a group of nobody."""
        own = _of_victims(cues)
        if own is not None and (group := self._victims(words, at, end, own)) is not None:
            reading.groups.append(group)
            return group.end
        single = next((cue for cue in cues if cue.role == "victim"), None)
        noun = not words.pack.capitals or words.written(at)[0].isupper()
        if single is not None and noun and words.has(at - 1, "the") and all(cue.role != "event" for cue in cues):
            reading.groups.append(Group(at, end, "single", one_at(at), at, cue=single))
            return end
        if own is not None and words.pack.order == "object_first" and (named := words.look(end, "people")) is not None:
            if named[0].form == "one" or named[0].victim_class == "police":
                reading.groups.append(Group(at, named[1], "single", one_at(end), end, named[0].victim_class, own))
            return named[1]
        reading.happenings.append(Happening(at, end, _by_voice(words, at, cues)))
        return end if end == at + 1 or words.covered[at] else at + 1  # people may stand in the gap of a phrase

    def _victims(self, words: Words, at: int, end: int, own: Cue) -> Group | None:
        """The people of a noun for victims that says by itself how many they are; None where it does not."""
        if self._is_denied(words, at, end):
            return Group(at, end, "nobody", noun=at, cue=own)
        people = words.look(at, "people")
        if people is not None and people[0].form == "pair":
            return Group(at, end, "pair", one_at(at)._replace(low=2, high=2), at, cue=own)
        if (others := self._of_others(words, at, end, own)) is not None:
            return others
        number = self._behind(words, end) if words.pack.order == "verb_first" else None
        return None if number is None else Group(at, number.end, "counted", number, at, cue=own)

    def _of_others(self, words: Words, at: int, end: int, own: Cue) -> Group | None:
        """As in "the bodies of the other five": a number behind "of" without a noun."""
        k = end
        while words.has(k, "of") or words.has(k, "determiner") or words.has(k, "others"):
            k += 1
        if k == end or own.role != "victims" or not words.may_count(k) or not words.has(k - 1, "others"):
            return None
        quantity = self._numbers(words, k)
        found = self._counted(words, quantity) if quantity is not None else None
        if not isinstance(found, Group) or found.form not in {"elided", "unknown"}:
            return None
        return Group(at, quantity.end if quantity is not None else k, "counted", quantity, at, cue=own)

    @staticmethod
    def _is_denied(words: Words, at: int, end: int) -> bool:
        """As in "no victims", "without victims", "of victims there are none"."""
        if words.said.isdisjoint(_DENYING):
            return False
        before = range(max(0, at - _NEAR + 1), at)
        if any(words.has(k, "without") or words.has(k, "nobody") for k in before):
            return True
        return any(words.has(k, "nobody") for k in range(end, min(end + _NEAR, words.size)))

    def _behind(self, words: Words, at: int) -> Quantity | None:
        """A number word behind its noun, as an adjective stands there: "the wounded four"."""
        while words.has(at, "determiner"):
            at += 1
        if not words.is_word(at) or words.look(at, "cardinal") is None:
            return None
        return self._numbers(words, at)

    def _people(self, words: Words, at: int, people: Person, end: int, reading: Reading) -> int:
        """People without a number before them: one, two of a dual, several (which say no number)."""
        if people.form == "one_of":
            behind_noun = any(
                happening.end <= at <= happening.end + 1 and _takes_genitive(happening)
                for happening in reading.happenings[-1:]
            )
            people = people._replace(form="one" if behind_noun else "many")
        if people.form == "many":
            behind = self._behind(words, end) if words.pack.order == "verb_first" else None
            if behind is not None and words.look(behind.end, "people") is None:  # "gunmen three soldiers"
                reading.groups.append(Group(at, behind.end, "counted", behind, at, people.victim_class))
                return behind.end
            return self._described(words, at, end)
        start, quantity = _lead(words, at), one_at(at)
        if (follows := words.look(end, "people")) is not None:
            end = follows[1]
        if people.form == "one":
            group = Group(_name_before(words, start), end, "single", quantity, at, people.victim_class)
            group.end = max(end, _name_behind(words, end))
            reading.groups.append(group)
        else:
            quantity = quantity._replace(low=2, high=2)
            reading.groups.append(Group(start, end, "pair", quantity, at, people.victim_class))
        return end


def named_victims(words: Words, reading: Reading) -> Iterator[Group]:
    """Who is told of by a name alone, right beside a verb: "Ana Ruiz died", "Jan Nowak, who was killed".

    A name is two or more words with capitals that the pack has not, behind no preposition, and no people beside it.
    """
    if words.pack.order == "verb_first":
        return
    people = tuple(reading.groups)
    for happening in reading.happenings:
        dead = {cue.role for cue in happening.cues if cue.kind == "killed"}
        if not _UNDERGOING.isdisjoint(dead):
            found = name_beside(words, happening.start, happening.end)
        elif "event" in dead and any("one_dead" in words.entries[k].says for k in range(*happening[:2])):
            found = name_of(words, happening.start, happening.end)
        else:
            continue
        if found is not None and not any(
            one.start - _APPOSED < found.stop and found.start < one.end + _APPOSED for one in people
        ):
            yield Group(found.start, found.stop, "single", one_at(found.stop - 1), found.stop - 1, named=True)


def next_ones(words: Words, reading: Reading) -> Iterator[Group]:
    """As in "two workers died, a third is in hospital": one more, by an ordinal that goes on from a number before it.

    Also "the other" behind one. No noun may follow: "two died on the third floor".
    """
    told = [one for one in reading.groups if one.quantity is not None and one.form in _COUNTING_FORMS]
    for k in sorted({*words.at("ordinal"), *words.at("another")}):
        before = [one for one in told if one.end <= k and not any(words.texts[j] == "." for j in range(one.end, k))]
        if not before or words.covered[k] or not _is_free(words, k):
            continue
        found = words.look(k, "ordinal")
        other = words.has(k, "another") and before[-1].quantity is not None and before[-1].quantity.low == 1
        counted = any(one.quantity.low + 1 == found[0] for one in before if one.quantity) if found else False
        if other or counted:
            yield Group(k, k + 1, "single", one_at(k), k, following=True)


def _is_free(words: Words, k: int) -> bool:
    """Whether an ordinal stands for somebody: behind a mark, a joiner or what happened, and before no noun."""
    if words.pack.order == "verb_first":
        before = any(j >= 0 and words.cues(j)[0] for j in (k - 1, k - 2))
        return (
            before
            and words.look(k + 1, "people") is None
            and "one_dead" not in words.entries[min(k + 1, words.size - 1)].says
        )
    if k > 0 and any(cue.role == "event" for cue in words.cues(k - 1)[0]):  # "the search for a fourth goes on"
        return words.look(k + 1, "people") is None and "one_dead" not in words.entries[min(k + 1, words.size - 1)].says
    opens = k > 0 and (not words.is_word(k - 1) or not words.says[k - 1].isdisjoint(_BEFORE_NEXT))
    return opens and (
        k + 1 >= words.size
        or bool(words.cues(k + 1)[0])
        or not words.is_word(k + 1)
        or not words.says[k + 1].isdisjoint(_BEHIND_NEXT)
    )


def _is_told_of(words: Words, at: int) -> bool:
    """Whether what happened follows at once, behind no more than small words: "was badly hurt"."""
    for k in range(at, min(words.size, at + _TO_VERB)):
        if any(cue.role in _TOLD for cue in words.cues(k)[0]):
            return True
        small = words.is_word(k) and not words.may_count(k) and words.look(k, "people") is None
        known = not words.says[k].isdisjoint(_VERBAL) or words.covered[k]
        if not small or not (known or _is_small(words, k)):
            return False
    return False


def _of_victims(cues: tuple[Cue, ...]) -> Cue | None:
    """What a word says that means people by what happened to them."""
    for cue in cues:
        if cue.role in _OF_VICTIMS:
            return cue
    return None


def _is_small(words: Words, k: int) -> bool:
    """Whether a word is no noun, where nouns have capitals."""
    return words.pack.capitals and words.written(k)[0].islower()


def _takes_genitive(happening: Happening) -> bool:
    """Whether what follows is the noun's: "the death of", "claimed the life of"."""
    phrase = happening.end - happening.start > 1
    return any(cue.role == "event" or (phrase and cue.role == "object") for cue in happening.cues)


def _reason_behind(words: Words, k: int) -> RejectReason | None:
    """Why a number counts no people by what follows at `k`: "11- latka", "2/3 of the tanks", "12 fewer than in May"."""
    if "than_before" in words.said and (
        words.has(k, "than_before") or (words.has(k, "people") and words.has(k + 1, "than_before"))
    ):
        return "rate"
    if k + 1 >= words.size or words.texts[k] not in _SIGNS:
        return None
    sign, behind = words.texts[k], words.texts[k + 1]
    if sign in _SCORE_MARKS and _is_score(words, k):
        return "sport"
    if sign == "-" and words.entries[k + 1].unit == "age":
        return "age"
    return "share" if sign == "/" and behind.isdecimal() and words.texts[k - 1].isdecimal() else None


def _is_share_of(words: Words, at: int) -> bool:
    """Whether a number is one of a hundred, told before it: "yüzde 14'ü", "%14'ü"."""
    if not at or words.entries[at - 1].unit != "share":
        return False
    return at == 1 or not words.texts[at - 2][:1].isdigit()


def _is_score(words: Words, k: int) -> bool:
    """Whether the mark at `k` parts the goals of a match: "(4-0)", which are few and no range."""
    ours, theirs = words.texts[k - 1], words.texts[k + 1]
    alone = words.end(k - 1) == words.start(k) and words.end(k) == words.start(k + 1)
    small = ours.isdecimal() and theirs.isdecimal() and max(len(ours), len(theirs)) <= _AGE_SIZE
    return alone and small and int(theirs) <= int(ours)


def _aged(words: Words, at: int) -> list[Group]:
    """Who is told of by an age before a noun that the pack has not, as in "34-летняя закройщица"; none elsewhere."""
    if not words.entries[at].digits:
        return []
    digits, hyphen, _ = words.texts[at].partition("-")
    noun = at + 1
    if not hyphen or not digits.isdecimal() or len(digits) > _AGE_SIZE or _other_unit(words, at) != "age":
        return []
    if words.pack.capitals or not words.is_word(noun) or words.says[noun] or words.cues(noun)[0] or words.covered[noun]:
        return []
    return [Group(at, noun + 1, "single", one_at(noun), noun)]


def _by_voice(words: Words, at: int, cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
    """The roles that a participle has by the auxiliary before it: "has killed" has an object, "was killed" has none."""
    for k in range(at - 1, max(-1, at - _NEAR - 1), -1):
        says = words.says[k]
        if says.isdisjoint(_VOICES):
            break
        if "been" in says:
            return tuple([cue for cue in cues if cue.role != "object"]) or cues
        if "have" in says:
            return tuple([cue for cue in cues if cue.role == "object"]) or cues
    return cues


def _name_behind(words: Words, at: int) -> int:
    """Where the name ends that a title or trade stands before: "the bishop of Antigua Juan Paz"; 0 for none."""
    end = small = 0
    for k in range(at, min(words.size, at + _LONGEST_NAME)):
        written = words.written(k)
        if written[0].isupper():
            end = k + 1
        elif (
            (written == "," and _is_name(words, k + 1))
            or written == "."
            or words.has(k, "of")
            or words.has(k, "determiner")
        ):
            continue
        elif words.is_word(k) and small < _ADJECTIVES and not words.says[k] and not words.cues(k)[0]:
            small += 1
        else:
            break
    return 0 if words.pack.capitals else end


def _is_name(words: Words, k: int) -> bool:
    return all(j < words.size and words.written(j)[0].isupper() for j in (k, k + 1))


def _name_before(words: Words, start: int) -> int:
    """Where the name begins that a trade explains: "Paz, candidate of ..."; `start` itself for none.

    The first word of a sentence has a capital, too: "A man, a woman and ..." is a list.
    """
    k = start - 1
    while k > 0 and words.has(k, "determiner"):
        k -= 1
    if words.pack.capitals or k < 1 or words.texts[k] != ",":
        return start
    first = k
    while first > 0 and words.is_word(first - 1) and words.written(first - 1)[0].isupper():
        first -= 1
    is_name = any(words.entries[j].people is None for j in range(first, k))
    return first if is_name else start


def _and_hurt(words: Words, own: Cue, end: int) -> tuple[Cue, int] | None:
    """As in "5,000 dead and wounded": one number for both, and where it ends."""
    if own.kind not in _HURT or not (words.has(end, "and") or words.has(end, "or")):
        return None
    cues, after = words.cues(end + 1) if end + 1 < words.size else ((), end)
    both = any(cue.role == "victims" and cue.kind in _HURT and cue.kind != own.kind for cue in cues)
    return (Cue("casualty", own.role), after) if both else None


def _is_of_road(words: Words, at: int) -> bool:
    """As in "on the A 9", "la A-66", "la RN-12": digits behind capital letters, which are a name with them."""
    if at < 1 or not words.texts[at][0].isdigit():
        return False
    if words.texts[at - 1] in _DASHES:
        touching = words.start(at) == words.end(at - 1) and at > 1 and words.start(at - 1) == words.end(at - 2)
        return touching and words.is_word(at - 2) and words.written(at - 2).isupper()
    if at < _LETTER_AT or len(words.texts[at - 1]) != 1:
        return False
    return words.written(at - 1).isupper() and not words.has(at - 1, "function")


def one_at(at: int) -> Quantity:
    """One person, whom the word at `at` means."""
    return Quantity(1, 1, "exact", at, at + 1, at, of_people=True)


def _is_adjective(words: Words, k: int) -> bool:
    """Whether a noun for people is a word that says what another noun is like: "un tanque israelí"."""
    found = words.look(k, "people")
    return found is not None and found[0].form == "many" and not words.cues(k)[0]


def _stands(words: Words, group: Group, reading: Reading) -> bool:
    """Whether a number is one of people at all, by what the sentence says before it."""
    if not reading.groups and (_is_another(words, group) or _is_of_things_before(words, group, reading)):
        return False
    return group.form != "elided" or not _is_out_of(words, group.start, reading)


def _is_of_things_before(words: Words, group: Group, reading: Reading) -> bool:
    """As in "18 of 22 drones were destroyed, six - over Odesa": a number that goes on with the things before it.

    Of animals also in "14 sheep dead and six injured", where the noun says no more than what happened.
    """
    if not reading.rejected:
        return False
    last = reading.rejected[-1]
    if last.reason == "animal" and group.cue is not None and words.look(group.noun, "people") is None:
        return group.start - last.end <= _NEAR
    if group.form != "elided" or words.texts[group.end : group.end + 1] == []:
        return False
    return last.reason in _THINGS and words.texts[group.end] in _DASHES and group.start - last.end <= _NEAR


def _is_of_town(words: Words, at: int) -> bool:
    """As in "em Cabo Delgado", "em Juiz de Fora": a noun for one with a capital behind a preposition, and a name."""
    if words.pack.order != "fixed" or at < 1 or not words.written(at)[0].isupper():
        return False
    before = words.has(at - 1, "function") or words.has(at - 1, "of")
    behind = at + 2 if words.has(at + 1, "of") else at + 1
    return before and behind < words.size and words.written(behind)[0].isupper()


def _is_out_of(words: Words, start: int, reading: Reading) -> bool:
    """As in "two species out of three": the second number of a share of things."""
    if not reading.rejected:
        return False
    far = start - reading.rejected[-1].end
    if words.pack.order == "object_first" and not far and reading.rejected[-1].reason == "equipment":
        return True  # "of 131 drones 118", where "of" is an ending
    return 0 < far <= 1 and (words.has(start - 1, "function") or words.has(start - 1, "of"))


def _is_another(words: Words, group: Group) -> bool:
    """Whether it is "another one" without a noun: of whom, the people before say."""
    return group.quantity is not None and group.quantity.one and words.has(group.noun, "others")


def _are_others(words: Words, k: int) -> bool:
    """Whether "others" stands at `k` for a noun that is left out: none follows."""
    if not words.has(k, "others"):
        return False
    return k + 1 >= words.size or _ends_phrase(words, k + 1) or _is_small(words, k + 1)


def _is_ordinal(words: Words, quantity: Quantity) -> bool:
    """As in "im 91. Lebensjahr": digits with a dot that ends no sentence."""
    dot = quantity.end
    return (
        dot + 1 < words.size
        and words.texts[dot] == "."
        and words.texts[dot - 1].isdecimal()
        and words.start(dot) == words.end(dot - 1)
        and words.is_word(dot + 1)
    )


def _is_age(words: Words, start: int) -> bool:
    """As in "Said Hamade, de 15, ...", "Frank Kerr, 53, ..."."""
    before, after = (words.texts[k] if 0 <= k < words.size else "." for k in (start - 1, start + 1))
    if words.has(start - 1, "of") and start > 1:
        return words.texts[start - 2] == "," or _isone_at(words, start - 2)  # "and his daughter of 12"
    named = before == "," and after in {",", "."} and start > 1 and words.written(start - 2)[0].isupper()
    return named and words.texts[start].isdecimal()


def _isone_at(words: Words, k: int) -> bool:
    """Whether a noun for one person stands at `k`."""
    people = words.look(k, "people")
    return people is not None and people[0].form == "one"


def _is_in_brackets(words: Words, quantity: Quantity) -> bool:
    """As in "Ergün Elçi (53)": an age."""
    return words.texts[quantity.start - 1 : quantity.start] == ["("] and words.texts[
        quantity.end : quantity.end + 1
    ] == [")"]


def _without_people(words: Words, quantity: Quantity, unknown: int) -> Group | NotPeople | None:
    """What a number is that no noun for people follows; `unknown` is a word behind it that may be one, -1 for none."""
    if _is_ordinal(words, quantity):
        return NotPeople(quantity.start, quantity.end + 1, "ordinal")
    if (
        _is_bare_year(words, quantity)
        or words.has(quantity.start - 1, "months")
        or _follows_year(words, quantity)
        or (unknown >= 0 and quantity.one and not _is_of_degree(words, unknown))
    ):  # a word for one is an article, too
        return None
    if unknown >= 0:
        return Group(quantity.start, unknown + 1, "unknown", quantity, unknown)
    if _is_bare_year(words, quantity, _OLD_YEARS) and not _are_more(words, quantity):
        return None
    if _is_in_brackets(words, quantity) or _is_age(words, quantity.start):
        return NotPeople(quantity.start, quantity.end, "age")
    return Group(quantity.start, quantity.end, "elided", quantity)


def _is_of_degree(words: Words, k: int) -> bool:
    """Whether a word for how badly somebody is hurt ends its phrase: "four slightly hurt and one badly"."""
    return "degree" in words.entries[k].says and (not words.is_word(k + 1) or words.has(k + 1, "function"))


def _beside_unit(words: Words, quantity: Quantity, k: int, reason: RejectReason) -> Group | NotPeople | None:
    """What a number is with a word for no people at `k`: one that is its own noun ("üçü") counts nothing behind it."""
    if any(words.has(j, "alone") for j in range(quantity.number_at, quantity.end)):
        return _without_people(words, quantity, -1)
    return NotPeople(quantity.start, k + 1, reason)


def _is_skipped(words: Words, k: int, quantity: Quantity) -> bool:
    """Whether a word between a number and its noun says nothing of either: marks, articles, an age."""
    text = words.texts[k]
    if text in _QUOTES or not words.says[k].isdisjoint(_SKIPPED):
        return True
    if words.covered[k]:
        return False
    if words.entries[k].digits and "-" in text:
        return True
    return words.entries[k].unit == "age" and quantity.of_people


def _other_unit(words: Words, k: int) -> RejectReason | None:
    """What a number counts that is no people, by the word at `k`."""
    if k >= words.size:
        return None
    if words.has(k, "months"):
        return "time"
    if words.covered[k]:  # "jahre alt" is a phrase
        found = words.look(k, "units")
        return None if found is None else cast("RejectReason", found[0])
    entry = words.entries[k]
    return entry.unit if entry.people is None else None


def _ends_phrase(words: Words, k: int) -> bool:
    """Whether the noun of a number cannot stand at `k` or behind it."""
    return words.covered[k] or bool(words.cues(k)[0]) or not words.is_word(k) or not words.says[k].isdisjoint(_ENDING)


def _lead(words: Words, at: int) -> int:
    """Where the phrase of a single victim begins: with an age before it, "a 53-year-old woman"."""
    start = at
    for k in range(at - 1, max(-1, at - _LEAD), -1):
        if words.texts[k][0].isdigit() and len(words.texts[k].partition("-")[0]) <= _OLDEST and "-" in words.texts[k]:
            start = k
    return start


def _under(quantity: Quantity, qualifier: str) -> Quantity:
    """The quantity under a qualifier that stands behind it."""
    if quantity.qualifier not in {"exact", "about"}:
        return quantity
    if qualifier == "at_least":
        return quantity._replace(high=None, qualifier="at_least")
    if qualifier == "at_most":
        return quantity._replace(low=min(1, quantity.low), qualifier="at_most")
    return quantity._replace(qualifier="about")


def _follows_year(words: Words, quantity: Quantity) -> bool:
    """As in "the year 363": digits behind a word for years."""
    at = quantity.number_at
    return at > 0 and words.texts[at].isdecimal() and quantity.low >= _EARLIEST and _other_unit(words, at - 1) == "age"


def _are_more(words: Words, quantity: Quantity) -> bool:
    """As in "another 1500", "1500 weitere": no year."""
    return not _MORE.isdisjoint(words.says[quantity.start] | words.says[quantity.end])


def _is_bare_year(words: Words, quantity: Quantity, years: range = _YEARS) -> bool:
    text = words.texts[quantity.number_at]
    return text.isdecimal() and quantity.low in years and quantity.qualifier == "exact" and "." not in text
