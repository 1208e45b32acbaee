"""Rules for verbs and predicates: who was killed, who died, who is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from stream_app.core.events import Kind
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.phrases import People
from stream_app.core.languages.en.pronouns import PronounRules

_FOUND: Final = frozenset({"found", "reported", "left", "feared"})
_SOMEBODY: Final = frozenset({"someone", "somebody", "anyone", "anybody", "another"})
_BY_THEMSELVES: Final = frozenset({"drowned", "burned", "burnt", "starved"})
_OLD_AGE: Final = range(70, 111)
_LISTED: Final = 10
_HE: Final = frozenset({"he", "she"})
_SEIZING: Final = frozenset(["seize", "seizes", "seizing", "seized"])


class VerbRules(PronounRules):
    """Joins verbs to their victims."""

    def gerund(self, i: int, kind: Kind) -> Iterator[Mention]:
        """As in "killing two people": what stands before it is no verb group of its own."""
        return self._active(i, kind, i)

    def active(self, i: int, kind: Kind) -> Iterator[Mention]:
        """As in "to kill two people", "Bomb kills one"."""
        return self._active(i, kind, self.group_start(i))

    def _active(self, i: int, kind: Kind, group: int) -> Iterator[Mention]:
        """As in "killed two people", "wounding more than 50", "Bomb kills one"."""
        if self.word(i + 1) in self.sets["reflexive"]:
            yield from self.reflexive(i, kind)
            return
        if self.is_object_pronoun(i):
            yield from self.object_pronoun(i, kind, group)
            return
        objects = self.objects(i + 1)
        if not objects and kind == "displaced":
            yield from self.forced_to(i, kind)
        elif self.word(i) in _SEIZING:
            yield from (m for m in self.emit(objects, kind, "active_object", i, group) if self.may_be_seized(m.people))
        elif not (self.word(i) in {"shooting", "stabbing"} and self.is_compound(objects)):
            found = self.emit(objects, kind, "active_object", i, group)
            yield from (mention for mention in found if not self.is_loose(mention))
            if objects:
                yield from self.also_oneself(i, kind, group, objects[-1])

    def reflexive(self, i: int, kind: Kind) -> Iterator[Mention]:
        """As in "a boy accidentally shot himself": the subject is the victim."""
        group = self.group_start(i)
        if self.tag(i - 1) == "and" and self.tag(i - 2) == "cue":
            group = self.group_start(i - 2)
        himself = self.word(i + 1) if self.tag(i + 1) == "pronoun" else self.word(i + 3)
        found = (
            self.subjects(group, adjacent=False)[-1:]
            if kind != "killed" or self.tag(group - 1) != "preposition"
            else []
        )
        if himself == "themselves" or (found and not self.counted_at(found)):
            yield from self.emit(found, kind, "reflexive", self._first_deadly(group - 1, kind, i), group)
        elif kind == "killed" and self.tag(i + 1) == "pronoun":
            yield from self._oneself(i, kind, group, i + 1)
        if self.tag(i + 2) == "," and self.counted_at([i + 3]):  # "kills self, 12 others"
            yield from self.emit(self.objects(i + 3), kind, "active_object", i, group)
        if self.tag(i + 1) == "pronoun" and self.tag(i + 2) == "and":
            yield from self.emit(self.objects(i + 3), kind, "active_object", i, group)

    def _oneself(self, i: int, kind: Kind, group: int, at: int) -> Iterator[Mention]:
        """The "himself" at chunk `at` as a victim; who killed others in the same sentence is added to them."""
        if self.word(at) != "themselves":
            end = self.ends[at]
            himself = People(end - 1, end, "single", None, None, -1)
            yield Mention(
                himself, kind, "reflexive", self._first_deadly(i if at > i + 1 else group - 1, kind, i), group, at
            )

    def _first_deadly(self, before: int, kind: Kind, i: int) -> int:
        """The cue of the others killed before chunk `before`; `i` itself where there are none."""
        if kind != "killed":
            return i
        cues = (j for j in range(before, -1, -1) if "killed" in (self.chunks[j].roles or {}).values())
        return next(cues, i)

    def also_oneself(self, i: int, kind: Kind, group: int, last: int) -> Iterator[Mention]:
        """As in "killed his wife, two sons and himself", "shot three musicians, self"."""
        if self.sets["reflexive"].isdisjoint(self.words):
            return
        for k in range(last + 1, last + _LISTED):
            if self.word(k) in self.sets["reflexive"]:
                if self.tag(k - 1) in {"and", "adverb", ","}:
                    yield from self._oneself(i, kind, group, k)
                return
            if self.tag(k) in {"verb", "cue", "be", "have", "say", ";", ".", "but", "who", ""}:
                return

    @staticmethod
    def may_be_seized(people: People) -> bool:
        """As in "seized two drug traffickers" is an arrest; things are seized too."""
        return people.noun is not None and people.noun.victim_class != "perpetrator"

    def is_compound(self, objects: Sequence[int]) -> bool:
        """As in "shooting suspects": the cue is part of a noun."""
        return any(
            (p := self.people(j)) is not None and p.form in {"plural", "single"} and p.end - p.start == 1
            for j in objects
        )

    def forced_to(self, i: int, kind: Kind) -> Iterator[Mention]:
        """As in "forced 2,500 people to flee", "had to evacuate"."""
        group = self.group_start(i)
        if self.tag(i - 1) != "to":
            return
        people = self.people(i - 2)
        if people is not None and any(self.word(j) in self.sets["forcing"] for j in range(max(0, i - 6), i - 2)):
            yield from self.emit([i - 2], kind, "forced_to", i, i)
        elif any(self.word(j) in {"forced", "had", "have", "compelled", "obliged"} for j in range(group, i)):
            yield from self.emit(self.subjects(group, adjacent=False), kind, "forced_to", i, group)

    def passive(self, i: int, kind: Kind, group: int) -> Iterator[Mention]:
        """As in "two guards who stood at the gate were killed"."""
        yield from self.pronoun(i, kind, group)
        victims = self.subjects(group, adjacent=False)
        if self.word(group) == "being" and self.word(group - 1) in {"before", "after", "while"}:
            victims = [j for j in victims if not self.belongs_to_verb(j)]
        yield from self.emit(victims, kind, "passive_subject", i, group)
        if not victims:
            yield from self.company(i, kind, group)

    def participle(self, i: int, kind: Kind) -> Iterator[Mention]:
        """As in "were killed", "two killed in", "killed two": told apart by the auxiliary and by what stands around."""
        group = self.group_start(i)
        perfect = "have" in map(self.tag, range(group, i))
        passive = self.passive_start(i, group)
        if passive is not None:
            return self.passive(i, kind, passive)
        if self.is_reflexive(i):
            return self.reflexive(i, kind)
        if kind == "displaced" and (self.tag(i + 1) == "determiner" or perfect):
            return self.left(i, kind, group)
        if self.is_object_pronoun(i):
            return self.object_pronoun(i, kind, group)
        animals = self.tag(i + 1) == "number" and self.tag(i + 2) == "and" and self.people(i + 3) is not None
        if (self.tag(i + 1) in {"pronoun", "determiner", "name", "number"} and not animals) or self.is_aimed(i):
            return iter(())
        return self.past(i, kind, group, perfect=perfect)

    def passive_start(self, i: int, group: int) -> int | None:
        """Where the passive begins that ends in cue `i`; None when it is none ("is known to have killed")."""
        have = max((j for j in range(group, i) if self.tag(j) == "have"), default=group)
        if self.has_be(have, i) or not _FOUND.isdisjoint(map(self.word, range(group, i))):
            return group
        alone = self.people(i + 1) is None and self.tag(i + 1) != "pronoun" and not self.is_reflexive(i)
        return self.chained(group) if alone and self.tag(group - 1) == "and" else None

    def is_reflexive(self, i: int) -> bool:
        """As in "shot himself", "shot and killed herself"."""
        after = i + 3 if self.tag(i + 1) == "and" else i + 1
        return self.word(after) in self.sets["reflexive"]

    def left(self, i: int, kind: Kind, group: int) -> Iterator[Mention]:
        """As in "30,000 people had evacuated", "evacuated their homes"; with an object, the people moved."""
        objects = self.objects(i + 1)
        people = objects or self.subjects(group, adjacent=False)
        rule = "active_object" if objects else "left_home"
        return (m for m in self.emit(people, kind, rule, i, group) if self.may_be_displaced(m.people))

    def past(self, i: int, kind: Kind, group: int, *, perfect: bool) -> Iterator[Mention]:
        """A past without auxiliary: active with an object, else a participle after its noun."""
        shared = i + 3 if self.tag(i + 1) == "and" and self.tag(i + 2) == "cue" else i + 1
        objects = self.objects(shared)
        before = self.subjects(group, adjacent=True)
        if not before and self.tag(group - 1) == "," and self.tag(i + 1) == "by" and self.counted_at([group - 2]):
            before = [group - 2]
        if objects and not (self.counted_at(before) and self.elliptic(objects[0])):
            yield from self.past_object(i, kind, group, objects)
        elif not objects and self.tag(group - 1) == "pronoun":
            yield from self.relative_object(i, kind, group)
        elif before and not perfect:
            yield from self.reduced(i, kind, group, before)
        elif perfect and self.word(i) in _BY_THEMSELVES:
            yield from self.emit(self.subjects(group, adjacent=False), kind, "intransitive_subject", i, group)

    def past_object(self, i: int, kind: Kind, group: int, objects: Sequence[int]) -> Iterator[Mention]:
        """As in "guerrillas killed 43 peasants"; "he shot 68" is a score."""
        if self.tag(i - 1) == "pronoun" and self.word(i) == "shot" and self.is_bare_number(objects[0]):
            return
        for mention in self.emit(objects, kind, "active_object", i, group):
            if self.is_loose(mention):
                continue
            if self.word(i) not in _SEIZING or self.may_be_seized(mention.people):
                yield mention
        yield from self.also_oneself(i, kind, group, objects[-1])

    def reduced(self, i: int, kind: Kind, group: int, before: Sequence[int]) -> Iterator[Mention]:
        """As in "five Palestinians killed on Saturday"; a bare plural counts in headlines and upper case only."""
        for mention in self.emit(before, kind, "reduced_passive", i, group):
            if mention.people.form != "plural" or mention.people.quantity is not None or not self.cased:
                mention.inner = True
                yield mention

    def is_loose(self, mention: Mention) -> bool:
        """As in "hurt student learning": a bare singular is no victim in running text, unless a name follows."""
        people = mention.people
        if mention.kind == "abducted" and self.tag(mention.at + 1) == "possessive":  # "snatched a trader's bag"
            return True
        bare = people.form == "single" and people.end - people.start == 1
        if bare and self.tag(mention.at - 1) == "and" and self.word(mention.at) in self.sets["kin"]:
            return False  # "killed her parents and brother"
        return self.cased and bare and self.word(mention.at) not in _SOMEBODY and not self.is_name(mention.at + 1)

    def is_name(self, j: int) -> bool:
        """Whether a name stands at chunk `j`."""
        people = self.people(j)
        return self.tag(j) == "name" or (people is not None and people.form == "named")

    def is_bare_number(self, j: int) -> bool:
        """As in "he shot 68": a score, when nobody is named."""
        people = self.people(j)
        return people is not None and people.form == "elided"

    def is_aimed(self, i: int) -> bool:
        """As in "shot at police": fired, not hit; "two shot at a bar" were."""
        return self.word(i) == "shot" and self.word(i + 1) == "at" and self.tag(i + 2) in {"people", "pronoun"}

    def relative_object(self, i: int, kind: Kind, group: int) -> Iterator[Mention]:
        """As in "the seven engineers they had abducted", "a man whom she had shot"."""
        j = group - 2
        if self.tag(j) == "who":
            j -= 1
        for mention in self.emit([j], kind, "relative_object", i, group):
            mention.inner = True
            yield mention

    def company(self, i: int, kind: Kind, group: int) -> Iterator[Mention]:
        """As in "was killed ... along with two of his bodyguards", whoever is killed first."""
        for k in range(i + 1, min(i + 14, len(self.chunks))):
            if self.tag(k) in {";", ".", "cue"}:
                return
            if self.word(k) in self.sets["join"] and self.word(k + 1) == "with" and self.people(k + 2):
                yield from self.emit(self.objects(k + 2), kind, "along_with", i, group)
                return

    def elliptic(self, j: int) -> bool:
        """Whether the phrase at `j` starts the next item of a list of outcomes: "2 killed 3 injured"."""
        return self.tag(j + 1) == "cue"

    def intransitive(self, i: int, kind: Kind) -> Iterator[Mention]:
        """As in "three people died", "thousands have fled their homes"."""
        group = self.group_start(i)
        if kind == "displaced" and self.is_flight(i):
            return
        found = self.forced_objects(i) if kind == "displaced" else []
        running = kind == "displaced" and self.word(i).endswith("ing") and not self.has_be(group, i)
        found = found or self.subjects(group, adjacent=running)
        yield from self.pronoun(i, kind, group)
        for mention in self.emit(found, kind, "intransitive_subject", i, group):
            if kind == "displaced" and not self.may_be_displaced(mention.people):
                continue
            if mention.people.form in {"named", "single"} and not self.is_violent(mention.people.form):
                continue
            yield mention

    def pronoun(self, i: int, kind: Kind, group: int) -> Iterator[Mention]:
        """As in "he died", "she was pronounced dead": a victim met before, if the reader knows of one."""
        yield from self.they(i, kind, group)
        subject = self.chunks[group - 1] if group else None
        if kind == "killed" and subject is not None and subject.word in _HE:
            end = self.ends[group - 1]
            people = People(end - subject.size, end, "pronoun", None, None, -1)
            yield Mention(people, kind, "pronoun", i, group, group - 1)

    def forced_objects(self, i: int) -> list[int]:
        """As in "forcing 300 families to flee"."""
        if self.tag(i - 1) == "to" and self.people(i - 2) is not None:
            return [i - 2]
        return []

    @staticmethod
    def may_be_displaced(people: People) -> bool:
        """One person or a suspect who flees is running, not displaced."""
        if people.noun is not None and people.noun.victim_class == "perpetrator":
            return False
        return people.form not in {"single", "named"}

    def is_violent(self, form: str) -> bool:
        """Whether a single death is no natural one: a name wants violence beside it, others no illness or age."""
        violent = not self.sets["violence"].isdisjoint(self.words)
        natural = not self.sets["natural"].isdisjoint(self.words)
        if "aged" in self.words and any(word.isdecimal() and int(word) in _OLD_AGE for word in self.words):
            return False
        return violent and not natural if form == "named" else violent or not natural

    def is_flight(self, i: int) -> bool:
        """As in "fled the scene", "fled on foot": running away, not being displaced."""
        return not self.sets["scene"].isdisjoint(map(self.word, range(i + 1, i + 6)))

    def predicate(self, i: int, kind: Kind) -> Iterator[Mention]:
        """As in "left 14 people dead", "two dead", "are still missing", "took 26 people hostage"."""
        group = self.group_start(i)
        if kind == "missing" and self.tag(i + 1) in {"determiner", "number"} and not self.has_be(group, i):
            return
        plain = group == i
        yield from self.pronoun(i, kind, group)
        if (kind in {"abducted", "captured"} or self.word(i) == "homeless") and not self.is_held(i):
            return
        found = self.subjects(group, adjacent=plain)
        if plain and found and self.tag(found[0] - 1) == "and":  # "shot his wife and her sister dead"
            over = self.item_end(found[0] - 2)
            found = [over, *found] if over is not None and self.tag(over - 1) == "cue" else found
        yield from self.emit(found, kind, "predicate", i, group)

    def is_held(self, i: int) -> bool:
        """As in "took 26 people hostage", "was held captive": the noun is a predicate only after such a verb."""
        return not self.sets["held"].isdisjoint(map(self.word, range(max(0, i - 8), i)))

    def unharmed(self, i: int, kind: Kind) -> Iterator[Mention]:
        """As in "was unharmed", "escaped unhurt": nobody of those named."""
        group = self.group_start(i)
        while self.tag(group - 1) in {"verb", "adverb", "be"}:
            group -= 1
        for mention in self.emit(self.subjects(group, adjacent=False), kind, "unharmed", i, group):
            mention.negated = True
            yield mention
