"""The people of a sentence and what is said to have happened; numbers of other things are rejected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from stream_app.core.casualties.free.pack import Cue
from stream_app.core.casualties.free.quantities import Numbers, Quantity
from stream_app.core.casualties.free.words import Words
from stream_app.core.events import RejectReason, VictimClass

Form = Literal["counted", "unknown", "elided", "single", "pair", "nobody"]
_REACH: Final = 4
_QUOTES: Final = frozenset("\"'«»“”„’‘")
_ENDING: Final = ("function", "and", "or", "clause", "relative", "negation", "saying", "subset", "nobody", "without")
_NEAR: Final = 3
_LEAD: Final = 3
_YEARS: Final = range(1800, 2100)


@dataclass(slots=True)
class Group:
    """People, or a number that may be theirs, in words `[start, end)`; `cue` when their noun says what happened.

    `noun` is the word for them, -1 for none.
    """

    start: int
    end: int
    form: Form
    quantity: Quantity | None = None
    noun: int = -1
    victim_class: VictimClass = "unknown"
    cue: Cue | None = None


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
        at = 0
        while at < words.size:
            at = max(at + 1, self._at(words, at, reading))
        return reading

    def _at(self, words: Words, at: int, reading: Reading) -> int:
        """Takes what begins at a word, and says where it ends."""
        quantity = self._numbers(words, at)
        if quantity is not None:
            found = self._counted(words, quantity)
            if isinstance(found, Group):
                reading.groups.append(found)
            elif found is not None:
                reading.rejected.append(found)
            return found.end if found is not None else quantity.end
        if words.has(at, "nobody"):
            return self._nobody(words, at, reading)
        cues, end = words.cues(at)
        if cues:
            return self._happening(words, at, end, cues, reading)
        people = None if words.covered[at] else words.entries[at].people
        if people is not None:
            return self._people(words, at, reading)
        return at + 1

    def _counted(self, words: Words, quantity: Quantity) -> Group | NotPeople | None:
        """The people that a number counts; what it counts else; None for a number that says nothing."""
        unknown, k, steps = -1, quantity.end, 0
        while k < words.size and steps < _REACH:
            if (found := words.look(k, "qualifier_after")) is not None:
                quantity, k = _under(quantity, found[0]), found[1]
            elif _is_skipped(words, k, quantity):
                k += 1
            elif (reason := _other_unit(words, k)) is not None:
                return NotPeople(quantity.start, k + 1, reason)
            elif (group := self._noun(words, quantity, k)) is not None:
                return group
            elif _ends_phrase(words, k):
                break
            else:
                unknown = k if unknown < 0 else unknown
                k, steps = k + 1, steps + 1
        if unknown >= 0:
            return Group(quantity.start, unknown + 1, "unknown", quantity, unknown)
        if _is_bare_year(words, quantity):
            return None
        return Group(quantity.start, quantity.end, "elided", quantity)

    def _noun(self, words: Words, quantity: Quantity, k: int) -> Group | None:
        """The people at word `k` that the quantity before counts."""
        cues, end = words.cues(k)
        own = next((cue for cue in cues if cue.role in {"victims", "victim"}), None)
        people = None if words.covered[k] else words.entries[k].people
        if own is None and people is None and not words.has(k, "others"):
            return None
        group = Group(quantity.start, max(end, k + 1) if own else k + 1, "counted", quantity, k, cue=own)
        follows = words.entries[group.end].people if own and group.end < words.size else None
        if people is None and follows is not None:
            people = follows
            group.end += 1
        group.victim_class = people.victim_class if people is not None else "unknown"
        if (after := words.look(group.end, "qualifier_after")) is not None:
            group.quantity, group.end = _under(quantity, after[0]), after[1]
        return group

    def _nobody(self, words: Words, at: int, reading: Reading) -> int:
        """As in "nobody", "not a single person", "no injured"."""
        _, end = words.look(at, "nobody") or ("", at + 1)
        group = Group(at, end, "nobody")
        for k in range(end, min(end + _NEAR, words.size)):
            cues, after = words.cues(k)
            own = next((cue for cue in cues if cue.role in {"victims", "victim"}), None)
            if own is not None or (not words.covered[k] and words.entries[k].people is not None):
                group.noun, group.end, group.cue = k, max(after, k + 1), own
                break
            if cues or not words.is_word(k):
                break
        reading.groups.append(group)
        return group.end

    def _happening(self, words: Words, at: int, end: int, cues: tuple[Cue, ...], reading: Reading) -> int:
        """A word for what happened; a noun for victims that are denied makes a group of nobody."""
        own = next((cue for cue in cues if cue.role in {"victims", "victim"}), None)
        if own is not None and self._is_denied(words, at, end):
            reading.groups.append(Group(at, end, "nobody", noun=at, cue=own))
            return end
        if own is not None and words.pack.order == "verb_first" and (number := self._behind(words, end)) is not None:
            group = Group(at, number.end, "counted", number, at, cue=own)
            reading.groups.append(group)
            return group.end
        reading.happenings.append(Happening(at, end, cues))
        return end

    @staticmethod
    def _is_denied(words: Words, at: int, end: int) -> bool:
        """As in "no victims", "without victims", "of victims there are none"."""
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

    def _people(self, words: Words, at: int, reading: Reading) -> int:
        """People without a number before them: one, two of a dual, several (which say no number)."""
        people = words.entries[at].people
        if people is None:
            return at + 1
        if people.form == "many":
            behind = self._behind(words, at + 1) if words.pack.order == "verb_first" else None
            if behind is not None:
                reading.groups.append(Group(at, behind.end, "counted", behind, at, people.victim_class))
                return behind.end
            return at + 1
        form: Form = "single" if people.form == "one" else "pair"
        number = 1 if form == "single" else 2
        start = _lead(words, at)
        quantity = Quantity(number, number, "exact", at, at + 1, at, of_people=True)
        reading.groups.append(Group(start, at + 1, form, quantity, at, people.victim_class))
        return at + 1


def _is_skipped(words: Words, k: int, quantity: Quantity) -> bool:
    """Whether a word between a number and its noun says nothing of either: marks, articles, an age."""
    text = words.texts[k]
    if text in _QUOTES or any(words.has(k, flag) for flag in ("determiner", "of", "more")):
        return True
    if words.covered[k]:
        return False
    if text[0].isdigit() and "-" in text:
        return True
    return words.entries[k].unit == "age" and quantity.of_people


def _other_unit(words: Words, k: int) -> RejectReason | None:
    """What a number counts that is no people, by the word at `k`."""
    if words.has(k, "months"):
        return "time"
    entry = words.entries[k]
    return entry.unit if not words.covered[k] and entry.people is None else None


def _ends_phrase(words: Words, k: int) -> bool:
    """Whether the noun of a number cannot stand at `k` or behind it."""
    return (
        words.covered[k]
        or bool(words.cues(k)[0])
        or not words.is_word(k)
        or any(words.has(k, flag) for flag in _ENDING)
    )


def _lead(words: Words, at: int) -> int:
    """Where the phrase of a single victim begins: with an age before it, "a 53-year-old woman"."""
    start = at
    for k in range(at - 1, max(-1, at - _LEAD), -1):
        if words.texts[k][0].isdigit() and "-" in words.texts[k]:
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


def _is_bare_year(words: Words, quantity: Quantity) -> bool:
    text = words.texts[quantity.number_at]
    return text.isdecimal() and quantity.low in _YEARS and quantity.qualifier == "exact" and "." not in text
