"""Rules without a casualty verb: wounds, hospitals, flight from home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.objects import Objects
from stream_app.core.languages.en.subjects import Subjects

_LINK: Final = frozenset({"be", "have", "modal", "to", "adverb", "not", "day"})
_CONDITIONS: Final = frozenset({"gunshot", "injury", "trauma"})
_CROWD: Final = 50
_LEAVING: Final = frozenset(
    ["left", "leave", "leaving", "abandon", "abandoned", "abandoning", "fled", "lost", "lose", "losing"]
)
_DRIVING: Final = frozenset(
    ["forced", "forcing", "force", "forces", "drove", "driven", "driving", "drives", "chased", "expelled"]
)


class StateRules(Objects, Subjects):
    """Joins what people suffered, or where they had to go, to the people."""

    def suffers(self, i: int) -> Iterator[Mention]:
        """As in "suffered severe knife wounds"."""
        if self.is_sport():
            return
        for k in range(i + 1, min(i + 8, len(self.chunks))):
            if self.tag(k) in {"be", "verb", ";", "."} and not (k == i + 1 and self.word(k).endswith("ing")):
                return
            last = self.last(k)
            if last in self.sets["hurt_noun"]:
                group = self.group_start(i)
                yield from self.emit(self.subjects(group, adjacent=False), "injured", "suffered_wounds", i, group)
                return

    def has_wounds(self, i: int) -> Iterator[Mention]:
        """As in "four people have bullet wounds"."""
        opens = self.tag(i + 1) in {"word", "cue"} or self.word(i + 1) in self.sets["slight"]
        if opens and any(self.word(k) in self.sets["hurt_noun"] for k in range(i + 1, i + 4)):
            yield from self.suffers(i)

    def recovering(self, i: int) -> Iterator[Mention]:
        """As in "a boy is recovering"; one met before tells nothing new."""
        group = self.group_start(i)
        victims = self.emit(self.subjects(group, adjacent=False), "injured", "recovering", i, group)
        yield from (mention for mention in victims if not mention.people.definite)

    def one_fatally(self, i: int) -> Iterator[Mention]:
        """As in "four shot, one fatally"."""
        if self.tag(i + 1) not in {"cue", "verb"}:
            yield from self.emit(self.subjects(i, adjacent=True), "killed", "one_fatally", i, i)

    def hit_by_bullet(self, i: int) -> Iterator[Mention]:
        """As in "was struck in the hand by a stray bullet"; "shots were fired, and a man was hit in the leg"."""
        group = self.group_start(i)
        if not self.has_be(group, i) and self.tag(i - 1) != "people":
            return
        if "fatally" in self.words and self.tag(i + 1) in {",", "-"}:  # "three were hit, one fatally"
            yield from self.emit(self.subjects(group, adjacent=False), "injured", "hit_by_bullet", i, group)
            return
        after = range(i + 1, min(i + 10, len(self.chunks)))
        fired = not self.sets["bullet"].isdisjoint(self.words) and any(self.word(k) in self.sets["limb"] for k in after)
        if fired or any(self.last(k) in self.sets["bullet"] for k in after):
            yield from self.emit(self.subjects(group, adjacent=False), "injured", "hit_by_bullet", i, group)

    def with_wounds(self, i: int) -> Iterator[Mention]:
        """As in "found a man with gunshot wounds"."""
        for k in range(i + 1, min(i + 5, len(self.chunks))):
            escapes = self.word(i - 1) in self.sets["escaping"]
            if self.last(k) in self.sets["hurt_noun"] and (escapes or self.last(k) not in _CONDITIONS):
                group = self.group_start(i - 1) if escapes else i
                yield from self.emit(self.subjects(group, adjacent=not escapes), "injured", "suffered_wounds", i, group)
                return
            if self.tag(k) not in {"word", "determiner", "number", "adverb", "cue", "people", "of"}:
                return

    def to_hospital(self, i: int) -> Iterator[Mention]:
        """As in "were taken to hospital", "was treated for burns"."""
        group = self.group_start(i)
        passive = self.has_be(group, i)
        for k in range(i + 1, min(i + 8, len(self.chunks))):
            if self.tag(k) in {";", ".", "verb", "be"}:
                return
            if self.last(k) in self.sets["hospital"]:
                found = self.subjects(group, adjacent=False) if passive else self.sent(i)
                yield from self.emit(found, "injured", "to_hospital", i, group)
                return

    def sent(self, i: int) -> list[int]:
        """As in "sends 4 people to the hospital", "took five to hospital", "three people treated for smoke"."""
        if self.word(i) == "treated" and self.counted_at([i - 1]):
            found = self.subjects(i, adjacent=True)
            self.relative = True
            return found
        found = self.objects(i + 1) if self.word(i) in self.sets["taken_to_care"] else []
        sends = self.word(i).startswith(("sen", "put", "land"))
        return found if sends or (self.counted_at(found) and "patients" not in self.words) else []

    def in_condition(self, i: int) -> Iterator[Mention]:
        """As in "is in critical condition", "was listed in serious condition"."""
        if self.word(i - 1) not in self.sets["condition"]:
            return
        k = i - 1
        while self.word(k) in self.sets["condition"] or self.tag(k) == "and":
            k -= 1
        if self.word(k) == "a":
            k -= 1
        if self.word(k) != "in":
            return
        group = self.group_start(k)
        yield from self.emit(self.subjects(group, adjacent=False), "injured", "in_condition", k, group)

    def displaced(self, i: int) -> Iterator[Mention]:
        """As in "forced 2,500 people out of their homes", "1,900 were in evacuation centres", "sought refuge"."""
        word = self.word(i)
        if word in self.sets["refuge"] and self.word(i - 1) in {
            "sought",
            "seeking",
            "seek",
            "took",
            "taken",
            "taking",
            "found",
        }:
            group = self.group_start(i - 1)
            yield from self.emit(self.subjects(group, adjacent=False), "displaced", "sought_refuge", i - 1, group)
        elif word in self.sets["refuge"] and self.word(i - 1) == "without" and self.counted_at([i - 2]):
            yield from self.emit([i - 2], "displaced", "left_home", i - 1, i - 1)
        elif word in self.sets["home"]:
            yield from self.driven_out(i)
        elif word in self.sets["shelter"]:
            yield from self.in_shelter(i)

    def driven_out(self, i: int) -> Iterator[Mention]:
        """As in "forced 2,500 people out of their homes", "were driven from their villages", "left their homes"."""
        for k in range(i - 1, max(-1, i - 7), -1):
            group = self.group_start(k)
            if self.word(k) in _LEAVING and k == i - 2 and self.tag(k + 1) == "determiner":
                counted = [j for j in self.subjects(group, adjacent=False) if self.counted_at([j])]
                yield from self.emit(counted, "displaced", "left_home", k, group)
                return
            if self.word(k) == "without" and k == i - 1 and self.counted_at([k - 1]):
                yield from self.emit([k - 1], "displaced", "left_home", k, k)
                return
            if self.word(k).removesuffix(" out") in _DRIVING:
                found = self.objects(k + 1) or (self.subjects(group, adjacent=False) if self.has_be(group, k) else [])
                yield from self.emit(found, "displaced", "driven_out", k, group)
                return

    def crossed(self, i: int) -> Iterator[Mention]:
        """As in "52,000 Afghans crossed the border": a crowd that crosses is displaced, a few people are not."""
        if not any(self.word(j) in {"border", "into"} for j in range(i + 1, i + 4)):
            return
        group = self.group_start(i)
        for mention in self.emit(self.subjects(group, adjacent=False), "displaced", "crossed_border", i, group):
            if mention.people.quantity is not None and mention.people.quantity.low >= _CROWD:
                yield mention

    def in_shelter(self, i: int) -> Iterator[Mention]:
        """As in "leave thousands in shelters", "1,900 people were still in nine evacuation centres"."""
        for k in range(i - 1, max(-1, i - 8), -1):
            if self.word(k) in self.sets["needing"]:  # "people in need of shelter"
                return
            if self.word(k) in {"in", "at", "into", "inside", "with", "to"}:
                group = k
                while self.word(group - 1) in self.sets["stay"] or self.tag(group - 1) in _LINK:
                    group -= 1
                found = self.subjects(group, adjacent=True)
                counted = [j for j in found if (p := self.people(j)) is not None and p.quantity is not None]
                yield from self.emit(counted, "displaced", "in_shelter", k, group)
                return
