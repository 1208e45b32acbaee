"""Rules for what is said without a verb for a casualty: lives, hands that seize, searches, shelters, lists of names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from stream_app.core.events import Kind
from stream_app.core.language.numerals import Quantity
from stream_app.core.languages.en.mention import Mention
from stream_app.core.languages.en.objects import Objects
from stream_app.core.languages.en.subjects import Subjects

_ENDS: Final = frozenset({"", ",", ".", ";", ":", "-", ")", "and", "preposition", "but"})
_CROWD: Final = 10
_HEADING: Final = 5
_BULLETS: Final = frozenset("-*•·–—>+▪●")
_TWO: Final = 2
_FOR: Final = "for"


class IdiomRules(Objects, Subjects):
    """Joins idioms to the people they speak of."""

    def claims(self, i: int) -> Iterator[Mention]:
        """As in "cholera claims 61 people", "the flames claimed a mother"; not "the firm claims 40 people back it"."""
        before = self.people(i - 1)
        if (before is not None and self.tag(i - 2) not in {"preposition", "of"}) or self.tag(i - 1) in {
            "pronoun",
            "say",
        }:
            return
        objects = self.objects(i + 1)
        if not objects or self.predicated(objects[-1]) or self.tag(objects[-1] + 1) in {"verb", "leave", "possessive"}:
            return
        hazard = not self.sets["hazard"].isdisjoint(self.words)
        if hazard or (self.counted_at(objects[:1]) and before is None and self.word(i) == "claims"):
            group = self.group_start(i)
            yield from self.emit(objects, "killed", "claimed_people", i, group)

    def costs(self, i: int) -> Iterator[Mention]:
        """As in "cost 64 people their lives"."""
        objects = self.objects(i + 1)
        after = objects[-1] + 1 if objects else i + 1
        if objects and self.word(after) in {"their", "his", "her"} and self.word(after + 1) in {"lives", "life"}:
            yield from self.emit(objects, "killed", "cost_lives", i, self.group_start(i))

    def own_life(self, i: int) -> Iterator[Mention]:
        """As in "lost his life", "laid down their lives", "paid with their lives", "claimed the life of a man"."""
        if self.tag(i + 1) == "of":
            if any(self.word(j) in self.sets["claim"] for j in range(max(0, i - 4), i)):
                yield from self.emit(self.objects(i + 2), "killed", "lives_of", i, i)
            return
        if self.word(i + 1) == "out" and self.tag(i + 2) == "of" and self.word(i - 1) in self.sets["snuffing"]:
            yield from self.emit(self.objects(i + 3), "killed", "lives_of", i, i)
            return
        k = i - 1
        while self.word(k) in {"their", "his", "her", "young", "own"}:
            k -= 1
        if self.word(k) == _FOR and self.word(k - 1) in self.sets["rallying"] and k < i - 1:
            yield from self._fighting_for_life(k - 1)
            return
        verb = next((j for j in range(k, max(-1, k - 3), -1) if self.word(j) in self.sets["losing"]), None)
        if k == i - 1 or verb is None:
            return
        group = self.group_start(verb)
        yield from self.emit(self.subjects(group, adjacent=False), "killed", "lost_lives", verb, group)

    def _fighting_for_life(self, verb: int) -> Iterator[Mention]:
        """As in "left a cyclist fighting for his life", "two are fighting for their lives"."""
        group = self.group_start(verb)
        found = self.subjects(group, adjacent=not self.has_be(group, verb))
        yield from self.emit([j for j in found if self.is_part(j)], "injured", "in_condition", verb, group)

    def suicide(self, i: int) -> Iterator[Mention]:
        """As in "committed suicide"."""
        if self.word(i - 1) in self.sets["committing"]:
            group = self.group_start(i - 1)
            yield from self.emit(self.subjects(group, adjacent=False), "killed", "own_hand", i - 1, group)

    def martyrdom(self, i: int) -> Iterator[Mention]:
        """As in "attained martyrdom"."""
        if self.word(i - 1) in {"attained", "attain", "embraced", "achieved", "met"}:
            group = self.group_start(i - 1)
            yield from self.emit(self.subjects(group, adjacent=False), "killed", "martyrdom", i - 1, group)

    def last_breath(self, i: int) -> Iterator[Mention]:
        """As in "four others breathed their last on the way to hospital"."""
        if self.word(i + 2) == "last":
            group = self.group_start(i)
            yield from self.emit(self.subjects(group, adjacent=False), "killed", "last_breath", i, group)

    def early_grave(self, i: int) -> Iterator[Mention]:
        """As in "sent five traders to their early graves"."""
        sent = next((j for j in range(i - 1, max(-1, i - 8), -1) if self.word(j) in {"sent", "sends", "sending"}), None)
        if sent is not None and self.word(i - 1) in {"early", "untimely"}:
            found = [j for j in self.objects(sent + 1) if self.is_part(j)]
            yield from self.emit(found, "killed", "early_grave", sent, sent)

    def fatal_for(self, i: int) -> Iterator[Mention]:
        """As in "proved fatal for three skiers"."""
        if self.word(i + 1) in {"for", "to"} and (self.tag(i - 1) == "be" or self.word(i - 1).startswith("prove")):
            counted = [j for j in self.objects(i + 2) if self.is_part(j)]
            yield from self.emit(counted, "killed", "fatal_for", i, self.group_start(i))

    def not_saved(self, i: int) -> Iterator[Mention]:
        """As in "two of them could not be saved"."""
        group = self.group_start(i)
        if self.has_be(group, i) and any(self.tag(j) == "not" for j in range(group, i)):
            start = next((j for j in range(max(0, i - 5), i) if self.tag(j) == "modal"), group)
            if self.tag(start) == "modal" and self.word(start) != "could":
                return
            counted = [j for j in self.subjects(start, adjacent=False) if self.is_part(j)]
            yield from self.emit(counted, "killed", "not_survived", i, i)

    def broken_limb(self, i: int) -> Iterator[Mention]:
        """As in "a passenger broke an arm", "lost both legs"; players' bones are no news here."""
        verb = next((j for j in (i - 1, i - 2, i - 3) if self.word(j) in {"broke", "fractured", "lost"}), None)
        if verb is not None and not self.is_sport():
            group = self.group_start(verb)
            found = [j for j in self.subjects(group, adjacent=False) if self.is_part(j)]
            yield from self.emit(found, "injured", "suffered_wounds", verb, group)

    def hopes_fade(self, i: int) -> Iterator[Mention]:
        """As in "hopes are fading for the 16 crew"."""
        at = next((j for j in (i + 1, i + 2, i + 3) if self.word(j) == _FOR), None)
        if at is not None and "hopes" in {self.word(j) for j in range(max(0, i - 4), i)}:
            counted = [j for j in self.objects(at + 1) if self.counted_at([j]) and not self._is_armed(j)]
            yield from self.emit(counted, "missing", "hopes_fade", i, i)

    def made_off(self, i: int) -> Iterator[Mention]:
        """As in "pirates made off with the captain and five crew"."""
        armed = not self.sets["armed"].isdisjoint(self.words)
        if armed and self.word(i - 1) == "made" and self.word(i + 1) == "with":
            yield from self.emit(self._persons(self.objects(i + 2)), "abducted", "taken_away", i, i)

    def spent_night(self, i: int) -> Iterator[Mention]:
        """As in "3,000 people spent the night in gyms" after a flood; fans who camp before a match are no displaced."""
        if (self.sets["hazard"] | self.sets["far"]).isdisjoint(self.words):
            return
        if self.sets["shelter_place"].isdisjoint(map(self.word, range(i + 1, i + 8))):
            return
        verb = next((j for j in (i - 1, i - 2, i - 3) if self.word(j).startswith(("spent", "spend"))), None)
        if verb is not None:
            group = self.group_start(verb)
            counted = [j for j in self._persons(self.subjects(group, adjacent=False)) if self.counted_at([j])]
            yield from self.emit(counted, "displaced", "put_up", verb, group)

    def throats(self, i: int) -> Iterator[Mention]:
        """As in "slit the throats of six drivers"."""
        cut = any(self.word(j) in {"slit", "cut", "slitting", "cutting", "slashed"} for j in range(max(0, i - 3), i))
        if cut and self.tag(i + 1) == "of":
            yield from self.emit(self.objects(i + 2), "killed", "throats_of", i, i)

    def buried(self, i: int) -> Iterator[Mention]:
        """As in "buried 14 villagers alive": "alive" after its object."""
        group = self.group_start(i)
        if "alive" not in map(self.word, range(i + 1, i + 5)):
            return
        found = self.subjects(group, adjacent=False) if self.has_be(group, i) else self.objects(i + 1)
        yield from self.emit(found, "killed", "buried_alive", i, group)

    def taken(self, i: int) -> Iterator[Mention]:
        """As in "gunmen took away 12 villagers", "raiders carried off 40"; not "medics took two men to hospital"."""
        if not self.sets["medical"].isdisjoint(self.words):
            return
        if self.sets["armed"].isdisjoint(self.words) and not self._is_carried_off(i):
            return
        if self.word(i + 1) == "place" or "hostage" in self.words or "prisoner" in self.words:
            return
        group = self.group_start(i)
        away = self.word(i + 1) in self.sets["away"]
        if self.has_be(group, i):
            if away or self.word(i + 1) in {"from", "at"}:
                yield from self.emit(self.subjects(group, adjacent=False), "abducted", "taken_away", i, group)
            return
        objects = self.objects(i + 2 if away else i + 1)
        last = objects[-1] + 1 if objects else i
        verb, after = self.word(i), self.word(last)
        seizes = after in {"from", "in"} and verb.startswith(("took", "take", "taking"))
        seizes = seizes or ("off" in self.words and not {"them", "him", "her"}.isdisjoint(self.words))
        leads = away or seizes or verb in self.sets["herding"] or after in self.sets["away"]
        if objects and leads:
            yield from self.emit(self._persons(objects), "abducted", "taken_away", i, group)

    def _is_carried_off(self, i: int) -> bool:
        """As in "nine people were carried off", by whom the sentence before may say; not by a flood."""
        if self.word(i) != "carried" or self.word(i + 1) != "off" or self.is_sport():
            return False
        if not self.sets["players"].isdisjoint(self.words):
            return False
        group = self.group_start(i)
        counted = self.has_be(group, i) and self.counted_at(self.subjects(group, adjacent=False))
        return counted and self.sets["swept_by"].isdisjoint(self.words)

    def loses(self, i: int) -> Iterator[Mention]:
        """As in "the army lost 30 soldiers", "we lost our two sisters in the fire"; not "lost 50 men to desertion"."""
        if not self.sets["sent_off_to"].isdisjoint(self.words) or self.is_sport():
            return
        disaster = not self.sets["hazard"].isdisjoint(self.words) and self.sets["conflict"].isdisjoint(self.words)
        own = False
        for mention in self.emit(self.objects(i + 1), "killed", "lost_people", i, self.group_start(i)):
            noun = mention.people.noun
            fought = noun is not None and noun.victim_class in {"combatant", "police"} and self.counted_at([mention.at])
            own = own or self.words[mention.people.start] in self.sets["possessive"]
            if fought or (disaster and own and noun is not None):
                yield mention

    def _persons(self, found: Sequence[int]) -> list[int]:
        """Those of the phrases that name persons, not paintings, and no armed ones."""
        return [j for j in found if not self._is_armed(j) and (p := self.people(j)) is not None and p.form != "unknown"]

    def _is_armed(self, j: int) -> bool:
        people = self.people(j)
        return people is None or (people.noun is not None and people.noun.victim_class == "perpetrator")

    # --- missing -------------------------------------------------------------------------------------------------

    def unseen(self, i: int) -> Iterator[Mention]:
        """As in "have not been seen since", "has not been heard from"."""
        group = self.group_start(i)
        if any(self.tag(j) == "not" for j in range(group, i)) and self.has_be(group, i):
            if self.word(i) == "heard" and self.word(i + 1) not in {"from", "of"}:
                return
            yield from self._not_negated(self.subjects(group, adjacent=False), "unseen", i)

    def unfound(self, i: int) -> Iterator[Mention]:
        """As in "are yet to be found", "could not be traced", "have not been found"."""
        group = self.group_start(i)
        yet = any(self.word(j) == "yet" for j in range(max(0, i - 4), i))
        negated = any(self.tag(j) == "not" for j in range(group, i))
        if self.has_be(group, i) and (yet or negated):
            start = next((j for j in range(max(0, i - 6), i) if self.tag(j) in {"be", "have", "modal"}), group)
            yield from self._not_negated(self.subjects(start, adjacent=False), "not_found", i)

    def _not_negated(self, found: Sequence[int], rule: str, i: int) -> Iterator[Mention]:
        """Missing people: the "not" before the verb is what makes them so, hence no verb group."""
        yield from self.emit(self._persons(found), "missing", rule, i, i)

    def fate(self, i: int) -> Iterator[Mention]:
        """As in "the fate of 12 miners is unknown", "no trace of the seven sailors", "their whereabouts"."""
        if self.tag(i + 1) != "of":
            return
        lost = not {"unknown", "unclear", "uncertain", "known"}.isdisjoint(self.words)
        if lost or (self.word(i) == "trace" and self.word(i - 1) == "no") or self.word(i) == "sign":
            yield from self.emit(self._persons(self.objects(i + 2)), "missing", "fate_of", i, i)

    def search(self, i: int) -> Iterator[Mention]:
        """As in "rescuers are looking for nine people"; police who search for two men want to arrest them."""
        at = next((j for j in range(i + 1, i + 4) if self.word(j) == _FOR), None)
        if at is None or self.sets["rescue"].isdisjoint(self.words):
            return
        objects = [j for j in self._persons(self.objects(at + 1)) if self.counted_at([j])]
        yield from self.emit(objects, "missing", "searched_for", i, i)

    def contact(self, i: int) -> Iterator[Mention]:
        """As in "contact was lost with 15 climbers"."""
        at = next((j for j in range(i + 1, i + 5) if self.word(j) == "with"), None)
        if at is not None and "lost" in self.words:
            yield from self.emit(self.objects(at + 1), "missing", "contact_lost", i, i)

    # --- hurt ----------------------------------------------------------------------------------------------------

    def critical(self, i: int) -> Iterator[Mention]:
        """As in "5 dead, 14 critical", "three people are critical"."""
        people = self.people(i)
        if people is not None:  # "14 critical" is one phrase
            if people.form == "unknown" and people.quantity is not None and people.end - people.start == _TWO:
                yield Mention(people, "injured", "critical", i, i, i)
            return
        if self.tag(i + 1) not in _ENDS or self.word(i + 1) in {"of", "about", "to", "for"}:
            return
        group = self.group_start(i)
        found = self.subjects(group, adjacent=group == i)
        counted = [
            j
            for j in found
            if (p := self.people(j)) is not None and p.quantity is not None and p.end - p.start < _CROWD
        ]
        elided = [
            j for j in counted if ((p := self.people(j)) is not None and p.form == "elided") or self.has_be(group, i)
        ]
        yield from self.emit(elided, "injured", "critical", i, group)

    def in_hospital(self, i: int) -> Iterator[Mention]:
        """As in "six are in hospital with burns", "five ended up in hospital", "eight remain in intensive care"."""
        k = i - 1
        while self.word(k) in {"the", "intensive", "a", "local"}:
            k -= 1
        if self.word(k) not in {"in", "into"}:
            return
        group = self.group_start(k)
        if self.word(k - 1) == "up":
            group = self.group_start(k - 2)
        if group < k and self.word(k - 1) not in self.sets["doubt"]:
            found = [j for j in self.subjects(group, adjacent=False) if self.is_part(j)]
            yield from self.emit(found, "injured", "to_hospital", k, group)

    def needs_care(self, i: int) -> Iterator[Mention]:
        """As in "eleven required hospital treatment", "three needed stitches"."""
        if not {"treatment", "stitches", "surgery", "care", "oxygen"}.isdisjoint(map(self.word, range(i + 1, i + 5))):
            group = self.group_start(i)
            found = [j for j in self.subjects(group, adjacent=False) if self.counted_at([j])]
            yield from self.emit(found, "injured", "needed_care", i, group)

    # --- displaced -----------------------------------------------------------------------------------------------

    def sheltering(self, i: int) -> Iterator[Mention]:
        """As in "schools are accommodating 2,100 people", "the camps hold 80,000"."""
        if self.sets["shelter_place"].isdisjoint(self.words):
            return
        after = i + 2 if self.word(i) == "took" and self.word(i + 1) == "in" else i + 1
        if self.word(i) == "took" and after == i + 1:
            return
        for mention in self.emit(self._persons(self.objects(after)), "displaced", "sheltering", i, self.group_start(i)):
            quantity = mention.people.quantity
            if quantity is not None and quantity.low >= _CROWD and not self._is_armed(mention.at):
                yield mention

    def put_up(self, i: int) -> Iterator[Mention]:
        """As in "900 families were put up in schools", "are sheltering in churches"."""
        inside = self.words if self.word(i) in self.sets["housed"] else map(self.word, range(i + 1, i + 8))
        if self.sets["shelter_place"].isdisjoint(inside):
            return
        group = self.group_start(i)
        counted = [j for j in self._persons(self.subjects(group, adjacent=False)) if self.counted_at([j])]
        yield from self.emit(counted, "displaced", "put_up", i, group)

    def told_to_go(self, i: int) -> Iterator[Mention]:
        """As in "ordered 5,000 people to leave", "8,000 residents were told to get out"."""
        group = self.group_start(i)
        passive = self.has_be(group, i)
        found = self.subjects(group, adjacent=False) if passive else self.objects(i + 1)
        start = i if passive or not found else found[-1]
        to = next((j for j in range(start + 1, start + 6) if self.tag(j) == "to"), None)
        if to is None or self.sets["going"].isdisjoint(map(self.word, range(to + 1, to + 4))):
            return
        if self.sets["going_far"].isdisjoint(self.words):
            return
        yield from self.emit(
            [j for j in self._persons(found) if self.counted_at([j])], "displaced", "told_to_leave", i, i
        )

    def orders(self, i: int) -> Iterator[Mention]:
        """As in "evacuation orders for 30,000 residents", "60,000 people were under evacuation orders"."""
        if self.word(i - 1) not in {"evacuation", "mandatory"} and "evacuate" not in self.words:
            return
        at = next((j for j in range(i + 1, i + 6) if self.word(j) in {"for", "covering", "affecting"}), None)
        if at is not None and self.counted_at([at + 1]):
            yield from self.emit([at + 1], "displaced", "evacuation_order", i, i)
            return
        k = i - 1
        while self.word(k) in {"evacuation", "mandatory", "the"}:
            k -= 1
        if self.word(k) == "under":
            group = self.group_start(k)
            yield from self.emit(self.subjects(group, adjacent=False), "displaced", "evacuation_order", k, group)

    def rehoused(self, i: int) -> Iterator[Mention]:
        """As in "6,000 people have been rehoused", "400 had to be moved"."""
        group = self.group_start(i)
        forced = self.word(i) == "rehoused" or (
            self.tag(group) == "have" and any(self.tag(j) == "to" for j in range(group, i))
        )
        if forced and self.has_be(group, i):
            counted = [j for j in self._persons(self.subjects(group, adjacent=False)) if self.counted_at([j])]
            yield from self.emit(counted, "displaced", "rehoused", i, group)

    def cannot_return(self, i: int) -> Iterator[Mention]:
        """As in "2,200 people cannot return to their homes"."""
        if self.word(i + 1) == "to" and self.sets["home"].isdisjoint(map(self.word, range(i + 1, i + 5))):
            return
        if self.word(i + 1) not in {"to", "home"}:
            return
        group = self.group_start(i)
        if any(self.tag(j) == "not" or self.word(j) == "unable" for j in range(max(0, i - 4), i)):
            start = next((j for j in range(max(0, i - 4), i) if self.tag(j) in {"modal", "be", "not"}), group)
            counted = [j for j in self.subjects(start, adjacent=False) if self.counted_at([j])]
            yield from self.emit(counted, "displaced", "cannot_return", i, i)

    # --- bodies, totals, names -------------------------------------------------------------------------------------

    def remains(self, i: int) -> Iterator[Mention]:
        """As in "the remains of 28 people were exhumed"."""
        if self.tag(i + 1) == "of":
            counted = [j for j in self.objects(i + 2, inside=True) if self.is_part(j)]
            yield from self.emit(counted, "killed", "bodies_of", i, i)

    def total(self, i: int) -> Iterator[Mention]:
        """As in "two more deaths, bringing the total to three", "six more died, for a total of 50"."""
        if self.sets["fatal_word"].isdisjoint(self.words):
            return
        bringing = self.word(i - 1) in {"the", "a"} and (
            not self.sets["bringing"].isdisjoint(map(self.word, range(max(0, i - 3), i))) or self.word(i - 2) == "for"
        )
        if not bringing:
            return
        yield from self._sum_after(i)

    def _sum_after(self, i: int) -> Iterator[Mention]:
        """The number of dead behind a word for a sum."""
        for k in range(i + 1, i + 9):
            people = self.people(k)
            if people is not None and people.quantity is not None and self.tag(k - 1) in {"to", "of", "preposition"}:
                yield Mention(people, "killed", "toll", i, i, k)
                return

    def number_found(self, i: int) -> Iterator[Mention]:
        """As in "four more bodies, taking the number recovered to 17"."""
        brought = not self.sets["bringing"].isdisjoint(map(self.word, range(max(0, i - 3), i)))
        if brought and self.word(i + 1) in self.sets["found_body"] and not self.sets["body"].isdisjoint(self.words):
            yield from self._sum_after(i)

    def numbering(self, i: int) -> Iterator[Mention]:
        """As in "the dead now number 72", "the number of dead rose past 4,000"."""
        people = self.people(i + 1)
        dead = next((j for j in range(max(0, i - 6), i) if self.word(j) in {"dead", "deaths", "fatalities"}), None)
        if dead is not None and people is not None and people.quantity is not None:
            quantity = people.quantity
            if self.word(i) == "past" and quantity.qualifier == "exact":
                people = replace(people, quantity=quantity._replace(high=None, qualifier="at_least"))
            yield Mention(people, "killed", "toll", i, i, i + 1)

    def named(self, i: int) -> Iterator[Mention]:
        """As in "the dead were named as Iris Holt, 30, and Tom Reed, 9", "killed were Ana Ruiz and their son"."""
        kind = self._named_kind(i)
        if kind is None:
            return
        start = i + 1
        while self.tag(start) in {"be", "have", "determiner", "cue"} or self.word(start) in {
            "as",
            "named",
            "identified",
            "victims",
        }:
            start += 1
        j = start
        names: list[int] = []
        while j < min(start + 60, len(self.chunks)):
            tag = self.tag(j)
            if tag == "people" and (p := self.people(j)) is not None and p.form in {"named", "single", "counted"}:
                if self.predicated(j) or self.word(j) == "police":
                    break
                names.append(j)
            elif tag not in {",", "and", "number", "name", "(", ")", "preposition", "of", "determiner", "word", "day"}:
                break
            j += 1
        if len(names) > 1 and any(self.tag(k) == "and" for k in range(names[0], names[-1])):
            yield from self.emit(names, kind, "named", i, i)

    def _named_kind(self, i: int) -> Kind | None:
        """What became of those whose names follow the verb at `i`; None when no list begins there."""
        naming = self.word(i) in {"named", "identified"}
        before = {self.word(j) for j in range(max(0, i - 5 if naming else i - 1), i)}
        if not naming and self.word(0) == "killed" and i < _CROWD and self.word(i) in {"were", "are"}:
            return "killed"
        if naming and self.tag(i + 1) != "preposition" and self.word(i + 1) not in {"the", "as"}:
            return None
        after = {self.word(j) for j in range(i + 1, i + 4)} if naming else set()
        if not {"dead", "victims", "killed", "deceased"}.isdisjoint(before | after):
            return "killed"
        return "injured" if not {"injured", "wounded"}.isdisjoint(before) else None

    def bullets(self) -> int:
        """Where a line begins behind its dash or dot: 1 in "- Killed: 8", 0 elsewhere."""
        return 1 if self.words[:1] and self.words[0] in _BULLETS else 0

    def listed(self, i: int) -> Iterator[Mention]:
        """As in "Fatalities by county: Turkana 6; Marsabit 4; Wajir 1.": the lines of a table in one, added."""
        i = next((j for j in range(i, i + _HEADING) if self.tag(j) == "cue"), i)
        roles = self.chunks[i].roles or {} if i < len(self.chunks) else {}
        kind = roles.get("count") or roles.get("state")
        colon = next((j for j in range(i + 1, i + _HEADING) if self.tag(j) == ":"), None)
        if kind is None or colon is None or self.tag(colon + 1) != "name":
            return
        found = []
        for j in range(colon + 1, len(self.chunks)):
            people = self.people(j)
            if people is not None and people.form == "elided" and people.quantity is not None:
                if self.tag(j - 1) != "name":
                    return
                found.append(j)
            elif self.tag(j) not in {"name", ",", ";", "and", "."}:
                return
        if len(found) > 1:
            yield from self.emit(found, kind, "tabled", i, i)

    def tabled(self, i: int) -> Iterator[Mention]:
        """As in "Dead: 14", "Injured - 39": a line of a table."""
        roles = self.chunks[i].roles or {}
        kind = roles.get("count") or roles.get("state")
        people = self.people(i + 2)
        if kind is None or people is None or people.quantity is None or people.form == "unknown":
            return
        if self.tag(i + 3) in {"", ".", ",", ";", "("}:
            yield Mention(people, kind, "tabled", i, i, i + 2)

    # --- after the others --------------------------------------------------------------------------------------------

    def each_of(self, mention: Mention) -> Mention | None:
        """As in "four people each died in Uige and Malanje": the number times the places."""
        people = mention.people
        if people.quantity is None or self.word(mention.at + 1) != "each":
            return None
        begin = next((j for j in range(mention.at + 1, mention.at + 8) if self.tag(j) == "preposition"), None)
        places, j = 0, (begin or 0) + 1
        while (
            begin is not None
            and j < len(self.chunks)
            and self.tag(j) in {"name", "people", ",", "and", "determiner", "word", "of"}
        ):
            places += self.tag(j) in {"name", "people"} and (self.cased or self.tag(j) == "people")
            j += 1
        if places < 2:
            return None
        q = people.quantity
        high = None if q.high is None else q.high * places
        return replace(
            mention, people=replace(people, quantity=Quantity(q.low * places, high, q.qualifier, q.start, q.end))
        )

    def by_place(self, mention: Mention) -> Iterator[Mention]:
        """As in "six died in Liguria, two in Tuscany and one in Umbria": the others of a list by place are added."""
        if mention.people.quantity is None or mention.kind == "casualty":
            return
        end = max(mention.at, mention.cue)
        first = self._place_after(end + 1)
        if first is None:
            return
        j, added = first, []
        while True:
            if self.tag(j) == ",":
                j += 1
            if self.tag(j) == "and":
                j += 1
            people = self.people(j)
            if people is None or people.form != "elided" or people.quantity is None or people.made:
                break
            after = self._place_after(j + 1)
            if after is None:
                break
            added.append(j)
            j = after
        yield from self.emit(added, mention.kind, "by_place", mention.cue, mention.group)

    def _place_after(self, j: int) -> int | None:
        """Where the "in PLACE" ends that begins at `j`."""
        if self.word(j) not in {"in", "at", "near", "from"}:
            return None
        k = j + 1
        while self.tag(k) in {"name", "determiner", "word"} or (
            self.tag(k) == "people" and (p := self.people(k)) is not None and p.form == "named"
        ):
            k += 1
        return k if k > j + 1 else None
