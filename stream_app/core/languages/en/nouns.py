"""Rules for nouns: deaths, bodies, tolls, lives and the murder of people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from stream_app.core.events import Kind
from stream_app.core.language.numerals import Quantity
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.objects import Objects
from stream_app.core.languages.en.phrases import People
from stream_app.core.languages.en.subjects import Subjects

_NO_TOLL: Final = frozenset({"free", "road", "roads", "booth", "booths", "plaza", "bridge"})
_SURPASSING: Final = frozenset({"surpass", "surpasses", "surpassed", "passes", "passed", "past", "tops", "topped",
                                "exceeds", "exceeded", "above"})  # fmt: skip
_COUNTING: Final = frozenset({"tally", "count", "figure"})
_BEFORE_OLD: Final = frozenset({"from", "by"})
_BEFORE_TOLL: Final = frozenset(
    {"to", "preposition", "be", "verb", "of", "claim", "-", ":", "adverb", "say", "(", "have", "by"}
)


class NounRules(Objects, Subjects):
    """Joins nouns for casualties to the people they speak of."""

    def is_event(self, i: int) -> bool:
        """Whether a word that may be a noun or a verb is the noun here: "the killing of", "girl's killing"."""
        following = self.tag(i + 1)
        if self.word(i + 1) in self.sets["no_death"]:  # "the death sentences of six men"
            return False
        if self.event_object(i) is not None:
            return True
        before = self.tag(i - 1)
        return (before == "possessive" or (before == '"' and self.word(i - 1) == "'")) and following != "people"

    def event_object(self, i: int) -> int | None:
        """Where the people of an event begin: "murder of", "murder case of", "the death yesterday of nine people"."""
        if self.tag(i + 1) == "of":
            return i + 2
        if self.tag(i + 2) == "of" and self.word(i + 1) in {"case", "trial", "charges", "charge"}:
            return i + 3
        for k in range(i + 1, i + 10):
            people = self.people(k + 1)
            if self.tag(k) == "of" and people is not None and people.form in {"counted", "single"}:
                return k + 1
            if self.tag(k) not in {"preposition", "day", "determiner", "number", "word", "name", "of", "("} and not (
                self.tag(k) == "people" and k > i + 1
            ):
                return None
        return None

    def event(self, i: int, kind: Kind) -> Iterator[Mention]:
        """As in "the death of 12 miners", "the girl's killing"."""
        if kind == "injured" and any(self.word(j) in {"fatal", "deadly", "fatally"} for j in range(i - 3, i)):
            kind = "killed"
        after = self.event_object(i)
        if after is not None:
            yield from self.emit(self.objects(after), kind, "event_of", i, i)
        elif self.tag(i - 1) in {"possessive", '"'} and self.people(i - 2) is not None:
            yield from self.emit([i - 2], kind, "possessed_event", i, i)

    def count_noun(self, i: int, kind: Kind) -> Iterator[Mention]:
        """As in "the bodies of 12 miners", "deaths rose to 39"."""
        if self.word(i) in self.sets["body"] and self.tag(i - 1) == "possessive":
            yield from self.own_body(i)
        elif self.word(i) in self.sets["body"] and self.tag(i + 1) == "of":
            yield from self.emit(self.objects(i + 2, inside=True), "killed", "bodies_of", i, i)
        elif self.word(i) in {
            "deaths",
            "fatalities",
            "dead",
            "casualties",
            "injuries",
            "injured",
            "wounded",
            "missing",
        }:
            yield from self.toll(i, kind)

    def own_body(self, i: int) -> Iterator[Mention]:
        """As in "a woman's body was found": a body is a death only where one is found or examined."""
        if not self.sets["found_body"].isdisjoint(self.words):
            yield from self.emit([i - 2], "killed", "own_body", i, i)

    def toll(self, i: int, kind: Kind) -> Iterator[Mention]:
        """As in "death toll rises to 39", "the toll rose from 31 to 39", "taking the toll to 62"."""
        if self.word(i + 1) in _NO_TOLL:
            return
        start = i + 1
        if self.word(i) in _COUNTING and self.tag(start) == "of":  # "the count of the dead"
            start += 3 if self.tag(start + 1) == "determiner" else 2
            kind = (self.chunks[start - 1].roles or {}).get("count", kind) if start <= len(self.chunks) else kind
        fatal = self.word(i - 1) == "body" or kind != "killed"
        if self.word(i) in _COUNTING and not fatal and self.sets["fatal_word"].isdisjoint(self.words):
            return
        for k in range(start, min(i + 14, len(self.chunks))):
            people = self.people(k)
            if self.tag(k) in {";", ".", "cue", "who"}:
                return
            if people is None or people.quantity is None or people.form not in {"elided", "counted"}:
                continue
            if self.word(k - 1) not in _BEFORE_OLD:
                at, now = self.put_right(k) or (k, people)
            elif people.quantity.qualifier == "range":
                upper = _upper(people.quantity)
                at, now = k, replace(people, start=upper.start, quantity=upper)
            else:
                continue
            if self.tag(at - 1) in _BEFORE_TOLL:
                yield Mention(self.surpassed(now, at), kind, "toll", i, i, at)
            return

    def surpassed(self, people: People, at: int) -> People:
        """As in "has surpassed 400", "rose past 4,000": at least so many."""
        quantity = people.quantity
        if quantity is None or quantity.qualifier != "exact" or self.word(at - 1) not in _SURPASSING:
            return people
        return replace(people, quantity=quantity._replace(high=None, qualifier="at_least"))

    def put_right(self, k: int) -> tuple[int, People] | None:
        """The number that the one at `k` was corrected to: "first given as 90, was lowered to 71"."""
        for j in range(k + 1, min(k + 10, len(self.chunks))):
            people = self.people(j)
            if people is not None and people.quantity is not None and self.tag(j - 1) == "to":
                lowered = not self.sets["lowering"].isdisjoint(map(self.word, range(k + 1, j)))
                return (j, people) if lowered else None
        return None

    def is_among(self, i: int) -> bool:
        """As in "among those killed", "among the dead"."""
        return self.word(i - 2) == "among" and self.word(i - 1) in {"those", "the"}

    def among(self, i: int, kind: Kind) -> Iterator[Mention]:
        """As in "two policemen were among those killed", "among the dead were three children"."""
        after = self.objects(i + 2) if self.tag(i + 1) == "be" else []
        group = self.group_start(i - 2)
        found = after or (self.subjects(group, adjacent=False) if self.has_be(group, i - 2) else [])
        for mention in self.emit(found, kind, "among", i, group):
            mention.part = True
            yield mention

    def is_number_of(self, i: int) -> bool:
        """Whether the cue ends "the number of people displaced", "the number of dead" or "the number who have died"."""
        if self.sets["crowd"].isdisjoint(self.words):
            return False
        j = i - 1
        while (
            j > i - 7
            and self.tag(j) in {"people", "determiner", "word", "have", "be", "who", "name"}
            and not self.counted_at([j])
        ):
            j -= 1
        if self.tag(j) == "of" and self.word(j - 1) in self.sets["crowd"]:
            return True
        return any(self.word(k) in self.sets["crowd"] and self.tag(k + 1) == "who" for k in range(j + 1, i))

    def number_of(self, i: int, kind: Kind | None) -> Iterator[Mention]:
        """As in "brings to 332,000 the number of people displaced", "the number of dead rose to 39"."""
        if kind is None:
            return
        for k in range(i - 2, max(-1, i - 8), -1):
            people = self.people(k)
            if people is not None and people.quantity is not None and self.tag(k - 1) == "to":
                yield Mention(people, kind, "number_of", i, i, k)
                return
        yield from self.toll(i, kind)

    def lives(self, i: int) -> Iterator[Mention]:
        """As in "lost their lives", "claimed the lives of 30 people"."""
        if self.tag(i + 1) == "of":
            if any(self.word(j) in self.sets["claim"] for j in range(max(0, i - 4), i)):
                yield from self.emit(self.objects(i + 2), "killed", "lives_of", i, i)
            return
        if self.word(i - 1) in {"their", "his", "her"} and self.word(i - 2) in {"lost", "lose", "loses", "losing"}:
            group = self.group_start(i - 2)
            yield from self.emit(self.subjects(group, adjacent=False), "killed", "lost_lives", i - 2, group)

    def made_noun(self, i: int) -> Iterator[Mention]:
        """As in "12 deaths", "at least 25 bodies", "two kidnapped journalists", "no injuries"."""
        people = self.people(i)
        if people is None:
            return
        head = self.words[people.head] if 0 <= people.head < len(self.words) else ""
        if people.noun is not None:
            yield from self.modified(i, people)
        elif head == "lives":
            yield from self.claimed_lives(i, people)
        elif head in self.sets["body"] and self.tag(i + 1) == "of":
            yield from self.bodies(i, people)
        else:
            yield from self.counted_noun(i, people)

    def claimed_lives(self, i: int, people: People) -> Iterator[Mention]:
        """As in "claimed 30 lives", "30 lives were lost"."""
        before = self.word(i - 1)
        lost = before in {"lost", "losing", "out"} or (before == "of" and self.word(i - 2) == "loss")
        if lost or before in self.sets["claim"] or self.word(i + 2) == "lost":
            yield Mention(people, "killed", "claimed_lives", i, i, i)

    def bodies(self, i: int, people: People) -> Iterator[Mention]:
        """As in "the bodies of 12 miners", "28 bodies of peasants": the number may be on either side."""
        found = self.objects(i + 2, inside=True)
        if people.quantity is None or self.counted_at(found):
            yield from self.emit(found, "killed", "bodies_of", i, i)
        else:
            yield Mention(people, "killed", "counted_noun", i, i, i)

    def counted_noun(self, i: int, people: People) -> Iterator[Mention]:
        """As in "12 deaths", "three hostages"; a casualty that is claimed is a death, a hostage freed no news."""
        kind = people.made["count"]
        if kind == "abducted" and self.word(i - 1) in self.sets["release"]:
            return
        if kind == "casualty" and self.word(i - 1) in self.sets["claim"]:
            kind = "killed"
        yield Mention(people, kind, "counted_noun", i, i, i, inner=people.inner is not None)

    def modified(self, i: int, people: People) -> Iterator[Mention]:
        """As in "two kidnapped journalists", "one dead terrorist"."""
        kind = people.made.get("past") or people.made.get("state") or people.made.get("count")
        if people.form != "plural" and kind is not None and "homeless" not in self.words[people.start : people.head]:
            yield Mention(people, kind, "participle_modifier", i, i, i, inner=True)


def _upper(quantity: Quantity) -> Quantity:
    """Where a toll that rose "from 31 to 39" stands now."""
    high = quantity.high if quantity.high is not None else quantity.low
    return Quantity(high, high, "exact", quantity.end - 1, quantity.end)
